//! A printed number as understood: comparator, exact value, the interval that it admits, and the rule
//! that made the interval.

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::interval::{End, Interval};
use super::invalid::{Faults, Invalid};
use super::printed::DECIMALS_MAX;
use super::slug::Slug;
use super::{lexicon, printed};

/// How the printed number relates to the quantity it speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Comparator {
    /// A plain number.
    Eq,
    /// "about", "almost".
    Approx,
    /// "more than".
    Gt,
    /// "at least".
    Ge,
    /// "less than".
    Lt,
    /// "up to", "at most".
    Le,
    /// "5 to 7".
    Range,
    /// "dozens".
    Vague,
    /// The source says that the number is not known.
    Unknown,
    /// The source says that there is none.
    None,
    /// The source says that the number is kept back.
    Withheld,
}

impl Comparator {
    /// All comparators, in the order of the documentation.
    pub const ALL: [Self; 11] = [
        Self::Eq,
        Self::Approx,
        Self::Gt,
        Self::Ge,
        Self::Lt,
        Self::Le,
        Self::Range,
        Self::Vague,
        Self::Unknown,
        Self::None,
        Self::Withheld,
    ];

    /// The word used in answers and inputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Approx => "approx",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::Range => "range",
            Self::Vague => "vague",
            Self::Unknown => "unknown",
            Self::None => "none",
            Self::Withheld => "withheld",
        }
    }

    /// Whether there is no number at all.
    pub fn is_absence(self) -> bool {
        matches!(self, Self::Unknown | Self::None | Self::Withheld)
    }
}

/// An ISO 8601 duration of a rate, such as `P1M` or `PT1H`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Per(String);

impl Per {
    /// Reads a duration; it must be longer than nothing.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let refuse = || Invalid::new("malformed-duration", "", "is not an ISO 8601 duration such as P1M, P1Y or PT1H");
        let span: jiff::Span = text.parse().map_err(|_| refuse())?;
        let iso = text.starts_with('P') && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if !iso || span.is_zero() || span.is_negative() {
            return Err(refuse());
        }
        Ok(Self(text.to_string()))
    }

    /// The duration as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The values that a metric can take at all; an interval made by a rule is clipped to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueDomain {
    /// Changes, rates, indices: any number.
    Unbounded,
    /// Counts, money, masses, lengths.
    NotNegative,
    /// Shares: from 0 to the number that stands for the whole (100 for percent).
    UpTo(Decimal),
}

impl ValueDomain {
    /// The numbers of the domain, in the unit at hand.
    pub fn interval(&self) -> Interval {
        let zero = || Some(End::closed(Decimal::whole(0)));
        let ends = match self {
            Self::Unbounded => (None, None),
            Self::NotNegative => (zero(), None),
            Self::UpTo(whole) => (zero(), Some(End::closed(whole.clone()))),
        };
        Interval::new(ends.0, ends.1).unwrap_or_default()
    }
}

/// What somebody says a number is, before it is understood.
#[derive(Debug, Clone, Default)]
pub struct NewQuantity {
    /// The printed words.
    pub original: Option<String>,
    /// How the number relates; left out, it follows from which numbers are there.
    pub comparator: Option<Comparator>,
    /// The printed number, with the notation it was given in (its zeros tell its precision).
    pub best: Option<(Decimal, String)>,
    /// A stated lower end.
    pub low: Option<End>,
    /// A stated upper end.
    pub high: Option<End>,
    /// A stated precision.
    pub decimals: Option<i32>,
    /// Unit, rate and denominator go through unchanged.
    pub unit: Option<Slug>,
    /// Duration of a rate.
    pub per: Option<Per>,
    /// What a share is a share of.
    pub denominator: Option<String>,
}

/// A number as printed beside the number as understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// The printed words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// How the printed number relates to the quantity.
    pub comparator: Comparator,
    /// The printed number; none where the source gives none, or only a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<Decimal>,
    /// The numbers it admits.
    pub interval: Interval,
    /// Unit of the number.
    pub unit: Slug,
    /// Duration of a rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Per>,
    /// What a share is a share of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<String>,
    /// Printed precision: minus the power of ten of the last printed digit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<i32>,
    /// Id of the rule that made the interval.
    pub rule: String,
}

impl Quantity {
    /// Understands a number: settles comparator and precision, and makes the interval.
    pub fn understand(new: NewQuantity, domain: &ValueDomain) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let Some(comparator) = settled_comparator(&new) else {
            return Err(Invalid::new(
                "missing-value",
                "/best_exact",
                "a value needs a number, bounds, or a comparator that says why there is none",
            )
            .into());
        };
        if new.unit.is_none() {
            faults.push(Invalid::new("missing-field", "/unit", "is required"));
        }
        if new.decimals.is_some_and(|decimals| !(-DECIMALS_MAX..=DECIMALS_MAX).contains(&decimals)) {
            faults.push(Invalid::new("number-out-of-range", "/decimals", "must lie between -40 and 40"));
            return Err(faults);
        }
        let best = best_number(&new, comparator);
        let decimals = new.decimals.or_else(|| printed_decimals(&new, comparator, best.as_ref()));
        let made = faults_of_numbers(&new, comparator, best.as_ref())
            .map_or_else(|| made_interval(&new, comparator, best.as_ref(), decimals, domain), |fault| Err(fault.into()));
        let made = made.map_err(|found| faults.extend(found)).ok();
        let whole = made.zip(new.unit).map(|((interval, rule), unit)| Self {
            original: new.original,
            comparator,
            best,
            interval,
            unit,
            per: new.per,
            denominator: new.denominator,
            decimals,
            rule,
        });
        faults.into_result(whole)
    }
}

/// The stated comparator, or the one that the given numbers imply.
fn settled_comparator(new: &NewQuantity) -> Option<Comparator> {
    let open = |end: &End, open, closed| if end.inclusive { closed } else { open };
    new.comparator.or(match (&new.best, &new.low, &new.high) {
        (Some(_), _, _) => Some(Comparator::Eq),
        (None, Some(_), Some(_)) => Some(Comparator::Range),
        (None, Some(low), None) => Some(open(low, Comparator::Gt, Comparator::Ge)),
        (None, None, Some(high)) => Some(open(high, Comparator::Lt, Comparator::Le)),
        (None, None, None) => None,
    })
}

/// The printed number: as given, or the bound that was printed, or where the vague words begin.
fn best_number(new: &NewQuantity, comparator: Comparator) -> Option<Decimal> {
    let given = new.best.as_ref().map(|(number, _)| number.clone());
    given.or_else(|| match comparator {
        Comparator::Gt | Comparator::Ge => new.low.as_ref().map(|end| end.at.clone()),
        Comparator::Lt | Comparator::Le => new.high.as_ref().map(|end| end.at.clone()),
        Comparator::Vague => new.original.as_deref().and_then(lexicon::vague_start),
        _ => None,
    })
}

/// The precision of the number as printed, or else as it was sent; a bound that stands for it counts as it is.
fn printed_decimals(new: &NewQuantity, comparator: Comparator, best: Option<&Decimal>) -> Option<i32> {
    if comparator == Comparator::Vague {
        return None;
    }
    let best = best?;
    let in_words = new.original.as_deref().and_then(|words| printed::decimals_in(words, best));
    in_words.or_else(|| Some(printed::decimals_of(new.best.as_ref().map_or(&best.to_string(), |(_, notation)| notation))))
}

/// What contradicts itself among the given numbers.
fn faults_of_numbers(new: &NewQuantity, comparator: Comparator, best: Option<&Decimal>) -> Option<Invalid> {
    let fault = |code, pointer: &str, message: &str| Some(Invalid::new(code, pointer, message));
    if comparator.is_absence() {
        return if best.is_some() || new.low.is_some() || new.high.is_some() {
            fault("contradictory-value", "/comparator", "says that there is no number, but a number is given")
        } else {
            None
        };
    }
    if let (Some(low), Some(high)) = (&new.low, &new.high)
        && Interval::new(Some(low.clone()), Some(high.clone())).is_none()
    {
        return fault("reversed-bounds", "/low", "no number lies between low and high");
    }
    match (comparator, best) {
        (Comparator::Range, _) if new.low.is_none() => fault("missing-field", "/low", "a range needs low and high"),
        (Comparator::Range, _) if new.high.is_none() => fault("missing-field", "/high", "a range needs low and high"),
        (Comparator::Range, None) => None,
        (_, None) => fault("missing-value", "/best_exact", "this comparator needs a number"),
        (_, Some(best)) => {
            let below = new.low.as_ref().is_some_and(|low| *best < low.at);
            let above = new.high.as_ref().is_some_and(|high| *best > high.at);
            let is_zero_or_less = *best <= Decimal::whole(0);
            if comparator == Comparator::Vague && is_zero_or_less {
                return fault("contradictory-value", "/best_exact", "vague words speak of a number above 0");
            }
            if below || above { fault("best-outside-bounds", "/best_exact", "lies outside its own low and high") } else { None }
        }
    }
}

/// The interval and the id of its rule.
fn made_interval(
    new: &NewQuantity,
    comparator: Comparator,
    best: Option<&Decimal>,
    decimals: Option<i32>,
    domain: &ValueDomain,
) -> Result<(Interval, String), Faults> {
    if comparator.is_absence() {
        return Ok((Interval::unbounded(), "absent".into()));
    }
    if let Some(interval) = stated_interval(new, comparator, best)? {
        return Ok((interval, "stated".into()));
    }
    let Some(best) = best else {
        return Err(Invalid::new("missing-value", "/best_exact", "this comparator needs a number").into());
    };
    let (interval, rule) = ruled_interval(new.original.as_deref(), comparator, best, decimals.unwrap_or(0));
    let empty = || Invalid::new("contradictory-value", "/best_exact", "these words leave no number that it could be");
    let interval = interval.ok_or_else(empty)?;
    // A number outside its metric's domain keeps its interval whole: a finding speaks of it, nothing hides it.
    let clipped = if domain.interval().contains(best) { interval.clipped_to(&domain.interval()) } else { None };
    Ok((clipped.unwrap_or(interval), rule))
}

/// The interval of ends that were given, if any was.
///
/// With a bound ("more than 5, at most 10") the printed number itself is the end that was not given.
fn stated_interval(new: &NewQuantity, comparator: Comparator, best: Option<&Decimal>) -> Result<Option<Interval>, Invalid> {
    if new.low.is_none() && new.high.is_none() {
        return Ok(None);
    }
    let own_end = |inclusive| best.map(|best| End { at: best.clone(), inclusive });
    let (low, high) = match comparator {
        Comparator::Gt => (own_end(false), None),
        Comparator::Ge => (own_end(true), None),
        Comparator::Lt => (None, own_end(false)),
        Comparator::Le => (None, own_end(true)),
        _ => (None, None),
    };
    let interval = Interval::new(new.low.clone().or(low), new.high.clone().or(high));
    let message = "contradicts the comparator: no number lies between the two bounds";
    interval.map(Some).ok_or_else(|| Invalid::new("reversed-bounds", "/low", message))
}

/// The interval that a rule makes of a number; `None` when the words leave none.
fn ruled_interval(original: Option<&str>, comparator: Comparator, best: &Decimal, decimals: i32) -> (Option<Interval>, String) {
    let between = Interval::new;
    let half = Decimal::half_unit(decimals);
    match comparator {
        Comparator::Approx | Comparator::Lt if says_almost(original) => (almost(best), "approx.below".into()),
        Comparator::Gt => (between(Some(End::open(best.clone())), None), "bound.gt".into()),
        Comparator::Ge => (between(Some(End::closed(best.clone())), None), "bound.ge".into()),
        Comparator::Lt => (between(None, Some(End::open(best.clone()))), "bound.lt".into()),
        Comparator::Le => (between(None, Some(End::closed(best.clone()))), "bound.le".into()),
        Comparator::Approx => {
            let tenth = &best.magnitude() * &Decimal::power_of_ten(-1);
            let width = tenth.max(half);
            (between(Some(End::closed(best - &width)), Some(End::closed(best + &width))), "approx.about".into())
        }
        Comparator::Vague => {
            let tenfold = best * &Decimal::whole(10);
            (between(Some(End::closed(best.clone())), Some(End::open(tenfold))), lexicon::rule())
        }
        _ => (between(Some(End::closed(best - &half)), Some(End::closed(best + &half))), "precision.printed".into()),
    }
}

fn says_almost(original: Option<&str>) -> bool {
    original.is_some_and(|words| {
        let folded = words.to_lowercase();
        ["almost", "nearly"].iter().any(|word| lexicon::contains_words(&folded, word))
    })
}

/// From nine tenths of the number up to, but without, the number itself.
fn almost(best: &Decimal) -> Option<Interval> {
    let nine_tenths = best * &(&Decimal::whole(9) * &Decimal::power_of_ten(-1));
    let ends = if best.is_negative() {
        (End::open(best.clone()), End::closed(nine_tenths))
    } else {
        (End::closed(nine_tenths), End::open(best.clone()))
    };
    Interval::new(Some(ends.0), Some(ends.1))
}

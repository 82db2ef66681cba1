//! The number of a claim as somebody sends it.

use super::fields::Fields;
use crate::domain::decimal::Decimal;
use crate::domain::interval::{End, Interval};
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::metric::Metric;
use crate::domain::quantity::{Comparator, NewQuantity, Per, Quantity, ValueDomain};
use crate::domain::slug::Slug;
use crate::domain::unit::Unit;

/// The fields of a number.
pub const VALUE_FIELDS: [&str; 15] = [
    "original",
    "comparator",
    "best",
    "best_exact",
    "low",
    "low_exact",
    "low_inclusive",
    "high",
    "high_exact",
    "high_inclusive",
    "unit",
    "per",
    "denominator",
    "decimals",
    "rule",
];

/// A number as sent: not understood yet, for that needs its metric and unit.
#[derive(Debug, Clone, Default)]
pub struct ValueDraft {
    number: NewQuantity,
    /// Name of the unit.
    pub unit: Option<String>,
    /// Rule and ends as recorded elsewhere.
    recorded: Option<(String, Option<End>, Option<End>)>,
    /// Ends of a table row, which does not say whether they were stated or made by a rule.
    row_ends: (Option<Decimal>, Option<Decimal>),
    /// Whether a field of it was at fault, so that understanding the rest would only blame what is missing by it.
    pub is_faulty: bool,
}

/// How the ends of an interval are to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndsAre {
    /// Ends that are given are the interval.
    Stated,
    /// Ends that come with the name of one of our rules are made anew.
    MadeAnew,
    /// Ends that come with the name of a rule are kept as they were recorded.
    Recorded,
}

impl ValueDraft {
    /// Reads the object `value` of the envelope form.
    pub fn read(mut fields: Fields<'_>, ends_are: EndsAre) -> (Self, Faults) {
        let original = fields.text("original");
        let comparator = fields.word("comparator", &Comparator::ALL, Comparator::as_str);
        let best = exact_or_plain(&mut fields, "best_exact", "best");
        let rule = fields.text("rule");
        // Ends that one of our rules made may need a digit more than may be sent.
        let made = ends_are != EndsAre::Stated && rule.as_deref().is_some_and(|rule| rule != "stated");
        let low = read_end(&mut fields, ["low_exact", "low", "low_inclusive"], made, comparator != Some(Comparator::Gt));
        let high = read_end(&mut fields, ["high_exact", "high", "high_inclusive"], made, comparator != Some(Comparator::Lt));
        let unit = fields.reference("unit");
        let unit = fields.required("unit", unit);
        let per = fields.parsed("per", Per::parse);
        let denominator = fields.text("denominator");
        let decimals = fields.integer("decimals").map(|decimals| i32::try_from(decimals).unwrap_or(i32::MAX));
        if let Some(rule) = rule.as_deref().filter(|rule| ends_are == EndsAre::Recorded && !is_rule(rule)) {
            fields.fault("rule", Invalid::new("unknown-word", "", format!("there is no rule '{rule}'")));
        }
        let mut draft = Self { unit, ..Self::default() };
        let (low, high) = match (ends_are, rule) {
            (EndsAre::Recorded, Some(rule)) if made => {
                draft.recorded = Some((rule, low, high));
                (None, None)
            }
            _ if made => (None, None),
            _ => (low, high),
        };
        draft.number = NewQuantity { original, comparator, best, low, high, decimals, unit: None, per, denominator };
        let faults = fields.finish(&VALUE_FIELDS);
        draft.is_faulty = !faults.is_empty();
        (draft, faults)
    }

    /// Takes the number out of a table row.
    pub fn read_row(fields: &mut Fields<'_>) -> Self {
        let best = exact_or_plain(fields, "value_exact", "value");
        let row_ends = (row_end(fields, "value_low"), row_end(fields, "value_high"));
        let comparator = fields.word("comparator", &Comparator::ALL, Comparator::as_str);
        let per = fields.parsed("per", Per::parse);
        let unit = fields.reference("unit");
        let unit = fields.required("unit", unit);
        Self { number: NewQuantity { comparator, best, per, ..NewQuantity::default() }, unit, row_ends, ..Self::default() }
    }

    /// Understands the number.
    pub fn understood(self, metric: &Metric, unit: &Unit) -> Result<Quantity, Faults> {
        self.understood_in(&unit.slug, &metric.value_domain(unit))
    }

    /// What is wrong with the number whatever its metric and unit are, where those are not known.
    pub fn faults(&self) -> Faults {
        let Ok(any) = Slug::parse("any") else { return Faults::default() };
        self.clone().understood_in(&any, &ValueDomain::Unbounded).err().unwrap_or_default()
    }

    fn understood_in(self, unit: &Slug, domain: &ValueDomain) -> Result<Quantity, Faults> {
        let number = NewQuantity { unit: Some(unit.clone()), ..self.number };
        if let Some((rule, low, high)) = self.recorded {
            let outside = || Faults::from(Invalid::new("best-outside-bounds", "/best_exact", "lies outside its own low and high"));
            let interval = Interval::new(low, high)
                .ok_or_else(|| Faults::from(Invalid::new("reversed-bounds", "/low", "no number lies between low and high")))?;
            let understood = Quantity::understand(number, domain)?;
            // An end that does not belong to the interval may still be the number that was printed.
            let closed = |end: Option<&End>| end.map(|end| End::closed(end.at.clone()));
            let reached = Interval::new(closed(interval.low()), closed(interval.high())).unwrap_or_default();
            if understood.best.as_ref().is_some_and(|best| !reached.contains(best)) {
                return Err(outside());
            }
            return Ok(Quantity { interval, rule, ..understood });
        }
        let (low, high) = self.row_ends;
        if low.is_none() && high.is_none() {
            return Quantity::understand(number, domain);
        }
        let by_rule = Quantity::understand(number.clone(), domain);
        match by_rule {
            Ok(made) if ends_equal(&made.interval, low.as_ref(), high.as_ref()) => Ok(made),
            _ => Quantity::understand(NewQuantity { low: low.map(End::closed), high: high.map(End::closed), ..number }, domain),
        }
    }
}

/// Whether a recorded interval can have been made by this rule.
fn is_rule(rule: &str) -> bool {
    const RULES: [&str; 9] =
        ["absent", "stated", "precision.printed", "bound.gt", "bound.ge", "bound.lt", "bound.le", "approx.about", "approx.below"];
    let of_lexicon = rule.strip_prefix("lexicon.").is_some_and(|version| version.parse::<u32>().is_ok());
    RULES.contains(&rule) || of_lexicon
}

/// Whether a row shows this interval; its plain numbers are binary floats, which round.
fn ends_equal(interval: &Interval, low: Option<&Decimal>, high: Option<&Decimal>) -> bool {
    let shown = |end: Option<&End>| end.map(|end| end.at.to_f64().to_bits());
    let told = |number: Option<&Decimal>| number.map(|number| number.to_f64().to_bits());
    shown(interval.low()) == told(low) && shown(interval.high()) == told(high)
}

/// An end as a row shows it: the nearest binary float of an exact end, which may have more digits than may be sent.
fn row_end(fields: &mut Fields<'_>, name: &str) -> Option<Decimal> {
    let Some(shown) = fields.peek(name).map(|value| value.get().trim_matches('"')) else {
        fields.ignore(&[name]);
        return None;
    };
    if let Some(float) = shown.parse::<f64>().ok().filter(|float| float.is_finite() && Decimal::parse(shown).is_err()) {
        fields.ignore(&[name]);
        return Decimal::parse(&float.to_string()).ok().or_else(|| Decimal::parse_recorded(&float.to_string()).ok());
    }
    fields.decimal(name).map(|(end, _)| end)
}

/// The exact text goes before the plain number.
fn exact_or_plain(fields: &mut Fields<'_>, exact: &str, plain: &str) -> Option<(Decimal, String)> {
    if fields.has(exact) {
        let number = fields.decimal(exact);
        if number.is_some() {
            fields.ignore(&[plain]);
            return number;
        }
    }
    fields.decimal(plain)
}

fn read_end(fields: &mut Fields<'_>, [exact, plain, inclusive]: [&str; 3], made: bool, usually_inclusive: bool) -> Option<End> {
    let at = if made {
        let text = fields.text(exact);
        fields.ignore(&[plain]);
        text.and_then(|text| fields.kept(exact, Decimal::parse_recorded(&text)))
    } else {
        exact_or_plain(fields, exact, plain).map(|(at, _)| at)
    };
    let inclusive = fields.flag(inclusive).unwrap_or(usually_inclusive);
    at.map(|at| End { at, inclusive })
}

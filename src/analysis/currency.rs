//! What one currency cost in another: the rate that holds for a period, direct, the other way round, or across a third currency.
//!
//! A published rate is known to half a unit of its last printed digit, so every factor is an interval. Where no rate fits, there is none:
//! the reason is said, and nothing is guessed.

use std::collections::BTreeMap;

use crate::domain::decimal::{Decimal, Rounding};
use crate::domain::period::{day_number, day_of};
use crate::domain::rate::Rate;
use crate::domain::slug::Slug;

/// Oldest rate, in days before the day it is wanted for, that still counts as the last one: longer than any market is closed.
const DAYS_OLD_MAX: i64 = 31;
/// Longest stretch without a rate, in days, inside a period whose average is taken.
const GAP_DAYS_MAX: i64 = 31;

/// Which rate stands for a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateRule {
    /// The mean of the rates of its days: what was paid over the period.
    Average,
    /// The last one on or before its last day: what is held at its end.
    Last,
}

impl RateRule {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Average, Self::Last];

    /// The word used in answers and inputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Average => "average",
            Self::Last => "last",
        }
    }
}

/// A factor between two currencies, with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// The factor for numbers that are shown.
    pub best: Decimal,
    /// The least that it can be.
    pub least: Decimal,
    /// The greatest that it can be.
    pub greatest: Decimal,
    /// The day of the rate, or the last one of several.
    pub day: i64,
    /// How many rates it rests on.
    pub rates: usize,
    /// Who published them.
    pub source: String,
    /// The third currency, where it goes across one.
    pub across: Option<Slug>,
}

/// Published rates, ready to be looked up.
#[derive(Debug, Default)]
pub struct Rates {
    /// By pair, then by day.
    by_pair: BTreeMap<(Slug, Slug), BTreeMap<i64, Rate>>,
}

impl Rates {
    /// Puts rates in order.
    pub fn new(rates: impl IntoIterator<Item = Rate>) -> Self {
        let mut by_pair: BTreeMap<(Slug, Slug), BTreeMap<i64, Rate>> = BTreeMap::new();
        for rate in rates {
            by_pair.entry((rate.base.clone(), rate.quote.clone())).or_default().insert(day_number(rate.day), rate);
        }
        Self { by_pair }
    }

    /// The days whose rates can matter for a period.
    pub fn days_wanted((first, last): (i64, i64)) -> (i64, i64) {
        (first.saturating_sub(DAYS_OLD_MAX), last)
    }

    /// What one unit of `from` cost in `to` over or at the end of a period; the reason where nothing recorded tells it.
    pub fn factor(&self, from: &Slug, to: &Slug, days: Option<(i64, i64)>, rule: RateRule) -> Result<Factor, String> {
        let Some(days) = days.filter(|(first, last)| day_of(*first).is_some() && day_of(*last).is_some()) else {
            return Err(format!("{from} cannot be told in {to} without a time that has a beginning and an end"));
        };
        let direct = self.one_step(from, to, days, rule);
        let found = direct.or_else(|| {
            let mut thirds: Vec<&Slug> = self.by_pair.keys().flat_map(|(base, quote)| [base, quote]).collect();
            thirds.sort();
            thirds.dedup();
            thirds.into_iter().find_map(|third| {
                let (there, onward) = (self.one_step(from, third, days, rule)?, self.one_step(third, to, days, rule)?);
                (third != from && third != to).then(|| there.then(&onward, third))
            })
        });
        found.ok_or_else(|| {
            let day = day_of(days.1).map(|day| day.to_string()).unwrap_or_default();
            match rule {
                RateRule::Last => format!("no rate between {from} and {to} is recorded for {day} or the {DAYS_OLD_MAX} days before it"),
                RateRule::Average => format!("the rates between {from} and {to} that are recorded do not cover the time to {day}"),
            }
        })
    }

    /// Direct, or the other way round.
    fn one_step(&self, from: &Slug, to: &Slug, days: (i64, i64), rule: RateRule) -> Option<Factor> {
        let published = |base: &Slug, quote: &Slug| {
            let rates = self.by_pair.get(&(base.clone(), quote.clone()))?;
            match rule {
                RateRule::Last => last(rates, days.1),
                RateRule::Average => average(rates, days),
            }
        };
        published(from, to).or_else(|| published(to, from)?.inverted())
    }
}

impl Factor {
    fn of(rate: &Rate) -> Self {
        // What was published is rounded to its last digit.
        let half = Decimal::half_unit(rate.places);
        let below = &rate.rate - &half;
        Self {
            best: rate.rate.clone(),
            least: if below > Decimal::whole(0) { below } else { rate.rate.clone() },
            greatest: &rate.rate + &half,
            day: day_number(rate.day),
            rates: 1,
            source: rate.source.clone(),
            across: None,
        }
    }

    fn inverted(self) -> Option<Self> {
        let one = Decimal::whole(1);
        Some(Self {
            best: one.divided_by(&self.best, Rounding::Nearest)?,
            least: one.divided_by(&self.greatest, Rounding::Down)?,
            greatest: one.divided_by(&self.least, Rounding::Up)?,
            ..self
        })
    }

    fn then(&self, onward: &Self, across: &Slug) -> Self {
        let source = if self.source == onward.source { self.source.clone() } else { format!("{}; {}", self.source, onward.source) };
        Self {
            best: &self.best * &onward.best,
            least: &self.least * &onward.least,
            greatest: &self.greatest * &onward.greatest,
            day: self.day.min(onward.day),
            rates: self.rates + onward.rates,
            source,
            across: Some(across.clone()),
        }
    }
}

/// The last rate on or before a day, unless it is too old.
fn last(rates: &BTreeMap<i64, Rate>, day: i64) -> Option<Factor> {
    rates.range(day.saturating_sub(DAYS_OLD_MAX)..=day).next_back().map(|(_, rate)| Factor::of(rate))
}

/// The mean of a period's rates, if they cover it.
fn average(rates: &BTreeMap<i64, Rate>, (first, last_day): (i64, i64)) -> Option<Factor> {
    let within: Vec<Factor> = rates.range(first..=last_day).map(|(_, rate)| Factor::of(rate)).collect();
    let mut reached = first;
    for factor in &within {
        if factor.day - reached > GAP_DAYS_MAX {
            return None;
        }
        reached = factor.day;
    }
    let newest = within.last()?;
    if last_day - reached > GAP_DAYS_MAX {
        return None;
    }
    let count = Decimal::whole(i64::try_from(within.len()).ok()?);
    let mean = |part: fn(&Factor) -> &Decimal, rounding| {
        within.iter().map(part).fold(Decimal::whole(0), |sum, one| &sum + one).divided_by(&count, rounding)
    };
    let mut sources: Vec<&str> = within.iter().map(|factor| factor.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    Some(Factor {
        best: mean(|factor| &factor.best, Rounding::Nearest)?,
        least: mean(|factor| &factor.least, Rounding::Down)?,
        greatest: mean(|factor| &factor.greatest, Rounding::Up)?,
        day: newest.day,
        rates: within.len(),
        source: sources.join("; "),
        across: None,
    })
}

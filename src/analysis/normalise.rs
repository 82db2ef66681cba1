//! Numbers in one unit and by one time, each step with a receipt. What was printed is never replaced.

use serde::Serialize;

use super::currency::{RateRule, Rates};
use super::observation::Reason;
use crate::domain::decimal::{Decimal, Rounding};
use crate::domain::interval::Interval;
use crate::domain::period::day_of;
use crate::domain::quantity::Per;
use crate::domain::slug::Slug;
use crate::domain::unit::Unit;

/// Days of a month: the least, the mean of the Gregorian calendar, the greatest.
const DAYS_OF_MONTH: (&str, &str, &str) = ("28", "30.436875", "31");
/// Days of a year, in the same way.
const DAYS_OF_YEAR: (&str, &str, &str) = ("365", "365.2425", "366");

/// A step from a number as printed to the one that is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// `unit`, `per` or `currency`.
    pub kind: &'static str,
    /// From which unit, duration or currency.
    pub from: String,
    /// To which.
    pub to: String,
    /// The factor for the printed number.
    pub factor: Decimal,
    /// The least factor: exact ones have this and the greatest alike.
    pub factor_least: Decimal,
    /// The greatest.
    pub factor_greatest: Decimal,
    /// Day of the rate, or of the last of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_date: Option<String>,
    /// Who published the rates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_source: Option<String>,
    /// `average` of a period or `last` on or before its last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_rule: Option<&'static str>,
    /// How many rates it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rates: Option<usize>,
    /// The currency across which it goes, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub across: Option<Slug>,
}

/// In what numbers are to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The unit, of which the factor to its base counts.
    pub unit: Unit,
    /// The duration of rates.
    pub per: Option<Per>,
    /// Which rate stands for a period.
    pub rate_rule: RateRule,
}

/// A number on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Normalised {
    /// The printed number in the target's unit; of inexact factors, with the middle one.
    pub best: Option<Decimal>,
    /// What it admits, widened by what is not known of the factors.
    pub interval: Interval,
    /// What was done; empty where nothing had to be.
    pub receipts: Vec<Receipt>,
}

/// Why a number cannot be told in the target's unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The short one.
    pub reason: Reason,
    /// For people.
    pub why: String,
}

impl Normalised {
    /// A number as it stands.
    pub fn new(best: Option<Decimal>, interval: Interval) -> Self {
        Self { best, interval, receipts: Vec::new() }
    }

    /// Tells it in the target's unit and by the target's duration. `days`: the time that it is about, for rates.
    pub fn told_in(
        mut self,
        target: &Target,
        unit: &Unit,
        per: Option<&Per>,
        days: Option<(i64, i64)>,
        rates: &Rates,
    ) -> Result<Self, Refusal> {
        if unit.slug != target.unit.slug {
            let is_exchange = unit.dimension == "currency" && target.unit.dimension == "currency" && unit.base != target.unit.base;
            let receipt = if is_exchange { currency_receipt(target, unit, days, rates)? } else { unit_receipt(target, unit)? };
            self.apply(receipt);
        }
        match (per, &target.per) {
            (None, None) => {}
            (Some(from), Some(to)) if from == to => {}
            (Some(from), Some(to)) => {
                let receipt = per_receipt(from, to).ok_or_else(|| Refusal {
                    reason: Reason::Per,
                    why: format!("{} and {} have no fixed ratio", from.as_str(), to.as_str()),
                })?;
                self.apply(receipt);
            }
            _ => return Err(Refusal { reason: Reason::Per, why: "a rate and a total are two things".into() }),
        }
        Ok(self)
    }

    fn apply(&mut self, receipt: Receipt) {
        self.best = self.best.take().map(|best| &best * &receipt.factor);
        self.interval = self.interval.times(&receipt.factor_least, &receipt.factor_greatest);
        self.receipts.push(receipt);
    }
}

fn receipt(kind: &'static str, from: &str, to: &str, (least, best, greatest): (Decimal, Decimal, Decimal)) -> Receipt {
    Receipt {
        kind,
        from: from.into(),
        to: to.into(),
        factor: best,
        factor_least: least,
        factor_greatest: greatest,
        rate_date: None,
        rate_source: None,
        rate_rule: None,
        rates: None,
        across: None,
    }
}

fn unit_receipt(target: &Target, unit: &Unit) -> Result<Receipt, Refusal> {
    let (from, to) = (&unit.factor, &target.unit.factor);
    let factor = (unit.base == target.unit.base).then(|| between(from, from, to, to, from, to)).flatten();
    factor
        .map(|factor| receipt("unit", unit.slug.as_str(), target.unit.slug.as_str(), factor))
        .ok_or_else(|| Refusal { reason: Reason::Unit, why: format!("{} and {} have no common base", unit.slug, target.unit.slug) })
}

fn currency_receipt(target: &Target, unit: &Unit, days: Option<(i64, i64)>, rates: &Rates) -> Result<Receipt, Refusal> {
    let (from, to) = (&unit.base, &target.unit.base);
    let found = rates.factor(from, to, days, target.rate_rule).map_err(|why| Refusal { reason: Reason::Unit, why })?;
    let mut receipt = receipt(
        "currency",
        unit.slug.as_str(),
        target.unit.slug.as_str(),
        (found.least.clone(), found.best.clone(), found.greatest.clone()),
    );
    // Pence are told in pounds first, and the rate is one of pounds.
    for factor in [&mut receipt.factor, &mut receipt.factor_least, &mut receipt.factor_greatest] {
        *factor = &*factor * &unit.factor;
    }
    if target.unit.factor != Decimal::whole(1) {
        for (factor, rounding) in [
            (&mut receipt.factor, Rounding::Nearest),
            (&mut receipt.factor_least, Rounding::Down),
            (&mut receipt.factor_greatest, Rounding::Up),
        ] {
            *factor = factor.divided_by(&target.unit.factor, rounding).unwrap_or_else(|| factor.clone());
        }
    }
    receipt.rate_date = day_of(found.day).map(|day| day.to_string());
    receipt.rate_source = Some(found.source);
    receipt.rate_rule = Some(target.rate_rule.as_str());
    receipt.rates = Some(found.rates);
    receipt.across = found.across;
    Ok(receipt)
}

/// Least, middle and greatest of a quotient.
fn between(
    least: &Decimal,
    best: &Decimal,
    by_greatest: &Decimal,
    by_best: &Decimal,
    greatest: &Decimal,
    by_least: &Decimal,
) -> Option<(Decimal, Decimal, Decimal)> {
    Some((
        least.divided_by(by_greatest, Rounding::Down)?,
        best.divided_by(by_best, Rounding::Nearest)?,
        greatest.divided_by(by_least, Rounding::Up)?,
    ))
}

/// A duration as months or as days, which have no fixed ratio to each other.
enum Length {
    Months(Decimal),
    Days { count: Decimal, parts: Decimal },
}

/// What a rate by one duration is by another: 12 for a month's by the year, 365 to 366 for a day's.
fn per_receipt(from: &Per, to: &Per) -> Option<Receipt> {
    let made = |factor| receipt("per", from.as_str(), to.as_str(), factor);
    let exact = |number: Decimal, by: Decimal| between(&number, &number, &by, &by, &number, &by);
    let factor = match (length(from)?, length(to)?) {
        (Length::Months(from), Length::Months(to)) => exact(to, from),
        (Length::Days { count: from, parts: from_parts }, Length::Days { count: to, parts: to_parts }) => {
            exact(&to * &from_parts, &from * &to_parts)
        }
        (Length::Days { count, parts }, Length::Months(months)) => {
            let (least, best, greatest) = days_of(&months)?;
            let day = |days: &Decimal| days * &parts;
            between(&day(&least), &day(&best), &count, &count, &day(&greatest), &count)
        }
        (Length::Months(months), Length::Days { count, parts }) => {
            let (least, best, greatest) = days_of(&months)?;
            let day = |days: &Decimal| days * &parts;
            between(&count, &count, &day(&greatest), &day(&best), &count, &day(&least))
        }
    };
    factor.map(made)
}

/// Least, mean and greatest number of days in so many months; whole years are known better than their months.
fn days_of(months: &Decimal) -> Option<(Decimal, Decimal, Decimal)> {
    let years = months.divided_by(&Decimal::whole(12), Rounding::Nearest)?;
    let is_whole = years.scale() <= 0;
    let (count, days) = if is_whole { (&years, DAYS_OF_YEAR) } else { (months, DAYS_OF_MONTH) };
    let times = |days: &str| Decimal::parse(days).ok().map(|days| &days * count);
    Some((times(days.0)?, times(days.1)?, times(days.2)?))
}

fn length(per: &Per) -> Option<Length> {
    let span: jiff::Span = per.as_str().parse().ok()?;
    let months = i64::from(span.get_years()) * 12 + i64::from(span.get_months());
    let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
    let seconds = i64::from(span.get_hours()) * 3_600 + span.get_minutes() * 60 + span.get_seconds();
    match (months, days, seconds) {
        (months @ 1.., 0, 0) => Some(Length::Months(Decimal::whole(months))),
        (0, days @ 1.., 0) => Some(Length::Days { count: Decimal::whole(days), parts: Decimal::whole(1) }),
        (0, 0, seconds @ 1..) => Some(Length::Days { count: Decimal::whole(seconds), parts: Decimal::whole(86_400) }),
        _ => None,
    }
}

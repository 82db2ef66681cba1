//! The number of a claim as somebody sends it.

use super::fields::Fields;
use crate::domain::decimal::Decimal;
use crate::domain::interval::{End, Interval};
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::metric::Metric;
use crate::domain::quantity::{Comparator, NewQuantity, Per, Quantity};
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
        let low = read_end(&mut fields, ["low_exact", "low", "low_inclusive"]);
        let high = read_end(&mut fields, ["high_exact", "high", "high_inclusive"]);
        let unit = fields.reference("unit");
        let unit = fields.required("unit", unit);
        let per = fields.parsed("per", Per::parse);
        let denominator = fields.text("denominator");
        let decimals = fields.integer("decimals").map(|decimals| i32::try_from(decimals).unwrap_or(i32::MAX));
        let rule = fields.text("rule");
        let mut draft = Self { unit, ..Self::default() };
        let (low, high) = match (ends_are, rule) {
            (EndsAre::Recorded, Some(rule)) => {
                draft.recorded = Some((rule, low, high));
                (None, None)
            }
            (EndsAre::MadeAnew, Some(rule)) if rule != "stated" => (None, None),
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
        let row_ends = (fields.decimal("value_low").map(|(low, _)| low), fields.decimal("value_high").map(|(high, _)| high));
        let comparator = fields.word("comparator", &Comparator::ALL, Comparator::as_str);
        let per = fields.parsed("per", Per::parse);
        let unit = fields.reference("unit");
        let unit = fields.required("unit", unit);
        Self { number: NewQuantity { comparator, best, per, ..NewQuantity::default() }, unit, row_ends, ..Self::default() }
    }

    /// Understands the number.
    pub fn understood(self, metric: &Metric, unit: &Unit) -> Result<Quantity, Faults> {
        let domain = metric.value_domain(unit);
        let number = NewQuantity { unit: Some(unit.slug.clone()), ..self.number };
        if let Some((rule, low, high)) = self.recorded {
            let interval = Interval::new(low.clone(), high.clone())
                .ok_or_else(|| Faults::from(Invalid::new("reversed-bounds", "/low", "no number lies between low and high")))?;
            // The ends take part as stated ones for the checks; then the recorded rule stands for them again.
            let stated = rule == "stated";
            let checked = Quantity::understand(if stated { NewQuantity { low, high, ..number } } else { number }, &domain)?;
            return Ok(Quantity { interval, rule, ..checked });
        }
        let (low, high) = self.row_ends;
        if low.is_none() && high.is_none() {
            return Quantity::understand(number, &domain);
        }
        let by_rule = Quantity::understand(number.clone(), &domain);
        match by_rule {
            Ok(made) if ends_equal(&made.interval, low.as_ref(), high.as_ref()) => Ok(made),
            _ => Quantity::understand(NewQuantity { low: low.map(End::closed), high: high.map(End::closed), ..number }, &domain),
        }
    }
}

fn ends_equal(interval: &Interval, low: Option<&Decimal>, high: Option<&Decimal>) -> bool {
    interval.low().map(|end| &end.at) == low && interval.high().map(|end| &end.at) == high
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

fn read_end(fields: &mut Fields<'_>, [exact, plain, inclusive]: [&str; 3]) -> Option<End> {
    let at = exact_or_plain(fields, exact, plain);
    let inclusive = fields.flag(inclusive).unwrap_or(true);
    at.map(|(at, _)| End { at, inclusive })
}

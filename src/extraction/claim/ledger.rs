//! Which rule each field of a candidate follows from. A field that rules fill is taken through the ledger, which notes the rule with
//! it, so that none is set without one.

use crate::domain::quantity::Comparator;
use crate::extraction::quantity::Mention;

/// What is noted so far: `field:rule`, in the order of the fields.
#[derive(Debug)]
pub struct Ledger(Vec<String>);

impl Ledger {
    /// Opens it with the rules of number, unit, rate and bound. What came with the number itself, as the unit of an age or the two ends
    /// of a range, is noted so.
    pub fn of(mention: &Mention) -> Self {
        let mut ledger = Self(mention.rules.iter().map(ToString::to_string).collect());
        let by_number = match mention.comparator {
            Comparator::Range => "range",
            Comparator::Vague => "lexicon",
            _ => "number",
        };
        for (field, is_set, rule) in [
            ("value", true, "number"),
            ("unit", mention.unit.is_some(), "number"),
            ("per", mention.per.is_some(), "unit"),
            ("comparator", mention.comparator != Comparator::Eq, by_number),
        ] {
            if is_set && !ledger.names(field) {
                ledger.note(field, rule);
            }
        }
        ledger
    }

    /// Takes what a rule found for a field, and notes the rule.
    pub fn take<T>(&mut self, field: &str, found: Option<(T, &'static str)>) -> Option<T> {
        let (value, rule) = found?;
        self.note(field, rule);
        Some(value)
    }

    /// The same for a field that holds several.
    pub fn take_all<T>(&mut self, field: &str, found: Vec<(T, &'static str)>) -> Vec<T> {
        found.into_iter().filter_map(|one| self.take(field, Some(one))).collect()
    }

    /// Closes it.
    pub fn into_rules(self) -> Vec<String> {
        self.0
    }

    fn note(&mut self, field: &str, rule: &str) {
        let rule = format!("{field}:{rule}");
        if !self.0.contains(&rule) {
            self.0.push(rule);
        }
    }

    fn names(&self, field: &str) -> bool {
        self.0.iter().any(|rule| rule.strip_prefix(field).is_some_and(|rest| rest.starts_with(':')))
    }
}

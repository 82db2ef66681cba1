//! A quantity on its way to a [`Mention`]: everything that is found at one place, before numbers without a unit look at their
//! neighbours.

use std::ops::Range;

use super::Mention;
use super::number::Form;
use super::unit::Sort;
use crate::domain::decimal::Decimal;
use crate::extraction::text::Text;
use crate::extraction::uses::Uses;
use crate::extraction::word_class::{NOUNS_OF_FIGURES, WordClass};

/// Verbs by which a sentence reports a figure.
static VERBS_OF_REPORTING: WordClass = WordClass::named("verbs of reporting");

/// What a number without a unit is to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Nothing: it has a unit, or needs none.
    Nothing,
    /// A unit of any kind.
    Noun,
    /// What is counted elsewhere: "20 others", "the Turkish ones", "three of them".
    Other,
}

/// A quantity that may still lack its unit.
#[derive(Debug, Clone)]
pub struct Draft<'u> {
    /// What is found of it so far; whether it is a duration shows when its unit is settled.
    pub mention: Mention,
    /// What sort of unit it has.
    pub sort: Sort,
    /// How the number is written.
    pub form: Form,
    /// The power of ten of its scale.
    pub scale: i32,
    /// What it is to look for.
    pub missing: Missing,
    /// Whether money is named after the number, so that a list shares it.
    pub currency_after: bool,
    /// Whether it is an age.
    pub is_age: bool,
    /// What the text's tokens have been taken for.
    pub uses: &'u Uses,
}

impl Draft<'_> {
    /// Whether its unit is still to be found.
    pub fn lacks_unit(&self) -> bool {
        self.mention.unit.is_none() && self.missing != Missing::Nothing
    }

    /// What the text's tokens have been taken for.
    pub fn uses(&self) -> &Uses {
        self.uses
    }

    /// Whether it can count things: a whole number.
    pub fn is_count(&self) -> bool {
        self.mention.value.scale() <= 0 && !self.mention.value.is_negative() && !matches!(self.form, Form::Share | Form::Multiple)
    }

    /// Whether it has no thousands: what a percentage may be.
    pub fn is_small(&self) -> bool {
        self.mention.value.magnitude() < Decimal::whole(1000)
    }

    /// Whether its sentence only reports another figure for what was counted before: "Belgrade said 250,000", "saw no more than 45,800".
    pub fn is_reported(&self, text: &Text<'_>, sentence: &Range<usize>) -> bool {
        let from = self.mention.tokens.start.saturating_sub(8).max(sentence.start);
        let reported = |word: &str| {
            NOUNS_OF_FIGURES.contains(word) || VERBS_OF_REPORTING.contains(word) || matches!(word, "number" | "total" | "another")
        };
        (from..self.mention.tokens.start).any(|at| reported(text.small(at)))
    }

    /// Takes a unit that stands elsewhere.
    pub fn take_unit(&mut self, unit: String, sort: Sort, noun: Option<Range<usize>>, rule: &'static str) {
        self.mention.unit = Some(unit);
        self.sort = sort;
        self.mention.noun = noun;
        self.mention.is_elided = true;
        self.missing = Missing::Nothing;
        self.mention.rules.push(rule);
    }

    /// The finished quantity.
    pub fn finish(mut self) -> Mention {
        self.mention.is_duration = self.sort == Sort::Time && self.mention.unit.is_some() || self.is_age;
        self.mention
    }
}

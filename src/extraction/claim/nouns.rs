//! What nouns tell: people, institutions, money.

use std::ops::Range;

use crate::extraction::text::Text;
use crate::extraction::word_class::{INSTITUTION_NOUNS, WordClass};

/// Names of money that many countries have.
static NAMES_OF_MONEY: WordClass = WordClass::named("names of money");
/// People and works whose business it is to count and tell.
static SPEAKING_NOUNS: WordClass = WordClass::named("speaking nouns");
/// Nouns for people.
static PEOPLE: WordClass = WordClass::lines_of(include_str!("../words/people.txt"));

/// Whether a name's words say that it is an institution.
pub fn is_institution(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    tokens.clone().any(|token| INSTITUTION_NOUNS.contains(text.small(token)))
}

/// Whether a noun, in the singular or plural, names people.
pub fn is_people(word: &str) -> bool {
    PEOPLE.contains(word.strip_suffix('s').unwrap_or(word)) || PEOPLE.contains(word)
}

/// Whether a unit is a currency whose country is not told: "franc".
pub fn is_money(unit: &str) -> bool {
    NAMES_OF_MONEY.contains(unit)
}

/// Whether a noun names people or works whose business it is to count and tell.
pub fn speaks(word: &str) -> bool {
    SPEAKING_NOUNS.contains(word)
}

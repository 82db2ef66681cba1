//! What nouns tell: people, institutions, money.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use crate::extraction::text::Text;

/// Nouns for people.
static PEOPLE: LazyLock<HashSet<&'static str>> = LazyLock::new(|| include_str!("../words/people.txt").split_whitespace().collect());

/// Words of the names of institutions.
static INSTITUTIONS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("../words/institution_nouns.txt").split_whitespace().collect());

/// Whether a name's words say that it is an institution.
pub fn is_institution(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    tokens.clone().any(|token| INSTITUTIONS.contains(text.small(token)))
}

/// Whether a noun, in the singular or plural, names people.
pub fn is_people(word: &str) -> bool {
    PEOPLE.contains(word.strip_suffix('s').unwrap_or(word)) || PEOPLE.contains(word)
}

/// Whether a unit is a currency whose country is not told: "franc".
pub fn is_money(unit: &str) -> bool {
    matches!(
        unit,
        "franc"
            | "dollar"
            | "pound"
            | "peso"
            | "dinar"
            | "rupee"
            | "shilling"
            | "crown"
            | "krone"
            | "krona"
            | "won"
            | "real"
            | "rial"
            | "riyal"
            | "lira"
            | "rouble"
            | "ruble"
            | "dirham"
            | "cent"
            | "penny"
            | "kopeck"
            | "piastre"
    )
}

/// Whether a noun names people or works whose business it is to count and tell.
pub fn speaks(word: &str) -> bool {
    matches!(
        word,
        "officials"
            | "official"
            | "analysts"
            | "experts"
            | "researchers"
            | "scientists"
            | "economists"
            | "monitors"
            | "government"
            | "authorities"
            | "spokesman"
            | "spokeswoman"
            | "minister"
            | "president"
            | "candidate"
            | "rival"
            | "critics"
            | "activists"
            | "doctors"
            | "investigators"
            | "survey"
            | "study"
            | "report"
            | "poll"
            | "census"
            | "statisticians"
            | "watchdog"
            | "charity"
            | "charities"
            | "prosecutors"
            | "historians"
            | "agencies"
            | "ministries"
            | "regulator"
            | "regulators"
            | "academics"
            | "economist"
            | "auditors"
            | "inspectors"
            | "groups"
            | "opponents"
    )
}

//! The word lists of this step, read once.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::extraction::text::Text;
use crate::extraction::word_class::WordClass;

fn pairs(list: &'static str) -> HashMap<&'static str, &'static str> {
    list.lines().filter_map(|line| line.split_once(',')).collect()
}

/// Words with which a noun phrase is over: prepositions, pronouns, verbs.
pub static PHRASE_ENDS: WordClass = WordClass::lines_of(include_str!("../words/phrase_ends.txt"));
/// Words in -s that are no plurals.
pub static NO_PLURALS: WordClass = WordClass::lines_of(include_str!("../words/no_plurals.txt"));
/// Words after a number that count people without naming them: "wounded".
pub static VICTIMS: WordClass = WordClass::lines_of(include_str!("../words/victims.txt"));
/// Plurals that no rule makes, and their singular.
pub static PLURALS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| pairs(include_str!("../words/plurals.csv")));
/// Signs and abbreviations before an amount of money, in small letters, and their currency.
pub static CURRENCY_SIGNS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| pairs(include_str!("../words/currency_signs.csv")));
/// Names of money in the singular, and the currency that each means without an adjective.
pub static CURRENCY_NAMES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| pairs(include_str!("../words/currency_names.csv")));

/// What things are sold by: "$80 a barrel".
pub static SOLD_BY: WordClass = WordClass::lines_of(include_str!("../words/sold_by.txt"));
/// Words behind a number and a hyphen that count nothing: "two-way".
pub static NO_ADJECTIVES: WordClass = WordClass::lines_of(include_str!("../words/no_adjectives.txt"));
/// Plurals that stand before the noun that is counted: "arms deals".
pub static ATTRIBUTIVE: WordClass = WordClass::lines_of(include_str!("../words/attributive.txt"));
/// Words before "one" that make it a pronoun or part of a name.
pub static BEFORE_ONE: WordClass = WordClass::lines_of(include_str!("../words/before_one.txt"));
/// Words after "one" with which it counts nothing.
pub static AFTER_ONE: WordClass = WordClass::lines_of(include_str!("../words/after_one.txt"));
/// Stems of verbs and nouns of change, before "from X to Y".
pub static CHANGES: WordClass = WordClass::lines_of(include_str!("../words/changes.txt"));
/// Words before a number that is no quantity: "page", "phase", "Boeing".
pub static LABELS: WordClass = WordClass::lines_of(include_str!("../words/labels.txt"));
/// Those of them that are ordinary words as well, so that a counted noun after the number decides.
pub static WEAK_LABELS: WordClass = WordClass::lines_of(include_str!("../words/weak_labels.txt"));
/// What streets end with.
pub static STREETS: WordClass = WordClass::lines_of(include_str!("../words/streets.txt"));

/// A unit as it is written after a number.
#[derive(Debug, Clone, Copy)]
pub struct Symbol {
    /// The unit's slug.
    pub unit: &'static str,
    /// Whether it means the unit only without a space before it.
    pub glued: bool,
    /// The time that it is a rate for.
    pub per: Option<&'static str>,
    /// The power of ten that it multiplies by: the million of "mb/d".
    pub power: i32,
}

/// Units as written, their case kept, and what they mean.
pub static SYMBOLS: LazyLock<HashMap<&str, Symbol>> = LazyLock::new(|| {
    let four = |line: &'static str| {
        let mut fields = line.split(',');
        Some((fields.next()?, fields.next()?, fields.next()?, fields.next()))
    };
    let units = include_str!("../words/unit_symbols.csv").lines().filter_map(four);
    let rates = include_str!("../words/rate_symbols.csv").lines().filter_map(four);
    let units = units.map(|(written, unit, how, _)| (written, Symbol { unit, glued: how == "glued", per: None, power: 0 }));
    let rates = rates.map(|(written, unit, per, power)| {
        let power = power.and_then(|power| power.parse().ok()).unwrap_or(0);
        (written, Symbol { unit, glued: false, per: Some(per), power })
    });
    units.chain(rates).collect()
});

/// The longest of the entries that tokens from `from` on spell, over at most `most` tokens, and the token after it. Whatever space
/// stands between two tokens counts as one.
pub fn longest<'m, T>(
    text: &Text<'_>,
    from: usize,
    most: usize,
    small: bool,
    find: impl Fn(&str) -> Option<&'m T>,
) -> Option<(&'m T, usize)> {
    let mut written = String::new();
    let mut found = None;
    for at in from..from + most {
        if at >= text.tokens.len() {
            break;
        }
        if at > from && text.spaced(at) {
            if text.tokens.get(at).is_some_and(|token| token.breaks > 1) {
                break;
            }
            written.push(' ');
        }
        written.push_str(if small { text.small(at) } else { text.word(at) });
        if let Some(entry) = find(&written) {
            found = Some((entry, at + 1));
        }
    }
    found
}

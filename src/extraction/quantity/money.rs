//! Currencies before and after a number: signs, prefixed signs, codes, names.

use super::lists::{self, CURRENCY_NAMES, CURRENCY_SIGNS};
use super::number::Number;
use super::{noun, number_words};
use crate::extraction::knowledge::Knowledge;
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::{DEFINITE_DETERMINERS, WordClass};

/// Names of money that are other words as well; they need a large number.
static NAMES_OF_MONEY_SPELLED_LIKE_WORDS: WordClass = WordClass::named("names of money spelled like words");
/// Codes that are also words in capitals; they need a number that looks like money.
static CURRENCY_CODES_SPELLED_LIKE_WORDS: WordClass = WordClass::named("currency codes spelled like words");

/// The currency before a number: where it begins, and its code.
pub fn before(text: &Text<'_>, known: &Knowledge, number: usize) -> Option<(usize, String)> {
    (1..=5.min(number)).rev().find_map(|count| signed(text, number - count, number)).or_else(|| coded(text, known, number))
}

fn signed(text: &Text<'_>, start: usize, number: usize) -> Option<(usize, String)> {
    let mut written = String::new();
    for at in start..number {
        if at > start && text.spaced(at) {
            written.push(' ');
        }
        written.push_str(text.small(at));
    }
    let code = CURRENCY_SIGNS.get(written.as_str())?;
    let letters = written.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'.');
    let joined = start > 0 && !text.spaced(start) && matches!(text.kind(start - 1), Some(Kind::Word | Kind::Digits));
    let fits = if letters {
        let single = written.len() == 1;
        let capital = text.is_capital(start) || written.starts_with("kr");
        let amount = !text.spaced(number) && looks_like_money(text, number);
        capital && !joined && (!single || amount) && (start == 0 || !text.is_mark(start - 1, '-') || text.spaced(start))
    } else {
        // "XY$5": letters that are no known prefix do not change what the sign means.
        !joined || start + 1 == number && text.kind(start) == Some(Kind::Mark)
    };
    fits.then(|| (start, (*code).to_string()))
}

/// Whether a number is written as amounts are: with separators, or with a scale right after it.
fn looks_like_money(text: &Text<'_>, number: usize) -> bool {
    let separated = matches!(text.word(number + 1), "," | ".")
        && !text.spaced(number + 1)
        && text.kind(number + 2) == Some(Kind::Digits)
        && !text.spaced(number + 2);
    let after = number + 1 + 2 * usize::from(separated);
    separated
        || number_words::scale(text.small(after)).is_some()
        || matches!(text.small(after), "m" | "mn" | "bn" | "k" | "b" | "tn" | "trn")
}

/// An ISO 4217 code before a number.
fn coded(text: &Text<'_>, known: &Knowledge, number: usize) -> Option<(usize, String)> {
    let start = number.checked_sub(1)?;
    let code = code_at(text, known, start)?;
    if start > 0 && !text.spaced(start) && !matches!(text.word(start - 1), "(" | "“" | "\"" | "/" | "[") {
        return None;
    }
    (!CURRENCY_CODES_SPELLED_LIKE_WORDS.contains(code.as_str()) || looks_like_money(text, number)).then_some((start, code))
}

/// The code of a currency that stands at a token.
fn code_at(text: &Text<'_>, known: &Knowledge, at: usize) -> Option<String> {
    let word = text.word(at);
    let formed = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    if !formed {
        return None;
    }
    known.unit(word).filter(|unit| unit.dimension == "currency" && unit.slug.as_str() == word).map(|_| word.to_string())
}

/// The currency after a number: the token after it, and its code.
pub fn after(text: &Text<'_>, known: &Knowledge, at: usize, number: &Number) -> Option<(usize, String)> {
    if text.tokens.get(at)?.breaks > 1 {
        return None;
    }
    if text.kind(at) == Some(Kind::Mark) {
        let code = CURRENCY_SIGNS.get(text.word(at))?;
        let of_next = text.kind(at + 1) == Some(Kind::Digits) && !text.spaced(at + 1);
        let apart = text.spaced(at) && text.word(at) == "$";
        return (!of_next && !apart).then(|| (at + 1, (*code).to_string()));
    }
    if let Some(code) =
        code_at(text, known, at).filter(|code| !CURRENCY_CODES_SPELLED_LIKE_WORDS.contains(code.as_str()) || number.scale > 0)
    {
        return Some((at + 1, code));
    }
    if let Some((code, end)) =
        lists::longest(text, at, 4, true, |written| if written.contains('$') { CURRENCY_SIGNS.get(written) } else { None })
    {
        return Some((end, (*code).to_string()));
    }
    // A code counts in capitals alone: "all" is no Albanian lek.
    let is_code = |slug: &str, count: usize| count == 1 && slug.eq_ignore_ascii_case(text.word(at));
    let named = known.unit_at(text, at).filter(|(unit, count)| unit.dimension == "currency" && !is_code(unit.slug.as_str(), *count));
    if let Some((unit, count)) = named {
        let word = text.small(at);
        if count > 1 || !matches!(word, "rand" | "won") || number.scale > 0 || word == "rand" {
            return Some((at + count, unit.slug.to_string()));
        }
    }
    name(text, at, number)
}

/// A bare name of money.
fn name(text: &Text<'_>, at: usize, number: &Number) -> Option<(usize, String)> {
    let word = text.small(at);
    let singular = noun::singular(word);
    let singular = singular.as_deref().unwrap_or(word);
    if singular == "pound" && text.small(at + 1) != "sterling" && is_weight(text, at, number) {
        return None;
    }
    let code = CURRENCY_NAMES.get(word).or_else(|| CURRENCY_NAMES.get(singular))?;
    let large = number.scale >= 3 || number.tokens.len() > 1 || text.word(number.tokens.start).len() > 2;
    let fits = match singular {
        word if NAMES_OF_MONEY_SPELLED_LIKE_WORDS.contains(word) => large,
        _ => true,
    };
    let end = at + 1 + usize::from(singular == "pound" && text.small(at + 1) == "sterling");
    fits.then(|| (end, (*code).to_string()))
}

/// What is paid in pounds, after a hyphen: "a 5-pound note".
static NOUNS_OF_PAYMENTS: WordClass = WordClass::named("nouns of payments");
/// Words near pounds that weigh.
static WORDS_OF_WEIGHT: WordClass = WordClass::named("words of weight");
/// What is weighed by millions of pounds.
static NOUNS_OF_GOODS_BY_WEIGHT: WordClass = WordClass::named("nouns of goods by weight");
/// What is paid from, or for, the money of all.
static NOUNS_OF_PUBLIC_MONEY: WordClass = WordClass::named("nouns of public money");

/// What pounds of money are "of".
fn is_fund(word: &str) -> bool {
    DEFINITE_DETERMINERS.contains(word) || NOUNS_OF_PUBLIC_MONEY.contains(word)
}

/// Whether pounds weigh: "a 500-pound bomb", "weighs 200 pounds", "15 pounds of explosives".
pub fn is_weight(text: &Text<'_>, pound: usize, number: &Number) -> bool {
    let (of, what) = (text.small(pound + 1) == "of", text.small(pound + 2));
    if text.is_mark(pound.wrapping_sub(1), '-') {
        return !NOUNS_OF_PAYMENTS.contains(text.small(pound + 1));
    }
    if number.scale >= 6 {
        return of && NOUNS_OF_GOODS_BY_WEIGHT.contains(what);
    }
    let mut around = number.tokens.start.saturating_sub(6)..pound + 6;
    of && !is_fund(what) || around.any(|at| WORDS_OF_WEIGHT.contains(text.small(at)))
}

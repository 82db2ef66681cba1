//! Scale words and letters after a figure: "million", "bn", "m" where it is no metre.

use super::lists::{CURRENCY_NAMES, PHRASE_ENDS};
use super::measure::note_end;
use super::noun;
use super::number::{Form, Number};
use super::number_words::{self as words, Part};
use crate::domain::decimal::Decimal;
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::WordClass;

/// Words after an "m" that is a metre.
static WORDS_OF_LENGTH_AND_RACING: WordClass = WordClass::named("words of length and racing");
/// Words before a figure whose "m" is a metre.
static WORDS_OF_MEASURING: WordClass = WordClass::named("words of measuring");

/// The number with the scale that follows it.
pub fn extend(text: &Text<'_>, mut number: Number, money: bool) -> Number {
    for _ in 0..3 {
        let Some((end, power, factor)) = next(text, &number, money) else { break };
        number.tokens.end = end;
        number.scale += power;
        if factor != 1 {
            number.figure = &number.figure * &Decimal::whole(factor);
        }
        number.value = &number.figure * &Decimal::power_of_ten(number.scale);
        if power > 0 && !is_whole_word(text, end) {
            break;
        }
    }
    number
}

fn is_whole_word(text: &Text<'_>, end: usize) -> bool {
    text.word(end - 1).len() > 3
}

/// The end of the next scale, its power of ten, and its factor.
fn next(text: &Text<'_>, number: &Number, money: bool) -> Option<(usize, i32, i64)> {
    let end = note_end(text, number.tokens.end);
    let hyphen = text.is_mark(end, '-') && !text.spaced(end) && !text.spaced(end + 1);
    let at = end + usize::from(hyphen);
    if text.kind(at) != Some(Kind::Word) || text.tokens.get(at).is_some_and(|token| token.breaks > 1) {
        return None;
    }
    let word = text.small(at);
    match words::part(word) {
        Some(Part::Hundred) if number.scale == 0 => return Some((at + 1, 2, 1)),
        Some(Part::Scale(power)) => return Some((at + 1, power, 1)),
        Some(Part::Dozen) if number.scale == 0 => return Some((at + 1, 0, 12)),
        _ => {}
    }
    if let Some(power) = word.strip_suffix('s').and_then(words::scale).filter(|_| number.form != Form::Words) {
        return Some((at + 1, power, 1));
    }
    if !matches!(number.form, Form::Digits | Form::Separated) && !text.is_mark(end - 1, '½') || hyphen {
        return None;
    }
    letters(text, number, at, money).map(|power| (at + 1, power, 1))
}

/// The power of ten that letters mean after a figure in digits.
fn letters(text: &Text<'_>, number: &Number, at: usize, money: bool) -> Option<i32> {
    let glued = !text.spaced(at);
    match text.word(at) {
        "bn" | "Bn" | "BN" | "bln" | "mrd" => Some(9),
        "mn" | "Mn" | "MN" | "mln" | "mio" | "Mio" => Some(6),
        "tn" | "trn" | "tln" => Some(12),
        "k" | "K" if glued => Some(3),
        "b" if glued && money => Some(9),
        "B" if glued && (money || noun::singular(text.small(at + 1)).is_some()) => Some(9),
        "T" | "t" if glued && money => Some(12),
        "MM" | "mm" if glued && money => Some(6),
        "cr" | "Cr" if money => Some(7),
        "M" => (money || glued).then_some(6),
        "m" => is_million(text, number, at, money).then_some(6),
        _ => None,
    }
}

/// Whether an "m" after a figure means a million.
fn is_million(text: &Text<'_>, number: &Number, at: usize, money: bool) -> bool {
    if money {
        return true;
    }
    let (next, word) = (at + 1, text.small(at + 1));
    if !text.spaced(next) && matches!(text.word(next), "²" | "³" | "/" | "2" | "3") {
        return false;
    }
    if text.kind(next) == Some(Kind::Word) {
        if WORDS_OF_LENGTH_AND_RACING.contains(word) {
            return false;
        }
        let singular = word.strip_suffix('s').unwrap_or(word);
        let counted = noun::singular(word).is_some() || CURRENCY_NAMES.contains_key(singular) || PHRASE_ENDS.contains(word);
        // "a 50m pool", but "5m euros", "5m people", "5m in June", "5m Swiss francs".
        let adjective = text.is_capital(next) || noun::singular(text.small(next + 1)).is_some();
        if !counted && !adjective {
            return false;
        }
    }
    let from = number.tokens.start.saturating_sub(4);
    !(from..number.tokens.start).any(|before| WORDS_OF_MEASURING.contains(text.small(before)))
}

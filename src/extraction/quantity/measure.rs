//! One number with its currency or unit, as it stands in one place: "$5 million", "25kg", "500-pound", "minus 3.2 %".

use std::ops::Range;

use super::bound::{self, Bound};
use super::lists::NO_ADJECTIVES;
use super::number::{self, Before, Form, Number};
use super::unit::{self, Sort, Unit};
use super::{Reader, money, noun, number_words, scientific};
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::Use;

/// A number with what is written at it.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Its tokens, sign, currency and unit included.
    pub tokens: Range<usize>,
    /// The number.
    pub number: Number,
    /// Its unit, when one stands right at it.
    pub unit: Option<Unit>,
    /// A bound glued to it: "90-odd", "5,000+".
    pub bound: Option<Bound>,
    /// Whether it is an adjective: "12-member", "18-month".
    pub is_adjective: bool,
}

/// Marks that may stand right before a number or its currency.
const OPENING: &[&str] = &[
    "(", "[", "“", "\"", "‘", "'", "~", "≈", "<", ">", "≥", "≤", "±", "+", "=", "-", "−", "–", "—", "/", ",", ";", ":", "…", "’", "∼", "&",
    "»", "«", "*", "•", "|",
];

/// The measure whose number begins at a token.
pub fn at(reader: &Reader<'_, '_>, start: usize) -> Option<Measure> {
    let currency = money::before(reader.text, reader.known, start);
    let first = currency.as_ref().map_or(start, |(first, _)| *first);
    if !opens(reader.text, first) {
        return None;
    }
    read(reader, start, currency, sign(reader.text, first))
}

/// The measure that begins at a token right after what joins it to another number.
pub fn joined(reader: &Reader<'_, '_>, first: usize) -> Option<Measure> {
    let signed = matches!(reader.text.word(first), "-" | "−") && !reader.text.spaced(first + 1);
    let from = first + usize::from(signed);
    (from..from + 4).filter(|start| number_words::may_begin(reader.text, *start)).find_map(|start| {
        let currency = money::before(reader.text, reader.known, start).filter(|(first, _)| *first >= from);
        let begins = currency.as_ref().map_or(start, |(first, _)| *first);
        (begins == from).then(|| read(reader, start, currency, (first, signed))).flatten()
    })
}

fn read(reader: &Reader<'_, '_>, start: usize, currency: Option<(usize, String)>, (first, negative): (usize, bool)) -> Option<Measure> {
    let Reader { text, known, uses } = *reader;
    let before = Before { money: currency.is_some(), between: is_between(text, first), measured: is_measured(reader, first) };
    let mut number = scientific::extend(text, uses, number::at(text, start, before)?);
    if number.tokens.clone().any(|at| !matches!(uses.of(at), Use::Free | Use::Time)) {
        return None;
    }
    let in_time = number.tokens.clone().any(|at| uses.of(at) == Use::Time);
    let mut end = number.tokens.end;
    let glued = bound::glued(text, end);
    if let Some((tokens, _)) = &glued {
        end = tokens.end;
    }
    end = note_end(text, end);
    let hyphen = text.is_mark(end, '-') && !text.spaced(end) && text.kind(end + 1) == Some(Kind::Word) && !text.spaced(end + 1);
    let after = if hyphen { end + 1 } else { unit::after_of(text, end, number.form) };
    let mut measure = Measure { tokens: first..end, unit: None, bound: glued, is_adjective: false, number: number.clone() };
    if let Some((_, code)) = currency {
        let double = money::after(text, known, end, &number).filter(|(_, other)| *other == code && !text.is_mark(end, '$'));
        measure.tokens.end = double.map_or(end, |(end, _)| end);
        let tokens = first..measure.tokens.end;
        measure.unit = Some(Unit::new(code, Sort::Money, tokens));
    } else if let Some(unit) = unit::at(text, known, after, &number).or_else(|| unit::fold(text, end)) {
        measure.tokens.end = unit.tokens.end;
        measure.is_adjective = hyphen;
        if unit.power > 0 {
            number = number.clone().scaled(number.scale + unit.power);
            measure.number = number.clone();
        }
        measure.unit = Some(unit);
    } else if hyphen {
        return adjective(text, measure, end + 1);
    } else if runs_on(text, end) {
        return None;
    }
    if negative && is_negative(text, first, measure.unit.as_ref()) {
        number.value = -&number.value;
        measure.number = number;
    } else if negative {
        measure.tokens.start = measure.number.tokens.start;
    }
    let glued_word = text.kind(measure.tokens.end) == Some(Kind::Word) && !text.spaced(measure.tokens.end);
    (!glued_word && (!in_time || is_length(text, &measure))).then_some(measure)
}

/// The token after the mark of a note that stands at a number and before what it counts: "1,390¹ tonnes", "1,390* tonnes".
pub(super) fn note_end(text: &Text<'_>, end: usize) -> usize {
    let is_sign = |c: char| matches!(c, '*' | '†' | '‡' | '¹' | '²' | '³' | '⁰'..='⁾' | 'ʰ'..='ʸ' | 'ᴬ'..='ᵪ');
    let is_raised = |at: usize| text.kind(at) == Some(Kind::Mark) && !text.spaced(at) && text.word(at).chars().all(is_sign);
    let note = (end..end + 4).take_while(|at| is_raised(*at)).last().map_or(end, |last| last + 1);
    let is_counted = text.kind(note) == Some(Kind::Word) && text.spaced(note) && !text.is_capital(note);
    if note > end && is_counted { note } else { end }
}

/// Whether a number in a time is a length of its own: "two weeks ago", but neither "5 May", nor "the first six months", nor "the three
/// years to March".
fn is_length(text: &Text<'_>, measure: &Measure) -> bool {
    let before = measure.tokens.start.checked_sub(1).map_or("", |before| text.small(before));
    let after = text.small(measure.tokens.end);
    let period = matches!(after, "period" | "periods")
        && matches!(text.small(measure.tokens.end + 1), "ended" | "ending" | "to" | "through" | "until");
    let spans = period
        || ["to", "ended", "ending", "through", "until", "till", "of", "from", "up"].contains(&after)
        || matches!(before, "first" | "opening" | "closing" | "final" | "age" | "aged");
    measure.unit.as_ref().is_some_and(|unit| unit.sort == Sort::Time) && !spans
}

/// Whether a number can begin at a token at all, by what stands right before it.
fn opens(text: &Text<'_>, first: usize) -> bool {
    let Some(before) = first.checked_sub(1) else { return true };
    if text.spaced(first) {
        return true;
    }
    match text.kind(before) {
        Some(Kind::Mark) => {
            let mark = text.word(before);
            let dash = ["-", "‑", "–", "−", "/", ":", ",", "'", "’"].contains(&mark);
            let glued = before > 0 && !text.spaced(before) && matches!(text.kind(before - 1), Some(Kind::Word | Kind::Digits));
            let word_before_dash = matches!(mark, "–" | "—") && glued && text.kind(before - 1) == Some(Kind::Word);
            OPENING.contains(&mark) && (!dash || !glued || word_before_dash || is_prefix(text, before))
        }
        _ => false,
    }
}

/// "sub-5%", "plus-500": a prefix that leaves the number a number.
fn is_prefix(text: &Text<'_>, hyphen: usize) -> bool {
    text.is_mark(hyphen, '-') && hyphen > 0 && matches!(text.small(hyphen - 1), "sub" | "minus" | "plus" | "near" | "extra" | "another")
}

/// The start with the sign of a negative number before it.
fn sign(text: &Text<'_>, first: usize) -> (usize, bool) {
    let Some(before) = first.checked_sub(1) else { return (first, false) };
    let apart = text.spaced(before) || before > 0 && matches!(text.word(before - 1), "(" | "[" | "\"" | "“");
    let glued = matches!(text.word(before), "-" | "−" | "–") && !text.spaced(first) && apart;
    let word = text.small(before);
    // "plus or minus 3 points" tells how far something may be off.
    if word == "minus" && before >= 2 && text.matches(before - 2, &["plus", "or"]) {
        return (first, false);
    }
    if glued || matches!(word, "minus" | "negative") && text.spaced(first) { (before, true) } else { (first, false) }
}

/// Whether the sign before a number makes it negative.
fn is_negative(text: &Text<'_>, sign: usize, unit: Option<&Unit>) -> bool {
    let measured = unit.is_some_and(|unit| unit.sort == Sort::Share || matches!(unit.name.as_str(), "celsius" | "fahrenheit" | "degree"));
    match text.small(sign) {
        "-" | "−" => sign == 0 || text.kind(sign - 1) != Some(Kind::Word) || measured || !text.word(sign - 1).is_empty(),
        // "two minus one" aside, the word says it.
        "minus" => true,
        _ => measured,
    }
}

/// Letters right after a number that are no unit: a model, a grade, a decade.
fn runs_on(text: &Text<'_>, end: usize) -> bool {
    if text.spaced(end) {
        return false;
    }
    match text.kind(end) {
        Some(Kind::Word) => true,
        Some(Kind::Mark) => {
            let digits = text.kind(end + 1) == Some(Kind::Digits) && !text.spaced(end + 1);
            match text.word(end) {
                "/" | ":" | "." | "," | "@" | "_" | "#" | "'" => digits || matches!(text.word(end), "@" | "_" | "#"),
                "’" => text.small(end + 1) == "s" && !text.spaced(end + 1),
                "°" | "′" | "″" => true,
                _ => false,
            }
        }
        _ => false,
    }
}

/// "12-member", "five-man": the noun after a hyphen is counted.
fn adjective(text: &Text<'_>, mut measure: Measure, at: usize) -> Option<Measure> {
    let word = text.small(at);
    let plain = matches!(measure.number.form, Form::Digits | Form::Separated | Form::Words | Form::Article);
    if word == "strong" {
        measure.unit = Some(Unit::new("person", Sort::Count, at..at + 1));
        measure.is_adjective = true;
        return plain.then_some(measure);
    }
    let barred = NO_ADJECTIVES.contains(word);
    let follows = text.spaced(at + 1) && text.kind(at + 1) == Some(Kind::Word) && !noun::ends_phrase(text.small(at + 1));
    let lower = !text.is_capital(at) && word.len() > 2;
    if barred || !plain || !follows || !lower || word.ends_with("ed") || word.ends_with("ing") {
        return None;
    }
    let name = noun::singular(word).map_or_else(|| word.to_string(), std::borrow::Cow::into_owned);
    measure.unit = Some(Unit::new(name, Sort::Count, at..at + 1));
    measure.is_adjective = true;
    Some(measure)
}

/// Whether "between" stands before a number, a bound aside.
pub fn is_between(text: &Text<'_>, first: usize) -> bool {
    first > 0 && (text.small(first - 1) == "between" || first > 1 && text.small(first - 2) == "between")
}

/// Whether "by" or a bound stands before a share.
fn is_measured(reader: &Reader<'_, '_>, first: usize) -> bool {
    let before = first.checked_sub(1).map_or("", |before| reader.text.small(before));
    before == "by"
        || bound::before(reader.text, first, reader.text.sentences.get(reader.text.sentence_of(first)).map_or(0, |sentence| sentence.start))
            .is_some()
}

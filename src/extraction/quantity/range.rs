//! Two numbers that are one quantity: "5-7", "from X to Y", "between X and Y", "two or three", "8±2"; and those that are two, because
//! something changed from the one to the other.

use super::Reader;
use super::lists::CHANGES;
use super::measure::{self, Measure};
use super::number::Form;
use super::unit::{Sort, Unit};
use crate::domain::decimal::Decimal;
use crate::extraction::text::{Kind, Text};

/// How two numbers are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    Dash,
    To,
    And,
    Or,
    Tolerance,
}

/// What stands between a number and the next.
#[derive(Debug)]
pub enum Pair {
    /// Both are the ends of one quantity.
    Ends(Measure, Measure),
    /// Both are quantities, which share their unit.
    Two(Measure, Measure),
    /// A number with what it may be off by.
    Tolerance(Measure, Measure),
    /// A number alone.
    Single(Measure),
}

/// Whether a word in small letters tells of a change.
pub fn is_change(word: &str) -> bool {
    if word.len() < 2 || word == "coming" {
        return false;
    }
    ["", "s", "es", "e", "ed", "d", "ing", "ping", "ped", "t", "bed", "ling", "led"]
        .iter()
        .any(|ending| word.strip_suffix(ending).is_some_and(|stem| CHANGES.contains(stem)))
}

/// The pair that a measure begins.
pub fn pair(reader: &Reader<'_, '_>, first: Measure, sentence: std::ops::Range<usize>) -> Pair {
    let text = reader.text;
    let Some((joint, at)) = joint(text, &first) else { return Pair::Single(first) };
    if at >= sentence.end {
        return Pair::Single(first);
    }
    let Some(second) = measure::joined(reader, at) else { return Pair::Single(first) };
    if joint == Joint::Tolerance {
        let relative = is_relative(&first, &second);
        return if relative || compatible(first.unit.as_ref(), second.unit.as_ref()) {
            Pair::Tolerance(first, second)
        } else {
            Pair::Single(first)
        };
    }
    if !compatible(first.unit.as_ref(), second.unit.as_ref())
        || matches!(second.number.form, Form::Share | Form::Multiple) != matches!(first.number.form, Form::Share | Form::Multiple)
    {
        return Pair::Single(first);
    }
    let is_from = precedes(text, first.tokens.start, sentence.start, "from");
    let (first, second) = share_scale(first, second, joint == Joint::And || joint == Joint::To && is_from);
    let ascending = first.number.value < second.number.value;
    let both = first.unit.is_some() && second.unit.is_some();
    let changes = changed_before(text, first.tokens.start, sentence.start, is_from);
    let far = !within(&first.number.value, &second.number.value, 50);
    match joint {
        Joint::And => {
            // "between $7 and $5 billion"
            if ascending || first.unit == second.unit && within(&first.number.value, &second.number.value, 10) {
                Pair::Ends(first, second)
            } else {
                Pair::Single(first)
            }
        }
        Joint::Or => {
            let small = first.unit.is_none() && ascending && !far && first.number.form != Form::Vague;
            if small { Pair::Ends(first, second) } else { Pair::Single(first) }
        }
        Joint::To if is_from && (changes || !ascending) => Pair::Two(first, second),
        Joint::To if !is_from && (both && changes && far_for_change(&first, &second) || !ascending || far && !both) => Pair::Single(first),
        Joint::Dash if !ascending => Pair::Single(first),
        Joint::To | Joint::Dash => Pair::Ends(first, second),
        Joint::Tolerance => Pair::Single(first),
    }
}

/// What joins a measure to another number, and where that one begins.
fn joint(text: &Text<'_>, first: &Measure) -> Option<(Joint, usize)> {
    let mut end = first.tokens.end;
    end += usize::from(text.is_mark(end, ',') && matches!(text.small(end + 1), "plus" | "give"));
    if text.tokens.get(end)?.breaks > 1 {
        return None;
    }
    let next = end + 1;
    let is_dash = matches!(text.word(end), "-" | "–" | "—" | "‑" | "−");
    if is_dash && !text.spaced(end) && text.matches(next, &["to"]) {
        // "5- to 7-year-olds", "10-to-15-minute"
        let hyphen = usize::from(text.is_mark(next + 1, '-'));
        return Some((Joint::To, next + 1 + hyphen));
    }
    if is_dash && text.spaced(end) == text.spaced(next) {
        let spaced_word = text.spaced(end)
            && (text.kind(next) == Some(Kind::Word)
                || text.word(end) == "—"
                || text.kind(end - 1) == Some(Kind::Word) && first.unit.is_none());
        return (!spaced_word).then_some((Joint::Dash, next));
    }
    match text.small(end) {
        "to" => Some((Joint::To, next)),
        "and" if measure::is_between(text, first.tokens.start) => Some((Joint::And, next)),
        "or" => Some((Joint::Or, next)),
        "±" => Some((Joint::Tolerance, next)),
        "+" if text.is_mark(next, '/') && matches!(text.word(next + 1), "-" | "−" | "–") => Some((Joint::Tolerance, next + 2)),
        "plus" if text.matches(next, &["or", "minus"]) => Some((Joint::Tolerance, next + 2)),
        "give" if text.matches(next, &["or", "take"]) => Some((Joint::Tolerance, next + 2)),
        _ => None,
    }
}

/// Whether what a measure may be off by is a share of it: "5 kg, plus or minus 10%".
pub fn is_relative(first: &Measure, second: &Measure) -> bool {
    let percent = |measure: &Measure| measure.unit.as_ref().is_some_and(|unit| unit.name == "percent");
    percent(second) && first.unit.as_ref().is_some_and(|unit| unit.sort != Sort::Share)
}

fn compatible(first: Option<&Unit>, second: Option<&Unit>) -> bool {
    match (first, second) {
        (Some(first), Some(second)) => first.name == second.name || second.name == "percentage-point" && first.name == "percent",
        _ => true,
    }
}

/// The first number with the scale of the second, where only that one has it: "2.5 to 3 billion". The ends may stand the other way
/// round where a word says that both are ends: "between $7 and $5 billion", "fell from 7 to 5 million".
fn share_scale(mut first: Measure, second: Measure, is_told: bool) -> (Measure, Measure) {
    let scale = second.number.scale;
    if first.number.scale == 0
        && scale >= 3
        && (first.number.figure < second.number.figure || is_told && within(&first.number.figure, &second.number.figure, 10))
        && matches!(first.number.form, Form::Digits | Form::Separated | Form::Words | Form::One | Form::Share)
    {
        let negative = first.number.value.is_negative();
        first.number = first.number.scaled(scale);
        if negative && !first.number.value.is_negative() {
            first.number.value = -&first.number.value;
        }
    }
    (first, second)
}

fn precedes(text: &Text<'_>, start: usize, sentence: usize, word: &str) -> bool {
    (1..=4).any(|back| start >= sentence + back && text.small(start - back) == word)
}

/// Whether a verb of change stands before a number, in its clause.
fn changed_before(text: &Text<'_>, start: usize, sentence: usize, is_from: bool) -> bool {
    let reach = if is_from { 14 } else { 3 };
    let from = start.saturating_sub(reach).max(sentence);
    (from..start).rev().take_while(|at| !matches!(text.word(*at), ";" | "(")).any(|at| is_change(text.small(at)))
}

/// Whether the greater of two numbers is at most so many times the smaller.
pub fn within(one: &Decimal, other: &Decimal, times: i64) -> bool {
    let (small, large) = if one.magnitude() < other.magnitude() { (one, other) } else { (other, one) };
    &small.magnitude() * &Decimal::whole(times) >= large.magnitude()
}

/// "rose $2 to $45" are two numbers, "rose 2% to 3%" are one range.
fn far_for_change(first: &Measure, second: &Measure) -> bool {
    !within(&first.number.value, &second.number.value, 3)
}

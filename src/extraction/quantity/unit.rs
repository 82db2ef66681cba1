//! The unit after a number: symbol or name of a measure, money, a length of time, "times".

use std::ops::Range;

use super::lists::{self, SYMBOLS};
use super::number::{Form, Number};
use super::{money, number_words};
use crate::extraction::knowledge::Knowledge;
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::{UNITS_OF_TIME, WordClass};

/// Symbols that may mean something else after a number in words.
static UNIT_SYMBOLS_OF_SEVERAL_MEANINGS: WordClass = WordClass::named("unit symbols of several meanings");

/// What sort of unit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A currency.
    Money,
    /// Percent, percentage point, basis point, per mille.
    Share,
    /// A length of time.
    Time,
    /// "times", "-fold".
    Times,
    /// Any other unit of measure.
    Measure,
    /// A counted noun.
    Count,
}

/// A unit in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Code, slug or noun.
    pub name: String,
    /// What sort of unit it is.
    pub sort: Sort,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// The time that it is a rate for, where the symbol says so: "bpd".
    pub per: Option<&'static str>,
    /// The power of ten that the symbol multiplies by: "mb/d".
    pub power: i32,
}

impl Unit {
    /// A unit with its sort.
    pub fn new(name: impl Into<String>, sort: Sort, tokens: Range<usize>) -> Self {
        Self { name: name.into(), sort, tokens, per: None, power: 0 }
    }
}

/// The sort of a unit of measure.
pub fn sort_of(unit: &str) -> Sort {
    match unit {
        "percent" | "percentage-point" | "basis-point" | "per-mille" => Sort::Share,
        word if UNITS_OF_TIME.contains(word) => Sort::Time,
        "times" => Sort::Times,
        _ => Sort::Measure,
    }
}

/// The unit that begins at a token after a number. `at` may stand behind a hyphen: "500-pound".
pub fn at(text: &Text<'_>, known: &Knowledge, at: usize, number: &Number) -> Option<Unit> {
    if text.tokens.get(at).is_none_or(|token| token.breaks > 1) {
        return None;
    }
    let unit = symbol(text, at, number).or_else(|| named(text, known, at, number));
    let money = money::after(text, known, at, number).filter(|(end, _)| unit.as_ref().is_none_or(|unit| unit.tokens.end <= *end));
    if let Some((end, code)) = money {
        return Some(Unit::new(code, Sort::Money, at..end));
    }
    unit.map(|unit| with_speed(text, unit)).map(|unit| with_age(text, unit))
}

fn symbol(text: &Text<'_>, at: usize, number: &Number) -> Option<Unit> {
    let (symbol, end) = lists::longest(text, at, 5, false, |written| SYMBOLS.get(written)).or_else(|| small_symbol(text, at))?;
    let glued = !text.spaced(at) && !text.is_mark(at.wrapping_sub(1), '-');
    let runs_on = matches!(text.kind(end), Some(Kind::Word | Kind::Digits)) && !text.spaced(end);
    if symbol.glued && !glued || runs_on || !fits(text, at, number, glued) {
        return None;
    }
    let name = if symbol.unit == "pound" && text.small(at).starts_with("pound") { "pound" } else { symbol.unit };
    Some(Unit { per: symbol.per, power: symbol.power, ..Unit::new(name, sort_of(name), at..end) })
}

/// Words (no letters) in any case: "Percent", "DECADES".
fn small_symbol(text: &Text<'_>, at: usize) -> Option<(&'static lists::Symbol, usize)> {
    if text.word(at).len() < 4 || !text.is_capital(at) {
        return None;
    }
    lists::longest(text, at, 3, true, |written| SYMBOLS.get(written))
}

/// Whether a symbol that means several things means this unit here. What was a million has been taken as a scale.
fn fits(text: &Text<'_>, at: usize, number: &Number, glued: bool) -> bool {
    match text.word(at) {
        word if UNIT_SYMBOLS_OF_SEVERAL_MEANINGS.contains(word) => matches!(number.form, Form::Digits | Form::Separated),
        "p" => !["240", "360", "480", "720", "1080", "1440", "2160"].contains(&text.word(number.tokens.start)),
        "C" | "F" => text.word(number.tokens.start).len() <= 3,
        "times" => !matches!(text.small(at + 1), "of" | "square"),
        "point" => number.form != Form::One || text.is_mark(at.wrapping_sub(1), '-') || text.small(at + 1) != ",",
        "degree" | "degrees" => !matches!(text.small(at + 1), "north" | "south" | "east" | "west"),
        "percentage" => glued || text.small(at + 1).starts_with("point"),
        _ => true,
    }
}

fn named(text: &Text<'_>, known: &Knowledge, at: usize, number: &Number) -> Option<Unit> {
    let found = known.unit_at(text, at).filter(|(unit, count)| {
        let short = *count == 1 && text.word(at).len() < 3;
        let runs_on = matches!(text.kind(at + count), Some(Kind::Word | Kind::Digits)) && !text.spaced(at + count);
        !matches!(unit.dimension.as_str(), "count" | "currency") && unit.slug.as_str() != "ratio" && !short && !runs_on
    });
    let Some((unit, count)) = found else { return pounds(text, at, number) };
    Some(Unit::new(unit.slug.as_str(), sort_of(unit.slug.as_str()), at..at + count))
}

fn pounds(text: &Text<'_>, at: usize, number: &Number) -> Option<Unit> {
    let weighs = matches!(text.small(at), "pound" | "pounds") && money::is_weight(text, at, number);
    weighs.then(|| Unit::new("pound", Sort::Measure, at..at + 1))
}

/// "60 miles an hour" is a speed.
fn with_speed(text: &Text<'_>, mut unit: Unit) -> Unit {
    let end = unit.tokens.end;
    let hour = matches!(text.small(end), "an" | "per" | "a") && matches!(text.small(end + 1), "hour" | "second");
    if hour && matches!(unit.name.as_str(), "kilometre" | "mile" | "metre") {
        unit.name = format!("{}-per-{}", unit.name, text.small(end + 1));
        unit.tokens.end = end + 2;
    }
    unit
}

/// "34 years old", "34-year-old", "16 years of age".
fn with_age(text: &Text<'_>, mut unit: Unit) -> Unit {
    if unit.sort != Sort::Time {
        return unit;
    }
    let end = unit.tokens.end;
    let hyphen = usize::from(text.is_mark(end, '-') && !text.spaced(end));
    if matches!(text.small(end + hyphen), "old" | "olds") {
        unit.tokens.end = end + hyphen + 1;
    } else if text.matches(end, &["of", "age"]) {
        unit.tokens.end = end + 2;
    }
    unit
}

/// "eleven-fold", "10 fold".
pub fn fold(text: &Text<'_>, end: usize) -> Option<Unit> {
    let hyphen = usize::from(text.is_mark(end, '-') && !text.spaced(end));
    let at = end + hyphen;
    (text.small(at) == "fold").then(|| Unit::new("times", Sort::Times, at..at + 1))
}

/// Where the unit of a vague plural or a fraction can begin: after quotation marks, "of", and an article.
pub fn after_of(text: &Text<'_>, end: usize, form: Form) -> usize {
    let mut at = end;
    if matches!(form, Form::Vague | Form::Article | Form::Share) {
        at += usize::from(matches!(text.word(at), "”" | "\"" | "’") && !text.spaced(at));
        if text.small(at) == "of" {
            at += 1;
            at += usize::from(form == Form::Share && matches!(text.small(at), "a" | "an" | "one"));
        } else if form == Form::Share && matches!(text.small(at), "a" | "an") {
            at += 1;
        }
    }
    if number_words::part(text.small(at)).is_some() { end } else { at }
}

//! Per what: "per month", "a barrel", "an hour", "/day", "monthly", "each", "annual".

use std::ops::Range;

use super::lists::SOLD_BY;
use super::unit::Sort;
use super::{noun, number_words};
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::WordClass;

/// Words after "a year" with which it tells when.
static WORDS_OF_RELATIVE_TIME: WordClass = WordClass::named("words of relative time");
/// Words before "a year" with which it is a length or a point of time.
static PREPOSITIONS_AND_ADVERBS_OF_MEASURE: WordClass = WordClass::named("prepositions and adverbs of measure");

/// Tokens after a quantity in which its rate is looked for.
const REACH: usize = 14;

/// The ISO 8601 duration of a unit of time in the singular.
pub fn duration(word: &str) -> Option<&'static str> {
    let iso = match word {
        "second" | "sec" | "s" => "PT1S",
        "minute" | "min" => "PT1M",
        "hour" | "hr" | "h" => "PT1H",
        "day" | "d" | "night" => "P1D",
        "week" | "wk" => "P1W",
        "fortnight" => "P2W",
        "month" | "mo" => "P1M",
        "quarter" => "P3M",
        "year" | "annum" | "yr" | "y" => "P1Y",
        "decade" => "P10Y",
        "century" => "P100Y",
        _ => return None,
    };
    Some(iso)
}

/// The duration of an adverb or adjective.
fn regularly(word: &str) -> Option<&'static str> {
    let iso = match word {
        "hourly" => "PT1H",
        "daily" | "nightly" => "P1D",
        "weekly" => "P1W",
        "fortnightly" => "P2W",
        "monthly" => "P1M",
        "quarterly" => "P3M",
        "annual" | "annually" | "yearly" | "annualised" | "annualized" => "P1Y",
        _ => return None,
    };
    Some(iso)
}

/// A rate, and the token after its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Duration or noun.
    pub per: String,
    /// Its words.
    pub tokens: Range<usize>,
}

impl Rate {
    fn new(per: impl Into<String>, tokens: Range<usize>) -> Self {
        Self { per: per.into(), tokens }
    }
}

/// The rate right after a quantity: "a barrel", "per capita", "/day", "monthly".
pub fn adjacent(text: &Text<'_>, end: usize, sort: Sort) -> Option<Rate> {
    let hyphen = |at: usize| usize::from(text.is_mark(at, '-') && !text.spaced(at) && !text.spaced(at + 1));
    let start = end + hyphen(end);
    let mut at = start + 1;
    at += hyphen(at);
    match text.small(start) {
        "/" if text.kind(at) == Some(Kind::Word) && !text.spaced(at) => time_or_noun(text, start, at, at + 1),
        "per" => match text.small(at) {
            "capita" | "head" | "person" => Some(Rate::new("person", start..at + 1)),
            "cent" | "mille" => None,
            "kilowatt" | "megawatt" | "square" | "cubic" | "metric" | "troy" | "ordinary" => {
                let noun = compound_end(text, at);
                let rate = time_or_noun(text, start, noun, noun + 1)?;
                Some(match (text.small(at), rate.per.as_str()) {
                    (first @ ("square" | "cubic" | "metric" | "troy"), per) => Rate::new(format!("{first}-{per}"), rate.tokens),
                    (first @ ("kilowatt" | "megawatt"), "PT1H") => Rate::new(format!("{first}-hour"), rate.tokens),
                    _ => rate,
                })
            }
            _ if text.kind(at) == Some(Kind::Word) => time_or_noun(text, start, at, at + 1),
            _ => None,
        },
        "a" | "an" | "each" | "every" if text.kind(at) == Some(Kind::Word) => {
            let word = text.small(at);
            let timed = duration(word).is_some() && word.len() > 2;
            if timed && is_moment(text, at) {
                return None;
            }
            let sold = matches!(sort, Sort::Money) && text.small(start) != "every" && is_sold(word) || matches!(sort, Sort::Share) && timed;
            (timed || sold).then(|| time_or_noun(text, start, at, at + 1)).flatten()
        }
        word => regularly(word).filter(|_| word.ends_with("ly") && !is_adjective(text, start)).map(|iso| Rate::new(iso, start..start + 1)),
    }
}

/// "daily" before a noun belongs to that noun.
fn is_adjective(text: &Text<'_>, at: usize) -> bool {
    let next = at + 1;
    text.kind(next) == Some(Kind::Word) && !noun::ends_phrase(text.small(next))
}

fn compound_end(text: &Text<'_>, at: usize) -> usize {
    at + 1 + usize::from(text.is_mark(at + 1, '-'))
}

fn time_or_noun(text: &Text<'_>, start: usize, at: usize, end: usize) -> Option<Rate> {
    let word = text.small(at);
    if let Some(iso) = duration(word) {
        return Some(Rate::new(iso, start..end));
    }
    let symbol = match text.word(at) {
        "kg" => "kilogram",
        "t" => "tonne",
        "l" | "L" => "litre",
        "km" => "kilometre",
        "MWh" => "megawatt-hour",
        "kWh" => "kilowatt-hour",
        "bbl" | "b" => "barrel",
        "oz" => "ounce",
        "lb" => "pound",
        "mmBtu" | "MMBtu" => "million-btu",
        "sq" => "square-foot",
        _ if word.len() < 3 || noun::ends_phrase(word) => return None,
        _ => "",
    };
    let name = if symbol.is_empty() {
        noun::singular(word).map_or_else(|| word.to_string(), std::borrow::Cow::into_owned)
    } else {
        symbol.to_string()
    };
    Some(Rate::new(name, start..end))
}

/// What things are sold by: "$80 a barrel".
fn is_sold(word: &str) -> bool {
    SOLD_BY.contains(word)
}

/// Whether "a year" tells when, not how often: "a year earlier", "a day after".
fn is_moment(text: &Text<'_>, at: usize) -> bool {
    let end = at + 1;
    WORDS_OF_RELATIVE_TIME.contains(text.small(end))
        || text.is_mark(end, '-') && !text.spaced(end)
        || text.matches(end, &["and", "a", "half"])
}

/// The rate somewhere after a quantity, before the clause ends: "12 million tonnes of foreign wheat a year".
pub fn distant(text: &Text<'_>, end: usize, limit: usize) -> Option<Rate> {
    for at in end..limit.min(end + REACH) {
        if text.kind(at) == Some(Kind::Digits) || matches!(text.word(at), "," | ";" | ":" | "." | "(" | ")" | "—" | "–") {
            return None;
        }
        let word = text.small(at);
        if matches!(word, "and" | "but" | "while" | "who" | "which") || number_words::part(word).is_some() {
            return None;
        }
        let before = at.checked_sub(1).map_or("", |before| text.small(before));
        let placed = PREPOSITIONS_AND_ADVERBS_OF_MEASURE.contains(before);
        let timed =
            |at: usize| duration(text.small(at)).filter(|_| text.small(at).len() > 2 && text.small(at) != "second" && !is_moment(text, at));
        match word {
            "a" | "an" | "each" | "every" | "per" if !placed => {
                if let Some(iso) = timed(at + 1) {
                    return Some(Rate::new(iso, at..at + 2));
                }
            }
            _ => {
                if let Some(iso) = regularly(word).filter(|_| word.ends_with("ly") && !is_adjective(text, at)) {
                    return Some(Rate::new(iso, at..at + 1));
                }
            }
        }
    }
    None
}

/// The rate that an adjective before a quantity names: "annual revenue of $5 billion", "Daily transits fell from 72".
pub fn named_before(text: &Text<'_>, start: usize, sentence: usize) -> Option<Rate> {
    let from = start.saturating_sub(7).max(sentence);
    for at in (from..start).rev() {
        if text.kind(at) == Some(Kind::Digits) || matches!(text.word(at), "," | ";" | ":" | "(" | ")" | "—" | "–" | "%") {
            return None;
        }
        if let Some(iso) = regularly(text.small(at)) {
            return Some(Rate::new(iso, at..at + 1));
        }
    }
    None
}

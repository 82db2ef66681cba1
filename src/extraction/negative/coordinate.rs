//! Places on the globe: "51.5074° N, 0.1278° W", "34.05 N, 118.24 W", "latitude 40.7128".

use super::Found;
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::WordClass;

/// Words before a coordinate.
static LABELS_OF_COORDINATES: WordClass = WordClass::named("labels of coordinates");

/// One or two coordinates.
pub fn coordinate(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    if let Some(end) = directed(text, at) {
        let next = end + usize::from(matches!(text.word(end), "," | "/" | ";"));
        return Some((at..directed(text, next).unwrap_or(end), Use::Reference));
    }
    let end = number_end(text, at);
    if let Some(end) = exact_pair(text, at, end) {
        return Some((at..end, Use::Reference));
    }
    let mut label = at.checked_sub(1)?;
    if matches!(text.word(label), "-" | "−" | "+") && !text.spaced(at) {
        label = label.checked_sub(1)?;
    }
    while matches!(text.small(label), ":" | "." | "of" | "is" | "at" | "=" | "was" | "(") && label > 0 {
        label -= 1;
    }
    if !LABELS_OF_COORDINATES.contains(text.small(label)) || end < at + 3 {
        return None;
    }
    // "GPS 52.5200, 13.4050"
    let second = end + 1 + usize::from(matches!(text.word(end + 1), "-" | "−"));
    let pair = text.is_mark(end, ',') && text.kind(second) == Some(Kind::Digits) && number_end(text, second) > second + 1;
    Some((at..if pair { number_end(text, second) } else { end }, Use::Reference))
}

/// "48.0159, 37.8028": two numbers with four decimals or more, no more than the globe has.
fn exact_pair(text: &Text<'_>, at: usize, end: usize) -> Option<usize> {
    let exact = |at: usize, end: usize| end == at + 3 && text.word(at).len() <= 3 && text.word(at + 2).len() >= 4;
    let within = |at: usize, most: u16| text.word(at).parse::<u16>().is_ok_and(|degrees| degrees <= most);
    let second = end + 1 + usize::from(matches!(text.word(end + 1), "-" | "−"));
    let second_end = number_end(text, second);
    let pair = text.is_mark(end, ',') && exact(at, end) && exact(second, second_end);
    (pair && within(at, 90) && within(second, 180)).then_some(second_end)
}

/// The token after digits with their decimals.
fn number_end(text: &Text<'_>, at: usize) -> usize {
    let decimals = text.is_mark(at + 1, '.') && !text.spaced(at + 1) && text.kind(at + 2) == Some(Kind::Digits) && !text.spaced(at + 2);
    at + 1 + 2 * usize::from(decimals)
}

/// The end of degrees, minutes and seconds with the side of the globe, or of decimals with it when a second coordinate follows.
fn directed(text: &Text<'_>, at: usize) -> Option<usize> {
    if text.kind(at) != Some(Kind::Digits) || text.word(at).len() > 3 {
        return None;
    }
    let mut end = number_end(text, at);
    let mut signs = 0;
    while matches!(text.word(end), "°" | "º" | "′" | "'" | "’" | "″" | "\"" | "”") && signs < 4 {
        signs += 1;
        end += 1;
        if text.kind(end) == Some(Kind::Digits) {
            end = number_end(text, end);
        }
    }
    let side = ["N", "S", "E", "W", "north", "south", "east", "west", "latitude", "longitude"].contains(&text.word(end));
    if signs > 0 {
        let minutes = signs > 1 && matches!(text.word(end - 1), "′" | "'" | "’" | "″" | "\"" | "”");
        return (side || minutes).then_some(end + usize::from(side));
    }
    // Without degrees both sides of the globe must be told, else "118.24 W" is a power.
    let letter = matches!(text.word(end), "N" | "S" | "E" | "W");
    let crosses = |at: usize| matches!((text.word(end), text.word(at)), ("N" | "S", "E" | "W") | ("E" | "W", "N" | "S"));
    let next = end + 1 + usize::from(matches!(text.word(end + 1), "," | "/" | ";"));
    let follows = text.kind(next) == Some(Kind::Digits) && crosses(number_end(text, next));
    let back = (at.saturating_sub(2)..at).any(crosses);
    (letter && (follows || back)).then_some(end + 1)
}

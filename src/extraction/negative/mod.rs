//! Numbers that measure nothing: names and models, telephones and addresses, pages and sections, versions, scores, ranks.
//!
//! First everything that is written without space is looked at as a whole, then each number with the words around it:
//!
//! - `contact`: web and e-mail addresses, telephones, streets, post codes;
//! - `calendar`: times that only their surroundings tell: "starts at 8";
//! - `name`: `F-16`, `A320`, "Boeing 737", "World War Two", "S&P 500";
//! - `reference`: pages, sections, versions, items of a list, "No. 119", coordinates;
//! - `score`: "3-1", "24/7", "2:1", and ranks such as "21st".

mod calendar;
mod contact;
mod name;
mod reference;
mod score;

use std::ops::Range;

use super::quantity::number_words;
use super::text::{Kind, Text};
use super::uses::{Use, Uses};

/// What has been found: tokens, and what they are.
type Found = Option<(Range<usize>, Use)>;
/// A rule: what begins at, or surrounds, a number.
type Rule = fn(&Text<'_>, &Uses, usize) -> Found;

/// Rules for digits, in the order in which they are asked.
const OF_DIGITS: &[Rule] = &[
    reference::bracketed,
    contact::telephone,
    calendar::clock,
    calendar::day,
    name::joined,
    score::ordinal,
    reference::listed,
    reference::labelled,
    contact::address,
    score::idiom,
    calendar::elided_year,
    reference::pointed,
    score::pair,
    name::numbered,
    reference::exchange_rate,
];

/// Marks the tokens of numbers that measure nothing.
pub fn mark(text: &Text<'_>, uses: &mut Uses) {
    mark_addresses(text, uses);
    let mut at = 0;
    while at < text.tokens.len() {
        let found = match text.kind(at) {
            Some(Kind::Digits) if uses.is_free(at) => OF_DIGITS.iter().find_map(|rule| rule(text, uses, at)),
            Some(Kind::Word) if text.is_capital(at) && number_words::part(text.small(at)).is_some() => name::in_words(text, uses, at),
            _ => None,
        };
        let Some((tokens, of)) = found else {
            at += 1;
            continue;
        };
        let end = reference::continued(text, uses, &tokens, of);
        uses.take(tokens.start..end, of);
        at = end.max(at + 1);
    }
}

/// Marks everything that is written in one piece and is an address of the web.
fn mark_addresses(text: &Text<'_>, uses: &mut Uses) {
    let mut start = 0;
    while start < text.tokens.len() {
        let mut end = start + 1;
        while end < text.tokens.len() && !text.spaced(end) {
            end += 1;
        }
        if end - start > 2 && contact::is_web(text, start..end) {
            uses.take(start..end, Use::Contact);
        }
        start = end;
    }
}

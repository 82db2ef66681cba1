//! Works cited by name.

use std::ops::Range;

use super::cited::earlier;
use super::date;
use super::entry::quoted;
use super::name::{folded, is_name};
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::{PARTICLES_OF_NAMES, WordClass};

/// Words with which, or at the end of which, a year makes no author: laws, matches, seasons.
static NO_AUTHORS: WordClass = WordClass::lines_of(include_str!("../words/no_authors.txt"));

/// Longest name, in tokens.
const NAME_TOKENS_MAX: usize = 40;

/// A work cited by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// All of the name, folded.
    pub whole: String,
    /// The same as printed.
    pub printed: String,
    /// The names in it, folded: cut at commas and "and".
    pub names: Vec<String>,
    /// Whether "et al." follows.
    pub others: bool,
    /// The short name in brackets after it: "[FAO]".
    pub short: Option<String>,
    /// Words of the title in quotation marks, folded.
    pub title: Option<String>,
    /// The year.
    pub year: Option<i16>,
    /// The letter after it.
    pub letter: Option<char>,
    /// Whether the place of a year is filled, be it by "n.d.".
    pub dated: bool,
}

/// The name that begins at a token, and the token after it. It may be empty where a title or "op. cit." follows.
pub fn read(text: &Text<'_>, start: usize, end: usize) -> Option<(Named, usize)> {
    let mut index = start;
    let (mut title, mut short) = (None, None);
    let mut name_end = None;
    while index < end.min(start + NAME_TOKENS_MAX) {
        if let Some(quote) = quoted(text, index, end) {
            name_end = name_end.or(Some(index));
            title = Some(folded(text.slice(quote.clone())));
            index = quote.end;
            break;
        }
        if text.is_mark(index, '[') && text.is_mark(index + 2, ']') && text.is_capital(index + 1) {
            name_end = name_end.or(Some(index));
            short = Some(text.word(index + 1).to_owned());
            index += 3;
            break;
        }
        let is_mark = text.kind(index) == Some(Kind::Mark);
        let ends = text.kind(index) == Some(Kind::Digits)
            || earlier(text, index).is_some()
            || date::date_at(text, index).is_some()
            || is_mark && !matches!(text.word(index), "," | "." | "&" | "-" | "’" | "'" | "–" | "/" | "‐")
            || matches!(text.small(index), "p" | "pp" | "ch" | "para" | "paras" | "chap" | "table" | "fig")
                && index > start
                && !text.is_capital(index);
        if ends {
            break;
        }
        index += 1;
    }
    let mut last = name_end.unwrap_or(index);
    while last > start && matches!(text.word(last - 1), "," | "." | "’" | "'") && !closes_initials(text, last - 1) {
        last -= 1;
    }
    let named = of_tokens(text, start..last, title)?;
    Some((Named { short, ..named }, index))
}

/// The stop of "U.S." belongs to the name.
fn closes_initials(text: &Text<'_>, stop: usize) -> bool {
    text.is_mark(stop, '.') && text.is_mark(stop.wrapping_sub(2), '.') && !text.spaced(stop - 1)
}

/// A name of these tokens, which may be none.
pub fn of_tokens(text: &Text<'_>, tokens: Range<usize>, title: Option<String>) -> Option<Named> {
    let others_at = tokens.clone().find(|index| {
        text.small(*index) == "et" && text.small(index + 1) == "al"
            || text.small(*index) == "and" && matches!(text.small(index + 1), "others" | "colleagues")
    });
    let mut end = others_at.unwrap_or(tokens.end);
    while end > tokens.start && text.is_mark(end - 1, ',') {
        end -= 1;
    }
    if tokens.is_empty() {
        let nameless = text.small(tokens.start) == "op" || text.small(tokens.start) == "loc";
        return (nameless || title.is_some()).then(|| Named { title, ..Named::default() });
    }
    if !is_name(text, tokens.start..end) || !(text.is_capital(tokens.start) || begins_with_particle(text, tokens.start)) {
        return None;
    }
    let mut names = Vec::new();
    let mut start = tokens.start;
    for index in (tokens.start..end).chain([end]) {
        if index == end || matches!(text.small(index), "and" | "&" | "," | "und" | "y") {
            if index > start {
                names.push(folded(text.slice(start..index)));
            }
            start = index + 1;
        }
    }
    let printed = super::name::printed(text, tokens.start..end);
    Some(Named { whole: folded(&printed), printed, names, others: others_at.is_some(), title, ..Named::default() })
}

fn begins_with_particle(text: &Text<'_>, index: usize) -> bool {
    (PARTICLES_OF_NAMES.contains(text.small(index)) || text.small(index) == "the")
        && (index + 1..index + 4).any(|next| text.is_capital(next))
}

/// Whether a name with a year is somebody's, and not a law's, a match's, a place in time.
pub fn is_author(named: &Named) -> bool {
    let mut words = named.whole.split(' ');
    let first = words.next().unwrap_or_default();
    let last = words.next_back().unwrap_or(first);
    named.dated
        && !NO_AUTHORS.contains(first)
        && !NO_AUTHORS.contains(last)
        && date::month(first).is_none()
        && named.names.iter().all(|name| name.split(' ').count() < 9)
}

//! What an entry of a list of works looks like, and what it does not.

use std::ops::Range;

use super::address::address_at;
use super::date;
use super::entry::quoted;
use super::name::{is_initial, is_name};
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::{PARTICLES_OF_NAMES, WordClass};

/// Longest entry that stands without a list, in tokens.
const TOKENS_MAX: usize = 180;
/// Longest head of such an entry: its authors.
const HEAD_MAX: usize = 40;

/// Words of running text.
static WORDS_OF_RUNNING_TEXT: WordClass = WordClass::named("words of running text");

/// Whether words of running text stand outside quotation marks.
pub fn is_prose(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let mut found = 0;
    let mut index = tokens.start;
    while index < tokens.end {
        if let Some(quote) = quoted(text, index, tokens.end.min(index + 60)) {
            index = quote.end;
            continue;
        }
        if text.kind(index) == Some(Kind::Word) && !text.is_capital(index) && WORDS_OF_RUNNING_TEXT.contains(text.small(index)) {
            found += 1;
        }
        index += 1;
    }
    found >= 2
}

/// Whether something that a list under a heading can hold stands in these tokens.
pub fn is_lenient(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let near = tokens.start..tokens.end.min(tokens.start + TOKENS_MAX);
    let leads = inverted_head(text, near.start, near.end).is_some();
    let marks = |index: usize| {
        date::year_at(text, index).is_some()
            || date::undated_end(text, index).is_some()
            || address_at(text, index).is_some()
            || matches!(text.small(index), "ibid" | "cit")
    };
    let quotes = near
        .clone()
        .take(12)
        .any(|index| quoted(text, index, near.end).is_some() && (index == near.start || is_name(text, near.start..index)));
    near.len() > 1 && (leads || quotes || points_to_page(text, &near) || near.clone().any(marks))
}

/// "Hall, 91": a name and a page.
fn points_to_page(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let comma = tokens.clone().take(5).find(|index| text.is_mark(*index, ','));
    let paged = tokens.clone().rev().take(2).any(|index| text.kind(index) == Some(Kind::Digits));
    tokens.len() <= 12 && paged && comma.is_some_and(|comma| is_name(text, tokens.start..comma))
}

/// Whether an entry can begin with a token.
pub fn begins_like_entry(text: &Text<'_>, index: usize) -> bool {
    let again = text.is_mark(index, '-') && text.is_mark(index + 1, '-');
    again
        || text.is_capital(index)
        || begins_with_particles(text, index)
        || matches!(text.word(index), "“" | "\"" | "«" | "„" | "‘" | "—" | "–")
}

/// "de la Cruz, M.": small words, a surname, a comma.
fn begins_with_particles(text: &Text<'_>, index: usize) -> bool {
    let is_particle = |at: usize| PARTICLES_OF_NAMES.contains(text.word(at)) || text.word(at) == "d";
    let surname = (index + 1..index + 5).find(|at| !is_particle(*at) && !matches!(text.word(*at), "-" | "’" | "'"));
    is_particle(index) && surname.is_some_and(|at| text.is_capital(at) && (at + 1..at + 4).any(|comma| text.is_mark(comma, ',')))
}

/// Whether an entry can end with the last of these tokens.
pub fn ends_like_entry(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let last = tokens.end.saturating_sub(1);
    matches!(text.word(last), "." | ")" | "]" | "/" | ">" | ";") || date::year_at(text, last).is_some() || ends_in_address(text, tokens)
}

fn ends_in_address(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let mut start = tokens.end.saturating_sub(1);
    while start > tokens.start && !text.spaced(start) && tokens.end - start < 160 {
        start -= 1;
    }
    address_at(text, start).is_some()
}

/// "Hornung, Jeffrey W.": a surname, a comma, given names: where the comma stands.
fn inverted_head(text: &Text<'_>, start: usize, end: usize) -> Option<usize> {
    let comma = (start..end.min(start + 7)).find(|index| text.is_mark(*index, ','))?;
    (comma > start && is_name(text, start..comma) && text.is_capital(comma + 1) && date::date_at(text, comma + 1).is_none())
        .then_some(comma)
}

/// What shows that tokens are an entry.
struct Features<'a> {
    text: &'a Text<'a>,
    tokens: Range<usize>,
    /// Where the name at the beginning ends: at a quotation mark, a stop, a bracket, a year.
    head_end: usize,
}

impl<'a> Features<'a> {
    fn of(text: &'a Text<'a>, tokens: Range<usize>) -> Self {
        let stops = |index: &usize| {
            matches!(text.word(*index), "“" | "\"" | "«" | "„" | "‘" | "(")
                || date::year_at(text, *index).is_some()
                || text.is_mark(*index, '.') && text.spaced(index + 1) && !is_initial(text, index.wrapping_sub(1))
        };
        let head_end = tokens.clone().take(HEAD_MAX).find(stops).unwrap_or(tokens.start);
        Self { text, tokens, head_end }
    }

    fn named(&self) -> bool {
        self.head_end > self.tokens.start && is_name(self.text, self.tokens.start..self.head_end)
    }

    fn inverted(&self) -> bool {
        inverted_head(self.text, self.tokens.start, self.tokens.end).is_some()
    }

    /// Whether a year stands right after the name.
    fn early(&self) -> bool {
        let stop = matches!(self.text.word(self.head_end), "(" | ".");
        let bracket = stop && self.text.is_mark(self.head_end + 1, '(');
        let year = date::date_at(self.text, self.head_end + usize::from(stop) + usize::from(bracket));
        year.is_some_and(|year| matches!(self.text.word(year.tokens.end), ")" | "." | ","))
    }

    /// Whether a title in quotation marks follows the name.
    fn quoted(&self) -> bool {
        let stop = matches!(self.text.word(self.head_end), "." | ",");
        quoted(self.text, self.head_end + usize::from(stop), self.tokens.end).is_some()
    }

    fn quoted_first(&self) -> bool {
        quoted(self.text, self.tokens.start, self.tokens.end).is_some()
    }

    fn dated(&self) -> bool {
        self.tokens.clone().any(|index| date::year_at(self.text, index).is_some())
    }

    fn address(&self) -> bool {
        self.tokens.clone().any(|index| address_at(self.text, index).is_some())
    }
}

/// Whether these tokens begin as entries do, with a name and a year or a title, or hold an address.
pub fn is_headed(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let has = Features::of(text, tokens.start..tokens.end.min(tokens.start + TOKENS_MAX));
    has.named() && (has.inverted() || has.early() || has.quoted()) || has.address() || has.quoted_first()
}

/// Whether these tokens are an entry, even among running text.
pub fn is_strict(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    if tokens.len() < 6 || tokens.len() > TOKENS_MAX || is_prose(text, tokens) {
        return false;
    }
    let has = Features::of(text, tokens.clone());
    let ends = ends_like_entry(text, tokens);
    let wired = tokens.clone().take(16).any(|index| text.is_mark(index, ')') && matches!(text.word(index + 1), "-" | "–" | "—"));
    let quoted = has.named() && has.quoted() && (has.address() || has.dated() && has.inverted());
    ends && !wired && (quoted || has.named() && has.inverted() && has.early() || has.quoted_first() && has.address() && has.dated())
}

/// Whether these tokens are an entry, if others stand beside them at the end.
pub fn is_plausible(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    if tokens.len() < 5 || tokens.len() > TOKENS_MAX {
        return false;
    }
    let start = super::label::at(text, tokens.start, tokens.end).map_or(tokens.start, |label| label.end);
    let tokens = start..tokens.end;
    if is_prose(text, &tokens) || !begins_like_entry(text, start) {
        return false;
    }
    let has = Features::of(text, tokens.clone());
    (has.named() && (has.inverted() || has.quoted() || has.early()) || has.quoted_first()) && (has.dated() || has.address())
}

//! Citations that are part of the sentence: "Hornung (2024) says".

use super::cited::{self, Cited, Item};
use super::date;
use super::name::joins;
use super::named::{self, Named, is_author};
use super::resolve::Resolver;
use super::scan::{Manner, Printed};
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::{NOUNS_OF_FIGURES, NOUNS_OF_WRITINGS};

/// Most tokens of a name before a bracket.
const NAME_TOKENS_MAX: usize = 14;

/// "Hornung (2024)": a bracket that holds a year, after a name.
pub fn find(text: &Text<'_>, resolver: &Resolver, open: usize, close: usize, from: usize) -> Option<Printed> {
    let (years, after) = cited::years(text, open + 1, close);
    let rest = if matches!(text.word(after), "," | ":") { after + 1 } else { after };
    // "Hornung (2024, p. 5; see also Lin 2023)"
    let end = (rest..close).find(|index| text.is_mark(*index, ';')).unwrap_or(close);
    let locator = super::locator::read(text, rest..end);
    if rest < end && locator.is_none() {
        return None;
    }
    let others = if end < close { cited::read(text, end + 1..close).items } else { Vec::new() };
    let items = |named: &Named| {
        let item = |year: &date::Printed| {
            let named = Named { year: year.year, letter: year.letter, dated: true, ..named.clone() };
            Item { cited: Cited::Named(named), locator: locator.clone(), complete: true }
        };
        years.iter().map(item).chain(others.iter().cloned()).collect::<Vec<_>>()
    };
    let name_end = name_end(text, open);
    let first = name_start(text, name_end, from);
    let begins = |start: &usize| text.is_capital(*start) || text.is_mark(start - 1, '-');
    for start in (first..name_end).filter(|start| *start > 0 && begins(start) || *start == 0) {
        let Some(named) = named::of_tokens(text, start..name_end, None) else { continue };
        let items = items(&named);
        let known = items.iter().take(years.len()).any(|item| matches!(&item.cited, Cited::Named(named) if resolver.knows(named)));
        if known {
            return Some(Printed { tokens: start..close + 1, manner: Manner::Narrative, items, doubtful: false });
        }
    }
    if resolver.is_empty() {
        return None;
    }
    // Nobody the list knows: one surname, or surnames joined.
    let start = unknown_start(text, name_end, first)?;
    let named = named::of_tokens(text, start..name_end, None)?;
    let items = items(&named);
    let author = items.iter().take(years.len()).all(|item| matches!(&item.cited, Cited::Named(named) if is_author(named)));
    author.then_some(Printed { tokens: start..close + 1, manner: Manner::Narrative, items, doubtful: false })
}

/// The token after the name before a bracket: without the possessive.
fn name_end(text: &Text<'_>, open: usize) -> usize {
    // "World Bank data (2023)"
    let source = text.small(open.wrapping_sub(1));
    let told = NOUNS_OF_FIGURES.contains(source) || NOUNS_OF_WRITINGS.contains(source);
    let open = open - usize::from(open > 1 && told);
    let possessive = open > 2 && text.small(open - 1) == "s" && matches!(text.word(open - 2), "’" | "'");
    if possessive {
        return open - 2;
    }
    if open > 1 && matches!(text.word(open - 1), "’" | "'") { open - 1 } else { open }
}

/// The first token that can belong to a name that ends here.
fn name_start(text: &Text<'_>, end: usize, from: usize) -> usize {
    let mut start = end;
    while start > from && end - start < NAME_TOKENS_MAX {
        let before = start - 1;
        let part = match text.kind(before) {
            Some(Kind::Word) => text.is_capital(before) || joins(text.small(before)) || text.small(before) == "colleagues",
            Some(Kind::Mark) => {
                matches!(text.word(before), "&" | "," | "-" | "’" | "'") || text.is_mark(before, '.') && is_short(text, before)
            }
            _ => false,
        };
        if !part {
            break;
        }
        start = before;
    }
    start
}

/// The stop of an initial or of "et al.".
fn is_short(text: &Text<'_>, stop: usize) -> bool {
    let before = stop.wrapping_sub(1);
    text.small(before) == "al" || text.is_capital(before) && text.word(before).chars().count() == 1
}

/// Where a name that the list does not know begins: "Marić", "Marić and Babić", "Marić et al.".
fn unknown_start(text: &Text<'_>, end: usize, first: usize) -> Option<usize> {
    let mut at = end.checked_sub(1)?;
    if text.is_mark(at, '.') && text.small(at.wrapping_sub(1)) == "al" {
        at = at.checked_sub(3)?;
    }
    if !text.is_capital(at) {
        return None;
    }
    while at >= first + 2
        && (matches!(text.small(at - 1), "and" | "&") && text.is_capital(at - 2) || text.is_mark(at - 1, '-') && text.is_capital(at - 2))
    {
        at -= 2;
    }
    // More capitals before it: a title, a place, a film.
    let opens = matches!(text.small(at.wrapping_sub(1)), "as" | "see" | "while" | "and" | "but" | "also" | "yet" | "however" | "to");
    let more = at > first && text.is_capital(at - 1) && !opens;
    (!more).then_some(at)
}

//! Where citations stand in the text: in brackets, after a name, as the number of a note.

use std::ops::Range;

use super::cited::{self, Cited, Item};
use super::date;
use super::name::joins;
use super::named::is_author;
use super::narrative;
use super::note;
use super::resolve::Resolver;
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::Uses;

/// Longest bracket that is read, in tokens.
const BRACKET_TOKENS_MAX: usize = 90;

/// How a citation stands in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It closes what it supports: "(Hornung, 2024)", "[1]", a note's number.
    Closing,
    /// It is part of the sentence: "Hornung (2024) says".
    Narrative,
}

/// A citation as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// How it stands in its sentence.
    pub manner: Manner,
    /// What it cites.
    pub items: Vec<Item>,
    /// Whether it only counts where others like it stand in the text.
    pub doubtful: bool,
}

/// Finds the citations of a text, in order.
pub fn find(text: &Text<'_>, uses: &Uses, resolver: &mut Resolver) -> Vec<Printed> {
    let mut found: Vec<Printed> = Vec::new();
    let mut last_note = 0;
    let mut index = 0;
    while index < text.tokens.len() {
        let before = found.last().map_or(0, |last| last.tokens.end);
        let citation = match text.word(index) {
            _ if !uses.is_free(index) => None,
            "(" | "[" => bracket(text, uses, resolver, index, before),
            "ibid" | "Ibid" | "ibidem" | "Ibidem" => cited::same(text, index).map(|end| same(index..end)),
            _ if resolver.has_notes() => note::find(text, resolver, index, &mut last_note),
            _ => None,
        };
        match citation {
            Some(citation) => {
                for item in &citation.items {
                    if let Cited::Named(named) = &item.cited {
                        resolver.shorten(named);
                    }
                }
                index = citation.tokens.end.max(index + 1);
                found.push(citation);
            }
            None => index += 1,
        }
    }
    let alone = found.len() < 2;
    if alone && resolver.is_empty() {
        found.retain(|citation| !citation.doubtful);
    }
    found
}

fn same(tokens: Range<usize>) -> Printed {
    let items = vec![Item { cited: Cited::Same, locator: None, complete: true }];
    Printed { tokens, manner: Manner::Closing, items, doubtful: false }
}

/// The token that closes a bracket; none if it is long, or holds another of its kind.
fn close(text: &Text<'_>, uses: &Uses, open: usize) -> Option<usize> {
    let (opens, closes) = if text.is_mark(open, '(') { ('(', ')') } else { ('[', ']') };
    for index in open + 1..(open + BRACKET_TOKENS_MAX).min(text.tokens.len()) {
        if text.is_mark(index, closes) {
            return Some(index);
        }
        let breaks = text.tokens.get(index).map_or(0, |token| token.breaks);
        if text.is_mark(index, opens) || breaks > 1 || !uses.is_free(index) {
            return None;
        }
    }
    None
}

/// The citation in a bracket, or one whose year the bracket holds.
fn bracket(text: &Text<'_>, uses: &Uses, resolver: &Resolver, open: usize, from: usize) -> Option<Printed> {
    let close = close(text, uses, open)?;
    let inside = open + 1..close;
    let tokens = open..close + 1;
    if let Some((items, close)) = numbers(text, uses, open, close) {
        let tokens = open..close + 1;
        if numbers_fit(text, resolver, &tokens, &items) {
            return Some(Printed { tokens, manner: Manner::Closing, items, doubtful: false });
        }
    }
    if date::year_at(text, open + 1).is_some() || date::undated_end(text, open + 1).is_some() {
        return narrative::find(text, resolver, open, close, from);
    }
    let cited::Reading { items, covered } = cited::read(text, inside);
    let certain = |item: &Item| match &item.cited {
        Cited::Same => true,
        Cited::Earlier(named) => named.is_some() || resolver.has_any(),
        Cited::Named(named) => resolver.knows(named),
        Cited::Number(_) => false,
    };
    let first = items.first()?;
    if items.iter().all(|item| matches!(&item.cited, Cited::Named(named) if !named.dated)) {
        let defined = defines(text, open, close) || is_dateline(text, close);
        let named_alone = covered.is_none() && items.iter().all(|item| item.complete && certain(item)) && !defined;
        return named_alone.then_some(Printed { tokens, manner: Manner::Closing, items, doubtful: false });
    }
    if let Some(tokens) = covered {
        // "(2.4% of GDP; World Bank 2023)": what is no citation is left to be read.
        return items.iter().any(certain).then_some(Printed { tokens, manner: Manner::Closing, items, doubtful: false });
    }
    if items.iter().any(certain) {
        return Some(Printed { tokens, manner: Manner::Closing, items, doubtful: false });
    }
    let shaped = items.iter().all(|item| item.complete && matches!(&item.cited, Cited::Named(named) if is_author(named)));
    let sure = match &first.cited {
        Cited::Named(named) => first.locator.is_some() || named.others || named.letter.is_some(),
        _ => false,
    };
    let closes = matches!(text.word(close + 1), "." | "," | ";" | ":" | "?" | "!") || close + 1 == text.tokens.len();
    let doubtful = !sure && resolver.is_empty();
    (shaped && (closes || !doubtful)).then_some(Printed { tokens, manner: Manner::Closing, items, doubtful })
}

/// The numbers in a bracket, and in the one to which a dash leads: "[2]–[4]"; with the token that closes it.
fn numbers(text: &Text<'_>, uses: &Uses, open: usize, close: usize) -> Option<(Vec<Item>, usize)> {
    let mut items = cited::numbers(text, &(open + 1..close))?;
    let dashed = matches!(text.word(close + 1), "-" | "–" | "—") && text.is_mark(close + 2, '[');
    let Some(end) = self::close(text, uses, close + 2).filter(|_| dashed) else { return Some((items, close)) };
    let (Some(Cited::Number(first)), Some(mut rest)) = (items.last().map(|item| &item.cited), cited::numbers(text, &(close + 3..end)))
    else {
        return Some((items, close));
    };
    if let Some(Cited::Number(last)) = rest.first().map(|item| &item.cited) {
        items.extend((first + 1..*last).take(30).map(|number| Item { cited: Cited::Number(number), locator: None, complete: true }));
    }
    items.append(&mut rest);
    Some((items, end))
}

/// Whether a bracket of numbers cites: round ones only where the list has such numbers, and where no words follow.
fn numbers_fit(text: &Text<'_>, resolver: &Resolver, tokens: &Range<usize>, items: &[Item]) -> bool {
    let known = items.iter().any(|item| matches!(item.cited, Cited::Number(number) if resolver.has_number(number)));
    let after = text.word(tokens.end);
    let closes = text.tokens.get(tokens.end).is_none_or(|token| token.breaks > 0)
        || matches!(after, "." | "," | ";" | ":" | ")" | "[" | "”" | "?" | "!");
    let follows =
        tokens.start.checked_sub(1).is_some_and(|before| !matches!(text.word(before), ":" | ";" | ",") || !text.spaced(tokens.start));
    if text.is_mark(tokens.start, '[') { known && tokens.start > 0 || closes && follows } else { known && closes && follows }
}

/// Whether a bracket holds the short form of the name before it: "World Health Organization (WHO)".
fn defines(text: &Text<'_>, open: usize, close: usize) -> bool {
    let short = text.word(open + 1);
    if close != open + 2 || short.len() > 8 || !short.chars().all(char::is_uppercase) {
        return false;
    }
    let mut letters = short.chars().rev().peekable();
    let mut index = open;
    while let (Some(letter), Some(before)) = (letters.peek(), index.checked_sub(1)) {
        let word = text.word(before);
        if word.starts_with(*letter) {
            letters.next();
        } else if !joins(text.small(before)) && text.kind(before) == Some(Kind::Word) {
            return false;
        }
        index = before;
        if open - index > 16 {
            return false;
        }
    }
    letters.peek().is_none()
}

/// "MOSCOW (Reuters) - ".
fn is_dateline(text: &Text<'_>, close: usize) -> bool {
    matches!(text.word(close + 1), "-" | "–" | "—") && text.spaced(close + 1)
}

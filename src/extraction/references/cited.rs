//! What a citation says: names and a year, "ibid", "op. cit.", a number.

use std::ops::Range;
use std::sync::LazyLock;

use super::date::{self, Printed};
use super::locator;
use super::named::{self, Named};
use crate::extraction::text::{Kind, Text};

/// What is cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cited {
    /// By name, mostly with a year.
    Named(Named),
    /// The same as before: "ibid".
    Same,
    /// What was cited before of this author: "op. cit.".
    Earlier(Option<Named>),
    /// By its number in a list.
    Number(u32),
}

/// One of the works that a citation names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What is cited.
    pub cited: Cited,
    /// Page or other place.
    pub locator: Option<Range<usize>>,
    /// Whether nothing else stands with it.
    pub complete: bool,
}

/// Words that introduce a citation, the longest first.
static SIGNALS: LazyLock<Vec<Vec<&str>>> =
    LazyLock::new(|| include_str!("../words/reference_signals.txt").lines().map(|line| line.split(' ').collect()).collect());
/// Most years after one name.
const YEARS_MAX: usize = 8;

/// What is cited in a bracket or a note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// What is cited.
    pub items: Vec<Item>,
    /// The tokens that cite, where others stand beside them.
    pub covered: Option<Range<usize>>,
}

/// Reads what stands in a bracket, or in a note.
pub fn read(text: &Text<'_>, inside: Range<usize>) -> Reading {
    let mut items = Vec::new();
    let (mut run, mut whole): (Option<Range<usize>>, bool) = (None, true);
    let mut start = inside.start;
    for index in inside.clone().chain([inside.end]) {
        if index < inside.end && !text.is_mark(index, ';') {
            continue;
        }
        let known = items.len();
        part(text, start..index, &mut items);
        // A name with neither year nor page, and other words with it, is no citation.
        let names = |item: &Item| !item.complete && matches!(&item.cited, Cited::Named(named) if !named.dated);
        if items.iter().skip(known).all(names) {
            items.truncate(known);
        }
        let cites = if items.len() > known {
            Some(start..index)
        } else {
            whole = false;
            if run.is_none() { last_words(text, start..index, &mut items) } else { None }
        };
        match (cites, &mut run) {
            (Some(cites), Some(run)) => run.end = cites.end,
            (Some(cites), None) => run = Some(cites),
            // What follows is something else.
            (None, Some(_)) => break,
            (None, None) => {}
        }
        start = index + 1;
    }
    let run = run.unwrap_or(inside.start..inside.start);
    Reading { items, covered: (!whole).then_some(run) }
}

/// A citation at the end of other words: "40 ships, Lin 2024", "own estimate based on Lin 2024".
fn last_words(text: &Text<'_>, tokens: Range<usize>, items: &mut Vec<Item>) -> Option<Range<usize>> {
    let begins = |index: &usize| text.is_mark(index - 1, ',') || after_signals(text, *index, tokens.end) > *index;
    for start in (tokens.start + 1..tokens.end).rev().filter(begins).take(4) {
        let mut found = Vec::new();
        part(text, start..tokens.end, &mut found);
        let dated = |item: &Item| item.complete && matches!(&item.cited, Cited::Named(named) if named.dated);
        if !found.is_empty() && found.iter().all(dated) {
            items.append(&mut found);
            return Some(start..tokens.end);
        }
    }
    None
}

/// The numbers in a bracket: "1", "1, 2", "3–5", "1, p. 4".
pub fn numbers(text: &Text<'_>, inside: &Range<usize>) -> Option<Vec<Item>> {
    let mut items: Vec<Item> = Vec::new();
    let mut index = inside.start;
    while index < inside.end {
        let number =
            text.word(index).parse::<u32>().ok().filter(|_| text.kind(index) == Some(Kind::Digits) && text.word(index).len() <= 3)?;
        let from = match items.last().map(|item| &item.cited) {
            Some(Cited::Number(last)) if index > inside.start && matches!(text.word(index - 1), "-" | "–" | "—" | "‒") => {
                last.saturating_add(1)
            }
            _ => number,
        };
        // A span of works names them all, within reason.
        for number in from.min(number)..=number.min(from.saturating_add(30)) {
            items.push(Item { cited: Cited::Number(number), locator: None, complete: true });
        }
        index += 1;
        if index == inside.end {
            break;
        }
        if !matches!(text.word(index), "," | ";" | "-" | "–" | "—" | "‒" | ":") {
            return None;
        }
        if text.kind(index + 1) == Some(Kind::Word) || text.is_mark(index, ':') {
            let locator = locator::read(text, index + 1..inside.end)?;
            items.last_mut()?.locator = Some(locator);
            break;
        }
        index += 1;
    }
    (!items.is_empty()).then_some(items)
}

/// Reads one part of a citation.
fn part(text: &Text<'_>, tokens: Range<usize>, items: &mut Vec<Item>) {
    let start = after_signals(text, tokens.start, tokens.end);
    let end = tokens.end;
    if start >= end {
        return;
    }
    if let Some(after) = same(text, start) {
        let rest = after_comma(text, after, end);
        items.push(Item { cited: Cited::Same, locator: locator::read(text, rest..end), complete: true });
        return;
    }
    let Some((named, name_end)) = named::read(text, start, end) else { return };
    let after = after_comma(text, name_end, end);
    if let Some(after) = earlier(text, after) {
        let rest = after_comma(text, after, end);
        let named = Some(named).filter(|named| !named.whole.is_empty());
        items.push(Item { cited: Cited::Earlier(named), locator: locator::read(text, rest..end), complete: true });
        return;
    }
    let (years, after) = years(text, after, end);
    rest(text, named, &years, after..end, items);
}

/// Reads what follows name and years: a locator, or another citation.
fn rest(text: &Text<'_>, named: Named, years: &[Printed], tokens: Range<usize>, items: &mut Vec<Item>) {
    let Range { start, end } = tokens;
    let begin = after_comma(text, start, end);
    let locator = locator::read(text, begin..end);
    let goes_on = begin < end && locator.is_none();
    let complete = !goes_on;
    if years.is_empty() {
        items.push(Item { cited: Cited::Named(named.clone()), locator: locator.clone(), complete });
    }
    for year in years {
        let named = Named { year: year.year, letter: year.letter, dated: true, ..named.clone() };
        items.push(Item { cited: Cited::Named(named), locator: locator.clone(), complete });
    }
    if !goes_on || items.len() > 40 {
        return;
    }
    // "…, as cited in Pereira 2025", "Smith 2020, Jones 2021", "Smith 2020, p. 4, cited in Jones 2021".
    let next = (begin..end).find(|index| {
        after_signals(text, *index, end) > *index || *index > start && text.is_mark(index - 1, ',') && text.is_capital(*index)
    });
    if let Some(next) = next.filter(|_| !years.is_empty()) {
        let before = next.checked_sub(usize::from(text.is_mark(next - 1, ','))).unwrap_or(next);
        if let Some(last) = items.last_mut() {
            last.locator = locator::read(text, begin..before);
            last.complete = last.locator.is_some() || next == begin;
        }
        part(text, next..end, items);
    }
}

/// The token after words that introduce a citation.
fn after_signals(text: &Text<'_>, start: usize, end: usize) -> usize {
    let mut index = start;
    while let Some(signal) = SIGNALS.iter().find(|signal| index + signal.len() < end && text.matches(index, signal)) {
        index += signal.len();
        while index < end && matches!(text.word(index), "," | ":" | ".") {
            index += 1;
        }
    }
    index
}

/// The token after "ibid.", "ibidem", "id.", "idem".
pub fn same(text: &Text<'_>, index: usize) -> Option<usize> {
    let stop = usize::from(text.is_mark(index + 1, '.') && !text.spaced(index + 1));
    match text.small(index) {
        "ibid" | "ibidem" | "idem" => Some(index + 1 + stop),
        "id" if stop == 1 => Some(index + 2),
        _ => None,
    }
}

/// The token after "op. cit." or "loc. cit.".
pub fn earlier(text: &Text<'_>, index: usize) -> Option<usize> {
    if text.small(index) == "supra" {
        return Some(index + 1);
    }
    if !matches!(text.small(index), "op" | "loc" | "opere" | "loco") {
        return None;
    }
    let cit = index + 1 + usize::from(text.is_mark(index + 1, '.'));
    matches!(text.small(cit), "cit" | "citato").then(|| cit + 1 + usize::from(text.is_mark(cit + 1, '.')))
}

/// The years that begin at a token: "2024", "2023a, b", "2020, 2021", "12 January 2024", "n.d."; and the token after them.
pub fn years(text: &Text<'_>, start: usize, end: usize) -> (Vec<Printed>, usize) {
    let mut years: Vec<Printed> = Vec::new();
    let mut index = start;
    while index < end && years.len() < YEARS_MAX {
        let lone_letter = text.word(index).len() == 1
            && text.kind(index) == Some(Kind::Word)
            && (index + 1 == end || matches!(text.word(index + 1), "," | ")"));
        match (date::date_at(text, index), years.last().cloned()) {
            (Some(date), _) if date.tokens.end <= end => {
                index = date.tokens.end;
                years.push(date);
            }
            (_, Some(last)) if last.letter.is_some() && lone_letter => {
                years.push(Printed { letter: text.small(index).chars().next(), tokens: index..index + 1, ..last });
                index += 1;
            }
            _ => break,
        }
        let comma = matches!(text.word(index), "," | "/") && index + 1 < end;
        let more = date::year_at(text, index + 1).is_some() || text.word(index + 1).len() == 1 && text.kind(index + 1) == Some(Kind::Word);
        if !comma || !more {
            break;
        }
        index += 1;
    }
    // A comma before what turned out to be no year belongs to what follows.
    let after = years.last().map_or(start, |last| last.tokens.end);
    (years, after)
}

/// The next token after commas and colons.
fn after_comma(text: &Text<'_>, mut index: usize, end: usize) -> usize {
    while index < end && matches!(text.word(index), "," | ":" | ".") {
        index += 1;
    }
    index
}

//! Where works are listed: under a heading, at the end without one, between paragraphs, at the foot of a page.

use std::ops::Range;

use super::label::{self, Label};
use super::line::Line;
use super::shape;
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::WordClass;

static HEADINGS: WordClass = WordClass::lines_of(include_str!("../words/reference_headings.txt"));
static AFTER: WordClass = WordClass::lines_of(include_str!("../words/after_references.txt"));

/// Longest heading, in tokens.
const HEADING_TOKENS_MAX: usize = 9;
/// Lines of an entry that stands alone between paragraphs.
const LOOSE_LINES_MAX: usize = 6;
/// A line of this many characters may be broken.
const BROKEN_CHARS_MIN: usize = 40;

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its tokens, without its label.
    pub tokens: Range<usize>,
    /// Its first token, the label's if it has one.
    pub start: usize,
    /// The number it is listed under.
    pub number: Option<u32>,
    /// Whether it is a note, which may lead to a work named elsewhere.
    pub note: bool,
}

/// All lists of a text.
#[derive(Debug, Default)]
pub struct Lists {
    /// Their entries, in the order of the text.
    pub entries: Vec<Listed>,
    /// The tokens that they take up, headings and labels included.
    pub taken: Vec<Range<usize>>,
    /// Numbers of pages, each alone at the foot of its page.
    pub pages: Vec<Range<usize>>,
    /// Whether one of them has a heading.
    headed: bool,
}

impl Lists {
    /// Adds an entry; a note that only comments is left to be read as text, but for its number.
    pub fn add(&mut self, text: &Text<'_>, entry: Listed) {
        let end = if entry.comments(text) { entry.tokens.start } else { entry.tokens.end };
        self.taken.push(entry.start..end);
        self.entries.push(entry);
    }
}

impl Listed {
    /// Whether it is a note that names no work.
    pub fn comments(&self, text: &Text<'_>) -> bool {
        self.note && (!shape::is_lenient(text, &self.tokens) || shape::is_prose(text, &self.tokens))
    }
}

/// Finds the lists of a text.
pub fn find(text: &Text<'_>, lines: &[Line]) -> Lists {
    let mut lists = Lists::default();
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let next = match heading(text, &line.tokens) {
            Some(notes) => section(text, lines, index, notes, &mut lists),
            None => index,
        };
        index = if next > index { next } else { loose(text, lines, index, &mut lists) };
    }
    super::foot::find(text, lines, &mut lists);
    if !lists.headed {
        tail(text, lines, &mut lists);
    }
    lists.entries.sort_by_key(|entry| entry.tokens.start);
    lists
}

/// Whether a line is the heading of a list: of notes, or of works.
fn heading(text: &Text<'_>, line: &Range<usize>) -> Option<bool> {
    if line.len() > HEADING_TOKENS_MAX {
        return None;
    }
    let words: Vec<&str> = line.clone().filter(|index| text.kind(*index) == Some(Kind::Word)).map(|index| text.small(index)).collect();
    let marks = line.clone().filter(|index| text.kind(*index) == Some(Kind::Mark));
    if !marks.clone().all(|index| matches!(text.word(index), "." | ":" | "#" | "*" | ")" | "-" | "_" | "&" | "=" | "§")) {
        return None;
    }
    let numbered = |word: &str| word.chars().all(|c| matches!(c, 'i' | 'v' | 'x')) || word.len() == 1;
    let words = match words.as_slice() {
        [first, rest @ ..] if !rest.is_empty() && numbered(first) => rest,
        all => all,
    };
    let name = words.join(" ");
    HEADINGS.contains(name.as_str()).then(|| name.contains("notes"))
}

/// Reads the list under a heading; returns the line after it, or the heading's where none follows.
fn section(text: &Text<'_>, lines: &[Line], at: usize, notes: bool, lists: &mut Lists) -> usize {
    let end = section_end(text, lines, at + 1);
    let body = lines.get(at + 1..end).unwrap_or_default();
    let entries = entries(text, body, notes);
    let listed = |entry: &Listed| shape::is_lenient(text, &entry.tokens) || entry.number.is_some();
    if !entries.first().is_some_and(listed) {
        return at;
    }
    if let (Some(first), Some(last), false) = (lines.get(at), body.last(), notes) {
        lists.taken.push(first.tokens.start..last.tokens.end);
    }
    for entry in entries.into_iter().filter(listed) {
        lists.add(text, entry);
    }
    lists.headed = true;
    end
}

/// The line before which a list ends: another section, or prose.
fn section_end(text: &Text<'_>, lines: &[Line], from: usize) -> usize {
    let mut entry_before = true;
    for (index, line) in lines.iter().enumerate().skip(from) {
        if is_other_heading(text, &line.tokens) || heading(text, &line.tokens).is_some() {
            return index;
        }
        let entry = label::at(text, line.tokens.start, line.tokens.end).is_some() || shape::is_headed(text, &line.tokens);
        let prose = !entry && line.tokens.len() > 12 && shape::is_prose(text, &line.tokens);
        if prose && (line.apart || index == from || entry_before && line.tokens.len() > 40) {
            return index;
        }
        entry_before = entry;
    }
    lines.len()
}

/// "About the author", "Annex A", "Contact:".
fn is_other_heading(text: &Text<'_>, line: &Range<usize>) -> bool {
    let ended = matches!(text.word(line.end.saturating_sub(1)), "." | "/" | ")" | "”");
    line.len() <= HEADING_TOKENS_MAX
        && !ended
        && AFTER.contains(text.small(line.start))
        && !line.clone().any(|index| text.is_mark(index, ','))
}

/// Puts the lines of a list together to entries.
fn entries(text: &Text<'_>, lines: &[Line], note: bool) -> Vec<Listed> {
    let style = Style::of(text, lines);
    let mut entries: Vec<Listed> = Vec::new();
    let mut expected = None;
    for (index, line) in lines.iter().enumerate() {
        if is_page_number(text, line) {
            continue;
        }
        let label = label::at(text, line.tokens.start, line.tokens.end).filter(|label| style.labelled && label.follows(expected));
        let begins = label.is_some() || index == 0 || style.begins(text, lines, index);
        if let (false, Some(last)) = (begins, entries.last_mut()) {
            last.tokens.end = line.tokens.end;
            continue;
        }
        let number = label.as_ref().and_then(|label| label.number);
        expected = number.map(|number| number + 1).or(expected);
        let start = label.map_or(line.tokens.start, |label| label.end);
        entries.push(Listed { tokens: start..line.tokens.end, start: line.tokens.start, number, note });
    }
    entries
}

/// A page's number, alone on its line.
fn is_page_number(text: &Text<'_>, line: &Line) -> bool {
    line.tokens.len() == 1 && text.kind(line.tokens.start) == Some(Kind::Digits)
}

/// How a list shows where its entries begin.
struct Style {
    labelled: bool,
    /// Indent of first lines, where other lines have another one.
    hanging: Option<usize>,
}

impl Style {
    fn of(text: &Text<'_>, lines: &[Line]) -> Self {
        let labels = lines.iter().filter(|line| label::at(text, line.tokens.start, line.tokens.end).is_some()).count();
        let first_labelled = lines.first().is_some_and(|line| label::at(text, line.tokens.start, line.tokens.end).is_some());
        let labelled = first_labelled || labels * 2 >= lines.len().max(1);
        let first = lines.first().map_or(0, |line| line.indent);
        let differs = lines.iter().filter(|line| line.indent != first).count();
        let goes_on = lines.iter().any(|line| line.indent != first && !line.apart && !shape::begins_like_entry(text, line.tokens.start));
        Self { labelled, hanging: (differs > 0 && goes_on).then_some(first) }
    }

    /// Whether an entry begins with a line that has no label.
    fn begins(&self, text: &Text<'_>, lines: &[Line], index: usize) -> bool {
        let (Some(line), Some(before)) = (lines.get(index), index.checked_sub(1).and_then(|before| lines.get(before))) else { return true };
        let start = line.tokens.start;
        if self.labelled {
            return false;
        }
        if text.word(start).starts_with(char::is_lowercase) && !shape::begins_like_entry(text, start) {
            return false;
        }
        if let Some(first) = self.hanging {
            return line.indent == first;
        }
        if line.apart {
            return true;
        }
        // What ended, or is too short to have been broken, does not go on.
        let chars = text.slice(before.tokens.clone()).len();
        let ended = shape::ends_like_entry(text, &before.tokens);
        shape::begins_like_entry(text, start) && (ended || chars < BROKEN_CHARS_MIN) || chars < BROKEN_CHARS_MIN && ended
    }
}

/// An entry that stands alone between paragraphs; returns the line after it.
fn loose(text: &Text<'_>, lines: &[Line], at: usize, lists: &mut Lists) -> usize {
    let Some(line) = lines.get(at) else { return at + 1 };
    let label = label::at(text, line.tokens.start, line.tokens.end).filter(Label::is_bracketed);
    let start = label.as_ref().map_or(line.tokens.start, |label| label.end);
    if !shape::begins_like_entry(text, start) {
        return at + 1;
    }
    let number = label.and_then(|label| label.number);
    let group = lines.iter().skip(at + 1).take(LOOSE_LINES_MAX).take_while(|line| !line.apart).count();
    for last in [at, at + group] {
        let Some(end) = lines.get(last).map(|line| line.tokens.end) else { continue };
        if shape::is_strict(text, &(start..end)) {
            lists.taken.push(line.tokens.start..end);
            lists.entries.push(Listed { tokens: start..end, start: line.tokens.start, number, note: false });
            return last + 1;
        }
    }
    at + 1
}

/// A run of entries at the end, without a heading.
fn tail(text: &Text<'_>, lines: &[Line], lists: &mut Lists) {
    let run = lines.iter().rev().take_while(|line| shape::is_plausible(text, &line.tokens)).count();
    if run < 2 {
        return;
    }
    let lines = lines.get(lines.len() - run..).unwrap_or_default();
    if let (Some(first), Some(last)) = (lines.first(), lines.last()) {
        lists.taken.push(first.tokens.start..last.tokens.end);
        lists.entries.retain(|entry| entry.tokens.end <= first.tokens.start);
    }
    lists.entries.extend(entries(text, lines, false));
}

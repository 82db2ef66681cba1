//! Lines cut into cells, and what sort of cell and line each is.

use std::ops::Range;

use crate::extraction::quantity::number_words;

/// Longest cell of words, in bytes: what is longer is prose.
const LABEL_BYTES_MAX: usize = 80;
/// Longest cell with a number.
const NUMBER_BYTES_MAX: usize = 28;
/// Letters that a number may have beside it: a code, a unit, the sign of a note.
const LETTERS_MAX: usize = 4;
/// What stands where a number is missing.
const MISSING: &[&str] = &["", "-", "–", "—", "−", ".", "..", "…", "...", "n/a", "N/A", "na", "n.a.", "x", "X", "*"];

/// What parts the cells of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Tabs,
    Strokes,
    Gaps,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Words,
    Number,
    /// Four digits that can be a year, or a year with a quarter.
    Year,
    Missing,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) bytes: Range<usize>,
    /// Where it stands in its line, in characters.
    pub(super) columns: Range<usize>,
    pub(super) sort: Sort,
}

/// A line with its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) bytes: Range<usize>,
    pub(super) form: Form,
    pub(super) cells: Vec<Cell>,
    /// Whether it only rules a table off.
    pub(super) is_rule: bool,
}

impl Line {
    fn count(&self, sort: Sort) -> usize {
        self.cells.iter().filter(|cell| cell.sort == sort).count()
    }

    /// Whether it holds numbers, with words for no more than two labels.
    pub(super) fn is_data(&self) -> bool {
        let years = self.count(Sort::Year);
        self.cells.len() > 1
            && self.count(Sort::Words) <= 2
            && (self.count(Sort::Number) > 0 || years > 0 && self.count(Sort::Words) > 0 && years == 1 && self.cells.len() == 2)
    }

    /// Whether it can stand above numbers: short words and years.
    pub(super) fn is_head(&self) -> bool {
        let is_short = |cell: &Cell| cell.bytes.len() <= LABEL_BYTES_MAX;
        self.cells.len() > 1 && self.count(Sort::Number) == 0 && self.cells.iter().all(is_short)
    }

    /// The cell that says what its row is about.
    pub(super) fn label(&self) -> Option<usize> {
        let words = self.cells.iter().position(|cell| cell.sort == Sort::Words);
        words.or_else(|| self.cells.first().filter(|cell| cell.sort == Sort::Year).map(|_| 0))
    }
}

/// All lines of a text.
pub(super) fn lines(raw: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in raw.split_inclusive('\n') {
        // A tab at the end opens an empty cell.
        lines.push(cut(line.trim_end_matches(['\n', '\r', '\u{c}', ' ']), start));
        start += line.len();
    }
    lines
}

fn cut(line: &str, start: usize) -> Line {
    let trimmed = line.trim_start();
    let form = if line.contains('\t') {
        Form::Tabs
    } else if trimmed.starts_with('|') || line.matches(" | ").count() > 1 {
        Form::Strokes
    } else {
        Form::Gaps
    };
    let is_rule = form == Form::Strokes && line.contains('-') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '+' | '='));
    let places = if is_rule { Vec::new() } else { places(line, form) };
    let (mut at, mut column) = (0, 0);
    let cells = places.into_iter().map(|place| {
        // Characters are counted on from the cell before.
        column += line.get(at..place.start).map_or(0, |before| before.chars().count());
        at = place.start;
        cell(line, start, place, column)
    });
    let cells = cells.collect();
    Line { bytes: start..start + line.len(), form, cells, is_rule }
}

/// Where the cells of a line stand in it.
fn places(line: &str, form: Form) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut from = 0;
    match form {
        Form::Tabs | Form::Strokes => {
            let mark = if form == Form::Tabs { '\t' } else { '|' };
            for piece in line.split(mark) {
                places.push(from..from + piece.len());
                from += piece.len() + 1;
            }
            if form == Form::Strokes {
                // What stands outside of the outer strokes is no cell.
                let is_empty = |place: &Range<usize>| line.get(place.clone()).is_none_or(|words| words.trim().is_empty());
                if places.len() > 2 && places.first().is_some_and(is_empty) {
                    places.remove(0);
                }
                if places.len() > 2 && places.last().is_some_and(is_empty) {
                    places.pop();
                }
            }
        }
        Form::Gaps => {
            while let Some(gap) = line.get(from..).and_then(|rest| rest.find("  ")) {
                if gap > 0 {
                    places.push(from..from + gap);
                }
                from += gap;
                from += line.get(from..).map_or(0, |rest| rest.len() - rest.trim_start_matches(' ').len());
            }
            if from < line.len() {
                places.push(from..line.len());
            }
        }
    }
    places
}

fn cell(line: &str, start: usize, place: Range<usize>, column: usize) -> Cell {
    let words = line.get(place.clone()).unwrap_or_default();
    let lead = words.len() - words.trim_start().len();
    let words = words.trim();
    let first = place.start + lead;
    let column = column + lead;
    let bytes = start + first..start + first + words.len();
    Cell { bytes, columns: column..column + words.chars().count(), sort: sort(words) }
}

fn sort(words: &str) -> Sort {
    if MISSING.contains(&words) {
        return Sort::Missing;
    }
    if is_year(words) {
        return Sort::Year;
    }
    let is_scale = |word: &&str| number_words::scale(word.trim_matches('.').to_lowercase().as_str()).is_some();
    let letters: usize =
        words.split(' ').filter(|word| !is_scale(word)).map(|word| word.chars().filter(|c| c.is_alphabetic()).count()).sum();
    let before = words.find(|c: char| c.is_ascii_digit()).and_then(|digit| words.get(..digit));
    // "Q1" and "F16" are names; "US$ 4" and "EUR 4" are none.
    let is_led = before.is_some_and(|before| !before.ends_with(char::is_alphabetic));
    let is_plain = words.chars().all(|c| c.is_alphanumeric() || c.is_ascii_punctuation() || " \u{a0}\u{202f}–−—£€¥₹±’†‡¹²³⁴⁵".contains(c));
    if is_led && is_plain && letters <= LETTERS_MAX && words.len() <= NUMBER_BYTES_MAX { Sort::Number } else { Sort::Words }
}

/// Whether a cell is a year, perhaps with another or with a quarter: "2023", "2022/23", "FY2023", "Q1 2024".
fn is_year(words: &str) -> bool {
    let is_four = |part: &str| part.len() == 4 && part.parse::<u16>().is_ok_and(|year| (1900..2100).contains(&year));
    let mut parts = words.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let has_mark = words.contains([',', '.', '%', '$', '€', '£', '(', '+']);
    words.len() <= 12 && !has_mark && parts.any(is_four) && words.chars().all(|c| c.is_ascii_alphanumeric() || " -–/’'".contains(c))
}

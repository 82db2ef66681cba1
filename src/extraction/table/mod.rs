//! Tables in a text: cells parted by tabs, by strokes as in Markdown, or by gaps as a page set in columns has them.
//!
//! What a number in a table means stands elsewhere in it: above it the year and the unit, beside it whose it is, over the whole what is
//! counted. A table is seen before the text is cut, because its lines are no sentences: each cell becomes a block of its own.
//!
//! - `rows`: lines cut into cells, and what sort of line each is;
//! - `columns`: which heading stands above a cell.
//!
//! Unit and scale are taken from a heading by `quantity::cell`, time and actor by `claim::cell`.

mod columns;
mod rows;

use std::ops::Range;

use super::text::{Text, Token};
use super::time::Times;
use super::uses::{Use, Uses};
use super::word_class::WordClass;
use rows::{Line, Sort};

/// Headings of columns whose numbers measure nothing.
static HEADINGS_OF_NUMBERING: WordClass = WordClass::named("headings of numbering");
/// How many lines above the numbers are headings.
const HEAD_LINES_MAX: usize = 4;
/// Of how many columns a table is read.
const COLUMNS_MAX: usize = 60;
/// How many lines above a table can be its title.
const CAPTION_LINES_MAX: usize = 2;
/// Longest line, in bytes, that can be one.
const CAPTION_BYTES_MAX: usize = 200;

/// A number in a table, with what is said of it elsewhere. All places are ranges of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Its cell.
    pub tokens: Range<usize>,
    /// Its row.
    pub row: Range<usize>,
    /// What the row is about.
    pub label: Option<Range<usize>>,
    /// The headings above it, the nearest first.
    pub heads: Vec<Range<usize>>,
    /// The headings above the row's label.
    pub corners: Vec<Range<usize>>,
    /// The lines above the table, the nearest first.
    pub captions: Vec<Range<usize>>,
}

/// The tables of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tables {
    /// First tokens of cells.
    starts: Vec<usize>,
    values: Vec<Value>,
    /// Headings, and lines above tables.
    headings: Vec<Range<usize>>,
}

/// A table as places of its text, in bytes.
#[derive(Debug, Default)]
struct Found {
    captions: Vec<Range<usize>>,
    heads: Vec<Line>,
    rows: Vec<Line>,
    end: usize,
}

impl Tables {
    /// Finds the tables of a text, and parts their cells.
    pub fn of(raw: &str, tokens: &mut [Token]) -> Self {
        // Most texts have none of these.
        if !raw.contains('\n') || !raw.contains('\t') && !raw.contains('|') && !raw.contains("  ") {
            return Self::default();
        }
        let mut tables = Self::default();
        for found in find(raw) {
            tables.add(&found, tokens);
        }
        tables.starts.sort_unstable();
        tables.starts.dedup();
        tables
    }

    /// Whether a cell begins at a token.
    pub fn is_cell(&self, token: usize) -> bool {
        self.starts.binary_search(&token).is_ok()
    }

    /// The number in whose cell a token stands.
    pub fn value_at(&self, token: usize) -> Option<&Value> {
        let at = self.values.partition_point(|value| value.tokens.end <= token);
        self.values.get(at).filter(|value| value.tokens.contains(&token))
    }

    /// Whether a token stands in a heading or a title of a table, where "millions" are a scale and no quantity.
    pub fn is_heading(&self, token: usize) -> bool {
        let at = self.headings.partition_point(|heading| heading.end <= token);
        self.headings.get(at).is_some_and(|heading| heading.contains(&token))
    }

    /// Gives back what earlier steps took a number in a table for: "Chad 1998" in two cells is neither a name nor a year.
    pub fn release(&self, text: &Text<'_>, uses: &mut Uses, times: &mut Times) {
        if self.values.is_empty() {
            return;
        }
        for value in &self.values {
            let numbers = value.heads.iter().any(|head| head.clone().all(|token| HEADINGS_OF_NUMBERING.contains(text.small(token))));
            uses.take(value.tokens.clone(), if numbers { Use::Ordinal } else { Use::Free });
        }
        times.found.retain(|time| self.value_at(time.tokens.start).is_none());
    }

    fn add(&mut self, found: &Found, tokens: &mut [Token]) {
        let place = |bytes: &Range<usize>| {
            let start = tokens.partition_point(|token| token.start < bytes.start);
            let end = tokens.partition_point(|token| token.start < bytes.end);
            start..end
        };
        let told = |bytes: &Range<usize>| Some(place(bytes)).filter(|tokens| !tokens.is_empty());
        let captions: Vec<_> = found.captions.iter().filter_map(told).collect();
        for (number, row) in found.rows.iter().enumerate() {
            let label = row.label();
            let own = label.map(|at| columns::heads(found, number, at)).unwrap_or_default();
            let corners: Vec<_> = own.iter().filter_map(told).collect();
            for (at, cell) in row.cells.iter().enumerate().filter(|(at, cell)| cell.sort == Sort::Number && Some(*at) != label) {
                let Some(tokens) = told(&cell.bytes) else { continue };
                self.values.push(Value {
                    tokens,
                    row: place(&row.bytes),
                    label: label.and_then(|label| row.cells.get(label)).and_then(|cell| told(&cell.bytes)),
                    heads: columns::heads(found, number, at).iter().filter_map(told).collect(),
                    corners: corners.clone(),
                    captions: captions.clone(),
                });
            }
        }
        let cells = found.heads.iter().chain(&found.rows).flat_map(|line| &line.cells).filter_map(|cell| told(&cell.bytes));
        let starts: Vec<usize> = cells.map(|cell| cell.start).collect();
        let heads = found.heads.iter().flat_map(|line| &line.cells).filter_map(|cell| told(&cell.bytes));
        self.headings.extend(heads.chain(captions));
        self.headings.sort_unstable_by_key(|heading| heading.start);
        let after = tokens.partition_point(|token| token.start < found.end);
        for start in starts.iter().copied().chain([after]) {
            if let Some(token) = tokens.get_mut(start).filter(|_| start > 0) {
                token.breaks = token.breaks.max(2);
            }
        }
        self.starts.extend(starts);
    }
}

/// The tables of a text, in order.
fn find(raw: &str) -> Vec<Found> {
    let lines = rows::lines(raw);
    let mut tables = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if line.cells.len() < 2 {
            at += 1;
            continue;
        }
        let end = run(&lines, at);
        match table(raw, &lines, at, end) {
            Some(found) => {
                tables.push(found);
                at = end;
            }
            // What was looked through is not looked through again.
            None => at = end.max(at + 1),
        }
    }
    tables
}

/// Where the lines end that look like one table from a line on.
fn run(lines: &[Line], start: usize) -> usize {
    let Some(form) = lines.get(start).map(|line| line.form) else { return start };
    let (mut end, mut width) = (start, None);
    for (at, line) in lines.iter().enumerate().skip(start) {
        let is_row = line.cells.len() > 1 && line.form == form && (line.is_head() || line.is_data()) || line.is_rule;
        // A line of one cell parts groups of rows; an empty one may stand between rows that are set apart.
        let goes_on = |next: &Line| next.form == form && next.is_data() && width.is_none_or(|width| width == next.cells.len());
        let is_between = line.cells.len() <= 1 && lines.get(at + 1).is_some_and(goes_on);
        if is_row {
            end = at + 1;
            width = Some(line.cells.len()).filter(|_| line.is_data()).or(width);
        } else if !is_between {
            break;
        }
    }
    end
}

fn table(raw: &str, lines: &[Line], start: usize, end: usize) -> Option<Found> {
    let inside = lines.get(start..end)?;
    let first = inside.iter().position(Line::is_data)?;
    let rows: Vec<Line> = inside.iter().skip(first).filter(|line| line.is_data()).cloned().collect();
    let above = inside.get(first.saturating_sub(HEAD_LINES_MAX)..first).unwrap_or_default();
    let heads: Vec<Line> = above.iter().filter(|line| line.cells.len() > 1).cloned().collect();
    let width = rows.iter().map(|row| row.cells.len()).max().filter(|width| *width <= COLUMNS_MAX)?;
    let is_gapped = inside.first()?.form == rows::Form::Gaps;
    // A list of pages in a table of contents has neither headings nor columns.
    let is_table = if is_gapped { rows.len() > 1 && (!heads.is_empty() || width > 2) } else { rows.len() + heads.len() > 1 };
    let mut found = Found { captions: captions(raw, lines, start), heads, rows, end: inside.last()?.bytes.end };
    is_table.then(|| {
        columns::settle_years(&mut found);
        found
    })
}

/// The lines above a table that can be its title, the nearest first.
fn captions(raw: &str, lines: &[Line], start: usize) -> Vec<Range<usize>> {
    let mut captions = Vec::new();
    let mut is_apart = false;
    for line in lines.get(..start).unwrap_or_default().iter().rev() {
        let words = raw.get(line.bytes.clone()).unwrap_or_default().trim();
        if words.is_empty() {
            if is_apart || !captions.is_empty() {
                break;
            }
            is_apart = true;
            continue;
        }
        let is_title = words.len() <= CAPTION_BYTES_MAX && (!words.ends_with('.') || words.starts_with("Table"));
        if !is_title || line.is_data() || captions.len() == CAPTION_LINES_MAX {
            break;
        }
        captions.push(line.bytes.clone());
    }
    captions
}

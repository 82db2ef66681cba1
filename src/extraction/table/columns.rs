//! Which heading stands above a cell: by their count where they match, else by where they stand on the line.

use std::ops::Range;

use super::Found;
use super::rows::{Cell, Form, Line, Sort};

/// How far, in characters, the middle of a heading may lie from the middle of its cell.
const OFF_MAX: usize = 12;

/// The headings above a cell of a row, the nearest first.
pub(super) fn heads(table: &Found, row: usize, at: usize) -> Vec<Range<usize>> {
    let Some(line) = table.rows.get(row) else { return Vec::new() };
    let mut heads = Vec::new();
    for (above, head) in table.heads.iter().rev().enumerate() {
        if let Some(cell) = head_in(head, line, at, above > 0) {
            heads.push(cell.bytes.clone());
        }
    }
    heads
}

/// The cell of a heading's line above a cell; in an upper line, one may stand above several.
fn head_in<'t>(head: &'t Line, line: &Line, at: usize, is_upper: bool) -> Option<&'t Cell> {
    let (count, cells) = (head.cells.len(), line.cells.len());
    let told = |cell: &&Cell| cell.sort != Sort::Missing;
    if count == cells {
        let cell = head.cells.get(at).filter(told);
        return cell.or_else(|| head.cells.get(..at)?.iter().rev().find(told).filter(|_| is_upper && at > 0));
    }
    // The heading of the labels is often left out.
    if count + 1 == cells && !is_upper {
        return at.checked_sub(1).and_then(|at| head.cells.get(at)).filter(told);
    }
    if line.form != Form::Gaps {
        let left = || head.cells.iter().take(at).rev().find(told).filter(|_| is_upper && at > 0);
        return head.cells.get(at).filter(told).or_else(left);
    }
    let cell = line.cells.get(at)?;
    let overlap = |other: &&Cell| other.columns.end.min(cell.columns.end).saturating_sub(other.columns.start.max(cell.columns.start));
    let best = head.cells.iter().max_by_key(overlap).filter(|best| overlap(best) > 0);
    let middle = |cell: &Cell| cell.columns.start.midpoint(cell.columns.end);
    let near = || head.cells.iter().min_by_key(|other| middle(other).abs_diff(middle(cell)));
    best.or_else(|| near().filter(|near| middle(near).abs_diff(middle(cell)) <= OFF_MAX))
}

/// Four digits in a column of numbers are no year: "1998" between "640" and "2,105". The first column keeps its years.
pub(super) fn settle_years(table: &mut Found) {
    let width = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    for column in 1..width {
        let is_number = |row: &Line| row.cells.get(column).is_some_and(|cell| cell.sort == Sort::Number);
        if !table.rows.iter().any(is_number) {
            continue;
        }
        let cells = table.rows.iter_mut().filter(|row| row.cells.len() == width).filter_map(|row| row.cells.get_mut(column));
        for cell in cells.filter(|cell| cell.sort == Sort::Year) {
            cell.sort = Sort::Number;
        }
    }
}

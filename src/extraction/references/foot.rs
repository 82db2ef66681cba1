//! Notes at the foot of pages, as text made from pages has them.

use super::bibliography::{Listed, Lists};
use super::label;
use super::line::Line;
use crate::extraction::text::{Kind, Text};

/// Entries before the notes of a page that may be the same.
const LISTED_BEFORE: usize = 60;

/// Finds the notes at the foot of every page, where the text has pages.
pub fn find(text: &Text<'_>, lines: &[Line], lists: &mut Lists) {
    if !lines.iter().any(|line| line.begins_page) {
        return;
    }
    let mut start = 0;
    for index in 1..=lines.len() {
        if lines.get(index).is_none_or(|line| line.begins_page) {
            if let Some(page) = lines.get(start..index) {
                foot(text, page, lists);
            }
            start = index;
        }
    }
}

/// Finds the notes of one page: its last groups of lines, each of which begins with a number.
fn foot(text: &Text<'_>, page: &[Line], lists: &mut Lists) {
    let mut first = page.len();
    let mut end = page.len();
    while end > 0 {
        let start = page.iter().take(end).rposition(|line| line.apart).unwrap_or(0);
        let Some(group) = page.get(start..end).filter(|group| !group.is_empty()) else { break };
        let page_number = matches!(group, [line] if line.tokens.len() == 1 && text.kind(line.tokens.start) == Some(Kind::Digits));
        if page_number {
            lists.pages.extend(group.iter().map(|line| line.tokens.clone()));
        } else if start > 0 && number_of(text, group).is_some() {
            first = start;
        } else {
            break;
        }
        end = start;
    }
    let notes = join(text, page.get(first..).unwrap_or_default());
    let known = |note: &Listed| lists.entries.iter().rev().take(LISTED_BEFORE).any(|entry| entry.tokens.contains(&note.tokens.start));
    if notes.iter().any(known) {
        return;
    }
    for note in notes {
        lists.add(text, note);
    }
}

/// Puts the lines of notes together.
fn join(text: &Text<'_>, lines: &[Line]) -> Vec<Listed> {
    let mut notes: Vec<Listed> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let follows = |found: &(u32, usize)| notes.last().and_then(|note| note.number).is_none_or(|last| found.0 == last + 1);
        let found = lines.get(index..).and_then(|rest| number_of(text, rest)).filter(follows);
        match (found, notes.last_mut()) {
            (Some((number, start)), _) => {
                let end = line.tokens.end.max(start);
                notes.push(Listed { tokens: start..end, start: line.tokens.start, number: Some(number), note: true });
            }
            (None, Some(last)) if line.tokens.len() > 1 || !line.apart => last.tokens.end = line.tokens.end,
            _ => {}
        }
    }
    notes
}

/// The number with which lines begin, be it alone on the first, and the token after it.
fn number_of(text: &Text<'_>, lines: &[Line]) -> Option<(u32, usize)> {
    let line = lines.first()?;
    let next = lines.get(1).filter(|next| !next.apart && line.tokens.len() == 1);
    let label = label::at(text, line.tokens.start, next.map_or(line.tokens.end, |next| next.tokens.end))?;
    Some((label.number?, label.end))
}

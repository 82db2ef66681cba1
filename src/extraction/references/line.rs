//! The lines of a text: lists of works are made of lines, however the blocks of the text fall.

use std::ops::Range;

use crate::extraction::text::Text;

/// A line with something on it.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Characters of space before its first token.
    pub indent: usize,
    /// Whether an empty line, or a page's end, stands before it.
    pub apart: bool,
    /// Whether a page begins with it.
    pub begins_page: bool,
}

/// All lines, in order.
pub fn lines(text: &Text<'_>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (index, token) in text.tokens.iter().enumerate() {
        if index > 0 && token.breaks == 0 {
            continue;
        }
        let from = index.checked_sub(1).and_then(|before| text.tokens.get(before)).map_or(0, |before| before.end);
        let space = text.raw.get(from..token.start).unwrap_or_default();
        let indent = space.rsplit(['\n', '\u{c}']).next().unwrap_or_default().chars().count();
        if let Some(last) = lines.last_mut() {
            last.tokens.end = index;
        }
        lines.push(Line {
            tokens: index..text.tokens.len(),
            indent,
            apart: index == 0 || token.breaks > 1,
            begins_page: space.contains('\u{c}'),
        });
    }
    lines
}

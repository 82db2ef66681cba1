//! A page of HTML to the text that a reader sees, by its tokens alone.
//!
//! No tree is built: building one takes a time that grows with the square of the nesting, and a text needs none. Whatever is
//! nested however deep, every token is looked at once. `elements` says what each element does to the text.

mod elements;

use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use elements::{Attribute, BEGINNINGS, ENDS_OF_CONTAINERS, OPEN_ENDED, SKIPPED, Tag, VOID, is_block};

/// The small letters as they are raised; there is none for q.
const RAISED_LETTERS: &str = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖqʳˢᵗᵘᵛʷˣʸᶻ";
/// Longest raised text, in bytes, that can be an exponent or the number of a note.
const RAISED_BYTES_MAX: usize = 12;

/// The text of a page: paragraphs parted by empty lines, cells of a table by tabs and its rows by line ends, raised digits as such.
/// Only what is written in the page itself counts: what an element's own attributes hide is left out, sheets of styles are not looked
/// at.
pub fn text_of(html: &str) -> String {
    let mut page = Page { text: String::with_capacity(html.len() / 2), ..Page::default() };
    let on_event = |event: CallbackEvent<'_>, _: Span<()>| {
        page.take(&event);
        None::<Infallible>
    };
    let mut emitter = CallbackEmitter::new(on_event);
    // Scripts, styles, titles are read as what they are.
    emitter.naively_switch_states(true);
    // Nothing is given on: what there is, the emitter has taken.
    Tokenizer::new_with_emitter(html, emitter).for_each(drop);
    page.text
}

/// What has to stand between the text written so far and what comes next, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Gap {
    #[default]
    Nothing,
    Space,
    Line,
    Paragraph,
}

/// A text in the making.
#[derive(Debug, Default)]
struct Page {
    text: String,
    gap: Gap,
    /// Tabs that follow the gap: cells that began since the last text.
    tabs: usize,
    /// The skipped element that is open, and how many of its name are.
    skipped: Option<(Vec<u8>, usize)>,
    tag: Tag,
    /// Open elements in which white space counts.
    preformatted: usize,
    /// Where the raised text began.
    raised_from: Option<usize>,
    row: Row,
}

/// Where in a table the text stands.
#[derive(Debug, Default, Clone, Copy)]
struct Row {
    /// Rows of the innermost table that began.
    rows: usize,
    /// Cells of the row that began.
    cells: usize,
    /// Whether the row has text.
    has_text: bool,
    /// Whether the cell has none yet.
    at_cell_start: bool,
    /// Columns that the last cell takes beyond its own.
    spanned: usize,
}

impl Page {
    fn take(&mut self, event: &CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag.name.clear();
                self.tag.name.extend_from_slice(name);
                (self.tag.attribute, self.tag.is_hidden, self.tag.columns) = (Attribute::Other, false, 1);
            }
            CallbackEvent::AttributeName { name } => {
                self.tag.is_hidden |= *name == b"hidden";
                self.tag.attribute = match *name {
                    b"style" => Attribute::Style,
                    b"colspan" => Attribute::Columns,
                    _ => Attribute::Other,
                };
            }
            CallbackEvent::AttributeValue { value } => self.tag.read(value),
            CallbackEvent::CloseStartTag { .. } => self.open(),
            CallbackEvent::EndTag { name } if !self.skips_end(name) => self.end(name),
            CallbackEvent::String { value } if self.skipped.is_none() => self.write(&String::from_utf8_lossy(value)),
            _ => {}
        }
    }

    /// Takes a start tag whose attributes are read.
    fn open(&mut self) {
        let name = std::mem::take(&mut self.tag.name);
        if !self.skips_start(&name) {
            let is_shown = VOID.contains(&name.as_slice()) || BEGINNINGS.contains(&name.as_slice()) || name == b"html";
            if self.tag.is_hidden && !is_shown {
                self.skipped = Some((name.clone(), 1));
                self.gap = self.gap.max(if is_block(&name) { Gap::Paragraph } else { Gap::Space });
            } else {
                self.start(&name);
            }
        }
        self.tag.name = name;
    }

    /// Whether a start tag is part of something skipped, or begins it.
    fn skips_start(&mut self, name: &[u8]) -> bool {
        if let Some((skipped, depth)) = &mut self.skipped {
            let ends = match skipped.as_slice() {
                b"template" => false,
                // Paragraphs and tables cannot stand in a drawing: the browser takes it as ended there, too.
                // The end tags of paragraphs, items and cells are often left out.
                b"svg" | b"p" => is_block(name),
                b"li" | b"dd" | b"dt" | b"option" => skipped == name || matches!(name, b"dd" | b"dt"),
                b"td" | b"th" | b"tr" => matches!(name, b"td" | b"th" | b"tr") && (skipped != b"tr" || name == b"tr"),
                _ => BEGINNINGS.contains(&name),
            };
            if !ends {
                *depth += usize::from(skipped == name);
                return true;
            }
            self.skipped = None;
        }
        if SKIPPED.contains(&name) {
            self.skipped = Some((name.to_vec(), 1));
            self.gap = self.gap.max(Gap::Space);
        }
        self.skipped.is_some()
    }

    fn skips_end(&mut self, name: &[u8]) -> bool {
        let Some((skipped, depth)) = &mut self.skipped else { return false };
        if OPEN_ENDED.contains(&skipped.as_slice()) && ENDS_OF_CONTAINERS.contains(&name) {
            self.skipped = None;
            return false;
        }
        if skipped == name {
            *depth -= 1;
            if *depth == 0 {
                self.skipped = None;
            }
        }
        true
    }

    fn start(&mut self, name: &[u8]) {
        match name {
            b"br" => self.part(if self.gap >= Gap::Line { Gap::Paragraph } else { Gap::Line }),
            b"tr" => self.start_row(),
            b"td" | b"th" => self.start_cell(self.tag.columns),
            b"sup" => self.raised_from = Some(self.text.len()),
            b"q" => self.write("“"),
            _ if is_block(name) => self.part(Gap::Paragraph),
            _ => {}
        }
        match name {
            b"pre" => self.preformatted += 1,
            b"table" => self.row = Row::default(),
            _ => {}
        }
    }

    fn end(&mut self, name: &[u8]) {
        match name {
            b"tr" => self.row.cells = 0,
            b"table" => self.row = Row::default(),
            b"pre" => self.preformatted = self.preformatted.saturating_sub(1),
            b"sup" => self.raise(),
            b"q" => self.write("”"),
            _ => {}
        }
        if is_block(name) {
            self.part(Gap::Paragraph);
        }
    }

    /// Asks for a gap, unless it would part a cell from its own beginning.
    fn part(&mut self, gap: Gap) {
        if !self.row.at_cell_start {
            self.gap = self.gap.max(gap);
            self.tabs = 0;
        }
    }

    fn start_row(&mut self) {
        // A paragraph that ended inside the last cell does not part the rows.
        self.gap = if self.row.rows > 0 { Gap::Line } else { self.gap.max(Gap::Line) };
        self.tabs = 0;
        self.row = Row { rows: self.row.rows + 1, ..Row::default() };
    }

    fn start_cell(&mut self, columns: usize) {
        if self.row.cells > 0 {
            self.tabs += 1 + self.row.spanned;
            if self.row.has_text {
                self.gap = Gap::Nothing;
            }
        }
        self.row.cells += 1;
        self.row.spanned = columns - 1;
        self.row.at_cell_start = true;
    }

    fn write(&mut self, words: &str) {
        if self.preformatted > 0 {
            self.put(words);
            return;
        }
        for part in words.split_inclusive(|c: char| c.is_ascii_whitespace()) {
            let word = part.trim_end_matches(|c: char| c.is_ascii_whitespace());
            if !word.is_empty() {
                self.put(word);
            }
            if word.len() < part.len() {
                self.gap = self.gap.max(Gap::Space);
            }
        }
    }

    /// Writes the gap that is due, then words as they are.
    fn put(&mut self, words: &str) {
        if !self.text.is_empty() {
            match self.gap {
                Gap::Space if self.tabs == 0 => self.text.push(' '),
                Gap::Nothing | Gap::Space => {}
                Gap::Line => self.text.push('\n'),
                Gap::Paragraph => self.text.push_str("\n\n"),
            }
            self.text.extend(std::iter::repeat_n('\t', self.tabs));
        }
        (self.gap, self.tabs) = (Gap::Nothing, 0);
        (self.row.has_text, self.row.at_cell_start) = (true, false);
        self.text.push_str(words);
    }

    /// Makes digits that were raised show it: `m<sup>2</sup>` is no 2 after a metre, and a note's number no part of the number
    /// before it.
    fn raise(&mut self) {
        let Some(from) = self.raised_from.take() else { return };
        let Some(raised) = self.text.get(from..).filter(|raised| raised.len() <= RAISED_BYTES_MAX) else { return };
        let is_digits =
            !raised.trim().is_empty() && raised.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | ',' | '-' | '−' | '(' | ')'));
        // A letter right behind a digit is that of a note.
        let is_note = raised.len() == 1 && raised.bytes().all(|c| c.is_ascii_lowercase());
        let follows_digit = self.text.get(..from).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
        if !(is_digits || is_note && follows_digit) {
            return;
        }
        let raised: String = raised.chars().map(superscript).collect();
        self.text.truncate(from);
        self.text.push_str(&raised);
    }
}

fn superscript(c: char) -> char {
    match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        '-' | '−' => '⁻',
        '(' => '⁽',
        ')' => '⁾',
        'a'..='z' => RAISED_LETTERS.chars().nth(usize::from(c as u8 - b'a')).unwrap_or(c),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::elements::BLOCKS;
    use super::text_of;

    #[track_caller]
    fn reads(html: &str, text: &str) {
        assert_eq!(text_of(html), text, "{html}");
    }

    #[test]
    fn paragraphs_lists_and_lines_are_parted() {
        assert!(BLOCKS.is_sorted());
        reads("<p>One\n  two</p><p>Three</p>", "One two\n\nThree");
        reads("<h1>Head</h1>text<div>more<br>line<br><br>next</div>", "Head\n\ntext\n\nmore\nline\n\nnext");
        reads("<ul><li>5 ships<li>6 tanks</ul>after", "5 ships\n\n6 tanks\n\nafter");
        reads("<b>5</b> <i>million</i>&nbsp;people&#46;", "5 million\u{a0}people.");
        reads("<pre>a\n  b</pre>c", "a\n  b\n\nc");
        reads("he said <q>5</q>", "he said “5”");
    }

    #[test]
    fn programs_styles_and_controls_are_no_text() {
        reads("<head><title>T 1</title><style>p{width:5px}</style><script>var a = '<p>6</p>';</script></head><p>7", "T 1\n\n7");
        reads("a<template><p>5</p></template>b<noscript>6</noscript>c", "a b c");
        reads("<nav>1 2 3<main>text", "text");
        reads("<select><option>5</select><textarea>6</textarea><button>7</button>end", "end");
        reads("<svg><text>5</text><p>out", "out");
        reads("<!-- 5 --><!doctype html><![CDATA[6]]>x", "x");
        reads("<script>5 million", "");
    }

    #[test]
    fn tables_keep_their_rows_and_cells() {
        reads(
            "x<table><tr><th>Year</th><th>Tonnes</th></tr>\n<tr><td><p>2023</p></td> <td>5 &lt; 6</td></tr></table>y",
            "x\n\nYear\tTonnes\n2023\t5 < 6\n\ny",
        );
        reads("<table><tr><td></td><td>2023<td>2024<tr><td>Exports<td><td>7</table>", "\t2023\t2024\nExports\t\t7".trim_start());
        reads("<table><tr><td><p>A long</p><p>article</p></td></tr></table>", "A long\n\narticle");
    }

    #[test]
    fn raised_digits_show_that_they_are() {
        reads("5 km<sup>2</sup> and 10<sup>-6</sup>", "5 km² and 10⁻⁶");
        reads("5 million<sup><a href=#n>12</a></sup> people<sup>[3]</sup>, the 21<sup>st</sup>", "5 million¹² people[3], the 21st");
        reads("CO<sub>2</sub>", "CO2");
    }

    #[test]
    fn what_attributes_hide_is_no_text() {
        reads("<p>a<p hidden>5<p>b", "a\n\nb");
        reads("<div style='color:red; DISPLAY : none'>5<div>6</div></div>b", "b");
        reads("<ul><li>a<li hidden>5<li>b</ul>c", "a\n\nb\n\nc");
        reads("<ul><li>a<li hidden>5</ul>c", "a\n\nc");
        reads("<span hidden>5</span><span aria-hidden=true>6</span>", "6");
        reads("<body style='visibility:hidden'><p>5", "5");
        reads("<input hidden>5<br hidden>6", "5\n6");
        reads("<div hidden><main>5", "5");
    }

    #[test]
    fn a_heading_stands_above_all_columns_that_it_spans() {
        reads(
            "<table><tr><th>Country<th colspan=2>2022<th colspan=2>2023<tr><td>Chad<td>1<td>2<td>3<td>4</table>",
            "Country\t2022\t\t2023\nChad\t1\t2\t3\t4",
        );
        reads("<table><tr><td colspan=99999999999999999999>5<td>6</table>", "5\t6");
    }

    #[test]
    fn letters_of_notes_are_no_part_of_a_number() {
        reads("1,390<sup>a</sup> tonnes, 5<sup>(1)</sup>, the 21<sup>st</sup>, x<sup>n</sup>", "1,390ᵃ tonnes, 5⁽¹⁾, the 21st, xn");
    }

    #[test]
    fn hostile_pages_take_a_time_that_grows_with_their_length() {
        let shapes: [fn(usize) -> String; 12] = [
            |n| "<div>".repeat(n),
            |n| "<ul><li>".repeat(n),
            |n| "<table><tr><td>".repeat(n),
            |n| "</p>".repeat(n),
            |n| "<".repeat(n),
            |n| "<a ".repeat(n),
            |n| format!("<a {}>", "b=c ".repeat(n)),
            |n| "&".repeat(n),
            |n| "&#x".repeat(n),
            |n| format!("<script>{}", "</scrip".repeat(n)),
            |n| format!("<!--{}", "<!--".repeat(n)),
            |n| "<sup>1<b><svg><nav>".repeat(n),
        ];
        for (number, shape) in shapes.iter().enumerate() {
            let page = shape(100_000);
            let began = Instant::now();
            let text = text_of(&page);
            assert!(text.len() <= 3 * page.len());
            // A debug build on a busy machine; a time that grew with the square would be minutes.
            assert!(began.elapsed().as_secs() < 20, "shape {number} took {:?}", began.elapsed());
        }
    }
}

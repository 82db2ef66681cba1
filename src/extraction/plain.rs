//! The text as the rules read it: digits of every script as ASCII digits, and without characters that show nothing.
//!
//! Words that a line's end breaks are read as whole ones. "٣٠٠ tanks" is read as "300 tanks", and so is "3\u{200b}00 tanks". Most texts need no change and are not copied. Every place that is
//! found is led back to the text as it came, because that is the one which is stored and quoted.

use std::ops::Range;

use super::broken;
use super::candidate::Extraction;

/// The zeros of the scripts whose ten digits stand in a row, in their order.
const ZEROS: &[u32] = &[
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0,
    0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
];

/// What a character is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Itself,
    Nothing,
    Ascii(char),
}

/// A run of the plain text, and the bytes that it stands for.
#[derive(Debug, PartialEq, Eq)]
struct Run {
    plain: Range<usize>,
    raw: Range<usize>,
}

/// A text whose characters are not all read as they stand.
#[derive(Debug, PartialEq, Eq)]
pub struct Plain {
    /// What is read.
    pub text: String,
    runs: Vec<Run>,
}

impl Plain {
    /// The plain text, where it is another than the text itself.
    pub fn of(raw: &str) -> Option<Self> {
        let is_broken = broken::may_be_in(raw);
        if !is_broken && (raw.is_ascii() || raw.chars().all(|c| reading(c) == Reading::Itself)) {
            return None;
        }
        let mut plain = Self { text: String::with_capacity(raw.len()), runs: Vec::new() };
        let mut unchanged = 0;
        for (start, c) in raw.char_indices() {
            if start < unchanged {
                continue;
            }
            let read = reading(c);
            let gap = if is_broken && matches!(c, '-' | '\u{2010}' | '\u{ad}') { broken::gap(raw, start) } else { None };
            if let Some(gap) = gap {
                plain.push(&raw[unchanged..gap.start], unchanged..gap.start);
                unchanged = gap.end;
                continue;
            }
            if read == Reading::Itself {
                continue;
            }
            let end = start + c.len_utf8();
            plain.push(&raw[unchanged..start], unchanged..start);
            if let Reading::Ascii(digit) = read {
                plain.push(digit.encode_utf8(&mut [0; 4]), start..end);
            }
            unchanged = end;
        }
        plain.push(&raw[unchanged..], unchanged..raw.len());
        Some(plain)
    }

    fn push(&mut self, read: &str, raw: Range<usize>) {
        if !read.is_empty() {
            let start = self.text.len();
            self.text.push_str(read);
            self.runs.push(Run { plain: start..self.text.len(), raw });
        }
    }

    /// The bytes of the text as it came that a range of the plain text stands for.
    fn raw(&self, plain: &Range<usize>) -> Range<usize> {
        let start = self.runs.partition_point(|run| run.plain.end <= plain.start);
        let start = self.runs.get(start).map_or_else(|| self.end(), |run| (run.raw.start + plain.start - run.plain.start).min(run.raw.end));
        if plain.is_empty() {
            return start..start;
        }
        let last = self.runs.partition_point(|run| run.plain.end < plain.end);
        let end = self.runs.get(last).map_or_else(
            || self.end(),
            |run| {
                if plain.end == run.plain.end { run.raw.end } else { run.raw.start + plain.end - run.plain.start }
            },
        );
        start..end.max(start)
    }

    fn end(&self) -> usize {
        self.runs.last().map_or(0, |run| run.raw.end)
    }

    /// Leads all places of what was found in the plain text back to the text as it came.
    pub fn restore(&self, found: &mut Extraction) {
        for candidate in &mut found.candidates {
            let places = [Some(&mut candidate.place), Some(&mut candidate.sentence), candidate.bound.as_mut(), candidate.hedge.as_mut()];
            for place in places.into_iter().flatten().chain(candidate.time.as_mut()) {
                *place = self.raw(place);
            }
        }
        for citation in &mut found.citations {
            citation.place = self.raw(&citation.place);
        }
        for work in &mut found.works {
            work.place = self.raw(&work.place);
        }
    }
}

fn reading(c: char) -> Reading {
    if c.is_ascii() {
        return Reading::Itself;
    }
    match c {
        // Joiners, marks of direction, soft hyphens and a byte order mark show nothing.
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}' => Reading::Nothing,
        // The signs that go with Arabic and full-width digits.
        '٫' | '．' => Reading::Ascii('.'),
        '٬' => Reading::Ascii(','),
        '٪' | '％' => Reading::Ascii('%'),
        '＄' => Reading::Ascii('$'),
        _ => digit(c).map_or(Reading::Itself, Reading::Ascii),
    }
}

/// The ASCII digit that is worth the same.
fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    // Letters and marks of most texts lie below the first of these digits or among the marks from U+2000 on.
    if code < 0x660 || (0x1c5a..0xa620).contains(&code) {
        return None;
    }
    let zero = ZEROS.get(ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?)?;
    char::from_digit(code - zero, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_not_copied() {
        for text in ["", "300 tanks", "“€5 million” – ½ of it, 5 km², Türkiye’s", "１ is not 1 in full width"] {
            assert_eq!(Plain::of(text).is_none(), !text.starts_with('１'), "{text}");
        }
    }

    #[test]
    fn places_lead_back_to_the_text_as_it_came() {
        let text = "\u{202e}٣٠٠\u{202c} tanks, 5\u{200b}00 guns\u{feff}";
        let plain = Plain::of(text).unwrap();
        assert_eq!(plain.text, "300 tanks, 500 guns");
        let words = |from: usize, to: usize| &text[plain.raw(&(from..to))];
        assert_eq!(words(0, 3), "٣٠٠");
        assert_eq!(words(0, 9), "٣٠٠\u{202c} tanks");
        assert_eq!(words(1, 2), "٠");
        assert_eq!(words(11, 14), "5\u{200b}00");
        assert_eq!(words(15, 19), "guns");
        assert_eq!(plain.raw(&(19..19)), text.len() - 3..text.len() - 3);
    }
}

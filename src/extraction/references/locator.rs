//! Places in a work: "p. 19", "chapter 3", "12–13".

use std::ops::Range;

use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::WordClass;

/// Words of a locator.
static LOCATORS: WordClass = WordClass::lines_of(include_str!("../words/locators.txt"));

/// The tokens, if they tell a place in a work.
pub fn read(text: &Text<'_>, tokens: Range<usize>) -> Option<Range<usize>> {
    let mut end = tokens.end;
    while end > tokens.start && matches!(text.word(end - 1), "." | ",") {
        end -= 1;
    }
    let tokens = tokens.start..end;
    let fits = |index: usize| match text.kind(index) {
        Some(Kind::Digits) => text.word(index).len() <= 5,
        Some(Kind::Word) => LOCATORS.contains(text.small(index)),
        Some(Kind::Mark) => matches!(text.word(index), "," | "." | "-" | "–" | "—" | "§" | "¶" | ":" | "/" | "#"),
        None => false,
    };
    (!tokens.is_empty() && tokens.len() <= 24 && tokens.clone().all(fits)).then_some(tokens)
}

//! Web addresses in a list of works: with a scheme or without.

use std::ops::Range;

use crate::extraction::text::{Kind, Text};

/// Longest address, in tokens.
const TOKENS_MAX: usize = 160;

/// The web address that begins at a token: its tokens, without the stop that ends the sentence.
pub fn address_at(text: &Text<'_>, index: usize) -> Option<Range<usize>> {
    if text.kind(index) != Some(Kind::Word) || !opens(text, index) {
        return None;
    }
    let mut end = index + 1;
    let mut slash = false;
    while end < index + TOKENS_MAX
        && end < text.tokens.len()
        && !text.spaced(end)
        && !matches!(text.word(end), "<" | ">" | "”" | "\"" | "“")
    {
        slash |= text.is_mark(end, '/');
        end += 1;
    }
    while end > index + 1 && matches!(text.word(end - 1), "." | "," | ";" | ")" | "]" | "’") {
        end -= 1;
    }
    let small = text.small(index);
    let certain = matches!(small, "http" | "https" | "www" | "doi");
    (certain && end > index + 3 || slash && is_host(text, index, end)).then_some(index..end)
}

/// Cheap: whether a word can begin an address.
fn opens(text: &Text<'_>, index: usize) -> bool {
    !text.spaced(index + 1)
        && matches!(text.word(index + 1), "." | ":" | "-")
        && (text.spaced(index) || !text.is_mark(index.wrapping_sub(1), '.'))
}

/// "abcnews.go.com/": labels with stops between, then a slash.
fn is_host(text: &Text<'_>, start: usize, end: usize) -> bool {
    let slash = (start..end).find(|index| text.is_mark(*index, '/'));
    let Some(slash) = slash else { return false };
    let labels = |index: usize| text.kind(index) != Some(Kind::Mark) || matches!(text.word(index), "." | "-");
    let top = slash.saturating_sub(1);
    (start..slash).all(labels)
        && text.is_mark(top.saturating_sub(1), '.')
        && text.small(top).len() >= 2
        && text.kind(top) == Some(Kind::Word)
}

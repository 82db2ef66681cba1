//! What an entry of a list begins with: "[1]", "1.", "•".

use crate::extraction::text::{Kind, Text};

/// A label at the head of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its number; none for a bullet.
    pub number: Option<u32>,
    /// The token after it.
    pub end: usize,
    kind: LabelKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LabelKind {
    /// "[1]", "(1)".
    Bracketed,
    /// "1.", "1)".
    Dotted,
    /// "1": only its place in a row shows what it is.
    Bare,
    /// "¹".
    Raised,
    /// "•".
    Bullet,
}

impl Label {
    /// Whether it stands in brackets.
    pub fn is_bracketed(&self) -> bool {
        self.kind == LabelKind::Bracketed
    }

    /// Whether it can come where this number is expected.
    pub fn follows(&self, expected: Option<u32>) -> bool {
        match (self.kind, self.number, expected) {
            (LabelKind::Bare, Some(number), Some(expected)) => number == expected,
            (LabelKind::Bare, Some(number), None) => number < 1000,
            (LabelKind::Dotted, Some(number), Some(expected)) => number == expected || number == 1,
            _ => true,
        }
    }
}

/// The label at a token, if an entry follows it on the same line.
pub fn at(text: &Text<'_>, index: usize, end: usize) -> Option<Label> {
    let number = |at: usize| {
        let word = text.word(at);
        (text.kind(at) == Some(Kind::Digits) && word.len() <= 3).then(|| word.parse::<u32>().ok()).flatten()
    };
    let label = match text.word(index) {
        "[" | "(" if matches!(text.word(index + 2), "]" | ")") => {
            Label { number: Some(number(index + 1)?), end: index + 3, kind: LabelKind::Bracketed }
        }
        "•" | "▪" | "◦" | "·" | "●" | "‣" | "■" | "*" | "-" | "–" | "—" | "^" if text.spaced(index + 1) => {
            Label { number: None, end: index + 1, kind: LabelKind::Bullet }
        }
        _ => match number(index) {
            Some(number) if matches!(text.word(index + 1), "." | ")") && !text.spaced(index + 1) && text.spaced(index + 2) => {
                Label { number: Some(number), end: index + 2, kind: LabelKind::Dotted }
            }
            Some(number)
                if text.is_capital(index + 1) || matches!(text.small(index + 1), "“" | "\"" | "ibid" | "http" | "https" | "see" | "‘") =>
            {
                Label { number: Some(number), end: index + 1, kind: LabelKind::Bare }
            }
            _ => {
                let (number, end) = raised(text, index)?;
                Label { number: Some(number), end, kind: LabelKind::Raised }
            }
        },
    };
    // "1. ^ Title": a way back to the text.
    let end_of_label = label.end + usize::from(text.is_mark(label.end, '^'));
    (end_of_label < end).then_some(Label { end: end_of_label, ..label })
}

/// The number that raised digits print, and the token after them.
pub fn raised(text: &Text<'_>, index: usize) -> Option<(u32, usize)> {
    let mut number = 0;
    let mut end = index;
    while let Some(digit) = raised_digit(text.word(end)).filter(|_| end < index + 3 && (end == index || !text.spaced(end))) {
        number = number * 10 + digit;
        end += 1;
    }
    (end > index).then_some((number, end))
}

fn raised_digit(word: &str) -> Option<u32> {
    let digits = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];
    digits.iter().position(|digit| *digit == word).and_then(|at| u32::try_from(at).ok())
}

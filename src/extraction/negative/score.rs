//! Scores, odds and ratios that measure nothing ("3-1", "24/7", "2:1"), and ranks ("21st").

use super::Found;
use crate::extraction::quantity::number_words::{self, Part};
use crate::extraction::quantity::{is_measured_by, is_unit, shares};
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::{APPROXIMATORS, WordClass};

/// Words after a score that are no counted nouns.
static NOUNS_OF_RESULTS: WordClass = WordClass::named("nouns of results");

/// What makes a rank of "twenty-".
const ORDINALS_BELOW_TEN: &[&str] = &["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];

/// "21st", "120th".
pub fn ordinal(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let end = at + 1;
    let suffix = !text.spaced(end) && matches!(text.small(end), "st" | "nd" | "rd" | "th");
    suffix.then_some((at..end + 1, Use::Ordinal))
}

/// "twenty-first".
pub fn ordinal_in_words(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let tens = matches!(number_words::part(text.small(at)), Some(Part::Tens(_)));
    let joined = text.is_mark(at + 1, '-') && !text.spaced(at + 1) && !text.spaced(at + 2);
    let share = at > 0 && (text.small(at - 1) == "one" || number_words::part(text.small(at - 1)).is_some());
    let fits = tens && joined && !share && ORDINALS_BELOW_TEN.contains(&text.small(at + 2));
    fits.then_some((at..at + 3, Use::Ordinal))
}

/// "24/7", "50-50", "9/11", "20/20", "9-to-5", "17+1".
pub fn idiom(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let mark = text.word(at + 1);
    let joined =
        matches!(mark, "/" | "-" | "–" | ":") && !text.spaced(at + 1) && !text.spaced(at + 2) && text.kind(at + 2) == Some(Kind::Digits);
    if joined && mark == "/" && shares::slashed(text, at).is_none() && !is_fraction_after(text, at) {
        let mut end = at + 3;
        while matches!(text.word(end), "/") && !text.spaced(end) && text.kind(end + 1) == Some(Kind::Digits) {
            end += 2;
        }
        return Some((at..end, Use::Score));
    }
    if joined && text.word(at) == text.word(at + 2) && mark != ":" {
        return Some((at..at + 3, Use::Score));
    }
    // "the 17+1 format"
    let sum = text.is_mark(at + 1, '+') && !text.spaced(at + 1) && !text.spaced(at + 2) && text.kind(at + 2) == Some(Kind::Digits);
    if sum && text.spaced(at + 3) {
        return Some((at..at + 3, Use::Score));
    }
    let range =
        text.is_mark(at + 1, '-') && text.small(at + 2) == "to" && text.is_mark(at + 3, '-') && text.kind(at + 4) == Some(Kind::Digits);
    let descends = value(text, at) >= value(text, at + 4);
    (range && descends).then_some((at..at + 5, Use::Score))
}

/// "2 1/2", "5-1/2": the fraction after a whole number.
fn is_fraction_after(text: &Text<'_>, at: usize) -> bool {
    let small = value(text, at) < value(text, at + 2) && matches!(text.word(at + 2), "2" | "3" | "4" | "8" | "16" | "5" | "10");
    small
        && at > 0
        && (text.kind(at - 1) == Some(Kind::Digits) && text.spaced(at)
            || at > 1 && text.is_mark(at - 1, '-') && text.kind(at - 2) == Some(Kind::Digits))
}

fn value(text: &Text<'_>, at: usize) -> u32 {
    text.word(at).parse().unwrap_or(u32::MAX)
}

/// "12.Nf3", "1...c5", "32.Qxf7+": a move of chess with its number.
pub fn chess(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let mut piece = at + 1;
    while piece < at + 4 && text.is_mark(piece, '.') && !text.spaced(piece) {
        piece += 1;
    }
    let glued = |at: usize| !text.spaced(at);
    let letters = text.word(piece);
    let is_move = piece > at + 1 && letters.len() <= 4 && letters.bytes().all(|letter| b"KQRBNabcdefghx".contains(&letter));
    let square = text.word(piece + 1).len() == 1 && matches!(text.word(piece + 1).as_bytes(), [b'1'..=b'8']);
    (is_move && !letters.is_empty() && square && glued(piece) && glued(piece + 1)).then_some((at..piece + 2, Use::Score))
}

/// "3-1", "6-4", "52-48", "4-3-3": two small numbers with a dash and nothing that they count.
pub fn pair(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let dash = |at: usize| {
        matches!(text.word(at), "-" | "–" | "‑") && !text.spaced(at) && !text.spaced(at + 1) && text.kind(at + 1) == Some(Kind::Digits)
    };
    if !dash(at + 1) || text.word(at).len() > 3 || text.word(at + 2).len() > 3 || !opens(text, at) {
        return None;
    }
    let mut end = at + 3;
    let third = dash(end);
    while dash(end) && end < at + 11 {
        end += 2;
    }
    let goes_on =
        matches!(text.word(end), "." | "," | "/") && !text.spaced(end) && text.kind(end + 1) == Some(Kind::Digits) && !text.spaced(end + 1);
    if goes_on || is_unit(text, end) && !third {
        return None;
    }
    let hyphen = usize::from(text.is_mark(end, '-') && !text.spaced(end));
    let result = NOUNS_OF_RESULTS.contains(text.small(end))
        || NOUNS_OF_RESULTS.contains(text.small(end + 1)) && text.kind(end) == Some(Kind::Word) && text.small(end) != "to";
    let ascends = value(text, at) < value(text, at + 2);
    let counts = !third && ascends && !result && (is_measured_by(text, uses, end + hyphen) || hyphen > 0 || is_measured_before(text, at));
    (!counts).then_some((at..end, Use::Score))
}

fn opens(text: &Text<'_>, at: usize) -> bool {
    at == 0 || text.spaced(at) || matches!(text.word(at - 1), "(" | "“" | "\"" | "‘" | "[")
}

/// "aged 5-7", "about 10-15".
fn is_measured_before(text: &Text<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |before| text.small(before));
    APPROXIMATORS.contains(before) || matches!(before, "aged" | "ages" | "age" | "about" | "around" | "of" | "between" | "by")
}

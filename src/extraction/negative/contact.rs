//! Web and e-mail addresses, telephone numbers, streets and post codes.

use std::ops::Range;

use super::Found;
use crate::extraction::quantity::lists::STREETS;
use crate::extraction::quantity::{digits, is_measured_by, is_unit, noun};
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::WordClass;

/// Words between what announces a telephone number and its digits: "call our press desk on".
static WORDS_OF_TELEPHONE_PROMPTS: WordClass = WordClass::named("words of telephone prompts");

/// Most groups of a telephone number.
const GROUPS_MAX: usize = 8;
/// Words before a telephone number.
static LABELS_OF_TELEPHONES: WordClass = WordClass::named("labels of telephones");
/// Ends of web addresses.
static ENDS_OF_WEB_ADDRESSES: WordClass = WordClass::named("ends of web addresses");

/// Whether what is written in one piece is an address of the web or of mail.
pub fn is_web(text: &Text<'_>, piece: Range<usize>) -> bool {
    let mut at = piece.start;
    while at < piece.end {
        let word = text.word(at);
        let next = text.word(at + 1);
        if word == "@" && at > piece.start && at + 1 < piece.end && text.kind(at + 1) == Some(Kind::Word) {
            return true;
        }
        if word == ":" && next == "/" && text.word(at + 2) == "/" || word.eq_ignore_ascii_case("www") && next == "." {
            return true;
        }
        if word == "."
            && at > piece.start
            && at + 1 < piece.end
            && ENDS_OF_WEB_ADDRESSES.contains(text.small(at + 1))
            && text.kind(at - 1) != Some(Kind::Mark)
        {
            let closes = at + 2 >= piece.end || matches!(text.word(at + 2), "/" | "." | "," | ")" | ";" | ":" | "?");
            return closes && text.word(at - 1).len() > 1 && !(text.kind(at - 1) == Some(Kind::Digits) && next.len() < 3);
        }
        at += 1;
    }
    false
}

/// The groups of digits of a telephone number.
#[derive(Debug, Default)]
struct Groups {
    lengths: Vec<usize>,
    start: usize,
    end: usize,
    plus: bool,
    bracket: bool,
    spaced: bool,
    hyphens: usize,
}

impl Groups {
    fn digits(&self) -> usize {
        self.lengths.iter().sum()
    }
}

fn groups(text: &Text<'_>, at: usize) -> Groups {
    let mut found = Groups { lengths: vec![text.word(at).len()], start: at, end: at + 1, ..Groups::default() };
    if at > 0 && text.is_mark(at - 1, '(') && !text.spaced(at) {
        found.bracket = text.is_mark(at + 1, ')');
        found.start = at - usize::from(found.bracket);
    }
    if found.start > 0 && text.is_mark(found.start - 1, '+') && !text.spaced(found.start) {
        found.plus = true;
        found.start -= 1;
    }
    while found.lengths.len() < GROUPS_MAX {
        let mut next = found.end;
        let mut marks = 0;
        while marks < 3
            && matches!(text.word(next), "-" | "." | "/" | "(" | ")" | "–" | "‑")
            && (!text.spaced(next) || text.is_mark(next, '(') || text.word(next) == "-")
        {
            found.bracket |= text.is_mark(next, ')');
            found.hyphens += usize::from(matches!(text.word(next), "-" | "‑" | "."));
            next += 1;
            marks += 1;
        }
        let near = text.tokens.get(next).is_some_and(|token| token.breaks == 0);
        if text.kind(next) != Some(Kind::Digits) || !near || marks == 0 && !text.spaced(next) {
            break;
        }
        found.spaced |= text.spaced(next);
        found.lengths.push(text.word(next).len());
        found.end = next + 1;
    }
    found
}

/// Telephone numbers in all national forms, and rows of digits that are as long as one.
pub fn telephone(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let found = groups(text, at);
    let (digits, count) = (found.digits(), found.lengths.len());
    let label = labelled(text, found.start);
    let first_zero = text.word(at).starts_with('0');
    if count == 1 && digits < 7 && !label {
        return vanity(text, at);
    }
    let taken = Some((found.start..found.end, Use::Contact));
    let number = digits::at(text, at);
    let grouped = number.as_ref().is_some_and(|number| number.is_grouped && number.tokens.end >= found.end);
    let measured =
        is_unit(text, found.end) || text.is_mark(found.end, '%') || noun::counted(text, uses, found.end, found.end + 6).is_some();
    let money = found.start > 0 && matches!(text.word(found.start - 1), "$" | "€" | "£" | "¥" | "₹");
    if money || (7..=17).contains(&digits) && measured && !found.plus && !label && !first_zero {
        return None;
    }
    let shape = found.lengths.as_slice();
    let is_number = match shape {
        [only] => label && *only >= 3 && !measured || *only >= 7 && !measured || first_zero && *only >= 9 || found.plus && *only >= 8,
        _ if label && !grouped && digits >= 5 => true,
        _ if found.plus && digits >= 8 || found.bracket && (7..=15).contains(&digits) => true,
        _ if first_zero && (8..=14).contains(&digits) && found.lengths.iter().all(|length| *length <= 8) => text.word(at).len() > 1,
        [3, 3 | 2, 4] | [1, 3, 3, 4] | [4, 4, 4, 4] | [4, 3, 3] => true,
        [3 | 4, 4] => found.hyphens == 1 && !found.spaced && !is_measured_by(text, uses, found.end) && !is_years(text, at),
        [_, _, _, ..] => found.hyphens + 1 >= count && !found.spaced && (7..=17).contains(&digits) && !grouped && !is_date(text, at, shape),
        _ => false,
    };
    if is_number { taken } else { None }
}

/// "2019-2021".
fn is_years(text: &Text<'_>, at: usize) -> bool {
    digits::is_year(text.word(at)) && digits::is_year(text.word(at + 2))
}

fn is_date(text: &Text<'_>, at: usize, shape: &[usize]) -> bool {
    matches!(shape, [4, 1 | 2, 1 | 2] | [1 | 2, 1 | 2, 4]) && (digits::is_year(text.word(at)) || digits::is_year(text.word(at + 4)))
}

/// "1-800-FLOWERS".
fn vanity(text: &Text<'_>, at: usize) -> Found {
    let glued = |at: usize| text.is_mark(at, '-') && !text.spaced(at) && !text.spaced(at + 1);
    let fits = text.word(at) == "1" && glued(at + 1) && text.word(at + 2).len() == 3 && glued(at + 3);
    (fits && text.kind(at + 2) == Some(Kind::Digits)).then(|| (at..at + 5, Use::Contact))
}

/// Whether a word for telephones stands before a number.
fn labelled(text: &Text<'_>, start: usize) -> bool {
    let before = start.checked_sub(1).map_or("", |before| text.small(before));
    if matches!(before, "called" | "dialled" | "dialed" | "phoned" | "rang" | "calls" | "calling") {
        return ["911", "999", "112", "110", "101", "111", "311", "988", "000"].contains(&text.word(start)) || text.word(start).len() > 4;
    }
    let mut at = start;
    for _ in 0..4 {
        let Some(before) = at.checked_sub(1) else { return false };
        let word = text.small(before);
        if LABELS_OF_TELEPHONES.contains(word) {
            // "call 20 witnesses" is no telephone; a single letter needs its colon.
            return word.len() > 1 || text.is_mark(before + 1, ':');
        }
        if !(WORDS_OF_TELEPHONE_PROMPTS.contains(word) || matches!(word, "." | ":" | "(" | "+" | "-")) {
            return false;
        }
        at = before;
    }
    false
}

/// "10 Downing Street", "P.O. Box 2674", "NY 10001", "75008 Paris".
pub fn address(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let before = at.checked_sub(1);
    let word = before.map_or("", |before| text.word(before));
    let end = at + 1;
    let long = text.word(at).len() == 5;
    if word == "Box" || word == "box" && before.is_some_and(|before| before > 0 && text.is_capital(before - 1)) {
        return Some((at..end, Use::Contact));
    }
    let state = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    if long && state && text.spaced(at) {
        let more = text.is_mark(end, '-') && text.word(end + 1).len() == 4;
        return Some((at..end + 2 * usize::from(more), Use::Contact));
    }
    let separated = matches!(word, "," | "|" | "•")
        || text.tokens.get(at).is_some_and(|token| token.breaks > 0)
        || word.len() == 1 && text.is_mark(at.wrapping_sub(1), '-');
    if (long || text.word(at).len() == 4 && word == ",")
        && separated
        && text.is_capital(end)
        && !is_measured_by(text, uses, end)
        && !is_measured(text, end)
    {
        return Some((at..end, Use::Contact));
    }
    street(text, at).map(|_| (at..end, Use::Contact))
}

fn is_measured(text: &Text<'_>, at: usize) -> bool {
    noun::singular(text.small(at + 1)).is_some()
}

/// The end of a street's name after its number.
fn street(text: &Text<'_>, at: usize) -> Option<usize> {
    if text.word(at).len() > 5 {
        return None;
    }
    for offset in 1..=5 {
        let word = at + offset;
        let inner = offset > 1 && (text.kind(word) == Some(Kind::Digits) || text.is_mark(word, '.'));
        if !text.is_capital(word) && !inner {
            return None;
        }
        let street = STREETS.contains(text.small(word)) && (offset > 1 || !matches!(text.small(word), "street" | "st"));
        let ends = text.kind(word + 1) != Some(Kind::Word)
            || noun::ends_phrase(text.small(word + 1))
            || text.is_capital(word + 1)
            || !text.spaced(word + 1);
        if street && ends && !is_names_of_people(text, word + 1) {
            return Some(word + 1);
        }
    }
    None
}

/// "five Wall Street banks".
fn is_names_of_people(text: &Text<'_>, at: usize) -> bool {
    noun::singular(text.small(at)).is_some() && !text.is_capital(at)
}

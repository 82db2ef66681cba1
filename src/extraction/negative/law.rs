//! Statutes, bills and reported cases by their abbreviations: "18 U.S.C. § 1001", "347 U.S. 483", "H.R. 3684".

use super::{Found, is_followed_by_count};
use crate::extraction::quantity::digits;
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::WordClass;

/// Letters of bills: the R of "H.R. 3684".
static LETTERS_OF_BILLS: WordClass = WordClass::named("letters of bills");

/// Longest abbreviation of a code or a series of reports, in tokens: "F. Supp. 2d".
const ABBREVIATION_TOKENS_MAX: usize = 10;

/// "COM(2021) 550": a document's letters, its year in brackets, its number.
pub fn document(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let open = at.checked_sub(3).filter(|open| text.is_mark(*open, '(') && !text.spaced(*open) && text.is_mark(open + 2, ')'))?;
    let letters = open.checked_sub(1).map_or("", |letters| text.word(letters));
    let capitals = letters.len() > 1 && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    let fits = capitals && digits::is_year(text.word(open + 1)) && text.word(at).len() <= 5;
    (fits && !is_followed_by_count(text, uses, at + 1)).then_some((open - 1..at + 1, Use::Reference))
}

/// "18 U.S.C. § 1001", "347 U.S. 483": a number, initials with full stops, a number.
pub fn reported(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let mut end = at + 1;
    let mut stops = 0;
    if !text.is_capital(end) || !text.spaced(end) {
        return None;
    }
    while end < at + ABBREVIATION_TOKENS_MAX {
        let stop = text.is_mark(end, '.') && !text.spaced(end);
        let letters = text.is_capital(end) && text.word(end).len() <= 5 && (text.is_mark(end + 1, '.') && !text.spaced(end + 1));
        let series = text.kind(end) == Some(Kind::Digits) && matches!(text.small(end + 1), "d" | "th") && !text.spaced(end + 1);
        if !(stop || letters || series || matches!(text.word(end), "§" | "d")) {
            break;
        }
        stops += usize::from(stop);
        end += 1;
    }
    let number = stops > 0 && text.kind(end) == Some(Kind::Digits) && text.spaced(end) || text.is_mark(end.wrapping_sub(1), '§');
    // "18 U.S.C. § 2339B"
    let counts = text.spaced(end + 1) && is_followed_by_count(text, uses, end + 1);
    (number && !counts).then_some((at..end + 1, Use::Reference))
}

/// "H.R. 3684", "S. 1260".
pub fn bill(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let letter = at.checked_sub(2).filter(|letter| text.is_mark(letter + 1, '.') && !text.spaced(letter + 1))?;
    let before = letter.checked_sub(1).map_or("", |before| text.word(before));
    let apart = before.is_empty() || letter.checked_sub(1).is_some_and(|before| text.kind(before) == Some(Kind::Mark));
    let fits =
        LETTERS_OF_BILLS.contains(text.small(letter)) && text.is_capital(letter) && apart && text.spaced(at) && text.word(at).len() <= 5;
    // "J. S. 300": an initial of a name.
    let name = before == "." && text.word(letter) == "S";
    (fits && !name && !is_followed_by_count(text, uses, at + 1)).then_some((letter..at + 1, Use::Reference))
}

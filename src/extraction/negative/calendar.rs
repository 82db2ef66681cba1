//! Times that only their surroundings tell, and that the search for times leaves: "starts at 8", "June 3: …", "the class of '98".

use super::Found;
use crate::extraction::quantity::{is_measured_by, is_unit};
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::WordClass;

/// What opens and closes at an hour.
static VERBS_OF_SCHEDULED_EVENTS: WordClass = WordClass::named("verbs of scheduled events");
/// Months in full, which are no other words; "may" and "march" are left out.
const MONTHS: &[&str] = &["january", "february", "april", "june", "july", "august", "september", "october", "november", "december"];

/// The digits of a token as a number, if they are at most `most` and no more than two.
fn two(digits: &str, most: u32) -> bool {
    digits.len() <= 2 && digits.parse::<u32>().is_ok_and(|number| number <= most)
}

/// "starts at 8", "leaves at 17.20".
pub fn clock(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let before = |back: usize| at.checked_sub(back).map_or("", |before| text.small(before));
    if before(1) != "at" || !two(text.word(at), 24) || !(2..=4).any(|back| VERBS_OF_SCHEDULED_EVENTS.contains(before(back))) {
        return None;
    }
    let mut end = at + 1;
    if text.is_mark(end, '.') && !text.spaced(end) && text.kind(end + 1) == Some(Kind::Digits) && text.word(end + 1).len() == 2 {
        end += 2;
    }
    let goes_on = matches!(text.word(end), "." | "," | "%") && !text.spaced(end) && !text.spaced(end + 1);
    (!goes_on && !is_unit(text, end) && text.kind(end) != Some(Kind::Digits)).then_some((at..end, Use::Time))
}

/// "Monday, June 3: …", where nothing is counted; the first of "1, 2 and 3 January".
pub fn day(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let listed =
        matches!(text.small(at + 1), "," | "and" | "or") && uses.of(at + 2) == Use::Time && text.kind(at + 2) == Some(Kind::Digits);
    if listed && two(text.word(at), 31) && two(text.word(at + 2), 31) {
        return Some((at..at + 1, Use::Time));
    }
    let month = at.checked_sub(1).filter(|month| MONTHS.contains(&text.small(*month)))?;
    let day = two(text.word(at), 31) && text.tokens.get(at).is_some_and(|token| token.breaks == 0);
    let joined = matches!(text.word(at + 1), "," | ".") && !text.spaced(at + 2) && text.kind(at + 2) == Some(Kind::Digits);
    (day && !joined && !is_measured_by(text, uses, at + 1)).then_some((month..at + 1, Use::Time))
}

/// "the class of '98".
pub fn elided_year(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let mark = at.checked_sub(1).filter(|mark| matches!(text.word(*mark), "'" | "’" | "‘") && text.spaced(*mark) && !text.spaced(at))?;
    let word = mark.checked_sub(1).map_or("", |word| text.small(word));
    let named = ["of", "in", "since", "the", "summer", "spring", "by", "late", "early"].contains(&word);
    (named && text.word(at).len() == 2 && !is_unit(text, at + 1)).then_some((mark..at + 1, Use::Time))
}

//! Times that only their surroundings tell, and that the search for times leaves: "starts at 8", "open 9 to 5", "June 3: …",
//! "the class of '98", "nineteen eighty-four", "753 BC".

use super::{Found, is_followed_by_count};
use crate::extraction::quantity::number_words::{self, Part};
use crate::extraction::quantity::{is_measured_by, is_unit, noun};
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::WordClass;

/// What opens and closes at an hour.
static VERBS_OF_SCHEDULED_EVENTS: WordClass = WordClass::named("verbs of scheduled events");
/// What takes place at an hour: "dinner is at 7".
static SCHEDULED_EVENTS: WordClass = WordClass::named("scheduled events");
/// Words before the hours at which something is open.
static WORDS_OF_OPENING_HOURS: WordClass = WordClass::named("words of opening hours");
/// Months in full, which are no other words; "may" and "march" are left out.
const MONTHS: &[&str] = &["january", "february", "april", "june", "july", "august", "september", "october", "november", "december"];

/// The digits of a token as a number, if they are at most `most` and no more than two.
fn two(digits: &str, most: u32) -> bool {
    digits.len() <= 2 && digits.parse::<u32>().is_ok_and(|number| number <= most)
}

/// The hour that digits or a word tell, and the token after it with its minutes.
fn hour(text: &Text<'_>, at: usize) -> Option<usize> {
    if text.kind(at) == Some(Kind::Word) {
        let hour = matches!(number_words::part(text.small(at)), Some(Part::Unit(1..=12)));
        return hour.then_some(at + 1).filter(|end| !text.is_mark(*end, '-') && number_words::part(text.small(*end)).is_none());
    }
    let minutes = matches!(text.word(at + 1), "." | ":")
        && !text.spaced(at + 1)
        && text.kind(at + 2) == Some(Kind::Digits)
        && !text.spaced(at + 2)
        && text.word(at + 2).len() == 2;
    two(text.word(at), 24).then_some(if minutes { at + 3 } else { at + 1 })
}

/// "1600": an hour and its minutes in four digits.
fn is_of_the_day(digits: &str) -> bool {
    digits.len() == 4 && digits.split_at_checked(2).is_some_and(|(hour, minute)| two(hour, 23) && two(minute, 59))
}

/// Whether something goes on after an hour that makes it another number.
fn goes_on(text: &Text<'_>, end: usize) -> bool {
    matches!(text.word(end), "." | "," | "%" | "/" | "-") && !text.spaced(end) && !text.spaced(end + 1)
        || is_unit(text, end)
        || text.small(end) == "of"
        || text.kind(end) == Some(Kind::Digits)
}

/// "at 1600 hours", though 1600 alone may be a year.
pub fn military(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let before = at.checked_sub(1).map_or("", |before| text.small(before));
    let told = matches!(before, "at" | "until" | "till" | "before" | "after") && is_of_the_day(text.word(at));
    let hours = matches!(text.small(at + 1), "hours" | "hrs") && text.small(at + 2) != "of";
    (told && hours).then_some((at..at + 2, Use::Reference))
}

/// "starts at 8", "leaves at 17.20", "ends around ten", "dinner is at 7", "half past eight".
pub fn clock(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let before = |back: usize| at.checked_sub(back).map_or("", |before| text.small(before));
    let end = hour(text, at)?;
    if matches!(text.small(end), "noon" | "midnight") {
        return Some((at..end, Use::Time));
    }
    let past = matches!(before(1), "past" | "to") && matches!(before(2), "half" | "quarter" | "ten" | "twenty" | "five");
    let halved = past
        && (before(1) == "past" || before(2) == "quarter" || matches!(before(3), "was" | "is" | "nearly" | "at" | "by" | "until"))
        && !is_measured_by(text, uses, end);
    let scheduled = |back: usize| VERBS_OF_SCHEDULED_EVENTS.contains(before(back));
    let timed = match before(1) {
        "at" => (2..=4).any(scheduled) && !is_followed_by_count(text, uses, end) || is_appointment(text, at) || is_again(text, uses, at),
        "until" | "till" => (2..=3).any(scheduled) && !is_measured_by(text, uses, end),
        "by" | "around" | "about" | "before" | "after" => scheduled(2) && !is_measured_by(text, uses, end),
        "for" => matches!(before(2), "scheduled" | "set" | "slated" | "booked") && !is_followed_by_count(text, uses, end),
        "and" | "or" | "," => at > 2 && uses.of(at - 2) == Use::Time && is_listed(text, uses, at) && !is_measured_by(text, uses, end),
        _ => false,
    };
    let start = if halved { at - 2 } else { at };
    ((halved || timed) && !goes_on(text, end)).then_some((start..end, Use::Time))
}

/// "trains leave at 7.15, 8.15 and 9.15": hours after one that "at" has told.
fn is_listed(text: &Text<'_>, uses: &Uses, at: usize) -> bool {
    let told = (at.saturating_sub(12)..at - 2).rev().find(|at| text.small(*at) == "at");
    told.is_some_and(|told| (told + 1..at).all(|at| uses.of(at) == Use::Time || matches!(text.small(at), "," | "and" | "or")))
}

/// "the bus leaves at 6 and the boat at 7".
fn is_again(text: &Text<'_>, uses: &Uses, at: usize) -> bool {
    let first = (at.saturating_sub(8)..at.saturating_sub(2)).any(|at| text.small(at) == "at" && uses.of(at + 1) == Use::Time);
    first && (text.kind(at + 1) != Some(Kind::Word) || text.small(at + 1) == "sharp")
}

/// "dinner is at 7", "the kick-off is at 3": an event, and nothing counted after its hour.
fn is_appointment(text: &Text<'_>, at: usize) -> bool {
    let verb = (2..=3)
        .any(|back| at.checked_sub(back).is_some_and(|verb| matches!(text.small(verb), "is" | "are" | "was" | "be" | "s" | "set" | ":")));
    let event = (3..=6).any(|back| at.checked_sub(back).is_some_and(|event| SCHEDULED_EVENTS.contains(text.small(event))));
    verb && event && (text.kind(at + 1) != Some(Kind::Word) || noun::ends_phrase(text.small(at + 1)))
}

/// "Monday to Friday, 9 to 5", "open from 10 to 6", "nine to five".
pub fn hours(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let first = hour(text, at)?;
    // "call 555-0142 between 9 and 5"
    let between = text.small(first) == "and"
        && text.small(at.wrapping_sub(1)) == "between"
        && (at.saturating_sub(8)..at).any(|at| uses.of(at) == Use::Contact);
    if !between && !matches!(text.small(first), "to" | "-" | "–" | "until" | "till") {
        return None;
    }
    let end = hour(text, first + 1)?;
    let from = at.saturating_sub(4);
    let again = at > 1 && matches!(text.small(at - 1), "and" | ",") && uses.of(at - 2) == Use::Time;
    let told = between
        || again
        || (from..at).any(|at| WORDS_OF_OPENING_HOURS.contains(text.small(at)) || SCHEDULED_EVENTS.contains(text.small(at)));
    let money = at > 0 && text.kind(at - 1) == Some(Kind::Mark) && !matches!(text.word(at - 1), "," | ":" | "(" | ".");
    // "open 9-12 weekdays"
    let days = WORDS_OF_OPENING_HOURS.contains(text.small(end));
    (told && !money && (days || !goes_on(text, end) && !is_measured_by(text, uses, end))).then_some((at..end, Use::Time))
}

/// "nineteen eighty-four", "twenty fifteen": a year as it is spoken.
pub fn spoken_year(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let century = matches!(number_words::part(text.small(at)), Some(Part::Unit(15..=19) | Part::Tens(20)));
    let years = number_words::at(text, at + 1, false).filter(|years| century && (10..100).contains(&years.value))?;
    let apart = text.spaced(at + 1) && (years.end == at + 2 || years.end == at + 4);
    let ends = !text.is_mark(years.end, '-') && !is_measured_by(text, uses, years.end);
    (apart && ends).then_some((at..years.end, Use::Time))
}

/// "753 BC", "410 CE".
pub fn era(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    // "Magna Carta of 1215"
    let old = text.word(at).len() == 4 && text.word(at).starts_with('1') && at > 1 && text.small(at - 1) == "of" && text.is_capital(at - 2);
    if old && !text.is_mark(at + 1, '%') && !is_measured_by(text, uses, at + 1) {
        return Some((at..at + 1, Use::Time));
    }
    let named = matches!(text.word(at + 1), "BC" | "BCE" | "CE" | "AD") && text.word(at).len() <= 5;
    let dotted = text.word(at + 1) == "B" && text.is_mark(at + 2, '.') && text.word(at + 3) == "C";
    ((named || dotted) && !is_measured_by(text, uses, at + 2)).then_some((at..at + 2, Use::Time))
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

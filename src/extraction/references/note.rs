//! The numbers of notes in the text: raised, or glued to a word or to what ends a sentence.

use super::cited::{Cited, Item};
use super::date;
use super::label;
use super::resolve::Resolver;
use super::scan::{Manner, Printed};
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::WordClass;

/// Units and elements that are written with raised digits.
static UNIT_SYMBOLS_WITH_POWERS: WordClass = WordClass::named("unit symbols with powers");

/// The number of a note: raised, or glued to a word or to what ends a sentence.
pub fn find(text: &Text<'_>, resolver: &Resolver, index: usize, last: &mut u32) -> Option<Printed> {
    let before = index.checked_sub(1)?;
    if text.spaced(index) {
        return None;
    }
    let (number, end) = match label::raised(text, index) {
        Some(found) if !is_unit(text, before) => found,
        Some(_) => return None,
        None => glued(text, index, before, *last)?,
    };
    if !resolver.has_number(number) {
        return None;
    }
    *last = number;
    let items = vec![Item { cited: Cited::Number(number), locator: None, complete: true }];
    Some(Printed { tokens: index..end, manner: Manner::Closing, items, doubtful: false })
}

/// Digits glued on: "deaths.12", "deaths12". They must be next in the row.
fn glued(text: &Text<'_>, index: usize, before: usize, last: u32) -> Option<(u32, usize)> {
    let word = text.word(index);
    if text.kind(index) != Some(Kind::Digits) || word.len() > 3 || !text.spaced(index + 1) && text.kind(index + 1) != Some(Kind::Mark) {
        return None;
    }
    let number = word.parse::<u32>().ok()?;
    let in_row = number > last && number <= last + 3 || number == 1;
    let earlier = before.wrapping_sub(1);
    let after_mark = matches!(text.word(before), "." | "," | ";" | "”" | "\"" | ")" | "?" | "!" | "’" | ":");
    let figure = text.kind(earlier) == Some(Kind::Digits) && !text.spaced(before);
    let year = date::year_at(text, earlier).is_some() && text.spaced(index + 1) && number == last + 1;
    let after_word =
        text.kind(before) == Some(Kind::Word) && text.word(before).chars().count() > 2 && text.word(before).chars().all(char::is_lowercase);
    // "500.3 Officials said": a decimal would need a stop before the next sentence.
    let begins =
        text.spaced(index + 1) && text.is_capital(index + 1) && text.kind(index + 2) == Some(Kind::Word) && !text.is_capital(index + 2);
    let large = text.word(earlier).len() > 1 && number == last + 1 && begins;
    (in_row && (after_mark && (!figure || year || large) || after_word)).then_some((number, index + 1))
}

/// Words after which raised digits are a power: "km²".
fn is_unit(text: &Text<'_>, before: usize) -> bool {
    UNIT_SYMBOLS_WITH_POWERS.contains(text.small(before))
}

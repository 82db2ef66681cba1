//! Dates as lists of works print them.

use std::ops::Range;

use jiff::civil::Date;

use crate::domain::period::Period;
use crate::extraction::text::{Kind, Text};

/// A printed year, with what is printed of month and day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Its tokens, the letter of "2023a" included.
    pub tokens: Range<usize>,
    /// The year; none for "n.d.", "in press".
    pub year: Option<i16>,
    /// The letter that tells works of one year apart.
    pub letter: Option<char>,
    /// 1 to 12, or EDTF's season 21 to 24.
    pub month: Option<i8>,
    /// 1 to 31.
    pub day: Option<i8>,
}

const YEARS: std::ops::RangeInclusive<i16> = 1500..=2099;
const SEASONS: &[(&str, i8)] = &[("spring", 21), ("summer", 22), ("autumn", 23), ("fall", 23), ("winter", 24)];
const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH_NAMES: &[&str] =
    &["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

impl Printed {
    /// As EDTF.
    pub fn period(&self) -> Option<Period> {
        let year = self.year?;
        let edtf = match (self.month, self.day) {
            (Some(month), Some(day)) if Date::new(year, month, day).is_ok() => format!("{year}-{month:02}-{day:02}"),
            (Some(month), _) => format!("{year}-{month:02}"),
            _ => year.to_string(),
        };
        Period::parse(&edtf).ok()
    }

    /// As a day, if one is printed.
    pub fn day(&self) -> Option<Date> {
        Date::new(self.year?, self.month?, self.day?).ok()
    }

    /// How much is printed: a year, a month, a day.
    pub fn precision(&self) -> u8 {
        u8::from(self.year.is_some()) + u8::from(self.month.is_some()) + u8::from(self.day.is_some())
    }
}

/// Whether a word names a month, also in short.
pub fn month(small: &str) -> Option<i8> {
    let at = MONTH_NAMES.iter().position(|name| *name == small).or_else(|| MONTHS.iter().position(|short| *short == small));
    let at = at.or(if small == "sept" { Some(8) } else { None })?;
    i8::try_from(at + 1).ok()
}

/// Whether a word names a season.
pub fn season(small: &str) -> Option<i8> {
    SEASONS.iter().find(|(name, _)| *name == small).map(|(_, season)| *season)
}

/// A year at a token.
pub fn year_at(text: &Text<'_>, index: usize) -> Option<i16> {
    let word = text.word(index);
    if text.kind(index) != Some(Kind::Digits) || word.len() != 4 {
        return None;
    }
    word.parse().ok().filter(|year| YEARS.contains(year))
}

/// The date that begins at a token.
pub fn date_at(text: &Text<'_>, index: usize) -> Option<Printed> {
    if let Some(year) = year_at(text, index) {
        return Some(from_year(text, index, year));
    }
    if let Some(end) = undated_end(text, index) {
        return Some(Printed { tokens: index..end, year: None, letter: None, month: None, day: None });
    }
    let (day, month_at) = day_at(text, index).map_or((None, index), |(day, next)| (Some(day), next));
    let month = month(text.small(month_at)).or_else(|| season(text.small(month_at)).filter(|_| day.is_none()))?;
    let mut at = skip(text, month_at + 1, &["."]);
    let mut day = day;
    if day.is_none()
        && year_at(text, at).is_none()
        && let Some((after, next)) = day_at(text, at)
    {
        day = Some(after);
        at = next;
    }
    at = skip(text, at, &[",", "of"]);
    let year = year_at(text, at)?;
    Some(Printed { tokens: index..at + 1, year: Some(year), letter: None, month: Some(month), day: day.filter(|_| month <= 12) })
}

/// A date that begins with its year: "2024b", "2024-01-12", "2024, January 12".
fn from_year(text: &Text<'_>, index: usize, year: i16) -> Printed {
    let mut date = Printed { tokens: index..index + 1, year: Some(year), letter: None, month: None, day: None };
    let next = text.small(index + 1);
    if !text.spaced(index + 1) && text.kind(index + 1) == Some(Kind::Word) && next.len() == 1 {
        date.letter = next.chars().next();
        date.tokens.end = index + 2;
    }
    let glued = |at: usize| !text.spaced(at);
    if text.is_mark(index + 1, '-') && text.is_mark(index + 3, '-') && (index + 1..index + 5).all(glued) {
        let number = |at: usize| text.word(at).parse::<i8>().ok().filter(|_| text.word(at).len() == 2);
        if let (Some(month @ 1..=12), Some(day @ 1..=31)) = (number(index + 2), number(index + 4)) {
            return Printed { tokens: index..index + 5, month: Some(month), day: Some(day), ..date };
        }
    }
    if text.is_mark(date.tokens.end, ',') {
        let after = date.tokens.end + 1;
        let (first, month_at) = day_at(text, after).map_or((None, after), |(day, next)| (Some(day), next));
        if let Some(month) = month(text.small(month_at)) {
            let at = skip(text, month_at + 1, &["."]);
            let second = if first.is_none() { day_at(text, at) } else { None };
            let end = second.map_or(at, |(_, next)| next);
            return Printed { tokens: index..end, month: Some(month), day: first.or(second.map(|(day, _)| day)), ..date };
        }
    }
    date
}

/// A day of a month at a token, and the token after it.
fn day_at(text: &Text<'_>, index: usize) -> Option<(i8, usize)> {
    let word = text.word(index);
    if text.kind(index) != Some(Kind::Digits) || word.len() > 2 {
        return None;
    }
    let day = word.parse().ok().filter(|day| (1..=31).contains(day))?;
    let ordinal = !text.spaced(index + 1) && matches!(text.small(index + 1), "st" | "nd" | "rd" | "th");
    let dotted = text.is_mark(index + 1, '.') && month(text.small(index + 2)).is_some();
    Some((day, index + 1 + usize::from(ordinal || dotted)))
}

/// Where "n.d.", "in press" or "forthcoming" at a token end.
pub fn undated_end(text: &Text<'_>, index: usize) -> Option<usize> {
    match text.small(index) {
        "n" if text.is_mark(index + 1, '.') && text.small(index + 2) == "d" => Some(skip(text, index + 3, &["."])),
        "nd" if text.word(index) == "nd" => Some(skip(text, index + 1, &["."])),
        "forthcoming" => Some(index + 1),
        "in" if text.small(index + 1) == "press" => Some(index + 2),
        _ => None,
    }
}

/// The next token that is none of these.
fn skip(text: &Text<'_>, mut index: usize, words: &[&str]) -> usize {
    while words.contains(&text.small(index)) {
        index += 1;
    }
    index
}

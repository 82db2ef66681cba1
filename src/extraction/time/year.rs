//! Years, and what is made of them: "2023", "2019–2023", "fiscal 2023/24", "the 1990s", "the 19th century".

use super::calendar::Span;
use super::reading::Reading;
use super::telling::Telling;
use super::words::{Reader, Tag, is_counted};
use crate::extraction::text::Kind;
use crate::extraction::word_class::{APPROXIMATORS, WordClass};

/// Years that are read without anything that leads to them.
const BARE: std::ops::RangeInclusive<i16> = 1900..=2100;
/// Words that name a number: "page 2000".
static LABELS_OF_NUMBERS: WordClass = WordClass::named("labels of numbers");
/// Verbs with which a sum is told.
static VERBS_OF_TOTALLING: WordClass = WordClass::named("verbs of totalling");
/// Words behind a year and a hyphen: "a 1990-based index", "1950-style".
static WORDS_JOINED_TO_YEARS: WordClass = WordClass::named("words joined to years");

/// Whether a word before four digits makes them a quantity or a label.
fn makes_quantity(word: &str) -> bool {
    APPROXIMATORS.contains(word)
        || LABELS_OF_NUMBERS.contains(word)
        || VERBS_OF_TOTALLING.contains(word)
        || matches!(word, "extra" | "under" | "most" | "×" | "x" | "plus" | "minus")
}

impl Reader<'_, '_> {
    /// Four digits that can be a year by their look alone.
    pub(super) fn plain_year(&self, index: usize) -> Option<i16> {
        let (year, length) = self.digits(index)?;
        if length != 4 || !(1000..2200).contains(&year) {
            return None;
        }
        let before = index.wrapping_sub(1);
        if self.is_glued(index) && !self.is_any(before, &["(", "[", "“", "\"", "'", "’", "‘", "–", "—", "-", "~", "/", ",", "."])
        {
            return None;
        }
        // "1,998" and "4.2024" go on; so does "2023.5".
        if self.is_glued(index) && self.is_any(before, &[",", "."]) && self.is_digits(before.wrapping_sub(1)) {
            return None;
        }
        let next = index + 1;
        if self.is_glued(next) {
            let goes_on = self.is_digits(next + 1) && self.is_glued(next + 1);
            let is_letter = self.text.kind(next) == Some(Kind::Word) && !(self.small(next).len() == 1 && self.is_any(next, &["e", "f"]));
            if is_letter || goes_on && self.is_any(next, &[",", ".", ":"]) || self.is_any(next, &["%", "+", "°", "$", "€", "£", "_"]) {
                return None;
            }
        }
        i16::try_from(year).ok()
    }

    /// Whether what follows four digits is counted by them: "2000 troops".
    pub(super) fn counts_something(&self, index: usize) -> bool {
        let next = index + 1;
        if self.is(next, "%")
            || self.is_dash(next) && self.is_glued(next) && self.text.kind(next + 1) == Some(Kind::Word) && self.is_glued(next + 1)
        {
            let is_dated = self.is_of(next + 1, &WORDS_JOINED_TO_YEARS);
            return !is_dated && !matches!(self.tag(next + 1), Tag::Month(_) | Tag::ShortMonth(_) | Tag::Part(_));
        }
        // "compared with 1900 in 2019"; "2024 of them".
        if self.is(next, "of") && self.is_any(next + 1, &["them", "those", "these", "whom", "which", "its", "their"]) {
            return true;
        }
        if self.is(next, "in") && self.plain_year(next + 1).is_some() {
            return true;
        }
        let noun = self.small(next);
        if !is_counted(noun) {
            return false;
        }
        // "in 2023 people moved": only a round number counts after "in".
        let is_round = self.small(index).ends_with("00");
        is_round || !matches!(self.small_before(index), "in" | "since" | "during" | "by" | "until" | "the" | "before" | "after" | ",")
    }

    /// A year, several, a decade, a century, or a fiscal year.
    pub(super) fn year(&self, index: usize, is_led: bool) -> Option<Telling> {
        if let Some(told) = self.fiscal(index).or_else(|| self.century(index)) {
            return Some(told);
        }
        if self.is_any(index, &["'", "’", "‘"]) && self.digits(index + 1).is_some_and(|(_, length)| length == 2) {
            return self.short_decade(index);
        }
        let start = self.skip_any(index, &["the"]);
        // "the full-year 2023".
        let full = self.skip_any(start, &["full", "calendar"]);
        let start = if full > start && self.is_dash(full) { full + 1 } else { full };
        let digits = if self.is(start, "year") || self.is(start, "years") { start + 1 } else { start };
        if let Some(decade) = self.decade(digits) {
            return Some(decade);
        }
        let (first, second, end) = self.years(digits)?;
        let is_led = is_led || digits > start;
        if !self.is_year_here(digits, end, first, second.is_some(), is_led) {
            return None;
        }
        // A season or a school year has two.
        let reading = Span::years(first, second.unwrap_or(first)).map(Reading::Fixed)?;
        Some(Telling::new(reading, end, if second.is_some() { "year-span" } else { "year" }))
    }

    /// One year, or two that are tied by a dash or stroke.
    pub(super) fn years(&self, index: usize) -> Option<(i16, Option<i16>, usize)> {
        let first = self.plain_year(index)?;
        let tie = index + 1;
        let is_tied = (self.is_dash(tie) || self.is(tie, "/")) && self.text.spaced(tie) == self.text.spaced(tie + 1);
        if is_tied && let Some((number, length)) = self.digits(tie + 1) {
            let number = i16::try_from(number).ok()?;
            let second = match length {
                4 if self.plain_year(tie + 1).is_some() => Some(number),
                2 if self.is_glued(tie) && !self.is_any(tie + 2, &["%", "percent", "/"]) => Some(first / 100 * 100 + number),
                _ => None,
            };
            // "1999-00" goes over a century's end.
            let second = second.map(|second| if second < first && length == 2 { second + 100 } else { second });
            if let Some(second) = second.filter(|second| *second > first && *second - first < 400) {
                return Some((first, Some(second), tie + 2));
            }
        }
        // "2014/65/EU", "2020-1" are numbers of something.
        let is_number = self.is_glued(tie) && self.is_glued(tie + 1) && (self.is(tie, "/") || self.is(tie, "-")) && self.is_digits(tie + 1);
        (!is_number).then_some((first, None, tie))
    }

    /// Whether four digits mean a year where they stand.
    fn is_year_here(&self, index: usize, end: usize, year: i16, is_span: bool, is_led: bool) -> bool {
        if self.counts_something(end - 1) || self.is_tied_back(index) || !is_led && makes_quantity(self.before_words(index)) {
            return false;
        }
        let before = index.wrapping_sub(1);
        let opens = index == self.start;
        // A number beside it, without a mark between, makes it part of a longer number, unless that is a year too.
        let beside = |other: usize| self.is_digits(other) && self.plain_year(other).is_none();
        if !opens && self.text.spaced(index) && beside(before) && !is_led
            || self.text.spaced(end) && beside(end) && !is_led && self.digits(end).is_some_and(|(_, length)| length == 3)
        {
            return false;
        }
        if is_led || is_span && BARE.contains(&year) {
            return true;
        }
        if !BARE.contains(&year) || self.is_any(before, &["$", "€", "£", "¥", "₹", "#", "§", "№"]) {
            return false;
        }
        match self.small_before(index) {
            "than" => false,
            "to" | "about" | "around" | "over" | "of" | "by" => year >= 1950 && year % 100 != 0,
            _ => !self.is_after_name(index),
        }
    }

    /// The word before a token, where a full stop shortens it the word before that.
    fn before_words(&self, index: usize) -> &str {
        match self.small_before(index) {
            "." => self.small_before(index.wrapping_sub(1)),
            word => word,
        }
    }

    /// Whether a dash or stroke ties four digits to what is no word of time: "833/2014", "F-2000".
    fn is_tied_back(&self, index: usize) -> bool {
        if !self.is_glued(index) {
            return false;
        }
        let tie = index.wrapping_sub(1);
        let tied = tie.wrapping_sub(1);
        match self.small(tie) {
            "/" => true,
            "-" | "–" | "—" if self.is_glued(tie) => {
                !(self.plain_year(tied).is_some()
                    || matches!(self.tag(tied), Tag::Month(_) | Tag::Part(_) | Tag::Season(_))
                    || self.is_any(tied, &["pre", "post"]))
            }
            _ => false,
        }
    }

    /// Whether a name stands before four digits, so that they belong to it: "Vision 2030".
    pub(super) fn is_after_name(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1).filter(|before| *before >= self.start) else { return false };
        if !self.text.spaced(index) || !self.text.is_capital(before) {
            return false;
        }
        let is_time = !matches!(self.tag(before), Tag::Other | Tag::Taken);
        !is_time && (!self.opens_sentence(before) || self.text.kind(index + 1) != Some(Kind::Word))
    }

    /// Whether digits that look like a year are part of a name: "Vision 2030", "World Cup 2026"; not after "USD".
    pub(super) fn is_number_of_name(&self, index: usize) -> bool {
        let is_year =
            self.is_digits(index) && self.plain_year(index).is_some() && self.is_after_name(index) && !self.counts_something(index);
        is_year && self.text.word(index.wrapping_sub(1)).contains(char::is_lowercase)
    }

    /// "the 1990s", "1980s"; "2000s" are ten years too.
    fn decade(&self, index: usize) -> Option<Telling> {
        // "in the nineties"; "in her nineties" is an age.
        if let Tag::Decade(tens) = self.tag(index)
            && (self.is_any(index.wrapping_sub(1), &["the", "early", "late", "mid"]) || self.is_dash(index.wrapping_sub(1)))
        {
            let first = 1900 + i16::from(tens);
            return Some(Telling::new(Reading::Fixed(Span::years(first, first + 9)?), index + 1, "decade"));
        }
        let (year, length) = self.digits(index)?;
        let mut end = index + 1;
        if self.is_any(end, &["'", "’"]) && self.is_glued(end) {
            // "the 1990’s" are ten years, "2030’s budget" is one.
            if !self.is_any(index.wrapping_sub(1), &["the", "early", "late", "mid", "-"]) {
                return None;
            }
            end += 1;
        }
        // "the 1970s and 80s".
        let is_second = length == 2
            && self.is_any(index.wrapping_sub(1), &["and", "or", "–"])
            && self.is(index.wrapping_sub(2), "s")
            && self.is_glued(index.wrapping_sub(2));
        let (year, length) = match self.digits(index.wrapping_sub(3)) {
            Some((first, 4)) if is_second => (first / 100 * 100 + year, 4),
            _ => (year, length),
        };
        if length != 4 || year % 10 != 0 || !(1000..2200).contains(&year) || !self.is(end, "s") || !self.is_glued(end) {
            return None;
        }
        let first = i16::try_from(year).ok()?;
        let length = if year % 100 == 0 && year < 1900 { 99 } else { 9 };
        Some(Telling::new(Reading::Fixed(Span::years(first, first + length)?), end + 1, "decade"))
    }

    /// "’90s"; and "’08", which is a year.
    fn short_decade(&self, index: usize) -> Option<Telling> {
        let (number, _) = self.digits(index + 1)?;
        let number = i16::try_from(number).ok()?;
        let year = if number < 30 { 2000 + number } else { 1900 + number };
        if !self.text.spaced(index) && !self.is_dash(index.wrapping_sub(1))
            || !self.is_glued(index + 1)
            || !(self.is(index + 2, "s") && self.is_glued(index + 2) && number % 10 == 0)
        {
            return None;
        }
        Some(Telling::new(Reading::Fixed(Span::years(year, year + 9)?), index + 3, "decade"))
    }

    /// "the 19th century".
    fn century(&self, index: usize) -> Option<Telling> {
        let start = self.skip_any(index, &["the"]);
        let (number, end) = if let Tag::Ordinal(number) = self.tag(start) {
            (i64::from(number), start + 1)
        } else {
            let (number, length) = self.digits(start)?;
            let end = self.skip_any(start + 1, &["st", "nd", "rd", "th"]);
            (number, if length <= 2 && self.is_glued(start + 1) && end > start + 1 { end } else { return None })
        };
        let end = if self.is_dash(end) { end + 1 } else { end };
        if !matches!(self.small(end), "century" | "centuries") || !(1..=21).contains(&number) {
            return None;
        }
        let first = i16::try_from((number - 1) * 100 + 1).ok()?;
        Some(Telling::new(Reading::Fixed(Span::years(first, first + 99)?), end + 1, "century"))
    }
}

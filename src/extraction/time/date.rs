//! Days and months: "3 February 2025", "Feb. 3", "2025-02-03", "March 2024", "on Monday", "last December".

use jiff::civil::Date;

use super::calendar::{Span, Unit};
use super::reading::{Direction, Item, Reading};
use super::telling::Telling;
use super::words::{Reader, Tag, is_counted};
use crate::extraction::word_class::WordClass;

/// Words after which "Jan" or "Mar" is a month.
static PREPOSITIONS_AND_ADJECTIVES_OF_TIME: WordClass = WordClass::named("prepositions and adjectives of time");

impl Reader<'_, '_> {
    /// A date of any form at a token.
    pub(super) fn date(&self, index: usize, is_led: bool) -> Option<Telling> {
        if let Tag::Weekday(_) | Tag::ShortWeekday(_) = self.tag(index) {
            return self.weekday(index);
        }
        if self.is_digits(index) {
            return self.numeric(index).or_else(|| self.day_month(index));
        }
        self.month_first(index, is_led)
    }

    /// "2025-02-03", "3.2.2025", "03/02/2025".
    fn numeric(&self, index: usize) -> Option<Telling> {
        let (first, length) = self.digits(index)?;
        let separator = index + 1;
        if !self.is_any(separator, &["-", "/", "."]) || [1, 2, 3, 4].iter().any(|offset| !self.is_glued(index + offset)) {
            return None;
        }
        if self.small(separator) != self.small(index + 3) || self.is_part_of_number(index) && self.is_glued(index) {
            return None;
        }
        let ((second, _), (third, third_length)) = (self.digits(index + 2)?, self.digits(index + 4)?);
        let end = index + 5;
        let goes_on = self.is_glued(end) && (self.is_digits(end + 1) && self.is_glued(end + 1) && !self.is_any(end, &["–", "—"]));
        let (year, month, day) = match (length, third_length) {
            (4, 1 | 2) => (first, second, third),
            (1 | 2, 4) if self.is(separator, ".") || first > 12 => (third, second, first),
            (1 | 2, 4) if second > 12 => (third, first, second),
            (1 | 2, 4) => match (self.is_day_first, first == second) {
                (_, true) | (Some(true), _) => (third, second, first),
                (Some(false), _) => (third, first, second),
                (None, _) => return Some(Telling::new(Reading::Vague, end, "numeric-date-ambiguous")),
            },
            _ => return None,
        };
        let day = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        // "2024-06-24T10:00Z" is a date with a time of day.
        let end = if self.is(end, "t") && self.is_glued(end) { self.clock(end + 1).map_or(end, |clock| clock.end) } else { end };
        (!goes_on || end > index + 5).then(|| Telling::new(Reading::Fixed(Span::day(day)), end, "numeric-date"))
    }

    /// A day of a month in digits, with "rd" and its like; none when the digits go on.
    fn day(&self, index: usize) -> Option<(i8, usize)> {
        let (day, length) = self.digits(index)?;
        if length > 2 || !(1..=31).contains(&day) {
            return None;
        }
        let end = if self.is_glued(index + 1) { self.skip_any(index + 1, &["st", "nd", "rd", "th"]) } else { index + 1 };
        let is_ordinal = end > index + 1;
        if !is_ordinal && self.is_part_of_number(index) {
            return None;
        }
        Some((i8::try_from(day).ok()?, end))
    }

    /// A day, or two with a dash or "to" between them.
    fn days(&self, index: usize) -> Option<((i8, i8), usize)> {
        let (first, end) = self.day(index)?;
        let connector = if self.is_dash(end) { end + 1 } else { self.skip_any(end, &["to", "and", "through", "until"]) };
        if connector > end
            && let Some((last, end)) = self.day(self.skip_any(connector, &["the"]))
            && last > first
        {
            return Some(((first, last), end));
        }
        Some(((first, first), end))
    }

    /// "1, 2 and 3" before a month.
    fn listed_days(&self, index: usize) -> Option<((i8, i8), usize)> {
        let (first, mut end) = self.day(index)?;
        let mut last = first;
        while self.is(end, ",")
            && let Some((day, next)) = self.day(end + 1)
            && day > last
        {
            (last, end) = (day, next);
        }
        let (day, end) = if last > first && self.is(end, "and") { self.day(end + 1)? } else { return None };
        (day > last && self.month(end, true).is_some()).then_some(((first, day), end))
    }

    /// "3 February 2025", "3–5 Feb.", "the 3rd of February".
    fn day_month(&self, index: usize) -> Option<Telling> {
        let (mut days, mut end) = self.listed_days(index).or_else(|| self.days(index))?;
        let mut month = self.month(self.skip_any(end, &["of"]), true);
        if month.is_none() && days.0 != days.1 {
            // Only the second number is a day of the month: "120 to 3 May"; or both are told with months.
            (days.0, end) = self.day(index)?;
            days.1 = days.0;
            month = self.month(self.skip_any(end, &["of"]), true);
        }
        let (month, end) = month?;
        self.with_year(Item::Month(month, Some(days)), end, if days.0 < days.1 { "date-span" } else { "date" })
    }

    /// "February 3, 2025", "Feb. 3-5", "February 2025", "February".
    fn month_first(&self, index: usize, is_led: bool) -> Option<Telling> {
        let (month, after) = self.month(index, false)?;
        let day = self.skip_any(after, &["the"]);
        if let Some((days, end)) = self.days(day)
            && self.is_day_here(index, day, end)
        {
            // "May 5-7" ends there, but "May 5 to 12 people" does not.
            return self.with_year(Item::Month(month, Some(days)), end, if days.0 < days.1 { "date-span" } else { "date" });
        }
        let is_short = matches!(self.tag(index), Tag::ShortMonth(_));
        if let Some(months) = self.months_to(after) {
            // "the September quarter" ends with September.
            let last = self.with_year(Item::Month(month, None), after + 1, "month")?;
            return Some(Telling::new(Reading::Ending(months, Unit::Month, Box::new(last.reading)), last.end, "ending"));
        }
        let told = self.with_year(Item::Month(month, None), after, "month")?;
        if told.rule == "month-year" || told.end > after + 1 || self.stands_alone(index, month, is_short, is_led) {
            return Some(told);
        }
        None
    }

    /// Of how many months the quarter or half is that a month names.
    fn months_to(&self, index: usize) -> Option<i64> {
        match (self.tag(index), self.small(index)) {
            (Tag::Unit(Unit::Quarter), _) => Some(3),
            (_, "half") => Some(6),
            _ => None,
        }
    }

    /// Whether digits after a month are its day: "In March 15 people died" has none.
    fn is_day_here(&self, month: usize, day: usize, end: usize) -> bool {
        if self.is(self.skip_any(day + 1, &["st", "nd", "rd", "th"]), ":") && self.is_glued(day + 1) {
            return false;
        }
        let counts = is_counted(self.small(end)) || self.is(end, "%");
        !counts || self.small_before(month) == "on"
    }

    /// Whether a name of a month means one without a day or year beside it: "May" and "March" are other words too.
    fn stands_alone(&self, index: usize, month: i8, is_short: bool, is_led: bool) -> bool {
        if is_led || self.is_any(index + 1, &["-", "–"]) && self.month(index + 2, true).is_some() {
            return true;
        }
        if is_short {
            return false;
        }
        if self.text.is_capital(index + 1) && self.text.is_capital(index.wrapping_sub(1)) {
            return false;
        }
        // "June Smith", "Ms. May" are somebody.
        let is_title = self.is_any(index.wrapping_sub(2), &["mr", "ms", "mrs", "dr"])
            || self.is_any(index.wrapping_sub(1), &["mr", "ms", "mrs", "dr"]);
        let next = self.text.word(index + 1);
        if is_title || matches!(month, 4..=6 | 8) && self.text.is_capital(index + 1) && next.chars().nth(1).is_some_and(char::is_lowercase)
        {
            return false;
        }
        let after_name = self.text.is_capital(index.wrapping_sub(1)) && !self.opens_sentence(index.wrapping_sub(1));
        match month {
            3 | 5 if self.opens_sentence(index) => month == 3 && !self.is_any(index + 1, &["to", "on", "with", "in", "for", "into", "the"]),
            3 | 5 => {
                !self.text.is_capital(index.wrapping_sub(1))
                    && !self.text.is_capital(index + 1)
                    && !self.is_any(index + 1, &["on", "for", "of", "against"])
            }
            _ => !after_name,
        }
    }

    /// A month with a capital, and where it ends; a short one only beside a day or year, or where it must be one.
    pub(super) fn month(&self, index: usize, must: bool) -> Option<(i8, usize)> {
        if !self.text.is_capital(index) {
            return None;
        }
        match self.tag(index) {
            Tag::Month(month) => Some((month, index + 1)),
            Tag::ShortMonth(month) => {
                let stop = self.is(index + 1, ".") && self.is_glued(index + 1);
                let end = index + 1 + usize::from(stop && (self.is_digits(index + 2) || !self.opens_sentence(index + 2)));
                let lead = self.small_before(index);
                let is_led = PREPOSITIONS_AND_ADJECTIVES_OF_TIME.contains(lead) || matches!(lead, "-" | "–");
                (must || stop || self.is_digits(index + 1) || is_led || self.is_dash(index + 1)).then_some((month, end))
            }
            _ => None,
        }
    }

    /// What names a month or day, with the year that follows it: ", 2025", "of that year", "last year".
    pub(super) fn with_year(&self, item: Item, end: usize, rule: &'static str) -> Option<Telling> {
        let comma = self.skip_any(end, &[","]);
        let year_at = self.skip_any(comma, &["of"]);
        if let Some(year) = self.plain_year(year_at)
            && (year_at == end || !self.counts_something(year_at) || self.is(year_at + 1, ","))
            && !self.counts_something(year_at)
        {
            let (span, rule) = match item {
                Item::Month(month, Some((first, last))) => {
                    (Span::new(Date::new(year, month, first).ok()?, Date::new(year, month, last).ok()?)?, rule)
                }
                Item::Month(month, None) => (Span::months(year, month, 1)?, "month-year"),
                Item::Season(season) => (Span::months(year, season * 3, 3)?, "season"),
                _ => return None,
            };
            return Some(Telling::new(Reading::Fixed(span), year_at + 1, rule));
        }
        let year_at = self.skip_any(end, &["of", "in"]);
        if let Some(year) = self.relative_year(year_at) {
            return Some(Telling::new(Reading::In(item, Box::new(year.reading)), year.end, "date-in-relative-year"));
        }
        Some(Telling::new(Reading::Round(item, None), end, rule))
    }

    /// "Monday", "Monday 29 July 2024", "Monday (June 24)", "Monday night".
    fn weekday(&self, index: usize) -> Option<Telling> {
        if !self.text.is_capital(index) {
            return None;
        }
        let comma = self.skip_any(index + 1, &[",", "."]);
        let comma = self.skip_any(comma, &[",", "the", "("]);
        if let Some(date) = self.date_after_weekday(comma) {
            let end = if self.is(comma.wrapping_sub(1), "(") { self.skip_any(date.end, &[")"]) } else { date.end };
            return Some(Telling { end, ..date });
        }
        let Tag::Weekday(number) = self.tag(index) else { return None };
        // "Sunday Times", "Black Friday" are names.
        let is_name = self
            .is_any(index + 1, &["times", "telegraph", "mirror", "mail", "express", "post", "herald", "league", "club", "agreement"])
            || self.text.is_capital(index.wrapping_sub(1)) && !self.opens_sentence(index.wrapping_sub(1)) && index > self.start;
        if is_name && !self.is_any(index.wrapping_sub(1), &["on", "last", "next", "this"]) {
            return None;
        }
        let end = self.skip_any(index + 1, &["morning", "afternoon", "evening", "night"]);
        if matches!(self.small_before(index), "every" | "each") {
            return Some(Telling::new(Reading::Vague, end, "vague"));
        }
        Some(Telling::new(Reading::Round(Item::Weekday(number), None), end, "weekday"))
    }

    fn date_after_weekday(&self, index: usize) -> Option<Telling> {
        let date =
            if self.is_digits(index) { self.numeric(index).or_else(|| self.day_month(index)) } else { self.month_first(index, false) };
        date.filter(|date| date.rule == "date" || date.rule == "numeric-date")
    }

    /// "last December", "this Monday", "the following February".
    pub(super) fn stepped_item(&self, index: usize, step: i64) -> Option<Telling> {
        let next = index + 1;
        let (item, end, rule) = match self.tag(next) {
            Tag::Weekday(number) => {
                (Item::Weekday(number), self.skip_any(next + 1, &["morning", "afternoon", "evening", "night"]), "stepped-weekday")
            }
            Tag::Season(number) => (Item::Season(number), next + 1, "stepped-season"),
            Tag::Month(_) | Tag::ShortMonth(_) => {
                let (month, end) = self.month(next, true)?;
                match self.days(end).filter(|(_, after)| self.is_day_here(next, end, *after)) {
                    Some((days, end)) => (Item::Month(month, Some(days)), end, "stepped-date"),
                    None => (Item::Month(month, None), end, "stepped-month"),
                }
            }
            _ => return None,
        };
        let direction = match step {
            -1 => Direction::Before,
            0 => Direction::This,
            _ => Direction::After,
        };
        let after_other = self.is_any(index, &["following", "previous", "preceding", "subsequent", "ensuing"])
            || self.small_before(index) == "the" && self.is(index, "next");
        let reading = if after_other { Reading::Following(item, direction) } else { Reading::Round(item, Some(direction)) };
        Some(Telling::new(reading, end, rule))
    }
}

//! Times of day: "18:00", "6 p.m.", "0600 GMT", "at 7.30am", "noon". They are marked, and have no period.

use super::reading::Reading;
use super::telling::Telling;
use super::words::{Reader, Tag};
use crate::extraction::word_class::WordClass;

/// Names of time zones in short.
static TIME_ZONES: WordClass = WordClass::named("time zones");

impl Reader<'_, '_> {
    /// A time of day at a token, with its zone.
    pub(super) fn clock(&self, index: usize) -> Option<Telling> {
        let end = match self.small(index) {
            "noon" | "midnight" | "midday" => index + 1,
            _ if self.is_digits(index) => self.digital(index)?,
            _ => return None,
        };
        Some(Telling::new(Reading::Clock, self.zone(end), "clock"))
    }

    fn digital(&self, index: usize) -> Option<usize> {
        let (hour, length) = self.digits(index)?;
        let is_tied = self.is_glued(index) && !self.is_any(index.wrapping_sub(1), &["(", "–", "-", "—", "t", "“", "\""]);
        if is_tied {
            return None;
        }
        let next = index + 1;
        if length == 4 {
            let is_time = hour < 2400 && hour % 100 < 60;
            // "2024 H1" is a half.
            let is_half = self.is_digits(next + 1) && self.is_glued(next + 1);
            return (is_time && self.is_zone(next) && !is_half).then_some(next);
        }
        if length > 2 || hour > 24 {
            return None;
        }
        let minutes =
            self.digits(next + 1).filter(|(minute, length)| *length == 2 && *minute < 60 && self.is_glued(next) && self.is_glued(next + 1));
        if minutes.is_some() && self.is(next, ":") {
            let seconds = self.is(next + 2, ":") && self.is_glued(next + 2) && self.is_digits(next + 3);
            let end = if seconds { next + 4 } else { next + 2 };
            // "2:01.35" is how long a run took.
            let is_run = self.is_any(end, &[".", ":"]) && self.is_glued(end) && self.is_digits(end + 1) && self.is_glued(end + 1);
            let is_run = is_run || seconds && self.small_before(index) == "in";
            return (!is_run).then(|| self.half_day(end).unwrap_or(end));
        }
        if minutes.is_some() && (self.is(next, ".") || self.text.word(next) == "h") {
            return self.half_day(next + 2).or_else(|| (self.is(next, "h") || self.is_zone(next + 2)).then_some(next + 2));
        }
        if self.is_dash(next)
            && self.digits(next + 1).is_some_and(|(hour, _)| hour <= 12)
            && let Some(end) = self.half_day(next + 2)
        {
            return Some(end);
        }
        if self.is(next, "o") && self.is_any(next + 1, &["'", "’"]) && self.is(next + 2, "clock") {
            return Some(next + 3);
        }
        self.half_day(next).filter(|_| (1..=12).contains(&hour))
    }

    /// After "am" and "p.m.".
    fn half_day(&self, index: usize) -> Option<usize> {
        if self.is_any(index, &["am", "pm"]) {
            return Some(index + 1);
        }
        let is_dotted = self.is_any(index, &["a", "p"])
            && self.is(index + 1, ".")
            && self.is(index + 2, "m")
            && self.is_glued(index + 1)
            && self.is_glued(index + 2);
        is_dotted.then(|| if self.is(index + 3, ".") && self.is_glued(index + 3) { index + 4 } else { index + 3 })
    }

    fn is_zone(&self, index: usize) -> bool {
        self.is_short_zone(index) || self.is(index, "local") && self.is(index + 1, "time")
    }

    /// "GMT", or the hours of "0600 hrs".
    fn is_short_zone(&self, index: usize) -> bool {
        self.is_of(index, &TIME_ZONES) || self.is_any(index, &["hrs", "hours", "h"])
    }

    /// After "GMT", "local time", "Goma time", "Eastern time", where they stand.
    fn zone(&self, index: usize) -> usize {
        if self.is(index, "(") && self.is_zone(index + 1) && self.is(index + 2, ")") {
            return index + 3;
        }
        if self.is_short_zone(index) {
            return index + 1;
        }
        if self.is(index + 1, "time") && (self.is(index, "local") || self.text.is_capital(index) && self.tag(index) == Tag::Other) {
            return index + 2;
        }
        index
    }
}

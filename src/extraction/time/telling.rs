//! A time as it is told: its reading, and the grammar that puts the pieces together.

use super::reading::{Item, Part, Reading};
use super::words::{Reader, Tag};

/// How deep a time is told inside of another: "the end of the first half of last year" is three.
const DEPTH_MAX: u8 = 4;

/// A time that was read from the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Telling {
    pub(super) reading: Reading,
    /// The token after it.
    pub(super) end: usize,
    /// The rule that read it.
    pub(super) rule: &'static str,
}

impl Telling {
    pub(super) fn new(reading: Reading, end: usize, rule: &'static str) -> Self {
        Self { reading, end, rule }
    }
}

impl Reader<'_, '_> {
    /// A part of a time that stands before it: "last year’s fourth quarter", "2024’s July".
    fn owned(&self, told: Telling) -> Telling {
        let part = told.end + 2;
        if !self.is_any(told.end, &["'", "’"]) || !self.is(told.end + 1, "s") || !self.is_glued(told.end + 1) {
            return told;
        }
        let owned = self.part(part, true, 1).or_else(|| self.date(part, true));
        // "2024’s end".
        if owned.is_none() && self.is(part, "end") {
            return Telling::new(Reading::Part(Part::End, Box::new(told.reading)), part + 1, "part");
        }
        match owned.map(|owned| (owned.reading, owned.end, owned.rule)) {
            Some((Reading::Round(Item::Part(inner, _), None), end, rule)) => {
                Telling::new(Reading::Part(inner, Box::new(told.reading)), end, rule)
            }
            Some((Reading::Round(item @ Item::Month(..), None), end, rule)) => {
                Telling::new(Reading::In(item, Box::new(told.reading)), end, rule)
            }
            _ => told,
        }
    }

    /// A time, or a range of two, at a token; `is_led` when a preposition led to it, `is_between` when that was "between".
    pub(super) fn told(&self, index: usize, is_led: bool, is_between: bool) -> Option<Telling> {
        let from = self.owned(self.single(index, is_led, DEPTH_MAX)?);
        if matches!(from.reading, Reading::Vague | Reading::Clock) {
            return Some(from);
        }
        let connector = match self.small(from.end) {
            "and" if is_between => from.end + 1,
            "to" | "through" | "until" | "till" | "thru" if !from.reading.is_shift() => from.end + 1,
            _ if self.is_dash(from.end) && self.text.spaced(from.end) == self.text.spaced(from.end + 1) => from.end + 1,
            _ => return Some(from),
        };
        let connector = if self.is(connector, "-") { connector + 1 } else { connector };
        match self.single(connector, true, DEPTH_MAX) {
            Some(to) if !matches!(to.reading, Reading::Vague | Reading::Clock) && !runs_back(&from.reading, &to.reading) => {
                // "fiscal 2018 and 2022" are both fiscal.
                let last = match (&from.reading, to.reading) {
                    (Reading::Fiscal(..), Reading::Fixed(year)) if to.rule == "year" => Reading::Fiscal(year.first.year(), None),
                    (_, reading) => reading,
                };
                let reading = Reading::Range(Box::new(from.reading), Box::new(last));
                Some(Telling::new(reading, to.end, "range"))
            }
            _ => Some(from),
        }
    }

    /// Whether a time can begin at a token at all: most cannot, and are passed by.
    pub(super) fn may_tell(&self, index: usize) -> bool {
        !matches!(self.tag(index), Tag::Other | Tag::Taken) || self.is_digits(index) || self.is_any(index, &["'", "’", "‘"])
    }

    /// One time at a token.
    pub(super) fn single(&self, index: usize, is_led: bool, depth: u8) -> Option<Telling> {
        let depth = depth.checked_sub(1)?;
        let bare = self.skip_any(index, &["the"]);
        if !self.may_tell(bare) {
            return None;
        }
        self.clock(index)
            .or_else(|| self.part(bare, is_led, depth))
            .or_else(|| self.ending(bare, depth))
            .or_else(|| self.relative(index))
            .or_else(|| self.anchored(index, depth))
            .or_else(|| self.season(bare, is_led))
            .or_else(|| self.date(bare, is_led))
            .or_else(|| self.year(index, is_led))
    }
}

/// Whether two times are told the wrong way round, so that they are no range.
fn runs_back(from: &Reading, to: &Reading) -> bool {
    matches!((from, to), (Reading::Fixed(from), Reading::Fixed(to)) if from.first > to.last)
}

impl Reading {
    /// Whether it is measured from what was told before.
    pub(super) fn is_shift(&self) -> bool {
        matches!(self, Self::Shift { .. } | Self::AgoOf(..) | Self::SamePeriod(_))
    }
}

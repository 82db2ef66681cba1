//! Parts of a longer time: "the third quarter of 2024", "early 2023", "end-June", "the first ten months of this year", "Q3", "summer 1994".

use super::calendar::{Span, Unit};
use super::reading::{Item, Part, Reading};
use super::telling::Telling;
use super::words::{Reader, Tag};
use crate::extraction::quantity::noun;
use crate::extraction::text::Kind;
use crate::extraction::word_class::WordClass;

/// Words by which a half or a quarter is one of a game.
static WORDS_OF_GAMES: WordClass = WordClass::named("words of games");

impl Reader<'_, '_> {
    /// A part of a longer time at a token.
    pub(super) fn part(&self, index: usize, is_led: bool, depth: u8) -> Option<Telling> {
        match self.tag(index) {
            Tag::Part(number) => self.stretch(index, number, depth),
            Tag::Ordinal(number) => self.ordinal(index, i64::from(number), is_led, depth),
            Tag::Step(-1) if self.is_any(index, &["last"]) => self.last(index, depth),
            Tag::Unit(unit) if unit > Unit::Day && self.is_dash(index + 1) && self.is(index + 2, "end") => {
                Some(self.edge_with_year(Part::End, unit, index + 3))
            }
            _ if self.is(index, "midyear") => Some(self.edge_with_year(Part::Mid, Unit::Year, index + 1)),
            _ if self.is(index, "weekend")
                && is_led
                && (self.text.kind(index + 1) != Some(Kind::Word) || noun::ends_phrase(self.small(index + 1))) =>
            {
                Some(Telling::new(Reading::Round(Item::Part(Part::Last(2, Unit::Day), Unit::Week), None), index + 1, "weekend"))
            }
            _ => self.letter_behind_year(index).or_else(|| self.letter(index, depth)),
        }
    }

    /// "last three months of 2023", "last quarter of the year".
    fn last(&self, index: usize, depth: u8) -> Option<Telling> {
        let unit = index + 1;
        let is_part = self.is(unit + 1, "of") && (self.is(unit, "half") || matches!(self.tag(unit), Tag::Unit(_)));
        let Some((whole, end)) = is_part.then(|| self.whole(unit + 2, depth)).flatten() else { return self.counted(index, 99, depth) };
        let part = match self.tag(unit) {
            Tag::Unit(Unit::Quarter) => Part::Quarter(4),
            Tag::Unit(unit) => Part::Last(1, unit),
            _ => Part::Half(2),
        };
        Some(Telling::new(whole.part(part), end, "part"))
    }

    /// "early 2023", "mid-June", "the end of last year".
    fn stretch(&self, index: usize, number: i8, depth: u8) -> Option<Telling> {
        let part = match number {
            0 => Part::Early,
            1 => Part::Mid,
            2 => Part::Late,
            3 => Part::Start,
            _ => Part::End,
        };
        let next = index + 1;
        let dash = if self.is_dash(next) && self.is_glued(next) { next + 1 } else { next };
        let of = self.skip_any(dash, &["of", "in", "on"]);
        let edge = matches!(part, Part::Start | Part::End);
        // "start in 2025" and "end 2,000 jobs" are verbs; "start of" and "end-June" are not.
        if edge && of == next && !(self.text.is_capital(of) || self.is_digits(of)) || edge && self.is_any(dash, &["in", "on"]) {
            return None;
        }
        if of > dash && self.is_any(of, &["the"]) && self.tag(of + 1) == Tag::Unit(Unit::Day) {
            return None;
        }
        let (whole, end) = self.whole(of, depth)?;
        let rule = if matches!(whole, Whole::Of(_)) { "part-of-unit" } else { "part" };
        Some(Telling::new(whole.part(part), end, rule))
    }

    /// "year-end", with the year behind it or without.
    fn edge_with_year(&self, part: Part, unit: Unit, end: usize) -> Telling {
        match self.plain_year(end).filter(|_| unit == Unit::Year && !self.counts_something(end)).and_then(Span::year) {
            Some(year) => Telling::new(Reading::Part(part, Box::new(Reading::Fixed(year))), end + 1, "part"),
            None => Telling::new(Reading::Round(Item::Part(part, unit), None), end, "part-of-unit"),
        }
    }

    /// What a part is a part of: "the year", or a time that is told.
    fn whole(&self, index: usize, depth: u8) -> Option<(Whole, usize)> {
        let bare = self.skip_any(index, &["the"]);
        if bare > index
            && let Tag::Unit(unit) = self.tag(bare)
            && unit > Unit::Day
            && !self.is_any(bare + 1, &["to", "before", "earlier", "ended", "ending"])
        {
            return Some((Whole::Of(unit), bare + 1));
        }
        if self.is_any(index, &["this"]) && self.is(index + 1, "one") {
            return Some((Whole::Told(Reading::Unit(Unit::Year, 0)), index + 2));
        }
        if self.is(index, "the") && self.is_any(index + 1, &["last", "previous"]) && self.is(index + 2, "one") {
            return Some((Whole::Told(Reading::Unit(Unit::Year, -1)), index + 3));
        }
        let told = self.single(index, true, depth)?;
        (!matches!(told.reading, Reading::Clock | Reading::Vague)).then_some((Whole::Told(told.reading), told.end))
    }

    /// "third quarter", "second half", "first ten months", "first week".
    fn ordinal(&self, index: usize, number: i64, is_led: bool, depth: u8) -> Option<Telling> {
        let next = index + 1;
        let dash = if self.is_dash(next) && self.is_glued(next) { next + 1 } else { next };
        let dash = self.skip_any(dash, &["fiscal", "calendar"]);
        let is_fiscal = self.is(dash.wrapping_sub(1), "fiscal") || self.small_before(index) == "fiscal";
        if let Some(told) = self.two_quarters(index, number, depth) {
            return Some(told);
        }
        let part = match self.tag(dash) {
            Tag::Unit(Unit::Quarter) if number <= 4 => Part::Quarter(i8::try_from(number).ok()?),
            Tag::Unit(Unit::Quarter) if number == 99 => Part::Quarter(4),
            // "in the second quarter and … in the third".
            _ if number <= 4 && is_led && dash == next && self.elides_quarter(index) => {
                return self.part_of_year(Part::Quarter(i8::try_from(number).ok()?), index, next, depth);
            }
            _ if self.is(dash, "half") && number <= 2 => Part::Half(i8::try_from(number).ok()?),
            Tag::Unit(unit @ (Unit::Day | Unit::Week | Unit::Month | Unit::Decade)) => {
                return self.nth(index, number, unit, dash + 1, is_led, depth);
            }
            _ => return self.counted(index, number, depth),
        };
        // "the second quarter, which ended on June 30".
        let which = self.skip_any(self.skip_any(dash + 1, &[","]), &["which", "that"]);
        let ended = self.skip_any(self.skip_any(which, &["ended", "ending"]), &["on", "in"]);
        if ended > which
            && matches!(part, Part::Quarter(_) | Part::Half(_))
            && let Some(told) = self.single(ended, true, depth)
        {
            let months = if matches!(part, Part::Quarter(_)) { 3 } else { 6 };
            return Some(Telling::new(Reading::Ending(months, Unit::Month, Box::new(told.reading)), told.end, "ending"));
        }
        let told = self.part_of_year(part, index, dash + 1, depth)?;
        // Which months a fiscal quarter has, only its year can tell.
        let is_open = is_fiscal && matches!(told.reading, Reading::Round(..));
        Some(if is_open { Telling::new(Reading::Vague, told.end, "fiscal-quarter") } else { told })
    }

    /// "second and third quarters of 2024".
    fn two_quarters(&self, index: usize, number: i64, depth: u8) -> Option<Telling> {
        let Tag::Ordinal(last) = self.tag(index + 2) else { return None };
        let is_pair = self.is_any(index + 1, &["and", "to"]) && self.tag(index + 3) == Tag::Units(Unit::Quarter);
        let (first, last) = (Part::Quarter(i8::try_from(number).ok()?), Part::Quarter(last));
        let end = is_pair.then_some(index + 4)?;
        let range =
            |from: Reading, to: Reading, end: usize| Some(Telling::new(Reading::Range(Box::new(from), Box::new(to)), end, "quarters"));
        match self.whole(self.skip_any(end, &["of"]), depth) {
            Some((Whole::Told(year), whole_end)) if self.is(end, "of") => {
                range(Reading::Part(first, Box::new(year.clone())), Reading::Part(last, Box::new(year)), whole_end)
            }
            _ => {
                let round = |part: Part| Reading::Round(Item::Part(part, Unit::Year), None);
                range(round(first), round(last), end)
            }
        }
    }

    /// Whether nothing is ordered here but a quarter that stood in the sentence before.
    fn elides_quarter(&self, index: usize) -> bool {
        let before = self.around(index, 25).start..index;
        let ends = self.ends_phrase(index + 1) || self.is_any(index + 1, &["of", "and"]);
        ends && self.small_before(index) == "the" && before.rev().any(|near| self.tag(near) == Tag::Unit(Unit::Quarter))
    }

    /// "2024 Q1", "2024Q1", "2024-H1".
    fn letter_behind_year(&self, index: usize) -> Option<Telling> {
        let (year, _) = self.digits(index).filter(|(year, length)| *length == 4 && (1950..2100).contains(year))?;
        let letter = if self.is_dash(index + 1) && self.is_glued(index + 1) { index + 2 } else { index + 1 };
        let (number, _) = self.digits(letter + 1).filter(|(_, length)| *length == 1 && self.is_glued(letter + 1))?;
        let part = match (self.text.word(letter), number) {
            ("Q", 1..=4) => Part::Quarter(i8::try_from(number).ok()?),
            ("H", 1..=2) => Part::Half(i8::try_from(number).ok()?),
            _ => return None,
        };
        let year = Reading::Fixed(Span::year(i16::try_from(year).ok()?)?);
        Some(Telling::new(Reading::Part(part, Box::new(year)), letter + 2, "quarter"))
    }

    /// "Q3 2024", "3Q24", "H1".
    fn letter(&self, index: usize, depth: u8) -> Option<Telling> {
        let (letter, number, end) = if self.is_digits(index) {
            (self.small(index + 1), self.digits(index)?, index + 2)
        } else {
            (self.small(index), self.digits(index + 1)?, index + 2)
        };
        if !self.is_glued(index + 1) || number.1 != 1 || self.is_glued(index) && !self.is_any(index.wrapping_sub(1), &["(", "-", "–"]) {
            return None;
        }
        let part = match (letter, number.0) {
            ("q", 1..=4) => Part::Quarter(i8::try_from(number.0).ok()?),
            ("m", 3 | 6 | 9) if self.is_digits(index) && self.text.word(index + 1) == "M" && self.is_year_behind_letter(end) => {
                Part::First(number.0, Unit::Month)
            }
            ("h", 1..=2) => Part::Half(i8::try_from(number.0).ok()?),
            _ => return None,
        };
        // "3Q24", "Q3’24", "Q3/2024".
        let short = self.skip_any(end, &["'", "’", "/", "-"]);
        if let Some((number, 2)) = self.digits(short).filter(|_| self.is_glued(short) || short > end) {
            let year = Reading::Fixed(Span::year(2000 + i16::try_from(number).ok()?)?);
            return Some(Telling::new(Reading::Part(part, Box::new(year)), short + 1, "quarter"));
        }
        if let Some(year) = self.plain_year(short) {
            return Some(Telling::new(Reading::Part(part, Box::new(Reading::Fixed(Span::year(year)?))), short + 1, "quarter"));
        }
        self.part_of_year(part, index, end, depth)
    }

    /// "9M 2024", "9M24".
    fn is_year_behind_letter(&self, index: usize) -> bool {
        self.plain_year(index).is_some() || self.is_glued(index) && self.digits(index).is_some_and(|(_, length)| length == 2)
    }

    /// A quarter or half, with the year that follows, or without one.
    fn part_of_year(&self, part: Part, index: usize, end: usize, depth: u8) -> Option<Telling> {
        let rule = if matches!(part, Part::Quarter(_)) { "quarter" } else { "half" };
        let of = self.skip_any(self.skip_any(end, &[","]), &["of", "in"]);
        if (self.is_any(of, &["the", "this", "last", "next", "that", "fiscal", "fy", "its"])
            || self.is_digits(of)
            || matches!(self.tag(of), Tag::Month(_)))
            && !(of == end && self.is(of, "the"))
            && !self.counts_something(of)
            && let Some((whole, end)) = self.whole(of, depth)
        {
            let reading = match whole {
                Whole::Of(unit) => Some(Reading::Round(Item::Part(part, unit), None)),
                Whole::Told(Reading::Round(..) | Reading::Ago(..) | Reading::Past(..)) if of == end => None,
                Whole::Told(reading) => Some(Reading::Part(part, Box::new(reading))),
            };
            if let Some(reading) = reading {
                return Some(Telling::new(reading, end, rule));
            }
        }
        let is_game = !self.is(index, "q") && self.around(index, 25).any(|index| self.is_of(index, &WORDS_OF_GAMES));
        (!is_game).then(|| Telling::new(Reading::Round(Item::Part(part, Unit::Year), None), end, rule))
    }

    /// "first ten months of this year", "last two weeks of June", "first three quarters".
    fn counted(&self, index: usize, number: i64, depth: u8) -> Option<Telling> {
        let count = self.count(index + 1)?;
        let dash = if self.is_dash(index + 2) && self.is_glued(index + 2) { index + 3 } else { index + 2 };
        let unit = match self.tag(dash) {
            Tag::Units(unit) => unit,
            Tag::Unit(unit) if dash > index + 2 => unit,
            _ => return None,
        };
        let part = match number {
            1 => Part::First(count, unit),
            99 => Part::Last(count, unit),
            _ => return None,
        };
        let end = dash + 1;
        let of = self.skip_any(end, &["of", "in"]);
        if (of > end || self.is_any(end, &["this", "last"]) || self.plain_year(end).is_some())
            && let Some((whole, end)) = self.whole(of, depth)
        {
            return Some(Telling::new(whole.part(part), end, "first-units"));
        }
        match unit {
            _ if number == 99 => None,
            Unit::Month | Unit::Quarter => Some(Telling::new(Reading::Round(Item::Part(part, Unit::Year), None), end, "first-units")),
            Unit::Day | Unit::Week => Some(Telling::new(Reading::Opening(count, unit), end, "opening")),
            _ => None,
        }
    }

    /// "first week of March"; "in the first week" after something began.
    fn nth(&self, index: usize, number: i64, unit: Unit, end: usize, is_led: bool, depth: u8) -> Option<Telling> {
        let part = if number == 99 { Part::Last(1, unit) } else { Part::Nth(number, unit) };
        if self.is(end, "of")
            && let Some((whole, end)) = self.whole(end + 1, depth)
        {
            return Some(Telling::new(whole.part(part), end, "nth-unit"));
        }
        (number == 1 && is_led && index > self.start && self.small_before(index) == "the" && unit < Unit::Decade)
            .then(|| Telling::new(Reading::Opening(1, unit), end, "opening"))
    }

    /// "summer 1994", "the winter of 2023-24", "in the spring".
    pub(super) fn season(&self, index: usize, is_led: bool) -> Option<Telling> {
        let Tag::Season(number) = self.tag(index) else { return None };
        let year = self.skip_any(index + 1, &["of"]);
        if let Some(told) = self.year(year, true).filter(|told| !self.counts_something(told.end - 1)) {
            return match told.reading {
                Reading::Fixed(span) if told.rule == "year" || told.rule == "year-span" => {
                    Some(Telling::new(Reading::Fixed(Span::months(span.first.year(), number * 3, 3)?), told.end, "season"))
                }
                _ => None,
            };
        }
        let told = self.with_year(Item::Season(number), index + 1, "season")?;
        let is_dated = matches!(told.reading, Reading::In(..));
        let is_plain = is_led && !self.is(index, "fall") && (!self.is(index, "spring") || self.small_before(index) == "the");
        (is_dated || is_plain).then_some(told)
    }
}

/// What a part is a part of.
enum Whole {
    /// A unit of which several could be meant: "the year".
    Of(Unit),
    Told(Reading),
}

impl Whole {
    /// A part of it.
    fn part(self, part: Part) -> Reading {
        match self {
            Self::Of(unit) => Reading::Round(Item::Part(part, unit), None),
            Self::Told(reading) => Reading::Part(part, Box::new(reading)),
        }
    }
}

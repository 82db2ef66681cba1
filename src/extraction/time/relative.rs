//! Times that are measured from the day of publication, or from what was told before.

use super::calendar::Unit;
use super::reading::{Item, Part, Reading};
use super::telling::Telling;
use super::words::{Reader, Tag};
use crate::extraction::word_class::WordClass;

/// Words with which a new part of the sentence begins.
static CONNECTIVES_OF_CLAUSES: WordClass = WordClass::named("connectives of clauses");

impl Reader<'_, '_> {
    /// A time measured from the day of publication: "last year", "the past two weeks", "ten days ago", "yesterday".
    pub(super) fn relative(&self, index: usize) -> Option<Telling> {
        let bare = self.skip_any(index, &["the"]);
        match self.tag(bare) {
            Tag::Step(step) => self.stepped(bare, step, bare > index),
            Tag::Vague if self.is(bare, "recent") => match self.tag(bare + 1) {
                Tag::Units(_) => Some(Telling::new(Reading::Vague, bare + 2, "vague")),
                _ => None,
            },
            _ => self.measured(index).or_else(|| self.day_word(index)),
        }
    }

    fn day_word(&self, index: usize) -> Option<Telling> {
        let day = match self.small(index) {
            "yesterday" => -1,
            "today" | "tonight" => 0,
            "tomorrow" => 1,
            "ytd" => return Some(Telling::new(Reading::ToDate(Unit::Year), index + 1, "to-date")),
            "year" if self.is_any(index + 1, &["to", "-"]) => {
                let end = self.skip(index + 1, &["to", "date"]).max(self.skip(index + 1, &["-", "to", "-", "date"]));
                return (end > index + 1).then(|| Telling::new(Reading::ToDate(Unit::Year), end, "to-date"));
            }
            "so" if self.is(index + 1, "far") && self.is(index + 2, "this") => {
                let Tag::Unit(unit) = self.tag(index + 3) else { return None };
                return Some(Telling::new(Reading::ToDate(unit), index + 4, "to-date"));
            }
            _ => return None,
        };
        let end = self.skip_any(index + 1, &["morning", "afternoon", "evening", "night"]);
        Some(Telling::new(Reading::Unit(Unit::Day, day), end, "day-word"))
    }

    /// "last year", "this month so far", "next Monday", "the past two years".
    fn stepped(&self, index: usize, step: i64, has_article: bool) -> Option<Telling> {
        if let Some(item) = self.stepped_item(index, step) {
            return Some(item);
        }
        if let Some(year) = self.fiscal_step(index, step) {
            return Some(year);
        }
        let word = self.small(index);
        let next = index + 1;
        let is_past = matches!(word, "past") || word == "last" && has_article;
        let beside = matches!(word, "previous" | "preceding" | "prior" | "following" | "subsequent" | "ensuing");
        match self.tag(next) {
            Tag::Unit(unit) => {
                // "the year before last" and "last-minute" are something else.
                if self.is_dash(next) || unit == Unit::Hour && step == 0 {
                    return None;
                }
                let end = next + 1;
                let so_far = self.skip(end, &["so", "far"]).max(self.skip(end, &["to", "date"]));
                let (reading, rule) = match step {
                    0 if so_far > end => return Some(Telling::new(Reading::ToDate(unit), so_far, "to-date")),
                    _ if beside && has_article || word == "the" => (Reading::Beside(unit, step), "unit-beside"),
                    _ if beside => (Reading::Beside(unit, step), "unit-beside"),
                    -1 if is_past && unit != Unit::Quarter || unit >= Unit::Decade && step == -1 => (Reading::Past(1, unit), "past-span"),
                    1 if word == "coming" || word == "upcoming" => (Reading::Coming(1, unit), "coming-span"),
                    1 if has_article => (Reading::Beside(unit, 1), "unit-beside"),
                    _ => (Reading::Unit(unit, step), "unit"),
                };
                Some(Telling::new(reading, end, rule))
            }
            _ if self.is_any(next, &["night", "evening"]) && step == -1 => {
                Some(Telling::new(Reading::Unit(Unit::Day, -1), next + 1, "day-word"))
            }
            _ if self.is_any(next, &["morning", "afternoon", "evening"]) && word == "this" => {
                Some(Telling::new(Reading::Unit(Unit::Day, 0), next + 1, "day-word"))
            }
            _ if self.is(next, "weekend") => {
                let week = if step < 0 { Reading::Beside(Unit::Week, step) } else { Reading::Unit(Unit::Week, step) };
                let week = if word == "last" { Reading::Unit(Unit::Week, -1) } else { week };
                Some(Telling::new(Reading::Part(Part::Last(2, Unit::Day), Box::new(week)), next + 1, "weekend"))
            }
            Tag::Fortnight => Some(Telling::new(
                if step < 0 { Reading::Past(2, Unit::Week) } else { Reading::Coming(2, Unit::Week) },
                next + 1,
                "past-span",
            )),
            Tag::Vague | Tag::Number(_) | Tag::Other if step != 0 => self.stepped_units(next, step, beside),
            Tag::Units(_) if step != 0 => Some(Telling::new(Reading::Vague, next + 1, "vague")),
            _ => None,
        }
    }

    /// "two years" after "the past" or "the next".
    fn stepped_units(&self, index: usize, step: i64, beside: bool) -> Option<Telling> {
        let (count, end) = match self.count(index) {
            Some(count) => (Some(count), index + 1),
            None if self.tag(index) == Tag::Vague => (None, self.skip_any(index + 1, &["of", "dozen"])),
            None => return None,
        };
        let end = if self.is_dash(end) && self.is_glued(end) { end + 1 } else { end };
        let (Tag::Units(unit) | Tag::Unit(unit)) = self.tag(end) else { return None };
        let (reading, rule) = match (count, step) {
            (Some(count), step) if beside => (Reading::Adjoining(count * step, unit), "units-beside"),
            (Some(count), -1) => (Reading::Past(count, unit), "past-span"),
            (Some(count), 1) => (Reading::Coming(count, unit), "coming-span"),
            _ => (Reading::Vague, "vague"),
        };
        Some(Telling::new(reading, end + 1, rule))
    }

    /// "ten days ago", "four years later", "a year earlier".
    fn measured(&self, index: usize) -> Option<Telling> {
        let (count, unit_at) = match self.small(index) {
            "half" if self.is_any(index + 1, &["a"]) => return self.half_ago(index + 2),
            "a" | "an" | "one" => (Some(1), self.skip_any(index + 1, &["full"])),
            _ if self.tag(index) == Tag::Vague => (None, self.skip_any(index + 1, &["of"])),
            _ => (Some(self.count(index)?), index + 1),
        };
        let (count, unit_at) = if self.is(unit_at, "dozen") { (count.map(|count| count * 12), unit_at + 1) } else { (count, unit_at) };
        let (count, unit_at) = if self.is(unit_at, "couple") { (None, self.skip_any(unit_at + 1, &["of"])) } else { (count, unit_at) };
        let (count, unit_at) = if self.tag(unit_at) == Tag::Vague { (None, unit_at + 1) } else { (count, unit_at) };
        let (unit, count) = match self.tag(unit_at) {
            Tag::Units(unit) | Tag::Unit(unit) => (unit, count),
            Tag::Fortnight => (Unit::Week, count.map(|count| count * 2)),
            _ => return None,
        };
        let word = unit_at + 1;
        let end = word + 1;
        let (reading, rule) = match (self.small(word), count) {
            ("ago" | "earlier" | "later" | "previously" | "hence", None) => (Reading::Vague, "vague"),
            ("ago", Some(count))
                if self.small_before(index) == "than" || self.small_before(index) == "from" || self.small_before(index) == "on" =>
            {
                (Reading::AgoOf(-count, unit), "shift")
            }
            ("ago", Some(count)) => (Reading::Ago(-count, unit), "ago"),
            ("hence", Some(count)) => (Reading::Ago(count, unit), "ago"),
            ("earlier" | "previously", Some(count)) => (Reading::Shift { count: -count, unit, keeps: count == 1 }, "shift"),
            ("before", Some(count)) if self.ends_phrase(end) => (Reading::Shift { count: -count, unit, keeps: count == 1 }, "shift"),
            ("later", Some(count)) => (Reading::Shift { count, unit, keeps: false }, "shift"),
            _ => return None,
        };
        Some(Telling::new(reading, end, rule))
    }

    /// "half a century ago".
    fn half_ago(&self, index: usize) -> Option<Telling> {
        let (count, unit) = match self.tag(index) {
            Tag::Unit(Unit::Year) => (6, Unit::Month),
            Tag::Unit(Unit::Decade) => (5, Unit::Year),
            Tag::Unit(Unit::Century) => (50, Unit::Year),
            _ => return None,
        };
        self.is(index + 1, "ago").then(|| Telling::new(Reading::Ago(-count, unit), index + 2, "ago"))
    }

    /// Whether nothing follows that a word before would go with: a mark, an end, or a new part of the sentence.
    pub(super) fn ends_phrase(&self, index: usize) -> bool {
        let word = self.small(index);
        word.is_empty() || !word.starts_with(char::is_alphanumeric) || CONNECTIVES_OF_CLAUSES.contains(word)
    }

    /// A time measured from what was told before: "that year", "the same period of 2023", "the year before", "year-on-year".
    pub(super) fn anchored(&self, index: usize, depth: u8) -> Option<Telling> {
        let earlier = self.skip_any(index, &["the", "a"]);
        if let Some(told) = self.on_year(earlier).filter(|told| earlier == index || told.rule == "shift") {
            return Some(told);
        }
        match self.small(index) {
            "then" if matches!(self.small_before(index), "since" | "by" | "until" | "before") => {
                Some(Telling::new(Reading::SamePeriod(None), index + 1, "then"))
            }
            "that" | "those" => match self.tag(index + 1) {
                Tag::Unit(unit) if !self.is_dash(index + 2) => Some(Telling::new(Reading::Same(unit), index + 2, "same-unit")),
                Tag::Month(_) | Tag::Season(_) => self.stepped_item(index, 0).map(|told| match told.reading {
                    Reading::Round(item, _) => Telling { reading: Reading::In(item, Box::new(Reading::Same(Unit::Year))), ..told },
                    _ => told,
                }),
                _ => None,
            },
            "the" | "a" | "same" | "year" | "corresponding" => {
                let same = self.skip_any(index, &["the", "a"]);
                if self.is_any(same, &["same", "corresponding", "equivalent", "comparable"]) {
                    return self.same(same, depth);
                }
                let Tag::Unit(unit) = self.tag(same) else { return None };
                if same == index || !self.is(index, "the") {
                    return None;
                }
                let end = same + 2;
                match self.small(same + 1) {
                    "before" | "earlier" | "prior" | "previously" if self.is(end, "last") => {
                        Some(Telling::new(Reading::Unit(unit, -2), end + 1, "unit"))
                    }
                    "before" | "earlier" | "prior" | "previously" if self.ends_phrase(end) => {
                        Some(Telling::new(Reading::Beside(unit, -1), end, "unit-beside"))
                    }
                    "after" if self.ends_phrase(end) => Some(Telling::new(Reading::Beside(unit, 1), end, "unit-beside")),
                    "ago" => Some(Telling::new(Reading::Shift { count: -1, unit, keeps: true }, end, "shift")),
                    _ if unit >= Unit::Month
                        && matches!(self.small_before(index), "on" | "over" | "from")
                        && self.ends_phrase(same + 1) =>
                    {
                        Some(Telling::new(Reading::Shift { count: -1, unit, keeps: true }, same + 1, "on-unit"))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// "year-on-year", "month over month", "y/y", "yoy".
    fn on_year(&self, index: usize) -> Option<Telling> {
        let shift = |unit: Unit, end: usize| Some(Telling::new(Reading::Shift { count: -1, unit, keeps: true }, end, "on-unit"));
        match (self.tag(index), self.small(index)) {
            // "the year-earlier period", "the year-ago quarter".
            (Tag::Unit(unit), _) if self.is_dash(index + 1) && self.is_any(index + 2, &["ago", "earlier"]) => {
                let end = self.skip_any(index + 3, &["period", "quarter", "month", "level", "levels", "figure"]);
                Some(Telling::new(Reading::Shift { count: -1, unit, keeps: true }, end, "shift"))
            }
            (Tag::Unit(unit), word) => {
                let on = if self.is_dash(index + 1) { index + 2 } else { index + 1 };
                let other = if self.is_dash(on + 1) { on + 2 } else { on + 1 };
                (self.is_any(on, &["on", "over", "to", "ago"]) && self.is(other, word)).then(|| shift(unit, other + 1))?
            }
            (_, "yoy") => shift(Unit::Year, index + 1),
            (_, "qoq") => shift(Unit::Quarter, index + 1),
            (_, "mom") if self.small_before(index) != "a" => shift(Unit::Month, index + 1),
            (_, letter @ ("y" | "m" | "q")) if self.is(index + 1, "/") && self.is_glued(index + 1) && self.is(index + 2, letter) => shift(
                if letter == "y" {
                    Unit::Year
                } else if letter == "m" {
                    Unit::Month
                } else {
                    Unit::Quarter
                },
                index + 3,
            ),
            (_, "on") if self.is_dash(index + 1) => match self.tag(index + 2) {
                Tag::Unit(unit) if unit >= Unit::Month => shift(unit, index + 3),
                _ => None,
            },
            _ => None,
        }
    }

    /// "same year", "same period of 2023", "same month last year".
    fn same(&self, index: usize, depth: u8) -> Option<Telling> {
        let unit = match self.tag(index + 1) {
            Tag::Unit(unit) => Some(unit),
            Tag::Units(_) => None,
            _ if self.is_any(index + 1, &["period", "time", "point", "stage", "half", "span", "season"]) => None,
            _ if self.count(index + 1).is_some() && matches!(self.tag(index + 2), Tag::Units(_)) => return self.same(index + 1, depth),
            _ if self.is_dash(index + 2) && self.is(index + 3, "month") => return self.same(index + 2, depth),
            _ => return None,
        };
        let end = index + 2;
        let of = self.skip_any(end, &["of", "in", "a"]);
        let of = if self.is_any(of.wrapping_sub(1), &["a"]) && of > end { of - 1 } else { of };
        if let Some(year) = self
            .relative_year(of)
            .or_else(|| self.year(of, true))
            .or_else(|| self.measured(of))
            .filter(|told| told.reading != Reading::Vague)
        {
            let reading = match year.reading {
                Reading::Shift { count, unit: Unit::Year, .. } | Reading::Ago(count, Unit::Year) => {
                    Reading::Shift { count, unit: Unit::Year, keeps: true }
                }
                inner => Reading::SamePeriod(Some(Box::new(inner))),
            };
            return Some(Telling::new(reading, year.end, "same-period"));
        }
        if of > end
            && let Some(told) = self.single(of, true, depth)
            && matches!(told.reading, Reading::Fiscal(..))
        {
            return Some(Telling::new(Reading::SamePeriod(Some(Box::new(told.reading))), told.end, "same-period"));
        }
        match unit {
            Some(unit) => Some(Telling::new(Reading::Same(unit), end, "same-unit")),
            None if self.is_any(index + 1, &["time", "point", "stage", "half", "season"]) => None,
            None => Some(Telling::new(Reading::SamePeriod(None), end, "same-period")),
        }
    }

    /// A year by what it is measured from: "that year", "last year", "the following year", "the last one".
    pub(super) fn relative_year(&self, index: usize) -> Option<Telling> {
        let bare = self.skip_any(index, &["the"]);
        if self.is_any(bare, &["last", "previous", "this"]) && self.is(bare + 1, "one") {
            return Some(Telling::new(Reading::Unit(Unit::Year, if self.is(bare, "this") { 0 } else { -1 }), bare + 2, "unit"));
        }
        let is_year = self.tag(bare + 1) == Tag::Unit(Unit::Year)
            && (matches!(self.tag(bare), Tag::Step(_)) || self.is_any(bare, &["that", "same"]))
            || bare > index && self.tag(bare) == Tag::Unit(Unit::Year) && self.is_any(bare + 1, &["before", "earlier", "after"]);
        if !is_year {
            return None;
        }
        if matches!(self.tag(bare), Tag::Step(_)) {
            self.stepped(bare, self.step(bare)?, bare > index)
        } else {
            self.year_before(index, bare)
        }
    }

    fn year_before(&self, index: usize, bare: usize) -> Option<Telling> {
        match self.small(bare) {
            "that" | "same" => Some(Telling::new(Reading::Same(Unit::Year), bare + 2, "same-unit")),
            _ => self.anchored(index, 1),
        }
    }

    fn step(&self, index: usize) -> Option<i64> {
        if let Tag::Step(step) = self.tag(index) { Some(step) } else { None }
    }

    /// "the three years to March 2026", "the fiscal year that ended in June 2023", "the week ending 5 March".
    pub(super) fn ending(&self, index: usize, depth: u8) -> Option<Telling> {
        let (count, unit_at) = match self.count(index) {
            Some(count) => (count, index + 1),
            None if self.is(index, "half") && self.is_dash(index + 1) => return self.half_year_to(index + 2, depth),
            None => (1, self.skip_any(self.skip_any(index, &["full"]), &["fiscal", "financial", "tax"])),
        };
        let unit_at = if self.is_dash(unit_at) && self.is_glued(unit_at) { unit_at + 1 } else { unit_at };
        let unit = match (self.tag(unit_at), self.small(unit_at)) {
            (Tag::Unit(unit) | Tag::Units(unit), _) if unit > Unit::Hour => unit,
            (Tag::Other, "period") if count > 1 => self.period_unit(unit_at)?,
            _ => return None,
        };
        if let Some(told) = self.beside_told(index, (count, unit), unit_at + 1, depth) {
            return Some(told);
        }
        let comma = if self.is_any(unit_at + 2, &["that", "which"]) { self.skip_any(unit_at + 1, &[","]) } else { unit_at + 1 };
        let that = self.skip_any(comma, &["that", "which", "period"]);
        let ended = self.skip_any(that, &["ended", "ending", "ends", "to", "through", "until", "till", "finished"]);
        if ended == that {
            return None;
        }
        let inner = self.skip_any(ended, &["in", "on", "at", "by", "the"]);
        let told = self.single(inner, true, depth)?;
        let fits = matches!(
            told.reading,
            Reading::Fixed(_)
                | Reading::Round(Item::Month(..) | Item::Part(..), _)
                | Reading::Part(..)
                | Reading::In(..)
                | Reading::Unit(..)
        );
        fits.then(|| Telling::new(Reading::Ending(count, unit, Box::new(told.reading)), told.end, "ending"))
    }

    /// "half-year to June", at its unit.
    fn half_year_to(&self, unit: usize, depth: u8) -> Option<Telling> {
        let inner = self.skip_any(unit + 1, &["to", "ended", "ending"]);
        let is_half_year = self.tag(unit) == Tag::Unit(Unit::Year) && inner > unit + 1;
        let told = is_half_year.then(|| self.single(self.skip_any(inner, &["in", "on"]), true, depth)).flatten()?;
        Some(Telling::new(Reading::Ending(6, Unit::Month, Box::new(told.reading)), told.end, "ending"))
    }

    /// "the three years after 2010", "the decade before 2010", "the week of 6 January", "the year from April 2023".
    fn beside_told(&self, index: usize, (count, unit): (i64, Unit), word: usize, depth: u8) -> Option<Telling> {
        let inner = self.skip_any(self.skip_any(word + 1, &["in", "on", "with"]), &["the"]);
        let kind = self.small(word);
        let may_lead = self.small_before(index) == "the" && matches!(kind, "before" | "after" | "from" | "beginning" | "starting")
            || unit == Unit::Week && kind == "of";
        let told = may_lead.then(|| self.single(inner, true, depth)).flatten()?;
        let is_told = match told.reading {
            Reading::Fixed(_) | Reading::Round(Item::Month(..), _) | Reading::In(..) => true,
            Reading::Unit(unit, _) => unit >= Unit::Month,
            _ => false,
        };
        let is_open = self.ends_phrase(told.end) || self.text.is_capital(told.end) || self.is_any(told.end, &["in", "at", "on", "the"]);
        let told = Some(told).filter(|_| is_told && is_open)?;
        let inner = Box::new(told.reading);
        let reading = match kind {
            "before" => Reading::Beyond(-count, unit, inner),
            "after" => Reading::Beyond(count, unit, inner),
            "of" => Reading::Around(unit, inner),
            _ => Reading::Starting(count, unit, inner),
        };
        Some(Telling::new(reading, told.end, "beside-told"))
    }

    /// The unit of "six-month" before "period".
    fn period_unit(&self, index: usize) -> Option<Unit> {
        if let Tag::Unit(unit) = self.tag(index.wrapping_sub(1)) { Some(unit) } else { None }
    }
}

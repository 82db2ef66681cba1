//! What leads to a time: prepositions, and how a time then bears on what is said.

use super::Bearing;
use super::calendar::Unit;
use super::reading::{Item, Part, Reading};
use super::telling::Telling;
use super::words::{Reader, Tag};
use crate::extraction::word_class::{COMPARATIVES, NOUNS_OF_CHANGE, WordClass};

/// A preposition, or words like one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// None.
    Bare,
    /// "in", "during".
    At,
    On,
    Over,
    From,
    Between,
    Since,
    After,
    By,
    Until,
    Before,
    Through,
    /// "than in", "compared with".
    Base,
}

/// What may stand between a preposition and its time.
const SOFTENERS: [&[&str]; 10] = [
    &["at", "least"],
    &["as", "early", "as"],
    &["as", "late", "as"],
    &["as", "recently", "as"],
    &["as", "far", "back", "as"],
    &["around"],
    &["about"],
    &["roughly"],
    &["approximately"],
    &["sometime"],
];

impl Reader<'_, '_> {
    /// What leads to the time that begins after it, and where it ends.
    pub(super) fn lead(&self, index: usize) -> (Lead, usize) {
        let (lead, end) = self.first_lead(index);
        match lead {
            Lead::Bare => (lead, end),
            Lead::Base => {
                // "than in", "than the same", "compared with that of".
                let end = self.skip_any(end, &["the", "that", "those"]).max(end);
                let inner = self.skip_any(end, &["in", "at", "during", "for", "of", "over", "on"]);
                let end = if inner == end && end > index + 1 && self.is_any(end - 1, &["the", "that", "those"]) { end - 1 } else { inner };
                (lead, self.soften(end))
            }
            _ => (lead, self.soften(end)),
        }
    }

    fn soften(&self, index: usize) -> usize {
        SOFTENERS.iter().map(|words| self.skip(index, words)).max().unwrap_or(index)
    }

    fn first_lead(&self, index: usize) -> (Lead, usize) {
        let next = index + 1;
        let after = |words: &[&str], lead: Lead| {
            let end = self.skip(next, words);
            if end > next { (lead, end) } else { (Lead::Bare, index) }
        };
        match self.small(index) {
            "in" | "at" | "during" | "throughout" | "within" | "for" | "circa" | "dated" => (Lead::At, next),
            "on" => (Lead::On, next),
            "over" => (Lead::Over, next),
            "from" => (Lead::From, next),
            "between" => (Lead::Between, next),
            "since" => (Lead::Since, next),
            "starting" | "beginning" | "effective" => {
                let end = self.skip_any(next, &["in", "on", "from", "at", "with"]);
                let is_date = self.is_digits(next) || matches!(self.tag(next), Tag::Month(_) | Tag::ShortMonth(_));
                if end > next || self.small_before(index) != "the" && is_date { (Lead::Since, end) } else { (Lead::Bare, index) }
            }
            "after" => (Lead::After, next),
            "by" => (Lead::By, next),
            "pre" if self.is_dash(next) => (Lead::Before, next + 1),
            "post" if self.is_dash(next) => (Lead::After, next + 1),
            "until" | "till" | "til" => (Lead::Until, next),
            "through" => (Lead::Through, next),
            "before" => (Lead::Before, next),
            "prior" => after(&["to"], Lead::Before),
            "ahead" => after(&["of"], Lead::Before),
            "up" if self.is_glued(index) => (Lead::Bare, index),
            "up" => after(&["to"], Lead::Until),
            "no" => after(&["later", "than"], Lead::Until),
            "not" => after(&["since"], Lead::Since),
            "as" => {
                let end = self.skip_any(next, &["of", "at"]);
                if end > next { (Lead::At, end) } else { (Lead::Bare, index) }
            }
            "than" | "versus" | "vs" | "against" => (Lead::Base, self.skip_any(next, &["."])),
            "above" | "below" => (Lead::Base, next),
            "compared" | "relative" | "comparing" => {
                let end = self.skip_any(next, &["with", "to"]);
                if end > next { (Lead::Base, end) } else { (Lead::Bare, index) }
            }
            "late" | "early" if self.is_any(next, &["on"]) => (Lead::On, next + 1),
            _ => (Lead::Bare, index),
        }
    }

    /// How a time bears on what is said, by its lead and what stands around it; none when the lead and the time do not go together.
    pub(super) fn bearing(&self, lead: Lead, at: usize, telling: &Telling, looks_ahead: bool) -> Option<Bearing> {
        let (end, reading) = (telling.end, &telling.reading);
        let is_change = || self.is_after_change(at);
        let is_bare_unit = telling.rule == "on-unit" && self.is(at, "the");
        if is_bare_unit {
            // "on the year" measures a change; "the year" alone is anything.
            return (matches!(lead, Lead::On | Lead::Over | Lead::From) && is_change()).then_some(Bearing::Base);
        }
        if matches!(reading, Reading::Shift { keeps: true, .. }) {
            return Some(if matches!(lead, Lead::At) { Bearing::At } else { Bearing::Base });
        }
        if (matches!(reading, Reading::Clock | Reading::Range(..)) || telling.rule == "date-span") && !matches!(lead, Lead::Base) {
            return Some(Bearing::At);
        }
        Some(match lead {
            // "fell by 2000" is a count.
            Lead::By if self.is_round_count(at, end) && self.is_change_at(at.wrapping_sub(2)) => return None,
            Lead::By | Lead::Until | Lead::Before | Lead::Through => Bearing::Until,
            // "more than 2000" is a count.
            Lead::Base if self.counts_more(at, end) => return None,
            Lead::Base => Bearing::Base,
            Lead::On if is_undated(reading) => Bearing::Base,
            Lead::Over if is_compared(reading) && is_change() => Bearing::Base,
            Lead::From | Lead::Bare if self.after_onwards(lead, end) > end => Bearing::Since,
            Lead::From if !looks_ahead && self.is_measured_from(at, reading) => Bearing::Base,
            Lead::Since | Lead::After | Lead::From => Bearing::Since,
            Lead::Bare | Lead::At | Lead::On | Lead::Over | Lead::Between => Bearing::At,
        })
    }

    /// The index after "onwards"; after "on", when no day follows it.
    pub(super) fn after_onwards(&self, lead: Lead, index: usize) -> usize {
        if lead == Lead::From && self.is(index, "on") && !self.may_tell(index + 1) {
            index + 1
        } else {
            self.skip_any(index, &["onwards", "onward"])
        }
    }

    /// Whether a change before "from" is measured from what follows it: "by 5% from January", "down from Friday".
    fn is_measured_from(&self, at: usize, reading: &Reading) -> bool {
        let is_by = (at.saturating_sub(7)..at).any(|index| self.is(index, "by") && self.is_digits(index + 1));
        self.is_soon_after(at, Self::is_change_at) || is_by || is_compared(reading) && self.is_soon_after(at, Self::is_digits)
    }

    /// Whether a time is four digits that end with two zeros.
    fn is_round_count(&self, at: usize, end: usize) -> bool {
        end == at + 1 && self.is_digits(at) && self.small(at).ends_with("00")
    }

    /// Whether "than" before a bare year compares a count: "more than 2000".
    fn counts_more(&self, at: usize, end: usize) -> bool {
        let is_more = end == at + 1 && self.is_digits(at) && self.is_any(at.wrapping_sub(2), &["more", "fewer"]);
        self.is(at.wrapping_sub(1), "than") && (self.is_round_count(at, end) || is_more)
    }

    /// Whether a change, or a number, is told shortly before a token.
    fn is_after_change(&self, index: usize) -> bool {
        self.is_soon_after(index, |reader, before| reader.is_change_at(before) || reader.is_digits(before))
    }

    fn is_change_at(&self, index: usize) -> bool {
        tells_change(self.small(index))
    }

    /// Whether something stands shortly before a token in its sentence.
    fn is_soon_after(&self, index: usize, found: impl Fn(&Self, usize) -> bool) -> bool {
        let from = index.saturating_sub(12).max(self.start);
        for before in (from..index).rev() {
            if self.is_any(before, &[".", "!", "?", ";"]) && self.text.spaced(before + 1) {
                break;
            }
            if found(self, before) {
                return true;
            }
        }
        false
    }
}

/// What a figure did, in the past tense.
static VERBS_OF_CHANGE: WordClass = WordClass::named("verbs of change");

/// Whether a word tells that a figure changed, or is compared.
fn tells_change(word: &str) -> bool {
    NOUNS_OF_CHANGE.contains(word)
        || VERBS_OF_CHANGE.contains(word)
        || COMPARATIVES.contains(word)
        || matches!(word, "up" | "down" | "percent" | "percentage" | "unchanged")
}

/// A month, a year, or the like without a day: what cannot follow "on" unless it is compared with.
fn is_undated(reading: &Reading) -> bool {
    match reading {
        Reading::Round(Item::Month(_, None), _)
        | Reading::SamePeriod(_)
        | Reading::Beside(Unit::Year | Unit::Month | Unit::Quarter, -1) => true,
        Reading::Unit(unit, step) => *unit > Unit::Day && *step < 0,
        Reading::Fixed(span) => span.is_years(),
        _ => false,
    }
}

/// What changes are measured from.
fn is_compared(reading: &Reading) -> bool {
    match reading {
        Reading::Fiscal(..)
        | Reading::FiscalStep { .. }
        | Reading::SamePeriod(_)
        | Reading::Beside(_, -1)
        | Reading::Round(Item::Part(Part::Quarter(_) | Part::Half(_), _), _) => true,
        Reading::Ago(_, unit) => *unit >= Unit::Month,
        Reading::Unit(unit, step) => *unit > Unit::Week && *step < 0,
        Reading::Fixed(span) => span.is_years() && span.first.year() == span.last.year(),
        _ => false,
    }
}

/// Words before a time by which a sentence looks ahead.
static WORDS_OF_WHAT_IS_DUE: WordClass = WordClass::named("words of what is due");
/// Words after a time by which a sentence looks ahead.
const AHEAD_AFTER: &[&str] = &["will", "shall", "would", "expects", "forecasts", "sees", "plans", "aims", "anticipates", "projects"];

/// Whether words tell that a sentence looks ahead.
pub(super) fn looks_ahead(reader: &Reader<'_, '_>, tokens: std::ops::Range<usize>) -> bool {
    let before = tokens.start.saturating_sub(14).max(reader.start)..tokens.start;
    let ends = |index: &usize| reader.is_any(*index, &[".", "!", "?", ";"]) && reader.text.spaced(index + 1);
    let hints = |index: usize| {
        let is_meant = reader.is(index + 1, "to") && reader.is_any(index, &["is", "are", "plans", "aims", "intends"]);
        let is_foreseen =
            reader.is_any(index, &["forecast", "projected", "planned", "targeted"]) && reader.is_any(index.wrapping_sub(1), &["is", "are"]);
        reader.is_of(index, &WORDS_OF_WHAT_IS_DUE) || is_meant || is_foreseen
    };
    // "for April delivery" is told before April.
    reader.is_any(tokens.end, &["delivery", "futures", "contract", "contracts"])
        || before.rev().take_while(|index| !ends(index)).any(hints)
        || (tokens.end..tokens.end + 8)
            .take_while(|index| !ends(index) && reader.tag(*index) != Tag::Taken)
            .any(|index| reader.is_any(index, AHEAD_AFTER))
}

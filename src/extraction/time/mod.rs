//! Dates, years, spans and relative times, resolved to EDTF.
//!
//! A time is read in two goes. First the words are read, without knowing when the text was published: a `reading` says what they
//! mean ("the month August, of the year told before"). Then the readings are resolved in the order of the text, from the day of
//! publication and from what was told before. A time that cannot be told stays without a period; nothing is guessed.
//!
//! - `words`: which words speak of time, and the tokens of a block seen as such words;
//! - `calendar`: days, runs of days, and how EDTF writes them;
//! - `reading`: what a telling means, and its days;
//! - `telling`: the grammar, whose pieces are `date`, `year`, `fiscal`, `part`, `relative`, `clock`, `events`;
//! - `fiscal_year`: whose fiscal year is meant, and when it begins;
//! - `lead`: prepositions, and how a time bears on what is said;
//! - `head`: when the text was published;
//! - `resolving`: the second go.
//!
//! For the next step: the times of a sentence are `Times::within` its tokens. `At` is what a figure is about; the nearest one in its
//! clause is its time, and one at the head of the sentence holds for all of its figures that have none of their own. `Since` and
//! `Until` hold for what has been counted or is reached: after a change, `Since` is its base. `Base` is never a figure's own time.
//! Times of day and vague times have no period. Two times of one figure ("on Monday … in June") are one when the one lies in the
//! other: `narrowed` tells the narrower.

mod calendar;
mod clock;
mod date;
mod events;
mod fiscal;
mod fiscal_year;
mod head;
mod lead;
mod part;
mod reading;
mod relative;
mod resolving;
mod telling;
mod words;
mod year;

use std::ops::Range;

use jiff::civil::Date;

use super::claim::names;
use super::knowledge::Knowledge;
use super::text::Text;
use super::uses::{Use, Uses};
use crate::domain::period::Period;
use calendar::Span;
use fiscal_year::FiscalYear;
use lead::Lead;
use reading::Reading;
use telling::Telling;
use words::Reader;
pub(super) use words::is_counted;

/// How a time bears on what is said around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearing {
    /// "in 2023", "last year", "at the end of June".
    At,
    /// "since 2021".
    Since,
    /// "by 2026", "until March".
    Until,
    /// What something is compared with: "than in 2022", "from a year before", "year-on-year".
    Base,
}

/// A time in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundTime {
    /// Its tokens, with the preposition that belongs to it.
    pub tokens: Range<usize>,
    /// How it bears on what is around it.
    pub bearing: Bearing,
    /// The time, where it can be told: `Since` and `Until` have an open end here already.
    pub period: Option<Period>,
    /// The same with those that "and" ties to it and that adjoin it: "in 2023 and 2024".
    pub joined: Option<Period>,
    /// From which time to which, where a change may be told between them: "from 2020 to 2023".
    pub ends: Option<(Period, Period)>,
    /// The rule that resolved it.
    pub rule: &'static str,
}

/// The times of a text.
#[derive(Debug, Default)]
pub struct Times {
    /// When the text was published.
    pub published: Option<Date>,
    /// In the order of the text.
    pub found: Vec<FoundTime>,
}

impl Times {
    /// The times that begin in a range of tokens.
    pub fn within(&self, tokens: &Range<usize>) -> &[FoundTime] {
        let start = self.found.partition_point(|time| time.tokens.start < tokens.start);
        let end = self.found.partition_point(|time| time.tokens.start < tokens.end);
        self.found.get(start..end).unwrap_or_default()
    }
}

/// The narrower of two times of which one lies in the other; none when they lie apart or cross.
pub fn narrowed<'p>(one: &'p Period, other: &'p Period) -> Option<&'p Period> {
    let ((first, last), (other_first, other_last)) = (one.days(), other.days());
    if first >= other_first && last <= other_last { Some(one) } else { (other_first >= first && other_last <= last).then_some(other) }
}

/// A time that has been read, but not yet resolved.
#[derive(Debug)]
struct Draft {
    tokens: Range<usize>,
    lead: Lead,
    bearing: Bearing,
    telling: Telling,
    /// Whether its sentence looks ahead.
    looks_ahead: bool,
    /// Whether it speaks of the year of a public budget.
    is_budget_year: bool,
    /// How that year lies.
    fiscal: Option<FiscalYear>,
}

/// Finds times, and marks their tokens.
pub fn find(text: &Text<'_>, uses: &mut Uses, knowledge: &Knowledge, published: Option<Date>) -> Times {
    let mut reader = Reader::new(text, uses);
    let mut drafts = Vec::new();
    let mut fiscal = None;
    for block in &text.blocks {
        (reader.start, reader.end) = (block.tokens.start, block.tokens.end);
        let mut index = reader.start;
        while index < reader.end {
            if let Some(draft) = draft(&reader, index) {
                fiscal = fiscal.or_else(|| reader.told_fiscal_year(draft.tokens.start, &draft.telling));
                index = draft.tokens.end.max(index + 1);
                drafts.push(draft);
                continue;
            }
            if reader.is_number_of_name(index) {
                uses.take(index..index + 1, Use::Name);
            }
            index += 1;
        }
    }
    for draft in &drafts {
        uses.take(draft.tokens.clone(), Use::Time);
    }
    if drafts.iter().any(|draft| draft.is_budget_year) {
        let names = names::find(text, uses, knowledge);
        for draft in drafts.iter_mut().filter(|draft| draft.is_budget_year) {
            draft.fiscal = fiscal_year::meant(text, &names, draft);
        }
    }
    let published = published.map(Span::day).or_else(|| head::published(text, &drafts));
    let found = resolving::resolve(text, &drafts, published, fiscal);
    Times { published: published.filter(|span| span.is_day()).map(|day| day.first), found }
}

/// The time that begins at a token.
fn draft(reader: &Reader<'_, '_>, index: usize) -> Option<Draft> {
    if !reader.may_tell(index) {
        return None;
    }
    let (lead, start) = reader.lead(index);
    let telling = reader.event(start, lead).or_else(|| reader.told(start, lead != Lead::Bare, lead == Lead::Between))?;
    if lead == Lead::Between && !matches!(telling.reading, Reading::Range(..)) && telling.rule != "date-span" {
        return None;
    }
    let looks_ahead = lead::looks_ahead(reader, index..telling.end);
    let bearing = reader.bearing(lead, start, &telling, looks_ahead)?;
    let bearing = if bearing == Bearing::At && opens_since(reader, index) { Bearing::Since } else { bearing };
    let end = if bearing == Bearing::Since { reader.after_onwards(lead, telling.end) } else { telling.end };
    let is_budget_year = reader.tells_budget_year(&telling, start);
    Some(Draft { tokens: index..end, lead, bearing, telling, looks_ahead, is_budget_year, fiscal: None })
}

/// Whether a clause of "since" ends with the time at a token: "Since they entered the town on 27 January".
fn opens_since(reader: &Reader<'_, '_>, index: usize) -> bool {
    // "since the coup of 2021".
    let is_of = reader.small_before(index) == "of";
    if !is_of && !reader.is_any(index, &["in", "on", "at"]) {
        return false;
    }
    let from = index.saturating_sub(if is_of { 5 } else { 10 }).max(reader.start);
    (from..index)
        .rev()
        .take_while(|before| !reader.is_any(*before, &[",", ".", ";", ":", "(", ")", "and"]))
        .any(|before| reader.is(before, "since") && !reader.is_digits(before + 1) && reader.month(before + 1, true).is_none())
}

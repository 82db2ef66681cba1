//! When a fiscal year begins, and which of its two years it is named by. Those of states are data: `words/fiscal_years.csv`. Whose
//! year is meant, the names in its sentence say; of companies, and where nobody is named, nothing is guessed.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;

use super::Draft;
use super::calendar::{Span, Unit, moved};
use super::lead::Lead;
use super::reading::Reading;
use crate::domain::slug::Slug;
use crate::extraction::candidate::Party;
use crate::extraction::claim::names::{Name, Shape, Sort};
use crate::extraction::text::Text;
use crate::extraction::word_class::WordClass;

/// How far back, in tokens, a sentence that names nobody looks for whom the text is about.
const BACK_TOKENS_MAX: usize = 150;
/// Words by which a name is that of a part of a state, whichever that is: "Ministry".
static WORDS_OF_STATE_BODIES: WordClass = WordClass::named("words of state bodies");
/// Prepositions before a name that is seldom whom its sentence is about.
const ASIDE: &[&str] = &["to", "from", "with", "against", "by", "than", "for"];

/// How somebody's fiscal years lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FiscalYear {
    month: i8,
    day: i8,
    /// Whether "fiscal 2023" begins in 2023, rather than that it ends there.
    is_named_by_start: bool,
    /// The first year that begins so.
    since: i16,
}

static YEARS: LazyLock<HashMap<&str, FiscalYear>> = LazyLock::new(|| {
    let lines = include_str!("../words/fiscal_years.csv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(listed).collect()
});

fn listed(line: &'static str) -> Option<(&'static str, FiscalYear)> {
    let mut fields = line.split(',');
    let owner = fields.next()?;
    let (month, day) = fields.next()?.split_once('-')?;
    let is_named_by_start = fields.next()? == "start";
    let since = fields.next().and_then(|year| year.parse().ok()).unwrap_or(i16::MIN);
    Some((owner, FiscalYear { month: month.parse().ok()?, day: day.parse().ok()?, is_named_by_start, since }))
}

impl FiscalYear {
    /// One that ends with a month, as a text says of it.
    pub(super) fn ending(month: i8) -> Self {
        Self { month: month % 12 + 1, day: 1, is_named_by_start: false, since: i16::MIN }
    }

    /// The days of "fiscal 2023" or "fiscal 2023/24".
    pub(super) fn days(self, first: i16, second: Option<i16>) -> Option<Span> {
        let is_whole = (self.month, self.day) == (1, 1);
        let begins = if second.is_some() || self.is_named_by_start || is_whole { first } else { first.checked_sub(1)? };
        self.beginning_in(begins)
    }

    /// The one in which a day lies, or so many before or after it.
    pub(super) fn around(self, day: Date, step: i64) -> Option<Span> {
        let this = self.beginning_in(day.year()).filter(|span| span.first <= day);
        let begins = if this.is_some() { day.year() } else { day.year().checked_sub(1)? };
        self.beginning_in(begins.checked_add(i16::try_from(step).ok()?)?)
    }

    fn beginning_in(self, year: i16) -> Option<Span> {
        let first = Date::new(year, self.month, self.day).ok().filter(|_| year >= self.since)?;
        Span::new(first, moved(first, Unit::Year, 1)?.yesterday().ok()?)
    }
}

/// The fiscal year of whoever a time speaks of: its owner, else whom its sentence is about, else whom the text was about.
pub(super) fn meant(text: &Text<'_>, names: &[Name], draft: &Draft) -> Option<FiscalYear> {
    let sentence = text.sentences.get(text.sentence_of(draft.tokens.start))?;
    let from = names.partition_point(|name| name.tokens.start < sentence.start);
    let until = names.partition_point(|name| name.tokens.start < sentence.end);
    let here = || names.get(from..until).unwrap_or_default().iter().filter(|name| may_own(text, name));
    let before = || {
        let back = names.get(..from).unwrap_or_default().iter().rev();
        let mut near = back.take_while(|name| name.tokens.end + BACK_TOKENS_MAX > draft.tokens.start);
        near.find(|name| may_own(text, name) && !is_aside(text, name))
    };
    let owner = here()
        .find(|name| owns(text, name, draft))
        .or_else(|| here().find(|name| !is_aside(text, name)))
        .or_else(|| here().next())
        .or_else(before)?;
    match &owner.party {
        Party::Known(slug) if owner.sort != Sort::Organization => of(slug),
        _ => None,
    }
}

fn of(owner: &Slug) -> Option<FiscalYear> {
    YEARS.get(owner.as_str()).copied()
}

/// Whether a name can have fiscal years: not the "US" of a dollar sign, nor a ministry of whichever state.
fn may_own(text: &Text<'_>, name: &Name) -> bool {
    let is_part =
        matches!(name.party, Party::Named(_)) && name.tokens.clone().any(|token| WORDS_OF_STATE_BODIES.contains(text.small(token)));
    !is_part && !text.is_mark(name.tokens.end, '$')
}

/// Whether a name stands right before a time as its owner, or right behind it: "India’s fiscal 2024", "the US federal fiscal year 2023",
/// "fiscal 2024 of Japan".
fn owns(text: &Text<'_>, name: &Name, draft: &Draft) -> bool {
    let end = name.tokens.end + if name.possessive { 2 } else { 0 };
    let is_own = name.possessive || name.shape == Shape::Adjective || !matches!(draft.telling.reading, Reading::FiscalStep { .. });
    let is_before = draft.lead == Lead::Bare
        && is_own
        && end <= draft.telling.end
        && end + 2 >= draft.tokens.start
        && (end..draft.tokens.start).all(|token| text.small(token).chars().all(char::is_alphabetic));
    let is_behind =
        text.small(draft.tokens.end) == "of" && name.tokens.start <= draft.tokens.end + 2 && name.tokens.start > draft.tokens.end;
    is_before || is_behind
}

fn is_aside(text: &Text<'_>, name: &Name) -> bool {
    let before = name.tokens.start.saturating_sub(1);
    let before = if text.small(before) == "the" { before.saturating_sub(1) } else { before };
    before < name.tokens.start && ASIDE.contains(&text.small(before))
}

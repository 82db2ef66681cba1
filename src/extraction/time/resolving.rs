//! From readings to periods, in the order of the text.

use std::ops::Range;

use jiff::civil::Date;

use super::calendar::{Span, Unit};
use super::fiscal_year::FiscalYear;
use super::lead::Lead;
use super::reading::{Context, Direction, Item, Part, Reading};
use super::{Bearing, Draft, FoundTime};
use crate::domain::period::Period;
use crate::extraction::text::Text;

/// How far back, in tokens, a comparison without a time of its own finds what it is compared with.
const BACK_TOKENS_MAX: usize = 120;

/// A time that others can be measured from.
#[derive(Debug, Clone, Copy)]
struct Anchor {
    token: usize,
    sentence: usize,
    span: Span,
}

/// What has been told so far.
struct Told {
    published: Option<Span>,
    /// As the text says itself.
    fiscal: Option<FiscalYear>,
    /// Months, years and the like.
    long: Option<Anchor>,
    /// Days of the news: "on Monday".
    day: Option<Anchor>,
    since: Option<Anchor>,
    /// The year in which a sentence says that it is.
    within: Option<Anchor>,
}

/// Resolves all times of a text.
pub(super) fn resolve(text: &Text<'_>, drafts: &[Draft], published: Option<Span>, fiscal: Option<FiscalYear>) -> Vec<FoundTime> {
    let mut told = Told { published, fiscal, long: None, day: None, since: None, within: None };
    let mut found = Vec::with_capacity(drafts.len());
    let mut spans = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.iter().enumerate() {
        let sentence = text.sentence_of(draft.tokens.start);
        let mut context = told.context(draft, sentence);
        if needs_anchor(&draft.telling.reading) && told.long.is_none_or(|anchor| anchor.sentence != sentence) {
            context.anchor = told.ahead(text, drafts, index, sentence).or(context.anchor);
        }
        if draft.bearing == Bearing::Base
            && draft.telling.reading.is_round()
            && let Some(anchor) = told.anchor_of_base(text, drafts, index, sentence)
        {
            context = Context { reference: anchor.first.yesterday().ok(), direction: Direction::Past, within: None, ..context };
        }
        // "May, June and July 2022" are of one year.
        let last = drafts
            .get(tied(text, drafts, index).end - 1)
            .filter(|_| matches!(draft.telling.reading, Reading::Round(Item::Month(..), None)));
        if let Some(Reading::Fixed(span)) = last.map(|last| &last.telling.reading) {
            context = Context { reference: Some(span.last), direction: Direction::Past, within: None, ..context };
        }
        let span = told.compared(draft, sentence, &context).or_else(|| draft.telling.reading.resolve(&context));
        if let Some(span) = span {
            told.learn(draft, span, sentence);
        }
        let period = span.and_then(|span| period(draft, span, published));
        let ends = ends(draft, &context);
        let rule = draft.telling.rule;
        found.push(FoundTime { tokens: draft.tokens.clone(), bearing: draft.bearing, period, joined: None, ends, rule });
        spans.push(span);
    }
    for (index, time) in found.iter_mut().enumerate() {
        time.joined = joined(&spans, tied(text, drafts, index));
    }
    found
}

/// Whether a reading compares with what is told near it.
fn needs_anchor(reading: &Reading) -> bool {
    matches!(reading, Reading::Shift { keeps: true, .. } | Reading::AgoOf(..) | Reading::SamePeriod(_) | Reading::Beside(_, -1))
}

/// Whether a reading tells a time that others are measured from, rather than the day of the news.
fn is_long(reading: &Reading) -> bool {
    match reading {
        Reading::Round(Item::Weekday(_), _) | Reading::Unit(Unit::Day, _) => false,
        Reading::Range(from, to) => is_long(from) && is_long(to),
        _ => true,
    }
}

/// The times from one on that commas and "and" tie to it: "in May, June and July".
fn tied(text: &Text<'_>, drafts: &[Draft], index: usize) -> Range<usize> {
    let is_tied = |(before, next): (&Draft, &Draft)| {
        let between = before.tokens.end..next.tokens.start;
        let is_plain = next.lead == Lead::Bare && before.bearing == Bearing::At && next.bearing == Bearing::At;
        is_plain && (1..=2).contains(&between.len()) && between.clone().all(|token| matches!(text.small(token), "," | "and"))
    };
    let here = drafts.get(index..).unwrap_or_default();
    let count = here.iter().zip(here.iter().skip(1)).take_while(|pair| is_tied(*pair)).count();
    index..index + count + 1
}

/// What tied times are together, where each adjoins the one before.
fn joined(spans: &[Option<Span>], tied: Range<usize>) -> Option<Period> {
    let spans: Vec<Span> = spans.get(tied)?.iter().copied().collect::<Option<_>>()?;
    let adjoin = |pair: &[Span]| pair.first().and_then(|one| one.last.tomorrow().ok()) == pair.get(1).map(|next| next.first);
    let is_run = spans.len() > 1 && spans.windows(2).all(adjoin);
    is_run.then(|| Span::new(spans.first()?.first, spans.last()?.last)?.period())?
}

/// The years between which something can have changed; months that are tied so are mostly counted through.
fn ends(draft: &Draft, context: &Context) -> Option<(Period, Period)> {
    let is_tied = matches!(draft.lead, Lead::From | Lead::Between);
    let (from, to) = draft.telling.reading.ends(context).filter(|(from, to)| is_tied && from.is_a_year() && to.is_a_year())?;
    Some((from.period()?, to.period()?))
}

fn period(draft: &Draft, span: Span, published: Option<Span>) -> Option<Period> {
    // "by mid-2024" is by its middle, not by the end of its middle third.
    let is_mid = matches!(draft.telling.reading, Reading::Part(Part::Mid, _)) && span.is_months() && span.month_count() == 4;
    let span = if is_mid && draft.bearing != Bearing::At { Span::months(span.first.year(), span.first.month() + 1, 1)? } else { span };
    match (draft.bearing, draft.lead) {
        (Bearing::Since, Lead::After) => span.after()?.since(),
        (Bearing::Since, _) if published.is_some_and(|day| day.last < span.first) && draft.lead == Lead::Since => None,
        (Bearing::Since, _) => span.since(),
        (Bearing::Until, Lead::Before) if !matches!(draft.telling.reading, Reading::Part(Part::End, _)) => span.before()?.until(),
        (Bearing::Until, _) => span.until(),
        (Bearing::At | Bearing::Base, _) => span.period(),
    }
}

impl Told {
    /// What stands after a time in its sentence that is compared with it: "up 5% from a year earlier to $3 billion in the third quarter".
    fn ahead(&self, text: &Text<'_>, drafts: &[Draft], index: usize, sentence: usize) -> Option<Span> {
        let next = drafts.get(index + 1..).unwrap_or_default().iter().take(3);
        let mut ahead = next
            .take_while(|next| text.sentence_of(next.tokens.start) == sentence)
            .filter(|next| next.bearing == Bearing::At && is_long(&next.telling.reading));
        ahead.find_map(|next| next.telling.reading.resolve(&self.context(next, sentence)))
    }

    /// What a month or quarter without a year is compared with in its sentence.
    fn anchor_of_base(&self, text: &Text<'_>, drafts: &[Draft], index: usize, sentence: usize) -> Option<Span> {
        let told = self.long.filter(|anchor| anchor.sentence == sentence).map(|anchor| anchor.span);
        told.or_else(|| self.ahead(text, drafts, index, sentence)).filter(|span| !span.is_a_year())
    }

    /// "a year ago" beside "in the third quarter" is the same quarter a year before.
    fn compared(&self, draft: &Draft, sentence: usize, context: &Context) -> Option<Span> {
        let is_year_ago = draft.telling.reading == Reading::Ago(-1, Unit::Year);
        let anchor =
            self.long.filter(|anchor| is_year_ago && anchor.sentence == sentence && anchor.span.is_months() && !anchor.span.is_years())?;
        Reading::Shift { count: -1, unit: Unit::Year, keeps: true }.resolve(&Context { anchor: Some(anchor.span), ..*context })
    }

    /// What a time is measured from.
    fn context(&self, draft: &Draft, sentence: usize) -> Context {
        let reading = &draft.telling.reading;
        let is_day = matches!(reading, Reading::Beside(Unit::Day | Unit::Week, _) | Reading::Same(Unit::Day | Unit::Week));
        let near = |anchor: &Anchor| !needs_anchor(reading) || anchor.token + BACK_TOKENS_MAX > draft.tokens.start;
        let latest = |one: Option<Anchor>, other: Option<Anchor>| match (one, other) {
            (Some(one), Some(other)) => Some(if one.token > other.token { one } else { other }),
            _ => one.or(other),
        };
        let anchor = if is_day { latest(self.long, self.day) } else { self.long };
        let within = self.within.filter(|within| within.sentence == sentence);
        // Without a date of its own, a text that tells a story goes on from what it told last.
        let story = self.long.filter(|anchor| self.published.is_none() && reading.is_round() && anchor.token + 60 > draft.tokens.start);
        let ends_unit = matches!(reading, Reading::Round(Item::Part(Part::End, _), None)) && draft.bearing == Bearing::Until;
        let is_open = matches!((draft.bearing, draft.lead), (Bearing::Until, Lead::Until) | (Bearing::Since, Lead::From));
        let direction = match reading {
            _ if draft.looks_ahead || ends_unit || story.is_some() => Direction::Future,
            Reading::Round(Item::Month(..), None) if is_open => Direction::Nearest,
            _ => Direction::Past,
        };
        Context {
            reference: self.reference(reading).or(story.map(|anchor| anchor.span.first)),
            direction,
            within: within.map(|anchor| anchor.span),
            anchor: anchor.filter(near).map(|anchor| anchor.span),
            since: self.since.or(self.long.filter(|anchor| anchor.span.is_day())).map(|anchor| anchor.span),
            fiscal: self.fiscal.or(draft.fiscal),
        }
    }

    /// The day of publication; where only its month is known, the last of it, for what is told no finer than in months.
    fn reference(&self, reading: &Reading) -> Option<Date> {
        self.published.filter(|published| published.is_day() || !reading.needs_day()).map(|published| published.last)
    }

    fn learn(&mut self, draft: &Draft, span: Span, sentence: usize) {
        let anchor = Some(Anchor { token: draft.tokens.start, sentence, span });
        match draft.bearing {
            Bearing::Base => return,
            Bearing::Since => self.since = anchor,
            Bearing::At | Bearing::Until => {}
        }
        if is_long(&draft.telling.reading) {
            self.long = anchor;
        } else {
            self.day = anchor;
        }
        let is_one_year = span.is_years() && span.first.year() == span.last.year();
        let is_whole = is_one_year || matches!(draft.telling.reading, Reading::Fiscal(..)) && span.month_count() == 12;
        if is_whole && draft.bearing == Bearing::At && draft.lead == Lead::At {
            self.within = anchor;
        }
    }
}

//! What a telling of time means before it is known what it is measured from, and how it is resolved then.

use jiff::civil::Date;

use super::calendar::{Span, Unit, moved};
use super::fiscal_year::FiscalYear;

/// A part of a longer time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Early,
    Mid,
    Late,
    Start,
    End,
    Quarter(i8),
    Half(i8),
    /// "the first ten months of".
    First(i64, Unit),
    /// "the last two weeks of".
    Last(i64, Unit),
    /// "the second week of".
    Nth(i64, Unit),
}

/// What comes round again, so that it takes a year or a week to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// A month, or days of one.
    Month(i8, Option<(i8, i8)>),
    Weekday(i8),
    Season(i8),
    /// "the third quarter", "the end of the month".
    Part(Part, Unit),
}

/// Which of those that come round again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// The latest that has begun.
    Past,
    /// The latest that is over.
    Before,
    /// That of this year or week.
    This,
    /// The first that is not over.
    Future,
    /// The first that has not begun.
    After,
    /// Whichever is nearer.
    Nearest,
}

/// What a telling of time means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reading {
    Fixed(Span),
    /// Without direction, the sentence decides.
    Round(Item, Option<Direction>),
    /// "last year" is the unit one back.
    Unit(Unit, i64),
    /// "ten days ago" has -10.
    Ago(i64, Unit),
    /// "than ten days ago": what was told last so long before; else so long before publication.
    AgoOf(i64, Unit),
    /// "the past two years".
    Past(i64, Unit),
    /// "the next two years".
    Coming(i64, Unit),
    /// "this year so far".
    ToDate(Unit),
    Part(Part, Box<Reading>),
    /// "August of that year".
    In(Item, Box<Reading>),
    Range(Box<Reading>, Box<Reading>),
    /// "the three years to March 2026".
    Ending(i64, Unit, Box<Reading>),
    /// "the three years after 2010"; "the decade before 2010" has -1.
    Beyond(i64, Unit, Box<Reading>),
    /// "the year from April 2023".
    Starting(i64, Unit, Box<Reading>),
    /// "the week of 6 January".
    Around(Unit, Box<Reading>),
    /// A fiscal year, by one of its years, or by both.
    Fiscal(i16, Option<i16>),
    /// "last fiscal year" is the one before that of publication, "the previous fiscal year" the one before the year that was told last.
    FiscalStep {
        step: i64,
        is_beside: bool,
    },
    /// "that year".
    Same(Unit),
    /// "the same period of 2023".
    SamePeriod(Option<Box<Reading>>),
    /// "the following year": the unit beside what was told last.
    Beside(Unit, i64),
    /// "the following February".
    Following(Item, Direction),
    /// "four years later"; as long as what was told last when it keeps its length.
    Shift {
        count: i64,
        unit: Unit,
        keeps: bool,
    },
    /// "the previous three months" has -3: what adjoins what was told last.
    Adjoining(i64, Unit),
    /// "in the first week", after something began.
    Opening(i64, Unit),
    /// Cannot be told: "recent years".
    Vague,
    /// A time of day.
    Clock,
}

/// What a telling is measured from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    /// The day of publication.
    pub(super) reference: Option<Date>,
    /// Which way the sentence looks.
    pub(super) direction: Direction,
    /// The year of which the sentence speaks.
    pub(super) within: Option<Span>,
    /// What was told last.
    pub(super) anchor: Option<Span>,
    /// The beginning that was told last.
    pub(super) since: Option<Span>,
    /// How the fiscal years lie of which it speaks.
    pub(super) fiscal: Option<FiscalYear>,
}

impl Part {
    /// This part of a longer time.
    pub(super) fn of(self, whole: Span) -> Option<Span> {
        match self {
            Self::Early => third(whole, 0),
            Self::Mid => third(whole, 1),
            Self::Late => third(whole, 2),
            Self::Start if decades(whole) => Span::year(whole.first.year()),
            Self::End if decades(whole) => Span::year(whole.last.year()),
            Self::Start => Some(Span::day(whole.first)),
            Self::End => Some(Span::day(whole.last)),
            Self::Quarter(number) if whole.has_length(Unit::Year) => piece(whole, Unit::Month, (i64::from(number) - 1) * 3, 3),
            Self::Half(number) if whole.has_length(Unit::Year) => piece(whole, Unit::Month, (i64::from(number) - 1) * 6, 6),
            Self::Half(number) if decades(whole) => {
                let half = i64::from(whole.last.year() - whole.first.year() + 1) / 2;
                piece(whole, Unit::Year, (i64::from(number) - 1) * half, half)
            }
            Self::Half(1) if whole.month_count() == 1 => piece(whole, Unit::Day, 0, 15),
            Self::Half(_) if whole.month_count() == 1 => Span::new(moved(whole.first, Unit::Day, 15)?, whole.last),
            Self::Quarter(_) | Self::Half(_) => None,
            Self::First(count, unit) => piece(whole, unit, 0, count),
            Self::Nth(number, unit) => piece(whole, unit, number - 1, 1),
            Self::Last(count, unit) => {
                let first = moved(whole.last.tomorrow().ok()?, unit, -count)?;
                Span::new(first, whole.last).filter(|span| span.first >= whole.first)
            }
        }
    }
}

fn decades(whole: Span) -> bool {
    whole.is_years() && whole.last.year() - whole.first.year() >= 9
}

/// So many units of a whole, from one on.
fn piece(whole: Span, unit: Unit, skipped: i64, count: i64) -> Option<Span> {
    let first = moved(whole.first, unit, skipped)?;
    Span::new(first, moved(first, unit, count)?.yesterday().ok()?).filter(|span| span.first <= whole.last)
}

/// One of the three parts of a time, the longest last.
fn third(whole: Span, number: i64) -> Option<Span> {
    let (unit, length) = match (whole.month_count(), whole.is_years(), whole.is_months()) {
        (_, true, _) if decades(whole) => (Unit::Year, i64::from(whole.last.year() - whole.first.year() + 1) / 3),
        (months @ 3.., _, true) => (Unit::Month, months / 3),
        (1, _, true) => (Unit::Day, 10),
        _ if whole.is_day() => return Some(whole),
        _ => (Unit::Day, 2),
    };
    // Of ten years, the early ones are four: 1990 to 1993.
    let (skipped, count) = match (number, length) {
        (0, 3) if unit == Unit::Year => (0, 4),
        (_, 3) if unit == Unit::Year => (number * 3 + 1, 3),
        _ => (number * length, length),
    };
    let span = piece(whole, unit, skipped, count)?;
    if number == 2 { Span::new(span.first, whole.last) } else { Some(span) }
}

impl Item {
    /// The one that lies so many years, or weeks, from a day.
    fn beside(self, day: Date, step: i64) -> Option<Span> {
        match self {
            Self::Month(month, days) => {
                let year = day.year().checked_add(i16::try_from(step).ok()?)?;
                match days {
                    None => Span::months(year, month, 1),
                    Some((first, last)) => Span::new(Date::new(year, month, first).ok()?, Date::new(year, month, last).ok()?),
                }
            }
            Self::Weekday(number) => {
                let monday = Span::around(moved(day, Unit::Week, step)?, Unit::Week)?.first;
                Some(Span::day(moved(monday, Unit::Day, i64::from(number) - 1)?))
            }
            Self::Season(number) => Span::months(day.year().checked_add(i16::try_from(step).ok()?)?, number * 3, 3),
            Self::Part(part, unit) => part.of(Span::around(moved(day, unit, step)?, unit)?),
        }
    }

    /// The nearest one in a direction.
    fn nearest(self, day: Date, direction: Direction) -> Option<Span> {
        if direction == Direction::Nearest {
            let distance = |span: &Span| (span.first.duration_since(day)).as_hours().abs();
            return [-1, 0, 1].iter().filter_map(|step| self.beside(day, *step)).min_by_key(distance);
        }
        // What is a part of a year is told when it is over, or nearly so.
        let latest = match self {
            Self::Part(_, Unit::Week) => moved(day, Unit::Day, 1)?,
            Self::Part(..) => moved(day, Unit::Day, 10)?,
            _ => day,
        };
        let fits = |span: &Span| match direction {
            Direction::Past if matches!(self, Self::Part(..)) => span.last <= latest,
            Direction::Past => span.first <= latest,
            Direction::Before => span.last < day,
            Direction::This | Direction::Nearest => true,
            Direction::Future => span.last >= day,
            Direction::After => span.first > day,
        };
        let steps: &[i64] = match direction {
            Direction::Past | Direction::Before => &[1, 0, -1, -2],
            // In February, "this winter" began in the year before.
            Direction::This if matches!(self, Self::Season(4)) && day.month() < 6 => &[-1],
            Direction::This | Direction::Nearest => &[0],
            Direction::Future | Direction::After => &[-1, 0, 1, 2],
        };
        steps.iter().filter_map(|step| self.beside(day, *step)).find(fits)
    }

    /// The one in a longer time.
    fn within(self, whole: Span) -> Option<Span> {
        if let Self::Part(part, _) = self {
            return part.of(whole);
        }
        let steps: &[i64] = &[0, 1];
        steps.iter().filter_map(|step| self.beside(whole.first, *step)).find(|span| span.first >= whole.first && span.first <= whole.last)
    }
}

impl Reading {
    /// Whether it leaves open which of several it is.
    pub(super) fn is_round(&self) -> bool {
        match self {
            Self::Round(_, direction) => direction.is_none(),
            Self::Part(_, inner) => inner.is_round(),
            _ => false,
        }
    }

    /// Whether it speaks of a fiscal year.
    pub(super) fn is_fiscal(&self) -> bool {
        match self {
            Self::Fiscal(..) | Self::FiscalStep { .. } => true,
            Self::Part(_, inner) | Self::In(_, inner) | Self::SamePeriod(Some(inner)) => inner.is_fiscal(),
            Self::Range(from, to) => from.is_fiscal() || to.is_fiscal(),
            _ => false,
        }
    }

    /// Whether the day of publication must be known for it, not only the month.
    pub(super) fn needs_day(&self) -> bool {
        match self {
            Self::Round(Item::Weekday(_), _) | Self::Past(..) | Self::Coming(..) | Self::ToDate(_) => true,
            Self::Unit(unit, _) | Self::Ago(_, unit) => *unit <= Unit::Week,
            Self::Part(_, inner) | Self::In(_, inner) | Self::Ending(_, _, inner) => inner.needs_day(),
            Self::Range(from, to) => from.needs_day() || to.needs_day(),
            _ => false,
        }
    }

    /// From which time to which, where one may need the other to be told: "March to June 2024".
    pub(super) fn ends(&self, context: &Context) -> Option<(Span, Span)> {
        let Self::Range(from, to) = self else { return None };
        if from.is_round() || !to.is_round() {
            let to = to.resolve(context)?;
            Some((from.resolve(&Context { reference: Some(to.last), direction: Direction::Past, within: None, ..*context })?, to))
        } else {
            let from = from.resolve(context)?;
            Some((from, to.resolve(&Context { reference: Some(from.first), direction: Direction::Future, within: None, ..*context })?))
        }
    }

    /// Its days, where they can be told.
    pub(super) fn resolve(&self, context: &Context) -> Option<Span> {
        let reference = context.reference;
        match self {
            Self::Fixed(span) => Some(*span),
            Self::Round(item, None) if context.within.is_some() => item.within(context.within?),
            Self::Round(item, direction) => item.nearest(reference?, direction.unwrap_or(context.direction)),
            Self::Unit(unit, step) => Span::around(moved(reference?, *unit, *step)?, *unit),
            Self::Ago(count, unit) => Span::around(moved(reference?, *unit, *count)?, told_in(*unit)),
            Self::AgoOf(count, unit) => match context.anchor.filter(|anchor| Some(anchor.last) != reference) {
                Some(anchor) => anchor.moved(*unit, *count),
                None => Self::Ago(*count, *unit).resolve(context),
            },
            Self::Past(count, unit) => Span::new(moved(reference?, *unit, -count)?, reference?),
            Self::Coming(count, unit) => Span::new(reference?, moved(reference?, *unit, *count)?),
            Self::ToDate(unit) => Span::new(Span::around(reference?, *unit)?.first, reference?),
            // Which months those of a fiscal year are, only its owner can tell.
            Self::Part(_, inner) if inner.is_fiscal() && context.fiscal.is_none() => None,
            Self::Part(part, inner) => part.of(inner.resolve(context)?),
            Self::In(item, outer) => item.within(outer.resolve(context)?),
            Self::Range(..) => {
                let (from, to) = self.ends(context)?;
                Span::new(from.first, to.last)
            }
            Self::Ending(count, unit, inner) => {
                let last = inner.resolve(context)?.last;
                Span::new(moved(last.tomorrow().ok()?, *unit, -count)?, last)
            }
            Self::Beyond(count, unit, inner) => {
                Self::Adjoining(*count, *unit).resolve(&Context { anchor: Some(inner.resolve(context)?), ..*context })
            }
            Self::Starting(count, unit, inner) => {
                let first = inner.resolve(context)?.first;
                Span::new(first, moved(first, *unit, *count)?.yesterday().ok()?)
            }
            Self::Around(unit, inner) => Span::around(inner.resolve(context)?.first, *unit),
            // Without an owner, the years as they are told.
            Self::Fiscal(first, second) => {
                let days = context.fiscal.and_then(|fiscal| fiscal.days(*first, *second));
                days.or_else(|| Span::years(*first, second.unwrap_or(*first)))
            }
            Self::FiscalStep { step, is_beside } => match context.anchor.filter(|anchor| *is_beside && anchor.has_length(Unit::Year)) {
                Some(anchor) => anchor.moved(Unit::Year, *step),
                None => context.fiscal?.around(reference?, *step),
            },
            Self::Same(unit) => Span::around(context.anchor?.last, *unit),
            Self::SamePeriod(inner) => same_period(inner.as_deref(), context),
            Self::Beside(unit, step) => {
                let from = context.anchor.map(|anchor| if *step < 0 { anchor.first } else { anchor.last });
                // "the previous year" can be measured from the day of publication; "the following year" says that something was told.
                let from = from.or(reference.filter(|_| *step < 0))?;
                // Beside a week or a quarter that is none of the calendar's stands one like it.
                match context.anchor.filter(|anchor| anchor.has_length(*unit)) {
                    Some(anchor) => anchor.moved(*unit, *step),
                    None => Span::around(moved(from, *unit, *step)?, *unit),
                }
            }
            Self::Following(item, direction) => item.nearest(context.anchor?.last, *direction),
            Self::Shift { count, unit, keeps: true } => context.anchor?.moved(*unit, *count),
            Self::Shift { count, unit, keeps: false } => Span::around(context.anchor?.moved(*unit, *count)?.first, told_in(*unit)),
            Self::Adjoining(count, unit) if *count < 0 => {
                let next = context.anchor.map(|anchor| anchor.first).or(reference)?;
                Span::new(moved(next, *unit, *count)?, next.yesterday().ok()?)
            }
            Self::Adjoining(count, unit) => {
                let first = context.anchor?.last.tomorrow().ok()?;
                Span::new(first, moved(first, *unit, *count)?.yesterday().ok()?)
            }
            Self::Opening(count, unit) => {
                let first = context.since?.first;
                Span::new(first, moved(first, *unit, *count)?.yesterday().ok()?)
            }
            Self::Vague | Self::Clock => None,
        }
    }
}

/// How finely a count of units from a day tells.
fn told_in(unit: Unit) -> Unit {
    match unit {
        Unit::Hour | Unit::Week => Unit::Day,
        Unit::Decade | Unit::Century => Unit::Year,
        unit => unit,
    }
}

/// What was told last, in another year.
fn same_period(inner: Option<&Reading>, context: &Context) -> Option<Span> {
    let Some(inner) = inner else { return context.anchor };
    let outer = inner.resolve(context)?;
    let Some(anchor) = context.anchor else { return Some(outer) };
    if outer.first.year() != outer.last.year() {
        return Some(outer);
    }
    // "in the third quarter … in the same period last year": no time is compared with itself.
    let step = match i64::from(outer.last.year()) - i64::from(anchor.last.year()) {
        0 if matches!(inner, Reading::Unit(Unit::Year, _)) => -1,
        step => step,
    };
    anchor.moved(Unit::Year, step)
}

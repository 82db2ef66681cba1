//! What a claim is about: claims are compared when they are about the same thing at the same time, and never else.

use std::collections::BTreeMap;

use crate::domain::claim::{Claim, Stage};
use crate::domain::folding::folded;
use crate::domain::period::{DAY_MAX, DAY_MIN, Period};
use crate::domain::slug::Slug;
use crate::domain::unit::Unit;

/// Why two claims are not compared: the first thing in which they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Another thing is measured.
    Metric,
    /// It is about somebody else.
    Actor,
    /// The other side is somebody else.
    Counterpart,
    /// Promised money has come less or further far.
    Stage,
    /// It is narrowed in another way.
    Scope,
    /// The units have no common base, or there is no rate between the currencies.
    Unit,
    /// One is a rate, the other is none, or their durations have no fixed ratio.
    Per,
    /// A share of something else.
    Denominator,
    /// A change against another time.
    BasePeriod,
    /// Another time, or none.
    Period,
    /// The source says that there is no number.
    NoNumber,
}

impl Reason {
    /// All of them, in the order in which they are looked for.
    pub const ALL: [Self; 11] = [
        Self::Metric,
        Self::Actor,
        Self::Counterpart,
        Self::Stage,
        Self::Scope,
        Self::Unit,
        Self::Per,
        Self::Denominator,
        Self::BasePeriod,
        Self::Period,
        Self::NoNumber,
    ];

    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Metric => "metric",
            Self::Actor => "actor",
            Self::Counterpart => "counterpart",
            Self::Stage => "stage",
            Self::Scope => "scope",
            Self::Unit => "unit",
            Self::Per => "per",
            Self::Denominator => "denominator",
            Self::BasePeriod => "base_period",
            Self::Period => "period",
            Self::NoNumber => "no_number",
        }
    }
}

/// In what a number is measured, apart from factors and rates.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// Money, in any currency.
    Money,
    /// Units that convert to this one.
    Base(Slug),
}

/// What a series of numbers is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeriesKey {
    /// What is measured.
    pub metric: Slug,
    /// Whom it is about.
    pub actor: Option<Slug>,
    /// The other side.
    pub counterpart: Option<Slug>,
    /// How far promised money has come, as its word.
    pub stage: Option<&'static str>,
    /// What narrows it.
    pub scope: BTreeMap<String, String>,
    /// In what it is measured.
    pub measure: Measure,
    /// Whether it is so much per time or per something.
    pub is_rate: bool,
    /// What a share is a share of, folded.
    pub denominator: Option<String>,
    /// Days against which a change is measured.
    pub base_period: Option<(i64, i64)>,
}

/// What a number is about, and when.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Observation {
    /// What it is about.
    pub series: SeriesKey,
    /// First and last day; none where no time is known, and then it is compared with nothing.
    pub days: Option<(i64, i64)>,
}

/// The days of a period, unless nothing is known of it.
pub fn known_days(period: Option<&Period>) -> Option<(i64, i64)> {
    period.map(Period::days).filter(|days| *days != (DAY_MIN, DAY_MAX))
}

/// Days of the longest period that may stand for its last day: a total "in 2023" is the one at its end.
const DAYS_OF_YEAR_MAX: i64 = 366;

/// From which day a running total counts, where its period is longer than a year and so says it, and until which; nothing without an end.
pub fn counted(period: Option<&Period>) -> Option<(Option<i64>, i64)> {
    known_days(period).and_then(counted_days)
}

/// The same, of the days of its period.
pub fn counted_days((start, end): (i64, i64)) -> Option<(Option<i64>, i64)> {
    (end < DAY_MAX).then(|| ((start > DAY_MIN && end - start >= DAYS_OF_YEAR_MAX).then_some(start), end))
}

impl Observation {
    /// What a claim is about; `unit` is the record of its unit.
    pub fn of(claim: &Claim, unit: Option<&Unit>) -> Self {
        let measure = match unit {
            Some(unit) if unit.dimension == "currency" => Measure::Money,
            Some(unit) => Measure::Base(unit.base.clone()),
            None => Measure::Base(claim.value.unit.clone()),
        };
        let series = SeriesKey {
            metric: claim.metric.clone(),
            actor: claim.actor.clone(),
            counterpart: claim.counterpart.clone(),
            stage: claim.stage.map(Stage::as_str),
            scope: claim.scope.clone(),
            measure,
            is_rate: claim.value.per.is_some(),
            denominator: claim.value.denominator.as_deref().map(folded),
            base_period: known_days(claim.base_period.as_ref()),
        };
        Self { series, days: known_days(claim.period.as_ref()) }
    }

    /// Why two observations are not the same one; `None` where they are. Nothing is the same as something of an unknown time.
    pub fn differs(&self, other: &Self) -> Option<Reason> {
        self.series.differs(&other.series).or((self.days.is_none() || self.days != other.days).then_some(Reason::Period))
    }
}

impl SeriesKey {
    /// Why two series are not the same one; `None` where they are.
    pub fn differs(&self, other: &Self) -> Option<Reason> {
        let checks = [
            (self.metric != other.metric, Reason::Metric),
            (self.actor != other.actor, Reason::Actor),
            (self.counterpart != other.counterpart, Reason::Counterpart),
            (self.stage != other.stage, Reason::Stage),
            (self.scope != other.scope, Reason::Scope),
            (self.measure != other.measure, Reason::Unit),
            (self.is_rate != other.is_rate, Reason::Per),
            (self.denominator != other.denominator, Reason::Denominator),
            (self.base_period != other.base_period, Reason::BasePeriod),
        ];
        checks.into_iter().find_map(|(differs, reason)| differs.then_some(reason))
    }
}

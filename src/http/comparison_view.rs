//! A comparison as an answer.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::analysis::comparison::{Comparison, Spread};
use crate::analysis::implied::Implied;
use crate::analysis::normalise::{Normalised, Receipt};
use crate::analysis::observation::Observation;
use crate::domain::catalog::Catalog;
use crate::domain::decimal::{Decimal, Rounding};
use crate::domain::history::ClaimVersion;
use crate::domain::interval::{End, Interval};
use crate::domain::mode::Mode;
use crate::domain::period::{Period, day_of};
use crate::domain::provenance::Independence;
use crate::domain::quantity::Per;
use crate::exchange::claim_view::{ActorLabel, ClaimView, MetricLabel, PeriodView, PlainNumber, SourceLabel, ValueView};

/// Significant digits of ends that are shown rounded.
const SHOWN_DIGITS: u64 = 4;

/// What sources say about one observation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonView {
    /// What the compared claims are about; null where there is nothing to compare.
    pub observation: Option<ObservationView>,
    /// `strict` or `lenient`.
    pub mode: &'static str,
    /// `none`, `single`, `equal`, `consistent` or `inconsistent`.
    pub verdict: &'static str,
    /// What all claims of the largest group that agrees admit.
    pub consensus: Option<IntervalView>,
    /// Groups that agree, the largest first; a claim can be in several.
    pub groups: Vec<GroupView>,
    /// The fewest claims without which the others agree.
    pub outliers: Vec<String>,
    /// Every pair of all claims chosen; empty where there are more than 200.
    pub pairs: Vec<PairView>,
    /// How far the printed numbers lie apart.
    pub spread: Option<SpreadView>,
    /// Independent origins behind the compared claims.
    #[schema(value_type = Object)]
    pub independence: Option<Independence>,
    /// Values that follow from a level and a change; they change no verdict.
    pub implied: Vec<ImpliedView>,
    /// Claims that were chosen and are about something else, each with its reason.
    pub not_compared: Vec<NotComparedView>,
    /// The compared claims, the newest printed first.
    pub claims: Vec<ComparedView>,
}

/// What compared claims are about.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObservationView {
    /// What is measured.
    pub metric: MetricLabel,
    /// Whom it is about.
    pub actor: Option<ActorLabel>,
    /// The other side.
    pub counterpart: Option<ActorLabel>,
    /// When.
    pub period: Option<PeriodView>,
    /// Against when, for a change.
    pub base_period: Option<PeriodView>,
    /// How far promised money has come.
    pub stage: Option<&'static str>,
    /// What narrows it.
    pub scope: BTreeMap<String, String>,
    /// What a share is a share of.
    pub denominator: Option<String>,
    /// In what everything here is told.
    pub unit: Option<String>,
    /// ISO 8601 duration of a rate.
    pub per: Option<String>,
}

/// A stretch of numbers.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntervalView {
    /// Lower end; null means unbounded.
    pub low: Option<PlainNumber>,
    /// The same, exactly.
    pub low_exact: Option<String>,
    /// Whether the lower end belongs to it.
    pub low_inclusive: bool,
    /// Upper end; null means unbounded.
    pub high: Option<PlainNumber>,
    /// The same, exactly.
    pub high_exact: Option<String>,
    /// Whether the upper end belongs to it.
    pub high_inclusive: bool,
    /// Slug of the unit.
    pub unit: String,
    /// ISO 8601 duration of a rate.
    pub per: Option<String>,
}

/// Claims that agree.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupView {
    /// What all of them admit.
    pub interval: IntervalView,
    /// Ids of the claims.
    pub claims: Vec<String>,
}

/// Two claims.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairView {
    /// Id of the one.
    pub a: String,
    /// Id of the other.
    pub b: String,
    /// `equal`, `consistent`, `inconsistent` or `not_comparable`.
    #[schema(value_type = String)]
    pub relation: crate::analysis::agreement::Relation,
    /// In what they differ; of running totals at two times, `rises` or `falls`.
    pub reason: Option<&'static str>,
}

/// Least and greatest printed number.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpreadView {
    /// The least.
    pub min: PlainNumber,
    /// The same, exactly.
    pub min_exact: String,
    /// The greatest.
    pub max: PlainNumber,
    /// The same, exactly.
    pub max_exact: String,
    /// How many times the least the greatest is, to six digits; null unless both are above zero.
    pub ratio: Option<PlainNumber>,
    /// Slug of the unit.
    pub unit: String,
}

/// A value that follows from two claims.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImpliedView {
    /// Always true.
    pub derived: bool,
    /// The time that it is about.
    pub period: Option<PeriodView>,
    /// What the printed numbers give.
    pub best: Option<PlainNumber>,
    /// The same, to 30 digits.
    pub best_exact: Option<String>,
    /// What their intervals give, rounded outward at the thirtieth digit.
    pub interval: IntervalView,
    /// The ends to four digits: in strict mode the nearest, in lenient mode outward.
    pub shown: ShownView,
    /// How it is computed.
    pub formula: String,
    /// Ids of the level and of the change.
    pub parents: Vec<String>,
}

/// Rounded ends.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownView {
    /// Lower end.
    pub low: Option<String>,
    /// Upper end.
    pub high: Option<String>,
}

/// A claim that was not compared.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotComparedView {
    /// Id of the claim.
    pub claim: String,
    /// In what it differs: `metric`, `actor`, `counterpart`, `period`, `stage`, `scope`, `unit`, `per`, `denominator`, `base_period` or `no_number`.
    pub reason: &'static str,
    /// More about it, where there is more to say.
    pub why: Option<String>,
    /// The number as printed and as understood.
    pub value: ValueView,
    /// The time that it is about.
    pub period: Option<PeriodView>,
}

/// A compared claim.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparedView {
    /// Id of the claim.
    pub id: String,
    /// The number as printed and as understood.
    pub value: ValueView,
    /// The number as it is compared: in the common unit, and by the mode's reading.
    pub compared: NumberView,
    /// How the one became the other; empty where nothing was converted.
    #[schema(value_type = Vec<Object>)]
    pub receipts: Vec<Receipt>,
    /// Standing of the number.
    pub status: Vec<&'static str>,
    /// Who asserts it, if the text names one.
    pub speaker: Option<String>,
    /// Where it stands.
    pub source: Option<SourceLabel>,
    /// Slug of the source that it cites.
    pub cited_source: Option<String>,
    /// Whether it is among the outliers.
    pub outlier: bool,
    /// Where to find it.
    pub url: String,
}

/// A number as it is compared.
#[derive(Debug, Serialize, ToSchema)]
pub struct NumberView {
    /// The printed number.
    pub best: Option<PlainNumber>,
    /// The same, exactly.
    pub best_exact: Option<String>,
    /// Lower end; null means unbounded.
    pub low: Option<PlainNumber>,
    /// The same, exactly.
    pub low_exact: Option<String>,
    /// Whether the lower end belongs to it.
    pub low_inclusive: bool,
    /// Upper end; null means unbounded.
    pub high: Option<PlainNumber>,
    /// The same, exactly.
    pub high_exact: Option<String>,
    /// Whether the upper end belongs to it.
    pub high_inclusive: bool,
    /// Slug of the unit.
    pub unit: String,
    /// ISO 8601 duration of a rate.
    pub per: Option<String>,
}

/// What an answer needs besides the comparison.
pub struct Shown<'a> {
    /// The claims that were handed in.
    pub claims: &'a [ClaimVersion],
    /// Their records.
    pub catalog: &'a Catalog,
    /// How strictly numbers were taken.
    pub mode: Mode,
    /// The period asked for, as it was written.
    pub period: Option<&'a Period>,
}

impl IntervalView {
    fn new(interval: &Interval, unit: &str, per: Option<&Per>) -> Self {
        let plain = |end: Option<&End>| end.map(|end| PlainNumber::from(&end.at));
        let exact = |end: Option<&End>| end.map(|end| end.at.to_string());
        let (low, high) = (interval.low(), interval.high());
        Self {
            low: plain(low),
            low_exact: exact(low),
            low_inclusive: low.is_some_and(|end| end.inclusive),
            high: plain(high),
            high_exact: exact(high),
            high_inclusive: high.is_some_and(|end| end.inclusive),
            unit: unit.into(),
            per: per.map(|per| per.as_str().into()),
        }
    }
}

impl NumberView {
    fn new(told: &Normalised, interval: IntervalView) -> Self {
        let IntervalView { low, low_exact, low_inclusive, high, high_exact, high_inclusive, unit, per } = interval;
        let (best, best_exact) = (told.best.as_ref().map(PlainNumber::from), told.best.as_ref().map(ToString::to_string));
        Self { best, best_exact, low, low_exact, low_inclusive, high, high_exact, high_inclusive, unit, per }
    }
}

impl ComparisonView {
    /// Shows a comparison.
    pub fn new(found: Comparison, independence: Option<Independence>, implied: &[Implied], shown: &Shown<'_>) -> Self {
        let id = |place: usize| shown.claims.get(place).map(|version| version.id.to_string()).unwrap_or_default();
        let (unit, per) = found.told_in.as_ref().map_or((String::new(), None), |(unit, per)| (unit.slug.to_string(), per.as_ref()));
        let interval = |interval: &Interval| IntervalView::new(interval, &unit, per);
        let groups = found
            .groups
            .iter()
            .map(|group| GroupView { interval: interval(&group.interval), claims: group.members.iter().map(|place| id(*place)).collect() });
        let pairs = found.pairs.iter().flatten();
        Self {
            mode: shown.mode.as_str(),
            verdict: found.verdict.as_str(),
            consensus: found.groups.first().map(|group| interval(&group.interval)),
            groups: groups.collect(),
            outliers: found.outliers.iter().map(|place| id(*place)).collect(),
            pairs: pairs.map(|pair| PairView { a: id(pair.a), b: id(pair.b), relation: pair.relation, reason: pair.reason }).collect(),
            spread: found.spread.as_ref().map(|spread| spread_view(spread, &unit)),
            independence,
            implied: implied.iter().map(|implied| implied_view(implied, shown.mode)).collect(),
            not_compared: not_compared(&found, shown),
            claims: found.compared.iter().filter_map(|(place, told)| compared_view(*place, told, &found, shown)).collect(),
            observation: found.observation.as_ref().and_then(|observation| observation_view(observation, &found, shown)),
        }
    }
}

fn observation_view(observation: &Observation, found: &Comparison, shown: &Shown<'_>) -> Option<ObservationView> {
    let (first, _) = found.compared.first()?;
    let claim = ClaimView::new(shown.claims.get(*first)?, shown.catalog);
    let day = |number: i64| day_of(number).map(|day| day.to_string());
    let period = observation.days.map(|(start, end)| PeriodView {
        edtf: shown.period.map(ToString::to_string).or_else(|| claim.period.as_ref()?.edtf.clone()),
        start: day(start),
        end: day(end),
        original: None,
    });
    Some(ObservationView {
        metric: claim.metric,
        actor: claim.actor,
        counterpart: claim.counterpart,
        period,
        base_period: claim.base_period,
        stage: claim.stage,
        scope: claim.scope,
        denominator: claim.value.denominator,
        unit: found.told_in.as_ref().map(|(unit, _)| unit.slug.to_string()),
        per: found.told_in.as_ref().and_then(|(_, per)| per.as_ref()).map(|per| per.as_str().into()),
    })
}

fn spread_view(spread: &Spread, unit: &str) -> SpreadView {
    SpreadView {
        min: PlainNumber::from(&spread.min),
        min_exact: spread.min.to_string(),
        max: PlainNumber::from(&spread.max),
        max_exact: spread.max.to_string(),
        ratio: spread.ratio.as_ref().map(PlainNumber::from),
        unit: unit.into(),
    }
}

fn implied_view(implied: &Implied, mode: Mode) -> ImpliedView {
    let rounded = |end: Option<&End>, outward: Rounding| {
        let rounding = if mode == Mode::Lenient { outward } else { Rounding::Nearest };
        end.map(|end| end.at.to_digits(SHOWN_DIGITS, rounding).to_string())
    };
    ImpliedView {
        derived: true,
        period: PeriodView::new(Some(&implied.period), None),
        best: implied.best.as_ref().map(PlainNumber::from),
        best_exact: implied.best.as_ref().map(Decimal::to_string),
        interval: IntervalView::new(&implied.interval, implied.unit.as_str(), None),
        shown: ShownView { low: rounded(implied.interval.low(), Rounding::Down), high: rounded(implied.interval.high(), Rounding::Up) },
        formula: implied.formula.clone(),
        parents: implied.parents.iter().map(ToString::to_string).collect(),
    }
}

fn not_compared(found: &Comparison, shown: &Shown<'_>) -> Vec<NotComparedView> {
    let view = |left: &crate::analysis::comparison::LeftOut| {
        let version = shown.claims.get(left.claim)?;
        Some(NotComparedView {
            claim: version.id.to_string(),
            reason: left.reason.as_str(),
            why: left.why.clone(),
            value: ValueView::new(&version.claim.value),
            period: PeriodView::new(version.claim.period.as_ref(), version.claim.period_original.as_deref()),
        })
    };
    found.left_out.iter().filter_map(view).collect()
}

fn compared_view(place: usize, told: &Normalised, found: &Comparison, shown: &Shown<'_>) -> Option<ComparedView> {
    let version = shown.claims.get(place)?;
    let (unit, per) = found.told_in.as_ref()?;
    let view = ClaimView::new(version, shown.catalog);
    Some(ComparedView {
        url: format!("/v1/claims/{}", view.id),
        id: view.id,
        value: view.value,
        compared: NumberView::new(told, IntervalView::new(&told.interval, unit.slug.as_str(), per.as_ref())),
        receipts: told.receipts.clone(),
        status: view.status,
        speaker: view.speaker,
        source: view.source,
        cited_source: view.citation.and_then(|citation| citation.source),
        outlier: found.outliers.contains(&place),
    })
}

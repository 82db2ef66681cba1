//! What a claim shows beside others about the same actor: running totals that fall, parts greater than their whole, changes that do not fit,
//! numbers of another order, the same said twice.
//!
//! Each remark is one about the claim that is looked at, so that it is found once, from whichever side a list begins.

use std::collections::{BTreeMap, BTreeSet};

use super::{Neighbours, Placed, Records};
use crate::analysis::drift::drift;
use crate::analysis::implied::implied;
use crate::analysis::observation::{counted, known_days};
use crate::analysis::provenance::independence;
use crate::domain::actor::ActorKind;
use crate::domain::claim::Claim;
use crate::domain::decimal::{Decimal, Rounding};
use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::folding::folded;
use crate::domain::history::ClaimVersion;
use crate::domain::metric::{Metric, MetricKind};
use crate::domain::mode::Mode;
use crate::domain::provenance::IndependentSources;
use crate::domain::quantity::{Quantity, ValueDomain};
use crate::domain::slug::Slug;

/// What narrows a claim.
type Scope = BTreeMap<String, String>;
/// A check of one claim among its neighbours.
type Check = fn(&ClaimVersion, Records<'_>, &Neighbours<'_>) -> Option<Finding>;

/// Every check of a claim among its neighbours.
pub const CHECKS: [Check; 8] =
    [change_mismatch, part_exceeds_whole, cumulative_falls, shares_over_the_whole, magnitude_outlier, single_root, drifted, duplicate];

/// Levels of one time that a change is held against.
const LEVELS_MAX: usize = 100;
/// Claims nearest in time that a number's order is held against.
const PEERS_MAX: usize = 20;
/// Fewest of them.
const PEERS_MIN: usize = 3;
/// How many times the least of the peers the greatest may be; more scattered ones tell no order.
const PEERS_RATIO_MAX: i64 = 10;
/// How many times more or less than the middle of its peers is another order: a slip by two powers of ten, and by one and a half.
const OUTLIER_RATIO_MIN: i64 = 30;

fn remark(code: Code, severity: Severity, version: &ClaimVersion, others: &[&ClaimVersion], why: String) -> Finding {
    let claims = std::iter::once(version.id).chain(others.iter().map(|other| other.id)).collect();
    Finding { code, severity, claims, sources: Vec::new(), why }
}

/// A number in the words of its source, or else as it is.
fn told(value: &Quantity) -> String {
    let best = || value.best.as_ref().map(ToString::to_string);
    value.original.clone().or_else(best).unwrap_or_else(|| value.interval.to_string())
}

fn metric<'a>(version: &ClaimVersion, records: Records<'a>) -> Option<&'a Metric> {
    records.metrics.get(&version.claim.metric)
}

/// Whether two numbers can be held against each other as they stand.
fn same_unit(a: &Claim, b: &Claim) -> bool {
    a.value.unit == b.value.unit && a.value.per == b.value.per && !a.value.comparator.is_absence() && !b.value.comparator.is_absence()
}

/// Whether everything that the one admits is more than everything that the other does.
fn certainly_more(a: &Quantity, b: &Quantity) -> bool {
    matches!((a.interval.low(), b.interval.high()), (Some(low), Some(high))
        if low.at > high.at || low.at == high.at && !(low.inclusive && high.inclusive))
}

/// No level before and after it fits the change, however widely they are read.
fn change_mismatch(version: &ClaimVersion, records: Records<'_>, neighbours: &Neighbours<'_>) -> Option<Finding> {
    metric(version, records)?.change_of.as_ref()?;
    let claim = &version.claim;
    let (end, base) = (known_days(claim.period.as_ref())?, known_days(claim.base_period.as_ref())?);
    let alike = |placed: &&Placed| {
        let level = &placed.version.claim;
        level.counterpart == claim.counterpart && level.stage == claim.stage && level.scope == claim.scope
    };
    let of = |days: (i64, i64)| {
        let levels = neighbours.levels.iter().filter(move |placed| placed.observation.days == Some(days));
        levels.filter(alike).take(LEVELS_MAX).map(|placed| &placed.version).collect::<Vec<_>>()
    };
    let (after, before) = (of(end), of(base));
    let read = |level: &ClaimVersion| level.claim.value.interval_in(Mode::Lenient, &ValueDomain::Unbounded);
    let recorded: Vec<_> = before.iter().map(|level| (*level, read(level))).collect();
    let mut misfit = None;
    for from in &after {
        let Some(expected) = implied(&[*from], &[version], Mode::Lenient, &ValueDomain::Unbounded).pop() else { continue };
        for (level, interval) in &recorded {
            let same_whole = level.claim.value.denominator == from.claim.value.denominator;
            if !same_whole || !same_unit(&level.claim, &from.claim) {
                continue;
            }
            if interval.clipped_to(&expected.interval).is_some() {
                return None;
            }
            misfit.get_or_insert((*from, *level, expected.period.clone()));
        }
    }
    let (from, level, period) = misfit?;
    let why = format!(
        "{} and a change of {} give another level for {period} than the {} that is recorded.",
        told(&from.claim.value),
        told(&version.claim.value),
        told(&level.claim.value)
    );
    Some(remark(Code::ChangeMismatch, Severity::Warning, version, &[from, level], why))
}

/// A part is certainly more than every number of its whole: the metric of which it is a part, a longer time, a wider scope.
fn part_exceeds_whole(version: &ClaimVersion, records: Records<'_>, neighbours: &Neighbours<'_>) -> Option<Finding> {
    let own = records.observation(version);
    let (claim, days) = (&version.claim, own.days?);
    let kind = metric(version, records)?;
    let adds_up = matches!(kind.kind, MetricKind::Stock | MetricKind::Flow | MetricKind::Cumulative) && !kind.signed;
    if !adds_up {
        return None;
    }
    let alike = |other: &Placed| {
        let other = &other.version.claim;
        other.counterpart == claim.counterpart && other.stage == claim.stage && same_unit(other, claim)
    };
    let of_whole = neighbours.wholes.iter().filter(|other| other.version.claim.scope == claim.scope && other.observation.days == own.days);
    let of_wider = neighbours.same.iter().filter(|other| {
        // Of which series something is a record does not make it a part.
        let narrowing = |scope: &Scope| scope.iter().filter(|(key, _)| *key != "series").count();
        let wider = &other.version.claim.scope;
        let within = wider.iter().all(|(key, value)| claim.scope.get(key) == Some(value));
        let narrows = within && narrowing(wider) < narrowing(&claim.scope);
        narrows && other.observation.days == own.days
    });
    let of_longer = neighbours.same.iter().filter(|other| {
        let encloses = |(first, last): (i64, i64)| (first, last) != days && first <= days.0 && days.1 <= last;
        kind.kind == MetricKind::Flow
            && claim.value.per.is_none()
            && other.observation.days.is_some_and(encloses)
            && other.version.claim.scope == claim.scope
    });
    let mut wholes: Vec<&Placed> = of_whole.chain(of_wider).chain(of_longer).filter(|other| alike(other)).collect();
    wholes.sort_by(|a, b| (&a.observation, a.version.id).cmp(&(&b.observation, b.version.id)));
    // Where the sources of one whole disagree, the part may fit one of them.
    let exceeded = |all: &&[&Placed]| all.iter().all(|whole| certainly_more(&claim.value, &whole.version.claim.value));
    let whole = &wholes.chunk_by(|a, b| a.observation == b.observation).find(exceeded)?.first()?.version;
    let why = format!("{} is more than the whole of which it is a part: {}.", told(&claim.value), told(&whole.claim.value));
    Some(remark(Code::PartExceedsWhole, Severity::Warning, version, &[whole], why))
}

/// It is certainly less than the total before it. Totals of another source that differ are a disagreement rather than a slip.
fn cumulative_falls(version: &ClaimVersion, records: Records<'_>, neighbours: &Neighbours<'_>) -> Option<Finding> {
    if metric(version, records)?.kind != MetricKind::Cumulative {
        return None;
    }
    let own = records.observation(version);
    let (start, end) = counted(version.claim.period.as_ref())?;
    let earlier = neighbours.same.iter().filter_map(|Placed { observation, version: other }| {
        let (other_start, other_end) = counted(other.claim.period.as_ref())?;
        let comparable = observation.series == own.series && same_unit(&other.claim, &version.claim) && other_start == start;
        (comparable && other_end < end).then_some((other.claim.source == version.claim.source, other_end, other))
    });
    let (same_source, _, before) = earlier.max_by_key(|(same_source, end, other)| (*same_source, *end, other.id))?;
    if !certainly_more(&before.claim.value, &version.claim.value) {
        return None;
    }
    let severity = if same_source { Severity::Warning } else { Severity::Info };
    let why = format!("A total that never falls is {} here, and was {} before.", told(&version.claim.value), told(&before.claim.value));
    Some(remark(Code::CumulativeFalls, severity, version, &[before], why))
}

/// The shares that several have of one thing, by one source, are certainly over the whole.
fn shares_over_the_whole(version: &ClaimVersion, records: Records<'_>, neighbours: &Neighbours<'_>) -> Option<Finding> {
    let claim = &version.claim;
    let of_one_thing = metric(version, records)?.kind == MetricKind::Share
        && claim.counterpart.is_some()
        && claim.value.denominator.is_some()
        && claim.value.unit.as_str() == "percent"
        && claim.source.is_some();
    let mut key = records.observation(version);
    if !of_one_thing || key.days.is_none() || !is_of_counterpart(claim, records) {
        return None;
    }
    key.series.actor = None;
    let mut by_actor: Vec<(&Slug, &Decimal, &ClaimVersion)> = Vec::new();
    let of_source = |other: &&Placed| other.version.claim.source == claim.source && same_unit(&other.version.claim, claim);
    for Placed { observation, version: other } in neighbours.shares.iter().filter(of_source) {
        let mut others = observation.clone();
        others.series.actor = None;
        if let (true, Some(actor), Some(low)) = (others == key, &other.claim.actor, other.claim.value.interval.low()) {
            by_actor.push((actor, &low.at, other));
        }
    }
    // A union and its members would be counted twice.
    by_actor.retain(|(actor, ..)| !records.actors.get(*actor).is_some_and(|actor| actor.kind != ActorKind::State));
    by_actor.sort_by_key(|(actor, low, other)| (*actor, *low, other.id));
    by_actor.dedup_by_key(|(actor, ..)| *actor);
    let sum = by_actor.iter().fold(Decimal::whole(0), |sum, (_, low, _)| &sum + low);
    let is_first = by_actor.iter().map(|(.., other)| other.id).min() == Some(version.id);
    if sum <= Decimal::whole(100) || by_actor.len() < 2 || !is_first {
        return None;
    }
    let others: Vec<&ClaimVersion> = by_actor.iter().map(|(.., other)| *other).filter(|other| other.id != version.id).collect();
    let of = claim.value.denominator.as_deref().unwrap_or_default();
    let why = format!("The shares of {} in {of} are more than {sum} percent together.", by_actor.len());
    Some(remark(Code::ShareOutOfRange, Severity::Warning, version, &others, why))
}

/// Whether the whole is the counterpart's: "Russia's imports of chips". Most shares are of something that is the actor's own.
fn is_of_counterpart(claim: &Claim, records: Records<'_>) -> bool {
    let whole = claim.value.denominator.as_deref().map(folded);
    let counterpart = claim.counterpart.as_ref().and_then(|slug| records.actors.get(slug));
    whole.zip(counterpart).is_some_and(|(whole, counterpart)| {
        let names = std::iter::once(&counterpart.name).chain(&counterpart.aliases).chain(&counterpart.demonyms);
        names.map(|name| folded(name)).any(|name| name.len() > 2 && whole.split(|c: char| !c.is_alphanumeric()).any(|word| word == name))
    })
}

/// It is of another order than the claims about the nearest times, which are all of one.
fn magnitude_outlier(version: &ClaimVersion, records: Records<'_>, neighbours: &Neighbours<'_>) -> Option<Finding> {
    let own = records.observation(version);
    let zero = Decimal::whole(0);
    let above_zero = |claim: &Claim| claim.value.best.clone().filter(|best| *best > zero);
    let (best, days) = (above_zero(&version.claim)?, own.days?);
    let mut peers: Vec<(i64, &ClaimVersion, Decimal)> = neighbours
        .same
        .iter()
        .filter(|other| other.version.id != version.id && other.observation.series == own.series)
        .filter(|other| same_unit(&other.version.claim, &version.claim))
        .filter_map(|Placed { observation, version: other }| {
            let distance = (observation.days?.1 - days.1).abs();
            Some((distance, other, above_zero(&other.claim)?))
        })
        .collect();
    peers.sort_by_key(|(distance, other, _)| (*distance, other.id));
    peers.truncate(PEERS_MAX);
    peers.sort_by(|a, b| a.2.cmp(&b.2));
    let (first, last) = (peers.first()?, peers.last()?);
    let middle = peers.get(peers.len() / 2)?;
    let within = |factor: i64, a: &Decimal, b: &Decimal| *a <= b * &Decimal::whole(factor);
    let of_one_order = peers.len() >= PEERS_MIN && within(PEERS_RATIO_MAX, &last.2, &first.2);
    let near = within(OUTLIER_RATIO_MIN, &best, &middle.2) && within(OUTLIER_RATIO_MIN, &middle.2, &best);
    if !of_one_order || near {
        return None;
    }
    let ratio = if best > middle.2 { best.divided_by(&middle.2, Rounding::Nearest) } else { middle.2.divided_by(&best, Rounding::Nearest) };
    let (ratio, word) = (ratio?.to_digits(2, Rounding::Nearest), if best > middle.2 { "more" } else { "less" });
    let why = format!("{} is some {ratio} times {word} than the {} claims nearest in time.", told(&version.claim.value), peers.len());
    Some(remark(Code::MagnitudeOutlier, Severity::Warning, version, &[middle.1], why))
}

/// Several sources, one origin.
fn single_root(version: &ClaimVersion, records: Records<'_>, neighbours: &Neighbours<'_>) -> Option<Finding> {
    let own = records.observation(version);
    own.days?;
    let all: Vec<&ClaimVersion> = neighbours.same.iter().filter(|other| other.observation == own).map(|other| &other.version).collect();
    let sources: BTreeSet<&Slug> = all.iter().filter_map(|other| other.claim.source.as_ref()).collect();
    if sources.len() < 2 || all.iter().map(|other| other.id).min() != Some(version.id) {
        return None;
    }
    let found = independence(all.iter().copied(), records.sources, false)?;
    if found.independent_sources != (IndependentSources { min: 1, max: 1 }) {
        return None;
    }
    let others: Vec<&ClaimVersion> = all.into_iter().filter(|other| other.id != version.id).collect();
    let why = format!("{} sources say this, and all have it from one origin.", sources.len());
    Some(Finding { sources: sources.into_iter().cloned().collect(), ..remark(Code::SingleRoot, Severity::Info, version, &others, why) })
}

/// It differs from the claim that it cites.
fn drifted(version: &ClaimVersion, _: Records<'_>, neighbours: &Neighbours<'_>) -> Option<Finding> {
    let found = drift(&version.claim, neighbours.upstream);
    let upstream = neighbours.upstream.iter().find(|other| found.first().is_some_and(|first| first.upstream == other.id.to_string()))?;
    let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".into());
    let parts: Vec<String> =
        found.iter().map(|drift| format!("{}: {} there, {} here", drift.kind, said(&drift.from), said(&drift.to))).collect();
    let why = format!("It differs from the claim that it cites: {}.", parts.join("; "));
    Some(remark(Code::Drift, Severity::Info, version, &[upstream], why))
}

/// The same source says the same of the same once more.
fn duplicate(version: &ClaimVersion, records: Records<'_>, neighbours: &Neighbours<'_>) -> Option<Finding> {
    let (claim, own) = (&version.claim, records.observation(version));
    claim.source.as_ref()?;
    let same_value = |other: &Claim| {
        other.value.comparator == claim.value.comparator && other.value.interval == claim.value.interval && same_unit(other, claim)
    };
    let others = neighbours.same.iter().filter(|other| other.observation == own).map(|other| &other.version);
    let before = others.filter(|other| other.id < version.id && other.claim.source == claim.source && same_value(&other.claim));
    let first = before.min_by_key(|other| other.id)?;
    let why = format!("The same source says {} of the same in another place.", told(&claim.value));
    Some(remark(Code::Duplicate, Severity::Info, version, &[first], why))
}

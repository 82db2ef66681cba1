//! What a claim shows beside others about the same actor: running totals that fall, parts greater than their whole, changes that do not fit,
//! numbers of another order, the same said twice.
//!
//! Each remark is one about the claim that is looked at, so that it is found once, from whichever side a list begins.

use std::collections::{BTreeMap, BTreeSet};

use super::{Neighbours, Placed, Records, of_observation, of_series};
use crate::analysis::drift::drift;
use crate::analysis::implied::implied;
use crate::analysis::observation::{counted_days, known_days};
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
/// Claims that are put into the order of their distance together.
const NEAREST_STRETCH: usize = 32;
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
    // Of which series something is a record does not make it a part.
    let narrowing = |scope: &Scope| scope.iter().filter(|(key, _)| *key != "series").count();
    let among = if narrowing(&claim.scope) > 0 { neighbours.same } else { &[] };
    let of_wider = among.iter().filter(|other| {
        let wider = &other.version.claim.scope;
        let within = wider.iter().all(|(key, value)| claim.scope.get(key) == Some(value));
        let narrows = within && narrowing(wider) < narrowing(&claim.scope);
        narrows && other.observation.days == own.days
    });
    let among = if kind.kind == MetricKind::Flow && claim.value.per.is_none() { neighbours.same } else { &[] };
    let of_longer = among.iter().filter(|other| {
        let encloses = |(first, last): (i64, i64)| (first, last) != days && first <= days.0 && days.1 <= last;
        other.observation.days.is_some_and(encloses) && other.version.claim.scope == claim.scope
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
    let (start, end) = own.days.and_then(counted_days)?;
    // The last of those before it, of the same source if there is one. Looked for from the newest on, most are passed by their days alone.
    let mut last: Option<(bool, i64, &ClaimVersion)> = None;
    for Placed { observation, version: other } in of_series(neighbours.same, &own.series).iter().rev() {
        let Some((other_start, other_end)) = observation.days.and_then(counted_days) else { continue };
        let later = |same_source: bool| last.is_none_or(|(same, end, last)| (same_source, other_end, other.id) > (same, end, last.id));
        if other_start == start && other_end < end && later(true) && same_unit(&other.claim, &version.claim) {
            let same_source = other.claim.source == version.claim.source;
            if later(same_source) {
                last = Some((same_source, other_end, other));
            }
        }
    }
    let (same_source, _, before) = last?;
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
    let (best, days) = (version.claim.value.best.as_ref().filter(|best| **best > zero)?, own.days?);
    let series = of_series(neighbours.same, &own.series);
    let alike = |other: &&ClaimVersion| other.id != version.id && same_unit(&other.claim, &version.claim);
    let mut peers: Vec<(&ClaimVersion, &Decimal)> = nearest(series, days.1)
        .map(|placed| &placed.version)
        .filter(alike)
        .filter_map(|other| Some((other, other.claim.value.best.as_ref().filter(|best| **best > zero)?)))
        .take(PEERS_MAX)
        .collect();
    peers.sort_by_key(|(other, best)| (*best, other.id));
    let (first, last) = (peers.first()?, peers.last()?);
    let middle = peers.get(peers.len() / 2)?;
    let within = |factor: i64, a: &Decimal, b: &Decimal| *a <= b * &Decimal::whole(factor);
    let of_one_order = peers.len() >= PEERS_MIN && within(PEERS_RATIO_MAX, last.1, first.1);
    let near = within(OUTLIER_RATIO_MIN, best, middle.1) && within(OUTLIER_RATIO_MIN, middle.1, best);
    if !of_one_order || near {
        return None;
    }
    let ratio = if best > middle.1 { best.divided_by(middle.1, Rounding::Nearest) } else { middle.1.divided_by(best, Rounding::Nearest) };
    let (ratio, word) = (ratio?.to_digits(2, Rounding::Nearest), if best > middle.1 { "more" } else { "less" });
    let why = format!("{} is some {ratio} times {word} than the {} claims nearest in time.", told(&version.claim.value), peers.len());
    Some(remark(Code::MagnitudeOutlier, Severity::Warning, version, &[middle.0], why))
}

/// Claims of a series, those whose last day is nearest to a day first.
fn nearest(series: &[Placed], day: i64) -> impl Iterator<Item = &Placed> {
    let mut by_distance: Vec<(i64, &Placed)> =
        series.iter().filter_map(|placed| Some(((placed.observation.days?.1 - day).abs(), placed))).collect();
    let mut sorted = 0;
    // Few of many are asked for: only these are put in order.
    (0..by_distance.len()).filter_map(move |place| {
        if place == sorted {
            let rest = by_distance.get_mut(sorted..)?;
            let count = rest.len().min(NEAREST_STRETCH);
            if count < rest.len() {
                rest.select_nth_unstable_by_key(count, |(distance, placed)| (*distance, placed.version.id));
            }
            rest.get_mut(..count)?.sort_unstable_by_key(|(distance, placed)| (*distance, placed.version.id));
            sorted += count;
        }
        by_distance.get(place).map(|(_, placed)| *placed)
    })
}

/// Several sources, one origin.
fn single_root(version: &ClaimVersion, records: Records<'_>, neighbours: &Neighbours<'_>) -> Option<Finding> {
    let own = records.observation(version);
    own.days?;
    let all: Vec<&ClaimVersion> = of_observation(neighbours.same, &own).iter().map(|other| &other.version).collect();
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
    let others = of_observation(neighbours.same, &own).iter().map(|other| &other.version);
    let before = others.filter(|other| other.id < version.id && other.claim.source == claim.source && same_value(&other.claim));
    let first = before.min_by_key(|other| other.id)?;
    let why = format!("The same source says {} of the same in another place.", told(&claim.value));
    Some(remark(Code::Duplicate, Severity::Info, version, &[first], why))
}

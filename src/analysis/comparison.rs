//! What several claims say about one observation, and whether they agree. Claims are never averaged into a fact.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::agreement::{Figure, Group, Relation, Verdict, agreement, relation};
use super::currency::{RateRule, Rates};
use super::normalise::{Normalised, Refusal, Target};
use super::observation::{Observation, Reason, counted};
use crate::domain::claim::Claim;
use crate::domain::decimal::{Decimal, Rounding};
use crate::domain::history::ClaimVersion;
use crate::domain::metric::{Metric, MetricKind};
use crate::domain::mode::Mode;
use crate::domain::period::day_number;
use crate::domain::quantity::{Per, ValueDomain};
use crate::domain::slug::Slug;
use crate::domain::source::Source;
use crate::domain::unit::Unit;

/// Most claims for which every pair is listed.
pub const PAIRS_CLAIMS_MAX: usize = 200;

/// What claims refer to, and the rates between currencies.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Metrics of the claims.
    pub metrics: &'a HashMap<Slug, Metric>,
    /// Units of the claims.
    pub units: &'a HashMap<Slug, Unit>,
    /// Sources in which they stand.
    pub sources: &'a HashMap<Slug, Source>,
    /// Rates that can matter for them.
    pub rates: &'a Rates,
}

/// How to compare.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// How strictly printed numbers are taken.
    pub mode: Mode,
    /// The currency or unit in which everything is to be told; without it, the one that most claims have.
    pub convert_to: Option<Unit>,
    /// Which rate stands for a period; without it, the average for what flows, and the last for what is held.
    pub rate_rule: Option<RateRule>,
}

/// Two claims, by their places, and how they stand to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The one.
    pub a: usize,
    /// The other.
    pub b: usize,
    /// How they stand.
    pub relation: Relation,
    /// Why they are not comparable; of running totals at two times, `rises` or `falls`.
    pub reason: Option<&'static str>,
}

/// A claim that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its place.
    pub claim: usize,
    /// In what it differs.
    pub reason: Reason,
    /// More about it, where there is more to say.
    pub why: Option<String>,
}

/// How far the printed numbers lie apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// The least.
    pub min: Decimal,
    /// The greatest.
    pub max: Decimal,
    /// How many times the least the greatest is; nothing unless both are above zero.
    pub ratio: Option<Decimal>,
}

/// What claims say about one observation. Claims are meant by their places in the list that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// What the compared ones are about; none where there is nothing to compare.
    pub observation: Option<Observation>,
    /// Unit and duration in which they are told.
    pub told_in: Option<(Unit, Option<Per>)>,
    /// The compared claims, the newest printed first, each as it is told.
    pub compared: Vec<(usize, Normalised)>,
    /// Whether they agree.
    pub verdict: Verdict,
    /// Groups that agree, the largest first; members are places of claims.
    pub groups: Vec<Group>,
    /// The fewest claims without which the others agree.
    pub outliers: Vec<usize>,
    /// All pairs of all claims; none where there are too many.
    pub pairs: Option<Vec<Pair>>,
    /// How far the printed numbers lie apart.
    pub spread: Option<Spread>,
    /// Everything else that was handed in.
    pub left_out: Vec<LeftOut>,
}

/// A claim on its way.
struct Entry<'a> {
    place: usize,
    claim: &'a Claim,
    observation: Observation,
    /// Unit and duration in which it is told.
    told_in: Option<(Slug, Option<Per>)>,
    told: Result<Normalised, Refusal>,
}

/// Compares claims: of the observations among them, the one with the most claims; of equal ones, the one printed last.
pub fn compare(claims: &[ClaimVersion], facts: Facts<'_>, terms: &Terms) -> Comparison {
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by_key(|place| claims.get(*place).map(|version| Reverse((printed_on(&version.claim, facts), Reverse(version.id)))));
    let mut entries = Vec::with_capacity(claims.len());
    for place in order {
        if let Some(version) = claims.get(place) {
            let claim = &version.claim;
            let observation = Observation::of(claim, facts.units.get(&claim.value.unit));
            entries.push(Entry { place, claim, observation, told_in: None, told: Ok(Normalised::new(None, claim.value.interval.clone())) });
        }
    }
    let targets = targets(&entries, facts, terms);
    for entry in &mut entries {
        let target = targets.get(&entry.observation);
        entry.told_in = target.map(|target| (target.unit.slug.clone(), target.per.clone()));
        entry.told = told(entry, target, facts, terms.mode);
    }
    let chosen = chosen(&entries);
    let compared: Vec<(usize, Normalised)> = chosen.iter().filter_map(|entry| Some((entry.place, entry.told.clone().ok()?))).collect();
    let figures: Vec<Figure> = chosen.iter().filter_map(|entry| figure(entry)).collect();
    let agreed = agreement(&figures);
    let place_of = |member: usize| compared.get(member).map_or(member, |(place, _)| *place);
    let groups = agreed.groups.into_iter();
    let groups = groups.map(|group| Group { members: group.members.into_iter().map(place_of).collect(), ..group }).collect();
    let observation = chosen.first().map(|entry| entry.observation.clone());
    let target = observation.as_ref().and_then(|observation| targets.get(observation));
    Comparison {
        told_in: target.map(|target| (target.unit.clone(), target.per.clone())),
        verdict: agreed.verdict,
        groups,
        outliers: agreed.outliers.into_iter().map(place_of).collect(),
        pairs: (claims.len() <= PAIRS_CLAIMS_MAX).then(|| pairs(&entries, facts)),
        spread: spread(&compared),
        left_out: left_out(&entries, &compared, observation.as_ref()),
        observation,
        compared,
    }
}

/// The last day on which its source can have been printed; unknown ones come last.
fn printed_on(claim: &Claim, facts: Facts<'_>) -> Option<i64> {
    let published = facts.sources.get(claim.source.as_ref()?)?.published.as_ref()?;
    published.end().map(day_number)
}

/// In what each observation is told: in what most of its numbers are, unless something else is asked for.
fn targets(entries: &[Entry<'_>], facts: Facts<'_>, terms: &Terms) -> HashMap<Observation, Target> {
    let mut by_observation: HashMap<&Observation, Vec<&Claim>> = HashMap::new();
    for entry in entries.iter().filter(|entry| !entry.claim.value.comparator.is_absence()) {
        by_observation.entry(&entry.observation).or_default().push(entry.claim);
    }
    let target = |(observation, claims): (&Observation, Vec<&Claim>)| {
        let usual = facts.units.get(most_frequent(claims.iter().map(|claim| &claim.value.unit))?)?;
        let unit = terms.convert_to.as_ref().filter(|asked| is_convertible(usual, asked)).unwrap_or(usual).clone();
        let per = most_frequent(claims.iter().filter_map(|claim| claim.value.per.as_ref()).map(Per::as_str));
        let kind = facts.metrics.get(&observation.series.metric).map(|metric| metric.kind);
        let rule = if matches!(kind, Some(MetricKind::Flow | MetricKind::Cumulative)) { RateRule::Average } else { RateRule::Last };
        let per = per.and_then(|per| Per::parse(per).ok());
        Some((observation.clone(), Target { unit, per, rate_rule: terms.rate_rule.unwrap_or(rule) }))
    };
    by_observation.into_iter().filter_map(target).collect()
}

/// Whether a unit can be told in another: money always, as far as there are rates.
fn is_convertible(from: &Unit, to: &Unit) -> bool {
    from.base == to.base || from.dimension == "currency" && to.dimension == "currency"
}

/// The most frequent of several; of equally frequent ones, the first in order.
fn most_frequent<T: Ord + Copy>(all: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    counts.into_iter().min_by_key(|(one, count)| (Reverse(*count), *one)).map(|(one, _)| one)
}

fn told(entry: &Entry<'_>, target: Option<&Target>, facts: Facts<'_>, mode: Mode) -> Result<Normalised, Refusal> {
    let (claim, value) = (entry.claim, &entry.claim.value);
    let refuse = |reason, why: String| Err(Refusal { reason, why });
    if value.comparator.is_absence() {
        return refuse(Reason::NoNumber, format!("the source says that the number is {}", value.comparator.as_str()));
    }
    let (Some(unit), Some(target)) = (facts.units.get(&value.unit), target) else {
        return refuse(Reason::Unit, format!("nothing is recorded of the unit {}", value.unit));
    };
    let domain = facts.metrics.get(&claim.metric).map_or(ValueDomain::Unbounded, |metric| metric.value_domain(unit));
    let number = Normalised::new(value.best.clone(), value.interval_in(mode, &domain));
    number.told_in(target, unit, value.per.as_ref(), entry.observation.days, facts.rates)
}

fn figure(entry: &Entry<'_>) -> Option<Figure> {
    entry.told.as_ref().ok().map(|told| Figure { comparator: entry.claim.value.comparator, interval: told.interval.clone() })
}

/// The claims of the observation that has most of them. Entries stand in the order of printing, the newest first.
fn chosen<'e, 'a>(entries: &'e [Entry<'a>]) -> Vec<&'e Entry<'a>> {
    let mut by_observation: HashMap<&Observation, Vec<&Entry<'a>>> = HashMap::new();
    let mut alone = Vec::new();
    for entry in entries.iter().filter(|entry| entry.told.is_ok()) {
        // What has no time is compared with nothing, not even with its like.
        if entry.observation.days.is_none() {
            alone.push(vec![entry]);
        } else {
            by_observation.entry(&entry.observation).or_default().push(entry);
        }
    }
    let rank = |entry: &Entry<'_>| entries.iter().position(|other| other.place == entry.place);
    let all = by_observation.into_values().chain(alone);
    all.min_by_key(|group| (Reverse(group.len()), group.first().and_then(|first| rank(first)))).unwrap_or_default()
}

fn spread(compared: &[(usize, Normalised)]) -> Option<Spread> {
    let bests = || compared.iter().filter_map(|(_, told)| told.best.as_ref());
    let (min, max) = (bests().min()?.clone(), bests().max()?.clone());
    let above_zero = min > Decimal::whole(0);
    let ratio = above_zero.then(|| max.divided_by(&min, Rounding::Nearest)).flatten();
    Some(Spread { ratio: ratio.map(|ratio| ratio.to_digits(6, Rounding::Nearest)), min, max })
}

fn left_out(entries: &[Entry<'_>], compared: &[(usize, Normalised)], observation: Option<&Observation>) -> Vec<LeftOut> {
    let inside: HashSet<usize> = compared.iter().map(|(place, _)| *place).collect();
    let others = entries.iter().filter(|entry| !inside.contains(&entry.place));
    let found = others.map(|entry| match (&entry.told, observation) {
        (Err(refusal), _) => LeftOut { claim: entry.place, reason: refusal.reason, why: Some(refusal.why.clone()) },
        (Ok(_), observation) => {
            let reason = observation.and_then(|observation| observation.differs(&entry.observation)).unwrap_or(Reason::Period);
            LeftOut { claim: entry.place, reason, why: None }
        }
    });
    found.collect()
}

fn pairs(entries: &[Entry<'_>], facts: Facts<'_>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (place, a) in entries.iter().enumerate() {
        for b in entries.iter().skip(place + 1) {
            let (relation, reason) = related(a, b, facts);
            pairs.push(Pair { a: a.place, b: b.place, relation, reason });
        }
    }
    pairs
}

fn related(a: &Entry<'_>, b: &Entry<'_>, facts: Facts<'_>) -> (Relation, Option<&'static str>) {
    let (Some(first), Some(second)) = (figure(a), figure(b)) else {
        let refused = [a, b].into_iter().find_map(|entry| entry.told.as_ref().err().map(|refusal| refusal.reason));
        return (Relation::NotComparable, refused.map(Reason::as_str));
    };
    match a.observation.differs(&b.observation) {
        None => (relation(&first, &second), None),
        Some(Reason::Period) if is_running_total(a, b, facts) => {
            let end = |entry: &Entry<'_>| entry.observation.days.map(|(_, last)| last);
            let (earlier, later) = if end(a) <= end(b) { (first, second) } else { (second, first) };
            let falls = matches!((earlier.interval.low(), later.interval.high()), (Some(low), Some(high))
                if low.at > high.at || low.at == high.at && !(low.inclusive && high.inclusive));
            if falls { (Relation::Inconsistent, Some("falls")) } else { (Relation::Consistent, Some("rises")) }
        }
        Some(reason) => (Relation::NotComparable, Some(reason.as_str())),
    }
}

/// Whether both are a total that never falls, counted from the same day to two different ones, and told in the same unit.
fn is_running_total(a: &Entry<'_>, b: &Entry<'_>, facts: Facts<'_>) -> bool {
    let is_cumulative = facts.metrics.get(&a.claim.metric).is_some_and(|metric| metric.kind == MetricKind::Cumulative);
    let runs = (counted(a.claim.period.as_ref()), counted(b.claim.period.as_ref()));
    let comparable = matches!(runs, (Some((first, end)), Some((second, other))) if first == second && end != other);
    is_cumulative && comparable && a.told_in == b.told_in
}

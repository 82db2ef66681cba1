//! How a claim differs from the one that it cites.

use serde::Serialize;

use crate::domain::claim::Claim;
use crate::domain::folding::folded;
use crate::domain::history::ClaimVersion;
use crate::domain::period::Period;
use crate::domain::quantity::Quantity;

/// A difference between a claim and the upstream claim that it repeats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// The upstream claim.
    pub upstream: String,
    /// What differs: `value`, `bound`, `hedge`, `period`, `unit`.
    pub kind: &'static str,
    /// What the upstream claim says.
    pub from: Option<String>,
    /// What the claim says.
    pub to: Option<String>,
}

/// Compares a claim with those of the source it cites: with the one of the same series whose period is nearest.
pub fn drift(claim: &Claim, upstream: &[ClaimVersion]) -> Vec<Drift> {
    let same_series = |other: &&ClaimVersion| {
        let other = &other.claim;
        other.metric == claim.metric
            && other.actor == claim.actor
            && other.counterpart == claim.counterpart
            && other.stage == claim.stage
            && other.scope == claim.scope
            && other.base_period.as_ref().map(Period::days) == claim.base_period.as_ref().map(Period::days)
            && other.value.denominator.as_deref().map(folded) == claim.value.denominator.as_deref().map(folded)
    };
    let Some(cited) = upstream.iter().filter(same_series).min_by_key(|other| distance(claim, &other.claim)) else {
        return Vec::new();
    };
    let upstream = &cited.claim;
    let text = |value: Option<&dyn ToString>| value.map(ToString::to_string);
    let compared = [
        ("unit", Some(measure(&upstream.value)), Some(measure(&claim.value))),
        ("value", best(&upstream.value), best(&claim.value)),
        ("bound", Some(upstream.value.comparator.as_str().into()), Some(claim.value.comparator.as_str().into())),
        (
            "period",
            text(upstream.period.as_ref().map(|period| period as &dyn ToString)),
            text(claim.period.as_ref().map(|period| period as &dyn ToString)),
        ),
    ];
    let mut found: Vec<Drift> = compared
        .into_iter()
        // Numbers in two units cannot be held against each other as they stand.
        .filter(|(kind, from, to)| from != to && !(*kind == "period" && same_days(upstream, claim)))
        .filter(|(kind, ..)| *kind != "value" || measure(&upstream.value) == measure(&claim.value))
        .map(|(kind, from, to)| Drift { upstream: cited.id.to_string(), kind, from, to })
        .collect();
    // A hedge that is added is caution; one that is dropped makes a number surer than its source was.
    if upstream.cue.is_some() && claim.cue.is_none() {
        found.push(Drift { upstream: cited.id.to_string(), kind: "hedge", from: upstream.cue.clone(), to: None });
    }
    found
}

/// Unit and duration.
fn measure(value: &Quantity) -> String {
    value.per.as_ref().map_or_else(|| value.unit.to_string(), |per| format!("{} by {}", value.unit, per.as_str()))
}

fn best(value: &Quantity) -> Option<String> {
    value.best.as_ref().map(ToString::to_string)
}

/// Whether two periods name the same days, however they are written.
fn same_days(a: &Claim, b: &Claim) -> bool {
    a.period.as_ref().map(Period::days) == b.period.as_ref().map(Period::days)
}

/// Days between the middles of two periods; a missing period is farthest.
fn distance(a: &Claim, b: &Claim) -> i64 {
    let middle = |period: &Period| {
        let (start, end) = period.days();
        start.midpoint(end)
    };
    match (&a.period, &b.period) {
        (Some(a), Some(b)) => (middle(a) - middle(b)).abs(),
        (None, None) => 0,
        _ => i64::MAX,
    }
}

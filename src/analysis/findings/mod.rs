//! Advisory remarks about claims and sources, each computed from values alone.
//!
//! - `claim`: what one claim shows of itself, its metric and its sources;
//! - `series`: what it shows beside its neighbours: others about the same actor, its whole, its level, the claim that it cites;
//! - `quote`: whether its words still stand where they were found;
//! - `source`: what one source shows of itself and of those that it cites;
//! - `dates`: dates in addresses and references.
//!
//! To add a check: give it a code in `domain::finding`, write a function from values to an `Option<Finding>`, and list it among the `CHECKS`
//! of its file.

mod claim;
mod dates;
mod quote;
mod series;
mod source;

use std::collections::HashMap;

use crate::analysis::observation::{Observation, SeriesKey};
use crate::domain::actor::Actor;
use crate::domain::finding::Finding;
use crate::domain::history::ClaimVersion;
use crate::domain::metric::Metric;
use crate::domain::slug::Slug;
use crate::domain::source::Source;
use crate::domain::unit::Unit;

/// The records that claims and sources refer to.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    /// Metrics of the claims.
    pub metrics: &'a HashMap<Slug, Metric>,
    /// Counterparts of the claims, and the actors beside them.
    pub actors: &'a HashMap<Slug, Actor>,
    /// Units of the claims.
    pub units: &'a HashMap<Slug, Unit>,
    /// Sources that the claims stand in, and everything upstream of them.
    pub sources: &'a HashMap<Slug, Source>,
    /// Sources that cite each other in circles, each circle in the order of its slugs; for remarks about sources.
    pub circles: &'a [Vec<Slug>],
}

impl Records<'_> {
    fn observation(&self, version: &ClaimVersion) -> Observation {
        Observation::of(&version.claim, self.units.get(&version.claim.value.unit))
    }
}

/// A claim with what it is about, worked out once.
#[derive(Debug, Clone)]
pub struct Placed {
    /// What it is about.
    pub observation: Observation,
    /// The claim.
    pub version: ClaimVersion,
}

/// Claims in the order of what they are about, so that those of one series, and of one time in it, stand together.
pub fn in_order(mut placed: Vec<Placed>) -> Vec<Placed> {
    placed.sort_by(|a, b| (&a.observation, a.version.id).cmp(&(&b.observation, b.version.id)));
    placed
}

/// Those of one series, of claims in order.
fn of_series<'p>(placed: &'p [Placed], series: &SeriesKey) -> &'p [Placed] {
    let start = placed.partition_point(|other| other.observation.series < *series);
    let rest = placed.get(start..).unwrap_or_default();
    rest.get(..rest.partition_point(|other| other.observation.series == *series)).unwrap_or_default()
}

/// Those of one observation, of claims in order.
fn of_observation<'p>(placed: &'p [Placed], own: &Observation) -> &'p [Placed] {
    let start = placed.partition_point(|other| other.observation < *own);
    let rest = placed.get(start..).unwrap_or_default();
    rest.get(..rest.partition_point(|other| other.observation == *own)).unwrap_or_default()
}

/// The accepted claims beside which one is looked at; placed ones are in order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Neighbours<'a> {
    /// Of the same metric and actor, itself among them.
    pub same: &'a [Placed],
    /// Of the metric of which this one is a part, and the same actor.
    pub wholes: &'a [Placed],
    /// Of the metric of which this one is a change, and the same actor.
    pub levels: &'a [Placed],
    /// Of the same metric and counterpart.
    pub shares: &'a [Placed],
    /// Of the same metric, in the source that it cites.
    pub upstream: &'a [ClaimVersion],
    /// The text that its quote names, if it is stored.
    pub text: Option<&'a str>,
}

/// What is to be said of one claim, one remark of a code at most.
pub fn of_claim(version: &ClaimVersion, records: Records<'_>, neighbours: &Neighbours<'_>) -> Vec<Finding> {
    let alone = claim::CHECKS.iter().filter_map(|check| check(version, records));
    let beside = series::CHECKS.iter().filter_map(|check| check(version, records, neighbours));
    one_of_each(alone.chain(beside).chain(quote::quote(version, neighbours.text)))
}

/// What is to be said of one source, one remark of a code at most.
pub fn of_source(source: &Source, records: Records<'_>) -> Vec<Finding> {
    one_of_each(source::CHECKS.iter().filter_map(|check| check(source, records)))
}

/// In the order of the codes; of two of one code, the first.
fn one_of_each(found: impl Iterator<Item = Finding>) -> Vec<Finding> {
    let mut found: Vec<Finding> = found.collect();
    found.sort_by_key(|finding| finding.code);
    found.dedup_by_key(|finding| finding.code);
    found
}

//! The reference records that some claims refer to, as they stood at one state of the database.

use std::collections::{BTreeSet, HashMap};

use super::actor::Actor;
use super::claim::Claim;
use super::metric::Metric;
use super::record::{RecordKind, Versioned};
use super::slug::Slug;
use super::source::Source;

/// Records by slug; labels are joined from here when claims are shown.
#[derive(Debug, Default, Clone)]
pub struct Catalog {
    /// Actors and counterparts.
    pub actors: HashMap<Slug, Versioned<Actor>>,
    /// Metrics.
    pub metrics: HashMap<Slug, Versioned<Metric>>,
    /// Sources that claims stand in.
    pub sources: HashMap<Slug, Versioned<Source>>,
}

impl Catalog {
    /// Number of the newest change among a claim's own records.
    pub fn newest_seq(&self, claim: &Claim) -> i64 {
        let actors =
            [&claim.actor, &claim.counterpart].into_iter().flatten().filter_map(|slug| self.actors.get(slug)).map(|record| record.seq);
        let metric = self.metrics.get(&claim.metric).map(|record| record.seq);
        let source = claim.source.as_ref().and_then(|slug| self.sources.get(slug)).map(|record| record.seq);
        actors.chain(metric).chain(source).max().unwrap_or(0)
    }
}

/// The slugs of one kind that the claims name.
pub fn slugs_named<'a>(claims: impl Iterator<Item = &'a Claim>, kind: RecordKind) -> BTreeSet<&'a Slug> {
    claims
        .flat_map(|claim| match kind {
            RecordKind::Actor => [claim.actor.as_ref(), claim.counterpart.as_ref()],
            RecordKind::Metric => [Some(&claim.metric), None],
            RecordKind::Unit => [Some(&claim.value.unit), None],
            RecordKind::Source => [claim.source.as_ref(), None],
        })
        .flatten()
        .collect()
}

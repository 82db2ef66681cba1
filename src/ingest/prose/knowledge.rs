//! The records by whose names a text is read: those of the database, or those that come with the program.

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::metric::Metric;
use crate::domain::record::Record;
use crate::domain::unit::Unit;
use crate::extraction::Knowledge;
use crate::ingest::seed::{SeedError, records};
use crate::store::change::AnyRecord;
use crate::store::{At, Store, StoreError};

/// Records fetched at a time.
const CHUNK_ROWS: usize = 1_000;
/// The metric of candidates whose metric nobody recognised. It is never recognised itself.
pub const UNCLASSIFIED: &str = "unclassified";
/// The unit of a number that is printed without one; no text names it.
pub const UNSPECIFIED: &str = "unspecified";

/// What the records that come with the program tell.
pub fn of_seeds() -> Result<Knowledge, SeedError> {
    let (mut actors, mut metrics, mut units) = (Vec::new(), Vec::new(), Vec::new());
    for record in records()? {
        match record {
            AnyRecord::Actor(actor) => actors.push(actor),
            AnyRecord::Metric(metric) => metrics.push(metric),
            AnyRecord::Unit(unit) => units.push(unit),
            AnyRecord::Source(_) => {}
        }
    }
    Ok(made(actors, metrics, units))
}

/// What the records of a database tell.
pub async fn of_store(store: &Store, at: At) -> Result<Knowledge, StoreError> {
    Ok(made(all::<Actor>(store, at).await?, all(store, at).await?, all(store, at).await?))
}

/// Names that an import brought and nobody has matched are no knowledge: one "Total" would be found in every text.
fn made(mut actors: Vec<Actor>, mut metrics: Vec<Metric>, mut units: Vec<Unit>) -> Knowledge {
    actors.retain(|actor| actor.kind != ActorKind::Unmatched);
    metrics.retain(|metric| metric.slug.as_str() != UNCLASSIFIED);
    units.retain(|unit| unit.slug.as_str() != UNSPECIFIED);
    Knowledge::new(actors, metrics, units)
}

async fn all<R: Record>(store: &Store, at: At) -> Result<Vec<R>, StoreError> {
    let mut found: Vec<R> = Vec::new();
    loop {
        let after = found.last().map(|record| record.slug().to_string());
        let page = store.list_records::<R>(None, after.as_deref(), i64::try_from(CHUNK_ROWS).unwrap_or(i64::MAX), at).await?;
        let is_last = page.len() < CHUNK_ROWS;
        found.extend(page.into_iter().map(|version| version.record));
        if is_last {
            return Ok(found);
        }
    }
}

/// Knowledge made once and used until a record changes.
#[derive(Debug, Default)]
pub struct Remembered(Mutex<Option<(At, Arc<Knowledge>)>>);

impl Remembered {
    /// What the records of a state tell.
    pub async fn of(&self, store: &Store, at: At) -> Result<Arc<Knowledge>, StoreError> {
        let changed = store.last_change_of_records(at).await?;
        let remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((of, knowledge)) = remembered
            && of == changed
        {
            return Ok(knowledge);
        }
        let knowledge = Arc::new(of_store(store, at).await?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((changed, knowledge.clone()));
        Ok(knowledge)
    }
}

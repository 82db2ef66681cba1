//! What records are called, for answers that otherwise only name their slugs.

use std::collections::HashMap;

use super::problem::ApiError;
use super::state::AppState;
use crate::domain::actor::Actor;
use crate::domain::metric::Metric;
use crate::domain::record::{Record, RecordKind};
use crate::domain::source::Source;
use crate::domain::unit::Unit;
use crate::store::At;

/// Labels of records of one kind, by slug.
pub async fn labels(state: &AppState, kind: RecordKind, slugs: Vec<String>, at: At) -> Result<HashMap<String, String>, ApiError> {
    match kind {
        RecordKind::Actor => labels_of::<Actor>(state, slugs, at).await,
        RecordKind::Metric => labels_of::<Metric>(state, slugs, at).await,
        RecordKind::Unit => labels_of::<Unit>(state, slugs, at).await,
        RecordKind::Source => labels_of::<Source>(state, slugs, at).await,
    }
}

async fn labels_of<R: Record>(state: &AppState, slugs: Vec<String>, at: At) -> Result<HashMap<String, String>, ApiError> {
    let found = state.store.list_records_by_slug::<R>(slugs, at).await?;
    Ok(found.into_iter().map(|found| (found.record.slug().to_string(), found.record.label().to_string())).collect())
}

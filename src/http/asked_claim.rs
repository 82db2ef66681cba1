//! The one claim that a request names, and the last change that concerns it.

use super::claim_params::{Basis, basis};
use super::params::Query;
use super::problem::ApiError;
use super::state::AppState;
use crate::domain::history::ClaimVersion;
use crate::domain::id::ClaimId;
use crate::domain::invalid::Invalid;
use crate::store::At;

/// A claim that a request names, at the version and state that it asks for.
pub async fn asked_claim(state: &AppState, query: &mut Query, id: &str) -> Result<(ClaimVersion, Basis), ApiError> {
    let basis = basis(state, query, None).await?;
    let version = query.parsed("version", |text| {
        text.parse::<i64>()
            .ok()
            .filter(|version| *version > 0)
            .ok_or_else(|| Invalid::new("invalid-parameter", "", "must be a whole number above 0"))
    });
    query.finish()?;
    let missing = || ApiError::not_found("claim", &id.chars().take(100).collect::<String>());
    let id = ClaimId::parse(id).map_err(|_| missing())?;
    let found = match version {
        None => state.store.find_claim(id, basis.at).await?,
        Some(version) => state.store.list_claim_versions(id, basis.at).await?.into_iter().find(|found| found.version == version),
    };
    Ok((found.ok_or_else(missing)?, basis))
}

/// The last change that concerns a claim: of itself, or of a record that it is shown with.
pub async fn concerning(state: &AppState, version: &ClaimVersion, at: At) -> Result<(At, jiff::Timestamp), ApiError> {
    let catalog = state.store.catalog_of(std::slice::from_ref(version), at).await?;
    let seq = version.seq.max(catalog.newest_seq(&version.claim));
    Ok((At(seq), state.store.time_of_state(At(seq)).await?))
}

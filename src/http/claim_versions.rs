//! A claim's history.

use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Meta, Validators, json};
use super::asked_claim::asked_claim;
use super::freshness::Reading;
use super::params::{BasisParams, Query};
use super::problem::ApiError;
use crate::exchange::claim_view::ClaimView;
use crate::store::At;

/// A version of a claim, and what it changed.
#[derive(Serialize, ToSchema)]
pub struct VersionView {
    /// The claim as this version says it.
    pub claim: ClaimView,
    /// Names of the fields that differ from the version before; empty for the first.
    pub changed: Vec<String>,
}

/// A claim's history, as the documentation shows it.
#[derive(Serialize, ToSchema)]
pub struct VersionList {
    data: Vec<VersionView>,
    meta: Meta,
    links: Links,
}

/// All versions of a claim, oldest first.
#[utoipa::path(get, path = "/v1/claims/{id}/versions", operation_id = "list_claim_versions", tag = "claims",
    params(("id" = String, Path, description = "Id of the claim"), BasisParams),
    responses((status = 200, description = "The claim's history", body = VersionList)))]
pub async fn list_claim_versions(Reading(state): Reading, Path(id): Path<String>, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), BasisParams::TABLES);
    let (version, basis) = asked_claim(&state, &mut query, &id).await?;
    // The history shows every version with its own records, so all of them decide how new it is.
    let versions = state.store.list_claim_versions(version.id, basis.at).await?;
    let catalog = state.store.catalog_of(&versions, basis.at).await?;
    let newest = versions.iter().map(|version| version.seq.max(catalog.newest_seq(&version.claim))).max().unwrap_or(version.seq);
    let (snapshot, last_modified) = (At(newest), state.store.time_of_state(At(newest)).await?);
    let validators = Validators::of_version(&asked, "envelope", version.version, snapshot, last_modified);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let mut data: Vec<VersionView> = Vec::with_capacity(versions.len());
    for version in &versions {
        let claim = ClaimView::new(version, &catalog);
        let changed = data.last().map(|before| changed_fields(&before.claim, &claim)).transpose()?.unwrap_or_default();
        data.push(VersionView { claim, changed });
    }
    json(&Envelope { data, meta: Meta { snapshot: snapshot.0 }, links: Links::to_self(&asked) }, &validators)
}

/// Fields that differ, without those that belong to the recording of every version.
fn changed_fields(before: &ClaimView, after: &ClaimView) -> Result<Vec<String>, ApiError> {
    const OF_RECORDING: [&str; 6] = ["version", "recorded_at", "recorded_by", "cause", "reason", "links"];
    let (before, after) =
        (serde_json::to_value(before).map_err(ApiError::internal)?, serde_json::to_value(after).map_err(ApiError::internal)?);
    let keys = after.as_object().map(|after| after.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    Ok(keys.into_iter().filter(|key| !OF_RECORDING.contains(&key.as_str()) && before.get(key) != after.get(key)).collect())
}

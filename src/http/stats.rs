//! The database as a whole.

use std::collections::BTreeMap;

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Meta, Validators, json};
use super::claim_params::basis;
use super::freshness::Reading;
use super::params::{BasisParams, Query};
use super::problem::ApiError;

/// What the database holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatsView {
    /// Claims by state.
    pub claims: BTreeMap<String, i64>,
    /// Versions of claims.
    pub claim_versions: i64,
    /// Reference records by kind.
    pub records: BTreeMap<&'static str, i64>,
    /// Stored texts of sources.
    pub documents: i64,
    /// When the newest change was stored.
    pub changed_at: String,
    /// Version of the program.
    pub program: &'static str,
}

/// Statistics, as the documentation shows them.
#[derive(Serialize, ToSchema)]
pub struct StatsAnswer {
    data: StatsView,
    meta: Meta,
    links: Links,
}

/// What the database holds.
#[utoipa::path(get, path = "/v1/stats", operation_id = "show_stats", tag = "operation", params(BasisParams),
    responses((status = 200, description = "Counts", body = StatsAnswer)))]
pub async fn show_stats(Reading(state): Reading, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), BasisParams::TABLES);
    let basis = basis(&state, &mut query, None).await?;
    query.finish()?;
    let validators = Validators::of_state(&asked, "envelope", basis.at, basis.reached_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let totals = state.store.totals(basis.at).await?;
    let data = StatsView {
        claims: totals.claims,
        claim_versions: totals.claim_versions,
        records: totals.records,
        documents: totals.documents,
        changed_at: basis.reached_at.to_string(),
        program: env!("CARGO_PKG_VERSION"),
    };
    json(&Envelope { data, meta: Meta { snapshot: basis.at.0 }, links: Links::to_self(&asked) }, &validators)
}

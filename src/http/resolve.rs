//! Which record a name may mean: candidates with scores, never a choice.

use std::collections::HashMap;

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Meta, Validators, json};
use super::claim_params::basis;
use super::freshness::Reading;
use super::labels::labels;
use super::params::{Query, ResolveParams};
use super::problem::ApiError;
use super::state::AppState;
use crate::domain::folding::folded;
use crate::domain::record::{NameRole, RecordKind};
use crate::exchange::fields::one_of;
use crate::store::At;

/// Names of one kind that are compared.
const NAMES_MAX: i64 = 200_000;
/// Candidates when nothing is said.
const CANDIDATES_DEFAULT: usize = 10;
/// Candidates at most.
const CANDIDATES_MAX: usize = 50;
/// A name less like the one given than this is no candidate.
const LIKENESS_MIN: f64 = 0.85;

/// A record that the name may mean.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Candidate {
    /// Kind of the record.
    pub kind: &'static str,
    /// Slug of the record.
    pub slug: String,
    /// Its name for people.
    pub label: String,
    /// The name of it that matches.
    pub matched: String,
    /// How that name belongs to the record: `slug`, `code`, `label`, `alias`, `demonym`, `metonym`.
    pub role: &'static str,
    /// How well it fits, from 0 to 1; 1 only for a name that identifies the record.
    pub score: f64,
    /// Whether a filter or a write takes this very name for the record.
    pub exact: bool,
    /// The record.
    pub url: String,
}

/// Candidates, as the documentation shows them.
#[derive(Serialize, ToSchema)]
pub struct ResolveAnswer {
    data: Vec<Candidate>,
    meta: Meta,
    links: Links,
}

/// The records that a name may mean, best first.
#[utoipa::path(get, path = "/v1/resolve", operation_id = "resolve_name", tag = "resolve", params(ResolveParams),
    responses((status = 200, description = "Candidates, best first", body = ResolveAnswer)))]
pub async fn resolve_name(Reading(state): Reading, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), ResolveParams::TABLES);
    let name = query.one("name");
    if name.is_none() {
        query.fault("name", "is required");
    }
    let kinds = query.parsed_list("kind", |text| one_of(text, &RecordKind::ALL, RecordKind::as_str));
    let kinds = kinds.unwrap_or_else(|| vec![RecordKind::Actor, RecordKind::Metric]);
    let limit = query.number("limit", 1, CANDIDATES_MAX).unwrap_or(CANDIDATES_DEFAULT);
    let basis = basis(&state, &mut query, None).await?;
    query.finish()?;
    let validators = Validators::of_state(&asked, "envelope", basis.at, basis.reached_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let wanted = folded(&name.unwrap_or_default());
    let mut data = Vec::new();
    for kind in kinds {
        data.extend(candidates(&state, kind, &wanted, limit, basis.at).await?);
    }
    data.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.slug.cmp(&b.slug)));
    data.truncate(limit);
    json(&Envelope { data, meta: Meta { snapshot: basis.at.0 }, links: Links::to_self(&asked) }, &validators)
}

/// The best name of each record, best records first.
async fn candidates(state: &AppState, kind: RecordKind, wanted: &str, limit: usize, at: At) -> Result<Vec<Candidate>, ApiError> {
    let names = state.store.list_all_names(kind, NAMES_MAX, at).await?;
    let mut best: HashMap<String, (f64, String, NameRole, bool)> = HashMap::new();
    for (name, found) in names {
        let score = score(wanted, &name, found.role);
        let is_better = best.get(&found.slug).is_none_or(|(other, ..)| score > *other);
        if score > 0.0 && is_better {
            best.insert(found.slug, (score, found.written, found.role, name == wanted && found.role.identifies()));
        }
    }
    let mut best: Vec<_> = best.into_iter().collect();
    best.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then_with(|| a.0.cmp(&b.0)));
    best.truncate(limit);
    let labels = labels(state, kind, best.iter().map(|(slug, _)| slug.clone()).collect(), at).await?;
    Ok(best
        .into_iter()
        .map(|(slug, (score, matched, role, exact))| Candidate {
            kind: kind.as_str(),
            label: labels.get(&slug).cloned().unwrap_or_else(|| slug.clone()),
            url: format!("/v1/{}/{slug}", kind.plural()),
            matched,
            role: role.as_str(),
            score: (score * 1000.0).round() / 1000.0,
            exact,
            slug,
        })
        .collect())
}

/// How well a name fits: equal names by their role; then beginnings and whole words; then likeness of spelling.
fn score(wanted: &str, name: &str, role: NameRole) -> f64 {
    let by_role = match role {
        NameRole::Slug | NameRole::Code | NameRole::Label => 1.0,
        NameRole::Alias => 0.99,
        NameRole::Demonym => 0.7,
        NameRole::Metonym => 0.6,
    };
    if wanted == name {
        return by_role;
    }
    let chars = wanted.chars().count();
    if chars >= 3 && (name.starts_with(wanted) || name.split(' ').any(|word| word == wanted)) {
        return by_role * 0.8;
    }
    let likeness = strsim::normalized_damerau_levenshtein(wanted, name);
    if chars >= 4 && likeness >= LIKENESS_MIN - 0.15 { by_role * likeness * 0.75 } else { 0.0 }
}

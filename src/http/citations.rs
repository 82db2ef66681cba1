//! Whom a source cites, and who cites it.

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Meta, Validators, json};
use super::claim_params::basis;
use super::freshness::Reading;
use super::params::{BasisParams, Query};
use super::problem::ApiError;
use crate::domain::source::{Source, SourceCitation};

/// Sources citing one that are listed at most.
const CITING_MAX: i64 = 1000;

/// A source that another one cites or is cited by.
#[derive(Debug, Serialize, ToSchema)]
pub struct CitationLink {
    /// Slug of the other source.
    pub source: String,
    /// Its title.
    pub title: Option<String>,
    /// The reference as printed.
    pub printed: Option<String>,
    /// Whether its recorder has looked into the cited source.
    pub consulted: bool,
    /// Where in the cited source.
    pub locator: Option<String>,
}

/// Whom a source cites, and who cites it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CitationsView {
    /// Whom it cites.
    pub cites: Vec<CitationLink>,
    /// Who cites it.
    pub cited_by: Vec<CitationLink>,
    /// Whether more cite it than are listed.
    pub truncated: bool,
}

/// Citations of a source, as the documentation shows them.
#[derive(Serialize, ToSchema)]
pub struct CitationsAnswer {
    data: CitationsView,
    meta: Meta,
    links: Links,
}

/// Whom a source cites, and who cites it.
#[utoipa::path(get, path = "/v1/sources/{slug}/citations", operation_id = "list_citations", tag = "sources",
    params(("slug" = String, Path, description = "Slug of the source"), BasisParams),
    responses((status = 200, description = "Both directions", body = CitationsAnswer)))]
pub async fn list_citations(Reading(state): Reading, Path(slug): Path<String>, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), BasisParams::TABLES);
    let basis = basis(&state, &mut query, None).await?;
    query.finish()?;
    let found = state.store.find_record::<Source>(&slug, basis.at).await?.ok_or_else(|| ApiError::not_found("source", &slug))?;
    let validators = Validators::of_state(&asked, "envelope", basis.at, basis.reached_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let mut citing = state.store.list_citing_sources(&slug, "", CITING_MAX + 1, basis.at).await?;
    let truncated = i64::try_from(citing.len()).is_ok_and(|count| count > CITING_MAX);
    citing.truncate(usize::try_from(CITING_MAX).unwrap_or(usize::MAX));
    let cited = found.record.citations.iter().map(|citation| citation.source.to_string());
    let others = state.store.list_records_by_slug::<Source>(cited.chain(citing.iter().cloned()), basis.at).await?;
    let others: HashMap<String, Source> = others.into_iter().map(|found| (found.record.slug.to_string(), found.record)).collect();
    let link = |other: &str, citation: &SourceCitation| CitationLink {
        source: other.to_string(),
        title: others.get(other).map(|source| source.title.clone()),
        printed: citation.printed.clone(),
        consulted: citation.consulted,
        locator: citation.locator.clone(),
    };
    let cites = found.record.citations.iter().map(|citation| link(citation.source.as_str(), citation)).collect();
    let cited_by = citing.iter().filter_map(|other| {
        let citation = others.get(other)?.citations.iter().find(|citation| citation.source == found.record.slug)?;
        Some(link(other, citation))
    });
    let data = CitationsView { cites, cited_by: cited_by.collect(), truncated };
    json(&Envelope { data, meta: Meta { snapshot: basis.at.0 }, links: Links::to_self(&asked) }, &validators)
}

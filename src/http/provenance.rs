//! From a claim back to where it comes from, as a graph in several forms.

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Meta, Validators, json, text};
use super::asked_claim::asked_claim;
use super::freshness::Reading;
use super::params::{ProvenanceParams, Query};
use super::problem::ApiError;
use super::state::AppState;
use crate::analysis::drift::{Drift, drift};
use crate::analysis::provenance::{first_upstream, trace};
use crate::domain::history::ClaimVersion;
use crate::domain::id::MetricKey;
use crate::domain::metric::Metric;
use crate::domain::provenance::{ChainEndAt, Edge, IndependentSources, Node, ProvenanceGraph};
use crate::domain::slug::Slug;
use crate::domain::source::Source;
use crate::exchange::fields::one_of;
use crate::exchange::graph::{GraphFormat, render};
use crate::store::At;

/// Sources that a walk upstream takes in; a chain that goes on is marked as cut off.
const SOURCES_MAX: usize = 2_000;
/// Claims of a cited source that are looked at for the one repeated.
const UPSTREAM_CLAIMS_MAX: i64 = 200;

/// A provenance graph as an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct GraphView {
    /// Id of the claim.
    pub claim: String,
    /// The claim first, then nearer before farther.
    #[schema(value_type = Vec<Object>)]
    pub nodes: Vec<Node>,
    /// From what says something to where it has it from.
    #[schema(value_type = Vec<Object>)]
    pub edges: Vec<Edge>,
    /// Where chains end, each in a stated state.
    #[schema(value_type = Vec<Object>)]
    pub ends: Vec<ChainEndAt>,
    /// Sources that cite each other in a circle.
    pub cycles: Vec<Vec<String>>,
    /// How the claim differs from the one that it cites, where that is recorded.
    #[schema(value_type = Vec<Object>)]
    pub drift: Vec<Drift>,
    /// Independent origins, as a range.
    #[schema(value_type = Object)]
    pub independent_sources: IndependentSources,
    /// References met.
    pub mentions: usize,
    /// Publications met.
    pub documents: usize,
    /// Publishers met.
    pub publishers: usize,
    /// Whether the walk stopped at its limit.
    pub truncated: bool,
}

/// A graph in an envelope, as the documentation shows it.
#[derive(Serialize, ToSchema)]
pub struct OneGraph {
    data: GraphView,
    meta: Meta,
    links: Links,
}

/// Where a claim comes from.
#[utoipa::path(get, path = "/v1/claims/{id}/provenance", operation_id = "find_provenance", tag = "claims",
    params(("id" = String, Path, description = "Id of the claim"), ProvenanceParams),
    responses((status = 200, description = "The graph; with `format`, in the media type of that form", content(
        (OneGraph = "application/json"), (String = "text/vnd.graphviz"), (String = "text/vnd.mermaid"), (String = "image/svg+xml"),
        (Object = "application/ld+json")))))]
pub async fn find_provenance(Reading(state): Reading, Path(id): Path<String>, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), ProvenanceParams::TABLES);
    let format = query.parsed("format", |text| {
        if text == "json" {
            return Ok(None);
        }
        one_of(text, &GraphFormat::ALL, GraphFormat::as_str).map(Some).map_err(|mut fault| {
            fault.message = fault.message.replacen("must be one of ", "must be one of json, ", 1);
            fault
        })
    });
    let (version, basis) = asked_claim(&state, &mut query, &id).await?;
    let form = format.map_or("envelope", |format| format.map_or("json", GraphFormat::as_str));
    let validators = Validators::of_version(&asked, form, version.version, basis.at, basis.reached_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let (graph, drift) = traced(&state, &version, basis.at).await?;
    match format {
        Some(Some(format)) => Ok(text(render(&graph, &version.claim, format), format.media_type(), &validators)),
        Some(None) => json(&GraphView::new(graph, drift), &validators),
        None => json(
            &Envelope { data: GraphView::new(graph, drift), meta: Meta { snapshot: basis.at.0 }, links: Links::to_self(&asked) },
            &validators,
        ),
    }
}

/// The graph of a claim, for answers that include it.
pub async fn graph_of(state: &AppState, version: &ClaimVersion, at: At) -> Result<GraphView, ApiError> {
    let (graph, drift) = traced(state, version, at).await?;
    Ok(GraphView::new(graph, drift))
}

impl GraphView {
    fn new(graph: ProvenanceGraph, drift: Vec<Drift>) -> Self {
        Self {
            claim: graph.claim.to_string(),
            nodes: graph.nodes,
            edges: graph.edges,
            ends: graph.ends,
            cycles: graph.cycles,
            drift,
            independent_sources: graph.independent_sources,
            mentions: graph.mentions,
            documents: graph.documents,
            publishers: graph.publishers,
            truncated: graph.truncated,
        }
    }
}

async fn traced(state: &AppState, version: &ClaimVersion, at: At) -> Result<(ProvenanceGraph, Vec<Drift>), ApiError> {
    let claim = &version.claim;
    let mut sources = HashMap::new();
    if let Some(slug) = &claim.source
        && let Some(found) = state.store.find_record::<Source>(slug.as_str(), at).await?
    {
        sources.insert(slug.clone(), found.record);
    }
    let begin: Vec<Slug> = first_upstream(claim, claim.source.as_ref().and_then(|slug| sources.get(slug))).into_iter().cloned().collect();
    let truncated = fetch_upstream(state, begin, &mut sources, at).await?;
    let metric = state.store.find_record::<Metric>(claim.metric.as_str(), at).await?;
    let label = metric.as_ref().map_or(claim.metric.as_str(), |found| &found.record.label);
    let graph = trace(version, label, &sources, truncated);
    let cited = claim.citation.as_ref().and_then(|citation| citation.source.as_ref());
    let upstream = match cited {
        Some(cited) => state.store.list_claims_of_source(cited.as_str(), MetricKey::of(&claim.metric), UPSTREAM_CLAIMS_MAX, at).await?,
        None => Vec::new(),
    };
    Ok((graph, drift(claim, &upstream)))
}

/// Fetches what is cited, and what that cites, one level to a query; says whether the limit was reached.
pub async fn fetch_upstream(state: &AppState, begin: Vec<Slug>, sources: &mut HashMap<Slug, Source>, at: At) -> Result<bool, ApiError> {
    let mut level = begin;
    // What is there already was not met by this walk.
    let most = sources.len() + SOURCES_MAX;
    loop {
        level.retain(|slug| !sources.contains_key(slug));
        level.sort();
        level.dedup();
        if level.is_empty() {
            return Ok(false);
        }
        if sources.len() + level.len() > most {
            return Ok(true);
        }
        let found = state.store.list_records_by_slug::<Source>(level.iter().map(ToString::to_string), at).await?;
        level = found.iter().flat_map(|found| found.record.citations.iter().map(|citation| citation.source.clone())).collect();
        sources.extend(found.into_iter().map(|found| (found.record.slug.clone(), found.record)));
    }
}

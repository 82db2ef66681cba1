//! Reading claims: the list, one claim, its history, a reference to it.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Meta, Validators, json, link_next};
use super::asked_claim::{asked_claim, concerning};
use super::claim_params::{Basis, basis, claim_filter};
use super::facets::{FacetCount, facets, parse_field};
use super::findings::shown_of;
use super::flat::{self, Table};
use super::format::Format;
use super::freshness::Reading;
use super::paging::{Cursor, LIMIT_DEFAULT, next_link, request_hash, take_cursor, take_limit};
use super::params::{ClaimListParams, ClaimParams, Query};
use super::problem::ApiError;
use super::provenance::graph_of;
use super::state::AppState;
use crate::domain::catalog::Catalog;
use crate::domain::history::ClaimVersion;
use crate::domain::invalid::Invalid;
use crate::domain::slug::Slug;
use crate::domain::source::Source;
use crate::exchange::claim_view::ClaimView;
use crate::exchange::fields::{nearest, one_of};
use crate::exchange::flat_row::{COLUMNS, FlatRow};
use crate::ingest::prose::known::duplicates;
use crate::store::At;
use crate::store::claims::{PageStart, Sort, SortKey};
use crate::store::figures::Field;
use crate::store::filter::ClaimFilter;

/// Fields of a claim in the envelope form.
const CLAIM_KEYS: [&str; 29] = [
    "id",
    "version",
    "state",
    "rank",
    "metric",
    "actor",
    "counterpart",
    "value",
    "period",
    "base_period",
    "status",
    "stage",
    "scope",
    "speaker",
    "cue",
    "source",
    "quote",
    "citation",
    "locator",
    "note",
    "recorded_at",
    "recorded_by",
    "cause",
    "reason",
    "superseded_by",
    "links",
    "provenance",
    "duplicates",
    "findings",
];

/// What a list of claims says about itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimListMeta {
    /// The state that the answer was computed from; `snapshot=` replays it.
    pub snapshot: i64,
    /// Claims in this answer.
    pub returned: usize,
    /// Claims that the filters mean; only with `include=count`.
    pub count: Option<i64>,
    /// How often the values of fields occur; only with `facet` or `include=facets`.
    pub facets: Option<BTreeMap<&'static str, Vec<FacetCount>>>,
}

/// A list of claims, as the documentation shows it.
#[derive(Serialize, ToSchema)]
pub struct ClaimList {
    data: Vec<ClaimView>,
    meta: ClaimListMeta,
    links: Links,
}

/// One claim, as the documentation shows it.
#[derive(Serialize, ToSchema)]
pub struct OneClaim {
    data: ClaimView,
    meta: Meta,
    links: Links,
}

/// Everything that a request for a list of claims asks for.
struct ClaimListQuery {
    filter: ClaimFilter,
    sort: Sort,
    limit: Option<usize>,
    start: Option<PageStart>,
    fields: Option<Vec<String>>,
    facets: Vec<Field>,
    wants_count: bool,
    extras: Extras,
    format: Format,
    basis: Basis,
    request: String,
}

/// The claims that the filters mean.
#[utoipa::path(get, path = "/v1/claims", operation_id = "list_claims", tag = "claims", params(ClaimListParams),
    responses((status = 200, description = "A page of claims", body = ClaimList)))]
pub async fn list_claims(Reading(state): Reading, asked: Asked) -> Result<Response, ApiError> {
    answer_list(state, asked, None).await
}

/// The claims that stand in a source.
#[utoipa::path(get, path = "/v1/sources/{slug}/claims", operation_id = "list_claims_of_source", tag = "sources",
    params(("slug" = String, Path, description = "Slug of the source"), ClaimListParams),
    responses((status = 200, description = "A page of claims", body = ClaimList)))]
pub async fn list_claims_of_source(Reading(state): Reading, Path(slug): Path<String>, asked: Asked) -> Result<Response, ApiError> {
    let head = state.store.head().await?;
    let source = state.store.find_record::<Source>(&slug, head.at).await?;
    let source = source.ok_or_else(|| ApiError::not_found("source", &slug))?;
    answer_list(state, asked, Some(source.record.slug)).await
}

async fn answer_list(state: AppState, asked: Asked, source: Option<Slug>) -> Result<Response, ApiError> {
    let mut list = read_list_query(&state, &asked).await?;
    if let Some(source) = source {
        // A source in the query narrows further: both have to hold.
        let excluded = list.filter.source.as_ref().is_some_and(|asked| !asked.contains(&source));
        list.filter.source = Some(if excluded { Vec::new() } else { vec![source] });
    }
    let form = list.format.suffix().unwrap_or("envelope");
    let validators = Validators::of_state(&asked, form, list.basis.at, list.basis.reached_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    if list.format != Format::Envelope {
        let ClaimListQuery { filter, sort, limit, start, fields, format, basis, .. } = list;
        let columns = fields.unwrap_or_else(|| COLUMNS.iter().map(ToString::to_string).collect());
        let row = |version: &ClaimVersion, catalog: &Catalog| serde_json::to_value(FlatRow::new(version, catalog));
        let table = Table { filter, sort, start, limit, at: basis.at, columns, row };
        return flat::claims(state, table, format, &asked, &validators).await;
    }
    answer_page(&state, &asked, list, &validators).await
}

async fn read_list_query(state: &AppState, asked: &Asked) -> Result<ClaimListQuery, ApiError> {
    let mut query = Query::read(asked.query(), ClaimListParams::TABLES);
    let request = request_hash(asked.path(), asked.query());
    let cursor: Option<Cursor<PageStart>> = take_cursor(&mut query, &request);
    let basis = basis(state, &mut query, cursor.as_ref().map(|cursor| cursor.pinned)).await?;
    let filter = claim_filter(state, &mut query, basis.at).await?;
    let format = Format::asked(&mut query, asked.suffix, &asked.headers)?;
    let sort = query.parsed("sort", parse_sort).unwrap_or(Sort { key: SortKey::PeriodStart, descending: true });
    let limit = take_limit(&mut query);
    let known: &[&str] = if format == Format::Envelope { &CLAIM_KEYS } else { &COLUMNS };
    let fields = query.parsed_list("fields", |text| known_field(text, known)).map(without_repetition);
    let include = query.parsed_list("include", parse_include).unwrap_or_default();
    let mut facets = query.parsed_list("facet", parse_field).unwrap_or_default();
    if include.contains(&"facets") && facets.is_empty() {
        facets = Field::ALL.iter().map(|(_, field)| *field).collect();
    }
    query.finish()?;
    Ok(ClaimListQuery {
        filter,
        sort,
        limit,
        start: cursor.map(|cursor| cursor.after),
        fields,
        facets,
        wants_count: include.contains(&"count"),
        extras: Extras::of(&include),
        format,
        basis,
        request,
    })
}

async fn answer_page(state: &AppState, asked: &Asked, list: ClaimListQuery, validators: &Validators) -> Result<Response, ApiError> {
    let at = list.basis.at;
    let page = state.store.list_claims(&list.filter, list.sort, list.start.as_ref(), list.limit.unwrap_or(LIMIT_DEFAULT), at).await?;
    let data = shown(state, &page.claims, list.fields.as_deref(), list.extras, at).await?;
    let next = page.next.map(|after| next_link(asked.path(), asked.query(), &Cursor::new(list.basis, &list.request, after).encode()));
    let count = if list.wants_count { Some(state.store.count_claims(&list.filter, at).await?) } else { None };
    let facets = if list.facets.is_empty() { None } else { Some(facets(state, asked, &list.facets, &list.filter, at).await?) };
    let meta = ClaimListMeta { snapshot: at.0, returned: data.len(), count, facets };
    let links = Links { itself: asked.uri.to_string(), next: next.clone() };
    let mut response = json(&Envelope { data, meta, links }, validators)?;
    link_next(&mut response, next.as_deref());
    Ok(response)
}

/// What is added to claims on demand.
#[derive(Debug, Clone, Copy, Default)]
struct Extras {
    provenance: bool,
    duplicates: bool,
    findings: bool,
}

impl Extras {
    /// Their names in `include`.
    const NAMES: [&str; 3] = ["provenance", "duplicates", "findings"];

    fn of(include: &[&str]) -> Self {
        let asks = |name| include.contains(&name);
        Self { provenance: asks("provenance"), duplicates: asks("duplicates"), findings: asks("findings") }
    }

    /// Whether an answer follows from the claims' own records alone.
    fn is_empty(self) -> bool {
        !self.provenance && !self.duplicates && !self.findings
    }
}

/// Claims in the envelope form, cut down to some fields or with something added.
async fn shown(
    state: &AppState,
    claims: &[ClaimVersion],
    fields: Option<&[String]>,
    extras: Extras,
    at: At,
) -> Result<Vec<Box<RawValue>>, ApiError> {
    let catalog = state.store.catalog_of(claims, at).await?;
    let looked_up: Vec<_> = claims.iter().filter(|_| extras.duplicates).map(|version| Some((version.id, &version.claim))).collect();
    let mut duplicates = duplicates(&state.store, &looked_up, at).await?.into_iter();
    let mut remarks = if extras.findings { shown_of(state, claims, at).await? } else { Vec::new() }.into_iter();
    let mut data = Vec::with_capacity(claims.len());
    for version in claims {
        let view = ClaimView::new(version, &catalog);
        if fields.is_none() && extras.is_empty() {
            data.push(to_raw_value(&view).map_err(ApiError::internal)?);
            continue;
        }
        let mut value = serde_json::to_value(&view).map_err(ApiError::internal)?;
        if let Some(object) = value.as_object_mut() {
            if extras.duplicates {
                let same = duplicates.next().flatten().map(|ids| ids.iter().map(ToString::to_string).collect::<Vec<_>>());
                object.insert("duplicates".into(), serde_json::json!(same));
            }
            if extras.findings {
                object.insert("findings".into(), serde_json::to_value(remarks.next().unwrap_or_default()).map_err(ApiError::internal)?);
            }
            if extras.provenance {
                let graph = graph_of(state, version, at).await?;
                object.insert("provenance".into(), serde_json::to_value(&graph).map_err(ApiError::internal)?);
            }
            if let Some(fields) = fields {
                object.retain(|key, _| fields.contains(key));
            }
        }
        data.push(to_raw_value(&value).map_err(ApiError::internal)?);
    }
    Ok(data)
}

fn parse_sort(text: &str) -> Result<Sort, Invalid> {
    let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
    let key = SortKey::ALL.iter().find(|(word, _)| *word == name).map(|(_, key)| *key);
    key.map(|key| Sort { key, descending }).ok_or_else(|| {
        let names: Vec<&str> = SortKey::ALL.iter().map(|(word, _)| *word).collect();
        Invalid::new("invalid-parameter", "", format!("must be one of {}, with '-' before it for the greatest first", names.join(", ")))
    })
}

fn parse_include(text: &str) -> Result<&'static str, Invalid> {
    one_of(text, &["count", "facets", "provenance", "duplicates", "findings"], |word| word)
}

/// Each value once, where it first stands.
fn without_repetition(values: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(values.len());
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

fn known_field(text: &str, known: &[&'static str]) -> Result<String, Invalid> {
    if known.contains(&text) {
        return Ok(text.to_string());
    }
    let hint = nearest(text, known).map_or_else(|| format!("there are {}", known.join(", ")), |near| format!("did you mean '{near}'?"));
    Err(Invalid::new("invalid-parameter", "", format!("'{text}' is not a field; {hint}")))
}

/// One claim.
#[utoipa::path(get, path = "/v1/claims/{id}", operation_id = "find_claim", tag = "claims",
    params(("id" = String, Path, description = "Id of the claim"), ClaimParams),
    responses((status = 200, description = "The claim", body = OneClaim)))]
pub async fn find_claim(Reading(state): Reading, Path(id): Path<String>, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), ClaimParams::TABLES);
    let fields = query.parsed_list("fields", |text| known_field(text, &CLAIM_KEYS));
    let include = query.parsed_list("include", |text| one_of(text, &Extras::NAMES, |word| word)).unwrap_or_default();
    let (version, basis) = asked_claim(&state, &mut query, &id).await?;
    let (snapshot, last_modified) = concerning(&state, &version, basis.at).await?;
    let extras = Extras::of(&include);
    // Both follow from more than the claim's own records.
    let (snapshot, last_modified) = if extras.is_empty() { (snapshot, last_modified) } else { (basis.at, basis.reached_at) };
    let validators = Validators::of_version(&asked, "envelope", version.version, snapshot, last_modified);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let mut data = shown(&state, std::slice::from_ref(&version), fields.as_deref(), extras, basis.at).await?;
    let data = data.pop().ok_or_else(|| ApiError::internal("a claim was not shown"))?;
    json(&Envelope { data, meta: Meta { snapshot: snapshot.0 }, links: Links::to_self(&asked) }, &validators)
}

//! Actors, metrics, units and sources: lists, single records, making and revising them. One set of functions serves
//! all four kinds; the handlers only name the kind.

use std::collections::HashMap;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Meta, Validators, json, link_next, may_change};
use super::auth::Caller;
use super::body::{self, Media};
use super::claim_params::basis;
use super::flat;
use super::format::Format;
use super::paging::{Cursor, LIMIT_DEFAULT, next_link, request_hash, take_cursor, take_limit};
use super::params::{BasisParams, NoParams, Query, RecordListParams, RecordParams};
use super::problem::{ApiError, Place, ProblemType};
use super::state::AppState;
use crate::domain::actor::Actor;
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::key::Scope;
use crate::domain::metric::Metric;
use crate::domain::record::{Record, RecordKind, Versioned};
use crate::domain::source::Source;
use crate::domain::unit::Unit;
use crate::exchange::fields::{Fields, parse_json};
use crate::exchange::patch::merged;
use crate::exchange::record_input::RecordInput;
use crate::store::At;
use crate::store::change::{AnyRecord, Change, ChangeError, Expected, Item, NewRecordVersion, Outcome, Refusal};
use crate::store::figures::Field;
use crate::store::filter::search_words;

/// Words of a search among names.
const WORDS_MAX: usize = 16;
/// Rows of a flat table fetched at a time.
const CHUNK_ROWS: i64 = 500;
/// Sources citing one that are listed at most.
const CITING_MAX: i64 = 1000;

/// A record of one of the four kinds, with what only this layer knows of it.
trait Served: Record + RecordInput {
    fn wrap(self) -> AnyRecord;
    /// The fields of claims in which such a record stands, with the names of their counts.
    const COUNTED: &'static [(&'static str, Field)];
    /// The filter of claims that finds those that name it.
    const FILTER: &'static str;
}

impl Served for Actor {
    fn wrap(self) -> AnyRecord {
        AnyRecord::Actor(self)
    }
    const COUNTED: &'static [(&'static str, Field)] = &[("as_actor", Field::Actor), ("as_counterpart", Field::Counterpart)];
    const FILTER: &'static str = "any_actor";
}

impl Served for Metric {
    fn wrap(self) -> AnyRecord {
        AnyRecord::Metric(self)
    }
    const COUNTED: &'static [(&'static str, Field)] = &[("claims", Field::Metric)];
    const FILTER: &'static str = "metric";
}

impl Served for Unit {
    fn wrap(self) -> AnyRecord {
        AnyRecord::Unit(self)
    }
    const COUNTED: &'static [(&'static str, Field)] = &[("claims", Field::Unit)];
    const FILTER: &'static str = "unit";
}

impl Served for Source {
    fn wrap(self) -> AnyRecord {
        AnyRecord::Source(self)
    }
    const COUNTED: &'static [(&'static str, Field)] = &[("claims", Field::Source)];
    const FILTER: &'static str = "source";
}

/// What a list of records says about itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordListMeta {
    /// The state that the answer was computed from.
    pub snapshot: i64,
    /// Records in this answer.
    pub returned: usize,
}

/// A list of records, as the documentation shows it.
#[derive(Serialize, ToSchema)]
pub struct RecordList {
    #[schema(value_type = Vec<Object>)]
    data: Vec<Value>,
    meta: RecordListMeta,
    links: Links,
}

/// One record, as the documentation shows it: its fields, `version`, `recorded_at`, `recorded_by`, `cause`, `reason`,
/// `counts` and `links`.
#[derive(Serialize, ToSchema)]
pub struct OneRecord {
    #[schema(value_type = Object)]
    data: Value,
    meta: Meta,
    links: Links,
}

/// Defines the four handlers of a kind.
macro_rules! handlers {
    ($record:ty, $path:literal, $one:literal, $tag:literal, $list:ident, $find:ident, $add:ident, $revise:ident) => {
        #[doc = concat!("The ", $tag, " on record.")]
        #[utoipa::path(get, path = $path, operation_id = stringify!($list), tag = $tag, params(RecordListParams),
            responses((status = 200, description = "A page of records, by slug", body = RecordList)))]
        pub async fn $list(State(state): State<AppState>, asked: Asked) -> Result<Response, ApiError> {
            list::<$record>(state, asked).await
        }

        #[doc = concat!("One of the ", $tag, ".")]
        #[utoipa::path(get, path = $one, operation_id = stringify!($find), tag = $tag,
            params(("slug" = String, Path, description = "Slug of the record"), RecordParams),
            responses((status = 200, description = "The record", body = OneRecord)))]
        pub async fn $find(State(state): State<AppState>, Path(slug): Path<String>, asked: Asked) -> Result<Response, ApiError> {
            find::<$record>(state, slug, asked).await
        }

        #[doc = concat!("Adds to the ", $tag, ". The same record again changes nothing; another with its slug is refused.")]
        #[utoipa::path(post, path = $path, operation_id = stringify!($add), tag = $tag, security(("key" = [])),
            request_body(content = Object, content_type = "application/json"),
            responses((status = 201, description = "Recorded", body = OneRecord), (status = 200, description = "It was there already", body = OneRecord)))]
        pub async fn $add(State(state): State<AppState>, caller: Caller, asked: Asked, request: Request) -> Result<Response, ApiError> {
            add::<$record>(state, caller, asked, request).await
        }

        #[doc = concat!("Revises one of the ", $tag, " (JSON Merge Patch); `reason` is required.")]
        #[utoipa::path(patch, path = $one, operation_id = stringify!($revise), tag = $tag, security(("key" = [])),
            params(("slug" = String, Path, description = "Slug of the record")),
            request_body(content = Object, content_type = "application/merge-patch+json"),
            responses((status = 200, description = "The record's new version", body = OneRecord)))]
        pub async fn $revise(
            State(state): State<AppState>,
            Path(slug): Path<String>,
            caller: Caller,
            asked: Asked,
            request: Request,
        ) -> Result<Response, ApiError> {
            revise::<$record>(state, slug, caller, asked, request).await
        }
    };
}

handlers!(Actor, "/v1/actors", "/v1/actors/{slug}", "actors", list_actors, find_actor, add_actor, revise_actor);
handlers!(Metric, "/v1/metrics", "/v1/metrics/{slug}", "metrics", list_metrics, find_metric, add_metric, revise_metric);
handlers!(Unit, "/v1/units", "/v1/units/{slug}", "units", list_units, find_unit, add_unit, revise_unit);
handlers!(Source, "/v1/sources", "/v1/sources/{slug}", "sources", list_sources, find_source, add_source, revise_source);

async fn list<R: Served>(state: AppState, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), RecordListParams::TABLES);
    let request = request_hash(asked.path(), asked.query());
    let cursor: Option<Cursor<String>> = take_cursor(&mut query, &request);
    let words = query.one("q").map(|text| search_words(&text, WORDS_MAX));
    let format = Format::asked(&mut query, asked.suffix, &asked.headers)?;
    let limit = take_limit(&mut query);
    let basis = basis(&state, &mut query, cursor.as_ref().map(|cursor| At(cursor.snapshot))).await?;
    query.finish()?;
    let last_modified = state.store.time_of_state(basis.at).await?;
    let validators = Validators::of_state(&asked, format.suffix().unwrap_or("envelope"), basis.at, last_modified);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let after = cursor.map(|cursor| cursor.after);
    if format != Format::Envelope {
        return table::<R>(&state, &asked, words.as_deref(), after, limit, format, basis.at, &validators).await;
    }
    let limit = limit.unwrap_or(LIMIT_DEFAULT);
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX) + 1;
    let mut found = state.store.list_records::<R>(words.as_deref(), after.as_deref(), wanted, basis.at).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found
        .last()
        .filter(|_| more)
        .map(|last| next_link(asked.path(), asked.query(), &Cursor::new(basis.at, &request, last.record.slug().to_string()).encode()));
    let data = views(&state, found, basis.at).await?;
    let meta = RecordListMeta { snapshot: basis.at.0, returned: data.len() };
    let mut response = json(&Envelope { data, meta, links: Links { itself: asked.uri.to_string(), next: next.clone() } }, &validators)?;
    link_next(&mut response, next.as_deref());
    Ok(response)
}

/// All records as a flat table; lists in a cell are parted by `;`.
#[expect(clippy::too_many_arguments, reason = "what a request for a table consists of, passed on once")]
async fn table<R: Served>(
    state: &AppState,
    asked: &Asked,
    words: Option<&[String]>,
    after: Option<String>,
    limit: Option<usize>,
    format: Format,
    at: At,
    validators: &Validators,
) -> Result<Response, ApiError> {
    let mut rows = Vec::new();
    let mut after = after;
    let limit = limit.unwrap_or(usize::MAX);
    while rows.len() < limit {
        let found = state.store.list_records::<R>(words, after.as_deref(), CHUNK_ROWS, at).await?;
        let Some(last) = found.last() else { break };
        after = Some(last.record.slug().to_string());
        for found in found {
            let Value::Object(object) = serde_json::to_value(&found.record).map_err(ApiError::internal)? else { continue };
            let flat: Map<String, Value> = object.into_iter().map(|(key, value)| (key, flattened(value))).collect();
            rows.push(flat);
        }
    }
    rows.truncate(limit);
    flat::rows(&rows, R::FIELDS, format, at, asked, validators)
}

fn flattened(value: Value) -> Value {
    match value {
        Value::Array(elements) => {
            let texts: Vec<String> = elements
                .into_iter()
                .map(|element| match element {
                    Value::String(text) => text,
                    Value::Object(citation) => citation.get("source").and_then(Value::as_str).unwrap_or_default().to_string(),
                    other => other.to_string(),
                })
                .collect();
            if texts.is_empty() { Value::Null } else { Value::String(texts.join(";")) }
        }
        other => other,
    }
}

/// Records as answers show them: their fields, their recording, how many claims name them, where to go from here.
async fn views<R: Served>(state: &AppState, found: Vec<Versioned<R>>, at: At) -> Result<Vec<Value>, ApiError> {
    let slugs: Vec<String> = found.iter().map(|found| found.record.slug().to_string()).collect();
    let mut counts: Vec<(&'static str, HashMap<String, i64>)> = Vec::new();
    for (name, field) in R::COUNTED {
        counts.push((name, state.store.count_claims_naming(*field, &slugs, at).await?));
    }
    found
        .into_iter()
        .map(|found| {
            let slug = found.record.slug().to_string();
            let mut value = serde_json::to_value(&found.record).map_err(ApiError::internal)?;
            if let Some(object) = value.as_object_mut() {
                let counts: Map<String, Value> =
                    counts.iter().map(|(name, counts)| ((*name).to_string(), counts.get(&slug).copied().unwrap_or(0).into())).collect();
                object.insert("version".into(), found.version.into());
                object.insert("recorded_at".into(), found.recorded_at.to_string().into());
                object.insert("recorded_by".into(), found.recorded_by.into());
                object.insert("cause".into(), found.cause.into());
                object.insert("reason".into(), found.reason.into());
                object.insert("counts".into(), counts.into());
                object.insert("links".into(), record_links::<R>(&slug));
            }
            Ok(value)
        })
        .collect()
}

fn record_links<R: Served>(slug: &str) -> Value {
    let itself = format!("/v1/{}/{slug}", R::KIND.plural());
    let claims = format!("/v1/claims?{}={slug}", R::FILTER);
    if R::KIND == RecordKind::Source {
        let (of_source, citations) = (format!("{itself}/claims"), format!("{itself}/citations"));
        serde_json::json!({"self": itself, "claims": of_source, "citations": citations})
    } else {
        serde_json::json!({"self": itself, "claims": claims})
    }
}

async fn find<R: Served>(state: AppState, slug: String, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), RecordParams::TABLES);
    let version = query.number("version", 1, usize::MAX);
    let basis = basis(&state, &mut query, None).await?;
    query.finish()?;
    let missing = || ApiError::not_found(R::KIND.as_str(), &slug.chars().take(120).collect::<String>());
    let found = match version {
        None => state.store.find_record::<R>(&slug, basis.at).await?,
        Some(version) => {
            let versions = state.store.list_record_versions::<R>(&slug, basis.at).await?;
            versions.into_iter().find(|found| usize::try_from(found.version) == Ok(version))
        }
    };
    let found = found.ok_or_else(missing)?;
    // The counts follow from all claims, so the tag does too; the version in front of it is the record's own.
    let last_modified = state.store.time_of_state(basis.at).await?;
    let validators = Validators::of_version(&asked, "envelope", found.version, basis.at, last_modified);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    one(&state, found, basis.at, &asked, &validators).await
}

async fn one<R: Served>(
    state: &AppState,
    found: Versioned<R>,
    at: At,
    asked: &Asked,
    validators: &Validators,
) -> Result<Response, ApiError> {
    let data = views(state, vec![found], at).await?.pop().unwrap_or_default();
    json(&Envelope { data, meta: Meta { snapshot: at.0 }, links: Links::to_self(asked) }, validators)
}

async fn add<R: Served>(state: AppState, caller: Caller, asked: Asked, request: Request) -> Result<Response, ApiError> {
    caller.need(Scope::Write)?;
    Query::read(asked.query(), NoParams::TABLES).finish()?;
    body::media(&asked.headers, &[Media::Json])?;
    let text = body::text(request.into_body(), state.limits.body_bytes).await?;
    let fields = parse_json(&text).and_then(Fields::read).map_err(|fault| ApiError::body(&fault.into()))?;
    let record = R::read(fields).map_err(|faults| ApiError::body(&faults))?;
    let slug = record.slug().to_string();
    let head = state.store.head().await?.at;
    // The same record as the present one changes nothing, whatever its version has become.
    let expected = match state.store.find_record::<R>(&slug, head).await? {
        Some(present) if present.record == record => Expected::Version(present.version),
        Some(_) => {
            return Err(ApiError::new(&ProblemType::CONFLICT, format!("Another {} has the slug '{slug}'; revise it with PATCH.", R::KIND)));
        }
        None => Expected::Version(1),
    };
    let new = NewRecordVersion { record: record.wrap(), expected, cause: "created".into(), reason: None, recorded: None };
    let outcome = write_one(&state, &caller, &asked, &text, new).await?;
    let is_new = outcome.written.first().is_some_and(|written| !written.unchanged);
    answer_written::<R>(&state, &asked, &slug, &outcome, if is_new { StatusCode::CREATED } else { StatusCode::OK }).await
}

async fn revise<R: Served>(state: AppState, slug: String, caller: Caller, asked: Asked, request: Request) -> Result<Response, ApiError> {
    caller.need(Scope::Write)?;
    Query::read(asked.query(), NoParams::TABLES).finish()?;
    body::media(&asked.headers, &[Media::Json])?;
    let text = body::text(request.into_body(), state.limits.body_bytes).await?;
    let head = state.store.head().await?.at;
    let present = state.store.find_record::<R>(&slug, head).await?.ok_or_else(|| ApiError::not_found(R::KIND.as_str(), &slug))?;
    if !may_change(&asked.headers, present.version) {
        return Err(ApiError::new(&ProblemType::VERSION_MISMATCH, format!("The present version is {}.", present.version)));
    }
    let (record, cause, reason) = patched(&present.record, &text).map_err(|faults| ApiError::body(&faults))?;
    if *record.slug() != *present.record.slug() {
        let fault = Invalid::new("unchangeable", "/slug", "a slug never changes");
        return Err(ApiError::faults(&ProblemType::INVALID_BODY, Place::Body, &fault.into()));
    }
    let new =
        NewRecordVersion { record: record.wrap(), expected: Expected::After(present.version), cause, reason: Some(reason), recorded: None };
    let outcome = write_one(&state, &caller, &asked, &text, new).await?;
    answer_written::<R>(&state, &asked, &slug, &outcome, StatusCode::OK).await
}

/// The record with the patch merged into it, and the patch's cause and reason.
fn patched<R: Served>(present: &R, text: &str) -> Result<(R, String, String), Faults> {
    let patch = parse_json(text)?;
    let (cause, reason, patch) = super::claim_writes::split_patch(patch)?;
    let before = serde_json::value::to_raw_value(present).map_err(|error| Invalid::new("malformed-json", "", error.to_string()))?;
    let after = merged(Some(&before), &patch)?;
    let record = R::read(Fields::read(&after)?)?;
    Ok((record, cause, reason))
}

async fn write_one(state: &AppState, caller: &Caller, asked: &Asked, text: &str, new: NewRecordVersion) -> Result<Outcome, ApiError> {
    let route = format!("{} {}", asked.method, asked.path());
    let idempotency = body::idempotency(&asked.headers, caller, &route, text)?;
    let change = Change { items: vec![Item::Record(new)], recorder: caller.name.clone(), idempotency };
    state.store.write(change).await.map_err(|error| match &error {
        ChangeError::Refused(refusals) => missing_references(refusals).unwrap_or_else(|| error.into()),
        ChangeError::Store(_) => error.into(),
    })
}

/// All records that the new one refers to and that do not exist.
fn missing_references(refusals: &[Refusal]) -> Option<ApiError> {
    let mut faults = Faults::default();
    for refusal in refusals {
        if let Refusal::Missing { kind, slug, .. } = refusal {
            faults.push(Invalid::new("unknown-record", "", format!("there is no {kind} '{slug}'")));
        }
    }
    (!faults.is_empty()).then(|| ApiError::faults(&ProblemType::INVALID_BODY, Place::Body, &faults))
}

async fn answer_written<R: Served>(
    state: &AppState,
    asked: &Asked,
    slug: &str,
    outcome: &Outcome,
    status: StatusCode,
) -> Result<Response, ApiError> {
    let at = At(outcome.seq);
    let found = state.store.find_record::<R>(slug, at).await?.ok_or_else(|| ApiError::internal("a record written was not found"))?;
    let last_modified = state.store.time_of_state(at).await?;
    let path = format!("/v1/{}/{slug}", R::KIND.plural());
    let asked_then = Asked { uri: path.parse().unwrap_or_default(), ..asked.clone() };
    let validators = Validators::of_version(&asked_then, "envelope", found.version, at, last_modified);
    let mut response = one(state, found, at, &asked_then, &validators).await?;
    *response.status_mut() = status;
    if status == StatusCode::CREATED
        && let Ok(location) = HeaderValue::from_str(&path)
    {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

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
pub async fn list_citations(State(state): State<AppState>, Path(slug): Path<String>, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), BasisParams::TABLES);
    let basis = basis(&state, &mut query, None).await?;
    query.finish()?;
    let found = state.store.find_record::<Source>(&slug, basis.at).await?.ok_or_else(|| ApiError::not_found("source", &slug))?;
    let last_modified = state.store.time_of_state(basis.at).await?;
    let validators = Validators::of_state(&asked, "envelope", basis.at, last_modified);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let mut citing = state.store.list_citing_sources(&slug, "", CITING_MAX + 1, basis.at).await?;
    let truncated = i64::try_from(citing.len()).is_ok_and(|count| count > CITING_MAX);
    citing.truncate(usize::try_from(CITING_MAX).unwrap_or(usize::MAX));
    let cited = found.record.citations.iter().map(|citation| citation.source.to_string());
    let others = state.store.list_records_by_slug::<Source>(cited.chain(citing.iter().cloned()), basis.at).await?;
    let others: HashMap<String, Source> = others.into_iter().map(|found| (found.record.slug.to_string(), found.record)).collect();
    let link = |other: &str, citation: &crate::domain::source::SourceCitation| CitationLink {
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

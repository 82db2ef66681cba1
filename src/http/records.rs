//! Actors, metrics, units and sources: lists, single records, making and revising them. One set of functions serves
//! all four kinds; the handlers only name the kind.

use axum::extract::{Path, Request, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Meta, Validators, json, link_next};
use super::auth::Caller;
use super::claim_params::basis;
use super::flat;
use super::format::Format;
use super::freshness::Reading;
use super::paging::{Cursor, LIMIT_DEFAULT, next_link, request_hash, take_cursor, take_limit};
use super::params::{Query, RecordListParams, RecordParams};
use super::problem::ApiError;
use super::record_view::{Served, one, views};
use super::record_writes::{add, revise};
use super::state::AppState;
use crate::domain::actor::Actor;
use crate::domain::metric::Metric;
use crate::domain::source::Source;
use crate::domain::unit::Unit;
use crate::ingest::names::{Meaning, meanings};
use crate::store::At;
use crate::store::full_text::search_words;

/// Words of a search among names.
const WORDS_MAX: usize = 16;
/// Rows of a flat table fetched at a time.
const CHUNK_ROWS: i64 = 500;

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
        #[utoipa::path(get, summary = concat!("The ", $tag, " on record."), path = $path, operation_id = stringify!($list), tag = $tag, params(RecordListParams),
            responses((status = 200, description = "A page of records, by slug", body = RecordList)))]
        pub async fn $list(Reading(state): Reading, asked: Asked) -> Result<Response, ApiError> {
            list::<$record>(state, asked).await
        }

        #[doc = concat!("One of the ", $tag, ".")]
        #[utoipa::path(get, summary = concat!("One of the ", $tag, "."), path = $one, operation_id = stringify!($find), tag = $tag,
            params(("slug" = String, Path, description = "Slug of the record"), RecordParams),
            responses((status = 200, description = "The record", body = OneRecord)))]
        pub async fn $find(Reading(state): Reading, Path(slug): Path<String>, asked: Asked) -> Result<Response, ApiError> {
            find::<$record>(state, slug, asked).await
        }

        #[doc = concat!("Adds to the ", $tag, ". The same record again changes nothing; another with its slug is refused.")]
        #[utoipa::path(post, summary = concat!("Adds to the ", $tag, ". The same record again changes nothing; another with its slug is refused."), path = $path, operation_id = stringify!($add), tag = $tag, security(("key" = [])),
            request_body(content = Object, content_type = "application/json"),
            responses((status = 201, description = "Recorded", body = OneRecord), (status = 200, description = "It was there already", body = OneRecord)))]
        pub async fn $add(State(state): State<AppState>, caller: Caller, asked: Asked, request: Request) -> Result<Response, ApiError> {
            add::<$record>(state, caller, asked, request).await
        }

        #[doc = concat!("Revises one of the ", $tag, " (JSON Merge Patch); `reason` is required.")]
        #[utoipa::path(patch, summary = concat!("Revises one of the ", $tag, " (JSON Merge Patch); `reason` is required."), path = $one, operation_id = stringify!($revise), tag = $tag, security(("key" = [])),
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
    let basis = basis(&state, &mut query, cursor.as_ref().map(|cursor| cursor.pinned)).await?;
    query.finish()?;
    let validators = Validators::of_state(&asked, format.suffix().unwrap_or("envelope"), basis.at, basis.reached_at);
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
        .map(|last| next_link(asked.path(), asked.query(), &Cursor::new(basis, &request, last.record.slug().to_string()).encode()));
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

async fn find<R: Served>(state: AppState, slug: String, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), RecordParams::TABLES);
    let version = query.number("version", 1, usize::MAX);
    let basis = basis(&state, &mut query, None).await?;
    query.finish()?;
    let missing = || ApiError::not_found(R::KIND.as_str(), &slug.chars().take(120).collect::<String>());
    // A code or an alias leads to its record too, where it means one alone.
    let slug = match meanings(&state.store, R::KIND, vec![slug.clone()], basis.at).await?.remove(&slug) {
        Some(Meaning::One(found)) => found,
        _ => slug.clone(),
    };
    let found = match version {
        None => state.store.find_record::<R>(&slug, basis.at).await?,
        Some(version) => {
            let versions = state.store.list_record_versions::<R>(&slug, basis.at).await?;
            versions.into_iter().find(|found| usize::try_from(found.version) == Ok(version))
        }
    };
    let found = found.ok_or_else(missing)?;
    // The counts follow from all claims, so the tag does too; the version in front of it is the record's own.
    let validators = Validators::of_version(&asked, "envelope", found.version, basis.at, basis.reached_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    one(&state, found, basis.at, &asked, &validators).await
}

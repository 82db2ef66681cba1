//! Stored texts of sources: quotes are held against them, word for word.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Meta, Validators, json};
use super::auth::Caller;
use super::body::{self, Media};
use super::claim_params::{basis, states};
use super::freshness::Reading;
use super::params::{DocumentParams, Query};
use super::problem::{ApiError, ProblemType};
use super::state::AppState;
use crate::domain::key::Scope;
use crate::domain::slug::Slug;
use crate::domain::source::Source;
use crate::ingest::claims::text_hash;
use crate::store::At;
use crate::store::change::{Change, Item, NewDocument};
use crate::store::claims::{Sort, SortKey};
use crate::store::documents::Document;
use crate::store::filter::ClaimFilter;

/// Claims fetched at a time.
const CHUNK_ROWS: usize = 500;

/// A claim whose quote stands in the text.
#[derive(Debug, Serialize, ToSchema)]
pub struct Anchor {
    /// Id of the claim.
    pub claim: String,
    /// Where the claim is in its life.
    pub state: &'static str,
    /// Where the quote begins, in Unicode code points.
    pub start: Option<u64>,
    /// Where it ends.
    pub end: Option<u64>,
    /// The quoted words.
    pub exact: String,
}

/// A stored text.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentView {
    /// SHA-256 of the text, in hexadecimal.
    pub sha256: String,
    /// Slug of the source whose text it is; the first one, where it is the text of several.
    pub source: String,
    /// Slugs of all sources whose text it is.
    pub sources: Vec<String>,
    /// The text.
    pub content: String,
    /// Claims whose quotes stand in it, in the states asked for.
    pub anchors: Vec<Anchor>,
    /// When it was stored.
    pub recorded_at: String,
    /// Who stored it.
    pub recorded_by: String,
}

impl DocumentView {
    /// Shows a text that is stored for some sources; `None` when it is for none.
    fn new(stored: &[Document], anchors: Vec<Anchor>) -> Option<Self> {
        let first = stored.first()?;
        Some(Self {
            sha256: first.sha256.clone(),
            source: first.source.clone(),
            sources: stored.iter().map(|document| document.source.clone()).collect(),
            content: first.content.clone(),
            anchors,
            recorded_at: first.recorded_at.to_string(),
            recorded_by: first.recorded_by.clone(),
        })
    }
}

/// A text, as the documentation shows it.
#[derive(Serialize, ToSchema)]
pub struct OneDocument {
    data: DocumentView,
    meta: Meta,
    links: Links,
}

/// A stored text with its claims' anchors.
#[utoipa::path(get, path = "/v1/documents/{sha256}", operation_id = "find_document", tag = "documents",
    params(("sha256" = String, Path, description = "SHA-256 of the text"), DocumentParams),
    responses((status = 200, description = "The text", body = OneDocument)))]
pub async fn find_document(Reading(state): Reading, Path(sha256): Path<String>, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), DocumentParams::TABLES);
    let basis = basis(&state, &mut query, None).await?;
    let states = states(&mut query);
    query.finish()?;
    let missing = || ApiError::not_found("document", &sha256.chars().take(100).collect::<String>());
    let stored = state.store.list_documents(&sha256.to_ascii_lowercase(), basis.at).await?;
    let document = stored.first().ok_or_else(missing)?;
    let validators = Validators::of_state(&asked, "envelope", basis.at, basis.reached_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let sources: Vec<Slug> = stored.iter().filter_map(|document| Slug::parse(&document.source).ok()).collect();
    let filter = ClaimFilter { source: Some(sources), state: states, ..ClaimFilter::default() };
    let sort = Sort { key: SortKey::Id, descending: false };
    let mut anchors: Vec<Anchor> = Vec::new();
    let mut start = None;
    loop {
        let page = state.store.list_claims(&filter, sort, start.as_ref(), CHUNK_ROWS, basis.at).await?;
        anchors.extend(page.claims.into_iter().filter_map(|version| {
            let quote = version.claim.quote.filter(|quote| quote.document.as_deref() == Some(document.sha256.as_str()))?;
            Some(Anchor {
                claim: version.id.to_string(),
                state: version.state.as_str(),
                start: quote.start,
                end: quote.end,
                exact: quote.exact,
            })
        }));
        start = page.next;
        if start.is_none() {
            break;
        }
    }
    anchors.sort_by_key(|anchor| anchor.start);
    let data = DocumentView::new(&stored, anchors).ok_or_else(missing)?;
    json(&Envelope { data, meta: Meta { snapshot: basis.at.0 }, links: Links::to_self(&asked) }, &validators)
}

/// Stores the text of a source; from then on, new quotes of that source have to stand in it.
#[utoipa::path(post, path = "/v1/sources/{slug}/document", operation_id = "add_document", tag = "documents", security(("key" = [])),
    params(("slug" = String, Path, description = "Slug of the source")),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 201, description = "Stored; `Location` names the text", body = OneDocument),
              (status = 200, description = "It was there already", body = OneDocument)))]
pub async fn add_document(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    caller: Caller,
    asked: Asked,
    request: Request,
) -> Result<Response, ApiError> {
    caller.need(Scope::Write)?;
    let sent = body::sent(&state, &caller, &asked, request, &[Media::Text], state.limits.document_bytes).await?;
    let content = sent.text;
    if content.trim().is_empty() || content.contains('\0') {
        return Err(ApiError::new(&ProblemType::INVALID_BODY, "The text is empty, or holds the character NUL."));
    }
    let head = state.store.head().await?.at;
    let source = state.store.find_record::<Source>(&slug, head).await?.ok_or_else(|| ApiError::not_found("source", &slug))?.record.slug;
    let sha256 = text_hash(&content);
    let new = NewDocument { sha256: sha256.clone(), source, content, recorded: None };
    let outcome =
        state.store.write(Change { items: vec![Item::Document(new)], recorder: caller.name, idempotency: sent.idempotency }).await?;
    let stored = state.store.list_documents(&sha256, At(outcome.seq)).await.map_err(|error| ApiError::from(error).after_write())?;
    let is_new = outcome.written.first().is_some_and(|written| !written.unchanged);
    let data = DocumentView::new(&stored, Vec::new()).ok_or_else(|| ApiError::internal("a text written was not found"))?;
    let path = format!("/v1/documents/{sha256}");
    let links = Links { itself: path.clone(), next: None };
    let body = Envelope { data, meta: Meta { snapshot: outcome.seq }, links };
    let mut response = (if is_new { StatusCode::CREATED } else { StatusCode::OK }, axum::Json(body)).into_response();
    if let Ok(location) = HeaderValue::from_str(&path) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

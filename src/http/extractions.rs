//! A text comes in, its figures come out, and wait as candidates for somebody to accept them.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::answer::{Asked, Envelope, Links};
use super::auth::{Caller, required};
use super::body::{self, Media};
use super::extraction_body::{Posted, posted, told};
use super::extraction_view::{ExtractionMeta, ExtractionView, OneExtraction};
use super::freshness::Reading;
use super::params::{ExtractionParams, Query};
use super::problem::ApiError;
use super::state::AppState;
use crate::domain::id::ClaimId;
use crate::domain::invalid::Invalid;
use crate::domain::key::Scope;
use crate::extraction::{Knowledge, extract};
use crate::ingest::prose::proposal::{Proposal, ProposalError, ReadText, propose};
use crate::ingest::prose::shown::about;
use crate::reading::places::Places;
use crate::store::At;
use crate::store::change::{Idempotency, Outcome};

/// Figures of one text: far more than any article has, and few enough to be written as one change.
const FIGURES_MAX: usize = 10_000;
/// Works that one text lists: a source is made of each, and sources never vanish.
const WORKS_MAX: usize = 1_000;
/// What bodies may be.
const MEDIA: [Media; 3] = [Media::Text, Media::Html, Media::Json];

/// Looks through a text and proposes its figures as candidates; with `dry_run=true` nothing is stored, and no key is needed.
#[utoipa::path(post, path = "/v1/extractions", operation_id = "add_extraction", tag = "extraction", security(("key" = [])),
    params(ExtractionParams),
    request_body(content((String = "text/plain"), (String = "text/html"), (super::extraction_body::ExtractionBody = "application/json"))),
    responses((status = 201, description = "Stored; `Location` names the text", body = OneExtraction),
              (status = 200, description = "Nothing was new, or nothing was to be stored", body = OneExtraction)))]
pub async fn add_extraction(
    State(state): State<AppState>,
    Reading(reading): Reading,
    caller: Option<Caller>,
    asked: Asked,
    request: Request,
) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), ExtractionParams::TABLES);
    let dry_run = query.parsed("dry_run", flag);
    // Told before anybody is asked for a key: whether one is needed depends on it.
    let said = told(query)?;
    let dry_run = dry_run.unwrap_or(false);
    if dry_run {
        let (limits, has_key) = (&state.limits, caller.is_some());
        let bytes_max = if has_key { limits.document_bytes } else { limits.open_text_bytes.min(limits.document_bytes) };
        let (body, media) = body::read_only(&asked, request, &MEDIA, bytes_max).await?;
        let posted = posted(body, media, said)?;
        let head = reading.store.head().await?.at;
        let found = look_through(&reading, posted, has_key, head).await?;
        let data = found.shown(&reading, None, head).await?;
        return Ok(answer(&asked, StatusCode::OK, data, ExtractionMeta { snapshot: head.0, dry_run: true }));
    }
    let caller = required(caller, &state).await?;
    caller.need(Scope::Propose)?;
    let sent = body::sent_with_query(&state, &caller, &asked, request, &MEDIA, state.limits.document_bytes).await?;
    let posted = posted(sent.text, sent.media, said)?;
    let head = state.store.head().await?.at;
    let mut found = look_through(&state, posted, true, head).await?;
    let outcome = match sent.earlier {
        Some(outcome) => outcome,
        None => write(&state, &mut found, caller, sent.idempotency).await?,
    };
    let status = if outcome.created() > 0 { StatusCode::CREATED } else { StatusCode::OK };
    let path = format!("/v1/documents/{}", found.proposal.sha256);
    let at = At(outcome.seq);
    let data = found.shown(&state, Some(&outcome), at).await.map_err(ApiError::after_write)?;
    let mut response = answer(&asked, status, data, ExtractionMeta { snapshot: at.0, dry_run: false });
    if let Ok(location) = HeaderValue::from_str(&path) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

fn flag(text: &str) -> Result<bool, Invalid> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Invalid::new("invalid-parameter", "", "must be true or false")),
    }
}

/// A text looked through, and the change that it would make.
struct LookedThrough {
    read: ReadText,
    proposal: Proposal,
}

async fn look_through(state: &AppState, posted: Posted, has_key: bool, at: At) -> Result<LookedThrough, ApiError> {
    let knowledge = state.desk.knowledge.of(&state.store, at).await?;
    let by = knowledge.clone();
    let read = state.desk.work(has_key, move || read(posted, &by)).await??;
    let places = Places::new(&read.text);
    let proposal = propose(&state.store, &read, &places, &knowledge, at).await.map_err(|error| match error {
        ProposalError::Store(error) => ApiError::from(error),
        ProposalError::Seed(error) => ApiError::internal(error),
    })?;
    let proposal = proposal.map_err(|faults| ApiError::body(&faults))?;
    Ok(LookedThrough { read, proposal })
}

/// The part that takes a core for a while.
fn read(mut posted: Posted, knowledge: &Knowledge) -> Result<ReadText, ApiError> {
    let (text, page_sha256) = posted.text()?;
    let found = extract(&text, about(posted.about.published.as_ref()), knowledge);
    for (count, most, what) in
        [(found.candidates.len(), FIGURES_MAX, "figures"), (found.works.len(), WORKS_MAX, "works in its bibliography")]
    {
        if count > most {
            let message = format!("the text holds more than {most} {what}; send it in parts");
            return Err(ApiError::body(&Invalid::new("too-many", "", message).into()));
        }
    }
    Ok(ReadText { text, found, source: posted.source, about: posted.about, page_sha256 })
}

async fn write(state: &AppState, found: &mut LookedThrough, caller: Caller, idempotency: Option<Idempotency>) -> Result<Outcome, ApiError> {
    let mut change = std::mem::take(&mut found.proposal.change);
    (change.recorder, change.idempotency) = (caller.name, idempotency);
    Ok(state.store.write(change).await?)
}

impl LookedThrough {
    /// The answer: with an outcome, as the claims stood after it; without one, as they would be.
    async fn shown(&self, state: &AppState, outcome: Option<&Outcome>, at: At) -> Result<ExtractionView, ApiError> {
        let ids: Vec<ClaimId> = self.proposal.candidates.iter().filter_map(|candidate| Some(candidate.claim.as_ref()?.0)).collect();
        let mut stored = Vec::with_capacity(ids.len());
        for ids in ids.chunks(1000) {
            stored.extend(state.store.list_claims_by_id(ids, at).await?.into_iter().map(|version| (version.id, version)));
        }
        let documents = state.store.list_documents(&self.proposal.sha256, at).await?;
        let is_stored = documents.iter().any(|document| document.source == self.proposal.source.as_str());
        Ok(ExtractionView::new(&self.read, &self.proposal, &stored.into_iter().collect(), is_stored, outcome))
    }
}

fn answer(asked: &Asked, status: StatusCode, data: ExtractionView, meta: ExtractionMeta) -> Response {
    (status, axum::Json(Envelope { data, meta, links: Links::to_self(asked) })).into_response()
}

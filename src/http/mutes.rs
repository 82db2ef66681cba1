//! Muting findings: somebody has looked and says why a remark need not be shown. Nothing is forgotten: the next word on it is a new version.

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Asked, Links, Meta};
use super::auth::Caller;
use super::body::{self, Media};
use super::findings::found_again;
use super::problem::{ApiError, ProblemType};
use super::state::AppState;
use crate::domain::finding::{Finding, Mute};
use crate::domain::key::Scope;
use crate::exchange::fields::{Fields, parse_json};
use crate::store::change::{Change, Item, NewMute, Outcome};
use crate::store::mutes::MuteVersion;

/// What is said of a finding.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MuteView {
    /// Whether it is left out of lists.
    pub muted: bool,
    /// Why.
    pub reason: Option<String>,
    /// Counts from 1.
    pub version: i64,
    /// When this was stored.
    pub recorded_at: String,
    /// Who stored it.
    pub recorded_by: String,
}

impl MuteView {
    /// Shows what was said.
    pub fn new(found: &MuteVersion) -> Self {
        Self {
            muted: found.mute.muted,
            reason: found.mute.reason.clone(),
            version: found.version,
            recorded_at: found.recorded_at.to_string(),
            recorded_by: found.recorded_by.clone(),
        }
    }
}

/// What goes with a mute.
#[derive(Serialize, ToSchema)]
pub struct MuteBody {
    /// Why; required for `mute`.
    #[schema(example = "the address has the day of another time zone")]
    reason: Option<String>,
}

/// What became of a finding.
#[derive(Debug, Serialize, ToSchema)]
pub struct MutedView {
    /// Id of the finding.
    pub id: String,
    /// Whether it is left out of lists now.
    pub muted: bool,
    /// Counts from 1; the same word again is no new version.
    pub version: i64,
}

/// The answer to a mute.
#[derive(Debug, Serialize, ToSchema)]
pub struct MutedAnswer {
    data: MutedView,
    meta: Meta,
    links: Links,
}

/// Leaves a finding out of lists from now on; `reason` is required.
#[utoipa::path(post, path = "/v1/findings/{finding}/mute", operation_id = "mute_finding", tag = "figures", security(("key" = [])),
    params(("finding" = String, Path, description = "Id of the finding")),
    request_body(content = MuteBody, content_type = "application/json"),
    responses((status = 200, description = "It is muted", body = MutedAnswer)))]
pub async fn mute_finding(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
    asked: Asked,
    request: Request,
) -> Result<Response, ApiError> {
    say(state, id, caller, asked, request, true).await
}

/// Shows a finding in lists again.
#[utoipa::path(post, path = "/v1/findings/{finding}/unmute", operation_id = "unmute_finding", tag = "figures", security(("key" = [])),
    params(("finding" = String, Path, description = "Id of the finding")),
    request_body(content = Option<MuteBody>, content_type = "application/json"),
    responses((status = 200, description = "It is not muted", body = MutedAnswer)))]
pub async fn unmute_finding(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
    asked: Asked,
    request: Request,
) -> Result<Response, ApiError> {
    say(state, id, caller, asked, request, false).await
}

async fn say(state: AppState, id: String, caller: Caller, asked: Asked, request: Request, muted: bool) -> Result<Response, ApiError> {
    caller.need(Scope::Write)?;
    let media: &[Media] = if muted { &[Media::Json] } else { &[Media::Json, Media::Nothing] };
    let sent = body::sent(&state, &caller, &asked, request, media, state.limits.body_bytes).await?;
    if let Some(outcome) = sent.earlier {
        return Ok(answer(&asked, &outcome, muted));
    }
    let missing = || ApiError::not_found("finding", &id.chars().take(200).collect::<String>());
    let (code, about) = Finding::parse_id(&id).map_err(|_| missing())?;
    let reason = read_reason(&sent.text, muted)?;
    let head = state.store.head().await?.at;
    let found = found_again(&state, code, &about, head).await?;
    // What was muted can be shown again although it is not found at present.
    let before = state.store.list_mutes(std::slice::from_ref(&id), head).await?.remove(&id);
    if found.is_none() && before.is_none() {
        return Err(missing());
    }
    if muted && found.is_none() {
        return Err(missing());
    }
    if !muted && !before.is_some_and(|before| before.mute.muted) {
        return Err(ApiError::new(&ProblemType::CONFLICT, "A finding that is not muted cannot be unmuted."));
    }
    let why = found.map(|found| found.why).filter(|_| muted);
    let item = Item::Mute(NewMute { mute: Mute { finding: id, muted, why, reason }, version: None, recorded: None });
    let change = Change { items: vec![item], recorder: caller.name.clone(), idempotency: sent.idempotency };
    let outcome = state.store.write(change).await?;
    Ok(answer(&asked, &outcome, muted))
}

fn read_reason(text: &str, required: bool) -> Result<Option<String>, ApiError> {
    if text.is_empty() && !required {
        return Ok(None);
    }
    let read = || {
        let mut fields = Fields::read(parse_json(text)?)?;
        let reason = fields.text("reason");
        let reason = if required { fields.required("reason", reason) } else { reason };
        fields.finish(&["reason"]).into_result(Some(reason))
    };
    read().map_err(|faults| ApiError::body(&faults))
}

fn answer(asked: &Asked, outcome: &Outcome, muted: bool) -> Response {
    let written = outcome.written.first();
    let data = MutedView {
        id: written.map(|written| written.id.clone()).unwrap_or_default(),
        muted,
        version: written.map_or(1, |written| written.version),
    };
    (StatusCode::OK, axum::Json(MutedAnswer { data, meta: Meta { snapshot: outcome.seq }, links: Links::to_self(asked) })).into_response()
}

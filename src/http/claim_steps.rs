//! Steps in a claim's life: accept, reject, retract, restore, supersede. Each adds a version, with its reason.

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::Asked;
use super::auth::Caller;
use super::body::{self, Media};
use super::claim_writes::{TRIES, answer_claim, parse_id, present, take_reason, write_version};
use super::claims::OneClaim;
use super::params::{NoParams, Query};
use super::problem::{ApiError, Place, ProblemType};
use super::state::AppState;
use crate::domain::history::Step;
use crate::domain::id::ClaimId;
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::key::Scope;
use crate::exchange::fields::{Fields, parse_json};
use crate::store::change::{Expected, NewClaimVersion};

/// Defines the handlers of the steps in a claim's life.
macro_rules! steps {
    ($($name:ident: $step:ident, $path:literal, $doc:literal;)*) => {
        $(
            #[doc = $doc]
            #[utoipa::path(post, path = $path, operation_id = stringify!($name), tag = "claims", security(("key" = [])),
                params(("id" = String, Path, description = "Id of the claim")),
                request_body(content = Option<StepBody>, content_type = "application/json"),
                responses((status = 200, description = "The claim's new version", body = OneClaim)))]
            pub async fn $name(
                State(state): State<AppState>,
                Path(id): Path<String>,
                caller: Caller,
                asked: Asked,
                request: Request,
            ) -> Result<Response, ApiError> {
                take_step(state, id, caller, asked, request, Step::$step).await
            }
        )*
    };
}

steps! {
    accept_claim: Accept, "/v1/claims/{id}/accept", "Makes a candidate a claim that counts.";
    reject_claim: Reject, "/v1/claims/{id}/reject", "Turns a candidate down; `reason` is required.";
    retract_claim: Retract, "/v1/claims/{id}/retract", "Takes a claim back; `reason` is required.";
    restore_claim: Restore, "/v1/claims/{id}/restore", "Makes a claim count again that was taken back, turned down or replaced.";
    supersede_claim: Supersede, "/v1/claims/{id}/supersede", "Says which claim takes another one's place; `by` and `reason` are required.";
}

/// What goes with a step in a claim's life.
#[derive(Serialize, ToSchema)]
pub struct StepBody {
    /// Why; required where something is taken back.
    reason: Option<String>,
    /// What brought it about, such as `corrected` or `source-revised`.
    cause: Option<String>,
    /// The claim that takes the place; only, and always, for `supersede`.
    by: Option<String>,
}

async fn take_step(state: AppState, id: String, caller: Caller, asked: Asked, request: Request, step: Step) -> Result<Response, ApiError> {
    caller.need(Scope::Write)?;
    Query::read(asked.query(), NoParams::TABLES).finish()?;
    let text = body::text(request.into_body(), state.limits.body_bytes).await?;
    if !text.trim().is_empty() {
        body::media(&asked.headers, &[Media::Json])?;
    }
    let idempotency = body::idempotency(&asked, &caller, &text)?;
    if let Some(outcome) = body::replayed(&state, idempotency.as_ref()).await? {
        return answer_claim(&state, &asked, &outcome, StatusCode::OK).await;
    }
    let id = parse_id(&id)?;
    let (cause, reason, by) = read_step(&text, step).map_err(|faults| ApiError::body(&faults))?;
    if let Some(by) = by {
        known_successor(&state, id, by).await?;
    }
    for _ in 0..TRIES {
        let present = present(&state, id, &asked).await?;
        let history = state.store.list_claim_versions(id, state.store.head().await?.at).await?;
        let before = history.iter().rev().map(|version| version.state).find(|earlier| *earlier != present.state);
        let Some((next, usual_cause)) = step.taken_from(present.state, before) else {
            let detail = format!("A claim that is {} cannot be taken through '{}'.", present.state.as_str(), step.as_str());
            return Err(ApiError::new(&ProblemType::CONFLICT, detail));
        };
        let change = NewClaimVersion {
            id,
            expected: Expected::After(present.version),
            state: next,
            claim: present.claim,
            cause: cause.clone().unwrap_or_else(|| usual_cause.to_string()),
            reason: reason.clone(),
            superseded_by: by,
            recorded: None,
        };
        if let Some(response) = write_version(&state, &caller, &asked, idempotency.clone(), change).await? {
            return Ok(response);
        }
    }
    Err(ApiError::new(&ProblemType::CONFLICT, "The claim is being changed by others all the time; try again."))
}

type StepInput = (Option<String>, Option<String>, Option<ClaimId>);

fn read_step(text: &str, step: Step) -> Result<StepInput, Faults> {
    let text = if text.trim().is_empty() { "{}" } else { text };
    let mut fields = Fields::read(parse_json(text)?)?;
    let (cause, reason) = take_reason(&mut fields, step.needs_reason());
    let by = if step == Step::Supersede {
        let by = fields.parsed("by", ClaimId::parse);
        fields.required("by", by)
    } else {
        None
    };
    let faults = fields.finish(&["reason", "cause", "by"]);
    if faults.is_empty() { Ok((cause, reason, by)) } else { Err(faults) }
}

async fn known_successor(state: &AppState, id: ClaimId, by: ClaimId) -> Result<(), ApiError> {
    let head = state.store.head().await?.at;
    let fault = if by == id {
        Some("a claim cannot take its own place")
    } else if state.store.find_claim(by, head).await?.is_none() {
        Some("there is no claim with this id")
    } else {
        None
    };
    match fault {
        Some(message) => {
            Err(ApiError::faults(&ProblemType::INVALID_BODY, Place::Body, &Invalid::new("unknown-claim", "/by", message).into()))
        }
        None => Ok(()),
    }
}

//! Steps in a claim's life: accept, reject, retract, restore, supersede. Each adds a version, with its reason.

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::Asked;
use super::auth::Caller;
use super::body::{self, Media};
use super::claim_writes::{Patch, TRIES, answer_claim, parse_id, present, revised, take_reason, too_busy, write_version};
use super::claims::OneClaim;
use super::problem::{ApiError, Place, ProblemType};
use super::state::AppState;
use crate::domain::claim::Claim;
use crate::domain::history::{ClaimVersion, State as ClaimState, Step};
use crate::domain::id::{ClaimId, MetricKey};
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::key::Scope;
use crate::exchange::claim_input::CLAIM_FIELDS;
use crate::exchange::fields::{Fields, parse_json};
use crate::ingest::prose::knowledge::UNCLASSIFIED;
use crate::store::change::{Change, ChangeError, Expected, Idempotency, Item, NewClaimVersion, Refusal};

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
    accept_claim: Accept, "/v1/claims/{id}/accept",
        "Makes a candidate a claim that counts, with corrections if fields of it are sent; under another metric it makes a new claim (201).";
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
    let media = [Media::Json, Media::Nothing];
    let sent = body::sent(&state, &caller, &asked, request, &media, state.limits.body_bytes).await?;
    if let Some(outcome) = sent.earlier {
        // A candidate accepted under another metric made a second claim.
        let status = if outcome.written.len() > 1 { StatusCode::CREATED } else { StatusCode::OK };
        return answer_claim(&state, &asked, &outcome, status).await;
    }
    let id = parse_id(&id)?;
    let step = StepInput::read(&sent.text, step).map_err(|faults| ApiError::body(&faults))?;
    if let Some(by) = step.by {
        known_successor(&state, id, by).await?;
    }
    for _ in 0..TRIES {
        let present = present(&state, id, &asked).await?;
        let at = state.store.head().await?.at;
        let history = state.store.list_claim_versions(id, at).await?;
        let before = history.iter().rev().map(|version| version.state).find(|earlier| *earlier != present.state);
        let Some((next, usual_cause)) = step.step.taken_from(present.state, before) else {
            let detail = format!("A claim that is {} cannot be taken through '{}'.", present.state.as_str(), step.step.as_str());
            return Err(ApiError::new(&ProblemType::CONFLICT, detail));
        };
        let edited = match &step.edits {
            Some(edits) if !edits.is_empty() => revised(&state, &present, edits, Faults::default(), at).await?,
            _ => present.claim.clone(),
        };
        if step.step == Step::Accept && edited.metric.as_str() == UNCLASSIFIED {
            let fault =
                Invalid::new("missing-field", "/metric", "nobody has recognised what is measured: accepting the claim takes a metric");
            return Err(ApiError::body(&fault.into()));
        }
        if edited.metric != present.claim.metric {
            match accept_elsewhere(&state, &caller, &asked, sent.idempotency.clone(), &present, edited, &step).await? {
                Some(response) => return Ok(response),
                None => continue,
            }
        }
        let change = NewClaimVersion {
            id,
            expected: Expected::After(present.version),
            state: next,
            claim: edited,
            cause: step.cause.clone().unwrap_or_else(|| usual_cause.to_string()),
            reason: step.reason.clone(),
            superseded_by: step.by,
            recorded: None,
        };
        if let Some(response) = write_version(&state, &caller, &asked, sent.idempotency.clone(), change).await? {
            return Ok(response);
        }
    }
    Err(too_busy())
}

/// Accepts a candidate under another metric: that makes the new claim, and closes the candidate as superseded by it.
async fn accept_elsewhere(
    state: &AppState,
    caller: &Caller,
    asked: &Asked,
    idempotency: Option<Idempotency>,
    present: &ClaimVersion,
    claim: Claim,
    step: &StepInput,
) -> Result<Option<Response>, ApiError> {
    let id = ClaimId { metric: MetricKey::of(&claim.metric), uuid: state.store.clock().fresh_uuid() };
    let new = |id, expected, claim, claim_state, cause: &str, superseded_by| {
        let (cause, reason) = (cause.to_string(), step.reason.clone());
        Item::Claim(NewClaimVersion { id, expected, state: claim_state, claim, cause, reason, superseded_by, recorded: None })
    };
    let accepted = new(id, Expected::Fresh, claim, ClaimState::Accepted, "accepted", None);
    let after = Expected::After(present.version);
    let closed = new(present.id, after, present.claim.clone(), ClaimState::Superseded, "reclassified", Some(id));
    let change = Change { items: vec![accepted, closed], recorder: caller.name.clone(), idempotency };
    match state.store.write(change).await {
        Ok(outcome) => answer_claim(state, asked, &outcome, StatusCode::CREATED).await.map(Some),
        Err(ChangeError::Refused(refusals)) if matches!(refusals.first(), Some(Refusal::Stale { .. })) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What goes with a step: why, who takes the place, and, on accepting, what is to be corrected.
struct StepInput {
    step: Step,
    cause: Option<String>,
    reason: Option<String>,
    by: Option<ClaimId>,
    edits: Option<Patch>,
}

impl StepInput {
    fn read(text: &str, step: Step) -> Result<Self, Faults> {
        let text = if text.trim().is_empty() { "{}" } else { text };
        let json = parse_json(text)?;
        if step == Step::Accept {
            let edits = Patch::read_with(json, false)?;
            let mut unknown = Fields::read(&edits.rest)?;
            if let Some(value) = unknown.peek("value") {
                Fields::read(value).map_err(|fault| fault.under("/value"))?;
            }
            unknown.ignore(&CLAIM_FIELDS);
            let unknown = unknown.finish(&CLAIM_FIELDS);
            if !unknown.is_empty() {
                return Err(unknown);
            }
            let cause = Fields::read(json)?.has("cause").then(|| edits.cause.clone());
            return edits.faults.clone().into_result(Some(Self {
                step,
                cause,
                reason: edits.reason.clone(),
                by: None,
                edits: Some(edits),
            }));
        }
        let mut fields = Fields::read(json)?;
        let (cause, reason) = take_reason(&mut fields, step.needs_reason());
        let mut known = vec!["reason", "cause"];
        let by = if step == Step::Supersede {
            known.push("by");
            let by = fields.parsed("by", ClaimId::parse);
            fields.required("by", by)
        } else {
            None
        };
        let faults = fields.finish(&known);
        faults.into_result(Some(Self { step, cause, reason, by, edits: None }))
    }
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

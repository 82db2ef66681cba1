//! Writing claims: one, many, a revision, a step in a claim's life. Every write adds versions and overwrites none.

use std::collections::BTreeMap;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Meta, Validators, json, may_change};
use super::asked_claim::concerning;
use super::auth::Caller;
use super::body::{self, Media, Sent};
use super::claims::OneClaim;
use super::problem::{ApiError, ProblemType};
use super::state::AppState;
use crate::domain::claim::Claim;
use crate::domain::history::{ClaimVersion, REVISION_CAUSES, State as ClaimState};
use crate::domain::id::{ClaimId, MetricKey};
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::key::Scope;
use crate::domain::record::RecordKind;
use crate::domain::slug::Slug;
use crate::exchange::claim_draft::ClaimDraft;
use crate::exchange::claim_input::Form;
use crate::exchange::claim_view::ClaimView;
use crate::exchange::fields::{Fields, one_of, parse_json};
use crate::exchange::patch::{as_input, merged};
use crate::ingest::claims::understand;
use crate::ingest::file::{Policy, Prepared, ReadFile, prepare};
use crate::ingest::names::{Meaning, meanings};
use crate::store::At;
use crate::store::change::{Change, ChangeError, Expected, Idempotency, Item, NewClaimVersion, Outcome, Refusal};

/// How often a write is tried anew when somebody else changed the same claim in between.
pub const TRIES: usize = 32;

/// What became of many claims.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddedView {
    /// How many are new.
    pub created: usize,
    /// How many were there already.
    pub unchanged: usize,
    /// Their ids, in the order of the lines.
    pub ids: Vec<String>,
}

/// The answer to many claims.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddedAnswer {
    data: AddedView,
    meta: Meta,
    links: Links,
}

/// The answer to one claim or to many, as the documentation shows it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, clippy::large_enum_variant, reason = "only describes the answer")]
pub enum ClaimsAdded {
    /// One claim.
    One(OneClaim),
    /// Many: counts and ids.
    Many(AddedAnswer),
}

/// Adds a claim; or, as `application/x-ndjson`, many: all of them or none. The scope `propose` makes candidates.
#[utoipa::path(post, path = "/v1/claims", operation_id = "add_claims", tag = "claims", security(("key" = [])),
    request_body(content((Object = "application/json"), (String = "application/x-ndjson"))),
    responses((status = 201, description = "Recorded; `Location` names the claim. For many: counts and ids", body = ClaimsAdded)))]
pub async fn add_claims(State(state): State<AppState>, caller: Caller, asked: Asked, request: Request) -> Result<Response, ApiError> {
    let limit = state.limits.body_bytes;
    let sent = body::sent(&state, &caller, &asked, request, &[Media::Json, Media::Lines], limit).await?;
    if sent.media == Media::Lines { add_many(&state, &caller, &asked, sent).await } else { add_one(&state, &caller, &asked, sent).await }
}

async fn add_one(state: &AppState, caller: &Caller, asked: &Asked, sent: Sent) -> Result<Response, ApiError> {
    if let Some(outcome) = sent.earlier {
        return answer_claim(state, asked, &outcome, StatusCode::CREATED).await;
    }
    let fields = parse_json(&sent.text).and_then(Fields::read).map_err(|fault| ApiError::body(&fault.into()))?;
    let (draft, faults) = ClaimDraft::read(fields, Form::New);
    let wanted = draft.state.unwrap_or(if caller.scope >= Scope::Write { ClaimState::Accepted } else { ClaimState::Candidate });
    if wanted == ClaimState::Accepted {
        caller.need(Scope::Write)?;
    }
    let reason = draft.history.reason.clone();
    let at = state.store.head().await?.at;
    let claim = understand(&state.store, draft, faults, at).await?.map_err(|faults| ApiError::body(&faults))?;
    let id = ClaimId { metric: MetricKey::of(&claim.metric), uuid: state.store.clock().fresh_uuid() };
    let new = NewClaimVersion {
        id,
        expected: Expected::Fresh,
        state: wanted,
        claim,
        cause: "created".into(),
        reason,
        superseded_by: None,
        recorded: None,
    };
    let change = Change { items: vec![Item::Claim(new)], recorder: caller.name.clone(), idempotency: sent.idempotency };
    let outcome = state.store.write(change).await?;
    answer_claim(state, asked, &outcome, StatusCode::CREATED).await
}

async fn add_many(state: &AppState, caller: &Caller, asked: &Asked, sent: Sent) -> Result<Response, ApiError> {
    let may_accept = caller.scope >= Scope::Write;
    let policy = Policy {
        form: Form::Line,
        create_missing: false,
        allow_records: false,
        default_state: if may_accept { ClaimState::Accepted } else { ClaimState::Candidate },
        only_default_state: !may_accept,
    };
    if let Some(outcome) = sent.earlier {
        return Ok(answer_many(asked, outcome));
    }
    let at = state.store.head().await?.at;
    let prepared = prepare(&state.store, ReadFile::ndjson(&sent.text, policy), policy, &caller.name, at).await?;
    let mut prepared = prepared.map_err(|bad| ApiError::lines(&bad))?;
    if prepared.change.items.is_empty() {
        return Err(ApiError::new(&ProblemType::MALFORMED_BODY, "The body holds no line."));
    }
    prepared.change.idempotency = sent.idempotency;
    let outcome = match state.store.write(prepared.change).await {
        Ok(outcome) => outcome,
        Err(ChangeError::Refused(refusals))
            if !refusals.iter().any(|refusal| matches!(refusal, Refusal::KeyReused | Refusal::StillRunning)) =>
        {
            return Err(ApiError::lines(&Prepared::blamed(&prepared.lines, &refusals)));
        }
        Err(error) => return Err(error.into()),
    };
    Ok(answer_many(asked, outcome))
}

fn answer_many(asked: &Asked, outcome: Outcome) -> Response {
    let created = outcome.created();
    let unchanged = outcome.written.len() - created;
    let data = AddedView { created, unchanged, ids: outcome.written.into_iter().map(|written| written.id).collect() };
    let body = AddedAnswer { data, meta: Meta { snapshot: outcome.seq }, links: Links::to_self(asked) };
    (StatusCode::CREATED, axum::Json(body)).into_response()
}

/// Revises a claim (JSON Merge Patch): a new version, with `cause` and `reason`.
#[utoipa::path(patch, path = "/v1/claims/{id}", operation_id = "revise_claim", tag = "claims", security(("key" = [])),
    params(("id" = String, Path, description = "Id of the claim")),
    request_body(content = Object, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The claim's new version", body = OneClaim)))]
pub async fn revise_claim(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
    asked: Asked,
    request: Request,
) -> Result<Response, ApiError> {
    caller.need(Scope::Write)?;
    let sent = body::sent(&state, &caller, &asked, request, &[Media::Json], state.limits.body_bytes).await?;
    if let Some(outcome) = sent.earlier {
        return answer_claim(&state, &asked, &outcome, StatusCode::OK).await;
    }
    let id = parse_id(&id)?;
    let patch = parse_json(&sent.text).and_then(Patch::read).map_err(|fault| ApiError::body(&fault.into()))?;
    for _ in 0..TRIES {
        let present = present(&state, id, &asked).await?;
        let at = state.store.head().await?.at;
        let mut faults = patch.faults.clone();
        if patch.names_other_metric(&state, &present.claim.metric, at).await? {
            faults.push(Invalid::new(
                "unchangeable",
                "/metric",
                "a claim never changes its metric; supersede it by a claim of the other metric",
            ));
        }
        let claim = revised(&state, &present, &patch, faults, at).await?;
        let change = NewClaimVersion {
            id,
            expected: Expected::After(present.version),
            state: present.state,
            claim,
            cause: patch.cause.clone(),
            reason: patch.reason.clone(),
            superseded_by: present.superseded_by,
            recorded: None,
        };
        if let Some(response) = write_version(&state, &caller, &asked, sent.idempotency.clone(), change).await? {
            return Ok(response);
        }
    }
    Err(too_busy())
}

/// The answer when others change a claim or record all the time.
pub fn too_busy() -> ApiError {
    ApiError::new(&ProblemType::CONFLICT, "It is being changed by others all the time; try again.")
}

/// The claim with the patch merged into it; only a quote that the patch changes is held against its text again.
pub async fn revised(state: &AppState, present: &ClaimVersion, patch: &Patch, mut faults: Faults, at: At) -> Result<Claim, ApiError> {
    let body = |fault: Invalid| ApiError::body(&fault.into());
    let changes = Fields::read(&patch.rest).map_err(body)?;
    let before = as_input(&present.claim, &changes).map_err(body)?;
    let after = merged(Some(&before), &patch.rest).map_err(body)?;
    let mut fields = Fields::read(&after).map_err(body)?;
    let keeps_quote = !changes.has("quote") && !changes.has("source");
    if keeps_quote {
        fields.ignore(&["quote"]);
    }
    let (draft, found) = ClaimDraft::read(fields, Form::New);
    faults.extend(found);
    if changes.has("state") {
        faults.push(Invalid::new("unchangeable", "/state", "is changed by accept, reject, retract, restore and supersede"));
    }
    let mut claim = understand(&state.store, draft, faults, at).await?.map_err(|faults| ApiError::body(&faults))?;
    if keeps_quote {
        claim.quote.clone_from(&present.claim.quote);
    }
    Ok(claim)
}

/// A JSON Merge Patch, with the cause and the reason that go with it taken out.
pub struct Patch {
    /// Why, as a word.
    pub cause: String,
    /// Why, in its sender's words.
    pub reason: Option<String>,
    /// What is to change.
    pub rest: Box<RawValue>,
    /// What is wrong with cause and reason; there may be more with the rest.
    pub faults: Faults,
}

impl Patch {
    /// Reads a patch; a reason is required.
    pub fn read(json: &RawValue) -> Result<Self, Invalid> {
        Self::read_with(json, true)
    }

    /// Reads a patch.
    pub fn read_with(json: &RawValue, needs_reason: bool) -> Result<Self, Invalid> {
        let mut fields = Fields::read(json)?;
        let (cause, reason) = take_reason(&mut fields, needs_reason);
        let (rest, faults) = fields.into_rest();
        let rest: BTreeMap<String, &RawValue> = rest.into_iter().collect();
        let rest = to_raw_value(&rest).map_err(|error| Invalid::new("malformed-json", "", error.to_string()))?;
        Ok(Self { cause: cause.unwrap_or_else(|| REVISION_CAUSES[0].to_string()), reason, rest, faults })
    }

    /// Whether it names another metric than the claim's own, by whatever name.
    pub async fn names_other_metric(&self, state: &AppState, own: &Slug, at: At) -> Result<bool, ApiError> {
        let name = Fields::read(&self.rest).ok().and_then(|mut fields| fields.has("metric").then(|| fields.reference("metric")));
        let Some(name) = name else { return Ok(false) };
        let Some(name) = name else { return Ok(true) };
        let meaning = meanings(&state.store, RecordKind::Metric, vec![name.clone()], at).await?.remove(&name);
        Ok(meaning != Some(Meaning::One(own.to_string())))
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.rest.get() == "{}"
    }
}

/// Takes the cause and the reason of a change.
pub fn take_reason(fields: &mut Fields<'_>, required: bool) -> (Option<String>, Option<String>) {
    let cause = fields.parsed("cause", |text| one_of(text, &REVISION_CAUSES, |word| word).map(ToString::to_string));
    let reason = fields.text("reason");
    let reason = if required { fields.required("reason", reason) } else { reason };
    (cause, reason)
}

/// Reads the id in a path.
pub fn parse_id(id: &str) -> Result<ClaimId, ApiError> {
    ClaimId::parse(id).map_err(|_| ApiError::not_found("claim", &id.chars().take(100).collect::<String>()))
}

/// The claim as it stands, if the request's `If-Match` allows to change it.
pub async fn present(state: &AppState, id: ClaimId, asked: &Asked) -> Result<ClaimVersion, ApiError> {
    let head = state.store.head().await?.at;
    let present = state.store.find_claim(id, head).await?.ok_or_else(|| ApiError::not_found("claim", &id.to_string()))?;
    if may_change(&asked.headers, present.version) {
        Ok(present)
    } else {
        Err(ApiError::new(&ProblemType::VERSION_MISMATCH, format!("The present version is {}.", present.version)))
    }
}

/// Writes a version that follows the present one; `None` when another write came first.
pub async fn write_version(
    state: &AppState,
    caller: &Caller,
    asked: &Asked,
    idempotency: Option<Idempotency>,
    new: NewClaimVersion,
) -> Result<Option<Response>, ApiError> {
    let change = Change { items: vec![Item::Claim(new)], recorder: caller.name.clone(), idempotency };
    match state.store.write(change).await {
        Ok(outcome) => answer_claim(state, asked, &outcome, StatusCode::OK).await.map(Some),
        Err(ChangeError::Refused(refusals)) if matches!(refusals.first(), Some(Refusal::Stale { .. })) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The claim that was written, as it stood right after; a repeated request gets the same answer again.
pub async fn answer_claim(state: &AppState, asked: &Asked, outcome: &Outcome, status: StatusCode) -> Result<Response, ApiError> {
    show_written(state, asked, outcome, status).await.map_err(ApiError::after_write)
}

async fn show_written(state: &AppState, asked: &Asked, outcome: &Outcome, status: StatusCode) -> Result<Response, ApiError> {
    let lost = || ApiError::internal("a claim written was not found");
    let written = outcome.written.first().ok_or_else(lost)?;
    let id = ClaimId::parse(&written.id).map_err(ApiError::internal)?;
    let at = At(outcome.seq);
    let version = state.store.find_claim(id, at).await?.ok_or_else(lost)?;
    let (snapshot, last_modified) = concerning(state, &version, at).await?;
    let catalog = state.store.catalog_of(std::slice::from_ref(&version), at).await?;
    let path = format!("/v1/claims/{id}");
    let asked_then = Asked { uri: path.parse().unwrap_or_default(), ..asked.clone() };
    let validators = Validators::of_version(&asked_then, "envelope", version.version, snapshot, last_modified);
    let data = ClaimView::new(&version, &catalog);
    let mut response = json(&Envelope { data, meta: Meta { snapshot: snapshot.0 }, links: Links::to_self(&asked_then) }, &validators)?;
    *response.status_mut() = status;
    if status == StatusCode::CREATED
        && let Ok(location) = HeaderValue::from_str(&path)
    {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

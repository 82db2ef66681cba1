//! Making and revising reference records, of whatever kind.

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::value::to_raw_value;

use super::answer::{Asked, Validators, may_change};
use super::auth::Caller;
use super::body::{self, Media};
use super::claim_writes::{Patch, TRIES, too_busy};
use super::problem::{ApiError, Place, ProblemType};
use super::record_view::{Served, one};
use super::state::AppState;
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::key::Scope;
use crate::domain::record::NameRole;
use crate::domain::unit::Unit;
use crate::exchange::fields::{Fields, parse_json};
use crate::exchange::patch::merged;
use crate::store::At;
use crate::store::change::{AnyRecord, Change, ChangeError, Expected, Idempotency, Item, NewRecordVersion, Outcome, Refusal};

/// Adds a record; the same one again changes nothing.
pub async fn add<R: Served>(state: AppState, caller: Caller, asked: Asked, request: Request) -> Result<Response, ApiError> {
    caller.need(Scope::Write)?;
    let sent = body::sent(&state, &caller, &asked, request, &[Media::Json], state.limits.body_bytes).await?;
    if let Some(outcome) = sent.earlier {
        return answer_added::<R>(&state, &asked, &outcome).await;
    }
    let fields = parse_json(&sent.text).and_then(Fields::read).map_err(|fault| ApiError::body(&fault.into()))?;
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
    let named = state.store.list_names(R::KIND, std::slice::from_ref(&slug), head).await?.into_values().flatten();
    if let Some(other) = named.into_iter().find(|found| found.role == NameRole::Slug && found.slug != slug) {
        let detail = format!("The slug '{slug}' differs from '{}' in upper and lower case only; choose another.", other.slug);
        return Err(ApiError::new(&ProblemType::CONFLICT, detail));
    }
    let record = record.wrap();
    check_base(&state, &record, head).await?;
    let new = NewRecordVersion { record, expected, cause: "created".into(), reason: None, recorded: None };
    let outcome = write_one(&state, &caller, sent.idempotency, new).await?.ok_or_else(too_busy)?;
    answer_added::<R>(&state, &asked, &outcome).await
}

async fn answer_added<R: Served>(state: &AppState, asked: &Asked, outcome: &Outcome) -> Result<Response, ApiError> {
    let written = outcome.written.first().ok_or_else(|| ApiError::internal("a record was not written"))?;
    let status = if written.unchanged { StatusCode::OK } else { StatusCode::CREATED };
    answer_written::<R>(state, asked, &written.id, outcome, status).await
}

/// Revises a record.
pub async fn revise<R: Served>(
    state: AppState,
    slug: String,
    caller: Caller,
    asked: Asked,
    request: Request,
) -> Result<Response, ApiError> {
    caller.need(Scope::Write)?;
    let sent = body::sent(&state, &caller, &asked, request, &[Media::Json], state.limits.body_bytes).await?;
    if let Some(outcome) = sent.earlier {
        return answer_written::<R>(&state, &asked, &slug, &outcome, StatusCode::OK).await;
    }
    let patch = parse_json(&sent.text).and_then(Patch::read).map_err(|fault| ApiError::body(&fault.into()))?;
    for _ in 0..TRIES {
        let head = state.store.head().await?.at;
        let present = state.store.find_record::<R>(&slug, head).await?.ok_or_else(|| ApiError::not_found(R::KIND.as_str(), &slug))?;
        if !may_change(&asked.headers, present.version) {
            return Err(ApiError::new(&ProblemType::VERSION_MISMATCH, format!("The present version is {}.", present.version)));
        }
        let record = patched(&present.record, &patch).map_err(|faults| ApiError::body(&faults))?;
        if *record.slug() != *present.record.slug() {
            let fault = Invalid::new("unchangeable", "/slug", "a slug never changes");
            return Err(ApiError::faults(&ProblemType::INVALID_BODY, Place::Body, &fault.into()));
        }
        let record = record.wrap();
        check_base(&state, &record, head).await?;
        let (cause, reason) = (patch.cause.clone(), patch.reason.clone());
        let new = NewRecordVersion { record, expected: Expected::After(present.version), cause, reason, recorded: None };
        if let Some(outcome) = write_one(&state, &caller, sent.idempotency.clone(), new).await? {
            return answer_written::<R>(&state, &asked, &slug, &outcome, StatusCode::OK).await;
        }
    }
    Err(too_busy())
}

/// The record with the patch merged into it.
fn patched<R: Served>(present: &R, patch: &Patch) -> Result<R, Faults> {
    let before = to_raw_value(present).map_err(|error| Invalid::new("malformed-json", "", error.to_string()))?;
    let after = merged(Some(&before), &patch.rest)?;
    let mut faults = patch.faults.clone();
    let record = R::read(Fields::read(&after)?).map_err(|found| faults.extend(found)).ok();
    faults.into_result(record)
}

/// Units compare when they have one base unit, so the base has to be one itself, and of the same dimension.
async fn check_base(state: &AppState, record: &AnyRecord, at: At) -> Result<(), ApiError> {
    let AnyRecord::Unit(unit) = record else { return Ok(()) };
    if unit.base == unit.slug {
        return Ok(());
    }
    let Some(base) = state.store.find_record::<Unit>(unit.base.as_str(), at).await? else { return Ok(()) };
    if base.record.base == base.record.slug && base.record.dimension == unit.dimension {
        return Ok(());
    }
    let message = format!("'{}' is no base unit of the dimension {}", unit.base, unit.dimension);
    Err(ApiError::faults(&ProblemType::INVALID_BODY, Place::Body, &Invalid::new("contradictory-value", "/base", message).into()))
}

/// Writes a version; `None` when another write came first.
async fn write_one(
    state: &AppState,
    caller: &Caller,
    idempotency: Option<Idempotency>,
    new: NewRecordVersion,
) -> Result<Option<Outcome>, ApiError> {
    let change = Change { items: vec![Item::Record(new)], recorder: caller.name.clone(), idempotency };
    match state.store.write(change).await {
        Ok(outcome) => Ok(Some(outcome)),
        Err(ChangeError::Refused(refusals)) if matches!(refusals.first(), Some(Refusal::Stale { .. })) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn answer_written<R: Served>(
    state: &AppState,
    asked: &Asked,
    slug: &str,
    outcome: &Outcome,
    status: StatusCode,
) -> Result<Response, ApiError> {
    show_written::<R>(state, asked, slug, outcome, status).await.map_err(ApiError::after_write)
}

async fn show_written<R: Served>(
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

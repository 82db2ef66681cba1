//! How new the data has to be that an answer is read from, where a replica may lag behind.
//!
//! Every answer to a write names the state it led to, in a header that the client may send back with its reads; for reads
//! that carry the same key, the service remembers it by itself. So a client sees its own writes, whatever the replica has.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;

use super::paging::snapshot_of;
use super::problem::ApiError;
use super::state::AppState;
use crate::domain::key::Key;
use crate::store::At;

/// Header with the number of a state: of an answer, the one that a write led to; of a request, the oldest to read from.
pub const SNAPSHOT: HeaderName = HeaderName::from_static("figurebase-snapshot");
/// Keys whose last write is remembered; beyond that all are forgotten, and their clients need the header.
const KEYS_MAX: usize = 100_000;

/// The state that the last write with each key led to, by the public part of the key.
#[derive(Debug, Default)]
pub struct LastWrites(Mutex<HashMap<String, At>>);

impl LastWrites {
    fn of(&self, key_id: &str) -> Option<At> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key_id).copied()
    }

    fn remember(&self, key_id: &str, at: At) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() >= KEYS_MAX && !last.contains_key(key_id) {
            last.clear();
        }
        last.insert(key_id.to_string(), at);
    }
}

/// The service's state with a database that is new enough for the request: the replica where that suffices.
pub struct Reading(pub AppState);

impl FromRequestParts<AppState> for Reading {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let at_least = at_least(&parts.headers, parts.uri.query(), state)?;
        Ok(Self(AppState { store: state.store.reading_from(at_least), ..state.clone() }))
    }
}

/// The newest of the states that a request names or that its key led to.
fn at_least(headers: &HeaderMap, query: Option<&str>, state: &AppState) -> Result<At, ApiError> {
    let stated = match headers.get(&SNAPSHOT) {
        Some(value) => Some(value.to_str().ok().and_then(|text| text.trim().parse().ok()).ok_or_else(malformed)?),
        None => None,
    };
    let written = key_id(headers).and_then(|id| state.last_writes.of(&id));
    // Pages of one list, and replays of a state, are of a state that the client has seen already.
    let named = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).filter_map(|(name, value)| match &*name {
        "snapshot" => value.parse().ok(),
        "cursor" => snapshot_of(&value),
        _ => None,
    });
    Ok(named.map(At).chain(stated.map(At)).chain(written).max().unwrap_or(At(0)))
}

fn malformed() -> ApiError {
    ApiError::header(SNAPSHOT.as_str(), "must be the number of a state, as the answer to a write gave it")
}

/// Public part of the key that a request carries; whether the key is good does not matter here.
fn key_id(headers: &HeaderMap) -> Option<String> {
    let (scheme, key) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    Key::parse(key.trim()).map(|key| key.id().to_string())
}

/// Names the state that a write led to, and remembers it for its key.
pub async fn with_snapshot(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let key_id = key_id(request.headers());
    let mut response = next.run(request).await;
    if response.status().is_success() {
        let at = state.store.last_written();
        if let Some(key_id) = key_id {
            state.last_writes.remember(&key_id, at);
        }
        response.headers_mut().insert(SNAPSHOT, HeaderValue::from(at.0));
    }
    response
}

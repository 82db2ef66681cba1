//! Finished answers: validators, conditional requests, the envelope.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::format::Suffix;
use super::problem::ApiError;
use super::state::AppState;
use crate::store::At;

/// What a handler needs to know of its request besides parameters.
#[derive(Debug, Clone)]
pub struct Asked {
    /// GET or HEAD.
    pub method: Method,
    /// Path and query, without the suffix.
    pub uri: Uri,
    /// Headers.
    pub headers: HeaderMap,
    /// The suffix that was cut off.
    pub suffix: Option<Suffix>,
}

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self {
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
            suffix: parts.extensions.get().copied(),
        })
    }
}

impl Asked {
    /// The raw query string.
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// The address of a path as somebody elsewhere can follow it: under the service's own address, or else under the
    /// host that was asked.
    pub fn absolute(&self, state: &AppState, path: &str) -> String {
        if let Some(base) = &state.public_url {
            return format!("{base}{path}");
        }
        let host = self.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let plain = |host: &&str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
        host.filter(plain).map_or_else(|| path.to_string(), |host| format!("http://{host}{path}"))
    }

    /// The path.
    pub fn path(&self) -> &str {
        self.uri.path()
    }
}

/// By what a client can tell that it has an answer already.
#[derive(Debug, Clone)]
pub struct Validators {
    etag: String,
    last_modified: Timestamp,
}

impl Validators {
    /// Of an answer that follows from a state of the whole database.
    pub fn of_state(asked: &Asked, form: &str, at: At, last_modified: Timestamp) -> Self {
        Self { etag: format!("\"{}\"", fingerprint(asked, form, at.0, last_modified)), last_modified }
    }

    /// Of an answer about one claim or record: the version stands in front, so that `If-Match` can compare it.
    pub fn of_version(asked: &Asked, form: &str, version: i64, at: At, last_modified: Timestamp) -> Self {
        Self { etag: version_etag(version, &fingerprint(asked, form, at.0, last_modified)), last_modified }
    }

    /// Of an answer that is the same as long as the program is.
    pub fn of_program(asked: &Asked, form: &str, started_at: Timestamp) -> Self {
        Self { etag: format!("\"{}\"", fingerprint(asked, form, -1, Timestamp::UNIX_EPOCH)), last_modified: started_at }
    }

    /// The answer 304, when the client has this state of the answer already.
    pub fn not_modified(&self, asked: &Asked) -> Option<Response> {
        let tags: Vec<&str> = asked.headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).collect();
        let known = if tags.is_empty() {
            let since = asked.headers.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
            let since = since.and_then(|text| httpdate::parse_http_date(text).ok());
            since.is_some_and(|since| self.modified_second() <= since)
        } else {
            tags.iter().flat_map(|tags| tags.split(',')).map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == self.etag)
        };
        known.then(|| {
            let mut response = StatusCode::NOT_MODIFIED.into_response();
            self.add_to(response.headers_mut());
            response
        })
    }

    fn modified_second(&self) -> std::time::SystemTime {
        let seconds = u64::try_from(self.last_modified.as_second()).unwrap_or(0);
        std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds)
    }

    fn add_to(&self, headers: &mut HeaderMap) {
        if let Ok(etag) = HeaderValue::from_str(&self.etag) {
            headers.insert(header::ETAG, etag);
        }
        if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(self.modified_second())) {
            headers.insert(header::LAST_MODIFIED, date);
        }
        // Clients may keep answers, but have to ask whether they still hold.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept"));
    }
}

/// The strong tag of a version.
pub fn version_etag(version: i64, rest: &str) -> String {
    format!("\"v{version}-{rest}\"")
}

/// A hash of everything that an answer's bytes follow from. The time belongs to it, because a database that was restored from
/// before its last changes gives their numbers again, to other changes.
fn fingerprint(asked: &Asked, form: &str, seq: i64, time: Timestamp) -> String {
    let mut hasher = Sha256::new();
    let state = [seq.to_string(), time.as_microsecond().to_string()];
    for part in [env!("CARGO_PKG_VERSION"), asked.path(), asked.query().unwrap_or_default(), form, &state[0], &state[1]] {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    data_encoding::HEXLOWER.encode(&hasher.finalize()[..8])
}

/// An envelope around an answer.
#[derive(Debug, Serialize)]
pub struct Envelope<D, M> {
    /// The answer.
    pub data: D,
    /// What it was computed from, and what was asked for besides.
    pub meta: M,
    /// Where to go from here.
    pub links: Links,
}

/// Where to go from an answer.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub struct Links {
    /// This answer.
    #[serde(rename = "self")]
    pub itself: String,
    /// The next page.
    pub next: Option<String>,
}

/// What every answer says about itself.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Meta {
    /// The state that the answer was computed from; `snapshot=` replays it.
    pub snapshot: i64,
}

impl Links {
    /// Links of an answer with no next page.
    pub fn to_self(asked: &Asked) -> Self {
        Self { itself: asked.uri.to_string(), next: None }
    }
}

/// A JSON answer with validators.
pub fn json(body: &impl Serialize, validators: &Validators) -> Result<Response, ApiError> {
    let bytes = serde_json::to_vec(body).map_err(ApiError::internal)?;
    Ok(with_validators(bytes.into(), "application/json", validators))
}

/// A text answer with validators.
pub fn text(body: String, media_type: &'static str, validators: &Validators) -> Response {
    with_validators(body.into(), media_type, validators)
}

/// Any answer with validators.
pub fn with_validators(body: Body, media_type: &'static str, validators: &Validators) -> Response {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    validators.add_to(response.headers_mut());
    response
}

/// Adds the address of the next page as a header too.
pub fn link_next(response: &mut Response, next: Option<&str>) {
    if let Some(next) = next
        && let Ok(value) = HeaderValue::from_str(&format!("<{next}>; rel=\"next\""))
    {
        response.headers_mut().insert(header::LINK, value);
    }
}

/// Whether a write that names the versions it may change (`If-Match`) may go on at `version`.
pub fn may_change(headers: &HeaderMap, version: i64) -> bool {
    let tags: Vec<&str> = headers.get_all(header::IF_MATCH).iter().filter_map(|value| value.to_str().ok()).collect();
    if !headers.contains_key(header::IF_MATCH) {
        return true;
    }
    tags.iter().flat_map(|tags| tags.split(',')).map(str::trim).any(|tag| tag == "*" || version_of(tag) == Some(version))
}

/// The version that a strong tag of ours names; a bare number in quotes is taken too.
fn version_of(tag: &str) -> Option<i64> {
    let inner = tag.strip_prefix('"')?.strip_suffix('"')?;
    let version = inner.split('-').next()?;
    version.strip_prefix('v').unwrap_or(version).parse().ok()
}

//! Bodies of requests: their media type, their size, and how a repeated request is recognised.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};

use super::answer::Asked;
use super::auth::Caller;
use super::params::{NoParams, Query};
use super::problem::{ApiError, ProblemType};
use super::state::AppState;
use crate::store::change::{Idempotency, Outcome};

/// The client's own key of a repeatable request.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Longest such key.
const IDEMPOTENCY_KEY_CHARS_MAX: usize = 200;

/// What a body may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/json`.
    Json,
    /// `application/x-ndjson`.
    Lines,
    /// `text/plain`.
    Text,
    /// `text/html`.
    Html,
    /// `text/csv`.
    Csv,
    /// No body at all.
    Nothing,
}

/// What a write brings, read and recognised.
pub struct Sent {
    /// The body.
    pub text: String,
    /// What it is.
    pub media: Media,
    /// How a repetition is recognised, if the client wants that.
    pub idempotency: Option<Idempotency>,
    /// The outcome of the same request, when it was made before.
    pub earlier: Option<Outcome>,
}

/// Reads the body of a write, which takes no query parameters; lines may be more than `bytes_max`.
pub async fn sent(
    state: &AppState,
    caller: &Caller,
    asked: &Asked,
    request: Request,
    allowed: &[Media],
    bytes_max: usize,
) -> Result<Sent, ApiError> {
    Query::read(asked.query(), NoParams::TABLES).finish()?;
    sent_with_query(state, caller, asked, request, allowed, bytes_max).await
}

/// The same for a write with query parameters, which the caller has read.
pub async fn sent_with_query(
    state: &AppState,
    caller: &Caller,
    asked: &Asked,
    request: Request,
    allowed: &[Media],
    bytes_max: usize,
) -> Result<Sent, ApiError> {
    let may_be_absent = allowed.contains(&Media::Nothing) && !asked.headers.contains_key(header::CONTENT_TYPE);
    let media = if may_be_absent { Media::Nothing } else { media_of(&asked.headers, allowed)? };
    let bytes_max = if media == Media::Lines { state.limits.lines_bytes } else { bytes_max };
    let text = text(request.into_body(), bytes_max).await?;
    if media == Media::Nothing && !text.trim().is_empty() {
        media_of(&asked.headers, allowed)?;
    }
    let idempotency = idempotency(asked, caller, &text)?;
    let earlier = replayed(state, idempotency.as_ref()).await?;
    Ok(Sent { text, media, idempotency, earlier })
}

/// Reads the body of a request that writes nothing.
pub async fn read_only(asked: &Asked, request: Request, allowed: &[Media], bytes_max: usize) -> Result<(String, Media), ApiError> {
    let media = media_of(&asked.headers, allowed)?;
    Ok((text(request.into_body(), bytes_max).await?, media))
}

/// The media type of the body, which must be one of those allowed.
fn media_of(headers: &HeaderMap, allowed: &[Media]) -> Result<Media, ApiError> {
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(ApiError::new(&ProblemType::UNSUPPORTED_MEDIA_TYPE, "Compressed bodies are not read; send the body as it is."));
    }
    let stated = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = stated.split(';').map(|part| part.trim().to_ascii_lowercase());
    let found = match parts.next().unwrap_or_default().as_str() {
        "application/json" | "application/merge-patch+json" => Some(Media::Json),
        "application/x-ndjson" | "application/jsonl" | "application/ndjson" => Some(Media::Lines),
        "text/plain" => Some(Media::Text),
        "text/html" => Some(Media::Html),
        "text/csv" => Some(Media::Csv),
        _ => None,
    };
    let charset = parts.find_map(|part| part.strip_prefix("charset=").map(|name| name.trim_matches('"').to_string()));
    if let Some(charset) = charset.filter(|name| matches!(found, Some(Media::Text | Media::Html | Media::Csv)) && !is_utf8(name)) {
        let detail = format!("Texts are read as UTF-8, not as {}.", charset.chars().take(40).collect::<String>());
        return Err(ApiError::new(&ProblemType::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    found.filter(|media| allowed.contains(media)).ok_or_else(|| {
        let names: Vec<&str> = allowed.iter().map(|media| media.name()).collect();
        ApiError::new(
            &ProblemType::UNSUPPORTED_MEDIA_TYPE,
            format!("The body has to be {}, and 'content-type' has to say so.", names.join(" or ")),
        )
    })
}

/// Whether a text in this encoding is one in UTF-8.
fn is_utf8(charset: &str) -> bool {
    matches!(charset, "" | "utf-8" | "utf8" | "us-ascii")
}

impl Media {
    fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Lines => "application/x-ndjson",
            Self::Text => "text/plain",
            Self::Html => "text/html",
            Self::Csv => "text/csv",
            Self::Nothing => "absent",
        }
    }
}

/// Reads a body of limited size as text.
async fn text(body: Body, bytes_max: usize) -> Result<String, ApiError> {
    let too_large = || ApiError::new(&ProblemType::TOO_LARGE, format!("The body may have {bytes_max} bytes at most."));
    let bytes = axum::body::to_bytes(body, bytes_max).await.map_err(|error| {
        use std::error::Error;
        let over = error.source().and_then(|source| source.downcast_ref::<http_body_util::LengthLimitError>()).is_some();
        if over { too_large() } else { ApiError::new(&ProblemType::MALFORMED_BODY, "The body broke off before its end.") }
    })?;
    String::from_utf8(bytes.into()).map_err(|_| ApiError::new(&ProblemType::MALFORMED_BODY, "The body is not UTF-8."))
}

/// How a repetition of this request is recognised, if the client wants that.
fn idempotency(asked: &Asked, caller: &Caller, body: &str) -> Result<Option<Idempotency>, ApiError> {
    let Some(value) = asked.headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| !key.is_empty() && key.len() <= IDEMPOTENCY_KEY_CHARS_MAX);
    let Some(key) = key else {
        return Err(ApiError::header(IDEMPOTENCY_KEY, format!("must be 1 to {IDEMPOTENCY_KEY_CHARS_MAX} visible ASCII characters")));
    };
    let mut hasher = Sha256::new();
    hasher.update(asked.headers.get(header::CONTENT_TYPE).map_or(&b""[..], |value| value.as_bytes()));
    hasher.update([0]);
    // What the query says belongs to the request as much as its body does: the title of a text, for example.
    hasher.update(asked.query().unwrap_or_default().as_bytes());
    hasher.update([0]);
    hasher.update(body.as_bytes());
    Ok(Some(Idempotency {
        key_id: caller.key_id.clone(),
        route: format!("{} {}", asked.method, asked.path()),
        key: key.to_string(),
        fingerprint: data_encoding::HEXLOWER.encode(&hasher.finalize()),
    }))
}

/// What the same request had for an outcome when it was made before.
async fn replayed(state: &AppState, idempotency: Option<&Idempotency>) -> Result<Option<Outcome>, ApiError> {
    match idempotency {
        Some(wanted) => Ok(state.store.find_outcome(wanted).await?),
        None => Ok(None),
    }
}

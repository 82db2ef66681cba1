//! In which form an answer comes: by a suffix of the path, by `format=`, or at last by `Accept`.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::params::Query;
use super::problem::{ApiError, ProblemType};
use crate::domain::invalid::Invalid;

/// Forms of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `{"data": …, "meta": …, "links": …}`.
    Envelope,
    /// A bare array of flat rows.
    Json,
    /// Flat rows, RFC 4180.
    Csv,
    /// Flat rows, one JSON object a line.
    Ndjson,
}

impl Format {
    /// The flat forms, with suffix and media type.
    pub const FLAT: [(&'static str, Self, &'static str); 3] = [
        ("json", Self::Json, "application/json"),
        ("csv", Self::Csv, "text/csv; charset=utf-8; header=present"),
        ("ndjson", Self::Ndjson, "application/x-ndjson"),
    ];

    /// Media type of the answer.
    pub fn media_type(self) -> &'static str {
        Self::FLAT.iter().find(|(_, format, _)| *format == self).map_or("application/json", |(_, _, media)| media)
    }

    /// Suffix of the path; none for the envelope.
    pub fn suffix(self) -> Option<&'static str> {
        Self::FLAT.iter().find(|(_, format, _)| *format == self).map(|(suffix, _, _)| *suffix)
    }

    /// The form that a request asks for.
    pub fn asked(query: &mut Query, request_suffix: Option<Suffix>, headers: &HeaderMap) -> Result<Self, ApiError> {
        let named = query.parsed("format", |text| {
            Self::FLAT
                .iter()
                .find(|(suffix, _, _)| *suffix == text)
                .map(|(_, format, _)| *format)
                .ok_or_else(|| Invalid::new("invalid-parameter", "", "must be json, csv or ndjson"))
        });
        if let Some(Suffix(suffix)) = request_suffix {
            if named.is_some_and(|named| named != suffix) {
                query.fault("format", "is not the one that the path's suffix names");
            }
            return Ok(suffix);
        }
        match named {
            Some(named) => Ok(named),
            None => accepted(headers),
        }
    }
}

/// The suffix that was cut off a request's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suffix(pub Format);

/// Paths that take a suffix.
fn takes_suffix(path: &str) -> bool {
    const LISTS: [&str; 7] = ["/v1/claims", "/v1/series", "/v1/summary", "/v1/actors", "/v1/metrics", "/v1/units", "/v1/sources"];
    let of_source = path.strip_prefix("/v1/sources/").and_then(|rest| rest.split_once('/')).is_some_and(|(_, rest)| rest == "claims");
    LISTS.contains(&path) || of_source
}

/// Cuts a known suffix off the path of a list, before the request is routed.
pub fn cut_suffix(mut request: Request) -> Request {
    let path = request.uri().path();
    let cut = Format::FLAT.iter().find_map(|(suffix, format, _)| {
        let stem = path.strip_suffix(suffix)?.strip_suffix('.')?;
        takes_suffix(stem).then(|| (stem.to_string(), *format))
    });
    if let Some((stem, format)) = cut {
        let target = match request.uri().query() {
            Some(query) => format!("{stem}?{query}"),
            None => stem,
        };
        if let Ok(uri) = target.parse::<Uri>() {
            *request.uri_mut() = uri;
            request.extensions_mut().insert(Suffix(format));
        }
    }
    request
}

/// Refuses to write to the address of a table: it is a view of a list, and only read.
pub async fn only_read_tables(request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_read || request.extensions().get::<Suffix>().is_none() {
        return next.run(request).await;
    }
    let detail = format!("{} does not apply to a table; send it to {}.", request.method(), request.uri().path());
    let mut response = ApiError::new(&ProblemType::METHOD_NOT_ALLOWED, detail).into_response();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
    response
}

/// The best form that the client accepts; a client that says nothing gets the envelope.
fn accepted(headers: &HeaderMap) -> Result<Format, ApiError> {
    let accept: Vec<&str> = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    if accept.is_empty() {
        return Ok(Format::Envelope);
    }
    let accept = accept.join(",");
    let mut wanted: Vec<(f32, Format)> = accept.split(',').filter_map(one_accepted).collect();
    // A stable sort, so that of equal ones the first named wins.
    wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
    wanted
        .first()
        .map(|(_, format)| *format)
        .ok_or_else(|| ApiError::new(&ProblemType::NOT_ACCEPTABLE, "Only application/json, text/csv and application/x-ndjson exist here."))
}

fn one_accepted(range: &str) -> Option<(f32, Format)> {
    let mut parts = range.split(';').map(str::trim);
    let format = match parts.next()?.to_ascii_lowercase().as_str() {
        // A browser that asks for a page gets something it can show.
        "application/json" | "application/*" | "*/*" | "text/html" | "application/xhtml+xml" => Format::Envelope,
        "text/csv" | "text/*" => Format::Csv,
        "application/x-ndjson" | "application/jsonl" => Format::Ndjson,
        _ => return None,
    };
    let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
    (quality > 0.0).then_some((quality, format))
}

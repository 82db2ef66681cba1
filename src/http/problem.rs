//! Errors as clients see them: `application/problem+json` (RFC 9457), always of one shape, made in one place.
//!
//! A handler returns an [`ApiError`]; the outermost layer (`http::context`) adds the request id, writes the body and
//! logs what only the log may know.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::invalid::{Faults, Invalid};
use crate::ingest::file::{FAULTS_TOLD_MAX, LineFaults};
use crate::store::StoreError;
use crate::store::change::{ChangeError, Refusal};

/// Everything that can go wrong, as a client can tell it apart. The code is stable.
pub struct ProblemType {
    /// Stable kebab-case code.
    pub code: &'static str,
    /// HTTP status.
    pub status: StatusCode,
    /// Short name, the same for all problems of the type.
    pub title: &'static str,
}

macro_rules! problem_types {
    ($($name:ident: $code:literal, $status:ident, $title:literal;)*) => {
        impl ProblemType {
            $(#[doc = $title] pub const $name: Self = Self { code: $code, status: StatusCode::$status, title: $title };)*
            /// All types, in the order of the documentation.
            pub const ALL: &'static [&'static Self] = &[$(&Self::$name),*];
        }
    };
}

problem_types! {
    INVALID_QUERY: "invalid-query", BAD_REQUEST, "A query parameter is not acceptable";
    MALFORMED_BODY: "malformed-body", BAD_REQUEST, "The body cannot be read";
    INVALID_HEADER: "invalid-header", BAD_REQUEST, "A request header is not acceptable";
    KEY_REQUIRED: "key-required", UNAUTHORIZED, "A key is required";
    SCOPE_TOO_NARROW: "scope-too-narrow", FORBIDDEN, "The key may not do this";
    NOT_FOUND: "not-found", NOT_FOUND, "There is no such thing";
    METHOD_NOT_ALLOWED: "method-not-allowed", METHOD_NOT_ALLOWED, "The method does not apply here";
    NOT_ACCEPTABLE: "not-acceptable", NOT_ACCEPTABLE, "None of the formats asked for exists here";
    CONFLICT: "conflict", CONFLICT, "The request conflicts with what is recorded";
    REQUEST_IN_PROGRESS: "request-in-progress", CONFLICT, "The same request is still running";
    VERSION_MISMATCH: "version-mismatch", PRECONDITION_FAILED, "The claim or record has another version now";
    TOO_LARGE: "too-large", PAYLOAD_TOO_LARGE, "The body is too large";
    UNSUPPORTED_MEDIA_TYPE: "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE, "The body has a media type that is not read here";
    INVALID_BODY: "invalid-body", UNPROCESSABLE_ENTITY, "The body says something that cannot be";
    IDEMPOTENCY_KEY_REUSED: "idempotency-key-reused", UNPROCESSABLE_ENTITY, "The idempotency key belongs to another request";
    INTERNAL: "internal", INTERNAL_SERVER_ERROR, "Something went wrong here";
    OUTCOME_UNKNOWN: "outcome-unknown", SERVICE_UNAVAILABLE, "It is not known whether the request was carried out";
    UNAVAILABLE: "unavailable", SERVICE_UNAVAILABLE, "The service cannot do this now";
}

/// Where a fault lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// In a query parameter.
    Query,
    /// In the body.
    Body,
    /// In a header.
    Header,
    /// In the path.
    Path,
}

/// One fault of a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemDetail {
    /// JSON pointer to the field; for a query parameter or header, `/` and its name.
    pub pointer: String,
    /// A plain sentence.
    pub message: String,
    /// Stable kebab-case code of the fault.
    pub code: String,
    /// Where the pointer points.
    #[serde(rename = "in")]
    pub place: Place,
    /// Line of a body of lines; null elsewhere.
    pub line: Option<usize>,
}

/// The body of every error.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Address of the problem's description.
    pub r#type: String,
    /// Short name of the type of problem.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What went wrong this time.
    pub detail: String,
    /// Stable kebab-case code of the type of problem.
    pub code: String,
    /// All faults found at once; empty when it is none of particular fields.
    pub errors: Vec<ProblemDetail>,
    /// Id of the request, also in the header `x-request-id` and in the log.
    pub request_id: String,
}

/// An error on its way to the client, with what only the log may know.
#[derive(Clone)]
pub struct ApiError {
    kind: &'static ProblemType,
    detail: String,
    errors: Vec<ProblemDetail>,
    /// For the log alone.
    cause: Option<String>,
    retry_after_seconds: Option<u32>,
}

impl ApiError {
    /// An error of a type, with a sentence for this time.
    pub fn new(kind: &'static ProblemType, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), cause: None, retry_after_seconds: None }
    }

    /// Faults of some part of the request, all at once.
    pub fn faults(kind: &'static ProblemType, place: Place, faults: &Faults) -> Self {
        let errors = faults.list().iter().take(FAULTS_TOLD_MAX).map(|fault| detail_of(fault, place, None)).collect();
        Self { errors, ..Self::new(kind, told(faults.list())) }
    }

    /// Faults of a JSON body: 400 when it is no JSON at all, else 422.
    pub fn body(faults: &Faults) -> Self {
        let malformed = faults.list().iter().any(|fault| fault.code == "malformed-json");
        Self::faults(if malformed { &ProblemType::MALFORMED_BODY } else { &ProblemType::INVALID_BODY }, Place::Body, faults)
    }

    /// Faults of a body of lines: of their form, of what they name, or of what is recorded already. Nothing of it was stored.
    pub fn lines(bad: &[LineFaults]) -> Self {
        let all_are = |code| bad.iter().all(|bad| bad.faults.list().iter().all(|fault| fault.code == code));
        let kind = if all_are("malformed-json") {
            &ProblemType::MALFORMED_BODY
        } else if all_are("conflict") {
            &ProblemType::CONFLICT
        } else {
            &ProblemType::INVALID_BODY
        };
        let errors = bad.iter().flat_map(|bad| bad.faults.list().iter().map(|fault| detail_of(fault, Place::Body, Some(bad.line))));
        let errors: Vec<ProblemDetail> = errors.take(FAULTS_TOLD_MAX).collect();
        let detail = format!("{} of the lines cannot be taken, so none was; the first {} faults are listed", bad.len(), errors.len());
        Self { errors, ..Self::new(kind, detail) }
    }

    /// A query parameter that is not acceptable.
    pub fn query(name: &str, message: impl Into<String>) -> Self {
        let fault = Invalid::new("invalid-parameter", format!("/{name}"), message);
        Self::faults(&ProblemType::INVALID_QUERY, Place::Query, &fault.into())
    }

    /// A header that is not acceptable.
    pub fn header(name: &str, message: impl Into<String>) -> Self {
        let fault = Invalid::new("invalid-header", format!("/{name}"), message);
        Self::faults(&ProblemType::INVALID_HEADER, Place::Header, &fault.into())
    }

    /// Nothing of that name exists.
    pub fn not_found(what: &str, name: &str) -> Self {
        Self::new(&ProblemType::NOT_FOUND, format!("There is no {what} '{name}'."))
    }

    /// Something failed that no client can help.
    pub fn internal(cause: impl ToString) -> Self {
        let detail = "The request could not be answered; nothing was changed by it. The log has more under the request id.";
        Self { cause: Some(cause.to_string()), ..Self::new(&ProblemType::INTERNAL, detail) }
    }

    /// Something cannot be done now, but may be later.
    pub fn unavailable(cause: impl ToString) -> Self {
        let detail = "The service cannot do this at the moment; nothing was changed. Try again shortly.";
        Self { cause: Some(cause.to_string()), retry_after_seconds: Some(1), ..Self::new(&ProblemType::UNAVAILABLE, detail) }
    }

    /// A write that took too long, or in the middle of which the database was lost: it may have been carried out, or may still be.
    pub fn outcome_unknown(cause: impl ToString) -> Self {
        let detail = "The request took too long, or the database was lost meanwhile: it may be carried out all the same. Look before sending it again, or send it again with the same \
            Idempotency-Key: then it is carried out once at most.";
        Self { cause: Some(cause.to_string()), retry_after_seconds: Some(1), ..Self::new(&ProblemType::OUTCOME_UNKNOWN, detail) }
    }

    /// The same, once a write was carried out: what failed then is the answer alone, and nobody may be told that nothing happened.
    #[must_use]
    pub fn after_write(self) -> Self {
        if self.status().is_server_error() { Self::outcome_unknown(self.cause.unwrap_or(self.detail)) } else { self }
    }

    /// For the log.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        self.kind.status
    }

    /// The finished answer.
    pub fn into_problem(self, request_id: &str) -> Response {
        let problem = Problem {
            r#type: format!("/docs/problems#{}", self.kind.code),
            title: self.kind.title.to_string(),
            status: self.kind.status.as_u16(),
            detail: self.detail,
            code: self.kind.code.to_string(),
            errors: self.errors,
            request_id: request_id.to_string(),
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (self.kind.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.kind.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"figurebase\""));
        }
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl IntoResponse for ApiError {
    /// Carries the error to the outermost layer, which knows the request id.
    fn into_response(self) -> Response {
        let mut response = self.kind.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Condition(_) => Self::unavailable(error),
            StoreError::OutcomeUnknown(_) => Self::outcome_unknown(error),
            _ => Self::internal(error),
        }
    }
}

impl From<ChangeError> for ApiError {
    fn from(error: ChangeError) -> Self {
        let refusals = match error {
            ChangeError::Store(error) => return error.into(),
            ChangeError::Refused(refusals) => refusals,
        };
        match refusals.first() {
            Some(Refusal::KeyReused) => Self::new(
                &ProblemType::IDEMPOTENCY_KEY_REUSED,
                "This Idempotency-Key was used for a request with another body; choose a new key.",
            ),
            Some(Refusal::StillRunning) => {
                let detail = "A request with this Idempotency-Key is still being worked on; repeat it shortly.";
                Self { retry_after_seconds: Some(1), ..Self::new(&ProblemType::REQUEST_IN_PROGRESS, detail) }
            }
            Some(Refusal::Taken { id, .. }) => {
                Self::new(&ProblemType::CONFLICT, format!("'{id}' is recorded already, with other content."))
            }
            Some(Refusal::KeyCollision { other, .. }) => {
                Self::new(&ProblemType::CONFLICT, format!("This slug would get the same key as the metric '{other}'; choose another."))
            }
            Some(Refusal::Missing { .. }) => {
                let mut faults = Faults::default();
                for refusal in &refusals {
                    if let Refusal::Missing { kind, slug, pointer, .. } = refusal {
                        faults.push(Invalid::new("unknown-record", pointer.clone(), format!("there is no {kind} '{slug}'")));
                    }
                }
                Self::faults(&ProblemType::INVALID_BODY, Place::Body, &faults)
            }
            Some(Refusal::Stale { present, .. }) => {
                Self::new(&ProblemType::CONFLICT, format!("The present version is {present}; it changed while this request was worked on."))
            }
            None => Self::internal("a change was refused without a reason"),
        }
    }
}

fn detail_of(fault: &Invalid, place: Place, line: Option<usize>) -> ProblemDetail {
    ProblemDetail { pointer: fault.pointer.clone(), message: fault.message.clone(), code: fault.code.to_string(), place, line }
}

/// One sentence for all faults: the first, and how many more there are.
fn told(faults: &[Invalid]) -> String {
    match faults {
        [] => "The request cannot be taken.".to_string(),
        [one] => one.to_string(),
        [first, rest @ ..] => format!("{first} (and {} more)", rest.len()),
    }
}

//! The outermost layer of every request: its id, its time limit, its span, the one line in the log, and the body of
//! every error.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use super::problem::{ApiError, ProblemType};
use super::state::AppState;

/// Header that carries the id of a request.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest request id taken over from a client or proxy.
const REQUEST_ID_CHARS_MAX: usize = 64;

/// Runs a request inside its context.
pub async fn in_context(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = request_id(&request, &state);
    let (method, path) = (request.method().clone(), request.uri().path().to_string());
    let path_asked = path.clone();
    let span = tracing::info_span!("request", request_id = %id, %method, path);
    let limit = state.limits.request_time;
    let response = answered(request, next, limit).instrument(span.clone()).await;
    let mut response = match error_of(&response, &path_asked) {
        Some(error) => {
            let _entered = span.enter();
            let status = error.status().as_u16();
            if status >= 500 {
                tracing::error!(status, cause = error.cause().unwrap_or_default(), "request failed");
            } else {
                tracing::debug!(status, "request refused");
            }
            with_headers_of(response, error.into_problem(&id))
        }
        None => response,
    };
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

async fn answered(request: Request, next: Next, limit: Duration) -> Response {
    use axum::response::IntoResponse;
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) if is_read => ApiError::unavailable("the request took longer than its limit").into_response(),
        Err(_) => ApiError::outcome_unknown("the request took longer than its limit").into_response(),
    }
}

/// The error that an answer carries; the framework's own refusals (a path that is no text, a file that is not there)
/// carry none and get ours.
fn error_of(response: &Response, path: &str) -> Option<ApiError> {
    let carried = response.extensions().get::<ApiError>().cloned();
    let is_problem = response.headers().get(axum::http::header::CONTENT_TYPE).is_some_and(|media| media == "application/problem+json");
    match response.status() {
        _ if carried.is_some() || is_problem => carried,
        status if status.is_client_error() => Some(nothing_under(path)),
        status if status.is_server_error() => Some(ApiError::internal("an answer without a cause")),
        _ => None,
    }
}

fn nothing_under(path: &str) -> ApiError {
    ApiError::new(&ProblemType::NOT_FOUND, format!("Nothing is found under {path}."))
}

/// Keeps headers that inner layers set beside the error, such as `allow`.
fn with_headers_of(inner: Response, mut problem: Response) -> Response {
    for (name, value) in inner.headers() {
        if !problem.headers().contains_key(name) && name != axum::http::header::CONTENT_LENGTH {
            problem.headers_mut().insert(name.clone(), value.clone());
        }
    }
    problem
}

/// The id that came with the request, if it is harmless, or a new one.
fn request_id(request: &Request, state: &AppState) -> String {
    let given = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let harmless = |id: &&str| {
        !id.is_empty() && id.len() <= REQUEST_ID_CHARS_MAX && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    given.filter(harmless).map_or_else(|| state.store.clock().fresh_uuid().simple().to_string(), ToString::to_string)
}

/// What a panic in a handler becomes.
pub fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    use axum::response::IntoResponse;
    let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
    ApiError::internal(format!("panic: {}", text.unwrap_or_default())).into_response()
}

/// The answer to a path that leads nowhere.
pub async fn unknown_path(request: Request) -> ApiError {
    nothing_under(request.uri().path())
}

/// The answer to a method that a path does not have.
pub async fn unknown_method(request: Request) -> ApiError {
    ApiError::new(&ProblemType::METHOD_NOT_ALLOWED, format!("{} does not apply to {}.", request.method(), request.uri().path()))
}

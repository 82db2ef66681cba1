//! The service asked from within the same process: the answers of the API without a socket.

use axum::body::Body;
use axum::extract::Request;
use serde_json::Value;
use tower::ServiceExt;

use super::router;
use super::state::AppState;

/// Largest answer, in bytes: a page of the longest records is far smaller.
const ANSWER_BYTES_MAX: usize = 256_000_000;

/// The JSON of a successful answer to a GET, or in a sentence why there is none.
pub async fn get(state: &AppState, address: &str) -> Result<Value, String> {
    let request = Request::get(address).body(Body::empty()).map_err(|_| "the parameters make no address".to_string())?;
    let Ok(response) = router(state.clone()).oneshot(request).await;
    let is_success = response.status().is_success();
    let bytes = axum::body::to_bytes(response.into_body(), ANSWER_BYTES_MAX).await.map_err(|_| "the answer is too long".to_string())?;
    let answer: Value = serde_json::from_slice(&bytes).map_err(|_| "the answer is no JSON".to_string())?;
    if is_success { Ok(answer) } else { Err(answer["detail"].as_str().or(answer["title"].as_str()).unwrap_or("refused").to_string()) }
}

//! Whether the service lives, and whether it can work.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::ApiError;
use super::state::AppState;

/// A sign of life.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`; anything else is an error.
    status: &'static str,
}

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz", operation_id = "show_health", tag = "operation",
    responses((status = 200, description = "It does", body = Health)))]
pub async fn show_health() -> Response {
    axum::Json(Health { status: "ok" }).into_response()
}

/// Whether the database answers and its schema is up to date.
#[utoipa::path(get, path = "/readyz", operation_id = "show_readiness", tag = "operation",
    responses((status = 200, description = "It can work", body = Health)))]
pub async fn show_readiness(State(state): State<AppState>) -> Result<Response, ApiError> {
    state.store.head().await.map_err(ApiError::unavailable)?;
    Ok(axum::Json(Health { status: "ok" }).into_response())
}

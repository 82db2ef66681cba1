//! Who may write: `Authorization: Bearer <key>`. Reads are open.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use subtle::ConstantTimeEq;

use super::problem::{ApiError, ProblemType};
use super::state::AppState;
use crate::domain::key::{Key, Scope};

/// A caller whose key was found good; its scope is not checked yet.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Public part of the key.
    pub key_id: String,
    /// Whom the key was made for: the recorder of what is written.
    pub name: String,
    /// What the key may do.
    pub scope: Scope,
}

impl Caller {
    /// Refuses a caller whose key is too narrow.
    pub fn need(&self, scope: Scope) -> Result<(), ApiError> {
        if self.scope >= scope {
            return Ok(());
        }
        let detail = format!("This needs a key with the scope '{}'; yours has '{}'.", scope.as_str(), self.scope.as_str());
        Err(ApiError::new(&ProblemType::SCOPE_TOO_NARROW, detail))
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let text = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let bearer = text.and_then(|text| text.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let Some(key) = bearer.and_then(|(_, key)| Key::parse(key.trim())) else { return Err(refused(state).await?) };
        let stored = state.store.find_key(key.id()).await?;
        // An unknown key takes the same way as a wrong secret, so that the answer's time tells nothing.
        let expected = stored.as_ref().map_or_else(|| "0".repeat(64), |stored| stored.secret_sha256.clone());
        let matches = bool::from(expected.as_bytes().ct_eq(key.secret_hash().as_bytes()));
        match stored {
            Some(stored) if matches && stored.revoked_at.is_none() => {
                let scope = Scope::parse(&stored.scope).map_err(ApiError::internal)?;
                Ok(Self { key_id: stored.id, name: stored.name, scope })
            }
            _ => Err(refused(state).await?),
        }
    }
}

impl OptionalFromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    /// A request without a key is nobody's; one with a bad key is refused all the same.
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Option<Self>, ApiError> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(None);
        }
        <Self as FromRequestParts<AppState>>::from_request_parts(parts, state).await.map(Some)
    }
}

/// Refuses a write that came without a key.
pub async fn required(caller: Option<Caller>, state: &AppState) -> Result<Caller, ApiError> {
    match caller {
        Some(caller) => Ok(caller),
        None => Err(refused(state).await?),
    }
}

/// The answer to a missing or bad key: the same whatever is wrong with it, and how to get one where there is none.
async fn refused(state: &AppState) -> Result<ApiError, ApiError> {
    let detail = if state.store.has_keys().await? {
        "Writing needs the header 'Authorization: Bearer <key>' with a key that is in force."
    } else {
        "Writing needs a key, and none has been made yet. Make one with: figurebase keys create --name NAME --scope write"
    };
    Ok(ApiError::new(&ProblemType::KEY_REQUIRED, detail))
}

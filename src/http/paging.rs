//! Cursors: where a page begins, in a text that clients hand back unread.
//!
//! A cursor names the state it was made at, so that pages stay exact while others write, and the request it belongs
//! to, so that it cannot be used with other filters.

use data_encoding::BASE64URL_NOPAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::claim_params::Basis;
use super::params::Query;
use crate::domain::invalid::Invalid;
use crate::store::At;

/// Version of the cursor's form; another one is refused.
const FORM: u8 = 2;
/// Most items of a page.
pub const LIMIT_MAX: usize = 1000;
/// Items of a page when nothing is said.
pub const LIMIT_DEFAULT: usize = 50;

/// The state that a cursor was made at. A database that was restored from before its last changes gives their numbers again,
/// but at other times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    /// Number of the state.
    #[serde(rename = "snapshot")]
    pub at: At,
    /// When it was reached, in microseconds since 1970.
    pub reached_at: i64,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor<T> {
    form: u8,
    /// The state that all pages are of.
    #[serde(flatten)]
    pub pinned: Pinned,
    /// Of which request: a hash of its parameters.
    request: String,
    /// The last item of the page before.
    pub after: T,
}

impl<T: Serialize + DeserializeOwned> Cursor<T> {
    /// A cursor of a request.
    pub fn new(basis: Basis, request: &str, after: T) -> Self {
        let pinned = Pinned { at: basis.at, reached_at: basis.reached_at.as_microsecond() };
        Self { form: FORM, pinned, request: request.to_string(), after }
    }

    /// The text for clients.
    pub fn encode(&self) -> String {
        BASE64URL_NOPAD.encode(&serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads the text back; refuses one that is not ours or belongs to another request.
    pub fn decode(text: &str, request: &str) -> Result<Self, Invalid> {
        let malformed = || Invalid::new("invalid-parameter", "", "is not a cursor; take links.next as it is");
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| malformed())?;
        let cursor: Self = serde_json::from_slice(&bytes).map_err(|_| malformed())?;
        if cursor.form != FORM {
            return Err(malformed());
        }
        if cursor.request != request {
            return Err(Invalid::new("invalid-parameter", "", "belongs to a request with other parameters"));
        }
        Ok(cursor)
    }
}

/// The state that a cursor was made at, whatever request it belongs to.
pub fn snapshot_of(text: &str) -> Option<i64> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    serde_json::from_slice::<Cursor<serde::de::IgnoredAny>>(&bytes).ok().map(|cursor| cursor.pinned.at.0)
}

/// Takes `cursor`; it must belong to the request.
pub fn take_cursor<T: Serialize + DeserializeOwned>(query: &mut Query, request: &str) -> Option<Cursor<T>> {
    query.parsed("cursor", |text| Cursor::decode(text, request))
}

/// A hash of the path and of all parameters but the ones that differ from page to page.
pub fn request_hash(path: &str, raw_query: Option<&str>) -> String {
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(raw_query.unwrap_or_default().as_bytes())
        .into_owned()
        .filter(|(name, _)| !matches!(name.as_str(), "cursor" | "limit" | "snapshot" | "format"))
        .collect();
    pairs.sort();
    let mut hasher = Sha256::new();
    hasher.update(path.as_bytes());
    for (name, value) in pairs {
        hasher.update(format!("\n{name}={value}").as_bytes());
    }
    data_encoding::HEXLOWER.encode(&hasher.finalize()[..8])
}

/// The address of the next page: this request with another cursor.
pub fn next_link(path: &str, raw_query: Option<&str>, cursor: &str) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(raw_query.unwrap_or_default().as_bytes()) {
        if name != "cursor" {
            pairs.append_pair(&name, &value);
        }
    }
    pairs.append_pair("cursor", cursor);
    format!("{path}?{}", pairs.finish())
}

/// Refuses a request whose limit is out of range.
pub fn take_limit(query: &mut Query) -> Option<usize> {
    query.number("limit", 1, LIMIT_MAX)
}

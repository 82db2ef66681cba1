//! What a handler may reach, and the limits that hold for every request.

use std::sync::Arc;
use std::time::Duration;

use super::freshness::LastWrites;
use super::reading_desk::ReadingDesk;
use crate::store::Store;

/// Limits of requests; each is a setting with a default.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Longest time until the head of an answer.
    pub request_time: Duration,
    /// Largest JSON body, in bytes.
    pub body_bytes: usize,
    /// Largest body of lines, in bytes.
    pub lines_bytes: usize,
    /// Largest text of a source, in bytes.
    pub document_bytes: usize,
    /// Largest text that is looked through for somebody without a key, in bytes.
    pub open_text_bytes: usize,
    /// Texts that are looked through at one time.
    pub extractions: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_time: Duration::from_secs(30),
            body_bytes: 1_000_000,
            lines_bytes: 64_000_000,
            document_bytes: 8_000_000,
            open_text_bytes: 1_000_000,
            extractions: 2,
        }
    }
}

/// Shared by all handlers.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub store: Store,
    /// Limits of requests.
    pub limits: Arc<Limits>,
    /// Address under which the service is known outside, without a slash at its end.
    pub public_url: Option<Arc<str>>,
    /// What the last writes with each key led to.
    pub last_writes: Arc<LastWrites>,
    /// Where texts are looked through.
    pub desk: Arc<ReadingDesk>,
}

impl AppState {
    /// State over an open database.
    pub fn new(store: Store, limits: Limits, public_url: Option<&str>) -> Self {
        let public_url = public_url.map(|url| url.trim_end_matches('/').into());
        let desk = Arc::new(ReadingDesk::new(limits.extractions));
        Self { store, limits: Arc::new(limits), public_url, last_writes: Arc::default(), desk }
    }
}

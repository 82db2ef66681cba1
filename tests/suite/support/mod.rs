//! A fresh service for each test: its own database, a clock that stands still, identifiers that count up.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use figurebase::domain::clock::{Clock, FixedClock};
use figurebase::domain::key::{Key, Scope};
use figurebase::http::router;
use figurebase::http::state::{AppState, Limits};
use figurebase::ingest::seed::seed;
use figurebase::store::{OpenOptions, Store};
use jiff::Timestamp;
use serde_json::Value;
use tower::ServiceExt;

use crate::engine::Database;

/// The moment at which every test begins.
pub const NOW: &str = "2026-11-24T12:00:00Z";

/// A file beside the project that only some have; says aloud what is left out without it.
#[expect(clippy::print_stdout, reason = "what is left out is said aloud")]
pub fn beside(path: &str, what: &str) -> Option<PathBuf> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    if place.exists() {
        return Some(place);
    }
    println!("left out: {what}, for there is no ../{path}");
    None
}

/// A running service without a socket.
pub struct TestApp {
    pub store: Store,
    pub clock: Arc<FixedClock>,
    pub service: figurebase::http::Service,
    /// Behind the service's back. It is the last field, so that the store lets go of it first.
    database: Option<Database>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in: {}", self.body))
    }

    /// A header as text; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The code of a problem, after checking the whole shape that every problem has.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let problem = self.json();
        for key in ["type", "title", "status", "detail", "code", "errors", "request_id"] {
            assert!(problem.get(key).is_some(), "a problem has no {key}: {problem}");
        }
        assert_eq!(problem["status"], self.status.as_u16());
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        problem["code"].as_str().unwrap().to_string()
    }

    /// Pointers of a problem's faults.
    pub fn pointers(&self) -> Vec<String> {
        self.json()["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap().to_string()).collect()
    }

    /// Codes of a problem's faults.
    pub fn fault_codes(&self) -> Vec<String> {
        self.json()["errors"].as_array().unwrap().iter().map(|fault| fault["code"].as_str().unwrap().to_string()).collect()
    }
}

/// A request under construction.
pub struct Ask<'a> {
    app: &'a TestApp,
    builder: axum::http::request::Builder,
    body: Body,
}

impl Ask<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    pub fn key(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", &body.to_string())
    }

    pub fn ndjson(self, lines: &[Value]) -> Self {
        let text = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        self.raw("application/x-ndjson", &text)
    }

    pub fn raw(self, media_type: &str, body: &str) -> Self {
        self.bytes(media_type, body.as_bytes())
    }

    pub fn bytes(mut self, media_type: &str, body: &[u8]) -> Self {
        self.builder = self.builder.header("content-type", media_type);
        self.body = Body::from(body.to_vec());
        self
    }

    pub async fn send(self) -> Answer {
        let request = self.builder.body(self.body).unwrap();
        let response = self.app.service.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(bytes.to_vec()).unwrap() }
    }
}

impl TestApp {
    /// A service over a new database with the seeds in it.
    pub async fn seeded() -> Self {
        let app = Self::empty().await;
        seed(&app.store).await.unwrap();
        app
    }

    /// A service over a new, empty database.
    pub async fn empty() -> Self {
        Self::with_limits(Limits::default()).await
    }

    /// An empty service with its own limits.
    pub async fn with_limits(limits: Limits) -> Self {
        let database = Database::new();
        let options = OpenOptions { url: database.url().into(), readers: 2, create: true, ..OpenOptions::default() };
        Self { database: Some(database), ..Self::over(&options, limits).await }
    }

    /// A service over a database that the test itself keeps.
    pub async fn over(options: &OpenOptions, limits: Limits) -> Self {
        let clock = Arc::new(FixedClock::at(NOW.parse::<Timestamp>().unwrap()));
        let handed_in: Arc<dyn Clock> = clock.clone();
        let store = Store::open(options, handed_in).await.unwrap();
        let service = router(AppState::new(store.clone(), limits, None));
        Self { store, clock, service, database: None }
    }

    /// The database of its own that it is over.
    pub fn database(&self) -> &Database {
        self.database.as_ref().unwrap()
    }

    /// Makes a key with the given scope.
    pub async fn key(&self, scope: Scope) -> String {
        let mut bytes = [7; Key::RANDOM_BYTES];
        bytes[0] = scope as u8;
        let key = Key::from_random(&bytes);
        self.store.add_key(key.id(), &format!("{}-key", scope.as_str()), scope.as_str(), &key.secret_hash()).await.unwrap();
        key.reveal()
    }

    pub fn ask(&self, method: Method, path: &str) -> Ask<'_> {
        Ask { app: self, builder: Request::builder().method(method).uri(path), body: Body::empty() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).send().await
    }

    /// The `data` of a successful answer.
    pub async fn data(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        answer.json()["data"].clone()
    }

    /// Ids of the claims that a list answers with.
    pub async fn ids(&self, path: &str) -> Vec<String> {
        self.data(path).await.as_array().unwrap().iter().map(|claim| claim["id"].as_str().unwrap().to_string()).collect()
    }

    /// Metrics of the claims that a list answers with, in its order.
    pub async fn metrics(&self, path: &str) -> Vec<String> {
        self.data(path).await.as_array().unwrap().iter().map(|claim| claim["metric"]["slug"].as_str().unwrap().to_string()).collect()
    }
}

/// A claim that a client might send: so many people displaced from an actor in a year.
pub fn new_claim(actor: &str, best: &str, year: &str) -> Value {
    serde_json::json!({
        "metric": "refugees",
        "actor": actor,
        "value": {"best_exact": best, "unit": "person"},
        "period": year,
        "source": "reuters-2024",
    })
}

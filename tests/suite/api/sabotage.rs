//! Every operation of a service whose database is broken underneath: it fails cleanly, and nothing of the driver is shown.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::json;
use tower::ServiceExt;

use super::problems::{assert_problem, is_write, media_type, method, real_path};
use super::{Operation, described, operations};
use crate::engine;
use crate::support::{Answer, TestApp, new_claim};

/// Operations that need no database.
const WITHOUT_STORE: [&str; 2] = ["/healthz", "/v1/openapi.json"];

/// A seeded service whose database can be reached from outside.
struct Sabotaged {
    app: TestApp,
    key: String,
}

impl Sabotaged {
    async fn new() -> Self {
        let app = TestApp::seeded().await;
        let key = app.key(Scope::Write).await;
        Self { app, key }
    }

    /// Sends a request; a body that breaks off counts as an empty one with the mark of a cut.
    async fn send(&self, method: Method, path: &str, media_type: Option<&str>, body: String) -> Answer {
        let mut builder = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {}", self.key));
        if let Some(media_type) = media_type {
            builder = builder.header("content-type", media_type);
        }
        let response = self.app.service.clone().oneshot(builder.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = match axum::body::to_bytes(body, usize::MAX).await {
            Ok(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            Err(error) => format!("cut off: {error}"),
        };
        Answer { status: parts.status, headers: parts.headers, body }
    }

    async fn claim(&self) -> String {
        let answer = self.send(Method::GET, "/v1/claims?metric=trade-value", None, String::new()).await;
        answer.json()["data"][0]["id"].as_str().unwrap().to_string()
    }

    /// A sensible request to every operation, with its answer.
    async fn ask_everything(&self, claim: &str) -> Vec<(Operation, Answer)> {
        let mut answers = Vec::new();
        for operation in operations(&described()) {
            let mut path = real_path(&operation, claim);
            let query = match operation.path.as_str() {
                "/v1/series" | "/v1/series.{format}" | "/v1/series.svg" => "?metric=trade-value",
                "/v1/compare" | "/v1/compare.svg" => "?metric=trade-value&actor=CHN",
                "/v1/resolve" => "?name=china",
                "/v1/claims" if !is_write(&operation) => "?q=trade&include=count,facets,provenance&actor=china",
                _ => "",
            };
            path.push_str(query);
            let body = sensible_body(&operation, claim);
            let media_type = is_write(&operation).then(|| media_type(&operation));
            let answer = self.send(method(&operation), &path, media_type.as_deref(), body).await;
            answers.push((operation, answer));
        }
        answers
    }
}

/// A body with which every operation can do something; `claim` is one that exists.
pub fn sensible_body(operation: &Operation, claim: &str) -> String {
    match (operation.path.as_str(), operation.method.as_str()) {
        (_, "GET") => String::new(),
        ("/v1/sources/{slug}/document", _) => "A text.".to_string(),
        ("/v1/claims", _) => new_claim("UKR", "1", "2023").to_string(),
        ("/v1/actors", _) => json!({"slug": "new-one", "name": "New One", "kind": "organization"}).to_string(),
        ("/v1/units", _) => {
            json!({"slug": "new-one", "label": "new one", "dimension": "count", "base": "new-one", "factor": "1"}).to_string()
        }
        ("/v1/metrics", _) => {
            json!({"slug": "new-one", "label": "New one", "definition": "What is new.", "kind": "flow", "dimension": "count"}).to_string()
        }
        ("/v1/sources", _) => json!({"slug": "new-one", "title": "New One", "kind": "article"}).to_string(),
        ("/v1/claims/{id}/supersede", _) => json!({"by": claim, "reason": "x"}).to_string(),
        ("/v1/claims/{id}", _) => json!({"note": "changed", "reason": "x"}).to_string(),
        (_, "PATCH") => json!({"aliases": ["changed"], "reason": "x"}).to_string(),
        _ => json!({"reason": "x"}).to_string(),
    }
}

#[tokio::test]
async fn without_its_tables_every_operation_fails_cleanly() {
    let app = Sabotaged::new().await;
    let claim = app.claim().await;
    app.app.database().drop_tables(&app.app.database().tables().await).await;
    for (operation, answer) in app.ask_everything(&claim).await {
        let what = format!("{} {}", operation.method, operation.path);
        if WITHOUT_STORE.contains(&operation.path.as_str()) {
            assert_eq!(answer.status, StatusCode::OK, "{what}");
            continue;
        }
        assert_problem(&answer, &[500, 503], &["internal", "unavailable"], &what);
        assert_eq!(answer.json()["errors"], json!([]), "{what}");
    }
}

#[tokio::test]
async fn without_any_one_table_nothing_of_the_driver_is_shown() {
    let tables = Sabotaged::new().await.app.database().tables().await;
    assert!(tables.len() >= 10, "{tables:?}");
    for table in tables {
        let app = Sabotaged::new().await;
        let claim = app.claim().await;
        app.app.database().drop_tables(std::slice::from_ref(&table)).await;
        let mut failed = 0;
        for (operation, answer) in app.ask_everything(&claim).await {
            let what = format!("{} {} without {table}", operation.method, operation.path);
            assert_silent_or_served(&answer, &what);
            failed += usize::from(answer.status.is_server_error());
        }
        // Keys of idempotency and the migrations are not met by these requests.
        assert!(failed > 0 || ["idempotency", "_sqlx_migrations"].iter().any(|idle| table.contains(idle)), "nothing misses {table}");
    }
}

#[track_caller]
fn assert_silent_or_served(answer: &Answer, what: &str) {
    if answer.status.is_client_error() || answer.status.is_server_error() {
        assert_problem(answer, &[404, 409, 422, 500, 503], &[], what);
    } else {
        let said = answer.body.to_lowercase();
        assert!(!engine::MISSING_TABLE.iter().any(|words| said.contains(words)), "{what}: {}", answer.body);
        assert!(!answer.body.starts_with("cut off"), "{what}: the answer began as {} and broke off", answer.status);
    }
}

#[tokio::test]
async fn rows_that_cannot_be_true_fail_cleanly() {
    for damage in [
        "UPDATE claim_versions SET body = '{'",
        "UPDATE claim_versions SET body = '{}'",
        "UPDATE claim_versions SET state = 'nonsense'",
        "UPDATE actors SET body = 'nonsense'",
        "UPDATE metrics SET body = '[]'",
        "UPDATE sources SET body = ''",
        "UPDATE units SET body = 'null'",
        "UPDATE claim_versions SET recorded_at = 9223372036854775807",
        "UPDATE head SET committed_at = -9223372036854775807",
    ] {
        let app = Sabotaged::new().await;
        let claim = app.claim().await;
        app.app.database().run(damage).await;
        let mut failed = 0;
        for (operation, answer) in app.ask_everything(&claim).await {
            let what = format!("{} {} after {damage}", operation.method, operation.path);
            assert_silent_or_served(&answer, &what);
            failed += usize::from(answer.status.is_server_error());
        }
        assert!(failed > 0, "nobody notices {damage}");
    }
}

#[tokio::test]
async fn a_closed_store_is_unavailable() {
    let app = Sabotaged::new().await;
    let claim = app.claim().await;
    app.app.store.close().await;
    for (operation, answer) in app.ask_everything(&claim).await {
        if !WITHOUT_STORE.contains(&operation.path.as_str()) {
            assert_problem(&answer, &[500, 503], &["internal", "unavailable"], &format!("{} {}", operation.method, operation.path));
        }
    }
}

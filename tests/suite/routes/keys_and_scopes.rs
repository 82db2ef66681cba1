//! Who may write: keys, their scopes, and what is said to those who may not.

use axum::http::{Method, StatusCode};
use figurebase::domain::key::{Key, Scope};
use figurebase::http::description;
use serde_json::{Value, json};

use super::add_claims::{add, added, added_id, send, stats, with, writing};
use super::add_many::add_lines;
use crate::support::{Answer, TestApp, new_claim};

/// The body of a problem without what differs between any two requests.
fn told(answer: &Answer) -> Value {
    answer.problem();
    let mut problem = answer.json();
    problem.as_object_mut().unwrap().remove("request_id");
    problem
}

/// Every operation that is no GET, with its path filled in.
async fn writing_operations(app: &TestApp) -> Vec<(Method, String)> {
    let id = app.ids("/v1/claims?metric=trade-value").await[0].clone();
    let description = serde_json::to_value(description()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            if ![Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(&method) || !operation.is_object() {
                continue;
            }
            let slug = match path.split('/').nth(2).unwrap_or_default() {
                "actors" => "CHN",
                "metrics" => "refugees",
                "units" => "person",
                _ => "reuters-2024",
            };
            operations.push((
                method,
                path.replace("{id}", &id).replace("{finding}", "date-mismatch:draudt-vejares-2019").replace("{slug}", slug),
            ));
        }
    }
    assert!(operations.len() >= 16, "{operations:?}");
    assert!(operations.iter().all(|(_, path)| !path.contains('{')), "{operations:?}");
    operations
}

#[tokio::test]
async fn with_no_key_made_a_write_is_401_and_says_how_to_make_one() {
    let app = TestApp::seeded().await;
    let made_up = Key::from_random(&[9; Key::RANDOM_BYTES]).reveal();
    for answer in [
        app.ask(Method::POST, "/v1/claims").json(&new_claim("UKR", "1", "2024")).send().await,
        add(&app, &made_up, &new_claim("UKR", "1", "2024")).await,
    ] {
        assert_eq!((answer.status, answer.problem()), (StatusCode::UNAUTHORIZED, "key-required".into()));
        assert!(answer.json()["detail"].as_str().unwrap().contains("figurebase keys create"), "{}", answer.body);
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{:?}", answer.headers);
    }
}

#[tokio::test]
async fn a_missing_wrong_revoked_or_malformed_key_gets_the_same_answer() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    let revoked = Key::from_random(&[3; Key::RANDOM_BYTES]);
    app.store.add_key(revoked.id(), "revoked", "write", &revoked.secret_hash()).await.unwrap();
    assert!(app.store.revoke_key(revoked.id()).await.unwrap());
    let (id, secret) = key.trim_start_matches("fgb_").split_once('_').unwrap();
    let unknown = Key::from_random(&[5; Key::RANDOM_BYTES]).reveal();
    let flipped = if secret.ends_with('0') { "1" } else { "0" };
    let wrong_secret = format!("fgb_{id}_{}{flipped}", &secret[..secret.len() - 1]);
    let headers = [
        format!("Bearer {unknown}"),
        format!("Bearer {wrong_secret}"),
        format!("Bearer {}", revoked.reveal()),
        format!("Bearer fgb_{id}"),
        format!("Bearer fgb_{id}_"),
        format!("Bearer {secret}"),
        format!("Bearer {}", key.to_uppercase()),
        format!("Basic {key}"),
        format!("Bearer{key}"),
        key.clone(),
        "Bearer ".to_string(),
        "Bearer fgb_' OR 1=1 --_x".to_string(),
        format!("Bearer fgb_{}_{}", "a".repeat(5000), "b".repeat(5000)),
        String::new(),
    ];
    let missing = app.ask(Method::POST, "/v1/claims").json(&new_claim("UKR", "1", "2024")).send().await;
    assert_eq!((missing.status, missing.problem()), (StatusCode::UNAUTHORIZED, "key-required".into()));
    for header in headers {
        let answer = app.ask(Method::POST, "/v1/claims").header("authorization", &header).json(&new_claim("UKR", "1", "2024")).send().await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{header}");
        assert_eq!(told(&answer), told(&missing), "{header}");
        assert_eq!(answer.header("www-authenticate"), missing.header("www-authenticate"));
    }
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn a_key_works_until_it_is_revoked() {
    let (app, key) = writing().await;
    added(&app, &key, &new_claim("UKR", "1", "2024")).await;
    let id = key.split('_').nth(1).unwrap();
    assert!(app.store.revoke_key(id).await.unwrap());
    assert_eq!(add(&app, &key, &new_claim("UKR", "1", "2024")).await.status, StatusCode::UNAUTHORIZED);
    assert!(!app.store.revoke_key(id).await.unwrap());
}

#[tokio::test]
async fn the_scheme_may_be_written_in_any_case() {
    let (app, key) = writing().await;
    for scheme in ["bearer", "BEARER"] {
        let header = format!("{scheme} {key}");
        let answer = app.ask(Method::POST, "/v1/claims").header("authorization", &header).json(&new_claim("UKR", "1", "2024")).send().await;
        assert_eq!(answer.status, StatusCode::CREATED, "{scheme}");
    }
}

#[tokio::test]
async fn no_operation_that_writes_answers_without_a_key() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    for (method, path) in writing_operations(&app).await {
        for media in ["application/json", "text/plain", "application/x-ndjson"] {
            let body = "{\"reason\": \"x\"}";
            let answer = app.ask(method.clone(), &path).raw(media, body).send().await;
            assert_eq!((answer.status, answer.problem()), (StatusCode::UNAUTHORIZED, "key-required".into()), "{method} {path}");
            let answer = app.ask(method.clone(), &path).key(&format!("{key}0")).raw(media, body).send().await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        }
    }
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn a_key_that_may_only_propose_gets_403_everywhere_but_for_candidates() {
    let (app, _) = writing().await;
    let key = app.key(Scope::Propose).await;
    let before = stats(&app).await;
    let mut refused = 0;
    for (method, path) in writing_operations(&app).await {
        if matches!(path.as_str(), "/v1/claims" | "/v1/extractions") {
            continue;
        }
        let media = if path.ends_with("/document") { "text/plain" } else { "application/json" };
        let answer = app.ask(method.clone(), &path).key(&key).raw(media, "{\"reason\": \"x\", \"name\": \"y\"}").send().await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::FORBIDDEN, "scope-too-narrow".into()), "{method} {path}");
        refused += 1;
    }
    assert!(refused >= 15);
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn a_key_that_may_only_propose_makes_candidates() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Propose).await;
    for sent in [new_claim("UKR", "1", "2024"), with(new_claim("UKR", "1", "2024"), json!({"state": "candidate"}))] {
        let claim = added(&app, &key, &sent).await;
        assert_eq!((&claim["state"], &claim["recorded_by"]), (&json!("candidate"), &json!("propose-key")));
    }
    let before = stats(&app).await;
    let answer = add(&app, &key, &with(new_claim("UKR", "1", "2024"), json!({"state": "accepted"}))).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::FORBIDDEN, "scope-too-narrow".into()));
    assert_eq!(stats(&app).await, before);
    let answer = add_lines(&app, &key, &[new_claim("UKR", "2", "2024"), new_claim("SYR", "3", "2024")]).await;
    assert_eq!(answer.json()["data"]["created"], 2, "{}", answer.body);
    assert_eq!(app.ids("/v1/claims?metric=refugees&state=candidate").await.len(), 4);
    assert!(app.ids("/v1/claims?metric=refugees").await.is_empty());
}

#[tokio::test]
async fn no_line_of_a_key_that_may_only_propose_makes_or_changes_a_claim_that_counts() {
    let (app, key) = writing().await;
    let propose = app.key(Scope::Propose).await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    let shown = app.data(&format!("/v1/claims/{id}")).await;
    for state in ["accepted", "candidate", "retracted", "superseded"] {
        let mut line = shown.clone();
        line["version"] = 2.into();
        line["state"] = state.into();
        line["note"] = "slipped in".into();
        let answer = add_lines(&app, &propose, &[line]).await;
        assert!(answer.status.is_client_error(), "{state}: {} {}", answer.status, answer.body);
    }
    assert_eq!(app.data(&format!("/v1/claims/{id}")).await, shown);
    let count = app.ids("/v1/claims?limit=1000").await.len();
    add_lines(&app, &propose, &[with(new_claim("UKR", "7", "2024"), json!({"state": "accepted"}))]).await;
    assert_eq!(app.ids("/v1/claims?limit=1000").await.len(), count);
}

#[tokio::test]
async fn a_wider_scope_may_do_what_a_narrower_one_may() {
    let app = TestApp::seeded().await;
    for (scope, name) in [(Scope::Write, "write-key"), (Scope::Admin, "admin-key")] {
        let key = app.key(scope).await;
        let claim = added(&app, &key, &new_claim("UKR", "1", "2024")).await;
        assert_eq!((&claim["state"], &claim["recorded_by"]), (&json!("accepted"), &json!(name)));
        let candidate = added_id(&app, &key, &with(new_claim("UKR", "1", "2024"), json!({"state": "candidate"}))).await;
        let answer = send(&app, &key, Method::POST, &format!("/v1/claims/{candidate}/accept"), &json!({})).await;
        assert_eq!(answer.status, StatusCode::OK);
        let patched = send(&app, &key, Method::PATCH, "/v1/actors/CHN", &json!({"name": name, "reason": "x"})).await;
        assert_eq!(patched.json()["data"]["recorded_by"], name, "{}", patched.body);
    }
}

#[tokio::test]
async fn the_key_is_looked_at_before_anything_else() {
    let (app, _) = writing().await;
    let propose = app.key(Scope::Propose).await;
    for (path, media, body) in [
        ("/v1/claims", "application/json", "{"),
        ("/v1/claims", "application/xml", "<a/>"),
        ("/v1/claims?nonsense=1", "application/json", "{}"),
        ("/v1/claims/clm_none/retract", "application/json", "{}"),
        ("/v1/sources/nowhere/document", "text/plain", "x"),
    ] {
        let answer = app.ask(Method::POST, path).raw(media, body).send().await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::UNAUTHORIZED, "key-required".into()), "{path}");
    }
    for path in ["/v1/claims/clm_none/retract", "/v1/sources/nowhere/document", "/v1/actors"] {
        let answer = app.ask(Method::POST, path).key(&propose).raw("application/json", "{").send().await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn no_key_is_needed_to_read() {
    let app = TestApp::seeded().await;
    for path in ["/v1/claims", "/v1/actors/CHN", "/v1/stats", "/v1/openapi.json"] {
        let answer = app.ask(Method::GET, path).header("authorization", "Bearer nonsense").send().await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
    }
}

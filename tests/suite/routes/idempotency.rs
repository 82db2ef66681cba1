//! A request repeated under the same `Idempotency-Key` happens once and is answered the same.

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Key;
use serde_json::{Value, json};

use super::add_claims::{added_id, send, stats, with, writing};
use crate::support::{Answer, TestApp, new_claim};

async fn once(app: &TestApp, key: &str, method: Method, path: &str, name: &str, body: &Value) -> Answer {
    app.ask(method, path).key(key).header("idempotency-key", name).json(body).send().await
}

/// Checks that a repetition is answered exactly as the first time, and nothing stored.
async fn repeated(app: &TestApp, key: &str, method: Method, path: &str, name: &str, body: &Value, first: &Answer) {
    let before = stats(app).await;
    let again = once(app, key, method.clone(), path, name, body).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body), "{method} {path}");
    for header in ["location", "etag", "content-type", "last-modified"] {
        assert_eq!(again.header(header), first.header(header), "{method} {path}: {header}");
    }
    assert_eq!(stats(app).await, before, "{method} {path}");
}

#[tokio::test]
async fn a_claim_posted_again_under_its_key_is_the_same_claim() {
    let (app, key) = writing().await;
    let claim = new_claim("UKR", "6", "2024");
    let first = once(&app, &key, Method::POST, "/v1/claims", "one", &claim).await;
    assert_eq!(first.status, StatusCode::CREATED);
    app.clock.advance_seconds(3600);
    repeated(&app, &key, Method::POST, "/v1/claims", "one", &claim, &first).await;
    assert_eq!(app.ids("/v1/claims?metric=refugees").await.len(), 1);
    let other = once(&app, &key, Method::POST, "/v1/claims", "two", &claim).await;
    assert_ne!(other.header("location"), first.header("location"));
}

#[tokio::test]
async fn another_body_under_the_same_key_is_refused() {
    let (app, key) = writing().await;
    once(&app, &key, Method::POST, "/v1/claims", "one", &new_claim("UKR", "6", "2024")).await;
    let before = stats(&app).await;
    let answer = once(&app, &key, Method::POST, "/v1/claims", "one", &new_claim("UKR", "7", "2024")).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused".into()));
    let lines = app.ask(Method::POST, "/v1/claims").key(&key).header("idempotency-key", "one");
    let answer = lines.ndjson(&[new_claim("UKR", "6", "2024")]).send().await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused".into()));
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn an_idempotency_key_belongs_to_its_route_and_its_sender() {
    let (app, key) = writing().await;
    let other = Key::from_random(&[4; Key::RANDOM_BYTES]);
    app.store.add_key(other.id(), "other", "write", &other.secret_hash()).await.unwrap();
    let claim = new_claim("UKR", "6", "2024");
    let first = once(&app, &key, Method::POST, "/v1/claims", "one", &claim).await;
    let by_other = once(&app, &other.reveal(), Method::POST, "/v1/claims", "one", &claim).await;
    assert_eq!(by_other.status, StatusCode::CREATED, "{}", by_other.body);
    assert_ne!(by_other.header("location"), first.header("location"));
    let by_other = once(&app, &other.reveal(), Method::POST, "/v1/claims", "one", &new_claim("UKR", "7", "2024")).await;
    assert_eq!(by_other.problem(), "idempotency-key-reused");
    let actor = once(&app, &key, Method::POST, "/v1/actors", "one", &json!({"slug": "moon", "name": "Moon", "kind": "region"})).await;
    assert_eq!(actor.status, StatusCode::CREATED, "{}", actor.body);
    let patch = json!({"note": "n", "reason": "x"});
    for _ in 0..2 {
        let id = added_id(&app, &key, &claim).await;
        let revised = once(&app, &key, Method::PATCH, &format!("/v1/claims/{id}"), "one", &patch).await;
        assert_eq!((revised.status, &revised.json()["data"]["version"]), (StatusCode::OK, &json!(2)), "{}", revised.body);
    }
}

#[tokio::test]
async fn many_claims_posted_again_are_counted_as_the_first_time() {
    let (app, key) = writing().await;
    let lines = [new_claim("UKR", "6", "2024"), new_claim("SYR", "7", "2024")];
    let post = async || app.ask(Method::POST, "/v1/claims").key(&key).header("idempotency-key", "many").ndjson(&lines).send().await;
    let first = post().await;
    assert_eq!((first.status, &first.json()["data"]["created"]), (StatusCode::CREATED, &json!(2)));
    added_id(&app, &key, &new_claim("UKR", "8", "2024")).await;
    let before = stats(&app).await;
    let again = post().await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn a_revision_sent_again_makes_no_further_version() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    let path = format!("/v1/claims/{id}");
    let patch = json!({"value": {"best": 7}, "reason": "misread"});
    let first = once(&app, &key, Method::PATCH, &path, "one", &patch).await;
    assert_eq!(first.json()["data"]["version"], 2, "{}", first.body);
    repeated(&app, &key, Method::PATCH, &path, "one", &patch, &first).await;
}

#[tokio::test]
async fn a_revision_with_if_match_sent_again_is_answered_as_the_first_time() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    let patch = json!({"value": {"best": 7}, "reason": "misread"});
    for path in [format!("/v1/claims/{id}"), "/v1/actors/CHN".to_string()] {
        let tag = app.get(&path).await.header("etag").to_string();
        let patch = if path.contains("actors") { json!({"name": "Cathay", "reason": "old name"}) } else { patch.clone() };
        let send = async || {
            let ask = app.ask(Method::PATCH, &path).key(&key).header("idempotency-key", "one").header("if-match", &tag);
            ask.json(&patch).send().await
        };
        let first = send().await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.body);
        let again = send().await;
        assert_eq!((again.status, &again.body), (first.status, &first.body), "{path}");
    }
}

#[tokio::test]
async fn steps_sent_again_are_answered_as_the_first_time() {
    let (app, key) = writing().await;
    let heir = added_id(&app, &key, &new_claim("SYR", "6", "2024")).await;
    let candidate = with(new_claim("UKR", "6", "2024"), json!({"state": "candidate"}));
    let rejected = added_id(&app, &key, &candidate).await;
    let id = added_id(&app, &key, &candidate).await;
    for (id, step, body) in [
        (&rejected, "reject", json!({"reason": "no"})),
        (&id, "accept", json!({})),
        (&id, "retract", json!({"reason": "no"})),
        (&id, "restore", json!({})),
        (&id, "supersede", json!({"reason": "newer", "by": heir})),
    ] {
        let path = format!("/v1/claims/{id}/{step}");
        let first = once(&app, &key, Method::POST, &path, step, &body).await;
        assert_eq!(first.status, StatusCode::OK, "{step}: {}", first.body);
        repeated(&app, &key, Method::POST, &path, step, &body, &first).await;
    }
}

#[tokio::test]
async fn records_and_texts_sent_again_are_answered_as_the_first_time() {
    let (app, key) = writing().await;
    for (kind, record) in [
        ("actors", json!({"slug": "moon", "name": "Moon", "kind": "region"})),
        ("metrics", json!({"slug": "craters", "label": "Craters", "kind": "stock", "dimension": "count"})),
        ("units", json!({"slug": "crater", "label": "crater", "dimension": "count"})),
        ("sources", json!({"slug": "moon-news", "title": "Moon News"})),
    ] {
        let path = format!("/v1/{kind}");
        let first = once(&app, &key, Method::POST, &path, "one", &record).await;
        assert_eq!(first.status, StatusCode::CREATED, "{kind}: {}", first.body);
        repeated(&app, &key, Method::POST, &path, "one", &record, &first).await;
    }
    let text = async || {
        let ask = app.ask(Method::POST, "/v1/sources/moon-news/document").key(&key).header("idempotency-key", "one");
        ask.raw("text/plain", "Nothing new.").send().await
    };
    let first = text().await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let again = text().await;
    assert_eq!((again.status, &again.body, again.header("location")), (first.status, &first.body, first.header("location")));
}

#[tokio::test]
async fn a_claim_sent_again_after_it_was_changed_is_answered_as_the_first_time() {
    let (app, key) = writing().await;
    let claim = with(new_claim("DPRK", "6", "2024"), json!({"quote": "six"}));
    let first = once(&app, &key, Method::POST, "/v1/claims", "one", &claim).await;
    let path = first.header("location").to_string();
    send(&app, &key, Method::PATCH, &path, &json!({"value": {"best": 7}, "reason": "misread"})).await;
    send(&app, &key, Method::POST, &format!("{path}/retract"), &json!({"reason": "wrong"})).await;
    send(&app, &key, Method::PATCH, "/v1/actors/PRK", &json!({"name": "The North", "reason": "x"})).await;
    repeated(&app, &key, Method::POST, "/v1/claims", "one", &claim, &first).await;
    assert_eq!(app.data(&path).await["state"], "retracted");
}

#[tokio::test]
async fn a_claim_sent_again_is_answered_even_when_it_could_no_longer_be_taken() {
    let (app, key) = writing().await;
    let claim = with(new_claim("DPRK", "6", "2024"), json!({"quote": "six"}));
    let first = once(&app, &key, Method::POST, "/v1/claims", "one", &claim).await;
    assert_eq!(first.status, StatusCode::CREATED);
    send(&app, &key, Method::PATCH, "/v1/actors/PRK", &json!({"aliases": [], "reason": "x"})).await;
    repeated(&app, &key, Method::POST, "/v1/claims", "one", &claim, &first).await;
    let text = app.ask(Method::POST, "/v1/sources/reuters-2024/document").key(&key).raw("text/plain", "Seven.").send().await;
    assert_eq!(text.status, StatusCode::CREATED);
    repeated(&app, &key, Method::POST, "/v1/claims", "one", &claim, &first).await;
}

#[tokio::test]
async fn a_record_sent_again_after_it_was_revised_is_answered_as_the_first_time() {
    let (app, key) = writing().await;
    let actor = json!({"slug": "moon", "name": "Moon", "kind": "region"});
    let first = once(&app, &key, Method::POST, "/v1/actors", "one", &actor).await;
    let patch = json!({"name": "The Moon", "reason": "x"});
    let revised = once(&app, &key, Method::PATCH, "/v1/actors/moon", "two", &patch).await;
    assert_eq!(revised.status, StatusCode::OK);
    send(&app, &key, Method::PATCH, "/v1/actors/moon", &json!({"name": "Luna", "reason": "x"})).await;
    repeated(&app, &key, Method::PATCH, "/v1/actors/moon", "two", &patch, &revised).await;
    repeated(&app, &key, Method::POST, "/v1/actors", "one", &actor, &first).await;
}

#[tokio::test]
async fn a_request_that_was_refused_may_be_sent_again_once_it_can_be_taken() {
    let (app, key) = writing().await;
    let claim = new_claim("moon", "6", "2024");
    assert_eq!(once(&app, &key, Method::POST, "/v1/claims", "one", &claim).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    send(&app, &key, Method::POST, "/v1/actors", &json!({"slug": "moon", "name": "Moon", "kind": "region"})).await;
    let taken = once(&app, &key, Method::POST, "/v1/claims", "one", &claim).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.body);
    repeated(&app, &key, Method::POST, "/v1/claims", "one", &claim, &taken).await;
}

#[tokio::test]
async fn an_idempotency_key_is_one_to_two_hundred_visible_characters() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    for name in ["", &"k".repeat(201)] {
        let answer = once(&app, &key, Method::POST, "/v1/claims", name, &new_claim("UKR", "6", "2024")).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "invalid-header".into()));
        assert_eq!(answer.pointers(), ["/idempotency-key"]);
    }
    assert_eq!(stats(&app).await, before);
    let answer = once(&app, &key, Method::POST, "/v1/claims", &"k".repeat(200), &new_claim("UKR", "6", "2024")).await;
    assert_eq!(answer.status, StatusCode::CREATED);
}

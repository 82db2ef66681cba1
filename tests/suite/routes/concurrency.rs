//! Many at once: what is acknowledged is there, once; of two who change the same version one wins; who goes away
//! in the middle leaves a whole change or none.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use figurebase::http::state::{AppState, Limits};
use figurebase::http::{Service, router};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::add_claims::{added, added_id, send, stats, with, writing};
use crate::support::{TestApp, new_claim};

/// A handle to the service that tasks can take with them.
fn service(app: &TestApp) -> Service {
    router(AppState::new(app.store.clone(), Limits::default(), None))
}

fn request(key: &str, method: Method, path: &str, headers: &[(&str, &str)], body: &Value) -> Request<Body> {
    let mut builder = Request::builder().method(method).uri(path).header("content-type", "application/json");
    builder = builder.header("authorization", format!("Bearer {key}"));
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(Body::from(body.to_string())).unwrap()
}

async fn answer(service: Service, request: Request<Body>) -> (StatusCode, Value) {
    let response = service.oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap())
}

/// Sends all requests at once, each in a task of its own.
async fn at_once(app: &TestApp, requests: Vec<Request<Body>>) -> Vec<(StatusCode, Value)> {
    let service = service(app);
    let tasks = requests.into_iter().map(|request| tokio::spawn(answer(service.clone(), request)));
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

/// How many answers have each status.
fn statuses(answers: &[(StatusCode, Value)]) -> BTreeMap<u16, usize> {
    let mut counts = BTreeMap::new();
    for (status, _) in answers {
        *counts.entry(status.as_u16()).or_default() += 1;
    }
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_claims_posted_at_once_are_all_there_exactly_once() {
    let (app, key) = writing().await;
    let claims: Vec<Value> = (0..200).map(|best| new_claim("UKR", &best.to_string(), "2024")).collect();
    let requests = claims.iter().map(|claim| request(&key, Method::POST, "/v1/claims", &[], claim)).collect();
    let answers = at_once(&app, requests).await;
    assert_eq!(statuses(&answers), BTreeMap::from([(201, 200)]));
    let acknowledged: BTreeSet<String> = answers.iter().map(|(_, body)| body["data"]["id"].as_str().unwrap().to_string()).collect();
    assert_eq!(acknowledged.len(), 200);
    let listed = app.data("/v1/claims?metric=refugees&limit=1000").await;
    let listed = listed.as_array().unwrap();
    let ids: BTreeSet<String> = listed.iter().map(|claim| claim["id"].as_str().unwrap().to_string()).collect();
    assert_eq!((listed.len(), &ids), (200, &acknowledged));
    let numbers: BTreeSet<i64> = listed.iter().map(|claim| claim["value"]["best"].as_i64().unwrap()).collect();
    assert_eq!(numbers, (0..200).collect());
    for (_, body) in answers.iter().step_by(20) {
        let id = body["data"]["id"].as_str().unwrap();
        assert_eq!(app.data(&format!("/v1/claims/{id}")).await, body["data"]);
    }
}

/// Lets many revise one version of what stands under a path, and checks that one wins and all others are told so.
async fn one_of_many_wins(app: &TestApp, key: &str, path: &str, field: &str) {
    let tag = app.get(path).await.header("etag").to_string();
    let requests = (0..40).map(|n| {
        let patch = json!({field: format!("by {n}"), "reason": "x"});
        request(key, Method::PATCH, path, &[("if-match", &tag)], &patch)
    });
    let answers = at_once(app, requests.collect()).await;
    assert_eq!(statuses(&answers), BTreeMap::from([(200, 1), (412, 39)]), "{path}");
    let (_, winner) = answers.iter().find(|(status, _)| *status == StatusCode::OK).unwrap();
    let present = app.data(path).await;
    assert_eq!((&present[field], &present["version"]), (&winner["data"][field], &json!(2)), "{path}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_revise_the_same_version_of_a_claim_exactly_one_wins() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    one_of_many_wins(&app, &key, &format!("/v1/claims/{id}"), "note").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_revise_the_same_version_of_a_record_exactly_one_wins() {
    let (app, key) = writing().await;
    one_of_many_wins(&app, &key, "/v1/actors/CHN", "name").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_revision_that_was_acknowledged_is_a_version_of_its_own() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    let path = format!("/v1/claims/{id}");
    let requests =
        (0..40).map(|n| request(&key, Method::PATCH, &path, &[], &json!({"scope": {n.to_string(): "x"}, "reason": n.to_string()})));
    let answers = at_once(&app, requests.collect()).await;
    assert!(answers.iter().all(|(status, _)| [StatusCode::OK, StatusCode::CONFLICT].contains(status)), "{:?}", statuses(&answers));
    let won: Vec<&Value> = answers.iter().filter(|(status, _)| *status == StatusCode::OK).map(|(_, body)| &body["data"]).collect();
    assert!(!won.is_empty());
    let versions = app.data(&format!("{path}/versions")).await;
    let versions = versions.as_array().unwrap();
    assert_eq!(versions.len(), won.len() + 1);
    for (position, version) in versions.iter().enumerate() {
        assert_eq!(version["claim"]["version"], position + 1);
        // Each builds on the one before: nothing that was acknowledged is lost.
        assert_eq!(version["claim"]["scope"].as_object().unwrap().len(), position);
    }
    let numbers: BTreeSet<i64> = won.iter().map(|claim| claim["version"].as_i64().unwrap()).collect();
    assert_eq!(numbers.len(), won.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_claim_is_taken_back_once_however_many_ask() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    let path = format!("/v1/claims/{id}/retract");
    let requests = (0..20).map(|n| request(&key, Method::POST, &path, &[], &json!({"reason": n.to_string()})));
    let answers = at_once(&app, requests.collect()).await;
    assert_eq!(statuses(&answers), BTreeMap::from([(200, 1), (409, 19)]));
    assert_eq!(app.data(&format!("/v1/claims/{id}/versions")).await.as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_idempotency_key_makes_one_claim_however_often_it_is_sent_at_once() {
    let (app, key) = writing().await;
    let claim = new_claim("UKR", "6", "2024");
    let requests = (0..50).map(|_| request(&key, Method::POST, "/v1/claims", &[("idempotency-key", "one")], &claim));
    let answers = at_once(&app, requests.collect()).await;
    let mut bodies = BTreeSet::new();
    for (status, body) in &answers {
        match status.as_u16() {
            201 => drop(bodies.insert(body.to_string())),
            409 => assert_eq!(body["code"], "request-in-progress"),
            _ => panic!("{status}: {body}"),
        }
    }
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    assert_eq!(app.ids("/v1/claims?metric=refugees").await.len(), 1);
    let (status, body) = answer(service(&app), request(&key, Method::POST, "/v1/claims", &[("idempotency-key", "one")], &claim)).await;
    assert_eq!((status, body.to_string()), (StatusCode::CREATED, bodies.pop_first().unwrap()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_record_made_by_many_at_once_is_made_once() {
    let (app, key) = writing().await;
    let actor = json!({"slug": "moon", "name": "Moon", "kind": "region"});
    let requests = (0..30).map(|_| request(&key, Method::POST, "/v1/actors", &[], &actor));
    let answers = at_once(&app, requests.collect()).await;
    assert_eq!(statuses(&answers), BTreeMap::from([(200, 29), (201, 1)]));
    let rivals = (0..30).map(|n| with(actor.clone(), json!({"slug": "sun", "name": format!("Sun {n}")})));
    let requests = rivals.map(|rival| request(&key, Method::POST, "/v1/actors", &[], &rival));
    let answers = at_once(&app, requests.collect()).await;
    assert_eq!(statuses(&answers), BTreeMap::from([(201, 1), (409, 29)]));
    assert_eq!(app.data("/v1/actors/sun").await["version"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_lines_sent_at_once_are_recorded_once() {
    let (app, key) = writing().await;
    let lines: String = (0..50).map(|best| format!("{}\n", new_claim("UKR", &best.to_string(), "2024"))).collect();
    let requests = (0..10).map(|_| {
        let builder = Request::builder().method(Method::POST).uri("/v1/claims").header("content-type", "application/x-ndjson");
        builder.header("authorization", format!("Bearer {key}")).body(Body::from(lines.clone())).unwrap()
    });
    let answers = at_once(&app, requests.collect()).await;
    assert_eq!(statuses(&answers), BTreeMap::from([(201, 10)]));
    let created: i64 = answers.iter().map(|(_, body)| body["data"]["created"].as_i64().unwrap()).sum();
    assert_eq!(created, 50);
    assert_eq!(app.ids("/v1/claims?metric=refugees&limit=1000").await.len(), 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_goes_away_in_the_middle_leaves_a_whole_change_or_none_and_others_go_on() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("SYR", "0", "2000")).await;
    let path = format!("/v1/claims/{id}");
    let handle = service(&app);
    let mut tasks = Vec::new();
    for n in 0..150_u64 {
        let lines: String = (0..5)
            .map(|line| format!("{}\n", with(new_claim("UKR", &line.to_string(), "2024"), json!({"locator": n.to_string()}))))
            .collect();
        let builder = Request::builder().method(Method::POST).uri("/v1/claims").header("content-type", "application/x-ndjson");
        let builder = builder.header("authorization", format!("Bearer {key}")).header("idempotency-key", format!("lines {n}"));
        let many = builder.body(Body::from(lines)).unwrap();
        let patch = request(&key, Method::PATCH, &path, &[], &json!({"note": n.to_string(), "reason": "x"}));
        for request in [many, patch] {
            let task = tokio::spawn(answer(handle.clone(), request));
            let stop = task.abort_handle();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_micros(n * 397 % 20_000)).await;
                stop.abort();
            });
            tasks.push(task);
        }
    }
    let ended = join_all(tasks).await;
    let gone = ended.iter().filter(|ended| ended.is_err()).count();
    assert!(gone > 0, "no request was cut off, so nothing was tested");
    // One more write waits for all those before it.
    let last = added(&app, &key, &new_claim("SYR", "1", "2001")).await;
    assert_eq!(last["version"], 1);
    let claims = app.data("/v1/claims?metric=refugees&actor=UKR&limit=1000").await;
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    for claim in claims.as_array().unwrap() {
        *groups.entry(claim["locator"].as_str().unwrap().to_string()).or_default() += 1;
    }
    assert!(groups.values().all(|count| *count == 5), "{groups:?}");
    let acknowledged = ended.iter().flatten().filter(|(_, body)| body["data"]["created"] == 5).count();
    assert!(groups.len() >= acknowledged, "{} of {acknowledged}", groups.len());
    let versions = app.data(&format!("{path}/versions")).await;
    let numbers: Vec<i64> = versions.as_array().unwrap().iter().map(|version| version["claim"]["version"].as_i64().unwrap()).collect();
    assert_eq!(numbers, (1..=i64::try_from(numbers.len()).unwrap()).collect::<Vec<_>>());
    // Whoever went away may ask again and learns how it ended.
    let lines: String =
        (0..5).map(|line| format!("{}\n", with(new_claim("UKR", &line.to_string(), "2024"), json!({"locator": "0"})))).collect();
    let again =
        app.ask(Method::POST, "/v1/claims").key(&key).header("idempotency-key", "lines 0").raw("application/x-ndjson", &lines).send().await;
    assert_eq!((again.status, &again.json()["data"]["created"]), (StatusCode::CREATED, &json!(5)), "{}", again.body);
    let patched = send(&app, &key, Method::PATCH, &path, &json!({"note": "the end", "reason": "x"})).await;
    assert_eq!(patched.status, StatusCode::OK, "{}", patched.body);
    groups.insert("0".into(), 5);
    assert_eq!(stats(&app).await["data"]["claims"]["accepted"], 13 + 2 + 5 * groups.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_see_whole_changes_while_others_write() {
    let (app, key) = writing().await;
    let handle = service(&app);
    let writers: Vec<_> = (0..20)
        .map(|n: i32| {
            let lines: String = (0..10)
                .map(|line| format!("{}\n", with(new_claim("UKR", &line.to_string(), "2024"), json!({"locator": n.to_string()}))))
                .collect();
            let builder = Request::builder().method(Method::POST).uri("/v1/claims").header("content-type", "application/x-ndjson");
            let request = builder.header("authorization", format!("Bearer {key}")).body(Body::from(lines)).unwrap();
            tokio::spawn(answer(handle.clone(), request))
        })
        .collect();
    for _ in 0..30 {
        let body = app.get("/v1/claims?metric=refugees&limit=1000&include=count").await.json();
        let count = body["meta"]["count"].as_u64().unwrap();
        assert_eq!(count, body["data"].as_array().unwrap().len() as u64);
        assert_eq!(count % 10, 0, "a part of a change was seen");
    }
    for writer in writers {
        assert_eq!(writer.await.unwrap().0, StatusCode::CREATED);
    }
    assert_eq!(app.ids("/v1/claims?metric=refugees&limit=1000").await.len(), 200);
}

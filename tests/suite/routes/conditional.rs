//! What a client that has an answer already is told: validators, 304, HEAD.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use super::claims::{add_claim, retract, revise, seed_claim};
use crate::support::{Answer, TestApp, new_claim};

const DAY_BEFORE: &str = "Mon, 23 Nov 2026 12:00:00 GMT";
const NOW: &str = "Tue, 24 Nov 2026 12:00:00 GMT";

async fn add_document(app: &TestApp, key: &str) -> String {
    let ask = app.ask(Method::POST, "/v1/sources/toda-2022/document").key(key);
    let answer = ask.raw("text/plain", "Five persons were seen.").send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.json()["data"]["sha256"].as_str().unwrap().to_string()
}

/// Every route that can be read, in every form that it has.
async fn all_paths(app: &TestApp) -> Vec<String> {
    let key = app.key(Scope::Write).await;
    let document = add_document(app, &key).await;
    let id = seed_claim(app, "trade-value").await["id"].as_str().unwrap().to_string();
    let mut paths = vec![
        format!("/v1/claims/{id}"),
        format!("/v1/claims/{id}?version=1"),
        format!("/v1/claims/{id}?include=provenance"),
        format!("/v1/claims/{id}/versions"),
        format!("/v1/claims/{id}/provenance"),
        format!("/v1/documents/{document}"),
    ];
    for format in ["json", "dot", "mermaid", "svg", "prov-json", "jsonld"] {
        paths.push(format!("/v1/claims/{id}/provenance?format={format}"));
    }
    for style in ["apa", "mla", "chicago", "bibtex", "ris", "csl-json"] {
        paths.push(format!("/v1/claims/{id}/cite?style={style}"));
    }
    for list in ["claims", "series", "summary", "actors", "metrics", "units", "sources", "sources/asian-proxy-war-2024/claims"] {
        for suffix in ["", ".json", ".csv", ".ndjson"] {
            let query = if list == "series" { "?metric=trade-value" } else { "" };
            paths.push(format!("/v1/{list}{suffix}{query}"));
        }
    }
    let others = [
        "claims?q=china&include=count,facets",
        "claims?format=csv",
        "actors/CHN",
        "metrics/trade-value",
        "units/USD",
        "sources/reuters-2024",
        "sources/reuters-2024/citations",
        "availability",
        "stats",
        "resolve?name=China",
    ];
    paths.extend(others.iter().map(|path| format!("/v1/{path}")));
    paths
}

async fn asked_with(app: &TestApp, path: &str, name: &str, value: &str) -> Answer {
    app.ask(Method::GET, path).header(name, value).send().await
}

#[tokio::test]
async fn every_answer_has_a_strong_tag_of_its_own_and_a_time() {
    let app = TestApp::seeded().await;
    let mut tags: BTreeMap<String, String> = BTreeMap::new();
    for path in all_paths(&app).await {
        let answer = app.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        let tag = answer.header("etag").to_string();
        assert!(tag.len() > 4 && tag.starts_with('"') && tag.ends_with('"'), "{path}: {tag}");
        assert_eq!(answer.header("last-modified"), NOW, "{path}");
        assert_eq!(answer.header("cache-control"), "public, no-cache", "{path}");
        if let Some(other) = tags.insert(tag, path.clone()) {
            panic!("{path} has the tag of {other}");
        }
    }
}

#[tokio::test]
async fn a_client_that_has_the_answer_is_told_so_and_nothing_else() {
    let app = TestApp::seeded().await;
    for path in all_paths(&app).await {
        let tag = app.get(&path).await.header("etag").to_string();
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_string()] {
            let answer = asked_with(&app, &path, "if-none-match", &known).await;
            assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path} {known}");
            assert_eq!(answer.header("etag"), tag, "{path}");
        }
        assert_eq!(asked_with(&app, &path, "if-none-match", "\"other\"").await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_client_that_names_a_time_is_told_whether_anything_changed_since() {
    let app = TestApp::seeded().await;
    for path in all_paths(&app).await {
        let answer = asked_with(&app, &path, "if-modified-since", NOW).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        for time in [DAY_BEFORE, "yesterday"] {
            assert_eq!(asked_with(&app, &path, "if-modified-since", time).await.status, StatusCode::OK, "{path} {time}");
        }
        let both = app.ask(Method::GET, &path).header("if-modified-since", NOW).header("if-none-match", "\"other\"").send().await;
        assert_eq!(both.status, StatusCode::OK, "the tag counts more than the time: {path}");
    }
}

#[tokio::test]
async fn the_head_of_an_answer_is_the_answers_without_its_body() {
    let app = TestApp::seeded().await;
    for path in all_paths(&app).await {
        let (whole, head) = (app.get(&path).await, app.ask(Method::HEAD, &path).send().await);
        assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""), "{path}");
        for name in ["etag", "last-modified", "content-type", "content-disposition", "link", "vary"] {
            assert_eq!(head.header(name), whole.header(name), "{name} of {path}");
        }
        let known = app.ask(Method::HEAD, &path).header("if-none-match", whole.header("etag")).send().await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED, "{path}");
    }
}

#[tokio::test]
async fn the_description_of_the_service_can_be_asked_for_conditionally_too() {
    let app = TestApp::seeded().await;
    let answer = app.get("/v1/openapi.json").await;
    let tag = answer.header("etag").to_string();
    assert_eq!(asked_with(&app, "/v1/openapi.json", "if-none-match", &tag).await.status, StatusCode::NOT_MODIFIED);
    assert_eq!(app.ask(Method::HEAD, "/v1/openapi.json").send().await.header("etag"), tag);
    assert_ne!(answer.header("last-modified"), "", "every GET has a time");
}

#[tokio::test]
async fn an_empty_database_answers_conditionally_too() {
    let app = TestApp::empty().await;
    for path in ["/v1/claims", "/v1/claims.csv", "/v1/actors", "/v1/stats"] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        assert_eq!(asked_with(&app, path, "if-none-match", answer.header("etag")).await.status, StatusCode::NOT_MODIFIED);
    }
}

#[tokio::test]
async fn lists_change_their_tag_with_every_write() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let lists = ["/v1/claims", "/v1/claims.csv", "/v1/summary", "/v1/availability", "/v1/stats", "/v1/actors/SYR"];
    let mut before = Vec::new();
    for path in lists {
        before.push(app.get(path).await);
    }
    app.clock.advance_seconds(90);
    add_claim(&app, &key, &new_claim("SYR", "5", "2023")).await;
    for (path, before) in lists.iter().zip(before) {
        let after = app.ask(Method::GET, path).header("if-none-match", before.header("etag")).send().await;
        assert_eq!(after.status, StatusCode::OK, "{path}");
        assert_ne!(after.body, before.body, "{path}");
        assert_eq!(after.header("last-modified"), "Tue, 24 Nov 2026 12:01:30 GMT", "{path}");
    }
}

#[tokio::test]
async fn a_replayed_state_keeps_its_tag_for_good() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let snapshot = app.get("/v1/claims").await.json()["meta"]["snapshot"].as_i64().unwrap();
    let path = format!("/v1/claims.csv?snapshot={snapshot}");
    let before = app.get(&path).await;
    app.clock.advance_seconds(90);
    add_claim(&app, &key, &new_claim("SYR", "5", "2023")).await;
    assert_eq!(asked_with(&app, &path, "if-none-match", before.header("etag")).await.status, StatusCode::NOT_MODIFIED);
    assert_eq!(app.get(&path).await.body, before.body);
}

#[tokio::test]
async fn the_tag_of_one_claim_follows_its_own_version_and_records() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let id = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    for rest in ["", "/versions", "/cite"] {
        let path = format!("/v1/claims/{id}{rest}");
        let before = app.get(&path).await;
        app.clock.advance_seconds(90);
        add_claim(&app, &key, &new_claim("CHN", "5", "2023")).await;
        revise(&app, &key, "/v1/actors/SYR", json!({"name": format!("Syria{rest}")})).await;
        let unrelated = asked_with(&app, &path, "if-none-match", before.header("etag")).await;
        assert_eq!(unrelated.status, StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(unrelated.header("last-modified"), before.header("last-modified"), "{path}");
        for (record, patch) in [
            ("/v1/actors/CHN", json!({"name": format!("Cathay{rest}")})),
            ("/v1/actors/RUS", json!({"name": format!("Muscovy{rest}")})),
            ("/v1/metrics/trade-value", json!({"label": format!("Trade{rest}")})),
            ("/v1/sources/asian-proxy-war-2024", json!({"title": format!("Essay{rest}")})),
        ] {
            let before = app.get(&path).await;
            revise(&app, &key, record, patch).await;
            let after = asked_with(&app, &path, "if-none-match", before.header("etag")).await;
            assert_eq!(after.status, StatusCode::OK, "{path} after {record}");
            assert_ne!(after.body, before.body, "{path} after {record}");
        }
    }
}

#[tokio::test]
async fn the_version_stands_in_front_of_the_tag() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let id = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    let tag = async |path: &str| app.get(&format!("/v1/claims/{id}{path}")).await.header("etag").to_string();
    for path in ["", "/versions", "/provenance", "/provenance?format=dot", "/cite", "/cite?style=ris"] {
        assert!(tag(path).await.starts_with("\"v1-"), "{path}");
    }
    retract(&app, &key, &id).await;
    for path in ["", "/versions", "/provenance", "/cite"] {
        assert!(tag(path).await.starts_with("\"v2-"), "{path}");
    }
    assert!(tag("?version=1").await.starts_with("\"v1-"));
    assert!(app.get("/v1/actors/CHN").await.header("etag").starts_with("\"v1-"));
}

#[tokio::test]
async fn the_history_of_a_claim_changes_its_tag_when_an_earlier_actor_is_renamed() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let id = add_claim(&app, &key, &new_claim("SYR", "5", "2023")).await;
    revise(&app, &key, &format!("/v1/claims/{id}"), json!({"actor": "UKR"})).await;
    let path = format!("/v1/claims/{id}/versions");
    let before = app.get(&path).await;
    revise(&app, &key, "/v1/actors/SYR", json!({"name": "Aram"})).await;
    assert_eq!(app.get(&path).await.json()["data"][0]["claim"]["actor"]["name"], "Aram");
    assert_ne!(app.get(&path).await.header("etag"), before.header("etag"));
}

#[tokio::test]
async fn the_history_of_a_claim_names_a_state_that_gives_it_again() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let id = add_claim(&app, &key, &new_claim("SYR", "5", "2023")).await;
    revise(&app, &key, &format!("/v1/claims/{id}"), json!({"actor": "UKR"})).await;
    revise(&app, &key, "/v1/actors/SYR", json!({"name": "Aram"})).await;
    let now = app.get(&format!("/v1/claims/{id}/versions")).await.json();
    let again = app.data(&format!("/v1/claims/{id}/versions?snapshot={}", now["meta"]["snapshot"])).await;
    assert_eq!(again, now["data"]);
}

#[tokio::test]
async fn a_reference_of_yesterday_is_not_todays() {
    let app = TestApp::seeded().await;
    let id = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    let path = format!("/v1/claims/{id}/cite?style=csl-json");
    let before = app.get(&path).await;
    app.clock.advance_seconds(86_400);
    let after = asked_with(&app, &path, "if-none-match", before.header("etag")).await;
    assert_eq!(after.status, StatusCode::OK);
    assert_ne!(after.body, before.body);
    let by_time = asked_with(&app, &path, "if-modified-since", before.header("last-modified")).await;
    assert_eq!(by_time.status, StatusCode::OK, "the day of access changed");
}

#[tokio::test]
async fn a_claim_with_its_provenance_is_as_new_as_its_chain() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let id = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    let path = format!("/v1/claims/{id}?include=provenance");
    let before = app.get(&path).await;
    app.clock.advance_seconds(90);
    revise(&app, &key, "/v1/sources/reuters-2024", json!({"citations": []})).await;
    let by_tag = asked_with(&app, &path, "if-none-match", before.header("etag")).await;
    let by_time = asked_with(&app, &path, "if-modified-since", before.header("last-modified")).await;
    assert_ne!(by_tag.body, before.body);
    assert_eq!((by_tag.status, by_time.status), (StatusCode::OK, StatusCode::OK));
}

#[tokio::test]
async fn a_refusal_is_never_answered_with_not_modified() {
    let app = TestApp::seeded().await;
    for path in ["/v1/claims?limit=0", "/v1/claims/nonsense", "/v1/nowhere"] {
        let answer = asked_with(&app, path, "if-none-match", "*").await;
        assert!(answer.status.is_client_error(), "{path}");
        answer.problem();
        assert_eq!((answer.header("etag"), answer.header("cache-control")), ("", "no-store"), "{path}");
    }
}

#[tokio::test]
async fn the_tag_of_an_answer_serves_as_precondition_of_a_write() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let id = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    let tag = app.get(&format!("/v1/claims/{id}/cite?style=ris")).await.header("etag").to_string();
    let body: Value = json!({"reason": "a test"});
    let ask = || app.ask(Method::POST, &format!("/v1/claims/{id}/retract")).key(&key).header("if-match", &tag).json(&body);
    assert_eq!(ask().send().await.status, StatusCode::OK);
    let stale = ask().send().await;
    assert_eq!((stale.status, stale.problem().as_str()), (StatusCode::PRECONDITION_FAILED, "version-mismatch"));
}

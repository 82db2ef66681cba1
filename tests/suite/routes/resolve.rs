//! Looking up what a name may mean.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::add_claims::{send, writing};
use super::filters::address;
use crate::support::TestApp;

async fn candidates(app: &TestApp, query: &str) -> Vec<Value> {
    app.data(&format!("/v1/resolve?{query}")).await.as_array().unwrap().clone()
}

fn slugs(candidates: &[Value]) -> Vec<&str> {
    candidates.iter().map(|candidate| candidate["slug"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_code_and_an_alias_resolve_exactly() {
    let app = TestApp::seeded().await;
    for name in ["DPRK", "dprk", "KP", "PRK", "Q423", "North%20Korea", "D.P.R.K."] {
        let found = candidates(&app, &format!("name={name}")).await;
        assert_eq!((&found[0]["slug"], &found[0]["exact"]), (&json!("PRK"), &json!(true)), "{name}: {found:?}");
        assert_eq!(
            (&found[0]["kind"], &found[0]["label"], &found[0]["url"]),
            (&json!("actor"), &json!("North Korea"), &json!("/v1/actors/PRK"))
        );
    }
}

#[tokio::test]
async fn a_capital_only_suggests_its_state() {
    let app = TestApp::seeded().await;
    let found = candidates(&app, "name=Pyongyang").await;
    assert_eq!((&found[0]["slug"], &found[0]["role"], &found[0]["exact"]), (&json!("PRK"), &json!("metonym"), &json!(false)));
    assert!(found[0]["score"].as_f64().unwrap() < 1.0);
}

#[tokio::test]
async fn a_misspelled_name_is_found_but_not_exact() {
    let app = TestApp::seeded().await;
    let found = candidates(&app, "name=Ukrane&kind=actor").await;
    assert_eq!((&found[0]["slug"], &found[0]["exact"]), (&json!("UKR"), &json!(false)), "{found:?}");
    assert!(found[0]["score"].as_f64().unwrap() < 0.9);
}

#[tokio::test]
async fn a_name_of_several_gives_all_and_chooses_none() {
    let app = TestApp::seeded().await;
    let found = candidates(&app, "name=Congolese&kind=actor").await;
    let (first, second) = (&found[0], &found[1]);
    assert_eq!(slugs(&found[..2]), ["COD", "COG"]);
    assert_eq!(first["score"], second["score"]);
    assert_eq!((&first["exact"], &second["exact"]), (&json!(false), &json!(false)));
    let koreans = candidates(&app, "name=Korea&kind=actor").await;
    assert!(slugs(&koreans).contains(&"KOR") && slugs(&koreans).contains(&"PRK"), "{koreans:?}");
    assert!(koreans.iter().all(|candidate| candidate["exact"] == false), "{koreans:?}");
}

#[tokio::test]
async fn candidates_come_best_first_and_each_record_once() {
    let app = TestApp::seeded().await;
    let found = candidates(&app, "name=korea&limit=50").await;
    let scores: Vec<f64> = found.iter().map(|candidate| candidate["score"].as_f64().unwrap()).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)));
    let mut distinct: Vec<(&Value, &Value)> = found.iter().map(|candidate| (&candidate["kind"], &candidate["slug"])).collect();
    let all = distinct.len();
    distinct.sort_by_key(|pair| format!("{pair:?}"));
    distinct.dedup();
    assert_eq!(distinct.len(), all);
}

#[tokio::test]
async fn metrics_and_other_kinds_resolve_too() {
    let app = TestApp::seeded().await;
    let metric = candidates(&app, "name=bilateral%20trade").await;
    assert_eq!((&metric[0]["kind"], &metric[0]["slug"], &metric[0]["exact"]), (&json!("metric"), &json!("trade-value"), &json!(true)));
    let unit = candidates(&app, "name=US%20dollars&kind=unit").await;
    assert_eq!((&unit[0]["kind"], &unit[0]["slug"]), (&json!("unit"), &json!("USD")));
    let source = candidates(&app, "name=reuters-2024&kind=source").await;
    assert_eq!((&source[0]["kind"], &source[0]["exact"]), (&json!("source"), &json!(true)));
    assert!(candidates(&app, "name=US%20dollars&kind=actor").await.iter().all(|candidate| candidate["kind"] == "actor"));
}

#[tokio::test]
async fn a_name_of_nothing_gives_nothing() {
    let app = TestApp::seeded().await;
    assert_eq!(candidates(&app, "name=xqzwvk").await, [] as [Value; 0]);
}

#[tokio::test]
async fn what_is_exact_is_what_the_filter_takes() {
    let app = TestApp::seeded().await;
    for (name, count) in [("DPRK", 3), ("Pyongyang", 0), ("Ukrane", 0), ("Chinese", 0), ("China", 5)] {
        let found = candidates(&app, &format!("name={name}&kind=actor")).await;
        let exact = found.iter().any(|candidate| candidate["exact"] == true);
        let listed = app.ids(&format!("/v1/claims?actor={name}")).await.len();
        assert_eq!((exact, listed), (count > 0, count), "{name}");
    }
}

#[tokio::test]
async fn a_look_up_without_a_name_is_refused() {
    let app = TestApp::seeded().await;
    for query in ["", "?name=", "?kind=actor"] {
        let answer = app.get(&format!("/v1/resolve{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!((answer.problem().as_str(), answer.pointers()), ("invalid-query", vec!["/name".to_string()]));
    }
    let answer = app.get("/v1/resolve?nmae=China&limit=51&kind=person").await;
    assert_eq!(answer.problem(), "invalid-query");
    let mut pointers = answer.pointers();
    pointers.sort();
    assert_eq!(pointers, ["/kind", "/limit", "/name", "/nmae"]);
    assert!(answer.body.contains("did you mean 'name'?"), "{}", answer.body);
}

#[tokio::test]
async fn a_long_name_resolves_exactly_by_all_of_it() {
    let (app, key) = writing().await;
    let (long, other) = ("ж".repeat(900), format!("{}я", "ж".repeat(899)));
    for (slug, name) in [("long-name", &long), ("other-name", &other)] {
        let actor = json!({"slug": slug, "name": name, "kind": "organization"});
        assert_eq!(send(&app, &key, Method::POST, "/v1/actors", &actor).await.status, StatusCode::CREATED);
    }
    for (slug, name) in [("long-name", &long), ("other-name", &other)] {
        let found = app.data(&address("/v1/resolve", &[("name", name)])).await;
        assert_eq!((&found[0]["slug"], &found[0]["exact"]), (&json!(slug), &json!(true)), "{found}");
    }
}

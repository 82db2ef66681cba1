//! Where claims come from: chains, their stated ends, circles, and the forms of the graph.

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use super::claims::{add_claim, revise, seed_claim};
use crate::support::{TestApp, new_claim};

const ESSAY: &str = "source:asian-proxy-war-2024";

async fn graph_of_metric(app: &TestApp, metric: &str) -> Value {
    let claim = seed_claim(app, metric).await;
    app.data(claim["links"]["provenance"].as_str().unwrap()).await
}

/// The edges of a relation, as pairs of ids.
fn edges(graph: &Value, relation: &str) -> Vec<(String, String)> {
    let all = graph["edges"].as_array().unwrap().iter().filter(|edge| edge["relation"] == relation);
    all.map(|edge| (edge["from"].as_str().unwrap().to_string(), edge["to"].as_str().unwrap().to_string())).collect()
}

fn edge<'a>(graph: &'a Value, from: &str, to: &str) -> &'a Value {
    graph["edges"].as_array().unwrap().iter().find(|edge| edge["from"] == from && edge["to"] == to).unwrap()
}

fn pair(from: &str, to: &str) -> (String, String) {
    (from.to_string(), to.to_string())
}

async fn add_source(app: &TestApp, key: &str, source: Value) {
    let answer = app.ask(Method::POST, "/v1/sources").key(key).json(&source).send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
}

/// A source that cites others.
fn source(slug: &str, cites: &[&str]) -> Value {
    let citations: Vec<Value> = cites.iter().map(|cited| json!({"source": cited})).collect();
    json!({"slug": slug, "title": format!("Title of {slug}"), "kind": "article", "citations": citations})
}

async fn claim_in(app: &TestApp, key: &str, slug: &str) -> String {
    let mut claim = new_claim("UKR", "5000000", "2023");
    claim["source"] = slug.into();
    add_claim(app, key, &claim).await
}

#[tokio::test]
async fn the_trade_figure_leads_over_the_agency_to_the_customs() {
    let app = TestApp::seeded().await;
    let graph = graph_of_metric(&app, "trade-value").await;
    let claim = graph["claim"].as_str().unwrap();
    assert_eq!(edges(&graph, "stated_in"), [pair(claim, ESSAY)]);
    let cites = [pair(ESSAY, "source:reuters-2024"), pair("source:reuters-2024", "source:chinese-customs-2024")];
    assert_eq!(edges(&graph, "cites"), cites);
    assert_eq!(graph["ends"], json!([{"node": "source:chinese-customs-2024", "state": "origin"}]));
    assert_eq!(graph["cycles"], json!([]));
    assert_eq!((&graph["mentions"], &graph["documents"], &graph["publishers"]), (&json!(2), &json!(3), &json!(2)));
    assert_eq!(graph["independent_sources"], json!({"min": 1, "max": 1}));
    let step = edge(&graph, ESSAY, "source:reuters-2024");
    assert_eq!((&step["printed"], &step["consulted"]), (&json!("(Reuters, 2024)"), &json!(false)));
    assert_eq!(edge(&graph, "source:reuters-2024", "source:chinese-customs-2024")["locator"], "title");
}

#[tokio::test]
async fn the_nodes_of_a_graph_say_what_they_are() {
    let app = TestApp::seeded().await;
    let graph = graph_of_metric(&app, "trade-value").await;
    let kinds: Vec<&Value> = graph["nodes"].as_array().unwrap().iter().map(|node| &node["kind"]).collect();
    assert_eq!(kinds, ["claim", "source", "source", "source"]);
    assert_eq!(graph["nodes"][0]["id"], graph["claim"]);
    assert_eq!(graph["nodes"][2]["label"], "China-Russia 2023 Trade Value Hits Record High of $240 Bln - Chinese Customs");
    assert_eq!(graph["nodes"][2]["publisher"], "Reuters");
    assert_eq!(graph["nodes"][2]["published"], "2024-01-12");
}

#[tokio::test]
async fn ibid_leads_to_the_work_it_stands_for() {
    let app = TestApp::seeded().await;
    let graph = graph_of_metric(&app, "aid-share-of-gdp").await;
    assert_eq!(edges(&graph, "cites"), [pair(ESSAY, "source:hornung-2024")]);
    assert_eq!(edge(&graph, ESSAY, "source:hornung-2024")["printed"], "(ibid)");
    assert_eq!(graph["ends"], json!([{"node": "source:hornung-2024", "state": "unknown"}]));
}

#[tokio::test]
async fn a_figure_without_a_reference_ends_uncited() {
    let app = TestApp::seeded().await;
    let graph = graph_of_metric(&app, "civilians-killed").await;
    assert_eq!(graph["ends"], json!([{"node": ESSAY, "state": "uncited"}]));
    assert_eq!(edges(&graph, "cites"), []);
    assert_eq!(graph["independent_sources"], json!({"min": 1, "max": 1}));
}

#[tokio::test]
async fn a_speaker_is_an_agent_of_the_graph() {
    let app = TestApp::seeded().await;
    let graph = graph_of_metric(&app, "troops-identified").await;
    let attributed = edges(&graph, "attributed_to");
    assert_eq!(attributed.len(), 1);
    let agent = graph["nodes"].as_array().unwrap().iter().find(|node| node["id"] == attributed[0].1.as_str()).unwrap();
    assert_eq!((&agent["kind"], &agent["label"]), (&json!("agent"), &json!("South Korea's National Intelligence Service")));
    assert_eq!(graph["ends"], json!([{"node": ESSAY, "state": "uncited"}]));
}

#[tokio::test]
async fn every_chain_of_the_seed_ends_in_a_stated_state() {
    let app = TestApp::seeded().await;
    for claim in app.data("/v1/claims").await.as_array().unwrap() {
        let graph = app.data(claim["links"]["provenance"].as_str().unwrap()).await;
        let ends = graph["ends"].as_array().unwrap();
        assert_eq!(ends.len(), 1, "{graph}");
        assert!(["origin", "anonymous", "uncited", "unknown"].contains(&ends[0]["state"].as_str().unwrap()));
        let ids: Vec<&Value> = graph["nodes"].as_array().unwrap().iter().map(|node| &node["id"]).collect();
        for edge in graph["edges"].as_array().unwrap() {
            assert!(ids.contains(&&edge["from"]) && ids.contains(&&edge["to"]), "{edge}");
        }
    }
}

#[tokio::test]
async fn two_articles_that_cite_each_other_are_a_circle_with_an_end() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    add_source(&app, &key, source("paper-b", &[])).await;
    add_source(&app, &key, source("paper-a", &["paper-b"])).await;
    revise(&app, &key, "/v1/sources/paper-b", json!({"citations": [{"source": "paper-a"}]})).await;
    let id = claim_in(&app, &key, "paper-a").await;
    let graph = app.data(&format!("/v1/claims/{id}/provenance")).await;
    assert_eq!(graph["cycles"], json!([["source:paper-a", "source:paper-b"]]));
    assert_eq!(edges(&graph, "cites"), [pair("source:paper-a", "source:paper-b"), pair("source:paper-b", "source:paper-a")]);
    assert_eq!(graph["ends"].as_array().unwrap().len(), 1);
    assert_eq!(graph["ends"][0]["state"], "unknown");
    assert_eq!(graph["independent_sources"], json!({"min": 1, "max": 1}));
    for format in ["json", "dot", "mermaid", "svg", "prov-json", "jsonld"] {
        assert_eq!(app.get(&format!("/v1/claims/{id}/provenance?format={format}")).await.status, StatusCode::OK, "{format}");
    }
}

#[tokio::test]
async fn a_source_that_cites_itself_is_a_circle_of_one() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    add_source(&app, &key, source("self-made", &[])).await;
    revise(&app, &key, "/v1/sources/self-made", json!({"citations": [{"source": "self-made"}]})).await;
    let id = claim_in(&app, &key, "self-made").await;
    let graph = app.data(&format!("/v1/claims/{id}/provenance")).await;
    assert_eq!(graph["cycles"], json!([["source:self-made"]]));
    assert_eq!(graph["ends"], json!([{"node": "source:self-made", "state": "unknown"}]));
}

#[tokio::test]
async fn a_circle_with_a_way_out_ends_where_the_way_leads() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    add_source(&app, &key, source("loop-b", &[])).await;
    add_source(&app, &key, source("loop-a", &["loop-b"])).await;
    revise(&app, &key, "/v1/sources/loop-b", json!({"citations": [{"source": "loop-a"}, {"source": "chinese-customs-2024"}]})).await;
    let id = claim_in(&app, &key, "loop-a").await;
    let graph = app.data(&format!("/v1/claims/{id}/provenance")).await;
    assert_eq!(graph["cycles"], json!([["source:loop-a", "source:loop-b"]]));
    assert_eq!(graph["ends"], json!([{"node": "source:chinese-customs-2024", "state": "origin"}]));
}

#[tokio::test]
async fn a_long_chain_is_followed_to_its_end() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    add_source(&app, &key, source("link-0", &[])).await;
    for position in 1..60 {
        add_source(&app, &key, source(&format!("link-{position}"), &[&format!("link-{}", position - 1)])).await;
    }
    let id = claim_in(&app, &key, "link-59").await;
    let graph = app.data(&format!("/v1/claims/{id}/provenance")).await;
    assert_eq!(edges(&graph, "cites").len(), 59);
    assert_eq!(graph["ends"], json!([{"node": "source:link-0", "state": "unknown"}]));
}

#[tokio::test]
async fn two_known_origins_are_two_and_unknown_ones_may_be_either() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let mut survey = source("own-survey", &[]);
    survey["chain_end"] = "origin".into();
    add_source(&app, &key, survey).await;
    add_source(&app, &key, source("review", &["own-survey", "chinese-customs-2024", "toda-2022", "hornung-2024"])).await;
    let id = claim_in(&app, &key, "review").await;
    let graph = app.data(&format!("/v1/claims/{id}/provenance")).await;
    assert_eq!(graph["independent_sources"], json!({"min": 2, "max": 4}));
    assert_eq!(graph["mentions"], 4);
}

#[tokio::test]
async fn the_bare_graph_is_the_data_of_the_envelope() {
    let app = TestApp::seeded().await;
    let id = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    let (bare, envelope) =
        (app.get(&format!("/v1/claims/{id}/provenance?format=json")).await, app.get(&format!("/v1/claims/{id}/provenance")).await);
    assert_eq!(bare.header("content-type"), "application/json");
    assert_eq!(bare.json(), envelope.json()["data"]);
    assert!(envelope.json()["meta"]["snapshot"].is_i64());
}

#[tokio::test]
async fn every_form_of_the_graph_is_well_formed() {
    let app = TestApp::seeded().await;
    let id = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    let form = async |format: &str, media_type: &str| {
        let answer = app.get(&format!("/v1/claims/{id}/provenance?format={format}")).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, media_type), "{format}");
        answer
    };
    let dot = form("dot", "text/vnd.graphviz; charset=utf-8").await.body;
    assert!(dot.starts_with("digraph") && dot.trim_end().ends_with('}'), "{dot}");
    assert_eq!(dot.matches(" -> ").count(), 3, "{dot}");
    let mermaid = form("mermaid", "text/vnd.mermaid; charset=utf-8").await.body;
    assert!(mermaid.lines().any(|line| line.starts_with("flowchart ")), "{mermaid}");
    let svg = form("svg", "image/svg+xml; charset=utf-8").await.body;
    let picture = roxmltree::Document::parse(&svg).unwrap();
    assert!(picture.root_element().has_tag_name(("http://www.w3.org/2000/svg", "svg")));
    assert!(picture.descendants().any(|node| node.text().is_some_and(|text| text.contains("Reuters"))));
    let prov = form("prov-json", "application/json").await.json();
    for section in ["prefix", "entity", "wasDerivedFrom"] {
        assert!(prov[section].as_object().is_some_and(|section| !section.is_empty()), "{section} of {prov}");
    }
    let linked = form("jsonld", "application/ld+json").await.json();
    assert!(linked["@context"].is_object() && linked["@graph"].as_array().is_some_and(|graph| graph.len() >= 4), "{linked}");
}

#[tokio::test]
async fn a_form_of_the_graph_that_does_not_exist_is_refused() {
    let app = TestApp::seeded().await;
    let id = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    let answer = app.get(&format!("/v1/claims/{id}/provenance?format=png")).await;
    assert_eq!((answer.problem().as_str(), answer.pointers()), ("invalid-query", vec!["/format".to_string()]));
    for form in ["json", "dot", "mermaid", "svg", "prov-json", "jsonld"] {
        assert!(answer.body.contains(form), "{form} is not named: {}", answer.body);
    }
}

#[tokio::test]
async fn a_graph_can_be_replayed_as_it_was() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let id = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    let before = app.get(&format!("/v1/claims/{id}/provenance")).await.json();
    app.clock.advance_seconds(60);
    revise(&app, &key, "/v1/sources/reuters-2024", json!({"citations": [], "chain_end": "anonymous"})).await;
    let now = app.data(&format!("/v1/claims/{id}/provenance")).await;
    assert_eq!(now["ends"], json!([{"node": "source:reuters-2024", "state": "anonymous"}]));
    let snapshot = before["meta"]["snapshot"].as_i64().unwrap();
    assert_eq!(app.data(&format!("/v1/claims/{id}/provenance?snapshot={snapshot}")).await, before["data"]);
    assert_eq!(app.data(&format!("/v1/claims/{id}/provenance?as_of=2026-11-24T12:00:00Z")).await, before["data"]);
}

//! The essay whose thirteen figures a new database comes with, read by the program itself: it finds the same thirteen, and no other.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::add_claims::writing;
use crate::support::{TestApp, beside};

/// Exact words, value, comparator, unit as found and as stored, actor, counterpart, metric, period, reference and the work that it leads to.
type Expected =
    (&'static str, &'static str, &'static str, [&'static str; 2], [Option<&'static str>; 2], &'static str, [Option<&'static str>; 3]);

const FIGURES: [Expected; 13] = [
    ("100,000", "100000", "gt", ["civilian", "person"], [Some("UKR"), None], "civilians-killed", [None, None, None]),
    ("millions", "1000000", "vague", ["person", "person"], [Some("UKR"), None], "people-deprived", [None, None, None]),
    ("dozens", "12", "vague", ["troop", "person"], [Some("PRK"), Some("RUS")], "troops-identified", [None, None, None]),
    (
        "1.3 million",
        "1300000",
        "eq",
        ["person", "person"],
        [Some("PRK"), None],
        "active-military-personnel",
        [None, Some("(ibid)"), Some("Hornung 2024")],
    ),
    (
        "7.6 million",
        "7600000",
        "eq",
        ["person", "person"],
        [Some("PRK"), None],
        "military-reserves",
        [None, Some("(ibid)"), Some("Hornung 2024")],
    ),
    (
        "200,000",
        "200000",
        "gt",
        ["causality", "person"],
        [Some("RUS"), None],
        "military-casualties",
        [None, Some("(Institute, 2022)"), Some("Institute")],
    ),
    (
        "90%",
        "90",
        "gt",
        ["percent", "percent"],
        [Some("CHN"), Some("RUS")],
        "microelectronics-share-supplied",
        [None, Some("(Service, 2024)"), Some("Service 2024")],
    ),
    (
        "70%",
        "70",
        "eq",
        ["percent", "percent"],
        [Some("CHN"), Some("RUS")],
        "machine-tools-share-supplied",
        [None, Some("(Service, 2024)"), Some("Service 2024")],
    ),
    (
        "$300 million",
        "300000000",
        "eq",
        ["USD", "USD"],
        [Some("CHN"), Some("RUS")],
        "dual-use-goods-supplied",
        [None, Some("(Service, 2024)"), Some("Service 2024")],
    ),
    (
        "$240 billion",
        "240000000000",
        "eq",
        ["USD", "USD"],
        [Some("CHN"), Some("RUS")],
        "trade-value",
        [Some("2023"), Some("(Reuters, 2024)"), Some("Reuters 2024")],
    ),
    (
        "64%",
        "64",
        "eq",
        ["percent", "percent"],
        [Some("CHN"), Some("RUS")],
        "trade-value-change",
        [Some("2023"), Some("(Reuters, 2024)"), Some("Reuters 2024")],
    ),
    (
        "$12 billion",
        "12000000000",
        "eq",
        ["USD", "USD"],
        [Some("JPN"), Some("UKR")],
        "aid-contributed",
        [None, Some("(Hornung, 2024)"), Some("Hornung 2024")],
    ),
    (
        "0.04% of its GDP",
        "0.04",
        "eq",
        ["percent", "percent"],
        [Some("KOR"), Some("UKR")],
        "aid-share-of-gdp",
        [Some("2022-01/2025-06"), Some("(ibid)"), Some("Hornung 2024")],
    ),
];

/// The references in their order, and where they lead.
const REFERENCES: [(&str, &str); 12] = [
    ("(Cunningham)", "Cunningham"),
    ("(Hornung, 2024)", "Hornung 2024"),
    ("(ibid)", "Hornung 2024"),
    ("(Institute, 2022)", "Institute"),
    ("(Hornung, 2024)", "Hornung 2024"),
    ("(Brennan, 2024)", "Brennan 2024"),
    ("(ibid)", "Brennan 2024"),
    ("(Service, 2024)", "Service 2024"),
    ("(Reuters, 2024)", "Reuters 2024"),
    ("(Hornung, 2024)", "Hornung 2024"),
    ("(ibid)", "Hornung 2024"),
    ("(Service, 2024)", "Service 2024"),
];

async fn read_essay(what: &str) -> Option<(TestApp, Value)> {
    let essay = std::fs::read_to_string(beside("shared/essay.txt", what)?).unwrap();
    let (app, key) = writing().await;
    let answer = app.ask(Method::POST, "/v1/extractions").key(&key).raw("text/plain", &essay).send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let data = answer.json()["data"].clone();
    Some((app, data))
}

#[tokio::test]
async fn its_thirteen_figures_are_found_whole_and_no_other() {
    let Some((app, data)) = read_essay("reading the essay's figures").await else { return };
    let found = data["candidates"].as_array().unwrap();
    for (candidate, (exact, value, comparator, [unit, stored], [actor, counterpart], metric, [period, citation, work])) in
        found.iter().zip(FIGURES)
    {
        let seen = ["exact", "value", "comparator", "unit", "actor", "counterpart", "metric", "period", "citation", "cited_source"];
        let seen = seen.map(|field| candidate[field].clone());
        let expected = json!([exact, value, comparator, unit, actor, counterpart, metric, period, citation, work]);
        assert_eq!(json!(seen), expected);
        let claim = app.data(&format!("/v1/claims/{}", candidate["claim"].as_str().unwrap())).await;
        assert_eq!((&claim["quote"]["exact"], &claim["value"]["unit"]), (&json!(exact), &json!(stored)));
    }
    assert_eq!(found.len(), FIGURES.len(), "{found:#?}");
}

#[tokio::test]
async fn each_of_them_is_shown_as_a_duplicate_of_the_claim_that_came_with_the_program() {
    let Some((app, data)) = read_essay("comparing the essay's figures with those that came with the program").await else { return };
    let known = app.data("/v1/claims?source=asian-proxy-war-2024&limit=50").await;
    for candidate in data["candidates"].as_array().unwrap() {
        let [same] = candidate["duplicates"].as_array().unwrap().as_slice() else { panic!("{candidate:#}") };
        let same = known.as_array().unwrap().iter().find(|claim| claim["id"] == *same).unwrap();
        let claim = app.data(&format!("/v1/claims/{}", candidate["claim"].as_str().unwrap())).await;
        assert_eq!(claim["value"]["interval"], same["value"]["interval"], "{candidate:#}");
        assert_eq!(claim["metric"]["slug"], same["metric"]["slug"]);
    }
}

#[tokio::test]
async fn its_works_are_the_sources_that_came_with_the_program() {
    let Some((_, data)) = read_essay("finding the essay's works among the sources").await else { return };
    let works = data["works"].as_array().unwrap();
    let known = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/sources.jsonl")).unwrap();
    let known: Vec<Value> = known.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["slug"].clone()).collect();
    assert!(works.len() == 13 && works.iter().all(|work| known.contains(&work["source"])), "{works:#?}");
}

#[tokio::test]
async fn all_its_references_lead_to_works_of_its_bibliography() {
    let Some((_, data)) = read_essay("following the essay's references").await else { return };
    let found: Vec<(&str, &str)> = data["citations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|citation| (citation["printed"].as_str().unwrap(), citation["works"][0].as_str().unwrap_or("nothing")))
        .collect();
    assert_eq!(found, REFERENCES);
    assert_eq!(data["unresolved_citations"], json!([]));
}

//! Reading actors, metrics, units, sources and their citations, and the stored texts of sources.

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use super::claims::{add_claim, retract, revise};
use super::filters::address;
use crate::support::{TestApp, new_claim};

/// Slugs of the records that a list answers with.
async fn slugs(app: &TestApp, path: &str) -> Vec<String> {
    app.data(path).await.as_array().unwrap().iter().map(|record| record["slug"].as_str().unwrap().to_string()).collect()
}

#[tokio::test]
async fn records_are_listed_by_slug_page_by_page() {
    let app = TestApp::seeded().await;
    for (kind, least) in [("actors", 250), ("metrics", 80), ("units", 150), ("sources", 15)] {
        let all = slugs(&app, &format!("/v1/{kind}?limit=1000")).await;
        assert!(all.len() >= least && all.is_sorted(), "{kind}: {}", all.len());
        let mut walked = Vec::new();
        let mut next = Some(format!("/v1/{kind}?limit=7"));
        while let Some(path) = next {
            let answer = app.get(&path).await;
            walked.extend(answer.json()["data"].as_array().unwrap().iter().map(|record| record["slug"].as_str().unwrap().to_string()));
            next = answer.json()["links"]["next"].as_str().map(ToString::to_string);
            let link = next.as_ref().map(|next| format!("<{next}>; rel=\"next\"")).unwrap_or_default();
            assert_eq!(answer.header("link"), link);
        }
        assert_eq!(walked, all, "{kind}");
        let flat = app.get(&format!("/v1/{kind}.json")).await.json();
        assert_eq!(flat.as_array().unwrap().iter().map(|record| record["slug"].as_str().unwrap().to_string()).collect::<Vec<_>>(), all);
    }
}

#[tokio::test]
async fn records_are_searched_by_names_and_aliases() {
    let app = TestApp::seeded().await;
    let koreas = slugs(&app, "/v1/actors?q=korea").await;
    assert!(koreas.contains(&"PRK".to_string()) && koreas.contains(&"KOR".to_string()), "{koreas:?}");
    for (path, words, expected) in [
        ("/v1/actors", "DPRK", "PRK"),
        ("/v1/actors", "north korea", "PRK"),
        ("/v1/actors", "中国", "CHN"),
        ("/v1/metrics", "two-way trade", "trade-value"),
        ("/v1/units", "US dollars", "USD"),
        ("/v1/sources", "Hits Record High", "reuters-2024"),
    ] {
        let found = slugs(&app, &address(path, &[("q", words)])).await;
        assert!(found.contains(&expected.to_string()), "{words}: {found:?}");
    }
    assert_eq!(slugs(&app, "/v1/actors?q=korea%20nonsenseword").await, [""; 0]);
    assert_eq!(slugs(&app, "/v1/sources?q=korea").await.iter().filter(|slug| *slug == "reuters-2024").count(), 0);
    assert_eq!(app.get("/v1/actors.csv?q=DPRK").await.body.lines().count(), 2);
}

#[tokio::test]
async fn an_actor_is_shown_with_its_codes_counts_and_links() {
    let app = TestApp::seeded().await;
    let china = app.data("/v1/actors/CHN").await;
    for (key, expected) in
        [("slug", "CHN"), ("name", "China"), ("kind", "state"), ("iso_alpha2", "CN"), ("iso_alpha3", "CHN"), ("wikidata", "Q148")]
    {
        assert_eq!(china[key], expected, "{key}");
    }
    assert!(china["aliases"].as_array().unwrap().contains(&json!("PRC")));
    assert_eq!(china["part_of"], Value::Null);
    assert_eq!(china["counts"], json!({"as_actor": 5, "as_counterpart": 0}));
    assert_eq!((&china["version"], &china["recorded_by"], &china["cause"]), (&json!(1), &json!("seed"), &json!("created")));
    assert_eq!(app.data("/v1/actors/RUS").await["counts"], json!({"as_actor": 1, "as_counterpart": 6}));
    assert_eq!(app.ids(china["links"]["claims"].as_str().unwrap()).await.len(), 5);
    assert_eq!(app.data(china["links"]["self"].as_str().unwrap()).await, china);
}

#[tokio::test]
async fn every_record_in_a_list_is_shown_as_it_is_alone() {
    let app = TestApp::seeded().await;
    for (kind, words) in [("actors", "china"), ("metrics", "trade"), ("units", "dollar"), ("sources", "war")] {
        let listed = app.data(&format!("/v1/{kind}?q={words}")).await;
        assert!(!listed.as_array().unwrap().is_empty(), "{kind}");
        for record in listed.as_array().unwrap() {
            assert_eq!(&app.data(record["links"]["self"].as_str().unwrap()).await, record);
        }
    }
}

#[tokio::test]
async fn the_counts_of_a_record_are_those_of_its_accepted_claims() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let id = add_claim(&app, &key, &new_claim("SYR", "5", "2023")).await;
    let count = async |path: &str| app.data(path).await["counts"]["claims"].clone();
    let counts = async || [count("/v1/metrics/refugees").await, count("/v1/units/person").await, count("/v1/sources/reuters-2024").await];
    assert_eq!(counts().await, [1, 7, 1]);
    assert_eq!(app.data("/v1/actors/SYR").await["counts"]["as_actor"], 1);
    retract(&app, &key, &id).await;
    assert_eq!(counts().await, [0, 6, 0]);
    assert_eq!(app.data("/v1/actors/SYR").await["counts"]["as_actor"], 0);
}

#[tokio::test]
async fn the_other_kinds_show_their_own_fields() {
    let app = TestApp::seeded().await;
    let metric = app.data("/v1/metrics/trade-value-change").await;
    assert_eq!((&metric["kind"], &metric["dimension"], &metric["change_of"]), (&json!("change"), &json!("ratio"), &json!("trade-value")));
    assert!(metric["definition"].as_str().unwrap().len() > 40);
    assert_eq!(metric["counts"], json!({"claims": 1}));
    let unit = app.data("/v1/units/percent").await;
    assert_eq!((&unit["base"], &unit["factor"], &unit["dimension"]), (&json!("ratio"), &json!("0.01"), &json!("ratio")));
    let source = app.data("/v1/sources/draudt-vejares-2019").await;
    assert_eq!(
        (&source["published"], &source["authors"], &source["chain_end"]),
        (&json!("2019"), &json!(["Darcie Draudt-Véjares"]), &json!("unknown"))
    );
    assert!(source["url"].as_str().unwrap().contains("2024/10"), "the date in the address is kept as found");
    let tables: Vec<&String> = source["links"].as_object().unwrap().keys().collect();
    assert_eq!(tables, ["self", "claims", "citations"]);
}

#[tokio::test]
async fn an_earlier_version_of_a_record_is_still_there() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    revise(&app, &key, "/v1/actors/CHN", json!({"name": "Cathay"})).await;
    assert_eq!(app.data("/v1/actors/CHN").await["name"], "Cathay");
    assert_eq!(app.data("/v1/actors/CHN?version=1").await["name"], "China");
    let second = app.data("/v1/actors/CHN?version=2").await;
    assert_eq!((&second["name"], &second["reason"], &second["recorded_by"]), (&json!("Cathay"), &json!("a test"), &json!("write-key")));
    assert_eq!(app.get("/v1/actors/CHN?version=3").await.problem(), "not-found");
    assert_eq!(app.get("/v1/actors/CHN?version=0").await.pointers(), ["/version"]);
}

#[tokio::test]
async fn a_record_that_is_not_there_is_not_found() {
    let app = TestApp::seeded().await;
    for path in
        ["actors/XYZ", "metrics/none", "units/none", "sources/none", "sources/none/claims", "sources/none/citations", "actors/%F0%9F%99%82"]
    {
        let answer = app.get(&format!("/v1/{path}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::NOT_FOUND, "not-found"), "{path}");
    }
}

#[tokio::test]
async fn lists_of_records_as_tables_have_a_column_for_each_field() {
    let app = TestApp::seeded().await;
    let table = app.get("/v1/actors.csv?q=DPRK").await.body;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let heading = reader.headers().unwrap().clone();
    let row = reader.records().next().unwrap().unwrap();
    let cell = |name: &str| &row[heading.iter().position(|column| column == name).unwrap()];
    assert_eq!((cell("slug"), cell("name"), cell("iso_alpha2")), ("PRK", "North Korea", "KP"));
    assert!(cell("aliases").split(';').any(|alias| alias == "DPRK"));
    let sources = app.get("/v1/sources.ndjson?q=reuters-2024").await.body;
    assert_eq!(serde_json::from_str::<Value>(&sources).unwrap()["citations"], "chinese-customs-2024");
}

#[tokio::test]
async fn the_sources_of_the_seed_are_the_essay_its_bibliography_its_pictures_and_the_customs() {
    let app = TestApp::seeded().await;
    let sources = app.data("/v1/sources").await;
    let of_kind = |kind: &str| sources.as_array().unwrap().iter().filter(|source| source["kind"] == kind).count();
    assert_eq!((sources.as_array().unwrap().len(), of_kind("essay"), of_kind("picture"), of_kind("dataset")), (15, 1, 3, 1));
    let essay = app.data("/v1/sources/asian-proxy-war-2024").await;
    assert_eq!((&essay["published"], &essay["chain_end"], &essay["counts"]["claims"]), (&json!("2024-12~"), &json!("uncited"), &json!(13)));
    assert_eq!(app.data("/v1/sources/toda-2022").await["authors"], json!(["Toda Peace Institute"]));
}

#[tokio::test]
async fn the_citations_of_a_source_are_told_in_both_directions() {
    let app = TestApp::seeded().await;
    let others =
        |list: &Value| list.as_array().unwrap().iter().map(|link| link["source"].as_str().unwrap().to_string()).collect::<Vec<_>>();
    let reuters = app.data("/v1/sources/reuters-2024/citations").await;
    assert_eq!(others(&reuters["cites"]), ["chinese-customs-2024"]);
    assert_eq!(others(&reuters["cited_by"]), ["asian-proxy-war-2024"]);
    let customs = &reuters["cites"][0];
    assert_eq!(
        (&customs["printed"], &customs["locator"], &customs["consulted"]),
        (&json!("Chinese Customs"), &json!("title"), &json!(false))
    );
    assert!(customs["title"].as_str().unwrap().contains("Chinese customs"));
    let essay = app.data("/v1/sources/asian-proxy-war-2024/citations").await;
    assert_eq!((others(&essay["cites"]).len(), others(&essay["cited_by"]).len()), (13, 0));
    assert_eq!(essay["cites"].as_array().unwrap().iter().filter(|link| link["locator"] == "picture credit").count(), 3);
    assert_eq!(others(&app.data("/v1/sources/chinese-customs-2024/citations").await["cited_by"]), ["reuters-2024"]);
}

#[tokio::test]
async fn a_citation_that_was_taken_out_is_gone_in_both_directions() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let snapshot = app.get("/v1/sources/chinese-customs-2024/citations").await.json()["meta"]["snapshot"].clone();
    revise(&app, &key, "/v1/sources/reuters-2024", json!({"citations": []})).await;
    assert_eq!(app.data("/v1/sources/reuters-2024/citations").await["cites"], json!([]));
    assert_eq!(app.data("/v1/sources/chinese-customs-2024/citations").await["cited_by"], json!([]));
    let then = app.data(&format!("/v1/sources/chinese-customs-2024/citations?snapshot={snapshot}")).await;
    assert_eq!(then["cited_by"][0]["source"], "reuters-2024");
}

#[tokio::test]
async fn the_claims_of_a_source_are_those_that_stand_in_it() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    assert_eq!(app.ids("/v1/sources/reuters-2024/claims").await, [""; 0]);
    let id = add_claim(&app, &key, &new_claim("SYR", "5", "2023")).await;
    assert_eq!(app.ids("/v1/sources/reuters-2024/claims").await, [id]);
    let page = app.get("/v1/sources/asian-proxy-war-2024/claims?limit=12&sort=best&include=count").await.json();
    assert_eq!(page["meta"]["count"], 13);
    let rest = app.data(page["links"]["next"].as_str().unwrap()).await;
    assert_eq!(rest.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_source_in_the_path_and_one_in_the_query_both_have_to_hold() {
    let app = TestApp::seeded().await;
    assert_eq!(app.ids("/v1/sources/asian-proxy-war-2024/claims?source=asian-proxy-war-2024").await.len(), 13);
    let other = app.get("/v1/sources/asian-proxy-war-2024/claims?source=reuters-2024").await;
    assert!(other.status == StatusCode::BAD_REQUEST || other.json()["data"] == json!([]), "{}", other.body);
}

// Texts.

#[tokio::test]
async fn a_stored_text_comes_back_with_the_places_of_its_quotes() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let text = "Überall zählt man. 🙂 Fünf Personen flohen; später waren es sieben Personen.";
    let stored = app.ask(Method::POST, "/v1/sources/toda-2022/document").key(&key).raw("text/plain; charset=utf-8", text).send().await;
    assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.body);
    let path = stored.header("location").to_string();
    let mut ids = Vec::new();
    for (best, quote) in [("7", "sieben Personen"), ("5", "Fünf Personen")] {
        let mut claim = new_claim("SYR", best, "2023");
        claim["source"] = "toda-2022".into();
        claim["quote"] = quote.into();
        ids.push(add_claim(&app, &key, &claim).await);
    }
    let document = app.data(&path).await;
    assert_eq!(
        (&document["content"], &document["source"], &document["recorded_by"]),
        (&json!(text), &json!("toda-2022"), &json!("write-key"))
    );
    let start = |words: &str| text[..text.find(words).unwrap()].chars().count();
    let anchor = |id: &str, words: &str| json!({"claim": id, "state": "accepted", "start": start(words), "end": start(words) + words.chars().count(), "exact": words});
    assert_eq!(document["anchors"], json!([anchor(&ids[1], "Fünf Personen"), anchor(&ids[0], "sieben Personen")]));
    let quote = app.data(&format!("/v1/claims/{}", ids[0])).await["quote"].clone();
    assert_eq!((&quote["document"], &quote["verified"]), (&document["sha256"], &json!(true)));
    let graph = app.data(&format!("/v1/claims/{}/provenance", ids[0])).await;
    assert!(graph["edges"].as_array().unwrap().iter().any(|edge| edge["relation"] == "quotes"), "{graph}");
}

#[tokio::test]
async fn the_anchor_of_a_retracted_claim_is_gone_and_the_text_stays() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let stored = app.ask(Method::POST, "/v1/sources/toda-2022/document").key(&key).raw("text/plain", "Five fled.").send().await;
    let path = stored.header("location").to_string();
    let mut claim = new_claim("SYR", "5", "2023");
    claim["source"] = "toda-2022".into();
    claim["quote"] = "Five fled".into();
    let id = add_claim(&app, &key, &claim).await;
    let snapshot = app.get(&path).await.json()["meta"]["snapshot"].clone();
    retract(&app, &key, &id).await;
    let document = app.data(&path).await;
    assert_eq!((&document["anchors"], &document["content"]), (&json!([]), &json!("Five fled.")));
    assert_eq!(app.data(&format!("{path}?snapshot={snapshot}")).await["anchors"][0]["claim"], id.as_str());
    assert_eq!(app.data(&path.to_uppercase().replace("/V1/DOCUMENTS/", "/v1/documents/")).await["content"], "Five fled.");
}

#[tokio::test]
async fn a_text_that_nobody_stored_is_not_found() {
    let app = TestApp::seeded().await;
    for sha256 in ["0".repeat(64), "nonsense".to_string(), "%27".to_string()] {
        let answer = app.get(&format!("/v1/documents/{sha256}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::NOT_FOUND, "not-found"));
    }
}

//! In which form an answer comes, and who may read it from where.

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use super::claims::add_claim;
use crate::support::{TestApp, new_claim};

const CSV: &str = "text/csv; charset=utf-8; header=present";
const LINES: &str = "application/x-ndjson";
const JSON: &str = "application/json";

async fn accepting(app: &TestApp, path: &str, accept: &str) -> (StatusCode, String) {
    let answer = app.ask(Method::GET, path).header("accept", accept).send().await;
    (answer.status, answer.header("content-type").to_string())
}

#[tokio::test]
async fn a_list_without_a_suffix_is_an_envelope() {
    let app = TestApp::seeded().await;
    for path in ["/v1/claims", "/v1/series?metric=trade-value", "/v1/summary", "/v1/actors", "/v1/metrics", "/v1/units", "/v1/sources"] {
        let answer = app.get(path).await;
        assert_eq!(answer.header("content-type"), JSON, "{path}");
        let keys: Vec<String> = answer.json().as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["data", "meta", "links"], "{path}");
        assert_eq!(answer.json()["links"]["self"], path);
        assert!(answer.json()["meta"]["snapshot"].as_i64().unwrap() > 0);
    }
}

#[tokio::test]
async fn a_suffix_and_a_parameter_mean_the_same() {
    let app = TestApp::seeded().await;
    for path in
        ["/v1/claims", "/v1/summary", "/v1/actors", "/v1/metrics", "/v1/units", "/v1/sources", "/v1/sources/asian-proxy-war-2024/claims"]
    {
        for (format, media_type) in [("json", JSON), ("csv", CSV), ("ndjson", LINES)] {
            let (suffixed, asked) = (app.get(&format!("{path}.{format}")).await, app.get(&format!("{path}?format={format}")).await);
            assert_eq!((suffixed.status, suffixed.header("content-type")), (StatusCode::OK, media_type), "{path}.{format}");
            assert_eq!(suffixed.body, asked.body, "{path}.{format}");
            assert!(suffixed.header("content-disposition").contains(&format!(".{format}\"")), "{path}: {:?}", suffixed.headers);
        }
    }
}

#[tokio::test]
async fn a_suffix_and_a_parameter_that_differ_are_refused() {
    let app = TestApp::seeded().await;
    assert_eq!(app.get("/v1/claims.csv?format=csv").await.status, StatusCode::OK);
    assert_eq!(app.get("/v1/claims.csv?format=json").await.pointers(), ["/format"]);
    assert_eq!(app.get("/v1/claims.xml").await.problem(), "not-found");
}

#[tokio::test]
async fn what_is_accepted_counts_last() {
    let app = TestApp::seeded().await;
    let ok = |media_type: &str| (StatusCode::OK, media_type.to_string());
    assert_eq!(accepting(&app, "/v1/claims", "text/csv").await, ok(CSV));
    assert_eq!(accepting(&app, "/v1/claims", "application/x-ndjson").await, ok(LINES));
    assert_eq!(accepting(&app, "/v1/claims", "text/html,application/xhtml+xml,*/*;q=0.8").await, ok(JSON));
    assert_eq!(accepting(&app, "/v1/claims", "application/json;q=0.5, text/csv;q=0.9").await, ok(CSV));
    assert_eq!(accepting(&app, "/v1/claims", "text/csv;q=0, application/json").await, ok(JSON));
    assert_eq!(accepting(&app, "/v1/claims.ndjson", "text/csv").await, ok(LINES));
    assert_eq!(accepting(&app, "/v1/claims?format=json", "text/csv").await, ok(JSON));
    let answer = app.ask(Method::GET, "/v1/claims").header("accept", "image/png").send().await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::NOT_ACCEPTABLE, "not-acceptable"));
}

#[tokio::test]
async fn the_same_filters_hold_in_every_form() {
    let app = TestApp::seeded().await;
    let ids = app.ids("/v1/claims?actor=CHN&sort=best").await;
    let of_rows = |rows: Vec<Value>| rows.iter().map(|row| row["id"].as_str().unwrap().to_string()).collect::<Vec<_>>();
    let flat = app.get("/v1/claims.json?actor=CHN&sort=best").await.json();
    assert_eq!(of_rows(flat.as_array().unwrap().clone()), ids);
    let lines = app.get("/v1/claims.ndjson?actor=CHN&sort=best").await.body;
    assert_eq!(of_rows(lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()), ids);
    let table = app.get("/v1/claims.csv?actor=CHN&sort=best").await.body;
    let cells: Vec<String> = csv::Reader::from_reader(table.as_bytes()).records().map(|record| record.unwrap()[0].to_string()).collect();
    assert_eq!(cells, ids);
}

#[tokio::test]
async fn an_empty_table_is_still_a_table() {
    let app = TestApp::seeded().await;
    assert_eq!(app.get("/v1/claims.json?actor=XYZ").await.json(), json!([]));
    assert_eq!(app.get("/v1/claims.ndjson?actor=XYZ").await.body, "");
    assert_eq!(app.get("/v1/claims.csv?actor=XYZ").await.body.lines().count(), 1);
}

#[tokio::test]
async fn a_table_longer_than_a_chunk_is_whole() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let claims: Vec<Value> = (0..1_203).map(|number| new_claim("SYR", &number.to_string(), "2023")).collect();
    let answer = app.ask(Method::POST, "/v1/claims").key(&key).ndjson(&claims).send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(app.get("/v1/claims.json?actor=SYR").await.json().as_array().unwrap().len(), 1_203);
    let table = app.get("/v1/claims.csv?actor=SYR").await.body;
    let mut cells: Vec<String> =
        csv::Reader::from_reader(table.as_bytes()).records().map(|record| record.unwrap()[0].to_string()).collect();
    cells.sort();
    cells.dedup();
    assert_eq!(cells.len(), 1_203);
    assert_eq!(app.get("/v1/claims.csv?actor=SYR&limit=701").await.body.lines().count(), 702);
    assert_eq!(app.get("/v1/series.ndjson?metric=refugees&actor=SYR").await.body.lines().count(), 1_203);
}

#[tokio::test]
async fn commas_quotes_and_line_ends_survive_a_table() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let words = "said \"five, six\"\r\nand;\tseven — 中国";
    let mut claim = new_claim("MDA", "5", "2023");
    claim["quote"] = words.into();
    add_claim(&app, &key, &claim).await;
    let table = app.get("/v1/claims.csv?actor=MDA&fields=id,quote,unit").await.body;
    let records: Vec<csv::StringRecord> = csv::Reader::from_reader(table.as_bytes()).records().map(Result::unwrap).collect();
    assert_eq!((records.len(), &records[0][1], &records[0][2]), (1, words, "person"));
    let lines = app.get("/v1/claims.ndjson?actor=MDA&fields=quote").await.body;
    assert_eq!(lines.lines().count(), 1);
    assert_eq!(serde_json::from_str::<Value>(&lines).unwrap()["quote"], words);
}

#[tokio::test]
async fn a_table_holds_no_formulas() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    for start in ["=1+1", "+1", "-1", "@SUM(A1)"] {
        let mut claim = new_claim("MDA", "5", "2023");
        claim["quote"] = start.into();
        claim["speaker"] = start.into();
        add_claim(&app, &key, &claim).await;
    }
    let table = app.get("/v1/claims.csv?actor=MDA&fields=quote,speaker,value").await.body;
    for record in csv::Reader::from_reader(table.as_bytes()).records() {
        let record = record.unwrap();
        assert!(record[0].starts_with('\'') && record[1].starts_with('\''), "{record:?}");
        assert_eq!(&record[2], "5");
    }
    let rows = app.get("/v1/claims.json?actor=MDA").await.json();
    assert!(rows.as_array().unwrap().iter().any(|row| row["quote"] == "=1+1"), "only tables for spreadsheets are guarded: {rows}");
}

#[tokio::test]
async fn a_negative_number_in_a_table_stays_a_number() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let value = json!({"best_exact": "-12.5", "unit": "percent"});
    add_claim(&app, &key, &json!({"metric": "trade-value-change", "actor": "MDA", "value": value, "base_period": "2020"})).await;
    let table = app.get("/v1/claims.csv?actor=MDA&fields=value,value_exact,value_low,value_high").await.body;
    assert_eq!(table, "value,value_exact,value_low,value_high\r\n-12.5,-12.5,-12.55,-12.45\r\n");
}

#[tokio::test]
async fn large_numbers_are_exact_in_their_texts_and_finite_as_numbers() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let best = "1234567890123456789012345678";
    let value = json!({"best_exact": best, "low_exact": best, "high_exact": best, "unit": "USD"});
    let id = add_claim(&app, &key, &json!({"metric": "trade-value", "actor": "MDA", "value": value})).await;
    let claim = app.data(&format!("/v1/claims/{id}")).await;
    assert_eq!((&claim["value"]["best_exact"], &claim["value"]["low_exact"]), (&json!(best), &json!(best)));
    assert!((claim["value"]["best"].as_f64().unwrap() / 1.234_567_890_123_456_8e27 - 1.0).abs() < 1e-15);
    assert_eq!(app.get("/v1/claims.json?actor=MDA").await.json()[0]["value_exact"], best);
}

#[tokio::test]
async fn pages_elsewhere_may_read_answers_and_errors() {
    let app = TestApp::seeded().await;
    for path in [
        "/v1/claims",
        "/v1/claims.csv",
        "/v1/stats",
        "/v1/claims?actr=x",
        "/v1/claims/nonsense",
        "/v1/nowhere",
        "/healthz",
        "/v1/openapi.json",
    ] {
        let answer = app.ask(Method::GET, path).header("origin", "https://elsewhere.example").send().await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{path}");
        let exposed = answer.header("access-control-expose-headers").to_lowercase();
        for name in ["etag", "last-modified", "link", "x-request-id"] {
            assert!(exposed.split(',').any(|header| header.trim() == name), "{path}: {exposed}");
        }
    }
}

#[tokio::test]
async fn pages_elsewhere_may_ask_to_read_and_not_to_write() {
    let app = TestApp::seeded().await;
    let preflight = async |path: &str, method: &str| {
        let ask = app.ask(Method::OPTIONS, path).header("origin", "https://elsewhere.example");
        ask.header("access-control-request-method", method).header("access-control-request-headers", "if-none-match").send().await
    };
    let read = preflight("/v1/claims", "GET").await;
    assert!(read.status.is_success(), "{read:?}");
    assert!(read.header("access-control-allow-methods").contains("GET"));
    for (path, method) in [("/v1/claims", "POST"), ("/v1/claims/x", "PATCH"), ("/v1/sources", "POST"), ("/v1/claims/x/retract", "POST")] {
        let allowed = preflight(path, method).await.header("access-control-allow-methods").to_string();
        for write in ["POST", "PATCH", "PUT", "DELETE", "*"] {
            assert!(!allowed.contains(write), "{method} {path} allows {allowed}");
        }
    }
}

#[tokio::test]
async fn every_answer_carries_a_request_id_and_safe_headers() {
    let app = TestApp::seeded().await;
    for path in ["/v1/claims", "/v1/claims.csv", "/v1/claims?actr=x", "/v1/nowhere"] {
        let answer = app.get(path).await;
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        let named = app.ask(Method::GET, path).header("x-request-id", "mine-1").send().await;
        assert_eq!(named.header("x-request-id"), "mine-1", "{path}");
    }
}

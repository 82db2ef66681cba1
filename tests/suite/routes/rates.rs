//! Exchange rates coming in over HTTP: in three shapes, all or nothing, and never twice.

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use super::add_claims::writing;
use crate::support::{Answer, TestApp};

const TABLE: &str = "Date,USD,JPY,GBP,\n2024-01-03,1.0919,155.4,N/A,\n2024-01-02,1.0956,155.62,0.86645,\n";

fn rate(day: &str, rate: &str) -> Value {
    json!({"base": "EUR", "quote": "USD", "day": day, "rate": rate, "source": "ECB euro reference rates"})
}

async fn send(app: &TestApp, key: &str, rates: &Value) -> Answer {
    app.ask(Method::POST, "/v1/rates").key(key).json(rates).send().await
}

async fn send_table(app: &TestApp, key: &str, query: &str, table: &str) -> Answer {
    app.ask(Method::POST, &format!("/v1/rates{query}")).key(key).raw("text/csv", table).send().await
}

#[track_caller]
fn assert_counts(answer: &Answer, created: usize, unchanged: usize) {
    let status = if created > 0 { StatusCode::CREATED } else { StatusCode::OK };
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.json()["data"], json!({"created": created, "unchanged": unchanged}));
}

#[track_caller]
fn assert_refused(answer: &Answer, code: &str, pointer: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert_eq!((answer.fault_codes(), answer.pointers()), (vec![code.to_string()], vec![pointer.to_string()]), "{}", answer.body);
}

#[tokio::test]
async fn the_same_rates_again_change_nothing_and_other_ones_are_new_versions() {
    let (app, key) = writing().await;
    let two = json!([rate("2024-01-02", "1.0956"), rate("2024-01-03", "1.0919")]);
    assert_counts(&send(&app, &key, &two).await, 2, 0);
    assert_counts(&send(&app, &key, &two).await, 0, 2);
    // One more digit says more.
    assert_counts(&send(&app, &key, &rate("2024-01-03", "1.09190")).await, 1, 0);
    assert_counts(&send(&app, &key, &rate("2024-01-03", "1.0919")).await, 1, 0);
    assert_counts(&send(&app, &key, &json!([rate("2024-01-02", "1.0956"), rate("2024-01-03", "1.0918")])).await, 1, 1);
    // Back to the first number: that is a change again.
    assert_counts(&send(&app, &key, &two).await, 1, 1);
    assert_counts(&send(&app, &key, &json!([rate("2024-01-04", "1"), rate("2024-01-04", "1"), rate("2024-01-04", "2")])).await, 2, 1);
}

#[tokio::test]
async fn tables_of_both_shapes_are_read() {
    let (app, key) = writing().await;
    assert_counts(&send_table(&app, &key, "?base=EUR&source=ECB", TABLE).await, 5, 0);
    // 155.40 says more than 155.4.
    let long = "base,quote,date,rate,source\nEUR,USD,2024-01-03,1.0919,ECB\nEUR,JPY,2024-01-03,155.40,ECB\nUSD,CHF,2024-01-03,0.85,SNB\n";
    assert_counts(&send_table(&app, &key, "", long).await, 2, 1);
    assert_counts(&send_table(&app, &key, "?source=ECB", "quote,base,rate,day\nGBP,EUR,0.86645,2024-01-02\n").await, 0, 1);
}

#[tokio::test]
async fn a_bad_row_is_named_and_nothing_is_taken() {
    let (app, key) = writing().await;
    let with = |field: &str, value: Value| {
        let mut row = rate("2024-01-02", "1.0956");
        row[field] = value;
        json!([rate("2024-01-01", "1"), row])
    };
    for (field, value, code) in [
        ("day", json!("2024-02-30"), "malformed-day"),
        ("day", json!("2024"), "malformed-day"),
        ("day", Value::Null, "missing-field"),
        ("rate", json!("0"), "number-out-of-range"),
        ("rate", json!(-1.5), "number-out-of-range"),
        ("rate", json!("1,5"), "not-a-number"),
        ("rate", json!("1e400"), "number-out-of-range"),
        ("base", json!("USD"), "contradictory-value"),
        ("base", json!("XQX"), "unknown-record"),
        ("quote", json!("person"), "not-a-currency"),
        ("source", json!(" "), "missing-field"),
        ("colour", json!("red"), "unknown-field"),
    ] {
        let answer = send(&app, &key, &with(field, value.clone())).await;
        let pointer = if code == "contradictory-value" { "/quote".to_string() } else { format!("/{field}") };
        assert_refused(&answer, code, &pointer);
        assert_eq!(answer.json()["errors"][0]["line"], 2, "{field} {value}");
    }
    assert_counts(&send(&app, &key, &rate("2024-01-01", "1")).await, 1, 0);
}

#[tokio::test]
async fn a_table_that_says_too_little_is_refused_with_what_is_missing() {
    let (app, key) = writing().await;
    assert_refused(&send_table(&app, &key, "?source=ECB", TABLE).await, "missing-field", "/base");
    assert_refused(&send_table(&app, &key, "?base=EUR", TABLE).await, "missing-field", "/source");
    assert_refused(&send_table(&app, &key, "?base=EUR&source=ECB", "USD,Date\n1,2024-01-02\n").await, "unknown-column", "");
    assert_refused(&send_table(&app, &key, "?base=EUR&source=ECB", &TABLE.replace("155.62", "many")).await, "not-a-number", "JPY");
    for body in ["", "Date,USD\n", "[]"] {
        let answer = send_table(&app, &key, "?base=EUR&source=ECB", body).await;
        assert!(answer.status.is_client_error(), "{body:?}: {}", answer.body);
        answer.problem();
    }
    assert_refused(&send(&app, &key, &json!([])).await, "missing-value", "");
    let odd = app.ask(Method::POST, "/v1/rates?bse=EUR").key(&key).raw("text/csv", TABLE).send().await;
    assert_eq!((odd.status, odd.problem().as_str()), (StatusCode::BAD_REQUEST, "invalid-query"));
}

#[tokio::test]
async fn rates_need_a_key_that_may_write() {
    let (app, _) = writing().await;
    let proposer = app.key(Scope::Propose).await;
    assert_eq!(send(&app, &proposer, &rate("2024-01-02", "1")).await.status, StatusCode::FORBIDDEN);
    let nobody = app.ask(Method::POST, "/v1/rates").json(&rate("2024-01-02", "1")).send().await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn repeated_requests_with_one_key_are_answered_alike() {
    let (app, key) = writing().await;
    let ask =
        || app.ask(Method::POST, "/v1/rates").key(&key).header("idempotency-key", "rates-1").json(&json!([rate("2024-01-02", "1")])).send();
    let (first, second) = (ask().await, ask().await);
    assert_eq!((first.status, &first.body), (second.status, &second.body));
}

#[tokio::test]
async fn rates_are_listed_by_pair_and_day_as_they_stood() {
    let (app, key) = writing().await;
    assert_counts(&send_table(&app, &key, "?base=EUR&source=ECB", TABLE).await, 5, 0);
    let before = app.get("/v1/rates").await.json()["meta"]["snapshot"].clone();
    let changed = json!({"base": "EUR", "quote": "USD", "day": "2024-01-03", "rate": "1.0920", "source": "ECB"});
    assert_counts(&send(&app, &key, &changed).await, 1, 0);
    let shown = |rates: &Value| {
        let text = |rate: &Value| ["quote", "day", "rate_exact"].map(|field| rate[field].as_str().unwrap().to_string()).join(" ");
        rates.as_array().unwrap().iter().map(text).collect::<Vec<_>>()
    };
    let all = ["GBP 2024-01-02 0.86645", "JPY 2024-01-02 155.62", "JPY 2024-01-03 155.4", "USD 2024-01-02 1.0956", "USD 2024-01-03 1.0920"];
    assert_eq!(shown(&app.data("/v1/rates").await), all);
    let earlier = app.data(&format!("/v1/rates?quote=USD&from=2024-01-03&snapshot={before}")).await;
    assert_eq!(shown(&earlier), ["USD 2024-01-03 1.0919"]);
    assert_eq!((&earlier[0]["rate"], &earlier[0]["version"], &earlier[0]["recorded_by"]), (&json!(1.0919), &json!(1), &json!("write-key")));
    assert_eq!(shown(&app.data("/v1/rates?quote=GBP,JPY&to=2024-01-02").await), all[..2]);
    assert_eq!(app.data("/v1/rates?base=XQX").await, json!([]));
    let (mut path, mut paged) = ("/v1/rates?limit=2".to_string(), Vec::new());
    loop {
        let page = app.get(&path).await.json();
        paged.extend(shown(&page["data"]));
        match page["links"]["next"].as_str() {
            Some(next) => path = next.to_string(),
            None => break,
        }
    }
    assert_eq!(paged, all);
}

//! Writing one claim: what may be sent, and what comes back.
//!
//! The helpers that all files about writing share stand here too.

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use crate::support::{Answer, NOW, TestApp, new_claim};

/// A service with the seeds in it, and a key that may write.
pub async fn writing() -> (TestApp, String) {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    (app, key)
}

/// Sends one body to a path, with a key.
pub async fn send(app: &TestApp, key: &str, method: Method, path: &str, body: &Value) -> Answer {
    app.ask(method, path).key(key).json(body).send().await
}

/// Posts one claim.
pub async fn add(app: &TestApp, key: &str, claim: &Value) -> Answer {
    send(app, key, Method::POST, "/v1/claims", claim).await
}

/// Posts one claim that is taken, and gives it as it is shown.
pub async fn added(app: &TestApp, key: &str, claim: &Value) -> Value {
    let answer = add(app, key, claim).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{claim}: {}", answer.body);
    answer.json()["data"].clone()
}

/// The id of a claim that is posted and taken.
pub async fn added_id(app: &TestApp, key: &str, claim: &Value) -> String {
    added(app, key, claim).await["id"].as_str().unwrap().to_string()
}

/// Posts a claim as its JSON text, and gives it as it is shown.
pub async fn added_text(app: &TestApp, key: &str, text: &str) -> Value {
    let answer = app.ask(Method::POST, "/v1/claims").key(key).raw("application/json", text).send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{text}: {}", answer.body);
    answer.json()["data"].clone()
}

/// A claim with some of its fields replaced.
pub fn with(mut claim: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    claim.as_object_mut().unwrap().extend(changes);
    claim
}

/// How much the database holds; two equal answers mean that nothing was stored between them.
pub async fn stats(app: &TestApp) -> Value {
    app.get("/v1/stats").await.json()
}

#[tokio::test]
async fn a_new_claim_is_answered_with_201_its_address_and_the_envelope_that_reading_it_gives() {
    let (app, key) = writing().await;
    let answer = add(&app, &key, &new_claim("UKR", "6000000", "2024")).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let id = answer.json()["data"]["id"].as_str().unwrap().to_string();
    assert!(id.starts_with("clm_") && id.len() == 40, "{id}");
    assert_eq!(answer.header("location"), format!("/v1/claims/{id}"));
    let read = app.get(answer.header("location")).await;
    assert_eq!(read.status, StatusCode::OK);
    assert_eq!(read.body, answer.body);
    assert_eq!(read.header("etag"), answer.header("etag"));
    assert!(answer.header("etag").starts_with("\"v1-"), "{}", answer.header("etag"));
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("last-modified"), read.header("last-modified"));
}

#[tokio::test]
async fn a_new_claim_stands_in_the_lists_at_once() {
    let (app, key) = writing().await;
    let before = app.ids("/v1/claims?metric=refugees").await;
    let id = added_id(&app, &key, &new_claim("UKR", "6000000", "2024")).await;
    let after = app.ids("/v1/claims?metric=refugees").await;
    assert!(!before.contains(&id) && after.contains(&id) && after.len() == before.len() + 1, "{before:?} {after:?}");
    assert!(app.get("/v1/claims.csv?metric=refugees").await.body.contains(&id));
}

#[tokio::test]
async fn a_claim_says_who_recorded_it_when_and_why() {
    let (app, key) = writing().await;
    app.clock.advance_seconds(60);
    let claim = added(&app, &key, &with(new_claim("UKR", "7", "2024"), json!({"reason": "read in the morning"}))).await;
    assert_eq!(claim["recorded_by"], "write-key");
    assert_eq!(claim["recorded_at"], NOW.replace("12:00", "12:01"));
    assert_eq!(claim["cause"], "created");
    assert_eq!(claim["reason"], "read in the morning");
    assert_eq!((&claim["version"], &claim["state"], &claim["rank"]), (&json!(1), &json!("accepted"), &json!("normal")));
}

#[tokio::test]
async fn every_key_of_the_envelope_is_there_even_when_nothing_more_is_known() {
    const KEYS: [&str; 26] = [
        "id",
        "version",
        "state",
        "rank",
        "metric",
        "actor",
        "counterpart",
        "value",
        "period",
        "base_period",
        "status",
        "stage",
        "scope",
        "speaker",
        "cue",
        "source",
        "quote",
        "citation",
        "locator",
        "note",
        "recorded_at",
        "recorded_by",
        "cause",
        "reason",
        "superseded_by",
        "links",
    ];
    let (app, key) = writing().await;
    let claim = added(&app, &key, &json!({"metric": "refugees", "value": {"best": 5, "unit": "person"}})).await;
    let keys: Vec<&str> = claim.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, KEYS);
    for absent in
        ["actor", "counterpart", "period", "base_period", "stage", "speaker", "cue", "source", "quote", "citation", "superseded_by"]
    {
        assert_eq!(claim[absent], Value::Null, "{absent}");
    }
    assert_eq!((&claim["status"], &claim["scope"]), (&json!([]), &json!({})));
    let value = claim["value"].as_object().unwrap();
    assert_eq!(value.len(), 15, "{value:?}");
    for link in ["self", "provenance", "versions", "cite"] {
        let path = claim["links"][link].as_str().unwrap();
        assert_eq!(app.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn everything_that_is_sent_comes_back() {
    let (app, key) = writing().await;
    let sent = json!({
        "metric": "trade-value-change", "actor": "CHN", "counterpart": "RUS",
        "value": {"original": "64% increase", "comparator": "eq", "best_exact": "64", "unit": "percent",
            "per": "P1Y", "denominator": "level of 2021"},
        "period": {"edtf": "2023", "original": "in 2023"}, "base_period": "2021",
        "status": ["superlative", "estimated"], "stage": "pledged", "scope": {"goods": "all", "series": "since 2000"},
        "speaker": "Chinese customs", "cue": "reportedly", "source": "asian-proxy-war-2024",
        "quote": {"exact": "a 64% increase", "prefix": "that is ", "suffix": " since"},
        "citation": {"printed": "(Reuters, 2024)", "source": "reuters-2024", "consulted": true},
        "locator": "paragraph 5", "note": "a remark", "rank": "preferred",
    });
    let claim = added(&app, &key, &sent).await;
    for field in ["status", "stage", "scope", "speaker", "cue", "citation", "locator", "note", "rank"] {
        assert_eq!(claim[field], sent[field], "{field}");
    }
    for (field, name) in [("actor", "China"), ("counterpart", "Russia")] {
        assert_eq!(claim[field], json!({"slug": sent[field], "name": name}));
    }
    for field in ["original", "comparator", "best_exact", "unit", "per", "denominator"] {
        assert_eq!(claim["value"][field], sent["value"][field], "{field}");
    }
    for field in ["exact", "prefix", "suffix"] {
        assert_eq!(claim["quote"][field], sent["quote"][field], "{field}");
    }
    assert_eq!(claim["metric"]["kind"], "change");
    assert_eq!(claim["source"]["slug"], "asian-proxy-war-2024");
    assert_eq!(claim["period"], json!({"edtf": "2023", "start": "2023-01-01", "end": "2023-12-31", "original": "in 2023"}));
    assert_eq!(claim["base_period"], json!({"edtf": "2021", "start": "2021-01-01", "end": "2021-12-31", "original": null}));
}

#[tokio::test]
async fn a_period_may_be_text_or_an_object_with_the_printed_words() {
    let (app, key) = writing().await;
    let cases = [
        (json!("2023"), json!({"edtf": "2023", "start": "2023-01-01", "end": "2023-12-31", "original": null})),
        (json!({"edtf": "2023-05"}), json!({"edtf": "2023-05", "start": "2023-05-01", "end": "2023-05-31", "original": null})),
        (
            json!({"edtf": "2022-01/2025-06", "original": "until June"}),
            json!({"edtf": "2022-01/2025-06", "start": "2022-01-01", "end": "2025-06-30", "original": "until June"}),
        ),
        (
            json!({"edtf": null, "original": "in the past year"}),
            json!({"edtf": null, "start": null, "end": null, "original": "in the past year"}),
        ),
        (json!("../2024"), json!({"edtf": "../2024", "start": null, "end": "2024-12-31", "original": null})),
        (json!("2024-02-29"), json!({"edtf": "2024-02-29", "start": "2024-02-29", "end": "2024-02-29", "original": null})),
        (json!("2024-10~"), json!({"edtf": "2024-10~", "start": "2024-10-01", "end": "2024-10-31", "original": null})),
        (json!(null), json!(null)),
    ];
    for (sent, shown) in cases {
        let claim = added(&app, &key, &with(new_claim("UKR", "7", "2024"), json!({"period": sent}))).await;
        assert_eq!(claim["period"], shown, "{sent}");
    }
}

#[tokio::test]
async fn a_quote_and_a_citation_may_be_text_or_objects() {
    let (app, key) = writing().await;
    let texts = with(new_claim("UKR", "7", "2024"), json!({"quote": "seven million fled", "citation": "(ibid)"}));
    let objects = json!({"quote": {"exact": "seven million fled"}, "citation": {"printed": "(ibid)", "source": null}});
    let objects = with(new_claim("UKR", "7", "2024"), objects);
    let unplaced = json!({"prefix": null, "suffix": null, "start": null, "end": null, "document": null, "verified": null});
    let quote = with(json!({"exact": "seven million fled"}), unplaced);
    for sent in [texts, objects] {
        let claim = added(&app, &key, &sent).await;
        assert_eq!(claim["quote"], quote);
        assert_eq!(claim["citation"], json!({"printed": "(ibid)", "source": null, "consulted": false}));
    }
    let named = json!({"citation": {"printed": "(Hornung)", "source": {"slug": "hornung-2024"}, "consulted": true}});
    let claim = added(&app, &key, &with(new_claim("UKR", "7", "2024"), named)).await;
    assert_eq!(claim["citation"], json!({"printed": "(Hornung)", "source": "hornung-2024", "consulted": true}));
}

#[tokio::test]
async fn an_actor_may_be_named_by_slug_object_code_name_or_exact_alias() {
    let (app, key) = writing().await;
    for name in [json!("PRK"), json!({"slug": "PRK"}), json!("KP"), json!("Q423"), json!("North Korea"), json!("DPRK"), json!("북한")] {
        let claim = added(&app, &key, &with(new_claim("UKR", "7", "2024"), json!({"actor": name, "counterpart": name}))).await;
        assert_eq!((&claim["actor"]["slug"], &claim["counterpart"]["slug"]), (&json!("PRK"), &json!("PRK")), "{name}");
    }
}

#[tokio::test]
async fn a_capital_or_a_peoples_name_does_not_name_an_actor() {
    let (app, key) = writing().await;
    for name in ["Pyongyang", "North Korean", "Korea"] {
        let answer = add(&app, &key, &new_claim(name, "7", "2024")).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid-body".to_string()), "{name}");
        assert_eq!((answer.fault_codes(), answer.pointers()), (vec!["unknown-actor".into()], vec!["/actor".into()]), "{name}");
    }
}

#[tokio::test]
async fn metric_unit_and_source_may_be_objects_too() {
    let (app, key) = writing().await;
    let sent = json!({
        "metric": {"slug": "refugees"}, "source": {"slug": "hornung-2024"}, "value": {"best": 7, "unit": {"slug": "person"}},
    });
    let claim = added(&app, &key, &sent).await;
    assert_eq!((&claim["metric"]["slug"], &claim["source"]["slug"]), (&json!("refugees"), &json!("hornung-2024")));
    assert_eq!(claim["value"]["unit"], "person");
}

#[tokio::test]
async fn numbers_keep_every_digit_that_was_sent() {
    let (app, key) = writing().await;
    let cases = [
        ("1234567890123456789012345678", "1234567890123456789012345678"),
        ("1234567890.123456789012345678", "1234567890.123456789012345678"),
        ("0.1", "0.1"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("9007199254740993", "9007199254740993"),
        ("1e6", "1000000"),
        ("1.5E+3", "1500"),
        ("25e-3", "0.025"),
        ("-0", "0"),
        ("0", "0"),
        ("-0.0", "0"),
        ("-12.50", "-12.5"),
        ("1e28", "10000000000000000000000000000"),
        ("1e-28", "0.0000000000000000000000000001"),
    ];
    for (sent, exact) in cases {
        for notation in [format!("\"best\": {sent}"), format!("\"best\": \"{sent}\""), format!("\"best_exact\": \"{sent}\"")] {
            let text = format!("{{\"metric\": \"trade-balance\", \"value\": {{{notation}, \"unit\": \"USD\"}}}}");
            let claim = added_text(&app, &key, &text).await;
            assert_eq!(claim["value"]["best_exact"], exact, "{notation}");
            let near = exact.parse::<f64>().unwrap();
            assert_eq!(claim["value"]["best"].as_f64(), Some(near), "{notation}");
        }
    }
}

#[tokio::test]
async fn the_exact_text_goes_before_the_plain_number() {
    let (app, key) = writing().await;
    let value =
        json!({"best": 1.0, "best_exact": "1.05", "low": 0, "low_exact": "0.95", "high": 9, "high_exact": "1.15", "unit": "person"});
    let claim = added(&app, &key, &json!({"metric": "refugees", "value": value})).await;
    let shown = &claim["value"];
    assert_eq!([&shown["best_exact"], &shown["low_exact"], &shown["high_exact"]], ["1.05", "0.95", "1.15"]);
    let value = json!({"best": 3, "best_exact": null, "unit": "person"});
    let claim = added(&app, &key, &json!({"metric": "refugees", "value": value})).await;
    assert_eq!(claim["value"]["best_exact"], "3");
}

#[tokio::test]
async fn a_claim_may_begin_as_a_candidate_which_the_lists_leave_out() {
    let (app, key) = writing().await;
    let claim = added(&app, &key, &with(new_claim("UKR", "7", "2024"), json!({"state": "candidate"}))).await;
    assert_eq!(claim["state"], "candidate");
    let id = claim["id"].as_str().unwrap().to_string();
    assert!(!app.ids("/v1/claims?metric=refugees&limit=1000").await.contains(&id));
    assert_eq!(app.ids("/v1/claims?metric=refugees&state=candidate").await, std::slice::from_ref(&id));
    assert!(app.ids("/v1/claims?metric=refugees&state=all").await.contains(&id));
}

#[tokio::test]
async fn the_same_claim_posted_twice_is_recorded_twice() {
    let (app, key) = writing().await;
    let first = added_id(&app, &key, &new_claim("UKR", "7", "2024")).await;
    let second = added_id(&app, &key, &new_claim("UKR", "7", "2024")).await;
    assert_ne!(first, second);
    assert_eq!(app.ids("/v1/claims?metric=refugees").await.len(), 2);
}

#[tokio::test]
async fn a_single_word_stands_for_a_list_of_one_and_a_word_said_twice_counts_once() {
    let (app, key) = writing().await;
    let claim = added(&app, &key, &with(new_claim("UKR", "7", "2024"), json!({"status": "estimated"}))).await;
    assert_eq!(claim["status"], json!(["estimated"]));
    let claim = added(&app, &key, &with(new_claim("UKR", "7", "2024"), json!({"status": ["reported", "estimated", "reported"]}))).await;
    assert_eq!(claim["status"], json!(["reported", "estimated"]));
}

#[tokio::test]
async fn text_of_any_script_comes_back_unchanged() {
    let (app, key) = writing().await;
    let note = "naïve “quotes”, tab\t, line\nbreak, e\u{301}, 中国, 🇺🇦, \u{202e}rtl, \"; DROP TABLE claims; --";
    let claim = added(&app, &key, &with(new_claim("UKR", "7", "2024"), json!({"note": note, "scope": {"Ключ \u{1f600}": note}}))).await;
    assert_eq!(claim["note"], note);
    assert_eq!(claim["scope"], json!({"Ключ \u{1f600}": note}));
}

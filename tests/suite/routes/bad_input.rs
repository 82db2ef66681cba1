//! Bad input: each fault with its code and pointer, all of a body at once, and nothing stored.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use figurebase::domain::key::Scope;
use figurebase::http::router;
use figurebase::http::state::{AppState, Limits};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::add_claims::{add, send, stats, with, writing};
use super::add_many::add_lines;
use crate::support::{Answer, TestApp, new_claim};

fn good() -> Value {
    new_claim("UKR", "6", "2024")
}

/// Code and pointer of each fault, in order of the pointers.
fn faults(answer: &Answer) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = answer.pointers().into_iter().zip(answer.fault_codes()).collect();
    found.sort();
    found
}

fn expected(faults: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut expected: Vec<(String, String)> = faults.iter().map(|(code, pointer)| ((*pointer).to_string(), (*code).to_string())).collect();
    expected.sort();
    expected
}

/// Checks that a claim is refused with these faults, and nothing stored.
async fn refused(app: &TestApp, key: &str, claim: &Value, wanted: &[(&str, &str)]) {
    let before = stats(app).await;
    let answer = add(app, key, claim).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{claim}: {}", answer.body);
    assert_eq!(answer.problem(), "invalid-body", "{claim}");
    assert_eq!(faults(&answer), expected(wanted), "{claim}");
    for error in answer.json()["errors"].as_array().unwrap() {
        assert_eq!((&error["in"], &error["line"]), (&json!("body"), &Value::Null));
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
    assert_eq!(stats(app).await, before, "{claim}");
}

/// Checks that a claim is refused for this fault among others, and nothing stored.
async fn refused_also_for(app: &TestApp, key: &str, claim: &Value, code: &str, pointer: &str) {
    let before = stats(app).await;
    let answer = add(app, key, claim).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid-body".into()), "{claim}");
    assert!(faults(&answer).contains(&(pointer.to_string(), code.to_string())), "{claim}: {}", answer.body);
    assert_eq!(stats(app).await, before, "{claim}");
}

/// Posts a body as it stands.
async fn post_raw(app: &TestApp, key: &str, media: &str, body: impl Into<Body>) -> (StatusCode, Value) {
    let service = router(AppState::new(app.store.clone(), Limits::default(), None));
    let request = Request::builder().method(Method::POST).uri("/v1/claims").header("content-type", media);
    let request = request.header("authorization", format!("Bearer {key}")).body(body.into()).unwrap();
    let response = service.oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap())
}

/// Checks that the text is not taken as a body: 400, no claim.
async fn unreadable(app: &TestApp, key: &str, text: &str) {
    let before = stats(app).await;
    let answer = app.ask(Method::POST, "/v1/claims").key(key).raw("application/json", text).send().await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "malformed-body".into()), "{text}: {}", answer.body);
    assert_eq!(stats(app).await, before, "{text}");
}

#[tokio::test]
async fn text_that_is_no_json_is_400() {
    let (app, key) = writing().await;
    for text in [
        "",
        " ",
        "{",
        "{}}",
        "{\"metric\": NaN}",
        "{\"value\": {\"best\": Infinity}}",
        "{\"value\": {\"best\": -Infinity}}",
        "{\"value\": {\"best\": 01}}",
        "{\"value\": {\"best\": +1}}",
        "{\"value\": {\"best\": .5}}",
        "{\"value\": {\"best\": 1_000}}",
        "{'metric': 'refugees'}",
        "{\"metric\": \"refugees\",}",
        "metric=refugees",
        "{\"note\": \"a\nb\"}",
        "{\"note\": \"\\x\"}",
        "\u{feff}{}x",
    ] {
        unreadable(&app, &key, text).await;
    }
}

#[tokio::test]
async fn a_lone_surrogate_is_refused_and_stored_nowhere() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    let text = good().to_string().replacen('{', "{\"note\": \"\\ud800\", ", 1);
    let answer = app.ask(Method::POST, "/v1/claims").key(&key).raw("application/json", &text).send().await;
    assert!(answer.status.is_client_error(), "{}", answer.body);
    answer.problem();
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn json_that_is_no_object_is_422() {
    let (app, key) = writing().await;
    for body in [json!([]), json!([good()]), json!("refugees"), json!(5), json!(null), json!(true)] {
        refused(&app, &key, &body, &[("wrong-type", "")]).await;
    }
    refused(&app, &key, &json!({}), &[("missing-field", "/metric"), ("missing-field", "/value")]).await;
}

#[tokio::test]
async fn an_unknown_parameter_of_a_write_is_400_with_a_suggestion_where_there_is_one() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    let id = app.ids("/v1/claims?limit=1").await[0].clone();
    for (method, path) in [
        (Method::POST, "/v1/claims?dry_run=true".to_string()),
        (Method::POST, "/v1/actors?x=1".to_string()),
        (Method::PATCH, "/v1/actors/CHN?x=1".to_string()),
        (Method::PATCH, format!("/v1/claims/{id}?version=1")),
        (Method::POST, format!("/v1/claims/{id}/retract?force=1")),
    ] {
        let answer = send(&app, &key, method, &path, &with(good(), json!({"reason": "x"}))).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "invalid-query".into()), "{path}");
        assert_eq!(answer.fault_codes(), ["unknown-parameter"]);
        assert_eq!(answer.json()["errors"][0]["in"], "query");
    }
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn malformed_and_reversed_periods_are_refused() {
    let (app, key) = writing().await;
    for period in ["2024-13", "2023-02-30", "yesterday", "24x", "2024-1", "2024-02-29T25:00:00", "/", "2023//2024", "2024 ", "٢٠٢٤"] {
        let claim = with(good(), json!({"period": period, "base_period": {"edtf": period}}));
        refused(&app, &key, &claim, &[("malformed-edtf", "/period"), ("malformed-edtf", "/base_period/edtf")]).await;
    }
    let before = stats(&app).await;
    for period in ["2024/2023", "2024-06/2024-05-31"] {
        let answer = add(&app, &key, &with(good(), json!({"period": period}))).await;
        assert_eq!((answer.status, answer.pointers()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["/period".to_string()]), "{period}");
        let code = answer.fault_codes()[0].clone();
        assert!(["reversed-period", "malformed-edtf"].contains(&code.as_str()), "{code}");
    }
    assert_eq!(stats(&app).await, before);
    refused(&app, &key, &with(good(), json!({"period": "Y170000002"})), &[("period-out-of-range", "/period")]).await;
}

#[tokio::test]
async fn reversed_bounds_are_refused() {
    let (app, key) = writing().await;
    for value in [
        json!({"low": 7, "high": 5}),
        json!({"low": 5, "high": 5, "low_inclusive": false}),
        json!({"low": 5, "high": 5, "high_inclusive": false}),
        json!({"low_exact": "0.1000000000000000000000000001", "high_exact": "0.1"}),
        json!({"best": 6, "low": 7, "high": 5}),
        json!({"comparator": "range", "low": 7, "high": 5}),
    ] {
        let claim = with(good(), json!({"value": with(value, json!({"unit": "person"}))}));
        refused(&app, &key, &claim, &[("reversed-bounds", "/value/low")]).await;
    }
}

#[tokio::test]
async fn numbers_that_are_none_or_out_of_range_are_refused() {
    let (app, key) = writing().await;
    let digits = "12345678901234567890123456789";
    for (best, code) in [
        ("NaN", "not-a-number"),
        ("Infinity", "not-a-number"),
        ("", "missing-value"),
        ("six", "not-a-number"),
        ("1,000", "not-a-number"),
        ("1 000", "not-a-number"),
        ("0x10", "not-a-number"),
        ("1e", "not-a-number"),
        ("1.", "not-a-number"),
        ("٦", "not-a-number"),
        ("1e400", "number-out-of-range"),
        ("-1e400", "number-out-of-range"),
        ("1e29", "number-out-of-range"),
        ("1e-29", "number-out-of-range"),
        ("1e-400", "number-out-of-range"),
        (digits, "too-many-digits"),
        ("0.12345678901234567890123456789", "too-many-digits"),
    ] {
        let claim = with(good(), json!({"value": {"best_exact": best, "unit": "person"}}));
        refused_also_for(&app, &key, &claim, code, "/value/best_exact").await;
    }
    let before = stats(&app).await;
    for (number, code) in [("1e400", "number-out-of-range"), ("1E29", "number-out-of-range"), (digits, "too-many-digits")] {
        for field in ["best", "low", "high"] {
            let text = format!("{{\"metric\": \"refugees\", \"value\": {{\"{field}\": {number}, \"unit\": \"person\"}}}}");
            let answer = app.ask(Method::POST, "/v1/claims").key(&key).raw("application/json", &text).send().await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}: {}", answer.body);
            let found = faults(&answer);
            assert!(found.contains(&(format!("/value/{field}"), code.to_string())), "{text}: {found:?}");
        }
    }
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn a_number_that_cannot_be_read_is_one_fault_not_also_a_missing_one() {
    let (app, key) = writing().await;
    for value in [json!({"best_exact": "six", "unit": "person"}), json!({"best_exact": "1e400", "comparator": "gt", "unit": "person"})] {
        let code = if value["best_exact"] == "six" { "not-a-number" } else { "number-out-of-range" };
        refused(&app, &key, &with(good(), json!({"value": value})), &[(code, "/value/best_exact")]).await;
    }
    let range = json!({"comparator": "range", "low": "five", "high": 7, "unit": "person"});
    refused(&app, &key, &with(good(), json!({"value": range})), &[("not-a-number", "/value/low")]).await;
}

#[tokio::test]
async fn a_range_names_the_bound_that_it_lacks() {
    let (app, key) = writing().await;
    for (given, lacking) in [("low", "/value/high"), ("high", "/value/low")] {
        let value = json!({"comparator": "range", given: 1, "unit": "person"});
        refused(&app, &key, &with(good(), json!({"value": value})), &[("missing-field", lacking)]).await;
    }
}

#[tokio::test]
async fn an_absurd_precision_is_refused_at_once() {
    let (app, key) = writing().await;
    for decimals in [-1_000_000, 1_000_000] {
        let started = Instant::now();
        let value = json!({"best": 5, "decimals": decimals, "unit": "person"});
        refused(&app, &key, &with(good(), json!({"value": value})), &[("number-out-of-range", "/value/decimals")]).await;
        assert!(started.elapsed() < Duration::from_secs(15), "{decimals} took {:?}", started.elapsed());
    }
    // Only now: unrefused, this one would never end.
    let value = json!({"best": 5, "decimals": 99_999_999_999_i64, "unit": "person"});
    refused(&app, &key, &with(good(), json!({"value": value})), &[("number-out-of-range", "/value/decimals")]).await;
}

#[tokio::test]
async fn a_number_with_more_zeros_than_can_be_meant_is_refused_or_can_be_read_again() {
    let (app, key) = writing().await;
    let zeros = |count: usize| "0".repeat(count);
    let numbers = ["0e9999".to_string(), "0e-9999".to_string(), "0e41".to_string(), format!("0.{}", zeros(98)), format!("1.{}", zeros(98))];
    for (position, best) in numbers.iter().enumerate() {
        for original in [Value::Null, json!(best)] {
            let value = json!({"best_exact": best, "original": original, "unit": "person"});
            let answer = add(&app, &key, &with(good(), json!({"value": value, "locator": position.to_string()}))).await;
            if answer.status == StatusCode::CREATED {
                let shown = answer.json()["data"]["value"].clone();
                assert!(shown["high"].as_f64().is_some_and(f64::is_finite), "{best}: {shown}");
                assert_eq!(app.get(answer.header("location")).await.status, StatusCode::OK, "{best}");
            } else {
                assert_eq!((answer.status, answer.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid-body".into()), "{best}");
            }
            assert_eq!(app.get("/v1/claims?metric=refugees").await.status, StatusCode::OK, "{best}");
        }
    }
}

#[tokio::test]
async fn values_that_contradict_themselves_are_refused() {
    let (app, key) = writing().await;
    for (value, code, pointer) in [
        (json!({}), "missing-value", "/value/best_exact"),
        (json!({"comparator": "eq"}), "missing-value", "/value/best_exact"),
        (json!({"comparator": "approx", "low": 1, "high": 3}), "missing-value", "/value/best_exact"),
        (json!({"comparator": "vague", "original": "a lot"}), "missing-value", "/value/best_exact"),
        (json!({"comparator": "unknown", "best": 5}), "contradictory-value", "/value/comparator"),
        (json!({"comparator": "none", "low": 5}), "contradictory-value", "/value/comparator"),
        (json!({"comparator": "withheld", "high": 5}), "contradictory-value", "/value/comparator"),
        (json!({"best": 9, "low": 1, "high": 3}), "best-outside-bounds", "/value/best_exact"),
        (json!({"best": 0, "low": 1}), "best-outside-bounds", "/value/best_exact"),
        (json!({"comparator": "equals", "best": 5}), "unknown-word", "/value/comparator"),
        (json!({"best": 5, "decimals": 41}), "number-out-of-range", "/value/decimals"),
        (json!({"best": 5, "decimals": -41}), "number-out-of-range", "/value/decimals"),
        (json!({"best": 5, "decimals": 1.5}), "wrong-type", "/value/decimals"),
        (json!({"best": 5, "per": "monthly"}), "malformed-duration", "/value/per"),
        (json!({"best": 5, "per": "P0D"}), "malformed-duration", "/value/per"),
        (json!({"best": 5, "per": "-P1M"}), "malformed-duration", "/value/per"),
        (json!({"best": 5, "per": "1 month"}), "malformed-duration", "/value/per"),
    ] {
        let claim = with(good(), json!({"value": with(value, json!({"unit": "person"}))}));
        refused(&app, &key, &claim, &[(code, pointer)]).await;
    }
    refused(&app, &key, &with(good(), json!({"value": {"best": 5}})), &[("missing-field", "/value/unit")]).await;
}

#[tokio::test]
async fn unknown_records_are_named_all_at_once() {
    let (app, key) = writing().await;
    let claim = json!({
        "metric": "happiness", "actor": "Atlantis", "counterpart": {"slug": "Lemuria"}, "source": "nowhere",
        "citation": {"printed": "(x)", "source": "nowhere-2"}, "value": {"best": 5, "unit": "smile"},
    });
    let wanted = [
        ("unknown-metric", "/metric"),
        ("unknown-actor", "/actor"),
        ("unknown-actor", "/counterpart"),
        ("unknown-source", "/source"),
        ("unknown-source", "/citation/source"),
        ("unknown-unit", "/value/unit"),
    ];
    refused(&app, &key, &claim, &wanted).await;
}

#[tokio::test]
async fn a_name_that_means_several_records_is_refused_with_their_slugs() {
    let (app, key) = writing().await;
    for slug in ["moon-a", "moon-b"] {
        let actor = json!({"slug": slug, "name": slug, "kind": "region", "aliases": ["The Moon"]});
        assert_eq!(send(&app, &key, Method::POST, "/v1/actors", &actor).await.status, StatusCode::CREATED);
    }
    refused(&app, &key, &with(good(), json!({"actor": "the moon"})), &[("ambiguous-name", "/actor")]).await;
    let answer = add(&app, &key, &with(good(), json!({"counterpart": "The Moon"}))).await;
    let message = answer.json()["errors"][0]["message"].as_str().unwrap().to_string();
    assert!(message.contains("moon-a") && message.contains("moon-b"), "{message}");
    let answer = add_lines(&app, &key, &[with(good(), json!({"actor": "The Moon"}))]).await;
    assert_eq!((answer.fault_codes(), answer.pointers()), (vec!["ambiguous-name".to_string()], vec!["/actor".to_string()]));
}

#[tokio::test]
async fn a_field_given_twice_is_refused() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    for (text, pointer) in [
        (r#"{"metric": "refugees", "metric": "refugees", "value": {"best": 1, "unit": "person"}}"#, "/metric"),
        (r#"{"metric": "refugees", "value": {"best": 1, "best": 2, "unit": "person"}}"#, "/value/best"),
        (r#"{"metric": "refugees", "value": {"best": 1, "unit": "person"}, "value": null}"#, "/value"),
        (r#"{"metric": "refugees", "value": {"best": 1, "unit": "person"}, "period": {"edtf": "2023", "edtf": "2024"}}"#, "/period/edtf"),
        (r#"{"metric": "refugees", "value": {"best": 1, "unit": "person"}, "quote": {"exact": "a", "exact": "b"}}"#, "/quote/exact"),
    ] {
        let answer = app.ask(Method::POST, "/v1/claims").key(&key).raw("application/json", text).send().await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}: {}", answer.body);
        assert_eq!(faults(&answer), expected(&[("duplicate-field", pointer)]), "{text}");
    }
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn a_name_given_twice_in_a_scope_is_refused() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    let text = r#"{"metric": "refugees", "value": {"best": 1, "unit": "person"}, "scope": {"a": "1", "a": "2"}}"#;
    let answer = app.ask(Method::POST, "/v1/claims").key(&key).raw("application/json", text).send().await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert_eq!(faults(&answer), expected(&[("duplicate-field", "/scope/a")]));
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn a_slug_given_twice_in_a_reference_is_refused() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    let text = r#"{"metric": {"slug": "refugees", "slug": "people-killed"}, "value": {"best": 1, "unit": "person"}}"#;
    let answer = app.ask(Method::POST, "/v1/claims").key(&key).raw("application/json", text).send().await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert_eq!(faults(&answer), expected(&[("duplicate-field", "/metric/slug")]));
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn an_unknown_field_is_refused_with_a_suggestion() {
    let (app, key) = writing().await;
    for (field, suggestion) in
        [("sauce", None), ("perriod", Some("period")), ("quotes", Some("quote")), ("counter_part", Some("counterpart"))]
    {
        refused(&app, &key, &with(good(), json!({field: "x"})), &[("unknown-field", &format!("/{field}"))]).await;
        let answer = add(&app, &key, &with(good(), json!({field: "x"}))).await;
        let message = answer.json()["errors"][0]["message"].as_str().unwrap().to_string();
        if let Some(suggestion) = suggestion {
            assert!(message.contains(&format!("did you mean '{suggestion}'?")), "{message}");
        }
    }
    for field in ["id", "version", "recorded_at", "recorded_by", "cause", "superseded_by", "links", "findings", "type"] {
        refused(&app, &key, &with(good(), json!({field: "x"})), &[("unknown-field", &format!("/{field}"))]).await;
    }
    let value = json!({"best": 5, "unit": "person", "currency": "USD", "beste": 4});
    refused(&app, &key, &with(good(), json!({"value": value})), &[("unknown-field", "/value/currency"), ("unknown-field", "/value/beste")])
        .await;
    let nested =
        json!({"period": {"edtf": "2024", "year": 2024}, "quote": {"exact": "x", "page": 1}, "citation": {"printed": "x", "url": "y"}});
    let wanted = [("unknown-field", "/period/year"), ("unknown-field", "/quote/page"), ("unknown-field", "/citation/url")];
    refused(&app, &key, &with(good(), nested), &wanted).await;
}

#[tokio::test]
async fn pointers_escape_the_names_they_hold() {
    let (app, key) = writing().await;
    refused(&app, &key, &with(good(), json!({"a/b~c": 1})), &[("unknown-field", "/a~1b~0c")]).await;
    refused(&app, &key, &with(good(), json!({"": 1})), &[("unknown-field", "/")]).await;
}

#[tokio::test]
async fn values_of_a_wrong_type_are_refused_everywhere() {
    let (app, key) = writing().await;
    let wrong = [json!(5), json!(true), json!(["x"])];
    for field in ["metric", "actor", "counterpart", "source", "stage", "speaker", "cue", "locator", "note", "rank", "state", "reason"] {
        for value in &wrong {
            refused(&app, &key, &with(good(), json!({field: value})), &[("wrong-type", &format!("/{field}"))]).await;
        }
    }
    for field in ["period", "base_period", "quote", "citation", "value", "scope"] {
        for value in &wrong {
            refused(&app, &key, &with(good(), json!({field: value})), &[("wrong-type", &format!("/{field}"))]).await;
        }
    }
    for field in ["stage", "speaker", "note", "rank"] {
        refused(&app, &key, &with(good(), json!({field: {"a": "b"}})), &[("wrong-type", &format!("/{field}"))]).await;
    }
    for (field, value, pointer) in [
        ("status", json!(["estimated", 5]), "/status/1"),
        ("status", json!([["estimated"]]), "/status/0"),
        ("scope", json!({"a": 1}), "/scope"),
        ("scope", json!({"a": {"b": "c"}}), "/scope"),
        ("period", json!({"edtf": 2024}), "/period/edtf"),
        ("quote", json!({"exact": 5}), "/quote/exact"),
        ("quote", json!({"exact": "x", "start": "0"}), "/quote/start"),
        ("citation", json!({"printed": "x", "consulted": "yes"}), "/citation/consulted"),
    ] {
        refused(&app, &key, &with(good(), json!({field: value})), &[("wrong-type", pointer)]).await;
    }
    refused(&app, &key, &with(good(), json!({"actor": {"name": "China"}})), &[("missing-field", "/actor/slug")]).await;
    refused(&app, &key, &with(good(), json!({"quote": {"prefix": "x"}})), &[("missing-field", "/quote/exact")]).await;
    for (field, value, code) in [
        ("best", json!(true), "not-a-number"),
        ("best", json!([5]), "not-a-number"),
        ("best", json!({"n": 5}), "not-a-number"),
        ("low_inclusive", json!("yes"), "wrong-type"),
        ("original", json!(5), "wrong-type"),
        ("denominator", json!([]), "wrong-type"),
        ("per", json!(1), "wrong-type"),
        ("unit", json!(1), "wrong-type"),
        ("comparator", json!([]), "wrong-type"),
        ("rule", json!(1), "wrong-type"),
    ] {
        let value = with(json!({"best": 5, "unit": "person"}), json!({field: value}));
        refused(&app, &key, &with(good(), json!({"value": value})), &[(code, &format!("/value/{field}"))]).await;
    }
}

#[tokio::test]
async fn what_stands_in_place_of_a_list_is_pointed_at_where_it_stands() {
    let (app, key) = writing().await;
    refused(&app, &key, &with(good(), json!({"status": 5})), &[("wrong-type", "/status")]).await;
    refused(&app, &key, &with(good(), json!({"status": {"a": "b"}})), &[("wrong-type", "/status")]).await;
}

#[tokio::test]
async fn a_slug_of_a_wrong_type_is_told_as_that() {
    let (app, key) = writing().await;
    refused(&app, &key, &with(good(), json!({"actor": {"slug": 5}})), &[("wrong-type", "/actor/slug")]).await;
    refused(&app, &key, &with(good(), json!({"actor": {"slug": "a\u{0}"}})), &[("forbidden-character", "/actor/slug")]).await;
}

#[tokio::test]
async fn words_outside_their_list_are_refused() {
    let (app, key) = writing().await;
    for (field, value) in
        [("stage", "promised"), ("rank", "best"), ("state", "rejected"), ("state", "retracted"), ("state", "draft"), ("status", "guessed")]
    {
        let before = stats(&app).await;
        let answer = add(&app, &key, &with(good(), json!({field: value}))).await;
        assert_eq!(
            (answer.status, answer.fault_codes()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["unknown-word".to_string()]),
            "{field} {value}"
        );
        assert!(answer.pointers()[0].starts_with(&format!("/{field}")), "{}", answer.body);
        assert_eq!(stats(&app).await, before);
    }
}

#[tokio::test]
async fn all_faults_of_a_claim_are_told_at_once() {
    let (app, key) = writing().await;
    let claim = json!({
        "metric": "happiness", "actor": 5, "counterpart": "Atlantis", "period": "2024-13", "rank": "best", "sauce": 1, "status": ["x"],
        "value": {"best": "six", "unit": "smile", "decimals": "two", "extra": null}, "quote": {"exact": "q", "start": -1}, "citation": {},
    });
    let answer = add(&app, &key, &claim).await;
    let mut pointers = answer.pointers();
    pointers.sort();
    let wanted = [
        "/actor",
        "/citation/printed",
        "/counterpart",
        "/metric",
        "/period",
        "/quote/start",
        "/rank",
        "/sauce",
        "/status",
        "/value/best",
        "/value/decimals",
        "/value/extra",
        "/value/unit",
    ];
    assert_eq!(pointers, wanted, "{}", answer.body);
    assert!(answer.json()["detail"].as_str().unwrap().contains("12 more"), "{}", answer.json()["detail"]);
}

#[tokio::test]
async fn bounds_are_looked_at_even_when_a_name_is_unknown() {
    let (app, key) = writing().await;
    let claim = json!({"metric": "happiness", "value": {"low": 7, "high": 5, "unit": "person"}});
    refused(&app, &key, &claim, &[("unknown-metric", "/metric"), ("reversed-bounds", "/value/low")]).await;
}

#[tokio::test]
async fn a_quote_is_looked_for_even_when_another_field_is_at_fault() {
    let (app, key) = writing().await;
    let text = app.ask(Method::POST, "/v1/sources/reuters-2024/document").key(&key).raw("text/plain", "Six fled.").send().await;
    assert_eq!(text.status, StatusCode::CREATED);
    let claim = with(good(), json!({"quote": "Seven fled", "actor": "Atlantis", "period": "2024-13"}));
    let wanted = [("quote-not-in-document", "/quote/exact"), ("unknown-actor", "/actor"), ("malformed-edtf", "/period")];
    refused(&app, &key, &claim, &wanted).await;
}

#[tokio::test]
async fn the_character_nul_is_refused_in_every_text() {
    let (app, key) = writing().await;
    for field in ["metric", "actor", "source", "speaker", "cue", "note", "locator", "quote", "citation", "period", "reason"] {
        refused(&app, &key, &with(good(), json!({field: "a\u{0}b"})), &[("forbidden-character", &format!("/{field}"))]).await;
    }
    let before = stats(&app).await;
    for claim in [
        with(good(), json!({"scope": {"a": "\u{0}"}})),
        with(good(), json!({"scope": {"\u{0}": "a"}})),
        with(good(), json!({"status": ["\u{0}"]})),
        with(good(), json!({"quote": {"exact": "x", "prefix": "\u{0}"}})),
        with(good(), json!({"\u{0}": "a"})),
        with(good(), json!({"value": {"best_exact": "5\u{0}", "unit": "person"}})),
        with(good(), json!({"value": {"best": 5, "unit": "per\u{0}son"}})),
    ] {
        let answer = add(&app, &key, &claim).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid-body".into()), "{claim}");
    }
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn texts_and_lists_have_their_limits() {
    let (app, key) = writing().await;
    let long = "ä".repeat(2001);
    for field in ["speaker", "cue", "note", "locator", "citation", "actor", "period", "reason"] {
        refused(&app, &key, &with(good(), json!({field: long})), &[("too-long", &format!("/{field}"))]).await;
    }
    refused(&app, &key, &with(good(), json!({"quote": "ä".repeat(5001)})), &[("too-long", "/quote")]).await;
    refused(&app, &key, &with(good(), json!({"status": vec!["estimated"; 501]})), &[("too-many", "/status")]).await;
    let huge: serde_json::Map<String, Value> = (0..501).map(|n| (n.to_string(), json!("x"))).collect();
    refused(&app, &key, &with(good(), json!({"scope": huge})), &[("too-many", "/scope")]).await;
    refused(&app, &key, &with(good(), json!({"scope": {"a": long}})), &[("too-long", "/scope")]).await;
    let fits = with(good(), json!({"note": "ä".repeat(2000), "quote": "ä".repeat(5000), "status": vec!["estimated"; 500]}));
    assert_eq!(add(&app, &key, &fits).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn deep_nesting_is_refused_and_breaks_nothing() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    let id = app.ids("/v1/claims?limit=1").await[0].clone();
    for depth in [9, 100, 1_000, 200_000] {
        let arrays = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let objects = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        for deep in [&arrays, &objects] {
            for field in ["note", "scope", "value", "status", "metric", "nonsense"] {
                let text = format!(
                    "{{\"metric\": \"refugees\", \"value\": {{\"best\": 1, \"unit\": \"person\"}}, \"{field}x\": 1, \"{field}\": {deep}}}"
                );
                let text = if field == "metric" || field == "value" { format!("{{\"{field}\": {deep}}}") } else { text };
                if text.len() > 1_000_000 {
                    continue;
                }
                let answer = app.ask(Method::POST, "/v1/claims").key(&key).raw("application/json", &text).send().await;
                assert!(answer.status.is_client_error(), "{field} {depth}: {}", answer.status);
                answer.problem();
                let patch = format!("{{\"reason\": \"x\", \"{field}\": {deep}}}");
                let path = format!("/v1/claims/{id}");
                let answer = app.ask(Method::PATCH, &path).key(&key).raw("application/json", &patch).send().await;
                assert!(answer.status.is_client_error(), "{field} {depth}: {}", answer.status);
                answer.problem();
            }
        }
        let answer = app.ask(Method::POST, "/v1/claims").key(&key).raw("application/x-ndjson", &arrays).send().await;
        assert!(answer.status.is_client_error(), "{depth}: {}", answer.status);
    }
    assert_eq!(stats(&app).await, before);
}

/// Checks that a large body is refused within seconds, by an answer of reasonable size.
async fn refused_quickly_and_shortly(body: &str) {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    for media in ["application/json", "application/x-ndjson"] {
        let started = Instant::now();
        let answer = app.ask(Method::POST, "/v1/claims").key(&key).raw(media, body).send().await;
        let time = started.elapsed();
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{media}: {:.200}", answer.body);
        assert!(time < Duration::from_secs(15), "{media}: took {time:?}");
        assert!(answer.body.len() < 200_000, "{media}: {} bytes", answer.body.len());
    }
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn a_very_long_list_is_refused_quickly_and_shortly() {
    refused_quickly_and_shortly(&format!("{{\"status\": [{}0]}}", "0,".repeat(400_000))).await;
}

#[tokio::test]
async fn very_many_unknown_fields_are_refused_quickly_and_shortly() {
    let fields: String = (0..20_000).map(|n| format!("\"f{n}\":0,")).collect();
    refused_quickly_and_shortly(&format!("{{{fields}\"metric\":\"refugees\"}}")).await;
}

#[tokio::test]
async fn one_field_given_very_often_is_refused_quickly_and_shortly() {
    refused_quickly_and_shortly(&format!("{{{}\"metric\":\"refugees\"}}", "\"a\":0,".repeat(100_000))).await;
}

#[tokio::test]
async fn a_very_large_scope_is_refused_quickly_and_shortly() {
    let names: String = (0..60_000).map(|n| format!("\"s{n}\":\"\",")).collect();
    refused_quickly_and_shortly(&format!("{{\"scope\": {{{names}\"z\":\"\"}}}}")).await;
}

#[tokio::test]
async fn a_body_over_its_limit_is_413() {
    let limits = Limits { body_bytes: 400, lines_bytes: 600, ..Limits::default() };
    let app = TestApp::with_limits(limits).await;
    let key = app.key(Scope::Write).await;
    let long = json!({"note": "x".repeat(500)});
    let before = stats(&app).await;
    for (method, path) in [
        (Method::POST, "/v1/claims".to_string()),
        (Method::POST, "/v1/actors".to_string()),
        (Method::PATCH, "/v1/actors/CHN".to_string()),
        (Method::PATCH, format!("/v1/claims/clm_{}", "0".repeat(36))),
        (Method::POST, format!("/v1/claims/clm_{}/retract", "0".repeat(36))),
    ] {
        let answer = send(&app, &key, method, &path, &long).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::PAYLOAD_TOO_LARGE, "too-large".into()), "{path}");
    }
    let answer = add_lines(&app, &key, &[long.clone(), long]).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::PAYLOAD_TOO_LARGE, "too-large".into()));
    assert_eq!(stats(&app).await, before);
    let unit = json!({"slug": "person", "label": "person", "dimension": "count"});
    assert_eq!(send(&app, &key, Method::POST, "/v1/units", &unit).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_body_over_the_usual_limit_is_413_too() {
    let (app, key) = writing().await;
    let (status, problem) = post_raw(&app, &key, "application/json", " ".repeat(1_000_001)).await;
    assert_eq!((status, &problem["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("too-large")));
    let (status, _) = post_raw(&app, &key, "application/json", format!("{}{}", good(), " ".repeat(900_000))).await;
    assert_eq!(status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_body_of_another_media_type_is_415() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    for media in [
        "text/plain",
        "text/json",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "",
        "json",
        "text/csv",
    ] {
        for (method, path) in [(Method::POST, "/v1/claims"), (Method::POST, "/v1/actors"), (Method::PATCH, "/v1/actors/CHN")] {
            let answer = app.ask(method.clone(), path).key(&key).raw(media, &good().to_string()).send().await;
            assert_eq!(
                (answer.status, answer.problem()),
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type".into()),
                "{media} {path}"
            );
        }
    }
    let answer = app.ask(Method::POST, "/v1/claims").key(&key).send().await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type".into()));
    let answer = app.ask(Method::PATCH, "/v1/actors/CHN").key(&key).raw("application/x-ndjson", "{}").send().await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(stats(&app).await, before);
    for media in ["application/json; charset=utf-8", "Application/JSON"] {
        let answer = app.ask(Method::POST, "/v1/claims").key(&key).raw(media, &good().to_string()).send().await;
        assert_eq!(answer.status, StatusCode::CREATED, "{media}");
    }
}

#[tokio::test]
async fn a_compressed_body_is_415() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    for encoding in ["gzip", "br", "deflate", "zstd", "gzip, gzip"] {
        for (media, path) in [
            ("application/json", "/v1/claims"),
            ("application/x-ndjson", "/v1/claims"),
            ("text/plain", "/v1/sources/reuters-2024/document"),
        ] {
            let ask = app.ask(Method::POST, path).key(&key).header("content-encoding", encoding);
            let answer = ask.raw(media, &good().to_string()).send().await;
            assert_eq!(
                (answer.status, answer.problem()),
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type".into()),
                "{encoding} {path}"
            );
        }
    }
    assert_eq!(stats(&app).await, before);
    let ask = app.ask(Method::POST, "/v1/claims").key(&key).header("content-encoding", "identity");
    assert_eq!(ask.json(&good()).send().await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_is_400() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    let latin1 = b"{\"metric\": \"refugees\", \"note\": \"\xe9t\xe9\", \"value\": {\"best\": 1, \"unit\": \"person\"}}".to_vec();
    let utf16: Vec<u8> = good().to_string().encode_utf16().flat_map(u16::to_le_bytes).chain([0xd8, 0x00]).collect();
    for body in [latin1, b"\xff\xfe{}".to_vec(), vec![0xff; 64]] {
        for media in ["application/json", "application/x-ndjson"] {
            let (status, problem) = post_raw(&app, &key, media, body.clone()).await;
            assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("malformed-body")), "{problem}");
        }
    }
    let (status, problem) = post_raw(&app, &key, "application/json", utf16).await;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("malformed-body")), "{problem}");
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn paths_that_are_not_utf_8_are_problems_too() {
    let (app, key) = writing().await;
    for (method, path) in [
        (Method::PATCH, "/v1/claims/%ff"),
        (Method::POST, "/v1/claims/%ff/retract"),
        (Method::PATCH, "/v1/actors/%ff"),
        (Method::POST, "/v1/sources/%ff/document"),
    ] {
        let answer = send(&app, &key, method, path, &json!({"reason": "x"})).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
        answer.problem();
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_stores_nothing() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    let whole = good().to_string();
    let parts = [Ok(whole[..20].to_string()), Err(std::io::Error::other("gone"))];
    let stream = Body::from_stream(futures_util::stream::iter(parts));
    let (status, problem) = post_raw(&app, &key, "application/json", stream).await;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("malformed-body")), "{problem}");
    let line = format!("{whole}\n");
    let stream = Body::from_stream(futures_util::stream::iter([Ok(line), Err(std::io::Error::other("gone"))]));
    let (status, _) = post_raw(&app, &key, "application/x-ndjson", stream).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn the_address_of_a_table_takes_no_claims() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    for path in ["/v1/claims.csv", "/v1/claims.json", "/v1/actors.csv"] {
        let answer = send(&app, &key, Method::POST, path, &good()).await;
        assert!(
            [StatusCode::METHOD_NOT_ALLOWED, StatusCode::NOT_FOUND].contains(&answer.status),
            "{path}: {} {}",
            answer.status,
            answer.body
        );
        answer.problem();
    }
    assert_eq!(stats(&app).await, before);
}

//! Writing many claims in one request: all of them or none, and again without effect.

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use super::add_claims::{added_id, send, stats, with, writing};
use crate::support::{Answer, TestApp, new_claim};

/// Posts lines.
pub async fn add_lines(app: &TestApp, key: &str, lines: &[Value]) -> Answer {
    app.ask(Method::POST, "/v1/claims").key(key).ndjson(lines).send().await
}

/// Posts lines as they stand.
async fn add_text(app: &TestApp, key: &str, text: &str) -> Answer {
    app.ask(Method::POST, "/v1/claims").key(key).raw("application/x-ndjson", text).send().await
}

/// How many were created and how many were there already.
fn tally(answer: &Answer) -> (u64, u64) {
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let data = answer.json()["data"].clone();
    let (created, unchanged) = (data["created"].as_u64().unwrap(), data["unchanged"].as_u64().unwrap());
    assert_eq!(data["ids"].as_array().unwrap().len() as u64, created + unchanged);
    (created, unchanged)
}

/// Line, pointer and code of each fault.
fn faults(answer: &Answer) -> Vec<(u64, String, String)> {
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    let text = |fault: &Value, key: &str| fault[key].as_str().unwrap().to_string();
    errors.iter().map(|fault| (fault["line"].as_u64().unwrap(), text(fault, "pointer"), text(fault, "code"))).collect()
}

/// The lines of an answer of NDJSON.
fn lines_of(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn many_claims_are_counted_and_their_ids_given_in_the_order_of_the_lines() {
    let (app, key) = writing().await;
    let lines: Vec<Value> = ["3", "1", "2"].iter().map(|best| new_claim("UKR", best, "2024")).collect();
    let answer = add_lines(&app, &key, &lines).await;
    assert_eq!(tally(&answer), (3, 0));
    for (id, best) in answer.json()["data"]["ids"].as_array().unwrap().iter().zip(["3", "1", "2"]) {
        let claim = app.data(&format!("/v1/claims/{}", id.as_str().unwrap())).await;
        assert_eq!((&claim["value"]["best_exact"], &claim["state"]), (&json!(best), &json!("accepted")));
        assert_eq!((&claim["recorded_by"], &claim["cause"]), (&json!("write-key"), &json!("created")));
    }
}

#[tokio::test]
async fn the_same_lines_again_change_nothing() {
    let (app, key) = writing().await;
    let lines = [new_claim("UKR", "1", "2024"), new_claim("SYR", "2", "2024")];
    let first = add_lines(&app, &key, &lines).await;
    let before = stats(&app).await;
    let second = add_lines(&app, &key, &lines).await;
    assert_eq!(tally(&second), (0, 2));
    assert_eq!(second.json()["data"]["ids"], first.json()["data"]["ids"]);
    assert_eq!(stats(&app).await, before);
    let third = add_lines(&app, &key, &[lines[1].clone(), new_claim("UKR", "3", "2024")]).await;
    assert_eq!(tally(&third), (1, 1));
}

#[tokio::test]
async fn a_claim_that_was_taken_back_or_revised_is_not_brought_back_by_its_line() {
    let (app, key) = writing().await;
    let lines = [new_claim("UKR", "1", "2024"), new_claim("UKR", "2", "2024")];
    let ids = add_lines(&app, &key, &lines).await.json()["data"]["ids"].clone();
    let path = |position: usize, step: &str| format!("/v1/claims/{}{step}", ids[position].as_str().unwrap());
    let taken = send(&app, &key, Method::POST, &path(0, "/retract"), &json!({"reason": "wrong"})).await;
    assert_eq!(taken.status, StatusCode::OK);
    let revised = send(&app, &key, Method::PATCH, &path(1, ""), &json!({"value": {"best": 22}, "reason": "misread"})).await;
    assert_eq!(revised.status, StatusCode::OK, "{}", revised.body);
    assert_eq!(tally(&add_lines(&app, &key, &lines).await), (0, 2));
    assert_eq!(app.data(&path(0, "")).await["state"], "retracted");
    assert_eq!(app.data(&path(1, "")).await["value"]["best_exact"], "22");
}

#[tokio::test]
async fn one_bad_line_keeps_all_out_and_every_bad_line_is_named_by_its_number() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    let good = new_claim("UKR", "1", "2024");
    let nowhere = new_claim("Atlantis", "2", "2024");
    let bad_number = with(new_claim("UKR", "x", "2024"), json!({"period": "2024-13"}));
    let text = format!("{good}\n\n{nowhere}\n{good}\n{{\"metric\": NaN}}\r\n{bad_number}\n");
    let answer = add_text(&app, &key, &text).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid-body".into()));
    let expected = [
        (3, "/actor", "unknown-actor"),
        (5, "", "malformed-json"),
        (6, "/value/best_exact", "not-a-number"),
        (6, "/period", "malformed-edtf"),
    ];
    let expected: Vec<_> = expected.into_iter().map(|(line, pointer, code)| (line, pointer.to_string(), code.to_string())).collect();
    assert_eq!(faults(&answer), expected);
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn faults_of_form_and_of_names_in_one_line_are_told_at_once() {
    let (app, key) = writing().await;
    let line = with(new_claim("Atlantis", "x", "2024"), json!({"sauce": "reuters-2024", "counterpart": "Lemuria"}));
    let answer = add_lines(&app, &key, &[line]).await;
    let mut pointers = answer.pointers();
    pointers.sort();
    assert_eq!(pointers, ["/actor", "/counterpart", "/sauce", "/value/best_exact"], "{}", answer.body);
}

#[tokio::test]
async fn a_body_in_which_no_line_is_json_cannot_be_read() {
    let (app, key) = writing().await;
    let answer = add_text(&app, &key, "metric,actor\nrefugees,UKR\n").await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "malformed-body".into()));
    for empty in ["", "\n\n  \n"] {
        let answer = add_text(&app, &key, empty).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "malformed-body".into()));
    }
}

#[tokio::test]
async fn of_very_many_bad_lines_a_hundred_are_told() {
    let (app, key) = writing().await;
    let lines: Vec<Value> = (0..250).map(|best| new_claim("Atlantis", &best.to_string(), "2024")).collect();
    let answer = add_lines(&app, &key, &lines).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.pointers().len(), 100);
    assert!(answer.json()["detail"].as_str().unwrap().contains("250"), "{}", answer.json()["detail"]);
}

#[tokio::test]
async fn two_places_in_one_text_are_two_claims_and_one_place_is_one() {
    let (app, key) = writing().await;
    let claim = with(new_claim("UKR", "1", "2024"), json!({"quote": "one fled", "locator": "paragraph 1"}));
    let elsewhere = with(claim.clone(), json!({"locator": "paragraph 9"}));
    let other_words = with(claim.clone(), json!({"quote": "just one fled"}));
    let answer = add_lines(&app, &key, &[claim.clone(), elsewhere, other_words, claim]).await;
    assert_eq!(tally(&answer), (3, 1));
    let ids = answer.json()["data"]["ids"].clone();
    assert_eq!(ids[0], ids[3]);
}

#[tokio::test]
async fn an_id_made_from_content_is_the_same_in_every_database_and_follows_every_field() {
    let (one, one_key) = writing().await;
    let (two, two_key) = writing().await;
    added_id(&two, &two_key, &new_claim("SYR", "9", "2020")).await;
    let base = new_claim("UKR", "1", "2024");
    let mut lines = vec![base.clone()];
    for (field, value) in [
        ("actor", json!("SYR")),
        ("counterpart", json!("POL")),
        ("period", json!("2023")),
        ("base_period", json!("2020")),
        ("status", json!(["estimated"])),
        ("stage", json!("pledged")),
        ("scope", json!({"sex": "female"})),
        ("speaker", json!("UNHCR")),
        ("cue", json!("reportedly")),
        ("source", json!("hornung-2024")),
        ("citation", json!("(ibid)")),
        ("note", json!("a remark")),
        ("value", json!({"best_exact": "1.0", "unit": "person"})),
        ("value", json!({"best_exact": "1", "unit": "household"})),
        ("value", json!({"best_exact": "1", "unit": "person", "comparator": "ge"})),
        ("value", json!({"best_exact": "1", "unit": "person", "original": "one"})),
        ("value", json!({"best_exact": "1", "unit": "person", "high": 2})),
    ] {
        lines.push(with(base.clone(), json!({field: value})));
    }
    let first = add_lines(&one, &one_key, &lines).await;
    assert_eq!(tally(&first), (lines.len() as u64, 0));
    let second = add_lines(&two, &two_key, &lines).await;
    assert_eq!(first.json()["data"]["ids"], second.json()["data"]["ids"]);
}

#[tokio::test]
async fn a_thousand_lines_are_one_change_of_a_thousand_claims() {
    let (app, key) = writing().await;
    let lines: Vec<Value> = (0..1000).map(|best| new_claim("UKR", &best.to_string(), "2024")).collect();
    assert_eq!(tally(&add_lines(&app, &key, &lines).await), (1000, 0));
    let answer = app.get("/v1/claims?metric=refugees&include=count&limit=1").await;
    assert_eq!(answer.json()["meta"]["count"], 1000);
    assert_eq!(tally(&add_lines(&app, &key, &lines).await), (0, 1000));
}

#[tokio::test]
async fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let (app, key) = writing().await;
    let text = format!("\u{feff}{}\r\n{}\r\n", new_claim("UKR", "1", "2024"), new_claim("UKR", "2", "2024"));
    assert_eq!(tally(&add_text(&app, &key, &text).await), (2, 0));
}

#[tokio::test]
async fn the_envelopes_and_rows_of_the_database_itself_are_unchanged_when_they_come_back() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    let envelopes = app.data("/v1/claims?limit=1000").await.as_array().unwrap().clone();
    assert_eq!(envelopes.len(), 13);
    assert_eq!(tally(&add_lines(&app, &key, &envelopes).await), (0, 13));
    let rows = lines_of(&app.get("/v1/claims.ndjson").await);
    assert_eq!(tally(&add_lines(&app, &key, &rows).await), (0, 13));
    assert_eq!(stats(&app).await, before);
}

/// Fields of a record that its sender sets.
fn record_fields(kind: &str) -> &'static [&'static str] {
    match kind {
        "actors" => &["slug", "name", "kind", "iso_alpha2", "iso_alpha3", "wikidata", "aliases", "demonyms", "metonyms", "part_of"],
        "metrics" => &["slug", "label", "definition", "kind", "dimension", "change_of", "part_of", "aliases"],
        "units" => &["slug", "label", "dimension", "base", "factor", "aliases"],
        _ => &["slug", "title", "kind", "authors", "publisher", "published", "accessed", "url", "citations", "chain_end", "note"],
    }
}

/// Copies the named records, and all that they refer to, by reading them here and posting them there.
async fn copy_records(from: &TestApp, to: &TestApp, key: &str, wanted: Vec<(&'static str, String)>) {
    let mut wanted = wanted;
    let mut records: Vec<(&'static str, Value)> = Vec::new();
    while let Some((kind, slug)) = wanted.pop() {
        if records.iter().any(|(other, record)| *other == kind && record["slug"] == slug.as_str()) {
            continue;
        }
        let shown = from.data(&format!("/v1/{kind}/{slug}")).await;
        let record: Value = record_fields(kind).iter().map(|field| ((*field).to_string(), shown[field].clone())).collect();
        let named = ["part_of", "change_of", "base"].iter().filter_map(|field| record[field].as_str()).map(|slug| (kind, slug.to_string()));
        let cited = record["citations"].as_array().into_iter().flatten().map(|cited| (kind, cited["source"].as_str().unwrap().to_string()));
        wanted.extend(named.chain(cited));
        records.push((kind, record));
    }
    while !records.is_empty() {
        let mut left = Vec::new();
        let before = records.len();
        for (kind, record) in records {
            let answer = send(to, key, Method::POST, &format!("/v1/{kind}"), &record).await;
            match answer.status {
                StatusCode::CREATED => {}
                // What it refers to comes later.
                StatusCode::UNPROCESSABLE_ENTITY if answer.fault_codes().iter().all(|code| code == "unknown-record") => {
                    left.push((kind, record));
                }
                _ => panic!("{record}: {}", answer.body),
            }
        }
        assert!(left.len() < before, "records refer to each other in a circle: {left:?}");
        records = left;
    }
}

/// Another service that has the records that the claims name, and nothing else.
async fn elsewhere(from: &TestApp, claims: &[Value]) -> (TestApp, String) {
    let to = TestApp::empty().await;
    let key = to.key(Scope::Write).await;
    let mut wanted = Vec::new();
    for claim in claims {
        let named = [
            ("metrics", &claim["metric"]["slug"]),
            ("units", &claim["value"]["unit"]),
            ("actors", &claim["actor"]["slug"]),
            ("actors", &claim["counterpart"]["slug"]),
            ("sources", &claim["source"]["slug"]),
            ("sources", &claim["citation"]["source"]),
        ];
        wanted.extend(named.into_iter().filter_map(|(kind, slug)| Some((kind, slug.as_str()?.to_string()))));
    }
    copy_records(from, &to, &key, wanted).await;
    (to, key)
}

fn without(mut claim: Value, keys: &[&str]) -> Value {
    claim.as_object_mut().unwrap().retain(|key, _| !keys.contains(&key.as_str()));
    claim
}

#[tokio::test]
async fn envelopes_read_here_and_posted_into_an_empty_database_are_the_same_claims() {
    let (app, key) = writing().await;
    let hard = json!({
        "metric": "trade-balance", "actor": "CHN",
        "value": {"comparator": "approx", "best_exact": "-1234567890123456789012345.678", "low": -2e24,
            "low_inclusive": false, "high": -1, "unit": "USD"},
        "period": {"edtf": "2022-01/..", "original": "since then"}, "scope": {"a": "b"},
        "status": ["reported", "estimated"], "rank": "preferred",
        "quote": {"exact": "“x”", "prefix": "p", "suffix": "s"},
    });
    added_id(&app, &key, &hard).await;
    added_id(
        &app,
        &key,
        &json!({"metric": "refugees", "value": {"comparator": "withheld", "unit": "person"}, "period": {"original": "lately"}}),
    )
    .await;
    let claims = app.data("/v1/claims?limit=1000&sort=recorded_at").await.as_array().unwrap().clone();
    let (other, other_key) = elsewhere(&app, &claims).await;
    assert_eq!(tally(&add_lines(&other, &other_key, &claims).await), (15, 0));
    let shown = other.data("/v1/claims?limit=1000&sort=recorded_at").await.as_array().unwrap().clone();
    let plain = |claims: &[Value]| {
        let mut plain: Vec<Value> = claims.iter().map(|claim| without(claim.clone(), &["recorded_at", "recorded_by"])).collect();
        plain.sort_by_key(|claim| claim["id"].as_str().unwrap().to_string());
        plain
    };
    assert_eq!(plain(&shown), plain(&claims));
    let before = stats(&other).await;
    assert_eq!(tally(&add_lines(&other, &other_key, &claims).await), (0, 15));
    assert_eq!(stats(&other).await, before);
}

#[tokio::test]
async fn rows_read_here_and_posted_into_an_empty_database_give_the_same_rows() {
    let (app, _) = writing().await;
    let claims = app.data("/v1/claims?limit=1000").await.as_array().unwrap().clone();
    let rows = lines_of(&app.get("/v1/claims.ndjson?sort=id").await);
    let (other, other_key) = elsewhere(&app, &claims).await;
    assert_eq!(tally(&add_lines(&other, &other_key, &rows).await), (13, 0));
    let shown = lines_of(&other.get("/v1/claims.ndjson?sort=id").await);
    let plain = |rows: &[Value]| rows.iter().map(|row| without(row.clone(), &["recorded_at"])).collect::<Vec<_>>();
    assert_eq!(plain(&shown), plain(&rows));
    assert_eq!(tally(&add_lines(&other, &other_key, &rows).await), (0, 13));
}

#[tokio::test]
async fn a_row_with_more_digits_than_a_float_holds_is_still_the_same_claim() {
    let (app, key) = writing().await;
    for best in ["1234567890123456789012345678", "0.30000000000000004", "9007199254740993"] {
        added_id(&app, &key, &new_claim("UKR", best, "2024")).await;
    }
    let claims = app.data("/v1/claims?metric=refugees").await.as_array().unwrap().clone();
    let rows = lines_of(&app.get("/v1/claims.ndjson?metric=refugees").await);
    let before = stats(&app).await;
    assert_eq!(tally(&add_lines(&app, &key, &rows).await), (0, 3));
    assert_eq!(stats(&app).await, before);
    let (other, other_key) = elsewhere(&app, &claims).await;
    assert_eq!(tally(&add_lines(&other, &other_key, &rows).await), (3, 0));
    for claim in &claims {
        let shown = other.data(&format!("/v1/claims/{}", claim["id"].as_str().unwrap())).await;
        for field in ["best_exact", "low_exact", "high_exact"] {
            assert_eq!(shown["value"][field], claim["value"][field], "{field}");
        }
    }
}

#[tokio::test]
async fn faults_of_a_row_name_its_own_columns() {
    let (app, key) = writing().await;
    let text = app.ask(Method::POST, "/v1/sources/reuters-2024/document").key(&key).raw("text/plain", "Six fled.").send().await;
    assert_eq!(text.status, StatusCode::CREATED);
    let row = json!({"metric": "refugees", "actor": "UKR", "value_exact": "5", "comparator": "eq", "unit": "person"});
    for (changes, code, column) in [
        (json!({"value_exact": null}), "missing-value", "/value_exact"),
        (json!({"value_exact": "six"}), "not-a-number", "/value_exact"),
        (json!({"value_low": 9, "value_high": 2}), "reversed-bounds", "/value_low"),
        (json!({"unit": "smile"}), "unknown-unit", "/unit"),
        (json!({"cited_source": "nowhere"}), "unknown-source", "/cited_source"),
        (json!({"source": "reuters-2024", "quote": "Seven fled"}), "quote-not-in-document", "/quote"),
        (json!({"period": "2024-13"}), "malformed-edtf", "/period"),
        (json!({"beste": 5}), "unknown-field", "/beste"),
    ] {
        let answer = add_lines(&app, &key, &[with(row.clone(), changes.clone())]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{changes}: {}", answer.body);
        assert!(faults(&answer).contains(&(1, column.to_string(), code.to_string())), "{changes}: {:?}", faults(&answer));
    }
}

#[tokio::test]
async fn all_versions_of_a_claim_travel_as_lines() {
    let (app, key) = writing().await;
    let heir = added_id(&app, &key, &new_claim("UKR", "2", "2024")).await;
    let id = added_id(&app, &key, &new_claim("UKR", "1", "2024")).await;
    let path = format!("/v1/claims/{id}");
    send(&app, &key, Method::PATCH, &path, &json!({"value": {"best": 3}, "reason": "misread", "cause": "re-extracted"})).await;
    send(&app, &key, Method::POST, &format!("{path}/retract"), &json!({"reason": "wrong"})).await;
    send(&app, &key, Method::POST, &format!("{path}/restore"), &json!({})).await;
    send(&app, &key, Method::POST, &format!("{path}/supersede"), &json!({"by": heir, "reason": "newer"})).await;
    let versions = app.data(&format!("{path}/versions")).await.as_array().unwrap().clone();
    let versions: Vec<Value> = versions.iter().map(|version| version["claim"].clone()).collect();
    let mut lines = vec![app.data(&format!("/v1/claims/{heir}")).await];
    lines.extend(versions.clone());
    let (other, other_key) = elsewhere(&app, &lines).await;
    assert_eq!(tally(&add_lines(&other, &other_key, &lines).await), (6, 0));
    let shown = other.data(&format!("{path}/versions")).await.as_array().unwrap().clone();
    let plain = |claim: &Value| without(claim.clone(), &["recorded_at", "recorded_by"]);
    for (version, shown) in versions.iter().zip(&shown) {
        assert_eq!(plain(&shown["claim"]), plain(version));
    }
    assert_eq!(shown.len(), 5);
    assert_eq!(tally(&add_lines(&other, &other_key, &lines).await), (0, 6));
}

#[tokio::test]
async fn an_id_that_is_recorded_with_other_content_is_a_conflict_named_by_its_line() {
    let (app, key) = writing().await;
    let mut envelope = app.data("/v1/claims?metric=trade-value").await[0].clone();
    envelope["note"] = "something else".into();
    let before = stats(&app).await;
    let answer = add_lines(&app, &key, &[new_claim("UKR", "1", "2024"), envelope.clone()]).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::CONFLICT, "conflict".into()));
    assert_eq!(faults(&answer), [(2, String::new(), "conflict".to_string())]);
    envelope["version"] = 3.into();
    envelope["reason"] = "read again".into();
    let answer = add_lines(&app, &key, &[new_claim("UKR", "1", "2024"), envelope.clone()]).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::CONFLICT, "conflict".into()));
    assert_eq!(faults(&answer), [(2, "/version".to_string(), "conflict".to_string())]);
    for version in [json!(0), json!(-1), json!("2"), json!(1.5)] {
        envelope["version"] = version.clone();
        let answer = add_lines(&app, &key, &[envelope.clone()]).await;
        assert!(answer.status.is_client_error(), "{version}: {}", answer.body);
        answer.problem();
    }
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn an_id_of_another_metric_is_refused() {
    let (app, key) = writing().await;
    let id = app.ids("/v1/claims?metric=trade-value").await[0].clone();
    let answer = add_lines(&app, &key, &[with(new_claim("UKR", "1", "2024"), json!({"id": id}))]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(faults(&answer), [(1, "/id".to_string(), "wrong-metric".to_string())]);
}

#[tokio::test]
async fn lines_of_records_and_texts_are_refused() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    let actor = json!({"type": "actor", "data": {"slug": "moon", "name": "Moon", "kind": "region"}});
    let text = json!({"type": "document", "data": {"source": "reuters-2024", "content": "words"}});
    let answer = add_lines(&app, &key, &[actor, text, json!({"type": "planet", "data": {}})]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.pointers(), ["/type", "/type", "/type"]);
    assert_eq!(stats(&app).await, before);
    let claim = with(new_claim("UKR", "1", "2024"), json!({"type": "claim"}));
    assert_eq!(tally(&add_lines(&app, &key, &[claim]).await), (1, 0));
}

#[tokio::test]
async fn a_line_may_carry_what_answers_add_but_nothing_made_up() {
    let (app, key) = writing().await;
    let claim = with(new_claim("UKR", "1", "2024"), json!({"links": {"self": "x"}, "findings": [], "recorded_by": "somebody"}));
    let answer = add_lines(&app, &key, std::slice::from_ref(&claim)).await;
    assert_eq!(tally(&answer), (1, 0));
    let id = answer.json()["data"]["ids"][0].as_str().unwrap().to_string();
    assert_eq!(app.data(&format!("/v1/claims/{id}")).await["recorded_by"], "write-key");
    let answer = add_lines(&app, &key, &[with(claim, json!({"confidence": 0.5}))]).await;
    assert_eq!(faults(&answer), [(1, "/confidence".to_string(), "unknown-field".to_string())]);
}

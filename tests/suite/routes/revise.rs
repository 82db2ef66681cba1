//! Revising a claim: a merge patch makes a new version, and nothing that was said before is lost.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::add_claims::{added, added_id, send, stats, with, writing};
use crate::support::{Answer, TestApp, new_claim};

async fn revise(app: &TestApp, key: &str, id: &str, patch: &Value) -> Answer {
    send(app, key, Method::PATCH, &format!("/v1/claims/{id}"), patch).await
}

async fn revised(app: &TestApp, key: &str, id: &str, patch: &Value) -> Value {
    let answer = revise(app, key, id, patch).await;
    assert_eq!(answer.status, StatusCode::OK, "{patch}: {}", answer.body);
    answer.json()["data"].clone()
}

fn ends(claim: &Value) -> (&str, &str, &str) {
    let text = |name: &str| claim["value"][name].as_str().unwrap_or("");
    (text("low_exact"), text("high_exact"), text("rule"))
}

/// Checks that a patch is refused with these faults, and that nothing was stored.
async fn refused(app: &TestApp, key: &str, id: &str, patch: &Value, faults: &[(&str, &str)]) {
    let before = stats(app).await;
    let answer = revise(app, key, id, patch).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{patch}: {}", answer.body);
    assert_eq!(answer.problem(), "invalid-body");
    let found: Vec<(String, String)> = answer.fault_codes().into_iter().zip(answer.pointers()).collect();
    let faults: Vec<(String, String)> = faults.iter().map(|(code, pointer)| ((*code).to_string(), (*pointer).to_string())).collect();
    assert_eq!(found, faults, "{patch}");
    assert_eq!(stats(app).await, before, "{patch}");
}

#[tokio::test]
async fn a_new_number_makes_a_new_version_with_a_new_interval() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6000000", "2024")).await;
    app.clock.advance_seconds(1);
    let answer = revise(&app, &key, &id, &json!({"value": {"best": 7_000_000}, "reason": "misread"})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let claim = answer.json()["data"].clone();
    assert_eq!((&claim["id"], &claim["version"], &claim["state"]), (&json!(id), &json!(2), &json!("accepted")));
    assert_eq!(ends(&claim), ("6999999.5", "7000000.5", "precision.printed"));
    assert_eq!((&claim["cause"], &claim["reason"]), (&json!("corrected"), &json!("misread")));
    assert!(answer.header("etag").starts_with("\"v2-"));
    let read = app.get(&format!("/v1/claims/{id}")).await;
    assert_eq!((read.body.as_str(), read.header("etag")), (answer.body.as_str(), answer.header("etag")));
    let first = app.data(&format!("/v1/claims/{id}?version=1")).await;
    assert_eq!((&first["version"], &first["value"]["best_exact"]), (&json!(1), &json!("6000000")));
    assert_eq!(app.data("/v1/claims?metric=refugees").await[0]["value"]["best_exact"], "7000000");
}

#[tokio::test]
async fn as_of_a_moment_before_a_revision_the_claim_stands_as_it_did() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    app.clock.advance_seconds(3600);
    revised(&app, &key, &id, &json!({"value": {"best": 7}, "reason": "misread"})).await;
    for (moment, best) in [("2026-11-24T12:30:00Z", "6"), ("2026-11-24T13:30:00Z", "7")] {
        assert_eq!(app.data(&format!("/v1/claims/{id}?as_of={moment}")).await["value"]["best_exact"], best);
        assert_eq!(app.data(&format!("/v1/claims?metric=refugees&as_of={moment}")).await[0]["value"]["best_exact"], best);
    }
}

#[tokio::test]
async fn digits_of_a_patch_are_kept_exactly() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    for (sent, exact) in [("1234567890123456789012345678", "1234567890123456789012345678"), ("0.10", "0.1"), ("1e6", "1000000")] {
        let text = format!("{{\"value\": {{\"best\": {sent}}}, \"reason\": \"digits\"}}");
        let answer = app.ask(Method::PATCH, &format!("/v1/claims/{id}")).key(&key).raw("application/merge-patch+json", &text).send().await;
        assert_eq!(answer.json()["data"]["value"]["best_exact"], exact, "{}", answer.body);
    }
    let claim = revised(&app, &key, &id, &json!({"value": {"best_exact": "12.50"}, "reason": "digits"})).await;
    assert_eq!(ends(&claim), ("12.495", "12.505", "precision.printed"));
    let claim = revised(&app, &key, &id, &json!({"note": "precision is kept", "reason": "note"})).await;
    assert_eq!((ends(&claim), &claim["value"]["decimals"]), (("12.495", "12.505", "precision.printed"), &json!(2)));
}

#[tokio::test]
async fn nulls_remove_what_was_there() {
    let (app, key) = writing().await;
    let full = with(
        new_claim("UKR", "6", "2024"),
        json!({"counterpart": "POL", "speaker": "UNHCR", "cue": "reportedly", "note": "n", "locator": "p. 1", "stage": "pledged",
            "status": ["estimated"], "scope": {"a": "1", "b": "2"}, "quote": "six", "citation": "(ibid)",
            "base_period": "2020", "rank": "preferred"}),
    );
    let id = added_id(&app, &key, &full).await;
    let fields =
        ["actor", "counterpart", "speaker", "cue", "note", "locator", "stage", "quote", "citation", "base_period", "period", "source"];
    let mut patch = json!({"reason": "nothing of it is certain", "status": null, "scope": null, "rank": null});
    for field in fields {
        patch[field] = Value::Null;
    }
    let claim = revised(&app, &key, &id, &patch).await;
    for field in fields {
        assert_eq!(claim[field], Value::Null, "{field}");
    }
    assert_eq!((&claim["status"], &claim["scope"], &claim["rank"]), (&json!([]), &json!({}), &json!("normal")));
    assert_eq!(claim["value"]["best_exact"], "6");
}

#[tokio::test]
async fn objects_are_merged_and_other_values_replaced() {
    let (app, key) = writing().await;
    let sent = json!({"period": {"edtf": "2024", "original": "this year"}, "scope": {"a": "1", "b": "2"}, "status": ["estimated"]});
    let id = added_id(&app, &key, &with(new_claim("UKR", "6", "2024"), sent)).await;
    let patch = json!({"period": {"edtf": "2025"}, "scope": {"b": null, "c": "3"}, "status": ["reported"], "reason": "merge"});
    let claim = revised(&app, &key, &id, &patch).await;
    assert_eq!(claim["period"], json!({"edtf": "2025", "start": "2025-01-01", "end": "2025-12-31", "original": "this year"}));
    assert_eq!((&claim["scope"], &claim["status"]), (&json!({"a": "1", "c": "3"}), &json!(["reported"])));
    let claim =
        revised(&app, &key, &id, &json!({"period": "2026", "actor": {"slug": "SYR"}, "reason": "text in place of an object"})).await;
    assert_eq!((&claim["period"]["edtf"], &claim["actor"]["slug"]), (&json!("2026"), &json!("SYR")));
}

#[tokio::test]
async fn the_interval_follows_comparator_words_and_bounds() {
    let (app, key) = writing().await;
    let value = json!({"original": "240 billion", "best_exact": "240000000000", "unit": "USD"});
    let id = added_id(&app, &key, &json!({"metric": "trade-value", "value": value})).await;
    let after = async |value: Value| revised(&app, &key, &id, &json!({"value": value, "reason": "again"})).await;
    let claim = after(json!({"original": "250.0 billion", "best": 250_000_000_000_i64})).await;
    assert_eq!((ends(&claim), &claim["value"]["decimals"]), (("249950000000", "250050000000", "precision.printed"), &json!(-8)));
    let claim = after(json!({"comparator": "gt"})).await;
    assert_eq!(ends(&claim), ("250000000000", "", "bound.gt"));
    let claim = after(json!({"comparator": "approx", "original": "almost 250 billion"})).await;
    assert_eq!(ends(&claim), ("225000000000", "250000000000", "approx.below"));
    let claim = after(json!({"low": 1, "high": 300_000_000_000_i64})).await;
    assert_eq!(ends(&claim), ("1", "300000000000", "stated"));
    let claim = after(json!({"best": 260_000_000_000_i64})).await;
    assert_eq!(ends(&claim), ("1", "300000000000", "stated"));
    let claim = after(json!({"low": null})).await;
    assert_eq!(ends(&claim), ("", "300000000000", "stated"));
    let claim = after(json!({"high_exact": null, "comparator": "eq", "original": null, "decimals": -9})).await;
    assert_eq!(ends(&claim), ("259500000000", "260500000000", "precision.printed"));
    let claim = after(json!({"comparator": "withheld", "best": null, "decimals": null})).await;
    assert_eq!((ends(&claim), &claim["value"]["best"]), (("", "", "absent"), &Value::Null));
    let claim = after(json!({"comparator": "vague", "original": "dozens"})).await;
    assert_eq!((ends(&claim), &claim["value"]["best_exact"]), (("12", "120", "lexicon.1"), &json!("12")));
}

#[tokio::test]
async fn a_number_outside_its_own_stated_bounds_is_refused() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &json!({"metric": "refugees", "value": {"best": 10, "low": 8, "high": 15, "unit": "person"}})).await;
    refused(&app, &key, &id, &json!({"value": {"best": 20}, "reason": "x"}), &[("best-outside-bounds", "/value/best_exact")]).await;
    refused(&app, &key, &id, &json!({"value": {"low": 16}, "reason": "x"}), &[("reversed-bounds", "/value/low")]).await;
}

#[tokio::test]
async fn a_claim_never_changes_its_metric_or_state_by_a_patch() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    refused(&app, &key, &id, &json!({"metric": "people-killed", "reason": "x"}), &[("unchangeable", "/metric")]).await;
    refused(&app, &key, &id, &json!({"state": "candidate", "reason": "x"}), &[("unchangeable", "/state")]).await;
    let claim = revised(&app, &key, &id, &json!({"metric": "refugees", "note": "the same metric", "reason": "x"})).await;
    assert_eq!(claim["version"], 2);
}

#[tokio::test]
async fn what_the_service_sets_itself_cannot_be_patched() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    for field in ["id", "version", "recorded_at", "recorded_by", "superseded_by", "links", "findings", "nonsense"] {
        refused(&app, &key, &id, &json!({field: "x", "reason": "x"}), &[("unknown-field", &format!("/{field}"))]).await;
    }
    let answer = revise(&app, &key, &id, &json!({"perriod": "2024", "reason": "x"})).await;
    assert!(answer.json()["errors"][0]["message"].as_str().unwrap().contains("did you mean 'period'?"), "{}", answer.body);
}

#[tokio::test]
async fn a_reason_is_required_and_the_cause_is_one_of_the_words_there_are() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    for reason in [json!({}), json!({"reason": null}), json!({"reason": ""})] {
        let patch = with(reason, json!({"note": "x"}));
        refused(&app, &key, &id, &patch, &[("missing-field", "/reason")]).await;
    }
    refused(&app, &key, &id, &json!({"note": "x", "reason": 5}), &[("wrong-type", "/reason")]).await;
    for cause in ["created", "retracted", "because", "CORRECTED"] {
        refused(&app, &key, &id, &json!({"note": "x", "reason": "x", "cause": cause}), &[("unknown-word", "/cause")]).await;
    }
    for (position, cause) in ["corrected", "source-revised", "re-extracted", "merged"].into_iter().enumerate() {
        let claim = revised(&app, &key, &id, &json!({"note": cause, "reason": "because", "cause": cause})).await;
        assert_eq!((&claim["cause"], &claim["version"]), (&json!(cause), &json!(position + 2)));
    }
}

#[tokio::test]
async fn all_faults_of_a_patch_are_told_at_once() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    let patch = json!({"actor": "Atlantis", "period": "2024-13", "rank": "best", "nonsense": 1, "value": {"best": "x"}, "reason": "x"});
    let answer = revise(&app, &key, &id, &patch).await;
    let mut pointers = answer.pointers();
    pointers.sort();
    assert_eq!(pointers, ["/actor", "/nonsense", "/period", "/rank", "/value/best"], "{}", answer.body);
    let answer = revise(&app, &key, &id, &json!({"period": "2024-13", "cause": "because"})).await;
    let mut pointers = answer.pointers();
    pointers.sort();
    assert_eq!(pointers, ["/cause", "/period", "/reason"], "{}", answer.body);
}

#[tokio::test]
async fn patches_of_a_wrong_shape_are_refused_with_the_field_that_is_wrong() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    refused(&app, &key, &id, &json!({"value": null, "reason": "x"}), &[("missing-field", "/value")]).await;
    refused(&app, &key, &id, &json!({"scope": {"a": 1}, "reason": "x"}), &[("wrong-type", "/scope")]).await;
    for body in [json!([]), json!("text"), json!(null), json!(7)] {
        refused(&app, &key, &id, &body, &[("wrong-type", "")]).await;
    }
    let answer = app.ask(Method::PATCH, &format!("/v1/claims/{id}")).key(&key).raw("application/json", "{\"reason\": ").send().await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "malformed-body".into()));
}

#[tokio::test]
async fn a_value_that_is_no_object_is_pointed_at() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    for value in [json!(5), json!("five"), json!([5])] {
        refused(&app, &key, &id, &json!({"value": value, "reason": "x"}), &[("wrong-type", "/value")]).await;
    }
}

#[tokio::test]
async fn a_field_given_twice_in_a_patch_is_refused_at_every_depth() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    let before = stats(&app).await;
    for (text, pointer) in [
        ("{\"note\": \"a\", \"note\": \"b\", \"reason\": \"x\"}", "/note"),
        ("{\"value\": {\"best\": 1, \"best\": 2}, \"reason\": \"x\"}", "/value/best"),
        ("{\"scope\": {\"a\": \"1\", \"a\": \"2\"}, \"reason\": \"x\"}", "/scope/a"),
    ] {
        let answer = app.ask(Method::PATCH, &format!("/v1/claims/{id}")).key(&key).raw("application/json", text).send().await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}: {}", answer.body);
        assert_eq!((answer.fault_codes(), answer.pointers()), (vec!["duplicate-field".into()], vec![pointer.to_string()]));
        assert_eq!(stats(&app).await, before);
    }
}

#[tokio::test]
async fn a_quote_is_held_against_its_text_only_when_the_patch_changes_it() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &with(new_claim("UKR", "6", "2024"), json!({"quote": "six people fled"}))).await;
    let text = app.ask(Method::POST, "/v1/sources/reuters-2024/document").key(&key).raw("text/plain", "Six persons fled.").send().await;
    assert_eq!(text.status, StatusCode::CREATED, "{}", text.body);
    let claim = revised(&app, &key, &id, &json!({"value": {"best": 7}, "note": "n", "reason": "x"})).await;
    assert_eq!((&claim["quote"]["exact"], &claim["quote"]["verified"]), (&json!("six people fled"), &Value::Null));
    let patch = json!({"quote": "seven people fled", "reason": "x"});
    refused(&app, &key, &id, &patch, &[("quote-not-in-document", "/quote/exact")]).await;
    let claim = revised(&app, &key, &id, &json!({"quote": "persons fled", "reason": "x"})).await;
    assert_eq!((&claim["quote"]["start"], &claim["quote"]["end"], &claim["quote"]["verified"]), (&json!(4), &json!(16), &json!(true)));
    let claim = revised(&app, &key, &id, &json!({"note": "place is kept", "reason": "x"})).await;
    assert_eq!((&claim["quote"]["start"], &claim["quote"]["verified"]), (&json!(4), &json!(true)));
}

#[tokio::test]
async fn a_place_that_the_service_found_follows_new_words() {
    let (app, key) = writing().await;
    let text = app.ask(Method::POST, "/v1/sources/reuters-2024/document").key(&key).raw("text/plain", "Six persons fled.").send().await;
    assert_eq!(text.status, StatusCode::CREATED, "{}", text.body);
    let id = added_id(&app, &key, &with(new_claim("UKR", "6", "2024"), json!({"quote": "persons fled"}))).await;
    let claim = revised(&app, &key, &id, &json!({"quote": {"exact": "Six persons"}, "reason": "other words of the same text"})).await;
    assert_eq!((&claim["quote"]["start"], &claim["quote"]["end"]), (&json!(0), &json!(11)));
}

#[tokio::test]
async fn a_claim_moved_to_another_source_has_its_quote_held_against_that_sources_text() {
    let (app, key) = writing().await;
    for (source, text) in
        [("reuters-2024", "Six persons fled."), ("hornung-2024", "Some persons fled."), ("toda-2022", "In all: Six persons fled.")]
    {
        let path = format!("/v1/sources/{source}/document");
        let stored = app.ask(Method::POST, &path).key(&key).raw("text/plain", text).send().await;
        assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.body);
    }
    let id = added_id(&app, &key, &with(new_claim("UKR", "6", "2024"), json!({"quote": "Six persons"}))).await;
    let patch = json!({"source": "hornung-2024", "reason": "x"});
    refused(&app, &key, &id, &patch, &[("quote-not-in-document", "/quote/exact")]).await;
    let claim = revised(&app, &key, &id, &json!({"source": "toda-2022", "reason": "x"})).await;
    assert_eq!((&claim["quote"]["start"], &claim["quote"]["verified"]), (&json!(8), &json!(true)));
}

#[tokio::test]
async fn a_stale_if_match_is_412_and_the_present_version_is_taken_in_every_notation() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    let path = format!("/v1/claims/{id}");
    let first = app.get(&path).await.header("etag").to_string();
    let revise_if = async |tag: &str, note: &str| {
        app.ask(Method::PATCH, &path).key(&key).header("if-match", tag).json(&json!({"note": note, "reason": "x"})).send().await
    };
    assert_eq!(revise_if(&first, "a").await.status, StatusCode::OK);
    let before = stats(&app).await;
    for stale in [first.as_str(), "\"v1\"", "\"1\"", "\"v3\"", "\"\"", "v2", "2", "nonsense", "W/\"v2-00\"", "\"v1\", \"v3\"", ""] {
        let answer = revise_if(stale, "b").await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::PRECONDITION_FAILED, "version-mismatch".into()), "{stale}");
    }
    assert_eq!(stats(&app).await, before);
    let second = app.get(&path).await.header("etag").to_string();
    for (fresh, note) in [(second.as_str(), "c"), ("\"v3\"", "d"), ("*", "e"), ("\"v1\", \"v5\"", "f"), ("\"6\"", "g")] {
        let answer = revise_if(fresh, note).await;
        assert_eq!(answer.status, StatusCode::OK, "{fresh}: {}", answer.body);
    }
}

#[tokio::test]
async fn if_match_takes_the_tag_of_every_form_of_the_claim() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &with(new_claim("UKR", "6", "2024"), json!({"quote": "six"}))).await;
    let path = format!("/v1/claims/{id}");
    let forms = [
        "",
        "?fields=id,value",
        "?include=provenance",
        "/versions",
        "/cite?style=ris",
        "/cite?style=bibtex",
        "/provenance",
        "/provenance?format=svg",
        "/provenance?format=dot",
    ];
    for form in forms {
        let tag = app.get(&format!("{path}{form}")).await.header("etag").to_string();
        assert!(tag.starts_with('"'), "{form}: {tag}");
        let patch = json!({"note": form, "reason": "x"});
        let answer = app.ask(Method::PATCH, &path).key(&key).header("if-match", &tag).json(&patch).send().await;
        assert_eq!(answer.status, StatusCode::OK, "{form} {tag}: {}", answer.body);
        let again = app.ask(Method::PATCH, &path).key(&key).header("if-match", &tag).json(&patch).send().await;
        assert_eq!(again.status, StatusCode::PRECONDITION_FAILED, "{form} {tag}");
    }
}

#[tokio::test]
async fn a_tag_taken_before_a_record_was_renamed_still_names_the_version() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    let path = format!("/v1/claims/{id}");
    let tag = app.get(&path).await.header("etag").to_string();
    send(&app, &key, Method::PATCH, "/v1/actors/UKR", &json!({"name": "Ukraina", "reason": "x"})).await;
    assert_ne!(app.get(&path).await.header("etag"), tag);
    let patch = json!({"note": "n", "reason": "x"});
    let answer = app.ask(Method::PATCH, &path).key(&key).header("if-match", &tag).json(&patch).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn the_history_lists_every_version_with_cause_reason_and_what_changed() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    app.clock.advance_seconds(60);
    revised(&app, &key, &id, &json!({"value": {"best": 7}, "note": "n", "reason": "misread", "cause": "re-extracted"})).await;
    app.clock.advance_seconds(60);
    revised(&app, &key, &id, &json!({"note": null, "period": "2025", "actor": "SYR", "reason": "again"})).await;
    let versions = app.data(&format!("/v1/claims/{id}/versions")).await;
    let list = versions.as_array().unwrap();
    let changed: Vec<&Value> = list.iter().map(|version| &version["changed"]).collect();
    assert_eq!(changed, [&json!([]), &json!(["value", "note"]), &json!(["actor", "period", "note"])]);
    let of = |field: &str| list.iter().map(|version| version["claim"][field].clone()).collect::<Vec<_>>();
    assert_eq!(of("version"), [1, 2, 3]);
    assert_eq!(of("cause"), ["created", "re-extracted", "corrected"]);
    assert_eq!(of("reason"), [Value::Null, json!("misread"), json!("again")]);
    assert_eq!(of("recorded_at"), ["2026-11-24T12:00:00Z", "2026-11-24T12:01:00Z", "2026-11-24T12:02:00Z"]);
}

#[tokio::test]
async fn claims_that_do_not_exist_cannot_be_revised() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    let real = app.ids("/v1/claims?limit=1").await[0].clone();
    let other = real.chars().rev().take(1).map(|last| if last == '0' { '8' } else { '0' }).collect::<String>();
    let missing = format!("{}{other}", &real[..39]);
    for id in [missing.as_str(), "clm_x", "x", "clm_000000000000000000000000000000000000", "%00", "1"] {
        let answer = revise(&app, &key, id, &json!({"note": "x", "reason": "x"})).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::NOT_FOUND, "not-found".into()), "{id}");
    }
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn a_seeded_claim_can_be_revised_like_any_other() {
    let (app, key) = writing().await;
    let claims = app.data("/v1/claims?limit=1000").await;
    for claim in claims.as_array().unwrap() {
        let id = claim["id"].as_str().unwrap();
        let after = revised(&app, &key, id, &json!({"note": "looked at", "reason": "x"})).await;
        for field in ["metric", "actor", "counterpart", "value", "period", "base_period", "status", "scope", "quote", "citation", "locator"]
        {
            assert_eq!(after[field], claim[field], "{id} {field}");
        }
    }
    let added = added(&app, &key, &new_claim("UKR", "1", "2024")).await;
    assert_eq!(added["version"], 1);
}

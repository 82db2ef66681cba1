//! The life of a claim: proposed, accepted, rejected, taken back, restored, replaced; nothing ever vanishes.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::add_claims::{added_id, send, stats, with, writing};
use crate::support::{Answer, TestApp, new_claim};

const STEPS: [&str; 5] = ["accept", "reject", "retract", "restore", "supersede"];

async fn step(app: &TestApp, key: &str, id: &str, step: &str, body: &Value) -> Answer {
    send(app, key, Method::POST, &format!("/v1/claims/{id}/{step}"), body).await
}

async fn stepped(app: &TestApp, key: &str, id: &str, name: &str, body: &Value) -> Value {
    let answer = step(app, key, id, name, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.body);
    answer.json()["data"].clone()
}

async fn candidate(app: &TestApp, key: &str) -> String {
    added_id(app, key, &with(new_claim("UKR", "6", "2024"), json!({"state": "candidate"}))).await
}

/// A claim that has come to stand in a state.
async fn claim_in(app: &TestApp, key: &str, state: &str, heir: &str) -> String {
    let id = match state {
        "candidate" | "rejected" => candidate(app, key).await,
        _ => added_id(app, key, &new_claim("UKR", "6", "2024")).await,
    };
    match state {
        "rejected" => drop(stepped(app, key, &id, "reject", &json!({"reason": "no"})).await),
        "retracted" => drop(stepped(app, key, &id, "retract", &json!({"reason": "no"})).await),
        "superseded" => drop(stepped(app, key, &id, "supersede", &json!({"by": heir, "reason": "no"})).await),
        _ => {}
    }
    id
}

#[tokio::test]
async fn a_claim_taken_back_leaves_the_lists_but_does_not_vanish() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    let answer = step(&app, &key, &id, "retract", &json!({"reason": "the source took it back", "cause": "source-revised"})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let claim = answer.json()["data"].clone();
    assert_eq!((&claim["state"], &claim["version"]), (&json!("retracted"), &json!(2)));
    assert_eq!((&claim["cause"], &claim["reason"]), (&json!("source-revised"), &json!("the source took it back")));
    assert_eq!(claim["value"]["best_exact"], "6");
    let read = app.get(&format!("/v1/claims/{id}")).await;
    assert_eq!((read.status, &read.body, read.header("etag")), (StatusCode::OK, &answer.body, answer.header("etag")));
    for list in
        ["/v1/claims?limit=1000", "/v1/sources/reuters-2024/claims", "/v1/claims?metric=refugees&state=candidate,rejected,superseded"]
    {
        assert!(!app.ids(list).await.contains(&id), "{list}");
    }
    for table in ["/v1/claims.csv", "/v1/claims.json", "/v1/claims.ndjson", "/v1/series?metric=refugees&actor=UKR"] {
        assert!(!app.get(table).await.body.contains(&id), "{table}");
    }
    for list in ["/v1/claims?metric=refugees&state=retracted", "/v1/claims?metric=refugees&state=all"] {
        assert_eq!(app.ids(list).await, std::slice::from_ref(&id), "{list}");
    }
}

#[tokio::test]
async fn a_reason_is_required_where_something_is_taken_back() {
    let (app, key) = writing().await;
    let heir = added_id(&app, &key, &new_claim("SYR", "6", "2024")).await;
    for (state, name) in [("accepted", "retract"), ("candidate", "reject"), ("accepted", "supersede")] {
        let id = claim_in(&app, &key, state, &heir).await;
        let before = stats(&app).await;
        let mut body = json!({"reason": ""});
        if name == "supersede" {
            body["by"] = heir.clone().into();
        }
        let answer = step(&app, &key, &id, name, &body).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid-body".into()), "{name}");
        assert_eq!((answer.fault_codes(), answer.pointers()), (vec!["missing-field".into()], vec!["/reason".into()]), "{name}");
        let empty = app.ask(Method::POST, &format!("/v1/claims/{id}/{name}")).key(&key).send().await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert_eq!(stats(&app).await, before);
    }
}

#[tokio::test]
async fn accepting_and_restoring_need_no_body_at_all() {
    let (app, key) = writing().await;
    let id = candidate(&app, &key).await;
    let bare = async |name: &str| app.ask(Method::POST, &format!("/v1/claims/{id}/{name}")).key(&key).send().await;
    let answer = bare("accept").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let claim = answer.json()["data"].clone();
    assert_eq!((&claim["state"], &claim["cause"], &claim["reason"]), (&json!("accepted"), &json!("accepted"), &Value::Null));
    assert!(app.ids("/v1/claims?metric=refugees").await.contains(&id));
    stepped(&app, &key, &id, "retract", &json!({"reason": "no"})).await;
    let answer = bare("restore").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!((&answer.json()["data"]["state"], &answer.json()["data"]["cause"]), (&json!("accepted"), &json!("restored")));
}

#[tokio::test]
async fn restoring_leads_back_to_the_state_before() {
    let (app, key) = writing().await;
    let heir = added_id(&app, &key, &new_claim("SYR", "6", "2024")).await;
    for (state, earlier) in [("retracted", "accepted"), ("rejected", "candidate"), ("superseded", "accepted")] {
        let id = claim_in(&app, &key, state, &heir).await;
        let claim = stepped(&app, &key, &id, "restore", &json!({"reason": "it was right after all"})).await;
        assert_eq!((&claim["state"], &claim["superseded_by"]), (&json!(earlier), &Value::Null), "{state}");
        assert_eq!((&claim["version"], &claim["reason"]), (&json!(3), &json!("it was right after all")));
    }
    let id = candidate(&app, &key).await;
    stepped(&app, &key, &id, "supersede", &json!({"by": heir, "reason": "no"})).await;
    assert_eq!(stepped(&app, &key, &id, "restore", &json!({})).await["state"], "candidate");
}

#[tokio::test]
async fn restoring_leads_back_past_revisions_made_in_between() {
    let (app, key) = writing().await;
    let id = candidate(&app, &key).await;
    stepped(&app, &key, &id, "reject", &json!({"reason": "no"})).await;
    let patch = json!({"note": "looked at again", "reason": "note"});
    let revised = send(&app, &key, Method::PATCH, &format!("/v1/claims/{id}"), &patch).await;
    assert_eq!((revised.status, &revised.json()["data"]["state"]), (StatusCode::OK, &json!("rejected")));
    let claim = stepped(&app, &key, &id, "restore", &json!({})).await;
    assert_eq!((&claim["state"], &claim["note"]), (&json!("candidate"), &json!("looked at again")));
}

#[tokio::test]
async fn a_replaced_claim_names_its_successor_and_leaves_the_lists() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    let heir = added_id(&app, &key, &new_claim("UKR", "7", "2024")).await;
    let claim = stepped(&app, &key, &id, "supersede", &json!({"by": heir, "reason": "a newer edition"})).await;
    assert_eq!((&claim["state"], &claim["superseded_by"]), (&json!("superseded"), &json!(heir)));
    assert_eq!((&claim["cause"], &claim["reason"]), (&json!("superseded"), &json!("a newer edition")));
    assert_eq!(app.data(&format!("/v1/claims/{id}")).await["superseded_by"], heir.as_str());
    assert_eq!(app.ids("/v1/claims?metric=refugees").await, std::slice::from_ref(&heir));
    assert_eq!(app.ids("/v1/claims?metric=refugees&state=superseded").await, std::slice::from_ref(&id));
    let patch = json!({"note": "n", "reason": "x"});
    let revised = send(&app, &key, Method::PATCH, &format!("/v1/claims/{id}"), &patch).await;
    assert_eq!(revised.json()["data"]["superseded_by"], heir.as_str(), "{}", revised.body);
}

#[tokio::test]
async fn a_successor_has_to_be_another_claim_that_exists() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    let missing = format!("clm_{}", "0".repeat(36));
    let before = stats(&app).await;
    let cases = [
        (json!({"reason": "x"}), "missing-field"),
        (json!({"reason": "x", "by": null}), "missing-field"),
        (json!({"reason": "x", "by": "clm_x"}), "malformed-id"),
        (json!({"reason": "x", "by": 5}), "wrong-type"),
        (json!({"reason": "x", "by": missing}), "unknown-claim"),
        (json!({"reason": "x", "by": id}), "unknown-claim"),
    ];
    for (body, code) in cases {
        let answer = step(&app, &key, &id, "supersede", &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!((answer.fault_codes(), answer.pointers()), (vec![code.to_string()], vec!["/by".to_string()]), "{body}");
    }
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn steps_that_a_state_does_not_allow_are_conflicts_and_change_nothing() {
    let (app, key) = writing().await;
    let heir = added_id(&app, &key, &new_claim("SYR", "6", "2024")).await;
    let allowed = [
        ("candidate", "accept", "accepted"),
        ("candidate", "reject", "rejected"),
        ("candidate", "supersede", "superseded"),
        ("accepted", "retract", "retracted"),
        ("accepted", "supersede", "superseded"),
        ("rejected", "restore", "candidate"),
        ("retracted", "restore", "accepted"),
        ("superseded", "restore", "accepted"),
    ];
    for state in ["candidate", "accepted", "rejected", "retracted", "superseded"] {
        for name in STEPS {
            let id = claim_in(&app, &key, state, &heir).await;
            assert_eq!(app.data(&format!("/v1/claims/{id}")).await["state"], state);
            let before = stats(&app).await;
            let mut body = json!({"reason": "because"});
            if name == "supersede" {
                body["by"] = heir.clone().into();
            }
            let answer = step(&app, &key, &id, name, &body).await;
            if let Some((_, _, after)) = allowed.iter().find(|(from, step, _)| *from == state && *step == name) {
                assert_eq!((answer.status, &answer.json()["data"]["state"]), (StatusCode::OK, &json!(after)), "{state} {name}");
            } else {
                assert_eq!((answer.status, answer.problem()), (StatusCode::CONFLICT, "conflict".into()), "{state} {name}");
                assert_eq!(stats(&app).await, before, "{state} {name}");
            }
        }
    }
}

#[tokio::test]
async fn the_history_tells_every_step_with_its_cause_and_reason() {
    let (app, key) = writing().await;
    let id = candidate(&app, &key).await;
    for (name, body) in [
        ("reject", json!({"reason": "one"})),
        ("restore", json!({"reason": "two"})),
        ("accept", json!({"reason": "three", "cause": "merged"})),
        ("retract", json!({"reason": "four"})),
        ("restore", json!({})),
    ] {
        stepped(&app, &key, &id, name, &body).await;
    }
    let versions = app.data(&format!("/v1/claims/{id}/versions")).await;
    let list = versions.as_array().unwrap();
    let of = |field: &str| list.iter().map(|version| version["claim"][field].clone()).collect::<Vec<_>>();
    assert_eq!(of("state"), ["candidate", "rejected", "candidate", "accepted", "retracted", "accepted"]);
    assert_eq!(of("cause"), ["created", "rejected", "restored", "merged", "retracted", "restored"]);
    assert_eq!(of("reason"), [Value::Null, json!("one"), json!("two"), json!("three"), json!("four"), Value::Null]);
    assert!(list[1..].iter().all(|version| version["changed"] == json!(["state"])), "{versions}");
}

#[tokio::test]
async fn a_step_follows_if_match() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    let tag = app.get(&format!("/v1/claims/{id}")).await.header("etag").to_string();
    send(&app, &key, Method::PATCH, &format!("/v1/claims/{id}"), &json!({"note": "n", "reason": "x"})).await;
    let before = stats(&app).await;
    let retract_if = async |tag: &str| {
        app.ask(Method::POST, &format!("/v1/claims/{id}/retract"))
            .key(&key)
            .header("if-match", tag)
            .json(&json!({"reason": "x"}))
            .send()
            .await
    };
    let answer = retract_if(&tag).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::PRECONDITION_FAILED, "version-mismatch".into()));
    assert_eq!(stats(&app).await, before);
    assert_eq!(retract_if("\"v2-0123\"").await.status, StatusCode::OK);
}

#[tokio::test]
async fn steps_refuse_what_they_do_not_know() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    let before = stats(&app).await;
    let cases = [
        (json!({"reason": "x", "by": id}), "unknown-field", "/by"),
        (json!({"reason": "x", "why": "y"}), "unknown-field", "/why"),
        (json!({"reason": "x", "cause": "because"}), "unknown-word", "/cause"),
        (json!({"reason": ["x"]}), "wrong-type", "/reason"),
        (json!([]), "wrong-type", ""),
    ];
    for (body, code, pointer) in cases {
        let answer = step(&app, &key, &id, "retract", &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!((answer.fault_codes(), answer.pointers()), (vec![code.to_string()], vec![pointer.to_string()]), "{body}");
    }
    for name in STEPS {
        let answer = step(&app, &key, &format!("clm_{}", "0".repeat(36)), name, &json!({"reason": "x", "by": id})).await;
        let expected = if name == "supersede" { StatusCode::NOT_FOUND } else { StatusCode::UNPROCESSABLE_ENTITY };
        assert_eq!(answer.status, expected, "{name}: {}", answer.body);
        let answer = step(&app, &key, "clm_none", name, &json!({"reason": "x"})).await;
        assert_eq!(answer.problem(), "not-found", "{name}");
    }
    let answer = app.ask(Method::POST, &format!("/v1/claims/{id}/retract")).key(&key).raw("text/plain", "{\"reason\": \"x\"}").send().await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type".into()));
    let answer = step(&app, &key, &id, "erase", &json!({"reason": "x"})).await;
    assert_eq!(answer.problem(), "not-found");
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn a_candidate_may_be_accepted_under_another_metric_which_makes_a_new_claim() {
    let (app, key) = writing().await;
    let sent = json!({"metric": "unclassified", "actor": "UKR", "value": {"best": 6, "unit": "person"}, "state": "candidate"});
    let id = added_id(&app, &key, &sent).await;
    let answer = step(&app, &key, &id, "accept", &json!({"metric": "refugees"})).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let claim = app.data(answer.header("location")).await;
    assert_eq!((&claim["metric"]["slug"], &claim["state"]), (&json!("refugees"), &json!("accepted")));
    let closed = app.data(&format!("/v1/claims/{id}")).await;
    assert_eq!((&closed["state"], &closed["superseded_by"]), (&json!("superseded"), &claim["id"]));
}

#[tokio::test]
async fn before_it_was_taken_back_a_claim_counted() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    app.clock.advance_seconds(3600);
    stepped(&app, &key, &id, "retract", &json!({"reason": "x"})).await;
    assert_eq!(app.ids("/v1/claims?metric=refugees&as_of=2026-11-24T12:30:00Z").await, [id]);
    assert!(app.ids("/v1/claims?metric=refugees&as_of=2026-11-24T13:30:00Z").await.is_empty());
}

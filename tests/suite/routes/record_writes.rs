//! Making and revising actors, metrics, units and sources.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::add_claims::{added, added_id, send, stats, with, writing};
use super::filters::address;
use crate::support::{Answer, TestApp, new_claim};

/// A record of each kind, complete, with the fields that answers give back.
fn records() -> [(&'static str, Value); 4] {
    [
        (
            "actors",
            json!({"slug": "moonbase", "name": "Moon Base", "kind": "organization", "iso_alpha2": null, "iso_alpha3": null,
                "wikidata": "Q405", "aliases": ["Luna"], "demonyms": ["Lunar"], "metonyms": ["Tycho"], "part_of": "CHN"}),
        ),
        (
            "metrics",
            json!({"slug": "craters-counted", "label": "Craters counted", "definition": "Craters on a date.", "kind": "stock",
                "dimension": "count", "change_of": null, "part_of": null, "aliases": ["craters"]}),
        ),
        (
            "units",
            json!({"slug": "crater-dozen", "label": "dozen craters", "dimension": "count", "base": "item", "factor": "12", "aliases": []}),
        ),
        (
            "sources",
            json!({"slug": "moon-2024", "title": "Moon News", "kind": "article", "authors": ["A. Nobody"], "publisher": "Moon Press",
                "published": "2024-12~", "accessed": "2025-01-01", "url": "https://moon.example/a?b=c#d",
                "citations": [{"source": "reuters-2024", "printed": "(Reuters)", "consulted": true, "locator": "p. 1"}],
                "chain_end": "anonymous", "note": "n"}),
        ),
    ]
}

async fn make(app: &TestApp, key: &str, kind: &str, record: &Value) -> Answer {
    send(app, key, Method::POST, &format!("/v1/{kind}"), record).await
}

async fn revise(app: &TestApp, key: &str, kind: &str, slug: &str, patch: &Value) -> Answer {
    send(app, key, Method::PATCH, &format!("/v1/{kind}/{slug}"), patch).await
}

/// Checks that a record is refused for one fault, and nothing stored.
async fn refused(app: &TestApp, key: &str, kind: &str, record: &Value, code: &str, pointer: &str) {
    let before = stats(app).await;
    let answer = make(app, key, kind, record).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{record}: {}", answer.body);
    assert_eq!(answer.problem(), "invalid-body");
    assert_eq!((answer.fault_codes(), answer.pointers()), (vec![code.to_string()], vec![pointer.to_string()]), "{record}");
    assert_eq!(stats(app).await, before, "{record}");
}

#[tokio::test]
async fn a_new_record_is_201_the_same_again_200_and_another_of_its_name_409() {
    let (app, key) = writing().await;
    for (kind, record) in records() {
        let slug = record["slug"].as_str().unwrap();
        let answer = make(&app, &key, kind, &record).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{kind}: {}", answer.body);
        assert_eq!(answer.header("location"), format!("/v1/{kind}/{slug}"));
        let shown = answer.json()["data"].clone();
        for (field, value) in record.as_object().unwrap() {
            assert_eq!(&shown[field], value, "{kind} {field}");
        }
        assert_eq!((&shown["version"], &shown["cause"], &shown["recorded_by"]), (&json!(1), &json!("created"), &json!("write-key")));
        let read = app.get(answer.header("location")).await;
        assert_eq!((&read.body, read.header("etag")), (&answer.body, answer.header("etag")), "{kind}");
        let before = stats(&app).await;
        let again = make(&app, &key, kind, &record).await;
        assert_eq!((again.status, &again.json()["data"]), (StatusCode::OK, &shown), "{kind}");
        let field = if kind == "actors" {
            "name"
        } else if kind == "sources" {
            "title"
        } else {
            "label"
        };
        let other = make(&app, &key, kind, &with(record.clone(), json!({field: "Another"}))).await;
        assert_eq!((other.status, other.problem()), (StatusCode::CONFLICT, "conflict".into()), "{kind}");
        assert_eq!(stats(&app).await, before, "{kind}");
    }
}

#[tokio::test]
async fn what_is_left_out_gets_its_default() {
    let (app, key) = writing().await;
    let source = make(&app, &key, "sources", &json!({"slug": "plain", "title": "Plain"})).await.json()["data"].clone();
    assert_eq!((&source["chain_end"], &source["kind"], &source["citations"]), (&json!("unknown"), &json!("other"), &json!([])));
    let unit = make(&app, &key, "units", &json!({"slug": "moon", "label": "moon", "dimension": "count"})).await.json()["data"].clone();
    assert_eq!((&unit["base"], &unit["factor"]), (&json!("moon"), &json!("1")));
}

#[tokio::test]
async fn a_revision_makes_a_new_version_with_cause_and_reason() {
    let (app, key) = writing().await;
    for (kind, record) in records() {
        let slug = record["slug"].as_str().unwrap();
        make(&app, &key, kind, &record).await;
        let (field, list) = match kind {
            "actors" => ("name", "aliases"),
            "sources" => ("title", "authors"),
            _ => ("label", "aliases"),
        };
        let patch = json!({field: "Renamed", list: ["x", "y"], "reason": "it is called so now", "cause": "source-revised"});
        let answer = revise(&app, &key, kind, slug, &patch).await;
        assert_eq!(answer.status, StatusCode::OK, "{kind}: {}", answer.body);
        let shown = answer.json()["data"].clone();
        assert_eq!((&shown[field], &shown[list], &shown["version"]), (&json!("Renamed"), &json!(["x", "y"]), &json!(2)), "{kind}");
        assert_eq!((&shown["cause"], &shown["reason"]), (&json!("source-revised"), &json!("it is called so now")));
        for (unchanged, value) in record.as_object().unwrap().iter().filter(|(name, _)| ![field, list].contains(&name.as_str())) {
            assert_eq!(&shown[unchanged], value, "{kind} {unchanged}");
        }
        assert!(answer.header("etag").starts_with("\"v2-"), "{}", answer.header("etag"));
        assert_eq!(app.data(&format!("/v1/{kind}/{slug}?version=1")).await[field], record[field], "{kind}");
        assert_eq!(app.get(&format!("/v1/{kind}/{slug}")).await.body, answer.body);
    }
}

#[tokio::test]
async fn posting_a_record_compares_with_what_it_says_now() {
    let (app, key) = writing().await;
    let (kind, record) = records()[0].clone();
    make(&app, &key, kind, &record).await;
    revise(&app, &key, kind, "moonbase", &json!({"name": "Moon Town", "reason": "grown"})).await;
    let before = stats(&app).await;
    assert_eq!(make(&app, &key, kind, &record).await.status, StatusCode::CONFLICT);
    let present = with(record, json!({"name": "Moon Town"}));
    let answer = make(&app, &key, kind, &present).await;
    assert_eq!((answer.status, &answer.json()["data"]["version"]), (StatusCode::OK, &json!(2)));
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn nulls_remove_fields_of_a_record() {
    let (app, key) = writing().await;
    for (kind, record) in records() {
        make(&app, &key, kind, &record).await;
    }
    let actor = revise(&app, &key, "actors", "moonbase", &json!({"wikidata": null, "part_of": null, "aliases": null, "reason": "x"})).await;
    let actor = actor.json()["data"].clone();
    assert_eq!((&actor["wikidata"], &actor["part_of"], &actor["aliases"]), (&Value::Null, &Value::Null, &json!([])));
    let source =
        revise(&app, &key, "sources", "moon-2024", &json!({"url": null, "citations": null, "chain_end": null, "reason": "x"})).await;
    let source = source.json()["data"].clone();
    assert_eq!((&source["url"], &source["citations"], &source["chain_end"]), (&Value::Null, &json!([]), &json!("unknown")));
}

#[tokio::test]
async fn a_slug_never_changes() {
    let (app, key) = writing().await;
    for (kind, slug) in [("actors", "CHN"), ("metrics", "refugees"), ("units", "person"), ("sources", "reuters-2024")] {
        let before = stats(&app).await;
        let answer = revise(&app, &key, kind, slug, &json!({"slug": "another", "reason": "x"})).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind}: {}", answer.body);
        assert_eq!((answer.fault_codes(), answer.pointers()), (vec!["unchangeable".into()], vec!["/slug".into()]), "{kind}");
        let answer = revise(&app, &key, kind, slug, &json!({"slug": null, "reason": "x"})).await;
        assert_eq!((answer.status, answer.pointers()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["/slug".to_string()]), "{kind}");
        assert_eq!(stats(&app).await, before);
    }
}

#[tokio::test]
async fn a_record_that_does_not_exist_cannot_be_revised() {
    let (app, key) = writing().await;
    for path in ["actors/nobody", "metrics/nothing", "units/none", "sources/nowhere", "sources/%00", "actors/chn"] {
        let answer = send(&app, &key, Method::PATCH, &format!("/v1/{path}"), &json!({"note": "x", "reason": "x"})).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::NOT_FOUND, "not-found".into()), "{path}");
    }
}

#[tokio::test]
async fn revising_a_record_needs_a_reason_and_knows_its_fields() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    let cases = [
        (json!({"name": "X"}), "missing-field", "/reason"),
        (json!({"name": "X", "reason": "x", "cause": "because"}), "unknown-word", "/cause"),
        (json!({"nmae": "X", "reason": "x"}), "unknown-field", "/nmae"),
        (json!({"name": null, "reason": "x"}), "missing-field", "/name"),
        (json!({"version": 3, "reason": "x"}), "unknown-field", "/version"),
        (json!({"counts": {}, "reason": "x"}), "unknown-field", "/counts"),
    ];
    for (patch, code, pointer) in cases {
        let answer = revise(&app, &key, "actors", "CHN", &patch).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{patch}");
        assert_eq!((answer.fault_codes(), answer.pointers()), (vec![code.to_string()], vec![pointer.to_string()]), "{patch}");
    }
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn if_match_holds_for_records_too() {
    let (app, key) = writing().await;
    let tag = app.get("/v1/actors/CHN").await.header("etag").to_string();
    let revise_if = async |tag: &str, name: &str| {
        app.ask(Method::PATCH, "/v1/actors/CHN").key(&key).header("if-match", tag).json(&json!({"name": name, "reason": "x"})).send().await
    };
    // A claim more changes the counts shown with the record, but not its version.
    added_id(&app, &key, &new_claim("CHN", "1", "2024")).await;
    assert_eq!(revise_if(&tag, "A").await.status, StatusCode::OK);
    let before = stats(&app).await;
    let answer = revise_if(&tag, "B").await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::PRECONDITION_FAILED, "version-mismatch".into()));
    assert_eq!(stats(&app).await, before);
    assert_eq!(revise_if("*", "C").await.status, StatusCode::OK);
}

#[tokio::test]
async fn references_to_records_that_do_not_exist_are_named_with_their_fields() {
    let (app, key) = writing().await;
    let [(_, actor), (_, metric), (_, unit), (_, source)] = records();
    refused(&app, &key, "actors", &with(actor, json!({"part_of": "atlantis"})), "unknown-record", "/part_of").await;
    refused(&app, &key, "metrics", &with(metric.clone(), json!({"change_of": "nothing"})), "unknown-record", "/change_of").await;
    refused(&app, &key, "metrics", &with(metric, json!({"part_of": "nothing"})), "unknown-record", "/part_of").await;
    refused(&app, &key, "units", &with(unit, json!({"base": "nothing"})), "unknown-record", "/base").await;
    let citations = json!({"citations": [{"source": "reuters-2024"}, {"source": "nowhere"}]});
    refused(&app, &key, "sources", &with(source, citations), "unknown-record", "/citations/1/source").await;
}

#[tokio::test]
async fn references_of_a_patch_have_to_exist_too() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    for (kind, slug, patch) in [
        ("actors", "CHN", json!({"part_of": "atlantis", "reason": "x"})),
        ("units", "tonne", json!({"base": "nothing", "reason": "x"})),
        ("sources", "reuters-2024", json!({"citations": [{"source": "nowhere"}], "reason": "x"})),
    ] {
        let answer = revise(&app, &key, kind, slug, &patch).await;
        assert_eq!(
            (answer.status, answer.fault_codes()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["unknown-record".to_string()]),
            "{patch}"
        );
    }
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn only_web_addresses_are_taken_as_urls() {
    let (app, key) = writing().await;
    for url in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "ftp://moon.example",
        "//moon.example",
        "moon.example",
        "https://",
        "https://a b",
        "https://a\nb",
        "vbscript:x",
    ] {
        refused(&app, &key, "sources", &json!({"slug": "moon", "title": "Moon", "url": url}), "malformed-url", "/url").await;
        let answer = revise(&app, &key, "sources", "reuters-2024", &json!({"url": url, "reason": "x"})).await;
        assert_eq!((answer.status, answer.pointers()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["/url".to_string()]), "{url}");
    }
    for (slug, url) in [("a", "https://moon.example/ä?x=%20"), ("b", "HTTP://MOON.EXAMPLE/")] {
        let answer = make(&app, &key, "sources", &json!({"slug": slug, "title": "Moon", "url": url})).await;
        assert_eq!((answer.status, &answer.json()["data"]["url"]), (StatusCode::CREATED, &json!(url)));
    }
}

#[tokio::test]
async fn malformed_fields_of_records_are_refused() {
    let (app, key) = writing().await;
    let [(_, actor), (_, metric), (_, unit), (_, source)] = records();
    let cases = [
        ("actors", &actor, json!({"slug": "moon base"}), "malformed-slug", "/slug"),
        ("actors", &actor, json!({"slug": "-moon"}), "malformed-slug", "/slug"),
        ("actors", &actor, json!({"slug": "ä"}), "malformed-slug", "/slug"),
        ("actors", &actor, json!({"slug": "a".repeat(121)}), "malformed-slug", "/slug"),
        ("actors", &actor, json!({"slug": "../x"}), "malformed-slug", "/slug"),
        ("actors", &actor, json!({"slug": null}), "missing-field", "/slug"),
        ("actors", &actor, json!({"kind": "planet"}), "unknown-word", "/kind"),
        ("actors", &actor, json!({"kind": null}), "missing-field", "/kind"),
        ("actors", &actor, json!({"iso_alpha2": "mo"}), "malformed-code", "/iso_alpha2"),
        ("actors", &actor, json!({"iso_alpha3": "MO"}), "malformed-code", "/iso_alpha3"),
        ("actors", &actor, json!({"wikidata": "148"}), "malformed-code", "/wikidata"),
        ("actors", &actor, json!({"aliases": ["a", 5]}), "wrong-type", "/aliases/1"),
        ("actors", &actor, json!({"name": "a\u{0}b"}), "forbidden-character", "/name"),
        ("actors", &actor, json!({"name": "a".repeat(2001)}), "too-long", "/name"),
        ("actors", &actor, json!({"aliases": vec!["a"; 501]}), "too-many", "/aliases"),
        ("metrics", &metric, json!({"kind": "number"}), "unknown-word", "/kind"),
        ("metrics", &metric, json!({"dimension": "weight"}), "unknown-word", "/dimension"),
        ("metrics", &metric, json!({"label": ""}), "missing-field", "/label"),
        ("units", &unit, json!({"factor": 0}), "number-out-of-range", "/factor"),
        ("units", &unit, json!({"factor": -1}), "number-out-of-range", "/factor"),
        ("units", &unit, json!({"factor": "1/3"}), "not-a-number", "/factor"),
        ("units", &unit, json!({"factor": null}), "missing-field", "/factor"),
        ("units", &unit, json!({"base": "crater-dozen"}), "contradictory-value", "/factor"),
        ("units", &unit, json!({"dimension": null}), "missing-field", "/dimension"),
        ("sources", &source, json!({"published": "last year"}), "malformed-edtf", "/published"),
        ("sources", &source, json!({"chain_end": "end"}), "unknown-word", "/chain_end"),
        ("sources", &source, json!({"kind": "tweet"}), "unknown-word", "/kind"),
        ("sources", &source, json!({"title": null}), "missing-field", "/title"),
        ("sources", &source, json!({"citations": [{"printed": "x"}]}), "missing-field", "/citations/0/source"),
        ("sources", &source, json!({"citations": ["reuters-2024"]}), "wrong-type", "/citations/0"),
        (
            "sources",
            &source,
            json!({"citations": [{"source": "reuters-2024", "consulted": "yes"}]}),
            "wrong-type",
            "/citations/0/consulted",
        ),
        ("sources", &source, json!({"citations": [{"source": "reuters-2024", "page": 1}]}), "unknown-field", "/citations/0/page"),
        ("sources", &source, json!({"author": "A. Nobody"}), "unknown-field", "/author"),
    ];
    for (kind, record, changes, code, pointer) in cases {
        refused(&app, &key, kind, &with(record.clone(), changes), code, pointer).await;
    }
}

#[tokio::test]
async fn all_faults_of_a_record_are_told_at_once() {
    let (app, key) = writing().await;
    let answer = make(&app, &key, "sources", &json!({"slug": "a b", "kind": "x", "url": "x", "published": "x", "sauce": 1})).await;
    let mut pointers = answer.pointers();
    pointers.sort();
    assert_eq!(pointers, ["/kind", "/published", "/sauce", "/slug", "/title", "/url"], "{}", answer.body);
}

#[tokio::test]
async fn a_new_name_of_an_actor_shows_in_its_claims_without_rewriting_them_and_the_old_state_shows_the_old_name() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &with(new_claim("UKR", "6", "2024"), json!({"counterpart": "CHN"}))).await;
    let before = app.get(&format!("/v1/claims/{id}")).await;
    let snapshot = before.json()["meta"]["snapshot"].as_i64().unwrap();
    let versions = stats(&app).await["data"]["claim_versions"].clone();
    let answer = revise(&app, &key, "actors", "CHN", &json!({"name": "Middle Kingdom", "reason": "x"})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let after = app.get(&format!("/v1/claims/{id}")).await;
    assert_eq!(after.json()["data"]["counterpart"], json!({"slug": "CHN", "name": "Middle Kingdom"}));
    assert_eq!(after.json()["data"]["version"], 1);
    assert_eq!(stats(&app).await["data"]["claim_versions"], versions);
    assert_ne!(after.header("etag"), before.header("etag"));
    assert!(after.json()["meta"]["snapshot"].as_i64().unwrap() > snapshot);
    assert!(app.get("/v1/claims.csv?metric=refugees").await.body.contains("Middle Kingdom"));
    let then = app.get(&format!("/v1/claims/{id}?snapshot={snapshot}")).await;
    assert_eq!(then.json()["data"], before.json()["data"]);
    let list = app.data(&format!("/v1/claims?metric=refugees&snapshot={snapshot}")).await;
    assert_eq!(list[0]["counterpart"]["name"], "China");
    assert!(!app.get(&format!("/v1/claims.csv?metric=refugees&snapshot={snapshot}")).await.body.contains("Middle Kingdom"));
}

#[tokio::test]
async fn new_labels_of_metric_and_source_show_in_claims_too() {
    let (app, key) = writing().await;
    let id = added_id(&app, &key, &new_claim("UKR", "6", "2024")).await;
    revise(&app, &key, "metrics", "refugees", &json!({"label": "People who fled abroad", "reason": "x"})).await;
    revise(&app, &key, "sources", "reuters-2024", &json!({"title": "Another title", "publisher": "Wire", "reason": "x"})).await;
    let claim = app.data(&format!("/v1/claims/{id}")).await;
    assert_eq!(claim["metric"]["label"], "People who fled abroad");
    assert_eq!((&claim["source"]["title"], &claim["source"]["publisher"]), (&json!("Another title"), &json!("Wire")));
}

#[tokio::test]
async fn a_new_record_can_be_used_and_found_at_once() {
    let (app, key) = writing().await;
    for (kind, record) in records() {
        make(&app, &key, kind, &record).await;
    }
    let value = json!({"best": 3, "unit": "crater-dozen"});
    let sent = json!({"metric": "craters-counted", "actor": "Luna", "source": "moon-2024", "value": value});
    let claim = added(&app, &key, &sent).await;
    assert_eq!(claim["actor"], json!({"slug": "moonbase", "name": "Moon Base"}));
    let actor = app.data("/v1/actors/moonbase").await;
    assert_eq!(actor["counts"], json!({"as_actor": 1, "as_counterpart": 0}));
    assert_eq!(app.data("/v1/actors?q=luna").await[0]["slug"], "moonbase");
    revise(&app, &key, "actors", "moonbase", &json!({"aliases": ["Selene"], "reason": "x"})).await;
    added(&app, &key, &with(sent.clone(), json!({"actor": "Selene"}))).await;
    let answer = send(&app, &key, Method::POST, "/v1/claims", &sent).await;
    assert_eq!((answer.status, answer.pointers()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["/actor".to_string()]), "the old alias is gone");
}

#[tokio::test]
async fn what_stands_in_place_of_a_list_is_pointed_at_where_it_stands() {
    let (app, key) = writing().await;
    let [(_, actor), _, _, (_, source)] = records();
    refused(&app, &key, "actors", &with(actor, json!({"aliases": 5})), "wrong-type", "/aliases").await;
    refused(&app, &key, "sources", &with(source, json!({"citations": "reuters-2024"})), "wrong-type", "/citations").await;
}

/// A text of the greatest length that fields take, with no sign twice, so that nothing can be made of it by compression.
fn longest_text() -> String {
    (0..2_000).map(|number| char::from_u32(0x4e00 + number * 7_919 % 20_000).unwrap()).collect()
}

#[tokio::test]
async fn names_and_other_texts_may_be_as_long_as_fields_take_and_are_found_by_all_of_it() {
    let (app, key) = writing().await;
    let long = longest_text();
    let other = format!("{}!", &long[..long.len() - 3]);
    for (path, body) in [
        ("/v1/actors", json!({"slug": "long-name", "name": long, "kind": "organization"})),
        ("/v1/actors", json!({"slug": "long-alias", "name": "Long", "kind": "organization", "aliases": [other]})),
        ("/v1/sources", json!({"slug": "long-publisher", "title": long, "kind": "article", "publisher": long, "authors": [long]})),
        (
            "/v1/claims",
            with(
                new_claim(&long, "7", "2023"),
                json!({"source": "long-publisher", "speaker": long, "cue": long, "note": long, "reason": long}),
            ),
        ),
        ("/v1/claims", with(new_claim(&other, "8", "2023"), json!({"source": "long-publisher", "counterpart": "long-name"}))),
    ] {
        let answer = send(&app, &key, Method::POST, path, &body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{path}: {}", answer.body);
    }
    let publisher: String = long.chars().take(900).collect();
    let source = json!({"slug": "shorter-publisher", "title": "Shorter", "kind": "article", "publisher": publisher});
    assert_eq!(send(&app, &key, Method::POST, "/v1/sources", &source).await.status, StatusCode::CREATED);
    let claim = with(new_claim("UKR", "9", "2023"), json!({"source": "shorter-publisher"}));
    let id = added_id(&app, &key, &claim).await;
    assert_eq!(app.ids(&address("/v1/claims", &[("publisher", &publisher)])).await, [id]);
    let actors: Vec<Value> = app.data("/v1/claims?source=long-publisher&sort=best").await.as_array().unwrap().clone();
    let actors: Vec<&str> = actors.iter().map(|claim| claim["actor"]["slug"].as_str().unwrap()).collect();
    assert_eq!(actors, ["long-name", "long-alias"], "each name means the one that is called so to its end");
}

//! Texts in, candidates out: what is found, what is stored of it, and what a reviewer does with it. What is found in which words is
//! held in `tests/corpus`; here, simple sentences stand for all.

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::add_claims::{stats, writing};
use crate::support::{Answer, TestApp};

const TEXT: &str = "Trade in 2023\n\nIn 2023, China's trade with Russia was $240 billion. Poland took in 950000 refugees in 2022.";

pub async fn extract(app: &TestApp, key: &str, query: &str, media: &str, body: &str) -> Answer {
    app.ask(Method::POST, &format!("/v1/extractions{query}")).key(key).raw(media, body).send().await
}

async fn dry_run(app: &TestApp, text: &str) -> Value {
    let answer = app.ask(Method::POST, "/v1/extractions?dry_run=true").raw("text/plain", text).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.json()
}

async fn stored(app: &TestApp, key: &str, body: &Value) -> Value {
    let answer = app.ask(Method::POST, "/v1/extractions").key(key).json(body).send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.json()["data"].clone()
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn slice(text: &str, found: &Value) -> String {
    let place = |name: &str| usize::try_from(found[name].as_u64().unwrap()).unwrap();
    text.chars().skip(place("start")).take(place("end") - place("start")).collect()
}

/// The candidate whose number is this one.
fn with_value<'d>(data: &'d Value, value: &str) -> &'d Value {
    let found = data["candidates"].as_array().unwrap().iter().find(|candidate| candidate["value"] == value);
    found.unwrap_or_else(|| panic!("no {value} in {data:#}"))
}

#[tokio::test]
async fn a_dry_run_shows_everything_needs_no_key_and_stores_nothing() {
    let app = TestApp::seeded().await;
    let before = stats(&app).await;
    let answer = dry_run(&app, TEXT).await;
    assert_eq!((&answer["meta"]["dry_run"], &answer["data"]["document"]["stored"]), (&json!(true), &json!(false)));
    let data = &answer["data"];
    assert_eq!(data["document"]["sha256"], hash(TEXT));
    assert_eq!(data["document"]["content"], TEXT);
    assert_eq!(data["document"]["characters"], TEXT.chars().count());
    let trade = with_value(data, "240000000000");
    assert_eq!((&trade["unit"], &trade["comparator"], &trade["state"]), (&json!("USD"), &json!("eq"), &json!(null)));
    for candidate in data["candidates"].as_array().unwrap() {
        assert_eq!(candidate["exact"], slice(TEXT, candidate));
        assert!(candidate["claim"].as_str().unwrap().starts_with("clm_"), "{candidate}");
    }
    assert_eq!(stats(&app).await, before);
    assert_eq!(app.get(&format!("/v1/documents/{}", hash(TEXT))).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_text_becomes_a_document_with_candidates_that_quote_it() {
    let (app, _) = writing().await;
    let key = app.key(Scope::Propose).await;
    let said = json!({"text": TEXT, "title": "Trade in 2023", "publisher": "The Gazette", "published": "2024-02-03", "url": "https://example.org/t"});
    let answer = app.ask(Method::POST, "/v1/extractions").key(&key).json(&said).send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let data = answer.json()["data"].clone();
    assert_eq!(answer.header("location"), format!("/v1/documents/{}", hash(TEXT)));
    assert_eq!((&data["document"]["stored"], &data["document"]["source"]), (&json!(true), &json!("trade-in-2023")));
    let document = app.data(answer.header("location")).await;
    assert_eq!((&document["content"], &document["recorded_by"]), (&json!(TEXT), &json!("propose-key")));
    let source = app.data("/v1/sources/trade-in-2023").await;
    assert_eq!(
        (&source["publisher"], &source["published"], &source["cause"]),
        (&json!("The Gazette"), &json!("2024-02-03"), &json!("extracted"))
    );

    let found = with_value(&data, "240000000000");
    assert_eq!(found["state"], "candidate");
    let claim = app.data(&format!("/v1/claims/{}", found["claim"].as_str().unwrap())).await;
    assert_eq!(
        (&claim["state"], &claim["cause"], &claim["recorded_by"]),
        (&json!("candidate"), &json!("extracted"), &json!("propose-key"))
    );
    assert_eq!((&claim["value"]["best_exact"], &claim["value"]["unit"]), (&json!("240000000000"), &json!("USD")));
    assert_eq!((&claim["actor"]["slug"], &claim["source"]["slug"]), (&json!("CHN"), &json!("trade-in-2023")));
    let quote = &claim["quote"];
    assert_eq!(slice(TEXT, quote), quote["exact"].as_str().unwrap());
    assert_eq!((&quote["document"], &quote["verified"]), (&json!(hash(TEXT)), &json!(true)));
    let around = ["prefix", "exact", "suffix"].map(|part| quote[part].as_str().unwrap_or_default().to_string()).concat();
    assert!(TEXT.contains(&around) && around.contains("China's trade"), "{around}");
    // Nothing is accepted by itself.
    assert_eq!(app.ids("/v1/claims?source=trade-in-2023").await, Vec::<String>::new());
    assert_eq!(app.ids("/v1/claims?source=trade-in-2023&state=candidate").await.len(), data["candidates"].as_array().unwrap().len());
}

#[tokio::test]
async fn the_same_text_again_changes_nothing() {
    let (app, key) = writing().await;
    let first = stored(&app, &key, &json!({"text": TEXT, "title": "Trade in 2023"})).await;
    let before = stats(&app).await;
    for body in [json!({"text": TEXT, "title": "Trade in 2023"}), json!({"text": TEXT, "source": "trade-in-2023"})] {
        let again = app.ask(Method::POST, "/v1/extractions").key(&key).json(&body).send().await;
        assert_eq!(again.status, StatusCode::OK, "{}", again.body);
        let again = again.json()["data"].clone();
        assert_eq!(again["created"], 0, "{again:#}");
        assert_eq!((&again["candidates"], &again["document"]), (&first["candidates"], &first["document"]));
    }
    assert_eq!(stats(&app).await, before);
    // Without a title, the text's own hash tells it.
    let first = extract(&app, &key, "", "text/plain", "Poland took in 7 million refugees.").await;
    let again = extract(&app, &key, "", "text/plain", "Poland took in 7 million refugees.").await;
    assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::OK), "{}", again.body);
}

#[tokio::test]
async fn a_candidate_that_was_decided_on_stays_decided() {
    let (app, key) = writing().await;
    let data = stored(&app, &key, &json!({"text": TEXT, "title": "Trade in 2023"})).await;
    let id = with_value(&data, "240000000000")["claim"].as_str().unwrap().to_string();
    let rejected = app.ask(Method::POST, &format!("/v1/claims/{id}/reject")).key(&key).json(&json!({"reason": "no"})).send().await;
    assert_eq!(rejected.status, StatusCode::OK, "{}", rejected.body);
    let again = extract(&app, &key, "?source=trade-in-2023", "text/plain", TEXT).await;
    assert_eq!((again.status, &with_value(&again.json()["data"], "240000000000")["state"]), (StatusCode::OK, &json!("rejected")));
}

#[tokio::test]
async fn one_call_accepts_with_corrections_and_one_rejects() {
    let (app, key) = writing().await;
    let data = stored(&app, &key, &json!({"text": TEXT, "title": "Trade in 2023"})).await;
    let id = with_value(&data, "950000")["claim"].as_str().unwrap().to_string();
    let step = |path: String, body: Value| app.ask(Method::POST, &path).key(&key).json(&body);
    let unreasoned = step(format!("/v1/claims/{id}/reject"), json!({})).send().await;
    assert_eq!(unreasoned.status, StatusCode::UNPROCESSABLE_ENTITY);
    let before = app.data(&format!("/v1/claims/{id}")).await;
    let edits = json!({"metric": "refugees", "actor": "POL", "period": "2022", "value": {"unit": "person"}, "scope": null, "note": null});
    let accepted = step(format!("/v1/claims/{id}/accept"), edits).send().await;
    let claim = accepted.json()["data"].clone();
    let expected = if before["metric"]["slug"] == "refugees" { StatusCode::OK } else { StatusCode::CREATED };
    assert_eq!(accepted.status, expected, "{}", accepted.body);
    assert_eq!((&claim["state"], &claim["metric"]["slug"], &claim["note"]), (&json!("accepted"), &json!("refugees"), &json!(null)));
    assert_eq!((&claim["quote"], &claim["source"]), (&before["quote"], &before["source"]));
    if expected == StatusCode::CREATED {
        assert_eq!(accepted.header("location"), claim["links"]["self"].as_str().unwrap());
        let closed = app.data(&format!("/v1/claims/{id}")).await;
        assert_eq!((&closed["state"], &closed["superseded_by"]), (&json!("superseded"), &claim["id"]));
    }
    assert_eq!(app.ids("/v1/claims?source=trade-in-2023").await, [claim["id"].as_str().unwrap()]);
    let anchors = app.data(&format!("/v1/documents/{}", hash(TEXT))).await["anchors"].clone();
    assert_eq!(anchors.as_array().unwrap().iter().map(|anchor| anchor["claim"].clone()).collect::<Vec<_>>(), [claim["id"].clone()]);
}

#[tokio::test]
async fn claims_that_say_the_same_already_are_shown() {
    let (app, key) = writing().await;
    let known = app.ids("/v1/claims?metric=trade-value&actor=CHN").await;
    let text = "In 2023, China's trade with Russia reached $240 billion. In 2022, China's trade with Russia reached $190 billion.";
    let data = dry_run(&app, text).await["data"].clone();
    let same = with_value(&data, "240000000000");
    assert_eq!(same["duplicates"], json!(known), "{same:#}");
    assert_ne!(with_value(&data, "190000000000")["duplicates"], json!(known));
    // What is proposed is no duplicate of itself, nor of other candidates.
    let stored = stored(&app, &key, &json!({"text": text, "title": "Again"})).await;
    assert_eq!(with_value(&stored, "240000000000")["duplicates"], json!(known));
}

#[tokio::test]
async fn works_become_sources_and_references_lead_to_them() {
    let (app, key) = writing().await;
    let text = "China's trade with Russia was $240 billion in 2023 (Reuters, 2024). It was $190 billion in 2022 (Nobody, 2021).\n\nWorks Cited\n\n\
                Reuters. “Trade soars.” Reuters, 2024.\n";
    let data = stored(&app, &key, &json!({"text": text, "title": "On trade"})).await;
    let work = &data["works"][0];
    assert_eq!((&work["key"], &work["title"]), (&json!("Reuters 2024"), &json!("Trade soars")));
    let slug = work["source"].as_str().unwrap();
    let source = app.data(&format!("/v1/sources/{slug}")).await;
    assert_eq!((&source["title"], &source["authors"]), (&json!("Trade soars"), &json!(["Reuters"])));
    // Another work of the same author and year is recorded already, so this one has a slug of its own.
    assert_ne!(slug, "reuters-2024");
    let claim = with_value(&data, "240000000000")["claim"].as_str().unwrap().to_string();
    let citation = app.data(&format!("/v1/claims/{claim}")).await["citation"].clone();
    assert_eq!(citation, json!({"printed": "(Reuters, 2024)", "source": slug, "consulted": false}));
    let own = app.data("/v1/sources/on-trade").await;
    assert_eq!(own["citations"][0]["source"], slug);
    assert_eq!(data["citations"][0]["unresolved"], json!(null));
}

#[tokio::test]
async fn every_scope_may_propose_and_nobody_may_without_a_key() {
    let app = TestApp::seeded().await;
    let before = stats(&app).await;
    let answer = app.ask(Method::POST, "/v1/extractions").raw("text/plain", TEXT).send().await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::UNAUTHORIZED, "key-required"));
    let bad = app.ask(Method::POST, "/v1/extractions?dry_run=true").key("fgb_x_y").raw("text/plain", TEXT).send().await;
    assert_eq!(bad.status, StatusCode::UNAUTHORIZED, "a bad key is no missing one");
    assert_eq!(stats(&app).await, before);
    for scope in Scope::ALL {
        let key = app.key(scope).await;
        let answer = extract(&app, &key, "?title=Trade", "text/plain", TEXT).await;
        assert!(answer.status.is_success(), "{scope:?}: {}", answer.body);
        assert!(answer.json()["data"]["candidates"].as_array().unwrap().iter().all(|candidate| candidate["state"] == "candidate"));
    }
}

#[tokio::test]
async fn sources_are_named_or_made_and_never_guessed() {
    let (app, key) = writing().await;
    let post = |body: Value| app.ask(Method::POST, "/v1/extractions").key(&key).json(&body).send();
    let unknown = post(json!({"text": TEXT, "source": "no-such"})).await;
    assert_eq!((unknown.status, unknown.fault_codes()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["unknown-source".to_string()]));
    let named = stored(&app, &key, &json!({"text": TEXT, "source": "reuters-2024"})).await;
    assert_eq!(named["document"]["source"], "reuters-2024");
    let made = stored(&app, &key, &json!({"text": format!("{TEXT} "), "source": "gazette-1", "title": "Trade"})).await;
    assert_eq!(made["document"]["source"], "gazette-1");
    // One title, two publications.
    let first = stored(
        &app,
        &key,
        &json!({"text": "Weekly: 5 ships.", "title": "Weekly", "published": "2024-01-01", "url": "https://example.org/1"}),
    )
    .await;
    let second = stored(
        &app,
        &key,
        &json!({"text": "Weekly: 6 ships.", "title": "Weekly", "published": "2024-01-08", "url": "https://example.org/2"}),
    )
    .await;
    assert_eq!(first["document"]["source"], "weekly");
    assert_ne!(second["document"]["source"], "weekly");
    for (body, code, pointer) in [
        (json!({"title": "x"}), "missing-field", "/text"),
        (json!({"text": "a", "html": "b"}), "contradictory-value", "/html"),
        (json!({"text": "a", "published": "soon"}), "malformed-edtf", "/published"),
        (json!({"text": "a", "url": "javascript:x"}), "malformed-url", "/url"),
        (json!({"text": "a", "kind": "song"}), "unknown-word", "/kind"),
        (json!({"text": "a", "texte": "b"}), "unknown-field", "/texte"),
    ] {
        let answer = post(body.clone()).await;
        assert_eq!(
            (answer.status, answer.fault_codes(), answer.pointers()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec![code.to_string()], vec![pointer.to_string()]),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_repeated_request_gets_the_same_answer() {
    let (app, key) = writing().await;
    let ask = |body: &str| {
        app.ask(Method::POST, "/v1/extractions?title=Trade").key(&key).header("idempotency-key", "one").raw("text/plain", body)
    };
    let first = ask(TEXT).send().await;
    let again = ask(TEXT).send().await;
    assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED), "{}", again.body);
    assert_eq!(first.json(), again.json());
    assert_eq!(ask("other").send().await.problem(), "idempotency-key-reused");
    // What the query says is part of the request.
    let other = app.ask(Method::POST, "/v1/extractions?title=Other").key(&key).header("idempotency-key", "one").raw("text/plain", TEXT);
    assert_eq!(other.send().await.problem(), "idempotency-key-reused");
}

#[tokio::test]
async fn an_empty_database_takes_candidates_too() {
    let app = TestApp::empty().await;
    let key = app.key(Scope::Propose).await;
    let answer = extract(&app, &key, "", "text/plain", TEXT).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let data = answer.json()["data"].clone();
    let id = with_value(&data, "240000000000")["claim"].as_str().unwrap();
    assert_eq!(app.data(&format!("/v1/claims/{id}")).await["metric"]["slug"], "unclassified");
}

#[tokio::test]
async fn a_candidate_of_an_unrecognised_metric_is_accepted_only_under_another_one() {
    let (app, key) = writing().await;
    let data = stored(&app, &key, &json!({"text": "Poland counted 17 frogs in 2023.", "title": "Frogs"})).await;
    let id = with_value(&data, "17")["claim"].as_str().unwrap().to_string();
    let accept = |body: Value| app.ask(Method::POST, &format!("/v1/claims/{id}/accept")).key(&key).json(&body);
    let answer = accept(json!({})).send().await;
    assert_eq!((answer.status, &answer.json()["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/metric")));
    assert_eq!(accept(json!({"metric": "refugees", "value": {"unit": "person"}})).send().await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn the_same_is_the_same_from_the_other_side_and_in_other_words() {
    let (app, key) = writing().await;
    for words in ["Russia's trade with China was $240 billion in 2023.", "In 2023, China's trade with Russia was more than $240 billion."] {
        let data = dry_run(&app, words).await["data"].clone();
        let found = &with_value(&data, "240000000000")["duplicates"];
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{words}: {data:#}");
    }
    for words in ["China's trade with Japan was $240 billion in 2023.", "China's trade with Russia was $240 billion in 2022."] {
        let data = dry_run(&app, words).await["data"].clone();
        assert_eq!(with_value(&data, "240000000000")["duplicates"], json!([]), "{words}");
    }
    // Whoever reviews a candidate sees them, too.
    let data = stored(&app, &key, &json!({"text": TEXT, "title": "Trade in 2023"})).await;
    let trade = with_value(&data, "240000000000");
    let path = format!("/v1/claims/{}?include=duplicates", trade["claim"].as_str().unwrap());
    assert_eq!(app.data(&path).await["duplicates"], trade["duplicates"]);
    let list = app.data("/v1/claims?source=trade-in-2023&state=candidate&include=duplicates&fields=id,duplicates").await;
    assert!(list.as_array().unwrap().contains(&json!({"id": trade["claim"], "duplicates": trade["duplicates"]})), "{list:#}");
}

#[tokio::test]
async fn a_text_shows_the_places_of_candidates_to_whoever_asks_for_them() {
    let (app, key) = writing().await;
    let data = stored(&app, &key, &json!({"text": TEXT, "title": "Trade in 2023"})).await;
    let path = format!("/v1/documents/{}", hash(TEXT));
    assert_eq!(app.data(&path).await["anchors"], json!([]));
    let anchors = app.data(&format!("{path}?state=candidate,accepted")).await["anchors"].clone();
    let shown: Vec<&Value> = anchors.as_array().unwrap().iter().map(|anchor| &anchor["claim"]).collect();
    let proposed: Vec<&Value> = data["candidates"].as_array().unwrap().iter().map(|candidate| &candidate["claim"]).collect();
    assert_eq!(shown, proposed);
    assert!(anchors.as_array().unwrap().iter().all(|anchor| anchor["state"] == "candidate"), "{anchors:#}");
    assert_eq!(app.get(&format!("{path}?state=open")).await.problem(), "invalid-query");
}

#[tokio::test]
async fn a_text_sent_again_with_another_day_says_that_its_claims_keep_what_they_had() {
    let (app, key) = writing().await;
    let text = "Last year, China's trade with Russia was $240 billion.";
    let first = extract(&app, &key, "?title=Trade&published=2024-05-01", "text/plain", text).await;
    assert_eq!(first.json()["data"]["warnings"], json!([]), "{}", first.body);
    let again = extract(&app, &key, "?title=Trade&published=2024", "text/plain", text).await;
    assert_eq!((again.status, &again.json()["data"]["warnings"]), (StatusCode::OK, &json!([])), "{}", again.body);
    let other = extract(&app, &key, "?title=Trade+again&published=2020-05-01", "text/plain", text).await;
    let warning = other.json()["data"]["warnings"][0].to_string();
    assert!(warning.contains("1 of the claims"), "{}", other.body);
}

#[tokio::test]
async fn a_fault_of_the_query_is_told_before_anybody_is_asked_for_a_key() {
    let app = TestApp::seeded().await;
    let answer = app.ask(Method::POST, "/v1/extractions?dry_run=yes&published=soon").raw("text/plain", TEXT).send().await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "invalid-query".into()));
    assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 2, "{}", answer.body);
}

#[tokio::test]
async fn a_bibliography_longer_than_any_is_refused_whole() {
    let (app, key) = writing().await;
    let works: String = (0..1_200).map(|number| format!("Smith{number}, J. (2020). Title number {number}. Press.\n")).collect();
    let before = stats(&app).await;
    let answer = extract(&app, &key, "", "text/plain", &format!("Five million fled.\n\nReferences\n\n{works}")).await;
    assert_eq!(
        (answer.status, &answer.json()["errors"][0]["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("too-many")),
        "{}",
        answer.body
    );
    assert_eq!(stats(&app).await, before);
}

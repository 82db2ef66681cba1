//! Texts of sources: quotes are found in them, and what is not in them is refused.

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use figurebase::http::state::Limits;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::add_claims::{add, added, added_id, send, stats, with, writing};
use super::add_many::add_lines;
use crate::support::{Answer, TestApp, new_claim};

/// Non-ASCII letters, a combining accent and letters beyond the first plane stand before the numbers.
const TEXT: &str = "Україна — “за даними” 中国, e\u{301}tat 𝒳🇺🇦: six million fled.\nLater six million returned, and 70% of 𝒳 left.";

async fn store_text(app: &TestApp, key: &str, source: &str, text: &str) -> Answer {
    app.ask(Method::POST, &format!("/v1/sources/{source}/document")).key(key).raw("text/plain; charset=utf-8", text).send().await
}

fn quoting(quote: Value) -> Value {
    with(new_claim("UKR", "6000000", "2024"), json!({"quote": quote}))
}

/// Where words stand in the text, in code points.
fn place(words: &str) -> (usize, usize) {
    let start = TEXT[..TEXT.find(words).unwrap()].chars().count();
    (start, start + words.chars().count())
}

async fn refused(app: &TestApp, key: &str, quote: Value, code: &str, pointer: &str) {
    let before = stats(app).await;
    let answer = add(app, key, &quoting(quote.clone())).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{quote}: {}", answer.body);
    assert_eq!((answer.fault_codes(), answer.pointers()), (vec![code.to_string()], vec![pointer.to_string()]), "{quote}");
    assert_eq!(stats(app).await, before);
}

#[tokio::test]
async fn a_text_is_stored_once_under_its_hash() {
    let (app, key) = writing().await;
    let answer = store_text(&app, &key, "reuters-2024", TEXT).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let hash: String = Sha256::digest(TEXT.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(answer.header("location"), format!("/v1/documents/{hash}"));
    let shown = app.data(answer.header("location")).await;
    assert_eq!(shown, answer.json()["data"]);
    assert_eq!((&shown["sha256"], &shown["source"], &shown["content"]), (&json!(hash), &json!("reuters-2024"), &json!(TEXT)));
    assert_eq!((&shown["anchors"], &shown["recorded_by"]), (&json!([]), &json!("write-key")));
    let before = stats(&app).await;
    assert_eq!(before["data"]["documents"], 1);
    let again = store_text(&app, &key, "reuters-2024", TEXT).await;
    assert_eq!((again.status, &again.json()["data"]["sha256"]), (StatusCode::OK, &json!(hash)));
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn quotes_are_anchored_in_code_points() {
    let (app, key) = writing().await;
    let hash = store_text(&app, &key, "reuters-2024", TEXT).await.json()["data"]["sha256"].clone();
    for words in ["six million fled", "Україна", "e\u{301}tat 𝒳🇺🇦", "中国", "70% of 𝒳 left."] {
        let (start, end) = place(words);
        let whole = json!({"exact": words, "prefix": null, "suffix": null, "start": start, "end": end, "document": hash, "verified": true});
        for sent in [
            json!(words),
            json!({"exact": words}),
            json!({"exact": words, "start": start, "end": end}),
            json!({"exact": words, "document": hash}),
        ] {
            let claim = added(&app, &key, &quoting(sent)).await;
            assert_eq!(claim["quote"], whole, "{words}");
        }
    }
    assert_eq!(place("six million fled").0, 37);
}

#[tokio::test]
async fn a_quote_that_is_not_in_its_text_is_refused() {
    let (app, key) = writing().await;
    store_text(&app, &key, "reuters-2024", TEXT).await;
    for words in ["seven million fled", "Six million fled", "six  million fled", "\u{e9}tat", "fled. Later"] {
        refused(&app, &key, json!(words), "quote-not-in-document", "/quote/exact").await;
    }
    refused(&app, &key, json!({"exact": "six million fled", "prefix": "nearly "}), "quote-not-in-document", "/quote/exact").await;
}

#[tokio::test]
async fn words_that_stand_in_several_places_need_their_surroundings_or_their_place() {
    let (app, key) = writing().await;
    store_text(&app, &key, "reuters-2024", TEXT).await;
    refused(&app, &key, json!("six million"), "quote-ambiguous", "/quote/exact").await;
    let (first, _) = place("six million fled");
    let (second, _) = place("six million returned");
    let cases = [
        (json!({"exact": "six million", "suffix": " fled"}), first),
        (json!({"exact": "six million", "prefix": "Later "}), second),
        (json!({"exact": "six million", "prefix": ": ", "suffix": " fled"}), first),
        (json!({"exact": "six million", "start": first}), first),
        (json!({"exact": "six million", "start": second, "end": second + 11}), second),
    ];
    for (quote, start) in cases {
        let claim = added(&app, &key, &quoting(quote.clone())).await;
        assert_eq!((&claim["quote"]["start"], &claim["quote"]["end"]), (&json!(start), &json!(start + 11)), "{quote}");
    }
    refused(&app, &key, json!({"exact": "six million", "prefix": "Sooner "}), "quote-not-in-document", "/quote/exact").await;
}

#[tokio::test]
async fn a_stated_place_has_to_be_the_one() {
    let (app, key) = writing().await;
    store_text(&app, &key, "reuters-2024", TEXT).await;
    let (start, end) = place("six million fled");
    refused(&app, &key, json!({"exact": "six million fled", "start": start + 1}), "quote-not-in-document", "/quote/start").await;
    refused(&app, &key, json!({"exact": "six million fled", "start": 1_000_000}), "quote-not-in-document", "/quote/start").await;
    refused(&app, &key, json!({"exact": "six million fled", "end": end + 1}), "quote-not-in-document", "/quote/end").await;
    refused(&app, &key, json!({"exact": "six million fled", "start": -1}), "wrong-type", "/quote/start").await;
    refused(&app, &key, json!({"exact": "six million fled", "start": u64::MAX}), "quote-not-in-document", "/quote/start").await;
}

#[tokio::test]
async fn a_quote_may_name_its_text_and_that_text_has_to_exist() {
    let (app, key) = writing().await;
    let missing = "0".repeat(64);
    refused(&app, &key, json!({"exact": "six million", "document": missing}), "unknown-document", "/quote/document").await;
    refused(&app, &key, json!({"exact": "six million", "document": "x"}), "unknown-document", "/quote/document").await;
    let hash = store_text(&app, &key, "hornung-2024", TEXT).await.json()["data"]["sha256"].as_str().unwrap().to_string();
    let claim = added(&app, &key, &quoting(json!({"exact": "six million fled", "document": hash.to_uppercase()}))).await;
    assert_eq!((&claim["quote"]["document"], &claim["quote"]["verified"]), (&json!(hash), &json!(true)));
}

#[tokio::test]
async fn without_a_text_a_quote_is_kept_unverified_with_the_place_that_was_sent() {
    let (app, key) = writing().await;
    let claim = added(&app, &key, &quoting(json!({"exact": "anything", "start": 5, "end": 13}))).await;
    assert_eq!((&claim["quote"]["start"], &claim["quote"]["end"], &claim["quote"]["verified"]), (&json!(5), &json!(13), &Value::Null));
}

#[tokio::test]
async fn whether_a_quote_was_found_is_not_the_senders_to_say() {
    let (app, key) = writing().await;
    for verified in [true, false] {
        let answer = add(&app, &key, &quoting(json!({"exact": "anything", "verified": verified}))).await;
        if answer.status == StatusCode::CREATED {
            assert_eq!(answer.json()["data"]["quote"]["verified"], Value::Null);
        } else {
            assert_eq!((answer.status, answer.pointers()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["/quote/verified".to_string()]));
        }
    }
}

#[tokio::test]
async fn lines_are_held_against_the_texts_as_well() {
    let (app, key) = writing().await;
    store_text(&app, &key, "reuters-2024", TEXT).await;
    let before = stats(&app).await;
    let answer = add_lines(&app, &key, &[quoting(json!("six million fled")), quoting(json!("nobody fled"))]).await;
    assert_eq!((answer.status, answer.fault_codes()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["quote-not-in-document".to_string()]));
    assert_eq!((answer.pointers(), &answer.json()["errors"][0]["line"]), (vec!["/quote/exact".to_string()], &json!(2)));
    assert_eq!(stats(&app).await, before);
    let answer = add_lines(&app, &key, &[quoting(json!("six million fled"))]).await;
    let id = answer.json()["data"]["ids"][0].as_str().unwrap().to_string();
    assert_eq!(app.data(&format!("/v1/claims/{id}")).await["quote"]["verified"], true);
}

#[tokio::test]
async fn a_text_lists_the_claims_whose_quotes_stand_in_it() {
    let (app, key) = writing().await;
    let location = store_text(&app, &key, "reuters-2024", TEXT).await.header("location").to_string();
    let late = added_id(&app, &key, &quoting(json!("70% of 𝒳 left"))).await;
    let early = added_id(&app, &key, &quoting(json!("six million fled"))).await;
    let gone = added_id(&app, &key, &quoting(json!("six million returned"))).await;
    send(&app, &key, Method::POST, &format!("/v1/claims/{gone}/retract"), &json!({"reason": "x"})).await;
    let anchors = app.data(&location).await["anchors"].clone();
    let (start, end) = place("six million fled");
    assert_eq!(anchors[0], json!({"claim": early, "state": "accepted", "start": start, "end": end, "exact": "six million fled"}));
    assert_eq!((&anchors[1]["claim"], anchors.as_array().unwrap().len()), (&json!(late), 2));
}

#[tokio::test]
async fn a_newer_text_of_a_source_holds_for_new_quotes_and_leaves_older_claims_alone() {
    let (app, key) = writing().await;
    let first = store_text(&app, &key, "reuters-2024", "Six fled.").await.json()["data"]["sha256"].clone();
    let id = added_id(&app, &key, &quoting(json!("Six fled"))).await;
    let second = store_text(&app, &key, "reuters-2024", "Seven fled.").await.json()["data"]["sha256"].clone();
    refused(&app, &key, json!("Six fled"), "quote-not-in-document", "/quote/exact").await;
    assert_eq!(added(&app, &key, &quoting(json!("Seven fled"))).await["quote"]["document"], second);
    assert_eq!(added(&app, &key, &quoting(json!({"exact": "Six fled", "document": first}))).await["quote"]["document"], first);
    assert_eq!(app.data(&format!("/v1/claims/{id}")).await["quote"]["document"], first);
}

#[tokio::test]
async fn the_text_of_one_source_may_be_the_text_of_another_too() {
    let (app, key) = writing().await;
    store_text(&app, &key, "hornung-2024", TEXT).await;
    let answer = store_text(&app, &key, "reuters-2024", TEXT).await;
    assert!(answer.status.is_success(), "{}", answer.body);
    refused(&app, &key, json!("nobody fled"), "quote-not-in-document", "/quote/exact").await;
}

#[tokio::test]
async fn texts_that_cannot_be_kept_are_refused() {
    let (app, key) = writing().await;
    let before = stats(&app).await;
    for text in ["", " \n\t", "a\u{0}b"] {
        let answer = store_text(&app, &key, "reuters-2024", text).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid-body".into()), "{text:?}");
    }
    let answer = store_text(&app, &key, "nowhere", "words").await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::NOT_FOUND, "not-found".into()));
    for media in ["application/json", "text/html", "application/octet-stream", ""] {
        let answer = app.ask(Method::POST, "/v1/sources/reuters-2024/document").key(&key).raw(media, "words").send().await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type".into()), "{media}");
    }
    let answer = app.ask(Method::POST, "/v1/sources/reuters-2024/document?force=1").key(&key).raw("text/plain", "words").send().await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::BAD_REQUEST, "invalid-query".into()));
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn a_text_over_its_limit_is_refused() {
    let app = TestApp::with_limits(Limits { document_bytes: 100, ..Limits::default() }).await;
    let key = app.key(Scope::Write).await;
    send(&app, &key, Method::POST, "/v1/sources", &json!({"slug": "plain", "title": "Plain"})).await;
    let answer = store_text(&app, &key, "plain", &"ä".repeat(51)).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::PAYLOAD_TOO_LARGE, "too-large".into()));
    assert_eq!(store_text(&app, &key, "plain", &"ä".repeat(50)).await.status, StatusCode::CREATED);
}

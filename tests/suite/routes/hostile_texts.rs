//! Texts that are none, that are too long, or that want to be something else: refused in one clear sentence, or read cleanly.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use figurebase::http::state::Limits;
use figurebase::ingest::seed::seed;
use serde_json::{Value, json};

use super::add_claims::stats;
use super::extractions::extract;
use crate::support::{Answer, TestApp};

async fn dry(app: &TestApp, media: &str, body: &[u8]) -> Answer {
    app.ask(Method::POST, "/v1/extractions?dry_run=true").bytes(media, body).send().await
}

fn content(answer: &Answer) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.json()["data"]["document"]["content"].clone()
}

#[tokio::test]
async fn what_is_no_text_is_refused_in_a_sentence() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let before = stats(&app).await;
    let cases: [(&str, &[u8], u16, &str); 9] = [
        ("text/plain", b"", 422, "invalid-body"),
        ("text/plain", b" \n\t\x0c ", 422, "invalid-body"),
        ("text/html", b"<script>5 million</script><p> </p>", 422, "invalid-body"),
        ("text/plain", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 400, "malformed-body"),
        ("text/plain", b"5 million\0 people", 422, "invalid-body"),
        ("text/plain", b"\x01\x02\x03\x04\x05\x06 five", 422, "invalid-body"),
        ("text/plain", b"Z\xfcrich: 5 million", 400, "malformed-body"),
        ("text/plain; charset=iso-8859-1", b"5 million", 415, "unsupported-media-type"),
        ("application/pdf", b"%PDF-1.7", 415, "unsupported-media-type"),
    ];
    for (media, body, status, code) in cases {
        let shown = String::from_utf8_lossy(body);
        let answer = dry(&app, media, body).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{media}: {shown}");
        let answer = app.ask(Method::POST, "/v1/extractions").key(&key).bytes(media, body).send().await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{media}: {shown}");
    }
    assert_eq!(stats(&app).await, before);
}

#[tokio::test]
async fn texts_have_a_greatest_length_and_it_is_a_setting() {
    let app = TestApp::with_limits(Limits { document_bytes: 200, open_text_bytes: 100, ..Limits::default() }).await;
    let key = app.key(Scope::Propose).await;
    let text = |length: usize| "5 ships. ".repeat(length).chars().take(length).collect::<String>();
    assert_eq!(dry(&app, "text/plain", text(100).as_bytes()).await.status, StatusCode::OK);
    assert_eq!(dry(&app, "text/plain", text(101).as_bytes()).await.problem(), "too-large");
    assert_eq!(extract(&app, &key, "?dry_run=true", "text/plain", &text(200)).await.status, StatusCode::OK);
    assert_eq!(extract(&app, &key, "?dry_run=true", "text/html", &text(201)).await.problem(), "too-large");
    assert_eq!(extract(&app, &key, "", "text/plain", &text(201)).await.problem(), "too-large");
    let body = json!({"text": text(200)}).to_string();
    assert_eq!(extract(&app, &key, "", "application/json", &body).await.problem(), "too-large");
}

#[tokio::test]
async fn a_hundred_megabytes_are_refused() {
    let app = TestApp::seeded().await;
    let body = vec![b'5'; 100_000_000];
    assert_eq!(dry(&app, "text/plain", &body).await.problem(), "too-large");
}

#[tokio::test]
async fn the_text_is_kept_exactly_as_it_came() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Propose).await;
    let odd = "\u{feff}Five\u{200b} mil\u{ad}lion \u{202e}elpoep\u{202c} and 12\u{a0}345\u{202f}678 e\u{301}tats\r\n\u{c}page\u{2028}two 𝒳 7 ships\t";
    let answer = extract(&app, &key, "", "text/plain", odd).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let data = answer.json()["data"].clone();
    assert_eq!(data["document"]["content"], odd);
    assert_eq!(app.data(answer.header("location")).await["content"], odd);
    assert!(data["warnings"][0].as_str().unwrap().contains("U+202E (1)"), "{}", data["warnings"]);
    let chars: Vec<char> = odd.chars().collect();
    for found in data["candidates"].as_array().unwrap() {
        let place = |name: &str| usize::try_from(found[name].as_u64().unwrap()).unwrap();
        assert_eq!(found["exact"], chars[place("start")..place("end")].iter().collect::<String>());
    }
}

#[tokio::test]
async fn pages_are_read_as_a_reader_sees_them_and_places_count_in_that() {
    let app = TestApp::seeded().await;
    let page = "<!doctype html><head><title>Trade &amp; aid</title><style>p{width:7px}</style><script>var x = '9 million people';</script></head>\
                <p>In 2023, <b>China</b>'s trade with Russia was <b>$240</b>&nbsp;billion.<p>Area: 5 km<sup>2</sup>";
    let answer = dry(&app, "text/html; charset=utf-8", page.as_bytes()).await;
    let text = "Trade & aid\n\nIn 2023, China's trade with Russia was $240\u{a0}billion.\n\nArea: 5 km²";
    assert_eq!(content(&answer), text);
    let data = answer.json()["data"].clone();
    assert_eq!(data["document"]["sha256"].as_str().unwrap().len(), 64);
    assert_ne!(data["document"]["sha256"], data["document"]["html_sha256"]);
    let found = data["candidates"].as_array().unwrap().iter().find(|found| found["value"] == "240000000000").unwrap();
    assert_eq!(found["exact"], "$240\u{a0}billion");
    assert!(!data["candidates"].as_array().unwrap().iter().any(|found| found["value"] == "9000000"));
    // As JSON, it is the same page.
    let posted = dry(&app, "application/json", json!({"html": page}).to_string().as_bytes()).await;
    assert_eq!(posted.json()["data"]["document"], data["document"]);
}

#[tokio::test]
async fn nested_pages_and_floods_of_digits_are_read_or_refused() {
    // A debug build on a busy machine is a hundred times slower than what is served; quadratic time would be far beyond this still.
    let app = TestApp::with_limits(Limits { request_time: Duration::from_mins(3), ..Limits::default() }).await;
    seed(&app.store).await.unwrap();
    let texts: [(&str, String); 7] = [
        ("text/html", format!("{}5 million people", "<div><ul><li>".repeat(30_000))),
        ("text/html", format!("{}5 million people", "<table><tr><td>".repeat(30_000))),
        ("text/html", format!("5 million people{}", "<".repeat(300_000))),
        ("text/plain", "1".repeat(300_000)),
        ("text/plain", "1 ".repeat(150_000)),
        ("text/plain", "(".repeat(300_000)),
        ("text/plain", "1,234.5 million and ".repeat(15_000)),
    ];
    for (media, text) in texts {
        let answer = dry(&app, media, text.as_bytes()).await;
        let is_refused = answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.fault_codes() == ["too-many"];
        assert!(answer.status == StatusCode::OK || is_refused, "{media} {}: {}", &text[..20], &answer.body[..200.min(answer.body.len())]);
    }
}

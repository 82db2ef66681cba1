//! Order, pages, cursors, and states of the database that can be replayed.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use super::claims::{add_claim, retract, revise, seed_claim};
use crate::support::{Answer, TestApp, new_claim};

/// Adds many claims at once and gives their ids.
async fn add_claims(app: &TestApp, key: &str, claims: &[Value]) -> Vec<String> {
    let answer = app.ask(Method::POST, "/v1/claims").key(key).ndjson(claims).send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.json()["data"]["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_string()).collect()
}

/// Follows `links.next` to the end; `between` is called before each further page.
async fn walk(app: &TestApp, path: &str, mut between: impl AsyncFnMut(usize)) -> Vec<Value> {
    let mut items = Vec::new();
    let mut next = Some(path.to_string());
    let mut pages = 0;
    while let Some(path) = next {
        if pages > 0 {
            between(pages).await;
        }
        let answer = app.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        let body = answer.json();
        assert_eq!(body["meta"]["returned"], body["data"].as_array().unwrap().len());
        items.extend(body["data"].as_array().unwrap().iter().cloned());
        next = body["links"]["next"].as_str().map(ToString::to_string);
        pages += 1;
        assert!(pages < 2_000, "the walk does not end");
    }
    items
}

async fn walk_quietly(app: &TestApp, path: &str) -> Vec<Value> {
    walk(app, path, async |_| ()).await
}

fn ids(claims: &[Value]) -> Vec<String> {
    claims.iter().map(|claim| claim["id"].as_str().unwrap().to_string()).collect()
}

/// Claims that agree and differ in all that lists can be ordered by, with many values absent.
async fn with_mixed_claims() -> TestApp {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    add_mixed_claims(&app, &key).await;
    app
}

async fn add_mixed_claims(app: &TestApp, key: &str) {
    let (actors, units) = ["UKR", "SYR", "SDN"].into_iter().zip(["person", "household", "person"]).unzip::<_, _, Vec<_>, Vec<_>>();
    for number in 0..60_usize {
        if number % 10 == 0 {
            app.clock.advance_seconds(7);
        }
        let mut claim = new_claim(actors[number % 3], &(number % 7 * 1000).to_string(), &(2015 + number % 6).to_string());
        claim["note"] = number.to_string().into();
        claim["value"]["unit"] = units[number % 3].into();
        if number % 4 == 0 {
            claim["period"] = [Value::Null, "../2018".into(), "2016/..".into()][number % 3].clone();
        }
        if number % 5 == 0 {
            claim["actor"] = Value::Null;
            claim["value"] = json!({"comparator": "unknown", "unit": "person"});
        }
        if number % 5 == 1 {
            claim["counterpart"] = actors[(number + 1) % 3].into();
            claim["value"]["comparator"] = "gt".into();
        }
        if number % 6 == 0 {
            claim["source"] = Value::Null;
        }
        add_claim(app, key, &claim).await;
    }
}

/// By what a claim of an answer is ordered; null where it has no such value.
fn sorted_by(claim: &Value, sort: &str) -> Value {
    let value = &claim["value"];
    let open = |day: &str, stand_in: &str| match (&claim["period"]["edtf"], &claim["period"][day]) {
        (Value::Null, _) => Value::Null,
        (_, Value::Null) => stand_in.into(),
        (_, day) => day.clone(),
    };
    match sort {
        "id" => Value::Null,
        "period_start" => open("start", "0000-01-01"),
        "period_end" => open("end", "9999-12-31"),
        "recorded_at" => claim["recorded_at"].clone(),
        "actor" | "counterpart" | "source" => claim[sort]["slug"].clone(),
        "unit" => value["unit"].clone(),
        "best" | "low" | "high" => value[sort].clone(),
        _ => panic!("{sort} is not tested"),
    }
}

fn compared(a: &Value, b: &Value) -> Ordering {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => a.as_str().cmp(&b.as_str()),
    }
}

#[tokio::test]
async fn every_order_walks_all_claims_exactly_once_with_nulls_last_and_then_by_id() {
    let app = with_mixed_claims().await;
    let all: BTreeSet<String> = app.ids("/v1/claims?limit=1000").await.into_iter().collect();
    assert_eq!(all.len(), 73);
    for sort in ["id", "period_start", "period_end", "best", "low", "high", "recorded_at", "actor", "counterpart", "source", "unit"] {
        for (sign, descending) in [("", false), ("-", true)] {
            let walked = walk_quietly(&app, &format!("/v1/claims?sort={sign}{sort}&limit=7")).await;
            assert_eq!(walked.len(), all.len(), "{sign}{sort}");
            assert_eq!(ids(&walked).into_iter().collect::<BTreeSet<_>>(), all, "{sign}{sort}");
            let mut expected = walked.clone();
            expected.sort_by(|a, b| {
                let (left, right) = (sorted_by(a, sort), sorted_by(b, sort));
                let by_id = a["id"].as_str().cmp(&b["id"].as_str());
                match (left.is_null(), right.is_null()) {
                    (true, true) if sort == "id" && descending => by_id.reverse(),
                    (true, true) => by_id,
                    (true, false) => Ordering::Greater,
                    (false, true) => Ordering::Less,
                    (false, false) if descending => compared(&right, &left).then(by_id),
                    (false, false) => compared(&left, &right).then(by_id),
                }
            });
            assert_eq!(ids(&walked), ids(&expected), "{sign}{sort}");
            let flat = app.get(&format!("/v1/claims.json?sort={sign}{sort}")).await.json();
            assert_eq!(ids(flat.as_array().unwrap()), ids(&expected), "{sign}{sort}, flat");
        }
    }
}

#[tokio::test]
async fn without_a_sort_the_newest_period_comes_first() {
    let app = with_mixed_claims().await;
    assert_eq!(app.ids("/v1/claims?limit=1000").await, app.ids("/v1/claims?limit=1000&sort=-period_start").await);
}

#[tokio::test]
async fn a_page_has_fifty_items_unless_another_number_is_asked_for() {
    let app = with_mixed_claims().await;
    assert_eq!(app.ids("/v1/claims").await.len(), 50);
    assert_eq!(app.ids("/v1/claims?limit=1").await.len(), 1);
    assert_eq!(app.ids("/v1/claims?limit=1000").await.len(), 73);
    assert_eq!(app.get("/v1/claims.ndjson").await.body.lines().count(), 73);
    assert_eq!(app.get("/v1/claims.ndjson?limit=3").await.body.lines().count(), 3);
}

#[tokio::test]
async fn the_next_page_is_named_in_the_body_and_in_a_header_until_the_last() {
    let app = with_mixed_claims().await;
    let first = app.get("/v1/claims?limit=70&actor=UKR,SYR,SDN&sort=best").await;
    let next = first.json()["links"]["next"].clone();
    assert_eq!((next, first.header("link")), (Value::Null, ""));
    let first = app.get("/v1/claims?limit=40&sort=best").await;
    let next = first.json()["links"]["next"].as_str().unwrap().to_string();
    assert_eq!(first.header("link"), format!("<{next}>; rel=\"next\""));
    assert!(next.contains("limit=40") && next.contains("sort=best"), "{next}");
    let last = app.get(&next).await;
    assert_eq!((&last.json()["links"]["next"], last.header("link")), (&Value::Null, ""));
    assert_eq!(last.json()["links"]["self"], next);
}

#[tokio::test]
async fn a_list_that_just_fills_its_page_has_no_next_one() {
    let app = TestApp::seeded().await;
    assert!(app.get("/v1/claims?limit=13").await.json()["links"]["next"].is_null());
    assert!(app.get("/v1/claims?limit=12").await.json()["links"]["next"].is_string());
}

/// A thousand claims, a thousand more written while they are read, and revisions, retractions and renamings besides.
async fn walked_while_others_write(sort: &str) {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let year = |number: usize| (1900 + number % 120).to_string();
    let first: Vec<Value> = (0..1_000).map(|number| new_claim("SYR", &(number * 10 + 1).to_string(), &year(number))).collect();
    let written: BTreeSet<String> = add_claims(&app, &key, &first).await.into_iter().collect();
    assert_eq!(written.len(), 1_000);
    let before: Vec<Value> = app.data(&format!("/v1/claims?actor=SYR&limit=1000&sort={sort}")).await.as_array().unwrap().clone();
    let victims: Vec<String> = ids(&before);
    let walked = walk(&app, &format!("/v1/claims?actor=SYR&limit=90&sort={sort}"), async |page| {
        app.clock.advance_seconds(1);
        let more: Vec<Value> =
            (0..100).map(|number| new_claim("SYR", &((page * 100 + number) * 10 + 5).to_string(), &year(number))).collect();
        add_claims(&app, &key, &more).await;
        // One claim far ahead of the walk, one behind it, one where it stands.
        for (place, best) in [(999 - page, "1"), (page, "2"), (page * 90 + 1, "999999")] {
            if page % 2 == 0 {
                revise(&app, &key, &format!("/v1/claims/{}", victims[place]), json!({"value": {"best_exact": best}, "period": "2025"}))
                    .await;
            } else {
                retract(&app, &key, &victims[place]).await;
            }
        }
        revise(&app, &key, "/v1/actors/SYR", json!({"name": format!("Syria {page}")})).await;
    })
    .await;
    assert_eq!(walked.len(), 1_000, "{sort}");
    assert_eq!(ids(&walked).into_iter().collect::<BTreeSet<_>>(), written, "{sort}");
    assert_eq!(walked, before, "{sort}");
    assert!(app.data("/v1/claims?actor=SYR&limit=1&include=count").await[0]["actor"]["name"].as_str().unwrap().starts_with("Syria 1"));
}

#[tokio::test]
async fn a_walk_by_period_stays_exact_while_others_write() {
    walked_while_others_write("-period_start").await;
}

#[tokio::test]
async fn a_walk_by_number_stays_exact_while_others_write() {
    walked_while_others_write("best").await;
}

#[tokio::test]
async fn a_walk_by_time_of_storing_stays_exact_while_others_write() {
    walked_while_others_write("-recorded_at").await;
}

#[tokio::test]
async fn a_walk_by_a_name_stays_exact_when_the_name_goes_away() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    add_mixed_claims(&app, &key).await;
    revise(&app, &key, "/v1/actors/UKR", json!({"aliases": ["Kievan Land"]})).await;
    let before = app.ids("/v1/claims?actor=Kievan%20Land&limit=1000").await;
    assert!(before.len() > 10);
    let walked = walk(&app, "/v1/claims?actor=Kievan%20Land&limit=5", async |page| {
        if page == 1 {
            revise(&app, &key, "/v1/actors/UKR", json!({"aliases": []})).await;
        }
    })
    .await;
    assert_eq!(ids(&walked), before);
}

#[tokio::test]
async fn a_snapshot_understands_names_as_they_were_then() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let before = app.get("/v1/claims?actor=DPRK").await.json();
    revise(&app, &key, "/v1/actors/PRK", json!({"aliases": []})).await;
    assert_eq!(app.ids("/v1/claims?actor=DPRK").await, [""; 0]);
    let snapshot = before["meta"]["snapshot"].as_i64().unwrap();
    assert_eq!(app.data(&format!("/v1/claims?actor=DPRK&snapshot={snapshot}")).await, before["data"]);
}

#[tokio::test]
async fn a_walk_of_records_stays_exact_while_others_write() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let before: Vec<String> = walk_quietly(&app, "/v1/sources?limit=1000").await.iter().map(|record| record["slug"].to_string()).collect();
    let walked = walk(&app, "/v1/sources?limit=4", async |page| {
        let source = json!({"slug": format!("zz-new-{page}"), "title": "New", "kind": "article"});
        let answer = app.ask(Method::POST, "/v1/sources").key(&key).json(&source).send().await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    })
    .await;
    let walked: Vec<String> = walked.iter().map(|record| record["slug"].to_string()).collect();
    assert_eq!(walked, before);
    assert!(walked.is_sorted());
}

#[tokio::test]
async fn a_series_can_be_walked_too() {
    let app = with_mixed_claims().await;
    let all = app.ids("/v1/series?metric=refugees&limit=1000").await;
    assert_eq!(all.len(), 60);
    assert_eq!(ids(&walk_quietly(&app, "/v1/series?metric=refugees&limit=9").await), all);
}

/// The cursor of the first page of a list.
async fn cursor_of(app: &TestApp, path: &str) -> String {
    let next = app.get(path).await.json()["links"]["next"].as_str().unwrap().to_string();
    form_urlencoded::parse(next.split_once('?').unwrap().1.as_bytes()).find(|(name, _)| name == "cursor").unwrap().1.into_owned()
}

fn assert_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}: {}", answer.body);
    assert_eq!((answer.problem().as_str(), answer.pointers()), ("invalid-query", vec!["/cursor".to_string()]), "{what}");
}

#[tokio::test]
async fn a_cursor_of_another_request_is_refused() {
    let app = with_mixed_claims().await;
    let cursor = cursor_of(&app, "/v1/claims?actor=UKR&limit=5").await;
    for query in [
        "/v1/claims?limit=5",
        "/v1/claims?actor=SYR&limit=5",
        "/v1/claims?actor=UKR&limit=5&sort=best",
        "/v1/claims?actor=UKR&unit=person&limit=5",
        "/v1/sources/reuters-2024/claims?actor=UKR&limit=5",
        "/v1/series?actor=UKR&metric=refugees",
        "/v1/actors?limit=5",
    ] {
        let sign = if query.contains('?') { '&' } else { '?' };
        let answer = app.get(&format!("{query}{sign}cursor={cursor}")).await;
        assert!(answer.pointers().contains(&"/cursor".to_string()), "{query}: {}", answer.body);
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::BAD_REQUEST, "invalid-query"), "{query}");
    }
    let other_size = app.get(&format!("/v1/claims?actor=UKR&limit=3&cursor={cursor}")).await;
    assert_eq!(other_size.status, StatusCode::OK, "the size of pages may change: {}", other_size.body);
}

#[tokio::test]
async fn a_cursor_that_is_none_is_refused() {
    let app = with_mixed_claims().await;
    let cursor = cursor_of(&app, "/v1/claims?limit=5").await;
    let cut = &cursor[..cursor.len() - 8];
    for text in ["x", "AAAA", "e30", "bnVsbA", "%00", cut, "🙂"] {
        assert_refused(&app.get(&super::filters::address("/v1/claims", &[("limit", "5"), ("cursor", text)])).await, text);
    }
}

#[tokio::test]
async fn a_cursor_of_a_state_that_never_was_is_refused() {
    let app = with_mixed_claims().await;
    let cursor = cursor_of(&app, "/v1/claims?limit=5").await;
    let mut inside: Value = serde_json::from_slice(&data_encoding::BASE64URL_NOPAD.decode(cursor.as_bytes()).unwrap()).unwrap();
    inside["snapshot"] = 999_999_999_i64.into();
    let forged = data_encoding::BASE64URL_NOPAD.encode(inside.to_string().as_bytes());
    assert_refused(&app.get(&format!("/v1/claims?limit=5&cursor={forged}")).await, "the future");
}

#[tokio::test]
async fn a_snapshot_beside_a_cursor_has_to_be_the_cursors() {
    let app = with_mixed_claims().await;
    let snapshot = app.get("/v1/claims").await.json()["meta"]["snapshot"].as_i64().unwrap();
    let cursor = cursor_of(&app, "/v1/claims?limit=5").await;
    let with = async |snapshot: i64| app.get(&format!("/v1/claims?limit=5&cursor={cursor}&snapshot={snapshot}")).await;
    assert_eq!(with(snapshot).await.status, StatusCode::OK);
    assert_eq!(with(snapshot - 1).await.pointers(), ["/snapshot"]);
}

#[tokio::test]
async fn a_snapshot_replays_lists_single_claims_and_figures() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let trade = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    let paths = [
        "/v1/claims?sort=best&include=count,facets",
        "/v1/claims?q=China",
        "/v1/series?metric=trade-value",
        "/v1/summary?group_by=actor",
        "/v1/actors?q=china",
        "/v1/actors/CHN",
        "/v1/sources/reuters-2024/citations",
        "/v1/resolve?name=China",
    ];
    let mut before = Vec::new();
    for path in paths {
        before.push(app.get(path).await.json());
    }
    let flat = app.get("/v1/claims.csv").await.body;
    let alone = app.data(&format!("/v1/claims/{trade}")).await;
    let snapshot = before[0]["meta"]["snapshot"].as_i64().unwrap();
    app.clock.advance_seconds(3600);
    retract(&app, &key, &trade).await;
    revise(&app, &key, "/v1/actors/CHN", json!({"name": "Cathay", "aliases": []})).await;
    revise(&app, &key, "/v1/sources/reuters-2024", json!({"citations": []})).await;
    add_claim(&app, &key, &new_claim("CHN", "5", "2023")).await;
    for (path, before) in paths.into_iter().zip(before) {
        let sign = if path.contains('?') { '&' } else { '?' };
        assert_ne!(app.data(path).await, before["data"], "{path} did not change at all");
        for basis in [format!("snapshot={snapshot}"), "as_of=2026-11-24T12:30:00Z".to_string()] {
            let replayed = app.get(&format!("{path}{sign}{basis}")).await.json();
            assert_eq!(replayed["data"], before["data"], "{path} with {basis}");
            assert_eq!(replayed["meta"]["snapshot"], snapshot, "{path} with {basis}");
            assert_eq!(replayed["meta"].get("count"), before["meta"].get("count"), "{path} with {basis}");
        }
    }
    assert_eq!(app.get(&format!("/v1/claims.csv?snapshot={snapshot}")).await.body, flat);
    assert_eq!(app.data(&format!("/v1/claims/{trade}?as_of=2026-11-24T12:59:59Z")).await, alone);
    assert_eq!(app.data(&format!("/v1/claims/{trade}?snapshot={snapshot}")).await, alone);
    assert_eq!(app.data(&format!("/v1/claims/{trade}?as_of=2026-11-24T13:00:00Z")).await["state"], "retracted");
}

#[tokio::test]
async fn before_the_first_write_there_was_nothing() {
    let app = TestApp::seeded().await;
    let trade = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    assert_eq!(app.ids("/v1/claims?as_of=2026-11-24T11:59:59Z").await, [""; 0]);
    assert_eq!(app.ids("/v1/claims?snapshot=0").await, [""; 0]);
    assert_eq!(app.get(&format!("/v1/claims/{trade}?as_of=2020")).await.problem(), "not-found");
    assert_eq!(app.get("/v1/actors/CHN?as_of=2020").await.problem(), "not-found");
    assert_eq!(app.ids("/v1/claims?as_of=2026-11-24").await.len(), 13);
    assert_eq!(app.ids("/v1/claims?as_of=1795521600000").await.len(), 13);
}

#[tokio::test]
async fn what_had_been_printed_and_what_was_known_then_are_two_questions() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    app.clock.advance_seconds(3600);
    add_claim(&app, &key, &new_claim("CHN", "5", "2023")).await;
    assert_eq!(app.ids("/v1/claims?actor=CHN&published_before=2024-06").await.len(), 1);
    assert_eq!(app.ids("/v1/claims?actor=CHN&published_before=2024-06&as_of=2026-11-24T12:00:00Z").await.len(), 0);
    assert_eq!(app.ids("/v1/claims?actor=CHN&published_before=2025&as_of=2026-11-24T12:00:00Z").await.len(), 5);
}

#[tokio::test]
async fn one_claim_names_the_last_change_that_concerns_it() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let trade = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    let snapshot = async || app.get(&format!("/v1/claims/{trade}")).await.json()["meta"]["snapshot"].as_i64().unwrap();
    let before = snapshot().await;
    add_claim(&app, &key, &new_claim("UKR", "5", "2023")).await;
    assert_eq!(snapshot().await, before);
    let shown = app.data(&format!("/v1/claims/{trade}")).await;
    revise(&app, &key, "/v1/actors/CHN", json!({"name": "Cathay"})).await;
    assert!(snapshot().await > before);
    assert_eq!(app.data(&format!("/v1/claims/{trade}?snapshot={before}")).await, shown);
}

#[tokio::test]
async fn a_database_restored_from_before_its_last_changes_does_not_pass_for_the_lost_one() {
    let (lost, restored) = (TestApp::seeded().await, TestApp::seeded().await);
    let path = "/v1/claims?metric=refugees&limit=1";
    let write = async |app: &TestApp, best: &str| {
        let key = app.key(Scope::Write).await;
        let written = app.ask(Method::POST, "/v1/claims").key(&key).json(&new_claim("SYR", best, "2015")).send().await;
        assert_eq!(written.status, StatusCode::CREATED, "{}", written.body);
    };
    write(&lost, "1").await;
    restored.clock.advance_seconds(1);
    write(&restored, "2").await;
    assert_eq!(lost.store.head().await.unwrap().at, restored.store.head().await.unwrap().at, "the numbers of changes are used again");
    let etag = lost.get(path).await.header("etag").to_string();
    let conditional = async |app: &TestApp| app.ask(Method::GET, path).header("if-none-match", &etag).send().await.status;
    assert_eq!((conditional(&lost).await, conditional(&restored).await), (StatusCode::NOT_MODIFIED, StatusCode::OK));
    let cursor = cursor_of(&lost, "/v1/claims?limit=5").await;
    assert_eq!(lost.get(&format!("/v1/claims?limit=5&cursor={cursor}")).await.status, StatusCode::OK);
    assert_refused(&restored.get(&format!("/v1/claims?limit=5&cursor={cursor}")).await, "a state that was lost");
}

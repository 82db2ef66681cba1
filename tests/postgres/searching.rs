//! The same search on both engines, beside each other: they find the same claims, whatever is stored and whatever is searched
//! for. What is the right thing to find is tested on each of them, in `tests/suite/routes/searching.rs`.

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use figurebase::http::state::Limits;
use figurebase::ingest::seed::seed;
use figurebase::store::OpenOptions;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::routes::filters::address;
use crate::routes::searching::{found, searches, with_claims};
use crate::support::{TestApp, new_claim};

/// Texts that are stored and searched for at random.
const CASES: u32 = 150;

/// A service with the seeds in it on SQLite, and the folder that its database is in.
pub async fn seeded_on_sqlite() -> (TestApp, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("beside.db").display());
    let app = TestApp::over(&OpenOptions { url, readers: 2, create: true, ..OpenOptions::default() }, Limits::default()).await;
    seed(&app.store).await.unwrap();
    (app, folder)
}

#[tokio::test]
async fn both_engines_find_the_same_claims() {
    let (postgres, (sqlite, _folder)) = (TestApp::seeded().await, seeded_on_sqlite().await);
    assert_eq!(with_claims(&postgres).await, with_claims(&sqlite).await, "both name their claims alike");
    let mut different = Vec::new();
    let (mut tried, mut met) = (0, 0);
    for words in searches() {
        let (here, there) = (found(&postgres, &words).await, found(&sqlite, &words).await);
        tried += 1;
        met += usize::from(!here.is_empty());
        if here != there {
            different.push(format!("{words:?}: PostgreSQL finds {here:?}, SQLite {there:?}"));
        }
    }
    assert!(tried > 120 && met > 90, "{tried} searches, {met} of them with a result");
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[tokio::test]
async fn both_engines_find_the_same_records() {
    let (postgres, (sqlite, _folder)) = (TestApp::seeded().await, seeded_on_sqlite().await);
    with_claims(&postgres).await;
    with_claims(&sqlite).await;
    for words in searches().iter().map(String::as_str).chain(["korea", "people's", "größte", "gg", "alliance", "中国", "reuters"]) {
        for path in ["/v1/actors", "/v1/metrics", "/v1/units", "/v1/sources"] {
            let address = address(path, &[("q", words), ("limit", "1000")]);
            assert_eq!(postgres.data(&address).await, sqlite.data(&address).await, "{path} {words:?}");
        }
    }
}

/// Signs that are cut, folded and put together in all ways, and any other sign there is but NUL, which is refused.
fn sign() -> impl Strategy<Value = char> {
    let chosen = "aAzZ019ßẞſİıIiłŁœŒæøđĐéÉñçžΣσςΩάϊЁёЙйЇїبتمـשגकख़क्ิกกรุ漢字かがカガｶﾞ한국각ﬁﬀⅣ²½①ＡＢ１😀🇺🇦 .,-_'’\"%\\*()^:~«»„“";
    let marks = "\u{300}\u{301}\u{308}\u{327}\u{345}\u{489}\u{591}\u{5b0}\u{64b}\u{670}\u{93c}\u{94d}\u{e34}\u{3099}\u{309a}\u{ad}\u{200b}\u{200d}\u{202e}\u{feff}\u{20dd}\u{1f3fb}";
    let chosen: Vec<char> = chosen.chars().chain(marks.chars()).collect();
    prop_oneof![3 => proptest::sample::select(chosen), 1 => any::<char>().prop_filter("NUL is refused", |sign| *sign != '\0')]
}

/// A text, parts of it by their begin and length, and words that have nothing to do with it.
fn text_and_searches() -> impl Strategy<Value = (String, Vec<(usize, usize)>, String)> {
    let text = proptest::collection::vec(sign(), 1..60).prop_map(|signs| signs.into_iter().collect::<String>());
    let parts = proptest::collection::vec((0..60_usize, 1..20_usize), 6);
    (text, parts, proptest::collection::vec(sign(), 1..4).prop_map(|signs| signs.into_iter().collect()))
}

/// Stores a text in both, and searches for parts of it in both.
async fn compare(one: &TestApp, other: &TestApp, keys: &[String; 2], text: &str, words: &[String]) -> Result<usize, TestCaseError> {
    let mut claim = new_claim("UKR", "5", "2023");
    claim["quote"] = format!("· {text}").into();
    let added = one.ask(Method::POST, "/v1/claims").key(&keys[0]).json(&claim).send().await;
    let beside = other.ask(Method::POST, "/v1/claims").key(&keys[1]).json(&claim).send().await;
    prop_assert_eq!(added.status, StatusCode::CREATED, "{:?}: {}", text, added.body);
    prop_assert_eq!(&added.body, &beside.body);
    let mut met = 0;
    for words in words {
        let (here, there) = (found(one, words).await, found(other, words).await);
        prop_assert_eq!(&here, &there, "{:?} in {:?}", words, text);
        met += usize::from(!here.is_empty());
    }
    Ok(met)
}

#[test]
fn both_engines_find_the_same_in_texts_that_nobody_would_write() {
    let runtime = Runtime::new().unwrap();
    let (postgres, (sqlite, _folder)) = runtime.block_on(async { (TestApp::seeded().await, seeded_on_sqlite().await) });
    let keys = runtime.block_on(async { [postgres.key(Scope::Write).await, sqlite.key(Scope::Write).await] });
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let met = std::cell::Cell::new(0);
    let outcome = runner.run(&text_and_searches(), |(text, parts, other)| {
        let signs: Vec<char> = text.chars().collect();
        let part = |(begin, length): &(usize, usize)| signs.iter().cycle().skip(*begin).take(*length).collect();
        let whole_words = text.split_whitespace().map(ToString::to_string);
        let words: Vec<String> = parts.iter().map(part).chain(whole_words).chain([other]).collect();
        met.set(met.get() + runtime.block_on(compare(&postgres, &sqlite, &keys, &text, &words))?);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(met.get() > CASES as usize, "only {} searches found anything", met.get());
}

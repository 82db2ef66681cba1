//! Which claims a list means: names, words, ranges of numbers and of time, and what is refused.

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use super::claims::{add_claim, retract, revise, seed_claim};
use crate::support::{TestApp, new_claim};

/// An address with its query written as browsers write it.
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    format!("{path}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

async fn count(app: &TestApp, query: &str) -> usize {
    app.ids(&format!("/v1/claims?{query}")).await.len()
}

/// Metrics of the claims that a query finds, in the order of the alphabet.
async fn found(app: &TestApp, query: &str) -> Vec<String> {
    let mut metrics = app.metrics(&format!("/v1/claims?{query}")).await;
    metrics.sort();
    metrics
}

/// Notes of the claims that a query finds, in the order of the alphabet.
async fn notes(app: &TestApp, query: &str) -> Vec<String> {
    let claims = app.data(&format!("/v1/claims?{query}")).await;
    let mut notes: Vec<String> = claims.as_array().unwrap().iter().filter_map(|claim| Some(claim["note"].as_str()?.to_string())).collect();
    notes.sort();
    notes
}

// Names.

#[tokio::test]
async fn an_actor_is_found_by_every_name_that_identifies_it() {
    let app = TestApp::seeded().await;
    for name in [
        "CHN",
        "chn",
        "CN",
        "cn",
        "Q148",
        "q148",
        "China",
        "cHiNa",
        "PRC",
        "People's Republic of China",
        "People’s Republic of China",
        "中国",
    ] {
        assert_eq!(app.ids(&address("/v1/claims", &[("actor", name)])).await.len(), 5, "{name}");
    }
    for name in ["PRK", "KP", "DPRK", "dprk", "Democratic People’s Republic of Korea", "북한"] {
        assert_eq!(app.ids(&address("/v1/claims", &[("actor", name)])).await.len(), 3, "{name}");
    }
}

#[tokio::test]
async fn an_alias_with_a_comma_in_it_is_one_name() {
    let app = TestApp::seeded().await;
    assert_eq!(app.ids(&address("/v1/claims", &[("actor", "Korea, Rep.")])).await.len(), 1);
}

#[tokio::test]
async fn a_capital_or_a_people_is_no_name_of_a_state() {
    let app = TestApp::seeded().await;
    for name in ["Pyongyang", "Beijing", "Chinese", "Korean"] {
        assert_eq!(count(&app, &format!("actor={name}")).await, 0, "{name}");
    }
}

#[tokio::test]
async fn an_unknown_code_is_an_empty_list() {
    let app = TestApp::seeded().await;
    for query in [
        "actor=XYZ",
        "counterpart=XYZ",
        "any_actor=XYZ",
        "metric=no-such-metric",
        "unit=furlong-per-fortnight",
        "currency=XXQ",
        "source=no-such-source",
        "source=Not%20A%20Slug!",
        "publisher=Nobody",
        "speaker=Nobody",
    ] {
        let answer = app.get(&format!("/v1/claims?{query}&include=count")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}");
        assert_eq!((&answer.json()["data"], &answer.json()["meta"]["count"]), (&json!([]), &json!(0)), "{query}");
        assert_eq!(app.get(&format!("/v1/claims.json?{query}")).await.json(), json!([]), "{query}");
    }
}

#[tokio::test]
async fn comma_and_repetition_mean_or_and_different_keys_mean_and() {
    let app = TestApp::seeded().await;
    assert_eq!(count(&app, "actor=CHN,PRK").await, 8);
    assert_eq!(count(&app, "actor=CHN&actor=PRK").await, 8);
    assert_eq!(count(&app, "actor=CHN,%20PRK&actor=JPN").await, 9);
    assert_eq!(count(&app, "actor=CHN,CN,XYZ").await, 5);
    assert_eq!(
        found(&app, "actor=CHN,PRK&counterpart=RUS&metric=trade-value,troops-identified").await,
        ["trade-value", "troops-identified"]
    );
    assert_eq!(count(&app, "actor=CHN&counterpart=UKR").await, 0);
}

#[tokio::test]
async fn any_actor_means_either_side() {
    let app = TestApp::seeded().await;
    assert_eq!(count(&app, "actor=RUS").await, 1);
    assert_eq!(count(&app, "counterpart=RUS").await, 6);
    assert_eq!(count(&app, "any_actor=RUS").await, 7);
    assert_eq!(count(&app, "any_actor=RUS&actor=PRK").await, 1);
    assert_eq!(count(&app, "any_actor=JPN,KOR").await, 2);
}

#[tokio::test]
async fn a_metric_is_found_by_slug_label_and_alias() {
    let app = TestApp::seeded().await;
    for name in ["trade-value", "Bilateral trade value", "two-way trade"] {
        assert_eq!(app.metrics(&address("/v1/claims", &[("metric", name)])).await, ["trade-value"], "{name}");
    }
}

#[tokio::test]
async fn fields_with_few_words_narrow_the_list() {
    let app = TestApp::seeded().await;
    assert_eq!(count(&app, "unit=person").await, 6);
    assert_eq!(count(&app, "unit=person,percent").await, 10);
    assert_eq!(count(&app, "currency=USD").await, 3);
    assert_eq!(found(&app, "comparator=gt").await, ["civilians-killed", "microelectronics-share-supplied", "military-casualties"]);
    assert_eq!(count(&app, "comparator=vague&comparator=gt").await, 5);
    assert_eq!(found(&app, "status=superlative,estimated").await, ["military-casualties", "trade-value"]);
    assert_eq!(found(&app, "stage=allocated").await, ["aid-share-of-gdp"]);
    assert_eq!(count(&app, "rank=normal").await, 13);
    assert_eq!(count(&app, "rank=preferred,deprecated").await, 0);
    assert_eq!(count(&app, "source=asian-proxy-war-2024").await, 13);
}

#[tokio::test]
async fn a_currency_is_money_and_nothing_else() {
    let app = TestApp::seeded().await;
    assert_eq!(count(&app, "currency=person").await, 0);
    assert_eq!(count(&app, "currency=percent,USD").await, 3);
}

#[tokio::test]
async fn a_claim_of_several_statuses_is_found_under_each() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let mut claim = new_claim("UKR", "5", "2023");
    claim["status"] = json!(["official", "provisional"]);
    let id = add_claim(&app, &key, &claim).await;
    assert_eq!(app.ids("/v1/claims?status=official").await, [id.as_str()]);
    assert_eq!(app.ids("/v1/claims?status=provisional").await, [id.as_str()]);
    assert_eq!(app.ids("/v1/claims?status=official,provisional").await, [id]);
    assert_eq!(count(&app, "status=unofficial").await, 0);
}

#[tokio::test]
async fn speaker_and_publisher_are_found_whatever_their_case() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    for speaker in ["South Korea's National Intelligence Service", "SOUTH KOREA’S national  intelligence service"] {
        assert_eq!(app.metrics(&address("/v1/claims", &[("speaker", speaker)])).await, ["troops-identified"], "{speaker}");
    }
    let id = add_claim(&app, &key, &new_claim("UKR", "5", "2023")).await;
    for publisher in ["Reuters", "reuters", "REUTERS,Nobody"] {
        assert_eq!(app.ids(&address("/v1/claims", &[("publisher", publisher)])).await, [id.as_str()], "{publisher}");
    }
}

// Ranges of numbers.

/// People counted with the given ends, each under its name.
async fn with_intervals() -> TestApp {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let stated = |low_inclusive: bool, high_inclusive: bool| {
        json!({"best_exact": "15", "low_exact": "10", "low_inclusive": low_inclusive, "high_exact": "20",
               "high_inclusive": high_inclusive, "unit": "person"})
    };
    let values = [
        ("closed", stated(true, true)),
        ("open", stated(false, false)),
        ("above", json!({"comparator": "gt", "best_exact": "10", "unit": "person"})),
        ("at least", json!({"comparator": "ge", "best_exact": "20", "unit": "person"})),
        ("below", json!({"comparator": "lt", "best_exact": "20", "unit": "person"})),
        ("unknown", json!({"comparator": "unknown", "unit": "person"})),
        ("withheld", json!({"comparator": "withheld", "unit": "person"})),
    ];
    for (name, value) in values {
        add_claim(&app, &key, &json!({"metric": "refugees", "actor": "UKR", "value": value, "note": name})).await;
    }
    let no_floor = json!({"comparator": "le", "best_exact": "20", "unit": "percent"});
    add_claim(&app, &key, &json!({"metric": "trade-value-change", "actor": "UKR", "value": no_floor, "note": "no floor"})).await;
    app
}

#[tokio::test]
async fn possibly_in_a_range_is_whatever_shares_a_number_with_it() {
    let app = with_intervals().await;
    let cases: [(&str, &[&str]); 8] = [
        ("value_min=20", &["above", "at least", "closed", "no floor"]),
        ("value_min=19.999999", &["above", "at least", "below", "closed", "no floor", "open"]),
        ("value_max=10", &["below", "closed", "no floor"]),
        ("value_max=10.000001", &["above", "below", "closed", "no floor", "open"]),
        ("value_min=20&value_max=20", &["above", "at least", "closed", "no floor"]),
        ("value_min=10&value_max=10", &["below", "closed", "no floor"]),
        ("value_max=-1", &["no floor"]),
        ("value_min=1e20", &["above", "at least"]),
    ];
    for (query, expected) in cases {
        assert_eq!(notes(&app, &format!("actor=UKR&{query}&value_match=possible&include=count")).await, expected, "{query}");
        assert_eq!(notes(&app, &format!("actor=UKR&{query}")).await, expected, "{query} is the default");
    }
}

#[tokio::test]
async fn certainly_in_a_range_is_whatever_lies_inside() {
    let app = with_intervals().await;
    let cases: [(&str, &[&str]); 8] = [
        ("value_min=10", &["above", "at least", "closed", "open"]),
        ("value_min=10.000001", &["at least"]),
        ("value_max=20", &["below", "closed", "no floor", "open"]),
        ("value_max=19.999999", &[]),
        ("value_min=10&value_max=20", &["closed", "open"]),
        ("value_min=0&value_max=20", &["below", "closed", "open"]),
        ("value_min=20", &["at least"]),
        ("value_min=-1e20", &["above", "at least", "below", "closed", "open"]),
    ];
    for (query, expected) in cases {
        assert_eq!(notes(&app, &format!("actor=UKR&{query}&value_match=certain")).await, expected, "{query}");
    }
}

#[tokio::test]
async fn over_ninety_percent_is_possibly_and_not_certainly_at_least_ninety_five() {
    let app = TestApp::seeded().await;
    assert_eq!(found(&app, "unit=percent&value_min=95&value_match=possible").await, ["microelectronics-share-supplied"]);
    assert_eq!(found(&app, "unit=percent&value_min=95&value_match=certain").await, [""; 0]);
    assert_eq!(found(&app, "unit=percent&value_min=90&value_match=certain").await, ["microelectronics-share-supplied"]);
    assert_eq!(found(&app, "unit=percent&value_min=100").await, ["microelectronics-share-supplied"]);
    assert_eq!(found(&app, "unit=percent&value_min=100.1").await, [""; 0]);
}

#[tokio::test]
async fn a_rounding_interval_across_the_bound_is_not_certain() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let id = add_claim(&app, &key, &new_claim("MDA", "100", "2023")).await;
    assert_eq!(app.data(&format!("/v1/claims/{id}")).await["value"]["low_exact"], "99.5");
    assert_eq!(count(&app, "actor=MDA&value_min=100&value_max=200&value_match=certain").await, 0);
    assert_eq!(count(&app, "actor=MDA&value_min=100&value_max=200&value_match=possible").await, 1);
    assert_eq!(count(&app, "actor=MDA&value_min=99.5&value_max=200&value_match=certain").await, 1);
}

#[tokio::test]
async fn numbers_are_compared_as_numbers_however_large_or_small() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    for best in ["-7.5", "-7.25", "-0.001", "0", "0.0001", "9", "10", "1234567890123456789012345678", "1234567890123456789012345679"] {
        let value = json!({"best_exact": best, "low_exact": best, "high_exact": best, "unit": "percent"});
        add_claim(&app, &key, &json!({"metric": "trade-value-change", "actor": "MDA", "value": value})).await;
    }
    let bests = async |query: &str| {
        let claims = app.data(&format!("/v1/claims?actor=MDA&sort=best&{query}")).await;
        claims.as_array().unwrap().iter().map(|claim| claim["value"]["best_exact"].as_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(bests("value_max=-7.25").await, ["-7.5", "-7.25"]);
    assert_eq!(bests("value_min=-7.3&value_max=0").await, ["-7.25", "-0.001", "0"]);
    assert_eq!(bests("value_min=9.5&value_max=1e20").await, ["10"]);
    assert_eq!(bests("value_min=1234567890123456789012345679").await, ["1234567890123456789012345679"]);
    assert_eq!(bests("value_min=1e27&value_match=certain").await.len(), 2);
}

// Ranges of time.

#[tokio::test]
async fn the_period_of_the_korean_aid_meets_2024_as_each_word_says() {
    let app = TestApp::seeded().await;
    assert_eq!(found(&app, "from=2024&to=2024").await, ["aid-share-of-gdp"]);
    assert_eq!(found(&app, "from=2024&to=2024&period_match=overlaps").await, ["aid-share-of-gdp"]);
    assert_eq!(found(&app, "from=2024&to=2024&period_match=within").await, [""; 0]);
    assert_eq!(found(&app, "from=2024&to=2024&period_match=covers").await, ["aid-share-of-gdp"]);
    assert_eq!(found(&app, "from=2024&to=2024&period_match=equals").await, [""; 0]);
}

#[tokio::test]
async fn periods_meet_ranges_to_the_day() {
    let app = TestApp::seeded().await;
    let (aid, all, trade) =
        (["aid-share-of-gdp"], ["aid-share-of-gdp", "trade-value", "trade-value-change"], ["trade-value", "trade-value-change"]);
    let cases: [(&str, &str, &[&str]); 14] = [
        ("from=2025-06-30", "overlaps", &aid),
        ("from=2025-07-01", "overlaps", &[]),
        ("to=2022-01-01", "overlaps", &aid),
        ("to=2021-12-31", "overlaps", &[]),
        ("from=2022-01&to=2025-06", "within", &all),
        ("from=2022-01-02&to=2025-06", "within", &trade),
        ("from=2022-01&to=2025-06-29", "within", &trade),
        ("from=2022&to=2025", "within", &all),
        ("from=2023-05&to=2023-06", "covers", &all),
        ("from=2022-01-01&to=2025-06-30", "covers", &aid),
        ("from=2021-12-31&to=2025-06-30", "covers", &[]),
        ("from=2022-01&to=2025-06", "equals", &aid),
        ("from=2023-01&to=2023-12-31", "equals", &trade),
        ("from=2023-01-02&to=2023-12-31", "equals", &[]),
    ];
    for (range, word, expected) in cases {
        assert_eq!(found(&app, &format!("{range}&period_match={word}")).await, expected, "{word} {range}");
    }
}

#[tokio::test]
async fn a_range_may_be_told_in_edtf_in_rfc_3339_or_in_milliseconds() {
    let app = TestApp::seeded().await;
    let trade = ["trade-value", "trade-value-change"];
    for (from, to) in [
        ("2023-01-01T00:00:00Z", "2023-12-31T23:59:59Z"),
        ("1672531200000", "1704067199000"),
        ("2023-Q1", "2023-12~"),
        ("2023-01/2023-03", "2023"),
        ("2023-01-01T02:00:00+02:00", "2023-12-31T20:00:00-03:00"),
    ] {
        let path = address("/v1/claims", &[("from", from), ("to", to), ("period_match", "within")]);
        let mut metrics = app.metrics(&path).await;
        metrics.sort();
        assert_eq!(metrics, trade, "{from} to {to}");
    }
}

/// Claims about stretches of time without one of their ends, and about none.
async fn with_open_periods() -> TestApp {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    for (note, period) in
        [("until 2024", json!("../2024")), ("since 2024", json!("2024/..")), ("in 2024", json!("2024")), ("never", Value::Null)]
    {
        let mut claim = new_claim("MDA", "5", "2023");
        claim["period"] = period;
        claim["note"] = note.into();
        add_claim(&app, &key, &claim).await;
    }
    app
}

#[tokio::test]
async fn an_open_period_goes_on_without_end() {
    let app = with_open_periods().await;
    let cases: [(&str, &str, &[&str]); 11] = [
        ("from=1900&to=1900", "overlaps", &["until 2024"]),
        ("from=2500&to=2500", "overlaps", &["since 2024"]),
        ("from=2024-06&to=2024-06", "overlaps", &["in 2024", "since 2024", "until 2024"]),
        ("from=1000&to=3000", "within", &["in 2024"]),
        ("to=2024", "within", &["in 2024", "until 2024"]),
        ("from=2024", "within", &["in 2024", "since 2024"]),
        ("from=1900&to=1950", "covers", &["until 2024"]),
        ("from=2024-02&to=2024-03", "covers", &["in 2024", "since 2024", "until 2024"]),
        ("from=2030", "covers", &["since 2024"]),
        ("from=2024", "equals", &["since 2024"]),
        ("to=2024", "equals", &["until 2024"]),
    ];
    for (range, word, expected) in cases {
        assert_eq!(notes(&app, &format!("actor=MDA&{range}&period_match={word}")).await, expected, "{word} {range}");
    }
}

#[tokio::test]
async fn a_claim_without_a_period_meets_no_range() {
    let app = with_open_periods().await;
    for word in ["overlaps", "within", "covers", "equals"] {
        for range in ["from=0001&to=9999", "from=2024", "to=2024"] {
            let found = notes(&app, &format!("actor=MDA&{range}&period_match={word}")).await;
            assert!(!found.contains(&"never".to_string()), "{word} {range}: {found:?}");
        }
    }
    assert!(notes(&app, "actor=MDA").await.contains(&"never".to_string()));
}

#[tokio::test]
async fn printed_before_and_after_count_a_date_by_its_farther_end() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    for (source, note) in [
        ("toda-2022", "2022"),
        ("reuters-2024", "2024-01-12"),
        ("hornung-2024", "2024-11-21"),
        ("asian-proxy-war-2024", "2024-12~"),
        ("cunningham-heritage", "no date"),
    ] {
        let mut claim = new_claim("MDA", "5", "2020");
        claim["source"] = source.into();
        claim["note"] = note.into();
        add_claim(&app, &key, &claim).await;
    }
    let mut unsourced = new_claim("MDA", "5", "2020");
    unsourced["source"] = Value::Null;
    unsourced["note"] = "no source".into();
    add_claim(&app, &key, &unsourced).await;
    let cases: [(&str, &[&str]); 12] = [
        ("published_before=2022-12-31", &[]),
        ("published_before=2023-01-01", &["2022"]),
        ("published_before=2023", &["2022"]),
        ("published_before=2024-01-12", &["2022"]),
        ("published_before=2024-01-13", &["2022", "2024-01-12"]),
        ("published_before=2024-12-31", &["2022", "2024-01-12", "2024-11-21"]),
        ("published_before=2025", &["2022", "2024-01-12", "2024-11-21", "2024-12~"]),
        ("published_after=2021", &["2022", "2024-01-12", "2024-11-21", "2024-12~"]),
        ("published_after=2022-01-01", &["2024-01-12", "2024-11-21", "2024-12~"]),
        ("published_after=2024-01-12", &["2024-11-21", "2024-12~"]),
        ("published_after=2024-11", &["2024-12~"]),
        ("published_after=2024-01-11&published_before=2024-12-01", &["2024-01-12", "2024-11-21"]),
    ];
    for (query, expected) in cases {
        assert_eq!(notes(&app, &format!("actor=MDA&{query}")).await, expected, "{query}");
    }
}

#[tokio::test]
async fn what_was_stored_after_a_moment_is_newer_than_it() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    app.clock.advance_seconds(60);
    let id = add_claim(&app, &key, &new_claim("UKR", "5", "2023")).await;
    assert_eq!(app.ids("/v1/claims?recorded_after=2026-11-24T12:00:00Z").await, [id.as_str()]);
    assert_eq!(app.ids("/v1/claims?recorded_after=2026-11-24T12:00:59.999Z").await, [id.as_str()]);
    assert_eq!(count(&app, "recorded_after=2026-11-24T12:01:00Z").await, 0);
    assert_eq!(count(&app, "recorded_after=2026-11-23").await, 14);
    assert_eq!(count(&app, "recorded_after=2026-11-24").await, 0);
    assert_eq!(app.ids("/v1/claims?recorded_after=1795521600000").await, [id]);
}

// Words.

#[tokio::test]
async fn words_are_found_in_quote_actors_metric_and_source() {
    let app = TestApp::seeded().await;
    let cases: [(&str, &[&str]); 10] = [
        ("microelectronics", &["microelectronics-share-supplied"]),
        ("Japan", &["aid-contributed"]),
        ("DPRK", &["active-military-personnel", "military-reserves", "troops-identified"]),
        ("Bilateral trade value", &["trade-value", "trade-value-change"]),
        ("intelligence", &["troops-identified"]),
        ("dual-use goods", &["dual-use-goods-supplied"]),
        ("\"dual-use goods\"", &["dual-use-goods-supplied"]),
        ("TRADE record russia", &["trade-value"]),
        ("reportedly", &["civilians-killed"]),
        ("trade nonsenseword", &[]),
    ];
    for (words, expected) in cases {
        let mut metrics = app.metrics(&address("/v1/claims", &[("q", words)])).await;
        metrics.sort();
        assert_eq!(metrics, expected, "{words}");
    }
    assert_eq!(app.ids("/v1/claims?q=battleground").await.len(), 13);
    assert_eq!(app.ids("/v1/claims?q=battleground&actor=CHN").await.len(), 5);
}

#[tokio::test]
async fn words_of_other_scripts_are_found_with_and_without_their_marks() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let mut claim = new_claim("MDA", "5", "2023");
    claim["quote"] = "Überflüssige Zählung — fünf “Personen” 出口 Київ".into();
    let id = add_claim(&app, &key, &claim).await;
    for words in ["überflüssige", "UBERFLUSSIGE", "zahlung", "出口", "київ", "“Personen”", "personen fünf"] {
        assert_eq!(app.ids(&address("/v1/claims", &[("q", words)])).await, [id.as_str()], "{words}");
    }
}

#[tokio::test]
async fn a_search_follows_what_claims_and_records_say_now() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let mut claim = new_claim("MDA", "5", "2023");
    claim["quote"] = "zebra".into();
    let id = add_claim(&app, &key, &claim).await;
    revise(&app, &key, &format!("/v1/claims/{id}"), json!({"quote": "giraffe"})).await;
    revise(&app, &key, "/v1/actors/MDA", json!({"name": "Bessarabia"})).await;
    assert_eq!(app.ids("/v1/claims?q=zebra").await, [""; 0]);
    assert_eq!(app.ids("/v1/claims?q=giraffe%20bessarabia").await, [id.as_str()]);
    assert_eq!(app.ids("/v1/claims?q=Moldova&actor=MDA").await.len(), count(&app, "q=Moldova").await);
    retract(&app, &key, &id).await;
    assert_eq!(app.ids("/v1/claims?q=giraffe").await, [""; 0]);
    assert_eq!(app.ids("/v1/claims?q=giraffe&state=retracted").await, [id]);
}

/// What people type, by accident or on purpose, to break a search.
fn hostile() -> Vec<String> {
    let texts = [
        "\0",
        "\"",
        "\"\"\"",
        "*",
        "trade*",
        "NEAR(trade china)",
        "NEAR(",
        "col:trade",
        "words : trade",
        "AND",
        "OR",
        "NOT trade",
        "trade AND (",
        ")",
        "(((((",
        "^trade",
        "-trade",
        "+",
        "{words}: x",
        "' OR 1=1 --",
        "'; DROP TABLE claim_versions; --",
        "\u{202e}\u{200b}\u{feff}",
        "🙂👩‍👩‍👧",
        "½ ² ﷽ ﬁ",
        "%",
        "a\0b",
        "\\",
        "<script>alert(1)</script>",
        "\r\n\t",
        "é́́́́",
    ];
    let long = ["x".repeat(10_000), "a ".repeat(5_000), "🙂".repeat(1_000), "\"".repeat(999)];
    texts.iter().map(ToString::to_string).chain(long).collect()
}

#[tokio::test]
async fn nothing_that_is_typed_into_a_search_breaks_it() {
    let app = TestApp::seeded().await;
    assert!(hostile().len() >= 25);
    for text in hostile() {
        for path in ["/v1/claims", "/v1/claims.csv", "/v1/actors", "/v1/sources", "/v1/series", "/v1/summary", "/v1/availability"] {
            let mut pairs = vec![("q", text.as_str())];
            if path == "/v1/series" {
                pairs.push(("metric", "trade-value"));
            }
            if path == "/v1/claims" {
                pairs.push(("facet", "actor,metric"));
            }
            let answer = app.get(&address(path, &pairs)).await;
            let shown: String = text.chars().take(40).collect();
            assert!(matches!(answer.status, StatusCode::OK | StatusCode::BAD_REQUEST), "{path} {shown:?}: {}", answer.body);
            if answer.status == StatusCode::BAD_REQUEST {
                answer.problem();
                assert!(text.chars().count() > 1_000, "{path} {shown:?}: {}", answer.body);
            }
        }
    }
    assert_eq!(app.ids("/v1/claims").await.len(), 13);
}

#[tokio::test]
async fn nothing_that_is_typed_into_any_parameter_is_an_error_of_the_service() {
    let app = TestApp::seeded().await;
    let names = [
        "actor",
        "counterpart",
        "any_actor",
        "metric",
        "unit",
        "currency",
        "source",
        "publisher",
        "speaker",
        "status",
        "stage",
        "state",
        "comparator",
        "rank",
        "value_min",
        "value_max",
        "value_match",
        "from",
        "to",
        "period_match",
        "published_before",
        "published_after",
        "recorded_after",
        "as_of",
        "snapshot",
        "cursor",
        "limit",
        "sort",
        "fields",
        "include",
        "facet",
        "format",
    ];
    for name in names {
        for text in hostile() {
            let answer = app.get(&address("/v1/claims", &[(name, &text)])).await;
            assert!(answer.status.as_u16() < 500, "{name}={:?}: {}", text.chars().take(40).collect::<String>(), answer.body);
            if answer.status != StatusCode::OK {
                assert_eq!(answer.problem(), "invalid-query");
            }
        }
    }
    for text in hostile() {
        let answer = app.get(&address("/v1/resolve", &[("name", &text)])).await;
        assert!(answer.status.as_u16() < 500, "resolve: {}", answer.body);
    }
    for raw in ["q=%FF%FE", "q=%", "q=%zz", "q=a%00b", "actor=%FF", "=", "&&&", "q"] {
        assert!(app.get(&format!("/v1/claims?{raw}")).await.status.as_u16() < 500, "{raw}");
    }
}

// What is refused.

#[tokio::test]
async fn an_unknown_parameter_is_refused_with_a_suggestion() {
    let app = TestApp::seeded().await;
    for (path, wrong, right) in [
        ("/v1/claims", "actr", "actor"),
        ("/v1/claims.csv", "metrc", "metric"),
        ("/v1/series", "perod_match", "period_match"),
        ("/v1/summary", "groupby", "group_by"),
        ("/v1/availability", "fields", "field"),
        ("/v1/actors", "limt", "limit"),
        ("/v1/sources/reuters-2024/claims", "sorted", "sort"),
        ("/v1/stats", "asof", "as_of"),
        ("/v1/actors/CHN", "verison", "version"),
    ] {
        let answer = app.get(&format!("{path}?{wrong}=x&metric=trade-value")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(answer.problem(), "invalid-query");
        let fault =
            answer.json()["errors"].as_array().unwrap().iter().find(|fault| fault["pointer"] == format!("/{wrong}")).cloned().unwrap();
        assert_eq!((&fault["code"], &fault["in"]), (&json!("unknown-parameter"), &json!("query")));
        assert!(fault["message"].as_str().unwrap().contains(&format!("did you mean '{right}'?")), "{fault}");
    }
}

#[tokio::test]
async fn all_faults_of_a_request_are_told_at_once() {
    let app = TestApp::seeded().await;
    let query = "actr=CHN&from=2025&to=2024&limit=1001&value_min=abc&value_max=NaN&period_match=near&status=great&stage=x&state=y\
        &comparator=z&rank=r&published_before=soon&as_of=then&sort=colour&include=everything&facet=shoe&fields=toe&format=xml\
        &cursor=x&value_match=maybe";
    let answer = app.get(&format!("/v1/claims?{query}")).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::BAD_REQUEST, "invalid-query"));
    let mut pointers = answer.pointers();
    pointers.sort();
    let mut expected: Vec<String> =
        query.split('&').map(|pair| format!("/{}", pair.split('=').next().unwrap())).filter(|name| name != "/to").collect();
    expected.sort();
    assert_eq!(pointers, expected);
    assert!(answer.json()["errors"].as_array().unwrap().iter().all(|fault| fault["message"].as_str().is_some_and(|text| text.len() > 5)));
}

#[tokio::test]
async fn ranges_that_are_reversed_are_refused() {
    let app = TestApp::seeded().await;
    for (query, pointer) in [
        ("from=2025&to=2024", "/from"),
        ("from=2024-02&to=2024-01-31", "/from"),
        ("value_min=2&value_max=1", "/value_min"),
        ("from=2024/2023", "/from"),
    ] {
        let answer = app.get(&format!("/v1/claims?{query}")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::BAD_REQUEST, "invalid-query"), "{query}");
        assert_eq!(answer.pointers(), [pointer], "{query}");
    }
    assert_eq!(app.get("/v1/claims?from=2024&to=2024-01-01").await.status, StatusCode::OK);
    assert_eq!(app.get("/v1/claims?value_min=1&value_max=1.0").await.status, StatusCode::OK);
}

#[tokio::test]
async fn malformed_values_are_refused() {
    let app = TestApp::seeded().await;
    for (name, values) in [
        ("limit", vec!["0", "-1", "1001", "ten", "1.5", "99999999999999999999"]),
        ("value_min", vec!["NaN", "Infinity", "1e400", "12345678901234567890123456789", "1,000", "0x10", "--1"]),
        ("from", vec!["yesterday", "2024-13", "2024-02-30", "24", "2024-1"]),
        ("published_after", vec!["soon", "2024-00"]),
        ("recorded_after", vec!["noon"]),
        ("as_of", vec!["noon", "2026-13-01"]),
        ("snapshot", vec!["-1", "x", "999999999", "1.0"]),
        ("sort", vec!["best,low", "--best", "colour"]),
        ("format", vec!["xml", "CSV"]),
        ("state", vec!["Accepted", "gone"]),
    ] {
        for value in values {
            let answer = app.get(&address("/v1/claims", &[(name, value)])).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}={value}");
            assert_eq!((answer.problem().as_str(), answer.pointers()), ("invalid-query", vec![format!("/{name}")]), "{name}={value}");
        }
    }
}

#[tokio::test]
async fn a_parameter_of_one_value_is_not_given_twice() {
    let app = TestApp::seeded().await;
    let answer = app.get("/v1/claims?limit=1&limit=2&q=a&q=b").await;
    assert_eq!(answer.problem(), "invalid-query");
    assert_eq!(answer.pointers(), ["/limit", "/q"]);
    assert_eq!(app.get("/v1/claims?as_of=2026-11-24&snapshot=1").await.pointers(), ["/as_of"]);
}

#[tokio::test]
async fn the_method_of_a_list_is_told_where_another_is_used() {
    let app = TestApp::seeded().await;
    for path in ["/v1/series", "/v1/summary", "/v1/availability", "/v1/stats", "/v1/resolve"] {
        let answer = app.ask(Method::DELETE, path).send().await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed"), "{path}");
        assert!(answer.header("allow").contains("GET"), "{path}: {:?}", answer.headers);
    }
    assert_eq!(app.get("/v1/claim").await.problem(), "not-found");
}

#[tokio::test]
async fn the_filters_hold_in_the_claims_of_a_source_too() {
    let app = TestApp::seeded().await;
    let essay = "/v1/sources/asian-proxy-war-2024/claims";
    assert_eq!(app.ids(essay).await.len(), 13);
    assert_eq!(
        app.ids(&format!("{essay}?actor=CHN&value_min=95&unit=percent")).await,
        [seed_claim(&app, "microelectronics-share-supplied").await["id"].as_str().unwrap()]
    );
    assert_eq!(app.get(&format!("{essay}.csv?actor=CHN")).await.body.lines().count(), 6);
}

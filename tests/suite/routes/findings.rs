//! What the checks remark: exactly what applies to the seeds, each code where it should fire, and not where it nearly should.

use axum::http::{Method, StatusCode};
use figurebase::domain::finding::Code;
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use super::claims::{add_claim, retract, revise};
use crate::support::TestApp;

/// What is remarked of the thirteen figures and their sources: metric or source, and why it is right.
const OF_THE_SEEDS: &[(&str, &str, &str)] = &[
    ("missing-period", "civilians-killed", "no time is named"),
    ("hedge-without-speaker", "civilians-killed", "\"reportedly\", without a name or a reference"),
    ("missing-period", "people-deprived", "no time is named"),
    ("missing-period", "active-military-personnel", "no time is named"),
    ("missing-period", "military-reserves", "no time is named"),
    ("missing-period", "troops-identified", "no time is named"),
    ("missing-period", "military-casualties", "\"in the past year\" of a paper without a day"),
    ("missing-period", "microelectronics-share-supplied", "no time is named"),
    ("missing-period", "machine-tools-share-supplied", "no time is named"),
    ("missing-period", "dual-use-goods-supplied", "\"monthly\" says how often, not when"),
    ("superlative-without-series", "trade-value", "\"record high\": of all years, or of how many?"),
    ("missing-period", "aid-contributed", "no time is named"),
    ("period-after-publication", "aid-share-of-gdp", "to June 2025, printed in 2024"),
    ("missing-denominator", "aid-share-of-gdp", "a share of GDP over three years and a half"),
    ("date-mismatch", "draudt-vejares-2019", "recorded as 2019, its address says October 2024"),
    ("date-mismatch", "media-monitoring-service-2024", "3 December, its address says 2 December"),
];

struct Desk {
    app: TestApp,
    key: String,
}

impl Desk {
    async fn new() -> Self {
        let app = TestApp::seeded().await;
        let key = app.key(Scope::Write).await;
        Self { app, key }
    }

    async fn source(&self, source: Value) {
        let answer = self.app.ask(Method::POST, "/v1/sources").key(&self.key).json(&source).send().await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    }

    /// Adds a claim: metric, number, unit, and other fields.
    async fn claim(&self, metric: &str, best: &str, unit: &str, fields: Value) -> String {
        let mut claim = json!({"metric": metric, "actor": "POL", "value": {"best_exact": best, "unit": unit}, "source": "reuters-2024", "period": "2020"});
        for (name, field) in fields.as_object().unwrap() {
            if name == "value" {
                for (name, field) in field.as_object().unwrap() {
                    claim["value"][name] = field.clone();
                }
            } else {
                claim[name] = field.clone();
            }
        }
        add_claim(&self.app, &self.key, &claim).await
    }

    /// Codes of everything that is remarked of a claim, of its sources apart.
    async fn codes(&self, claim: &str) -> Vec<String> {
        let found = self.app.data(&format!("/v1/findings?claim={claim}")).await;
        let about = found.as_array().unwrap().iter().filter(|finding| finding["claims"][0] == claim);
        about.map(|finding| finding["code"].as_str().unwrap().to_string()).collect()
    }
}

async fn all(app: &TestApp, query: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut next = Some(format!("/v1/findings?{query}"));
    while let Some(path) = next {
        let page = app.get(&path).await.json();
        found.extend(page["data"].as_array().unwrap().clone());
        next = page["links"]["next"].as_str().map(ToString::to_string);
    }
    found
}

#[tokio::test]
async fn the_seeds_raise_exactly_what_applies_to_them() {
    let app = TestApp::seeded().await;
    let claims = app.data("/v1/claims").await;
    let metric_of = |id: &str| claims.as_array().unwrap().iter().find(|claim| claim["id"] == id).unwrap()["metric"]["slug"].clone();
    let found = all(&app, "").await;
    let mut raised: Vec<(String, String)> = found
        .iter()
        .map(|finding| {
            let about = finding["claims"][0].as_str().map_or_else(|| finding["sources"][0].clone(), metric_of);
            (finding["code"].as_str().unwrap().to_string(), about.as_str().unwrap().to_string())
        })
        .collect();
    let mut expected: Vec<(String, String)> = OF_THE_SEEDS.iter().map(|(code, about, _)| ((*code).into(), (*about).into())).collect();
    raised.sort();
    expected.sort();
    assert_eq!(raised, expected);
    let severity = |id: &str| found.iter().find(|finding| finding["id"] == id).unwrap()["severity"].clone();
    assert_eq!(severity("date-mismatch:draudt-vejares-2019"), "warning");
    assert_eq!(severity("date-mismatch:media-monitoring-service-2024"), "info");
}

#[tokio::test]
async fn pages_of_every_size_hold_the_same_and_filters_narrow() {
    let app = TestApp::seeded().await;
    let whole = all(&app, "limit=1000").await;
    for limit in [1, 2, 3, 7] {
        assert_eq!(all(&app, &format!("limit={limit}")).await, whole);
    }
    let warnings = all(&app, "severity=warning").await;
    assert!(warnings.len() == 4 && warnings.iter().all(|finding| finding["severity"] == "warning"), "{warnings:?}");
    assert_eq!(all(&app, "code=date-mismatch,missing-denominator&limit=1").await.len(), 3);
    let of_china = all(&app, "actor=CHN").await;
    assert!(of_china.len() == 4 && of_china.iter().all(|finding| !finding["claims"].as_array().unwrap().is_empty()), "{of_china:?}");
    assert_eq!(all(&app, "source=draudt-vejares-2019").await.len(), 1);
    let counted = app.get("/v1/findings?include=count&limit=1&severity=info").await.json();
    assert_eq!(counted["meta"]["counts"], json!({"date-mismatch": 1, "missing-period": 10, "superlative-without-series": 1}));
    assert_eq!((&counted["meta"]["returned"], &app.get("/v1/findings").await.json()["meta"]["counts"]), (&json!(1), &Value::Null));
    for (query, pointer) in [("code=typo", "/code"), ("severity=grave", "/severity"), ("claim=7", "/claim"), ("limit=0", "/limit")] {
        let refused = app.get(&format!("/v1/findings?{query}")).await;
        assert_eq!((refused.status, refused.pointers()), (StatusCode::BAD_REQUEST, vec![pointer.to_string()]), "{query}");
    }
}

#[tokio::test]
async fn claims_bring_their_findings_when_asked() {
    let app = TestApp::seeded().await;
    let killed = app.data("/v1/claims?metric=civilians-killed&include=findings&fields=id,findings").await;
    let codes: Vec<&Value> = killed[0]["findings"].as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
    assert_eq!(codes, ["missing-period", "hedge-without-speaker"]);
    let one = app.data(&format!("/v1/claims/{}?include=findings", killed[0]["id"].as_str().unwrap())).await;
    assert_eq!(one["findings"], killed[0]["findings"]);
    assert_eq!(app.data("/v1/claims?metric=trade-value-change&include=findings").await[0]["findings"], json!([]));
}

#[tokio::test]
async fn what_is_fine_raises_nothing() {
    let desk = Desk::new().await;
    let fine = desk.claim("people-killed", "500", "person", json!({})).await;
    assert_eq!(desk.codes(&fine).await, Vec::<String>::new());
    let forecast = desk.claim("gdp", "700000000000", "USD", json!({"period": "2030", "status": ["forecast"]})).await;
    let named = desk.claim("people-wounded", "70", "person", json!({"status": ["reported"], "speaker": "the ministry"})).await;
    let said = desk.claim("people-missing", "70", "person", json!({"status": ["superlative"], "scope": {"series": "since 1950"}})).await;
    let yearly = json!({"value": {"denominator": "GDP"}, "period": "2021"});
    let share = desk.claim("military-expenditure-share-of-gdp", "4", "percent", yearly).await;
    for id in [forecast, named, said, share] {
        assert_eq!(desk.codes(&id).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn one_claim_shows_what_is_wrong_with_itself() {
    let desk = Desk::new().await;
    desk.source(json!({"slug": "early", "title": "Early", "kind": "article", "published": "2019-05"})).await;
    desk.source(json!({"slug": "late", "title": "Late", "kind": "article", "published": "2023"})).await;
    for (code, metric, best, unit, fields) in [
        ("period-after-publication", "people-killed", "5", "person", json!({"source": "early"})),
        ("missing-source", "people-killed", "6", "person", json!({"source": null})),
        ("missing-period", "people-killed", "7", "person", json!({"period": null})),
        ("citation-unresolved", "people-killed", "8", "person", json!({"citation": {"printed": "(ibid)"}})),
        (
            "citation-after-document",
            "people-killed",
            "9",
            "person",
            json!({"source": "early", "period": "2018", "citation": {"printed": "(Late)", "source": "late"}}),
        ),
        ("date-mismatch", "people-killed", "10", "person", json!({"citation": {"printed": "(Late, 2021)", "source": "late"}})),
        ("hedge-without-speaker", "people-killed", "11", "person", json!({"status": ["alleged"]})),
        ("superlative-without-series", "people-killed", "12", "person", json!({"status": ["superlative"]})),
        ("share-out-of-range", "export-share", "140", "percent", json!({"value": {"denominator": "exports"}})),
        ("missing-denominator", "export-share", "14", "percent", json!({})),
    ] {
        let id = desk.claim(metric, best, unit, fields).await;
        assert_eq!(desk.codes(&id).await, [code], "{metric} {best}");
    }
    // The year in the reference is the right one, and one day is no other year.
    let fine = desk.claim("people-killed", "13", "person", json!({"citation": {"printed": "(Late, 2023a)", "source": "late"}})).await;
    assert_eq!(desk.codes(&fine).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_part_is_no_more_than_its_whole() {
    let desk = Desk::new().await;
    desk.claim("people-killed", "1000", "person", json!({"period": "2021"})).await;
    let fits = desk.claim("civilians-killed", "1000", "person", json!({"period": "2021"})).await;
    assert_eq!(desk.codes(&fits).await, Vec::<String>::new());
    let exceeds = desk.claim("civilians-killed", "1002", "person", json!({"period": "2021", "source": "hornung-2024"})).await;
    assert_eq!(desk.codes(&exceeds).await, ["part-exceeds-whole"]);
    // Another source's whole has room for it.
    desk.claim("people-killed", "3000", "person", json!({"period": "2021", "source": "hornung-2024"})).await;
    assert_eq!(desk.codes(&exceeds).await, Vec::<String>::new());
    // A quarter and its year, of what flows; a narrower scope.
    desk.claim("exports", "900", "USD", json!({"period": "2022"})).await;
    let quarter = desk.claim("exports", "950", "USD", json!({"period": "2022-Q1"})).await;
    assert_eq!(desk.codes(&quarter).await, ["part-exceeds-whole"]);
    let narrower = desk.claim("exports", "950", "USD", json!({"period": "2022", "scope": {"goods": "steel"}})).await;
    assert_eq!(desk.codes(&narrower).await, ["part-exceeds-whole"]);
    let other = desk.claim("exports", "850", "USD", json!({"period": "2022-Q2"})).await;
    assert_eq!(desk.codes(&other).await, Vec::<String>::new());
}

#[tokio::test]
async fn running_totals_changes_and_orders_are_held_against_their_neighbours() {
    let desk = Desk::new().await;
    for (year, total) in [("2017", "100"), ("2018", "150"), ("2019", "200")] {
        let id = desk.claim("aid-contributed", total, "USD", json!({"period": year})).await;
        assert_eq!(desk.codes(&id).await, Vec::<String>::new(), "{year}");
    }
    let falls = desk.claim("aid-contributed", "190", "USD", json!({"period": "2020"})).await;
    assert_eq!(desk.codes(&falls).await, ["cumulative-falls"]);
    let slipped = desk.claim("aid-contributed", "20000", "USD", json!({"period": "2021"})).await;
    assert_eq!(desk.codes(&slipped).await, ["magnitude-outlier"]);
    retract(&desk.app, &desk.key, &slipped).await;
    let large = desk.claim("aid-contributed", "2000", "USD", json!({"period": "2021"})).await;
    assert_eq!(desk.codes(&large).await, Vec::<String>::new(), "ten times as much is no slip");
    desk.claim("exports", "101", "USD", json!({"period": "2020"})).await;
    desk.claim("exports", "121", "USD", json!({"period": "2021"})).await;
    let change = |percent: &'static str| desk.claim("exports-change", percent, "percent", json!({"period": "2021", "base_period": "2020"}));
    assert_eq!(desk.codes(&change("20").await).await, Vec::<String>::new());
    assert_eq!(desk.codes(&change("19").await).await, Vec::<String>::new(), "18.5 percent of 101.5 is 121.5");
    assert_eq!(desk.codes(&change("26").await).await, ["change-mismatch"]);
}

#[tokio::test]
async fn shares_of_one_thing_are_not_over_the_whole() {
    let desk = Desk::new().await;
    let supplied = |actor: &'static str, best: &'static str, year: &'static str| {
        let fields = json!({"actor": actor, "counterpart": "RUS", "period": year, "value": {"denominator": "Russia's microelectronics"}});
        desk.claim("microelectronics-share-supplied", best, "percent", fields)
    };
    let first = supplied("CHN", "60", "2020").await;
    supplied("DEU", "30", "2020").await;
    assert_eq!(desk.codes(&first).await, Vec::<String>::new());
    let mut ids = [supplied("CHN", "60", "2021").await, supplied("DEU", "50", "2021").await];
    ids.sort();
    let mut codes = Vec::new();
    for id in &ids {
        codes.extend(desk.codes(id).await);
    }
    assert_eq!(codes, ["share-out-of-range"]);
    // What each buys from one seller is a share of its own purchases, and those have no common whole.
    for (actor, best) in [("POL", "80"), ("AUT", "70")] {
        let fields = json!({"actor": actor, "counterpart": "RUS", "period": "2020", "value": {"denominator": "gas imports"}});
        assert_eq!(desk.codes(&desk.claim("import-share", best, "percent", fields).await).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_is_set_against_a_years_product_may_be_more_and_bounds_that_leave_room_are_fine() {
    let desk = Desk::new().await;
    let debt = desk.claim("debt-share-of-gdp", "160", "percent", json!({"value": {"denominator": "GDP"}})).await;
    let below = json!({"value": {"denominator": "exports", "comparator": "lt"}});
    let bound = desk.claim("export-share", "120", "percent", below).await;
    for fine in [debt, bound] {
        assert_eq!(desk.codes(&fine).await, Vec::<String>::new());
    }
    let wrong = json!({"value": {"denominator": "exports", "comparator": "gt"}});
    assert_eq!(desk.codes(&desk.claim("export-share", "120", "percent", wrong).await).await, ["share-out-of-range"]);
}

#[tokio::test]
async fn rates_series_and_open_ends_are_no_parts_and_no_falls() {
    let desk = Desk::new().await;
    desk.claim("exports", "250", "USD", json!({"period": "2023", "value": {"per": "P1M"}})).await;
    let monthly = desk.claim("exports", "300", "USD", json!({"period": "2023-Q1", "value": {"per": "P1M"}})).await;
    desk.claim("imports", "230", "USD", json!({"period": "2022"})).await;
    let record = desk.claim("imports", "240", "USD", json!({"period": "2022", "scope": {"series": "since 1992"}})).await;
    desk.claim("aid-contributed", "200001", "USD", json!({"period": "2019-02/2021-12"})).await;
    let open = desk.claim("aid-contributed", "100001", "USD", json!({"period": "2019-02/.."})).await;
    for fine in [monthly, record, open] {
        assert!(!desk.codes(&fine).await.iter().any(|code| code == "part-exceeds-whole" || code == "cumulative-falls"));
    }
    // "2018" and its months are one time, and "by 2019" is a later one.
    desk.claim("aid-contributed", "15000", "USD", json!({"period": "2018-01/2018-12", "source": "hornung-2024"})).await;
    let falls = desk.claim("aid-contributed", "10000", "USD", json!({"period": "../2019", "source": "hornung-2024"})).await;
    assert_eq!(desk.codes(&falls).await, ["cumulative-falls"]);
}

#[tokio::test]
async fn what_concerns_a_whole_is_found_from_it_and_a_mute_ends_when_the_remark_changes() {
    let desk = Desk::new().await;
    let whole = desk.claim("people-killed", "5", "person", json!({"period": "2016"})).await;
    let part = desk.claim("civilians-killed", "9", "person", json!({"period": "2016"})).await;
    let found = desk.app.data(&format!("/v1/findings?claim={whole}")).await;
    let id = format!("part-exceeds-whole:{part}");
    assert!(found.as_array().unwrap().iter().any(|finding| finding["id"] == id), "{found}");
    let mute = |reason: &'static str| {
        desk.app.ask(Method::POST, &format!("/v1/findings/{id}/mute")).key(&desk.key).json(&json!({"reason": reason})).send()
    };
    assert_eq!(mute("another territory").await.status, StatusCode::OK);
    assert_eq!(desk.codes(&part).await, Vec::<String>::new());
    revise(&desk.app, &desk.key, &format!("/v1/claims/{part}"), json!({"value": {"best_exact": "9000"}})).await;
    assert_eq!(desk.codes(&part).await, ["part-exceeds-whole"]);
    for query in [format!("claim={part}&metric=gdp"), format!("claim={part}&limit=1")] {
        assert_eq!(desk.app.get(&format!("/v1/findings?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn origins_circles_drift_and_repetition_are_seen() {
    let desk = Desk::new().await;
    desk.source(json!({"slug": "report", "title": "Report", "kind": "report", "chain_end": "origin"})).await;
    for slug in ["first", "second"] {
        desk.source(json!({"slug": slug, "title": slug, "kind": "article", "citations": [{"source": "report", "consulted": false}]})).await;
    }
    let killed =
        |source: &'static str, best: &'static str| desk.claim("people-killed", best, "person", json!({"period": "2015", "source": source}));
    let mut ids = [killed("first", "40").await, killed("second", "40").await];
    ids.sort();
    let found = desk.app.data(&format!("/v1/findings?claim={}", ids[1])).await;
    let single = found.as_array().unwrap().iter().find(|finding| finding["code"] == "single-root").unwrap().clone();
    assert_eq!((&single["claims"], &single["sources"]), (&json!(ids), &json!(["first", "second"])));
    let cites = json!({"period": "2015", "source": "hornung-2024", "citation": {"printed": "(First)", "source": "first"}});
    let drifted = desk.claim("people-killed", "45", "person", cites).await;
    assert!(desk.codes(&drifted).await.contains(&"drift".to_string()));
    let again = killed("first", "40").await;
    let mut both = [desk.codes(&again).await, desk.codes(&ids[0]).await].concat();
    both.extend(desk.codes(&ids[1]).await);
    assert_eq!(both.iter().filter(|code| *code == "duplicate").count(), 1, "{both:?}");
    desk.source(json!({"slug": "hen", "title": "Hen", "kind": "article"})).await;
    desk.source(json!({"slug": "egg", "title": "Egg", "kind": "article", "citations": [{"source": "hen", "consulted": false}]})).await;
    assert!(all(&desk.app, "code=circular-citation").await.is_empty());
    let patch = json!({"citations": [{"source": "egg", "consulted": false}], "reason": "a test"});
    desk.app.ask(Method::PATCH, "/v1/sources/hen").key(&desk.key).json(&patch).send().await;
    let circles = all(&desk.app, "code=circular-citation").await;
    assert_eq!((circles.len(), &circles[0]["sources"]), (1, &json!(["egg", "hen"])));
}

#[tokio::test]
async fn every_code_is_documented_with_its_severity() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/api.md")).unwrap();
    for code in Code::ALL {
        assert!(page.contains(&format!("| `{}` | ", code.as_str())), "{} is not in docs/api.md", code.as_str());
    }
    let app = TestApp::seeded().await;
    assert_eq!(app.get("/v1/findings?code=quote-moved,quote-missing").await.json()["data"], json!([]));
}

#[tokio::test]
async fn a_muted_finding_is_left_out_until_somebody_wants_it_back() {
    let desk = Desk::new().await;
    let say = |id: &str, step: &str, body: Value| {
        let path = format!("/v1/findings/{id}/{step}");
        let (app, key) = (&desk.app, desk.key.clone());
        async move { app.ask(Method::POST, &path).key(&key).json(&body).send().await }
    };
    let id = "date-mismatch:media-monitoring-service-2024";
    let before = desk.app.get("/v1/findings").await.json()["meta"]["snapshot"].clone();
    let muted = say(id, "mute", json!({"reason": "a time zone"})).await;
    assert_eq!((muted.status, &muted.json()["data"]), (StatusCode::OK, &json!({"id": id, "muted": true, "version": 1})));
    assert_eq!(say(id, "mute", json!({"reason": "a time zone"})).await.json()["data"]["version"], 1);
    assert_eq!(all(&desk.app, "").await.len(), 15);
    assert_eq!(all(&desk.app, &format!("snapshot={before}")).await.len(), 16, "what was shown then");
    let shown = all(&desk.app, "muted=true").await;
    assert_eq!(
        (shown.len(), &shown[0]["mute"]["reason"], &shown[0]["mute"]["recorded_by"]),
        (1, &json!("a time zone"), &json!("write-key"))
    );
    assert_eq!(all(&desk.app, "muted=all").await.len(), 16);
    assert_eq!(say(id, "unmute", json!({})).await.json()["data"]["version"], 2);
    let back = all(&desk.app, "code=date-mismatch").await;
    assert_eq!((back.len(), &back[1]["mute"]["muted"]), (2, &json!(false)));
    assert_eq!(desk.app.get("/v1/findings?muted=maybe").await.pointers(), ["/muted"]);
}

#[tokio::test]
async fn only_what_is_found_can_be_muted_with_a_reason_by_a_key_that_may_write() {
    let desk = Desk::new().await;
    let path = "/v1/findings/date-mismatch:draudt-vejares-2019/mute";
    assert_eq!(desk.app.ask(Method::POST, path).json(&json!({"reason": "x"})).send().await.status, StatusCode::UNAUTHORIZED);
    let propose = desk.app.key(Scope::Propose).await;
    assert_eq!(desk.app.ask(Method::POST, path).key(&propose).json(&json!({"reason": "x"})).send().await.status, StatusCode::FORBIDDEN);
    for body in [json!({}), json!({"reason": null}), json!({"reason": "x", "until": "2030"})] {
        let refused = desk.app.ask(Method::POST, path).key(&desk.key).json(&body).send().await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {}", refused.body);
    }
    for id in ["date-mismatch:reuters-2024", "typo:reuters-2024", "date-mismatch", "date-mismatch:no-such-source", "drift:clm_0"] {
        for step in ["mute", "unmute"] {
            let path = format!("/v1/findings/{id}/{step}");
            let missing = desk.app.ask(Method::POST, &path).key(&desk.key).json(&json!({"reason": "x"})).send().await;
            assert_eq!(missing.status, StatusCode::NOT_FOUND, "{path}: {}", missing.body);
        }
    }
}

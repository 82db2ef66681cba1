//! What sources say about one observation: agreement, receipts, independence, implied values.

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use super::claims::{add_claim, retract};
use crate::support::TestApp;

/// A seeded service, a key that may write, and a way to add claims.
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

    /// Adds a claim about Ukraine with these fields beside.
    async fn claim(&self, metric: &str, value: Value, fields: Value) -> String {
        let mut claim = json!({"metric": metric, "actor": "UKR", "value": value, "source": "reuters-2024"});
        for (name, field) in fields.as_object().unwrap() {
            claim[name] = field.clone();
        }
        add_claim(&self.app, &self.key, &claim).await
    }

    async fn killed(&self, comparator: &str, best: &str, fields: Value) -> String {
        self.claim("civilians-killed", json!({"comparator": comparator, "best_exact": best, "unit": "person"}), fields).await
    }

    async fn source(&self, slug: &str, chain_end: &str, cited: &[&str]) {
        let citations: Vec<Value> = cited.iter().map(|cited| json!({"source": cited, "consulted": false})).collect();
        let source =
            json!({"slug": slug, "title": slug, "kind": "article", "publisher": slug, "chain_end": chain_end, "citations": citations});
        let answer = self.app.ask(Method::POST, "/v1/sources").key(&self.key).json(&source).send().await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    }

    async fn compare(&self, query: &str) -> Value {
        self.app.data(&format!("/v1/compare?{query}")).await
    }

    async fn killed_in(&self, period: &str, more: &str) -> Value {
        self.compare(&format!("metric=civilians-killed&actor=UKR&period={period}{more}")).await
    }
}

fn relations(data: &Value) -> Vec<(&str, Option<&str>)> {
    data["pairs"].as_array().unwrap().iter().map(|pair| (pair["relation"].as_str().unwrap(), pair["reason"].as_str())).collect()
}

fn reasons(data: &Value) -> Vec<&str> {
    data["not_compared"].as_array().unwrap().iter().map(|left| left["reason"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_bound_agrees_with_all_that_it_admits_and_with_nothing_else() {
    let desk = Desk::new().await;
    let more = desk.killed("gt", "100000", json!({"period": "2023"})).await;
    let many = desk.killed("eq", "200000", json!({"period": "2023-01/2023-12"})).await;
    let data = desk.killed_in("2023", "").await;
    assert_eq!((&data["verdict"], relations(&data)), (&json!("consistent"), vec![("consistent", None)]));
    assert_eq!(data["consensus"]["low_exact"], "199999.5");
    assert_eq!(data["spread"]["ratio"], 2);
    let few = desk.killed("le", "90000", json!({"period": "2023"})).await;
    let data = desk.killed_in("2023", "").await;
    assert_eq!((&data["verdict"], &data["outliers"]), (&json!("inconsistent"), &json!([few])));
    let groups: Vec<&Value> = data["groups"].as_array().unwrap().iter().map(|group| &group["claims"]).collect();
    assert_eq!(groups.len(), 2);
    assert!(groups[0].as_array().unwrap().contains(&json!(more)) && groups[0].as_array().unwrap().contains(&json!(many)));
    assert_eq!(*groups[1], json!([few]));
    assert_eq!(data["consensus"]["high_exact"], "200000.5");
    assert_eq!(data["observation"]["period"]["edtf"], "2023");
    assert_eq!(data["claims"].as_array().unwrap().iter().filter(|claim| claim["outlier"] == true).count(), 1);
}

#[tokio::test]
async fn the_same_comparator_and_interval_are_equal_and_lenient_reading_widens_only_rounded_numbers() {
    let desk = Desk::new().await;
    for best in ["1300", "1300"] {
        desk.claim("people-wounded", json!({"original": best, "best_exact": best, "unit": "person"}), json!({"period": "2023"})).await;
    }
    let wounded = "metric=people-wounded&actor=UKR&period=2023";
    assert_eq!(desk.compare(wounded).await["verdict"], "equal");
    desk.claim("people-wounded", json!({"original": "1,340", "best_exact": "1340", "unit": "person"}), json!({"period": "2023"})).await;
    assert_eq!(desk.compare(wounded).await["verdict"], "inconsistent");
    let lenient = desk.compare(&format!("{wounded}&mode=lenient")).await;
    assert_eq!((&lenient["verdict"], &lenient["mode"]), (&json!("consistent"), &json!("lenient")));
    assert_eq!((&lenient["consensus"]["low_exact"], &lenient["consensus"]["high_exact"]), (&json!("1335"), &json!("1345")));
    desk.claim("people-wounded", json!({"comparator": "le", "best_exact": "1300", "unit": "person"}), json!({"period": "2023"})).await;
    assert_eq!(desk.compare(&format!("{wounded}&mode=lenient")).await["verdict"], "inconsistent");
}

#[tokio::test]
async fn running_totals_may_rise_and_not_fall() {
    let desk = Desk::new().await;
    let total = |best: &str| json!({"best_exact": best, "unit": "USD"});
    desk.claim("aid-contributed", total("10000"), json!({"period": "2023"})).await;
    desk.claim("aid-contributed", total("15000"), json!({"period": "2025"})).await;
    let data = desk.compare("metric=aid-contributed&actor=UKR").await;
    assert_eq!((relations(&data), reasons(&data)), (vec![("consistent", Some("rises"))], vec!["period"]));
    desk.claim("aid-contributed", total("9000"), json!({"period": "2026"})).await;
    let found = desk.compare("metric=aid-contributed&actor=UKR").await;
    assert_eq!(relations(&found).iter().filter(|pair| **pair == ("inconsistent", Some("falls"))).count(), 2);
    // A total that counts from another day is another total.
    desk.claim("aid-contributed", total("1"), json!({"period": "2024-06/2026-06"})).await;
    let found = desk.compare("metric=aid-contributed&actor=UKR").await;
    assert_eq!(relations(&found).iter().filter(|pair| **pair == ("not_comparable", Some("period"))).count(), 3);
}

#[tokio::test]
async fn what_is_pledged_is_not_compared_with_what_is_allocated() {
    let desk = Desk::new().await;
    for stage in ["pledged", "allocated"] {
        desk.claim("aid-contributed", json!({"best_exact": "5000", "unit": "USD"}), json!({"period": "2023", "stage": stage})).await;
    }
    let data = desk.compare("metric=aid-contributed&actor=UKR&period=2023").await;
    assert_eq!((&data["verdict"], relations(&data)), (&json!("single"), vec![("not_comparable", Some("stage"))]));
    assert_eq!(reasons(&data), ["stage"]);
    let one = desk.compare("metric=aid-contributed&actor=UKR&period=2023&stage=pledged").await;
    assert_eq!((&one["verdict"], &one["observation"]["stage"], reasons(&one).len()), (&json!("single"), &json!("pledged"), 0));
}

#[tokio::test]
async fn a_rate_by_the_month_agrees_with_one_by_the_year_and_shows_the_receipt() {
    let desk = Desk::new().await;
    let rate = |best: &str, original: &str, per: &str| json!({"original": original, "best_exact": best, "unit": "USD", "per": per});
    let year = json!({"period": "2023"});
    desk.claim("dual-use-goods-supplied", rate("3600000000", "$3.6 billion", "P1Y"), year.clone()).await;
    desk.claim("dual-use-goods-supplied", rate("300000000", "$300 million", "P1M"), year.clone()).await;
    let query = "metric=dual-use-goods-supplied&actor=UKR";
    let data = desk.compare(query).await;
    assert_eq!((&data["verdict"], relations(&data)), (&json!("consistent"), vec![("consistent", None)]));
    let receipts: Vec<&Value> = data["claims"].as_array().unwrap().iter().flat_map(|claim| claim["receipts"].as_array().unwrap()).collect();
    assert_eq!(receipts.len(), 1, "{data}");
    assert_eq!((&receipts[0]["kind"], &receipts[0]["from"], &receipts[0]["to"]), (&json!("per"), &json!("P1Y"), &json!("P1M")));
    // A day has no fixed share of a year, so its numbers become wider; a total is no rate.
    desk.claim("dual-use-goods-supplied", rate("10000000", "$10 million", "P1D"), year.clone()).await;
    desk.claim("dual-use-goods-supplied", json!({"best_exact": "3600000000", "unit": "USD"}), year).await;
    let data = desk.compare(query).await;
    assert_eq!((&data["verdict"], reasons(&data)), (&json!("consistent"), vec!["per"]), "{data}");
}

#[tokio::test]
async fn money_is_compared_across_currencies_by_recorded_rates_alone() {
    let desk = Desk::new().await;
    let money = |best: &str, original: &str, unit: &str| json!({"original": original, "best_exact": best, "unit": unit});
    let held = json!({"period": "2023-12-31"});
    desk.claim("gdp", money("109000000000", "109 billion dollars", "USD"), held.clone()).await;
    desk.claim("gdp", money("110000000000", "110 billion dollars", "USD"), held.clone()).await;
    desk.claim("gdp", money("99000000000", "99 billion euros", "EUR"), held.clone()).await;
    desk.claim("gdp", money("86000000000", "86 billion pounds", "GBP"), held).await;
    let query = "metric=gdp&actor=UKR&period=2023-12-31&rate_rule=last";
    let data = desk.compare(query).await;
    assert_eq!((&data["observation"]["unit"], reasons(&data)), (&json!("USD"), vec!["unit", "unit"]));
    assert!(data["not_compared"][0]["why"].as_str().unwrap().contains("no rate between"), "{data}");
    let row = |quote: &str, day: &str, rate: &str| json!({"base": "EUR", "quote": quote, "day": day, "rate": rate, "source": "ECB"});
    let rates = json!([row("USD", "2023-12-29", "1.1050"), row("GBP", "2023-12-29", "0.86905"), row("USD", "2023-11-29", "9")]);
    assert_eq!(desk.app.ask(Method::POST, "/v1/rates").key(&desk.key).json(&rates).send().await.status, StatusCode::CREATED);
    let data = desk.compare(query).await;
    assert_eq!((reasons(&data).len(), data["claims"].as_array().unwrap().len()), (0, 4), "{data}");
    let receipt = |unit: &str| {
        let claims = data["claims"].as_array().unwrap();
        claims.iter().find(|claim| claim["value"]["unit"] == unit).unwrap()["receipts"][0].clone()
    };
    let euro = receipt("EUR");
    let told = (&euro["kind"], &euro["factor"], &euro["rate_date"], &euro["rate_source"], &euro["rate_rule"]);
    assert_eq!(told, (&json!("currency"), &json!("1.105"), &json!("2023-12-29"), &json!("ECB"), &json!("last")));
    // It was published as 1.1050.
    assert_eq!((&euro["factor_least"], &euro["factor_greatest"]), (&json!("1.10495"), &json!("1.10505")));
    let pound = receipt("GBP");
    assert_eq!((&pound["across"], &pound["rates"]), (&json!("EUR"), &json!(2)));
    let in_euro = desk.compare(&format!("{query}&convert_to=EUR")).await;
    assert_eq!((&in_euro["observation"]["unit"], &in_euro["consensus"]["unit"]), (&json!("EUR"), &json!("EUR")));
    // The last rate is too old a quarter later, and an average needs rates all over the period.
    let average = desk.compare("metric=gdp&actor=UKR&period=2023-12-31&rate_rule=average").await;
    assert_eq!(reasons(&average), ["unit", "unit"]);
    let refused = desk.app.get("/v1/compare?metric=gdp&actor=UKR&convert_to=florin").await;
    assert_eq!((refused.status, refused.pointers()), (StatusCode::BAD_REQUEST, vec!["/convert_to".to_string()]));
}

#[tokio::test]
async fn every_observation_is_told_in_its_own_currency_and_cents_are_told_in_theirs() {
    let desk = Desk::new().await;
    let money = |best: &str, unit: &str| json!({"best_exact": best, "unit": unit});
    for year in ["2010", "2011", "2012"] {
        desk.claim("gdp", money("5", "USD"), json!({"period": year})).await;
    }
    for best in ["7", "9"] {
        desk.claim("gdp", money(best, "CHF"), json!({"period": "2020"})).await;
    }
    let data = desk.compare("metric=gdp&actor=UKR").await;
    assert_eq!(
        (&data["verdict"], &data["observation"]["unit"], reasons(&data)),
        (&json!("inconsistent"), &json!("CHF"), vec!["period"; 3])
    );
    let cent = json!({"slug": "us-cent", "label": "US cent", "dimension": "currency", "base": "USD", "factor": "0.01"});
    assert_eq!(desk.app.ask(Method::POST, "/v1/units").key(&desk.key).json(&cent).send().await.status, StatusCode::CREATED);
    for (best, unit) in [("500", "us-cent"), ("5", "USD")] {
        desk.claim("external-debt", money(best, unit), json!({"period": "2020"})).await;
    }
    let data = desk.compare("metric=external-debt&actor=UKR&convert_to=USD").await;
    assert_eq!((&data["verdict"], reasons(&data).len()), (&json!("consistent"), 0), "{data}");
}

#[tokio::test]
async fn units_of_one_base_are_compared_by_their_exact_factors() {
    let desk = Desk::new().await;
    let mass = |best: &str, unit: &str| json!({"best_exact": best, "unit": unit});
    desk.claim("grain-production", mass("60", "tonne"), json!({"period": "2023"})).await;
    desk.claim("grain-production", mass("60000", "kilogram"), json!({"period": "2023"})).await;
    desk.claim("grain-production", mass("60", "tonne"), json!({"period": "2023"})).await;
    let data = desk.compare("metric=grain-production&actor=UKR").await;
    assert_eq!((&data["verdict"], &data["observation"]["unit"]), (&json!("consistent"), &json!("tonne")), "{data}");
    assert_eq!((&data["consensus"]["low_exact"], &data["consensus"]["high_exact"]), (&json!("59.9995"), &json!("60.0005")));
}

#[tokio::test]
async fn articles_that_copy_one_report_are_one_independent_source() {
    let desk = Desk::new().await;
    desk.source("report", "origin", &[]).await;
    for article in ["first", "second", "third"] {
        desk.source(article, "unknown", &["report"]).await;
        desk.killed("eq", "500", json!({"period": "2022", "source": article})).await;
    }
    let data = desk.killed_in("2022", "").await;
    assert_eq!((&data["verdict"], &data["independence"]["independent_sources"]), (&json!("equal"), &json!({"min": 1, "max": 1})));
    assert_eq!((&data["independence"]["mentions"], &data["independence"]["documents"]), (&json!(3), &json!(4)));
    for article in ["fourth", "fifth"] {
        desk.source(article, "unknown", &[]).await;
        desk.killed("eq", "500", json!({"period": "2021", "source": article})).await;
    }
    assert_eq!(desk.killed_in("2021", "").await["independence"]["independent_sources"], json!({"min": 1, "max": 2}));
}

#[tokio::test]
async fn sources_that_cite_each_other_in_a_circle_are_one_and_told() {
    let desk = Desk::new().await;
    desk.source("hen", "unknown", &[]).await;
    desk.source("egg", "unknown", &["hen"]).await;
    let patch = json!({"citations": [{"source": "egg", "consulted": false}], "reason": "a test"});
    let answer = desk.app.ask(Method::PATCH, "/v1/sources/hen").key(&desk.key).json(&patch).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    for source in ["hen", "egg"] {
        desk.killed("eq", "500", json!({"period": "2022", "source": source})).await;
    }
    let independence = desk.killed_in("2022", "").await["independence"].clone();
    assert_eq!(independence["independent_sources"], json!({"min": 1, "max": 1}));
    assert_eq!(independence["cycles"], json!([["source:egg", "source:hen"]]));
}

#[tokio::test]
async fn a_level_and_its_change_imply_the_level_before() {
    let app = TestApp::seeded().await;
    let query = "/v1/compare?metric=trade-value&actor=China&counterpart=RUS&period=2021";
    let data = app.data(query).await;
    assert_eq!((&data["verdict"], &data["claims"]), (&json!("none"), &json!([])));
    let implied = &data["implied"][0];
    assert_eq!(implied["shown"], json!({"low": "145600000000", "high": "147100000000"}));
    assert_eq!((&implied["derived"], implied["parents"].as_array().unwrap().len()), (&json!(true), 2));
    assert_eq!(implied["formula"], "level of 2023 / (1 + change / 100)");
    // 239.5 / 1.645 and 240.5 / 1.635, rounded outward far behind the point.
    assert!(implied["interval"]["low_exact"].as_str().unwrap().starts_with("145592705167.173252"), "{implied}");
    assert!(implied["interval"]["high_exact"].as_str().unwrap().starts_with("147094801223.241590"), "{implied}");
    let lenient = app.data(&format!("{query}&mode=lenient")).await;
    assert_eq!(lenient["implied"][0]["shown"], json!({"low": "142800000000", "high": "149900000000"}));
    // The level itself is compared, and the implied one stands apart.
    let data = app.data("/v1/compare?metric=trade-value&actor=CHN&period=2023").await;
    assert_eq!((&data["verdict"], &data["implied"]), (&json!("single"), &json!([])));
}

#[tokio::test]
async fn claims_without_a_time_are_compared_with_nothing_and_retracted_ones_are_left_out() {
    let desk = Desk::new().await;
    let data = desk.compare("metric=civilians-killed&actor=UKR").await;
    assert_eq!((&data["verdict"], &data["observation"]["period"]), (&json!("single"), &Value::Null));
    desk.killed("eq", "7", json!({})).await;
    let data = desk.compare("metric=civilians-killed&actor=UKR").await;
    assert_eq!((&data["verdict"], relations(&data)), (&json!("single"), vec![("not_comparable", Some("period"))]));
    let none = desk.claim("people-wounded", json!({"comparator": "unknown", "unit": "person"}), json!({"period": "2024"})).await;
    assert_eq!(reasons(&desk.compare("metric=people-wounded&actor=UKR").await), ["no_number"]);
    retract(&desk.app, &desk.key, &none).await;
    let empty = desk.compare("metric=people-wounded&actor=UKR").await;
    assert_eq!((&empty["verdict"], &empty["consensus"], &empty["not_compared"]), (&json!("none"), &Value::Null, &json!([])));
}

#[tokio::test]
async fn denominators_and_scopes_narrow_and_part_series() {
    let desk = Desk::new().await;
    let share = |of: &str| json!({"best_exact": "2", "unit": "percent", "denominator": of});
    desk.claim("aid-share-of-gdp", share("GDP"), json!({"period": "2023"})).await;
    desk.claim("aid-share-of-gdp", share("budget"), json!({"period": "2023"})).await;
    desk.claim("aid-share-of-gdp", share("gdp"), json!({"period": "2023", "scope": {"kind": "military"}})).await;
    let query = "metric=aid-share-of-gdp&actor=UKR";
    let mut found = reasons(&desk.compare(query).await).into_iter().map(ToString::to_string).collect::<Vec<_>>();
    found.sort();
    assert!(found == ["denominator", "scope"] || found == ["scope", "scope"], "{found:?}");
    assert_eq!(reasons(&desk.compare(&format!("{query}&denominator=Gdp")).await), ["scope"]);
    let narrowed = desk.compare(&format!("{query}&scope.kind=military")).await;
    assert_eq!((&narrowed["verdict"], &narrowed["observation"]["scope"]), (&json!("single"), &json!({"kind": "military"})));
    assert_eq!(desk.compare(&format!("{query}&scope.kind=other")).await["verdict"], "none");
}

#[tokio::test]
async fn too_many_claims_for_every_pair_are_told_by_groups_alone() {
    let desk = Desk::new().await;
    let claim = |number: usize| {
        let value = json!({"best_exact": (1_000 + number % 3).to_string(), "unit": "person"});
        json!({"metric": "people-wounded", "actor": "UKR", "value": value, "period": "2023", "source": "reuters-2024", "locator": format!("row {number}")})
    };
    let claims: Vec<Value> = (0..240).map(claim).collect();
    let answer = desk.app.ask(Method::POST, "/v1/claims").key(&desk.key).ndjson(&claims).send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let answer = desk.app.get("/v1/compare?metric=people-wounded&actor=UKR").await.json();
    assert_eq!((&answer["meta"]["truncated"], &answer["meta"]["considered"]), (&json!(true), &json!(240)));
    let data = &answer["data"];
    assert_eq!((&data["pairs"], &data["verdict"]), (&json!([]), &json!("inconsistent")));
    // Neighbouring whole numbers touch: 1000.5 and 1001.5 belong to both.
    assert_eq!((data["groups"].as_array().unwrap().len(), data["outliers"].as_array().unwrap().len()), (2, 80));
}

#[tokio::test]
async fn what_is_needed_is_said_and_names_that_mean_nothing_match_nothing() {
    let app = TestApp::seeded().await;
    let refused = app.get("/v1/compare").await;
    assert_eq!((refused.status, refused.pointers()), (StatusCode::BAD_REQUEST, vec!["/metric".to_string(), "/actor".to_string()]));
    for (query, pointer) in [
        ("metric=gdp&actor=UKR&mode=loose", "/mode"),
        ("metric=gdp&actor=UKR&period=20x3", "/period"),
        ("metric=gdp&actor=UKR&rate_rule=first", "/rate_rule"),
        ("metric=gdp&actor=UKR&scope.=x", "/scope."),
        ("metric=gdp&actor=UKR&format=csv", "/format"),
    ] {
        let refused = app.get(&format!("/v1/compare?{query}")).await;
        assert_eq!((refused.status, refused.pointers()), (StatusCode::BAD_REQUEST, vec![pointer.to_string()]), "{query}: {}", refused.body);
    }
    assert_eq!(app.data("/v1/compare?metric=gdp&actor=Atlantis").await["verdict"], "none");
}

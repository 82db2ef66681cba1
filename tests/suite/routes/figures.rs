//! Numbers about numbers: counts, facets, availability, series, summaries, statistics.

use axum::http::StatusCode;
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use super::claims::{add_claim, retract};
use super::filters::address;
use crate::support::{TestApp, new_claim};

/// Values and counts of one list of facets.
fn counts(facet: &Value) -> Vec<(&str, i64)> {
    facet.as_array().unwrap().iter().map(|entry| (entry["value"].as_str().unwrap(), entry["count"].as_i64().unwrap())).collect()
}

fn entry<'a>(facet: &'a Value, value: &str) -> &'a Value {
    facet.as_array().unwrap().iter().find(|entry| entry["value"] == value).unwrap()
}

async fn facets(app: &TestApp, path: &str) -> Value {
    let answer = app.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.json()["meta"]["facets"].clone()
}

async fn count(app: &TestApp, path: &str) -> Value {
    let sign = if path.contains('?') { '&' } else { '?' };
    let answer = app.get(&format!("{path}{sign}include=count&limit=1")).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.json()["meta"]["count"].clone()
}

// Counts and facets.

#[tokio::test]
async fn the_count_comes_only_when_asked_for_and_covers_all_pages() {
    let app = TestApp::seeded().await;
    assert_eq!(app.get("/v1/claims").await.json()["meta"]["count"], Value::Null);
    let page = app.get("/v1/claims?include=count&limit=2").await.json();
    assert_eq!((&page["meta"]["count"], &page["meta"]["returned"]), (&json!(13), &json!(2)));
    let second = app.get(page["links"]["next"].as_str().unwrap()).await.json();
    assert_eq!(second["meta"]["count"], 13);
    assert_eq!(count(&app, "/v1/claims?actor=CHN&value_min=1e6").await, 2);
}

#[tokio::test]
async fn facets_count_the_values_of_the_fields_asked_for() {
    let app = TestApp::seeded().await;
    assert_eq!(app.get("/v1/claims").await.json()["meta"]["facets"], Value::Null);
    let facets = facets(&app, "/v1/claims?facet=actor,unit,status&facet=comparator&limit=1").await;
    let names: Vec<&String> = facets.as_object().unwrap().keys().collect();
    assert_eq!(names, ["actor", "comparator", "status", "unit"]);
    assert_eq!(counts(&facets["actor"]), [("CHN", 5), ("PRK", 3), ("UKR", 2), ("JPN", 1), ("KOR", 1), ("RUS", 1)]);
    assert_eq!(counts(&facets["unit"]), [("person", 6), ("percent", 4), ("USD", 3)]);
    assert_eq!(counts(&facets["status"]), [("estimated", 1), ("reported", 1), ("superlative", 1)]);
    assert_eq!(counts(&facets["comparator"]), [("eq", 8), ("gt", 3), ("vague", 2)]);
    assert_eq!(entry(&facets["actor"], "PRK")["label"], "North Korea");
    assert_eq!(entry(&facets["unit"], "USD")["label"], "US dollar");
}

#[tokio::test]
async fn all_facets_can_be_asked_for_at_once() {
    let app = TestApp::seeded().await;
    let facets = facets(&app, "/v1/claims?include=facets&limit=1").await;
    for field in
        ["metric", "actor", "counterpart", "unit", "source", "publisher", "speaker", "status", "stage", "state", "comparator", "rank"]
    {
        assert!(facets[field].is_array(), "{field}");
    }
    assert_eq!(entry(&facets["source"], "asian-proxy-war-2024")["label"], "The War in Ukraine: A Battleground for an Asian Proxy War");
    assert_eq!(counts(&facets["stage"]), [("allocated", 1)]);
    assert_eq!(counts(&facets["speaker"]), [("South Korea's National Intelligence Service", 1)]);
}

#[tokio::test]
async fn a_filter_narrows_every_list_but_its_own() {
    let app = TestApp::seeded().await;
    let facets = facets(&app, "/v1/claims?actor=CHN&unit=percent&facet=actor,unit,metric").await;
    assert_eq!(counts(&facets["actor"]), [("CHN", 3), ("KOR", 1)]);
    assert_eq!(counts(&facets["unit"]), [("percent", 3), ("USD", 2)]);
    assert_eq!(counts(&facets["metric"]).len(), 3);
    let states = self::facets(&app, "/v1/claims?facet=state&actor=CHN").await;
    assert_eq!(counts(&states["state"]), [("accepted", 5)]);
}

#[tokio::test]
async fn states_are_counted_whichever_one_is_shown() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let id = add_claim(&app, &key, &new_claim("SYR", "5", "2023")).await;
    retract(&app, &key, &id).await;
    assert_eq!(counts(&facets(&app, "/v1/claims?facet=state").await["state"]), [("accepted", 13), ("retracted", 1)]);
    assert_eq!(counts(&facets(&app, "/v1/claims?facet=actor&actor=SYR").await["actor"]).iter().find(|(actor, _)| *actor == "SYR"), None);
}

#[tokio::test]
async fn the_address_of_a_facet_leads_to_as_many_claims_as_it_says() {
    let app = TestApp::seeded().await;
    for path in ["/v1/claims?include=facets", "/v1/claims?unit=percent&include=facets&sort=best", "/v1/claims?q=trade&include=facets"] {
        let facets = facets(&app, path).await;
        for (field, values) in facets.as_object().unwrap() {
            if path.contains(&format!("{field}=")) {
                continue;
            }
            for value in values.as_array().unwrap() {
                let url = value["url"].as_str().unwrap();
                assert_eq!(count(&app, url).await, value["count"], "{path}: {url}");
            }
        }
    }
}

#[tokio::test]
async fn the_address_of_a_facet_that_is_chosen_takes_it_away() {
    let app = TestApp::seeded().await;
    let facets = facets(&app, "/v1/claims?actor=CHN,PRK&counterpart=RUS&facet=actor&limit=2&cursor=").await;
    let url = |actor: &str| entry(&facets["actor"], actor)["url"].as_str().unwrap().to_string();
    assert_eq!(app.metrics(&url("CHN")).await, ["troops-identified"]);
    assert_eq!(app.ids(&url("PRK")).await.len(), 5);
    let both = self::facets(&app, "/v1/claims?actor=CHN&facet=actor").await;
    assert_eq!(count(&app, entry(&both["actor"], "PRK")["url"].as_str().unwrap()).await, 8, "one more is added to the chosen");
    assert_eq!(count(&app, entry(&both["actor"], "CHN")["url"].as_str().unwrap()).await, 13, "the chosen one is taken away");
}

#[tokio::test]
async fn a_facet_chosen_by_another_of_its_names_is_taken_away_too() {
    let app = TestApp::seeded().await;
    for name in ["china", "CN", "PRC"] {
        let facets = facets(&app, &format!("/v1/claims?actor={name}&facet=actor")).await;
        let url = entry(&facets["actor"], "CHN")["url"].as_str().unwrap();
        assert_eq!(count(&app, url).await, 13, "{name}: {url}");
    }
}

#[tokio::test]
async fn a_facet_with_a_comma_in_it_can_be_chosen_and_taken_away() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let mut claim = new_claim("SYR", "5", "2023");
    claim["speaker"] = "Office of Aid, Syria".into();
    let id = add_claim(&app, &key, &claim).await;
    let chosen =
        entry(&facets(&app, "/v1/claims?facet=speaker").await["speaker"], "Office of Aid, Syria")["url"].as_str().unwrap().to_string();
    assert_eq!(app.ids(&chosen).await, [id]);
    let facets = facets(&app, &format!("{chosen}&facet=speaker")).await;
    let taken_away = entry(&facets["speaker"], "Office of Aid, Syria")["url"].as_str().unwrap();
    assert_eq!(count(&app, taken_away).await, 14, "{taken_away}");
}

#[tokio::test]
async fn facets_of_a_sources_claims_lead_to_that_sources_claims() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    add_claim(&app, &key, &new_claim("CHN", "5", "2023")).await;
    let facets = facets(&app, "/v1/sources/asian-proxy-war-2024/claims?facet=actor").await;
    assert_eq!(counts(&facets["actor"])[0], ("CHN", 5));
    assert_eq!(count(&app, entry(&facets["actor"], "CHN")["url"].as_str().unwrap()).await, 5);
}

#[tokio::test]
async fn facets_of_a_replayed_state_lead_to_that_state() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let snapshot = app.get("/v1/claims").await.json()["meta"]["snapshot"].clone();
    add_claim(&app, &key, &new_claim("CHN", "5", "2023")).await;
    let facets = facets(&app, &format!("/v1/claims?facet=actor&snapshot={snapshot}")).await;
    assert_eq!(counts(&facets["actor"])[0], ("CHN", 5));
    assert_eq!(count(&app, entry(&facets["actor"], "CHN")["url"].as_str().unwrap()).await, 5);
}

// Availability.

#[tokio::test]
async fn availability_lists_what_each_filter_can_still_take() {
    let app = TestApp::seeded().await;
    let all = app.data("/v1/availability").await;
    assert_eq!(counts(&all["counterpart"]), [("RUS", 6), ("UKR", 2)]);
    let under_china = app.data("/v1/availability?actor=CHN&field=actor,counterpart,comparator").await;
    let names: Vec<&String> = under_china.as_object().unwrap().keys().collect();
    assert_eq!(names, ["actor", "comparator", "counterpart"]);
    assert_eq!(counts(&under_china["counterpart"]), [("RUS", 5)]);
    assert_eq!(counts(&under_china["actor"]).len(), 6, "a filter does not narrow its own list");
    assert_eq!(counts(&app.data("/v1/availability?limit=2&field=actor").await["actor"]), [("CHN", 5), ("PRK", 3)]);
    assert_eq!(counts(&app.data("/v1/availability?actor=XYZ&field=metric").await["metric"]), []);
}

#[tokio::test]
async fn what_is_available_is_what_the_facets_say() {
    let app = TestApp::seeded().await;
    let facets = facets(&app, "/v1/claims?counterpart=RUS&include=facets").await;
    let available = app.data("/v1/availability?counterpart=RUS").await;
    for (field, values) in facets.as_object().unwrap() {
        assert_eq!(counts(values), counts(&available[field]), "{field}");
    }
    for value in available["metric"].as_array().unwrap() {
        assert_eq!(count(&app, value["url"].as_str().unwrap()).await, value["count"]);
    }
}

#[tokio::test]
async fn availability_refuses_what_it_does_not_know() {
    let app = TestApp::seeded().await;
    let answer = app.get("/v1/availability?field=shoe&limit=0&sort=best").await;
    assert_eq!(answer.problem(), "invalid-query");
    let mut pointers = answer.pointers();
    pointers.sort();
    assert_eq!(pointers, ["/field", "/limit", "/sort"]);
}

// Series.

async fn with_series() -> TestApp {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    add_series(&app, &key).await;
    app
}

async fn add_series(app: &TestApp, key: &str) {
    for (best, period) in [("30", "2023"), ("10", "2021"), ("20", "2022"), ("5", "2019/2020")] {
        add_claim(app, key, &new_claim("SYR", best, period)).await;
    }
    let mut undated = new_claim("SYR", "99", "2023");
    undated["period"] = Value::Null;
    add_claim(app, key, &undated).await;
}

#[tokio::test]
async fn a_series_goes_forward_in_time_with_one_row_for_each_claim() {
    let app = with_series().await;
    let answer = app.get("/v1/series?metric=refugees&actor=SYR").await.json();
    let rows = answer["data"].as_array().unwrap();
    let column = |name: &str| rows.iter().map(|row| row[name].clone()).collect::<Vec<_>>();
    assert_eq!(column("period"), [json!("2019/2020"), json!("2021"), json!("2022"), json!("2023"), json!(null)]);
    assert_eq!(column("best"), [5, 10, 20, 30, 99]);
    assert_eq!(column("best_exact"), ["5", "10", "20", "30", "99"]);
    let first = &rows[0];
    assert_eq!((&first["low"], &first["high"], &first["low_exact"]), (&json!(4.5), &json!(5.5), &json!("4.5")));
    assert_eq!((&first["period_start"], &first["period_end"]), (&json!("2019-01-01"), &json!("2020-12-31")));
    assert_eq!((&first["unit"], &first["source"], &first["publisher"]), (&json!("person"), &json!("reuters-2024"), &json!("Reuters")));
    assert_eq!(answer["meta"]["units"], json!(["person"]));
    assert_eq!(answer["meta"]["returned"], 5);
}

#[tokio::test]
async fn a_series_needs_a_metric() {
    let app = with_series().await;
    for path in ["/v1/series", "/v1/series.csv?actor=SYR"] {
        let answer = app.get(path).await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::BAD_REQUEST, "invalid-query"), "{path}");
        assert_eq!(answer.pointers(), ["/metric"], "{path}");
    }
    assert_eq!(app.get("/v1/series?metric=no-such-metric").await.json()["data"], json!([]));
    assert_eq!(app.get("/v1/series?metric=refugees&sort=best").await.pointers(), ["/sort"]);
}

#[tokio::test]
async fn a_flat_series_has_the_columns_of_a_chart() {
    let app = with_series().await;
    let rows = app.get("/v1/series.json?metric=refugees&actor=SYR").await.json();
    for column in ["period", "best", "low", "high", "source", "unit"] {
        assert!(rows[0].get(column).is_some(), "{column}");
    }
    assert_eq!(rows, app.data("/v1/series?metric=refugees&actor=SYR").await);
    let table = app.get("/v1/series.csv?metric=refugees&actor=SYR&from=2021").await;
    let mut reader = csv::Reader::from_reader(table.body.as_bytes());
    let heading = reader.headers().unwrap().clone();
    let place = heading.iter().position(|column| column == "best").unwrap();
    let bests: Vec<String> = reader.records().map(|record| record.unwrap()[place].to_string()).collect();
    assert_eq!(bests, ["10", "20", "30"]);
}

#[tokio::test]
async fn a_series_in_two_units_says_so() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    add_series(&app, &key).await;
    let mut households = new_claim("SYR", "4", "2023");
    households["value"]["unit"] = "household".into();
    add_claim(&app, &key, &households).await;
    assert_eq!(app.get("/v1/series?metric=refugees&actor=SYR").await.json()["meta"]["units"], json!(["household", "person"]));
}

// Summaries.

async fn summary(app: &TestApp, query: &str) -> Vec<Value> {
    app.data(&format!("/v1/summary?{query}")).await.as_array().unwrap().clone()
}

#[tokio::test]
async fn a_summary_tells_count_least_greatest_middle_and_span() {
    let app = with_series().await;
    let groups = summary(&app, "metric=refugees&actor=SYR").await;
    assert_eq!(groups.len(), 1);
    let group = &groups[0];
    let expected = json!({"metric": "refugees", "unit": "person", "count": 5, "min": 5, "min_exact": "5", "max": 99, "max_exact": "99",
        "median": 20, "median_exact": "20", "period_start": "2019-01-01", "period_end": "2023-12-31", "per": null, "denominator": null,
        "actor": null, "counterpart": null, "source": null, "year": null});
    assert_eq!(group, &expected, "{group}");
}

#[tokio::test]
async fn the_middle_of_an_even_number_of_claims_is_exact() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    for best in ["0.1", "0.2", "9999999999999999999999.1", "9999999999999999999999.4"] {
        let value = json!({"best_exact": best, "unit": "USD"});
        add_claim(&app, &key, &json!({"metric": "trade-value", "actor": "MDA", "value": value})).await;
    }
    let middle = async |query: &str| summary(&app, query).await[0]["median_exact"].clone();
    assert_eq!(middle("actor=MDA&value_max=1").await, "0.15");
    assert_eq!(middle("actor=MDA&value_min=1").await, "9999999999999999999999.25");
    assert_eq!(middle("actor=MDA").await, "4999999999999999999999.65");
    assert_eq!(middle("actor=MDA&value_min=0.16").await, "9999999999999999999999.1");
}

#[tokio::test]
async fn unlike_units_rates_and_wholes_never_share_a_group() {
    let app = TestApp::seeded().await;
    let groups = summary(&app, "group_by=actor").await;
    let of_china: Vec<(&Value, &Value, &Value)> =
        groups.iter().filter(|group| group["actor"] == "CHN").map(|group| (&group["unit"], &group["per"], &group["denominator"])).collect();
    assert_eq!(of_china.len(), 5, "{of_china:?}");
    let total: i64 = groups.iter().map(|group| group["count"].as_i64().unwrap()).sum();
    assert_eq!(total, 13);
    let without_keys = summary(&app, "group_by=unit").await;
    assert_eq!(without_keys.iter().filter(|group| group["unit"] == "USD").count(), 2, "per month and not");
}

#[tokio::test]
async fn groups_may_be_made_by_several_things() {
    let app = with_series().await;
    let groups = summary(&app, "metric=refugees&group_by=year,actor").await;
    let keys: Vec<(&Value, &Value, &Value)> = groups.iter().map(|group| (&group["actor"], &group["year"], &group["count"])).collect();
    assert_eq!(keys.len(), 5, "{keys:?}");
    for year in [json!(2019), json!(2021), json!(2022), json!(2023), Value::Null] {
        assert!(keys.contains(&(&json!("SYR"), &year, &json!(1))), "{year}: {keys:?}");
    }
    let by_source = summary(&app, "group_by=source,counterpart&counterpart=RUS&unit=person").await;
    assert_eq!((&by_source[0]["source"], &by_source[0]["counterpart"]), (&json!("asian-proxy-war-2024"), &json!("RUS")));
}

#[tokio::test]
async fn a_group_of_claims_without_numbers_has_a_count_and_no_middle() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    for comparator in ["unknown", "withheld"] {
        let value = json!({"comparator": comparator, "unit": "person"});
        add_claim(&app, &key, &json!({"metric": "refugees", "actor": "MDA", "value": value})).await;
    }
    let group = &summary(&app, "actor=MDA").await[0];
    assert_eq!((&group["count"], &group["min"], &group["median_exact"]), (&json!(2), &Value::Null, &Value::Null));
    add_claim(&app, &key, &new_claim("MDA", "7", "2023")).await;
    let group = &summary(&app, "actor=MDA").await[0];
    assert_eq!((&group["count"], &group["min_exact"], &group["median_exact"]), (&json!(3), &json!("7"), &json!("7")));
}

#[tokio::test]
async fn a_summary_lists_the_largest_groups_first_and_says_when_there_are_more() {
    let app = with_series().await;
    let answer = app.get("/v1/summary?group_by=metric&limit=1").await.json();
    assert_eq!((&answer["data"][0]["metric"], &answer["meta"]["truncated"]), (&json!("refugees"), &json!(true)));
    assert_eq!(app.get("/v1/summary?limit=1000").await.json()["meta"]["truncated"], false);
    let answer = app.get("/v1/summary?group_by=colour&limit=0").await;
    let mut pointers = answer.pointers();
    pointers.sort();
    assert_eq!(pointers, ["/group_by", "/limit"]);
}

#[tokio::test]
async fn a_flat_summary_has_the_same_rows() {
    let app = with_series().await;
    assert_eq!(app.get("/v1/summary.json?group_by=actor").await.json(), app.data("/v1/summary?group_by=actor").await);
    let table = app.get("/v1/summary.csv?metric=refugees").await.body;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let heading = reader.headers().unwrap().clone();
    let row = reader.records().next().unwrap().unwrap();
    let cell = |name: &str| &row[heading.iter().position(|column| column == name).unwrap()];
    assert_eq!((cell("metric"), cell("count"), cell("median_exact"), cell("period_start")), ("refugees", "5", "20", "2019-01-01"));
}

#[tokio::test]
async fn filters_hold_in_summaries_too() {
    let app = with_series().await;
    assert_eq!(summary(&app, "metric=refugees&from=2021&to=2022").await[0]["count"], 2);
    assert_eq!(summary(&app, "metric=refugees&value_min=15&value_max=25").await[0]["median_exact"], "20");
    assert_eq!(app.data(&address("/v1/summary", &[("q", "reuters"), ("metric", "refugees")])).await[0]["count"], 5);
    assert_eq!(summary(&app, "metric=no-such-metric").await, [] as [Value; 0]);
}

// Statistics.

#[tokio::test]
async fn statistics_say_what_the_database_holds() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let before = app.data("/v1/stats").await;
    assert_eq!((&before["claims"], &before["claim_versions"], &before["documents"]), (&json!({"accepted": 13}), &json!(13), &json!(0)));
    assert_eq!(before["records"]["sources"], 15);
    for kind in ["actors", "metrics", "units"] {
        assert!(before["records"][kind].as_i64().unwrap() > 70, "{kind}");
    }
    assert_eq!(before["changed_at"], "2026-11-24T12:00:00Z");
    app.clock.advance_seconds(60);
    let id = add_claim(&app, &key, &new_claim("SYR", "5", "2023")).await;
    retract(&app, &key, &id).await;
    let after = app.data("/v1/stats").await;
    assert_eq!((&after["claims"], &after["claim_versions"]), (&json!({"accepted": 13, "retracted": 1}), &json!(15)));
    assert_eq!(after["changed_at"], "2026-11-24T12:01:00Z");
    assert_eq!(app.data("/v1/stats?as_of=2026-11-24T12:00:30Z").await, before);
}

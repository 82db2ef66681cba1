//! Reading claims: the seed's thirteen, one claim, its history, its fields, its references.

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use crate::support::{TestApp, new_claim};

const ESSAY: &str = "asian-proxy-war-2024";

/// A figure of the seed as the table of its issue has it. Texts stand for absent values where they are empty.
struct Figure {
    metric: &'static str,
    parties: (&'static str, &'static str),
    original: &'static str,
    comparator: &'static str,
    best: &'static str,
    low: (&'static str, bool),
    high: (&'static str, bool),
    measure: (&'static str, &'static str, &'static str),
    decimals: Option<i64>,
    rule: &'static str,
    period: (&'static str, &'static str, &'static str, &'static str),
    base_period: &'static str,
    standing: (&'static [&'static str], &'static str),
    said: (&'static str, &'static str),
    quote: &'static str,
    citation: (&'static str, &'static str),
}

const PLAIN: Figure = Figure {
    metric: "",
    parties: ("", ""),
    original: "",
    comparator: "eq",
    best: "",
    low: ("", false),
    high: ("", false),
    measure: ("person", "", ""),
    decimals: None,
    rule: "precision.printed",
    period: ("", "", "", ""),
    base_period: "",
    standing: (&[], ""),
    said: ("", ""),
    quote: "",
    citation: ("", ""),
};

const NIS: &str = "South Korea's National Intelligence Service";
const IN_2023: (&str, &str, &str, &str) = ("2023", "2023-01-01", "2023-12-31", "in 2023");
const SERVICE: (&str, &str) = ("(Service, 2024)", "media-monitoring-service-2024");
const REUTERS: (&str, &str) = ("(Reuters, 2024)", "reuters-2024");
const IBID: (&str, &str) = ("(ibid)", "hornung-2024");

const SEED: [Figure; 13] = [
    Figure {
        metric: "civilians-killed",
        parties: ("UKR", ""),
        original: "more than 100,000",
        comparator: "gt",
        best: "100000",
        low: ("100000", false),
        decimals: Some(0),
        rule: "bound.gt",
        standing: (&["reported"], ""),
        said: ("", "reportedly"),
        quote: "more than 100,000 civilians were reportedly killed",
        ..PLAIN
    },
    Figure {
        metric: "people-deprived",
        parties: ("UKR", ""),
        original: "millions",
        comparator: "vague",
        best: "1000000",
        low: ("1000000", true),
        high: ("10000000", false),
        rule: "lexicon.1",
        quote: "millions were deprived of resources",
        ..PLAIN
    },
    Figure {
        metric: "active-military-personnel",
        parties: ("PRK", ""),
        original: "1.3 million",
        best: "1300000",
        low: ("1250000", true),
        high: ("1350000", true),
        decimals: Some(-5),
        quote: "1.3 million active personnel",
        citation: IBID,
        ..PLAIN
    },
    Figure {
        metric: "military-reserves",
        parties: ("PRK", ""),
        original: "7.6 million",
        best: "7600000",
        low: ("7550000", true),
        high: ("7650000", true),
        decimals: Some(-5),
        quote: "7.6 million in military reserves",
        citation: IBID,
        ..PLAIN
    },
    Figure {
        metric: "troops-identified",
        parties: ("PRK", "RUS"),
        original: "dozens",
        comparator: "vague",
        best: "12",
        low: ("12", true),
        high: ("120", false),
        rule: "lexicon.1",
        said: (NIS, ""),
        quote: "dozens of North Korean troops",
        ..PLAIN
    },
    Figure {
        metric: "military-casualties",
        parties: ("RUS", ""),
        original: "past 200,000",
        comparator: "gt",
        best: "200000",
        low: ("200000", false),
        decimals: Some(0),
        rule: "bound.gt",
        period: ("", "", "", "in the past year"),
        standing: (&["estimated"], ""),
        said: ("", "estimated"),
        quote: "estimated causalities climb past 200,000",
        citation: ("(Institute, 2022)", "toda-2022"),
        ..PLAIN
    },
    Figure {
        metric: "microelectronics-share-supplied",
        parties: ("CHN", "RUS"),
        original: "over 90%",
        comparator: "gt",
        best: "90",
        low: ("90", false),
        high: ("100", true),
        measure: ("percent", "", "Russia's microelectronics"),
        decimals: Some(0),
        rule: "bound.gt",
        quote: "over 90% of its microelectronics",
        citation: SERVICE,
        ..PLAIN
    },
    Figure {
        metric: "machine-tools-share-supplied",
        parties: ("CHN", "RUS"),
        original: "70%",
        best: "70",
        low: ("69.5", true),
        high: ("70.5", true),
        measure: ("percent", "", "Russia's machine tools"),
        decimals: Some(0),
        quote: "70% of its machine tools",
        citation: SERVICE,
        ..PLAIN
    },
    Figure {
        metric: "dual-use-goods-supplied",
        parties: ("CHN", "RUS"),
        original: "$300 million",
        best: "300000000",
        low: ("299500000", true),
        high: ("300500000", true),
        measure: ("USD", "P1M", ""),
        decimals: Some(-6),
        quote: "$300 million worth of dual-use goods monthly",
        citation: SERVICE,
        ..PLAIN
    },
    Figure {
        metric: "trade-value",
        parties: ("CHN", "RUS"),
        original: "$240 billion",
        best: "240000000000",
        low: ("239500000000", true),
        high: ("240500000000", true),
        measure: ("USD", "", ""),
        decimals: Some(-9),
        period: IN_2023,
        standing: (&["superlative"], ""),
        quote: "a record high of $240 billion in 2023",
        citation: REUTERS,
        ..PLAIN
    },
    Figure {
        metric: "trade-value-change",
        parties: ("CHN", "RUS"),
        original: "64% increase",
        best: "64",
        low: ("63.5", true),
        high: ("64.5", true),
        measure: ("percent", "", ""),
        decimals: Some(0),
        period: ("2023", "2023-01-01", "2023-12-31", ""),
        base_period: "2021",
        quote: "64% increase since 2021",
        citation: REUTERS,
        ..PLAIN
    },
    Figure {
        metric: "aid-contributed",
        parties: ("JPN", "UKR"),
        original: "$12 billion",
        best: "12000000000",
        low: ("11500000000", true),
        high: ("12500000000", true),
        measure: ("USD", "", ""),
        decimals: Some(-9),
        quote: "contributed $12 billion in aid",
        citation: ("(Hornung, 2024)", "hornung-2024"),
        ..PLAIN
    },
    Figure {
        metric: "aid-share-of-gdp",
        parties: ("KOR", "UKR"),
        original: "0.04%",
        best: "0.04",
        low: ("0.035", true),
        high: ("0.045", true),
        measure: ("percent", "", "GDP"),
        decimals: Some(2),
        period: ("2022-01/2025-06", "2022-01-01", "2025-06-30", "Between January 2022 and June 2025"),
        standing: (&[], "allocated"),
        quote: "allocated 0.04% of its GDP as aid",
        citation: IBID,
        ..PLAIN
    },
];

const COLUMNS: &str = "id,metric,metric_label,actor,actor_name,counterpart,counterpart_name,value,value_exact,value_low,value_high,\
    comparator,unit,per,period,period_start,period_end,base_period,status,stage,speaker,cue,source,source_title,publisher,published,\
    source_url,cited_source,quote,locator,state,version,recorded_at,permalink";

fn text_or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { text.into() }
}

/// Holds a claim in the envelope form against its figure.
fn check_envelope(claim: &Value, figure: &Figure) {
    let value = &claim["value"];
    let number = |text: &str| text.parse::<f64>().ok();
    let expected_value = json!({
        "original": figure.original, "comparator": figure.comparator, "best_exact": text_or_null(figure.best),
        "low_exact": text_or_null(figure.low.0), "low_inclusive": figure.low.1,
        "high_exact": text_or_null(figure.high.0), "high_inclusive": figure.high.1,
        "unit": figure.measure.0, "per": text_or_null(figure.measure.1), "denominator": text_or_null(figure.measure.2),
        "decimals": figure.decimals, "rule": figure.rule,
    });
    for (key, expected) in expected_value.as_object().unwrap() {
        assert_eq!(&value[key], expected, "{key} of {}", figure.metric);
    }
    for (key, expected) in [("best", figure.best), ("low", figure.low.0), ("high", figure.high.0)] {
        assert_eq!(value[key].as_f64(), number(expected), "{key} of {}", figure.metric);
    }
    let (edtf, start, end, original) = figure.period;
    let period = if edtf.is_empty() && original.is_empty() {
        Value::Null
    } else {
        json!({"edtf": text_or_null(edtf), "start": text_or_null(start), "end": text_or_null(end), "original": text_or_null(original)})
    };
    assert_eq!(claim["period"], period, "{}", figure.metric);
    assert_eq!(claim["base_period"]["edtf"], text_or_null(figure.base_period), "{}", figure.metric);
    let citation = if figure.citation.0.is_empty() {
        Value::Null
    } else {
        json!({"printed": figure.citation.0, "source": figure.citation.1, "consulted": false})
    };
    let others = [
        (&claim["actor"]["slug"], text_or_null(figure.parties.0)),
        (&claim["counterpart"]["slug"], text_or_null(figure.parties.1)),
        (&claim["status"], json!(figure.standing.0)),
        (&claim["stage"], text_or_null(figure.standing.1)),
        (&claim["speaker"], text_or_null(figure.said.0)),
        (&claim["cue"], text_or_null(figure.said.1)),
        (&claim["quote"]["exact"], figure.quote.into()),
        (&claim["citation"], citation),
        (&claim["source"]["slug"], ESSAY.into()),
        (&claim["state"], "accepted".into()),
        (&claim["version"], 1.into()),
        (&claim["recorded_by"], "seed".into()),
    ];
    for (found, expected) in others {
        assert_eq!(found, &expected, "{}: {claim}", figure.metric);
    }
}

/// Cells of a flat row that its figure decides; an absent value is an empty cell.
fn cells_of(figure: &Figure) -> Vec<(&'static str, String)> {
    let cells = [
        ("metric", figure.metric),
        ("actor", figure.parties.0),
        ("counterpart", figure.parties.1),
        ("value", figure.best),
        ("value_exact", figure.best),
        ("value_low", figure.low.0),
        ("value_high", figure.high.0),
        ("comparator", figure.comparator),
        ("unit", figure.measure.0),
        ("per", figure.measure.1),
        ("period", figure.period.0),
        ("period_start", figure.period.1),
        ("period_end", figure.period.2),
        ("base_period", figure.base_period),
        ("stage", figure.standing.1),
        ("speaker", figure.said.0),
        ("cue", figure.said.1),
        ("source", ESSAY),
        ("published", "2024-12~"),
        ("cited_source", figure.citation.1),
        ("quote", figure.quote),
        ("state", "accepted"),
        ("version", "1"),
    ];
    let status = ("status", figure.standing.0.join(";"));
    cells.into_iter().map(|(column, cell)| (column, cell.to_string())).chain([status]).collect()
}

/// Holds flat rows, as texts by column, against the thirteen.
fn check_rows(rows: &[Vec<(String, String)>]) {
    assert_eq!(rows.len(), SEED.len());
    for row in rows {
        let cell = |wanted: &str| row.iter().find(|(column, _)| column == wanted).map(|(_, cell)| cell.as_str()).unwrap();
        let figure = SEED.iter().find(|figure| figure.metric == cell("metric")).unwrap();
        for (column, expected) in cells_of(figure) {
            assert_eq!(cell(column), expected, "{column} of {}", figure.metric);
        }
        assert_eq!(cell("permalink"), format!("/v1/claims/{}?version=1", cell("id")));
    }
}

fn texts_of(row: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    row.as_object().unwrap().iter().map(|(column, value)| (column.clone(), text(value))).collect()
}

/// The only claim of a metric in the seed.
pub async fn seed_claim(app: &TestApp, metric: &str) -> Value {
    let claims = app.data(&format!("/v1/claims?metric={metric}")).await;
    assert_eq!(claims.as_array().unwrap().len(), 1, "{metric}");
    claims[0].clone()
}

/// Adds a claim and gives its id.
pub async fn add_claim(app: &TestApp, key: &str, claim: &Value) -> String {
    let answer = app.ask(Method::POST, "/v1/claims").key(key).json(claim).send().await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.json()["data"]["id"].as_str().unwrap().to_string()
}

/// Revises a claim or record.
pub async fn revise(app: &TestApp, key: &str, path: &str, mut patch: Value) {
    patch["reason"] = "a test".into();
    let answer = app.ask(Method::PATCH, path).key(key).json(&patch).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
}

/// Takes a claim back.
pub async fn retract(app: &TestApp, key: &str, id: &str) {
    let answer = app.ask(Method::POST, &format!("/v1/claims/{id}/retract")).key(key).json(&json!({"reason": "a test"})).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{id}: {}", answer.body);
}

#[tokio::test]
async fn the_five_chinese_figures_of_the_seed_are_found_by_actor() {
    let app = TestApp::seeded().await;
    let mut metrics = app.metrics("/v1/claims?actor=CHN").await;
    metrics.sort();
    let expected =
        ["dual-use-goods-supplied", "machine-tools-share-supplied", "microelectronics-share-supplied", "trade-value", "trade-value-change"];
    assert_eq!(metrics, expected);
}

#[tokio::test]
async fn the_thirteen_figures_come_back_exactly_in_the_envelope() {
    let app = TestApp::seeded().await;
    let claims = app.data("/v1/claims").await;
    assert_eq!(claims.as_array().unwrap().len(), SEED.len());
    for figure in &SEED {
        let claim = claims.as_array().unwrap().iter().find(|claim| claim["metric"]["slug"] == figure.metric).unwrap();
        check_envelope(claim, figure);
    }
}

#[tokio::test]
async fn the_thirteen_figures_come_back_exactly_one_by_one() {
    let app = TestApp::seeded().await;
    for claim in app.data("/v1/claims").await.as_array().unwrap() {
        let figure = SEED.iter().find(|figure| claim["metric"]["slug"] == figure.metric).unwrap();
        let alone = app.data(claim["links"]["self"].as_str().unwrap()).await;
        check_envelope(&alone, figure);
        assert_eq!(&alone, claim);
    }
}

#[tokio::test]
async fn the_thirteen_figures_come_back_exactly_as_flat_json() {
    let app = TestApp::seeded().await;
    let rows = app.get("/v1/claims.json").await.json();
    let rows = rows.as_array().unwrap();
    for row in rows {
        let columns: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(columns, COLUMNS.split(',').collect::<Vec<_>>());
    }
    check_rows(&rows.iter().map(texts_of).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_thirteen_figures_come_back_exactly_as_csv() {
    let app = TestApp::seeded().await;
    let answer = app.get("/v1/claims.csv").await;
    let mut reader = csv::Reader::from_reader(answer.body.as_bytes());
    let heading: Vec<String> = reader.headers().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(heading, COLUMNS.split(',').collect::<Vec<_>>());
    let rows: Vec<Vec<(String, String)>> =
        reader.records().map(|record| heading.iter().cloned().zip(record.unwrap().iter().map(ToString::to_string)).collect()).collect();
    check_rows(&rows);
}

#[tokio::test]
async fn the_thirteen_figures_come_back_exactly_as_lines_of_json() {
    let app = TestApp::seeded().await;
    let answer = app.get("/v1/claims.ndjson").await;
    let rows: Vec<_> = answer.body.lines().map(|line| texts_of(&serde_json::from_str(line).unwrap())).collect();
    check_rows(&rows);
}

#[tokio::test]
async fn the_notes_of_the_seed_say_what_is_open() {
    let app = TestApp::seeded().await;
    let tools = seed_claim(&app, "machine-tools-share-supplied").await;
    assert!(tools["note"].as_str().unwrap().contains("over"), "{tools}");
    assert!(seed_claim(&app, "military-casualties").await["note"].is_string());
    assert!(seed_claim(&app, "trade-value").await["note"].is_null());
}

#[tokio::test]
async fn every_key_is_there_however_little_a_claim_says() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let id = add_claim(&app, &key, &json!({"metric": "refugees", "value": {"comparator": "unknown", "unit": "person"}})).await;
    let (bare, full) = (app.data(&format!("/v1/claims/{id}")).await, seed_claim(&app, "aid-share-of-gdp").await);
    let keys = |claim: &Value| claim.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&bare), keys(&full));
    assert_eq!(keys(&bare["value"]), keys(&full["value"]));
    for key in ["actor", "counterpart", "period", "base_period", "stage", "speaker", "cue", "source", "quote", "citation", "note"] {
        assert!(bare[key].is_null(), "{key} of {bare}");
    }
    assert_eq!((&bare["status"], &bare["scope"]), (&json!([]), &json!({})));
    assert_eq!((&bare["value"]["best"], &bare["value"]["low"], &bare["value"]["high"]), (&Value::Null, &Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_claim_names_its_records_by_slug_and_by_name() {
    let app = TestApp::seeded().await;
    let trade = seed_claim(&app, "trade-value").await;
    assert_eq!(trade["metric"], json!({"slug": "trade-value", "label": "Bilateral trade value", "kind": "flow", "dimension": "currency"}));
    assert_eq!(trade["actor"], json!({"slug": "CHN", "name": "China"}));
    assert_eq!(trade["counterpart"], json!({"slug": "RUS", "name": "Russia"}));
    assert_eq!(trade["source"]["published"], "2024-12~");
    assert!(trade["source"]["title"].as_str().unwrap().contains("Asian Proxy War"));
}

#[tokio::test]
async fn the_links_of_a_claim_lead_somewhere() {
    let app = TestApp::seeded().await;
    let links = seed_claim(&app, "trade-value").await["links"].clone();
    for name in ["self", "provenance", "versions", "cite"] {
        let answer = app.get(links[name].as_str().unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.body);
    }
}

#[tokio::test]
async fn an_id_that_is_nobodys_is_not_found() {
    let app = TestApp::seeded().await;
    let mut missing = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    let other = if missing.as_bytes()[20] == b'0' { "1" } else { "0" };
    missing.replace_range(20..21, other);
    for id in ["nonsense", "clm_", "clm_short", missing.as_str(), "%E4%B8%AD", "clm_%27%20OR%201=1"] {
        for rest in ["", "/versions", "/provenance", "/cite"] {
            let answer = app.get(&format!("/v1/claims/{id}{rest}")).await;
            assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::NOT_FOUND, "not-found"), "{id}{rest}");
        }
    }
}

#[tokio::test]
async fn a_path_that_is_no_text_is_a_problem_too() {
    let app = TestApp::seeded().await;
    for path in ["/v1/claims/%FF", "/v1/claims/%FF/cite", "/v1/actors/%C3", "/v1/sources/%FE/claims", "/v1/documents/%FF"] {
        let answer = app.get(path).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
        answer.problem();
    }
}

#[tokio::test]
async fn only_accepted_claims_are_listed_unless_others_are_asked_for() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let taken_back = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    retract(&app, &key, &taken_back).await;
    let mut proposed = new_claim("UKR", "5", "2023");
    proposed["state"] = "candidate".into();
    let proposed = add_claim(&app, &key, &proposed).await;
    assert_eq!(app.ids("/v1/claims").await.len(), 12);
    assert_eq!(app.ids("/v1/claims?state=retracted").await, [taken_back.as_str()]);
    assert_eq!(app.ids("/v1/claims?state=candidate").await, [proposed]);
    assert_eq!(app.ids("/v1/claims?state=candidate,retracted").await.len(), 2);
    assert_eq!(app.ids("/v1/claims?state=all").await.len(), 14);
    assert_eq!(app.data(&format!("/v1/claims/{taken_back}")).await["state"], "retracted");
}

#[tokio::test]
async fn an_earlier_version_is_still_there_under_its_number() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let id = add_claim(&app, &key, &new_claim("UKR", "5000000", "2023")).await;
    revise(&app, &key, &format!("/v1/claims/{id}"), json!({"value": {"best_exact": "6000000"}, "cause": "source-revised"})).await;
    let (first, second) = (app.data(&format!("/v1/claims/{id}?version=1")).await, app.data(&format!("/v1/claims/{id}?version=2")).await);
    assert_eq!((&first["version"], &first["value"]["best_exact"]), (&json!(1), &json!("5000000")));
    assert_eq!((&second["version"], &second["value"]["best_exact"]), (&json!(2), &json!("6000000")));
    assert_eq!((&second["cause"], &second["reason"]), (&json!("source-revised"), &json!("a test")));
    assert_eq!(app.data(&format!("/v1/claims/{id}")).await, second);
    assert_eq!(app.get(&format!("/v1/claims/{id}?version=3")).await.problem(), "not-found");
    for wrong in ["0", "-1", "x", "1.5"] {
        let answer = app.get(&format!("/v1/claims/{id}?version={wrong}")).await;
        assert_eq!((answer.problem().as_str(), answer.pointers()), ("invalid-query", vec!["/version".to_string()]), "{wrong}");
    }
}

#[tokio::test]
async fn the_history_of_a_claim_tells_cause_reason_and_what_changed() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let id = add_claim(&app, &key, &new_claim("UKR", "5000000", "2023")).await;
    app.clock.advance_seconds(60);
    revise(&app, &key, &format!("/v1/claims/{id}"), json!({"value": {"best_exact": "6000000"}, "cue": "estimated"})).await;
    app.clock.advance_seconds(60);
    retract(&app, &key, &id).await;
    let history = app.data(&format!("/v1/claims/{id}/versions")).await;
    let column = |key: &str| history.as_array().unwrap().iter().map(|version| version["claim"][key].clone()).collect::<Vec<_>>();
    assert_eq!(column("version"), [1, 2, 3]);
    assert_eq!(column("cause"), ["created", "corrected", "retracted"]);
    assert_eq!(column("reason"), [json!(null), json!("a test"), json!("a test")]);
    assert_eq!(column("state"), ["accepted", "accepted", "retracted"]);
    assert_eq!(column("recorded_at"), ["2026-11-24T12:00:00Z", "2026-11-24T12:01:00Z", "2026-11-24T12:02:00Z"]);
    assert_eq!(history[0]["changed"], json!([]));
    assert_eq!(history[1]["changed"], json!(["value", "cue"]));
    assert_eq!(history[2]["changed"], json!(["state"]));
}

#[tokio::test]
async fn fields_cut_claims_down_in_the_list_and_alone() {
    let app = TestApp::seeded().await;
    let keys = |claim: &Value| claim.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for claim in app.data("/v1/claims?fields=id,value").await.as_array().unwrap() {
        assert_eq!(keys(claim), ["id", "value"]);
        let id = claim["id"].as_str().unwrap();
        let alone = app.data(&format!("/v1/claims/{id}?fields=id&fields=value")).await;
        assert_eq!(&alone, claim);
    }
}

#[tokio::test]
async fn fields_cut_flat_rows_down_in_the_order_asked_for() {
    let app = TestApp::seeded().await;
    let answer = app.get("/v1/claims.csv?fields=unit,metric,value_exact&metric=trade-value").await;
    assert_eq!(answer.body, "unit,metric,value_exact\r\nUSD,trade-value,240000000000\r\n");
    let answer = app.get("/v1/claims.ndjson?fields=unit,metric&metric=trade-value").await;
    assert_eq!(answer.body, "{\"unit\":\"USD\",\"metric\":\"trade-value\"}\n");
}

#[tokio::test]
async fn a_field_asked_for_twice_leaves_a_table_rectangular() {
    let app = TestApp::seeded().await;
    let answer = app.get("/v1/claims.csv?fields=metric,unit,metric").await;
    let widths: Vec<usize> = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(answer.body.as_bytes())
        .records()
        .map(|record| record.unwrap().len())
        .collect();
    assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}");
}

#[tokio::test]
async fn a_field_that_is_none_is_refused_with_a_suggestion() {
    let app = TestApp::seeded().await;
    let answer = app.get("/v1/claims?fields=id,valeu").await;
    assert_eq!((answer.problem().as_str(), answer.pointers()), ("invalid-query", vec!["/fields".to_string()]));
    assert!(answer.body.contains("did you mean 'value'?"), "{}", answer.body);
    assert_eq!(app.get("/v1/claims.csv?fields=value_exakt").await.problem(), "invalid-query");
    assert_eq!(app.get("/v1/claims?fields=value_exact").await.problem(), "invalid-query");
}

#[tokio::test]
async fn provenance_can_come_with_the_claims() {
    let app = TestApp::seeded().await;
    let claims = app.data("/v1/claims?actor=CHN&include=provenance").await;
    for claim in claims.as_array().unwrap() {
        let alone = app.data(claim["links"]["provenance"].as_str().unwrap()).await;
        assert_eq!(claim["provenance"], alone);
    }
    let id = claims[0]["id"].as_str().unwrap();
    assert_eq!(app.data(&format!("/v1/claims/{id}?include=provenance")).await, claims[0]);
    assert!(app.data("/v1/claims").await[0].get("provenance").is_none());
}

#[tokio::test]
async fn a_claim_is_cited_with_its_source_and_this_databases_version() {
    let app = TestApp::seeded().await;
    let id = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    let styles = [
        ("apa", "text/plain; charset=utf-8"),
        ("mla", "text/plain; charset=utf-8"),
        ("chicago", "text/plain; charset=utf-8"),
        ("bibtex", "application/x-bibtex"),
        ("ris", "application/x-research-info-systems"),
        ("csl-json", "application/vnd.citationstyles.csl+json"),
    ];
    let mut seen = std::collections::BTreeSet::new();
    for (style, media_type) in styles {
        let path = format!("/v1/claims/{id}/cite?style={style}");
        let answer = app.ask(Method::GET, &path).header("host", "figures.example").send().await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, media_type));
        for words in ["Battleground for an Asian Proxy War", "$240 billion", "Figurebase"] {
            let plain = answer.body.replace(['{', '}', '\\'], "");
            assert!(plain.contains(words), "{style} has no {words}: {}", answer.body);
        }
        let address = format!("figures.example/v1/claims/{id}?version=1");
        assert!(answer.body.replace("\\_", "_").contains(&address), "{style}: {}", answer.body);
        assert!(seen.insert(answer.body), "{style} is like another style");
    }
}

#[tokio::test]
async fn references_for_programs_can_be_read_by_programs() {
    let app = TestApp::seeded().await;
    let id = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    let bibtex = app.get(&format!("/v1/claims/{id}/cite?style=bibtex")).await.body;
    assert_eq!(biblatex::Bibliography::parse(&bibtex).unwrap().len(), 2);
    let csl = app.get(&format!("/v1/claims/{id}/cite?style=csl-json")).await.json();
    assert_eq!(csl.as_array().unwrap().len(), 2);
    let ris = app.get(&format!("/v1/claims/{id}/cite?style=ris")).await.body;
    let starting = |tag: &str| ris.lines().filter(|line| line.starts_with(tag)).count();
    assert_eq!((starting("TY  - "), starting("ER  - ")), (2, 2), "{ris}");
}

#[tokio::test]
async fn without_a_style_the_reference_is_in_the_first_one() {
    let app = TestApp::seeded().await;
    let id = seed_claim(&app, "trade-value").await["id"].as_str().unwrap().to_string();
    let (default, apa) = (app.get(&format!("/v1/claims/{id}/cite")).await, app.get(&format!("/v1/claims/{id}/cite?style=apa")).await);
    assert_eq!(default.body, apa.body);
    let wrong = app.get(&format!("/v1/claims/{id}/cite?style=harvard")).await;
    assert_eq!((wrong.problem().as_str(), wrong.pointers()), ("invalid-query", vec!["/style".to_string()]));
}

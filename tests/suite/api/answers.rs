//! Real answers, held against the API's description: key for key, with its media types, its examples and its operations.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use super::{Operation, described, faults, operations};
use crate::support::{TestApp, new_claim};

/// The paths of a claim, a record of each kind and a text that exist.
async fn places(app: &TestApp) -> BTreeMap<&'static str, String> {
    let key = app.key(Scope::Write).await;
    let ask = app.ask(Method::POST, "/v1/sources/reuters-2024/document").key(&key);
    let stored = ask.raw("text/plain", "A record high of $240 billion in 2023.").send().await;
    assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.body);
    let id = app.ids("/v1/claims?metric=trade-value").await.remove(0);
    let change = json!({"note": "checked", "reason": "checked", "scope": {"series": "yearly"}});
    let revised = app.ask(Method::PATCH, &format!("/v1/claims/{id}")).key(&key).json(&change).send().await;
    assert_eq!(revised.status, StatusCode::OK, "{}", revised.body);
    [
        ("{id}", id),
        ("{sha256}", stored.json()["data"]["sha256"].as_str().unwrap().to_string()),
        ("/v1/actors/{slug}", "/v1/actors/CHN".into()),
        ("/v1/metrics/{slug}", "/v1/metrics/trade-value".into()),
        ("/v1/units/{slug}", "/v1/units/USD".into()),
        ("/v1/sources/{slug}", "/v1/sources/reuters-2024".into()),
    ]
    .into()
}

fn real_path(operation: &Operation, places: &BTreeMap<&str, String>, format: &str) -> String {
    let path = places.iter().fold(operation.path.clone(), |path, (place, real)| path.replace(place, real));
    let needed = match operation.path.as_str() {
        "/v1/series" | "/v1/series.{format}" | "/v1/series.svg" => "?metric=trade-value",
        "/v1/compare" | "/v1/compare.svg" => "?metric=trade-value&actor=CHN",
        "/v1/resolve" => "?name=china",
        _ => "",
    };
    format!("{}{needed}", path.replace("{format}", format))
}

/// The documented schema of an answer, made strict: every property is there, and none that is not documented.
fn strict(document: &Value, schema: &Value) -> jsonschema::Validator {
    fn close(schema: &mut Value) {
        match schema {
            Value::Object(object) => {
                if let Some(properties) = object.get("properties").and_then(Value::as_object) {
                    let names: Vec<Value> = properties.keys().cloned().map(Value::from).collect();
                    if !object.contains_key("additionalProperties") {
                        object.insert("additionalProperties".into(), json!(false));
                    }
                    object.insert("required".into(), names.into());
                }
                object.values_mut().for_each(close);
            }
            Value::Array(array) => array.iter_mut().for_each(close),
            _ => {}
        }
    }
    let mut components = document["components"].clone();
    close(&mut components["schemas"]);
    let mut schema = schema.clone();
    close(&mut schema);
    let whole = json!({"allOf": [schema], "components": components});
    jsonschema::draft202012::options().build(&whole).unwrap()
}

#[tokio::test]
async fn real_answers_are_what_the_description_says_key_for_key() {
    let app = TestApp::seeded().await;
    let places = places(&app).await;
    let document = described();
    let mut checked = 0;
    for operation in operations(&document).iter().filter(|operation| operation.method == "GET" && !operation.path.ends_with(".{format}")) {
        let content = &operation.declared["responses"]["200"]["content"];
        let real = real_path(operation, &places, "json");
        let Some(schema) = content["application/json"].get("schema") else {
            let media = app.get(&real).await.header("content-type").split(';').next().unwrap().to_string();
            assert!(content.get(&media).is_some(), "{real} answers with {media}, which is not described");
            continue;
        };
        let validator = strict(&document, schema);
        let mut paths = vec![real.clone()];
        if operation.path == "/v1/claims" {
            paths.extend(["?state=all&include=count,facets&limit=3", "?q=nothing-at-all"].map(|query| format!("{real}{query}")));
        }
        for path in paths {
            let answer = app.get(&path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
            assert_eq!(answer.header("content-type"), "application/json", "{path}");
            let found = faults(&validator, &answer.json());
            assert!(found.is_empty(), "{path}: {found:#?}");
            checked += 1;
        }
    }
    assert!(checked > 20, "only {checked} answers");
}

#[tokio::test]
async fn a_real_answer_with_another_key_or_without_one_is_found() {
    let app = TestApp::seeded().await;
    let document = described();
    let schema = &document["paths"]["/v1/claims"]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
    let validator = strict(&document, schema);
    let answer = app.get("/v1/claims").await.json();
    assert_eq!(faults(&validator, &answer), Vec::<String>::new());
    for (pointer, key) in [("/data/0", "metric"), ("/data/0/value", "low"), ("/meta", "snapshot")] {
        let mut without = answer.clone();
        without.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(key);
        assert!(!faults(&validator, &without).is_empty(), "{pointer} without {key}");
        let mut more = answer.clone();
        more.pointer_mut(pointer).unwrap()["more"] = json!(1);
        assert!(!faults(&validator, &more).is_empty(), "{pointer} with more");
        let mut other = answer.clone();
        other.pointer_mut(pointer).unwrap()[key] = json!([[]]);
        assert!(!faults(&validator, &other).is_empty(), "{pointer} with another {key}");
    }
}

#[tokio::test]
async fn real_answers_to_writes_and_real_problems_are_what_the_description_says() {
    let app = TestApp::seeded().await;
    let key = app.key(Scope::Write).await;
    let document = described();
    let schema_of = |path: &str, method: &str, status: &str| {
        document["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"].clone()
    };
    let claim = new_claim("UKR", "5", "2023");
    let added = app.ask(Method::POST, "/v1/claims").key(&key).json(&claim).send().await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
    let actor = json!({"slug": "new-one", "name": "New One", "kind": "organization"});
    let (many, record) = (
        app.ask(Method::POST, "/v1/claims").key(&key).ndjson(&[claim.clone(), new_claim("RUS", "6", "2023")]).send().await,
        app.ask(Method::POST, "/v1/actors").key(&key).json(&actor).send().await,
    );
    let id = added.json()["data"]["id"].as_str().unwrap().to_string();
    let retracted = app.ask(Method::POST, &format!("/v1/claims/{id}/retract")).key(&key).json(&json!({"reason": "x"})).send().await;
    for (what, answer, schema) in [
        ("one claim", &added, schema_of("/v1/claims", "post", "201")),
        ("many claims", &many, schema_of("/v1/claims", "post", "201")),
        ("a record", &record, schema_of("/v1/actors", "post", "201")),
        ("a step", &retracted, schema_of("/v1/claims/{id}/retract", "post", "200")),
    ] {
        assert!(answer.status.is_success(), "{what}: {}", answer.body);
        let found = faults(&strict(&document, &schema), &answer.json());
        assert!(found.is_empty(), "{what}: {found:#?}");
    }
    let problem = strict(&document, &json!({"$ref": "#/components/schemas/Problem"}));
    for path in ["/v1/claims?x=1&limit=0", "/v1/claims/x", "/nowhere"] {
        assert_eq!(faults(&problem, &app.get(path).await.json()), Vec::<String>::new(), "{path}");
    }
}

#[tokio::test]
async fn tables_have_the_media_types_that_are_described() {
    let app = TestApp::seeded().await;
    let places = places(&app).await;
    let document = described();
    let tables: Vec<Operation> = operations(&document).into_iter().filter(|operation| operation.path.ends_with(".{format}")).collect();
    assert!(tables.len() >= 8, "only {}", tables.len());
    for operation in &tables {
        let described: BTreeSet<&str> =
            operation.declared["responses"]["200"]["content"].as_object().unwrap().keys().map(String::as_str).collect();
        let mut answered = BTreeSet::new();
        for format in ["json", "csv", "ndjson"] {
            let path = real_path(operation, &places, format);
            let answer = app.get(&path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
            let media = answer.header("content-type").split(';').next().unwrap().to_string();
            if format == "json" {
                let schema = &operation.declared["responses"]["200"]["content"]["application/json"]["schema"];
                let found = faults(&strict(&document, schema), &answer.json());
                assert!(found.is_empty(), "{path}: {found:#?}");
            }
            answered.insert(media);
        }
        assert_eq!(answered, described.iter().map(ToString::to_string).collect(), "{}", operation.path);
    }
}

#[tokio::test]
async fn other_forms_of_an_answer_have_the_media_types_that_are_described() {
    let app = TestApp::seeded().await;
    let places = places(&app).await;
    let document = described();
    for (path, parameter, values) in [
        ("/v1/claims/{id}/provenance", "format", &["json", "dot", "mermaid", "svg", "prov-json", "jsonld"][..]),
        ("/v1/claims/{id}/cite", "style", &["apa", "mla", "chicago", "bibtex", "ris", "csl-json"]),
    ] {
        let operation = operations(&document).into_iter().find(|operation| operation.path == path && operation.method == "GET").unwrap();
        let described = operation.declared["responses"]["200"]["content"].as_object().unwrap().clone();
        for value in values {
            let real = format!("{}?{parameter}={value}", real_path(&operation, &places, "json"));
            let answer = app.get(&real).await;
            assert_eq!(answer.status, StatusCode::OK, "{real}");
            let media = answer.header("content-type").split(';').next().unwrap();
            assert!(described.contains_key(media), "{real} answers with {media}, which is not described");
        }
    }
}

#[tokio::test]
async fn every_example_of_a_parameter_is_taken() {
    let app = TestApp::seeded().await;
    let places = places(&app).await;
    let mut tried = 0;
    for operation in operations(&described()).iter().filter(|operation| operation.method == "GET") {
        for parameter in operation.declared["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter["in"] == "query") {
            let (Some(name), Some(example)) = (parameter["name"].as_str(), parameter["example"].as_str()) else { continue };
            // The numbers of states belong to a database of their own.
            let example = if name == "snapshot" { "1" } else { example };
            let encoded: String = example.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let path = real_path(operation, &places, "json");
            let (path, query) = path.split_once('?').unwrap_or((&path, ""));
            let rest: String = query
                .split('&')
                .filter(|pair| !pair.is_empty() && !pair.starts_with(&format!("{name}=")))
                .map(|pair| format!("&{pair}"))
                .collect();
            let path = format!("{path}?{name}={encoded}{rest}");
            let answer = app.get(&path).await;
            // At another moment or state, what is asked for may not be there yet.
            let early = ["as_of", "snapshot"].contains(&name) && answer.status == StatusCode::NOT_FOUND;
            assert!(answer.status == StatusCode::OK || early, "{path}: {}", answer.body);
            tried += 1;
        }
    }
    assert!(tried > 100, "only {tried} examples");
}

#[tokio::test]
async fn every_described_operation_exists() {
    let app = TestApp::seeded().await;
    let places = places(&app).await;
    for operation in operations(&described()) {
        let path = real_path(&operation, &places, "csv");
        let answer = app.ask(operation.method.parse().unwrap(), &path).send().await;
        let expected = if operation.method == "GET" { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        assert_eq!(answer.status, expected, "{} {path}: {}", operation.method, answer.body);
    }
}

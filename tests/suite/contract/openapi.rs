//! The API's description: valid, whole, and true of what the service answers.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use figurebase::domain::key::Scope;
use serde_json::{Value, json};

use super::{Operation, code_of, described, operations, read, sources};
use crate::support::TestApp;

/// Paths that are pages for people and belong in no description.
const PAGES: [&str; 2] = ["/docs", "/docs/problems"];

/// All faults that a validator finds, for a message that can be read.
fn faults(validator: &jsonschema::Validator, instance: &Value) -> Vec<String> {
    validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The official schema of OpenAPI 3.1 documents.
fn official() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(include_str!("fixtures/openapi-3.1.schema.json")).unwrap();
    jsonschema::draft202012::options().build(&schema).unwrap()
}

#[test]
fn the_description_is_valid_openapi_3_1() {
    let document = described();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    let found = faults(&official(), &document);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_description_that_is_not_valid_is_found() {
    let mut document = described();
    document["info"].as_object_mut().unwrap().remove("title");
    assert!(!faults(&official(), &document).is_empty());
    let mut document = described();
    document["paths"]["/v1/claims"]["get"]["parameters"][0]["in"] = json!("nowhere");
    assert!(!faults(&official(), &document).is_empty());
}

/// Visits every object of a document, with the way to it.
fn visit<'v>(value: &'v Value, way: &str, see: &mut impl FnMut(&str, &'v serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            see(way, object);
            for (key, inner) in object {
                visit(inner, &format!("{way}/{}", key.replace('~', "~0").replace('/', "~1")), see);
            }
        }
        Value::Array(array) => {
            for (position, inner) in array.iter().enumerate() {
                visit(inner, &format!("{way}/{position}"), see);
            }
        }
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_used() {
    let document = described();
    let mut referenced = BTreeSet::new();
    visit(&document, "", &mut |way, object| {
        if let Some(target) = object.get("$ref") {
            let target = target.as_str().unwrap();
            let pointer = target.strip_prefix('#').unwrap_or_else(|| panic!("{way} refers outside: {target}"));
            assert!(document.pointer(pointer).is_some(), "{way} refers to {target}, which does not exist");
            referenced.insert(target.rsplit('/').next().unwrap().to_string());
        }
    });
    let schemas: BTreeSet<String> = document["components"]["schemas"].as_object().unwrap().keys().cloned().collect();
    let idle: Vec<&String> = schemas.difference(&referenced).collect();
    assert!(idle.is_empty(), "described and nowhere used: {idle:?}");
}

#[test]
fn every_schema_is_a_json_schema_with_every_property_explained() {
    let document = described();
    let mut checked = 0;
    let mut silent = Vec::new();
    visit(&document, "", &mut |way, object| {
        if let Some(schema) = object.get("schema") {
            jsonschema::draft202012::meta::validate(schema).unwrap_or_else(|error| panic!("{way}/schema: {error}"));
            checked += 1;
        }
    });
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        jsonschema::draft202012::meta::validate(schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        checked += 1;
        let own = |schema: &Value| schema["description"].as_str().map_or(0, str::len);
        // What may be null is described beside the null.
        let words = |schema: &Value| own(schema) + schema["oneOf"].as_array().into_iter().flatten().map(own).sum::<usize>();
        // The three parts of every envelope explain themselves by what they hold.
        for (property, inner) in schema["properties"].as_object().into_iter().flatten() {
            if !["data", "meta", "links"].contains(&property.as_str()) && words(inner) == 0 {
                silent.push(format!("{name}.{property}"));
            }
        }
    }
    assert!(checked > 100, "only {checked} schemas");
    assert!(silent.is_empty(), "not explained: {silent:?}");
}

#[test]
fn operation_ids_are_unique_and_each_operation_is_explained() {
    let document = described();
    let tags: BTreeSet<&str> = document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut ids = BTreeSet::new();
    for Operation { method, path, declared } in operations(&document) {
        let id = declared["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no id")).to_string();
        assert!(ids.insert(id.clone()), "{id} stands twice");
        assert!(declared["summary"].as_str().is_some_and(|summary| summary.len() > 5), "{id} is not explained");
        for tag in declared["tags"].as_array().unwrap() {
            assert!(tags.contains(tag.as_str().unwrap()), "{id} has the tag {tag}, which is not explained");
        }
        let places: BTreeSet<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
        let parameters = declared["parameters"].as_array().cloned().unwrap_or_default();
        let declared_places: BTreeSet<&str> =
            parameters.iter().filter(|parameter| parameter["in"] == "path").filter_map(|parameter| parameter["name"].as_str()).collect();
        assert_eq!(places, declared_places, "{id}: places of its path");
        let mut seen = BTreeSet::new();
        for parameter in &parameters {
            assert!(seen.insert((parameter["in"].as_str(), parameter["name"].as_str())), "{id}: {parameter} stands twice");
            assert!(parameter["description"].as_str().is_some_and(|words| words.len() > 5), "{id}: {parameter} is not explained");
        }
    }
}

#[test]
fn every_operation_names_the_shape_of_its_errors_and_every_write_its_body() {
    for Operation { method, path, declared } in operations(&described()) {
        let problem = &declared["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
        assert_eq!(problem, "#/components/schemas/Problem", "{method} {path}");
        let answers = declared["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2')), "{method} {path}");
        assert_eq!(method != "GET", declared.get("requestBody").is_some(), "{method} {path}");
        assert_eq!(method != "GET", declared.get("security").is_some(), "{method} {path}");
    }
}

/// The handlers in the route list, `module::name`.
fn listed_handlers() -> Vec<String> {
    let code = code_of(&read("src/http/mod.rs"));
    let lists = code.split("routes!(").skip(1).filter_map(|rest| rest.split_once(')')).map(|(list, _)| list);
    lists.flat_map(|list| list.split(',')).map(|name| name.trim().to_string()).filter(|name| name.contains("::")).collect()
}

#[test]
fn every_handler_in_the_route_list_is_described_under_its_own_name() {
    let ids: BTreeSet<String> = operations(&described())
        .iter()
        .map(|operation| operation.declared["operationId"].as_str().unwrap().trim_end_matches("_flat").to_string())
        .collect();
    let handlers: BTreeSet<String> = listed_handlers().iter().map(|name| name.rsplit("::").next().unwrap().to_string()).collect();
    assert_eq!(handlers, ids);
}

#[test]
fn every_documented_handler_is_in_the_route_list() {
    let listed: BTreeSet<String> = listed_handlers().into_iter().collect();
    let mut documented = 0;
    for (path, source) in sources() {
        let Some(file) = path.strip_prefix("src/http/").and_then(|file| file.strip_suffix(".rs")) else { continue };
        let code = code_of(&source);
        for after in code.split("#[utoipa::path(").skip(1) {
            let name = after.split_once("pub async fn ").map(|(_, rest)| rest.split('(').next().unwrap()).unwrap();
            documented += 1;
            // Handlers that a macro makes are named where it is called; the test above finds those.
            assert!(name.starts_with('$') || listed.contains(&format!("{file}::{name}")), "{file}::{name} is documented and no route");
        }
    }
    assert!(documented > 15, "only {documented} handlers were found");
}

#[test]
fn every_other_route_of_the_router_is_described_or_a_page() {
    let source = read("src/http/mod.rs");
    let document = described();
    let routes: Vec<&str> = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(routes.contains(&"/docs"), "{routes:?}");
    for route in routes {
        assert!(document["paths"].get(route).is_some() || PAGES.contains(&route), "{route} is served and not described");
    }
}

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
        "/v1/series" | "/v1/series.{format}" => "?metric=trade-value",
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
    let claim = crate::support::new_claim("UKR", "5", "2023");
    let added = app.ask(Method::POST, "/v1/claims").key(&key).json(&claim).send().await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
    let actor = json!({"slug": "new-one", "name": "New One", "kind": "organization"});
    let (many, record) = (
        app.ask(Method::POST, "/v1/claims").key(&key).ndjson(&[claim.clone(), crate::support::new_claim("RUS", "6", "2023")]).send().await,
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

#[tokio::test]
async fn the_service_serves_this_very_description() {
    let app = TestApp::empty().await;
    let answer = app.get("/v1/openapi.json").await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(answer.json(), described());
}

/// Addresses that a page or script would load something from, or send something to.
fn foreign(text: &str) -> Vec<&str> {
    let begins = ["http://", "https://", "src=\"//", "href=\"//", "url(//"];
    begins
        .iter()
        .flat_map(|begin| text.match_indices(begin))
        .map(|(at, _)| text[at..].split(['"', '\'', ')', ' ', '<']).next().unwrap())
        .collect()
}

#[tokio::test]
async fn the_documentation_page_needs_no_other_host() {
    let app = TestApp::empty().await;
    let page = app.get("/docs").await;
    assert!(page.status.is_redirection());
    let page = app.get(page.header("location")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(foreign(&page.body), Vec::<&str>::new());
    let policy = page.header("content-security-policy");
    for rule in ["default-src 'none'", "script-src 'self'", "connect-src 'self'"] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("http") && !policy.contains('*') && !policy.contains("unsafe-eval"), "{policy}");
    // No script stands in the page itself, for the policy would not run it.
    assert!(page.body.split("<script").skip(1).all(|script| script.split('>').next().unwrap().contains("src=")), "{}", page.body);
    let loaded: Vec<&str> =
        ["src=\"", "href=\""].iter().flat_map(|mark| page.body.split(mark).skip(1)).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(loaded.len() >= 4, "{loaded:?}");
    for file in loaded {
        let path = format!("/docs/api/{}", file.trim_start_matches("./"));
        let request = axum::http::Request::builder().uri(&path).body(axum::body::Body::empty()).unwrap();
        let state = figurebase::http::state::AppState::new(app.store.clone(), figurebase::http::state::Limits::default(), None);
        let response = tower::ServiceExt::oneshot(figurebase::http::router(state), request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
    }
    let settings = app.get("/docs/api/swagger-initializer.js").await;
    assert_eq!(foreign(&settings.body), Vec::<&str>::new());
    let plain: String = settings.body.split_whitespace().collect();
    assert!(plain.contains("\"validatorUrl\":\"none\"") && plain.contains("\"url\":\"/v1/openapi.json\""), "{}", settings.body);
}

//! The API's description: valid, whole, in step with the routes, and served with a page that shows it.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{code_of, read, sources};
use crate::api::{Operation, described, faults, operations};
use crate::support::TestApp;

/// Paths that are pages for people and belong in no description.
const PAGES: [&str; 2] = ["/docs", "/docs/problems"];

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

//! The description of the API, made from the same route list that serves it, and the page that shows it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ArrayBuilder, ContentBuilder, ObjectBuilder, OpenApi as Document, Ref, RefOr, Required, ResponseBuilder, Type};
use utoipa::{OpenApi, PartialSchema, ToSchema};

use super::answer::{Asked, Validators, text};
use super::params::{NoParams, Query};
use super::problem::{Place, Problem, ProblemDetail, ProblemType};

/// Paths that also come as flat rows, with a suffix.
const FLAT_PATHS: [&str; 8] =
    ["/v1/claims", "/v1/series", "/v1/summary", "/v1/actors", "/v1/metrics", "/v1/units", "/v1/sources", "/v1/sources/{slug}/claims"];

/// What the description begins with; paths and answers come from the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Figurebase",
        description = "Numbers that somebody claimed: as intervals with their comparators, each tied to its exact words, its source and that source's own sources.\n\nReads are open. Writes need a key: `Authorization: Bearer <key>`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "claims", description = "Numbers that somebody claimed"),
        (name = "figures", description = "Series, summaries and the values that filters can take"),
        (name = "actors", description = "Whom numbers are about"),
        (name = "metrics", description = "What is measured"),
        (name = "units", description = "In what it is measured"),
        (name = "sources", description = "Where it was printed"),
        (name = "documents", description = "Stored texts of sources"),
        (name = "rates", description = "Exchange rates, by which values are shown in another currency"),
        (name = "extraction", description = "Figures of texts, as candidates"),
        (name = "resolve", description = "What a name may mean"),
        (name = "operation", description = "Health, statistics, this description")
    )
)]
pub struct Description;

/// The finished description as JSON text, and when it was made.
#[derive(Clone)]
pub struct DescriptionText {
    /// The text.
    pub text: Arc<str>,
    /// When the service started.
    pub made_at: jiff::Timestamp,
}

/// The description of this API (OpenAPI 3.1).
#[utoipa::path(get, path = "/v1/openapi.json", operation_id = "show_openapi", tag = "operation",
    responses((status = 200, description = "This document", body = Object)))]
pub async fn show_openapi(State(description): State<DescriptionText>, asked: Asked) -> Response {
    if let Err(error) = Query::read(asked.query(), NoParams::TABLES).finish() {
        return error.into_response();
    }
    let validators = Validators::of_program(&asked, "openapi", description.made_at);
    validators.not_modified(&asked).unwrap_or_else(|| text(description.text.to_string(), "application/json", &validators))
}

/// Adds what holds for every operation: the shape of errors, the scheme of keys, flat forms of lists.
pub fn completed(mut document: Document) -> Document {
    add_flat_paths(&mut document);
    let problems = ProblemType::ALL.iter().map(|kind| format!("`{}` ({})", kind.code, kind.status.as_u16())).collect::<Vec<_>>();
    let problem = ResponseBuilder::new()
        .description(format!("Every error has this one shape; its `code` is one of {}.", problems.join(", ")))
        .content("application/problem+json", ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build())
        .build();
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            operation.responses.responses.insert("default".into(), RefOr::T(problem.clone()));
        }
    }
    let components = document.components.get_or_insert_default();
    for (name, schema) in
        [(Problem::name(), Problem::schema()), (ProblemDetail::name(), ProblemDetail::schema()), (Place::name(), Place::schema())]
    {
        components.schemas.insert(name.into_owned(), schema);
    }
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A key made with `figurebase keys create`.")).build();
    components.add_security_scheme("key", SecurityScheme::Http(scheme));
    document
}

/// The operations of a path.
pub fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.patch, &mut item.put, &mut item.delete].into_iter().flatten()
}

/// Describes `PATH.{format}` beside each list: the same operation, all matching rows as a flat table.
fn add_flat_paths(document: &mut Document) {
    for path in FLAT_PATHS {
        let Some(operation) = document.paths.paths.get(path).and_then(|item| item.get.clone()) else { continue };
        let mut flat = operation;
        flat.operation_id = flat.operation_id.map(|id| format!("{id}_flat"));
        flat.summary = flat.summary.map(|summary| format!("{summary} As flat rows: all that match, streamed."));
        let format = ParameterBuilder::new()
            .name("format")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("Form of the table."))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["json", "csv", "ndjson"]))))
            .build();
        let parameters = flat.parameters.get_or_insert_default();
        parameters.retain(|parameter| !matches!(parameter, RefOr::T(parameter) if parameter.name == "format"));
        parameters.push(RefOr::T(format));
        let rows = ResponseBuilder::new()
            .description("Flat rows")
            .content("application/json", ContentBuilder::new().schema(Some(ArrayBuilder::new().items(ObjectBuilder::new()))).build())
            .content("text/csv", ContentBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String))).build())
            .content("application/x-ndjson", ContentBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String))).build())
            .build();
        flat.responses.responses.insert("200".into(), RefOr::T(rows));
        let mut item = PathItem::default();
        item.get = Some(flat);
        document.paths.paths.insert(format!("{path}.{{format}}"), item);
    }
}

//! The only place that knows status codes: routes, inputs, answers, problems.
//!
//! - this file: every route, and the layers around them;
//! - `params` declares all query parameters; `claim_params` turns them into a filter; `body` reads bodies, `auth` keys;
//! - `claims`, `claim_versions`, `claim_writes`, `claim_steps`, `cite`, `provenance`; `series`, `summary`, `compare` (`comparison_view` shows it), charts of both (`drawn`), `findings` (`surroundings` fetches what they rest on, `mutes` leaves some out), `facets`, `stats`; `records`,
//!   `record_view`, `record_writes`, `citations`, `resolve`, `documents`, `rates`; `extractions` with
//!   `extraction_body`, `extraction_view` and `reading_desk` (where texts are looked through); `health`: the handlers;
//! - `answer` (validators, envelope), `asked_claim` (the one a path names), `labels`, `flat` (streamed tables), `format`, `paging`,
//!   `freshness` (how new the data has to be): how answers are made;
//! - `problem`: every error, of one shape; `context`: the outermost layer, which writes it;
//! - `openapi`: the description, from the same route list; `state`: what handlers share; `server`: connections; `in_process`: answers without one.
//!
//! To add a route: write its handler with `#[utoipa::path]`, whose name is its operation id, and list it in [`router`].

mod answer;
mod asked_claim;
mod auth;
mod body;
mod citations;
mod cite;
mod claim_params;
mod claim_steps;
mod claim_versions;
mod claim_writes;
mod claims;
mod compare;
mod comparison_view;
mod context;
mod documents;
mod drawn;
mod extraction_body;
mod extraction_view;
mod extractions;
mod facets;
mod findings;
mod flat;
mod format;
mod freshness;
mod health;
pub mod in_process;
mod labels;
mod mutes;
pub mod openapi;
mod paging;
pub mod params;
pub mod problem;
mod provenance;
mod rates;
mod reading_desk;
mod record_view;
mod record_writes;
mod records;
mod resolve;
mod series;
pub mod server;
pub mod state;
mod stats;
mod summary;
mod surroundings;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{Html, Redirect, Response};
use axum::routing::get;
use tower::Layer;
use tower::util::{BoxCloneSyncService, MapRequestLayer};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::{Config, SwaggerUi};

use openapi::{Description, DescriptionText, completed};
use problem::ProblemType;
use state::AppState;

/// What a web page may do with our answers: nothing but show them, and the documentation page its own files.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The whole service, ready to be given requests.
pub type Service = BoxCloneSyncService<Request, Response, std::convert::Infallible>;

/// All routes with their description.
fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(claims::list_claims, claim_writes::add_claims))
        .routes(routes!(claims::find_claim, claim_writes::revise_claim))
        .routes(routes!(claim_versions::list_claim_versions))
        .routes(routes!(cite::cite_claim))
        .routes(routes!(provenance::find_provenance))
        .routes(routes!(claim_steps::accept_claim))
        .routes(routes!(claim_steps::reject_claim))
        .routes(routes!(claim_steps::retract_claim))
        .routes(routes!(claim_steps::restore_claim))
        .routes(routes!(claim_steps::supersede_claim))
        .routes(routes!(series::list_series))
        .routes(routes!(summary::summarize_claims))
        .routes(routes!(series::draw_series))
        .routes(routes!(compare::compare_claims))
        .routes(routes!(compare::draw_comparison))
        .routes(routes!(findings::list_findings))
        .routes(routes!(mutes::mute_finding))
        .routes(routes!(mutes::unmute_finding))
        .routes(routes!(facets::list_availability))
        .routes(routes!(stats::show_stats))
        .routes(routes!(records::list_actors, records::add_actor))
        .routes(routes!(records::find_actor, records::revise_actor))
        .routes(routes!(records::list_metrics, records::add_metric))
        .routes(routes!(records::find_metric, records::revise_metric))
        .routes(routes!(records::list_units, records::add_unit))
        .routes(routes!(records::find_unit, records::revise_unit))
        .routes(routes!(records::list_sources, records::add_source))
        .routes(routes!(records::find_source, records::revise_source))
        .routes(routes!(citations::list_citations))
        .routes(routes!(claims::list_claims_of_source))
        .routes(routes!(documents::add_document))
        .routes(routes!(documents::find_document))
        .routes(routes!(extractions::add_extraction))
        .routes(routes!(rates::list_rates, rates::add_rates))
        .routes(routes!(resolve::resolve_name))
        .routes(routes!(health::show_health))
        .routes(routes!(health::show_readiness))
}

/// The description of the API.
pub fn description() -> utoipa::openapi::OpenApi {
    let own = OpenApiRouter::<DescriptionText>::new().routes(routes!(openapi::show_openapi));
    let (_, mut document) = routes().split_for_parts();
    document.merge(own.split_for_parts().1);
    completed(document)
}

/// Routes and the layers around them.
pub fn router(state: AppState) -> Service {
    let document = description();
    let text: Arc<str> = serde_json::to_string_pretty(&document).unwrap_or_default().into();
    let own = Router::new()
        .route("/v1/openapi.json", get(openapi::show_openapi))
        .with_state(DescriptionText { text, made_at: state.store.clock().now() });
    let ui = SwaggerUi::new("/docs/api").config(Config::from("/v1/openapi.json").validator_url("none").try_it_out_enabled(true));
    let (api, _) = routes().split_for_parts();
    let routes = api
        .with_state(state.clone())
        .merge(own)
        .merge(ui)
        .route("/docs", get(|| async { Redirect::permanent("/docs/api/") }))
        .route("/docs/problems", get(show_problems))
        .fallback(context::unknown_path)
        .method_not_allowed_fallback(context::unknown_method)
        .layer(CatchPanicLayer::custom(context::panicked))
        .layer(from_fn_with_state(state.clone(), freshness::with_snapshot))
        .layer(from_fn(format::only_read_tables))
        .layer(from_fn(with_safe_headers))
        .layer(from_fn_with_state(state, context::in_context))
        .layer(cross_origin())
        .layer(from_fn(only_reads_cross_origin));
    // Before routing: `/v1/claims.csv` is `/v1/claims` in another form.
    BoxCloneSyncService::new(MapRequestLayer::new(format::cut_suffix).layer(routes))
}

/// Pages of other sites may read, with no credentials, and nothing else.
fn cross_origin() -> CorsLayer {
    CorsLayer::new().allow_origin(Any).allow_methods([Method::GET, Method::HEAD]).allow_headers(Any).expose_headers([
        header::ETAG,
        header::LAST_MODIFIED,
        header::LINK,
        header::CONTENT_DISPOSITION,
        context::REQUEST_ID,
        freshness::SNAPSHOT,
    ])
}

/// Takes back what the layer within adds to the answers of writes too.
async fn only_reads_cross_origin(request: Request, next: axum::middleware::Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let mut response = next.run(request).await;
    if !is_read {
        response.headers_mut().remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        response.headers_mut().remove(header::ACCESS_CONTROL_EXPOSE_HEADERS);
    }
    response
}

async fn with_safe_headers(request: Request, next: axum::middleware::Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    response
}

/// The types of problems, where every problem's `type` leads.
async fn show_problems() -> Html<String> {
    let rows: String = ProblemType::ALL
        .iter()
        .map(|kind| {
            format!("<tr id=\"{0}\"><td><code>{0}</code></td><td>{1}</td><td>{2}</td></tr>\n", kind.code, kind.status.as_u16(), kind.title)
        })
        .collect();
    Html(format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Problems</title>\n<h1>Problems</h1>\n\
         <p>Every error is <code>application/problem+json</code> with one of these codes.</p>\n\
         <table><thead><tr><th>code</th><th>status</th><th>meaning</th></tr></thead><tbody>\n{rows}</tbody></table></html>\n"
    ))
}

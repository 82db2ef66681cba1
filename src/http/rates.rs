//! Exchange rates coming in. Values are only ever shown in another currency with the rate, its day and who published it.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Asked, Links, Meta};
use super::auth::Caller;
use super::body::{self, Media};
use super::params::{Query, RateParams};
use super::problem::{ApiError, ProblemType};
use super::state::AppState;
use crate::domain::invalid::Invalid;
use crate::domain::key::Scope;
use crate::domain::slug::Slug;
use crate::exchange::rate_input::{RateTable, read_csv, read_json};
use crate::ingest::file::LineFaults;
use crate::ingest::rates::{blamed, items, unknown_currencies};
use crate::store::change::{Change, Outcome};

/// Rates of one request: a year of all currencies of a central bank, and few enough to be written as one change.
const RATES_MAX: usize = 20_000;

/// What became of rates.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatesView {
    /// How many are new, or have another number or source than before.
    pub created: usize,
    /// How many were there already.
    pub unchanged: usize,
}

/// The answer to rates.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatesAdded {
    data: RatesView,
    meta: Meta,
    links: Links,
}

/// Rows as they are sent, for the documentation.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only describes the body")]
pub struct RateBody {
    /// The currency that is priced.
    #[schema(example = "EUR")]
    base: String,
    /// The currency in which.
    #[schema(example = "USD")]
    quote: String,
    /// The day.
    #[schema(example = "2024-01-31")]
    day: String,
    /// The price, as a number or text.
    #[schema(example = "1.0837", value_type = String)]
    rate: String,
    /// Who published it.
    #[schema(example = "ECB euro reference rates")]
    source: String,
}

/// Adds exchange rates, all of them or none: a JSON array of rows; or, as `text/csv`, a long table (`base,quote,day,rate,source`) or a
/// wide one (`Date` and a column for each currency). Another rate for a day that has one is its new version.
#[utoipa::path(post, path = "/v1/rates", operation_id = "add_rates", tag = "rates", security(("key" = [])),
    params(RateParams),
    request_body(content((Vec<RateBody> = "application/json"), (String = "text/csv"))),
    responses((status = 201, description = "Recorded", body = RatesAdded), (status = 200, description = "Nothing was new", body = RatesAdded)))]
pub async fn add_rates(State(state): State<AppState>, caller: Caller, asked: Asked, request: Request) -> Result<Response, ApiError> {
    caller.need(Scope::Write)?;
    let mut query = Query::read(asked.query(), RateParams::TABLES);
    let table = RateTable { base: query.parsed("base", Slug::parse), source: query.one("source") };
    query.finish()?;
    let sent = body::sent_with_query(&state, &caller, &asked, request, &[Media::Json, Media::Csv], state.limits.document_bytes).await?;
    if let Some(outcome) = sent.earlier {
        return Ok(answer(&asked, &outcome));
    }
    let read = if sent.media == Media::Csv { read_csv(&sent.text, &table) } else { read_json(&sent.text) };
    let rates =
        read.map_err(|bad| ApiError::lines(&bad.into_iter().map(|(line, faults)| LineFaults { line, faults }).collect::<Vec<_>>()))?;
    if rates.is_empty() {
        return Err(ApiError::new(&ProblemType::MALFORMED_BODY, "The body holds no rate."));
    }
    if rates.len() > RATES_MAX {
        let fault = Invalid::new("too-many", "", format!("holds more than {RATES_MAX} rates; send them in parts"));
        return Err(ApiError::body(&fault.into()));
    }
    let unknown = unknown_currencies(&state.store, &rates, state.store.head().await?.at).await?;
    if !unknown.is_empty() {
        return Err(ApiError::lines(&blamed(&rates, &unknown)));
    }
    let change = Change { items: items(rates).collect(), recorder: caller.name.clone(), idempotency: sent.idempotency };
    let outcome = state.store.write(change).await?;
    Ok(answer(&asked, &outcome))
}

fn answer(asked: &Asked, outcome: &Outcome) -> Response {
    let created = outcome.created();
    let status = if created > 0 { StatusCode::CREATED } else { StatusCode::OK };
    let data = RatesView { created, unchanged: outcome.written.len() - created };
    (status, axum::Json(RatesAdded { data, meta: Meta { snapshot: outcome.seq }, links: Links::to_self(asked) })).into_response()
}

//! Exchange rates, coming in and listed. Values are only ever shown in another currency with the rate, its day and who published it.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Meta, Validators, json, link_next};
use super::auth::Caller;
use super::body::{self, Media};
use super::claim_params::{basis, from_to};
use super::freshness::Reading;
use super::paging::{Cursor, LIMIT_DEFAULT, next_link, request_hash, take_cursor, take_limit};
use super::params::{Query, RateListParams, RateParams};
use super::problem::ApiError;
use super::state::AppState;
use crate::domain::invalid::Invalid;
use crate::domain::key::Scope;
use crate::domain::period::day_number;
use crate::domain::slug::Slug;
use crate::exchange::claim_view::PlainNumber;
use crate::exchange::rate_input::{RateTable, read_csv, read_json};
use crate::ingest::file::LineFaults;
use crate::ingest::rates::{blamed, items, unknown_currencies};
use crate::store::change::{Change, Outcome};
use crate::store::rates::{RateFilter, RateKey, RateVersion};

/// Rates of one request: a year of all currencies of a central bank, and few enough to be written as one change.
const RATES_MAX: usize = 20_000;

/// A rate.
#[derive(Debug, Serialize, ToSchema)]
pub struct RateView {
    /// The currency that is priced.
    pub base: String,
    /// The currency in which.
    pub quote: String,
    /// The day.
    pub day: String,
    /// The price.
    pub rate: PlainNumber,
    /// The same, exactly, with the zeros that were published.
    pub rate_exact: String,
    /// Who published it.
    pub source: String,
    /// Counts from 1; another rate for the same day is a new version.
    pub version: i64,
    /// When this version was stored.
    pub recorded_at: String,
    /// Who stored it.
    pub recorded_by: String,
}

impl RateView {
    fn new(found: &RateVersion) -> Self {
        let rate = &found.rate;
        Self {
            base: rate.base.to_string(),
            quote: rate.quote.to_string(),
            day: rate.day.to_string(),
            rate: PlainNumber::from(&rate.rate),
            rate_exact: rate.published(),
            source: rate.source.clone(),
            version: found.version,
            recorded_at: found.recorded_at.to_string(),
            recorded_by: found.recorded_by.clone(),
        }
    }
}

/// Rates, as the documentation shows them.
#[derive(Serialize, ToSchema)]
pub struct RatesAnswer {
    data: Vec<RateView>,
    meta: Meta,
    links: Links,
}

/// The recorded exchange rates, by pair and day.
#[utoipa::path(get, path = "/v1/rates", operation_id = "list_rates", tag = "rates", params(RateListParams),
    responses((status = 200, description = "A page", body = RatesAnswer)))]
pub async fn list_rates(Reading(state): Reading, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), RateListParams::TABLES);
    let request = request_hash(asked.path(), asked.query());
    let cursor: Option<Cursor<RateKey>> = take_cursor(&mut query, &request);
    let basis = basis(&state, &mut query, cursor.as_ref().map(|cursor| cursor.pinned)).await?;
    // A code that is none matches nothing.
    let codes = |codes: Vec<String>| codes.iter().filter_map(|code| Slug::parse(code).ok()).collect::<Vec<_>>();
    let (base, quote) = (query.list("base").map(codes), query.list("quote").map(codes));
    let filter = RateFilter { base, quote, either: None, days: from_to(&mut query) };
    let limit = take_limit(&mut query).unwrap_or(LIMIT_DEFAULT);
    query.finish()?;
    let validators = Validators::of_state(&asked, "envelope", basis.at, basis.reached_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let after = cursor.map(|cursor| cursor.after);
    let mut found = state.store.list_rates(&filter, after.as_ref(), limit + 1, basis.at).await?;
    let is_last = found.len() <= limit;
    found.truncate(limit);
    let key = |last: &RateVersion| (last.rate.base.to_string(), last.rate.quote.to_string(), day_number(last.rate.day));
    let last = found.last().filter(|_| !is_last).map(key);
    let next = last.map(|after| next_link(asked.path(), asked.query(), &Cursor::new(basis, &request, after).encode()));
    let data: Vec<RateView> = found.iter().map(RateView::new).collect();
    let links = Links { itself: asked.uri.to_string(), next: next.clone() };
    let mut response = json(&Envelope { data, meta: Meta { snapshot: basis.at.0 }, links }, &validators)?;
    link_next(&mut response, next.as_deref());
    Ok(response)
}

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
        return Err(ApiError::body(&Invalid::new("missing-value", "", "holds no rate").into()));
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

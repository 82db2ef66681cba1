//! One series over time, for a chart.

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Validators, json, link_next, text};
use super::claim_params::{basis, claim_filter};
use super::drawn::{SVG, of_series};
use super::flat::{self, Table};
use super::format::Format;
use super::freshness::Reading;
use super::paging::{Cursor, LIMIT_DEFAULT, next_link, request_hash, take_cursor, take_limit};
use super::params::{DrawnSeriesParams, Query, SeriesParams};
use super::problem::ApiError;
use crate::domain::catalog::Catalog;
use crate::domain::history::ClaimVersion;
use crate::domain::slug::Slug;
use crate::exchange::chart::timeline;
use crate::exchange::claim_view::PlainNumber;
use crate::store::claims::{PageStart, Sort, SortKey};

/// A claim as a point of a series.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesRow {
    /// The time the number is about (EDTF).
    pub period: Option<String>,
    /// First day.
    pub period_start: Option<String>,
    /// Last day.
    pub period_end: Option<String>,
    /// The printed number.
    pub best: Option<PlainNumber>,
    /// The same, exactly.
    pub best_exact: Option<String>,
    /// Lower end.
    pub low: Option<PlainNumber>,
    /// The same, exactly.
    pub low_exact: Option<String>,
    /// Upper end.
    pub high: Option<PlainNumber>,
    /// The same, exactly.
    pub high_exact: Option<String>,
    /// How the printed number relates to the quantity.
    pub comparator: &'static str,
    /// Slug of the unit.
    pub unit: String,
    /// ISO 8601 duration of a rate.
    pub per: Option<String>,
    /// Slug of the source.
    pub source: Option<String>,
    /// Publisher of the source.
    pub publisher: Option<String>,
    /// Slug of the metric.
    pub metric: String,
    /// Slug of the actor.
    pub actor: Option<String>,
    /// Slug of the counterpart.
    pub counterpart: Option<String>,
    /// How far promised money has come.
    pub stage: Option<&'static str>,
    /// Id of the claim.
    pub id: String,
}

/// Columns of a flat series.
const SERIES_COLUMNS: [&str; 19] = [
    "period",
    "period_start",
    "period_end",
    "best",
    "best_exact",
    "low",
    "low_exact",
    "high",
    "high_exact",
    "comparator",
    "unit",
    "per",
    "source",
    "publisher",
    "metric",
    "actor",
    "counterpart",
    "stage",
    "id",
];

impl SeriesRow {
    fn new(version: &ClaimVersion, catalog: &Catalog) -> Self {
        let claim = &version.claim;
        let value = &claim.value;
        let (low, high) = (value.interval.low(), value.interval.high());
        let slug = |slug: &Option<Slug>| slug.as_ref().map(ToString::to_string);
        let period = claim.period.as_ref();
        Self {
            period: period.map(ToString::to_string),
            period_start: period.and_then(super::super::domain::period::Period::start).map(|day| day.to_string()),
            period_end: period.and_then(super::super::domain::period::Period::end).map(|day| day.to_string()),
            best: value.best.as_ref().map(PlainNumber::from),
            best_exact: value.best.as_ref().map(ToString::to_string),
            low: low.map(|end| PlainNumber::from(&end.at)),
            low_exact: low.map(|end| end.at.to_string()),
            high: high.map(|end| PlainNumber::from(&end.at)),
            high_exact: high.map(|end| end.at.to_string()),
            comparator: value.comparator.as_str(),
            unit: value.unit.to_string(),
            per: value.per.as_ref().map(|per| per.as_str().to_string()),
            publisher: claim.source.as_ref().and_then(|slug| catalog.sources.get(slug)).and_then(|found| found.record.publisher.clone()),
            source: slug(&claim.source),
            metric: claim.metric.to_string(),
            actor: slug(&claim.actor),
            counterpart: slug(&claim.counterpart),
            stage: claim.stage.map(super::super::domain::claim::Stage::as_str),
            id: version.id.to_string(),
        }
    }
}

/// What a series says about itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesMeta {
    /// The state that the answer was computed from.
    pub snapshot: i64,
    /// Rows in this answer.
    pub returned: usize,
    /// Units among these rows; more than one means that they do not belong on one axis.
    pub units: Vec<String>,
}

/// A series, as the documentation shows it.
#[derive(Serialize, ToSchema)]
pub struct SeriesAnswer {
    data: Vec<SeriesRow>,
    meta: SeriesMeta,
    links: Links,
}

/// One series over time, one row for each claim, oldest first; `metric` is required.
#[utoipa::path(get, path = "/v1/series", operation_id = "list_series", tag = "figures", params(SeriesParams),
    responses((status = 200, description = "Rows in the order of time", body = SeriesAnswer)))]
pub async fn list_series(Reading(state): Reading, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), SeriesParams::TABLES);
    let request = request_hash(asked.path(), asked.query());
    let cursor: Option<Cursor<PageStart>> = take_cursor(&mut query, &request);
    let basis = basis(&state, &mut query, cursor.as_ref().map(|cursor| cursor.pinned)).await?;
    let filter = claim_filter(&state, &mut query, basis.at).await?;
    if filter.metric.is_none() {
        query.fault("metric", "is required: a series is of one metric");
    }
    let format = Format::asked(&mut query, asked.suffix, &asked.headers)?;
    let limit = take_limit(&mut query);
    query.finish()?;
    let validators = Validators::of_state(&asked, format.suffix().unwrap_or("envelope"), basis.at, basis.reached_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let sort = Sort { key: SortKey::PeriodStart, descending: false };
    let start = cursor.map(|cursor| cursor.after);
    if format != Format::Envelope {
        let columns = SERIES_COLUMNS.iter().map(ToString::to_string).collect();
        let row = |version: &ClaimVersion, catalog: &Catalog| serde_json::to_value(SeriesRow::new(version, catalog));
        let table = Table { filter, sort, start, limit, at: basis.at, columns, row };
        return flat::claims(state, table, format, &asked, &validators).await;
    }
    let page = state.store.list_claims(&filter, sort, start.as_ref(), limit.unwrap_or(LIMIT_DEFAULT), basis.at).await?;
    let catalog = state.store.catalog_of(&page.claims, basis.at).await?;
    let data: Vec<SeriesRow> = page.claims.iter().map(|version| SeriesRow::new(version, &catalog)).collect();
    let next = page.next.map(|after| next_link(asked.path(), asked.query(), &Cursor::new(basis, &request, after).encode()));
    let units: std::collections::BTreeSet<String> = data.iter().map(|row| row.unit.clone()).collect();
    let meta = SeriesMeta { snapshot: basis.at.0, returned: data.len(), units: units.into_iter().collect() };
    let mut response = json(&Envelope { data, meta, links: Links { itself: asked.uri.to_string(), next: next.clone() } }, &validators)?;
    link_next(&mut response, next.as_deref());
    Ok(response)
}

/// Claims that a drawn series shows.
const DRAWN_MAX: usize = 1_000;

/// The same, drawn over time: each claim a dot with its interval. `metric` is required.
#[utoipa::path(get, path = "/v1/series.svg", operation_id = "draw_series", tag = "figures", params(DrawnSeriesParams),
    responses((status = 200, description = "The drawing", body = String, content_type = "image/svg+xml")))]
pub async fn draw_series(Reading(state): Reading, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), DrawnSeriesParams::TABLES);
    let basis = basis(&state, &mut query, None).await?;
    let filter = claim_filter(&state, &mut query, basis.at).await?;
    if filter.metric.is_none() {
        query.fault("metric", "is required: a series is of one metric");
    }
    query.finish()?;
    let validators = Validators::of_state(&asked, "svg", basis.at, basis.reached_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let sort = Sort { key: SortKey::PeriodStart, descending: false };
    let page = state.store.list_claims(&filter, sort, None, DRAWN_MAX, basis.at).await?;
    let catalog = state.store.catalog_of(&page.claims, basis.at).await?;
    Ok(text(timeline(&of_series(&page.claims, &catalog, page.next.is_some())), SVG, &validators))
}

//! Numbers about numbers: a series for a chart, groups, the values that filters can take, and the database as a whole.

use std::collections::{BTreeMap, HashMap};

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Meta, Validators, json, link_next};
use super::claim_params::{basis, claim_filter};
use super::claims::parse_field;
use super::flat::{self, Table};
use super::format::Format;
use super::paging::{Cursor, LIMIT_DEFAULT, next_link, request_hash, take_cursor, take_limit};
use super::params::{AvailabilityParams, BasisParams, Query, SeriesParams, SummaryParams};
use super::problem::ApiError;
use super::state::AppState;
use crate::domain::actor::Actor;
use crate::domain::catalog::Catalog;
use crate::domain::history::ClaimVersion;
use crate::domain::metric::Metric;
use crate::domain::period::day_of;
use crate::domain::record::Record;
use crate::domain::source::Source;
use crate::domain::unit::Unit;
use crate::exchange::claim_view::PlainNumber;
use crate::exchange::fields::one_of;
use crate::store::At;
use crate::store::claims::{PageStart, Sort, SortKey};
use crate::store::figures::{Field, Group, GroupKey, ValueCount};
use crate::store::filter::ClaimFilter;

/// Values of one field that are listed when nothing is said.
const VALUES_DEFAULT: usize = 100;
/// Values, or groups, that are listed at most.
const VALUES_MAX: usize = 1000;
/// A value of a field, and how many claims have it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FacetCount {
    /// The value, as the filter takes it.
    pub value: String,
    /// What to call it.
    pub label: String,
    /// How many claims.
    pub count: i64,
    /// The list with this value added to, or taken out of, its filter.
    pub url: String,
}

/// Counts the values of some fields among the claims that a filter means.
pub async fn facets(
    state: &AppState,
    asked: &Asked,
    fields: &[Field],
    filter: &ClaimFilter,
    at: At,
) -> Result<BTreeMap<&'static str, Vec<FacetCount>>, ApiError> {
    let mut all = BTreeMap::new();
    for field in fields {
        all.insert(field.name(), counted(state, asked, *field, filter, VALUES_DEFAULT, at).await?);
    }
    Ok(all)
}

async fn counted(
    state: &AppState,
    asked: &Asked,
    field: Field,
    filter: &ClaimFilter,
    limit: usize,
    at: At,
) -> Result<Vec<FacetCount>, ApiError> {
    let counts = state.store.list_value_counts(field, &field.released_from(filter), limit, at).await?;
    let labels = labels(state, field, &counts, at).await?;
    Ok(counts
        .into_iter()
        .map(|ValueCount { value, count }| FacetCount {
            label: labels.get(&value).cloned().unwrap_or_else(|| value.clone()),
            url: toggled(asked, field.name(), &value),
            value,
            count,
        })
        .collect())
}

async fn labels(state: &AppState, field: Field, counts: &[ValueCount], at: At) -> Result<HashMap<String, String>, ApiError> {
    let slugs = || counts.iter().map(|count| count.value.clone());
    Ok(match field {
        Field::Actor | Field::Counterpart => labels_of::<Actor>(state, slugs(), at).await?,
        Field::Metric => labels_of::<Metric>(state, slugs(), at).await?,
        Field::Unit => labels_of::<Unit>(state, slugs(), at).await?,
        Field::Source => labels_of::<Source>(state, slugs(), at).await?,
        _ => HashMap::new(),
    })
}

async fn labels_of<R: Record>(state: &AppState, slugs: impl Iterator<Item = String>, at: At) -> Result<HashMap<String, String>, ApiError> {
    let found = state.store.list_records_by_slug::<R>(slugs, at).await?;
    Ok(found.into_iter().map(|found| (found.record.slug().to_string(), found.record.label().to_string())).collect())
}

/// The claims list with one value of a filter added, or taken away where it is there already.
fn toggled(asked: &Asked, name: &str, value: &str) -> String {
    const OF_PAGE: [&str; 7] = ["cursor", "limit", "facet", "include", "field", "snapshot", "group_by"];
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    let mut was_there = false;
    for (key, text) in form_urlencoded::parse(asked.query().unwrap_or_default().as_bytes()) {
        if key == name {
            let kept: Vec<&str> = text.split(',').map(str::trim).filter(|part| *part != value).collect();
            was_there |= kept.len() < text.split(',').count();
            if !kept.is_empty() {
                pairs.append_pair(name, &kept.join(","));
            }
        } else if !OF_PAGE.contains(&key.as_ref()) {
            pairs.append_pair(&key, &text);
        }
    }
    if !was_there {
        pairs.append_pair(name, value);
    }
    format!("/v1/claims?{}", pairs.finish())
}

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
        let text = |slug: &Option<crate::domain::slug::Slug>| slug.as_ref().map(ToString::to_string);
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
            source: text(&claim.source),
            metric: claim.metric.to_string(),
            actor: text(&claim.actor),
            counterpart: text(&claim.counterpart),
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
pub async fn list_series(State(state): State<AppState>, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), SeriesParams::TABLES);
    let request = request_hash(asked.path(), asked.query());
    let cursor: Option<Cursor<PageStart>> = take_cursor(&mut query, &request);
    let filter = claim_filter(&state, &mut query).await?;
    if filter.metric.is_none() {
        query.fault("metric", "is required: a series is of one metric");
    }
    let format = Format::asked(&mut query, asked.suffix, &asked.headers)?;
    let limit = take_limit(&mut query);
    let basis = basis(&state, &mut query, cursor.as_ref().map(|cursor| At(cursor.snapshot))).await?;
    query.finish()?;
    let last_modified = state.store.time_of_state(basis.at).await?;
    let validators = Validators::of_state(&asked, format.suffix().unwrap_or("envelope"), basis.at, last_modified);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let sort = Sort { key: SortKey::PeriodStart, descending: false };
    let start = cursor.map(|cursor| cursor.after);
    if format != Format::Envelope {
        let columns = SERIES_COLUMNS.iter().map(ToString::to_string).collect();
        let row = |version: &ClaimVersion, catalog: &Catalog| serde_json::to_value(SeriesRow::new(version, catalog));
        let table = Table { filter, sort, start, limit, at: basis.at, columns, row };
        return Ok(flat::claims(state, table, format, &asked, &validators));
    }
    let page = state.store.list_claims(&filter, sort, start.as_ref(), limit.unwrap_or(LIMIT_DEFAULT), basis.at).await?;
    let catalog = state.store.catalog_of(&page.claims, basis.at).await?;
    let data: Vec<SeriesRow> = page.claims.iter().map(|version| SeriesRow::new(version, &catalog)).collect();
    let next = page.next.map(|after| next_link(asked.path(), asked.query(), &Cursor::new(basis.at, &request, after).encode()));
    let units: std::collections::BTreeSet<String> = data.iter().map(|row| row.unit.clone()).collect();
    let meta = SeriesMeta { snapshot: basis.at.0, returned: data.len(), units: units.into_iter().collect() };
    let mut response = json(&Envelope { data, meta, links: Links { itself: asked.uri.to_string(), next: next.clone() } }, &validators)?;
    link_next(&mut response, next.as_deref());
    Ok(response)
}

/// A group of claims in one unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupRow {
    /// Slug of the metric, where grouped by it.
    pub metric: Option<String>,
    /// Slug of the actor, where grouped by it.
    pub actor: Option<String>,
    /// Slug of the counterpart, where grouped by it.
    pub counterpart: Option<String>,
    /// Slug of the source, where grouped by it.
    pub source: Option<String>,
    /// Year in which the period begins, where grouped by it.
    pub year: Option<i64>,
    /// Slug of the unit.
    pub unit: String,
    /// ISO 8601 duration of a rate.
    pub per: Option<String>,
    /// What the numbers are a share of.
    pub denominator: Option<String>,
    /// Claims in the group.
    pub count: i64,
    /// Least printed number.
    pub min: Option<PlainNumber>,
    /// The same, exactly.
    pub min_exact: Option<String>,
    /// Greatest printed number.
    pub max: Option<PlainNumber>,
    /// The same, exactly.
    pub max_exact: Option<String>,
    /// Middle of the printed numbers.
    pub median: Option<PlainNumber>,
    /// The same, exactly.
    pub median_exact: Option<String>,
    /// First day of all periods in the group.
    pub period_start: Option<String>,
    /// Last day of all periods in the group.
    pub period_end: Option<String>,
}

/// Columns of a flat summary.
const GROUP_COLUMNS: [&str; 17] = [
    "metric",
    "actor",
    "counterpart",
    "source",
    "year",
    "unit",
    "per",
    "denominator",
    "count",
    "min",
    "min_exact",
    "max",
    "max_exact",
    "median",
    "median_exact",
    "period_start",
    "period_end",
];

impl GroupRow {
    fn new(group: Group, keys: &[GroupKey]) -> Self {
        let key = |wanted: GroupKey| keys.iter().position(|key| *key == wanted).and_then(|place| group.keys.get(place).cloned().flatten());
        let day = |day: Option<i64>| day.and_then(day_of).map(|day| day.to_string());
        let exact = |number: &Option<crate::domain::decimal::Decimal>| number.as_ref().map(ToString::to_string);
        Self {
            metric: key(GroupKey::Metric),
            actor: key(GroupKey::Actor),
            counterpart: key(GroupKey::Counterpart),
            source: key(GroupKey::Source),
            year: key(GroupKey::Year).and_then(|year| year.parse().ok()),
            count: group.count,
            min: group.min.as_ref().map(PlainNumber::from),
            min_exact: exact(&group.min),
            max: group.max.as_ref().map(PlainNumber::from),
            max_exact: exact(&group.max),
            median: group.median.as_ref().map(PlainNumber::from),
            median_exact: exact(&group.median),
            period_start: day(group.start_day),
            period_end: day(group.end_day),
            unit: group.unit,
            per: group.per,
            denominator: group.denominator,
        }
    }
}

/// What a summary says about itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct SummaryMeta {
    /// The state that the answer was computed from.
    pub snapshot: i64,
    /// Groups in this answer.
    pub returned: usize,
    /// Whether there are more groups than the limit.
    pub truncated: bool,
}

/// A summary, as the documentation shows it.
#[derive(Serialize, ToSchema)]
pub struct SummaryAnswer {
    data: Vec<GroupRow>,
    meta: SummaryMeta,
    links: Links,
}

/// Claims grouped, with count, least, greatest and middle number; unlike units are never in one group.
#[utoipa::path(get, path = "/v1/summary", operation_id = "summarize_claims", tag = "figures", params(SummaryParams),
    responses((status = 200, description = "Groups, the largest first", body = SummaryAnswer)))]
pub async fn summarize_claims(State(state): State<AppState>, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), SummaryParams::TABLES);
    let filter = claim_filter(&state, &mut query).await?;
    let word = |key: GroupKey| GroupKey::ALL.iter().find(|(_, other)| *other == key).map_or("", |(word, _)| word);
    let keys = query.parsed_list("group_by", |text| one_of(text, &GroupKey::ALL.map(|(_, key)| key), word));
    let mut keys = keys.unwrap_or_else(|| vec![GroupKey::Metric]);
    keys.sort_by_key(|key| *key as usize);
    keys.dedup();
    let limit = query.number("limit", 1, VALUES_MAX).unwrap_or(VALUES_DEFAULT);
    let format = Format::asked(&mut query, asked.suffix, &asked.headers)?;
    let basis = basis(&state, &mut query, None).await?;
    query.finish()?;
    let last_modified = state.store.time_of_state(basis.at).await?;
    let validators = Validators::of_state(&asked, format.suffix().unwrap_or("envelope"), basis.at, last_modified);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let mut groups = state.store.list_groups(&keys, &filter, limit + 1, basis.at).await?;
    let truncated = groups.len() > limit;
    groups.truncate(limit);
    let data: Vec<GroupRow> = groups.into_iter().map(|group| GroupRow::new(group, &keys)).collect();
    if format != Format::Envelope {
        return flat::rows(&data, &GROUP_COLUMNS, format, basis.at, &asked, &validators);
    }
    let meta = SummaryMeta { snapshot: basis.at.0, returned: data.len(), truncated };
    json(&Envelope { data, meta, links: Links::to_self(&asked) }, &validators)
}

/// Availability, as the documentation shows it.
#[derive(Serialize, ToSchema)]
pub struct AvailabilityAnswer {
    data: BTreeMap<String, Vec<FacetCount>>,
    meta: Meta,
    links: Links,
}

/// Which values each filter can still take under the filters given; a filter does not narrow its own list.
#[utoipa::path(get, path = "/v1/availability", operation_id = "list_availability", tag = "figures", params(AvailabilityParams),
    responses((status = 200, description = "Values by field", body = AvailabilityAnswer)))]
pub async fn list_availability(State(state): State<AppState>, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), AvailabilityParams::TABLES);
    let filter = claim_filter(&state, &mut query).await?;
    let fields = query.parsed_list("field", parse_field).unwrap_or_else(|| Field::ALL.iter().map(|(_, field)| *field).collect());
    let limit = query.number("limit", 1, VALUES_MAX).unwrap_or(VALUES_DEFAULT);
    let basis = basis(&state, &mut query, None).await?;
    query.finish()?;
    let last_modified = state.store.time_of_state(basis.at).await?;
    let validators = Validators::of_state(&asked, "envelope", basis.at, last_modified);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let mut data = BTreeMap::new();
    for field in fields {
        data.insert(field.name(), counted(&state, &asked, field, &filter, limit, basis.at).await?);
    }
    json(&Envelope { data, meta: Meta { snapshot: basis.at.0 }, links: Links::to_self(&asked) }, &validators)
}

/// What the database holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatsView {
    /// Claims by state.
    pub claims: BTreeMap<String, i64>,
    /// Versions of claims.
    pub claim_versions: i64,
    /// Reference records by kind.
    pub records: BTreeMap<&'static str, i64>,
    /// Stored texts of sources.
    pub documents: i64,
    /// When the newest change was stored.
    pub changed_at: String,
    /// Version of the program.
    pub program: &'static str,
}

/// Statistics, as the documentation shows them.
#[derive(Serialize, ToSchema)]
pub struct StatsAnswer {
    data: StatsView,
    meta: Meta,
    links: Links,
}

/// What the database holds.
#[utoipa::path(get, path = "/v1/stats", operation_id = "show_stats", tag = "operation", params(BasisParams),
    responses((status = 200, description = "Counts", body = StatsAnswer)))]
pub async fn show_stats(State(state): State<AppState>, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), BasisParams::TABLES);
    let basis = basis(&state, &mut query, None).await?;
    query.finish()?;
    let changed_at = state.store.time_of_state(basis.at).await?;
    let validators = Validators::of_state(&asked, "envelope", basis.at, changed_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let totals = state.store.totals(basis.at).await?;
    let data = StatsView {
        claims: totals.claims,
        claim_versions: totals.claim_versions,
        records: totals.records,
        documents: totals.documents,
        changed_at: changed_at.to_string(),
        program: env!("CARGO_PKG_VERSION"),
    };
    json(&Envelope { data, meta: Meta { snapshot: basis.at.0 }, links: Links::to_self(&asked) }, &validators)
}

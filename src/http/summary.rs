//! Claims in groups: how many, the least, the greatest, the middle.

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Validators, json};
use super::claim_params::{basis, claim_filter};
use super::flat;
use super::format::Format;
use super::freshness::Reading;
use super::params::{Query, SummaryParams};
use super::problem::ApiError;
use crate::domain::decimal::Decimal;
use crate::domain::period::day_of;
use crate::exchange::claim_view::PlainNumber;
use crate::exchange::fields::one_of;
use crate::store::groups::{Group, GroupKey};

/// Groups that are listed when nothing is said.
const GROUPS_DEFAULT: usize = 100;
/// Groups that are listed at most.
const GROUPS_MAX: usize = 1000;

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
        let exact = |number: &Option<Decimal>| number.as_ref().map(ToString::to_string);
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
pub async fn summarize_claims(Reading(state): Reading, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), SummaryParams::TABLES);
    let basis = basis(&state, &mut query, None).await?;
    let filter = claim_filter(&state, &mut query, basis.at).await?;
    let word = |key: GroupKey| GroupKey::ALL.iter().find(|(_, other)| *other == key).map_or("", |(word, _)| word);
    let keys = query.parsed_list("group_by", |text| one_of(text, &GroupKey::ALL.map(|(_, key)| key), word));
    let mut keys = keys.unwrap_or_else(|| vec![GroupKey::Metric]);
    keys.sort_by_key(|key| *key as usize);
    keys.dedup();
    let limit = query.number("limit", 1, GROUPS_MAX).unwrap_or(GROUPS_DEFAULT);
    let format = Format::asked(&mut query, asked.suffix, &asked.headers)?;
    query.finish()?;
    let validators = Validators::of_state(&asked, format.suffix().unwrap_or("envelope"), basis.at, basis.reached_at);
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

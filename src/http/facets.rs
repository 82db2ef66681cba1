//! Which values occur: facet counts beside a list, and the values that each filter can still take.

use std::collections::{BTreeMap, HashMap};

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Meta, Validators, json};
use super::claim_params::{basis, claim_filter};
use super::freshness::Reading;
use super::labels::labels;
use super::params::{AvailabilityParams, Query};
use super::problem::ApiError;
use super::state::AppState;
use crate::domain::folding::folded;
use crate::domain::invalid::Invalid;
use crate::domain::record::RecordKind;
use crate::exchange::fields::one_of;
use crate::store::At;
use crate::store::figures::{Field, ValueCount};
use crate::store::filter::ClaimFilter;

/// Values of one field that are listed when nothing is said.
const VALUES_DEFAULT: usize = 100;
/// Values that are listed at most.
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
    let slugs = || counts.iter().map(|count| count.value.clone()).collect();
    let labels = match field {
        Field::Actor | Field::Counterpart => labels(state, RecordKind::Actor, slugs(), at).await?,
        Field::Metric => labels(state, RecordKind::Metric, slugs(), at).await?,
        Field::Unit => labels(state, RecordKind::Unit, slugs(), at).await?,
        Field::Source => labels(state, RecordKind::Source, slugs(), at).await?,
        _ => HashMap::new(),
    };
    Ok(counts
        .into_iter()
        .map(|ValueCount { value, count }| FacetCount {
            label: labels.get(&value).cloned().unwrap_or_else(|| value.clone()),
            url: toggled(asked, field, &value, filter),
            value,
            count,
        })
        .collect())
}

/// The list of claims with one value of a filter added, or taken away where it is chosen already, by whatever name.
fn toggled(asked: &Asked, field: Field, value: &str, filter: &ClaimFilter) -> String {
    const OF_PAGE: [&str; 7] = ["cursor", "limit", "facet", "include", "field", "group_by", "fields"];
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    let mut is_narrowed = false;
    for (key, text) in form_urlencoded::parse(asked.query().unwrap_or_default().as_bytes()) {
        if key == field.name() {
            is_narrowed = true;
        } else if !OF_PAGE.contains(&key.as_ref()) {
            pairs.append_pair(&key, &text);
        }
    }
    let chosen = if is_narrowed { field.chosen_in(filter) } else { Vec::new() };
    let own = if matches!(field, Field::Publisher | Field::Speaker) { folded(value) } else { value.to_string() };
    // A name with a comma in it was also taken apart when it was chosen; its parts go with it.
    let is_part = |other: &String| own.contains(',') && own.split(',').any(|part| part.trim() == other);
    for other in chosen.iter().filter(|other| **other != own && !is_part(other)) {
        pairs.append_pair(field.name(), other);
    }
    if !chosen.contains(&own) {
        pairs.append_pair(field.name(), value);
    }
    // The claims of one source have a list of their own.
    let path = if asked.path().ends_with("/claims") { asked.path() } else { "/v1/claims" };
    format!("{path}?{}", pairs.finish())
}

/// Reads the name of a field whose values can be counted.
pub fn parse_field(text: &str) -> Result<Field, Invalid> {
    one_of(text, &Field::ALL.map(|(_, field)| field), Field::name)
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
pub async fn list_availability(Reading(state): Reading, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), AvailabilityParams::TABLES);
    let basis = basis(&state, &mut query, None).await?;
    let filter = claim_filter(&state, &mut query, basis.at).await?;
    let fields = query.parsed_list("field", parse_field).unwrap_or_else(|| Field::ALL.iter().map(|(_, field)| *field).collect());
    let limit = query.number("limit", 1, VALUES_MAX).unwrap_or(VALUES_DEFAULT);
    query.finish()?;
    let validators = Validators::of_state(&asked, "envelope", basis.at, basis.reached_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let mut data = BTreeMap::new();
    for field in fields {
        data.insert(field.name(), counted(&state, &asked, field, &filter, limit, basis.at).await?);
    }
    json(&Envelope { data, meta: Meta { snapshot: basis.at.0 }, links: Links::to_self(&asked) }, &validators)
}

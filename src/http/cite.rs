//! References to a claim.

use axum::extract::Path;
use axum::response::Response;

use super::answer::{Asked, Validators, text};
use super::asked_claim::{asked_claim, concerning};
use super::freshness::Reading;
use super::params::{CiteParams, Query};
use super::problem::ApiError;
use crate::domain::actor::Actor;
use crate::domain::record::Versioned;
use crate::domain::slug::Slug;
use crate::exchange::cite::{CitationStyle, CitedClaim, cite};
use crate::exchange::fields::one_of;

/// A reference to a claim: to the source that it stands in, and to this database's version of it.
#[utoipa::path(get, path = "/v1/claims/{id}/cite", operation_id = "cite_claim", tag = "claims",
    params(("id" = String, Path, description = "Id of the claim"), CiteParams),
    responses((status = 200, description = "The reference, in the media type of its style", content(
        (String = "text/plain"), (String = "application/x-bibtex"), (String = "application/x-research-info-systems"),
        (Object = "application/vnd.citationstyles.csl+json")))))]
pub async fn cite_claim(Reading(state): Reading, Path(id): Path<String>, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), CiteParams::TABLES);
    let style = query.parsed("style", |text| one_of(text, &CitationStyle::ALL, CitationStyle::as_str)).unwrap_or(CitationStyle::Apa);
    let (version, basis) = asked_claim(&state, &mut query, &id).await?;
    let (snapshot, last_modified) = concerning(&state, &version, basis.at).await?;
    let today = state.store.clock().now().to_zoned(jiff::tz::TimeZone::UTC).date();
    // The day on which it was looked at is part of a reference, so the answer changes from day to day.
    let permalink = asked.absolute(&state, &format!("/v1/claims/{}?version={}", version.id, version.version));
    // And so the time of its last change does not show in the later one of the two.
    let form = format!("{} {today} {permalink} {}", style.as_str(), last_modified.as_microsecond());
    let midnight = today.to_zoned(jiff::tz::TimeZone::UTC).map_err(ApiError::internal)?.timestamp();
    let validators = Validators::of_version(&asked, &form, version.version, snapshot, last_modified.max(midnight));
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let catalog = state.store.catalog_of(std::slice::from_ref(&version), basis.at).await?;
    let claim = &version.claim;
    let name = |slug: &Option<Slug>| {
        slug.as_ref().and_then(|slug| catalog.actors.get(slug)).map(|found: &Versioned<Actor>| found.record.name.clone())
    };
    let (actor_name, counterpart_name) = (name(&claim.actor), name(&claim.counterpart));
    let metric = catalog.metrics.get(&claim.metric);
    let body = cite(
        &CitedClaim {
            claim: &version,
            metric_label: metric.map_or(claim.metric.as_str(), |found| &found.record.label),
            actor_name: actor_name.as_deref(),
            counterpart_name: counterpart_name.as_deref(),
            source: claim.source.as_ref().and_then(|slug| catalog.sources.get(slug)).map(|found| &found.record),
            permalink: &permalink,
            accessed: today,
        },
        style,
    )
    .map_err(ApiError::internal)?;
    Ok(text(body, style.media_type(), &validators))
}

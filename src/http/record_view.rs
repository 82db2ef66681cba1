//! Reference records as answers show them, whatever their kind.

use std::collections::HashMap;

use axum::response::Response;
use serde_json::{Map, Value};

use super::answer::{Asked, Envelope, Links, Meta, Validators, json};
use super::problem::ApiError;
use super::state::AppState;
use crate::domain::actor::Actor;
use crate::domain::metric::Metric;
use crate::domain::record::{Record, RecordKind, Versioned};
use crate::domain::source::Source;
use crate::domain::unit::Unit;
use crate::exchange::record_input::RecordInput;
use crate::store::At;
use crate::store::change::AnyRecord;
use crate::store::figures::Field;

/// A record of one of the four kinds, with what only this layer knows of it.
pub trait Served: Record + RecordInput {
    /// The record as a part of a change.
    fn wrap(self) -> AnyRecord;
    /// The fields of claims in which such a record stands, with the names of their counts.
    const COUNTED: &'static [(&'static str, Field)];
    /// The filter of claims that finds those that name it.
    const FILTER: &'static str;
}

impl Served for Actor {
    fn wrap(self) -> AnyRecord {
        AnyRecord::Actor(self)
    }
    const COUNTED: &'static [(&'static str, Field)] = &[("as_actor", Field::Actor), ("as_counterpart", Field::Counterpart)];
    const FILTER: &'static str = "any_actor";
}

impl Served for Metric {
    fn wrap(self) -> AnyRecord {
        AnyRecord::Metric(self)
    }
    const COUNTED: &'static [(&'static str, Field)] = &[("claims", Field::Metric)];
    const FILTER: &'static str = "metric";
}

impl Served for Unit {
    fn wrap(self) -> AnyRecord {
        AnyRecord::Unit(self)
    }
    const COUNTED: &'static [(&'static str, Field)] = &[("claims", Field::Unit)];
    const FILTER: &'static str = "unit";
}

impl Served for Source {
    fn wrap(self) -> AnyRecord {
        AnyRecord::Source(self)
    }
    const COUNTED: &'static [(&'static str, Field)] = &[("claims", Field::Source)];
    const FILTER: &'static str = "source";
}

/// Records as answers show them: their fields, their recording, how many claims name them, where to go from here.
pub async fn views<R: Served>(state: &AppState, found: Vec<Versioned<R>>, at: At) -> Result<Vec<Value>, ApiError> {
    let slugs: Vec<String> = found.iter().map(|found| found.record.slug().to_string()).collect();
    let mut counts: Vec<(&'static str, HashMap<String, i64>)> = Vec::new();
    for (name, field) in R::COUNTED {
        counts.push((name, state.store.count_claims_naming(*field, &slugs, at).await?));
    }
    found
        .into_iter()
        .map(|found| {
            let slug = found.record.slug().to_string();
            let mut value = serde_json::to_value(&found.record).map_err(ApiError::internal)?;
            if let Some(object) = value.as_object_mut() {
                let counts: Map<String, Value> =
                    counts.iter().map(|(name, counts)| ((*name).to_string(), counts.get(&slug).copied().unwrap_or(0).into())).collect();
                object.insert("version".into(), found.version.into());
                object.insert("recorded_at".into(), found.recorded_at.to_string().into());
                object.insert("recorded_by".into(), found.recorded_by.into());
                object.insert("cause".into(), found.cause.into());
                object.insert("reason".into(), found.reason.into());
                object.insert("counts".into(), counts.into());
                object.insert("links".into(), record_links::<R>(&slug));
            }
            Ok(value)
        })
        .collect()
}

fn record_links<R: Served>(slug: &str) -> Value {
    let itself = format!("/v1/{}/{slug}", R::KIND.plural());
    let claims = format!("/v1/claims?{}={slug}", R::FILTER);
    if R::KIND == RecordKind::Source {
        let (of_source, citations) = (format!("{itself}/claims"), format!("{itself}/citations"));
        serde_json::json!({"self": itself, "claims": of_source, "citations": citations})
    } else {
        serde_json::json!({"self": itself, "claims": claims})
    }
}

/// The answer that shows one record.
pub async fn one<R: Served>(
    state: &AppState,
    found: Versioned<R>,
    at: At,
    asked: &Asked,
    validators: &Validators,
) -> Result<Response, ApiError> {
    let data = views(state, vec![found], at).await?.pop().unwrap_or_default();
    json(&Envelope { data, meta: Meta { snapshot: at.0 }, links: Links::to_self(asked) }, validators)
}

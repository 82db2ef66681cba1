//! A claim as its sender put it, until the names in it have been looked up; then a claim.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::value_input::ValueDraft;
use crate::domain::claim::{Citation, Claim, Rank, Stage, Status};
use crate::domain::history::State;
use crate::domain::id::ClaimId;
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::metric::Metric;
use crate::domain::period::Period;
use crate::domain::quote::Quote;
use crate::domain::slug::Slug;
use crate::domain::unit::Unit;

/// How a row calls what the envelope form keeps in objects.
pub const ROW_POINTERS: [(&str, &str); 4] =
    [("/best_exact", "/value_exact"), ("/low", "/value_low"), ("/high", "/value_high"), ("/quote/exact", "/quote")];

/// A claim as sent, with the names that its sender used for records.
#[derive(Debug, Clone, Default)]
pub struct ClaimDraft {
    /// Name of the metric.
    pub metric: Option<String>,
    /// Name of the actor.
    pub actor: Option<String>,
    /// Name of the counterpart.
    pub counterpart: Option<String>,
    /// Name of the source.
    pub source: Option<String>,
    /// The number.
    pub value: Option<ValueDraft>,
    /// The reference as printed, with the name of the source it leads to.
    pub citation: Option<(Citation, Option<String>)>,
    /// Words and where they stand.
    pub quote: Option<Quote>,
    /// The state it is to have.
    pub state: Option<State>,
    /// Its identity, when it has one already.
    pub id: Option<ClaimId>,
    /// Its version, when it has one already.
    pub version: Option<i64>,
    /// Whether it is a table row, which leaves things out.
    pub is_row: bool,
    /// What is known of its recording.
    pub history: DraftHistory,
    /// What the line says about its source, besides the name.
    pub source_hint: SourceHint,
    /// What needs no looking up.
    pub(super) rest: Rest,
}

/// What a line says about a source that may not be recorded yet.
#[derive(Debug, Clone, Default)]
pub struct SourceHint {
    /// Title as printed.
    pub title: Option<String>,
    /// Who printed it.
    pub publisher: Option<String>,
    /// When.
    pub published: Option<Period>,
    /// Where it is to be found.
    pub url: Option<String>,
}

/// What a line says about how it was recorded.
#[derive(Debug, Clone, Default)]
pub struct DraftHistory {
    /// When.
    pub recorded_at: Option<Timestamp>,
    /// By whom.
    pub recorded_by: Option<String>,
    /// Why.
    pub cause: Option<String>,
    /// In its recorder's words.
    pub reason: Option<String>,
    /// The claim that replaced it.
    pub superseded_by: Option<ClaimId>,
}

/// The fields that name no records.
#[derive(Debug, Clone, Default)]
pub(super) struct Rest {
    pub(super) period: Option<Period>,
    pub(super) period_original: Option<String>,
    pub(super) base_period: Option<Period>,
    pub(super) status: Vec<Status>,
    pub(super) stage: Option<Stage>,
    pub(super) scope: BTreeMap<String, String>,
    pub(super) speaker: Option<String>,
    pub(super) cue: Option<String>,
    pub(super) locator: Option<String>,
    pub(super) note: Option<String>,
    pub(super) rank: Rank,
}

/// Names looked up: what each means, where it means one thing.
#[derive(Debug, Default)]
pub struct Resolved {
    /// Metrics by the names used for them.
    pub metrics: HashMap<String, Metric>,
    /// Units by the names used for them.
    pub units: HashMap<String, Unit>,
    /// Actors by the names used for them.
    pub actors: HashMap<String, Slug>,
    /// Sources by the names used for them.
    pub sources: HashMap<String, Slug>,
    /// Names that mean several records: kind, name, the slugs.
    pub ambiguous: HashMap<(&'static str, String), Vec<String>>,
}

impl ClaimDraft {
    /// Makes the claim, with every name replaced by the record it means.
    pub fn understood(self, resolved: &Resolved) -> Result<Claim, Faults> {
        let mut faults = Faults::default();
        let mut slug = |field: &str, kind: &'static str, name: Option<String>, known: &HashMap<String, Slug>| {
            let name = name?;
            let found = known.get(&name).cloned();
            if found.is_none() {
                faults.push(unknown(field, kind, &name, resolved));
            }
            found
        };
        let actor = slug("/actor", "actor", self.actor, &resolved.actors);
        let counterpart = slug("/counterpart", "actor", self.counterpart, &resolved.actors);
        let source = slug("/source", "source", self.source, &resolved.sources);
        let citation = self.citation.map(|(citation, name)| {
            let source = slug(if self.is_row { "/cited_source" } else { "/citation/source" }, "source", name, &resolved.sources);
            Citation { source, ..citation }
        });
        let metric = self.metric.and_then(|name| {
            let metric = resolved.metrics.get(&name);
            if metric.is_none() {
                faults.push(unknown("/metric", "metric", &name, resolved));
            }
            metric
        });
        let unit = self.value.as_ref().and_then(|value| value.unit.as_ref()).and_then(|name| {
            let unit = resolved.units.get(name);
            if unit.is_none() {
                faults.push(unknown(if self.is_row { "/unit" } else { "/value/unit" }, "unit", name, resolved));
            }
            unit
        });
        let value_at = if self.is_row { "" } else { "/value" };
        let sound = self.value.filter(|value| !value.is_faulty);
        let value = match (metric, unit, sound) {
            (Some(metric), Some(unit), Some(value)) => {
                value.understood(metric, unit).map_err(|found| faults.extend(found.under(value_at))).ok()
            }
            (_, _, Some(value)) => {
                faults.extend(value.faults().under(value_at));
                None
            }
            _ => None,
        };
        let Rest { period, period_original, base_period, status, stage, scope, speaker, cue, locator, note, rank } = self.rest;
        let claim = metric.zip(value).map(|(metric, value)| Claim {
            metric: metric.slug.clone(),
            actor,
            counterpart,
            value,
            period,
            period_original,
            base_period,
            status,
            stage,
            scope,
            speaker,
            cue,
            source,
            quote: self.quote,
            citation,
            locator,
            note,
            rank,
        });
        if self.is_row { faults.renamed(&ROW_POINTERS) } else { faults }.into_result(claim)
    }
}

fn unknown(pointer: &str, kind: &'static str, name: &str, resolved: &Resolved) -> Invalid {
    if let Some(slugs) = resolved.ambiguous.get(&(kind, name.to_string())) {
        return Invalid::new("ambiguous-name", pointer, format!("'{name}' may mean {}; give the slug", slugs.join(" or ")));
    }
    let code = match kind {
        "metric" => "unknown-metric",
        "unit" => "unknown-unit",
        "source" => "unknown-source",
        _ => "unknown-actor",
    };
    Invalid::new(code, pointer, format!("there is no {kind} '{name}'"))
}

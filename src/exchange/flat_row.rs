//! A claim as a row of a table, for spreadsheets, data frames and charts. It is a view: open and closed ends,
//! printed words, denominator and scope stand only in the envelope form.

use std::io;

use serde::Serialize;
use utoipa::ToSchema;

use super::claim_view::PlainNumber;
use crate::domain::catalog::Catalog;
use crate::domain::history::ClaimVersion;
use crate::domain::slug::Slug;

/// The columns, in their order.
pub const COLUMNS: [&str; 34] = [
    "id",
    "metric",
    "metric_label",
    "actor",
    "actor_name",
    "counterpart",
    "counterpart_name",
    "value",
    "value_exact",
    "value_low",
    "value_high",
    "comparator",
    "unit",
    "per",
    "period",
    "period_start",
    "period_end",
    "base_period",
    "status",
    "stage",
    "speaker",
    "cue",
    "source",
    "source_title",
    "publisher",
    "published",
    "source_url",
    "cited_source",
    "quote",
    "locator",
    "state",
    "version",
    "recorded_at",
    "permalink",
];
/// How the names of columns end whose cells are exact numbers; a negative one must not be taken for a formula.
const NUMBER_ENDING: &str = "_exact";
/// What a spreadsheet takes for the beginning of a formula.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlatRow {
    /// Public id of the claim.
    pub id: String,
    /// Slug of the metric.
    pub metric: String,
    /// Name of the metric.
    pub metric_label: String,
    /// Slug of the actor.
    pub actor: Option<String>,
    /// Name of the actor.
    pub actor_name: Option<String>,
    /// Slug of the counterpart.
    pub counterpart: Option<String>,
    /// Name of the counterpart.
    pub counterpart_name: Option<String>,
    /// The printed number.
    pub value: Option<PlainNumber>,
    /// The same, exactly.
    pub value_exact: Option<String>,
    /// Lower end of its interval.
    pub value_low: Option<PlainNumber>,
    /// Upper end of its interval.
    pub value_high: Option<PlainNumber>,
    /// How the printed number relates to the quantity.
    pub comparator: &'static str,
    /// Slug of the unit.
    pub unit: String,
    /// ISO 8601 duration of a rate.
    pub per: Option<String>,
    /// The time the number is about (EDTF).
    pub period: Option<String>,
    /// First day.
    pub period_start: Option<String>,
    /// Last day.
    pub period_end: Option<String>,
    /// The time against which a change is measured (EDTF).
    pub base_period: Option<String>,
    /// Standing of the number; several words are parted by `;`.
    pub status: Option<String>,
    /// How far promised money has come.
    pub stage: Option<&'static str>,
    /// Who asserts the number.
    pub speaker: Option<String>,
    /// The words that weaken it.
    pub cue: Option<String>,
    /// Slug of the source.
    pub source: Option<String>,
    /// Title of the source.
    pub source_title: Option<String>,
    /// Who printed it.
    pub publisher: Option<String>,
    /// When (EDTF).
    pub published: Option<String>,
    /// Where it is to be found.
    pub source_url: Option<String>,
    /// Slug of the source that the text refers to.
    pub cited_source: Option<String>,
    /// The exact words.
    pub quote: Option<String>,
    /// Where in the source.
    pub locator: Option<String>,
    /// State of the claim.
    pub state: &'static str,
    /// Its version.
    pub version: i64,
    /// When the version was stored.
    pub recorded_at: String,
    /// Address of exactly this version.
    pub permalink: String,
}

impl FlatRow {
    /// The row of a claim.
    pub fn new(version: &ClaimVersion, catalog: &Catalog) -> Self {
        let claim = &version.claim;
        let value = &claim.value;
        let source = claim.source.as_ref().and_then(|slug| catalog.sources.get(slug)).map(|found| &found.record);
        let name = |slug: &Option<Slug>| {
            slug.as_ref().map(|slug| catalog.actors.get(slug).map_or_else(|| slug.to_string(), |found| found.record.name.clone()))
        };
        let text = |slug: &Option<Slug>| slug.as_ref().map(ToString::to_string);
        let statuses: Vec<&str> = claim.status.iter().map(|status| status.as_str()).collect();
        let id = version.id.to_string();
        Self {
            metric: claim.metric.to_string(),
            metric_label: catalog.metrics.get(&claim.metric).map_or_else(|| claim.metric.to_string(), |found| found.record.label.clone()),
            actor: text(&claim.actor),
            actor_name: name(&claim.actor),
            counterpart: text(&claim.counterpart),
            counterpart_name: name(&claim.counterpart),
            value: value.best.as_ref().map(PlainNumber::from),
            value_exact: value.best.as_ref().map(ToString::to_string),
            value_low: value.interval.low().map(|end| PlainNumber::from(&end.at)),
            value_high: value.interval.high().map(|end| PlainNumber::from(&end.at)),
            comparator: value.comparator.as_str(),
            unit: value.unit.to_string(),
            per: value.per.as_ref().map(|per| per.as_str().to_string()),
            period: claim.period.as_ref().map(ToString::to_string),
            period_start: claim.period.as_ref().and_then(super::super::domain::period::Period::start).map(|day| day.to_string()),
            period_end: claim.period.as_ref().and_then(super::super::domain::period::Period::end).map(|day| day.to_string()),
            base_period: claim.base_period.as_ref().map(ToString::to_string),
            status: (!statuses.is_empty()).then(|| statuses.join(";")),
            stage: claim.stage.map(super::super::domain::claim::Stage::as_str),
            speaker: claim.speaker.clone(),
            cue: claim.cue.clone(),
            source: text(&claim.source),
            source_title: source.map(|source| source.title.clone()),
            publisher: source.and_then(|source| source.publisher.clone()),
            published: source.and_then(|source| source.published.as_ref()).map(ToString::to_string),
            source_url: source.and_then(|source| source.url.clone()),
            cited_source: claim.citation.as_ref().and_then(|citation| citation.source.as_ref()).map(ToString::to_string),
            quote: claim.quote.as_ref().map(|quote| quote.exact.clone()),
            locator: claim.locator.clone(),
            state: version.state.as_str(),
            version: version.version,
            recorded_at: version.recorded_at.to_string(),
            permalink: format!("/v1/claims/{id}?version={}", version.version),
            id,
        }
    }
}

/// Writes a row of any table as CSV (RFC 4180): the values of a JSON object, in order. A text that a spreadsheet
/// would take for a formula gets an apostrophe before it; reading one back takes it away again.
pub fn csv_line(row: &serde_json::Map<String, serde_json::Value>) -> io::Result<String> {
    let cells = row.iter().map(|(column, value)| match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) if !column.ends_with(NUMBER_ENDING) && looks_like_formula(text) => format!("'{text}"),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    csv_record(cells)
}

/// The heading of a CSV table.
pub fn csv_heading(columns: &[String]) -> io::Result<String> {
    csv_record(columns.iter().cloned())
}

fn csv_record(cells: impl Iterator<Item = String>) -> io::Result<String> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells)?;
    let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// A cell of a CSV table as it was before [`csv_line`] guarded it.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| looks_like_formula(text)).unwrap_or(cell)
}

/// Whether a spreadsheet might run the text. Apostrophes before it count as part of the guard, so
/// that a text which has one of its own comes back with it.
fn looks_like_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA_STARTS)
}

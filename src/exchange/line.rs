//! Lines of an export that can be imported again: every version of every record, text, rate, mute and claim, in the order in
//! which they were stored.
//!
//! A claim's line is its envelope form. Lines of other things say what they are: `{"type": "actor", …, "data": {…}}`.

use jiff::Timestamp;
use serde::Serialize;

use super::claim_draft::ClaimDraft;
use super::claim_input::Form;
use super::claim_view::ClaimView;
use super::fields::{Fields, parse_json};
use super::flat_row::unguarded;
use super::rate_input::read_rate;
use super::record_input::RecordInput;
use crate::domain::actor::Actor;
use crate::domain::finding::{Finding, Mute};
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::metric::Metric;
use crate::domain::rate::Rate;
use crate::domain::record::{Record, Versioned};
use crate::domain::slug::Slug;
use crate::domain::source::Source;
use crate::domain::unit::Unit;

/// Longest text of a document, in characters.
pub const DOCUMENT_CHARS_MAX: usize = 8_000_000;

/// What a line holds.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "read one at a time; claims are the common case")]
pub enum Line {
    /// A claim.
    Claim(ClaimDraft),
    /// An actor.
    Actor(Actor),
    /// A metric.
    Metric(Metric),
    /// A unit.
    Unit(Unit),
    /// A source.
    Source(Source),
    /// The text of a source.
    Document {
        /// The source.
        source: Slug,
        /// Its text.
        content: String,
    },
    /// An exchange rate.
    Rate(Rate),
    /// What is said of a finding.
    Mute(Mute),
}

/// A line, with what it says about its recording.
#[derive(Debug)]
pub struct ReadLine {
    /// What it holds.
    pub line: Line,
    /// Version, time, recorder, cause and reason, as far as it says.
    pub recording: Recording,
    /// What is wrong with a claim's form; more may be wrong with what it names.
    pub faults: Faults,
}

/// How a record was recorded.
#[derive(Debug, Default, Clone)]
pub struct Recording {
    /// Its version.
    pub version: Option<i64>,
    /// When.
    pub recorded_at: Option<Timestamp>,
    /// By whom.
    pub recorded_by: Option<String>,
    /// Why.
    pub cause: Option<String>,
    /// In its recorder's words.
    pub reason: Option<String>,
}

#[derive(Serialize)]
struct RecordLine<'a, T> {
    r#type: &'static str,
    version: i64,
    recorded_at: String,
    recorded_by: &'a str,
    cause: &'a str,
    reason: Option<&'a str>,
    data: &'a T,
}

/// The line of a record's version, without line break.
pub fn record_line<R: Record>(found: &Versioned<R>) -> Result<String, serde_json::Error> {
    serde_json::to_string(&RecordLine {
        r#type: R::KIND.as_str(),
        version: found.version,
        recorded_at: found.recorded_at.to_string(),
        recorded_by: &found.recorded_by,
        cause: &found.cause,
        reason: found.reason.as_deref(),
        data: &found.record,
    })
}

/// The line of a source's text, without line break.
pub fn document_line(source: &str, content: &str, recorded_at: Timestamp, recorded_by: &str) -> Result<String, serde_json::Error> {
    let data = serde_json::json!({"source": source, "content": content});
    let recorded_at = recorded_at.to_string();
    serde_json::to_string(&RecordLine {
        r#type: "document",
        version: 1,
        recorded_at,
        recorded_by,
        cause: "created",
        reason: None,
        data: &data,
    })
}

/// The line of a rate's version, without line break.
pub fn rate_line(rate: &Rate, version: i64, recorded_at: Timestamp, recorded_by: &str) -> Result<String, serde_json::Error> {
    let recorded_at = recorded_at.to_string();
    serde_json::to_string(&RecordLine { r#type: "rate", version, recorded_at, recorded_by, cause: "created", reason: None, data: rate })
}

/// The line of a mute's version, without line break.
pub fn mute_line(mute: &Mute, version: i64, recorded_at: Timestamp, recorded_by: &str) -> Result<String, serde_json::Error> {
    let recorded_at = recorded_at.to_string();
    serde_json::to_string(&RecordLine { r#type: "mute", version, recorded_at, recorded_by, cause: "created", reason: None, data: mute })
}

/// The line of a claim's version, without line break.
pub fn claim_line(view: &ClaimView) -> Result<String, serde_json::Error> {
    serde_json::to_string(view)
}

/// Reads a line of NDJSON.
pub fn read_line(text: &str, form: Form) -> Result<ReadLine, Faults> {
    let mut fields = Fields::read(parse_json(text)?)?;
    let kind = fields.text("type");
    let Some(kind) = kind.filter(|kind| kind != "claim") else {
        let (draft, faults) = ClaimDraft::read(fields, form);
        return Ok(ReadLine { line: Line::Claim(draft), recording: Recording::default(), faults });
    };
    let recording = Recording {
        version: fields.integer("version"),
        recorded_at: fields
            .parsed("recorded_at", |text| text.parse().map_err(|_| Invalid::new("malformed-time", "", "is not an RFC 3339 time"))),
        recorded_by: fields.text("recorded_by"),
        cause: fields.text("cause"),
        reason: fields.text("reason"),
    };
    let data = fields.object("data");
    let data = fields.required("data", data);
    let mut faults = fields.finish(&["type", "version", "recorded_at", "recorded_by", "cause", "reason", "data"]);
    let Some(data) = data else { return Err(faults) };
    let line = match kind.as_str() {
        "actor" => Actor::read(data).map(Line::Actor),
        "metric" => Metric::read(data).map(Line::Metric),
        "unit" => Unit::read(data).map(Line::Unit),
        "source" => Source::read(data).map(Line::Source),
        "document" => read_document(data),
        "rate" => read_rate(data).map(Line::Rate),
        "mute" => read_mute(data).map(Line::Mute),
        _ => {
            return Err(
                Invalid::new("unknown-word", "/type", "must be one of claim, actor, metric, unit, source, document, rate, mute").into()
            );
        }
    };
    match line {
        Ok(line) => faults.into_result(Some(ReadLine { line, recording, faults: Faults::default() })),
        Err(found) => {
            faults.extend(found.under("/data"));
            Err(faults)
        }
    }
}

fn read_document(mut data: Fields<'_>) -> Result<Line, Faults> {
    let source = data.slug("source");
    let source = data.required("source", source);
    let content = data.text_up_to("content", DOCUMENT_CHARS_MAX);
    let content = data.required("content", content);
    data.finish(&["source", "content"]).into_result(source.zip(content).map(|(source, content)| Line::Document { source, content }))
}

fn read_mute(mut data: Fields<'_>) -> Result<Mute, Faults> {
    let finding = data.parsed("finding", |text| Finding::parse_id(text).map(|_| text.to_string()));
    let finding = data.required("finding", finding);
    let muted = data.flag("muted");
    let muted = data.required("muted", muted);
    let (why, reason) = (data.text("why"), data.text("reason"));
    let mute = finding.zip(muted).map(|(finding, muted)| Mute { finding, muted, why, reason });
    data.finish(&["finding", "muted", "why", "reason"]).into_result(mute)
}

/// Reads a row of a CSV table with the flat columns.
pub fn read_csv_row(heading: &csv::StringRecord, row: &csv::StringRecord) -> Result<ReadLine, Faults> {
    let mut object = serde_json::Map::new();
    if let Some(twice) = (1..heading.len()).find(|at| heading.iter().take(*at).any(|other| Some(other) == heading.get(*at))) {
        let column = heading.get(twice).unwrap_or_default();
        return Err(Invalid::new("duplicate-field", format!("/{column}"), "is a column twice").into());
    }
    for (column, cell) in heading.iter().zip(row) {
        let value = if cell.is_empty() { serde_json::Value::Null } else { serde_json::Value::from(unguarded(cell)) };
        object.insert(column.trim_start_matches('\u{feff}').to_string(), value);
    }
    // A table may leave the exact column out; its plain numbers are then read instead.
    object.entry("value_exact").or_insert(serde_json::Value::Null);
    let text = serde_json::Value::Object(object).to_string();
    read_line(&text, Form::Line)
}

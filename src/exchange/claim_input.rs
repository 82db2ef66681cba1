//! A claim as somebody sends it: as a new one, as a line of an export, as a row of a table.
//!
//! Reading gives a draft and all its faults. A draft names records as its sender did; it becomes a claim once
//! those names have been looked up.

use super::claim_draft::{ClaimDraft, DraftHistory, Rest, SourceHint};
use super::fields::{Fields, TEXT_CHARS_MAX, one_of, read_text};
use super::value_input::{EndsAre, ValueDraft};
use crate::domain::claim::{Citation, Rank, Stage, Status};
use crate::domain::history::State;
use crate::domain::id::ClaimId;
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::period::Period;
use crate::domain::quote::Quote;

/// Longest quote, in characters.
pub const QUOTE_CHARS_MAX: usize = 5_000;

/// The fields of a claim that its sender sets.
pub const CLAIM_FIELDS: [&str; 19] = [
    "metric",
    "actor",
    "counterpart",
    "value",
    "period",
    "base_period",
    "status",
    "stage",
    "scope",
    "speaker",
    "cue",
    "source",
    "quote",
    "citation",
    "locator",
    "note",
    "rank",
    "state",
    "reason",
];
/// The fields that stand in an exported line and that the service sets.
const LINE_FIELDS: [&str; 3] = ["type", "links", "findings"];
/// The columns of a table row that only repeat what its records say.
const ROW_FIELDS: [&str; 8] =
    ["metric_label", "actor_name", "counterpart_name", "period_start", "period_end", "version", "recorded_at", "permalink"];

/// In which form a claim comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A new claim: only what its sender may set.
    New,
    /// A line in the envelope form or a table row; what the service sets is passed over, identity and version are not.
    Line,
    /// The same, with times, recorders and rules kept as they were recorded.
    History,
}

impl ClaimDraft {
    /// Reads a claim in the given form.
    pub fn read(fields: Fields<'_>, form: Form) -> (Self, Faults) {
        if form != Form::New && is_row(&fields) { Self::read_row(fields) } else { Self::read_envelope(fields, form) }
    }

    fn read_envelope(mut fields: Fields<'_>, form: Form) -> (Self, Faults) {
        let source_hint = if form == Form::New { SourceHint::default() } else { source_hint(&fields) };
        let metric = fields.reference("metric");
        let mut draft = Self {
            metric: fields.required("metric", metric),
            actor: fields.reference("actor"),
            counterpart: fields.reference("counterpart"),
            source: fields.reference("source"),
            state: fields.word("state", &State::ALL, State::as_str),
            source_hint,
            ..Self::default()
        };
        let value = fields.object("value");
        draft.value = fields.required("value", value).map(|value| {
            let ends_are = match form {
                Form::New => EndsAre::Stated,
                Form::Line => EndsAre::MadeAnew,
                Form::History => EndsAre::Recorded,
            };
            let (value, faults) = ValueDraft::read(value, ends_are);
            fields.faults_in("value", faults);
            value
        });
        read_periods(&mut fields, &mut draft.rest, form);
        draft.quote = read_quote(&mut fields, form);
        draft.citation = read_citation(&mut fields);
        read_rest(&mut fields, &mut draft.rest);
        if form == Form::New {
            draft.history.reason = fields.text("reason");
            // A state other than these two is reached by steps, each with its reason.
            if !matches!(draft.state, None | Some(State::Accepted | State::Candidate)) {
                fields.fault("state", Invalid::new("unknown-word", "", "must be accepted or candidate"));
            }
        } else {
            read_history(&mut fields, &mut draft);
            fields.ignore(&LINE_FIELDS);
        }
        (draft, fields.finish(&CLAIM_FIELDS))
    }

    fn read_row(mut fields: Fields<'_>) -> (Self, Faults) {
        let metric = fields.reference("metric");
        let mut draft = Self {
            metric: fields.required("metric", metric),
            actor: fields.reference("actor"),
            counterpart: fields.reference("counterpart"),
            source: fields.reference("source"),
            state: fields.word("state", &State::ALL, State::as_str),
            id: fields.parsed("id", ClaimId::parse),
            is_row: true,
            value: Some(ValueDraft::read_row(&mut fields)),
            ..Self::default()
        };
        draft.rest.period = fields.parsed("period", Period::parse);
        draft.rest.base_period = fields.parsed("base_period", Period::parse);
        for status in fields.text("status").unwrap_or_default().split(';').filter(|status| !status.is_empty()) {
            let status = one_of(status, &Status::ALL, Status::as_str);
            draft.rest.status.extend(fields.kept("status", status));
        }
        draft.rest.stage = fields.word("stage", &Stage::ALL, Stage::as_str);
        draft.rest.speaker = fields.text("speaker");
        draft.rest.cue = fields.text("cue");
        draft.rest.locator = fields.text("locator");
        draft.quote = fields.text_up_to("quote", QUOTE_CHARS_MAX).map(quote_of);
        // A row has no room for the printed reference; the source it leads to stands for it.
        draft.citation = fields
            .reference("cited_source")
            .map(|source| (Citation { printed: source.clone(), source: None, consulted: false }, Some(source)));
        draft.source_hint = SourceHint {
            title: fields.text("source_title"),
            publisher: fields.text("publisher"),
            published: fields.parsed("published", Period::parse),
            url: fields.text("source_url"),
        };
        fields.ignore(&ROW_FIELDS);
        (draft, fields.finish(&super::flat_row::COLUMNS))
    }
}

/// What the object `source` of a line says, besides the slug. What cannot be read there is passed over: the record
/// itself, where it is recorded, is what counts.
fn source_hint(fields: &Fields<'_>) -> SourceHint {
    let Some(Ok(mut source)) = fields.peek("source").map(Fields::read) else { return SourceHint::default() };
    SourceHint {
        title: source.text("title"),
        publisher: source.text("publisher"),
        published: source.parsed("published", Period::parse),
        url: source.text("url"),
    }
}

fn read_periods(fields: &mut Fields<'_>, rest: &mut Rest, form: Form) {
    (rest.period, rest.period_original) = read_period(fields, "period", form);
    (rest.base_period, _) = read_period(fields, "base_period", form);
}

/// A period is its EDTF text, or an object with that text and the words that were printed.
fn read_period(fields: &mut Fields<'_>, name: &str, form: Form) -> (Option<Period>, Option<String>) {
    let Some(value) = fields.take(name) else { return (None, None) };
    if value.get().starts_with('"') {
        let period = read_text(value, TEXT_CHARS_MAX).and_then(|text| Period::parse(&text));
        return (fields.kept(name, period), None);
    }
    let Some(mut inner) = fields.kept(name, Fields::read(value)) else { return (None, None) };
    let period = inner.parsed("edtf", Period::parse);
    let original = inner.text("original");
    if form != Form::New {
        inner.ignore(&["start", "end"]);
    }
    fields.faults_in(name, inner.finish(&["edtf", "original"]));
    (period, original)
}

/// A row has its number in a cell, the envelope form in an object.
fn is_row(fields: &Fields<'_>) -> bool {
    fields.has("value_exact") || fields.peek("value").is_some_and(|value| !value.get().starts_with('{'))
}

fn quote_of(exact: String) -> Quote {
    Quote { exact, prefix: None, suffix: None, start: None, end: None, document: None, verified: None }
}

/// A quote is its words, or an object with their surroundings and place.
fn read_quote(fields: &mut Fields<'_>, form: Form) -> Option<Quote> {
    let value = fields.take("quote")?;
    if value.get().starts_with('"') {
        let exact = read_text(value, QUOTE_CHARS_MAX);
        return fields.kept("quote", exact).filter(|exact| !exact.is_empty()).map(quote_of);
    }
    let mut inner = fields.kept("quote", Fields::read(value))?;
    let exact = inner.text_up_to("exact", QUOTE_CHARS_MAX);
    let exact = inner.required("exact", exact);
    let rest = Quote {
        exact: String::new(),
        prefix: inner.text("prefix"),
        suffix: inner.text("suffix"),
        start: inner.count("start"),
        end: inner.count("end"),
        document: inner.text("document"),
        verified: if form == Form::New { None } else { inner.flag("verified").filter(|_| form == Form::History) },
    };
    if let (Some(start), Some(end)) = (rest.start, rest.end)
        && start >= end
    {
        inner.fault("end", Invalid::new("contradictory-value", "", "must lie behind start"));
    }
    let quote = exact.map(|exact| Quote { exact, ..rest });
    fields.faults_in("quote", inner.finish(&["exact", "prefix", "suffix", "start", "end", "document"]));
    quote
}

/// A citation is the reference as printed, or an object with the source that it leads to.
fn read_citation(fields: &mut Fields<'_>) -> Option<(Citation, Option<String>)> {
    let value = fields.take("citation")?;
    if value.get().starts_with('"') {
        let printed = read_text(value, TEXT_CHARS_MAX);
        let printed = fields.kept("citation", printed).filter(|printed| !printed.is_empty())?;
        return Some((Citation { printed, source: None, consulted: false }, None));
    }
    let mut inner = fields.kept("citation", Fields::read(value))?;
    let printed = inner.text("printed");
    let printed = inner.required("printed", printed);
    let source = inner.reference("source");
    let consulted = inner.flag("consulted").unwrap_or(false);
    fields.faults_in("citation", inner.finish(&["printed", "source", "consulted"]));
    printed.map(|printed| (Citation { printed, source: None, consulted }, source))
}

fn read_rest(fields: &mut Fields<'_>, rest: &mut Rest) {
    rest.status = fields.words("status", &Status::ALL, Status::as_str);
    rest.stage = fields.word("stage", &Stage::ALL, Stage::as_str);
    rest.rank = fields.word("rank", &Rank::ALL, Rank::as_str).unwrap_or_default();
    rest.speaker = fields.text("speaker");
    rest.cue = fields.text("cue");
    rest.locator = fields.text("locator");
    rest.note = fields.text("note");
    if let Some(scope) = fields.object("scope") {
        let (scope, faults) = scope.texts_by_name();
        fields.faults_in("scope", faults);
        rest.scope = scope;
    }
}

fn read_history(fields: &mut Fields<'_>, draft: &mut ClaimDraft) {
    draft.id = fields.parsed("id", ClaimId::parse);
    draft.version = fields.integer("version");
    draft.history = DraftHistory {
        recorded_at: fields
            .parsed("recorded_at", |text| text.parse().map_err(|_| Invalid::new("malformed-time", "", "is not an RFC 3339 time"))),
        recorded_by: fields.text("recorded_by"),
        cause: fields.text("cause"),
        reason: fields.text("reason"),
        superseded_by: fields.parsed("superseded_by", ClaimId::parse),
    };
}

//! Inserting rows, many to a statement: row by row costs fifteen times as much through the driver.

use std::collections::HashSet;

use super::change::{AnyRecord, with_record};
use super::engine::Connection;
use super::rows::{ClaimRow, DocumentRow, MuteRow, RateRow, RecordRow};
use super::statement::{Reach, Statement};
use super::{StoreError, full_text, indexed};
use crate::domain::claim::Claim;
use crate::domain::decimal::Decimal;
use crate::domain::folding::folded;
use crate::domain::id::{ClaimId, MetricKey};
use crate::domain::period::{DAY_MIN, Period, day_number};
use crate::domain::record::{Record, RecordKind};
use crate::domain::slug::Slug;
use crate::domain::source::Source;

/// Rows that one statement inserts; times the columns, this stays under SQLite's 32,766 binds.
pub(super) const STATEMENT_ROWS: usize = 500;

const END_CLAIM: &str = "UPDATE claim_versions SET until_seq = $1 WHERE metric_key = $2 AND claim_id = $3 AND version = $4";
const END_NAMES: &str = "UPDATE names SET until_seq = $1 WHERE kind = $2 AND slug = $3 AND until_seq IS NULL";
const END_CITATIONS: &str = "UPDATE citations SET until_seq = $1 WHERE citing = $2 AND until_seq IS NULL";

pub(super) async fn end_versions(
    connection: &mut Connection,
    claims: &[(ClaimId, i64, i64)],
    records: &[(RecordKind, String, i64)],
) -> Result<(), StoreError> {
    for (id, version, seq) in claims {
        let ended = Statement::new(Reach::Metrics, END_CLAIM).bind(*seq).bind(id.metric.number()).bind(id.uuid).bind(*version);
        connection.execute(ended).await?;
    }
    for (kind, slug, seq) in records {
        let mut query = Statement::new(Reach::Records, "UPDATE ");
        query
            .push(kind.plural())
            .push(" SET until_seq = ")
            .push_bind(*seq)
            .push(" WHERE slug = ")
            .push_bind(slug)
            .push(" AND until_seq IS NULL");
        connection.execute(query).await?;
        connection.execute(Statement::new(Reach::Records, END_NAMES).bind(*seq).bind(kind.as_str()).bind(slug)).await?;
        if *kind == RecordKind::Source {
            connection.execute(Statement::new(Reach::Records, END_CITATIONS).bind(*seq).bind(slug)).await?;
        }
    }
    Ok(())
}

pub(super) async fn insert_claims(connection: &mut Connection, rows: &[ClaimRow]) -> Result<(), StoreError> {
    let mut query = Statement::new(
        Reach::Metrics,
        "INSERT INTO claim_versions (metric_key, claim_id, version, seq, until_seq, recorded_at, recorded_by, cause, reason, \
         superseded_by, state, actor, counterpart, comparator, unit, per, denominator, best_key, low_key, low_inclusive, high_key, \
         high_inclusive, start_day, end_day, start_year, statuses, stage, rank, speaker, source, body) ",
    );
    query.push_values(rows, |row, ClaimRow { new, body, version, seq, until_seq, recorded }| {
        let claim = &new.claim;
        let value = &claim.value;
        let (low, high) = (value.interval.low(), value.interval.high());
        let days = claim.period.as_ref().map(Period::days);
        let year = claim.period.as_ref().and_then(super::super::domain::period::Period::start).map(|day| i64::from(day.year()));
        let text = |slug: &Option<Slug>| slug.as_ref().map(ToString::to_string);
        row.push_bind(new.id.metric.number()).push_bind(new.id.uuid).push_bind(*version).push_bind(*seq).push_bind(*until_seq);
        row.push_bind(recorded.at.as_microsecond()).push_bind(recorded.by.clone());
        row.push_bind(new.cause.clone()).push_bind(new.reason.clone()).push_bind(new.superseded_by.map(|id| id.to_string()));
        row.push_bind(new.state.as_str()).push_bind(text(&claim.actor)).push_bind(text(&claim.counterpart));
        row.push_bind(value.comparator.as_str()).push_bind(value.unit.to_string());
        row.push_bind(value.per.as_ref().map(|per| per.as_str().to_string())).push_bind(value.denominator.clone());
        row.push_bind(value.best.as_ref().map(Decimal::sort_key));
        row.push_bind(low.map(|end| end.at.sort_key())).push_bind(low.is_some_and(|end| end.inclusive));
        row.push_bind(high.map(|end| end.at.sort_key())).push_bind(high.is_some_and(|end| end.inclusive));
        row.push_bind(days.map(|(start, _)| start)).push_bind(days.map(|(_, end)| end)).push_bind(year);
        row.push_bind(statuses(claim))
            .push_bind(claim.stage.map(super::super::domain::claim::Stage::as_str))
            .push_bind(claim.rank.as_str());
        row.push_bind(claim.speaker.as_deref().map(folded)).push_bind(text(&claim.source));
        row.push_bind(body.clone());
    });
    connection.execute(query).await?;
    let words: Vec<(i64, i64, String)> =
        rows.iter().map(|row| (row.new.id.metric.number(), row.seq, full_text::searchable(&row.new.claim))).collect();
    full_text::insert_claim_words(connection, &words).await
}

/// All statuses of a claim, each between commas; null when there is none.
fn statuses(claim: &Claim) -> Option<String> {
    let words: Vec<&str> = claim.status.iter().map(|status| status.as_str()).collect();
    (!words.is_empty()).then(|| format!(",{},", words.join(",")))
}

pub(super) async fn insert_records(connection: &mut Connection, kind: RecordKind, rows: &[&RecordRow]) -> Result<(), StoreError> {
    let mut query = Statement::new(Reach::Records, "INSERT INTO ");
    query.push(kind.plural()).push(" (slug, version, seq, until_seq, recorded_at, recorded_by, cause, reason, body");
    query.push(match kind {
        RecordKind::Metric => ", metric_key) ",
        RecordKind::Source => ", publisher, published_start, published_end) ",
        RecordKind::Actor | RecordKind::Unit => ") ",
    });
    query.push_values(rows, |row, RecordRow { new, body, version, seq, until_seq, recorded }| {
        row.push_bind(new.record.slug().to_string()).push_bind(*version).push_bind(*seq).push_bind(*until_seq);
        row.push_bind(recorded.at.as_microsecond()).push_bind(recorded.by.clone());
        row.push_bind(new.cause.clone()).push_bind(new.reason.clone()).push_bind(body.clone());
        match &new.record {
            AnyRecord::Metric(metric) => {
                row.push_bind(MetricKey::of(&metric.slug).number());
            }
            AnyRecord::Source(source) => {
                let (start, end) = published_days(source);
                row.push_bind(source.publisher.as_deref().map(|publisher| indexed(folded(publisher)))).push_bind(start).push_bind(end);
            }
            AnyRecord::Actor(_) | AnyRecord::Unit(_) => {}
        }
    });
    connection.execute(query).await?;
    insert_names(connection, kind, rows).await?;
    if kind == RecordKind::Source { insert_citations(connection, rows).await } else { Ok(()) }
}

/// First and last day on which a source can have been printed; an open side is none.
fn published_days(source: &Source) -> (Option<i64>, Option<i64>) {
    let Some((start, end)) = source.published.as_ref().map(Period::days) else { return (None, None) };
    ((start > DAY_MIN).then_some(start), (end < -DAY_MIN).then_some(end))
}

async fn insert_names(connection: &mut Connection, kind: RecordKind, rows: &[&RecordRow]) -> Result<(), StoreError> {
    let mut names = Vec::new();
    let mut texts = Vec::new();
    for row in rows {
        let all = with_record!(&row.new.record, record => record.names());
        texts.push((row.seq, with_record!(&row.new.record, record => full_text::names_together(record))));
        let mut seen = HashSet::new();
        for name in all {
            let key = indexed(folded(&name.text));
            if seen.insert((key.clone(), name.role.rank())) {
                names.push((key, row.new.record.slug().to_string(), name.role.rank(), name.text, row.seq, row.until_seq));
            }
        }
    }
    for names in names.chunks(STATEMENT_ROWS) {
        let mut query = Statement::new(Reach::Records, "INSERT INTO names (kind, folded, slug, role, written, seq, until_seq) ");
        query.push_values(names, |row, (key, slug, role, written, seq, until_seq)| {
            row.push_bind(kind.as_str())
                .push_bind(key)
                .push_bind(slug)
                .push_bind(*role)
                .push_bind(written)
                .push_bind(*seq)
                .push_bind(*until_seq);
        });
        connection.execute(query).await?;
    }
    full_text::insert_record_words(connection, &texts).await
}

async fn insert_citations(connection: &mut Connection, rows: &[&RecordRow]) -> Result<(), StoreError> {
    let mut edges = Vec::new();
    for row in rows {
        let AnyRecord::Source(source) = &row.new.record else { continue };
        for (position, citation) in (0_i64..).zip(&source.citations) {
            edges.push((source.slug.to_string(), row.seq, position, citation.source.to_string(), row.until_seq));
        }
    }
    for edges in edges.chunks(STATEMENT_ROWS) {
        let mut query = Statement::new(Reach::Records, "INSERT INTO citations (citing, seq, position, cited, until_seq) ");
        query.push_values(edges, |row, (citing, seq, position, cited, until_seq)| {
            row.push_bind(citing).push_bind(*seq).push_bind(*position).push_bind(cited).push_bind(*until_seq);
        });
        connection.execute(query).await?;
    }
    Ok(())
}

const INSERT_TEXT: &str = "INSERT INTO texts (sha256, content) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING";
const INSERT_DOCUMENT: &str = "INSERT INTO documents (sha256, source, seq, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5)";

pub(super) async fn insert_documents(connection: &mut Connection, rows: &[DocumentRow]) -> Result<(), StoreError> {
    for DocumentRow { new, seq, recorded } in rows {
        connection.execute(Statement::new(Reach::Records, INSERT_TEXT).bind(&new.sha256).bind(&new.content)).await?;
        let document = Statement::new(Reach::Records, INSERT_DOCUMENT).bind(&new.sha256).bind(new.source.as_str()).bind(*seq);
        connection.execute(document.bind(recorded.at.as_microsecond()).bind(&recorded.by)).await?;
    }
    Ok(())
}

pub(super) async fn insert_commits(connection: &mut Connection, commits: &[(i64, i64)]) -> Result<(), StoreError> {
    for commits in commits.chunks(STATEMENT_ROWS) {
        let mut query = Statement::new(Reach::Ledger, "INSERT INTO commits (seq, committed_at) ");
        query.push_values(commits, |row, (seq, at)| {
            row.push_bind(*seq).push_bind(*at);
        });
        connection.execute(query).await?;
    }
    Ok(())
}

const END_RATE: &str = "UPDATE rates SET until_seq = $1 WHERE base = $2 AND quote = $3 AND day = $4 AND version = $5";

pub(super) async fn insert_rates(connection: &mut Connection, rows: &[RateRow]) -> Result<(), StoreError> {
    for RateRow { new, version, seq, .. } in rows.iter().filter(|row| row.version > 1) {
        let rate = &new.rate;
        let ended = Statement::new(Reach::Records, END_RATE).bind(*seq).bind(rate.base.as_str()).bind(rate.quote.as_str());
        connection.execute(ended.bind(day_number(rate.day)).bind(version - 1)).await?;
    }
    for rows in rows.chunks(STATEMENT_ROWS) {
        let mut query = Statement::new(
            Reach::Records,
            "INSERT INTO rates (base, quote, day, version, seq, until_seq, recorded_at, recorded_by, rate, source) ",
        );
        query.push_values(rows, |row, RateRow { new, version, seq, until_seq, recorded }| {
            let rate = &new.rate;
            row.push_bind(rate.base.to_string()).push_bind(rate.quote.to_string()).push_bind(day_number(rate.day));
            row.push_bind(*version).push_bind(*seq).push_bind(*until_seq);
            row.push_bind(recorded.at.as_microsecond()).push_bind(recorded.by.clone());
            row.push_bind(rate.published()).push_bind(rate.source.clone());
        });
        connection.execute(query).await?;
    }
    Ok(())
}

const END_MUTE: &str = "UPDATE mutes SET until_seq = $1 WHERE finding = $2 AND version = $3";

pub(super) async fn insert_mutes(connection: &mut Connection, rows: &[MuteRow]) -> Result<(), StoreError> {
    for MuteRow { new, version, seq, .. } in rows.iter().filter(|row| row.version > 1) {
        let ended = Statement::new(Reach::Records, END_MUTE).bind(*seq).bind(&new.mute.finding);
        connection.execute(ended.bind(version - 1)).await?;
    }
    for rows in rows.chunks(STATEMENT_ROWS) {
        let mut query = Statement::new(
            Reach::Records,
            "INSERT INTO mutes (finding, version, seq, until_seq, recorded_at, recorded_by, muted, why, reason) ",
        );
        query.push_values(rows, |row, MuteRow { new, version, seq, until_seq, recorded }| {
            row.push_bind(new.mute.finding.clone()).push_bind(*version).push_bind(*seq).push_bind(*until_seq);
            row.push_bind(recorded.at.as_microsecond()).push_bind(recorded.by.clone());
            row.push_bind(new.mute.muted).push_bind(new.mute.why.clone()).push_bind(new.mute.reason.clone());
        });
        connection.execute(query).await?;
    }
    Ok(())
}

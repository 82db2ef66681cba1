//! The rows that a group of changes consists of, collected and then inserted many to a statement: row by row
//! costs fifteen times as much through the driver.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::change::{AnyRecord, Change, Expected, Item, NewClaimVersion, NewDocument, NewRecordVersion, Recorded, Written, with_record};
use super::check::Plan;
use super::engine::Connection;
use super::statement::{Reach, Statement};
use super::{StoreError, full_text, indexed, to_json};
use crate::domain::claim::Claim;
use crate::domain::decimal::Decimal;
use crate::domain::folding::folded;
use crate::domain::id::{ClaimId, MetricKey};
use crate::domain::period::DAY_MIN;
use crate::domain::period::Period;
use crate::domain::record::{Record, RecordKind};
use crate::domain::slug::Slug;
use crate::domain::source::Source;

/// Rows that one statement inserts; times the columns, this stays under SQLite's 32,766 binds.
const STATEMENT_ROWS: usize = 500;

/// Rows waiting to be inserted, and the counters they draw on.
pub(super) struct Rows {
    seq: i64,
    now: i64,
    /// Whether the database was empty: then versions recorded elsewhere keep their times as commit times too.
    from_empty: bool,
    claims: Vec<ClaimRow>,
    records: Vec<RecordRow>,
    documents: Vec<DocumentRow>,
    ended_claims: Vec<(ClaimId, i64, i64)>,
    ended_records: Vec<(RecordKind, String, i64)>,
    commits: Vec<(i64, i64)>,
    /// What waits, and at which place of `claims`, `records` or `documents` its newest version does.
    pending: HashMap<String, usize>,
}

struct ClaimRow {
    new: NewClaimVersion,
    body: String,
    version: i64,
    seq: i64,
    until_seq: Option<i64>,
    recorded: Recorded,
}

struct RecordRow {
    new: NewRecordVersion,
    body: String,
    version: i64,
    seq: i64,
    until_seq: Option<i64>,
    recorded: Recorded,
}

struct DocumentRow {
    new: NewDocument,
    seq: i64,
    recorded: Recorded,
}

impl Rows {
    pub(super) fn new(seq: i64, now: i64) -> Self {
        Self {
            seq,
            now,
            from_empty: seq == 0,
            claims: Vec::new(),
            records: Vec::new(),
            documents: Vec::new(),
            ended_claims: Vec::new(),
            ended_records: Vec::new(),
            commits: Vec::new(),
            pending: HashMap::new(),
        }
    }

    /// Number of the newest change.
    pub(super) fn seq(&self) -> i64 {
        self.seq
    }

    /// The time of this commit.
    pub(super) fn now(&self) -> i64 {
        self.now
    }

    /// Whether a change names something that waits to be inserted and that a check would therefore not see.
    pub(super) fn touches(&self, change: &Change) -> bool {
        !self.pending.is_empty()
            && change.items.iter().any(|item| match item {
                Item::Claim(new) => new.expected != Expected::Fresh && self.pending.contains_key(&new.id.to_string()),
                Item::Record(new) => self.pending.contains_key(&record_identity(&new.record)),
                Item::Document(new) => self.pending.contains_key(&document_identity(new)),
            })
    }

    /// Takes over the items of a checked change, each by its plan.
    pub(super) fn add(&mut self, items: Vec<Item>, plans: Vec<Plan>, recorder: &str) -> Result<Vec<Written>, StoreError> {
        items
            .into_iter()
            .zip(plans)
            .map(|(item, plan)| {
                let id = match &item {
                    Item::Claim(new) => new.id.to_string(),
                    Item::Record(new) => new.record.slug().to_string(),
                    Item::Document(new) => new.sha256.clone(),
                };
                match plan {
                    Plan::Keep(version) => Ok(Written { id, version, unchanged: true }),
                    Plan::Add(version) => {
                        self.add_item(item, version, recorder)?;
                        Ok(Written { id, version, unchanged: false })
                    }
                }
            })
            .collect()
    }

    fn add_item(&mut self, item: Item, version: i64, recorder: &str) -> Result<(), StoreError> {
        self.seq += 1;
        let seq = self.seq;
        match item {
            Item::Claim(mut new) => {
                let recorded = self.recorded(new.recorded.take(), recorder);
                if version > 1 {
                    self.end_claim(new.id, version - 1, seq);
                }
                self.pending.insert(new.id.to_string(), self.claims.len());
                let body = to_json(&new.claim, "claim_versions", new.id)?;
                self.claims.push(ClaimRow { new, body, version, seq, until_seq: None, recorded });
            }
            Item::Record(mut new) => {
                let recorded = self.recorded(new.recorded.take(), recorder);
                if version > 1 {
                    self.end_record(&new.record, seq);
                }
                self.pending.insert(record_identity(&new.record), self.records.len());
                let body = with_record!(&new.record, record => to_json(record, new.record.kind().plural(), new.record.slug()))?;
                self.records.push(RecordRow { new, body, version, seq, until_seq: None, recorded });
            }
            Item::Document(mut new) => {
                let recorded = self.recorded(new.recorded.take(), recorder);
                self.pending.insert(document_identity(&new), self.documents.len());
                self.documents.push(DocumentRow { new, seq, recorded });
            }
        }
        Ok(())
    }

    /// Takes over a version as another database has it, with its number.
    pub(super) fn repeat(&mut self, item: Item, version: i64, seq: i64) -> Result<(), StoreError> {
        self.seq = seq - 1;
        self.add_item(item, version, "")
    }

    /// Takes over the commits of another database, in place of those that follow from the clock.
    pub(super) fn repeat_commits(&mut self, commits: Vec<(i64, i64)>) {
        self.commits = commits;
    }

    /// Time and person of an item, and its commit time noted.
    fn recorded(&mut self, elsewhere: Option<Recorded>, recorder: &str) -> Recorded {
        let now = Timestamp::from_microsecond(self.now).unwrap_or(Timestamp::UNIX_EPOCH);
        let recorded = elsewhere.unwrap_or_else(|| Recorded { at: now, by: recorder.to_string() });
        let latest = self.commits.last().map_or(i64::MIN, |(_, at)| *at);
        let at = if self.from_empty { recorded.at.as_microsecond().max(latest).min(self.now) } else { self.now };
        match self.commits.last_mut() {
            Some(last) if last.1 == at => last.0 = self.seq,
            _ => self.commits.push((self.seq, at)),
        }
        recorded
    }

    fn end_claim(&mut self, id: ClaimId, version: i64, seq: i64) {
        let waiting = self.pending.get(&id.to_string()).copied();
        match waiting.and_then(|place| self.claims.get_mut(place)) {
            Some(row) => row.until_seq = Some(seq),
            None => self.ended_claims.push((id, version, seq)),
        }
    }

    fn end_record(&mut self, record: &AnyRecord, seq: i64) {
        let (kind, slug) = (record.kind(), record.slug());
        let waiting = self.pending.get(&record_identity(record)).copied();
        match waiting.and_then(|place| self.records.get_mut(place)) {
            Some(row) => row.until_seq = Some(seq),
            None => self.ended_records.push((kind, slug.to_string(), seq)),
        }
    }

    /// Inserts everything that waits.
    pub(super) async fn flush(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        end_versions(connection, &self.ended_claims, &self.ended_records).await?;
        for rows in self.claims.chunks(STATEMENT_ROWS) {
            insert_claims(connection, rows).await?;
        }
        for kind in RecordKind::ALL {
            let rows: Vec<&RecordRow> = self.records.iter().filter(|row| row.new.record.kind() == kind).collect();
            for rows in rows.chunks(STATEMENT_ROWS) {
                insert_records(connection, kind, rows).await?;
            }
        }
        insert_documents(connection, &self.documents).await?;
        for commits in self.commits.chunks(STATEMENT_ROWS) {
            let mut query = Statement::new(Reach::Ledger, "INSERT INTO commits (seq, committed_at) ");
            query.push_values(commits, |row, (seq, at)| {
                row.push_bind(*seq).push_bind(*at);
            });
            connection.execute(query).await?;
        }
        self.claims.clear();
        self.records.clear();
        self.documents.clear();
        self.ended_claims.clear();
        self.ended_records.clear();
        self.commits.clear();
        self.pending.clear();
        Ok(())
    }
}

fn document_identity(new: &NewDocument) -> String {
    format!("text/{}/{}", new.source, new.sha256)
}

fn record_identity(record: &AnyRecord) -> String {
    format!("{}/{}", record.kind(), record.slug())
}

const END_CLAIM: &str = "UPDATE claim_versions SET until_seq = $1 WHERE metric_key = $2 AND claim_id = $3 AND version = $4";
const END_NAMES: &str = "UPDATE names SET until_seq = $1 WHERE kind = $2 AND slug = $3 AND until_seq IS NULL";
const END_CITATIONS: &str = "UPDATE citations SET until_seq = $1 WHERE citing = $2 AND until_seq IS NULL";

async fn end_versions(
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

async fn insert_claims(connection: &mut Connection, rows: &[ClaimRow]) -> Result<(), StoreError> {
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

async fn insert_records(connection: &mut Connection, kind: RecordKind, rows: &[&RecordRow]) -> Result<(), StoreError> {
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

async fn insert_documents(connection: &mut Connection, rows: &[DocumentRow]) -> Result<(), StoreError> {
    for DocumentRow { new, seq, recorded } in rows {
        connection.execute(Statement::new(Reach::Records, INSERT_TEXT).bind(&new.sha256).bind(&new.content)).await?;
        let document = Statement::new(Reach::Records, INSERT_DOCUMENT).bind(&new.sha256).bind(new.source.as_str()).bind(*seq);
        connection.execute(document.bind(recorded.at.as_microsecond()).bind(&recorded.by)).await?;
    }
    Ok(())
}

//! The rows that a group of changes consists of, collected until they are inserted together.

use std::collections::HashMap;

use jiff::Timestamp;

use super::change::{
    AnyRecord, Change, Expected, Item, NewClaimVersion, NewDocument, NewMute, NewRate, NewRecordVersion, Recorded, Written, with_record,
};
use super::check::Plan;
use super::engine::Connection;
use super::insert::{
    STATEMENT_ROWS, end_versions, insert_claims, insert_commits, insert_documents, insert_mutes, insert_rates, insert_records,
};
use super::{StoreError, to_json};
use crate::domain::id::ClaimId;
use crate::domain::record::RecordKind;

/// Rows waiting to be inserted, and the counters they draw on.
pub(super) struct Rows {
    seq: i64,
    now: i64,
    /// Whether the database was empty: then versions recorded elsewhere keep their times as commit times too.
    from_empty: bool,
    claims: Vec<ClaimRow>,
    records: Vec<RecordRow>,
    documents: Vec<DocumentRow>,
    rates: Vec<RateRow>,
    mutes: Vec<MuteRow>,
    ended_claims: Vec<(ClaimId, i64, i64)>,
    ended_records: Vec<(RecordKind, String, i64)>,
    commits: Vec<(i64, i64)>,
    /// What waits, and at which place of `claims`, `records`, `documents`, `rates` or `mutes` its newest version does.
    pending: HashMap<String, usize>,
}

pub(super) struct ClaimRow {
    pub(super) new: NewClaimVersion,
    pub(super) body: String,
    pub(super) version: i64,
    pub(super) seq: i64,
    pub(super) until_seq: Option<i64>,
    pub(super) recorded: Recorded,
}

pub(super) struct RecordRow {
    pub(super) new: NewRecordVersion,
    pub(super) body: String,
    pub(super) version: i64,
    pub(super) seq: i64,
    pub(super) until_seq: Option<i64>,
    pub(super) recorded: Recorded,
}

pub(super) struct DocumentRow {
    pub(super) new: NewDocument,
    pub(super) seq: i64,
    pub(super) recorded: Recorded,
}

pub(super) struct RateRow {
    pub(super) new: NewRate,
    pub(super) version: i64,
    pub(super) seq: i64,
    pub(super) until_seq: Option<i64>,
    pub(super) recorded: Recorded,
}

pub(super) struct MuteRow {
    pub(super) new: NewMute,
    pub(super) version: i64,
    pub(super) seq: i64,
    pub(super) until_seq: Option<i64>,
    pub(super) recorded: Recorded,
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
            rates: Vec::new(),
            mutes: Vec::new(),
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
                Item::Rate(new) => self.pending.contains_key(&new.rate.identity()),
                Item::Mute(new) => self.pending.contains_key(&new.mute.finding),
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
                    Item::Rate(new) => new.rate.identity(),
                    Item::Mute(new) => new.mute.finding.clone(),
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
            Item::Rate(mut new) => {
                let recorded = self.recorded(new.recorded.take(), recorder);
                let waiting = self.pending.insert(new.rate.identity(), self.rates.len());
                if let Some(row) = waiting.and_then(|place| self.rates.get_mut(place)) {
                    row.until_seq = Some(seq);
                }
                self.rates.push(RateRow { new, version, seq, until_seq: None, recorded });
            }
            Item::Mute(mut new) => {
                let recorded = self.recorded(new.recorded.take(), recorder);
                let waiting = self.pending.insert(new.mute.finding.clone(), self.mutes.len());
                if let Some(row) = waiting.and_then(|place| self.mutes.get_mut(place)) {
                    row.until_seq = Some(seq);
                }
                self.mutes.push(MuteRow { new, version, seq, until_seq: None, recorded });
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
        insert_rates(connection, &self.rates).await?;
        insert_mutes(connection, &self.mutes).await?;
        insert_commits(connection, &self.commits).await?;
        self.claims.clear();
        self.records.clear();
        self.documents.clear();
        self.rates.clear();
        self.mutes.clear();
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

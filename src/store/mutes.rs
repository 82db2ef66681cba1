//! Reading which findings are muted.

use std::collections::HashMap;

use jiff::Timestamp;

use super::change::{Item, NewMute, Recorded};
use super::statement::{Reach, Statement};
use super::{At, Store, StoreError, push_holds_at, timestamp};
use crate::domain::finding::Mute;

/// A mute with its history.
#[derive(Debug, Clone, PartialEq)]
pub struct MuteVersion {
    /// The mute itself.
    pub mute: Mute,
    /// Counts from 1.
    pub version: i64,
    /// Number of the change that stored it.
    pub seq: i64,
    /// When it was stored.
    pub recorded_at: Timestamp,
    /// Who stored it.
    pub recorded_by: String,
}

type MuteRow = (String, i64, i64, i64, String, bool, Option<String>, Option<String>);

/// Findings looked up by one statement.
const LOOKUP_MAX: usize = 1000;
const SELECT_MUTES: &str = "SELECT m.finding, m.version, m.seq, m.recorded_at, m.recorded_by, m.muted, m.why, m.reason FROM mutes m WHERE";
const SELECT_HISTORY: &str = "SELECT m.finding, m.version, m.seq, m.recorded_at, m.recorded_by, m.muted, m.why, m.reason FROM mutes m \
    WHERE m.seq > $1 AND m.seq <= $2 ORDER BY m.seq LIMIT $3";

impl Store {
    /// What was last said of these findings, by their ids.
    pub async fn list_mutes(&self, findings: &[String], at: At) -> Result<HashMap<String, MuteVersion>, StoreError> {
        let mut found = HashMap::new();
        for findings in findings.chunks(LOOKUP_MAX) {
            let mut query = Statement::new(Reach::Records, SELECT_MUTES);
            push_holds_at(&mut query, "m.", at);
            query.push(" AND m.finding IN ").push_list(findings.iter().cloned());
            found.extend(self.fetch_mutes(query).await?.into_iter().map(|version| (version.mute.finding.clone(), version)));
        }
        Ok(found)
    }

    /// All mutes in the order in which they were stored, beginning after `after`.
    pub async fn list_mute_history(&self, after: i64, at: At, limit: i64) -> Result<Vec<MuteVersion>, StoreError> {
        self.fetch_mutes(Statement::new(Reach::Records, SELECT_HISTORY).bind(after).bind(at.0).bind(limit)).await
    }

    async fn fetch_mutes(&self, query: Statement) -> Result<Vec<MuteVersion>, StoreError> {
        let rows: Vec<MuteRow> = self.read.fetch_all(query).await?;
        rows.into_iter().map(mute).collect()
    }
}

fn mute((finding, version, seq, recorded_at, recorded_by, muted, why, reason): MuteRow) -> Result<MuteVersion, StoreError> {
    let recorded_at = timestamp(recorded_at, "mutes", &finding)?;
    Ok(MuteVersion { mute: Mute { finding, muted, why, reason }, version, seq, recorded_at, recorded_by })
}

impl MuteVersion {
    /// The mute as something to be written, with the time and person that it has.
    pub(super) fn into_item(self) -> Item {
        let recorded = Some(Recorded { at: self.recorded_at, by: self.recorded_by });
        Item::Mute(NewMute { mute: self.mute, version: Some(self.version), recorded })
    }
}

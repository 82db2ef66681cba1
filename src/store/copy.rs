//! Copying a whole database into another one, whatever engine either has: every change again, in its order and with its
//! number, and at the end both compared.
//!
//! Each stretch of changes is one transaction that leaves the target as the source once was. So a copy that was broken off
//! goes on where it stopped, and a later one brings over what was written since.

use super::change::{AnyRecord, Expected, Item, NewClaimVersion, NewDocument, NewRecordVersion, Outcome, Recorded};
use super::documents::Document;
use super::engine::Connection;
use super::rows::Rows;
use super::statement::{Reach, Statement};
use super::transaction::Transaction;
use super::{At, Store, StoreError};
use crate::domain::actor::Actor;
use crate::domain::history::ClaimVersion;
use crate::domain::metric::Metric;
use crate::domain::record::{Record, Versioned};
use crate::domain::slug::Slug;
use crate::domain::source::Source;
use crate::domain::unit::Unit;

/// Changes of one transaction.
const STRETCH_CHANGES: i64 = 2000;
/// Answered requests copied at a time.
const CHUNK_ROWS: usize = 500;

const SELECT_COMMITS: &str = "SELECT seq, committed_at FROM commits WHERE seq > $1 AND seq <= $2 ORDER BY seq";
const SELECT_KEYS: &str = "SELECT id, name, scope, secret_sha256, created_at, revoked_at FROM keys ORDER BY id";
const INSERT_KEYS: &str = "INSERT INTO keys (id, name, scope, secret_sha256, created_at, revoked_at) ";
const OR_REVOKE: &str = " ON CONFLICT (id) DO UPDATE SET revoked_at = COALESCE(keys.revoked_at, excluded.revoked_at)";
const SELECT_OUTCOMES: &str = "SELECT key_id, route, idempotency_key, fingerprint, outcome, recorded_at FROM idempotency \
    WHERE (key_id, route, idempotency_key) > ($1, $2, $3) ORDER BY key_id, route, idempotency_key LIMIT 500";
const INSERT_OUTCOMES: &str = "INSERT INTO idempotency (key_id, route, idempotency_key, fingerprint, outcome, recorded_at) ";
const OR_KEEP: &str = " ON CONFLICT (key_id, route, idempotency_key) DO NOTHING";

type KeyRow = (String, String, String, String, i64, Option<i64>);
type OutcomeRow = (String, String, String, String, String, i64);

/// What a copy is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyStep {
    /// Comparing what the target has already.
    Comparing,
    /// Bringing over what it has not.
    Copying,
    /// Comparing what was brought over.
    Verifying,
}

/// What a copy came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Changes that the target had already.
    pub there: i64,
    /// Changes that both have now.
    pub all: i64,
    /// Keys of those who may write.
    pub keys: usize,
}

/// Everything that one stretch of changes consists of.
#[derive(Debug, PartialEq)]
struct Stretch {
    units: Vec<Versioned<Unit>>,
    metrics: Vec<Versioned<Metric>>,
    actors: Vec<Versioned<Actor>>,
    sources: Vec<Versioned<Source>>,
    documents: Vec<Document>,
    claims: Vec<ClaimVersion>,
    commits: Vec<(i64, i64)>,
}

impl Store {
    /// Makes the target the same as this database. `told` hears of every stretch: what is done, up to which change, of how many.
    pub async fn copy_to(&self, target: &Self, mut told: impl FnMut(CopyStep, i64, i64)) -> Result<Copied, StoreError> {
        let newest = self.head().await?;
        let head = newest.at;
        let there = target.head().await?.at;
        if there > head {
            return Err(StoreError::Unsuitable("the target holds more than the source, so it is no copy of it".into()));
        }
        let compared = self.first_difference(target, At(0), there, |upto| told(CopyStep::Comparing, upto, there.0)).await?;
        if compared.is_some() {
            return Err(StoreError::Unsuitable("the target holds something else; copy into an empty database".into()));
        }
        let mut connection = target.connect_alone().await?;
        let mut after = there;
        while after < head {
            let upto = At((after.0 + STRETCH_CHANGES).min(head.0));
            let stretch = self.stretch(after, upto).await?;
            let reached = if upto == head { newest.committed_at } else { self.time_of_state(upto).await? };
            connection = write_stretch(connection, after, upto, reached.as_microsecond(), stretch).await?;
            after = upto;
            told(CopyStep::Copying, after.0, head.0);
        }
        let keys = self.copy_keys(&mut connection).await?;
        self.copy_outcomes(&mut connection, head).await?;
        connection.close().await?;
        let different = self.first_difference(target, there, head, |upto| told(CopyStep::Verifying, upto, head.0)).await?;
        match different {
            Some(seq) => Err(StoreError::Unsuitable(format!("the copy differs from its source after change {seq}"))),
            None if self.totals(head).await? != target.totals(head).await? || keys != target.keys().await?.len() => {
                Err(StoreError::Unsuitable("the copy counts other numbers of things than its source".into()))
            }
            None => Ok(Copied { there: there.0, all: head.0, keys }),
        }
    }

    /// The change after which two databases differ, looking at those after `from` up to `upto`.
    async fn first_difference(&self, other: &Self, from: At, upto: At, mut told: impl FnMut(i64)) -> Result<Option<i64>, StoreError> {
        let mut after = from;
        while after < upto {
            let next = At((after.0 + STRETCH_CHANGES).min(upto.0));
            if self.stretch(after, next).await? != other.stretch(after, next).await? {
                return Ok(Some(after.0));
            }
            after = next;
            told(after.0);
        }
        Ok(None)
    }

    async fn stretch(&self, after: At, upto: At) -> Result<Stretch, StoreError> {
        let commits = Statement::new(Reach::Ledger, SELECT_COMMITS).bind(after.0).bind(upto.0);
        Ok(Stretch {
            units: self.list_record_history(after.0, upto, STRETCH_CHANGES).await?,
            metrics: self.list_record_history(after.0, upto, STRETCH_CHANGES).await?,
            actors: self.list_record_history(after.0, upto, STRETCH_CHANGES).await?,
            sources: self.list_record_history(after.0, upto, STRETCH_CHANGES).await?,
            documents: self.list_document_history(after.0, upto, STRETCH_CHANGES).await?,
            claims: self.list_claim_history(after.0, upto, STRETCH_CHANGES).await?,
            commits: self.prompt.fetch_all(commits).await?,
        })
    }

    async fn keys(&self) -> Result<Vec<KeyRow>, StoreError> {
        self.prompt.fetch_all(Statement::new(Reach::Ledger, SELECT_KEYS)).await
    }

    async fn copy_keys(&self, target: &mut Connection) -> Result<usize, StoreError> {
        let keys = self.keys().await?;
        for keys in keys.chunks(CHUNK_ROWS) {
            let mut statement = Statement::new(Reach::Ledger, INSERT_KEYS);
            statement.push_values(keys, |row, (id, name, scope, secret_sha256, created_at, revoked_at)| {
                row.push_bind(id).push_bind(name).push_bind(scope).push_bind(secret_sha256).push_bind(*created_at).push_bind(*revoked_at);
            });
            statement.push(OR_REVOKE);
            target.execute(statement).await?;
        }
        Ok(keys.len())
    }

    async fn copy_outcomes(&self, target: &mut Connection, head: At) -> Result<(), StoreError> {
        let mut after = (String::new(), String::new(), String::new());
        loop {
            let statement = Statement::new(Reach::Ledger, SELECT_OUTCOMES).bind(&after.0).bind(&after.1).bind(&after.2);
            let mut outcomes: Vec<OutcomeRow> = self.prompt.fetch_all(statement).await?;
            let Some((key_id, route, key, ..)) = outcomes.last() else { return Ok(()) };
            after = (key_id.clone(), route.clone(), key.clone());
            // What was answered since the copy began belongs to changes that the target does not have.
            outcomes.retain(|(.., outcome, _)| serde_json::from_str::<Outcome>(outcome).is_ok_and(|outcome| At(outcome.seq) <= head));
            if outcomes.is_empty() {
                continue;
            }
            let mut statement = Statement::new(Reach::Ledger, INSERT_OUTCOMES);
            statement.push_values(&outcomes, |row, (key_id, route, key, fingerprint, outcome, recorded_at)| {
                row.push_bind(key_id).push_bind(route).push_bind(key).push_bind(fingerprint).push_bind(outcome).push_bind(*recorded_at);
            });
            statement.push(OR_KEEP);
            target.execute(statement).await?;
        }
    }
}

/// Stores a stretch in one transaction; refuses when somebody else has written to the target meanwhile.
async fn write_stretch(connection: Connection, after: At, upto: At, committed_at: i64, stretch: Stretch) -> Result<Connection, StoreError> {
    let mut transaction = Transaction::begin(connection).await?;
    if transaction.seq != after.0 {
        return Err(StoreError::Unsuitable("somebody else is writing to the target".into()));
    }
    let mut rows = Rows::new(after.0, committed_at);
    let commits = stretch.commits.clone();
    for (seq, item, version) in stretch.into_items()? {
        rows.repeat(item, version, seq)?;
    }
    rows.repeat_commits(commits);
    rows.flush(&mut transaction.connection).await?;
    transaction.move_head(upto.0, committed_at).await?;
    transaction.commit().await
}

/// An item with the number of its change and its version.
type Numbered = (i64, Item, i64);

impl Stretch {
    /// All items in the order of their numbers.
    fn into_items(self) -> Result<Vec<Numbered>, StoreError> {
        let mut items: Vec<Numbered> = Vec::new();
        items.extend(self.units.into_iter().map(|version| record(version, AnyRecord::Unit)));
        items.extend(self.metrics.into_iter().map(|version| record(version, AnyRecord::Metric)));
        items.extend(self.actors.into_iter().map(|version| record(version, AnyRecord::Actor)));
        items.extend(self.sources.into_iter().map(|version| record(version, AnyRecord::Source)));
        items.extend(self.documents.into_iter().map(document).collect::<Result<Vec<_>, _>>()?);
        items.extend(self.claims.into_iter().map(claim));
        items.sort_by_key(|(seq, ..)| *seq);
        Ok(items)
    }
}

fn record<R: Record>(found: Versioned<R>, any: impl Fn(R) -> AnyRecord) -> Numbered {
    let recorded = Some(Recorded { at: found.recorded_at, by: found.recorded_by });
    let new = NewRecordVersion {
        record: any(found.record),
        expected: Expected::Version(found.version),
        cause: found.cause,
        reason: found.reason,
        recorded,
    };
    (found.seq, Item::Record(new), found.version)
}

fn document(found: Document) -> Result<Numbered, StoreError> {
    let recorded = Some(Recorded { at: found.recorded_at, by: found.recorded_by });
    let source = Slug::parse(&found.source).map_err(|fault| StoreError::corrupt("documents", &found.sha256, fault))?;
    let new = NewDocument { sha256: found.sha256, source, content: found.content, recorded };
    Ok((found.seq, Item::Document(new), 1))
}

fn claim(found: ClaimVersion) -> Numbered {
    let recorded = Some(Recorded { at: found.recorded_at, by: found.recorded_by });
    let new = NewClaimVersion {
        id: found.id,
        expected: Expected::Version(found.version),
        state: found.state,
        claim: found.claim,
        cause: found.cause,
        reason: found.reason,
        superseded_by: found.superseded_by,
        recorded,
    };
    (found.seq, Item::Claim(new), found.version)
}

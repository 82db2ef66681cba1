//! Copying a whole database into another one, whatever engine either has: every change again, in its order and with its
//! number, and at the end both compared.
//!
//! Each stretch of changes is one transaction that leaves the target as the source once was. So a copy that was broken off
//! goes on where it stopped, and a later one brings over what was written since.

use super::change::{AnyRecord, Expected, Item, NewClaimVersion, NewDocument, NewRecordVersion, Recorded};
use super::copy_ledger::{KeyRow, different_key};
use super::documents::Document;
use super::engine::Connection;
use super::mutes::MuteVersion;
use super::rates::RateVersion;
use super::rows::Rows;
use super::statement::{Reach, Statement};
use super::transaction::Transaction;
use super::{At, Head, Store, StoreError};
use crate::domain::actor::Actor;
use crate::domain::history::ClaimVersion;
use crate::domain::metric::Metric;
use crate::domain::record::{Record, Versioned};
use crate::domain::slug::Slug;
use crate::domain::source::Source;
use crate::domain::unit::Unit;

/// Changes of one transaction, at most.
const STRETCH_CHANGES: i64 = 2000;
/// What they may say together, in bytes; one that says more is a stretch of its own.
const STRETCH_BYTES: i64 = 8_000_000;

/// Why every shard is read.
const HISTORY: &str = "all claims in the order in which they were stored";

const SELECT_SIZES: &str = "SELECT seq, CAST(size AS BIGINT) FROM (\
    SELECT c.seq, octet_length(c.body) AS size FROM claim_versions c WHERE c.seq > $1 AND c.seq <= $2 \
    UNION ALL SELECT d.seq, octet_length(t.content) FROM documents d JOIN texts t ON t.sha256 = d.sha256 WHERE d.seq > $1 AND d.seq <= $2 \
    UNION ALL SELECT r.seq, octet_length(r.body) FROM sources r WHERE r.seq > $1 AND r.seq <= $2 \
    UNION ALL SELECT r.seq, octet_length(r.body) FROM actors r WHERE r.seq > $1 AND r.seq <= $2 \
    UNION ALL SELECT r.seq, octet_length(r.body) FROM metrics r WHERE r.seq > $1 AND r.seq <= $2 \
    UNION ALL SELECT r.seq, octet_length(r.body) FROM units r WHERE r.seq > $1 AND r.seq <= $2) sizes ORDER BY seq";
const SELECT_COMMITS: &str = "SELECT seq, committed_at FROM commits WHERE seq > $1 AND seq <= $2 ORDER BY seq";

/// What a copy is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyStep {
    /// Comparing what the target has already; so many tables are done, of so many.
    Comparing,
    /// Bringing over what it has not; so many changes are done, of so many.
    Copying,
    /// Comparing what was brought over; so many tables are done, of so many.
    Verifying,
}

/// What a copy compares of what the target had already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verify {
    /// Its newest changes, by which it shows whether it is a copy of the same database.
    Newest,
    /// Everything.
    All,
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
    /// The last change that was not compared; 0 if everything was.
    pub trusted: i64,
}

/// Everything that one stretch of changes consists of.
struct Stretch {
    units: Vec<Versioned<Unit>>,
    metrics: Vec<Versioned<Metric>>,
    actors: Vec<Versioned<Actor>>,
    sources: Vec<Versioned<Source>>,
    documents: Vec<Document>,
    rates: Vec<RateVersion>,
    mutes: Vec<MuteVersion>,
    claims: Vec<ClaimVersion>,
    commits: Vec<(i64, i64)>,
}

impl Store {
    /// Makes the target the same as this database, and compares both. `told` hears what is done, and how much of it.
    pub async fn copy_to(&self, target: &Self, verify: Verify, mut told: impl FnMut(CopyStep, i64, i64)) -> Result<Copied, StoreError> {
        let newest = self.head().await?;
        let (head, there) = (newest.at, target.head().await?.at);
        if there > head {
            return Err(StoreError::Unsuitable("the target holds more than the source, so it is no copy of it".into()));
        }
        let trusted = if verify == Verify::All { At(0) } else { At((there.0 - STRETCH_CHANGES).max(0)) };
        if there.0 > 0
            && let Some(differs) = self.first_difference(target, trusted, there, |done, all| told(CopyStep::Comparing, done, all)).await?
        {
            let words = format!("the target holds something else; copy into an empty database ({differs})");
            return Err(StoreError::Unsuitable(words));
        }
        let mut connection = target.connect_alone().await?;
        let mut after = there;
        while after < head {
            let upto = self.end_of_stretch(after, head).await?;
            let stretch = self.stretch(after, upto).await?;
            let reached = if upto == head { newest.committed_at } else { self.time_of_state(upto).await? };
            connection = write_stretch(connection, after, upto, reached.as_microsecond(), stretch).await?;
            after = upto;
            told(CopyStep::Copying, after.0, head.0);
        }
        let keys = self.copy_keys(&mut connection).await?;
        let outcomes = self.copy_outcomes(&mut connection, head).await?;
        connection.close().await?;
        let differs = match self.first_difference(target, there, head, |done, all| told(CopyStep::Verifying, done, all)).await? {
            None => self.other_difference(target, newest, trusted, &keys).await?.or(outcomes),
            differs => differs,
        };
        match differs {
            Some(differs) => Err(StoreError::Unsuitable(format!("the copy differs from its source: {differs}"))),
            None => Ok(Copied { there: there.0, all: head.0, keys: keys.len(), trusted: trusted.0 }),
        }
    }

    /// What differs beside the rows of changes: the head, keys, how many things hold now and, if nothing is trusted, the words.
    async fn other_difference(&self, target: &Self, newest: Head, trusted: At, keys: &[KeyRow]) -> Result<Option<String>, StoreError> {
        if target.head().await? != newest {
            return Ok(Some("head: the newest change is another, or has another time".into()));
        }
        if let Some(differs) = different_key(keys, &target.keys().await?) {
            return Ok(Some(differs));
        }
        if self.totals(newest.at).await? != target.totals(newest.at).await? {
            return Ok(Some("other numbers of claims or records hold now".into()));
        }
        if trusted.0 > 0 {
            return Ok(None);
        }
        if self.sum_claim_words(newest.at.0).await? != target.sum_claim_words(i64::MAX).await? {
            return Ok(Some("claim_text: the words of claims are others".into()));
        }
        let same = self.sum_record_words(newest.at.0).await? == target.sum_record_words(i64::MAX).await?;
        Ok((!same).then(|| "record_text: the names of records are others".into()))
    }

    /// The last change of the stretch after one: so many changes and so many bytes as memory is to be taken for, but at least one.
    async fn end_of_stretch(&self, after: At, head: At) -> Result<At, StoreError> {
        let last = (after.0 + STRETCH_CHANGES).min(head.0);
        let statement = Statement::new(Reach::Everywhere(HISTORY), SELECT_SIZES).bind(after.0).bind(last);
        let sizes: Vec<(i64, i64)> = self.readers.fetch_all(statement).await?;
        let mut bytes = 0;
        let beyond = sizes.iter().skip_while(|(_, size)| {
            bytes += size;
            bytes <= STRETCH_BYTES
        });
        let first_beyond = beyond.map(|(seq, _)| *seq).next();
        Ok(At(first_beyond.map_or(last, |seq| (seq - 1).max(after.0 + 1))))
    }

    async fn stretch(&self, after: At, upto: At) -> Result<Stretch, StoreError> {
        let commits = Statement::new(Reach::Ledger, SELECT_COMMITS).bind(after.0).bind(upto.0);
        Ok(Stretch {
            units: self.list_record_history(after.0, upto, STRETCH_CHANGES).await?,
            metrics: self.list_record_history(after.0, upto, STRETCH_CHANGES).await?,
            actors: self.list_record_history(after.0, upto, STRETCH_CHANGES).await?,
            sources: self.list_record_history(after.0, upto, STRETCH_CHANGES).await?,
            documents: self.list_document_history(after.0, upto, STRETCH_CHANGES).await?,
            rates: self.list_rate_history(after.0, upto, STRETCH_CHANGES).await?,
            mutes: self.list_mute_history(after.0, upto, STRETCH_CHANGES).await?,
            claims: self.list_claim_history(after.0, upto, STRETCH_CHANGES).await?,
            commits: self.prompt.fetch_all(commits).await?,
        })
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
        items.extend(self.mutes.into_iter().map(|found| {
            let (seq, version) = (found.seq, found.version);
            (seq, found.into_item(), version)
        }));
        items.extend(self.rates.into_iter().map(|found| {
            let (seq, version) = (found.seq, found.version);
            (seq, found.into_item(), version)
        }));
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

//! The only place that knows SQL. Everything else hands it domain values and gets domain values back.
//!
//! - `statement`: SQL as text and values; `engine`: running it on SQLite or PostgreSQL; `difference`: the few texts that
//!   the two cannot share;
//! - `address`: reading and showing addresses of databases; `open`: opens one, at which `open_sqlite` and `open_postgres` make
//!   their checks and migrations; `replica`: a second server that is only read;
//! - `plain_words`: what to tell a person of an error;
//! - `change`: what can be written, as one unit that happens wholly or not at all;
//! - `transaction`: how every writing begins and ends; `writer`: the one task that writes, committing many changes at once; `check` decides whether a change
//!   may happen, `rows` collects what it consists of, `insert` puts it in;
//! - `copy`: a whole database into another one, with what `copy_ledger` copies; `compare` and `word_sums`: whether both are then
//!   the same; `distribute`: over the nodes of a cluster;
//! - `filter`: which claims are meant, as SQL conditions; `full_text`: which words a text has, `reindex` fills the
//!   index of words anew, and `shorten` shortens what an older version did not;
//! - `claims`, `records`, `citations`, `documents`, `rates`, `mutes`, `figures`, `groups`, `keys`: reading, one file for each thing read.
//!
//! All reads name the state of the database they mean ([`At`]); nothing is ever deleted, so a record that was
//! found once can be relied on. To add a query: write its SQL as a constant above the one function that uses
//! it, or build it piece by piece with binds; say what it reaches (`statement::Reach`); name the function `find_` (an
//! `Option`), `list_` (several).

mod address;
pub mod change;
mod check;
pub mod citations;
pub mod claims;
mod compare;
mod copy;
mod copy_ledger;
mod difference;
mod distribute;
pub mod documents;
mod engine;
pub mod figures;
pub mod filter;
pub mod full_text;
pub mod groups;
mod insert;
pub mod keys;
pub mod mutes;
mod open;
mod open_postgres;
mod open_sqlite;
mod plain_words;
pub mod rates;
pub mod records;
mod reindex;
mod replica;
mod rows;
mod shorten;
mod statement;
mod transaction;
mod word_sums;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use self::engine::Pool;
use self::statement::{Reach, Statement};
use crate::domain::clock::Clock;

pub use address::redacted;
pub use copy::{Copied, CopyStep, Verify};
pub use difference::Difference;
pub use distribute::DistributedTable;
pub use engine::Engine;
pub use open::OpenOptions;
pub use open_sqlite::SQLITE_VERSION_MIN;

/// An open database: connections for reading, and the writer.
#[derive(Clone)]
pub struct Store {
    /// What this handle reads from: one of the three that follow.
    read: Pool,
    /// Few connections for what is quick and must not wait for others: keys, repeated requests, readiness, answers to writes.
    prompt: Pool,
    /// Connections for what anybody asks, which can be slow.
    readers: Pool,
    replica: Option<Arc<replica::Replica>>,
    writer: writer::Writer,
    clock: Arc<dyn Clock>,
}

/// A state of the database: after the change with this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct At(pub i64);

/// The newest state, and when it was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The newest state.
    pub at: At,
    /// When its change was committed.
    pub committed_at: Timestamp,
}

/// Why the store could not do as asked. Never shown to a client as it is.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, is full, or is shutting down; nothing of the request was kept.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The same, as the driver says it: the server or the way to it is in a condition that can pass.
    #[error("the database is not available: {0}")]
    Condition(Arc<sqlx::Error>),
    /// The connection broke while the database was committing: the change may have been kept, or not.
    #[error("the database was lost in the middle of a commit: {0}")]
    OutcomeUnknown(String),
    /// A stored row cannot be true.
    #[error("corrupt row in {table}, {id}: {why}")]
    Corrupt {
        /// Table of the row.
        table: &'static str,
        /// Which row.
        id: String,
        /// What is wrong with it.
        why: String,
    },
    /// The database is none of ours, made by a newer version, or set up so that it loses data.
    #[error("{0}")]
    Unsuitable(String),
    /// The driver failed.
    #[error("database driver: {0}")]
    Driver(Arc<sqlx::Error>),
}

impl StoreError {
    /// A row that cannot be true.
    pub(crate) fn corrupt(table: &'static str, id: impl ToString, why: impl ToString) -> Self {
        Self::Corrupt { table, id: id.to_string(), why: why.to_string() }
    }
}

/// Longest time for a server to end its connections.
const CLOSE_TIME: Duration = Duration::from_secs(5);

/// Longest text, in bytes, that is looked up by an index as it is.
const INDEXED_BYTES_MAX: usize = 1_000;

const SELECT_HEAD: &str = "SELECT seq, committed_at FROM head";
const SELECT_SEQ_AT_TIME: &str = "SELECT MAX(seq) FROM commits WHERE committed_at <= $1";
const SELECT_COMMIT_OF_SEQ: &str = "SELECT MIN(seq) FROM commits WHERE seq >= $1";
const SELECT_TIME_OF_SEQ: &str = "SELECT MIN(committed_at) FROM commits WHERE seq >= $1";

impl Store {
    /// The newest state.
    pub async fn head(&self) -> Result<Head, StoreError> {
        let (seq, micros): (i64, i64) = self.read.fetch_one(Statement::new(Reach::Ledger, SELECT_HEAD)).await?;
        Ok(Head { at: At(seq), committed_at: timestamp(micros, "head", seq)? })
    }

    /// The state as it stood at a moment.
    pub async fn state_at_time(&self, time: Timestamp) -> Result<At, StoreError> {
        let statement = Statement::new(Reach::Ledger, SELECT_SEQ_AT_TIME).bind(time.as_microsecond());
        let seq: Option<i64> = self.read.fetch_value(statement).await?;
        Ok(At(seq.unwrap_or(0)))
    }

    /// The state after the whole change that a number belongs to.
    pub async fn state_after(&self, at: At) -> Result<At, StoreError> {
        let seq: Option<i64> = self.read.fetch_value(Statement::new(Reach::Ledger, SELECT_COMMIT_OF_SEQ).bind(at.0)).await?;
        Ok(if at.0 == 0 { at } else { seq.map_or(at, At) })
    }

    /// When a state was reached; the beginning of time for a database that nothing was ever written to.
    pub async fn time_of_state(&self, at: At) -> Result<Timestamp, StoreError> {
        let micros: Option<i64> = self.read.fetch_value(Statement::new(Reach::Ledger, SELECT_TIME_OF_SEQ).bind(at.0)).await?;
        timestamp(micros.unwrap_or(0), "commits", at.0)
    }

    /// The clock that stamps what is written.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// What keeps the data.
    pub fn engine(&self) -> Engine {
        self.prompt.engine()
    }

    /// Resolves once the writer has met a fault of the disk after which nothing may be acknowledged any more.
    pub async fn failed(&self) {
        self.writer.failed().await;
    }

    /// Lets the writer finish what it was given, and closes all connections. A server that does not answer is not waited for: what
    /// it has not acknowledged, nobody was told of.
    pub async fn close(&self) {
        let closed = async {
            // The writer last: on SQLite, whoever leaves last empties the write-ahead log, which a reader may not.
            tokio::join!(self.readers.close(), self.prompt.close());
            self.writer.close().await;
            if let Some(replica) = &self.replica {
                replica.close().await;
            }
        };
        match self.engine() {
            Engine::Sqlite => closed.await,
            Engine::Postgres => {
                if tokio::time::timeout(CLOSE_TIME, closed).await.is_err() {
                    tracing::warn!("the server did not let go of all connections in time");
                }
            }
        }
    }
}

/// A value as the JSON that is stored of it.
pub(crate) fn to_json(value: &impl serde::Serialize, table: &'static str, id: impl ToString) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::corrupt(table, id, error))
}

/// A stored time as a domain value.
pub(crate) fn timestamp(micros: i64, table: &'static str, id: impl ToString) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|error| StoreError::corrupt(table, id, error))
}

/// A text as an index has it: of a longer one the beginning, and the hash of the whole. PostgreSQL's indexes take no entry of
/// more than some 2,700 bytes.
fn indexed(text: String) -> String {
    if text.len() <= INDEXED_BYTES_MAX {
        return text;
    }
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&text));
    format!("{}…{hash}", &text[..text.floor_char_boundary(INDEXED_BYTES_MAX)])
}

/// Appends the condition that a version holds at a state.
fn push_holds_at(statement: &mut Statement, alias: &'static str, at: At) {
    statement.push(" ").push(alias).push("seq <= ").push_bind(at.0);
    statement.push(" AND (").push(alias).push("until_seq IS NULL OR ").push(alias).push("until_seq > ").push_bind(at.0).push(")");
}

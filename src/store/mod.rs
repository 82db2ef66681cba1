//! The only place that knows SQL. Everything else hands it domain values and gets domain values back.
//!
//! - `open`: opens a database: connections, migrations, the checks made at start;
//! - `change`: what can be written, as one unit that happens wholly or not at all;
//! - `writer`: the one task that writes, committing many changes at once; `check` decides whether a change
//!   may happen, `rows` inserts what it consists of;
//! - `filter`: which claims are meant, as SQL conditions; `full_text`: what every engine says in its own way;
//! - `claims`, `records`, `citations`, `documents`, `figures`, `groups`, `keys`: reading, one file for each thing read.
//!
//! All reads name the state of the database they mean ([`At`]); nothing is ever deleted, so a record that was
//! found once can be relied on. To add a query: write its SQL as a constant above the one function that uses
//! it, or build it with the query builder and binds; name the function `find_` (an `Option`), `list_` (several).

pub mod change;
mod check;
pub mod citations;
pub mod claims;
pub mod documents;
pub mod figures;
pub mod filter;
pub mod full_text;
pub mod groups;
pub mod keys;
mod open;
pub mod records;
mod rows;
mod writer;

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::sqlite::SqlitePool;

use crate::domain::clock::Clock;

pub use open::{OpenOptions, SQLITE_VERSION_MIN};

/// The engine that the SQL runs on.
pub(crate) type Db = sqlx::Sqlite;

/// An open database: a pool of read-only connections, and the writer.
#[derive(Clone)]
pub struct Store {
    read: SqlitePool,
    writer: writer::Writer,
    clock: Arc<dyn Clock>,
}

/// A state of the database: after the change with this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, is full, or is shutting down; nothing of the request was kept.
    #[error("the database is not available: {0}")]
    Unavailable(String),
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
    /// The database file is none of ours, or made by a newer version, or by a driver too old.
    #[error("{0}")]
    Unsuitable(String),
    /// The driver failed.
    #[error("database driver: {0}")]
    Driver(#[from] sqlx::Error),
}

impl StoreError {
    /// A row that cannot be true.
    pub(crate) fn corrupt(table: &'static str, id: impl ToString, why: impl ToString) -> Self {
        Self::Corrupt { table, id: id.to_string(), why: why.to_string() }
    }
}

const SELECT_HEAD: &str = "SELECT seq, committed_at FROM head";
const SELECT_SEQ_AT_TIME: &str = "SELECT MAX(seq) FROM commits WHERE committed_at <= $1";
const SELECT_COMMIT_OF_SEQ: &str = "SELECT MIN(seq) FROM commits WHERE seq >= $1";
const SELECT_TIME_OF_SEQ: &str = "SELECT MIN(committed_at) FROM commits WHERE seq >= $1";

impl Store {
    /// The newest state.
    pub async fn head(&self) -> Result<Head, StoreError> {
        let (seq, micros): (i64, i64) = sqlx::query_as(SELECT_HEAD).fetch_one(&self.read).await?;
        Ok(Head { at: At(seq), committed_at: timestamp(micros, "head", seq)? })
    }

    /// The state as it stood at a moment.
    pub async fn state_at_time(&self, time: Timestamp) -> Result<At, StoreError> {
        let seq: Option<i64> = sqlx::query_scalar(SELECT_SEQ_AT_TIME).bind(time.as_microsecond()).fetch_one(&self.read).await?;
        Ok(At(seq.unwrap_or(0)))
    }

    /// The state after the whole change that a number belongs to.
    pub async fn state_after(&self, at: At) -> Result<At, StoreError> {
        let seq: Option<i64> = sqlx::query_scalar(SELECT_COMMIT_OF_SEQ).bind(at.0).fetch_one(&self.read).await?;
        Ok(if at.0 == 0 { at } else { seq.map_or(at, At) })
    }

    /// When a state was reached; the beginning of time for a database that nothing was ever written to.
    pub async fn time_of_state(&self, at: At) -> Result<Timestamp, StoreError> {
        let micros: Option<i64> = sqlx::query_scalar(SELECT_TIME_OF_SEQ).bind(at.0).fetch_one(&self.read).await?;
        timestamp(micros.unwrap_or(0), "commits", at.0)
    }

    /// The clock that stamps what is written.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Resolves once the writer has met a fault of the disk after which nothing may be acknowledged any more.
    pub async fn failed(&self) {
        self.writer.failed().await;
    }

    /// Lets the writer finish what it was given, and closes all connections.
    pub async fn close(&self) {
        self.writer.close().await;
        self.read.close().await;
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

/// Appends the condition that a version holds at a state.
pub(crate) fn push_holds_at(query: &mut sqlx::QueryBuilder<Db>, alias: &'static str, at: At) {
    query.push(" ").push(alias).push("seq <= ").push_bind(at.0);
    query.push(" AND (").push(alias).push("until_seq IS NULL OR ").push(alias).push("until_seq > ").push_bind(at.0).push(")");
}

/// Appends `(v1, v2, …)` with a bind for each value.
pub(crate) fn push_list<T>(query: &mut sqlx::QueryBuilder<Db>, values: impl IntoIterator<Item = T>)
where
    T: for<'q> sqlx::Encode<'q, Db> + sqlx::Type<Db> + Send + 'static,
{
    query.push("(");
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    query.push(")");
}

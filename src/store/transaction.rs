//! A transaction that writes: the one way into the database for whoever changes what it holds.
//!
//! It owns its connection. Whoever drops it without an end to it throws the connection away, and with it all that was
//! written: so no error can leave a transaction open that somebody commits later.

use super::StoreError;
use super::engine::{CONNECT_TIME, Connection, Engine};
use super::statement::{Reach, Statement};

const BEGIN: &str = "BEGIN";
// The first statement of every transaction. It changes nothing, but whoever else wants to write waits here: for SQLite's one
// write lock, or for the lock of this row. So one order of commits holds for all processes of the service.
const LOCK_HEAD: &str = "UPDATE head SET seq = seq RETURNING seq, committed_at";
const UPDATE_HEAD: &str = "UPDATE head SET seq = $1, committed_at = $2";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";

/// A transaction in which nobody else writes.
pub(super) struct Transaction {
    pub(super) connection: Connection,
    /// Number of the newest change when it began.
    pub(super) seq: i64,
    /// When that was committed.
    pub(super) committed_at: i64,
}

impl Transaction {
    /// Begins one, and waits for its turn.
    pub(super) async fn begin(mut connection: Connection) -> Result<Self, StoreError> {
        connection.execute(Statement::new(Reach::Ledger, BEGIN)).await?;
        Self::lock_head(connection).await
    }

    /// The same on a connection that may have broken since it was last used, or lead nowhere any more: then none, and nothing
    /// has begun.
    pub(super) async fn begin_if_alive(mut connection: Connection) -> Result<Option<Self>, StoreError> {
        let begun = tokio::time::timeout(CONNECT_TIME, connection.execute(Statement::new(Reach::Ledger, BEGIN))).await;
        if matches!(begun, Ok(Ok(_))) { Self::lock_head(connection).await.map(Some) } else { Ok(None) }
    }

    async fn lock_head(mut connection: Connection) -> Result<Self, StoreError> {
        let (seq, committed_at) = connection.fetch_one(Statement::new(Reach::Ledger, LOCK_HEAD)).await?;
        Ok(Self { connection, seq, committed_at })
    }

    /// Notes the newest change and when it is committed.
    pub(super) async fn move_head(&mut self, seq: i64, committed_at: i64) -> Result<(), StoreError> {
        self.connection.execute(Statement::new(Reach::Ledger, UPDATE_HEAD).bind(seq).bind(committed_at)).await?;
        Ok(())
    }

    /// Keeps everything; gives the connection back.
    pub(super) async fn commit(mut self) -> Result<Connection, StoreError> {
        match self.connection.execute(Statement::new(Reach::Ledger, COMMIT)).await {
            Ok(_) => Ok(self.connection),
            // A server may have committed whatever happened to its answer; a file that could not be written has not.
            Err(error) if self.connection.engine() == Engine::Postgres => Err(StoreError::OutcomeUnknown(error.to_string())),
            Err(error) => Err(error),
        }
    }

    /// Keeps nothing; gives the connection back.
    pub(super) async fn roll_back(mut self) -> Result<Connection, StoreError> {
        self.connection.execute(Statement::new(Reach::Ledger, ROLLBACK)).await?;
        Ok(self.connection)
    }
}

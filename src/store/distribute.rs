//! Spreading a database over the nodes of a Citus cluster: claims by their metrics, everything they refer to on every node.

use std::time::Duration;

use super::statement::{Reach, Statement};
use super::{Engine, Store, StoreError};

/// After how long of a call it is said that it is waited for.
const SILENCE_TIME: Duration = Duration::from_secs(10);

/// A table is only moved while nobody else uses it, and that can take as long as it likes.
const NO_LOCK_TIMEOUT: &str = "SET lock_timeout = 0";
const SELECT_INSTALLED: &str = "SELECT COUNT(*) FROM pg_extension WHERE extname = 'citus'";
const SELECT_AVAILABLE: &str = "SELECT COUNT(*) FROM pg_available_extensions WHERE name = 'citus'";
const SELECT_DONE: &str = "SELECT COUNT(*) FROM pg_dist_partition WHERE logicalrelid = to_regclass($1)";

/// The calls, in the order in which they have to be made: a table that others refer to goes first, and the words of claims go
/// where the claims are. What is not here, the order of changes, keys and answered requests, stays on the coordinator.
const CALLS: [(&str, &str); 12] = [
    ("units", "SELECT create_reference_table('units')"),
    ("metrics", "SELECT create_reference_table('metrics')"),
    ("actors", "SELECT create_reference_table('actors')"),
    ("sources", "SELECT create_reference_table('sources')"),
    ("names", "SELECT create_reference_table('names')"),
    ("record_text", "SELECT create_reference_table('record_text')"),
    ("citations", "SELECT create_reference_table('citations')"),
    ("texts", "SELECT create_reference_table('texts')"),
    ("documents", "SELECT create_reference_table('documents')"),
    ("rates", "SELECT create_reference_table('rates')"),
    ("mutes", "SELECT create_reference_table('mutes')"),
    ("claim_versions", "SELECT create_distributed_table('claim_versions', 'metric_key')"),
];
const CALL_WITH_CLAIMS: (&str, &str) =
    ("claim_text", "SELECT create_distributed_table('claim_text', 'metric_key', colocate_with => 'claim_versions')");

/// What became of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DistributedTable {
    /// Its name.
    pub table: &'static str,
    /// The statement that spreads it.
    pub call: &'static str,
    /// Whether it had been done before.
    pub was_done: bool,
}

impl Store {
    /// Spreads the tables over the cluster. What is done already is left as it is, so a call that was broken off can be repeated.
    pub async fn distribute(&self) -> Result<Vec<DistributedTable>, StoreError> {
        if self.engine() == Engine::Sqlite {
            return Err(unsuitable("a database of SQLite stays on one machine; copy it to PostgreSQL first: figurebase copy"));
        }
        let count = async |text| self.prompt.fetch_value::<i64>(Statement::new(Reach::Ledger, text)).await;
        if count(SELECT_INSTALLED).await? == 0 {
            let advice = match count(SELECT_AVAILABLE).await? {
                0 => "this server has no extension citus; install it on every node, or stay with one server and replicas",
                _ => "the extension citus is there but not in use; run CREATE EXTENSION citus in this database, on every node",
            };
            return Err(unsuitable(advice));
        }
        let mut connection = self.connect_alone().await?;
        connection.execute(Statement::new(Reach::Ledger, NO_LOCK_TIMEOUT)).await?;
        let mut tables = Vec::new();
        for (table, call) in CALLS.into_iter().chain([CALL_WITH_CLAIMS]) {
            let (done,): (i64,) = connection.fetch_one(Statement::new(Reach::Ledger, SELECT_DONE).bind(table)).await?;
            if done == 0 {
                patiently(call, connection.execute_unhurried(Statement::new(Reach::Ledger, call))).await?;
            }
            tables.push(DistributedTable { table, call, was_done: done > 0 });
        }
        connection.close().await?;
        Ok(tables)
    }
}

/// Waits for a call, and says again and again that it is waited for.
async fn patiently<T>(call: &str, answer: impl Future<Output = T>) -> T {
    tokio::pin!(answer);
    loop {
        if let Ok(answer) = tokio::time::timeout(SILENCE_TIME, &mut answer).await {
            return answer;
        }
        tracing::info!("still at {call}; it moves the rows, or waits until no other process uses the table");
    }
}

fn unsuitable(why: &str) -> StoreError {
    StoreError::Unsuitable(why.to_string())
}

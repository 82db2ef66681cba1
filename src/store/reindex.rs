//! Fills the index of words where it is empty and the database is not: after a migration that changed how words are cut.

use serde::de::DeserializeOwned;

use super::engine::{Connection, Connector};
use super::statement::{Reach, Statement};
use super::transaction::Transaction;
use super::{StoreError, full_text};
use crate::domain::actor::Actor;
use crate::domain::claim::Claim;
use crate::domain::metric::Metric;
use crate::domain::record::Record;
use crate::domain::source::Source;
use crate::domain::unit::Unit;

/// Rows read at a time.
const CHUNK_ROWS: usize = 500;
/// Why every shard is read.
const EVERYTHING: &str = "filling the index of words after a migration";

// Every database that holds anything holds a record, whose names stand in the index.
const COUNT_INDEXED: &str = "SELECT COUNT(*), (SELECT seq FROM head) FROM (SELECT 1 FROM record_text LIMIT 1) t";
const SELECT_CLAIMS: &str = "SELECT seq, metric_key, body FROM claim_versions WHERE seq > $1 ORDER BY seq LIMIT 500";

/// Whether the index is filled, or there is nothing that it could be filled with.
pub(super) async fn is_done(connector: &Connector) -> Result<bool, StoreError> {
    let mut connection = connector.connect().await?;
    let is_done = is_filled(&mut connection).await?;
    connection.close().await?;
    Ok(is_done)
}

async fn is_filled(connection: &mut Connection) -> Result<bool, StoreError> {
    let (indexed, changes): (i64, i64) = connection.fetch_one(Statement::new(Reach::Records, COUNT_INDEXED)).await?;
    Ok(indexed > 0 || changes == 0)
}

/// Fills the index, if it has to be.
pub(super) async fn fill_words(connector: &Connector) -> Result<(), StoreError> {
    let mut connection = connector.connect().await?;
    if !is_filled(&mut connection).await? {
        let mut transaction = Transaction::begin(connection).await?;
        let within = &mut transaction.connection;
        // Another process may have filled it while this one waited.
        if !is_filled(within).await? {
            tracing::info!("filling the index of words");
            fill_claims(within).await?;
            fill_records::<Actor>(within).await?;
            fill_records::<Metric>(within).await?;
            fill_records::<Unit>(within).await?;
            fill_records::<Source>(within).await?;
        }
        connection = transaction.commit().await?;
    }
    connection.close().await
}

async fn fill_claims(connection: &mut Connection) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let rows: Vec<(i64, i64, String)> =
            connection.fetch_all(Statement::new(Reach::Everywhere(EVERYTHING), SELECT_CLAIMS).bind(after)).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.0;
        let words = rows
            .into_iter()
            .map(|(seq, metric, body)| Ok((metric, seq, full_text::searchable(&parsed::<Claim>(&body, "claim_versions", seq)?))))
            .collect::<Result<Vec<_>, StoreError>>()?;
        full_text::insert_claim_words(connection, &words).await?;
    }
}

async fn fill_records<R: Record>(connection: &mut Connection) -> Result<(), StoreError> {
    let table = R::KIND.plural();
    let mut statement = Statement::new(Reach::Records, "SELECT seq, body FROM ");
    statement.push(table);
    let rows: Vec<(i64, String)> = connection.fetch_all(statement).await?;
    for rows in rows.chunks(CHUNK_ROWS) {
        let words = rows
            .iter()
            .map(|(seq, body)| Ok((*seq, full_text::names_together(&parsed::<R>(body, table, *seq)?))))
            .collect::<Result<Vec<_>, StoreError>>()?;
        full_text::insert_record_words(connection, &words).await?;
    }
    Ok(())
}

fn parsed<T: DeserializeOwned>(body: &str, table: &'static str, seq: i64) -> Result<T, StoreError> {
    serde_json::from_str(body).map_err(|error| StoreError::corrupt(table, seq, error))
}

//! Shortens the long names and publishers of a file from before they were: what is looked up is the shortened text, and those
//! that stand there whole would not be found.

use super::difference::{NOTE_SHORTENED, SELECT_SHORTENED};
use super::engine::{Connection, Connector};
use super::statement::{Reach, Statement};
use super::transaction::Transaction;
use super::{INDEXED_BYTES_MAX, StoreError, indexed};
use crate::domain::folding::folded;
use crate::domain::source::Source;

const SELECT_NAMES: &str = "SELECT kind, folded, slug, role, seq, written FROM names \
    WHERE octet_length(folded) > $1 AND (kind, folded, slug, role, seq) > ($2, $3, $4, $5, $6) \
    ORDER BY kind, folded, slug, role, seq LIMIT 100";
const UPDATE_NAME: &str = "UPDATE names SET folded = $1 WHERE kind = $2 AND folded = $3 AND slug = $4 AND role = $5 AND seq = $6";
const SELECT_PUBLISHERS: &str = "SELECT seq, body FROM sources WHERE octet_length(publisher) > $1 AND seq > $2 ORDER BY seq LIMIT 100";
const UPDATE_PUBLISHER: &str = "UPDATE sources SET publisher = $1 WHERE seq = $2";

/// Kind, text as it is looked up, slug, role, number of the change, text as it was written.
type NameRow = (String, String, String, i64, i64, String);

/// Whether all are shortened. A file notes that they are, so that it is looked through once.
pub(super) async fn is_done(connector: &Connector) -> Result<bool, StoreError> {
    let mut connection = connector.connect().await?;
    let is_done = is_noted(&mut connection).await?;
    connection.close().await?;
    Ok(is_done)
}

/// Shortens those that are not.
pub(super) async fn shorten_names(connector: &Connector) -> Result<(), StoreError> {
    let mut connection = connector.connect().await?;
    if !is_noted(&mut connection).await? {
        let mut transaction = Transaction::begin(connection).await?;
        shorten_in_names(&mut transaction.connection).await?;
        shorten_in_sources(&mut transaction.connection).await?;
        transaction.connection.execute(Statement::different(Reach::Ledger, &NOTE_SHORTENED)).await?;
        connection = transaction.commit().await?;
    }
    connection.close().await
}

async fn is_noted(connection: &mut Connection) -> Result<bool, StoreError> {
    let (noted,): (i64,) = connection.fetch_one(Statement::different(Reach::Ledger, &SELECT_SHORTENED)).await?;
    Ok(noted > 0)
}

fn longest() -> i64 {
    i64::try_from(INDEXED_BYTES_MAX).unwrap_or(i64::MAX)
}

async fn shorten_in_names(connection: &mut Connection) -> Result<(), StoreError> {
    let mut last: NameRow = Default::default();
    loop {
        let select = Statement::new(Reach::Records, SELECT_NAMES).bind(longest());
        let select = select.bind(&last.0).bind(&last.1).bind(&last.2).bind(last.3).bind(last.4);
        let rows: Vec<NameRow> = connection.fetch_all(select).await?;
        let Some(newest) = rows.last() else { return Ok(()) };
        last.clone_from(newest);
        for (kind, whole, slug, role, seq, written) in rows {
            let update = Statement::new(Reach::Records, UPDATE_NAME).bind(indexed(folded(&written))).bind(kind).bind(whole);
            connection.execute(update.bind(slug).bind(role).bind(seq)).await?;
        }
    }
}

async fn shorten_in_sources(connection: &mut Connection) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let select = Statement::new(Reach::Records, SELECT_PUBLISHERS).bind(longest()).bind(after);
        let rows: Vec<(i64, String)> = connection.fetch_all(select).await?;
        let Some((newest, _)) = rows.last() else { return Ok(()) };
        after = *newest;
        for (seq, body) in rows {
            let source: Source = serde_json::from_str(&body).map_err(|error| StoreError::corrupt("sources", seq, error))?;
            let publisher = source.publisher.as_deref().map(|publisher| indexed(folded(publisher)));
            connection.execute(Statement::new(Reach::Records, UPDATE_PUBLISHER).bind(publisher).bind(seq)).await?;
        }
    }
}

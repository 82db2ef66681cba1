//! `figurebase seed`: loads the data that comes with the program.

use super::DatabaseSettings;
use crate::ingest::seed::seed;

/// Runs the command.
pub async fn run(database: &DatabaseSettings) -> anyhow::Result<()> {
    let store = database.open(true).await?;
    let outcome = seed(&store).await?;
    let created = outcome.created();
    eprintln!("{created} records and claims added, {} there already", outcome.written.len() - created);
    store.close().await;
    Ok(())
}

//! `figurebase distribute`: spreads the database over the nodes of a Citus cluster.

use super::DatabaseSettings;

/// Runs the command.
pub async fn run(database: &DatabaseSettings) -> anyhow::Result<()> {
    let store = database.open(false).await?;
    let distributed = store.distribute().await;
    store.close().await;
    for table in distributed? {
        let done = if table.was_done { " (done before)" } else { "" };
        eprintln!("{}{done}", table.call);
    }
    Ok(())
}

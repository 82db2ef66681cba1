//! `figurebase migrate`: brings the schema up to date.

use anyhow::Context;

use super::DatabaseSettings;
use crate::store::Store;

/// Runs the command.
pub async fn run(database: &DatabaseSettings) -> anyhow::Result<()> {
    let applied = Store::migrate(&database.options()).await.with_context(|| format!("cannot open {}", database.shown()))?;
    match applied {
        0 => eprintln!("the schema is up to date"),
        _ => eprintln!("{applied} migrations applied"),
    }
    Ok(())
}

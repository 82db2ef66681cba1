//! Settings that all commands share. Every one is a flag, an environment variable, and shown in `--help`.

use std::io::IsTerminal;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use tracing_subscriber::EnvFilter;

use crate::domain::clock::SystemClock;
use crate::store::{OpenOptions, Store};

/// Which database.
#[derive(Debug, Clone, Args)]
pub struct DatabaseSettings {
    /// Address of the database: `sqlite:FILE`
    #[arg(long, env = "FIGUREBASE_DATABASE", default_value = "sqlite:figurebase.db", global = true, value_name = "URL")]
    pub database: String,
}

impl DatabaseSettings {
    /// Opens the database; one that does not exist is made only if `create`.
    pub async fn open(&self, create: bool) -> anyhow::Result<Store> {
        let readers = std::thread::available_parallelism().map_or(2, |cores| u32::try_from(cores.get()).unwrap_or(2));
        let options = OpenOptions { url: self.database.clone(), readers, create };
        Store::open(&options, Arc::new(SystemClock)).await.with_context(|| format!("cannot open {}", self.shown()))
    }

    /// How to open it, for migrations alone.
    pub fn options(&self) -> OpenOptions {
        OpenOptions { url: self.database.clone(), readers: 1, create: true }
    }

    /// The address, for messages.
    pub fn shown(&self) -> &str {
        self.database.strip_prefix("sqlite:").unwrap_or("the database")
    }
}

/// Starts logging to standard error.
pub fn start_log(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).with_context(|| format!("--log: '{filter}' is not a log filter"))?;
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours).with_target(false).init();
    Ok(())
}

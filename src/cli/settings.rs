//! Settings that all commands share. Every one is a flag, an environment variable, and shown in `--help`.

use std::io::IsTerminal;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use tracing_subscriber::EnvFilter;

use crate::domain::clock::SystemClock;
use crate::store::{OpenOptions, Store, redacted};

/// Which database.
#[derive(Debug, Clone, Args)]
pub struct DatabaseSettings {
    /// Address of the database: `sqlite:FILE` or `postgres://USER@HOST/DATABASE`
    #[arg(long, env = "FIGUREBASE_DATABASE", default_value = "sqlite:figurebase.db", global = true, value_name = "URL")]
    pub database: String,
}

impl DatabaseSettings {
    /// Whether there is something at the address: a file, or a server, which is taken to be there.
    pub fn exists(&self) -> bool {
        self.database.strip_prefix("sqlite:").is_none_or(|file| {
            let file = file.strip_prefix("//").unwrap_or(file);
            std::path::Path::new(file.split('?').next().unwrap_or(file)).exists()
        })
    }

    /// Opens the database; one that does not exist is made only if `create`.
    pub async fn open(&self, create: bool) -> anyhow::Result<Store> {
        self.open_with_replica(create, None).await
    }

    /// The same, with a replica to read from.
    pub async fn open_with_replica(&self, create: bool, read_url: Option<String>) -> anyhow::Result<Store> {
        open(OpenOptions { url: self.database.clone(), read_url, readers: readers(), create }).await
    }

    /// How to open it, for migrations alone.
    pub fn options(&self) -> OpenOptions {
        OpenOptions { url: self.database.clone(), read_url: None, readers: 1, create: true }
    }

    /// The address, for messages.
    pub fn shown(&self) -> String {
        shown(&self.database)
    }
}

/// Opens a database with this machine's clock.
pub async fn open(options: OpenOptions) -> anyhow::Result<Store> {
    Store::open(&options, Arc::new(SystemClock)).await.with_context(|| format!("cannot open {}", shown(&options.url)))
}

/// Opens a database that is only read, and changes nothing in it.
pub async fn open_as_it_is(options: OpenOptions) -> anyhow::Result<Store> {
    Store::open_as_it_is(&options, Arc::new(SystemClock)).await.with_context(|| format!("cannot open {}", shown(&options.url)))
}

/// As many reading connections as this machine has cores.
pub fn readers() -> u32 {
    std::thread::available_parallelism().map_or(2, |cores| u32::try_from(cores.get()).unwrap_or(2))
}

/// An address, for messages: the file, or the server without the password.
pub fn shown(url: &str) -> String {
    match (url.strip_prefix("sqlite:"), url.contains("://")) {
        (Some(file), _) => file.to_string(),
        (None, true) => redacted(url),
        (None, false) => "the database".to_string(),
    }
}

/// Starts logging to standard error.
pub fn start_log(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).with_context(|| format!("--log: '{filter}' is not a log filter"))?;
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours).with_target(false).init();
    Ok(())
}

//! Opening a database: its address says which engine, the engine makes its checks and migrations, then the writer starts.

use std::sync::Arc;

use super::address::engine_of;
use super::engine::{Connector, Pool};
use super::replica::Replica;
use super::writer::Writer;
use super::{Engine, Store, StoreError, open_postgres, open_sqlite, reindex};
use crate::domain::clock::Clock;

/// Which database, and how to open it.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    /// `sqlite:FILE` or `postgres://USER@HOST/DATABASE`.
    pub url: String,
    /// A replica of the same database, on PostgreSQL; read where it is far enough.
    pub read_url: Option<String>,
    /// Reading connections; as many as there are cores is best for SQLite.
    pub readers: u32,
    /// Whether a database that does not exist is made.
    pub create: bool,
}

impl OpenOptions {
    /// The engine that the address names.
    pub fn engine(&self) -> Result<Engine, StoreError> {
        engine_of(&self.url)
    }
}

impl Store {
    /// Opens the database, brings its schema up to date, and starts the writer.
    pub async fn open(options: &OpenOptions, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        Self::migrate(options).await?;
        check_read_url(options)?;
        let (readers, prompt, connector) = match options.engine()? {
            Engine::Sqlite => (
                Pool::Sqlite(open_sqlite::pool(&options.url, options.readers).await?),
                Pool::Sqlite(open_sqlite::pool(&options.url, open_sqlite::PROMPT_READERS).await?),
                Connector::Sqlite(Box::new(open_sqlite::connect_options(&options.url)?)),
            ),
            Engine::Postgres => (
                Pool::Postgres(open_postgres::pool(&options.url, options.readers)?),
                Pool::Postgres(open_postgres::prompt_pool(&options.url)?),
                Connector::Postgres(Box::new(open_postgres::connect_options(&options.url)?)),
            ),
        };
        reindex::fill_words(&connector).await.map_err(open_postgres::unusable_tables)?;
        let replica = match &options.read_url {
            Some(url) => Some(Arc::new(Replica::start(url, options.readers, &options.url).await?)),
            None => None,
        };
        let writer = Writer::start(connector, Arc::clone(&clock));
        Ok(Self { read: prompt.clone(), prompt, readers, replica, writer, clock })
    }

    /// Brings the schema up to date; gives the number of migrations that were new.
    pub async fn migrate(options: &OpenOptions) -> Result<usize, StoreError> {
        match options.engine()? {
            Engine::Sqlite => open_sqlite::migrate(&options.url, options.create).await,
            Engine::Postgres => open_postgres::migrate(&options.url, options.create).await,
        }
    }
}

fn check_read_url(options: &OpenOptions) -> Result<(), StoreError> {
    match &options.read_url {
        Some(url) if options.engine()? != Engine::Postgres || engine_of(url)? != Engine::Postgres => {
            Err(StoreError::Unsuitable("only a database on PostgreSQL can have a second address for reading".into()))
        }
        _ => Ok(()),
    }
}

/// What to say when the migrations do not fit what is there.
pub(super) fn unfit(error: &sqlx::migrate::MigrateError) -> StoreError {
    StoreError::Unsuitable(format!("the database's schema does not fit this version of the program: {error}"))
}

//! Opening a database: its address says which engine, the engine makes its checks and migrations, then the writer starts.

use std::sync::Arc;

use super::address::engine_of;
use super::engine::{Connector, Pool};
use super::replica::Replica;
use super::writer::Writer;
use super::{Engine, Store, StoreError, open_postgres, open_sqlite, reindex, shorten};
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
        Self::connect(options, clock).await
    }

    /// Opens a database that is only read, and changes nothing in it: one that would have to be brought up to date is refused.
    pub async fn open_as_it_is(options: &OpenOptions, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let missing = match options.engine()? {
            Engine::Sqlite => open_sqlite::missing(&options.url).await?,
            Engine::Postgres => open_postgres::missing(&options.url).await?,
        };
        if missing > 0 || !is_filled(&connector(options)?).await.map_err(open_postgres::unusable_tables)? {
            return Err(StoreError::Unsuitable("its schema is not up to date; run `figurebase migrate` on it first".into()));
        }
        Self::connect(options, clock).await
    }

    async fn connect(options: &OpenOptions, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        check_read_url(options)?;
        let (readers, prompt) = match options.engine()? {
            Engine::Sqlite => (
                Pool::Sqlite(open_sqlite::pool(&options.url, options.readers).await?),
                Pool::Sqlite(open_sqlite::pool(&options.url, open_sqlite::PROMPT_READERS).await?),
            ),
            Engine::Postgres => (
                Pool::Postgres(open_postgres::pool(&options.url, options.readers)?),
                Pool::Postgres(open_postgres::prompt_pool(&options.url)?),
            ),
        };
        let replica = match &options.read_url {
            Some(url) => Some(Arc::new(Replica::start(url, options.readers, &options.url).await?)),
            None => None,
        };
        let writer = Writer::start(connector(options)?, Arc::clone(&clock));
        Ok(Self { read: prompt.clone(), prompt, readers, replica, writer, clock })
    }

    /// Brings the schema up to date, and what follows from it; gives the number of migrations that were new.
    pub async fn migrate(options: &OpenOptions) -> Result<usize, StoreError> {
        let missing = match options.engine()? {
            Engine::Sqlite => open_sqlite::migrate(&options.url, options.create).await?,
            Engine::Postgres => open_postgres::migrate(&options.url, options.create).await?,
        };
        fill(&connector(options)?).await.map_err(open_postgres::unusable_tables)?;
        Ok(missing)
    }
}

/// Whether nothing has to be filled in after a migration, or after an older version.
async fn is_filled(connector: &Connector) -> Result<bool, StoreError> {
    Ok(reindex::is_done(connector).await? && shorten::is_done(connector).await?)
}

/// Fills in what has to be.
async fn fill(connector: &Connector) -> Result<(), StoreError> {
    reindex::fill_words(connector).await?;
    shorten::shorten_names(connector).await
}

fn connector(options: &OpenOptions) -> Result<Connector, StoreError> {
    Ok(match options.engine()? {
        Engine::Sqlite => Connector::Sqlite(Box::new(open_sqlite::connect_options(&options.url)?)),
        Engine::Postgres => Connector::Postgres(Box::new(open_postgres::connect_options(&options.url)?)),
    })
}

fn check_read_url(options: &OpenOptions) -> Result<(), StoreError> {
    match &options.read_url {
        Some(url) if options.engine()? != Engine::Postgres || engine_of(url)? != Engine::Postgres => {
            Err(StoreError::Unsuitable("only a database on PostgreSQL can have a second address for reading".into()))
        }
        _ => Ok(()),
    }
}

/// How many of our migrations, each with its version and the hash of its text, were never made; refuses a schema in which others
/// were. Of each that was made it is also known whether it was made wholly.
pub(super) fn missing_of(ours: &[(i64, &[u8])], made: &[(i64, bool, Vec<u8>)]) -> Result<usize, StoreError> {
    for (version, is_whole, hash) in made {
        let ours = ours.iter().find(|(ours, _)| ours == version);
        let fault = match ours {
            _ if !is_whole => sqlx::migrate::MigrateError::Dirty(*version),
            None => sqlx::migrate::MigrateError::VersionMissing(*version),
            Some((_, of_ours)) if *of_ours != hash.as_slice() => sqlx::migrate::MigrateError::VersionMismatch(*version),
            Some(_) => continue,
        };
        return Err(unfit(&fault));
    }
    Ok(ours.iter().filter(|(version, _)| made.iter().all(|(made, ..)| made != version)).count())
}

/// What to say when the migrations do not fit what is there.
pub(super) fn unfit(error: &sqlx::migrate::MigrateError) -> StoreError {
    StoreError::Unsuitable(format!("the database's schema does not fit this version of the program: {error}"))
}

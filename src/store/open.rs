//! Opening a database: its address says which engine, the engine makes its checks and migrations, then the writer starts.

use std::sync::Arc;

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
        let replica = options.read_url.as_deref().map(|url| replica(options, url)).transpose()?;
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
        let writer = Writer::start(connector, Arc::clone(&clock));
        Ok(Self { read: prompt.clone(), prompt, readers, replica: replica.map(Arc::new), writer, clock })
    }

    /// Brings the schema up to date; gives the number of migrations that were new.
    pub async fn migrate(options: &OpenOptions) -> Result<usize, StoreError> {
        match options.engine()? {
            Engine::Sqlite => open_sqlite::migrate(&options.url, options.create).await,
            Engine::Postgres => open_postgres::migrate(&options.url, options.create).await,
        }
    }
}

fn replica(options: &OpenOptions, url: &str) -> Result<Replica, StoreError> {
    if options.engine()? != Engine::Postgres || engine_of(url)? != Engine::Postgres {
        return Err(StoreError::Unsuitable("only a database on PostgreSQL can have a second address for reading".into()));
    }
    Ok(Replica::new(Pool::Postgres(open_postgres::pool(url, options.readers)?)))
}

fn engine_of(url: &str) -> Result<Engine, StoreError> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(Engine::Sqlite),
        Some("postgres" | "postgresql") => Ok(Engine::Postgres),
        _ => Err(StoreError::Unsuitable(format!(
            "'{}' is not a database address; use sqlite:FILE or postgres://USER@HOST/DATABASE",
            redacted(url)
        ))),
    }
}

/// An address without the password that it may hold, before its host or among its parameters.
pub fn redacted(url: &str) -> String {
    let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
    let scheme = address.find("://").map(|end| end + 3).or_else(|| address.find(':').map(|end| end + 1)).unwrap_or(0);
    let address = match url.rfind('@') {
        // A password with a `?` in it that should have been written `%3F`: then it is not known where it ends.
        Some(at) if at >= address.len() => return format!("{}…", &address[..scheme]),
        Some(at) if at >= scheme => format!("{}…{}", &address[..scheme], &address[at..]),
        _ => address.to_string(),
    };
    let shown: Vec<&str> = parameters.split('&').filter(|parameter| !parameter.is_empty() && !parameter.starts_with("password")).collect();
    if shown.is_empty() { address } else { format!("{address}?{}", shown.join("&")) }
}

/// What to say of an address that the driver cannot read.
pub(super) fn malformed(url: &str, error: &sqlx::Error) -> StoreError {
    StoreError::Unsuitable(format!("'{}' is not a database address: {error}", redacted(url)))
}

/// What to say when the migrations do not fit what is there.
pub(super) fn unfit(error: &sqlx::migrate::MigrateError) -> StoreError {
    StoreError::Unsuitable(format!("the database's schema does not fit this version of the program: {error}"))
}

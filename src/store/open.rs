//! Opening a database: the file, its migrations, the connections, and the checks made at start.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::writer::Writer;
use super::{Store, StoreError};
use crate::domain::clock::Clock;

/// The oldest SQLite that is trusted: those before it can lose commits when the write-ahead log is reset.
pub const SQLITE_VERSION_MIN: &str = "3.51.3";
/// Marks a database file as ours (SQLite's `application_id`): the letters "Figb".
const APPLICATION_ID: i64 = 0x4669_6762;
/// How long a connection waits for another process that is writing.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// The write-ahead log is cut back to this size when it has been read into the file.
const LOG_BYTES_MAX: &str = "67108864";
/// Page cache of one reading connection, in KiB (negative by SQLite's convention).
const READ_CACHE_KIB: &str = "-8192";

static MIGRATOR: Migrator = sqlx::migrate!("migrations/sqlite");
const SELECT_SQLITE_VERSION: &str = "SELECT sqlite_version()";
const SELECT_APPLICATION_ID: &str = "PRAGMA application_id";
const SET_APPLICATION_ID: &str = "PRAGMA application_id = 1181312866";
const COUNT_TABLES: &str = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'";

/// Which database, and how to open it.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// `sqlite:FILE`.
    pub url: String,
    /// Reading connections; as many as there are cores is best.
    pub readers: u32,
    /// Whether a file that does not exist is made.
    pub create: bool,
}

impl Store {
    /// Opens the database, brings its schema up to date, and starts the writer.
    pub async fn open(options: &OpenOptions, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let connect = connect_options(options)?;
        Self::migrate(options).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(options.readers.max(1))
            .acquire_timeout(BUSY_WAIT)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(connect.clone().read_only(true).pragma("query_only", "on").pragma("cache_size", READ_CACHE_KIB))
            .await?;
        let writer = Writer::start(connect, Arc::clone(&clock));
        Ok(Self { read, writer, clock })
    }

    /// Brings the schema up to date; gives the number of migrations that were new.
    pub async fn migrate(options: &OpenOptions) -> Result<usize, StoreError> {
        // A plain connection first: the journal's form is changed in our own files alone.
        let mut plain = plain_options(options)?.create_if_missing(options.create).connect().await.map_err(unreachable_file)?;
        claim_file(&mut plain).await?;
        plain.close().await.map_err(unreachable_file)?;
        let mut connection = connect_options(options)?.connect().await.map_err(unreachable_file)?;
        let version: String = sqlx::query_scalar(SELECT_SQLITE_VERSION).fetch_one(&mut connection).await?;
        if older(&version, SQLITE_VERSION_MIN) {
            return Err(StoreError::Unsuitable(format!("SQLite {version} can lose commits; at least {SQLITE_VERSION_MIN} is needed")));
        }
        let before = applied(&mut connection).await;
        MIGRATOR
            .run(&mut connection)
            .await
            .map_err(|error| StoreError::Unsuitable(format!("the database's schema does not fit this version of the program: {error}")))?;
        let after = applied(&mut connection).await;
        connection.close().await?;
        Ok(after.saturating_sub(before))
    }
}

fn plain_options(options: &OpenOptions) -> Result<SqliteConnectOptions, StoreError> {
    if !options.url.starts_with("sqlite:") {
        return Err(StoreError::Unsuitable(format!("'{}' is not a database address; use sqlite:FILE", redacted(&options.url))));
    }
    let parsed = SqliteConnectOptions::from_str(&options.url)
        .map_err(|error| StoreError::Unsuitable(format!("'{}' is not a database address: {error}", redacted(&options.url))))?;
    Ok(parsed.busy_timeout(BUSY_WAIT).disable_statement_logging())
}

fn connect_options(options: &OpenOptions) -> Result<SqliteConnectOptions, StoreError> {
    Ok(plain_options(options)?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("trusted_schema", "off")
        .pragma("recursive_triggers", "on")
        .pragma("cell_size_check", "on")
        .pragma("journal_size_limit", LOG_BYTES_MAX)
        .pragma("temp_store", "memory"))
}

/// An address without the password that it may hold.
fn redacted(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 <= at => format!("{}://…{}", &url[..scheme], &url[at..]),
        _ => url.to_string(),
    }
}

/// What a person can do about a file that cannot be opened; the driver's own words go to the log.
fn unreachable_file(error: sqlx::Error) -> StoreError {
    tracing::debug!(%error, "the database file cannot be opened");
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).map(std::borrow::Cow::into_owned);
    match code.as_deref() {
        Some("26") => StoreError::Unsuitable("the file is no SQLite database".into()),
        _ => StoreError::Unsuitable("the file is missing, or cannot be opened, made or written here".into()),
    }
}

/// Marks a new file as ours; refuses one that belongs to another program.
async fn claim_file(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let id: i64 = sqlx::query_scalar(SELECT_APPLICATION_ID).fetch_one(&mut *connection).await.map_err(unreachable_file)?;
    if id == APPLICATION_ID {
        return Ok(());
    }
    let tables: i64 = sqlx::query_scalar(COUNT_TABLES).fetch_one(&mut *connection).await.map_err(unreachable_file)?;
    if id != 0 || tables > 0 {
        return Err(StoreError::Unsuitable("the file is a database of another program".into()));
    }
    sqlx::query(SET_APPLICATION_ID).execute(connection).await.map_err(unreachable_file)?;
    Ok(())
}

const COUNT_MIGRATIONS: &str = "SELECT COUNT(*) FROM _sqlx_migrations";

async fn applied(connection: &mut SqliteConnection) -> usize {
    let count: Result<i64, _> = sqlx::query_scalar(COUNT_MIGRATIONS).fetch_one(connection).await;
    count.ok().and_then(|count| usize::try_from(count).ok()).unwrap_or(0)
}

/// Compares dotted version numbers.
fn older(version: &str, than: &str) -> bool {
    let numbers = |text: &str| text.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    numbers(version) < numbers(than)
}

//! Opening a database of SQLite: the file, its migrations, the connections, and the checks made at start.

use std::borrow::Cow;
use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::StoreError;
use super::address::malformed;
use super::open::{missing_of, unfit};

/// The oldest SQLite that is trusted: those before it can lose commits when the write-ahead log is reset.
pub const SQLITE_VERSION_MIN: &str = "3.51.3";
/// Marks a database file as ours (SQLite's `application_id`): the letters "Figb".
const APPLICATION_ID: i64 = 0x4669_6762;
/// How long a connection waits for another process that is writing.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// How long another process that is bringing the file up to date is waited for, and between two looks at how far it is.
const MIGRATION_WAIT: Duration = Duration::from_mins(1);
const MIGRATION_PAUSE: Duration = Duration::from_millis(50);
/// SQLite's primary result code when another connection is writing.
const BUSY: i32 = 5;
/// The write-ahead log is cut back to this size when it has been read into the file.
const LOG_BYTES_MAX: &str = "67108864";
/// Connections for keys, repeated requests, readiness and answers to writes.
pub(super) const PROMPT_READERS: u32 = 2;
/// Page cache of one reading connection, in KiB (negative by SQLite's convention).
const READ_CACHE_KIB: &str = "-8192";

static MIGRATOR: Migrator = sqlx::migrate!("migrations/sqlite");
const SELECT_SQLITE_VERSION: &str = "SELECT sqlite_version()";
const SELECT_APPLICATION_ID: &str = "PRAGMA application_id";
const SET_APPLICATION_ID: &str = "PRAGMA application_id = 1181312866";
const COUNT_TABLES: &str = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'";
const SELECT_MIGRATIONS: &str = "SELECT version, success, checksum FROM _sqlx_migrations ORDER BY version";

/// Connections that only read: any number for anybody, and [`PROMPT_READERS`] for what is quick and must not wait for them.
pub(super) async fn pool(url: &str, readers: u32) -> Result<SqlitePool, StoreError> {
    let options = connect_options(url)?.read_only(true).pragma("query_only", "on").pragma("cache_size", READ_CACHE_KIB);
    let pool = SqlitePoolOptions::new()
        .max_connections(readers.max(1))
        .acquire_timeout(BUSY_WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    Ok(pool)
}

/// How to connect for writing.
pub(super) fn connect_options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    Ok(plain_options(url)?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("trusted_schema", "off")
        .pragma("recursive_triggers", "on")
        .pragma("cell_size_check", "on")
        .pragma("journal_size_limit", LOG_BYTES_MAX)
        .pragma("temp_store", "memory"))
}

fn plain_options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    let parsed = SqliteConnectOptions::from_str(url).map_err(|error| malformed(url, &error))?;
    Ok(parsed.busy_timeout(BUSY_WAIT).disable_statement_logging())
}

/// Makes or checks the file and brings its schema up to date; gives the number of migrations that were new.
pub(super) async fn migrate(url: &str, create: bool) -> Result<usize, StoreError> {
    let begin = Instant::now();
    // While the journal's form is changed, whoever comes is shut out at once.
    let mut connection = loop {
        match connect_to_ours(url, create).await {
            Err(StoreError::Driver(error)) if is_busy(&error) && begin.elapsed() < MIGRATION_WAIT => {
                tokio::time::sleep(MIGRATION_PAUSE).await;
            }
            connected => break connected?,
        }
    };
    let version: String = sqlx::query_scalar(SELECT_SQLITE_VERSION).fetch_one(&mut connection).await?;
    if older(&version, SQLITE_VERSION_MIN) {
        return Err(StoreError::Unsuitable(format!("SQLite {version} can lose commits; at least {SQLITE_VERSION_MIN} is needed")));
    }
    let missing = missing_migrations(&mut connection).await?;
    make_missing(&mut connection, missing).await?;
    connection.close().await?;
    Ok(missing)
}

/// A connection to a file of ours, which is made or marked if it is new.
async fn connect_to_ours(url: &str, create: bool) -> Result<SqliteConnection, StoreError> {
    // A plain connection first: the journal's form is changed in our own files alone.
    let mut plain = plain_options(url)?.create_if_missing(create).connect().await.map_err(unreachable_file)?;
    claim_file(&mut plain).await?;
    plain.close().await.map_err(unreachable_file)?;
    connect_options(url)?.connect().await.map_err(unreachable_file)
}

/// Makes the migrations that are missing. Another process may be making them at the same moment: then it is waited for, and what it
/// has made is not made again.
async fn make_missing(connection: &mut SqliteConnection, mut missing: usize) -> Result<(), StoreError> {
    let begin = Instant::now();
    while missing > 0 {
        let Err(error) = MIGRATOR.run(&mut *connection).await else { break };
        let still_missing = missing_migrations(connection).await?;
        let is_in_the_way = still_missing < missing || cause(&error).is_some_and(is_busy);
        if !is_in_the_way || begin.elapsed() > MIGRATION_WAIT {
            return Err(not_migrated(&error));
        }
        missing = still_missing;
        tokio::time::sleep(MIGRATION_PAUSE).await;
    }
    Ok(())
}

/// Whether another process was writing; the lower eight bits of SQLite's code say so, whatever it was doing.
fn is_busy(error: &sqlx::Error) -> bool {
    code(error).and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == BUSY)
}

/// The driver's error, if a migration failed and is not refused.
fn cause(error: &MigrateError) -> Option<&sqlx::Error> {
    match error {
        MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => Some(cause),
        _ => None,
    }
}

/// What a person can do about a file that cannot be brought up to date; the driver's own words go to the log.
fn not_migrated(error: &MigrateError) -> StoreError {
    tracing::debug!(%error, "the file was not brought up to date");
    match cause(error) {
        Some(cause) if is_busy(cause) => StoreError::Unsuitable("another process goes on writing to the file; try again".into()),
        Some(_) => StoreError::Unsuitable("the schema could not be brought up to date".into()),
        None => unfit(error),
    }
}

/// How many migrations are missing in a file that is there already. Reads only.
pub(super) async fn missing(url: &str) -> Result<usize, StoreError> {
    let mut connection = plain_options(url)?.connect().await.map_err(unreachable_file)?;
    let id: i64 = sqlx::query_scalar(SELECT_APPLICATION_ID).fetch_one(&mut connection).await.map_err(unreachable_file)?;
    if id != APPLICATION_ID {
        return Err(StoreError::Unsuitable("the file is a database of another program".into()));
    }
    let missing = missing_migrations(&mut connection).await?;
    connection.close().await?;
    Ok(missing)
}

/// What a person can do about a file that cannot be opened; the driver's own words go to the log.
fn unreachable_file(error: sqlx::Error) -> StoreError {
    tracing::debug!(%error, "the database file cannot be opened");
    match code(&error).as_deref() {
        _ if is_busy(&error) => error.into(),
        Some("26") => StoreError::Unsuitable("the file is no SQLite database".into()),
        _ => StoreError::Unsuitable("the file is missing, or cannot be opened, made or written here".into()),
    }
}

fn code(error: &sqlx::Error) -> Option<Cow<'_, str>> {
    error.as_database_error()?.code()
}

/// Marks a new file as ours; refuses one that belongs to another program.
async fn claim_file(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    // In this order: another process of ours may be making the file, and marks it before it makes tables.
    let tables: i64 = sqlx::query_scalar(COUNT_TABLES).fetch_one(&mut *connection).await.map_err(unreachable_file)?;
    let id: i64 = sqlx::query_scalar(SELECT_APPLICATION_ID).fetch_one(&mut *connection).await.map_err(unreachable_file)?;
    if id == APPLICATION_ID {
        return Ok(());
    }
    if id != 0 || tables > 0 {
        return Err(StoreError::Unsuitable("the file is a database of another program".into()));
    }
    sqlx::query(SET_APPLICATION_ID).execute(connection).await.map_err(unreachable_file)?;
    Ok(())
}

/// How many of the migrations were never made. Reads only.
async fn missing_migrations(connection: &mut SqliteConnection) -> Result<usize, StoreError> {
    let tables: i64 = sqlx::query_scalar(COUNT_TABLES).fetch_one(&mut *connection).await.map_err(unreachable_file)?;
    if tables == 0 {
        return Ok(MIGRATOR.iter().count());
    }
    let made: Vec<(i64, bool, Vec<u8>)> = sqlx::query_as(SELECT_MIGRATIONS).fetch_all(connection).await.map_err(unreachable_file)?;
    let ours: Vec<(i64, &[u8])> = MIGRATOR.iter().map(|ours| (ours.version, &*ours.checksum)).collect();
    missing_of(&ours, &made)
}

/// Compares dotted version numbers.
fn older(version: &str, than: &str) -> bool {
    let numbers = |text: &str| text.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    numbers(version) < numbers(than)
}

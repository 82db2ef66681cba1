//! Opening a database of PostgreSQL: connections, migrations, and the checks made at start.

use std::borrow::Cow;
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgListener, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection};

use super::StoreError;
use super::address::{check_parameters, malformed};
use super::engine::CONNECT_TIME;
use super::open::{missing_of, unfit};

/// The oldest server that is tested, as PostgreSQL numbers its versions.
const SERVER_VERSION_MIN: i64 = 150_000;
/// Connections that read, at least: a server does the work, and so there can be more of them than cores here.
const READERS_MIN: u32 = 8;
/// Connections for keys, repeated requests, readiness and answers to writes.
const PROMPT_READERS: u32 = 4;
/// A connection that nobody uses for this long is given back to the server.
const IDLE_TIME: Duration = Duration::from_mins(10);

/// A writer that waits longer for another process of the service lets its change go.
const LOCK_TIMEOUT: &str = "10s";
/// A transaction that does nothing for this long has lost its process; the server ends it, or nobody could write any more.
const IDLE_IN_TRANSACTION_TIMEOUT: &str = "60s";
/// A reading statement that runs longer than this answers nobody any more.
const READ_TIMEOUT: &str = "30s";
/// Settings without which an acknowledged write can be lost.
const NEEDED_ON: [&str; 3] = ["fsync", "full_page_writes", "synchronous_commit"];
/// PostgreSQL's codes: a user without the privilege, a write where only reading is allowed, a column that is not there.
const FORBIDDEN: &str = "42501";
const READ_ONLY: &str = "25006";
const NO_SUCH_COLUMN: &str = "42703";
const OF_ANOTHER: &str = "the database belongs to another program";

static MIGRATOR: Migrator = sqlx::migrate!("migrations/postgres");
const SET_CONNECTION_CHECK: &str = "SET client_connection_check_interval = '1s'";
// What is set for the session stays when the server reads its settings anew.
const SELECT_DURABILITY: &str = "SELECT current_setting('fsync'), current_setting('full_page_writes'), \
    set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' \
    ELSE current_setting('synchronous_commit') END, false)";
const SELECT_SETTING: &str = "SELECT current_setting($1)";
// A copy of a server keeps its identifier, and the numbers of databases and tables; nothing else has all three.
const SELECT_IDENTITY: &str = "SELECT (SELECT system_identifier::text FROM pg_control_system()), \
    (SELECT oid::bigint FROM pg_database WHERE datname = current_database()), to_regclass('head')::oid::bigint";
const SELECT_STATE: &str = "SELECT pg_is_in_recovery(), seq FROM head";
const SELECT_IN_RECOVERY: &str = "SELECT pg_is_in_recovery()";
const SELECT_SCHEMA: &str = "SELECT current_schema()::text";
// Tables of extensions, such as those for maps, belong to no program.
const SELECT_TABLES: &str = "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT 1 FROM pg_depend d \
    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')";
const SELECT_MIGRATIONS: &str = "SELECT version, success, checksum FROM _sqlx_migrations ORDER BY version";

/// Connections that read for anybody, made as they are needed.
pub(super) fn pool(url: &str, readers: u32) -> Result<PgPool, StoreError> {
    reading(url, readers.max(READERS_MIN))
}

/// Connections for what is quick and must not wait for them.
pub(super) fn prompt_pool(url: &str) -> Result<PgPool, StoreError> {
    reading(url, PROMPT_READERS)
}

fn reading(url: &str, most: u32) -> Result<PgPool, StoreError> {
    let options = plain_options(url)?.options([("default_transaction_read_only", "on"), ("statement_timeout", READ_TIMEOUT)]);
    Ok(PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(CONNECT_TIME)
        .idle_timeout(IDLE_TIME)
        .after_connect(|connection, _| Box::pin(notice_readers_that_went_away(connection)))
        .connect_lazy_with(options))
}

/// Has the server end a statement whose connection was broken off. A server whose system cannot tell refuses the setting, and
/// ends it when its time is over.
async fn notice_readers_that_went_away(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    match sqlx::query(SET_CONNECTION_CHECK).execute(connection).await {
        Err(sqlx::Error::Database(error)) => {
            tracing::debug!(%error, "the server does not notice readers that went away");
            Ok(())
        }
        answer => answer.map(|_| ()),
    }
}

/// Which server, which database in it, and which table in that, should it be there.
pub(super) type Identity = (String, i64, Option<i64>);

/// A connection of its own, over which a server is asked who it is and how far it is.
pub(super) struct Observer(PgListener);

impl Observer {
    pub(super) async fn connect(url: &str) -> Result<Self, StoreError> {
        let mut connection = PgListener::connect_with(&reading(url, 1)?).await?;
        connection.eager_reconnect(false);
        Ok(Self(connection))
    }

    pub(super) async fn identity(&mut self) -> Result<Identity, StoreError> {
        Ok(sqlx::query_as(SELECT_IDENTITY).fetch_one(&mut self.0).await?)
    }

    /// Whether the server follows another one, and the number of the newest state that it has.
    pub(super) async fn state(&mut self) -> Result<(bool, i64), StoreError> {
        Ok(sqlx::query_as(SELECT_STATE).fetch_one(&mut self.0).await?)
    }

    /// Resolves when the connection has ended. Nothing is to be heard over it, but who listens learns that at once.
    pub(super) async fn ended(&mut self) -> StoreError {
        loop {
            match self.0.try_recv().await {
                Ok(Some(_)) => {}
                Ok(None) => return StoreError::Unavailable("the connection ended".into()),
                Err(error) => return error.into(),
            }
        }
    }
}

/// How to connect for writing.
pub(super) fn connect_options(url: &str) -> Result<PgConnectOptions, StoreError> {
    let timeouts = [("lock_timeout", LOCK_TIMEOUT), ("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION_TIMEOUT)];
    Ok(plain_options(url)?.options(timeouts))
}

fn plain_options(url: &str) -> Result<PgConnectOptions, StoreError> {
    check_parameters(url)?;
    let parsed = PgConnectOptions::from_str(url).map_err(|error| malformed(url, &error))?;
    Ok(parsed.application_name("figurebase").options([("client_min_messages", "warning")]).disable_statement_logging())
}

/// Checks the server and brings the schema up to date; gives the number of migrations that were new.
pub(super) async fn migrate(url: &str, create: bool) -> Result<usize, StoreError> {
    let mut connection = connect(url).await?;
    let is_new = check_schema(&mut connection, create).await?;
    let missing = if is_new { MIGRATOR.iter().count() } else { missing_migrations(&mut connection).await? };
    // The migrator begins by making a table, which a server or a user without need of it may not do.
    if missing > 0 {
        MIGRATOR.run(&mut connection).await.map_err(not_migrated)?;
    }
    connection.close().await?;
    Ok(missing)
}

/// How many migrations are missing in a schema that is there already. Reads only.
pub(super) async fn missing(url: &str) -> Result<usize, StoreError> {
    let mut connection = connect(url).await?;
    check_schema(&mut connection, false).await?;
    let missing = missing_migrations(&mut connection).await?;
    connection.close().await?;
    Ok(missing)
}

/// A connection to a server that can be used.
async fn connect(url: &str) -> Result<PgConnection, StoreError> {
    let options = plain_options(url)?;
    let connected = tokio::time::timeout(CONNECT_TIME, options.connect()).await;
    let mut connection = connected.map_err(|_| unsuitable("the server does not answer"))?.map_err(unreachable_server)?;
    check_server(&mut connection).await?;
    Ok(connection)
}

fn unsuitable(why: impl Into<String>) -> StoreError {
    StoreError::Unsuitable(why.into())
}

/// What a person can do about a server that cannot be used; the driver's own words go to the log.
fn unreachable_server(error: sqlx::Error) -> StoreError {
    tracing::debug!(%error, "no connection to the server");
    match (code(&error).as_deref(), &error) {
        (Some("28P01" | "28000"), _) => unsuitable("the server refuses this user or password"),
        (Some("3D000"), _) => unsuitable("the server has no database of this name"),
        (Some("53300"), _) => unsuitable("the server has no connection left"),
        (Some("57P03"), _) => unsuitable("the server is starting or stopping"),
        (_, sqlx::Error::Tls(_)) => unsuitable("the connection could not be encrypted as the address asks"),
        _ => unsuitable("the server cannot be reached"),
    }
}

/// What a person can do about a schema that cannot be brought up to date.
fn not_migrated(error: MigrateError) -> StoreError {
    let (MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)) = &error else { return unfit(&error) };
    tracing::debug!(%error, "the schema was not brought up to date");
    match code(cause).as_deref() {
        Some(FORBIDDEN) => unsuitable("the user may not create tables in this schema"),
        Some(READ_ONLY) => unsuitable("the server only reads, and the schema is not up to date"),
        _ => unsuitable("the schema could not be brought up to date"),
    }
}

/// What a person can do about tables that cannot be used; other errors remain what they are.
pub(super) fn unusable_tables(error: StoreError) -> StoreError {
    match &error {
        StoreError::Driver(cause) if code(cause).as_deref() == Some(FORBIDDEN) => {
            tracing::debug!(%error, "the tables cannot be used");
            unsuitable("the user may not read or write the tables of this schema")
        }
        _ => error,
    }
}

fn code(error: &sqlx::Error) -> Option<Cow<'_, str>> {
    error.as_database_error()?.code()
}

/// Refuses a server that is too old, that only follows another one, or that may lose what it acknowledged.
async fn check_server(connection: &mut PgConnection) -> Result<(), StoreError> {
    let version = setting(connection, "server_version_num").await?;
    if version.parse::<i64>().is_ok_and(|version| version < SERVER_VERSION_MIN) {
        return Err(unsuitable(format!("PostgreSQL {} is too old; at least 15 is needed", setting(connection, "server_version").await?)));
    }
    if setting(connection, "server_encoding").await? != "UTF8" {
        return Err(unsuitable("the database's encoding is not UTF8"));
    }
    for name in NEEDED_ON {
        if setting(connection, name).await? == "off" {
            return Err(unsuitable(can_lose(name)));
        }
    }
    let follows: bool = sqlx::query_scalar(SELECT_IN_RECOVERY).fetch_one(&mut *connection).await?;
    if follows {
        return Err(unsuitable("the server is a replica that cannot be written to; name it with --read-database"));
    }
    Ok(())
}

/// Makes what a new connection commits durable: `synchronous_commit` is on for it, or remains what it is if that waits for more
/// than nothing; and a server that has lost another of the settings since the start takes no write.
pub(super) async fn make_durable(connection: &mut PgConnection) -> Result<(), StoreError> {
    let (fsync, full_page_writes, _): (String, String, String) = sqlx::query_as(SELECT_DURABILITY).fetch_one(connection).await?;
    match [("fsync", fsync), ("full_page_writes", full_page_writes)].iter().find(|(_, value)| value == "off") {
        Some((name, _)) => Err(StoreError::Unavailable(can_lose(name))),
        None => Ok(()),
    }
}

fn can_lose(setting: &str) -> String {
    format!("the server has {setting} off and can lose what was acknowledged; turn it on")
}

async fn setting(connection: &mut PgConnection, name: &str) -> Result<String, StoreError> {
    Ok(sqlx::query_scalar(SELECT_SETTING).bind(name).fetch_one(connection).await?)
}

/// Refuses a schema that belongs to another program, and an empty one where nothing may be made. Gives whether it is empty.
async fn check_schema(connection: &mut PgConnection, create: bool) -> Result<bool, StoreError> {
    let schema: Option<String> = sqlx::query_scalar(SELECT_SCHEMA).fetch_one(&mut *connection).await?;
    if schema.is_none() {
        return Err(unsuitable("the schema that the address names in search_path does not exist, or the user may not use it"));
    }
    let tables: Vec<String> = sqlx::query_scalar(SELECT_TABLES).fetch_all(connection).await?;
    let has = |name: &str| tables.iter().any(|table| table == name);
    if has("_sqlx_migrations") && (has("claim_versions") || tables.len() == 1) {
        return Ok(false);
    }
    if !tables.is_empty() {
        return Err(unsuitable(OF_ANOTHER));
    }
    if create { Ok(true) } else { Err(unsuitable("the database is empty")) }
}

/// How many of the migrations were never made. Reads only.
async fn missing_migrations(connection: &mut PgConnection) -> Result<usize, StoreError> {
    let made: Vec<(i64, bool, Vec<u8>)> = sqlx::query_as(SELECT_MIGRATIONS).fetch_all(connection).await.map_err(unreadable_migrations)?;
    let ours: Vec<(i64, &[u8])> = MIGRATOR.iter().map(|ours| (ours.version, &*ours.checksum)).collect();
    missing_of(&ours, &made)
}

fn unreadable_migrations(error: sqlx::Error) -> StoreError {
    match code(&error).as_deref() {
        Some(FORBIDDEN) => unsuitable("the user may not read the tables of this schema"),
        Some(NO_SUCH_COLUMN) => unsuitable(OF_ANOTHER),
        _ => error.into(),
    }
}

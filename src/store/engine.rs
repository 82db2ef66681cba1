//! The two engines: connections, pools, and running a statement on either.
//!
//! A statement is built once, apart from any engine; here it becomes the text of one and is handed to its driver.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use scopeguard::ScopeGuard;
use sqlx::error::DatabaseError;
use sqlx::postgres::{PgColumn, PgConnectOptions, PgConnection, PgDatabaseError, PgPool, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteError, SqlitePool, SqliteRow};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, FromRow, Row, TypeInfo, ValueRef};

use super::statement::{Bind, Statement};
use super::{StoreError, open_postgres};

/// Longest time for a connection to PostgreSQL to come about.
pub(super) const CONNECT_TIME: Duration = Duration::from_secs(3);

/// Longest time for one statement of the writer on PostgreSQL, whose server lets a lock go after ten seconds; what takes longer is
/// sent to a server that is no longer there, which no error ever tells.
const STATEMENT_TIME: Duration = Duration::from_secs(30);

/// What keeps the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded: one file.
    Sqlite,
    /// A server, or several.
    Postgres,
}

/// What the row of an answer can become, whatever engine gave it.
pub(super) trait FromAnyRow: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T> FromAnyRow for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A value as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    Null,
    /// A number, or a truth as 0 or 1.
    Integer(i64),
    Text(String),
    /// Bytes, or a UUID.
    Bytes(Vec<u8>),
}

/// A row with all its columns by their names, for whoever takes any row as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WholeRow(pub(super) Vec<(String, Value)>);

impl FromRow<'_, SqliteRow> for WholeRow {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let value = |at: usize| -> Result<Value, sqlx::Error> {
            let raw = row.try_get_raw(at)?;
            let of = raw.type_info();
            Ok(match of.name() {
                _ if raw.is_null() => Value::Null,
                "INTEGER" | "BOOLEAN" => Value::Integer(row.try_get_unchecked(at)?),
                "TEXT" => Value::Text(row.try_get_unchecked(at)?),
                _ => Value::Bytes(row.try_get_unchecked(at)?),
            })
        };
        row.columns().iter().map(|column| Ok((column.name().to_string(), value(column.ordinal())?))).collect::<Result<_, _>>().map(Self)
    }
}

impl FromRow<'_, PgRow> for WholeRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let value = |at: usize, of: &str| -> Result<Value, sqlx::Error> {
            Ok(match of {
                _ if row.try_get_raw(at)?.is_null() => Value::Null,
                "BOOL" => Value::Integer(i64::from(row.try_get::<bool, _>(at)?)),
                "TEXT" => Value::Text(row.try_get(at)?),
                "UUID" => Value::Bytes(row.try_get::<uuid::Uuid, _>(at)?.as_bytes().to_vec()),
                _ => Value::Integer(row.try_get(at)?),
            })
        };
        let named = |column: &PgColumn| Ok((column.name().to_string(), value(column.ordinal(), column.type_info().name())?));
        row.columns().iter().map(named).collect::<Result<_, _>>().map(Self)
    }
}

/// How to connect for writing.
#[derive(Debug, Clone)]
pub(super) enum Connector {
    Sqlite(Box<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

/// One connection.
pub(super) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Connections for reading.
#[derive(Debug, Clone)]
pub(super) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Runs one expression for the driver's own connection or pool, whichever it is.
macro_rules! on_engine {
    ($of:ident, $any:expr, $own:ident => $body:expr) => {
        match $any {
            $of::Sqlite($own) => $body,
            $of::Postgres($own) => $body,
        }
    };
}

/// Makes a driver's query of a statement: its text as `$kind` of query, with all values bound.
macro_rules! query {
    ($kind:ident, $engine:expr, $statement:expr) => {{
        let statement = $statement;
        let text = statement.text($engine);
        tracing::trace!(target: "figurebase::statement", reach = ?statement.reach(), text);
        let mut query = sqlx::$kind(static_in_parts(text));
        for bind in statement.into_binds() {
            query = match bind {
                Bind::Integer(value) => query.bind(value),
                Bind::Text(value) => query.bind(value.map(|text| storable($engine, text))),
                Bind::Uuid(value) => query.bind(value),
                Bind::Boolean(value) => query.bind(value),
            };
        }
        query
    }};
}

/// Reads from a pool. A server goes on with a statement whose reader went away; so that connection is broken off, which the
/// server notices (see `open_postgres`), and does not count as one of the pool's any more.
macro_rules! reading {
    ($pool:expr, $own:ident => $body:expr) => {
        match $pool {
            Pool::Sqlite($own) => Ok($body.await?),
            Pool::Postgres(pool) => {
                let mut held = scopeguard::guard(pool.acquire().await?, |broken_off| drop(broken_off.detach()));
                let $own = &mut **held;
                let answer = $body.await;
                drop(ScopeGuard::into_inner(held));
                Ok(answer?)
            }
        }
    };
}

#[expect(clippy::disallowed_methods, reason = "a statement's text is put together of static pieces alone")]
fn static_in_parts(text: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(text)
}

/// PostgreSQL's texts hold no NUL. What is stored has none either, being refused where it is read; but somebody may look for
/// one, in a path, and has to find nothing rather than to meet an error.
fn storable(engine: Engine, text: String) -> String {
    if engine == Engine::Postgres && text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

impl Connector {
    /// A new connection.
    pub(super) async fn connect(&self) -> Result<Connection, StoreError> {
        match self {
            Self::Sqlite(options) => Ok(Connection::Sqlite(options.connect().await?)),
            Self::Postgres(options) => {
                let connected = tokio::time::timeout(CONNECT_TIME, async {
                    let mut connection = options.connect().await?;
                    open_postgres::make_durable(&mut connection).await?;
                    Ok(Connection::Postgres(connection))
                });
                connected.await.map_err(|_| StoreError::Unavailable("no connection in time".into()))?
            }
        }
    }
}

impl Connection {
    pub(super) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// All rows of an answer.
    pub(super) async fn fetch_all<T: FromAnyRow>(&mut self, statement: Statement) -> Result<Vec<T>, StoreError> {
        let engine = self.engine();
        in_time(engine, on_engine!(Connection, self, own => query!(query_as, engine, statement).fetch_all(own).boxed())).await
    }

    /// The first row of an answer, if there is one.
    pub(super) async fn fetch_optional<T: FromAnyRow>(&mut self, statement: Statement) -> Result<Option<T>, StoreError> {
        let engine = self.engine();
        in_time(engine, on_engine!(Connection, self, own => query!(query_as, engine, statement).fetch_optional(own).boxed())).await
    }

    /// The one row of an answer.
    pub(super) async fn fetch_one<T: FromAnyRow>(&mut self, statement: Statement) -> Result<T, StoreError> {
        let engine = self.engine();
        in_time(engine, on_engine!(Connection, self, own => query!(query_as, engine, statement).fetch_one(own).boxed())).await
    }

    /// Runs a statement; gives the number of rows affected.
    pub(super) async fn execute(&mut self, statement: Statement) -> Result<u64, StoreError> {
        let engine = self.engine();
        in_time(engine, async { self.execute_unhurried(statement).await }).await
    }

    /// The same, however long it takes.
    pub(super) async fn execute_unhurried(&mut self, statement: Statement) -> Result<u64, StoreError> {
        let engine = self.engine();
        on_engine!(Connection, self, own => Ok(query!(query, engine, statement).execute(own).await?.rows_affected()))
    }

    /// Ends the connection in peace.
    pub(super) async fn close(self) -> Result<(), StoreError> {
        on_engine!(Connection, self, own => Ok(sqlx::Connection::close(own).await?))
    }
}

/// What a statement came to, if that takes no longer than it may.
async fn in_time<T, E: Into<StoreError>>(engine: Engine, answer: impl Future<Output = Result<T, E>>) -> Result<T, StoreError> {
    match engine {
        Engine::Sqlite => answer.await.map_err(Into::into),
        Engine::Postgres => match tokio::time::timeout(STATEMENT_TIME, answer).await {
            Ok(answer) => answer.map_err(Into::into),
            Err(_) => Err(StoreError::Unavailable("the server did not answer a statement in time".into())),
        },
    }
}

impl Pool {
    /// The engine behind it.
    pub(super) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// All rows of an answer.
    pub(super) async fn fetch_all<T: FromAnyRow>(&self, statement: Statement) -> Result<Vec<T>, StoreError> {
        reading!(self, own => query!(query_as, self.engine(), statement).fetch_all(own))
    }

    /// The first row of an answer, if there is one.
    pub(super) async fn fetch_optional<T: FromAnyRow>(&self, statement: Statement) -> Result<Option<T>, StoreError> {
        reading!(self, own => query!(query_as, self.engine(), statement).fetch_optional(own))
    }

    /// The one row of an answer.
    pub(super) async fn fetch_one<T: FromAnyRow>(&self, statement: Statement) -> Result<T, StoreError> {
        reading!(self, own => query!(query_as, self.engine(), statement).fetch_one(own))
    }

    /// The one value of an answer of one row and one column.
    pub(super) async fn fetch_value<T>(&self, statement: Statement) -> Result<T, StoreError>
    where
        (T,): FromAnyRow,
    {
        Ok(self.fetch_one::<(T,)>(statement).await?.0)
    }

    /// The values of an answer of one column.
    pub(super) async fn fetch_values<T>(&self, statement: Statement) -> Result<Vec<T>, StoreError>
    where
        (T,): FromAnyRow,
    {
        Ok(self.fetch_all::<(T,)>(statement).await?.into_iter().map(|(value,)| value).collect())
    }

    /// Ends all connections.
    pub(super) async fn close(&self) {
        on_engine!(Pool, self, own => own.close().await);
    }
}

/// Classes of PostgreSQL's error codes that speak of the server's condition and not of the statement: connections, want of
/// resources, objects in use, an operator's intervention, faults of the system.
const CONDITION_CLASSES: [&str; 5] = ["08", "53", "55", "57", "58"];
/// The same, single codes: a conflict with another transaction or with replay, a deadlock, a server that became read-only, a
/// transaction that was idle for too long, a user or database that is not there (any more, since there was one at the start).
const CONDITION_CODES: [&str; 7] = ["40001", "40P01", "25006", "25P03", "28000", "28P01", "3D000"];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let of_condition = match &error {
            // A server that dies in the middle of an answer breaks the protocol.
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
                true
            }
            sqlx::Error::Database(error) => error.try_downcast_ref::<PgDatabaseError>().is_some_and(|error| {
                CONDITION_CLASSES.iter().any(|class| error.code().starts_with(class)) || CONDITION_CODES.contains(&error.code())
            }),
            _ => false,
        };
        if of_condition { Self::Condition(Arc::new(error)) } else { Self::Driver(Arc::new(error)) }
    }
}

/// SQLite's primary result code of an input or output error.
const SQLITE_IOERR: i32 = 10;
/// SQLite's primary result codes that speak of what a statement says: too big, against a constraint, of the wrong type, out of
/// range. The others speak of the file, the disk and the memory.
const SQLITE_REFUSALS: [i32; 4] = [18, 19, 20, 25];

/// SQLite's primary result code, when it was SQLite that failed.
fn sqlite_code(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.try_downcast_ref::<SqliteError>()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

/// Whether the operating system could not read or write the file: what reached the disk is then unknown, and a second attempt to
/// sync may wrongly succeed. A server of PostgreSQL looks after its own disk.
pub(super) fn is_disk_fault(error: &StoreError) -> bool {
    matches!(error, StoreError::Driver(error) if sqlite_code(error) == Some(SQLITE_IOERR))
}

/// Whether an error speaks of what was to be stored, or of what is, so that the same would fail again, and nothing else would.
pub(super) fn is_refusal(error: &StoreError) -> bool {
    match error {
        StoreError::Corrupt { .. } => true,
        // PostgreSQL's conditions have been told from its refusals already.
        StoreError::Driver(error) => sqlite_code(error).is_none_or(|code| SQLITE_REFUSALS.contains(&code)),
        _ => false,
    }
}

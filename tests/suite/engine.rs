//! The engine of this target: SQLite. Every test has a database file of its own, in a folder of its own.
//!
//! `tests/postgres/engine.rs` is the same for PostgreSQL; all other files ask this one and are included in both targets.

use std::future::{Ready, ready};
use std::path::PathBuf;

use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

/// What the engine says of a table that is not there, in small letters.
pub const MISSING_TABLE: [&str; 1] = ["no such table"];
const SELECT_TABLES: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
     AND sql NOT LIKE '%VIRTUAL%' AND name NOT LIKE '%_fts_%' ORDER BY name";

/// A new, empty database for one test alone: nothing is there until the program makes it.
pub struct Database {
    url: String,
    folder: TempDir,
}

impl Database {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { url: format!("sqlite:{}", folder.path().join("test.db").display()), folder }
    }

    /// The address under which the program finds it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs statements behind the program's back, with `;` between them.
    #[expect(clippy::disallowed_methods, reason = "sabotage is written by tests alone, some of it around names read from the database")]
    pub async fn run(&self, sql: &str) {
        let mut connection = self.connect().await;
        sqlx::raw_sql("PRAGMA foreign_keys = off").execute(&mut connection).await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        connection.close().await.unwrap();
    }

    /// The names of our tables, without those that only serve the search for words.
    pub async fn tables(&self) -> Vec<String> {
        let mut connection = self.connect().await;
        let tables = sqlx::query_scalar(SELECT_TABLES).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        tables
    }

    /// Takes tables away, whatever points to them.
    pub async fn drop_tables(&self, tables: &[String]) {
        self.run(&tables.iter().map(|table| format!("DROP TABLE \"{table}\";")).collect::<String>()).await;
    }

    /// Whether nothing was ever made in it: there is no file.
    pub fn is_untouched(&self) -> Ready<bool> {
        ready(self.files().is_empty())
    }

    /// Whether a text stands anywhere in it, in one of the engine's own files too.
    pub fn holds(&self, text: &str) -> Ready<bool> {
        let holds = |file: PathBuf| std::fs::read(file).unwrap().windows(text.len()).any(|window| window == text.as_bytes());
        ready(self.files().into_iter().any(holds))
    }

    fn files(&self) -> Vec<PathBuf> {
        std::fs::read_dir(self.folder.path()).unwrap().map(|file| file.unwrap().path()).collect()
    }

    async fn connect(&self) -> SqliteConnection {
        SqliteConnection::connect(&self.url).await.unwrap()
    }
}

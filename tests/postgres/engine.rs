//! The engine of this target: PostgreSQL. Every test has a schema of its own, all in one throw-away cluster.
//!
//! `tests/suite/engine.rs` is the same for SQLite; all files of that folder ask this one here.

use crate::cluster::Cluster;

/// What the engine says of a table that is not there, in small letters: as it is, and inside of JSON.
pub const MISSING_TABLE: [&str; 2] = ["relation \"", "relation \\\""];
const SELECT_TABLES: &str = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename";

/// A new, empty database for one test alone: nothing is there until the program makes it.
pub struct Database {
    schema: String,
    url: String,
}

impl Database {
    pub fn new() -> Self {
        let schema = Cluster::shared().new_schema();
        let url = Cluster::shared().url(&schema);
        Self { schema, url }
    }

    /// The address under which the program finds it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs statements behind the program's back, with `;` between them.
    pub async fn run(&self, sql: &str) {
        Cluster::shared().run(&self.schema, sql).await;
    }

    /// The names of our tables.
    pub async fn tables(&self) -> Vec<String> {
        let mut connection = Cluster::shared().connect(&self.schema).await;
        sqlx::query_scalar(SELECT_TABLES).fetch_all(&mut connection).await.unwrap()
    }

    /// Takes tables away, whatever points to them.
    pub async fn drop_tables(&self, tables: &[String]) {
        self.run(&tables.iter().map(|table| format!("DROP TABLE \"{table}\" CASCADE;")).collect::<String>()).await;
    }

    /// Whether nothing was ever made in it: there are no tables.
    pub async fn is_untouched(&self) -> bool {
        self.tables().await.is_empty()
    }

    /// Whether a text stands in any row of it.
    #[expect(clippy::disallowed_methods, reason = "the names of tables were read from the database itself")]
    pub async fn holds(&self, text: &str) -> bool {
        let mut connection = Cluster::shared().connect(&self.schema).await;
        for table in self.tables().await {
            let question = format!("SELECT EXISTS (SELECT FROM \"{table}\" AS r WHERE strpos(r::text, $1) > 0)");
            if sqlx::query_scalar(sqlx::AssertSqlSafe(question)).bind(text).fetch_one(&mut connection).await.unwrap() {
                return true;
            }
        }
        false
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Each holds some megabytes, in memory, and there are hundreds of them.
        Cluster::shared().drop_schema(&self.schema);
    }
}

//! What `figurebase copy` compares: every column of every table that there is, on both engines; and after a first copy only
//! what is new and the newest of what was there, unless it is asked for everything.

use std::path::Path;

use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::copying::{Bench, with_history};
use crate::engine::Database;

/// Columns that cannot differ, or may: why.
const LEFT_OUT: [(&str, &str, &str); 2] =
    [("head", "one", "the schema allows one value alone"), ("keys", "revoked_at", "a key may be taken back in the target alone")];
/// Every table of ours, and the columns with the names of their types.
const COLUMNS: &str = "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns \
    WHERE table_schema = current_schema() AND table_name <> '_sqlx_migrations' ORDER BY 1, ordinal_position";
const COLUMNS_OF_FILE: &str = "SELECT t.name, c.name, c.type FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' \
    AND t.name NOT LIKE 'sqlite_%' AND t.name <> '_sqlx_migrations' AND t.name NOT LIKE '%\\_text%' ESCAPE '\\' ORDER BY 1, c.cid";

/// A value that no row has, of a type.
fn other_value(column: &str, of: &str) -> String {
    match of.to_ascii_lowercase().as_str() {
        "bigint" => "987654321".to_string(),
        "text" => "'other'".to_string(),
        "boolean" => format!("NOT {column}"),
        "uuid" => "'01234567-89ab-7def-8123-456789abcdef'".to_string(),
        "blob" => "x'0123456789ab7def8123456789abcdef'".to_string(),
        of => panic!("{column} is of a type that this test does not know: {of}"),
    }
}

/// A later copy that compares everything, is refused, and says where both differ.
#[track_caller]
fn found(bench: &Bench, from: &str, to: &str, table: &str, column: &str) {
    let ran = bench.copy_with(from, to, &["--verify"]);
    let told = ran.refusal();
    // A target with a greater number of its newest change holds more, whatever that is.
    assert!(told.lines().count() == 1 && (told.contains(table) || (table == "head" && column == "seq")), "{table}.{column}: {told}");
}

fn compared(columns: Vec<(String, String, String)>) -> Vec<(String, String, String)> {
    assert!(columns.len() > 85, "only {} columns", columns.len());
    for (table, column, why) in LEFT_OUT {
        assert!(columns.iter().any(|found| found.0 == table && found.1 == column), "{table}.{column} is not there: {why}");
    }
    columns.into_iter().filter(|found| !LEFT_OUT.iter().any(|(table, column, _)| found.0 == *table && found.1 == *column)).collect()
}

#[tokio::test]
async fn every_column_of_every_table_of_postgresql_is_compared() {
    let bench = Bench::new();
    let (first, target) = (with_history(&bench).url, Database::new());
    bench.copy_with(&first, target.url(), &[]).ok();
    let columns = sqlx::query_as(COLUMNS).fetch_all(&mut PgConnection::connect(target.url()).await.unwrap()).await.unwrap();
    for (table, column, of) in compared(columns) {
        let value = other_value(&column, &of);
        target.run(&format!("CREATE TABLE saved AS TABLE {table}")).await;
        target.run(&format!("UPDATE {table} SET \"{column}\" = {value} WHERE ctid = (SELECT min(ctid) FROM {table})")).await;
        found(&bench, &first, target.url(), &table, &column);
        target.run(&format!("TRUNCATE {table}; INSERT INTO {table} TABLE saved; DROP TABLE saved")).await;
    }
    for (table, columns) in [
        ("texts", "(sha256, content) VALUES ('x', 'y')"),
        ("names", "VALUES ('unit', 'x', 'x', 0, 'x', 0, NULL)"),
        ("record_text", "VALUES (0, '')"),
        ("claim_text", "SELECT metric_key, -seq, words FROM claim_text"),
    ] {
        target.run(&format!("CREATE TABLE saved AS TABLE {table}")).await;
        target.run(&format!("INSERT INTO {table} {columns}")).await;
        found(&bench, &first, target.url(), table, "more than there should be");
        target.run(&format!("TRUNCATE {table}; INSERT INTO {table} TABLE saved; DROP TABLE saved")).await;
    }
    bench.copy_with(&first, target.url(), &["--verify"]).ok();
}

/// Runs statements on a file behind the program's back.
#[expect(clippy::disallowed_methods, reason = "sabotage is written by tests alone, some of it around names read from the database")]
async fn run_on_file(file: &Path, sql: &str) {
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    connection.close().await.unwrap();
}

#[tokio::test]
async fn every_column_of_every_table_of_sqlite_and_every_word_is_compared() {
    let bench = Bench::new();
    let first = with_history(&bench).url;
    let (good, bad) = (bench.place.path("good.db"), bench.place.path("bad.db"));
    bench.copy_with(&first, &bench.file("good.db"), &[]).ok();
    let columns =
        sqlx::query_as(COLUMNS_OF_FILE).fetch_all(&mut SqliteConnection::connect(&bench.file("good.db")).await.unwrap()).await.unwrap();
    let mut changes: Vec<(String, String, String)> = compared(columns)
        .into_iter()
        .map(|(table, column, of)| {
            let value = other_value(&column, &of);
            (format!("UPDATE OR REPLACE {table} SET \"{column}\" = {value}"), table, column)
        })
        .collect();
    let text = |sql: &str, table: &str| (sql.to_string(), table.to_string(), "words".to_string());
    changes.extend([
        text("INSERT INTO claim_text (metric_key, rowid, words) SELECT 0, seq, 'more' FROM claim_versions LIMIT 1", "claim_text"),
        text("INSERT INTO claim_text (metric_key, rowid, words) VALUES (0, 987654321, '')", "claim_text"),
        text("INSERT INTO claim_text (claim_text) VALUES ('delete-all')", "claim_text"),
        text("INSERT INTO record_text (rowid, words) SELECT seq, 'more' FROM actors LIMIT 1", "record_text"),
        text("INSERT INTO texts VALUES ('x', 'y')", "texts"),
        text("INSERT INTO names VALUES ('unit', 'x', 'x', 0, 'x', 0, NULL)", "names"),
    ]);
    for (sql, table, column) in changes {
        for log in ["bad.db-wal", "bad.db-shm"] {
            let _ = std::fs::remove_file(bench.place.path(log));
        }
        std::fs::copy(&good, &bad).unwrap();
        run_on_file(&bad, &sql).await;
        found(&bench, &first, &bench.file("bad.db"), &table, &column);
    }
}

#[tokio::test]
async fn a_later_copy_compares_what_is_new_and_the_newest_before_it_and_everything_if_asked() {
    let bench = Bench::new();
    let first = bench.with_numbers("first.db", 0..2_600);
    let second = bench.server();
    let copied = bench.copy(&first, &second).ok();
    assert!(copied.stderr.trim_end().ends_with("all compared"), "{copied:?}");
    let earliest = "(SELECT MIN(seq) FROM claim_versions)";
    bench.place.database.run(&format!("UPDATE claim_versions SET actor = 'RUS' WHERE seq = {earliest}")).await;
    let later = bench.copy(&first, &second).ok();
    assert!(later.stderr.contains("compared after change") && later.stderr.contains("--verify"), "{later:?}");
    let found = bench.copy_with(&first, &second, &["--verify"]);
    assert!(found.refusal().contains("claim_versions, seq ") && found.refusal().contains("its actor is another"), "{found:?}");
    bench.place.database.run(&format!("UPDATE claim_versions SET actor = 'UKR' WHERE seq = {earliest}")).await;
    bench.copy_with(&first, &second, &["--verify"]).ok();
    let newest = "(SELECT MAX(seq) FROM claim_versions)";
    bench.place.database.run(&format!("UPDATE claim_versions SET actor = 'RUS' WHERE seq = {newest}")).await;
    assert!(bench.copy(&first, &second).refusal().contains("its actor is another"));
}

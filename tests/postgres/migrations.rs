//! The two engines' migrations, held against each other by what they make: the same tables, columns, keys, checks and indexes,
//! but for the search for words, where each engine has tables of its own kind.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use figurebase::store::{OpenOptions, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::cluster::Cluster;

/// Tables in which the words of claims and records stand: virtual ones of SQLite's, plain ones of PostgreSQL.
const WORDS: [&str; 2] = ["claim_text", "record_text"];
/// A type of SQLite and the one that holds the same on PostgreSQL. Identifiers of claims are the only bytes there are.
const TYPES: [(&str, &str); 4] = [("BIGINT", "bigint"), ("TEXT", "text"), ("BOOLEAN", "boolean"), ("BLOB", "uuid")];

/// A column: name, type as PostgreSQL calls it, whether it may be null, default.
type Column = (String, String, bool, Option<String>);

/// What a schema consists of, in words that do not depend on the engine.
#[derive(Debug, Default, PartialEq)]
struct Catalog {
    /// Columns of each table, in their order.
    columns: BTreeMap<String, Vec<Column>>,
    /// Columns of each table's primary key, in their order.
    primary_keys: BTreeMap<String, Vec<String>>,
    /// Table, and condition without brackets and spaces.
    checks: BTreeSet<(String, String)>,
    /// Every other index by its name: table, whether it is unique, columns with their direction.
    indexes: BTreeMap<String, (String, bool, Vec<String>)>,
    /// Table and columns of each foreign key, and what it refers to.
    foreign_keys: BTreeSet<String>,
}

impl Catalog {
    /// Takes a table out, with all that belongs to it.
    fn without(mut self, table: &str) -> Self {
        self.columns.remove(table);
        self.primary_keys.remove(table);
        self.indexes.retain(|_, (of, ..)| of != table);
        self
    }
}

/// The schema that the migrations for SQLite make.
async fn of_sqlite(connection: &mut SqliteConnection) -> Catalog {
    let mut catalog = Catalog::default();
    // The tables within which SQLite keeps a virtual one are its own matter, and so is what sqlx notes of migrations.
    let tables: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations' \
         AND name NOT LIKE '%\\_text\\_%' ESCAPE '\\' ORDER BY name",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    for (table, sql) in tables {
        let columns: Vec<(String, String, bool, Option<String>, i64)> =
            sqlx::query_as("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info($1) ORDER BY cid")
                .bind(&table)
                .fetch_all(&mut *connection)
                .await
                .unwrap();
        let mut key: Vec<(i64, String)> = columns.iter().filter(|column| column.4 > 0).map(|column| (column.4, column.0.clone())).collect();
        key.sort();
        if !key.is_empty() {
            catalog.primary_keys.insert(table.clone(), key.into_iter().map(|(_, name)| name).collect());
        }
        let known = |of: &str| TYPES.iter().find(|(sqlite, _)| *sqlite == of).map_or(of, |(_, postgres)| postgres).to_string();
        let columns = columns.into_iter().map(|(name, of, not_null, default, _)| (name, known(&of), !not_null, default)).collect();
        catalog.columns.insert(table.clone(), columns);
        for check in sql.split("CHECK (").skip(1) {
            let condition = check.split(')').next().unwrap().replace(' ', "");
            catalog.checks.insert((table.clone(), condition));
        }
        let foreign: Vec<(String, String)> = sqlx::query_as("SELECT \"from\", \"table\" FROM pragma_foreign_key_list($1)")
            .bind(&table)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        catalog.foreign_keys.extend(foreign.into_iter().map(|(column, other)| format!("{table} ({column}) {other}")));
        add_indexes_of_sqlite(connection, &table, &mut catalog).await;
    }
    catalog
}

async fn add_indexes_of_sqlite(connection: &mut SqliteConnection, table: &str, catalog: &mut Catalog) {
    let indexes: Vec<(String, bool)> = sqlx::query_as("SELECT name, \"unique\" FROM pragma_index_list($1) WHERE origin <> 'pk'")
        .bind(table)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    for (index, unique) in indexes {
        let columns: Vec<(String, bool)> =
            sqlx::query_as("SELECT COALESCE(name, '?'), \"desc\" FROM pragma_index_xinfo($1) WHERE key = 1 ORDER BY seqno")
                .bind(&index)
                .fetch_all(&mut *connection)
                .await
                .unwrap();
        // Nulls are the least in SQLite, and so come last where the greatest comes first.
        let columns = columns.into_iter().map(|(name, falling)| name + if falling { " desc nulls last" } else { "" }).collect();
        catalog.indexes.insert(index, (table.to_string(), unique, columns));
    }
}

const COLUMNS: &str = "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, \
    pg_get_expr(d.adbin, d.adrelid) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relnamespace = current_schema()::regnamespace \
    AND c.relkind = 'r' AND c.relname <> '_sqlx_migrations' ORDER BY c.relname, a.attnum";
const CONSTRAINTS: &str = "SELECT c.relname::text, k.contype::text, pg_get_constraintdef(k.oid) FROM pg_constraint k \
    JOIN pg_class c ON c.oid = k.conrelid WHERE k.connamespace = current_schema()::regnamespace AND c.relname <> '_sqlx_migrations'";
const INDEXES: &str = "SELECT i.relname::text, c.relname::text, x.indisunique, n::bigint, COALESCE(a.attname::text, '?'), \
    x.indoption[n - 1]::bigint, m.amname::text FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid \
    JOIN pg_am m ON m.oid = i.relam CROSS JOIN LATERAL generate_series(1, x.indnkeyatts) n \
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[n - 1] AND a.attnum > 0 \
    WHERE c.relnamespace = current_schema()::regnamespace AND NOT x.indisprimary AND c.relname <> '_sqlx_migrations' ORDER BY 1, n";

/// The schema that the migrations for PostgreSQL make.
async fn of_postgres(connection: &mut PgConnection) -> Catalog {
    let mut catalog = Catalog::default();
    let columns: Vec<(String, String, String, bool, Option<String>)> = sqlx::query_as(COLUMNS).fetch_all(&mut *connection).await.unwrap();
    for (table, name, of, nullable, default) in columns {
        catalog.columns.entry(table).or_default().push((name, of, nullable, default));
    }
    let constraints: Vec<(String, String, String)> = sqlx::query_as(CONSTRAINTS).fetch_all(&mut *connection).await.unwrap();
    for (table, kind, definition) in constraints {
        let inner = definition.split_once('(').unwrap().1.trim_end_matches(')').to_string();
        match kind.as_str() {
            "p" => drop(catalog.primary_keys.insert(table, inner.split(", ").map(|name| name.trim_matches('"').to_string()).collect())),
            "c" => drop(catalog.checks.insert((table, inner.replace(['(', ')', ' '], "")))),
            "f" => drop(catalog.foreign_keys.insert(format!("{table} {definition}"))),
            // A unique key has an index, which is among those below; not null stands with the columns.
            _ => {}
        }
    }
    let indexes: Vec<(String, String, bool, i64, String, i64, String)> = sqlx::query_as(INDEXES).fetch_all(&mut *connection).await.unwrap();
    for (index, table, unique, _, column, option, method) in indexes {
        // Of the option, one bit says that the greatest comes first and one that nulls do. Another kind of index has a name.
        let order = match (method.as_str(), option) {
            ("btree", 0) => "",
            ("btree", 1) => " desc nulls last",
            ("btree", 3) => " desc nulls first",
            ("btree", _) => " nulls first",
            _ => method.as_str(),
        };
        catalog.indexes.entry(index).or_insert_with(|| (table, unique, Vec::new())).2.push(column + order);
    }
    catalog
}

/// Both schemas, as the program makes them.
async fn both() -> (Catalog, SqliteConnection, Catalog, PgConnection, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("schema.db").display());
    let schema = Cluster::shared().new_schema();
    for url in [url.clone(), Cluster::shared().url(&schema)] {
        let options = OpenOptions { url, readers: 1, create: true, ..OpenOptions::default() };
        assert!(Store::migrate(&options).await.unwrap() > 0);
    }
    let mut sqlite = SqliteConnectOptions::from_str(&url).unwrap().connect().await.unwrap();
    let mut postgres = Cluster::shared().connect(&schema).await;
    (of_sqlite(&mut sqlite).await, sqlite, of_postgres(&mut postgres).await, postgres, folder)
}

#[tokio::test]
async fn both_engines_have_the_same_tables_columns_keys_and_indexes() {
    let (sqlite, _, postgres, ..) = both().await;
    let tables: Vec<&String> = sqlite.columns.keys().collect();
    assert_eq!(tables, postgres.columns.keys().collect::<Vec<_>>());
    assert!(tables.len() >= 14 && sqlite.indexes.len() >= 15, "{sqlite:?}");
    let [sqlite, postgres] = [sqlite, postgres].map(|catalog| WORDS.iter().fold(catalog, |catalog, table| catalog.without(table)));
    for (table, columns) in &sqlite.columns {
        assert_eq!(columns, &postgres.columns[table], "columns of {table}");
    }
    assert_eq!(sqlite.primary_keys, postgres.primary_keys);
    assert_eq!(sqlite.checks, postgres.checks);
    assert_eq!(sqlite.checks, BTreeSet::from([("head".to_string(), "one=1".to_string())]));
    for (index, columns) in &sqlite.indexes {
        assert_eq!(Some(columns), postgres.indexes.get(index), "{index}");
    }
    assert_eq!(sqlite.indexes.len(), postgres.indexes.len());
    assert_eq!(sqlite, postgres);
    assert_eq!(sqlite.foreign_keys, BTreeSet::new(), "the writer checks references, and one between shards could not be held");
}

#[tokio::test]
async fn the_words_of_claims_and_records_are_the_one_thing_that_differs() {
    let (sqlite, _, postgres, ..) = both().await;
    let names = |catalog: &Catalog, table: &str| catalog.columns[table].iter().map(|column| column.0.clone()).collect::<Vec<_>>();
    assert_eq!(
        (names(&sqlite, "claim_text"), names(&sqlite, "record_text")),
        (vec!["metric_key".into(), "words".into()], vec!["words".into()])
    );
    for table in WORDS {
        assert_eq!(sqlite.primary_keys.get(table), None, "{table}: its key is the row's number, which is that of the change");
        assert!(sqlite.indexes.values().all(|(of, ..)| of != table), "{table} is an index itself");
    }
    let column = |name: &str, of: &str| (name.to_string(), of.to_string(), false, None);
    let (seq, words) = (column("seq", "bigint"), column("words", "text"));
    assert_eq!(postgres.columns["claim_text"], [column("metric_key", "bigint"), seq.clone(), words.clone()]);
    assert_eq!(postgres.columns["record_text"], [seq, words]);
    assert_eq!(postgres.primary_keys["claim_text"], ["metric_key", "seq"]);
    assert_eq!(postgres.primary_keys["record_text"], ["seq"]);
    for table in WORDS {
        let own: Vec<_> = postgres.indexes.iter().filter(|(_, (of, ..))| of == table).collect();
        let expected = (table.to_string(), false, vec!["?gin".to_string()]);
        assert_eq!(own, [(&format!("{table}_words"), &expected)], "an index on the words of {table}, cut at their spaces");
    }
}

#[tokio::test]
async fn every_text_of_postgresql_is_ordered_by_its_bytes() {
    let (.., mut connection, _) = both().await;
    let columns: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT c.relname::text, a.attname::text, n.nspname || '.' || o.collname FROM pg_class c \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 JOIN pg_collation o ON o.oid = a.attcollation \
         JOIN pg_namespace n ON n.oid = o.collnamespace \
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relname NOT LIKE '\\_sqlx%'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert!(columns.len() > 80, "only {} columns of texts, those of indexes among them", columns.len());
    for (table, column, collation) in columns {
        assert_eq!(collation, "pg_catalog.C", "{table}.{column}");
    }
}

#[tokio::test]
async fn every_key_of_the_tables_that_are_spread_over_shards_begins_with_the_metric() {
    let (.., mut connection, _) = both().await;
    let keys: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT c.relname::text, i.relname::text, COALESCE(a.attname::text, '?') FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid \
         JOIN pg_class i ON i.oid = x.indexrelid LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0] \
         WHERE c.relnamespace = current_schema()::regnamespace AND x.indisunique AND c.relname IN ('claim_versions', 'claim_text') \
         UNION ALL SELECT c.relname::text, k.conname::text, COALESCE(a.attname::text, '?') FROM pg_constraint k \
         JOIN pg_class c ON c.oid = k.conrelid OR c.oid = k.confrelid \
         LEFT JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] \
         WHERE c.relnamespace = current_schema()::regnamespace AND k.contype IN ('p', 'u', 'f', 'x') \
         AND c.relname IN ('claim_versions', 'claim_text')",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let tables: BTreeSet<&str> = keys.iter().map(|(table, ..)| table.as_str()).collect();
    assert_eq!(tables, BTreeSet::from(["claim_text", "claim_versions"]), "both have keys");
    for (table, key, first) in keys {
        assert_eq!(first, "metric_key", "{key} of {table}");
    }
}

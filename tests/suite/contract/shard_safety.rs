//! Where claims are spread over several servers, a statement that names no metric asks all of them. So every statement says
//! what it reaches, and here that is held against its text: as it is written, as it runs when every route is walked, and against
//! the keys of the tables. The list of what reaches every shard in `docs/scaling.md` is held against the same.
//!
//! The routes are walked on SQLite; the texts that PostgreSQL has of its own are put in place of SQLite's.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::{Arc, Mutex, Once, PoisonError};

use axum::http::Method;
use figurebase::domain::key::Scope;
use figurebase::store::{Difference, Engine, OpenOptions, Store, Verify};
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

use super::shared_sql::{calls_of, statement_calls, texts_in};
use super::{read, sources};
use crate::api::problems::{is_write, media_type, method, real_path};
use crate::api::sabotage::sensible_body;
use crate::api::{Operation, described, operations};
use crate::engine::Database;
use crate::support::{TestApp, new_claim};

/// The tables that are spread by metric.
const CLAIM_TABLES: [&str; 2] = ["claim_versions", "claim_text"];
/// Words of claims lie where the claims are, and this ties each row of theirs to one of the claims asked for.
const TIED: &str = " t WHERE t.metric_key = c.metric_key AND t.seq = c.seq AND ";
/// Routes of one claim that reach every shard all the same, with the reason why; none does.
const SINGLE_BUT_EVERYWHERE: [(&str, &str); 0] = [];

/// What a statement said of itself, and its text.
type Heard = (String, String);

/// Hears every statement of this thread.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Vec<Heard>>>);

impl Listener {
    /// What was heard since this was last asked.
    fn take(&self) -> BTreeSet<Heard> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }

    /// Listens until what this gives is dropped. One subscriber hears all threads, since what a thread without one meets first is
    /// never told to anybody; it hands on what is said in a thread that somebody listens in.
    fn listen(&self) -> Listening {
        static ALL_THREADS: Once = Once::new();
        ALL_THREADS.call_once(|| tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Hearer)).unwrap());
        LISTENER.set(Some(self.clone()));
        Listening
    }
}

thread_local! {
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// While somebody listens in this thread.
struct Listening;

impl Drop for Listening {
    fn drop(&mut self) {
        LISTENER.set(None);
    }
}

struct Hearer;

impl<S: Subscriber> Layer<S> for Hearer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        struct Fields(Heard);
        impl Visit for Fields {
            fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
                match field.name() {
                    "reach" => self.0.0 = format!("{value:?}"),
                    "text" => self.0.1 = format!("{value:?}"),
                    _ => {}
                }
            }

            fn record_str(&mut self, field: &Field, value: &str) {
                if field.name() == "text" {
                    self.0.1 = value.to_string();
                }
            }
        }
        if event.metadata().target() == "figurebase::statement" {
            let mut fields = Fields((String::new(), String::new()));
            event.record(&mut fields);
            LISTENER.with_borrow(|listener| {
                if let Some(Listener(heard)) = listener {
                    heard.lock().unwrap_or_else(PoisonError::into_inner).push(fields.0);
                }
            });
        }
    }
}

/// The text that PostgreSQL would be given in place of one for SQLite.
fn for_postgres(text: &str) -> String {
    Difference::ALL.iter().fold(text.to_string(), |text, difference| {
        let [sqlite, postgres] = [Engine::Sqlite, Engine::Postgres].map(|engine| difference.text(engine).replace("$?", "?"));
        text.replace(&sqlite, &postgres)
    })
}

/// The rest of the query in which a place of the text lies; of what stands in brackets in it, only lists of values.
fn rest_of_query(text: &str) -> String {
    let (mut depth, mut kept, mut inner) = (0, String::new(), String::new());
    for sign in text.chars() {
        match sign {
            ')' if depth == 0 => break,
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth > 0 {
            inner.push(sign);
        } else if inner.is_empty() {
            kept.push(sign);
        } else {
            let is_list = inner.chars().all(|sign| sign.is_ascii_digit() || "(?$, ".contains(sign));
            kept.push_str(if is_list { &inner } else { "(" });
            kept.push(')');
            inner.clear();
        }
    }
    kept
}

/// Whether the rows of a claim table that the text goes on with are those of metrics that are named.
fn is_pinned(before: &str, table: &str, after: &str) -> bool {
    if before.ends_with("INSERT INTO ") {
        return after.trim_start().starts_with("(metric_key, ");
    }
    if table == "claim_text" {
        return after.starts_with(TIED);
    }
    let rest = rest_of_query(after);
    let Some((_, conditions)) = rest.split_once(" WHERE ") else { return false };
    let all_hold = !conditions.contains(" OR ");
    let names_metrics = |condition: &str| {
        let condition = condition.trim().trim_start_matches("c.");
        let value = condition.strip_prefix("metric_key = ").or_else(|| condition.strip_prefix("metric_key IN ("));
        // Where the metrics that are named do not exist, nothing is asked.
        value.is_some_and(|value| value.starts_with(['?', '$'])) || condition.starts_with("1 = 0")
    };
    all_hold && conditions.split(" AND ").any(names_metrics)
}

/// What is wrong with a statement that says this of itself.
fn faults(reach: &str, text: &str) -> Vec<String> {
    let text = for_postgres(text);
    let is_name = |sign: char| sign.is_alphanumeric() || sign == '_';
    let mut pinned = Vec::new();
    for table in CLAIM_TABLES {
        for (at, _) in text.match_indices(table) {
            let (before, after) = (&text[..at], &text[at + table.len()..]);
            if !before.ends_with(is_name) && !after.starts_with(is_name) {
                pinned.push(is_pinned(before, table, after));
            }
        }
    }
    let says = match reach.split('(').next().unwrap() {
        "Metrics" if pinned.is_empty() => "says that it reaches claims, and names no table of theirs",
        "Metrics" if pinned.contains(&false) => "does not name the metrics whose claims it reaches",
        "Everywhere" if pinned.is_empty() => "says that it reaches all claims, and names no table of theirs",
        "Everywhere" if !pinned.contains(&false) => "says that it reaches all claims, and names metrics",
        "Records" | "Ledger" if !pinned.is_empty() => "does not say that it reaches claims",
        "Metrics" | "Everywhere" | "Records" | "Ledger" => return Vec::new(),
        _ => "says nothing of what it reaches",
    };
    vec![format!("{reach} {says}: {text}")]
}

/// The reason why a statement reaches every shard, if it says so.
fn reason(reach: &str) -> Option<&str> {
    reach.strip_prefix("Everywhere(\"")?.strip_suffix("\")")
}

/// A service that is listened to.
struct Walk {
    app: TestApp,
    key: String,
    claim: String,
    heard: Listener,
}

impl Walk {
    async fn new() -> Self {
        let app = TestApp::seeded().await;
        let key = app.key(Scope::Write).await;
        let stored = app.ask(Method::POST, "/v1/sources/reuters-2024/document").key(&key).raw("text/plain", "A text.").send().await;
        assert!(stored.status.is_success(), "{}", stored.body);
        let claim = app.ids("/v1/claims?metric=trade-value").await.remove(0);
        Self { app, key, claim, heard: Listener::default() }
    }

    /// What is run for a path to be read, with these parameters.
    async fn read(&self, path: &str, parameters: &[(String, String)]) -> BTreeSet<Heard> {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        self.heard.take();
        let answer = self.app.get(&format!("{path}?{query}")).await;
        assert!(answer.status.is_success() || answer.status == 404, "{path}?{query}: {}", answer.body);
        self.heard.take()
    }

    /// What is run for an operation that reads: with what it needs, with each parameter, and with several together.
    async fn read_in_all_ways(&self, operation: &Operation) -> BTreeSet<Heard> {
        let path = real_path(operation, &self.claim);
        let needed: Vec<(String, String)> = match operation.path.as_str() {
            "/v1/series" | "/v1/series.{format}" | "/v1/series.svg" => vec![("metric".into(), "trade-value".into())],
            "/v1/compare" | "/v1/compare.svg" => vec![("metric".into(), "trade-value".into()), ("actor".into(), "CHN".into())],
            "/v1/resolve" => vec![("name".into(), "china".into())],
            _ => Vec::new(),
        };
        let mut heard = self.read(&path, &needed).await;
        let examples = examples(operation);
        let metric: Vec<(String, String)> = examples.iter().filter(|(name, _)| name == "metric").cloned().collect();
        for (name, value) in &examples {
            for beside in [&needed, &metric] {
                let mut parameters: Vec<_> = beside.iter().filter(|(other, _)| other != name).cloned().collect();
                parameters.push((name.clone(), value.clone()));
                if needed.iter().all(|(needed, _)| parameters.iter().any(|(name, _)| name == needed)) {
                    heard.extend(self.read(&path, &parameters).await);
                }
            }
        }
        let together = examples.iter().filter(|(name, _)| !["snapshot", "as_of", "format", "version"].contains(&name.as_str()));
        let together: Vec<_> = together.cloned().collect();
        heard.extend(self.read(&path, &together).await);
        for metric in ["no-such-metric", "trade-value,refugees"] {
            let mut others: Vec<_> = together.iter().filter(|(name, _)| name != "metric").cloned().collect();
            if others.len() < together.len() {
                others.push(("metric".into(), metric.into()));
                heard.extend(self.read(&path, &others).await);
            }
        }
        heard
    }

    /// What is run for an operation that writes.
    async fn write(&self, operation: &Operation) -> BTreeSet<Heard> {
        let (path, body) = (real_path(operation, &self.claim), sensible_body(operation, &self.claim));
        self.heard.take();
        for repetition in ["first", "second"] {
            let ask = self.app.ask(method(operation), &path).key(&self.key).header("idempotency-key", &format!("{path} {repetition}"));
            let answer = ask.raw(&media_type(operation), &body).send().await;
            // A step that was taken already, or a record that is there, is refused after it was looked at.
            let understood = answer.status.is_success() || [409, 422].contains(&answer.status.as_u16());
            assert!(understood, "{} {path}: {}", operation.method, answer.body);
        }
        self.heard.take()
    }

    /// What is run for every operation.
    async fn everything(&self) -> BTreeMap<String, BTreeSet<Heard>> {
        let _listening = self.heard.listen();
        let mut heard = BTreeMap::new();
        let (writes, reads): (Vec<_>, Vec<_>) = operations(&described()).into_iter().partition(is_write);
        for operation in &reads {
            heard.insert(format!("GET {}", operation.path), self.read_in_all_ways(operation).await);
        }
        for operation in &writes {
            heard.insert(format!("{} {}", operation.method, operation.path), self.write(operation).await);
        }
        let lines = [
            new_claim("UKR", "7", "2023"),
            new_claim("RUS", "8", "2023"),
            json!({"metric": "trade-value", "actor": "CHN", "value": {"best": 1, "unit": "USD"}}),
        ];
        let answer = self.app.ask(Method::POST, "/v1/claims").key(&self.key).ndjson(&lines).send().await;
        assert!(answer.status.is_success(), "{}", answer.body);
        heard.insert("several claims at once".into(), self.heard.take());
        heard.insert("copying and opening".into(), self.copy_and_open().await);
        heard
    }

    /// What is run for a copy of the database, and when one is opened whose index of words was emptied by a migration.
    async fn copy_and_open(&self) -> BTreeSet<Heard> {
        self.heard.take();
        let database = Database::new();
        let options = OpenOptions { url: database.url().into(), readers: 1, create: true, ..OpenOptions::default() };
        let copy = Store::open(&options, self.app.clock.clone()).await.unwrap();
        self.app.store.copy_to(&copy, Verify::All, |_, _, _| {}).await.unwrap();
        copy.close().await;
        for table in ["claim_text", "record_text"] {
            database.run(&format!("INSERT INTO {table} ({table}) VALUES ('delete-all')")).await;
        }
        Store::open(&options, self.app.clock.clone()).await.unwrap().close().await;
        self.heard.take()
    }
}

/// The parameters of an operation, each with its example.
fn examples(operation: &Operation) -> Vec<(String, String)> {
    let parameters = operation.declared["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter["in"] == "query");
    let examples = parameters.filter_map(|parameter| Some((parameter["name"].as_str()?, parameter["example"].as_str()?)));
    // The numbers of states belong to a database of their own; what is to be included is all that there is.
    let example = |name: &str, example: &str| match name {
        "snapshot" => "1".to_string(),
        "include" if operation.path == "/v1/claims" => "count,facets,provenance".to_string(),
        _ => example.to_string(),
    };
    examples.map(|(name, value)| (name.to_string(), example(name, value))).collect()
}

#[tokio::test]
async fn what_every_statement_says_of_its_reach_is_true() {
    let heard = Walk::new().await.everything().await;
    let all: BTreeSet<&Heard> = heard.values().flatten().collect();
    let count = |kind: &str| all.iter().filter(|(reach, _)| reach.starts_with(kind)).count();
    let counts = ["Metrics", "Everywhere", "Records", "Ledger"].map(|kind| (kind, count(kind)));
    println!("texts heard, by what they say that they reach: {counts:?}");
    assert!(counts.iter().all(|(_, count)| *count >= 5), "too little was heard: {counts:?}");
    let found: BTreeSet<String> = all.iter().flat_map(|(reach, text)| faults(reach, text)).collect();
    assert!(found.is_empty(), "{}", found.into_iter().collect::<Vec<_>>().join("\n"));
    let reasons: BTreeSet<&str> = all.iter().filter_map(|(reach, _)| reason(reach)).collect();
    let written = reasons_written();
    assert_eq!(reasons, written.iter().map(String::as_str).collect(), "reasons heard, and reasons in the source code");
}

#[tokio::test]
async fn what_is_asked_of_one_claim_or_one_metric_and_what_is_written_reaches_no_other_shard() {
    let walk = Walk::new().await;
    let mut found = Vec::new();
    let heard = walk.everything().await;
    for (operation, heard) in &heard {
        let is_single =
            operation.contains("/v1/claims/{id}") || operation.starts_with("POST /v1/claims") || operation == "several claims at once";
        for reason in heard.iter().filter(|_| is_single).filter_map(|(reach, _)| reason(reach)) {
            if !SINGLE_BUT_EVERYWHERE.contains(&(operation.as_str(), reason)) {
                found.push(format!("{operation} reaches every shard: {reason}"));
            }
        }
    }
    assert!(heard.keys().filter(|operation| operation.contains("/v1/claims/{id}")).count() >= 9, "{:?}", heard.keys());
    assert!(found.is_empty(), "{}", found.join("\n"));
    let _listening = walk.heard.listen();
    for path in ["/v1/claims", "/v1/series", "/v1/summary", "/v1/claims.csv"] {
        for more in ["", "&q=china", "&actor=CHN&publisher=Reuters", "&unit=USD&value_min=3", "&state=all&published_after=2020"] {
            walk.heard.take();
            let answer = walk.app.get(&format!("{path}?metric=trade-value{more}")).await;
            assert_eq!(answer.status, 200, "{path} {more}: {}", answer.body);
            let everywhere: Vec<Heard> = walk.heard.take().into_iter().filter(|(reach, _)| reason(reach).is_some()).collect();
            assert!(everywhere.is_empty(), "{path} {more}: {everywhere:?}");
        }
    }
}

#[test]
fn every_statement_says_what_it_reaches() {
    let mut stated = 0;
    for call in statement_calls().iter().filter(|call| call.function != "push_different") {
        let first = &call.arguments[0];
        let source = read(&call.file);
        let is_stated = first.starts_with("Reach::")
            || first == "filter.reach()"
            || (first == "reach" && source.contains("let reach = match") && source.contains("Reach::Everywhere("));
        assert!(is_stated, "{}: what is {first}?", call.file);
        stated += 1;
    }
    println!("{stated} statements say what they reach");
}

/// The reasons why statements reach every shard, as the source code has them.
fn reasons_written() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (file, source) in sources().into_iter().filter(|(file, _)| file.starts_with("src/store/") && !file.ends_with("/statement.rs")) {
        for arguments in calls_of(&source, "Reach::Everywhere") {
            let declared = format!("const {}: &str =", arguments[0]);
            let text = if arguments[0].starts_with('"') {
                arguments[0].clone()
            } else {
                source.split(&declared).nth(1).unwrap_or_default().into()
            };
            let reason = texts_in(&text).into_iter().next().unwrap_or_else(|| panic!("{file}: what is {arguments:?}?"));
            assert!(reason.split_whitespace().count() >= 4, "{file}: '{reason}' is no reason");
            found.insert(reason);
        }
    }
    found
}

#[test]
fn the_documentation_lists_everything_that_reaches_every_shard_and_nothing_else() {
    let page = read("docs/scaling.md");
    let (_, part) = page.split_once("What reaches every shard").unwrap();
    let rows = part.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let listed: BTreeSet<String> = rows.filter_map(|row| row.split('`').nth(1)).map(ToString::to_string).collect();
    assert_eq!(listed, reasons_written(), "listed in docs/scaling.md, and in the source code");
}

#[tokio::test]
async fn every_key_of_the_tables_that_are_spread_begins_with_the_metric() {
    use sqlx::Connection;
    let app = TestApp::empty().await;
    let mut connection = sqlx::SqliteConnection::connect(app.database().url()).await.unwrap();
    let mut found = Vec::new();
    // The words of claims are an index of SQLite's own here, without keys; PostgreSQL's are looked at on PostgreSQL.
    let keys: Vec<(String,)> = sqlx::query_as("SELECT name FROM pragma_index_list('claim_versions') WHERE \"unique\" = 1")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    for (key,) in keys {
        let first: (String,) = sqlx::query_as("SELECT name FROM pragma_index_info($1) ORDER BY seqno LIMIT 1")
            .bind(key)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        found.push(first.0);
    }
    assert_eq!(found, ["metric_key"], "first columns of the unique keys");
    let foreign: Vec<(String,)> = sqlx::query_as(
        "SELECT f.\"from\" FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.name LIKE 'claim%' OR f.\"table\" LIKE 'claim%'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert!(foreign.iter().all(|(column,)| column == "metric_key"), "{foreign:?}");
}

#[test]
fn what_is_said_wrongly_is_found() {
    for (reach, text) in [
        ("Metrics", "SELECT body FROM claim_versions c WHERE c.seq <= ?"),
        ("Metrics", "SELECT body FROM claim_versions c WHERE c.seq <= ? AND (c.metric_key = ? OR c.actor = ?)"),
        ("Metrics", "SELECT body FROM claim_versions c WHERE c.metric_key = ? OR c.actor = ?"),
        ("Metrics", "SELECT body FROM claim_versions c WHERE c.metric_key IN (SELECT r.metric_key FROM metrics r)"),
        ("Metrics", "SELECT body FROM claim_versions c JOIN metrics m ON m.metric_key = c.metric_key AND m.metric_key = ?"),
        ("Metrics", "SELECT body FROM claim_versions"),
        ("Metrics", "SELECT words FROM claim_text t WHERE t.metric_key IN (?)"),
        ("Metrics", "INSERT INTO claim_versions (claim_id, metric_key) VALUES (?, ?)"),
        ("Metrics", "INSERT INTO claim_text (rowid, words) VALUES (?, ?)"),
        ("Metrics", "SELECT slug FROM actors"),
        ("Records", "SELECT slug FROM actors a WHERE slug IN (SELECT actor FROM claim_versions WHERE metric_key = ?)"),
        ("Ledger", "SELECT MAX(seq) FROM claim_versions"),
        ("Everywhere(\"all of them, for once\")", "SELECT body FROM claim_versions c WHERE c.metric_key = ?"),
        ("Everywhere(\"all of them, for once\")", "SELECT slug FROM actors"),
        ("", "SELECT slug FROM actors"),
    ] {
        assert!(!faults(reach, text).is_empty(), "not found: {reach} {text}");
    }
    let words = Difference::ALL[0].text(Engine::Sqlite).replace("$?", "?");
    let with_words = format!("SELECT body FROM claim_versions c WHERE c.metric_key = ? AND ({words} OR c.actor IN (?))");
    for (reach, text) in [
        ("Metrics", with_words.as_str()),
        (
            "Metrics",
            "WITH f AS (SELECT x FROM claim_versions c WHERE c.seq <= ? AND (a OR b) AND c.metric_key IN (?, ?)), n AS (SELECT 1 OR 2)",
        ),
        ("Metrics", "UPDATE claim_versions SET until_seq = $1 WHERE metric_key = $2 AND claim_id = $3"),
        ("Metrics", "SELECT body FROM claim_versions c WHERE c.seq <= ? AND 1 = 0"),
        ("Metrics", "INSERT INTO claim_versions (metric_key, claim_id) VALUES (?, ?)"),
        ("Everywhere(\"all of them, for once\")", "SELECT body FROM claim_versions c WHERE c.actor IN (?)"),
        ("Records", "SELECT slug FROM actors"),
    ] {
        assert_eq!(faults(reach, text), Vec::<String>::new());
    }
}

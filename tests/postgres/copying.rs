//! `figurebase copy` between the engines: a whole history arrives and answers like the first, keys and remembered requests too;
//! killed in the middle it goes on; what would mix two databases is refused; what differs is found. And that both engines hold
//! and export the same seeds.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};

use crate::cli::import_export::{assert_same, line, make_history};
use crate::cli::{Place, Ran, Reply, Server, program, ran};
use crate::cluster::Cluster;
use crate::searching::seeded_on_sqlite;
use crate::support::TestApp;

/// Claims of the database that is copied while the copying is killed; a copy takes 2,000 changes at a time.
const MANY: usize = 9_000;
/// Rounds in which a copy is killed at most.
const ROUNDS_MAX: usize = 40;

/// A folder with the program, a database on PostgreSQL, and others on SQLite by their names.
pub struct Bench {
    pub place: Place,
}

impl Bench {
    pub fn new() -> Self {
        Self { place: Place::new() }
    }

    pub fn file(&self, name: &str) -> String {
        format!("sqlite:{}", self.place.path(name).display())
    }

    pub fn server(&self) -> String {
        self.place.database.url().to_string()
    }

    pub fn run(&self, url: &str, arguments: &[&str]) -> Ran {
        ran(self.place.command_on(url, arguments))
    }

    pub fn export(&self, url: &str) -> String {
        self.run(url, &["export"]).ok().stdout
    }

    fn key(&self, url: &str, scope: &str) -> String {
        self.run(url, &["keys", "create", "--name", "tester", "--scope", scope]).ok().stdout.trim().to_string()
    }

    pub fn copy(&self, from: &str, to: &str) -> Ran {
        self.copy_with(from, to, &[])
    }

    pub fn copy_with(&self, from: &str, to: &str, arguments: &[&str]) -> Ran {
        let mut command = program(self.place.folder.path());
        command.args(["copy", "--from", from, "--to", to]).args(arguments);
        ran(command)
    }

    /// A copy that is refused in one line with these words, and leaves the target as it was.
    #[track_caller]
    fn refused(&self, from: &str, to: &str, words: &str) {
        let before = self.export(to);
        let refused = self.copy(from, to);
        let told = refused.refusal();
        assert!(told.lines().count() == 1 && told.contains(words), "{from} {to}: {refused:?}");
        assert_same(&before, &self.export(to));
    }

    /// A database on SQLite with the seeds and one claim for each number.
    pub fn with_numbers(&self, name: &str, numbers: std::ops::Range<usize>) -> String {
        let url = self.file(name);
        self.run(&url, &["seed"]).ok();
        for numbers in numbers.collect::<Vec<_>>().chunks(1_500) {
            let lines: String = numbers.iter().map(|number| format!("{}\n", line("UKR", &number.to_string()))).collect();
            self.place.write("lines.ndjson", lines);
            self.run(&url, &["import", "lines.ndjson"]).ok();
        }
        url
    }
}

/// A database on SQLite with every kind of history, and what is known of it.
pub struct History {
    pub url: String,
    writer: String,
    proposer: String,
    revoked: String,
    /// The answer to a request that carried an idempotency key.
    answered: Reply,
}

/// A request that carries an idempotency key.
fn repeatable(server: &Server, key: &str) -> Reply {
    let authorization = format!("Bearer {key}");
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json"), ("idempotency-key", "once")];
    server.ask("POST", "/v1/claims", &headers, &line("UKR", "77").to_string())
}

pub fn with_history(bench: &Bench) -> History {
    let url = bench.file("first.db");
    bench.run(&url, &["seed"]).ok();
    let [writer, proposer, revoked] = ["write", "propose", "write"].map(|scope| bench.key(&url, scope));
    let server = bench.place.serve_on(&url, &[]);
    make_history(&server, &writer, &proposer);
    let answered = repeatable(&server, &writer);
    assert_eq!(answered.status, 201, "{answered:?}");
    server.stop();
    let id = revoked.split('_').nth(1).unwrap();
    bench.run(&url, &["keys", "revoke", id]).ok();
    History { url, writer, proposer, revoked, answered }
}

/// Addresses that say together what a database holds at a state, and at its moments.
fn questions(server: &Server) -> Vec<String> {
    let head = server.get("/v1/stats").json()["meta"]["snapshot"].as_i64().unwrap();
    let claims = server.get("/v1/claims?state=all&limit=1000").json();
    let moments: BTreeSet<&str> = claims["data"].as_array().unwrap().iter().map(|claim| claim["recorded_at"].as_str().unwrap()).collect();
    let states =
        (0..=20).map(|part| head - (head - 1) * part / 20).chain((head - 30).max(1)..head).map(|state| format!("snapshot={state}"));
    let moments = moments.iter().map(|moment| format!("as_of={moment}"));
    let mut asked = Vec::new();
    for at in states.chain(moments) {
        for path in [
            "/v1/claims?state=all&limit=1000&include=count,facets,provenance&",
            "/v1/claims.csv?q=drones&",
            "/v1/actors?q=china&limit=1000&",
            "/v1/sources?limit=1000&",
            "/v1/summary?group_by=metric,actor,year&state=all&",
            "/v1/stats?",
        ] {
            asked.push(format!("{path}{at}"));
        }
    }
    for claim in claims["data"].as_array().unwrap() {
        asked.extend(["", "/versions", "/provenance"].map(|what| format!("/v1/claims/{}{what}", claim["id"].as_str().unwrap())));
    }
    asked
}

/// What of an answer has to be the same everywhere.
fn told(reply: &Reply) -> (u16, Vec<&str>, &str) {
    let headers = reply.head.lines().filter(|line| ["etag", "last-modified", "content-type"].contains(&line.split(':').next().unwrap()));
    (reply.status, headers.collect(), &reply.body)
}

#[test]
fn a_whole_history_answers_the_same_on_every_engine_that_it_is_copied_to() {
    let bench = Bench::new();
    let first = with_history(&bench);
    let (second, third) = (bench.server(), bench.file("third.db"));
    let copied = bench.copy(&first.url, &second).ok();
    assert_eq!((copied.stdout.as_str(), copied.stderr.lines().count()), ("", 1), "{copied:?}");
    bench.copy(&second, &third).ok();
    let exported = bench.export(&first.url);
    assert!(exported.contains("\"superseded\"") && exported.contains("\"type\":\"document\""), "the history holds too little");
    assert_same(&exported, &bench.export(&second));
    assert_same(&exported, &bench.export(&third));
    let lists = [&first.url, &second, &third].map(|url| bench.run(url, &["keys", "list"]).ok().stdout);
    assert!(lists[0] == lists[1] && lists[1] == lists[2] && lists[0].lines().count() >= 3, "{lists:?}");

    let servers = [&first.url, &second, &third].map(|url| bench.place.serve_on(url, &[]));
    let asked = questions(&servers[0]);
    assert!(asked.len() > 300, "only {} questions", asked.len());
    for path in asked {
        let replies = servers.each_ref().map(|server| server.get(&path));
        assert!([200, 404].contains(&replies[0].status), "{path}: {:?}", replies[0]);
        for reply in &replies[1..] {
            assert_eq!(told(reply), told(&replies[0]), "{path}");
        }
    }
    servers.into_iter().for_each(Server::stop);
}

#[test]
fn keys_and_remembered_requests_are_copied() {
    let bench = Bench::new();
    let first = with_history(&bench);
    let (second, third) = (bench.server(), bench.file("third.db"));
    bench.copy(&first.url, &second).ok();
    bench.copy(&second, &third).ok();
    for url in [second, third] {
        let before = bench.export(&url);
        let server = bench.place.serve_on(&url, &[]);
        let again = repeatable(&server, &first.writer);
        assert_eq!((again.status, &again.body), (first.answered.status, &first.answered.body), "{url}");
        assert_same(&before, &bench.export(&url));
        let other = line("UKR", "78");
        assert_eq!(server.write("POST", "/v1/claims", &first.writer, &other).status, 201, "{url}");
        assert_eq!(server.write("POST", "/v1/claims", &first.proposer, &other).json()["data"]["state"], "candidate", "{url}");
        assert_eq!(server.write("POST", "/v1/claims", &first.revoked, &other).status, 401, "{url}");
        server.stop();
    }
}

/// The newest state of a database on SQLite.
async fn state_of_file(url: &str) -> i64 {
    let mut connection = SqliteConnection::connect(url).await.unwrap();
    let seq = sqlx::query_scalar("SELECT seq FROM head").fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    seq
}

/// Kills copies until one comes to its end; gives how often one was killed when it had brought over something, and not all.
async fn copy_with_kills(bench: &Bench, from: &str, to: &str, all: i64, state: impl AsyncFn() -> i64) -> usize {
    let mut in_the_middle = 0;
    for round in 0..ROUNDS_MAX {
        let before = state().await;
        let mut command = program(bench.place.folder.path());
        command.args(["copy", "--from", from, "--to", to]).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut copying = command.spawn().unwrap();
        let begin = Instant::now();
        while copying.try_wait().unwrap().is_none() && state().await == before {
            assert!(begin.elapsed() < Duration::from_mins(2), "the copy stands still at {before}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        // Another moment of the next stretch each time: while it is read, while it is written.
        tokio::time::sleep(Duration::from_millis(40 * u64::try_from(round % 5).unwrap())).await;
        if copying.try_wait().unwrap().is_none() {
            copying.kill().unwrap();
        }
        let ended = copying.wait_with_output().unwrap();
        let reached = state().await;
        in_the_middle += usize::from(!ended.status.success() && reached > 0 && reached < all);
        if ended.status.success() {
            return in_the_middle;
        }
        // A server may still be finishing what a killed copy asked for last.
        let words = String::from_utf8(ended.stderr).unwrap();
        assert!(words.is_empty() || words.contains("somebody else is writing to the target"), "{words}");
    }
    panic!("no copy came to its end");
}

#[tokio::test]
async fn a_copy_that_is_killed_in_the_middle_goes_on_where_it_was() {
    let bench = Bench::new();
    let first = bench.with_numbers("first.db", 0..MANY);
    let all = state_of_file(&first).await;
    let exported = bench.export(&first);
    let schema = Cluster::shared().new_schema();
    let (second, third) = (Cluster::shared().url(&schema), bench.file("third.db"));
    for url in [&second, &third] {
        bench.run(url, &["migrate"]).ok();
    }
    let state = async || Cluster::shared().ask(&schema, "SELECT seq::text FROM head").await.parse().unwrap();
    let kills = copy_with_kills(&bench, &first, &second, all, state).await;
    assert!(kills >= 2, "only {kills} copies to PostgreSQL were killed in the middle");
    assert_same(&exported, &bench.export(&second));
    let kills = copy_with_kills(&bench, &second, &third, all, async || state_of_file(&third).await).await;
    assert!(kills >= 2, "only {kills} copies to SQLite were killed in the middle");
    assert_same(&exported, &bench.export(&third));
    for (from, to) in [(&first, &second), (&second, &third), (&first, &third)] {
        let again = bench.copy(from, to).ok();
        assert!(again.stderr.starts_with(&format!("0 changes copied, {all} there already")), "{again:?}");
    }
    Cluster::shared().drop_schema(&schema);
}

#[tokio::test]
async fn large_texts_are_copied_in_transactions_of_bounded_size() {
    let bench = Bench::new();
    let first = bench.with_numbers("first.db", 0..3);
    let key = bench.key(&first, "write");
    let server = bench.place.serve_on(&first, &[]);
    let authorization = format!("Bearer {key}");
    let headers = [("authorization", authorization.as_str()), ("content-type", "text/plain")];
    for letter in ["a", "b", "c", "d", "e", "f"] {
        let stored = server.ask("POST", "/v1/sources/reuters-2024/document", &headers, &letter.repeat(3_000_000));
        assert!([200, 201].contains(&stored.status), "{stored:?}");
    }
    server.stop();
    bench.copy(&first, &bench.server()).ok();
    // Rows of one transaction carry its number; two of these texts fit into one.
    let mut connection = sqlx::PgConnection::connect(&bench.server()).await.unwrap();
    let transactions: Vec<i64> =
        sqlx::query_scalar("SELECT count(*) FROM texts GROUP BY xmin::text").fetch_all(&mut connection).await.unwrap();
    assert_eq!(transactions, [2, 2, 2]);
    assert_same(&bench.export(&first), &bench.export(&bench.server()));
}

/// Runs statements on a database of SQLite behind the program's back.
async fn run_on_file(url: &str, sql: &'static str) {
    let mut connection = SqliteConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn an_origin_that_is_not_up_to_date_is_refused_and_left_as_it_is() {
    let bench = Bench::new();
    let first = bench.with_numbers("first.db", 0..3);
    // The schema as it was before the words were cut by the program.
    run_on_file(
        &first,
        "DROP TABLE claim_text; DROP TABLE record_text; DROP TABLE rates; DROP TABLE mutes; DELETE FROM _sqlx_migrations WHERE version > 1; \
         CREATE VIRTUAL TABLE claim_text USING fts5 (words, content = ''); CREATE VIRTUAL TABLE record_text USING fts5 (words, content = '');",
    )
    .await;
    let before = std::fs::read(bench.place.path("first.db")).unwrap();
    let refused = bench.copy(&first, &bench.server());
    assert!(refused.refusal().contains("run `figurebase migrate` on it first"), "{refused:?}");
    assert!(before == std::fs::read(bench.place.path("first.db")).unwrap(), "the origin was changed");
    bench.run(&first, &["migrate"]).ok();
    bench.copy(&first, &bench.server()).ok();
    // Words that nobody filled in after a migration are missing too.
    run_on_file(
        &first,
        "INSERT INTO claim_text (claim_text) VALUES ('delete-all'); INSERT INTO record_text (record_text) VALUES ('delete-all')",
    )
    .await;
    assert!(bench.copy(&first, &bench.server()).refusal().contains("run `figurebase migrate` on it first"));
    bench.run(&first, &["migrate"]).ok();
    bench.copy_with(&first, &bench.server(), &["--verify"]).ok();
}

#[test]
fn a_copy_leaves_its_files_alone_whether_it_ends_well_or_not() {
    let bench = Bench::new();
    let first = bench.with_numbers("first.db", 0..3);
    let files = || {
        let entries = std::fs::read_dir(bench.place.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        entries.filter(|name| name.contains(".db")).collect::<BTreeSet<_>>()
    };
    let (second, third) = (bench.file("second.db"), bench.file("third.db"));
    bench.copy(&first, &second).ok();
    bench.copy(&second, &bench.server()).ok();
    bench.copy(&bench.server(), &third).ok();
    assert_eq!(files(), BTreeSet::from(["first.db", "second.db", "third.db"].map(ToString::to_string)));
    bench.with_numbers("third.db", 5..6);
    bench.copy(&first, &third).refusal();
    bench.run(&first, &["export"]).ok();
    assert_eq!(files().len(), 3, "{:?}", files());
}

#[test]
fn a_key_that_was_taken_back_in_the_target_stays_taken_back() {
    let bench = Bench::new();
    let (first, second) = (bench.file("first"), bench.server());
    bench.run(&first, &["seed"]).ok();
    let key = bench.key(&first, "write");
    bench.copy(&first, &second).ok();
    bench.run(&second, &["keys", "revoke", key.split('_').nth(1).unwrap()]).ok();
    let revoked = bench.run(&second, &["keys", "list"]).ok().stdout;
    bench.copy(&first, &second).ok();
    assert_eq!(bench.run(&second, &["keys", "list"]).ok().stdout, revoked);
}

#[test]
fn a_later_copy_brings_only_what_is_new_while_the_service_runs() {
    let bench = Bench::new();
    let first = bench.with_numbers("first.db", 0..3);
    let key = bench.key(&first, "write");
    let second = bench.server();
    bench.copy(&first, &second).ok();
    let server = bench.place.serve_on(&first, &[]);
    let before = server.get("/v1/stats").json()["meta"]["snapshot"].as_i64().unwrap();
    for number in 100..105 {
        server.write("POST", "/v1/claims", &key, &line("UKR", &number.to_string())).id(201);
    }
    let newer = bench.key(&first, "write");
    bench.run(&first, &["keys", "revoke", key.split('_').nth(1).unwrap()]).ok();
    let copied = bench.copy(&first, &second).ok();
    assert!(copied.stderr.starts_with(&format!("5 changes copied, {before} there already")), "{copied:?}");
    assert_same(&bench.export(&first), &bench.export(&second));
    server.stop();
    let server = bench.place.serve_on(&second, &[]);
    assert_eq!(server.write("POST", "/v1/claims", &key, &line("UKR", "1")).status, 401, "taken back meanwhile");
    assert_eq!(server.write("POST", "/v1/claims", &newer, &line("UKR", "1")).status, 201);
    server.stop();
}

#[tokio::test]
async fn a_target_that_holds_something_else_or_more_is_refused_and_left_as_it_is() {
    let bench = Bench::new();
    let first = bench.with_numbers("first.db", 0..3);
    let second = bench.server();
    // The same seeds, made at another time, are another history.
    bench.run(&second, &["seed"]).ok();
    let other = bench.with_numbers("other.db", 3..5);
    for to in [&second, &other] {
        bench.refused(&first, to, "something else");
    }
    let third = bench.file("third.db");
    bench.copy(&first, &third).ok();
    bench.place.write("more.ndjson", line("UKR", "9").to_string());
    bench.run(&third, &["import", "more.ndjson"]).ok();
    bench.refused(&first, &third, "holds more");
    bench.copy(&first, &first).ok();
    assert_eq!(bench.export(&first).lines().count() + 1, bench.export(&third).lines().count());

    let foreign = Place::new();
    foreign.database.run("CREATE TABLE customers (name text)").await;
    let refused = bench.copy(&first, foreign.database.url());
    assert!(refused.refusal().contains("another program"), "{refused:?}");
    assert_eq!(foreign.database.tables().await, ["customers"]);
}

#[tokio::test]
async fn addresses_that_lead_nowhere_are_refused_in_one_line_and_missing_flags_are_wrong_usage() {
    let bench = Bench::new();
    let first = bench.with_numbers("first.db", 0..1);
    let (second, nowhere) = (bench.server(), "postgres://u@127.0.0.1:1/d".to_string());
    for (from, to) in [
        (bench.file("missing.db"), second.clone()),
        (bench.file("no/such/folder/x.db"), second.clone()),
        (nowhere.clone(), second.clone()),
        ("nonsense".into(), second.clone()),
        (first.clone(), nowhere),
        (first.clone(), "mysql://u@h/d".into()),
        (first.clone(), bench.file("no/such/folder/x.db")),
        (second.clone(), bench.file("made.db")),
    ] {
        let refused = bench.copy(&from, &to);
        assert_eq!(refused.refusal().lines().count(), 1, "{from} {to}: {refused:?}");
    }
    assert!(!bench.place.path("missing.db").exists() && !bench.place.path("made.db").exists(), "a database was made in vain");
    assert!(bench.place.database.is_untouched().await);
    for arguments in [&["copy"][..], &["copy", "--from", &first], &["copy", "--to", &second], &["copy", &first, &second]] {
        let mut command = program(bench.place.folder.path());
        command.args(arguments);
        assert_eq!(ran(command).code, Some(2), "{arguments:?}");
    }
}

#[tokio::test]
async fn what_differs_in_the_target_is_found() {
    let bench = Bench::new();
    let first = with_history(&bench);
    for change in [
        "UPDATE claim_versions SET body = replace(body, '240', '241') WHERE body LIKE '%240%'",
        "UPDATE claim_versions SET body = replace(body, 'person', 'people') WHERE seq = (SELECT MAX(seq) FROM claim_versions)",
        "UPDATE claim_versions SET state = 'accepted' WHERE state = 'candidate'",
        "UPDATE claim_versions SET until_seq = NULL WHERE until_seq IS NOT NULL",
        "UPDATE claim_versions SET recorded_by = 'somebody' WHERE version = 2",
        "UPDATE claim_versions SET recorded_at = recorded_at + 1 WHERE seq = (SELECT MAX(seq) FROM claim_versions)",
        "UPDATE claim_versions SET reason = NULL WHERE version = 2",
        "DELETE FROM claim_versions WHERE seq = (SELECT MAX(seq) FROM claim_versions)",
        "UPDATE actors SET body = replace(body, 'China', 'Chine') WHERE slug = 'CHN'",
        "UPDATE metrics SET cause = 'x' WHERE version = 2",
        "UPDATE sources SET version = 7 WHERE version = 2",
        "DELETE FROM units WHERE slug = 'USD'",
        "UPDATE texts SET content = content || ' '",
        "DELETE FROM documents",
        "DELETE FROM commits WHERE seq = (SELECT MAX(seq) FROM commits)",
        "UPDATE commits SET committed_at = committed_at - 1",
        "UPDATE head SET seq = seq - 1",
        "INSERT INTO keys (id, name, scope, secret_sha256, created_at) VALUES ('more', 'x', 'write', 'x', 1)",
    ] {
        let target = Bench::new();
        target.copy(&first.url, &target.server()).ok();
        target.place.database.run(change).await;
        let found = target.copy(&first.url, &target.server());
        assert_eq!(found.refusal().lines().count(), 1, "{change}: {found:?}");
    }
}

#[tokio::test]
async fn seeds_made_at_one_moment_are_the_same_on_both_engines() {
    let postgres = TestApp::seeded().await;
    let (sqlite, folder) = seeded_on_sqlite().await;
    for path in [
        "/v1/claims.ndjson?state=all",
        "/v1/claims.csv",
        "/v1/claims?include=count,facets,provenance&limit=1000",
        "/v1/actors.ndjson",
        "/v1/metrics.ndjson",
        "/v1/units.ndjson",
        "/v1/sources.ndjson",
        "/v1/series?metric=trade-value",
        "/v1/summary.csv?group_by=metric,actor,year",
        "/v1/availability",
        "/v1/stats",
        "/v1/resolve?name=korea",
    ] {
        let (here, there) = (postgres.get(path).await, sqlite.get(path).await);
        assert_eq!(here.status, 200, "{path}: {}", here.body);
        assert_eq!(here.header("etag"), there.header("etag"), "{path}");
        assert_same(&here.body, &there.body);
    }
    let (bench, file) = (Bench::new(), format!("sqlite:{}", folder.path().join("beside.db").display()));
    let exported = bench.export(postgres.database().url());
    assert_same(&exported, &bench.export(&file));
    let claims = exported.lines().filter(|line| serde_json::from_str::<Value>(line).unwrap().get("type").is_none()).count();
    assert_eq!(json!(claims), json!(13));
}

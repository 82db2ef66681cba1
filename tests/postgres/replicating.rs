//! A real streaming replica whose replay is paused: who reads what, before and after it goes on, and when it is gone.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::Method;
use figurebase::domain::key::Scope;
use figurebase::http::state::Limits;
use figurebase::ingest::seed::seed;
use figurebase::store::OpenOptions;

use crate::cli::{Place, ran};
use crate::cluster::{Cluster, Stop};
use crate::support::{Answer, TestApp, new_claim};

const ALL: &str = "/v1/claims?limit=1000";
/// Longest time for a read that waits for nothing, on a machine that does other work too.
const AT_ONCE: Duration = Duration::from_millis(900);

/// A service that writes to one cluster and reads from another, and the schema that both have it in.
async fn with_replica() -> (Cluster, Cluster, TestApp) {
    let primary = Cluster::start();
    let schema = primary.new_schema();
    let options = OpenOptions { url: primary.url(&schema), create: true, readers: 2, ..OpenOptions::default() };
    let alone = TestApp::over(&options, Limits::default()).await;
    seed(&alone.store).await.unwrap();
    alone.store.close().await;
    let replica = primary.replica();
    replica.catch_up_with(&primary).await;
    let options = OpenOptions { read_url: Some(replica.url(&schema)), ..options };
    let app = TestApp::over(&options, Limits::default()).await;
    (primary, replica, app)
}

fn count(answer: &Answer) -> usize {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["data"].as_array().unwrap().len()
}

async fn written(app: &TestApp, key: &str, best: &str) -> Answer {
    let answer = app.ask(Method::POST, "/v1/claims").key(key).json(&new_claim("SYR", best, "2015")).send().await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer
}

#[tokio::test]
async fn a_client_that_wrote_sees_its_write_while_another_sees_the_older_state_until_the_replica_goes_on() {
    let (primary, replica, app) = with_replica().await;
    let (mine, theirs) = (app.key(Scope::Write).await, app.key(Scope::Admin).await);
    let before = count(&app.get(ALL).await);
    replica.pause_replay().await;
    let answer = written(&app, &mine, "123456").await;
    let (snapshot, id) = (answer.header("figurebase-snapshot").to_string(), answer.json()["data"]["id"].as_str().unwrap().to_string());

    assert_eq!(count(&app.get(ALL).await), before, "a stranger reads the replica");
    assert_eq!(count(&app.ask(Method::GET, ALL).key(&theirs).send().await), before, "another key reads the replica");
    assert_eq!(count(&app.ask(Method::GET, ALL).key(&mine).send().await), before + 1, "the key that wrote");
    assert_eq!(count(&app.ask(Method::GET, ALL).header("figurebase-snapshot", &snapshot).send().await), before + 1, "the header");
    assert_eq!(count(&app.get(&format!("{ALL}&snapshot={snapshot}")).await), before + 1, "the state named in the address");
    assert_eq!(app.get(&format!("/v1/claims/{id}")).await.status, 404, "a stranger does not see the claim yet");
    assert_eq!(app.ask(Method::GET, &format!("/v1/claims/{id}")).key(&mine).send().await.status, 200);
    let refused = app.ask(Method::GET, ALL).header("figurebase-snapshot", "soon").send().await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (400, "invalid-header"));

    replica.resume_replay().await;
    replica.catch_up_with(&primary).await;
    let both = [app.get(ALL).await, app.ask(Method::GET, ALL).key(&mine).send().await];
    assert_eq!(count(&both[0]), before + 1, "the replica has caught up");
    assert_eq!(both[0].body, both[1].body, "both read the same");
}

#[tokio::test]
async fn pages_of_a_list_that_began_on_the_primary_go_on_in_its_state_whatever_the_replica_has() {
    let (_primary, replica, app) = with_replica().await;
    let key = app.key(Scope::Write).await;
    replica.pause_replay().await;
    for number in 0..5 {
        written(&app, &key, &(1000 + number).to_string()).await;
    }
    let first = app.ask(Method::GET, "/v1/claims?metric=refugees&limit=2").key(&key).send().await;
    let mut next = first.json()["links"]["next"].as_str().map(ToString::to_string);
    let mut seen = count(&first);
    while let Some(address) = next {
        // Without the key: the cursor alone has to lead to the state that it was made at.
        let page = app.get(&address).await;
        seen += count(&page);
        next = page.json()["links"]["next"].as_str().map(ToString::to_string);
    }
    let all = count(&app.ask(Method::GET, "/v1/claims?metric=refugees&limit=1000").key(&key).send().await);
    assert!(all >= 5 && seen == all, "{seen} of {all} claims were on the pages");
}

#[tokio::test]
async fn a_replica_that_stops_is_done_without_and_read_again_when_it_is_back() {
    let (primary, replica, app) = with_replica().await;
    let key = app.key(Scope::Write).await;
    let before = count(&app.get(ALL).await);
    replica.stop(Stop::Immediate);
    written(&app, &key, "77").await;
    assert_eq!(count(&app.get(ALL).await), before + 1, "the primary answers instead");
    replica.start_again();
    replica.catch_up_with(&primary).await;
    replica.pause_replay().await;
    written(&app, &key, "78").await;
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    assert_eq!(count(&app.get(ALL).await), before + 1, "the replica is read again, in its older state");
    replica.resume_replay().await;
}

/// Waits for something that the service notices by itself.
#[track_caller]
pub fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(20), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test]
async fn a_replica_that_is_frozen_delays_no_reader_and_is_told_of_once() {
    let (primary, place) = (Cluster::start(), Place::new());
    let schema = primary.new_schema();
    ran(place.command_on(&primary.url(&schema), &["seed"])).ok();
    let replica = primary.replica();
    replica.catch_up_with(&primary).await;
    let server = place.serve_on(&primary.url(&schema), &["--read-database", &replica.url(&schema)]);
    assert_eq!(server.get(ALL).status, 200);
    replica.freeze();
    // Until it is overdue, reads still go there, and wait for a connection in vain.
    let begin = Instant::now();
    let unlucky = server.get("/v1/sources?limit=1");
    assert!([200, 503].contains(&unlucky.status) && begin.elapsed() < Duration::from_secs(5), "{:?} {unlucky:?}", begin.elapsed());
    std::thread::sleep(Duration::from_secs(1));
    let readers: Vec<Duration> = std::thread::scope(|scope| {
        let reader = || {
            let begin = Instant::now();
            let mut longest = Duration::ZERO;
            while begin.elapsed() < Duration::from_secs(7) {
                let asked = Instant::now();
                assert_eq!(server.get("/v1/sources?limit=1").status, 200);
                longest = longest.max(asked.elapsed());
                std::thread::sleep(Duration::from_millis(50));
            }
            longest
        };
        let readers: Vec<_> = (0..4).map(|_| scope.spawn(reader)).collect();
        readers.into_iter().map(|reader| reader.join().unwrap()).collect()
    });
    assert!(readers.iter().all(|longest| *longest < AT_ONCE), "the longest reads took {readers:?}");
    let told = |words: &str| server.log().matches(words).count();
    assert_eq!((told("WARN"), told("reading from the primary alone")), (1, 1), "{}", server.log());
    replica.thaw();
    wait_until("the replica is read again", || told("the replica is read again") == 1);
    replica.pause_replay().await;
    assert_eq!(server.get(ALL).status, 200);
    replica.stop(Stop::Immediate);
    wait_until("the replica is lost again", || told("reading from the primary alone") == 2);
    server.stop();
}

#[tokio::test]
async fn what_answers_and_is_no_replica_of_the_database_is_refused_at_start() {
    let (primary, other, place) = (Cluster::start(), Cluster::start(), Place::new());
    let (schema, another_schema) = (primary.new_schema(), primary.new_schema());
    let url = primary.url(&schema);
    ran(place.command_on(&url, &["seed"])).ok();
    ran(place.command_on(&primary.url(&another_schema), &["seed"])).ok();
    // As much like the first as can be: the same names, the same order of making.
    let others_schema = other.new_schema();
    other.run(&others_schema, &format!("ALTER SCHEMA {others_schema} RENAME TO {schema}")).await;
    ran(place.command_on(&other.url(&schema), &["seed"])).ok();
    primary.run("public", "CREATE DATABASE another TEMPLATE template0").await;
    let (replica, of_other) = (primary.replica(), other.replica());
    replica.catch_up_with(&primary).await;
    of_other.catch_up_with(&other).await;
    // Without a schema of that name there is nothing yet to be held against the other, but for the database itself.
    let in_another_database = replica.url(&schema).replacen("/figurebase?", "/another?", 1);
    for (read, words) in [
        (&url, "follows no other one, so it is no replica"),
        (&other.url(&schema), "is no replica of the one that is written to"),
        (&of_other.url(&schema), "is no replica of the one that is written to"),
        (&replica.url(&another_schema), "is no replica of the one that is written to"),
        (&in_another_database, "is no replica of the one that is written to"),
    ] {
        let refused = place.refused_in_one_line(&url, &["serve", "--listen", "192.0.2.1:1", "--read-database", read]);
        assert!(refused.stderr.contains(words), "{read}: {refused:?}");
    }
    let server = place.serve_on(&url, &["--read-database", &replica.url(&schema)]);
    assert!(!server.log().contains("WARN"), "{}", server.log());
    server.stop();
}

#[tokio::test]
async fn a_user_who_may_only_read_and_write_can_have_a_replica() {
    let (primary, place) = (Cluster::start(), Place::new());
    let schema = primary.new_schema();
    ran(place.command_on(&primary.url(&schema), &["seed"])).ok();
    let rights = format!(
        "CREATE ROLE clerk LOGIN; GRANT USAGE ON SCHEMA {schema} TO clerk; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO clerk"
    );
    primary.run(&schema, &rights).await;
    let replica = primary.replica();
    replica.catch_up_with(&primary).await;
    let [url, read] = [&primary, &replica].map(|cluster| cluster.url(&schema).replacen("figurebase@", "clerk@", 1));
    let server = place.serve_on(&url, &["--read-database", &read]);
    let before = server.get(ALL).body;
    replica.pause_replay().await;
    let key = ran(place.command_on(&url, &["keys", "create", "--name", "clerk", "--scope", "write"])).ok().stdout.trim().to_string();
    server.write("POST", "/v1/claims", &key, &new_claim("SYR", "4", "2015")).id(201);
    assert_eq!(server.get(ALL).body, before, "the replica is read");
    assert!(!server.log().contains("WARN"), "{}", server.log());
    replica.resume_replay().await;
    server.stop();
}

#[tokio::test]
async fn a_replica_that_was_promoted_is_not_read_any_more() {
    let (primary, place) = (Cluster::start(), Place::new());
    let schema = primary.new_schema();
    let url = primary.url(&schema);
    ran(place.command_on(&url, &["seed"])).ok();
    let key = ran(place.command_on(&url, &["keys", "create", "--name", "clerk", "--scope", "write"])).ok().stdout.trim().to_string();
    let replica = primary.replica();
    replica.catch_up_with(&primary).await;
    let read = replica.url(&schema);
    let running = place.serve_on(&url, &["--read-database", &read]);
    assert_eq!(replica.ask("public", "SELECT pg_promote()::text").await, "true");
    wait_until("the promoted replica is not read any more", || running.log().contains("follows no other one"));
    replica.stop(Stop::Fast);
    // One that starts while it is away, and does not know yet what it will be.
    let begun = place.serve_on(&url, &["--read-database", &read]);
    assert!(begun.log().contains("reading from the primary alone"), "{}", begun.log());
    replica.start_again();
    wait_until("what came back was looked at", || begun.log().contains("follows no other one"));
    running.write("POST", "/v1/claims", &key, &new_claim("SYR", "4", "2015")).id(201);
    std::thread::sleep(Duration::from_millis(1500));
    for server in [running, begun] {
        let read = server.get("/v1/claims?metric=refugees&actor=SYR").json();
        assert_eq!(read["data"].as_array().unwrap().len(), 1, "{read}");
        assert!(!server.log().contains("is read again"), "{}", server.log());
        server.stop();
    }
}

#[tokio::test]
async fn a_replica_that_does_not_have_a_new_database_yet_is_read_once_it_has() {
    let (primary, place) = (Cluster::start(), Place::new());
    let schema = primary.new_schema();
    let replica = primary.replica();
    replica.catch_up_with(&primary).await;
    replica.pause_replay().await;
    let server = place.serve_on(&primary.url(&schema), &["--read-database", &replica.url(&schema)]);
    assert!(server.log().contains("does not have the tables of this database yet"), "{}", server.log());
    assert_eq!(server.get(ALL).status, 200);
    replica.resume_replay().await;
    wait_until("the replica is read", || server.log().contains("the replica is read again"));
    assert_eq!(server.get(ALL).status, 200);
    server.stop();
}

#[tokio::test]
async fn slow_reads_on_the_replica_delay_nobody_who_needs_the_primary() {
    let (primary, replica, app) = with_replica().await;
    let app = Arc::new(app);
    // The lock reaches the replica too; so reads of claims wait there, and hold all connections.
    let mut locks = primary.connect("public").await;
    let schema = primary.ask("public", "SELECT max(schemaname)::text FROM pg_tables WHERE tablename = 'claim_versions'").await;
    #[expect(clippy::disallowed_methods, reason = "the schema's name is the test's own")]
    let lock = sqlx::AssertSqlSafe(format!("BEGIN; LOCK TABLE {schema}.claim_versions IN ACCESS EXCLUSIVE MODE; SELECT pg_switch_wal()"));
    sqlx::raw_sql(lock).execute(&mut locks).await.unwrap();
    replica.until("SELECT count(*)::text FROM pg_locks WHERE mode = 'AccessExclusiveLock'", |count| count != "0").await;
    let stuck: Vec<_> = (0..20)
        .map(|_| {
            let app = Arc::clone(&app);
            tokio::spawn(async move { app.get(ALL).await.status })
        })
        .collect();
    replica.until("SELECT count(*)::text FROM pg_locks WHERE NOT granted", |count| count.parse::<u32>().unwrap() >= 8).await;
    let begin = Instant::now();
    let newer = app.ask(Method::GET, "/v1/resolve?name=china").header("figurebase-snapshot", "1000000").send().await;
    assert_eq!(newer.status, 200, "{}", newer.body);
    assert!(begin.elapsed() < AT_ONCE, "{:?}", begin.elapsed());
    sqlx::raw_sql("ROLLBACK").execute(&mut locks).await.unwrap();
    for stuck in stuck {
        stuck.await.unwrap();
    }
}

#[tokio::test]
async fn while_the_primary_is_away_the_replica_answers_whoever_is_content_with_its_state() {
    let (primary, replica, app) = with_replica().await;
    let key = app.key(Scope::Write).await;
    let before = count(&app.get(ALL).await);
    replica.pause_replay().await;
    written(&app, &key, "79").await;
    primary.stop(Stop::Immediate);
    assert_eq!(count(&app.get(ALL).await), before, "a stranger");
    let refused = app.ask(Method::GET, ALL).key(&key).send().await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (503, "unavailable"), "whoever needs the newer state");
    assert_eq!(refused.header("retry-after"), "1");
    let write = app.ask(Method::POST, "/v1/claims").key(&key).json(&new_claim("SYR", "80", "2015")).send().await;
    assert_eq!((write.status.as_u16(), write.problem().as_str()), (503, "unavailable"));
    primary.start_again();
    written(&app, &key, "81").await;
}

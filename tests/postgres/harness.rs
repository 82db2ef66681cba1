//! Tests of the throw-away clusters themselves: they answer, they keep what they hold over a stop, their replicas follow and
//! can be held, and nothing is left of them.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cluster::{Cluster, Stop};
use crate::engine::Database;

const COUNT: &str = "SELECT count(*)::text FROM numbers";
/// Set for the process that is to be killed: the file in which it says where its cluster lives.
const TO_BE_KILLED: &str = "FIGUREBASE_TEST_TO_BE_KILLED";

/// Waits for something that another process does.
#[track_caller]
fn wait_until(what: &str, mut is_done: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_done() {
        assert!(begin.elapsed() < Duration::from_mins(1), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[tokio::test]
async fn every_database_is_new_and_on_its_own() {
    let (first, second) = (Database::new(), Database::new());
    assert!(first.is_untouched().await && second.is_untouched().await);
    first.run("CREATE TABLE words (word text); INSERT INTO words VALUES ('a secret word')").await;
    assert!(!first.is_untouched().await && second.is_untouched().await);
    assert_eq!(first.tables().await, ["words"]);
    assert!(first.holds("secret").await && !first.holds("public").await && !second.holds("secret").await);
    first.drop_tables(&first.tables().await).await;
    assert!(first.is_untouched().await);
}

#[tokio::test]
async fn an_address_leads_to_its_schema() {
    use sqlx::Connection;
    let cluster = Cluster::shared();
    let schema = cluster.new_schema();
    let mut connection = sqlx::PgConnection::connect(&cluster.url(&schema)).await.unwrap();
    let found: String = sqlx::query_scalar("SELECT current_schema()::text").fetch_one(&mut connection).await.unwrap();
    assert_eq!(found, schema);
}

#[tokio::test]
async fn commits_are_durable_and_texts_are_ordered_as_in_a_language() {
    let cluster = Cluster::shared();
    for question in
        ["SELECT current_setting('fsync')", "SELECT current_setting('full_page_writes')", "SELECT current_setting('synchronous_commit')"]
    {
        assert_eq!(cluster.ask("public", question).await, "on", "{question}");
    }
    assert_eq!(cluster.ask("public", "SELECT ('a' < 'B')::text").await, "true", "the order is that of bytes, which hides mistakes");
}

#[tokio::test]
async fn a_stopped_cluster_does_not_answer_and_keeps_what_it_holds() {
    let cluster = Cluster::start();
    let schema = cluster.new_schema();
    cluster.run(&schema, "CREATE TABLE numbers AS SELECT generate_series(1, 5) AS number").await;
    for how in [Stop::Fast, Stop::Immediate] {
        cluster.stop(how);
        let refused = <sqlx::PgConnection as sqlx::Connection>::connect(&cluster.url(&schema)).await;
        assert!(refused.is_err(), "{how:?}");
        cluster.start_again();
        assert_eq!(cluster.ask(&schema, COUNT).await, "5", "{how:?}");
    }
    cluster.stop(Stop::Fast);
    cluster.start_with(&["fsync=off", "full_page_writes=off"]);
    assert_eq!(cluster.ask(&schema, "SELECT current_setting('fsync')").await, "off");
    cluster.stop(Stop::Fast);
    cluster.start_again();
    assert_eq!(cluster.ask(&schema, "SELECT current_setting('fsync')").await, "on");
}

#[tokio::test]
async fn a_replica_follows_unless_it_is_held() {
    let primary = Cluster::start();
    let schema = primary.new_schema();
    primary.run(&schema, "CREATE TABLE numbers AS SELECT generate_series(1, 5) AS number").await;
    let replica = primary.replica();
    replica.catch_up_with(&primary).await;
    assert_eq!(replica.ask(&schema, COUNT).await, "5");
    assert_eq!(replica.ask(&schema, "SELECT pg_is_in_recovery()::text").await, "true");

    replica.pause_replay().await;
    primary.run(&schema, "INSERT INTO numbers VALUES (6)").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!((primary.ask(&schema, COUNT).await.as_str(), replica.ask(&schema, COUNT).await.as_str()), ("6", "5"));
    replica.resume_replay().await;
    replica.catch_up_with(&primary).await;
    assert_eq!(replica.ask(&schema, COUNT).await, "6");

    primary.stop(Stop::Immediate);
    assert_eq!(replica.ask(&schema, COUNT).await, "6", "a replica reads without its primary");
    primary.start_again();
    primary.run(&schema, "INSERT INTO numbers VALUES (7)").await;
    replica.catch_up_with(&primary).await;
    assert_eq!(replica.ask(&schema, COUNT).await, "7", "it follows again");
}

#[test]
fn nothing_is_left_of_a_cluster_that_is_dropped() {
    let cluster = Cluster::start();
    let folder = cluster.folder();
    assert!(folder.join("data/postmaster.pid").exists());
    drop(cluster);
    assert!(!folder.exists());
}

#[test]
fn nothing_is_left_of_the_cluster_of_a_process_that_is_killed() {
    if let Some(file) = std::env::var_os(TO_BE_KILLED) {
        let cluster = Cluster::start();
        std::fs::write(file, cluster.folder().to_str().unwrap()).unwrap();
        loop {
            std::thread::park();
        }
    }
    let told = tempfile::tempdir().unwrap().path().with_extension("told");
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "harness::nothing_is_left_of_the_cluster_of_a_process_that_is_killed"]).env(TO_BE_KILLED, &told);
    let mut process = command.stdout(Stdio::null()).spawn().unwrap();
    wait_until("the other process has a cluster", || std::fs::read_to_string(&told).is_ok_and(|folder| !folder.is_empty()));
    let folder = std::fs::read_to_string(&told).unwrap();
    std::fs::remove_file(told).unwrap();
    let postmaster = std::fs::read_to_string(Path::new(&folder).join("data/postmaster.pid")).unwrap();
    let postmaster = postmaster.lines().next().unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    wait_until("its folder is gone", || !Path::new(&folder).exists());
    // The shell takes the folder away once PostgreSQL says that it is done, which is a moment before its process ends.
    let is_running = || Command::new("kill").args(["-0", postmaster]).stderr(Stdio::null()).status().unwrap().success();
    wait_until("PostgreSQL has ended", || !is_running());
}

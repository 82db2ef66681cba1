//! What the program refuses to start on, each time with one clear line and without a password in it: servers that lose what was
//! acknowledged or cannot be written to, databases of others or of newer versions, addresses that cannot be meant.

use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::cli::{Place, Ran, ran};
use crate::cluster::{Cluster, Stop};
use crate::engine::Database;
use crate::replicating::wait_until;
use crate::support::new_claim;

/// On an address that no machine has: should the service start in spite of all, it ends here too, with other words.
const SERVE: [&str; 3] = ["serve", "--listen", "192.0.2.1:1"];
/// The password that no message may hold.
const SECRET: &str = "s3cr3tw0rd";

/// Every command that opens a database refuses this one in a line with these words.
#[track_caller]
fn refused(place: &Place, url: &str, words: &str) {
    for arguments in [&["seed"][..], &["migrate"], &["export"], &["keys", "list"], &["distribute"], &SERVE] {
        let refused = place.refused_in_one_line(url, arguments);
        assert!(refused.stderr.contains(words), "{arguments:?}: {refused:?}");
    }
}

#[tokio::test]
async fn a_server_that_can_lose_what_was_acknowledged_is_refused_until_it_is_set_right() {
    let (cluster, place) = (Cluster::start(), Place::new());
    let url = cluster.url(&cluster.new_schema());
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        cluster.stop(Stop::Fast);
        cluster.start_with(&[&format!("{setting}=off")]);
        refused(&place, &url, &format!("the server has {setting} off"));
    }
    cluster.stop(Stop::Fast);
    cluster.start_again();
    for (of, setting) in [("ROLE", "synchronous_commit"), ("DATABASE", "synchronous_commit")] {
        cluster.run("public", &format!("ALTER {of} figurebase SET {setting} = off")).await;
        refused(&place, &url, "the server has synchronous_commit off");
        cluster.run("public", &format!("ALTER {of} figurebase RESET {setting}")).await;
    }
    refused(&place, &url.replace("options=", "options=-c%20synchronous_commit%3Doff%20"), "the server has synchronous_commit off");
    assert_eq!(cluster.ask("public", "SELECT count(*)::text FROM pg_tables WHERE schemaname LIKE 't\\_%'").await, "0", "nothing was made");
    // Weaker ways to wait for a replica lose nothing when this server alone fails.
    for enough in ["on", "local", "remote_apply"] {
        cluster.run("public", &format!("ALTER ROLE figurebase SET synchronous_commit = {enough}")).await;
        ran(place.command_on(&url, &["seed"])).ok();
    }
}

#[tokio::test]
async fn what_is_acknowledged_stays_durable_when_the_server_is_told_otherwise_while_it_serves() {
    let (cluster, place) = (Cluster::start(), Place::new());
    // What is not written at once stays in memory for long, and is lost with the server.
    cluster.stop(Stop::Fast);
    cluster.start_with(&["wal_writer_delay=10s"]);
    let url = cluster.url(&cluster.new_schema());
    let server = place.serve_on(&url, &[]);
    let key = ran(place.command_on(&url, &["keys", "create", "--name", "tester", "--scope", "write"])).ok().stdout.trim().to_string();
    let write = |best: &str| server.write("POST", "/v1/claims", &key, &new_claim("SYR", best, "2015"));
    write("1").id(201);
    let set = async |what: &str| {
        for sql in [&format!("ALTER SYSTEM {what}"), "SELECT pg_reload_conf(), pg_sleep(0.3)"] {
            cluster.run("public", sql).await;
        }
    };
    set("SET synchronous_commit = off").await;
    let kept: Vec<String> = ["2", "3", "4"].iter().map(|best| write(best).id(201)).collect();
    cluster.stop(Stop::Immediate);
    cluster.start_again();
    for id in &kept {
        assert_eq!(server.get(&format!("/v1/claims/{id}")).status, 200, "acknowledged and lost: {id}");
    }
    // The same with a connection that was made while it is off.
    let again: Vec<String> = ["5", "6", "7"].iter().map(|best| write(best).id(201)).collect();
    cluster.stop(Stop::Immediate);
    cluster.start_again();
    for id in &again {
        assert_eq!(server.get(&format!("/v1/claims/{id}")).status, 200, "acknowledged and lost: {id}");
    }
    for setting in ["fsync", "full_page_writes"] {
        set(&format!("SET {setting} = off")).await;
        cluster.run("public", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'figurebase'").await;
        let refused = write("8");
        assert_eq!((refused.status, refused.json()["code"].as_str()), (503, Some("unavailable")), "{setting}");
        wait_until("the log says why", || server.log().contains(&format!("the server has {setting} off")));
        set(&format!("RESET {setting}")).await;
        write("8").id(201);
    }
    server.stop();
}

#[tokio::test]
async fn a_replica_that_is_named_as_the_primary_is_refused() {
    let (primary, place) = (Cluster::start(), Place::new());
    let schema = primary.new_schema();
    ran(place.command_on(&primary.url(&schema), &["seed"])).ok();
    let replica = primary.replica();
    replica.catch_up_with(&primary).await;
    refused(&place, &replica.url(&schema), "--read-database");
    ran(place.command_on(&primary.url(&schema), &["seed"])).ok();
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_as_it_is() {
    for tables in [
        "CREATE TABLE customers (name text); INSERT INTO customers VALUES ('Jane')",
        "CREATE TABLE claims (id int); CREATE TABLE _sqlx_migrations (version bigint)",
        "CREATE TABLE head (seq bigint); CREATE TABLE claim_versions (seq bigint)",
        "CREATE TABLE parted (a int) PARTITION BY LIST (a)",
    ] {
        let place = Place::new();
        place.database.run(tables).await;
        let before = place.database.tables().await;
        refused(&place, place.database.url(), "the database belongs to another program");
        assert_eq!(place.database.tables().await, before);
    }
}

#[tokio::test]
async fn a_database_of_a_newer_or_another_version_is_refused() {
    for (change, words) in [
        (
            "INSERT INTO _sqlx_migrations SELECT 9999, 'from the future', now(), true, checksum, 1 FROM _sqlx_migrations LIMIT 1",
            "does not fit this version of the program",
        ),
        ("UPDATE _sqlx_migrations SET checksum = '\\x00'", "does not fit this version of the program"),
    ] {
        let place = Place::seeded();
        place.database.run(change).await;
        refused(&place, place.database.url(), words);
    }
}

#[test]
fn a_second_address_for_reading_is_for_postgresql_alone() {
    let place = Place::new();
    let file = format!("sqlite:{}", place.path("one.db").display());
    let server = place.database.url();
    for (database, read) in [(file.as_str(), file.as_str()), (&file, server), (server, &file)] {
        let refused = place.refused_in_one_line(database, &[&SERVE[..], &["--read-database", read]].concat());
        assert!(refused.stderr.contains("only a database on PostgreSQL"), "{refused:?}");
    }
    for read in ["nonsense", "postgres://u@h:port/d", "mysql://u@h/d"] {
        let refused = place.refused_in_one_line(server, &[&SERVE[..], &["--read-database", read]].concat());
        assert!(refused.stderr.contains("is not a database address"), "{refused:?}");
    }
}

#[test]
fn a_server_that_does_not_answer_or_is_none_is_given_up_in_a_few_seconds() {
    let place = Place::new();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let ports = [&silent, &other].map(|listener| listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        for mut stream in other.incoming().flatten() {
            // Whoever asked may be gone.
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    for port in ports {
        let begin = Instant::now();
        place.refused_in_one_line(&format!("postgres://figurebase@127.0.0.1:{port}/figurebase"), &SERVE);
        assert!(begin.elapsed() < Duration::from_secs(20), "{port}: {:?}", begin.elapsed());
    }
}

#[test]
fn an_address_that_is_none_is_refused_in_one_line() {
    let place = Place::new();
    for url in
        ["", "figurebase.db", "mysql://u@h/d", "postgres:", "postgres://h:port/d", "postgres://h:99999/d", "postgres://h/d?sslmode=x"]
    {
        for arguments in [&SERVE[..], &["seed"], &["migrate"]] {
            place.refused_in_one_line(url, arguments);
        }
    }
}

/// Addresses with the password in every place that it can stand in, on a port where nobody listens and on a real server.
fn with_password(real: &str) -> Vec<String> {
    let (_, real_server) = real.split_once('@').unwrap();
    let port = real_server.split(['/', ':']).nth(1).unwrap();
    let mut urls = Vec::new();
    for server in ["127.0.0.1:1".to_string(), format!("127.0.0.1:{port}"), "127.0.0.1:nonsense".into(), "no-such-host.invalid".into()] {
        urls.extend([
            format!("postgres://nobody:{SECRET}@{server}/figurebase"),
            format!("postgresql://nobody:{SECRET}@{server}/figurebase?sslmode=disable"),
            format!("postgres://nobody@{server}/figurebase?password={SECRET}"),
            format!("postgres://{server}/figurebase?user=nobody&password={SECRET}&sslmode=nonsense"),
            format!("postgres://nobody:{SECRET}@{server}/figurebase?password={SECRET}&application_name=x"),
            format!("postgres://nobody:a@{SECRET}@{server}/figurebase"),
            format!("postgres://nobody:a:{SECRET}@{server}/figurebase"),
            format!("postgres://nobody:a/{SECRET}@{server}/figurebase"),
            format!("postgres://nobody:a#{SECRET}@{server}/figurebase"),
            format!("postgres://nobody:a?{SECRET}@{server}/figurebase"),
            format!("postgres://nobody:{SECRET}?x@{server}/figurebase"),
            format!("postgres://nobody:{SECRET}@{server}/no_such_database?user=a@b"),
            format!("mysql://nobody:{SECRET}@{server}/figurebase"),
            format!("postgres:nobody:{SECRET}@{server}/figurebase"),
            format!("nobody:{SECRET}@{server}/figurebase"),
            format!("postgres://nobody@{server}/figurebase?%70assword={SECRET}"),
            format!("postgres://nobody@{server}/figurebase?sslpassword={SECRET}"),
            format!("postgres://nobody@{server}/figurebase?sslmode=disable&Password={SECRET}&pass=x"),
            format!("postgres://nobody@{server}/figurebase?password=a&{SECRET}=b"),
            format!("postgres://nobody@{server}/figurebase?{SECRET}"),
            format!("postgres://nobody@{server}/figurebase?sslmode={SECRET}"),
            format!("postgres://nobody@{server}/figurebase?port={SECRET}&hostaddr={SECRET}"),
            format!("postgres://nobody@{server}/no_such_database?sslmode=disable#{SECRET}"),
            format!("postgres://nobody@{server}/figurebase;password={SECRET}"),
            format!("postgres://{server}/figurebase password={SECRET}"),
            format!("host={server} user=nobody password={SECRET}"),
            format!("jdbc:postgresql://{server}/figurebase?user=nobody&password={SECRET}"),
            format!("postgres://nobody:{SECRET}/figurebase"),
            format!("postgres://nobody:1?{SECRET}&x@{server}/figurebase"),
        ]);
    }
    urls
}

#[track_caller]
fn assert_silent(refused: &Ran, url: &str) {
    assert!(!refused.stderr.contains(SECRET) && !refused.stdout.contains(SECRET), "{url} shows the password: {refused:?}");
}

#[test]
fn no_password_is_ever_shown() {
    let (place, real) = (Place::new(), Database::new());
    for url in with_password(real.url()) {
        let refused = place.refused_in_one_line(&url, &["migrate"]);
        assert_silent(&refused, &url);
    }
}

#[test]
fn no_password_is_shown_by_any_command_or_in_the_most_talkative_log() {
    let (place, real) = (Place::new(), Database::new());
    for url in with_password(real.url()).into_iter().filter(|url| url.contains(":1/") || url.contains("nonsense")) {
        for arguments in [&SERVE[..], &["export"]] {
            assert_silent(&place.refused_in_one_line(&url, arguments), &url);
        }
        let copied_to = ["copy", "--from", real.url(), "--to", &url];
        let copied_from = ["copy", "--from", &url, "--to", real.url()];
        let read_from = ["serve", "--listen", "nonsense:0", "--read-database", &url];
        for arguments in [&copied_to[..], &copied_from, &read_from] {
            assert_silent(&ran(place.command_on(real.url(), arguments)), &url);
        }
        assert_silent(&ran(place.command_on(&url, &["--log", "trace", "migrate"])), &url);
    }
}

#[tokio::test]
async fn a_running_service_does_not_show_its_passwords() {
    let (primary, place) = (Cluster::start(), Place::new());
    let schema = primary.new_schema();
    ran(place.command_on(&primary.url(&schema), &["seed"])).ok();
    let replica = primary.replica();
    replica.catch_up_with(&primary).await;
    // The throw-away clusters let everybody in, with whatever password.
    let [url, read] = [&primary, &replica].map(|cluster| cluster.url(&schema).replacen("figurebase@", &format!("figurebase:{SECRET}@"), 1));
    let server = place.serve_on(&url, &["--read-database", &read, "--log", "trace"]);
    assert_eq!(server.get("/v1/claims?q=china").status, 200);
    assert!(server.log().contains("serving") && !server.log().contains(SECRET), "{}", server.log());
    server.stop();
}

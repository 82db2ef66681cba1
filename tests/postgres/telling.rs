//! What a person is told when the database fails under a command: what happened, in one line and without the driver's words,
//! and never that nothing was kept when that is not known.

use std::time::Duration;

use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::cli::import_export::{assert_same, line};
use crate::cli::ran;
use crate::copying::Bench;

#[tokio::test]
async fn what_the_server_says_of_a_refused_statement_stands_in_the_log_alone() {
    let bench = Bench::new();
    let first = bench.with_numbers("first.db", 0..3);
    bench.run(&bench.server(), &["migrate"]).ok();
    let refuse = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'node worker1 is away'; END $$; \
        CREATE TRIGGER refuse BEFORE INSERT ON claim_versions EXECUTE FUNCTION refuse()";
    bench.place.database.run(refuse).await;
    let copy = ["copy", "--from", &first, "--to", &bench.server()];
    let refused = bench.place.refused_in_one_line(&first, &copy);
    assert!(refused.stderr.contains("refused a statement") && !refused.stderr.contains("worker1"), "{refused:?}");
    let logged = bench.copy_with(&first, &bench.server(), &["--log", "debug"]);
    assert!(logged.stderr.contains("node worker1 is away"), "{logged:?}");
}

#[tokio::test]
async fn a_file_that_another_process_goes_on_writing_to_is_said_to_be_in_use() {
    let bench = Bench::new();
    let first = bench.with_numbers("first.db", 0..3);
    let second = bench.file("second.db");
    bench.run(&second, &["migrate"]).ok();
    let mut other = SqliteConnection::connect(&second).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let refused = bench.place.refused_in_one_line(&first, &["copy", "--from", &first, "--to", &second]);
    assert!(refused.stderr.contains("another process is writing to the file"), "{refused:?}");
    other.close().await.unwrap();
    bench.copy(&first, &second).ok();
}

/// Ends the connection of whoever changes the head, when he commits.
const DIE_AT_COMMIT: &str = "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
    PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$; \
    CREATE CONSTRAINT TRIGGER die AFTER UPDATE ON head DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.seq > OLD.seq) EXECUTE FUNCTION die()";

#[tokio::test]
async fn an_import_whose_commit_is_lost_is_not_known_to_have_failed_and_can_be_repeated() {
    let bench = Bench::new();
    bench.run(&bench.server(), &["seed"]).ok();
    bench.place.write("lines.ndjson", format!("{}\n{}\n", line("UKR", "77"), line("UKR", "78")));
    bench.place.database.run(DIE_AT_COMMIT).await;
    let lost = bench.run(&bench.server(), &["import", "lines.ndjson"]);
    assert_eq!(lost.code, Some(1), "{lost:?}");
    assert!(!lost.stderr.contains("nothing"), "{lost:?}");
    // What the writer notes of it in the log comes before.
    let told = lost.stderr.lines().last().unwrap();
    assert!(told.starts_with("figurebase: ") && told.contains("not known") && told.contains("import it again"), "{lost:?}");
    bench.place.database.run("DROP TRIGGER die ON head").await;
    // Whether it was kept or not, one further import brings the file to where it has to be, and the next one changes nothing.
    bench.run(&bench.server(), &["import", "lines.ndjson"]).ok();
    let exported = bench.export(&bench.server());
    let again = bench.run(&bench.server(), &["import", "lines.ndjson"]).ok();
    assert!(again.stderr.starts_with("0 lines added, 2 there already"), "{again:?}");
    assert_same(&exported, &bench.export(&bench.server()));
}

#[tokio::test]
async fn with_the_stand_in_distribute_waits_for_a_table_that_is_in_use_and_says_so() {
    let (cluster, schema, place) = crate::distributing::with_stand_in().await;
    let mut other = PgConnection::connect(&cluster.url(&schema)).await.unwrap();
    sqlx::raw_sql("BEGIN; LOCK TABLE stand_in.calls").execute(&mut other).await.unwrap();
    let distributing = place.command_on(&cluster.url(&schema), &["distribute"]);
    let told = tokio::task::spawn_blocking(move || ran(distributing));
    tokio::time::sleep(Duration::from_secs(12)).await;
    assert!(!told.is_finished(), "it did not wait");
    sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
    let told = told.await.unwrap().ok();
    assert!(told.stderr.contains("still at SELECT create_reference_table('units')"), "{told:?}");
    assert!(told.stderr.trim_end().lines().count() == 14, "{told:?}");
}

//! What a person is told when the database fails under a command: what happened, in one line and without the driver's words,
//! and never that nothing was kept when that is not known.

use sqlx::{Connection, SqliteConnection};

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

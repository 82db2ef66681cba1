//! `figurebase distribute`: refused without Citus; and with a **stand-in** for Citus, that the calls come in the right order, once.
//!
//! The stand-in has the functions and the one table of the extension that the program meets, and only writes down how it is called.
//! So this proves the order of the calls and that they can be repeated, and nothing about Citus itself.

use crate::cli::{Place, ran};
use crate::cluster::{Cluster, Stop};
use crate::engine::Database;

/// What stands in for the extension, in the place where Citus has it too; `figurebase` is the superuser.
const STAND_IN: &str = "
    CREATE SCHEMA stand_in;
    CREATE TABLE stand_in.calls (number serial, call text);
    CREATE TABLE stand_in.broken (name text);
    CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass);
    CREATE FUNCTION pg_catalog.create_reference_table(table_name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT FROM stand_in.broken WHERE name = table_name) THEN RAISE 'node worker1 is away'; END IF;
        INSERT INTO stand_in.calls (call) VALUES (table_name);
        INSERT INTO pg_dist_partition VALUES (table_name::regclass);
    END $$;
    CREATE FUNCTION pg_catalog.create_distributed_table(table_name regclass, distribution_column text, distribution_type text DEFAULT 'hash',
        colocate_with text DEFAULT 'default') RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        IF colocate_with <> 'default' AND NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = colocate_with::regclass) THEN
            RAISE 'relation % is not distributed', colocate_with;
        END IF;
        INSERT INTO stand_in.calls (call) VALUES (table_name || ' by ' || distribution_column || ' with ' || colocate_with);
        INSERT INTO pg_dist_partition VALUES (table_name);
    END $$;
    INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
        VALUES (99999, 'citus', 10, 'pg_catalog'::regnamespace, false, 'stand-in');";
const CALLS: &str = "SELECT string_agg(call, E'\\n' ORDER BY number) FROM stand_in.calls";
const SPREAD: &str = "SELECT string_agg(logicalrelid::text, ' ') FROM pg_dist_partition";
/// Every table but the order of changes, keys and answered requests; what others refer to comes first.
const EXPECTED: &str = "units\nmetrics\nactors\nsources\nnames\nrecord_text\ncitations\ntexts\ndocuments\nrates\nmutes\n\
    claim_versions by metric_key with default\nclaim_text by metric_key with claim_versions";

/// A private cluster with the stand-in, and a schema in it with the seeds.
pub async fn with_stand_in() -> (Cluster, String, Place) {
    let cluster = Cluster::start();
    cluster.stop(Stop::Fast);
    cluster.start_with(&["allow_system_table_mods=on"]);
    let (schema, place) = (cluster.new_schema(), Place::new());
    ran(place.command_on(&cluster.url(&schema), &["seed"])).ok();
    cluster.run("public", STAND_IN).await;
    (cluster, schema, place)
}

#[tokio::test]
async fn a_database_of_sqlite_and_a_server_without_the_extension_are_refused_in_one_line() {
    let place = Place::seeded();
    let file = format!("sqlite:{}", place.path("one.db").display());
    ran(place.command_on(&file, &["seed"])).ok();
    let before = place.run(&["export"]).ok().stdout;
    let refused = place.refused_in_one_line(&file, &["distribute"]);
    assert!(refused.stderr.contains("SQLite") && refused.stderr.contains("figurebase copy"), "{refused:?}");
    let refused = place.refused_in_one_line(place.database.url(), &["distribute"]);
    assert!(refused.stderr.contains("citus"), "{refused:?}");
    assert_eq!(place.run(&["export"]).ok().stdout, before);
    // A command that changes where data lies makes no database.
    let nothing = Database::new();
    place.refused_in_one_line(nothing.url(), &["distribute"]);
    assert!(nothing.is_untouched().await);
}

#[tokio::test]
async fn with_the_stand_in_reference_tables_go_first_and_words_go_where_the_claims_are() {
    let (cluster, schema, place) = with_stand_in().await;
    let url = cluster.url(&schema);
    let before = ran(place.command_on(&url, &["export"])).ok().stdout;
    let told = ran(place.command_on(&url, &["distribute"])).ok();
    assert_eq!(cluster.ask(&schema, CALLS).await, EXPECTED);
    assert_eq!(told.stderr.lines().count(), 13, "{told:?}");
    assert!(told.stdout.is_empty() && !told.stderr.contains("done before"), "{told:?}");
    let spread = cluster.ask(&schema, SPREAD).await;
    for stays in ["head", "commits", "keys", "idempotency", "_sqlx_migrations"] {
        assert!(!spread.split(' ').any(|table| table == stays), "{stays} stays on the coordinator: {spread}");
    }
    let again = ran(place.command_on(&url, &["distribute"])).ok();
    assert_eq!(cluster.ask(&schema, CALLS).await, EXPECTED, "a second run calls nothing again");
    assert_eq!(again.stderr.lines().filter(|line| line.ends_with("(done before)")).count(), 13, "{again:?}");
    assert_eq!(ran(place.command_on(&url, &["export"])).ok().stdout, before);
}

#[tokio::test]
async fn with_the_stand_in_a_run_that_broke_off_goes_on_where_it_was() {
    let (cluster, schema, place) = with_stand_in().await;
    let url = cluster.url(&schema);
    cluster.run("public", "INSERT INTO stand_in.broken VALUES ('names')").await;
    let failed = ran(place.command_on(&url, &["distribute"]));
    assert_eq!(failed.refusal().lines().count(), 1, "{failed:?}");
    assert_eq!(cluster.ask(&schema, CALLS).await, EXPECTED.split("\nnames").next().unwrap(), "what comes before is done");
    cluster.run("public", "DELETE FROM stand_in.broken").await;
    let told = ran(place.command_on(&url, &["distribute"])).ok();
    assert_eq!(cluster.ask(&schema, CALLS).await, EXPECTED);
    assert_eq!(told.stderr.lines().filter(|line| line.ends_with("(done before)")).count(), 4, "{told:?}");
}

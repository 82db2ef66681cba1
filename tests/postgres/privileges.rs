//! Users who may do less than the one who made the tables, and a server that only reads: what the program needs, and what it
//! says when it has less.

use serde_json::json;

use crate::cli::{Place, ran};
use crate::cluster::{Cluster, Stop};
use crate::support::new_claim;

/// On an address that no machine has: should the service start in spite of all, it ends here too, with other words.
const SERVE: [&str; 3] = ["serve", "--listen", "192.0.2.1:1"];

/// A private cluster with the seeds in a schema, and a user `clerk` who may do nothing yet.
async fn with_clerk() -> (Cluster, String, Place) {
    let (cluster, place) = (Cluster::start(), Place::new());
    let schema = cluster.new_schema();
    ran(place.command_on(&cluster.url(&schema), &["seed"])).ok();
    cluster.run(&schema, "CREATE ROLE clerk LOGIN").await;
    (cluster, schema, place)
}

fn clerks(url: &str) -> String {
    url.replacen("figurebase@", "clerk@", 1)
}

/// Every command that opens a database refuses this one in a line with these words.
#[track_caller]
fn refused(place: &Place, url: &str, words: &str) {
    for arguments in [&["migrate"][..], &["seed"], &["export"], &SERVE] {
        let refused = place.refused_in_one_line(url, arguments);
        assert!(refused.stderr.contains(words), "{arguments:?}: {refused:?}");
    }
}

#[tokio::test]
async fn a_user_who_may_only_read_and_write_the_tables_runs_everything_but_migrations() {
    let (cluster, schema, place) = with_clerk().await;
    let url = clerks(&cluster.url(&schema));
    // As docs/scaling.md says it.
    cluster
        .run(
            &schema,
            &format!(
                "GRANT USAGE ON SCHEMA {schema} TO clerk; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO clerk"
            ),
        )
        .await;
    let migrated = ran(place.command_on(&url, &["migrate"])).ok();
    assert!(migrated.stderr.contains("the schema is up to date"), "{migrated:?}");
    ran(place.command_on(&url, &["seed"])).ok();
    let key = ran(place.command_on(&url, &["keys", "create", "--name", "clerk", "--scope", "write"])).ok().stdout.trim().to_string();
    let server = place.serve_on(&url, &[]);
    let claim = server.write("POST", "/v1/claims", &key, &new_claim("SYR", "4", "2015")).id(201);
    assert_eq!(server.get(&format!("/v1/claims/{claim}")).status, 200);
    assert_eq!(server.get("/v1/claims?q=china").status, 200);
    let source = json!({"slug": "gazette", "title": "Another year", "kind": "article"});
    assert_eq!(server.write("POST", "/v1/sources", &key, &source).status, 201);
    assert!(!server.log().contains("ERROR") && !server.log().contains("WARN"), "{}", server.log());
    server.stop();
    let exported = ran(place.command_on(&url, &["export"])).ok();
    assert!(exported.stdout.contains("gazette"));
    place.write("all.ndjson", exported.stdout);
    ran(place.command_on(&url, &["import", "all.ndjson"])).ok();
}

#[tokio::test]
async fn a_user_who_may_not_do_what_is_needed_is_told_so() {
    let (cluster, schema, place) = with_clerk().await;
    let (url, owners) = (clerks(&cluster.url(&schema)), cluster.url(&schema));
    refused(&place, &url, "the user may not use it");
    cluster.run(&schema, &format!("GRANT USAGE ON SCHEMA {schema} TO clerk")).await;
    refused(&place, &url, "the user may not read the tables of this schema");
    cluster.run(&schema, "GRANT SELECT ON _sqlx_migrations TO clerk").await;
    for arguments in [&["seed"][..], &["export"], &SERVE] {
        let refused = place.refused_in_one_line(&url, arguments);
        assert!(refused.stderr.contains("the user may not read or write the tables of this schema"), "{arguments:?}: {refused:?}");
    }
    cluster.run(&schema, &format!("GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO clerk")).await;
    assert!(ran(place.command_on(&url, &["export"])).ok().stdout.contains("trade-value"), "an export reads alone");
    // Migrations that are missing need more.
    cluster.run(&schema, "CREATE TABLE kept AS SELECT * FROM _sqlx_migrations; DELETE FROM _sqlx_migrations").await;
    refused(&place, &url, "the user may not create tables in this schema");
    cluster.run(&schema, "INSERT INTO _sqlx_migrations SELECT * FROM kept; DROP TABLE kept").await;
    ran(place.command_on(&owners, &["migrate"])).ok();
    let empty = cluster.new_schema();
    cluster.run(&empty, &format!("GRANT USAGE ON SCHEMA {empty} TO clerk")).await;
    for arguments in [&["seed"][..], &["migrate"], &SERVE] {
        let refused = place.refused_in_one_line(&clerks(&cluster.url(&empty)), arguments);
        assert!(refused.stderr.contains("the user may not create tables in this schema"), "{arguments:?}: {refused:?}");
    }
    assert_eq!(cluster.ask(&empty, "SELECT count(*)::text FROM pg_tables WHERE schemaname = current_schema()").await, "0");
}

#[tokio::test]
async fn a_server_that_only_reads_is_read_and_a_database_that_is_not_there_yet_is_not_made() {
    let (cluster, schema, place) = with_clerk().await;
    let (url, empty) = (cluster.url(&schema), cluster.url(&cluster.new_schema()));
    let key = ran(place.command_on(&url, &["keys", "create", "--name", "clerk", "--scope", "write"])).ok().stdout.trim().to_string();
    cluster.stop(Stop::Fast);
    cluster.start_with(&["default_transaction_read_only=on"]);
    for arguments in [&["seed"][..], &["migrate"], &SERVE] {
        let refused = place.refused_in_one_line(&empty, arguments);
        assert!(refused.stderr.contains("the server only reads"), "{arguments:?}: {refused:?}");
    }
    let server = place.serve_on(&url, &[]);
    assert_eq!(server.get("/v1/claims?q=china").status, 200);
    let refused = server.write("POST", "/v1/claims", &key, &new_claim("SYR", "4", "2015"));
    assert_eq!((refused.status, refused.json()["code"].as_str()), (503, Some("unavailable")));
    server.stop();
    assert!(ran(place.command_on(&url, &["export"])).ok().stdout.contains("trade-value"));
}

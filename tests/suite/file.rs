//! The database as a file: where it stands, what stands there already, and what the program may not touch.

use std::process::Stdio;

use serde_json::json;

use crate::cli::{Place, program, ran};

#[test]
fn the_database_of_the_working_folder_is_the_default() {
    let place = Place::new();
    let mut command = program(place.folder.path());
    command.arg("seed");
    ran(command).ok();
    assert!(place.path("figurebase.db").exists());
}

#[test]
fn a_relative_address_is_one_in_the_working_folder() {
    let place = Place::new();
    let mut command = program(place.folder.path());
    command.args(["--database", "sqlite:test.db", "migrate"]);
    ran(command).ok();
    assert!(place.path("test.db").exists() && !place.path("figurebase.db").exists());
}

#[test]
fn a_file_that_cannot_be_opened_gives_one_clear_line() {
    let place = Place::new();
    std::fs::create_dir(place.path("folder.db")).unwrap();
    place.write("text.db", "This is no database, but a text that is long enough for a header of one hundred bytes. ".repeat(20));
    for database in [
        "sqlite:no/such/folder/x.db",
        "sqlite:folder.db",
        "sqlite:text.db",
        // A place where nobody may make files, whoever runs this.
        "sqlite:/proc/x.db",
    ] {
        for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["seed"], &["export"], &["keys", "list"], &["migrate"]] {
            place.refused_in_one_line(database, arguments);
        }
    }
    assert_eq!(place.read("text.db").len(), 88 * 20 - 20, "the text was changed");
}

#[tokio::test]
async fn a_file_of_another_program_is_left_alone() {
    use sqlx::{ConnectOptions, Connection};
    let place = Place::new();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(place.path("other.db")).create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    sqlx::query("CREATE TABLE songs (title TEXT)").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let before = std::fs::read(place.path("other.db")).unwrap();
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["seed"], &["export"], &["migrate"]] {
        let refused = place.refused_in_one_line("sqlite:other.db", arguments);
        assert!(refused.stderr.contains("another program"), "{refused:?}");
    }
    assert!(before == std::fs::read(place.path("other.db")).unwrap(), "the other program's file was changed");
}

#[test]
#[expect(clippy::print_stdout, reason = "what is left out is said aloud")]
fn a_file_that_may_only_be_read_gives_one_clear_line() {
    let place = Place::seeded();
    let file = std::path::Path::new(place.database.url().trim_start_matches("sqlite:"));
    let mut permissions = std::fs::metadata(file).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(file, permissions).unwrap();
    if std::fs::OpenOptions::new().append(true).open(file).is_ok() {
        println!("left out: this user may write whatever a file's permissions say");
        return;
    }
    place.refused_in_one_line(place.database.url(), &["seed"]);
}

/// Several commands on one file at the same moment, all of which end well.
#[track_caller]
fn all_at_once(place: &Place, arguments: &[&[&str]]) {
    let start = |arguments: &&[&str]| {
        let mut command = place.command_on(place.database.url(), arguments);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = arguments.iter().map(start).collect();
    for child in children {
        let ended = child.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
}

#[tokio::test]
async fn commands_that_start_at_once_on_a_file_of_an_older_version_do_not_fail_each_other() {
    let place = Place::seeded();
    for _ in 0..5 {
        // The schema as it was before the words were cut by the program.
        let older = "DROP TABLE claim_text; DROP TABLE record_text; DROP TABLE rates; DROP TABLE mutes; DELETE FROM _sqlx_migrations WHERE version > 1; \
             CREATE VIRTUAL TABLE claim_text USING fts5 (words, content = ''); CREATE VIRTUAL TABLE record_text USING fts5 (words, content = '')";
        place.database.run(older).await;
        all_at_once(&place, &[&["migrate"], &["export"], &["seed"], &["keys", "list"], &["migrate"], &["export"]]);
    }
    let found = place.run(&["migrate"]).ok();
    assert!(found.stderr.contains("up to date"), "{found:?}");
}

#[test]
fn commands_that_start_at_once_on_a_new_file_do_not_fail_each_other() {
    for _ in 0..5 {
        all_at_once(&Place::new(), &[&["seed"], &["migrate"], &["seed"], &["migrate"]]);
    }
}

#[tokio::test]
async fn long_names_and_publishers_that_an_older_version_stored_whole_are_found() {
    let place = Place::seeded();
    let key = place.key("write");
    let (long, in_address) = ("ж".repeat(900), "%D0%B6".repeat(900));
    let server = place.serve(&[]);
    for (path, body) in [
        ("/v1/actors", json!({"slug": "long-name", "name": long, "kind": "organization"})),
        ("/v1/sources", json!({"slug": "long-publisher", "title": "Long", "kind": "article", "publisher": long})),
        (
            "/v1/claims",
            json!({"metric": "trade-value", "actor": "long-name", "value": {"best": 7, "unit": "USD"}, "source": "long-publisher"}),
        ),
    ] {
        let answer = server.write("POST", path, &key, &body);
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    server.stop();
    let whole = format!(
        "UPDATE names SET folded = '{long}' WHERE written = '{long}'; UPDATE sources SET publisher = '{long}' WHERE slug = 'long-publisher'; \
         PRAGMA user_version = 0"
    );
    place.database.run(&whole).await;
    let server = place.serve(&[]);
    for filter in ["actor", "publisher"] {
        let claims = server.get(&format!("/v1/claims?{filter}={in_address}")).json();
        assert_eq!(claims["data"].as_array().map(Vec::len), Some(1), "{filter}: {claims}");
    }
    server.stop();
}

#[test]
fn a_command_that_has_ended_leaves_one_file() {
    let place = Place::seeded();
    let file = std::path::Path::new(place.database.url().trim_start_matches("sqlite:"));
    let entries = std::fs::read_dir(file.parent().unwrap()).unwrap();
    let names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [file.file_name().unwrap()]);
}

//! Everything else, and what holds for all commands: exit codes, one clear line for a failure, data alone on standard output,
//! every setting a flag, a variable and a line of the help.

use std::net::TcpListener;

use super::{Place, program, ran};
use crate::engine::Database;

/// Arguments that belong to one run and are no settings: they have no environment variable.
const OF_ONE_RUN: [(&str, &str); 23] = [
    ("import", "path"),
    ("import", "format"),
    ("import", "recorder"),
    ("import", "dry-run"),
    ("export", "output"),
    ("export", "format"),
    ("keys create", "name"),
    ("keys create", "scope"),
    ("rates import", "path"),
    ("rates import", "base"),
    ("rates import", "source"),
    ("copy", "from"),
    ("copy", "to"),
    ("copy", "verify"),
    ("compare", "parameters"),
    ("compare", "json"),
    ("findings", "parameters"),
    ("findings", "json"),
    ("extract", "file"),
    ("extract", "html"),
    ("extract", "batch"),
    ("extract", "published"),
    ("extract", "save-text"),
];

#[test]
fn migrate_brings_a_schema_up_to_date_once() {
    let place = Place::new();
    let first = place.run(&["migrate"]).ok();
    assert!(first.stderr.contains("migration"), "{first:?}");
    let second = place.run(&["migrate"]).ok();
    assert!(second.stderr.contains("the schema is up to date"), "{second:?}");
    assert_eq!((first.stdout, second.stdout), (String::new(), String::new()));
    place.run(&["seed"]).ok();
    assert!(place.run(&["migrate"]).ok().stderr.contains("the schema is up to date"));
    assert_eq!(place.claims().len(), 13);
}

#[test]
fn a_second_seed_adds_nothing() {
    let place = Place::new();
    let first = place.run(&["seed"]).ok();
    assert!(!first.stderr.starts_with("0 "), "{first:?}");
    let before = place.export();
    let second = place.run(&["seed"]).ok();
    assert!(second.stderr.starts_with("0 records and claims added"), "{second:?}");
    assert_eq!(before, place.export());
    assert_eq!((first.stdout, second.stdout), (String::new(), String::new()));
}

#[test]
fn healthcheck_asks_a_running_service_and_fails_without_one() {
    let place = Place::new();
    let server = place.serve(&["--no-seed"]);
    let address = server.address.to_string();
    place.run(&["healthcheck", "--listen", &address]).ok();
    let mut by_variable = program(place.folder.path());
    by_variable.arg("healthcheck").env("FIGUREBASE_LISTEN", format!("0.0.0.0:{}", server.address.port()));
    ran(by_variable).ok();
    server.stop();
    let failed = place.run(&["healthcheck", "--listen", &address]);
    assert!(failed.refusal().contains(&address), "{failed:?}");
    assert_eq!(failed.stderr.lines().count(), 1, "{failed:?}");
}

#[test]
fn healthcheck_fails_when_something_else_answers_or_nothing_does() {
    use std::io::{Read, Write};
    let place = Place::new();
    for answer in ["HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n", "SSH-2.0-x\r\n", ""] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let other = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 200];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(answer.as_bytes());
        });
        let failed = place.run(&["healthcheck", "--listen", &address]);
        failed.refusal();
        other.join().unwrap();
    }
}

#[tokio::test]
async fn wrong_usage_ends_with_code_two_and_touches_no_database() {
    let place = Place::new();
    for arguments in [
        &[][..],
        &["frobnicate"],
        &["serve", "--no-such-flag"],
        &["serve", "--listen", "nowhere"],
        &["serve", "--listen", "127.0.0.1:99999"],
        &["serve", "--request-seconds", "soon"],
        &["serve", "--body-bytes-max", "-1"],
        &["import"],
        &["import", "a.csv", "--format", "parquet"],
        &["export", "--format", "parquet"],
        &["migrate", "twice"],
        &["--log", "figurebase=shouting=loud", "migrate"],
    ] {
        let refused = place.run(arguments);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""), "{arguments:?}: {refused:?}");
        assert!(!refused.stderr.is_empty(), "{arguments:?} says nothing");
    }
    assert!(place.database.is_untouched().await);
    assert_eq!(std::fs::read_dir(place.folder.path()).unwrap().count(), 0);
}

#[test]
fn help_and_version_are_no_errors() {
    let place = Place::new();
    assert!(place.run(&["--help"]).ok().stdout.contains("Usage: figurebase"));
    assert!(place.run(&["--version"]).ok().stdout.starts_with("figurebase "));
}

#[test]
fn an_address_of_no_engine_gives_one_clear_line_without_its_password() {
    let place = Place::new();
    for database in ["figurebase.db", "", "mysql://user:secret@localhost/db", "sqlite", "postgres"] {
        for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["seed"], &["export"], &["keys", "list"], &["migrate"]] {
            let refused = place.refused_in_one_line(database, arguments);
            assert!(!refused.stderr.contains("secret"), "a password is shown: {refused:?}");
        }
    }
    assert_eq!(std::fs::read_dir(place.folder.path()).unwrap().count(), 0);
}

#[test]
fn messages_go_to_standard_error_and_only_data_to_standard_output() {
    let place = Place::seeded();
    place.write("none.ndjson", "");
    for arguments in [&["seed"][..], &["migrate"], &["import", "none.ndjson"]] {
        assert_eq!(place.run(arguments).ok().stdout, "", "{arguments:?}");
    }
    let exported = place.run(&["export"]).ok();
    assert!(exported.stdout.lines().all(|line| line.starts_with('{')));
    assert_eq!(exported.stderr, "", "progress belongs on a terminal alone");
}

#[test]
fn a_reader_that_hangs_up_early_causes_no_panic() {
    use std::io::{BufRead, BufReader, Read};
    let place = Place::seeded();
    let mut child = place.command(&["export"]).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    child.wait().unwrap();
    assert!(first.starts_with('{') && !told.contains("panicked"), "{told}");
}

/// Every argument of every command, with the command's words.
fn arguments(command: &clap::Command, words: &str, found: &mut Vec<(String, clap::Arg)>) {
    for argument in command.get_arguments() {
        if !matches!(argument.get_id().as_str(), "help" | "version") {
            found.push((words.to_string(), argument.clone()));
        }
    }
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        arguments(inner, format!("{words} {}", inner.get_name()).trim(), found);
    }
}

#[test]
fn every_setting_is_a_flag_a_variable_and_a_line_of_the_help() {
    let place = Place::new();
    let mut found = Vec::new();
    arguments(&figurebase::cli::declaration(), "", &mut found);
    let mut settings = 0;
    for (words, argument) in &found {
        let name = argument.get_long().unwrap_or(argument.get_id().as_str());
        assert!(argument.get_help().is_some(), "{words} {name} is not explained");
        if OF_ONE_RUN.contains(&(words.as_str(), name)) || (words == "keys revoke" && name == "id") {
            continue;
        }
        settings += 1;
        let flag = argument.get_long().unwrap_or_else(|| panic!("{words} {name} is no flag"));
        let variable = argument.get_env().and_then(|name| name.to_str()).unwrap_or_else(|| panic!("{words} --{flag} has no variable"));
        let expected = format!("FIGUREBASE_{}", flag.to_ascii_uppercase().replace('-', "_"));
        assert_eq!(variable, expected, "{words} --{flag}");
        let mut command: Vec<&str> = words.split_whitespace().collect();
        command.push("--help");
        // Long lines are broken to the width of a terminal.
        let help = place.run(&command).ok().stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(help.contains(&format!("--{flag}")) && help.contains(&format!("[env: {variable}")), "{words} --help lacks {flag}: {help}");
    }
    assert!(settings >= 10, "only {settings} settings were found");
}

#[tokio::test]
async fn a_variable_sets_what_its_flag_sets() {
    let place = Place::new();
    let [by_variable, by_flag, overruled] = std::array::from_fn(|_| Database::new());
    let mut command = program(place.folder.path());
    command.arg("migrate").env("FIGUREBASE_DATABASE", by_variable.url());
    ran(command).ok();
    assert!(!by_variable.is_untouched().await);
    let mut flag_wins = program(place.folder.path());
    flag_wins.args(["--database", by_flag.url(), "migrate"]).env("FIGUREBASE_DATABASE", overruled.url());
    ran(flag_wins).ok();
    assert!(!by_flag.is_untouched().await && overruled.is_untouched().await);
    assert_eq!(std::fs::read_dir(place.folder.path()).unwrap().count(), 0, "the default was used");
    let mut quiet = place.command(&["serve", "--listen", "nowhere"]);
    quiet.env("FIGUREBASE_LOG", "off");
    assert_eq!(ran(quiet).code, Some(2));
}

#[test]
fn compare_and_findings_answer_in_sentences_and_in_json() {
    let place = Place::seeded();
    let told = place.run(&["compare", "metric=trade-value", "actor=China", "period=2021"]).ok();
    assert!(told.stdout.starts_with("Nothing to compare: none\nImplied for 2021: 145600000000 to 147100000000 USD ("), "{told:?}");
    let told = place.run(&["compare", "metric=trade-value", "actor=China"]).ok().stdout;
    assert!(
        told.starts_with("Bilateral trade value, China, Russia, 2023: single\n  $240 billion = [239500000000, 240500000000] USD ("),
        "{told}"
    );
    let answer: serde_json::Value =
        serde_json::from_str(&place.run(&["compare", "metric=gdp", "actor=CHN", "--json"]).ok().stdout).unwrap();
    assert_eq!(answer["data"]["verdict"], "none");
    let found = place.run(&["findings", "limit=3"]).ok();
    assert_eq!(found.stdout.lines().count(), 16);
    assert!(found.stdout.contains("warning date-mismatch:draudt-vejares-2019: It is recorded as published 2019"), "{found:?}");
    assert!(found.stderr.starts_with("16 findings: 2 date-mismatch, 1 hedge-without-speaker, "), "{found:?}");
    let lines = place.run(&["findings", "severity=info", "--json"]).ok().stdout;
    assert!(lines.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["severity"] == "info"));
}

#[test]
fn compare_and_findings_say_what_is_wrong_with_their_parameters() {
    let place = Place::seeded();
    assert_eq!(place.run(&["findings", "severity"]).code, Some(2));
    let refused = place.run(&["compare", "metric=gdp"]);
    assert!(refused.refusal().contains("/actor: is required"), "{refused:?}");
    assert!(place.run(&["findings", "colour=red"]).refusal().contains("colour"));
}

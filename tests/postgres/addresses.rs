//! Databases that cannot be reached, and addresses that cannot be meant: one clear line each, without the password.

use figurebase::store::{OpenOptions, Store, redacted};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::cli::{Place, ran};
use crate::engine::Database;

#[test]
fn a_database_that_cannot_be_reached_gives_one_clear_line() {
    let place = Place::new();
    let real = Database::new();
    let (server, _) = real.url().split_once("/figurebase?").unwrap();
    for database in [
        // Nobody listens on the port of the first.
        "postgres://figurebase:secret@127.0.0.1:1/figurebase".to_string(),
        "postgres://figurebase:secret@no-such-host.invalid/figurebase".to_string(),
        format!("{server}/no_such_database"),
        format!("{}/figurebase", server.replace("//figurebase@", "//nobody:secret@")),
        format!("{server}/figurebase?options=-c%20no_such_setting%3D1"),
    ] {
        for arguments in [&["seed"][..], &["export"], &["keys", "list"], &["migrate"]] {
            let refused = place.refused_in_one_line(&database, arguments);
            assert!(!refused.stderr.contains("secret"), "a password is shown: {refused:?}");
        }
    }
}

#[test]
fn an_address_with_a_parameter_that_is_not_known_is_refused_by_its_name() {
    let place = Place::seeded();
    let real = &place.database;
    for (parameter, told) in [
        ("sslpassword=secret", "a parameter that is not known: sslpassword"),
        ("connect%5Ftimeout=5", "a parameter that is not known: connect_timeout"),
        ("SSLMODE=require", "a parameter that is not known: SSLMODE"),
        ("options[lock_timeout=1", "a parameter that is not known"),
        ("=1", "a parameter that is not known"),
        ("secret", "a parameter that is not known"),
        ("password=secret&more=1", "a parameter that is not known"),
        ("sslmode=secret", "the value of sslmode cannot be read"),
        ("port=0x10", "the value of port cannot be read"),
        ("hostaddr=localhost", "the value of hostaddr cannot be read"),
        ("statement-cache-capacity=-1", "the value of statement-cache-capacity cannot be read"),
        ("sslmode=disable#secret", "which must be written %23"),
    ] {
        let url = format!("{}&{parameter}", real.url());
        for arguments in [&["migrate"][..], &["copy", "--from", real.url(), "--to", &url]] {
            let refused = place.refused_in_one_line(&url, arguments);
            assert!(refused.stderr.contains(told) && !refused.stderr.contains("secret"), "{parameter}: {refused:?}");
        }
        let log = ran(place.command_on(&url, &["--log", "trace", "migrate"])).stderr;
        assert!(!log.contains("unrecognized") && !log.contains("secret"), "the driver saw it: {log}");
    }
}

#[test]
fn an_address_with_every_parameter_that_is_known_is_taken() {
    let (place, real) = (Place::new(), Database::new());
    let (server, schema) = real.url().split_once("/figurebase?").unwrap();
    let port = server.rsplit_once(':').unwrap().1;
    let url = format!(
        "postgres://nobody@no-such-host.invalid:1/nothing?host=localhost&hostaddr=127.0.0.1&port={port}&dbname=figurebase&user=figurebase\
         &password=secret&application_name=test&sslmode=disable&ssl-mode=disable&statement-cache-capacity=10&options[geqo]=off&{schema}"
    );
    let seeded = ran(place.command_on(&url, &["--log", "trace", "seed"])).ok();
    assert!(!seeded.stderr.contains("unrecognized") && !seeded.stderr.contains("secret"), "{seeded:?}");
}

#[test]
fn no_text_with_a_password_in_it_is_shown_with_it() {
    const SECRET: &str = "s3cr3t";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let around = "[a-z0-9@:/?#&=%;._ \\[\\]-]{0,6}";
    let password = (around, around).prop_map(|(before, after)| format!("{before}{SECRET}{after}"));
    let name = proptest::sample::select(vec!["password", "%70assword", "sslpassword", "PASSWORD", "user", "sslmode", "options[x]", "x"]);
    let others = proptest::collection::vec((name, "[a-z0-9%+]{0,4}"), 0..3);
    let parts = (proptest::sample::select(vec!["postgres://", "postgresql://", "postgres:", "mysql://", ""]), password, others, 0..5_u8);
    let address = parts.prop_map(|(scheme, password, others, place)| {
        let mut parameters: Vec<String> = others.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        let server = match place {
            0 | 1 => format!("nobody:{password}@127.0.0.1:1/figurebase"),
            _ => "nobody@127.0.0.1:1/figurebase".to_string(),
        };
        match place {
            2 => parameters.push(format!("password={password}")),
            3 => parameters.insert(0, format!("sslpassword={password}")),
            4 => parameters.insert(0, format!("%70assword={password}")),
            _ => {}
        }
        format!("{scheme}{server}?{}", parameters.join("&"))
    });
    let mut runner = TestRunner::new(Config { cases: 2_000, failure_persistence: None, ..Config::default() });
    let tried = runner.run(&address, |url| {
        prop_assert!(!redacted(&url).contains(SECRET), "{url} is shown as {}", redacted(&url));
        let options = OpenOptions { url: url.clone(), create: true, ..OpenOptions::default() };
        let error = runtime.block_on(Store::migrate(&options)).unwrap_err().to_string();
        prop_assert!(!error.contains(SECRET), "{url}: {error}");
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}

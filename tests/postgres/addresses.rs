//! Databases that cannot be reached: one clear line each, without the password.

use crate::cli::Place;
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

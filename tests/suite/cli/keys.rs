//! `keys`: made once and shown once, listed without their secrets, taken back with the next request.

use serde_json::{Value, json};

use super::Place;

fn figure() -> Value {
    json!({"metric": "refugees", "actor": "UKR", "value": {"best_exact": "5", "unit": "person"}, "period": "2023"})
}

/// The public part of a key, as `keys list` shows it.
fn public_part(key: &str) -> &str {
    key.split('_').nth(1).unwrap()
}

#[test]
fn create_prints_the_key_and_nothing_else_on_standard_output() {
    let place = Place::new();
    let made = place.run(&["keys", "create", "--name", "Ada", "--scope", "write"]).ok();
    let key = made.stdout.strip_suffix('\n').unwrap();
    assert!(key.starts_with("fgb_") && !key.contains(char::is_whitespace), "{made:?}");
    assert!(!made.stderr.contains(key), "{made:?}");
    let other = place.run(&["keys", "create", "--name", "Ada", "--scope", "write"]).ok();
    assert_ne!(made.stdout, other.stdout);
}

#[test]
fn a_key_that_was_made_while_the_service_runs_works_and_names_the_recorder() {
    let place = Place::seeded();
    let server = place.serve(&[]);
    let refused = server.write("POST", "/v1/claims", "fgb_none_none", &figure());
    assert_eq!(refused.status, 401);
    assert!(refused.json()["detail"].as_str().unwrap().contains("figurebase keys create"), "{refused:?}");
    let key = place.key("write");
    let answer = server.write("POST", "/v1/claims", &key, &figure());
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.json()["data"]["recorded_by"], "tester");
    server.stop();
}

#[test]
fn a_revoked_key_stops_working_with_the_next_request() {
    let place = Place::seeded();
    let (key, other) = (place.key("write"), place.key("write"));
    let server = place.serve(&[]);
    assert_eq!(server.write("POST", "/v1/claims", &key, &figure()).status, 201);
    place.run(&["keys", "revoke", public_part(&key)]).ok();
    assert_eq!(server.write("POST", "/v1/claims", &key, &figure()).status, 401);
    assert_eq!(server.write("POST", "/v1/claims", &other, &figure()).status, 201);
    server.stop();
}

#[test]
fn each_scope_may_do_what_it_says_and_no_more() {
    let place = Place::seeded();
    let keys = ["propose", "write", "admin"].map(|scope| place.key(scope));
    let server = place.serve(&[]);
    let states = keys.each_ref().map(|key| server.write("POST", "/v1/claims", key, &figure()).json()["data"]["state"].clone());
    assert_eq!(states, ["candidate", "accepted", "accepted"]);
    let revisions = keys.each_ref().map(|key| {
        let change = json!({"note": "checked", "reason": "checked", "cause": "corrected"});
        let id = server.get("/v1/claims?metric=trade-value").json()["data"][0]["id"].as_str().unwrap().to_string();
        server.write("PATCH", &format!("/v1/claims/{id}"), key, &change).status
    });
    assert_eq!(revisions, [403, 200, 200]);
    server.stop();
}

#[test]
fn list_shows_every_key_without_its_secret() {
    let place = Place::new();
    let (first, second) = (place.key("propose"), place.key("admin"));
    place.run(&["keys", "revoke", public_part(&first)]).ok();
    let listed = place.run(&["keys", "list"]).ok();
    let rows: Vec<Vec<&str>> = listed.stdout.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows[0], ["id", "name", "scope", "created", "revoked"]);
    assert_eq!(rows.len(), 3, "{listed:?}");
    for (row, (key, scope, revoked)) in rows[1..].iter().zip([(&first, "propose", true), (&second, "admin", false)]) {
        assert_eq!((row[0], row[1], row[2]), (public_part(key), "tester", scope));
        assert_eq!(!row[4].is_empty(), revoked, "{row:?}");
        assert!(!listed.stdout.contains(key.rsplit('_').next().unwrap()), "a secret is shown: {listed:?}");
    }
}

#[tokio::test]
async fn the_secret_is_not_in_the_database() {
    let place = Place::new();
    let key = place.key("write");
    let secret = key.rsplit('_').next().unwrap();
    assert!(place.database.holds(public_part(&key)).await, "the key is not there at all, so this shows nothing");
    assert!(!place.database.holds(secret).await);
}

#[test]
fn a_key_that_is_not_in_force_cannot_be_revoked() {
    let place = Place::new();
    let key = place.key("write");
    let unknown = place.run(&["keys", "revoke", "nobody"]);
    assert!(unknown.refusal().contains("'nobody'"), "{unknown:?}");
    place.run(&["keys", "revoke", public_part(&key)]).ok();
    let again = place.run(&["keys", "revoke", public_part(&key)]);
    assert!(again.refusal().contains(public_part(&key)), "{again:?}");
}

#[test]
fn a_wrong_scope_or_a_missing_name_is_wrong_usage() {
    let place = Place::new();
    for arguments in [
        &["keys", "create", "--name", "Ada", "--scope", "everything"][..],
        &["keys", "create", "--name", "Ada"],
        &["keys", "create", "--scope", "write"],
        &["keys", "revoke"],
        &["keys"],
    ] {
        let refused = place.run(arguments);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""), "{arguments:?}: {refused:?}");
    }
    assert!(place.run(&["keys", "create", "--name", "Ada", "--scope", "everything"]).stderr.contains("propose, write, admin"));
}

#[test]
fn a_name_that_could_not_stand_in_a_record_is_refused() {
    let place = Place::new();
    let long = "x".repeat(101);
    for name in ["", "   ", "a\tb", "a\nb", long.as_str()] {
        let refused = place.run(&["keys", "create", "--name", name, "--scope", "write"]);
        assert!(refused.refusal().contains("--name"), "{name:?}: {refused:?}");
    }
    assert_eq!(place.run(&["keys", "list"]).ok().stdout.lines().count(), 1, "none was made");
}

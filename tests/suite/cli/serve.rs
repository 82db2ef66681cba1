//! `serve`: a new database is seeded once, requests are answered over a socket, every stop is quick and clean, and what was
//! acknowledged survives a kill.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::{PATIENCE, Place, Reply, Server, lines, try_ask};

/// Within this time a service with nothing to do has to end; a container's stop waits about ten seconds.
const STOP_TIME: Duration = Duration::from_secs(9);

#[test]
fn a_new_database_is_seeded_and_the_five_chinese_figures_are_answered_over_a_socket() {
    let place = Place::new();
    let server = place.serve(&[]);
    let answer = server.get("/v1/claims?actor=CHN");
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("content-type: application/json"), "{}", answer.head);
    let body = answer.json();
    let mut found: Vec<(&str, &str)> = body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|claim| (claim["metric"]["slug"].as_str().unwrap(), claim["value"]["best_exact"].as_str().unwrap()))
        .collect();
    found.sort_unstable();
    let expected = [
        ("dual-use-goods-supplied", "300000000"),
        ("machine-tools-share-supplied", "70"),
        ("microelectronics-share-supplied", "90"),
        ("trade-value", "240000000000"),
        ("trade-value-change", "64"),
    ];
    assert_eq!(found, expected);
    assert!(server.log().contains("seeded a new database"), "{}", server.log());
    server.stop();
}

#[test]
fn a_second_start_does_not_seed_again() {
    let place = Place::new();
    let first = place.serve(&[]);
    let before = first.get("/v1/stats").json();
    first.stop();
    let second = place.serve(&[]);
    let after = second.get("/v1/stats").json();
    assert!(!second.log().contains("seeded"), "{}", second.log());
    assert_eq!(before["meta"]["snapshot"], after["meta"]["snapshot"]);
    assert_eq!(before["data"], after["data"]);
    second.stop();
}

#[test]
fn a_start_leaves_alone_what_was_changed_in_a_seed() {
    let place = Place::seeded();
    let key = place.key("write");
    let server = place.serve(&[]);
    let id = server.get("/v1/claims?metric=trade-value").json()["data"][0]["id"].as_str().unwrap().to_string();
    let taken_back = server.write("POST", &format!("/v1/claims/{id}/retract"), &key, &json!({"reason": "the source took it back"}));
    assert_eq!(taken_back.status, 200, "{taken_back:?}");
    server.stop();
    let again = place.serve(&[]);
    assert_eq!(again.get(&format!("/v1/claims/{id}")).json()["data"]["state"], "retracted");
    again.stop();
    place.run(&["seed"]).ok();
    assert!(place.claims().iter().any(|claim| claim["id"] == id.as_str() && claim["state"] == "retracted"));
}

#[test]
fn no_seed_leaves_a_new_database_empty() {
    let place = Place::new();
    let server = place.serve(&["--no-seed"]);
    for path in ["/v1/claims?state=all", "/v1/actors", "/v1/metrics", "/v1/units", "/v1/sources"] {
        let answer = server.get(path);
        assert_eq!((answer.status, &answer.json()["data"]), (200, &json!([])), "{path}");
    }
    server.stop();
    assert_eq!(place.export(), "");
}

#[test]
fn a_second_service_on_the_same_address_is_refused_in_one_line() {
    let place = Place::new();
    let server = place.serve(&["--no-seed"]);
    let other = Place::new();
    let refused = other.run(&["serve", "--no-seed", "--listen", &server.address.to_string()]);
    assert!(refused.refusal().contains(&format!("cannot listen on {}", server.address)), "{refused:?}");
    assert_eq!(refused.stderr.lines().count(), 1, "{refused:?}");
    server.stop();
}

#[test]
fn every_limit_of_a_request_can_be_set_by_flag_and_by_variable() {
    let place = Place::seeded();
    let key = place.key("write");
    let body = json!({"metric": "refugees", "actor": "UKR", "value": {"best_exact": "1", "unit": "person"}, "note": "x".repeat(200)});
    let by_flag = place.serve(&["--body-bytes-max", "100"]);
    assert_eq!(by_flag.write("POST", "/v1/claims", &key, &body).status, 413);
    by_flag.stop();
    let mut command = place.command(&["serve"]);
    command.env("FIGUREBASE_LISTEN", "127.0.0.1:0").env("FIGUREBASE_BODY_BYTES_MAX", "100");
    let by_variable = Server::start(command);
    assert_eq!(by_variable.write("POST", "/v1/claims", &key, &body).status, 413);
    by_variable.stop();
    let unlimited = place.serve(&[]);
    assert_eq!(unlimited.write("POST", "/v1/claims", &key, &body).status, 201);
    unlimited.stop();
}

#[test]
fn the_public_address_stands_in_references() {
    let place = Place::new();
    let server = place.serve(&["--public-url", "https://figures.example/base/"]);
    let id = server.get("/v1/claims?metric=trade-value").json()["data"][0]["id"].as_str().unwrap().to_string();
    let reference = server.get(&format!("/v1/claims/{id}/cite?style=bibtex"));
    assert_eq!(reference.status, 200);
    assert!(reference.body.contains(&format!("https://figures.example/base/v1/claims/{id}")), "{}", reference.body);
    server.stop();
}

#[test]
fn a_log_that_goes_to_a_file_has_no_colours() {
    let place = Place::new();
    let server = place.serve(&[]);
    let log = server.log();
    server.stop();
    assert!(!log.contains('\u{1b}'), "escape codes in a log that no terminal shows: {log:?}");
}

#[test]
fn both_signals_to_stop_end_it_at_once_with_exit_code_zero() {
    for signal in ["TERM", "INT"] {
        let place = Place::new();
        let mut server = place.serve(&["--no-seed"]);
        assert_eq!(server.get("/healthz").status, 200);
        server.signal(signal);
        let (status, time) = server.end();
        assert_eq!(status.code(), Some(0), "SIG{signal}: {}", server.log());
        assert!(time < STOP_TIME, "SIG{signal} took {time:?}");
        assert!(server.log().contains("stopped"), "{}", server.log());
    }
}

#[test]
fn a_stop_right_after_the_start_is_as_clean_as_any() {
    for _ in 0..10 {
        // A system may stop a service as soon as it says that it serves.
        Place::new().serve(&["--no-seed"]).stop();
    }
}

#[test]
fn neither_a_half_sent_request_nor_an_idle_connection_holds_up_the_stop() {
    let place = Place::new();
    let mut server = place.serve(&["--no-seed"]);
    let mut half_sent = TcpStream::connect(server.address).unwrap();
    half_sent.write_all(b"GET /v1/claims HTTP/1.1\r\nhost: x\r\nx-slow: ").unwrap();
    let silent = TcpStream::connect(server.address).unwrap();
    let mut kept_alive = TcpStream::connect(server.address).unwrap();
    kept_alive.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut first = [0; 12];
    kept_alive.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    server.signal("TERM");
    let (status, time) = server.end();
    assert_eq!(status.code(), Some(0), "{}", server.log());
    assert!(time < Duration::from_secs(12), "the stop took {time:?}");
    drop((half_sent, silent));
}

#[test]
fn a_request_under_way_is_answered_before_the_stop() {
    let place = Place::seeded();
    let key = place.key("write");
    let mut server = place.serve(&[]);
    let body = json!({"metric": "refugees", "actor": "UKR", "value": {"best_exact": "7", "unit": "person"}}).to_string();
    let mut stream = TcpStream::connect(server.address).unwrap();
    let head = format!(
        "POST /v1/claims HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body.as_bytes()[..10]).unwrap();
    // The service has read the head by then; the rest comes while it is stopping.
    std::thread::sleep(Duration::from_millis(300));
    server.signal("TERM");
    std::thread::sleep(Duration::from_millis(300));
    stream.write_all(&body.as_bytes()[10..]).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(server.end().0.code(), Some(0));
    assert_eq!(place.claims().iter().filter(|claim| claim["metric"]["slug"] == "refugees").count(), 1);
}

#[test]
fn a_client_that_never_finishes_its_head_is_cut_off() {
    let place = Place::new();
    let server = place.serve(&["--no-seed"]);
    let mut slow = TcpStream::connect(server.address).unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: ").unwrap();
    let begin = Instant::now();
    let mut rest = Vec::new();
    // An error other than the time-out of this test is the cut as well.
    let outcome = slow.read_to_end(&mut rest);
    let time = begin.elapsed();
    assert!(time < Duration::from_secs(15), "still open after {time:?}: {outcome:?}");
    assert!(time > Duration::from_secs(5), "cut after {time:?} already");
    assert_eq!(server.get("/healthz").status, 200, "others are served all the same");
    server.stop();
}

#[test]
fn garbage_on_the_socket_breaks_nothing() {
    let place = Place::new();
    let server = place.serve(&["--no-seed"]);
    let long_head = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(100_000));
    let many_headers = format!("GET /healthz HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(1000));
    for garbage in
        [b"\x16\x03\x01\x00\xa5".as_slice(), b"\0\0\0\0\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\n", long_head.as_bytes(), many_headers.as_bytes()]
    {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // The service may hang up before all of it is sent.
        let _ = stream.write_all(garbage);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 5") && !answer.starts_with(b"HTTP/1.1 2"), "{:?}", String::from_utf8_lossy(&answer));
    }
    assert_eq!(server.get("/healthz").status, 200);
    assert!(!server.log().contains("panicked"), "{}", server.log());
    server.stop();
}

/// Posts claims on one connection after another until the service is gone; gives the ids that were acknowledged.
fn post_until_killed(address: SocketAddr, key: &str, next: &AtomicUsize, told: &AtomicUsize) -> Vec<String> {
    let authorization = format!("Bearer {key}");
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    let mut acknowledged = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed).to_string();
        let body = json!({"metric": "refugees", "actor": "UKR", "value": {"best_exact": number, "unit": "person"}}).to_string();
        match try_ask(address, "POST", "/v1/claims", &headers, &body) {
            Ok(answer) => {
                acknowledged.push(answer.id(201));
                told.fetch_add(1, Ordering::Relaxed);
            }
            Err(_) => return acknowledged,
        }
    }
}

#[test]
fn every_acknowledged_claim_is_there_after_a_kill() {
    const ROUNDS: u64 = 20;
    const CLIENTS: usize = 4;
    let place = Place::seeded();
    let key = place.key("write");
    let next = AtomicUsize::new(1);
    let mut acknowledged: Vec<String> = Vec::new();
    for round in 0..ROUNDS {
        let mut server = place.serve(&[]);
        let address = server.address;
        let told = AtomicUsize::new(0);
        let client = || post_until_killed(address, &key, &next, &told);
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(client)).collect();
            if round % 2 == 0 {
                std::thread::sleep(Duration::from_millis(20 + 7 * round));
            } else {
                // However slow the machine is, some claims are acknowledged.
                let begin = Instant::now();
                while told.load(Ordering::Relaxed) < 5 && begin.elapsed() < PATIENCE {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
            server.kill();
            for client in clients {
                acknowledged.extend(client.join().unwrap());
            }
        });
        if let Some(last) = acknowledged.last() {
            let again: Reply = place.serve(&[]).get(&format!("/v1/claims/{last}"));
            assert_eq!(again.status, 200, "round {round}: {again:?}");
        }
    }
    let kept: std::collections::HashSet<String> =
        lines(&place.export()).iter().filter_map(|line| Some(line["id"].as_str()?.to_string())).collect();
    let lost: Vec<&String> = acknowledged.iter().filter(|id| !kept.contains(*id)).collect();
    assert!(lost.is_empty(), "{} of {} acknowledged claims are lost: {lost:?}", lost.len(), acknowledged.len());
    assert!(acknowledged.len() > 20, "only {} claims were written, which shows nothing", acknowledged.len());
}

#[tokio::test]
async fn a_database_cannot_be_opened_by_a_newer_schema_than_the_programs() {
    // The other way round is `migrate`; this one protects a database from an older program.
    let place = Place::seeded();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         SELECT 9999, 'newer', success, checksum, 0 FROM _sqlx_migrations ORDER BY version LIMIT 1";
    place.database.run(newer).await;
    let refused = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(refused.refusal().contains("does not fit this version of the program"), "{refused:?}");
}

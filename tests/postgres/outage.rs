//! PostgreSQL stopped and started under load: what clients are told meanwhile, and that nothing acknowledged is lost.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::http::Method;
use figurebase::domain::clock::Clock;
use figurebase::domain::key::Scope;
use figurebase::http::state::Limits;
use figurebase::ingest::seed::seed;
use figurebase::store::OpenOptions;

use crate::cluster::{Cluster, Stop};
use crate::support::{TestApp, new_claim};

/// Clients that write at once.
const CLIENTS: usize = 8;
/// Longest time from the server's return until writes are taken again.
const RECOVERY_MAX: Duration = Duration::from_secs(5);

/// What one client was told.
#[derive(Default)]
struct Told {
    acknowledged: BTreeSet<String>,
    /// Of which it was told that nothing was changed.
    not_done: BTreeSet<String>,
    refused: usize,
    /// Of the first write that was taken after the server had come back.
    recovered_at: Option<Instant>,
}

async fn seeded_on(cluster: &Cluster) -> Arc<TestApp> {
    seeded_in(cluster, &cluster.new_schema()).await
}

async fn seeded_in(cluster: &Cluster, schema: &str) -> Arc<TestApp> {
    let url = cluster.url(schema);
    let options = OpenOptions { url, readers: 2, create: true, ..OpenOptions::default() };
    let app = TestApp::over(&options, Limits::default()).await;
    seed(&app.store).await.unwrap();
    Arc::new(app)
}

/// Writes until told to stop, and checks each answer.
async fn write_on(app: Arc<TestApp>, key: String, client: usize, is_back: Arc<AtomicBool>, stop: Arc<AtomicBool>) -> Told {
    let mut told = Told::default();
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        number += 1;
        let best = format!("{}", client * 1_000_000 + number);
        let was_back = is_back.load(Ordering::SeqCst);
        let answer = app.ask(Method::POST, "/v1/claims").key(&key).json(&new_claim("SYR", &best, "2015")).send().await;
        if answer.status == 201 {
            told.acknowledged.insert(best);
            if was_back {
                told.recovered_at.get_or_insert_with(Instant::now);
            }
        } else {
            assert_eq!(answer.status, 503, "{}", answer.body);
            match answer.problem().as_str() {
                "unavailable" => drop(told.not_done.insert(best)),
                code => assert_eq!(code, "outcome-unknown", "{}", answer.body),
            }
            assert_eq!(answer.header("retry-after"), "1", "{answer:?}");
            told.refused += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    told
}

async fn outage(how: Stop) {
    let cluster = Cluster::start();
    let app = seeded_on(&cluster).await;
    let key = app.key(Scope::Write).await;
    let (is_back, stop) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| tokio::spawn(write_on(Arc::clone(&app), key.clone(), client, Arc::clone(&is_back), Arc::clone(&stop))))
        .collect();
    tokio::time::sleep(Duration::from_millis(700)).await;
    tokio::task::block_in_place(|| cluster.stop(how));
    let read = app.get("/v1/claims").await;
    assert_eq!((read.status.as_u16(), read.problem().as_str()), (503, "unavailable"), "reads while the server is away");
    assert_eq!(read.header("retry-after"), "1");
    assert_eq!(app.get("/readyz").await.status, 503);
    assert_eq!(app.get("/healthz").await.status, 200, "the process itself is well");
    tokio::time::sleep(Duration::from_millis(500)).await;
    tokio::task::block_in_place(|| cluster.start_again());
    let back_at = Instant::now();
    is_back.store(true, Ordering::SeqCst);
    tokio::time::sleep(RECOVERY_MAX).await;
    stop.store(true, Ordering::Relaxed);
    let (mut acknowledged, mut not_done) = (BTreeSet::new(), BTreeSet::new());
    let mut refused = 0;
    for client in clients {
        let told = client.await.unwrap();
        let recovered = told.recovered_at.unwrap_or_else(|| panic!("a client was never served again"));
        assert!(recovered - back_at < RECOVERY_MAX, "a client was served again only after {:?}", recovered - back_at);
        refused += told.refused;
        acknowledged.extend(told.acknowledged);
        not_done.extend(told.not_done);
    }
    assert!(refused >= CLIENTS, "only {refused} writes met the outage");
    let kept: BTreeSet<String> = app
        .get("/v1/claims.ndjson?metric=refugees&actor=SYR")
        .await
        .body
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["value_exact"].as_str().unwrap().to_string())
        .collect();
    let lost: Vec<_> = acknowledged.difference(&kept).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let done: Vec<_> = not_done.intersection(&kept).collect();
    assert!(done.is_empty(), "kept, and told that nothing was changed: {done:?}");
    assert!(acknowledged.len() > CLIENTS, "only {} writes were taken", acknowledged.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_in_peace_under_load_loses_nothing_acknowledged_and_is_used_again_at_once() {
    outage(Stop::Fast).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_crashes_under_load_loses_nothing_acknowledged_and_is_used_again_at_once() {
    outage(Stop::Immediate).await;
}

#[tokio::test]
async fn a_write_that_waits_for_another_process_too_long_is_let_go_and_the_next_one_is_taken() {
    let cluster = Cluster::start();
    let schema = cluster.new_schema();
    let options = OpenOptions { url: cluster.url(&schema), readers: 2, create: true, ..OpenOptions::default() };
    let app = TestApp::over(&options, Limits::default()).await;
    seed(&app.store).await.unwrap();
    let key = app.key(Scope::Write).await;
    let mut other = cluster.connect(&schema).await;
    sqlx::raw_sql("BEGIN; UPDATE head SET seq = seq").execute(&mut other).await.unwrap();
    let refused = app.ask(Method::POST, "/v1/claims").key(&key).json(&new_claim("SYR", "1", "2015")).send().await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (503, "unavailable"));
    drop(other);
    let taken = app.ask(Method::POST, "/v1/claims").key(&key).json(&new_claim("SYR", "1", "2015")).send().await;
    assert_eq!(taken.status, 201, "{}", taken.body);
}

#[tokio::test]
async fn two_services_on_one_database_write_in_one_order_and_answer_a_repeated_request_once() {
    let cluster = Cluster::shared();
    let options = OpenOptions { url: cluster.url(&cluster.new_schema()), readers: 2, create: true, ..OpenOptions::default() };
    let first = TestApp::over(&options, Limits::default()).await;
    seed(&first.store).await.unwrap();
    let second = TestApp::over(&options, Limits::default()).await;
    // Identifiers count up in each; those of the second begin where the first never comes.
    for _ in 0..10_000 {
        second.clock.fresh_uuid();
    }
    let key = first.key(Scope::Write).await;
    let write = async |app: &TestApp, best: usize, repeat: &str| {
        let claim = new_claim("SYR", &best.to_string(), "2015");
        app.ask(Method::POST, "/v1/claims").key(&key).header("idempotency-key", repeat).json(&claim).send().await
    };
    let begin = first.store.head().await.unwrap().at.0;
    for number in 0..20 {
        let repeat = format!("request-{number}");
        let (one, other) = tokio::join!(write(&first, number, &repeat), write(&second, number, &repeat));
        assert_eq!((one.status.as_u16(), other.status.as_u16()), (201, 201), "{one:?} {other:?}");
        assert_eq!(one.json()["data"]["id"], other.json()["data"]["id"]);
    }
    let reads = [
        first.get("/v1/claims?metric=refugees&actor=SYR&limit=1000").await,
        second.get("/v1/claims?metric=refugees&actor=SYR&limit=1000").await,
    ];
    assert_eq!(reads[0].body, reads[1].body);
    assert_eq!(first.store.head().await.unwrap().at.0, begin + 20, "each request was carried out once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_that_went_away_leave_the_server_nothing_to_do_and_slow_ones_do_not_keep_writers_waiting() {
    const READERS: usize = 20;
    let cluster = Cluster::start();
    let schema = cluster.new_schema();
    let app = seeded_in(&cluster, &schema).await;
    let key = app.key(Scope::Write).await;
    let mut other = cluster.connect(&schema).await;
    sqlx::raw_sql("BEGIN; LOCK TABLE claim_text IN ACCESS EXCLUSIVE MODE").execute(&mut other).await.unwrap();
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let app = Arc::clone(&app);
            tokio::spawn(async move { app.get("/v1/claims?q=troops").await.status })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let unit = serde_json::json!({"slug": "sack", "label": "sack", "dimension": "count"});
    let asked = Instant::now();
    assert_eq!(app.get("/readyz").await.status, 200);
    let written = app.ask(Method::POST, "/v1/units").key(&key).json(&unit).send().await;
    assert_eq!(written.status, 201, "{}", written.body);
    assert!(asked.elapsed() < Duration::from_secs(2), "waited for the readers: {:?}", asked.elapsed());
    let waiting = async |other: &mut sqlx::PgConnection| -> i64 {
        let text = "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'figurebase' AND wait_event_type = 'Lock'";
        sqlx::query_scalar(text).fetch_one(other).await.unwrap()
    };
    assert!(waiting(&mut other).await > 1, "nobody waits, so there is nothing to see");
    for reader in &readers {
        reader.abort();
    }
    let gone_at = Instant::now();
    while waiting(&mut other).await > 0 {
        assert!(gone_at.elapsed() < Duration::from_secs(10), "the server still works for readers that went away");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(app.get("/v1/claims").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_the_database_refuses_does_not_take_others_with_it() {
    let cluster = Cluster::shared();
    let schema = cluster.new_schema();
    let app = seeded_in(cluster, &schema).await;
    let key = app.key(Scope::Write).await;
    let mut other = cluster.connect(&schema).await;
    let poison = "ALTER TABLE claim_versions ADD CONSTRAINT no_poison CHECK (body NOT LIKE '%666666%')";
    sqlx::raw_sql(poison).execute(&mut other).await.unwrap();
    // All of them wait while somebody else holds the lock, and so are written together.
    sqlx::raw_sql("BEGIN; UPDATE head SET seq = seq").execute(&mut other).await.unwrap();
    let writers: Vec<_> = ["1", "666666", "2", "3", "4"]
        .map(|best| {
            let (app, key) = (Arc::clone(&app), key.clone());
            tokio::spawn(async move {
                let sent = app.ask(Method::POST, "/v1/claims").key(&key).json(&new_claim("SYR", best, "2015")).send();
                (best, sent.await.status.as_u16())
            })
        })
        .into();
    tokio::time::sleep(Duration::from_millis(500)).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    for writer in writers {
        let (best, status) = writer.await.unwrap();
        assert_eq!(status, if best == "666666" { 500 } else { 201 }, "{best}");
    }
}

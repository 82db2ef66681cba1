//! The one task that writes. It owns the one connection that may write, and commits many changes at once.
//!
//! A caller hands over a change and waits for the outcome; when the caller goes away, the change still happens
//! wholly or not at all. Everything is checked before anything is written, so a refused change needs no undoing.
//! On any error the connection is thrown away: after a full disk or an interrupted statement, driver and SQLite
//! can disagree about whether a transaction is open, and a later commit would then answer yes and keep nothing.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot, watch};

use super::change::{Change, ChangeError, Idempotency, Outcome, Refusal};
use super::check::{self, Checked, Known};
use super::rows::Rows;
use super::{Db, Store, StoreError, to_json};
use crate::domain::clock::Clock;

/// Changes that may wait; beyond that a caller is told at once to come again.
const QUEUE_CHANGES_MAX: usize = 256;
/// Changes that one commit takes together.
const GROUP_CHANGES_MAX: usize = 128;
/// How long answers to repeatable requests are kept: 72 hours, in microseconds.
const IDEMPOTENCY_MICROS: i64 = 72 * 3600 * 1_000_000;
/// SQLite's primary result code of an input or output error.
const SQLITE_IOERR: i32 = 10;

const BEGIN: &str = "BEGIN IMMEDIATE";
const COMMIT: &str = "COMMIT";
const SELECT_HEAD: &str = "SELECT seq, committed_at FROM head";
const UPDATE_HEAD: &str = "UPDATE head SET seq = $1, committed_at = $2";
const SELECT_OUTCOME: &str = "SELECT fingerprint, outcome FROM idempotency WHERE key_id = $1 AND route = $2 AND idempotency_key = $3";
const INSERT_OUTCOME: &str = "INSERT INTO idempotency (key_id, route, idempotency_key, fingerprint, outcome, recorded_at) \
    VALUES ($1, $2, $3, $4, $5, $6)";
const DELETE_OLD_OUTCOMES: &str = "DELETE FROM idempotency WHERE recorded_at < $1";

type Answer = Result<Outcome, ChangeError>;

struct Job {
    change: Change,
    answer: oneshot::Sender<Answer>,
}

/// A handle to the writing task.
#[derive(Clone)]
pub(super) struct Writer {
    connect: SqliteConnectOptions,
    queue: mpsc::Sender<Job>,
    /// Repeatable requests that are under way: key id, route, key.
    running: Arc<Mutex<HashSet<(String, String, String)>>>,
    failed: watch::Receiver<bool>,
    closed: watch::Receiver<bool>,
    close: watch::Sender<bool>,
}

impl Writer {
    /// Starts the task.
    pub(super) fn start(connect: SqliteConnectOptions, clock: Arc<dyn Clock>) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE_CHANGES_MAX);
        let (failed_to, failed) = watch::channel(false);
        let (closed_to, closed) = watch::channel(false);
        let (close, closing) = watch::channel(false);
        let running = Arc::new(Mutex::new(HashSet::new()));
        let task = Task {
            connect: connect.clone(),
            clock,
            running: Arc::clone(&running),
            connection: None,
            known: Known::default(),
            failed: failed_to,
        };
        tokio::spawn(async move {
            task.run(jobs, closing).await;
            closed_to.send_replace(true);
        });
        Self { connect, queue, running, failed, closed, close }
    }

    /// Resolves once a fault of the disk forbids to acknowledge anything more.
    pub(super) async fn failed(&self) {
        let mut failed = self.failed.clone();
        let gone = failed.wait_for(|failed| *failed).await.is_err();
        if gone {
            std::future::pending::<()>().await;
        }
    }

    /// Takes nothing more, and waits until what was taken is done.
    pub(super) async fn close(&self) {
        self.close.send_replace(true);
        let mut closed = self.closed.clone();
        // An error means that the task is gone, which is what was waited for.
        drop(closed.wait_for(|closed| *closed).await);
    }
}

impl Store {
    /// Makes a change, and answers once it is durable.
    pub async fn write(&self, change: Change) -> Answer {
        let ticket = match &change.idempotency {
            None => None,
            Some(wanted) => {
                let ticket = (wanted.key_id.clone(), wanted.route.clone(), wanted.key.clone());
                let mut running = self.writer.running.lock().unwrap_or_else(PoisonError::into_inner);
                if !running.insert(ticket.clone()) {
                    return Err(ChangeError::Refused(vec![Refusal::StillRunning]));
                }
                Some(ticket)
            }
        };
        let (answer, outcome) = oneshot::channel();
        if self.writer.queue.try_send(Job { change, answer }).is_err() {
            if let Some(ticket) = ticket {
                self.writer.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&ticket);
            }
            return Err(StoreError::Unavailable("too many writes are waiting, or the service is stopping".into()).into());
        }
        outcome.await.unwrap_or_else(|_| Err(StoreError::Unavailable("the writer stopped".into()).into()))
    }

    /// The outcome of an earlier request with the same idempotency key, if there was one.
    ///
    /// Asked before anything else is checked: a repeated request gets its answer again, although the first one has made
    /// its own preconditions false.
    pub async fn find_outcome(&self, wanted: &Idempotency) -> Result<Option<Outcome>, ChangeError> {
        let query = sqlx::query_as(SELECT_OUTCOME).bind(&wanted.key_id).bind(&wanted.route).bind(&wanted.key);
        let found: Option<(String, String)> = query.fetch_optional(&self.read).await.map_err(StoreError::from)?;
        found.map(|found| replayed(wanted, &found)).transpose()
    }

    /// Says whether a change could be made now, and makes nothing.
    pub async fn check(&self, change: &Change) -> Result<(), ChangeError> {
        let mut connection = self.writer.connect.connect().await.map_err(StoreError::from)?;
        let checked = check::check(&mut connection, &mut Known::default(), change).await?;
        connection.close().await.map_err(StoreError::from)?;
        match checked {
            Checked::Allowed(_) => Ok(()),
            Checked::Refused(refusals) => Err(ChangeError::Refused(refusals)),
        }
    }

    /// Runs one statement on a connection of its own, for the little that is no change: keys. Gives the rows affected.
    pub(super) async fn execute_alone(
        &self,
        query: sqlx::query::Query<'_, Db, <Db as sqlx::Database>::Arguments>,
    ) -> Result<u64, StoreError> {
        let mut connection = self.writer.connect.connect().await?;
        let done = query.execute(&mut connection).await?;
        connection.close().await?;
        Ok(done.rows_affected())
    }
}

struct Task {
    connect: SqliteConnectOptions,
    clock: Arc<dyn Clock>,
    running: Arc<Mutex<HashSet<(String, String, String)>>>,
    connection: Option<SqliteConnection>,
    known: Known,
    failed: watch::Sender<bool>,
}

impl Task {
    async fn run(mut self, mut jobs: mpsc::Receiver<Job>, mut closing: watch::Receiver<bool>) {
        loop {
            let mut group = Vec::new();
            tokio::select! {
                biased;
                count = jobs.recv_many(&mut group, GROUP_CHANGES_MAX) => if count == 0 { break },
                () = told_to_close(&mut closing) => {
                    jobs.close();
                    if jobs.recv_many(&mut group, GROUP_CHANGES_MAX).await == 0 { break }
                }
            }
            self.write_group(group).await;
        }
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "closing the write connection");
        }
    }

    async fn write_group(&mut self, group: Vec<Job>) {
        let (changes, senders): (Vec<Change>, Vec<_>) = group.into_iter().map(|job| (job.change, job.answer)).unzip();
        let tickets: Vec<_> = changes.iter().filter_map(|change| change.idempotency.as_ref()).cloned().collect();
        let answers = if *self.failed.borrow() {
            Err(StoreError::Unavailable("the disk failed; the service has to be restarted".into()))
        } else {
            self.commit_group(changes).await
        };
        {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            for ticket in tickets {
                running.remove(&(ticket.key_id, ticket.route, ticket.key));
            }
        }
        match answers {
            Ok(answers) => {
                for (sender, answer) in senders.into_iter().zip(answers) {
                    // A caller that went away needs no answer.
                    drop(sender.send(answer));
                }
            }
            Err(error) => {
                tracing::error!(%error, changes = senders.len(), "nothing of a group of changes was kept");
                self.connection = None;
                self.known = Known::default();
                self.failed.send_if_modified(|failed| {
                    *failed |= is_disk_fault(&error);
                    *failed
                });
                for sender in senders {
                    drop(sender.send(Err(StoreError::Unavailable("the change could not be stored".into()).into())));
                }
            }
        }
    }

    /// Checks and writes all changes in one transaction. An error means that nothing was kept.
    async fn commit_group(&mut self, changes: Vec<Change>) -> Result<Vec<Answer>, StoreError> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            empty => empty.insert(self.connect.connect().await?),
        };
        sqlx::query(BEGIN).execute(&mut *connection).await?;
        let head: (i64, i64) = sqlx::query_as(SELECT_HEAD).fetch_one(&mut *connection).await?;
        // The clock may have been set back; the order of times must follow the order of changes all the same.
        let now = self.clock.now().as_microsecond().max(head.1);
        let mut rows = Rows::new(head.0, now);
        let mut answers = Vec::with_capacity(changes.len());
        for change in changes {
            answers.push(write_change(connection, &mut self.known, &mut rows, change).await?);
        }
        rows.flush(connection).await?;
        if rows.seq() > head.0 {
            sqlx::query(UPDATE_HEAD).bind(rows.seq()).bind(now).execute(&mut *connection).await?;
        }
        sqlx::query(COMMIT).execute(&mut *connection).await?;
        Ok(answers)
    }
}

/// A stored outcome as the answer to the same request; another request with its key is refused.
fn replayed(wanted: &Idempotency, (fingerprint, outcome): &(String, String)) -> Answer {
    if *fingerprint != wanted.fingerprint {
        return Err(ChangeError::Refused(vec![Refusal::KeyReused]));
    }
    let outcome: Outcome = serde_json::from_str(outcome).map_err(|error| StoreError::corrupt("idempotency", &wanted.key, error))?;
    Ok(Outcome { replayed: true, ..outcome })
}

async fn told_to_close(closing: &mut watch::Receiver<bool>) {
    // An error means that nobody holds the handle any more, which closes just the same.
    drop(closing.wait_for(|closing| *closing).await);
}

/// Checks one change and adds its rows; the inner error refuses this change alone.
async fn write_change(connection: &mut SqliteConnection, known: &mut Known, rows: &mut Rows, change: Change) -> Result<Answer, StoreError> {
    if let Some(wanted) = &change.idempotency {
        rows.flush(connection).await?;
        let found: Option<(String, String)> = sqlx::query_as(SELECT_OUTCOME)
            .bind(&wanted.key_id)
            .bind(&wanted.route)
            .bind(&wanted.key)
            .fetch_optional(&mut *connection)
            .await?;
        if let Some(found) = found {
            return match replayed(wanted, &found) {
                Err(ChangeError::Store(error)) => Err(error),
                answer => Ok(answer),
            };
        }
    }
    if rows.touches(&change) {
        rows.flush(connection).await?;
    }
    let written = match check::check(connection, known, &change).await? {
        Checked::Refused(refusals) => return Ok(Err(ChangeError::Refused(refusals))),
        Checked::Allowed(versions) => rows.add(change.items, versions, &change.recorder)?,
    };
    let outcome = Outcome { written, seq: rows.seq(), replayed: false };
    if let Some(wanted) = change.idempotency {
        sqlx::query(DELETE_OLD_OUTCOMES).bind(rows.now() - IDEMPOTENCY_MICROS).execute(&mut *connection).await?;
        let text = to_json(&outcome, "idempotency", &wanted.key)?;
        sqlx::query(INSERT_OUTCOME)
            .bind(wanted.key_id)
            .bind(wanted.route)
            .bind(wanted.key)
            .bind(wanted.fingerprint)
            .bind(text)
            .bind(rows.now())
            .execute(connection)
            .await?;
    }
    Ok(Ok(outcome))
}

/// Whether the operating system could not read or write: what reached the disk is then unknown, and a second
/// attempt to sync may wrongly succeed.
fn is_disk_fault(error: &StoreError) -> bool {
    let StoreError::Driver(sqlx::Error::Database(error)) = error else { return false };
    error.code().and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == SQLITE_IOERR)
}

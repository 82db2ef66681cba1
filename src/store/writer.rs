//! The one task that writes. It owns the one connection that may write, and commits many changes at once.
//!
//! A caller hands over a change and waits for the outcome; when the caller goes away, the change still happens
//! wholly or not at all. Everything is checked before anything is written, so a refused change needs no undoing.
//! On any error the connection is thrown away: after a full disk or an interrupted statement, driver and SQLite
//! can disagree about whether a transaction is open, and a later commit would then answer yes and keep nothing.

use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot, watch};

use super::change::{Change, ChangeError, Idempotency, Outcome, Refusal};
use super::check::{self, Checked, Known};
use super::engine::{self, Connection, Connector};
use super::rows::Rows;
use super::statement::{Reach, Statement};
use super::transaction::Transaction;
use super::{At, Store, StoreError, to_json};
use crate::domain::clock::Clock;

/// Changes that may wait; beyond that a caller is told at once to come again.
const QUEUE_CHANGES_MAX: usize = 256;
/// Changes that one commit takes together.
const GROUP_CHANGES_MAX: usize = 128;
/// How long answers to repeatable requests are kept: 72 hours, in microseconds.
pub(super) const IDEMPOTENCY_MICROS: i64 = 72 * 3600 * 1_000_000;

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
    connect: Connector,
    queue: mpsc::Sender<Job>,
    /// Repeatable requests that are under way: key id, route, key.
    running: Arc<Mutex<HashSet<(String, String, String)>>>,
    failed: watch::Receiver<bool>,
    /// The newest state that a change of this process led to.
    last_written: Arc<AtomicI64>,
    closed: watch::Receiver<bool>,
    close: watch::Sender<bool>,
}

impl Writer {
    /// Starts the task.
    pub(super) fn start(connect: Connector, clock: Arc<dyn Clock>) -> Self {
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
        Self { connect, queue, running, failed, last_written: Arc::default(), closed, close }
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
        let outcome = outcome.await.unwrap_or_else(|_| Err(StoreError::Unavailable("the writer stopped".into()).into()))?;
        self.writer.last_written.fetch_max(outcome.seq, Ordering::Relaxed);
        Ok(outcome)
    }

    /// A state that holds everything that was written, or found to be written, through this handle's process.
    pub fn last_written(&self) -> At {
        At(self.writer.last_written.load(Ordering::Relaxed))
    }

    /// The outcome of an earlier request with the same idempotency key, if there was one.
    ///
    /// Asked before anything else is checked: a repeated request gets its answer again, although the first one has made
    /// its own preconditions false.
    pub async fn find_outcome(&self, wanted: &Idempotency) -> Result<Option<Outcome>, ChangeError> {
        let found: Option<(String, String)> = self.prompt.fetch_optional(select_outcome(wanted)).await?;
        let outcome = found.map(|found| replayed(wanted, &found)).transpose()?;
        self.writer.last_written.fetch_max(outcome.as_ref().map_or(0, |outcome| outcome.seq), Ordering::Relaxed);
        Ok(outcome)
    }

    /// Says whether a change could be made now, and makes nothing.
    pub async fn check(&self, change: &Change) -> Result<(), ChangeError> {
        let mut connection = self.connect_alone().await?;
        let checked = check::check(&mut connection, &mut Known::default(), change).await?;
        connection.close().await?;
        match checked {
            Checked::Allowed(_) => Ok(()),
            Checked::Refused(refusals) => Err(ChangeError::Refused(refusals)),
        }
    }

    /// A connection of its own, for what is no change of the writer's.
    pub(super) async fn connect_alone(&self) -> Result<Connection, StoreError> {
        self.writer.connect.connect().await
    }

    /// Runs one statement on a connection of its own, for the little that is no change: keys. Gives the rows affected.
    pub(super) async fn execute_alone(&self, statement: Statement) -> Result<u64, StoreError> {
        let mut connection = self.connect_alone().await?;
        let affected = connection.execute(statement).await?;
        connection.close().await?;
        Ok(affected)
    }
}

struct Task {
    connect: Connector,
    clock: Arc<dyn Clock>,
    running: Arc<Mutex<HashSet<(String, String, String)>>>,
    connection: Option<Connection>,
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
        if let Err(error) = self.leave().await {
            tracing::warn!(%error, "closing the write connection");
        }
    }

    /// Ends the connection; on SQLite, one is made for it if nothing was written: whoever leaves last empties the write-ahead log.
    async fn leave(&mut self) -> Result<(), StoreError> {
        match self.connection.take() {
            Some(connection) => connection.close().await,
            None if matches!(self.connect, Connector::Sqlite(_)) => self.connect.connect().await?.close().await,
            None => Ok(()),
        }
    }

    async fn write_group(&mut self, group: Vec<Job>) {
        let (changes, senders): (Vec<Change>, Vec<_>) = group.into_iter().map(|job| (job.change, job.answer)).unzip();
        let tickets: Vec<_> = changes.iter().filter_map(|change| change.idempotency.as_ref()).cloned().collect();
        let answers = if *self.failed.borrow() {
            Err(StoreError::Unavailable("the disk failed; the service has to be restarted".into()))
        } else {
            self.commit_together_or_singly(changes).await
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
                let told = self.note(&error, senders.len());
                for sender in senders {
                    drop(sender.send(Err(told.clone().into())));
                }
            }
        }
    }

    /// Takes note of an error that met changes; gives what their callers are told.
    fn note(&mut self, error: &StoreError, changes: usize) -> StoreError {
        if matches!(error, StoreError::OutcomeUnknown(_)) {
            tracing::error!(%error, changes, "it is not known whether a group of changes was kept");
        } else {
            tracing::error!(%error, changes, "nothing of a group of changes was kept");
        }
        self.known = Known::default();
        self.failed.send_if_modified(|failed| {
            *failed |= engine::is_disk_fault(error);
            *failed
        });
        told(error)
    }

    /// Commits changes together; when the database refuses what one of them says, each alone, so that the others do not fail
    /// with it.
    async fn commit_together_or_singly(&mut self, changes: Vec<Change>) -> Result<Vec<Answer>, StoreError> {
        let again = if changes.len() > 1 { changes.clone() } else { Vec::new() };
        let refused = match self.commit_group(changes).await {
            Err(error) if !again.is_empty() && engine::is_refusal(&error) => error,
            answers => return answers,
        };
        self.note(&refused, again.len());
        let mut answers = Vec::with_capacity(again.len());
        for change in again {
            let answer = self.commit_group(vec![change]).await.map(|mut answers| answers.pop());
            answers.push(match answer {
                Ok(Some(answer)) => answer,
                Ok(None) => Err(told(&refused).into()),
                Err(error) => Err(self.note(&error, 1).into()),
            });
        }
        Ok(answers)
    }

    /// Checks and writes all changes in one transaction. An error means that nothing was kept, or that it is not known.
    async fn commit_group(&mut self, changes: Vec<Change>) -> Result<Vec<Answer>, StoreError> {
        let mut transaction = self.begin().await?;
        // The clock may have been set back; the order of times must follow the order of changes all the same.
        let now = self.clock.now().as_microsecond().max(transaction.committed_at);
        let mut rows = Rows::new(transaction.seq, now);
        let mut answers = Vec::with_capacity(changes.len());
        for change in changes {
            answers.push(write_change(&mut transaction.connection, &mut self.known, &mut rows, change).await?);
        }
        if answers.iter().all(Result::is_err) {
            self.connection = Some(transaction.roll_back().await?);
            return Ok(answers);
        }
        rows.flush(&mut transaction.connection).await?;
        if rows.seq() > transaction.seq {
            transaction.move_head(rows.seq(), now).await?;
        }
        self.connection = Some(transaction.commit().await?);
        Ok(answers)
    }

    /// A new transaction on the connection, which on any error is not put back; one that does not live any more is replaced.
    async fn begin(&mut self) -> Result<Transaction, StoreError> {
        if let Some(connection) = self.connection.take()
            && let Some(transaction) = Transaction::begin_if_alive(connection).await?
        {
            return Ok(transaction);
        }
        self.known = Known::default();
        Transaction::begin(self.connect.connect().await?).await
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

fn select_outcome(wanted: &Idempotency) -> Statement {
    Statement::new(Reach::Ledger, SELECT_OUTCOME).bind(&wanted.key_id).bind(&wanted.route).bind(&wanted.key)
}

async fn told_to_close(closing: &mut watch::Receiver<bool>) {
    // An error means that nobody holds the handle any more, which closes just the same.
    drop(closing.wait_for(|closing| *closing).await);
}

/// Checks one change and adds its rows; the inner error refuses this change alone.
async fn write_change(connection: &mut Connection, known: &mut Known, rows: &mut Rows, change: Change) -> Result<Answer, StoreError> {
    if let Some(wanted) = &change.idempotency {
        rows.flush(connection).await?;
        let found: Option<(String, String)> = connection.fetch_optional(select_outcome(wanted)).await?;
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
        let oldest = rows.now() - IDEMPOTENCY_MICROS;
        connection.execute(Statement::new(Reach::Ledger, DELETE_OLD_OUTCOMES).bind(oldest)).await?;
        let text = to_json(&outcome, "idempotency", &wanted.key)?;
        let kept = Statement::new(Reach::Ledger, INSERT_OUTCOME).bind(wanted.key_id).bind(wanted.route).bind(wanted.key);
        connection.execute(kept.bind(wanted.fingerprint).bind(text).bind(rows.now())).await?;
    }
    Ok(Ok(outcome))
}

/// What callers are told of an error: one that speaks of the disk passes.
fn told(error: &StoreError) -> StoreError {
    match error {
        StoreError::Driver(_) if !engine::is_refusal(error) => StoreError::Unavailable("the change could not be stored".into()),
        _ => error.clone(),
    }
}

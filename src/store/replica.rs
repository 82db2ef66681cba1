//! A second server that follows the first: read where it is far enough, done without where it is not.
//!
//! A task of its own asks it again and again how far it is, over a connection of its own, and keeps the newest answer. So no
//! reader ever waits for one, whatever has become of the replica. An answer stays true, for what a replica has it keeps; it may
//! only have more by now.
//!
//! What is read has to be a replica of this very database: with each new connection it is held against the primary, and each
//! answer says whether it still follows another server.

use std::mem::{Discriminant, discriminant};
use std::pin::pin;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::engine::Pool;
use super::open_postgres::{self, Identity, Observer};
use super::{At, Store, StoreError};

/// From one answer to the next question.
const PAUSE: Duration = Duration::from_millis(100);
/// A replica that has not answered for this long is not read until it does.
const OVERDUE_TIME: Duration = Duration::from_millis(200);
/// One that has not for so much longer is taken for lost.
const ANSWER_TIME: Duration = Duration::from_secs(1);
/// How long a replica that is lost is left alone.
const REST_TIME: Duration = Duration::from_secs(1);

/// A replica, and how far it is.
#[derive(Debug)]
pub(super) struct Replica {
    pool: Pool,
    /// The newest state that it is known to have; none while it must not be read.
    known: watch::Receiver<Option<At>>,
    /// The task ends when it is told so, or when nobody could tell it any more.
    close: watch::Sender<bool>,
}

impl Replica {
    /// Asks the replica at an address, and starts the task that goes on asking. Refuses what answers and is no replica of the primary.
    pub(super) async fn start(url: &str, readers: u32, primary: &str) -> Result<Self, StoreError> {
        let pool = Pool::Postgres(open_postgres::pool(url, readers)?);
        let identity = Observer::connect(primary).await?.identity().await.map_err(unidentified)?;
        let (known_to, known) = watch::channel(None);
        let (close, mut closing) = watch::channel(false);
        let asker = Asker { url: url.to_string(), identity, known: known_to };
        let first = asker.connect().await;
        if let Err(lost @ (Lost::FollowsNone | Lost::OfAnother)) = first {
            return Err(StoreError::Unsuitable(format!("{lost}; leave --read-database out, or name a replica of this database")));
        }
        tokio::spawn(async move {
            tokio::select! {
                // An error means that nobody holds the handle any more, which closes just the same.
                _ = closing.wait_for(|closing| *closing) => {}
                () = asker.ask_on(first) => {}
            }
        });
        Ok(Self { pool, known, close })
    }

    /// Ends the task and all connections.
    pub(super) async fn close(&self) {
        self.close.send_replace(true);
        let mut known = self.known.clone();
        // An error means that the task is gone, which is what was waited for.
        while known.changed().await.is_ok() {}
        self.pool.close().await;
    }
}

/// Why the replica cannot be read.
#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error("the replica does not answer ({0})")]
    NoAnswer(#[from] StoreError),
    #[error("the replica does not have the tables of this database yet")]
    NoTables,
    #[error("the server that is to be read follows no other one, so it is no replica")]
    FollowsNone,
    #[error("the database that is to be read is no replica of the one that is written to")]
    OfAnother,
}

/// The task that asks.
struct Asker {
    url: String,
    /// Of the primary.
    identity: Identity,
    known: watch::Sender<Option<At>>,
}

impl Asker {
    /// Asks for as long as it is let, and tells of a replica once when it is lost, once when it is back.
    async fn ask_on(self, mut connected: Result<Observer, Lost>) {
        let mut told: Option<Discriminant<Lost>> = None;
        loop {
            let lost = match connected {
                Ok(replica) => {
                    if told.take().is_some() {
                        tracing::info!("the replica is read again");
                    }
                    self.follow(replica).await
                }
                Err(lost) => lost,
            };
            self.known.send_replace(None);
            if told.replace(discriminant(&lost)) != Some(discriminant(&lost)) {
                tracing::warn!(%lost, "reading from the primary alone");
            }
            sleep(REST_TIME).await;
            connected = self.connect().await;
        }
    }

    /// A new connection, over which the replica has said how far it is.
    async fn connect(&self) -> Result<Observer, Lost> {
        let mut replica = Observer::connect(&self.url).await?;
        let (server, database, table) = timeout(ANSWER_TIME, replica.identity()).await.map_err(|_| late())??;
        let (of_server, of_database, of_table) = &self.identity;
        if (&server, &database) != (of_server, of_database) || table.is_some() && table != *of_table {
            return Err(Lost::OfAnother);
        }
        if table.is_none() {
            return Err(Lost::NoTables);
        }
        self.ask(&mut replica).await?;
        Ok(replica)
    }

    /// Asks over one connection until that is lost.
    async fn follow(&self, mut replica: Observer) -> Lost {
        loop {
            if let Ok(error) = timeout(PAUSE, replica.ended()).await {
                return error.into();
            }
            if let Err(lost) = self.ask(&mut replica).await {
                return lost;
            }
        }
    }

    /// Asks how far the replica is, and whether it still is one.
    async fn ask(&self, replica: &mut Observer) -> Result<(), Lost> {
        let mut asked = pin!(replica.state());
        let (follows, seq) = if let Ok(answer) = timeout(OVERDUE_TIME, &mut asked).await {
            answer?
        } else {
            self.known.send_replace(None);
            timeout(ANSWER_TIME, asked).await.map_err(|_| late())??
        };
        if !follows {
            return Err(Lost::FollowsNone);
        }
        self.known.send_replace(Some(At(seq)));
        Ok(())
    }
}

/// What a person can do about a primary that does not say which one it is; everybody may ask, unless that was taken away.
fn unidentified(error: StoreError) -> StoreError {
    match &error {
        StoreError::Driver(_) => {
            tracing::debug!(%error, "the primary does not say which one it is");
            StoreError::Unsuitable("the user may not call pg_control_system() on the primary, by which its replica is known".into())
        }
        _ => error,
    }
}

fn late() -> Lost {
    Lost::NoAnswer(StoreError::Unavailable("no answer in time".into()))
}

impl Store {
    /// This database for what anybody asks: read from the replica if that has reached a state, otherwise from the primary. So a
    /// client that names the state that its own write led to sees its write.
    #[must_use]
    pub fn reading_from(&self, at_least: At) -> Self {
        let from_replica = self.replica.as_ref().filter(|replica| replica.known.borrow().is_some_and(|at| at >= at_least));
        Self { read: from_replica.map_or(&self.readers, |replica| &replica.pool).clone(), ..self.clone() }
    }
}

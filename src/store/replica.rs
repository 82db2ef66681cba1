//! A second server that follows the first: read where it is far enough, done without where it is not.
//!
//! A task of its own asks it again and again how far it is, over a connection of its own, and keeps the newest answer. So no
//! reader ever waits for one, whatever has become of the replica. An answer stays true, for what a replica has it keeps; it may
//! only have more by now.

use std::mem::{Discriminant, discriminant};
use std::pin::pin;
use std::time::Duration;

use sqlx::postgres::PgListener;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::engine::Pool;
use super::{At, Store, StoreError, open_postgres};

/// From one answer to the next question.
const PAUSE: Duration = Duration::from_millis(100);
/// A replica that has not answered for this long is not read until it does.
const OVERDUE_TIME: Duration = Duration::from_millis(200);
/// One that has not for so much longer is taken for lost.
const ANSWER_TIME: Duration = Duration::from_secs(1);
/// How long a replica that is lost is left alone.
const REST_TIME: Duration = Duration::from_secs(1);

const SELECT_SEQ: &str = "SELECT seq FROM head";

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
    /// Asks the replica at an address, and starts the task that goes on asking.
    pub(super) async fn start(url: &str, readers: u32) -> Result<Self, StoreError> {
        let pool = Pool::Postgres(open_postgres::pool(url, readers)?);
        let (known_to, known) = watch::channel(None);
        let (close, mut closing) = watch::channel(false);
        let asker = Asker { url: url.to_string(), known: known_to };
        let first = asker.connect().await;
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
    NoAnswer(StoreError),
}

impl From<sqlx::Error> for Lost {
    fn from(error: sqlx::Error) -> Self {
        Self::NoAnswer(error.into())
    }
}

/// The task that asks.
struct Asker {
    url: String,
    known: watch::Sender<Option<At>>,
}

impl Asker {
    /// Asks for as long as it is let, and tells of a replica once when it is lost, once when it is back.
    async fn ask_on(self, mut connected: Result<PgListener, Lost>) {
        let mut told: Option<Discriminant<Lost>> = None;
        loop {
            let lost = match connected {
                Ok(connection) => {
                    if told.take().is_some() {
                        tracing::info!("the replica is read again");
                    }
                    self.follow(connection).await
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
    async fn connect(&self) -> Result<PgListener, Lost> {
        let pool = open_postgres::pool_of_one(&self.url).map_err(Lost::NoAnswer)?;
        let mut connection = PgListener::connect_with(&pool).await?;
        connection.eager_reconnect(false);
        self.ask(&mut connection).await?;
        Ok(connection)
    }

    /// Asks over one connection until that is lost.
    async fn follow(&self, mut connection: PgListener) -> Lost {
        loop {
            // Nothing is to be heard, but while it listens it learns at once that the connection has ended.
            if let Ok(heard) = timeout(PAUSE, connection.try_recv()).await
                && !matches!(heard, Ok(Some(_)))
            {
                return heard.err().map_or_else(|| no_answer("the connection ended"), Lost::from);
            }
            if let Err(lost) = self.ask(&mut connection).await {
                return lost;
            }
        }
    }

    /// Asks how far the replica is.
    async fn ask(&self, connection: &mut PgListener) -> Result<(), Lost> {
        let mut asked = pin!(sqlx::query_scalar(SELECT_SEQ).fetch_one(connection));
        let seq = if let Ok(answer) = timeout(OVERDUE_TIME, &mut asked).await {
            answer?
        } else {
            self.known.send_replace(None);
            timeout(ANSWER_TIME, asked).await.map_err(|_| no_answer("no answer in time"))??
        };
        self.known.send_replace(Some(At(seq)));
        Ok(())
    }
}

fn no_answer(why: &str) -> Lost {
    Lost::NoAnswer(StoreError::Unavailable(why.into()))
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

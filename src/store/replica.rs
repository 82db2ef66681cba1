//! A second server that follows the first: read where it is far enough, done without where it is not.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

use super::engine::Pool;
use super::statement::{Reach, Statement};
use super::{At, SELECT_HEAD, Store, StoreError};

/// How long a replica that failed is left alone.
const REST_TIME: Duration = Duration::from_secs(5);
/// Longest time for a replica to say how far it is.
const ANSWER_TIME: Duration = Duration::from_secs(1);

/// A replica, and until when it is left alone.
#[derive(Debug)]
pub(super) struct Replica {
    pool: Pool,
    rests_until: Mutex<Option<Instant>>,
}

impl Replica {
    pub(super) fn new(pool: Pool) -> Self {
        Self { pool, rests_until: Mutex::new(None) }
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    /// How far it is; none when it does not answer, or did not a moment ago.
    async fn state(&self) -> Option<At> {
        let rests = self.rests_until.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|until| Instant::now() < until);
        if rests {
            return None;
        }
        let asked = tokio::time::timeout(ANSWER_TIME, self.pool.fetch_one::<(i64, i64)>(Statement::new(Reach::Ledger, SELECT_HEAD)));
        let answered = asked.await.unwrap_or_else(|_| Err(StoreError::Unavailable("no answer in time".into())));
        match answered {
            Ok((seq, _)) => Some(At(seq)),
            Err(error) => {
                tracing::warn!(%error, "the replica does not answer; reading from the primary");
                *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + REST_TIME);
                None
            }
        }
    }
}

impl Store {
    /// This database for what anybody asks: read from the replica if that has reached a state, otherwise from the primary. So a
    /// client that names the state that its own write led to sees its write.
    pub async fn reading_from(&self, at_least: At) -> Self {
        let from_replica = match &self.replica {
            Some(replica) if replica.state().await.is_some_and(|at| at >= at_least) => Some(replica.pool.clone()),
            _ => None,
        };
        Self { read: from_replica.unwrap_or_else(|| self.readers.clone()), ..self.clone() }
    }
}

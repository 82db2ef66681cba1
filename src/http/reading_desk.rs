//! Where texts are looked through: work for a core, not for a socket, so it has threads of its own, and few.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::ApiError;
use crate::ingest::prose::knowledge::Remembered;

/// Longest time for which a text waits for its turn.
const WAIT: Duration = Duration::from_secs(10);

/// Places at which texts are looked through, and what they are looked through with.
#[derive(Debug)]
pub struct ReadingDesk {
    places: Arc<Semaphore>,
    /// Those of them that somebody without a key may take, so that some are always left for the others.
    open_places: Arc<Semaphore>,
    /// The names that are looked for.
    pub knowledge: Remembered,
}

impl ReadingDesk {
    /// A desk with so many places, at least one.
    pub fn new(places: usize) -> Self {
        let places = places.clamp(1, Semaphore::MAX_PERMITS);
        let open = (places / 2).max(1);
        Self { places: Arc::new(Semaphore::new(places)), open_places: Arc::new(Semaphore::new(open)), knowledge: Remembered::default() }
    }

    /// Does a piece of work at one of the places. A client that goes away leaves its place taken until the work is done.
    pub async fn work<T: Send + 'static>(&self, has_key: bool, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
        let taken = tokio::time::timeout(WAIT, self.places(has_key)).await;
        let Ok(Ok(places)) = taken else { return Err(ApiError::unavailable("all places for extraction are taken")) };
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(places);
            done
        });
        done.await.map_err(ApiError::internal)
    }

    async fn places(&self, has_key: bool) -> Result<Vec<OwnedSemaphorePermit>, tokio::sync::AcquireError> {
        let mut places = Vec::with_capacity(2);
        if !has_key {
            places.push(self.open_places.clone().acquire_owned().await?);
        }
        places.push(self.places.clone().acquire_owned().await?);
        Ok(places)
    }
}

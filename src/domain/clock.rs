//! Time and fresh identifiers, handed in so that tests can hold them still.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use uuid::Uuid;

/// Tells the time and makes identifiers.
pub trait Clock: Send + Sync {
    /// The present moment; only its microseconds are kept.
    fn now(&self) -> Timestamp;
    /// An identifier that was never given out before.
    fn fresh_uuid(&self) -> Uuid;
}

/// The machine's clock, and UUIDs of version 7.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn fresh_uuid(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// A clock that stands still until told, with identifiers counted up from one: for tests and examples.
#[derive(Debug)]
pub struct FixedClock {
    micros: AtomicU64,
    next: AtomicU64,
}

impl FixedClock {
    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        Self { micros: AtomicU64::new(now.as_microsecond().unsigned_abs()), next: AtomicU64::new(1) }
    }

    /// Moves the clock on.
    pub fn advance_seconds(&self, seconds: u64) {
        self.micros.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        let micros = i64::try_from(self.micros.load(Ordering::SeqCst)).unwrap_or(i64::MAX);
        Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn fresh_uuid(&self) -> Uuid {
        Uuid::from_u128((7 << 76) | (2 << 62) | u128::from(self.next.fetch_add(1, Ordering::SeqCst)))
    }
}

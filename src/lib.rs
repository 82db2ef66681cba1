//! Figurebase keeps numbers that somebody claimed: each as an interval with its comparator, tied to its exact words,
//! its source, and that source's own sources. Nothing is overwritten, and nothing is averaged into a fact.
//!
//! Data flows one way:
//!
//! ```text
//! main ─► cli ─► http ─┬─► ingest ─┬─► store ──────┬─► domain
//!                      │           ├─► exchange ───┤
//!                      │           ├─► extraction ─┤
//!                      │           └─► reading ────┤
//!                      └─► analysis ───────────────┘
//! ```
//!
//! `docs/architecture.md` says what each part may know of the others, and a test holds them to it.

pub mod analysis;
pub mod cli;
pub mod domain;
pub mod exchange;
pub mod extraction;
pub mod http;
pub mod ingest;
pub mod reading;
pub mod store;

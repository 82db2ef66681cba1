//! What follows from claims and sources, computed from values alone: no file, no socket, no database.
//!
//! - `provenance`: from a claim back to where it comes from;
//! - `drift`: how a claim differs from the one that it cites.
//!
//! To add an analysis: one file, one function from domain values to a domain value or a struct of its own.

pub mod drift;
pub mod provenance;

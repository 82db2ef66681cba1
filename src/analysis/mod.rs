//! What follows from claims and sources, computed from values alone: no file, no socket, no database.
//!
//! - `provenance`: from claims back to where they come from, and how many independent origins that is;
//! - `drift`: how a claim differs from the one that it cites;
//! - `comparison`: what several claims say about one observation. In the order of its steps: `observation`: what a claim is about, and why two
//!   are not compared; `normalise`: one unit, one duration, with receipts (`currency` knows the rates); `agreement`: intervals that share a
//!   number, groups, outliers;
//! - `implied`: what levels and changes tell of other times;
//! - `findings`: advisory remarks.
//!
//! To add an analysis: one file, one function from domain values to a domain value or a struct of its own.

pub mod agreement;
pub mod comparison;
pub mod currency;
pub mod drift;
pub mod findings;
pub mod implied;
pub mod normalise;
pub mod observation;
pub mod provenance;

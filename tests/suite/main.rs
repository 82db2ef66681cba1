//! One test binary. Everything is tested through the front door: the router in-process, or the program itself.
//!
//! - `support`: a fresh service for each test, with a clock and identifiers that are handed in;
//! - `routes`: one file for each group of routes;
//! - `cli`: the program, run as a process;
//! - `contract`: what is promised in documents, held against the code.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says so by panicking, in its helpers too")]

mod cli;
mod contract;
mod routes;
mod support;

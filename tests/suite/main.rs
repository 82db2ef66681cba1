//! Everything is tested through the front door: the router in-process, or the program itself. This target does it on SQLite;
//! `tests/postgres` includes the same files and does it on PostgreSQL.
//!
//! - `engine`: a new database for each test, and what else depends on the engine;
//! - `support`: a fresh service for each test, with a clock and identifiers that are handed in;
//! - `routes`: one file for each group of routes;
//! - `cli`: the program, run as a process;
//! - `api`: what the API's description promises, held against a running service;
//! - `contract`: what is promised in documents, held against the code (in this target alone, for no engine takes part);
//! - `analysis`: the arithmetic of comparing, held against a slow reference (in this target alone, for no engine takes part);
//! - `charts`: claims drawn as dots with intervals, read back from the picture (in this target alone, for no engine takes part);
//! - `extraction`: what is found in the sentences of `tests/corpus` (in this target alone, for no engine takes part);
//! - `file`: what only a database in a file can meet with (in this target alone).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says so by panicking, in its helpers too")]

mod analysis;
mod api;
mod charts;
mod cli;
mod contract;
mod engine;
mod extraction;
mod file;
mod routes;
mod support;

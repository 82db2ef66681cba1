//! The tests of `tests/suite` on PostgreSQL, and those of what only PostgreSQL can meet with.
//!
//! - `engine`: a new database for each test, and what else depends on the engine;
//! - `cluster`: the throw-away clusters in which they are; `harness`: tests of these clusters themselves;
//! - `addresses`: databases that cannot be reached; `refusing`: those that can be, and are refused;
//! - `privileges`: users who may do less than make tables, and a server that only reads;
//! - `outage`: a server that goes away and comes back; `replicating`: a second server that is only read;
//! - `migrations`, `searching`, `copying`: SQLite and PostgreSQL beside each other: their schemas, what they find, and databases that
//!   go from one to the other; `comparing`: what is compared when they did;
//! - `telling`: what a person is told when the database fails under a command;
//! - `distributing`: the calls that spread a database over a cluster, on a stand-in for Citus;
//! - `api`, `cli`, `routes`, `support`: the very files of `tests/suite`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says so by panicking, in its helpers too")]

mod addresses;
#[path = "../suite/api/mod.rs"]
mod api;
#[path = "../suite/cli/mod.rs"]
mod cli;
mod cluster;
mod comparing;
mod copying;
mod distributing;
mod engine;
mod harness;
mod migrations;
mod outage;
mod privileges;
mod refusing;
mod replicating;
#[path = "../suite/routes/mod.rs"]
mod routes;
mod searching;
#[path = "../suite/support/mod.rs"]
mod support;
mod telling;

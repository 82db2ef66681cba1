//! Routes, in-process: one file for each group, one test for each behaviour.

mod add_claims;
mod add_many;
mod bad_input;
mod claims;
mod compare;
mod concurrency;
mod conditional;
mod documents_write;
mod essay;
mod extractions;
mod figures;
pub mod filters;
mod findings;
mod formats;
mod hostile_texts;
mod idempotency;
mod keys_and_scopes;
mod life;
mod paging;
mod provenance;
mod rates;
mod record_writes;
mod records_read;
mod resolve;
mod revise;
pub mod searching;
mod values;

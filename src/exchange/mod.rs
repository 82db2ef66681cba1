//! Formats in and out. What comes in becomes domain values or a list of faults; what goes out is built from
//! domain values alone. No file, no socket, no database.
//!
//! In:
//! - `fields`: reads one JSON object, collects every fault, keeps numbers as they were written;
//! - `claim_draft`: a claim as sent, until its names are looked up; `claim_input` reads it in all its forms, `value_input`
//!   its number;
//! - `record_input`: actors, metrics, units, sources; `rate_input`: exchange rates;
//! - `patch`: merges a change into what is there.
//!
//! Out:
//! - `claim_view`: the envelope form, which says everything; `flat_row`: a row of a table;
//! - `extracted_view`: what was found in a text;
//! - `line`: lines of an export that can be imported again;
//! - `graph`: provenance as DOT, Mermaid, SVG, PROV-JSON, JSON-LD; `chart`: claims as dots with intervals, in SVG;
//! - `lettering`: labels made fit for both: one line, no control characters, wrapped;
//! - `cite`: citation styles.
//!
//! To add a format: make a file with one function from domain values to text, and name it in `http::format`.

pub mod chart;
pub mod cite;
pub mod claim_draft;
pub mod claim_input;
pub mod claim_view;
pub mod extracted_view;
pub mod fields;
pub mod flat_row;
pub mod graph;
mod lettering;
pub mod line;
pub mod patch;
pub mod rate_input;
pub mod record_input;
mod value_input;

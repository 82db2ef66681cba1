//! The vocabulary: types for claims and everything they are made of, which cannot hold a wrong value.
//!
//! Nothing here knows HTTP, SQL or files. In reading order:
//!
//! - `invalid`: what is wrong with an input, and where;
//! - `decimal`, `interval`: exact numbers, and the stretch of numbers that a printed one admits;
//! - `quantity`: a printed number with comparator, interval and the rule that made it
//!   (`printed` reads the words, `lexicon` knows the vague ones); `mode`: how strictly it is taken;
//! - `period`: the time a number is about;
//! - `folding`: names made alike that only differ in typing;
//! - `slug`, `id`: names of records, identity of claims;
//! - `actor`, `metric`, `unit`, `source`: the reference records, `record` what they have in common;
//! - `rate`: what a currency cost in another on a day;
//! - `catalog`: the records that some claims refer to;
//! - `quote`: the exact words and where they stand;
//! - `provenance`: where a claim comes from, as a graph;
//! - `finding`: an advisory remark about claims and sources;
//! - `claim`: one number, asserted by one speaker, printed in one place; `history`: its versions;
//! - `key`: who may write;
//! - `clock`: time and fresh identifiers, handed in.
//!
//! To add a field to a claim: put it into `claim::Claim`, read it in `exchange::claim_input`, show it in
//! `exchange::claim_view`; give it a column in `migrations/` only when claims are filtered or sorted by it.

pub mod actor;
pub mod catalog;
pub mod claim;
pub mod clock;
pub mod decimal;
pub mod finding;
pub mod folding;
pub mod history;
pub mod id;
pub mod interval;
pub mod invalid;
pub mod key;
pub mod lexicon;
pub mod metric;
pub mod mode;
pub mod period;
pub mod printed;
pub mod provenance;
pub mod quantity;
pub mod quote;
pub mod rate;
pub mod record;
pub mod slug;
pub mod source;
pub mod unit;

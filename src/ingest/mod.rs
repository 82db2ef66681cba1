//! The way in: drafts are read, the names in them are looked up, and what is left is written as one change.
//!
//! - `names`: which record a name means; never a guess;
//! - `claims`: drafts to claims, quotes held against stored texts;
//! - `file`: a whole file of lines or rows, all of it or nothing; `missing`: records that an import makes on the way;
//! - `rates`: exchange rates;
//! - `prose`: a text, whose figures become candidates;
//! - `seed`: the files in `seeds/`, compiled in.

pub mod claims;
pub mod file;
mod missing;
pub mod names;
pub mod prose;
pub mod rates;
pub mod seed;

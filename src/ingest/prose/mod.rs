//! A text on its way in: its figures become candidates, which wait for somebody to accept them.
//!
//! - `knowledge`: the records by whose names a text is read;
//! - `shown`: what was found, with places in code points;
//! - `claims`: figures to claims in the state `candidate`;
//! - `sources`: the text and the works that it cites, as sources;
//! - `known`: claims that say the same already;
//! - `proposal`: all of it as one change.

mod claims;
pub mod knowledge;
pub mod known;
pub mod proposal;
pub mod shown;
pub mod sources;

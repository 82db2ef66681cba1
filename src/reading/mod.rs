//! What came becomes text, before anybody looks for claims in it; pure.
//!
//! - `encoding`: bytes to text, and what is no text at all;
//! - `html`: a page to the words that a reader sees;
//! - `places`: where something stands in a text: code points and pages;
//! - `invisible`: characters that a reader does not see and should know of.

pub mod encoding;
pub mod html;
pub mod invisible;
pub mod places;

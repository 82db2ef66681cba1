//! What both benchmarks stand on: prose of our own, and the names that it is read by.

use figurebase::extraction::Knowledge;
use figurebase::ingest::prose::knowledge::of_seeds;

/// Paragraphs as newspapers and reports print them, with as many figures.
pub const PROSE: &str = include_str!("prose.txt");

/// The names that come with the program.
pub fn knowledge() -> Knowledge {
    of_seeds().unwrap_or_default()
}

//! Names made alike that only differ in how they are typed.

use unicode_normalization::UnicodeNormalization;

/// Characters of a folded name that count; longer names that begin alike are taken for the same. Names stand in indexes, and a row
/// of an index of PostgreSQL has room for 2,704 bytes: these at four bytes each, a slug, and some to spare.
pub const FOLDED_CHARS_MAX: usize = 500;

/// Folds a name for comparison: NFKC, lower case, one space between words, typographic apostrophes made plain.
pub fn folded(name: &str) -> String {
    let plain: String = name.nfkc().map(|c| if matches!(c, '\u{2018}' | '\u{2019}') { '\'' } else { c }).collect();
    let mut folded = plain.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = folded.char_indices().nth(FOLDED_CHARS_MAX) {
        folded.truncate(end);
    }
    folded
}

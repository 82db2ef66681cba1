//! Names made alike that only differ in how they are typed.

use unicode_normalization::UnicodeNormalization;

/// Folds a name for comparison: NFKC, lower case, one space between words, typographic apostrophes made plain.
pub fn folded(name: &str) -> String {
    let plain: String = name.nfkc().map(|c| if matches!(c, '\u{2018}' | '\u{2019}') { '\'' } else { c }).collect();
    plain.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

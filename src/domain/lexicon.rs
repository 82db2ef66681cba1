//! Vague plurals ("dozens", "tens of thousands") and the number each begins at.
//!
//! The words are data, `seeds/lexicon.csv`, with a version that every interval made from them names, so
//! that a better lexicon can be applied later without touching what a source printed.

use std::sync::LazyLock;

use super::decimal::Decimal;
use super::printed;

const FILE: &str = include_str!("../../seeds/lexicon.csv");

struct Entry {
    version: &'static str,
    words: &'static str,
    value: i64,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let fields = |line: &'static str| {
        let mut fields = line.split(',');
        Some(Entry { version: fields.next()?, words: fields.next()?, value: fields.next()?.parse().ok()? })
    };
    let mut entries: Vec<Entry> = FILE.lines().skip(1).filter_map(fields).collect();
    // The longest words win: "tens of thousands" before "thousands".
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.words.len()));
    entries
});

/// The number at which the vague words in `text` begin; scale words after them multiply it ("several hundred thousand").
pub fn vague_start(text: &str) -> Option<Decimal> {
    let folded = text.to_lowercase();
    let (entry, end) = ENTRIES.iter().find_map(|entry| Some((entry, find_words(&folded, entry.words)? + entry.words.len())))?;
    let after = folded[end..].trim_start();
    let after = after.strip_prefix("of ").unwrap_or(after);
    Some(&Decimal::whole(entry.value) * &Decimal::power_of_ten(scales(after)))
}

/// The power of ten of the scale words that a text begins with. Letters count as a scale only right after the vague words: the "m" of
/// "several hundred m" is a metre.
fn scales(text: &str) -> i32 {
    let first = printed::scale_after(text);
    let rest = text.trim_start_matches(char::is_alphabetic);
    let word: String = rest.trim_start().chars().take_while(|c| c.is_alphabetic()).collect();
    if first == 0 || word.len() < 4 { first } else { first + printed::scale_after(&word) }
}

/// The rule id that names the lexicon's version: `lexicon.1`.
pub fn rule() -> String {
    format!("lexicon.{}", ENTRIES.first().map_or("0", |entry| entry.version))
}

/// Whether `words` stand in `text` as whole words (both in lower case).
pub fn contains_words(text: &str, words: &str) -> bool {
    find_words(text, words).is_some()
}

/// Where `words` stand in `text` as whole words.
fn find_words(text: &str, words: &str) -> Option<usize> {
    text.match_indices(words).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let after = text[at + words.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        before && after
    })
}

//! Words of one kind, such as nouns of change: long lists are data, in `words`. A kind of words is a section of `words/classes.txt`
//! or, where it is long, a file of its own; either is read when the first word is looked up.
//!
//! A class that one file asks for stands in that file, one that several ask for stands here. To add one: a section whose name says
//! what the words are, and a static that names it.

use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, OnceLock};

/// Sections by name: words with white space between.
static SECTIONS: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| include_str!("words/classes.txt").split("\n[").filter_map(|section| section.split_once("]\n")).collect());

/// Where the words of a class stand.
#[derive(Debug)]
enum Origin {
    /// In the section of this name.
    Section(&'static str),
    /// In a file with this text, each on a line.
    File(&'static str),
}

/// A set of words.
#[derive(Debug)]
pub struct WordClass {
    origin: Origin,
    words: OnceLock<Words>,
}

/// The words, and what they look like.
#[derive(Debug)]
struct Words {
    all: HashSet<&'static str>,
    /// For each length, a bit for each first letter: most words asked for differ in one of these, and need no hash.
    shapes: [u32; 32],
}

impl Words {
    fn read(origin: &Origin) -> Self {
        let all: HashSet<&str> = match origin {
            Origin::Section(name) => SECTIONS.get(name).into_iter().flat_map(|words| words.split_whitespace()).collect(),
            Origin::File(text) => text.lines().filter(|line| !line.is_empty()).collect(),
        };
        let mut shapes = [0; 32];
        for (length, first) in all.iter().map(|word| shape(word)) {
            shapes[length] |= first;
        }
        Self { all, shapes }
    }

    fn contains(&self, word: &str) -> bool {
        let (length, first) = shape(word);
        self.shapes[length] & first != 0 && self.all.contains(word)
    }
}

/// The length of a word, and a bit for its first letter. Very long words and odd signs share these with others, which costs a hash.
fn shape(word: &str) -> (usize, u32) {
    (word.len() % 32, 1 << (word.bytes().next().unwrap_or_default() % 32))
}

impl WordClass {
    /// The words of a section.
    pub const fn named(section: &'static str) -> Self {
        Self { origin: Origin::Section(section), words: OnceLock::new() }
    }

    /// The lines of a file.
    pub const fn lines_of(file: &'static str) -> Self {
        Self { origin: Origin::File(file), words: OnceLock::new() }
    }

    /// Whether a word is one of them, written just so.
    pub fn contains(&self, word: &str) -> bool {
        self.words.get_or_init(|| Words::read(&self.origin)).contains(word)
    }
}

/// Words before a number that make it less exact, or say that it is one of an amount.
pub static APPROXIMATORS: WordClass = WordClass::named("approximators");
/// Adjectives in the comparative.
pub static COMPARATIVES: WordClass = WordClass::named("comparatives");
/// Codes of currencies.
pub static CURRENCY_CODES: WordClass = WordClass::named("currency codes");
/// Articles, possessives and demonstratives before a noun that is known.
pub static DEFINITE_DETERMINERS: WordClass = WordClass::named("definite determiners");
/// Those who give, lend or sell, by what they are to the other side.
pub static GIVERS: WordClass = WordClass::named("roles of givers");
/// Nouns in the names of institutions.
pub static INSTITUTION_NOUNS: WordClass = WordClass::lines_of(include_str!("words/institution_nouns.txt"));
/// What a figure may do.
pub static NOUNS_OF_CHANGE: WordClass = WordClass::named("nouns of change");
/// What figures are called.
pub static NOUNS_OF_FIGURES: WordClass = WordClass::named("nouns of figures");
/// What texts that hold figures are called.
pub static NOUNS_OF_WRITINGS: WordClass = WordClass::named("nouns of writings");
/// Small words inside surnames: "van der".
pub static PARTICLES_OF_NAMES: WordClass = WordClass::named("particles of names");
/// Those who get or buy, by what they are to the other side.
pub static RECEIVERS: WordClass = WordClass::named("roles of receivers");
/// Units of length, area, volume and weight in the singular, by their names.
pub static UNITS_OF_MEASURE: WordClass = WordClass::named("units of measure");
/// Units of time in the singular.
pub static UNITS_OF_TIME: WordClass = WordClass::named("units of time");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_holds_the_words_of_its_section_or_file() {
        assert!(["decade", "second"].iter().all(|word| UNITS_OF_TIME.contains(word)));
        assert!(!UNITS_OF_TIME.contains("mile") && !UNITS_OF_TIME.contains("Second") && !UNITS_OF_TIME.contains(""));
        let headings = WordClass::lines_of("works cited\nnotes\n");
        assert!(headings.contains("works cited") && !headings.contains("works") && !headings.contains(""));
    }

    #[test]
    fn a_name_without_a_section_holds_nothing() {
        assert!(!WordClass::named("no such section").contains("second"));
    }
}

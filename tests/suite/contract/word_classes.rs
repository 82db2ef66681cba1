//! The sections of `src/extraction/words/classes.txt`: each is asked for by one static, and holds its words once and in order.

use std::collections::{BTreeMap, HashSet};

use super::{read, sources};

/// Sections by name, with their words; what is wrong with the file's form.
fn sections(text: &str) -> Result<BTreeMap<&str, Vec<&str>>, String> {
    let (opening, rest) = text.split_once("\n\n[").ok_or("no section")?;
    if opening.lines().count() != 1 || !opening.starts_with("# ") {
        return Err("the file does not open by saying what it is for".into());
    }
    let mut sections = BTreeMap::new();
    for section in rest.split("\n\n[") {
        let (name, words) = section.split_once("]\n").ok_or_else(|| format!("{section:?} has no name"))?;
        if sections.insert(name, words.split_whitespace().collect()).is_some() {
            return Err(format!("{name} stands there twice"));
        }
    }
    Ok(sections)
}

/// Whether words stand in order, small and capital letters alike, and none twice.
fn is_ordered(words: &[&str]) -> bool {
    let distinct: HashSet<_> = words.iter().collect();
    distinct.len() == words.len() && words.is_sorted_by_key(|word| word.to_lowercase())
}

/// The sections that a source file's statics name.
fn named(source: &str) -> Vec<&str> {
    let statics = source.split("static ").skip(1).filter_map(|text| text.split_once(": WordClass = WordClass::named(\""));
    statics.filter_map(|(_, text)| text.split_once("\");").map(|(name, _)| name)).collect()
}

#[test]
fn every_section_holds_words_once_and_in_order() {
    for (name, words) in sections(&read("src/extraction/words/classes.txt")).unwrap() {
        assert!(!words.is_empty(), "[{name}] is empty");
        assert!(is_ordered(&words), "[{name}] is not in order, or holds a word twice");
    }
}

#[test]
fn every_section_is_named_by_one_static() {
    let sources = sources();
    let mut named: Vec<&str> = sources.iter().flat_map(|(_, source)| named(source)).collect();
    named.sort_unstable();
    let file = read("src/extraction/words/classes.txt");
    let sections: Vec<&str> = sections(&file).unwrap().into_keys().collect();
    assert_eq!(named, sections);
}

#[test]
fn what_is_wrong_with_a_section_is_seen() {
    let file = sections("# What it is for.\n\n[nouns]\nAll bird\ncat\n\n[verbs]\nfly\n").unwrap();
    assert_eq!(file, BTreeMap::from([("nouns", vec!["All", "bird", "cat"]), ("verbs", vec!["fly"])]));
    assert!(is_ordered(&file["nouns"]) && !is_ordered(&["cat", "bird"]) && !is_ordered(&["cat", "cat"]));
    assert!(sections("[nouns]\ncat\n").is_err());
    assert!(sections("# For.\n\n[nouns]\ncat\n\n[nouns]\ndog\n").is_err());
    assert_eq!(named("static A: WordClass = WordClass::named(\"nouns\");\n"), ["nouns"]);
}

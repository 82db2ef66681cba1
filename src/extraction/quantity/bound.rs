//! How a number relates to the quantity: "more than", "at least", "up to", "about" before it; "or more", "-odd", "+" after it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::{lists, range};
use crate::domain::quantity::Comparator;
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::WordClass;

/// A bound: its tokens and its meaning.
pub type Bound = (Range<usize>, Comparator);

type Phrases = LazyLock<HashMap<&'static str, Comparator>>;

fn phrases(list: &'static str) -> HashMap<&'static str, Comparator> {
    let comparator = |word: &str| Comparator::ALL.into_iter().find(|comparator| comparator.as_str() == word);
    list.lines().filter_map(|line| line.split_once(',')).filter_map(|(words, word)| Some((words, comparator(word)?))).collect()
}

static BEFORE: Phrases = LazyLock::new(|| phrases(include_str!("../words/bounds_before.csv")));
static AFTER: Phrases = LazyLock::new(|| phrases(include_str!("../words/bounds_after.csv")));

/// Longest bound, in tokens.
const WORDS_MAX: usize = 5;
/// Words between a bound and its number.
static MODIFIERS_OF_AMOUNTS: WordClass = WordClass::named("modifiers of amounts");

/// The bound before a number whose first token is `start`. Fillers between them do not matter: "up to an estimated".
pub fn before(text: &Text<'_>, start: usize, sentence: usize) -> Option<Bound> {
    let mut end = start;
    loop {
        if let Some(bound) = ending_at(text, end, sentence) {
            return Some(bound);
        }
        let filler = end.checked_sub(1).filter(|before| *before >= sentence && start - *before <= 4)?;
        let quote = matches!(text.word(filler), "“" | "\"" | "‘");
        if !quote && !MODIFIERS_OF_AMOUNTS.contains(text.small(filler)) {
            return None;
        }
        end = filler;
    }
}

fn ending_at(text: &Text<'_>, end: usize, sentence: usize) -> Option<Bound> {
    (1..=WORDS_MAX).rev().find_map(|count| {
        let start = end.checked_sub(count).filter(|start| *start >= sentence)?;
        let words = spelled(text, start..end);
        let comparator = *BEFORE.get(words.as_str())?;
        // "went up to 20" tells where something went.
        let moved = start.checked_sub(1).is_some_and(|verb| {
            ["went", "go", "goes", "going", "gone", "moved", "back", "it", "add", "adds", "added"].contains(&text.small(verb))
        });
        // "climbed past 200,000", but "the past 10 years", "half past 10".
        let passed = start.checked_sub(1).is_some_and(|verb| range::is_change(text.small(verb)));
        if moved && words == "up to" || words == "past" && !passed {
            return None;
        }
        Some((start..end, comparator))
    })
}

fn spelled(text: &Text<'_>, tokens: Range<usize>) -> String {
    let mut words = String::new();
    for at in tokens.clone() {
        if at > tokens.start && text.spaced(at) {
            words.push(' ');
        }
        words.push_str(text.small(at));
    }
    words
}

/// The bound with what turns it around: "never conceded more than" is at most.
pub fn negated(text: &Text<'_>, (tokens, comparator): Bound, sentence: usize) -> Bound {
    let first = text.small(tokens.start);
    let turned = match comparator {
        Comparator::Gt if ["more", "over", "above", "exceed", "exceeded", "greater", "higher", "larger", "longer"].contains(&first) => {
            Comparator::Le
        }
        Comparator::Lt if matches!(first, "less" | "fewer" | "below" | "lower") => Comparator::Ge,
        _ => return (tokens, comparator),
    };
    let from = tokens.start.saturating_sub(3).max(sentence);
    for at in (from..tokens.start).rev() {
        match text.small(at) {
            "never" | "no" | "not" | "nobody" | "neither" | "nor" | "cannot" | "hardly" | "rarely" => return (at..tokens.end, turned),
            "t" if matches!(text.word(at.wrapping_sub(1)), "'" | "’") => return (at..tokens.end, turned),
            "only" | "but" | "and" | "," | ";" | "." => break,
            _ => {}
        }
    }
    (tokens, comparator)
}

/// The bound glued to a number or right after it: "5,000+", "200,000-plus", "90-odd".
pub fn glued(text: &Text<'_>, end: usize) -> Option<Bound> {
    if text.is_mark(end, '+') && !text.spaced(end) && text.kind(end + 1) != Some(Kind::Digits) {
        return Some((end..end + 1, Comparator::Ge));
    }
    let hyphen = text.is_mark(end, '-') && !text.spaced(end) && !text.spaced(end + 1);
    let comparator = match (text.small(end + 1), hyphen) {
        ("plus", true) => Comparator::Ge,
        ("odd" | "ish" | "something", true) => Comparator::Approx,
        _ => match text.small(end) {
            "odd" if !text.is_mark(end + 1, '-') => return Some((end..end + 1, Comparator::Approx)),
            _ => return None,
        },
    };
    Some((end..end + 2, comparator))
}

/// The bound after a quantity: "or more", "or so", "and counting".
pub fn after(text: &Text<'_>, end: usize) -> Option<Bound> {
    let comma = usize::from(text.is_mark(end, ',') && text.small(end + 1) != "at");
    let at = end + comma;
    if comma > 0 && !matches!(text.small(at), "or" | "and" | "give") {
        return None;
    }
    let (comparator, after) = lists::longest(text, at, 3, true, |words| AFTER.get(words))?;
    let fits = match text.small(at) {
        // "or more than", "five or more likely", "and more"
        "or" | "and" => text.small(after) != "than" && (text.small(at + 1) != "more" || text.small(at) == "or"),
        "at" => matches!(text.word(after), "." | "," | ";" | ")" | "”" | "\"") || after >= text.tokens.len(),
        "plus" => matches!(text.word(after), "." | "," | ")") || text.small(after) == "years",
        "approximately" | "roughly" | "odd" | "upwards" | "minimum" | "maximum" => matches!(text.word(after), "." | "," | ";" | ")"),
        _ => true,
    };
    fits.then_some((at..after, *comparator))
}

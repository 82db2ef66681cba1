//! Numbers in set phrases and in names that no rule tells: "back to square one", "Fit for 55", "Fifty Shades of Grey".
//!
//! The phrases are data, one on a line: `words/idioms.txt` and `words/names_with_numbers.txt`. A word with a capital in the list must
//! have it in the text; a word in small letters may be written either way.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Found, is_followed_by_count};
use crate::extraction::quantity::number_words::{self, Part};
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};

/// Most digits that are spoken one by one.
const SPOKEN_DIGITS_MAX: usize = 16;

/// A phrase, and at which of its words it is looked up.
#[derive(Debug)]
struct Phrase {
    words: Vec<String>,
    number: usize,
}

/// Phrases by the number in them, in small letters.
static PHRASES: LazyLock<HashMap<String, Vec<Phrase>>> = LazyLock::new(|| {
    let mut phrases = HashMap::<String, Vec<Phrase>>::new();
    let lines = [include_str!("../words/idioms.txt"), include_str!("../words/names_with_numbers.txt")];
    for line in lines.iter().flat_map(|lines| lines.lines()).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let text = Text::new(line);
        let words: Vec<String> = (0..text.tokens.len()).map(|at| text.word(at).to_string()).collect();
        for number in (0..words.len()).filter(|at| is_number(&text, *at)) {
            phrases.entry(text.small(number).to_string()).or_default().push(Phrase { words: words.clone(), number });
        }
    }
    phrases
});

fn is_number(text: &Text<'_>, at: usize) -> bool {
    text.kind(at) == Some(Kind::Digits) || number_words::part(text.small(at)).is_some() || number_words::is_vague(text.small(at))
}

/// A set phrase around a number.
pub fn fixed(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let phrases = PHRASES.get(text.small(at))?;
    let starts = phrases.iter().filter_map(|phrase| {
        let start = at.checked_sub(phrase.number)?;
        let fits = phrase.words.iter().enumerate().all(|(offset, word)| is_same(text, start + offset, word));
        // "take five", but "take five working days".
        let counts = phrase.number + 1 == phrase.words.len() && is_followed_by_count(text, uses, at + 1);
        (fits && !counts).then_some(start..start + phrase.words.len())
    });
    starts.max_by_key(ExactSizeIterator::len).map(|tokens| (tokens, Use::Name))
}

/// "five five five, oh one four two": three digits and more that are spoken one by one.
pub fn spoken_digits(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let digit = |at: usize| {
        matches!(number_words::part(text.small(at)), Some(Part::Unit(0..=9))) || matches!(text.small(at), "oh" | "double" | "triple")
    };
    let end = (at..(at + SPOKEN_DIGITS_MAX).min(text.tokens.len())).find(|at| !digit(*at)).unwrap_or(at + 1);
    (end >= at + 3).then_some((at..end, Use::Contact))
}

fn is_same(text: &Text<'_>, at: usize, word: &str) -> bool {
    if word.starts_with(char::is_uppercase) {
        return text.word(at) == word || text.word(at) == word.to_uppercase();
    }
    text.small(at) == word || word == "'" && text.is_mark(at, '’') || word == "-" && matches!(text.word(at), "–" | "‑")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, at: usize) -> Option<String> {
        let text = Text::new(text);
        fixed(&text, &Uses::new(&text), at).map(|(tokens, _)| text.slice(tokens).to_string())
    }

    #[test]
    fn every_line_holds_a_number() {
        for line in include_str!("../words/idioms.txt").lines().chain(include_str!("../words/names_with_numbers.txt").lines()).skip(1) {
            let text = Text::new(line);
            assert!(line.starts_with('#') || (0..text.tokens.len()).any(|at| is_number(&text, at)), "{line}");
        }
    }

    #[test]
    fn the_longest_phrase_is_found_and_its_capitals_are_needed() {
        assert_eq!(found("back to square one again", 3).as_deref(), Some("back to square one"));
        assert_eq!(found("the Four Weddings and a Funeral cast", 1).as_deref(), Some("Four Weddings and a Funeral"));
        assert_eq!(found("the four weddings and a funeral", 1), None);
        assert_eq!(found("nine yards", 0), None);
    }
}

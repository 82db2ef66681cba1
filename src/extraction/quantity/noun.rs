//! The counted noun after a number: its head in the singular, adjectives skipped.

use std::borrow::Cow;
use std::ops::Range;

use super::lists::{ATTRIBUTIVE, NO_PLURALS, PHRASE_ENDS, PLURALS, VICTIMS};
use super::number_words;
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::WordClass;

/// Words over which "20 were reported killed" reaches.
static AUXILIARIES_AND_ADVERBS_OF_DEGREE: WordClass = WordClass::named("auxiliaries and adverbs of degree");

/// A counted noun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noun {
    /// The noun with its adjectives.
    pub tokens: Range<usize>,
    /// Its head, in the singular.
    pub lemma: String,
}

/// Words that a noun phrase may have, adjectives included.
const PHRASE_TOKENS_MAX: usize = 12;
/// Words in -ly that are no adverbs.
static NOUNS_AND_ADJECTIVES_IN_LY: WordClass = WordClass::named("nouns and adjectives in ly");

/// The singular of a plural noun; none for a word that is no plural.
pub fn singular(word: &str) -> Option<Cow<'_, str>> {
    if let Some(known) = PLURALS.get(word) {
        return Some(Cow::Borrowed(known));
    }
    if word.len() < 3 || NO_PLURALS.contains(word) {
        return None;
    }
    // "grandchildren", "salespeople", "midwives"
    for (plural, one) in [("children", "child"), ("people", "person"), ("wives", "wife")] {
        if let Some(stem) = word.strip_suffix(plural) {
            return Some(Cow::Owned(format!("{stem}{one}")));
        }
    }
    if let Some(stem) = word.strip_suffix("men").filter(|stem| stem.len() > 2) {
        let no_men = ["specimen", "regimen", "abdomen", "acumen", "yemen", "turkmen", "women", "lumen", "semen", "stamen"].contains(&word);
        return (!no_men).then(|| Cow::Owned(format!("{stem}man")));
    }
    let stem = word.strip_suffix('s')?;
    if stem.ends_with(['s', 'u']) && !stem.ends_with("eau")
        || stem.ends_with("si")
        || stem.ends_with("xi")
        || !stem.chars().any(is_vowel_or_y) && stem.len() < 3
    {
        return None;
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return Some(Cow::Owned(format!("{stem}y")));
    }
    let cut = if ["ches", "shes", "xes", "sses", "zzes", "oes"].iter().any(|ending| word.ends_with(ending)) { 2 } else { 1 };
    word.get(..word.len() - cut).map(Cow::Borrowed)
}

fn is_vowel_or_y(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y') || !c.is_ascii()
}

/// Whether a noun phrase is over with a word in small letters.
pub fn ends_phrase(word: &str) -> bool {
    PHRASE_ENDS.contains(word)
}

/// The lemma of a token that is a plural, as printed but for the ending.
fn lemma(text: &Text<'_>, at: usize) -> Option<String> {
    let small = singular(text.small(at))?;
    if text.is_capital(at) && !small.is_empty() && PLURALS.get(text.small(at)).is_none() {
        // "Egyptians" stay capital; "UAVs" too.
        let word = text.word(at);
        let kept = word.get(..small.len()).filter(|kept| kept.eq_ignore_ascii_case(&small));
        return Some(kept.map_or_else(|| small.to_string(), str::to_string));
    }
    Some(small.into_owned())
}

/// A step over what may stand inside a noun phrase without being a word of it.
fn skipped(text: &Text<'_>, at: usize, first: usize) -> Option<usize> {
    match text.word(at) {
        "’" | "'" if text.small(at + 1) == "s" && !text.spaced(at) && !text.spaced(at + 1) => Some(2),
        "’" | "'" if at > first && !text.spaced(at) => Some(1),
        "-" | "‑" if !text.spaced(at) && !text.spaced(at + 1) => Some(1),
        "“" | "‘" | "\"" if at > first && text.spaced(at) && !text.spaced(at + 1) => Some(1),
        "”" | "\"" | "’" if at == first && !text.spaced(at) => Some(1),
        "." if !text.spaced(at) && at > first && text.is_capital(at - 1) && text.word(at - 1).len() == 1 => Some(1),
        _ => None,
    }
}

/// The plural noun that is counted by a number before `from`.
pub fn counted(text: &Text<'_>, uses: &Uses, from: usize, limit: usize) -> Option<Noun> {
    let limit = limit.min(from + PHRASE_TOKENS_MAX);
    let (mut at, mut head) = (from, None::<usize>);
    while at < limit {
        if at > from && text.tokens.get(at).is_some_and(|token| token.breaks > 1) {
            break;
        }
        if let Some(step) = skipped(text, at, from) {
            head = None;
            at += step;
            continue;
        }
        match text.kind(at) {
            Some(Kind::Word) => {}
            Some(Kind::Digits) if uses.of(at) == Use::Name => {
                head = None;
                at += 1;
                continue;
            }
            _ => break,
        }
        let word = text.small(at);
        let shortened = text.word(at).len() == 1 && text.is_capital(at);
        if ends_phrase(word) && !shortened && !is_acronym(text, at) || number_words::part(word).is_some() {
            break;
        }
        let plural = singular(word).is_some();
        match (head, plural) {
            (Some(before), true) if goes_on(text, before, at) => head = Some(at),
            (Some(before), false) if ATTRIBUTIVE.contains(text.small(before)) && goes_on_singular(text, at, limit) => {}
            (Some(_), _) => break,
            (None, true) => head = Some(at),
            (None, false) => {}
        }
        at += 1;
    }
    let head = head?;
    Some(Noun { tokens: first_word(text, from)..head + 1, lemma: lemma(text, head)? })
}

/// "US" and "IT" are names where they stand in capitals.
fn is_acronym(text: &Text<'_>, at: usize) -> bool {
    let word = text.word(at);
    word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn first_word(text: &Text<'_>, from: usize) -> usize {
    if text.kind(from) == Some(Kind::Mark) { from + 1 } else { from }
}

/// Whether a plural is only the attribute of the plural after it: "arms deals", "Abrams tanks".
fn goes_on(text: &Text<'_>, before: usize, at: usize) -> bool {
    ATTRIBUTIVE.contains(text.small(before))
        || text.is_capital(before) && !text.is_capital(at)
        || text.is_capital(before) && text.is_capital(at)
}

/// Whether a plural follows after one more attribute: "arms export deals".
fn goes_on_singular(text: &Text<'_>, at: usize, limit: usize) -> bool {
    at + 1 < limit && singular(text.small(at + 1)).is_some() && !ends_phrase(text.small(at + 1))
}

/// The noun of "one": singular, up to what ends the phrase.
pub fn single(text: &Text<'_>, uses: &Uses, from: usize, limit: usize) -> Option<Noun> {
    let limit = limit.min(from + PHRASE_TOKENS_MAX);
    let (mut at, mut head, mut words) = (from, None::<usize>, 0);
    while at < limit && words < 4 {
        if let Some(step) = skipped(text, at, from) {
            if text.small(at + 1) != "s" && text.word(at) != "-" && text.word(at) != "." {
                break;
            }
            head = None;
            at += step;
            continue;
        }
        match text.kind(at) {
            Some(Kind::Word) => {}
            Some(Kind::Digits) if uses.of(at) == Use::Name => {
                at += 1;
                continue;
            }
            _ => break,
        }
        let word = text.small(at);
        let adverb = word.ends_with("ly") && !NOUNS_AND_ADJECTIVES_IN_LY.contains(word);
        let verb = head.is_some()
            && (word.ends_with("ed") || word.ends_with("ing") || adverb || word.ends_with('s') && !NO_PLURALS.contains(word));
        if ends_phrase(word) && !is_acronym(text, at) || number_words::part(word).is_some() || verb {
            break;
        }
        words += 1;
        if !adverb {
            head = Some(at);
        }
        at += 1;
    }
    let head = head?;
    let lemma = if text.is_capital(head) { text.word(head).to_string() } else { text.small(head).to_string() };
    Some(Noun { tokens: first_word(text, from)..head + 1, lemma })
}

/// People counted by what became of them: "1,043 wounded", "30 were killed".
pub fn victims(text: &Text<'_>, from: usize, limit: usize) -> Option<Noun> {
    let mut at = from;
    while at < limit.min(from + 4) {
        let word = text.small(at);
        if VICTIMS.contains(word) && !(word == "shot" && text.small(at + 1) == "down") {
            return Some(Noun { tokens: at..at + 1, lemma: "person".to_string() });
        }
        if !AUXILIARIES_AND_ADVERBS_OF_DEGREE.contains(word) {
            return None;
        }
        at += 1;
    }
    None
}

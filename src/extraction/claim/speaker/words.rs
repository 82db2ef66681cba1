//! The words that name a speaker, and whom they mean.

use std::ops::Range;

use crate::extraction::candidate::Party;
use crate::extraction::claim::clauses::Clause;
use crate::extraction::claim::lexicon::Word;
use crate::extraction::claim::names::{Shape, Sort};
use crate::extraction::claim::nouns::{is_institution, speaks};
use crate::extraction::claim::scene::Scene;
use crate::extraction::text::Kind;
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::{NOUNS_OF_FIGURES, NOUNS_OF_WRITINGS};

/// Words of a speaker at most.
pub(super) const WORDS_MAX: usize = 10;

/// Whether a noun means a number that somebody made.
pub fn is_figure(word: &str) -> bool {
    NOUNS_OF_FIGURES.contains(word)
}

/// The words of a subject: from the clause's beginning, or from the comma before the verb, without articles and times.
pub(super) fn subject_words(scene: &Scene<'_, '_>, uses: &Uses, clause: &Clause) -> Option<Range<usize>> {
    let before = clause.before_verb();
    let mut end = before.end;
    while end > before.start
        && (uses.of(end - 1) == Use::Time
            || matches!(scene.piece.word(end - 1), Word::Adverb | Word::Relative)
            || scene.text.is_mark(end - 1, ','))
    {
        end -= 1;
    }
    let mut start = end;
    while start > before.start && end - start < WORDS_MAX + 4 {
        let token = start - 1;
        let stops = uses.of(token) == Use::Time
            || matches!(scene.text.word(token), "," | "”" | "“" | "\"" | ";" | ":" | "—" | "–" | ")" | "(")
            || matches!(scene.piece.word(token), Word::And | Word::Subordinator) && !scene.text.is_capital(token.wrapping_sub(1))
            || scene.text.is_mark(token, '-') && scene.text.spaced(token) && scene.text.spaced(token + 1)
            || scene.text.small(token) == "as"
            || uses.of(token) == Use::Quantity;
        if stops {
            break;
        }
        start = token;
    }
    trimmed(scene, start..end)
}

/// The noun phrase that begins at a token.
pub(super) fn noun_phrase(scene: &Scene<'_, '_>, uses: &Uses, start: usize) -> Option<Range<usize>> {
    let mut end = start;
    while end < scene.piece.tokens.end && end < start + WORDS_MAX + 4 {
        // "according to two people familiar with the talks"
        let counts = uses.of(end) == Use::Quantity && (end > start + 2 || scene.text.kind(end) != Some(Kind::Word));
        let stops = counts
            || matches!(uses.of(end), Use::Time | Use::Citation)
            || matches!(
                scene.piece.word(end),
                Word::Verb(..) | Word::Be | Word::Auxiliary | Word::Modal | Word::Relative | Word::Subordinator | Word::To | Word::Pronoun
            )
            || scene.piece.word(end) == Word::Preposition
                && !matches!(scene.text.small(end), "of" | "for" | "at")
                && !is_source(scene, start, end)
                && scene.text.small(end - 1) != "familiar"
            || scene.piece.word(end) == Word::And && !scene.text.is_capital(end + 1)
            || matches!(scene.text.word(end), "," | ";" | ":" | "“" | "”" | "\"" | "(" | ")" | "[" | "—" | "–" | "!" | "?")
            || scene.text.is_mark(end, '.') && scene.text.spaced(end + 1);
        if stops {
            break;
        }
        end += 1;
    }
    trimmed(scene, start..end)
}

/// "a report by the World Bank", "data from Reuters".
fn is_source(scene: &Scene<'_, '_>, start: usize, preposition: usize) -> bool {
    let is_text = |token: usize| {
        let word = scene.text.small(token);
        is_figure(word) || NOUNS_OF_WRITINGS.contains(word)
    };
    matches!(scene.text.small(preposition), "by" | "from") && preposition > start && is_text(preposition - 1)
}

fn trimmed(scene: &Scene<'_, '_>, words: Range<usize>) -> Option<Range<usize>> {
    let mut start = words.start;
    let is_empty = |token: usize| {
        scene.text.kind(token) == Some(Kind::Mark)
            || matches!(scene.piece.word(token), Word::Determiner | Word::And | Word::Adverb | Word::Subordinator | Word::Preposition)
    };
    while start < words.end && is_empty(start) {
        start += 1;
    }
    let end = words.end.min(start + WORDS_MAX);
    ((start..end).any(|token| scene.text.kind(token) == Some(Kind::Word))).then_some(start..end)
}

/// Whom the words mean: a state by its code, everybody else as printed.
pub(super) fn party(scene: &Scene<'_, '_>, words: &Range<usize>) -> Option<Party> {
    let guest = scene.guests.iter().find(|guest| guest.tokens.start == words.start && guest.tokens.end >= words.end);
    if let Some(guest) = guest
        && (guest.is_pronoun || guest.sort == Sort::State)
    {
        return Some(guest.party.clone());
    }
    if matches!(scene.piece.word(words.start), Word::Pronoun | Word::Relative) {
        return None;
    }
    if is_nobody(scene, words) {
        return None;
    }
    let end = if words.len() > 1 && is_figure(scene.text.small(words.end - 1)) && scene.text.is_capital(words.start) {
        words.end - 1
    } else {
        words.end
    };
    let printed = scene.text.slice(words.start..end).trim_end_matches(['’', '\'']).split_whitespace().collect::<Vec<_>>().join(" ");
    let printed = printed.strip_suffix("’s").or_else(|| printed.strip_suffix("'s")).unwrap_or(&printed).to_string();
    (!printed.is_empty()).then_some(Party::Named(printed))
}

/// "Preliminary data", "some reports", "official figures": words that name nobody. "Customs figures" and "the report" name somebody.
fn is_nobody(scene: &Scene<'_, '_>, words: &Range<usize>) -> bool {
    let last = scene.text.small(words.end.saturating_sub(1));
    let is_writing =
        is_figure(last) || matches!(last, "reports" | "rumours" | "rumors" | "accounts" | "images" | "pictures" | "calculations");
    let is_told = |token: usize| is_institution(scene.text, &(token..token + 1)) || speaks(scene.text.small(token));
    let owner = words.start..words.end.saturating_sub(1);
    let has_name = scene.guests.iter().any(|guest| guest.tokens.start >= words.start && guest.tokens.end <= words.end);
    is_writing && !has_name && !owner.clone().any(|token| is_told(token) || matches!(scene.text.word(token), "’" | "'"))
}

/// Whether a subject can count for others: an organisation, or people whose business it is.
pub(super) fn can_count(scene: &Scene<'_, '_>, words: &Range<usize>) -> bool {
    let is_named = scene.guests.iter().any(|guest| {
        guest.tokens.start >= words.start
            && guest.tokens.end <= words.end
            && !guest.possessive
            && matches!(guest.sort, Sort::Organization | Sort::Body | Sort::Unknown)
    });
    let last = words.end.saturating_sub(1);
    is_named
        || is_institution(scene.text, &(last..words.end))
        || speaks(scene.text.small(last))
        || matches!(scene.guests.iter().find(|guest| guest.tokens == *words), Some(guest) if guest.shape == Shape::Seat)
}

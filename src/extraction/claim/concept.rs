//! What is counted or measured, in the text's own words: the noun with its adjectives, what it is of, and the verb.

use std::ops::Range;

use super::clauses::Opener;
use super::lexicon::{Class, Word};
use super::names::Sort;
use super::scene::Scene;
use crate::extraction::text::Kind;
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::WordClass;

/// So many words at most: a whole sentence is no concept.
const WORDS_MAX: usize = 10;

/// Words that say how much, or nothing at all.
static EMPTY: WordClass = WordClass::lines_of(include_str!("../words/empty.txt"));

/// What the words are chosen from.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'g, 't> {
    /// The sentence.
    pub scene: &'g Scene<'g, 't>,
    /// What its tokens have been taken for.
    pub uses: &'g Uses,
    /// The figure.
    pub figure: &'g Range<usize>,
    /// Its unit or counted noun.
    pub noun: Option<&'g Range<usize>>,
    /// End of the figure before, beginning of the next.
    pub bounds: (usize, usize),
    /// Words that name speakers.
    pub speakers: &'g [Range<usize>],
}

/// The words of a concept, by their tokens: those of the figure's own noun phrase and verb, and how many these are; then the rest.
pub fn tokens(ground: Ground<'_, '_>) -> (Vec<usize>, usize) {
    let Ground { scene, figure, noun, bounds: (previous, next), .. } = ground;
    let Some(clause) = scene.piece.clauses.get(scene.piece.clause_of(figure.start)) else { return (Vec::new(), 0) };
    let mut chosen = Chosen { ground, tokens: Vec::new() };
    // A noun that stands elsewhere was elided here: it says less than what stands here.
    let own = noun.filter(|noun| noun.end > figure.start);
    chosen.take(own.cloned().unwrap_or_default(), 4);
    let start = own.map_or(figure.end, |noun| noun.end.max(figure.end));
    chosen.take(start..phrase_end(scene, start, next), 4);
    chosen.take(phrase_start(scene, figure.start, previous)..figure.start, 4);
    let group = clause.group.as_ref();
    if let Some(group) = group.filter(|group| group.class != Class::Say || group.passive) {
        chosen.take(std::iter::once(group.main), 1);
    }
    if let Some(group) = group.filter(|group| group.tokens.start >= figure.end && group.class != Class::Say) {
        chosen.take(group.tokens.end..phrase_end(scene, group.tokens.end, next), 3);
    }
    // "Gas imports from Russia, which reached …": what "which" means.
    if clause.opener == Opener::Relative && main_part(scene, &clause.before_verb()).all(|token| scene.piece.word(token) != Word::Plain) {
        chosen.take(antecedent(scene, clause.tokens.start), 3);
    }
    let near = chosen.tokens.len();
    chosen.take(noun.cloned().unwrap_or_default(), 4);
    if let Some(group) = group {
        chosen.take(main_part(scene, &clause.before_verb()).rev(), 4);
        chosen.take((group.tokens.end..figure.start.max(group.tokens.end)).rev(), 2);
    }
    if chosen.tokens.len() < 3 {
        // "needs $243 million to feed 5 million people": what it is for stands behind it.
        let end = if scene.piece.word(start) == Word::To { next.min(start + 8) } else { clause.tokens.end.min(next) };
        chosen.take(start..end, 3);
        chosen.take(clause.tokens.clone(), 3);
    }
    if chosen.tokens.is_empty() && clause.tokens.start > scene.dateline {
        chosen.take((scene.dateline..clause.tokens.start).rev(), 4);
    }
    (chosen.tokens, near)
}

/// The noun phrase before a relative clause, from its end: back to a verb, a figure or a comma.
fn antecedent<'s>(scene: &'s Scene<'_, '_>, start: usize) -> impl Iterator<Item = usize> + 's {
    let end = start - usize::from(start > scene.piece.tokens.start && scene.text.is_mark(start - 1, ','));
    (scene.piece.tokens.start.max(end.saturating_sub(8))..end).rev().take_while(|token| {
        matches!(scene.text.kind(*token), Some(Kind::Word)) && !matches!(scene.piece.word(*token), Word::Verb(..) | Word::And)
    })
}

/// The words chosen so far.
struct Chosen<'g, 't> {
    ground: Ground<'g, 't>,
    tokens: Vec<usize>,
}

impl Chosen<'_, '_> {
    /// Takes so many words with content at most, while there is room.
    fn take(&mut self, range: impl Iterator<Item = usize>, most: usize) {
        let room = WORDS_MAX.saturating_sub(self.tokens.len()).min(most);
        let new: Vec<usize> = range.filter(|token| self.is_content(*token) && !self.tokens.contains(token)).take(room).collect();
        self.tokens.extend(new);
    }

    fn is_content(&self, token: usize) -> bool {
        let Ground { scene, uses, noun, speakers, .. } = self.ground;
        token >= scene.dateline
            && scene.text.kind(token) == Some(Kind::Word)
            && matches!(scene.piece.word(token), Word::Plain | Word::Verb(..))
            && !matches!(uses.of(token), Use::Time | Use::Citation | Use::Ordinal)
            && (uses.of(token) != Use::Quantity || noun.is_some_and(|noun| noun.contains(&token)))
            && !EMPTY.contains(scene.text.small(token))
            && scene.text.word(token).len() > 1
            && !scene.guests.iter().any(|guest| guest.tokens.contains(&token) && !guest.is_pronoun && guest.sort != Sort::Unknown)
            && !speakers.iter().any(|words| words.contains(&token))
    }
}

/// The noun phrase behind a figure: "of its microelectronics", "in Russian central-bank assets", "worth of arms".
fn phrase_end(scene: &Scene<'_, '_>, start: usize, next: usize) -> usize {
    let mut token = start;
    while token < next.min(start + 12) && token < scene.piece.tokens.end {
        let goes_on = match scene.piece.word(token) {
            Word::Plain => {
                scene.text.kind(token) == Some(Kind::Word) || scene.text.is_mark(token, '-') || matches!(scene.text.word(token), "’" | "'")
            }
            Word::Preposition => matches!(scene.text.small(token), "of" | "in" | "for" | "on"),
            Word::And => token > start,
            Word::Determiner | Word::Possessive | Word::Verb(Class::Harm | Class::Suffer | Class::Give | Class::Get, ..) => true,
            _ => false,
        };
        if !goes_on {
            break;
        }
        token += 1;
    }
    token
}

/// The noun phrase before a figure: "arms sales of", "a provisional surplus of".
fn phrase_start(scene: &Scene<'_, '_>, end: usize, previous: usize) -> usize {
    let mut token = end;
    while token > previous.max(end.saturating_sub(8)) && token > scene.piece.tokens.start {
        let goes_on = match scene.piece.word(token - 1) {
            Word::Plain => scene.text.kind(token - 1) == Some(Kind::Word) || scene.text.is_mark(token - 1, '-'),
            Word::Determiner | Word::Possessive | Word::Adverb | Word::To => true,
            Word::Preposition => {
                matches!(scene.text.small(token - 1), "of" | "at" | "to" | "than" | "over" | "about" | "in" | "for" | "by")
            }
            _ => false,
        };
        if !goes_on {
            break;
        }
        token -= 1;
    }
    token
}

/// The part of a subject that is near its verb: behind its last comma, if anything stands there.
fn main_part(scene: &Scene<'_, '_>, subject: &Range<usize>) -> Range<usize> {
    // "Exports of textiles, the country’s main source of dollars, brought …": an apposition closes with a comma at the verb.
    let is_comma = |token: &usize| scene.text.is_mark(*token, ',');
    if subject.end.checked_sub(1).is_some_and(|last| last > subject.start && is_comma(&last))
        && let Some(first) = (subject.start + 1..subject.end - 1).find(is_comma)
    {
        return subject.start..first;
    }
    let comma = subject.clone().rev().find(|token| scene.text.is_mark(*token, ','));
    match comma {
        Some(comma)
            if (comma + 1..subject.end)
                .any(|token| scene.piece.word(token) == Word::Plain && scene.text.kind(token) == Some(Kind::Word)) =>
        {
            comma + 1..subject.end
        }
        _ => subject.clone(),
    }
}

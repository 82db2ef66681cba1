//! The words that weaken a figure: "reportedly", "is thought to", "estimated", "may".

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::clauses::Piece;
use super::lexicon::{Class, Word};
use crate::domain::claim::Status;
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::WordClass;

/// What is thought or meant, but not known.
static PARTICIPLES_OF_BELIEF: WordClass = WordClass::named("participles of belief");

/// What a hedge says of the standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// Weakens and says how: a status follows.
    Says(Status),
    /// Weakens only.
    Only,
}

/// Words that weaken wherever they stand near a figure, with what they say.
static WORDS: LazyLock<HashMap<&'static str, Strength>> = LazyLock::new(|| {
    let lines = include_str!("../words/hedges.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let (word, status) = line.split_once(' ').unwrap_or((line, ""));
            let strength = Status::ALL.into_iter().find(|known| known.as_str() == status).map_or(Strength::Only, Strength::Says);
            (!word.is_empty()).then_some((word, strength))
        })
        .collect()
});

/// A hedge in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hedge {
    /// Its words.
    pub tokens: Range<usize>,
    /// What it says.
    pub strength: Strength,
    /// Index of its clause.
    pub clause: usize,
}

/// All hedges of a sentence.
pub fn find(text: &Text<'_>, piece: &Piece) -> Vec<Hedge> {
    let mut found: Vec<Hedge> = Vec::new();
    for token in piece.tokens.clone() {
        let Some(strength) = WORDS.get(text.small(token)) else { continue };
        if !weakens(text, piece, token) {
            continue;
        }
        let tokens = phrase(text, piece, token);
        found.push(Hedge { tokens, strength: *strength, clause: piece.clause_of(token) });
    }
    found.extend(piece.tokens.clone().filter_map(|token| rumour(text, piece, token)));
    found.sort_by_key(|hedge| hedge.tokens.start);
    found
}

/// "Some reports suggest that …", "rumours say": what nobody in particular tells.
fn rumour(text: &Text<'_>, piece: &Piece, token: usize) -> Option<Hedge> {
    if !matches!(text.small(token), "reports" | "rumours" | "rumors" | "accounts") || piece.word(token + 1).class() != Some(Class::Say) {
        return None;
    }
    // "UN reports say", "police reports say" name somebody.
    let before = token.checked_sub(1).filter(|before| piece.tokens.contains(before));
    let is_open = |before: usize| {
        matches!(piece.word(before), Word::Determiner | Word::And | Word::Subordinator)
            || text.kind(before) == Some(Kind::Mark)
            || matches!(text.small(before), "several" | "many" | "local" | "early" | "initial" | "first" | "media" | "press")
    };
    let is_open = before.is_none_or(is_open) && text.small(token.wrapping_sub(1)) != "the";
    let tokens = token..token + 2;
    is_open.then(|| Hedge { tokens, strength: Strength::Says(Status::Reported), clause: piece.clause_of(token + 1) })
}

/// Whether the word weakens here; some do only in one of their uses.
fn weakens(text: &Text<'_>, piece: &Piece, token: usize) -> bool {
    let before = token.checked_sub(1).map_or(Word::Plain, |before| piece.word(before));
    match text.small(token) {
        // The month, and the right to do something.
        "may" => !text.is_capital(token) && before != Word::Preposition,
        // "estimates" as what somebody says is no hedge; "is estimated at" and "an estimated" are.
        word if PARTICIPLES_OF_BELIEF.contains(word) => {
            matches!(before, Word::Be | Word::Adverb | Word::Determiner)
                || piece.word(token + 1) == Word::To
                || matches!(text.word(token.wrapping_sub(1)), ",")
                || text.small(token + 1) == "at"
        }
        "said" | "reported" | "alleged" => {
            let told = piece.word(token + 1) == Word::To || text.small(token + 1) == "that";
            // "300 died, it is reported"
            let closes = text.small(token.wrapping_sub(2)) == "it" && text.kind(token + 1) != Some(Kind::Word);
            before == Word::Be && (told || closes) || text.small(token) == "alleged" && before == Word::Determiner
        }
        "likely" => before == Word::Be || before == Word::Adverb || piece.word(token + 1) != Word::Plain,
        "wants" | "hopes" | "aims" | "plans" | "intends" | "expects" | "want" | "hope" | "aim" | "plan" | "intend" => {
            piece.word(token + 1) == Word::To
        }
        "claimed" | "claims" | "claim" | "conceded" | "boasts" | "boasted" => matches!(piece.word(token), Word::Verb(..)),
        _ => true,
    }
}

/// "is thought to" for "thought".
fn phrase(text: &Text<'_>, piece: &Piece, token: usize) -> Range<usize> {
    if !matches!(
        text.small(token),
        "thought" | "believed" | "said" | "expected" | "reported" | "assumed" | "likely" | "projected" | "feared"
    ) || piece.word(token + 1) != Word::To
    {
        return token..token + 1;
    }
    let start = token.checked_sub(1).filter(|before| piece.word(*before) == Word::Be && *before >= piece.tokens.start).unwrap_or(token);
    start..token + 2
}

/// Where a figure stands among the others of its sentence.
#[derive(Debug, Clone)]
pub struct Ground {
    /// Its tokens.
    pub figure: Range<usize>,
    /// End of the figure before, if there is one.
    pub previous: Option<usize>,
    /// Beginning of the next with its bound, or the sentence's end.
    pub next: usize,
    /// Where a contrast begins before the figure: what weakens the figure before does not reach beyond.
    pub contrast: usize,
}

/// The hedge of a figure: in its clause, the nearest; a bracket right behind it counts. One that stands behind a later figure of the same
/// clause is that figure's own.
pub fn of<'h>(text: &Text<'_>, hedges: &'h [Hedge], piece: &Piece, ground: &Ground) -> Option<(&'h Hedge, &'static str)> {
    let figure = &ground.figure;
    hedges.iter().filter_map(|hedge| Some((hedge, reach(text, piece, ground, hedge)?))).min_by_key(|(hedge, _)| {
        if hedge.tokens.end <= figure.start { figure.start - hedge.tokens.end } else { hedge.tokens.start - figure.end }
    })
}

/// By which rule a hedge reaches a figure, if it does.
fn reach(text: &Text<'_>, piece: &Piece, ground: &Ground, hedge: &Hedge) -> Option<&'static str> {
    let Ground { figure, previous, next, contrast } = ground;
    let clause = piece.clause_of(figure.start);
    // "500 drones, each at an estimated $5 million" weakens the second alone, "417 suspected cases, including 13 deaths" the first.
    let is_nexts = hedge.tokens.end == *next && *next < piece.tokens.end;
    let is_previous = *previous == Some(hedge.tokens.start) && describes(text, piece, hedge);
    if is_previous {
        return None;
    }
    let before = hedge.tokens.end <= figure.start && hedge.tokens.start >= *contrast;
    let after = hedge.tokens.start >= figure.end && hedge.tokens.start < *next && !is_nexts;
    // "Moscow claims that only 3% …", "it is estimated that 300 …": what governs the clause.
    let governs = hedge.clause + 1 == clause
        && hedge.tokens.end <= figure.start
        && (piece.word(hedge.tokens.end - 1).class() == Some(Class::Say) || matches!(text.small(hedge.tokens.end), "that" | "whether"));
    let closes = clause + 1 == hedge.clause && hedge.tokens.start >= figure.end && closes(text, piece, hedge);
    let is_near = piece.is_bracketed(hedge.tokens.start) || hedge.tokens.start < figure.end + 12;
    let is_own = hedge.clause == clause;
    [(governs, "governing"), (closes, "closing"), (is_own && before, "before"), (is_own && after && is_near, "behind")]
        .into_iter()
        .find_map(|(holds, rule)| holds.then_some(rule))
}

/// "417 suspected cases": an adjective of the noun behind the figure.
fn describes(text: &Text<'_>, piece: &Piece, hedge: &Hedge) -> bool {
    let token = hedge.tokens.start;
    hedge.tokens.len() == 1
        && matches!(piece.word(token), Word::Plain | Word::Verb(..))
        && !text.small(token).ends_with("ly")
        && matches!(piece.word(token + 1), Word::Plain)
}

/// "…, it is believed", "…, Kyiv claims": what was said before is weakened at its end.
fn closes(text: &Text<'_>, piece: &Piece, hedge: &Hedge) -> bool {
    let first = hedge.tokens.start;
    let claims = matches!(text.small(first), "alleges" | "allege" | "claims" | "claimed" | "claim");
    let told = piece.word(first.wrapping_sub(1)) == Word::Be
        && text.small(first.wrapping_sub(2)) == "it"
        && text.kind(hedge.tokens.end) != Some(Kind::Word);
    claims || told || piece.word(first + 1).class() == Some(Class::Say) && text.kind(hedge.tokens.end) != Some(Kind::Word)
}

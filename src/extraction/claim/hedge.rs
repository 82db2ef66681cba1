//! The words that weaken a figure: "reportedly", "is thought to", "estimated", "may".

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::clauses::Piece;
use super::lexicon::{Class, Word};
use crate::domain::claim::Status;
use crate::extraction::text::Text;

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
    found
}

/// Whether the word weakens here; some do only in one of their uses.
fn weakens(text: &Text<'_>, piece: &Piece, token: usize) -> bool {
    let before = token.checked_sub(1).map_or(Word::Plain, |before| piece.word(before));
    match text.small(token) {
        // The month, and the right to do something.
        "may" => !text.is_capital(token) && before != Word::Preposition,
        // "estimates" as what somebody says is no hedge; "is estimated at" and "an estimated" are.
        "thought" | "believed" | "expected" | "projected" | "forecast" | "assumed" | "rumoured" | "rumored" | "feared" | "presumed"
        | "planned" | "intended" | "supposed" => {
            matches!(before, Word::Be | Word::Adverb | Word::Determiner)
                || piece.word(token + 1) == Word::To
                || matches!(text.word(token.wrapping_sub(1)), ",")
                || text.small(token + 1) == "at"
        }
        "said" | "reported" | "alleged" => {
            before == Word::Be && piece.word(token + 1) == Word::To || text.small(token) == "alleged" && before == Word::Determiner
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

/// The hedge of a figure at `token`: in its clause, the nearest; a bracket right behind it counts. One that stands behind a later figure
/// of the same clause is that figure's own.
pub fn of<'h>(
    text: &Text<'_>,
    hedges: &'h [Hedge],
    piece: &Piece,
    figure: &Range<usize>,
    next: usize,
    contrast: usize,
) -> Option<&'h Hedge> {
    let clause = piece.clause_of(figure.start);
    let near = |hedge: &&Hedge| {
        let before = hedge.tokens.end <= figure.start && hedge.tokens.start >= contrast;
        let after = hedge.tokens.start >= figure.end && hedge.tokens.start < next;
        // "Moscow claims that only 3% …": the verb that governs the clause.
        let governs =
            hedge.clause + 1 == clause && hedge.tokens.end <= figure.start && piece.word(hedge.tokens.start).class() == Some(Class::Say);
        let closes =
            clause + 1 == hedge.clause && matches!(text.small(hedge.tokens.start), "alleges" | "allege" | "claims" | "claimed" | "claim");
        governs
            || closes
            || hedge.clause == clause
                && (before || after && (piece.is_bracketed(hedge.tokens.start) || hedge.tokens.start < figure.end + 12))
    };
    hedges.iter().filter(near).min_by_key(|hedge| {
        if hedge.tokens.end <= figure.start { figure.start - hedge.tokens.end } else { hedge.tokens.start - figure.end }
    })
}

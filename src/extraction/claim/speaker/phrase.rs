//! Who says so by a phrase: "according to X", "on X's own count", "X's earlier estimate of".

use super::words::{WORDS_MAX, is_figure, noun_phrase, party, subject_words};
use super::{Said, segment};
use crate::extraction::claim::lexicon::Word;
use crate::extraction::claim::names::Sort;
use crate::extraction::claim::scene::Scene;
use crate::extraction::uses::{Use, Uses};

/// "according to X", "on X's own count", "by X's estimate".
pub(super) fn find(scene: &Scene<'_, '_>, uses: &Uses, token: usize) -> Option<Said> {
    let text = scene.text;
    if text.small(token) == "according" && text.small(token + 1) == "to" {
        let words = noun_phrase(scene, uses, token + 2)?;
        return Some(Said {
            who: party(scene, &words)?,
            words: token..words.end,
            scope: segment(scene, token),
            counts: false,
            rule: "according-to",
        });
    }
    if let Some(said) = by_estimate(scene, uses, token) {
        return Some(said);
    }
    if !matches!(text.small(token), "on" | "by") || !scene.piece.tokens.contains(&token) {
        return None;
    }
    let end = (token + 2..scene.piece.tokens.end.min(token + WORDS_MAX + 2)).find(|at| matches!(text.word(*at), "’" | "'"))?;
    let after = end + 1 + usize::from(text.small(end + 1) == "s");
    let after = after + usize::from(matches!(text.small(after), "own" | "latest" | "official"));
    if !is_figure(text.small(after)) {
        return None;
    }
    let words = noun_phrase(scene, uses, token + 1)?;
    let words = words.start..words.end.min(end);
    let whole = segment(scene, token);
    Some(Said { who: party(scene, &words)?, words: token..after, scope: token..whole.end, counts: true, rule: "own-count" })
}

/// "Ibarra's estimate of $5 billion", "the ministry withdrew its earlier estimate of 300": whoever made it.
fn by_estimate(scene: &Scene<'_, '_>, uses: &Uses, token: usize) -> Option<Said> {
    let text = scene.text;
    let is_made = matches!(
        text.small(token),
        "estimate" | "estimates" | "forecast" | "forecasts" | "projection" | "projections" | "count" | "tally" | "reckoning"
    );
    let is_of = matches!(text.small(token + 1), "of" | "at" | "that") && (token + 2..token + 6).any(|at| uses.of(at) == Use::Quantity);
    if !is_made || !is_of || !scene.piece.tokens.contains(&token) {
        return None;
    }
    let scope = token + 1..segment(scene, token).end;
    let said = |who, words| Some(Said { who, words, scope: scope.clone(), counts: true, rule: "estimate" });
    let start = token.saturating_sub(3).max(scene.piece.tokens.start);
    let owner = scene.guests.iter().rev().find(|guest| guest.possessive && guest.tokens.end > start && guest.tokens.end <= token);
    if let Some(owner) = owner {
        // A state is also whom its own forecast is about.
        let words = if owner.sort == Sort::State { token..token + 1 } else { owner.tokens.clone() };
        return said(owner.party.clone(), words);
    }
    (start..token).find(|at| scene.piece.word(*at) == Word::Possessive)?;
    let clause = scene.piece.clauses.get(scene.piece.clause_of(token))?;
    let words = subject_words(scene, uses, clause)?;
    said(party(scene, &words)?, words)
}

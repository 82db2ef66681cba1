//! Who says so: "X said", "says X", "according to X", "X counted", "X's figures show", "on X's own count".
//!
//! - `verb`: somebody is the subject of a verb of saying or counting;
//! - `phrase`: somebody stands in a phrase of its own;
//! - `words`: the words that name them, and whom they mean.

mod phrase;
mod verb;
mod words;

use std::ops::Range;

use super::clauses::Opener;
use super::scene::Scene;
use crate::extraction::candidate::Party;
use crate::extraction::uses::Uses;

pub use words::is_figure;

/// A pronoun reaches back so many sentences to whoever spoke last.
const REACH: usize = 4;

/// Somebody who says something.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Who.
    pub who: Party,
    /// The words that name them.
    pub words: Range<usize>,
    /// What they say: tokens of the sentence.
    pub scope: Range<usize>,
    /// Whether they give a number that they made themselves.
    pub counts: bool,
    /// The rule that found them.
    pub rule: &'static str,
}

/// Whoever spoke last before a sentence.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// Who.
    pub who: Party,
    /// How many sentences ago: one for the sentence before.
    pub age: usize,
    /// Whether what they said stood in quotation marks at its end.
    pub quoted: bool,
}

impl Earlier {
    /// Whether "he" or "she" can still mean them.
    fn is_near(&self) -> bool {
        self.age <= REACH
    }
}

/// Everybody who says something in a sentence, in the order of their words.
pub fn find(scene: &Scene<'_, '_>, uses: &Uses, before: Option<&Earlier>) -> Vec<Said> {
    let mut found: Vec<Said> = Vec::new();
    let mut latest = before.cloned();
    for index in 0..scene.piece.clauses.len() {
        if let Some(said) = verb::find(scene, uses, index, latest.as_ref()) {
            latest = Some(Earlier { who: said.who.clone(), age: 0, quoted: false });
            found.push(said);
        }
    }
    for token in scene.piece.tokens.clone() {
        if let Some(said) = phrase::find(scene, uses, token) {
            found.push(said);
        }
    }
    if found.is_empty()
        && let Some(said) = goes_on(scene, before)
    {
        found.push(said);
    }
    found.sort_by_key(|said| said.words.start);
    found
}

/// Who says what stands at a token: the one whose scope is the narrowest.
pub fn of<'s>(said: &'s [Said], scene: &Scene<'_, '_>, token: usize) -> Option<&'s Said> {
    said.iter()
        .filter(|said| said.scope.contains(&token) && !said.words.contains(&token) && !is_aside(scene, said, token))
        .min_by_key(|said| said.scope.len())
}

/// "Ankara, which spent 1.9 percent of GDP, wants to export more, the chief said": what stands between commas behind "which" is told by
/// the text, not by who speaks.
fn is_aside(scene: &Scene<'_, '_>, said: &Said, token: usize) -> bool {
    let clauses = &scene.piece.clauses;
    let index = scene.piece.clause_of(token);
    let Some(clause) = clauses.get(index) else { return false };
    let goes_on = clauses.get(index + 1).is_some_and(|next| next.tokens.end <= said.words.start);
    clause.opener == Opener::Relative
        && scene.text.small(clause.tokens.start) == "which"
        && scene.text.is_mark(clause.tokens.start.wrapping_sub(1), ',')
        && goes_on
}

/// “We have time,” said Ana Ruiz. “We have 300 tanks.”: a sentence in quotation marks right behind one goes on with the same voice.
fn goes_on(scene: &Scene<'_, '_>, before: Option<&Earlier>) -> Option<Said> {
    let before = before.filter(|before| before.age == 1 && before.quoted)?;
    let start = scene.piece.tokens.start;
    if !is_opening(scene.text.word(start)) {
        return None;
    }
    let end = (start + 1..scene.piece.tokens.end).find(|token| is_closing(scene.text.word(*token))).unwrap_or(scene.piece.tokens.end);
    Some(Said { who: before.who.clone(), words: start..start + 1, scope: start..end, counts: false, rule: "quoted-on" })
}

/// Whether a sentence holds words in quotation marks.
pub fn has_quotation(scene: &Scene<'_, '_>) -> bool {
    scene.piece.tokens.clone().any(|token| is_closing(scene.text.word(token)))
}

fn is_opening(mark: &str) -> bool {
    matches!(mark, "“" | "\"" | "«")
}

fn is_closing(mark: &str) -> bool {
    matches!(mark, "”" | "\"" | "»")
}

/// The stretch between semicolons in which a token stands.
fn segment(scene: &Scene<'_, '_>, token: usize) -> Range<usize> {
    let is_cut = |at: &usize| scene.text.is_mark(*at, ';');
    let start = (scene.piece.tokens.start..token).rev().find(is_cut).map_or(scene.piece.tokens.start, |cut| cut + 1);
    start..(token..scene.piece.tokens.end).find(is_cut).unwrap_or(scene.piece.tokens.end)
}

//! How far promised money or goods have come: pledged, committed, allocated, disbursed, delivered. The words are data.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lexicon::Word;
use super::status::Grounds;
use crate::domain::claim::Stage;

/// A stage and the rule that tells it.
pub type Found = (Stage, &'static str);

/// Verbs' forms and nouns, each with its stage.
static VERBS: LazyLock<HashMap<&'static str, Stage>> = LazyLock::new(|| words("verb"));
static NOUNS: LazyLock<HashMap<&'static str, Stage>> = LazyLock::new(|| words("noun"));

/// Verbs of two words.
static PHRASES: LazyLock<Vec<(&'static str, &'static str, Stage)>> = LazyLock::new(|| {
    words("phrase").into_iter().filter_map(|(words, stage)| words.split_once(' ').map(|(verb, particle)| (verb, particle, stage))).collect()
});

fn words(wanted: &str) -> HashMap<&'static str, Stage> {
    let lines = include_str!("../words/stages.csv").lines().filter(|line| !line.starts_with('#'));
    let read = |line: &'static str| {
        let mut parts = line.split(',');
        let (word, stage, kind) = (parts.next()?, parts.next()?, parts.next()?);
        let stage = Stage::ALL.into_iter().find(|known| known.as_str() == stage)?;
        (kind == wanted).then_some((word, stage))
    };
    lines.filter_map(read).collect()
}

/// How far promised money or goods have come, told by the verb or noun near the figure.
pub fn of(grounds: Grounds<'_, '_>) -> Option<Found> {
    behind(&grounds).or_else(|| by_verb(&grounds)).or_else(|| by_noun(&grounds))
}

/// "a loan that the G7 promised", "$3 billion in pledges": in the same breath as the figure.
fn behind(grounds: &Grounds<'_, '_>) -> Option<Found> {
    let text = grounds.text;
    let reach = grounds.figure.end..grounds.bounds.1.min(grounds.figure.end + 9);
    let mut breath = reach.take_while(|token| !matches!(text.word(*token), "," | ";" | "." | "and" | "but"));
    breath.find_map(|token| {
        let word = text.small(token);
        let is_past = word.ends_with("ed") && !matches!(word, "delivered" | "received" | "approved");
        let verb = VERBS.get(word).filter(|_| is_past || word == "pledges").map(|stage| (*stage, "behind"));
        let noun = || NOUNS.get(word).filter(|_| text.small(token - 1) == "in").map(|stage| (*stage, "noun-behind"));
        verb.or_else(noun)
    })
}

fn by_verb(grounds: &Grounds<'_, '_>) -> Option<Found> {
    let clause = grounds.piece.clauses.get(grounds.piece.clause_of(grounds.figure.start))?;
    let group = clause.group.as_ref()?;
    // What will be given is promised, whatever the verb: "we will deliver another 60".
    let is_to_come = group.tokens.clone().any(|token| matches!(grounds.text.small(token), "will" | "shall"));
    let told = group.tokens.clone().find_map(|token| verb_at(grounds, token));
    told.filter(|_| !is_to_come).map(|stage| (stage, "verb"))
}

/// The stage of a verb, alone or with the word behind it: "set aside".
fn verb_at(grounds: &Grounds<'_, '_>, token: usize) -> Option<Stage> {
    let word = grounds.text.small(token);
    let both = || PHRASES.iter().find(|(verb, particle, _)| *verb == word && *particle == grounds.text.small(token + 1));
    VERBS.get(word).copied().or_else(|| both().map(|(_, _, stage)| *stage))
}

/// "a pledge of $30 million", "disbursements reached $400 million".
fn by_noun(grounds: &Grounds<'_, '_>) -> Option<Found> {
    let (text, piece) = (grounds.text, grounds.piece);
    let clause = piece.clauses.get(piece.clause_of(grounds.figure.start))?;
    let stage = |token: usize| NOUNS.get(text.small(token)).filter(|_| !matches!(piece.word(token), Word::Verb(..))).copied();
    let start = grounds.figure.start;
    let near = (grounds.bounds.0.max(start.saturating_sub(6))..start).rev().take_while(|token| !text.is_mark(*token, ','));
    if let Some(stage) = near.filter(|token| text.small(token + 1) == "of").find_map(stage) {
        return Some((stage, "noun-before"));
    }
    let subject = clause.before_verb();
    (subject.end <= start).then(|| subject.clone().find_map(stage)).flatten().map(|stage| (stage, "noun-subject"))
}

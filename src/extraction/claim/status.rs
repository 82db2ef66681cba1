//! The standing of a figure, and how far promised money has come.

use std::ops::Range;

use super::clauses::Piece;
use super::hedge::{Hedge, Strength};
use super::speaker::Said;
use crate::domain::claim::{Stage, Status};
use crate::extraction::candidate::Party;
use crate::extraction::text::Text;

/// What a status follows from.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'g, 't> {
    /// The text.
    pub text: &'g Text<'t>,
    /// The sentence.
    pub piece: &'g Piece,
    /// The figure's tokens.
    pub figure: &'g Range<usize>,
    /// Its hedge.
    pub hedge: Option<&'g Hedge>,
    /// Whoever says it.
    pub said: Option<&'g Said>,
    /// End of the figure before, beginning of the next.
    pub bounds: (usize, usize),
}

/// All that hold, each once.
pub fn of(grounds: Grounds<'_, '_>) -> Vec<Status> {
    let mut all = Vec::new();
    let mut add = |status: Status| {
        if !all.contains(&status) {
            all.push(status);
        }
    };
    if let Some(hedge) = grounds.hedge {
        match hedge.strength {
            Strength::Says(status) => add(status),
            Strength::Only if grounds.text.small(hedge.tokens.start) == "would" => {
                add(if is_conditional(&grounds) { Status::Hypothetical } else { Status::Forecast });
            }
            Strength::Only => {}
        }
    }
    let near = grounds.bounds.0.max(grounds.figure.start.saturating_sub(5))..grounds.figure.start;
    for token in near.clone() {
        if let Some(status) = by_word(grounds.text.small(token)) {
            add(status);
        }
    }
    if is_superlative(&grounds) {
        add(Status::Superlative);
    }
    if is_denied(&grounds) {
        add(Status::Denied);
    }
    if grounds.hedge.is_none() && will(&grounds) {
        add(Status::Forecast);
    }
    if grounds.said.is_some_and(is_official) {
        add(Status::Official);
    }
    all
}

fn by_word(word: &str) -> Option<Status> {
    Some(match word {
        "target" | "goal" | "targets" => Status::Target,
        "confirmed" => Status::Confirmed,
        "revised" | "corrected" => Status::Revised,
        "retracted" | "withdrawn" => Status::Retracted,
        "official" | "officially" => Status::Official,
        "unofficial" | "unofficially" => Status::Unofficial,
        "disputed" | "contested" => Status::Disputed,
        _ => return None,
    })
}

/// "a record $9.4 billion", "record high of", "the record year".
fn is_superlative(grounds: &Grounds<'_, '_>) -> bool {
    let clause = grounds.piece.clauses.get(grounds.piece.clause_of(grounds.figure.start));
    let start = clause.map_or(grounds.figure.start, |clause| clause.tokens.start).max(grounds.bounds.0);
    let before = (start.max(grounds.figure.start.saturating_sub(10))..grounds.figure.start).any(|token| match grounds.text.small(token) {
        "record" | "unprecedented" | "all-time" => grounds.text.small(token.wrapping_sub(1)) != "on",
        "highest" | "largest" | "biggest" | "lowest" => token + 4 >= grounds.figure.start,
        _ => false,
    });
    let end = grounds.figure.end;
    before
        || (end..grounds.bounds.1.min(end + 8)).any(|token| {
            matches!(grounds.text.small(token), "highest" | "lowest" | "record")
                && grounds.text.small(token + 1) != "of"
                && !matches!(grounds.text.small(token.wrapping_sub(1)), "on" | "s")
        })
}

/// "denies that up to 4,000": the verb stands before the figure, in its clause or in the one that governs it.
fn is_denied(grounds: &Grounds<'_, '_>) -> bool {
    let clause = grounds.piece.clause_of(grounds.figure.start);
    grounds.piece.clauses.iter().take(clause + 1).skip(clause.saturating_sub(1)).filter_map(|clause| clause.group.as_ref()).any(|group| {
        let denies = |token: usize| {
            let word = grounds.text.small(token);
            matches!(word, "denies" | "denied" | "deny" | "rejects" | "rejected" | "disputes" | "disputed" | "dismissed")
        };
        group.tokens.end <= grounds.figure.start && group.tokens.clone().any(denies)
    })
}

fn is_conditional(grounds: &Grounds<'_, '_>) -> bool {
    grounds.piece.tokens.clone().take(60).any(|token| match grounds.text.small(token) {
        "if" | "unless" => true,
        "every" | "each" => matches!(grounds.text.small(token + 1), "extra" | "additional" | "further"),
        _ => false,
    })
}

/// "will cost $2 billion".
fn will(grounds: &Grounds<'_, '_>) -> bool {
    let clause = grounds.piece.clauses.get(grounds.piece.clause_of(grounds.figure.start));
    clause.and_then(|clause| clause.group.as_ref()).is_some_and(|group| grounds.text.small(group.tokens.start) == "will")
}

/// A figure that a ministry, an office or the like made itself.
fn is_official(said: &Said) -> bool {
    let Party::Named(name) = &said.who else { return false };
    let name = name.to_lowercase();
    let is_body = ["ministry", "office", "authority", "department", "bureau", "statistics", "customs", "treasury", "census"]
        .iter()
        .any(|word| name.contains(word));
    said.counts && is_body && !name.contains("provincial") && !name.starts_with("un ")
}

/// How far promised money or goods have come, told by the verb or noun near the figure.
pub fn stage(grounds: Grounds<'_, '_>) -> Option<Stage> {
    let clause = grounds.piece.clauses.get(grounds.piece.clause_of(grounds.figure.start))?;
    let group = clause.group.as_ref();
    // "a loan that the G7 promised": in the same breath as the figure.
    let reach = grounds.figure.end..grounds.bounds.1.min(grounds.figure.end + 9);
    let breath = reach.take_while(|token| !matches!(grounds.text.word(*token), "," | ";" | "." | "and" | "but"));
    let behind = breath.map(|token| grounds.text.small(token)).find_map(promised);
    let by_verb = || group.and_then(|group| group.tokens.clone().find_map(|token| by_step(grounds.text.small(token))));
    behind.or_else(by_verb)
}

fn promised(word: &str) -> Option<Stage> {
    Some(match word {
        "promised" | "pledged" | "pledges" => Stage::Pledged,
        "committed" | "agreed" => Stage::Committed,
        "allocated" | "earmarked" => Stage::Allocated,
        "disbursed" => Stage::Disbursed,
        _ => return None,
    })
}

fn by_step(word: &str) -> Option<Stage> {
    promised(word).or_else(|| {
        Some(match word {
            "pledge" | "promises" | "promise" | "vowed" => Stage::Pledged,
            "commit" | "commits" | "approved" | "approves" => Stage::Committed,
            "allocate" | "allocates" => Stage::Allocated,
            "disburse" | "disburses" => Stage::Disbursed,
            "delivered" | "delivers" | "received" | "receives" => Stage::Delivered,
            _ => return None,
        })
    })
}

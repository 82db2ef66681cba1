//! How far promised money or goods have come: pledged, committed, allocated, disbursed, delivered.

use super::status::Grounds;
use crate::domain::claim::Stage;

/// How far promised money or goods have come, told by the verb or noun near the figure.
pub fn of(grounds: Grounds<'_, '_>) -> Option<Stage> {
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

//! The standing of a figure: estimated, forecast, denied, a record. How far promised money has come is told in `stage`, what a later
//! sentence says of it in `verdict`.

use std::ops::Range;

use super::clauses::Piece;
use super::hedge::{Hedge, Strength};
use super::lexicon::Word;
use super::speaker::{Said, is_figure};
use crate::domain::claim::Status;
use crate::extraction::candidate::Party;
use crate::extraction::text::Text;
use crate::extraction::word_class::{GIVERS, RECEIVERS};

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
    /// Whether it says how much something rose or fell.
    pub is_change: bool,
}

/// A standing and the rule that tells it.
pub type Found = (Status, &'static str);

/// All that hold, each once.
pub fn of(grounds: Grounds<'_, '_>) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    let mut add = |status: Status, rule: &'static str| {
        if !all.iter().any(|(other, _)| *other == status) {
            all.push((status, rule));
        }
    };
    if let Some(hedge) = grounds.hedge {
        match hedge.strength {
            Strength::Says(status) => add(status, "hedge"),
            Strength::Only if grounds.text.small(hedge.tokens.start) == "would" => {
                add(if is_conditional(&grounds) { Status::Hypothetical } else { Status::Forecast }, "would");
            }
            // "a further 200 million could follow if parliament agrees"
            Strength::Only if matches!(grounds.text.small(hedge.tokens.start), "could" | "might") && is_conditional(&grounds) => {
                add(Status::Hypothetical, "could");
            }
            Strength::Only => {}
        }
    }
    let near = grounds.bounds.0.max(grounds.figure.start.saturating_sub(5))..grounds.figure.start;
    for token in near.clone() {
        if let Some(status) = by_word(grounds.text.small(token)) {
            add(status, "word");
        }
    }
    for (holds, status, rule) in [
        (is_superlative(&grounds), Status::Superlative, "superlative"),
        (is_denied(&grounds) || is_false(&grounds), Status::Denied, "denied"),
        (is_supposed(&grounds), Status::Hypothetical, "if"),
        (is_withdrawn(&grounds), Status::Retracted, "withdrawn"),
        (grounds.hedge.is_none() && will(&grounds) && !is_compared(&grounds), Status::Forecast, "will"),
        (is_expected(&grounds) && !is_compared(&grounds), Status::Forecast, "expects"),
        (is_estimated(&grounds), Status::Estimated, "estimates"),
        (is_planned(&grounds), Status::Planned, "is-to"),
        (is_official(&grounds), Status::Official, "official"),
    ] {
        if holds {
            add(status, rule);
        }
    }
    all
}

fn by_word(word: &str) -> Option<Status> {
    Some(match word {
        "target" | "goal" | "targets" => Status::Target,
        "forecast" | "forecasts" | "projection" | "projections" => Status::Forecast,
        "confirmed" => Status::Confirmed,
        "revised" | "corrected" => Status::Revised,
        "retracted" | "withdrawn" => Status::Retracted,
        "official" | "officially" => Status::Official,
        "unofficial" | "unofficially" => Status::Unofficial,
        "disputed" | "contested" => Status::Disputed,
        _ => return None,
    })
}

/// "a record $9.4 billion", "an all-time high of", "the largest loss ever: 300", "..., the most since 2013".
fn is_superlative(grounds: &Grounds<'_, '_>) -> bool {
    let text = grounds.text;
    let clause = grounds.piece.clauses.get(grounds.piece.clause_of(grounds.figure.start));
    let start = clause.map_or(grounds.figure.start, |clause| clause.tokens.start).max(grounds.bounds.0);
    let before = (start.max(grounds.figure.start.saturating_sub(10))..grounds.figure.start).any(|token| match text.small(token) {
        "record" | "unprecedented" => text.small(token.wrapping_sub(1)) != "on",
        // "all-time" is three tokens.
        "time" => text.is_mark(token.wrapping_sub(1), '-') && text.small(token.wrapping_sub(2)) == "all",
        "highest" | "largest" | "biggest" | "lowest" | "most" | "worst" | "deadliest" => {
            token + 4 >= grounds.figure.start && !is_role(text, token + 1) && text.small(token) != "most" || is_ever(text, token)
        }
        _ => false,
    });
    let end = grounds.figure.end;
    let behind = || {
        (end..grounds.bounds.1.min(end + 16)).any(|token| {
            let is_near = token < end + 8 || text.is_mark(token.wrapping_sub(2), ',');
            let is_nexts = token + 1 == grounds.bounds.1 && token + 1 < grounds.piece.tokens.end && text.small(token) == "record";
            match text.small(token) {
                "highest" | "lowest" | "record" | "largest" | "biggest" => {
                    let of = text.small(token + 1) == "of" || text.small(token) != "record" && is_role(text, token + 1);
                    is_near
                        && !is_nexts
                        && !of
                        && !matches!(text.small(token.wrapping_sub(1)), "on" | "s")
                        && (text.small(token).len() != 7 || is_ever(text, token))
                }
                // "the most in a single day since 1970"
                "most" | "fewest" => {
                    text.small(token.wrapping_sub(1)) == "the" && matches!(text.small(token + 1), "since" | "in" | "on" | "ever")
                }
                _ => false,
            }
        })
    };
    before || behind()
}

/// "the largest loss ever", "the biggest since 2013".
fn is_ever(text: &Text<'_>, token: usize) -> bool {
    (token + 1..token + 8)
        .take_while(|at| !matches!(text.word(*at), "," | ";" | "."))
        .any(|at| matches!(text.small(at), "ever" | "since" | "history"))
}

/// "the biggest customer with $1 billion" ranks a party, no figure.
fn is_role(text: &Text<'_>, token: usize) -> bool {
    let word = text.small(token);
    let is_place = ["producer", "econom", "countr", "cit", "nation", "employer"].iter().any(|role| word.starts_with(role));
    GIVERS.contains(word) || RECEIVERS.contains(word) || is_place
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

/// "It was not true that 300 …", "reports that put its debt at 9 billion are wrong".
fn is_false(grounds: &Grounds<'_, '_>) -> bool {
    let (text, piece) = (grounds.text, grounds.piece);
    let governs = (piece.tokens.start.max(grounds.figure.start.saturating_sub(40))..grounds.figure.start)
        .any(|token| text.small(token + 1) == "that" && untrue(text, token) && !text.is_mark(token + 2, ','));
    let end = grounds.bounds.1.min(grounds.figure.end + 40).min(piece.tokens.end);
    let breaks = |token: &usize| text.is_mark(*token, ';') || text.is_mark(*token, ',') && piece.word(token + 1) == Word::And;
    let after = (grounds.figure.end..end).take_while(|token| !breaks(token)).any(|token| {
        let links = |at: usize| piece.word(at) == Word::Be || proves(text, at);
        let is_predicate = (1..=3).filter_map(|back| token.checked_sub(back)).any(links);
        is_predicate && untrue(text, token) && text.kind(token + 1) != Some(crate::extraction::text::Kind::Word)
    });
    governs || after
}

/// "proved false", "turned out wrong".
pub fn proves(text: &Text<'_>, token: usize) -> bool {
    matches!(text.small(token), "proved" | "proven" | "proves")
        || matches!(text.small(token), "turned" | "turns") && text.small(token + 1) == "out"
}

/// Whether a word says that something is not so: "false", "not true".
pub fn untrue(text: &Text<'_>, token: usize) -> bool {
    let is_not =
        || (1..=2).any(|back| matches!(text.small(token.wrapping_sub(back)), "not" | "never" | "hardly" | "neither" | "none" | "t"));
    match text.small(token) {
        "false" | "untrue" | "wrong" | "incorrect" | "baseless" | "fabricated" | "invented" | "unfounded" | "fake" => !is_not(),
        "true" | "correct" | "accurate" | "right" => is_not(),
        _ => false,
    }
}

/// "withdrew its figure of 300", "took back an estimate of $4 billion".
fn is_withdrawn(grounds: &Grounds<'_, '_>) -> bool {
    let text = grounds.text;
    let takes_back = |token: usize| {
        matches!(text.small(token), "withdrew" | "withdrawn" | "withdraws" | "retracted" | "retracts" | "rescinded" | "recanted")
            || matches!(text.small(token), "took" | "taken" | "takes") && text.small(token + 1) == "back"
    };
    (grounds.bounds.0.max(grounds.figure.start.saturating_sub(9))..grounds.figure.start).any(|token| {
        takes_back(token)
            && (token + 1..grounds.figure.start).any(|noun| {
                is_figure(text.small(noun)) || matches!(text.small(noun), "claim" | "report" | "number" | "total" | "toll" | "estimate")
            })
    })
}

fn is_conditional(grounds: &Grounds<'_, '_>) -> bool {
    // "Had the ceasefire held, …", "Were it to pass, …"
    let first = grounds.piece.tokens.start;
    let inverted = matches!(grounds.text.small(first), "had" | "were" | "should")
        && !matches!(grounds.piece.word(first + 1), Word::Verb(..) | Word::Preposition)
        && grounds.piece.tokens.clone().take(30).any(|token| grounds.text.is_mark(token, ','));
    // "would have been": it was not.
    let unreal = |token: usize| grounds.text.small(token) == "would" && grounds.text.small(token + 1) == "have";
    inverted
        || grounds.hedge.is_some_and(|hedge| unreal(hedge.tokens.start))
        || grounds.piece.tokens.clone().take(60).any(|token| match grounds.text.small(token) {
            "if" | "unless" => true,
            "every" | "each" => matches!(grounds.text.small(token + 1), "extra" | "additional" | "further"),
            _ => false,
        })
}

/// "If the share rose to 45 percent": the figure stands in the condition. Not in "dozens, if not hundreds", "asked if".
fn is_supposed(grounds: &Grounds<'_, '_>) -> bool {
    let (text, piece) = (grounds.text, grounds.piece);
    let start = piece.tokens.start.max(grounds.figure.start.saturating_sub(30));
    (start..grounds.figure.start).rev().take_while(|token| !matches!(text.word(*token), "," | ";" | "—")).any(|token| {
        matches!(text.small(token), "if" | "unless")
            && text.small(token + 1) != "not"
            && !matches!(piece.word(token.wrapping_sub(1)), Word::Verb(..))
            && !matches!(text.small(token.wrapping_sub(1)), "as" | "unclear" | "even" | "uncertain")
    })
}

/// "will cost $2 billion".
fn will(grounds: &Grounds<'_, '_>) -> bool {
    let clause = grounds.piece.clauses.get(grounds.piece.clause_of(grounds.figure.start));
    clause.and_then(|clause| clause.group.as_ref()).is_some_and(|group| grounds.text.small(group.tokens.start) == "will")
}

/// "The IMF expects the economy to grow by 3.5 percent": the verb stands in the figure's clause or in the one that governs it.
fn is_expected(grounds: &Grounds<'_, '_>) -> bool {
    let clause = grounds.piece.clause_of(grounds.figure.start);
    let foretells = |token: usize| {
        let word = grounds.text.small(token);
        ["expect", "predict", "forecast", "project", "anticipat", "foresee", "envisag"].iter().any(|stem| word.starts_with(stem))
    };
    let groups = grounds.piece.clauses.iter().take(clause + 1).skip(clause.saturating_sub(1)).filter_map(|clause| clause.group.as_ref());
    groups.into_iter().any(|group| group.tokens.end <= grounds.figure.start && group.finite && foretells(group.main))
}

/// "is expected to narrow to 5.9 percent, against 7.4 last year": what something is compared with is known.
fn is_compared(grounds: &Grounds<'_, '_>) -> bool {
    let (text, start) = (grounds.text, grounds.figure.start);
    (1..=3).filter_map(|back| start.checked_sub(back)).any(|token| match text.small(token) {
        "against" | "from" | "versus" => true,
        "with" | "to" => text.small(token.wrapping_sub(1)) == "compared",
        _ => false,
    })
}

/// "The World Bank estimates that 300 …": whoever counts says that it is an estimate.
fn is_estimated(grounds: &Grounds<'_, '_>) -> bool {
    let clause = grounds.piece.clause_of(grounds.figure.start);
    let estimates = |token: usize| matches!(grounds.text.small(token), "estimates" | "estimated" | "estimate" | "reckons" | "reckoned");
    let groups = grounds.piece.clauses.iter().take(clause + 1).skip(clause.saturating_sub(1)).filter_map(|clause| clause.group.as_ref());
    groups.into_iter().any(|group| group.tokens.end <= grounds.figure.start && group.finite && estimates(group.main))
}

/// "is to grow to 5,000", "are due to receive 300".
fn is_planned(grounds: &Grounds<'_, '_>) -> bool {
    let (text, piece) = (grounds.text, grounds.piece);
    let Some(clause) = piece.clauses.get(piece.clause_of(grounds.figure.start)) else { return false };
    (clause.tokens.start.max(grounds.bounds.0)..grounds.figure.start).any(|token| {
        let is_set = matches!(text.small(token + 1), "due" | "set" | "scheduled" | "slated");
        let to = token + 1 + usize::from(is_set);
        matches!(text.small(token), "is" | "are" | "was" | "were")
            && piece.word(to) == Word::To
            && matches!(piece.word(to + 1), Word::Verb(..) | Word::Be | Word::Auxiliary)
    })
}

/// A figure that a ministry, an office or the like made itself, or that "official figures show".
fn is_official(grounds: &Grounds<'_, '_>) -> bool {
    let text = grounds.text;
    let told = grounds.piece.tokens.clone().any(|token| text.small(token) == "official" && is_figure(text.small(token + 1)));
    !grounds.is_change && (told || grounds.said.is_some_and(is_body))
}

fn is_body(said: &Said) -> bool {
    let Party::Named(name) = &said.who else { return false };
    let name = name.to_lowercase();
    let is_body = ["ministry", "office", "authority", "department", "bureau", "statistics", "customs", "treasury", "census"]
        .iter()
        .any(|word| name.contains(word));
    said.counts && is_body && !name.contains("provincial") && !name.starts_with("un ")
}

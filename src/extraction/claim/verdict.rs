//! What a sentence says of a figure that stands before: "Both are wrong", "it has since corrected the number", "the total was withdrawn".

use super::clauses::Group;
use super::lexicon::Word;
use super::scene::Scene;
use super::speaker::is_figure;
use super::status::{proves, untrue};
use crate::domain::claim::Status;
use crate::extraction::candidate::Candidate;

/// Longest sentence, in tokens, that only judges.
const JUDGEMENT_TOKENS_MAX: usize = 12;
/// So many figures back at most a judgement reaches.
const REACH: usize = 12;

/// Adds to candidates what the sentence at hand says of them; those from `here` on are its own.
pub fn pass(scene: &Scene<'_, '_>, here: usize, candidates: &mut [Candidate]) {
    if here == candidates.len() {
        judge(scene, candidates);
    }
    for group in scene.piece.clauses.iter().filter_map(|clause| clause.group.as_ref()) {
        if let Some((status, target)) = taken_back(scene, group, here, candidates)
            && let Some(candidate) = candidates.get_mut(target)
        {
            add(candidate, status, "status:taken-back");
        }
    }
}

fn add(candidate: &mut Candidate, status: Status, rule: &'static str) {
    if !candidate.status.contains(&status) {
        candidate.status.push(status);
        candidate.rules.push(rule.to_string());
    }
}

/// "Both are wrong.", "That is not true.": all that was said so far in the paragraph, or the sentence before.
fn judge(scene: &Scene<'_, '_>, candidates: &mut [Candidate]) {
    let (text, tokens) = (scene.text, scene.piece.tokens.clone());
    let is_false = tokens.clone().any(|token| untrue(text, token) && is_predicate(scene, token));
    if tokens.len() > JUDGEMENT_TOKENS_MAX || !is_false {
        return;
    }
    let first = tokens.start + usize::from(text.small(tokens.start) == "but");
    let noun = text.small(first + 1);
    let is_all = matches!(text.small(first), "both" | "neither" | "none" | "all" | "these" | "those");
    let is_last = matches!(text.small(first), "this" | "that" | "it")
        || matches!(text.small(first), "the" | "his" | "her" | "their" | "its")
            && (is_figure(noun) || matches!(noun, "claim" | "claims" | "number"));
    let block = text.blocks.get(text.block_of(tokens.start)).map_or(tokens.start, |block| block.tokens.start);
    let block = text.bytes(block..block + 1).start;
    let Some(before) = candidates.last().filter(|last| last.place.start >= block && (is_all || is_last)).map(|last| last.sentence.start)
    else {
        return;
    };
    let spoken =
        is_all && candidates.iter().rev().take(REACH).any(|candidate| candidate.place.start >= block && candidate.speaker.is_some());
    for candidate in candidates.iter_mut().rev().take(REACH).take_while(|candidate| candidate.place.start >= block) {
        if if spoken { candidate.speaker.is_some() } else { candidate.sentence.start == before } {
            add(candidate, Status::Denied, "status:judged");
        }
    }
}

/// "are wrong", "is not quite true": a form of "be" stands before.
fn is_predicate(scene: &Scene<'_, '_>, token: usize) -> bool {
    (1..=3).filter_map(|back| token.checked_sub(back)).any(|at| scene.piece.word(at) == Word::Be || proves(scene.text, at))
}

/// "has since corrected it", "an earlier total of 33,000 was withdrawn", "a number that Doha rejects": which figure, and how it stands.
fn taken_back(scene: &Scene<'_, '_>, group: &Group, here: usize, candidates: &[Candidate]) -> Option<(Status, usize)> {
    let text = scene.text;
    let status = match text.small(group.main) {
        "corrected" | "corrects" | "revised" | "revises" => Status::Revised,
        "withdrew" | "withdrawn" | "retracted" | "retracts" | "rescinded" => Status::Retracted,
        "rejects" | "rejected" | "denies" | "denied" | "disputes" | "disputed" | "refuted" | "debunked" => Status::Denied,
        _ => return None,
    };
    let clause = scene.piece.clauses.get(scene.piece.clause_of(group.main))?;
    let verb = text.bytes(group.tokens.clone()).start;
    let names_figure = |token: usize| is_figure(text.small(token)) || matches!(text.small(token), "number" | "total" | "claim" | "report");
    let before = candidates.iter().rposition(|candidate| candidate.place.end <= verb);
    let same = before.filter(|at| *at >= here);
    // The figure's own noun is the subject, or what stands for it: "it was later retracted".
    let subject = clause.before_verb();
    let means_it = |token: usize| names_figure(token) || matches!(text.small(token), "it" | "that" | "which" | "this");
    if group.passive {
        return subject.clone().any(means_it).then_some((status, same.or(before)?));
    }
    // "a number that Doha rejects"
    let relative = subject.clone().find(|token| scene.piece.word(*token) == Word::Relative);
    if let Some(relative) = relative
        && subject.end > relative + 1
        && (1..=2).any(|back| names_figure(relative.wrapping_sub(back)))
    {
        return Some((status, same?));
    }
    let object = group.tokens.end..group.tokens.end + 4;
    let is_object = text.small(object.start) == "it" || object.clone().any(names_figure);
    // "withdrew his estimate of $5 billion" is about the figure behind it.
    let next = candidates.iter().skip(here).any(|candidate| {
        let end = text.bytes(object.start..object.end + 4).end;
        candidate.place.start >= verb && candidate.place.start < end
    });
    (is_object && !next && (status != Status::Denied || same.is_none())).then_some((status, same.or(before)?))
}

//! The unit of a number that has none of its own: taken from a neighbour, from the noun that the sentence counts, or from the
//! sentence before.

use std::ops::Range;

use super::draft::{Draft, Missing};
use super::noun;
use super::number::Form;
use super::range;
use super::unit::Sort;
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::{DEFINITE_DETERMINERS, WordClass};

/// Nouns that count people without naming them.
pub(super) static NOUNS_OF_HEADCOUNTS: WordClass = WordClass::named("nouns of headcounts");
/// Verbs whose object in bare figures is people: "killed nearly 3,000".
static VERBS_DONE_TO_PEOPLE: WordClass = WordClass::named("verbs done to people");

/// Words between coordinated numbers.
const COORDINATING: &[&str] = &[",", "and", "or", "to", "by", "x", "×", "but", "&", "/", "then", "-", "–", "versus", "vs"];
/// Words right before a number that stands parallel to an earlier one.
static CONNECTIVES_OF_NUMBERS: WordClass = WordClass::named("connectives of numbers");

/// Whether what stands before a number makes it parallel to an earlier one.
fn is_parallel(before: &str) -> bool {
    CONNECTIVES_OF_NUMBERS.contains(before) || matches!(before, "," | "(" | ":")
}

/// Fills in what numbers without a unit share with others.
pub fn resolve(text: &Text<'_>, drafts: &mut [Draft]) {
    for index in (0..drafts.len()).rev() {
        if drafts.get(index).is_some_and(Draft::lacks_unit) {
            forward(text, drafts, index);
        }
    }
    for index in 0..drafts.len() {
        let Some(draft) = drafts.get(index).filter(|draft| draft.lacks_unit()) else { continue };
        let sentence = text.sentences.get(text.sentence_of(draft.mention.tokens.start)).cloned().unwrap_or_default();
        if let Some(name) = named_ones(text, draft) {
            if let Some(draft) = drafts.get_mut(index) {
                draft.take_unit(name.0, Sort::Count, Some(name.1), "unit:ones");
            }
        } else if let Some(name) = counted_before(text, draft, &sentence) {
            if let Some(draft) = drafts.get_mut(index) {
                draft.take_unit(name.0, Sort::Count, Some(name.1), "unit:subject");
            }
        } else {
            backward(text, drafts, index, &sentence);
        }
    }
    for index in 0..drafts.len() {
        each(text, drafts, index);
    }
}

/// "500 drones, each at $5 million", "1,200 rifles at $900 each": the price is per what was counted.
fn each(text: &Text<'_>, drafts: &mut [Draft], index: usize) {
    let Some(draft) = drafts.get(index).filter(|draft| draft.sort == Sort::Money && draft.mention.per.is_none()) else { return };
    let start = draft.mention.bound.as_ref().map_or(draft.mention.tokens.start, |bound| bound.start.min(draft.mention.tokens.start));
    let before = (start.saturating_sub(5)..start).any(|at| text.small(at) == "each");
    if !before && !matches!(text.small(draft.mention.tokens.end), "each" | "apiece") {
        return;
    }
    let sentence = text.sentence_of(draft.mention.tokens.start);
    let counted = drafts
        .get(..index)
        .unwrap_or_default()
        .iter()
        .rev()
        .take(4)
        .find(|other| other.sort == Sort::Count && other.mention.unit.is_some());
    let unit =
        counted.filter(|other| text.sentence_of(other.mention.tokens.start) == sentence).and_then(|other| other.mention.unit.clone());
    if let (Some(unit), Some(draft)) = (unit, drafts.get_mut(index)) {
        draft.mention.per = Some(unit);
        draft.mention.rules.push("per:each");
    }
}

/// From the next number, when only a list's words stand between: "two senior and three junior officers", "5, 10 and 15 percent".
fn forward(text: &Text<'_>, drafts: &mut [Draft], index: usize) {
    let (Some(draft), Some(next)) = (drafts.get(index), drafts.get(index + 1)) else { return };
    let (Some(name), false) = (next.mention.unit.clone(), next.form == Form::Share && next.mention.unit.is_none()) else { return };
    // A bound of the next number belongs to that one: "up to 50 and at least 30 houses".
    let bound =
        next.mention.bound.as_ref().filter(|bound| bound.start >= draft.mention.tokens.end && bound.end <= next.mention.tokens.start);
    let between = draft.mention.tokens.end..bound.map_or(next.mention.tokens.start, |bound| bound.start);
    if between.len() > 4 || between.is_empty() {
        return;
    }
    let whole = text.small(between.start) == "of" && next.sort == Sort::Count;
    let mut joins = whole;
    for at in between.clone() {
        let word = text.small(at);
        if whole && (at == between.start || DEFINITE_DETERMINERS.contains(word) || matches!(word, "some" | "about")) {
            continue;
        }
        if COORDINATING.contains(&word) {
            joins = true;
        } else if noun::ends_phrase(word) || text.kind(at) != Some(Kind::Word) || joins {
            return;
        }
    }
    let same_kind = next.sort != Sort::Money || next.currency_after;
    if joins && same_kind && draft.missing != Missing::Other {
        let (sort, noun) = (next.sort, next.mention.noun.clone());
        if let Some(draft) = drafts.get_mut(index) {
            draft.take_unit(name, sort, noun, "unit:coordinated");
        }
    }
}

/// What "ones" stands for: the plural named last, be it counted or not. A plural right after a name is a verb: "Mali flies".
fn named_ones(text: &Text<'_>, draft: &Draft<'_>) -> Option<(String, Range<usize>)> {
    if draft.missing != Missing::Other || !(draft.mention.tokens.end..draft.mention.tokens.end + 4).any(|at| text.small(at) == "ones") {
        return None;
    }
    let block = text.blocks.get(text.block_of(draft.mention.tokens.start)).map_or(0, |block| block.tokens.start);
    let from = draft.mention.tokens.start.saturating_sub(40).max(block);
    (from..draft.mention.tokens.start).rev().find_map(|at| {
        let word = text.small(at);
        let plural = word.ends_with('s') && !noun::ends_phrase(word) && !(at > from && text.is_capital(at - 1));
        let name = noun::singular(word).filter(|_| plural)?.into_owned();
        Some((name, at..at + 1))
    })
}

/// The noun that the clause counts before its verb: "its reservists number 2.3 million", "the death toll rose to 45", "put arrivals at
/// 70,000".
fn counted_before(text: &Text<'_>, draft: &Draft, sentence: &Range<usize>) -> Option<(String, Range<usize>)> {
    if !draft.is_count() {
        return None;
    }
    let start = draft.mention.bound.as_ref().map_or(draft.mention.tokens.start, |bound| bound.start.min(draft.mention.tokens.start));
    let from = start.saturating_sub(12).max(sentence.start);
    for at in (from..start).rev() {
        if matches!(text.word(at), ";" | ":" | "(" | ")") || text.kind(at) == Some(Kind::Digits) && at + 4 > start {
            return None;
        }
        let word = text.small(at);
        if at + 1 == start && is_done_to_people(word) {
            return Some(("person".to_string(), at..at + 1));
        }
        let person = |at: usize| Some(("person".to_string(), at..at + 1));
        match word {
            // A common misprint of casualties.
            "causalities" if at + 6 >= start => return person(at),
            word if NOUNS_OF_HEADCOUNTS.contains(word) => return person(at),
            "army" | "force" | "team" | "group" | "staff" | "crew" | "garrison" | "delegation" | "panel" | "jury" | "squad"
                if text.small(at + 1) == "of" && at + 2 >= start.saturating_sub(1) =>
            {
                return person(at);
            }
            "number" | "numbers" if text.small(at + 1) == "of" => {
                let noun = noun::counted(text, draft.uses(), at + 2, start)?;
                return Some((noun.lemma, noun.tokens));
            }
            "number" | "numbered" | "totalled" | "totaled" | "totalling" | "totaling" | "at" if at + 3 >= start => {
                if let Some(noun) = plural_before(text, at, from, word == "at") {
                    return Some(noun);
                }
            }
            // "arrivals rose to 45,000", "casualties climb past 200,000"
            _ if at + 2 >= start && range::is_change(word) => {
                let noun = plural_before(text, at, from, false).filter(|(name, _)| !NOUNS_OF_PRICES_AND_LEVELS.contains(name.as_str()));
                if noun.is_some() {
                    return noun;
                }
            }
            _ => {}
        }
    }
    None
}

/// What rises to a sum or a level, never to so many of its kind.
static NOUNS_OF_PRICES_AND_LEVELS: WordClass = WordClass::named("nouns of prices and levels");

/// Verbs whose object in bare figures is people: "killed nearly 3,000".
fn is_done_to_people(verb: &str) -> bool {
    VERBS_DONE_TO_PEOPLE.contains(verb)
}

/// The plural right before a verb: "reservists number"; for "put X at", the plural right before "at".
fn plural_before(text: &Text<'_>, verb: usize, from: usize, needs_put: bool) -> Option<(String, Range<usize>)> {
    let at = verb.checked_sub(1).filter(|at| *at >= from)?;
    let name = noun::singular(text.small(at))?.into_owned();
    let put = (from..at).any(|at| matches!(text.small(at), "put" | "puts" | "putting" | "estimated" | "estimates"));
    (!needs_put || put).then(|| (name, at..at + 1))
}

/// From an earlier number.
fn backward(text: &Text<'_>, drafts: &mut [Draft], index: usize, sentence: &Range<usize>) {
    let Some(draft) = drafts.get(index) else { return };
    let before = draft.mention.tokens.start.checked_sub(1).map_or("", |at| text.small(at));
    let lead = draft
        .mention
        .bound
        .as_ref()
        .filter(|bound| bound.start < draft.mention.tokens.start)
        .and_then(|bound| bound.start.checked_sub(1))
        .map_or(before, |at| text.small(at));
    let parallel = is_parallel(lead) || is_parallel(before);
    let earlier = drafts.get(..index).unwrap_or_default();
    let block = text.blocks.get(text.block_of(draft.mention.tokens.start)).map_or(0, |block| block.tokens.start);
    let mut found = None;
    for other in earlier.iter().rev().take(6).take_while(|other| other.mention.tokens.start >= block) {
        let same = other.mention.tokens.start >= sentence.start;
        let Some(name) = &other.mention.unit else { continue };
        let near = text.sentence_of(draft.mention.tokens.start) - text.sentence_of(other.mention.tokens.start) <= 2;
        let fits = match (draft.missing, other.sort) {
            (Missing::Other, Sort::Count) => near,
            (Missing::Noun, Sort::Count) if draft.is_count() && lead != "on" => near && (same || draft.is_reported(text, sentence)),
            (Missing::Noun, Sort::Share) => {
                same && parallel && draft.is_small() && range::within(&draft.mention.value, &other.mention.value, 20)
            }
            (Missing::Noun, Sort::Money) => {
                same && parallel
                    && (draft.scale > 0 || draft.form != Form::Words && range::within(&draft.mention.value, &other.mention.value, 20))
            }
            (Missing::Noun, Sort::Measure | Sort::Time) => {
                same && parallel && range::within(&draft.mention.value, &other.mention.value, 20)
            }
            _ => false,
        };
        if fits {
            found = Some((name.clone(), other.sort, other.mention.noun.clone(), other.mention.per.clone()));
            break;
        }
    }
    let other = draft.missing == Missing::Other;
    let Some(draft) = drafts.get_mut(index) else { return };
    match found {
        Some((name, sort, noun, per)) => {
            draft.take_unit(name, sort, noun, "unit:neighbour");
            if draft.mention.per.is_none() && lead == "to" {
                draft.mention.per = per;
            }
        }
        None if other => draft.take_unit("person".to_string(), Sort::Count, None, "unit:others"),
        None => {}
    }
}

//! Numbers that need a second look: "one" as a number or a pronoun, and bare figures.

use std::ops::Range;

use super::draft::Draft;
use super::lists::{AFTER_ONE, BEFORE_ONE};
use super::measure::Measure;
use super::noun;
use super::number::Form;
use crate::domain::decimal::Decimal;
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::{DEFINITE_DETERMINERS, WordClass};

/// Words in -est that are no superlatives.
static NOUNS_IN_EST: WordClass = WordClass::named("nouns in est");
/// Words that say which one of several.
static SUPERLATIVES: WordClass = WordClass::named("superlatives");

/// Whether "one" counts something here.
pub fn counts(text: &Text<'_>, one: &Measure) -> bool {
    let (start, end) = (one.number.tokens.start, one.number.tokens.end);
    let before = start.checked_sub(1).map_or("", |before| text.small(before));
    let next = text.small(end);
    if one.unit.is_some() {
        let hyphen = one.is_adjective || text.is_mark(end, '-');
        return !["no", "neither", "this", "that", "which", "each", "every", "any", "some"].contains(&before)
            && (hyphen
                || !matches!(next, "day" | "time" | "point" | "second" | "times")
                || matches!(before, "in" | "least" | "just" | "than" | "only" | "within" | "for"));
    }
    // A number in a list or a range: "one or two", "one to three".
    if matches!(next, "or" | "to") && super::number_words::part(text.small(end + 1)).is_some()
        || matches!(text.small(end + 1), "more") && next == "or"
    {
        return true;
    }
    if BEFORE_ONE.contains(before) || text.is_mark(end, '-') || text.kind(end) != Some(Kind::Word) {
        return false;
    }
    if start > 0 && text.is_capital(start) && text.is_capital(start - 1) && !text.spaced(start - 1) {
        return false;
    }
    if next == "of" {
        return is_one_of_some(text, end + 1);
    }
    !AFTER_ONE.contains(next) && !noun::ends_phrase(next)
}

/// "one of the firms", but not "one of the largest donors", "one of a kind", "one of the few".
fn is_one_of_some(text: &Text<'_>, mut at: usize) -> bool {
    if !DEFINITE_DETERMINERS.contains(text.small(at)) {
        return false;
    }
    at += 1;
    for offset in 0..3 {
        let word = text.small(at + offset);
        let superlative = word.len() > 4 && word.ends_with("est") && !NOUNS_IN_EST.contains(word);
        if superlative || SUPERLATIVES.contains(word) {
            return false;
        }
    }
    true
}

/// Whether a number without unit, noun and scale measures something.
pub fn stands_alone(text: &Text<'_>, draft: &Draft<'_>, sentence: &Range<usize>) -> bool {
    if draft.form == Form::One {
        return draft.mention.bound.is_some() || draft.mention.value2.is_some();
    }
    if draft.form == Form::Words && draft.mention.value == Decimal::whole(0) {
        return false;
    }
    if draft.scale > 0
        || draft.mention.bound.is_some()
        || matches!(draft.form, Form::Vague | Form::Separated | Form::Share | Form::Multiple)
    {
        return true;
    }
    let before = draft.mention.tokens.start.checked_sub(1).filter(|at| *at >= sentence.start);
    let word = before.map_or("", |at| text.small(at));
    // "Apollo Eleven", "Chapter Two"
    let named = before.is_some_and(|at| text.is_capital(at) && at > sentence.start) && text.is_capital(draft.mention.tokens.start);
    // "at nine", "after six", "two-handed"
    let joined = text.is_mark(draft.mention.tokens.end, '-') && !text.spaced(draft.mention.tokens.end);
    let clock = matches!(word, "at" | "until" | "till" | "before" | "after")
        && draft.form == Form::Words
        && draft.mention.value <= Decimal::whole(12);
    !named && !joined && !clock
}

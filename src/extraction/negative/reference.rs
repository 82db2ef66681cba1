//! Numbers of pages, sections, laws, versions, rooms and items of a list; "No. 119", "#12", "[3]".

use std::ops::Range;

use super::{Found, is_followed_by_count, is_verb};
use crate::extraction::quantity::lists::{LABELS, WEAK_LABELS};
use crate::extraction::quantity::{digits, is_measured_by, is_unit, noun, number_words};
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::{DEFINITE_DETERMINERS, WordClass};

/// Determiners after which a label is an ordinary noun: "this section 5 people".
static ORDERING_DETERMINERS: WordClass = WordClass::named("ordering determiners");
/// Makers of what has a number in its name.
static MAKERS: WordClass = WordClass::named("makers");
/// Labels that are verbs as well: "to order 20".
static LABELS_THAT_ARE_VERBS: WordClass = WordClass::named("labels that are verbs");
/// Labels of kinds and versions: "Type 2", "Category 5".
static LABELS_OF_KINDS: WordClass = WordClass::named("labels of kinds");
/// Labels of roads and what goes on them: "Route 66".
static LABELS_OF_WAYS: WordClass = WordClass::named("labels of ways");
/// Words before a verb that is spelled like a label.
static PRONOUNS_AND_MODALS: WordClass = WordClass::named("pronouns and modals");

/// "[3]", "[1, 2]", "(4)", "(2024, 12)", "($1 = 35.3620 Turkish liras)".
pub fn bracketed(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let before = at.checked_sub(1)?;
    if text.is_mark(before, '[') {
        let mut end = at + 1;
        while end < at + 24 && (text.kind(end) == Some(Kind::Digits) || matches!(text.word(end), "," | "-" | "–" | ";")) {
            end += 1;
        }
        return text.is_mark(end, ']').then_some((at..end, Use::Reference));
    }
    let digits = text.word(at);
    if text.is_mark(before, '(')
        && text.is_mark(at + 1, ')')
        && digits.len() <= 2
        && (before == 0 || text.spaced(before) || text.kind(before - 1) == Some(Kind::Digits))
    {
        return Some((at..at + 1, Use::Reference));
    }
    let closes = matches!(text.word(at + 1), ")" | ";" | "–" | "-" | ",");
    let year = text.is_mark(before, ',') && before > 0 && digits::is_year(text.word(before - 1)) && text.spaced(at);
    let cited = year && closes && (before.saturating_sub(8)..before).any(|at| text.is_mark(at, '('));
    cited.then_some((at..at + 1, Use::Reference))
}

/// "1. The Committee", "2) …", "3.1 Scope": at the beginning of a line.
pub fn listed(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let first = at == 0
        || text.tokens.get(at)?.breaks > 0
        || at == 1 && text.is_mark(0, '(')
        || text.is_mark(at - 1, '(') && text.tokens.get(at - 1)?.breaks > 0;
    if !first {
        return None;
    }
    let mut end = at + 1;
    while end < at + 6 && text.is_mark(end, '.') && !text.spaced(end) && text.kind(end + 1) == Some(Kind::Digits) && !text.spaced(end + 1) {
        end += 2;
    }
    let marked = matches!(text.word(end), "." | ")") && !text.spaced(end) && text.spaced(end + 1);
    let outlined = end > at + 1 && text.is_capital(end) && text.spaced(end) && text.word(at).len() <= 2 && !is_unit(text, end);
    (marked && text.word(at).len() <= 3 || outlined).then_some((at..end, Use::Reference))
}

/// A number after a word that says what it numbers: "page 19", "Section 3", "No. 119", "Route 750", "version 2.0".
pub fn labelled(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let mut before = at.checked_sub(1)?;
    let end = pointed_end(text, at);
    if matches!(text.word(before), "#" | "№" | "§" | "¶") {
        return Some((before..end, Use::Reference));
    }
    let stop = text.is_mark(before, '.') && !text.spaced(before);
    before = before.checked_sub(usize::from(stop))?;
    // "Boeing's 787"
    let maker = before.checked_sub(2).filter(|maker| text.small(before) == "s" && MAKERS.contains(text.small(*maker)));
    before = maker.unwrap_or(before);
    let word = text.small(before);
    if !LABELS.contains(word) || text.tokens.get(at)?.breaks > 1 || text.kind(before) != Some(Kind::Word) {
        return None;
    }
    if is_unit(text, end) || text.is_mark(end, '%') || is_grouped(text, at) {
        return None;
    }
    // "no 5 people": only "No." and "No 5" number things.
    if ["no", "st", "art", "sec", "fig", "ch", "set", "op", "bib", "pin", "n", "nn", "res", "cat", "inv"].contains(&word)
        && !stop
        && !(text.is_capital(before) && text.spaced(before))
    {
        return None;
    }
    let weak = WEAK_LABELS.contains(word);
    let lead = before.checked_sub(1).map_or("", |lead| text.small(lead));
    // "its members number 300"
    if word == "number" && noun::singular(lead).is_some() && !noun::ends_phrase(lead) && !text.is_capital(before) {
        return None;
    }
    let determined = ORDERING_DETERMINERS.contains(lead);
    // "Asteroid 99942 Apophis": a name goes on after its number.
    let adjacent =
        noun::singular(text.small(end)).is_some() && !noun::ends_phrase(text.small(end)) && !is_verb(text, end) && !text.is_capital(end);
    let named_on = text.is_capital(end) && text.word(at).len() > 4;
    let noun = text.spaced(end)
        && !named_on
        && if text.is_capital(before) && before > sentence_start(text, at) { adjacent } else { is_followed_by_count(text, uses, end) };
    // "Type 2 diabetics", "Model 3 sales": what a kind is called by, whatever follows.
    let way = LABELS_OF_WAYS.contains(word) && text.word(at).len() <= 4;
    let kind = text.is_capital(before) && (LABELS_OF_KINDS.contains(word) && text.word(at).len() <= 2 || way);
    if kind && (before > sentence_start(text, at) || !LABELS_THAT_ARE_VERBS.contains(word) || word == "model" || word == "stage") {
        return Some((before..end, Use::Name));
    }
    if weak && (noun || determined || before_is_verb(text, before)) || MAKERS.contains(word) && adjacent && is_place(lead) {
        return None;
    }
    let named = text.is_capital(before) && !stop;
    Some((before..end, if named { Use::Name } else { Use::Reference }))
}

/// "chapter two", "suspect number three", "gate one": a number in words after its label, and nothing that it counts.
pub fn labelled_in_words(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let label = at.checked_sub(1).filter(|label| text.kind(*label) == Some(Kind::Word) && text.spaced(at))?;
    let word = text.small(label);
    let lead = label.checked_sub(1).map_or("", |lead| text.small(lead));
    let short = word.len() < 4 && !matches!(word, "day" | "act" | "lap" | "leg" | "row");
    if !LABELS.contains(word) || short || before_is_verb(text, label) || word == "number" && noun::singular(lead).is_some() {
        return None;
    }
    // "in recent weeks two left", "in the house two were found"
    let determined = DEFINITE_DETERMINERS.contains(lead) || ORDERING_DETERMINERS.contains(lead);
    if noun::singular(word).is_some() || WEAK_LABELS.contains(word) && word != "number" && determined {
        return None;
    }
    let number = number_words::at(text, at, false)?;
    let scaled = number.scale > 0 || number_words::scale(text.small(number.end)).is_some();
    let ends = text.kind(number.end) != Some(Kind::Word) || noun::ends_phrase(text.small(number.end)) || !WEAK_LABELS.contains(word);
    let counts = scaled || is_followed_by_count(text, uses, number.end) || text.is_mark(number.end, '-');
    let share = matches!(text.small(number.end), "of" | "in" | "out") && ORDERING_DETERMINERS.contains(lead);
    (ends && !counts && !share).then_some((label..number.end, Use::Reference))
}

fn sentence_start(text: &Text<'_>, at: usize) -> usize {
    text.sentences.get(text.sentence_of(at)).map_or(0, |sentence| sentence.start)
}

/// A verb spelled like a label: "to order 20", "will match 5"; but "moved to cell 9".
fn before_is_verb(text: &Text<'_>, at: usize) -> bool {
    let lead = at.checked_sub(1).map_or("", |lead| text.small(lead));
    PRONOUNS_AND_MODALS.contains(lead) && LABELS_THAT_ARE_VERBS.contains(text.small(at)) && !is_moved_to(text, at)
}

/// "moved to cell 9", "went to gate 12": a verb in the past before "to" needs a place after it.
fn is_moved_to(text: &Text<'_>, at: usize) -> bool {
    let verb = at.checked_sub(2).map_or("", |verb| text.small(verb));
    text.small(at - 1) == "to"
        && (matches!(verb, "go" | "went" | "gone" | "come" | "came" | "taxied" | "sent" | "moved" | "proceed" | "assigned"))
}

/// "At Nokia 300 workers": where the maker is the place of what is counted.
fn is_place(lead: &str) -> bool {
    matches!(lead, "at" | "in" | "from" | "by" | "for" | "with")
}

fn is_grouped(text: &Text<'_>, at: usize) -> bool {
    digits::at(text, at).is_some_and(|number| number.is_grouped)
}

/// The token after "2.0", "3.11.2", "833/2014", "12-15", "12a".
fn pointed_end(text: &Text<'_>, at: usize) -> usize {
    let mut end = at + 1;
    while end < at + 12
        && matches!(text.word(end), "." | "/" | "-" | "–" | ":" | "(")
        && !text.spaced(end)
        && text.kind(end + 1) == Some(Kind::Digits)
        && !text.spaced(end + 1)
    {
        end += 2;
        end += usize::from(text.is_mark(end, ')') && !text.spaced(end));
    }
    let letter = text.kind(end) == Some(Kind::Word) && !text.spaced(end) && text.word(end).len() == 1;
    end + usize::from(letter)
}

/// "3.11.2", "192.168.0.1", "833/2014", "007".
pub fn pointed(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let digit = |at: usize| text.kind(at) == Some(Kind::Digits) && !text.spaced(at);
    let end = pointed_end(text, at);
    if text.is_mark(at + 1, '.') && text.is_mark(at + 3, '.') && digit(at + 2) && digit(at + 4) && digits::at(text, at).is_none() {
        return Some((at..end, Use::Reference));
    }
    if text.is_mark(at + 1, '/') && !text.spaced(at + 1) && digit(at + 2) && digits::is_year(text.word(at + 2)) {
        return Some((at..end, Use::Reference));
    }
    if text.word(at).starts_with('0') && text.word(at).len() > 1 && !is_joined(text, at) {
        return Some((at..end, Use::Reference));
    }
    None
}

/// Whether digits continue a number: "1,005", "3.05".
fn is_joined(text: &Text<'_>, at: usize) -> bool {
    let mark = at > 0 && !text.spaced(at) && matches!(text.word(at - 1), "." | "," | "'" | "’");
    let spaced = at > 0 && text.word(at).len() == 3 && text.kind(at - 1) == Some(Kind::Digits);
    mark || spaced
}

/// The end of a row that a reference begins: "Articles 5, 6 and 7", "Figures 2–4".
pub fn continued(text: &Text<'_>, uses: &Uses, tokens: &Range<usize>, of: Use) -> usize {
    let mut end = tokens.end;
    if of != Use::Reference && of != Use::Name
        || text.kind(tokens.start) == Some(Kind::Digits)
        || text.kind(end.wrapping_sub(1)) != Some(Kind::Digits)
    {
        return end;
    }
    let label = text.small(tokens.start);
    let plural = label.ends_with('s') && label != "is" || matches!(label, "pp" | "p" | "no" | "§" | "art");
    for _ in 0..8 {
        let mut next = end;
        if matches!(text.word(next), "," | ";") {
            next += 1;
        }
        if matches!(text.small(next), "and" | "or" | "to" | "&" | "-" | "–" | "through") {
            next += 1;
        }
        let dash = matches!(text.word(next.wrapping_sub(1)), "-" | "–") && !text.spaced(next);
        if next == end || !(plural || dash) || text.kind(next) != Some(Kind::Digits) || !uses.is_free(next) {
            break;
        }
        if is_unit(text, next + 1) || is_measured_by(text, uses, next + 1) || is_grouped(text, next) {
            break;
        }
        end = pointed_end(text, next);
    }
    end
}

/// "($1 = 35.3620 Turkish liras)": what a currency is worth, said once at a report's end.
pub fn exchange_rate(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let from = at.saturating_sub(8);
    let open = (from..at).rev().take_while(|at| !text.is_mark(*at, ')')).find(|at| text.is_mark(*at, '('))?;
    let to = at + 12;
    let equals = (open..to).take_while(|at| !text.is_mark(*at, ')')).any(|at| text.is_mark(at, '='));
    let one =
        (open + 1..open + 4).any(|at| text.word(at) == "1" || text.small(at) == "one") && number_words::part(text.small(at)).is_none();
    let close = (at..to).find(|at| text.is_mark(*at, ')'));
    (equals && one).then(|| (open + 1..close.unwrap_or(at + 1), Use::Reference))
}

//! Short numbers and single keys of telephones: "press 1 for English", "police 110", "type in 4471".

use super::announcement::{EMERGENCY_NUMBERS, follows};
use super::telephone::{LOOK_BACK_MAX, groups};
use super::{Found, is_followed_by_count};
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::WordClass;

/// Whom a short number calls.
static SERVICES: WordClass = WordClass::named("services called by short numbers");
/// What a number, a line or a service is for that short numbers call: "the emergency number".
static KINDS_OF_SHORT_NUMBERS: WordClass = WordClass::named("kinds of short numbers");
/// Words between "the emergency number" and the verb that says which.
const TOLD_WORDS_MAX: usize = 8;

/// "Press 1 for English, 2 for Spanish", "dial *67", "police 110".
pub fn key(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let sign = at > 1 && matches!(text.word(at - 1), "*" | "#") && !text.spaced(at);
    let start = at - usize::from(sign);
    let verb = start.checked_sub(1).map_or("", |before| text.small(before));
    let pressed = (matches!(verb, "press" | "dial" | "pressing" | "dialling" | "or") || sign && verb == "call")
        && text.word(at).len() <= if sign { 4 } else { 2 };
    let ends = text.kind(at + 1) != Some(Kind::Word)
        || matches!(verb, "press" | "pressing") && !is_followed_by_count(text, uses, at + 1)
        || matches!(text.small(at + 1), "for" | "to" | "now" | "if" | "on" | "and" | "or" | "after" | "when" | "then" | "once");
    let more = text.small(at + 1) == "for" && text.word(at).len() == 1 && follows(text, uses, at, &groups(text, at));
    // "Police: 999"
    let colon = start > 1 && text.is_mark(start - 1, ':');
    let verb = if colon { text.small(start - 2) } else { verb };
    let typed = is_typed(text, start, verb) && text.word(at).len() > 2 && !is_followed_by_count(text, uses, at + 1);
    let service = matches!(verb, "police" | "fire" | "ambulance" | "crimestoppers") && EMERGENCY_NUMBERS.contains(text.word(at));
    let service = service && !is_followed_by_count(text, uses, at + 1) && text.small(at + 1) != "to";
    // "Dial *123# to check or 121 to speak to an agent"
    let again = verb == "or" && text.small(at + 1) == "to" && {
        let sentence = text.sentences.get(text.sentence_of(at)).map_or(0, |sentence| sentence.start);
        (sentence.max(at.saturating_sub(LOOK_BACK_MAX))..start).any(|at| matches!(text.small(at), "dial" | "press"))
    };
    let least = if matches!(verb, "at" | "on" | "is" | "dial") { 2 } else { 3 };
    let starred = sign && text.is_mark(at - 1, '*') && (least..=5).contains(&text.word(at).len());
    if starred || is_from_any(text, at) || is_beside_number(text, at) || is_of_need(text, at) || is_desk(text, at) || is_told(text, at) {
        return Some((start..at + 1, Use::Contact));
    }
    ((pressed && (verb != "or" || sign) || service) && ends || typed || more || again || serves(text, uses, at))
        .then_some((start..at + 1, Use::Contact))
}

/// "ask for local 23", "dial local 23": a desk behind a switchboard.
fn is_desk(text: &Text<'_>, at: usize) -> bool {
    let asked = at > 1 && matches!(text.small(at - 2), "for" | "dial" | "ring" | "call" | "at" | "on" | ",");
    asked && text.small(at - 1) == "local" && text.word(at).len() < 5 && text.kind(at + 1) != Some(Kind::Word)
        || asked && text.small(at - 1) == "local" && matches!(text.small(at + 1), "at" | "and" | "or" | "for")
}

/// "the emergency number in France is 15", "the police number here is 110": a number that is called one.
fn is_told(text: &Text<'_>, at: usize) -> bool {
    let ends = text.kind(at + 1) != Some(Kind::Word) || matches!(text.small(at + 1), "and" | "or" | "for" | "in" | "from" | "at");
    let Some(verb) = at.checked_sub(1).filter(|verb| matches!(text.small(*verb), "is" | "are" | "was")) else { return false };
    if !ends || text.word(at).len() < 2 || text.is_mark(at + 1, '%') {
        return false;
    }
    let sentence = text.sentences.get(text.sentence_of(at)).map_or(0, |sentence| sentence.start);
    let first = sentence.max(verb.saturating_sub(TOLD_WORDS_MAX));
    (first + 1..verb).any(|noun| {
        let kind = text.small(noun - 1);
        let named = matches!(text.small(noun), "number" | "line" | "service") && text.small(noun + 1) != "of";
        let desk = SERVICES.contains(kind) || KINDS_OF_SHORT_NUMBERS.contains(kind);
        named && desk && !(first..noun).any(|at| matches!(text.small(at), "of" | "many"))
    })
}

/// "the city's 311 line", "the control room (115)".
fn is_of_need(text: &Text<'_>, at: usize) -> bool {
    let line = matches!(
        text.small(at + 1),
        "line" | "lifeline" | "hotline" | "helpline" | "operator" | "operators" | "dispatcher" | "dispatchers"
    );
    let in_brackets = at > 0 && text.is_mark(at - 1, '(') && text.is_mark(at + 1, ')') && !text.spaced(at);
    EMERGENCY_NUMBERS.contains(text.word(at)) && text.word(at) != "100" && (line || in_brackets)
}

/// "19412 from any landline", "6412 from your mobile".
fn is_from_any(text: &Text<'_>, at: usize) -> bool {
    let device = matches!(text.small(at + 3), "mobile" | "landline" | "phone" | "telephone" | "cellphone" | "handset");
    text.small(at + 1) == "from" && matches!(text.small(at + 2), "any" | "a" | "your" | "all") && device
}

/// "to 101 or (057) 712-34-08": a short number, and after "or" a whole one.
fn is_beside_number(text: &Text<'_>, at: usize) -> bool {
    let told = (at.saturating_sub(4)..at).any(|at| matches!(text.small(at), "numbers" | "call" | "dial" | "ring" | "phone"));
    let short = (3..=4).contains(&text.word(at).len()) && (text.small(at + 1) == "or" || told && text.small(at + 1) == "and");
    let next = at + 2 + usize::from(matches!(text.word(at + 2), "(" | "+"));
    let whole = text.kind(next) == Some(Kind::Digits) && groups(text, next).is_whole();
    short && whole && (next > at + 2 || text.word(next).starts_with('0'))
}

/// "17 for police", "the state police on 190": a short number beside the service that it leads to.
fn serves(text: &Text<'_>, uses: &Uses, at: usize) -> bool {
    if text.word(at).len() > 4 || text.word(at).len() < 2 || is_followed_by_count(text, uses, at + 1) {
        return false;
    }
    let article = usize::from(matches!(text.small(at + 2), "a" | "an" | "the"));
    let sentence = text.sentences.get(text.sentence_of(at)).map_or(0, |sentence| sentence.start);
    let told = |at: usize| uses.of(at) == Use::Contact || matches!(text.small(at), "number" | "numbers" | "call" | "dial" | "emergency");
    let behind = text.small(at + 1) == "for"
        && SERVICES.contains(text.small(at + 2 + article))
        && (sentence.max(at.saturating_sub(LOOK_BACK_MAX))..at).any(told);
    let link = at.checked_sub(1).filter(|link| text.small(*link) == "on");
    let before = link.is_some_and(|link| (link.saturating_sub(2)..link).any(|at| SERVICES.contains(text.small(at))));
    // "numbers to keep: fire 18, police 17"
    let beside = at > 0
        && SERVICES.contains(text.small(at - 1))
        && text.kind(at + 1) != Some(Kind::Word)
        && (sentence.max(at.saturating_sub(LOOK_BACK_MAX))..at).any(told);
    // "the police's 112"
    let owned = at > 2 && text.small(at - 1) == "s" && SERVICES.contains(text.small(at - 3)) && EMERGENCY_NUMBERS.contains(text.word(at));
    behind || before || beside || owned
}

/// "enter 4471", "type in 4471".
fn is_typed(text: &Text<'_>, start: usize, verb: &str) -> bool {
    let particle = matches!(verb, "in")
        && start.checked_sub(2).is_some_and(|at| matches!(text.small(at), "type" | "key" | "punch" | "typed" | "keyed"));
    particle || verb == "enter"
}

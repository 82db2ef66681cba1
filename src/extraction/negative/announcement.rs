//! What announces a telephone number: "call", "tel.", "our hotline at", another number before it.

use super::is_followed_by_count;
use super::telephone::{Groups, LOOK_BACK_MAX};
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::WordClass;

/// Words before a telephone number.
static LABELS_OF_TELEPHONES: WordClass = WordClass::named("labels of telephones");
/// Words that announce a telephone number only with a colon, or with "number": "Bookings: 029 2018 0123".
static WORDS_OF_DESKS: WordClass = WordClass::named("words of desks");
/// Words between what announces a telephone number and its digits: "call our press desk on".
static WORDS_OF_TELEPHONE_PROMPTS: WordClass = WordClass::named("words of telephone prompts");
/// What one does with a telephone, and what is reached by one, before "on", "at" or "to" and the number.
static VERBS_AND_NOUNS_OF_CALLING: WordClass = WordClass::named("verbs and nouns of calling");
/// What one reaches at a number: "a hotline at 1540".
static NOUNS_REACHED_AT_NUMBERS: WordClass = WordClass::named("nouns reached at numbers");
/// Those of them that are nothing else.
const HOTLINES: &[&str] = &["hotline", "helpline", "lifeline", "hotlines", "helplines", "lifelines"];
/// Words before a number of messages: "text STOP to".
static VERBS_OF_TEXTING: WordClass = WordClass::named("verbs of texting");
/// Words before the number of a desk behind a telephone number.
static WORDS_BEFORE_EXTENSIONS: WordClass = WordClass::named("words before extensions");
/// Short numbers that one calls in need.
pub(super) static EMERGENCY_NUMBERS: WordClass = WordClass::named("emergency numbers");
/// Words between "call" and "on" with its number: "call the Samaritans free on".
const CALL_WORDS_MAX: usize = 16;

/// Whether words before the digits say that they are a telephone number.
pub(super) fn announced(text: &Text<'_>, uses: &Uses, at: usize, found: &Groups) -> bool {
    labelled(text, found) || called_on(text, uses, found) || follows(text, uses, at, found)
}

/// Whether a word for telephones stands before a number.
pub(super) fn labelled(text: &Text<'_>, found: &Groups) -> bool {
    let start = found.start;
    let before = start.checked_sub(1).map_or("", |before| text.small(before));
    if matches!(before, "via" | "texting" | "ringing" | "dialling" | "dialing") && EMERGENCY_NUMBERS.contains(text.word(start)) {
        return true;
    }
    if matches!(before, "called" | "dialled" | "dialed" | "phoned" | "rang" | "calls" | "calling") {
        return EMERGENCY_NUMBERS.contains(text.word(start)) || text.word(start).len() > 4 || found.is_row();
    }
    let number = text.word(if text.is_mark(start, '(') || text.is_mark(start, '+') { start + 1 } else { start });
    let is_whole = found.is_row() || found.digits() > 6 || number.starts_with('0');
    let mut at = start;
    let (mut colon, mut numbered) = (false, false);
    for _ in 0..6 {
        let Some(before) = at.checked_sub(1) else { return false };
        let word = text.small(before);
        if LABELS_OF_TELEPHONES.contains(word) {
            // "call 20 witnesses" is no telephone; a single letter needs its colon, and two digits the word "number".
            let letter = word.len() > 1
                || text.is_mark(before + 1, ':')
                || text.is_capital(before) && text.is_mark(before + 1, '.') && found.lengths.len() > 2
                || text.spaced(before + 1) && is_alone(text, before) && number.len() > 2;
            return letter
                && (number.len() > 2
                    || numbered
                    || is_rest(text, start)
                    || number.starts_with('0')
                    || found.lengths.len() > 1
                    || colon && word == "emergency");
        }
        if word == "toll" && text.small(before + 1) != ":" && at < start {
            return text.small(before + 1) == "free" || text.small(before + 2) == "free";
        }
        let line = HOTLINES.contains(&word) || matches!(word, "line" | "number");
        // "my direct line, 4417,"
        if word == "line" && text.small(before.wrapping_sub(1)) == "direct" && number.len() > 2 {
            return true;
        }
        if line && before + 2 == start && text.small(before + 1) == "is" && (word != "number" || found.is_row()) {
            return true;
        }
        if WORDS_OF_DESKS.contains(word)
            && (numbered || before + 1 == start && found.is_row() || colon && (is_whole || matches!(word, "line" | "care" | "emergency")))
        {
            return true;
        }
        colon |= word == ":" || word == "," && is_whole;
        if matches!(number, "112" | "911" | "999") && word == "number" && text.small(before + 1) == "is" {
            return true;
        }
        numbered |= matches!(word, "number" | "numbers");
        let possessive = numbered && matches!(word, "my" | "his" | "her" | "our" | "their" | "your");
        if possessive && number.len() > 2 && !matches!(text.small(start.wrapping_sub(1)), "to" | "of" | "by") {
            return true;
        }
        // "call Lifeline 13 11 14"
        let named = (found.is_row() || is_in_brackets(text, found)) && text.is_capital(before);
        if !(named || WORDS_OF_TELEPHONE_PROMPTS.contains(word) || matches!(word, "." | ":" | "(" | "+" | "-" | "=" | "," | "*")) {
            return false;
        }
        at = before;
    }
    false
}

/// "Fax -99", "ext=14": digits that go on with a number before them.
fn is_rest(text: &Text<'_>, start: usize) -> bool {
    let joint = start.checked_sub(1).filter(|joint| matches!(text.word(*joint), "-" | "="));
    joint.is_some() && !text.spaced(start)
}

/// "ring Tom (960202)".
fn is_in_brackets(text: &Text<'_>, found: &Groups) -> bool {
    found.digits() > 4 && found.bracket && text.is_mark(found.start, '(') && text.is_mark(found.start + 2, ')')
}

/// "T +44 …", "P 604 …": a letter of its own before a number with a sign or with groups.
fn is_alone(text: &Text<'_>, at: usize) -> bool {
    let next = at + 1;
    let row = text.is_mark(next, '+') || text.kind(next) == Some(Kind::Digits) && text.kind(next + 1) == Some(Kind::Digits);
    text.is_capital(at) && row
}

/// "call the Samaritans on 116 123", "text HELP to 85258".
fn called_on(text: &Text<'_>, uses: &Uses, found: &Groups) -> bool {
    let Some(link) = found.start.checked_sub(1) else { return false };
    let class = match text.small(link) {
        "on" => &VERBS_AND_NOUNS_OF_CALLING,
        "at" => &NOUNS_REACHED_AT_NUMBERS,
        "to" => &VERBS_OF_TEXTING,
        _ => return false,
    };
    let rate = matches!(text.small(found.end), "a" | "an" | "per" | "each" | "every");
    let single = found.lengths.len() == 1;
    if single && found.digits() < 3 || rate || is_followed_by_count(text, uses, found.end) {
        return false;
    }
    // "Lifeline on 13 11 14"
    if text.small(link) != "to" && found.is_row() && found.lengths.len() > 2 {
        return true;
    }
    let sentence = text.sentences.get(text.sentence_of(link)).map_or(0, |sentence| sentence.start);
    for at in (link.saturating_sub(CALL_WORDS_MAX).max(sentence)..link).rev() {
        // "put the number of calls at 300"
        if text.kind(at) == Some(Kind::Digits) || matches!(text.small(at), "put" | "puts" | "number" | "numbers" | "set" | "was" | "were") {
            return false;
        }
        if class.contains(text.small(at)) {
            // "called on 300 to leave"
            let passive = text.small(at.wrapping_sub(1)) == "be" && text.small(found.end) != "to";
            return link - at > 1 || passive || found.digits() > 4 || text.small(link) == "to" || HOTLINES.contains(&text.small(at));
        }
    }
    false
}

/// "112 or 999", "phone 555-0150; mobile 555-0151", "1 for English, 2 for Spanish": one more number after a telephone number.
pub(super) fn follows(text: &Text<'_>, uses: &Uses, at: usize, found: &Groups) -> bool {
    let sentence = text.sentences.get(text.sentence_of(at)).map_or(0, |sentence| sentence.start);
    let first = found.start.saturating_sub(6).max(sentence);
    // "call 311 for services and 988 in a crisis"
    let more = matches!(text.small(found.start.wrapping_sub(1)), "and" | "or" | ",")
        && EMERGENCY_NUMBERS.contains(text.word(at))
        && text.spaced(found.start);
    let near = sentence.max(found.start.saturating_sub(LOOK_BACK_MAX));
    if more && found.lengths.len() == 1 && (near..found.start).any(|at| uses.of(at) == Use::Contact) {
        return !is_followed_by_count(text, uses, found.end);
    }
    let (mut joined, mut inside) = (false, false);
    for before in (first..found.start).rev() {
        // "7946 0111 (daytime) or 7946 0112"
        if inside || text.is_mark(before, ')') {
            inside = !text.is_mark(before, '(');
            continue;
        }
        if text.kind(before) == Some(Kind::Digits) {
            let number = uses.of(before) == Use::Contact && joined;
            let short = found.digits() > 2 || text.small(found.start - 1) == "to" || found.digits() >= text.word(before).len();
            return number && short && !is_followed_by_count(text, uses, found.end);
        }
        let word = text.small(before);
        let last = word == "to" && found.digits() < 5 && found.lengths.len() == 1;
        let conjunction = last || matches!(word, "," | ";" | "/" | "and" | "or" | "|" | "&") || WORDS_BEFORE_EXTENSIONS.contains(word);
        joined |= conjunction;
        let key = word == "for"
            || found.is_row() && text.is_capital(before)
            || text.is_capital(before) && text.small(before.wrapping_sub(1)) == "for";
        if !(conjunction
            || key
            || matches!(word, "(" | ")" | ":" | ".")
            || LABELS_OF_TELEPHONES.contains(word)
            || WORDS_OF_TELEPHONE_PROMPTS.contains(word))
        {
            return false;
        }
    }
    false
}

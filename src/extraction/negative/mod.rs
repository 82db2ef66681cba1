//! Numbers that measure nothing: names and models, telephones and addresses, pages and sections, versions, scores, ranks.
//!
//! First everything that is written without space is looked at as a whole, then each number with the words around it:
//!
//! - `web`: web and e-mail addresses;
//! - `phrase`: set phrases and names that no rule tells: "back to square one", "Fit for 55";
//! - `identifier`: rows of digits and letters by their label: "account number 12345678", "IBAN DE89 …";
//! - `telephone` (`announcement`: the words before it), `short_number`, `address`: telephones, keys and short numbers, streets, post codes;
//! - `coordinate`: places on the globe;
//! - `law`: statutes, bills and cases by their abbreviations: "18 U.S.C. § 1001";
//! - `calendar`: times that only their surroundings tell: "starts at 8", "9 to 5";
//! - `name`: `F-16`, `A320`, "Boeing 737", "World War Two", "S&P 500";
//! - `title`: names of works and groups: "the Group of 77", "the 38 bus";
//! - `reference`: pages, sections, versions, items of a list, "No. 119";
//! - `score`: "3-1", "24/7", "2:1", "12.Nf3", and ranks such as "21st".

mod address;
mod announcement;
mod calendar;
mod coordinate;
mod identifier;
mod law;
mod name;
mod phrase;
mod reference;
mod score;
mod short_number;
mod telephone;
mod title;
mod web;

use std::ops::Range;

use super::quantity::{is_measured_by, noun, number_words};
use super::text::{Kind, Text};
use super::uses::{Use, Uses};
use super::word_class::{DEFINITE_DETERMINERS, UNITS_OF_TIME, WordClass};

/// Verbs that could be plurals: "Scene 2 ends".
static VERBS_IN_S: WordClass = WordClass::named("verbs in s");

/// What has been found: tokens, and what they are.
type Found = Option<(Range<usize>, Use)>;
/// A rule: what begins at, or surrounds, a number.
type Rule = fn(&Text<'_>, &Uses, usize) -> Found;

/// Rules for digits, in the order in which they are asked.
const OF_DIGITS: &[Rule] = &[
    phrase::fixed,
    coordinate::coordinate,
    identifier::labelled,
    identifier::plate,
    telephone::number,
    short_number::key,
    reference::bracketed,
    score::chess,
    law::document,
    law::reported,
    law::bill,
    calendar::military,
    calendar::clock,
    calendar::hours,
    calendar::day,
    calendar::era,
    title::group,
    title::few,
    address::of_country,
    name::flight,
    name::joined,
    score::ordinal,
    reference::listed,
    title::book,
    title::level,
    title::work,
    title::station,
    title::generation,
    reference::labelled,
    address::address,
    title::called,
    score::idiom,
    calendar::elided_year,
    reference::pointed,
    score::pair,
    name::numbered,
    title::quoted,
    reference::exchange_rate,
];

/// Rules for words that are numbers.
const OF_WORDS: &[Rule] = &[
    phrase::fixed,
    phrase::spoken_digits,
    score::ordinal_in_words,
    calendar::spoken_year,
    calendar::clock,
    calendar::hours,
    title::few,
    title::work,
    title::quoted,
    reference::labelled_in_words,
];

/// Marks the tokens of numbers that measure nothing.
pub fn mark(text: &Text<'_>, uses: &mut Uses) {
    mark_addresses(text, uses);
    let mut at = 0;
    while at < text.tokens.len() {
        let found = match text.kind(at) {
            Some(Kind::Digits) if uses.is_free(at) => OF_DIGITS.iter().find_map(|rule| rule(text, uses, at)),
            Some(Kind::Digits) if matches!(uses.of(at), Use::Time | Use::Name) => {
                telephone::like_year(text, uses, at).or_else(|| calendar::military(text, uses, at))
            }
            Some(Kind::Word) if uses.is_free(at) => in_words(text, uses, at),
            _ => None,
        };
        let Some((tokens, of)) = found else {
            at += 1;
            continue;
        };
        let end = reference::continued(text, uses, &tokens, of);
        uses.take(tokens.start..end, of);
        at = end.max(at + 1);
    }
}

fn in_words(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let small = text.small(at);
    let number = number_words::part(small).is_some();
    let fold = text.is_capital(at) && small.ends_with("fold");
    if !(number || fold || number_words::is_vague(small)) {
        return None;
    }
    let found = OF_WORDS.iter().find_map(|rule| rule(text, uses, at));
    found.or_else(|| text.is_capital(at).then(|| title::capital(text, at).or_else(|| number.then(|| name::in_words(text, uses, at))?))?)
}

/// Whether a token begins a line or a cell of a table, so that no row of digits goes on with it.
fn is_cell(text: &Text<'_>, at: usize) -> bool {
    let (Some(before), Some(token)) = (at.checked_sub(1).and_then(|before| text.tokens.get(before)), text.tokens.get(at)) else {
        return true;
    };
    let gap = text.raw.get(before.end..token.start).unwrap_or_default();
    token.breaks > 0 || gap.contains('\t') || gap.len() > 3
}

/// Whether what stands after a number that may be part of a name is rather counted or measured by it: "Gaza 300 trucks", but not
/// "Route 66 carries 5,000 cars" nor "Prisoner 9 was killed".
fn is_followed_by_count(text: &Text<'_>, uses: &Uses, at: usize) -> bool {
    is_measured_by(text, uses, at) && !is_verb(text, at) && !matches!(text.small(at), "was" | "is" | "has")
}

/// Whether a word that looks like a plural, or like what became of people, is a verb: an object follows right after it.
fn is_verb(text: &Text<'_>, at: usize) -> bool {
    let word = text.small(at);
    let form = word.ends_with('s') && noun::singular(word).is_some() || word.ends_with("ed");
    let next = text.small(at + 1);
    let rate = matches!(next, "a" | "an" | "each" | "every") && UNITS_OF_TIME.contains(text.small(at + 2));
    let number = text.kind(at + 1) == Some(Kind::Digits) || number_words::part(next).is_some();
    let object = number || DEFINITE_DETERMINERS.contains(next) || matches!(next, "a" | "an" | "this" | "that" | "no" | "every" | "some");
    let alone = VERBS_IN_S.contains(word) && (text.kind(at + 1) != Some(Kind::Word) || noun::ends_phrase(next));
    (form && object && !rate || alone) && !text.is_capital(at)
}

/// Marks everything that is written in one piece and is an address of the web.
fn mark_addresses(text: &Text<'_>, uses: &mut Uses) {
    let mut start = 0;
    while start < text.tokens.len() {
        let mut end = start + 1;
        while end < text.tokens.len() && !text.spaced(end) {
            end += 1;
        }
        if end - start > 2 && web::is_web(text, start..end) {
            uses.take(start..end, Use::Contact);
        }
        start = end;
    }
}

//! Streets with their numbers, post boxes and post codes: "10 Downing Street", "12 Rue de Rivoli", "NY 10001", "75008 Paris".

use super::Found;
use crate::extraction::quantity::lists::STREETS;
use crate::extraction::quantity::{is_measured_by, noun};
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::{PARTICLES_OF_NAMES, WordClass};

/// What the name of a street ends with where it is one word.
const ENDINGS_OF_STREETS: &[&str] =
    &["sway", "gate", "strasse", "straße", "gasse", "platz", "weg", "allee", "straat", "gracht", "laan", "plein", "gatan", "vägen", "gata"];
/// Words for streets that stand before the name: "Rue de Rivoli".
static STREETS_BEFORE_NAMES: WordClass = WordClass::named("streets before names");
/// Streets that are called by one word, without one for street.
static STREETS_OF_ONE_WORD: WordClass = WordClass::named("streets of one word");
/// Words for boxes of post.
static WORDS_FOR_POST_BOXES: WordClass = WordClass::named("words for post boxes");

/// "10 Downing Street", "P.O. Box 2674", "NY 10001", "75008 Paris".
pub fn address(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let taken = |end: usize| Some((at..end, Use::Contact));
    if let Some(end) = post_box(text, at).or_else(|| post_code(text, uses, at)) {
        return taken(end);
    }
    street(text, uses, at).and_then(|()| taken(at + 1))
}

/// "P.O. Box 2674", "Postfach 10 01 23".
fn post_box(text: &Text<'_>, at: usize) -> Option<usize> {
    let before = at.checked_sub(1)?;
    let word = text.small(before);
    let capital = text.is_capital(before) || before > 0 && text.is_capital(before - 1);
    if !WORDS_FOR_POST_BOXES.contains(word) || !capital {
        return None;
    }
    let mut end = at + 1;
    while text.kind(end) == Some(Kind::Digits) && text.word(end).len() <= 3 && text.tokens.get(end).is_some_and(|token| token.breaks == 0) {
        end += 1;
    }
    Some(end)
}

/// "NY 10001-1331", "75008 Paris", "114 55 Stockholm", ", New Delhi 110001."
fn post_code(text: &Text<'_>, uses: &Uses, at: usize) -> Option<usize> {
    let before = at.checked_sub(1);
    let word = before.map_or("", |before| text.word(before));
    let length = text.word(at).len();
    let end = at + 1;
    let state = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let capital = word == "." && at > 3 && text.word(at - 2) == "C" && text.word(at - 4) == "D";
    if length == 5 && (state || capital) && text.spaced(at) {
        let more = text.is_mark(end, '-') && text.word(end + 1).len() == 4;
        return Some(end + 2 * usize::from(more));
    }
    if (5..=6).contains(&length) && is_after_town(text, at) && !text.is_mark(end, '%') && text.kind(end) != Some(Kind::Word) {
        return Some(end);
    }
    let opens = at == 0 || text.tokens.get(at).is_some_and(|token| token.breaks > 0);
    let separated = matches!(word, "," | "|" | "•") || opens || word.len() == 1 && text.is_mark(at.wrapping_sub(1), '-');
    if !separated {
        return None;
    }
    let halves = length == 3 && text.kind(end) == Some(Kind::Digits) && text.word(end).len() == 2 && text.spaced(end);
    let place = end + usize::from(halves);
    let fits = length == 5 || length == 4 && word == "," || length == 6 && at > 1 && is_number(text, at - 2) || halves;
    (fits && text.is_capital(place) && !is_measured_by(text, uses, place) && !is_plural(text, place + 1)).then_some(place)
}

/// "SE-102 47 Stockholm": a post code with the letters of its country.
pub fn of_country(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let letters = at.checked_sub(2).filter(|letters| text.is_mark(letters + 1, '-') && !text.spaced(at) && !text.spaced(letters + 1))?;
    let country = text.word(letters).len() <= 2 && text.word(letters).bytes().all(|byte| byte.is_ascii_uppercase());
    let halves = text.word(at).len() == 3 && is_number(text, at + 1) && text.word(at + 1).len() == 2 && text.is_capital(at + 2);
    (country && halves).then_some((letters..at + 2, Use::Contact))
}

/// ", New Delhi 110001": one or two capital words between a comma and the code, and no other figure before the comma.
fn is_after_town(text: &Text<'_>, at: usize) -> bool {
    let Some(town) = at.checked_sub(1).filter(|town| text.is_capital(*town) && !noun::ends_phrase(text.small(*town))) else { return false };
    if !text.spaced(at) {
        return false;
    }
    let first = if town > 0 && text.is_capital(town - 1) { town - 1 } else { town };
    first > 1
        && text.is_mark(first - 1, ',')
        && (text.is_capital(first - 2) || text.word(first - 2).len() < 4 && is_number(text, first - 2))
}

fn is_number(text: &Text<'_>, at: usize) -> bool {
    text.kind(at) == Some(Kind::Digits)
}

fn is_plural(text: &Text<'_>, at: usize) -> bool {
    noun::singular(text.small(at)).is_some()
}

/// Whether the name of a street follows its number.
fn street(text: &Text<'_>, uses: &Uses, at: usize) -> Option<()> {
    if text.word(at).len() > 5 {
        return None;
    }
    // "Schillerstr. 12"
    let shortened = at > 1 && text.is_mark(at - 1, '.') && text.is_capital(at - 2) && text.small(at - 2).ends_with("str");
    if shortened || is_number_last(text, at) || is_one_word(text, uses, at + 1) || is_word_first(text, uses, at + 1) {
        return Some(());
    }
    for offset in 1..=6 {
        let word = at + offset;
        let ordinal = matches!(text.small(word), "st" | "nd" | "rd" | "th") && is_number(text, word - 1);
        let possessive = matches!(text.word(word), "'" | "’" | "s") && !text.spaced(word);
        let inner = offset > 1 && (is_number(text, word) || text.is_mark(word, '.') || ordinal || possessive);
        if !text.is_capital(word) && !inner {
            return None;
        }
        // "4100 Route 9", but not "20 Route 66 diners"
        let numbered = !is_number(text, word + 1) || text.word(at).len() > 2;
        let street = STREETS.contains(text.small(word)) && !ordinal && (offset > 1 || !matches!(text.small(word), "street" | "st"));
        let street = street && (numbered || offset > 1);
        if street && !counts(text, uses, word + 1) {
            return Some(());
        }
    }
    None
}

/// "five Wall Street banks": the number counts what stands behind the street.
fn counts(text: &Text<'_>, uses: &Uses, at: usize) -> bool {
    is_plural(text, at) && !text.is_capital(at) || noun::counted(text, uses, at, at + 3).is_some() && !text.is_capital(at)
}

/// "Via Dante, 7 - 20123 Milano", "C/ Mayor, 12, 28013 Madrid": the number after the street and a comma.
fn is_number_last(text: &Text<'_>, at: usize) -> bool {
    if at < 3 || !text.is_mark(at - 1, ',') || !matches!(text.word(at + 1), "," | "-" | "–" | "." | "") {
        return false;
    }
    for word in (at.saturating_sub(7)..at - 1).rev() {
        let small = text.small(word);
        if STREETS_BEFORE_NAMES.contains(small) && text.is_capital(word) || small == "c" && text.is_mark(word + 1, '/') {
            return word + 2 < at;
        }
        if !(text.is_capital(word) || PARTICLES_OF_NAMES.contains(small) || matches!(small, "." | "'" | "’" | "/" | "d")) {
            return false;
        }
    }
    false
}

/// "110 Bishopsgate", "88 Queensway,": a street's name in one word, which nothing follows that could be counted.
fn is_one_word(text: &Text<'_>, uses: &Uses, at: usize) -> bool {
    let small = text.small(at);
    text.is_capital(at)
        && text.word(at).len() > 5
        && (STREETS_OF_ONE_WORD.contains(small) || ENDINGS_OF_STREETS.iter().any(|ending| small.ends_with(ending)))
        && !is_measured_by(text, uses, at)
        && text.kind(at + 1) != Some(Kind::Word)
}

/// "12 Rue de Rivoli", "3 Piazza Navona": the word for a street, small words, and the name.
fn is_word_first(text: &Text<'_>, uses: &Uses, at: usize) -> bool {
    // "12, rue de Rivoli"
    let word = at + usize::from(text.is_mark(at, ','));
    if !STREETS_BEFORE_NAMES.contains(text.small(word)) {
        return false;
    }
    let mut name = word + 1 + usize::from(text.is_mark(word + 1, '.'));
    while PARTICLES_OF_NAMES.contains(text.small(name)) || matches!(text.word(name), "'" | "’" | "l" | "d") {
        name += 1;
    }
    let named = text.is_capital(name)
        && (text.is_capital(word) || matches!(text.small(word), "rue" | "calle" | "rua" | "ul"))
        && (text.is_capital(word) || name > word + 1 || text.kind(name + 1) != Some(Kind::Word));
    named && !counts(text, uses, name + 1)
}

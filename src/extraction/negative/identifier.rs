//! Rows of digits and letters that name a thing, by the word that says so: "account number 12345678", "IBAN DE89 3704 …", "her PIN
//! is 4821", "licence plate 34 TK 5678".

use super::{Found, is_cell, is_followed_by_count};
use crate::extraction::quantity::{digits, is_unit, noun};
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::{CURRENCY_CODES, WordClass};

/// Words that alone say that a row follows: "IBAN", "password".
static NAMES_OF_IDENTIFIERS: WordClass = WordClass::named("names of identifiers");
/// Things that have a number, which "number", "no." or "code" after them announces.
static NUMBERED_THINGS: WordClass = WordClass::named("numbered things");
/// Things that are called by their number when it is long: "voucher 55120".
static THINGS_CALLED_BY_LONG_NUMBERS: WordClass = WordClass::named("things called by long numbers");
/// What such a number is called.
static WORDS_FOR_NUMBERS: WordClass = WordClass::named("words for numbers of things");
/// Words between the label and its row: "her PIN is now 4821".
static LINKS_OF_LABELS: WordClass = WordClass::named("links of labels");

/// Most pieces of a row on either side of the digits that are looked at.
const PIECES_MAX: usize = 14;
/// Most words between the label and its row.
const LINKS_MAX: usize = 4;

/// Most words between a label and the verb before its row: "the postal code for the plant is".
const WORDS_TO_VERB_MAX: usize = 8;

/// A row of digits after its label.
pub fn labelled(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    // "the country code is +44"
    let mut start = if at > 0 && text.is_mark(at - 1, '+') && !text.spaced(at) { at - 1 } else { at };
    for _ in 0..PIECES_MAX {
        if is_announced(text, start) || is_told_of(text, start) {
            let end = row_end(text, at);
            if start > 1 && text.small(start - 1) == "numbers" {
                return Some((start - 1..end, Use::Reference));
            }
            let adjacent = start > 0 && WORDS_FOR_NUMBERS.contains(text.small(start - 1));
            let counts = is_unit(text, end) || text.is_mark(end, '%') || !adjacent && is_followed_by_count(text, uses, end);
            return (!counts).then_some((start..end, Use::Reference));
        }
        start = start.checked_sub(1).filter(|before| is_piece(text, *before) || is_joint(text, *before))?;
    }
    None
}

/// Whether a piece is digits, or letters in capitals as rows have them: "AB12 CDE".
fn is_piece(text: &Text<'_>, at: usize) -> bool {
    let near = !is_cell(text, at + 1);
    let capitals = text.word(at).len() <= 4 && text.word(at).bytes().all(|byte| byte.is_ascii_uppercase());
    near && (text.kind(at) == Some(Kind::Digits) || capitals && text.kind(at) == Some(Kind::Word))
}

/// Whether a mark joins two pieces without space.
fn is_joint(text: &Text<'_>, at: usize) -> bool {
    matches!(text.word(at), "-" | "‑" | "–" | "/" | "." | ":" | "_") && !text.spaced(at) && !text.spaced(at + 1)
}

/// Whether a row that starts at a token has its label before it.
fn is_announced(text: &Text<'_>, start: usize) -> bool {
    let (mut at, mut linked, mut signed, mut comma) = (start, false, false, false);
    for _ in 0..=LINKS_MAX {
        let Some(before) = at.checked_sub(1) else { return false };
        if is_cell(text, at) && text.tokens.get(at).is_none_or(|token| token.breaks != 1) {
            return false;
        }
        let word = text.small(before);
        let number = WORDS_FOR_NUMBERS.contains(word) && (word != "no" || text.is_mark(before + 1, '.') || !linked);
        if number || matches!(word, "#" | "№") {
            let thing = before.checked_sub(1).map_or("", |thing| text.small(thing));
            let thing = if thing == "." { text.small(before.wrapping_sub(2)) } else { thing };
            let any = before + 1 == start && word.starts_with("num") && is_thing(thing);
            let abbreviated = matches!(word, "no" | "nr") && text.is_mark(before + 1, ':');
            let coded = matches!(word, "code" | "id") && text.is_mark(before + 1, ':') && is_long(text, start);
            if any || abbreviated || coded || NUMBERED_THINGS.contains(thing) || NAMES_OF_IDENTIFIERS.contains(thing) {
                return true;
            }
        }
        if NAMES_OF_IDENTIFIERS.contains(word) {
            // "the PIN, 7731, was"
            return !comma || text.word(start).len() > 3 && text.is_mark(start + 1, ',');
        }
        // "Order: 5512", "Ticket #6612"; "the order was 300" tells how large it was.
        let called =
            signed && NUMBERED_THINGS.contains(word) || !linked && THINGS_CALLED_BY_LONG_NUMBERS.contains(word) && is_long(text, start);
        if called
            || NUMBERED_THINGS.contains(word) && text.is_mark(before + 1, ':') && is_long(text, start) && !is_amount(text, start, start + 1)
        {
            return true;
        }
        let plural = word == "numbers" && before + 1 == start;
        if plural && before > 0 && THINGS_CALLED_BY_LONG_NUMBERS.contains(text.small(before - 1)) {
            return true;
        }
        // "the account ending in 4471"
        if NUMBERED_THINGS.contains(word) && text.small(before + 1) == "ending" {
            return true;
        }
        if !(LINKS_OF_LABELS.contains(word) || matches!(word, ":" | "." | "=" | "#" | "\"" | "“" | "(" | ",")) {
            return false;
        }
        let ending = word != "in" || text.small(before.wrapping_sub(1)) == "ending";
        if !ending {
            return false;
        }
        comma |= word == ",";
        linked |= text.kind(before) == Some(Kind::Word);
        signed |= word == "#";
        at = before;
    }
    false
}

/// "The postal code for the plant is 560 034": the label opens the clause whose verb stands before the row.
fn is_told_of(text: &Text<'_>, start: usize) -> bool {
    let Some(verb) = start.checked_sub(1).filter(|at| matches!(text.small(*at), "is" | "was" | "reads")) else { return false };
    for at in (verb.saturating_sub(WORDS_TO_VERB_MAX)..verb).rev() {
        if text.kind(at) != Some(Kind::Word) {
            return false;
        }
        let link = matches!(text.small(at + 1), "for" | "of" | "to" | "on");
        let number =
            WORDS_FOR_NUMBERS.contains(text.small(at)) && at.checked_sub(1).is_some_and(|at| NUMBERED_THINGS.contains(text.small(at)));
        if link && (number || NAMES_OF_IDENTIFIERS.contains(text.small(at))) {
            return true;
        }
    }
    false
}

/// "34 VNL 82": the plate of a vehicle, digits on both sides of capitals that are no code of money.
pub fn plate(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let letters = text.word(at + 1);
    let capitals = (1..=3).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    let shaped =
        text.word(at).len() <= 3 && capitals && (2..=4).contains(&text.word(at + 2).len()) && text.kind(at + 2) == Some(Kind::Digits);
    let apart = text.spaced(at + 1) && text.spaced(at + 2) && !is_cell(text, at + 1) && !is_cell(text, at + 2);
    let unit = is_unit(text, at + 1) || CURRENCY_CODES.contains(letters) || letters == "X";
    (shaped && apart && !unit && !is_unit(text, at + 3)).then_some((at..at + 3, Use::Reference))
}

/// Whether a word can be a thing that has a number: "Aadhaar number 2345", but not "the victims number 300".
fn is_thing(word: &str) -> bool {
    word.starts_with(char::is_alphabetic) && noun::singular(word).is_none() && !noun::ends_phrase(word)
}

/// Whether a row has many digits, a letter, or a joint: no amount would be written so.
fn is_long(text: &Text<'_>, start: usize) -> bool {
    let end = row_end(text, start);
    text.kind(start) == Some(Kind::Word)
        || text.word(start).len() > 4
        || text.word(start).starts_with('0')
        || end > start + 1 && text.kind(end - 1) == Some(Kind::Digits) && !is_amount(text, start, end)
}

/// Whether a row can be read as one number: "12,500", "1 200", "3.5", or as a range.
fn is_amount(text: &Text<'_>, start: usize, end: usize) -> bool {
    digits::at(text, start).is_some_and(|number| number.tokens.end >= end) || end == start + 3 && !text.is_mark(start + 1, '/')
}

/// The token after a row: groups of digits and of capitals, with marks or single spaces between them.
fn row_end(text: &Text<'_>, at: usize) -> usize {
    let mut end = at + 1;
    for _ in 0..PIECES_MAX {
        let next = end + usize::from(is_joint(text, end));
        let token = text.tokens.get(next).filter(|_| !is_cell(text, next));
        let glued = !text.spaced(next);
        let thousands = text.is_mark(end, ',') && !text.spaced(end) && !text.spaced(end + 1) && text.word(end + 1).len() == 3;
        if thousands && text.kind(end + 1) == Some(Kind::Digits) {
            end += 2;
            continue;
        }
        let goes_on = match token.map(|token| token.kind) {
            Some(Kind::Digits) => true,
            // Letters belong to the row where nothing parts them from it, or where digits go on after them.
            Some(Kind::Word) => glued || is_piece(text, next) && is_row_after(text, next + 1),
            _ => false,
        };
        if !goes_on {
            break;
        }
        end = next + 1;
    }
    end
}

/// Whether digits follow letters of a row, or the row ends with them.
fn is_row_after(text: &Text<'_>, at: usize) -> bool {
    text.kind(at) == Some(Kind::Digits) || text.kind(at) != Some(Kind::Word) && text.word(at - 1).len() <= 3
}

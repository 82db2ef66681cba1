//! Numbers in names: `F-16`, `A320`, "Boeing 737", "World War Two", "S&P 500", "4G".

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{Found, is_followed_by_count};
use crate::extraction::quantity::lists::{CURRENCY_SIGNS, LABELS, WEAK_LABELS};
use crate::extraction::quantity::{is_measured_by, is_unit, noun, number_words, scientific};
use crate::extraction::text::{BlockKind, Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::{APPROXIMATORS, CURRENCY_CODES, WordClass};

/// Words that may open a sentence in front of a number, beside those that make it less exact.
static OPENERS_OF_SENTENCES: WordClass = WordClass::named("openers of sentences");
/// States and their capitals in one word, and other well-known places, in small letters.
static PLACES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let states = include_str!("../words/states.txt").lines().map(str::to_string);
    let places = include_str!("../words/places.csv").lines().filter(|line| !line.starts_with('#'));
    states.chain(places.filter_map(|line| line.split_once(',')).map(|(place, _)| place.to_lowercase())).collect()
});
/// Words before a hyphen that do not make a name of the number after it.
const PREFIXES: &[&str] = &["sub", "minus", "plus", "near", "extra", "another", "some", "about"];
/// Verbs after which a number stands for people: "In Gaza 45 were killed".
const VERBS: &[&str] = &["were", "are", "have", "had", "died", "people"];

/// A number joined to letters: "F-16", "A320", "COVID-19", "4G", "10-K", "PM2.5".
pub fn joined(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    if scientific::is_part(text, at) {
        return None;
    }
    let end = tail(text, at);
    if let Some(before) = at.checked_sub(1).filter(|_| !text.spaced(at)) {
        if text.kind(before) == Some(Kind::Word) && !is_currency(text, before, at) {
            let start = if before > 1 && text.is_mark(before - 1, '-') && !text.spaced(before) && !text.spaced(before - 1) {
                before - 2
            } else {
                before
            };
            return Some((start..end, Use::Name));
        }
        let hyphen = matches!(text.word(before), "-" | "‑" | "–") && !text.spaced(before) && before > 0;
        if hyphen && text.kind(before - 1) == Some(Kind::Word) && !PREFIXES.contains(&text.small(before - 1)) && !is_range(text, before) {
            return Some((before - 1..end, Use::Name));
        }
        // "EU+3"
        if text.is_mark(before, '+') && before > 0 && !text.spaced(before) && text.is_capital(before - 1) {
            return Some((before - 1..end, Use::Name));
        }
        if hyphen && text.is_mark(before, '-') && before > 1 && text.is_mark(before - 1, ')') {
            return Some((at..end, Use::Name));
        }
    }
    let letters = text.word(at + 1);
    let glued = text.kind(at + 1) == Some(Kind::Word) && !text.spaced(at + 1);
    if glued && is_model_suffix(letters) && !is_unit(text, at + 1) && !is_scaled(text, at) {
        return Some((at..end.max(at + 2), Use::Name));
    }
    let hyphen = matches!(letters, "-" | "‑") && !text.spaced(at + 1) && text.kind(at + 2) == Some(Kind::Word) && !text.spaced(at + 2);
    let suffix = text.word(at + 2);
    let capital = suffix.bytes().all(|byte| byte.is_ascii_uppercase()) && !suffix.is_empty() && !is_unit(text, at + 2);
    if hyphen && (capital && suffix.len() <= 4 || suffix == "Eleven") {
        return Some((at..at + 3, Use::Name));
    }
    // "401(k)"
    let bracket = text.is_mark(at + 1, '(')
        && !text.spaced(at + 1)
        && text.word(at + 2).len() == 1
        && text.kind(at + 2) == Some(Kind::Word)
        && text.is_mark(at + 3, ')');
    if bracket {
        return Some((at..at + 4, Use::Name));
    }
    // "4x100", "2x4"
    let times = letters.eq_ignore_ascii_case("x") && glued && text.kind(at + 2) == Some(Kind::Digits) && !text.spaced(at + 2);
    times.then(|| (at..at + 3 + usize::from(is_unit(text, at + 3) && !text.spaced(at + 3)), Use::Name))
}

/// The token after a number in a name, with the points and letters that belong to it.
fn tail(text: &Text<'_>, at: usize) -> usize {
    let mut end = at + 1;
    for _ in 0..6 {
        let point = matches!(text.word(end), "." | "/" | "-" | "+")
            && !text.spaced(end)
            && text.kind(end + 1) == Some(Kind::Digits)
            && !text.spaced(end + 1);
        let letters = text.kind(end) == Some(Kind::Word) && !text.spaced(end);
        let digits = text.kind(end) == Some(Kind::Digits) && !text.spaced(end);
        if !point && !letters && !digits {
            break;
        }
        end += 1 + usize::from(point);
    }
    end
}

fn is_currency(text: &Text<'_>, before: usize, at: usize) -> bool {
    let (word, small) = (text.word(before), text.small(before));
    let apart = before == 0 || text.spaced(before) || !matches!(text.word(before - 1), "-" | "/");
    let sign = CURRENCY_SIGNS.contains_key(small)
        && text.is_capital(before)
        && (word.len() > 1 && word != "SR" && word != "LE" && word != "BD" && word != "FR" && word != "DM" || amount(text, at));
    apart && (sign || CURRENCY_CODES.contains(word))
}

/// Whether a number is followed by what amounts have: separators or a scale.
fn amount(text: &Text<'_>, at: usize) -> bool {
    let separated = matches!(text.word(at + 1), "," | ".") && !text.spaced(at + 1) && text.kind(at + 2) == Some(Kind::Digits);
    separated
        || number_words::scale(text.small(at + 1)).is_some()
        || matches!(text.small(at + 1), "m" | "bn" | "mn" | "k" | "b" | "tn" | "trn")
}

/// "five-10", "Monday-5": a hyphen between two numbers.
fn is_range(text: &Text<'_>, hyphen: usize) -> bool {
    number_words::part(text.small(hyphen - 1)).is_some()
        || number_words::scale(text.small(hyphen - 1)).is_some()
        || is_unit(text, hyphen - 1) && hyphen > 1 && text.kind(hyphen - 2) == Some(Kind::Digits)
}

/// "$5M", "£1.2B", "5M people": a capital letter that multiplies an amount, or a count of what stands behind it.
fn is_scaled(text: &Text<'_>, at: usize) -> bool {
    if !matches!(text.word(at + 1), "K" | "M" | "MM" | "MN" | "B" | "BN" | "T" | "TN") {
        return false;
    }
    let mut start = at;
    while start > 0
        && at - start < 8
        && !text.spaced(start)
        && (text.kind(start - 1) == Some(Kind::Digits) || matches!(text.word(start - 1), "." | ","))
    {
        start -= 1;
    }
    let is_money = start.checked_sub(1).is_some_and(|sign| {
        CURRENCY_SIGNS.contains_key(text.small(sign)) && (text.kind(sign) == Some(Kind::Mark) || is_currency(text, sign, start))
    });
    let counted = noun::singular(text.small(at + 2)).is_some() && text.spaced(at + 2) && !text.is_capital(at + 2);
    is_money || counted && text.word(at + 1) != "T"
}

/// Letters after digits that name a model, a generation or a format.
fn is_model_suffix(letters: &str) -> bool {
    letters.len() <= 3 && letters.bytes().all(|byte| byte.is_ascii_uppercase()) || matches!(letters, "i" | "e")
}

/// "Wizz Air W6 4321": a flight behind the two signs of its airline.
pub fn flight(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let sign = at.checked_sub(1).filter(|sign| text.kind(*sign) == Some(Kind::Digits) && text.word(*sign).len() == 1 && text.spaced(at))?;
    let letter = sign.checked_sub(1).filter(|letter| text.is_capital(*letter) && text.word(*letter).len() == 1 && !text.spaced(sign))?;
    let digits =
        (2..=4).contains(&text.word(at).len()) && text.spaced(letter) && text.tokens.get(at).is_some_and(|token| token.breaks == 0);
    (digits && !is_followed_by_count(text, uses, at + 1)).then_some((letter..at + 1, Use::Name))
}

/// "Boeing 737", "S&P 500", "Category 5", "Apollo 11": a capital word and a number right after it.
pub fn numbered(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let before = at.checked_sub(1)?;
    let digits = text.word(at);
    let end = tail(text, at);
    let decimals = end > at + 1;
    if !text.spaced(at) || !text.is_capital(before) || digits.len() > 4 || text.tokens.get(at)?.breaks > 0 {
        return None;
    }
    let grouped = text.is_mark(at + 1, ',') && !text.spaced(at + 1) && text.kind(at + 2) == Some(Kind::Digits) && !text.spaced(at + 2);
    if grouped || is_unit(text, end) || decimals {
        return None;
    }
    let sentence = text.sentences.get(text.sentence_of(at)).map_or(0, |sentence| sentence.start);
    let small = text.small(before);
    let ampersand = text.word(before).len() == 1 && before > 0 && text.is_mark(before - 1, '&');
    // "the A 9"
    let road = text.word(before).len() == 1 && before > 0 && text.small(before - 1) == "the";
    if noun::ends_phrase(small) && !ampersand && !road && !is_all_capital(text.word(before)) || is_opening(small) {
        return None;
    }
    let next = text.small(end);
    let place = before.checked_sub(1).is_some_and(|lead| matches!(text.small(lead), "in" | "at" | "from" | "near" | "across"));
    let measured_there = place && is_measured_by(text, uses, end) && !matches!(next, "was" | "is" | "has");
    let counts = (measured_there || is_followed_by_count(text, uses, end) || VERBS.contains(&next) && !is_joined_subject(text, before))
        && !is_parallel(text, uses, before);
    let measured = counts || noun::singular(small).is_some() && before == sentence;
    let heading = text.blocks.get(text.block_of(at)).is_some_and(|block| block.kind == BlockKind::Heading);
    if is_gapped(text, uses, before, at) {
        return None;
    }
    if measured || heading && before > sentence && text.is_capital(end) && !is_all_capital(text.word(before)) {
        return None;
    }
    Some((before..end, Use::Name))
}

/// "The Steyr AUG and the FN SCAR 17 were": two names make the verb a plural; but "in Gaza and Rafah 45 were killed".
fn is_joined_subject(text: &Text<'_>, at: usize) -> bool {
    let part = |at: usize| {
        text.is_capital(at) || matches!(text.small(at), "the" | "a" | "an" | "and" | "-") || text.kind(at) == Some(Kind::Digits)
    };
    let sentence = text.sentences.get(text.sentence_of(at)).map_or(0, |sentence| sentence.start);
    let start = (sentence..at).rev().take_while(|at| part(*at)).last().unwrap_or(at);
    let place = |at: usize| matches!(text.small(at), "in" | "at" | "near" | "across" | "of" | "from" | "on");
    let joined = (start..at).any(|at| text.small(at) == "and");
    joined && !place(start) && !start.checked_sub(1).is_some_and(place)
}

/// "Kenya lost 12, Chad 45 and Mali 3": a place and its number, after another number that counts.
fn is_gapped(text: &Text<'_>, uses: &Uses, place: usize, at: usize) -> bool {
    let sentence = text.sentences.get(text.sentence_of(at)).map_or(0, |sentence| sentence.start);
    let ends = text.kind(at + 1) != Some(Kind::Word) || noun::ends_phrase(text.small(at + 1));
    let counts = |at: usize| uses.is_free(at) && (text.kind(at) == Some(Kind::Digits) || number_words::part(text.small(at)).is_some());
    PLACES.contains(text.small(place)) && ends && (sentence..place).any(counts)
}

/// "Proposition 13 and Measure 37 were", "voyage 217 and convoy PQ 17": what follows a numbered name and "and" is another one.
fn is_parallel(text: &Text<'_>, uses: &Uses, at: usize) -> bool {
    let join = (at.saturating_sub(2)..at).rev().find(|join| matches!(text.small(*join), "and" | "or" | ","));
    let number = join.and_then(|join| join.checked_sub(1));
    number
        .is_some_and(|number| matches!(uses.of(number), Use::Name | Use::Reference | Use::Time) && text.kind(number) == Some(Kind::Digits))
}

fn is_all_capital(word: &str) -> bool {
    word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Words at the beginning of a sentence after which a number counts.
fn is_opening(word: &str) -> bool {
    APPROXIMATORS.contains(word) || OPENERS_OF_SENTENCES.contains(word)
}

/// "World War Two", "Phase Three trials", "Air Force One": a number in words with a capital after a capital word.
pub fn in_words(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let before = at.checked_sub(1)?;
    let heading = text.blocks.get(text.block_of(at)).is_some_and(|block| block.kind == BlockKind::Heading);
    let sentence = text.sentences.get(text.sentence_of(at)).map_or(0, |sentence| sentence.start);
    let small = text.small(before);
    let label = LABELS.contains(small) && !WEAK_LABELS.contains(small)
        || ["war", "force", "formula", "part", "day", "week", "number", "type", "level"].contains(&small);
    let hyphen = text.is_mark(at + 1, '-') && !text.spaced(at + 1);
    let named = text.is_capital(before) && before > sentence && text.spaced(at) && !heading && !noun::ends_phrase(small) && !hyphen;
    let single = number_words::part(text.small(at + 1)).is_none();
    let weak = LABELS.contains(small) && noun::ends_phrase(text.small(at + 1)) && !heading;
    if at > sentence && single && text.is_capital(before) && (label || named || weak) {
        return Some((before..at + 1, Use::Name));
    }
    // "the Group of Seven"
    if small == "of"
        && at > sentence + 1
        && text.is_capital(at - 2)
        && text.kind(at + 1).is_none_or(|_| !text.is_capital(at + 1))
        && !heading
    {
        return Some((at..at + 1, Use::Name));
    }
    // "the Five Eyes", "the Six-Day War", "the Big Three": capital in the middle of a sentence.
    let opens = at <= sentence || text.kind(before) == Some(Kind::Mark) && !matches!(text.word(before), "," | "’" | "'");
    let titled = text.is_capital(at + 1 + usize::from(hyphen)) || text.kind(at + 1) != Some(Kind::Word) && !hyphen;
    (!opens && !heading && titled).then_some((at..at + 1 + 2 * usize::from(hyphen), Use::Name))
}

//! Fractions, shares and multiples: "2 1/2", "two-thirds", "one in five", "half of", "double the", "eleven-fold".

use super::number::{Before, Form, Number};
use super::number_words::{self as words, Part};
use super::{digits, noun, scale};
use crate::domain::decimal::Decimal;
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::{COMPARATIVES, DEFINITE_DETERMINERS, UNITS_OF_MEASURE, UNITS_OF_TIME, WordClass};

/// Denominators that a fraction in digits may have.
const DENOMINATORS: [i64; 10] = [2, 3, 4, 5, 6, 8, 10, 12, 16, 32];
/// Words before "half" and "a third" after which they are no part of anything.
static ORDINALS_AND_DISTRIBUTIVES: WordClass = WordClass::named("ordinals and distributives");

/// Whether a word after "a third" compares.
fn is_comparative(word: &str) -> bool {
    COMPARATIVES.contains(word) || matches!(word, "below" | "above" | "off" | "owned")
}

fn share(start: usize, end: usize, value: Decimal) -> Number {
    Number { tokens: start..end, figure: value.clone(), value, scale: 0, form: Form::Share }
}

fn of_article(text: &Text<'_>, at: usize) -> bool {
    text.small(at) == "of" && matches!(text.small(at + 1), "a" | "an" | "one")
}

/// A share with the scale of "a quarter of a million".
fn with_scale(text: &Text<'_>, mut number: Number) -> Number {
    let end = number.tokens.end;
    if let Some(power) = words::scale(text.small(end + 2)).filter(|_| of_article(text, end)) {
        number.tokens.end = end + 3;
        number = number.scaled(power);
        number.form = Form::Words;
    }
    number
}

/// Whether a token is a slash, or the slash of fractions: "1⁄2".
fn is_slash(text: &Text<'_>, at: usize) -> bool {
    text.is_mark(at, '/') || text.is_mark(at, '\u{2044}')
}

/// Whether a slash and digits follow a token without space.
pub fn is_slashed(text: &Text<'_>, start: usize) -> bool {
    is_slash(text, start + 1) && !text.spaced(start + 1) && !text.spaced(start + 2) && text.kind(start + 2) == Some(Kind::Digits)
}

/// "1/3 of", "3/4 cup".
pub fn slashed(text: &Text<'_>, start: usize) -> Option<Number> {
    let value = fraction(text, start)?;
    let end = start + 3;
    let next = text.small(end);
    let measures = text.spaced(end) && text.kind(end) == Some(Kind::Word) && (next == "of" || !noun::ends_phrase(next));
    let alone = !text.is_mark(end, '/') && (start == 0 || text.spaced(start) || !text.is_mark(start - 1, '/'));
    (measures && alone).then(|| share(start, end, value))
}

/// The value of a proper fraction "n/d" at a token.
fn fraction(text: &Text<'_>, at: usize) -> Option<Decimal> {
    if !is_slash(text, at + 1) || text.spaced(at + 1) || text.spaced(at + 2) || text.is_mark(at + 3, '/') {
        return None;
    }
    let number = |at: usize| text.word(at).parse::<i64>().ok().filter(|_| text.word(at).len() <= 2);
    let (numerator, denominator) = (number(at)?, number(at + 2)?);
    (numerator > 0 && numerator < denominator && DENOMINATORS.contains(&denominator)).then_some(())?;
    words::ratio(numerator.into(), denominator.into())
}

/// The number with the fraction after it: "2½", "2 1/2", "two and a half".
pub fn add_fraction(text: &Text<'_>, mut number: Number) -> Number {
    let end = number.tokens.end;
    let hyphen = usize::from(text.is_mark(end, '-') && !text.spaced(end));
    let (more, after) = if let Some((numerator, denominator)) = words::vulgar(text.word(end)) {
        (words::ratio(numerator.into(), denominator.into()), end + 1)
    } else if text.kind(end + hyphen) == Some(Kind::Digits) && (hyphen > 0 || text.spaced(end)) {
        (fraction(text, end + hyphen), end + hyphen + 3)
    } else {
        and_fraction(text, end)
    };
    if let Some(more) = more {
        number.value = &number.value + &more;
        number.figure = number.value.clone();
        number.tokens.end = after;
        if number.form == Form::One {
            number.form = Form::Words;
        }
    }
    number
}

/// "and a half", "-and-a-half", "and three quarters".
fn and_fraction(text: &Text<'_>, end: usize) -> (Option<Decimal>, usize) {
    let hyphen = |at: usize| usize::from(text.is_mark(at, '-') && !text.spaced(at));
    let mut at = end + hyphen(end);
    if text.small(at) != "and" {
        return (None, end);
    }
    at += 1;
    at += hyphen(at);
    let numerator = match text.small(at) {
        "a" | "one" => 1,
        "two" => 2,
        "three" => 3,
        _ => return (None, end),
    };
    at += 1;
    at += hyphen(at);
    match text.small(at) {
        "half" | "quarter" | "quarters" | "third" | "thirds" => {
            let denominator = words::denominator(text.small(at)).unwrap_or(2);
            (words::ratio(numerator, denominator.into()), at + 1)
        }
        _ => (None, end),
    }
}

/// "two-thirds", "three quarters of", "one half": a number in words with the name of a fraction.
pub fn named(text: &Text<'_>, number: &Number, numerator: i128, before: Before) -> Option<Number> {
    let end = number.tokens.end;
    let hyphen = text.is_mark(end, '-') && !text.spaced(end) && !text.spaced(end + 1);
    let at = end + usize::from(hyphen);
    let name = text.small(at);
    let denominator = words::denominator(name)?;
    let plural = name.ends_with('s');
    if plural != (numerator > 1) || !(1..100).contains(&numerator) {
        return None;
    }
    let next = text.small(at + 1);
    if matches!(name, "quarters" | "quarter") && !hyphen && next != "of" && !before.measured {
        return None;
    }
    // "one third-party", "one half-time"
    if text.is_mark(at + 1, '-') && !text.spaced(at + 1) {
        return None;
    }
    let value = words::ratio(numerator, denominator.into())?;
    Some(with_scale(text, share(number.tokens.start, at + 1, value)))
}

/// "one in five", "nine out of ten", "1 in every 100", "one in a hundred".
pub fn in_so_many(text: &Text<'_>, number: &Number) -> Option<Number> {
    let end = number.tokens.end;
    let mut at = match text.small(end) {
        "in" => end + 1,
        "out" if text.small(end + 1) == "of" => end + 2,
        "of" if text.small(end + 1) == "every" => end + 1,
        _ => return None,
    };
    let every = text.small(at) == "every";
    at += usize::from(every);
    let numerator: i128 = number.value.to_string().parse().ok()?;
    let (whole, after) = whole_at(text, at)?;
    let single = text.small(end) == "in" && !every;
    let usual = matches!(whole, 2..=10 | 12 | 15 | 20 | 25 | 30 | 40 | 50 | 100 | 200 | 500 | 1000 | 10_000 | 100_000 | 1_000_000);
    if numerator < 1 || numerator >= whole || single && numerator > 1 && !usual || numerator > 99 {
        return None;
    }
    let next = text.small(after);
    let unit = next.strip_suffix('s').unwrap_or(next);
    let measured = UNITS_OF_TIME.contains(unit)
        || matches!(
            unit,
            "game" | "match" | "matche" | "attempt" | "start" | "attack" | "percent" | "outing" | "meeting" | "appearance" | "inning"
        );
    let glued = !text.spaced(after) && ![".", ",", ";", ":", ")", "”", "\"", "’", "?", "!", "—", "–"].contains(&text.word(after));
    if measured && !every && text.small(end) != "out" || glued {
        return None;
    }
    let value = words::ratio(numerator, whole)?;
    Some(share(number.tokens.start, after, value))
}

/// A whole number in words or digits, and the token after it.
fn whole_at(text: &Text<'_>, at: usize) -> Option<(i128, usize)> {
    if text.kind(at) == Some(Kind::Digits) {
        let found = digits::at(text, at).filter(|found| found.decimals == 0 && !found.looks_like_year(text))?;
        return Some((found.value.to_string().parse().ok()?, found.tokens.end));
    }
    if matches!(text.small(at), "a" | "an") {
        let power = match words::part(text.small(at + 1))? {
            Part::Hundred => 2,
            Part::Scale(power) => power,
            _ => return None,
        };
        return Some((10_i128.checked_pow(u32::try_from(power).ok()?)?, at + 2));
    }
    words::at(text, at, true).map(|found| (found.value, found.end))
}

/// Whether "half" or "a third" at a token is a share of what follows, or of what was measured before.
fn is_shared(text: &Text<'_>, start: usize, end: usize, before: Before) -> bool {
    let barred = start > 0 && ORDINALS_AND_DISTRIBUTIVES.contains(text.small(start - 1));
    let next = text.small(end);
    let joined = text.is_mark(end, '-') && !text.spaced(end);
    !barred && !joined && (next == "of" || is_comparative(next) || before.measured)
}

/// "half a million", "half of", "half the", "half an hour", "half-dozen".
pub fn half(text: &Text<'_>, start: usize, before: Before) -> Option<Number> {
    let half = || words::ratio(1, 2);
    let hyphen = usize::from(text.is_mark(start + 1, '-') && !text.spaced(start + 1) && !text.spaced(start + 2));
    let article = usize::from(matches!(text.small(start + 1), "a" | "an"));
    let at = start + 1 + hyphen + article;
    let scaled = |power: i32, factor: i64| {
        let mut number = share(start, at + 1, &half()? * &Decimal::whole(factor));
        number.form = Form::Words;
        Some(if power > 0 { number.scaled(power) } else { number })
    };
    match words::part(text.small(at)) {
        Some(Part::Dozen) => return scaled(0, 12),
        Some(Part::Hundred) => return scaled(2, 1),
        Some(Part::Scale(power)) => return scaled(power, 1),
        _ => {}
    }
    let unit = text.small(at);
    if article + hyphen > 0 {
        let measures = UNITS_OF_TIME.contains(unit)
            || UNITS_OF_MEASURE.contains(unit)
            || matches!(unit, "percent" | "percentage" | "point" | "per" | "cent");
        return measures.then(half).flatten().map(|value| share(start, start + 1 + article, value));
    }
    let next = text.small(start + 1);
    let barred = start > 0 && ORDINALS_AND_DISTRIBUTIVES.contains(text.small(start - 1));
    let determined = DEFINITE_DETERMINERS.contains(next) || matches!(next, "of" | "that" | "were" | "are" | "have" | "say" | "said");
    let measured = before.measured && next != "time";
    (!barred && (determined || measured)).then(half).flatten().map(|value| share(start, start + 1, value))
}

/// "a third of", "by a quarter", "a fifth more", "a quarter of a million".
pub fn after_article(text: &Text<'_>, start: usize, before: Before) -> Option<Number> {
    let name = text.small(start + 1);
    let denominator = words::denominator(name).filter(|_| !name.ends_with('s') && name != "half")?;
    let end = start + 2;
    // "in a quarter of record sales" is a time; "in a third of cases" is none.
    if !is_shared(text, start, end, before) || name == "quarter" && matches!(text.small(end + 1), "record" | "strong" | "weak" | "growth") {
        return None;
    }
    Some(with_scale(text, share(start, end, words::ratio(1, denominator.into())?)))
}

/// "quarter-point", "quarter of a point": the step of a central bank.
pub fn quarter_point(text: &Text<'_>, start: usize) -> Option<Number> {
    let at = start + 1 + usize::from(text.is_mark(start + 1, '-'));
    matches!(text.small(at), "point" | "percentage" | "percent")
        .then(|| words::ratio(1, 4))
        .flatten()
        .map(|value| share(start, start + 1, value))
}

/// "double the", "twice as many", "twice a week".
pub fn multiple(text: &Text<'_>, start: usize) -> Option<Number> {
    let value = match text.small(start) {
        "triple" => 3,
        "quadruple" => 4,
        _ => 2,
    };
    let next = text.small(start + 1);
    let times = text.small(start) == "twice" && matches!(next, "a" | "per" | "each" | "every" | "daily" | "weekly" | "monthly" | "yearly");
    let compares = ["the", "its", "their", "his", "her", "as", "that", "what", "this", "our"].contains(&next);
    (times || compares).then(|| Number { form: Form::Multiple, ..share(start, start + 1, Decimal::whole(value)) })
}

/// "tenfold" in one word.
pub fn fold(text: &Text<'_>, start: usize) -> Option<Number> {
    let name = text.small(start).strip_suffix("fold")?;
    let value = match words::part(name)? {
        Part::Unit(value) | Part::Tens(value) => value,
        Part::Hundred => 100,
        Part::Scale(3) => 1000,
        _ => return None,
    };
    Some(scale::extend(text, Number { form: Form::Multiple, ..share(start, start + 1, Decimal::whole(value)) }, false))
}

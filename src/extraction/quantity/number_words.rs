//! Numbers in words: "twenty-three", "two hundred and five thousand", "a hundred", "half a million", "a dozen".

use crate::domain::decimal::Decimal;
use crate::extraction::text::{Kind, Text};

/// What a word adds to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// "zero" to "nineteen".
    Unit(i64),
    /// "twenty" to "ninety".
    Tens(i64),
    /// "hundred".
    Hundred,
    /// "thousand" and above: a power of ten.
    Scale(i32),
    /// "dozen".
    Dozen,
}

/// What a word in small letters adds to a number.
pub fn part(word: &str) -> Option<Part> {
    use Part::{Dozen, Hundred, Scale, Tens, Unit};
    if word.len() < 3 || word.len() > 11 {
        return None;
    }
    let part = match word {
        "zero" => Unit(0),
        "one" => Unit(1),
        "two" => Unit(2),
        "three" => Unit(3),
        "four" => Unit(4),
        "five" => Unit(5),
        "six" => Unit(6),
        "seven" => Unit(7),
        "eight" => Unit(8),
        "nine" => Unit(9),
        "ten" => Unit(10),
        "eleven" => Unit(11),
        "twelve" => Unit(12),
        "thirteen" => Unit(13),
        "fourteen" => Unit(14),
        "fifteen" => Unit(15),
        "sixteen" => Unit(16),
        "seventeen" => Unit(17),
        "eighteen" => Unit(18),
        "nineteen" => Unit(19),
        "twenty" => Tens(20),
        "thirty" => Tens(30),
        "forty" | "fourty" => Tens(40),
        "fifty" => Tens(50),
        "sixty" => Tens(60),
        "seventy" => Tens(70),
        "eighty" => Tens(80),
        "ninety" => Tens(90),
        "hundred" => Hundred,
        "dozen" => Dozen,
        other => return scale(other).map(Scale),
    };
    Some(part)
}

/// The power of ten of a scale word from "thousand" on.
pub fn scale(word: &str) -> Option<i32> {
    match word {
        "thousand" => Some(3),
        "lakh" | "lac" | "lakhs" => Some(5),
        "million" => Some(6),
        "crore" | "crores" => Some(7),
        "billion" | "milliard" => Some(9),
        "trillion" => Some(12),
        "quadrillion" => Some(15),
        _ => None,
    }
}

/// A number in words.
#[derive(Debug, Clone, PartialEq)]
pub struct InWords {
    /// The token after it.
    pub end: usize,
    /// Its value.
    pub value: i128,
    /// The power of ten of its last word, when that is a scale word.
    pub scale: i32,
}

/// The number in words that begins at a token. With `between`, "and" does not join: "between one hundred and five thousand".
pub fn at(text: &Text<'_>, start: usize, between: bool) -> Option<InWords> {
    let (mut total, mut group, mut last) = (0_i128, 0_i128, None::<Part>);
    let (mut end, mut at, mut lowest) = (start, start, i32::MAX);
    while at < start + 24 {
        let Some(next) = part(text.small(at)) else { break };
        match (next, last) {
            (Part::Unit(value) | Part::Tens(value), None | Some(Part::Hundred | Part::Scale(_)))
            | (Part::Unit(value @ 1..=9), Some(Part::Tens(_))) => group += i128::from(value),
            (Part::Hundred, Some(Part::Unit(_) | Part::Tens(_))) if group > 0 && group < 100 => group *= 100,
            (Part::Dozen, Some(Part::Unit(_) | Part::Tens(_))) if total == 0 => {
                return Some(InWords { end: at + 1, value: group * 12, scale: 0 });
            }
            (Part::Scale(power), Some(Part::Unit(_) | Part::Tens(_) | Part::Hundred)) if group > 0 && power < lowest => {
                total += group.checked_mul(10_i128.checked_pow(u32::try_from(power).ok()?)?)?;
                (group, lowest) = (0, power);
            }
            _ => break,
        }
        last = Some(next);
        end = at + 1;
        at = joined(text, end, next, between);
    }
    let last = last?;
    let value = total + group;
    let scale = match last {
        Part::Hundred => 2,
        Part::Scale(power) => power,
        _ => 0,
    };
    Some(InWords { end, value, scale })
}

/// What follows "a hundred" and belongs to it: "a hundred and five", "a hundred thousand"; none when nothing does.
pub fn after_hundred(text: &Text<'_>, hundred: usize) -> Option<InWords> {
    let next = joined(text, hundred + 1, Part::Hundred, false);
    if let Some(power) = scale(text.small(hundred + 1)) {
        return Some(InWords { end: hundred + 2, value: 100 * 10_i128.checked_pow(u32::try_from(power).ok()?)?, scale: power });
    }
    let rest = at(text, next, true).filter(|rest| (1..100).contains(&rest.value))?;
    Some(InWords { value: rest.value + 100, ..rest })
}

/// Where the next word of a number can stand: after a hyphen or an "and" that joins.
fn joined(text: &Text<'_>, end: usize, last: Part, between: bool) -> usize {
    let next = part(text.small(end + 1));
    if text.is_mark(end, '-') && !text.spaced(end) && !text.spaced(end + 1) {
        let fits = match (last, next) {
            (Part::Tens(_), Some(Part::Unit(value))) => value < 10,
            (_, Some(Part::Hundred | Part::Scale(_) | Part::Dozen)) => true,
            _ => false,
        };
        return if fits { end + 1 } else { end };
    }
    let joins = text.small(end) == "and" && !between && matches!(last, Part::Hundred | Part::Scale(_));
    if joins && matches!(next, Some(Part::Unit(1..) | Part::Tens(_))) {
        // "one hundred and two hundred" are two numbers.
        let group = at(text, end + 1, true);
        let again =
            group.as_ref().is_some_and(|group| group.value >= 100 && (last == Part::Hundred && group.scale == 2 || group.value >= 1000));
        if !again || group.is_some_and(|group| group.scale > 2 && last == Part::Hundred) {
            return end + 1;
        }
    }
    end
}

/// The fraction that a word names: "third" 3, "halves" 2.
pub fn denominator(word: &str) -> Option<i64> {
    let value = match word.strip_suffix('s').unwrap_or(word) {
        "half" | "halve" => 2,
        "third" => 3,
        "quarter" | "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "twentieth" => 20,
        "hundredth" => 100,
        "thousandth" => 1000,
        _ => return None,
    };
    Some(value)
}

/// What a vulgar fraction in one sign is worth, as numerator and denominator.
pub fn vulgar(sign: &str) -> Option<(i64, i64)> {
    let value = match sign {
        "½" => (1, 2),
        "⅓" => (1, 3),
        "⅔" => (2, 3),
        "¼" => (1, 4),
        "¾" => (3, 4),
        "⅕" => (1, 5),
        "⅖" => (2, 5),
        "⅗" => (3, 5),
        "⅘" => (4, 5),
        "⅙" => (1, 6),
        "⅛" => (1, 8),
        "⅜" => (3, 8),
        "⅝" => (5, 8),
        "⅞" => (7, 8),
        _ => return None,
    };
    Some(value)
}

/// A fraction to seven places.
pub fn ratio(numerator: i128, denominator: i128) -> Option<Decimal> {
    if denominator == 0 {
        return None;
    }
    let (whole, rest) = (numerator / denominator, numerator % denominator);
    let places = rest.checked_mul(20_000_000)?.checked_div(denominator)?.checked_add(1)? / 2;
    let scaled = whole.checked_mul(10_000_000)?.checked_add(places)?;
    Some(&Decimal::parse(&scaled.to_string()).ok()? * &Decimal::power_of_ten(-7))
}

/// Whether a token could begin a number in words or signs at all: this decides for every word of a text.
pub fn may_begin(text: &Text<'_>, at: usize) -> bool {
    match text.kind(at) {
        Some(Kind::Digits) => true,
        Some(Kind::Mark) => {
            text.is_mark(at, '.') && text.kind(at + 1) == Some(Kind::Digits) && !text.spaced(at + 1) || vulgar(text.word(at)).is_some()
        }
        Some(Kind::Word) => {
            let word = text.small(at);
            match word {
                "a" | "an" | "half" | "several" | "few" | "couple" | "twice" | "double" | "triple" | "quadruple" | "quarter" => true,
                _ => part(word).is_some() || is_vague(word) || word.ends_with("fold"),
            }
        }
        None => false,
    }
}

/// Whether a word in small letters is a vague plural.
pub fn is_vague(word: &str) -> bool {
    ["tens", "dozens", "scores", "hundreds", "thousands", "millions", "billions", "trillions", "lakhs", "crores"].contains(&word)
}

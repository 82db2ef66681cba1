//! Numbers with a power of ten: `1.5 × 10^6`, `10⁶`, `1.2e6`.

use super::noun;
use super::number::Number;
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};

/// Raised digits, in their order.
const RAISED: [&str; 10] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];
/// Largest power that is read; a number beyond it is none that is kept.
const POWER_MAX: i32 = 24;

/// The number in digits with the power of ten behind it.
pub fn extend(text: &Text<'_>, uses: &Uses, number: Number) -> Number {
    let end = number.tokens.end;
    let found = if matches!(text.word(end), "×" | "x" | "*" | "·") && text.word(end + 1) == "10" {
        raised(text, end + 2)
    } else if number.tokens.len() == 1 && text.word(number.tokens.start) == "10" {
        // "10⁶ people"; a raised figure that counts nothing is a note: "It lost 10².".
        raised(text, end).filter(|(_, after)| text.is_mark(end, '^') || counts(text, *after))
    } else if marks_power(text, end) {
        signed(text, end + 1)
    } else {
        None
    };
    let Some((power, after)) = found else { return number };
    let free = (end..after).all(|at| matches!(uses.of(at), Use::Free | Use::Time));
    if !free || power.abs() > POWER_MAX || number.scale != 0 {
        return number;
    }
    let power = if matches!(text.word(end), "^") || RAISED.contains(&text.word(end)) { power - 1 } else { power };
    let mut number = number.scaled(power);
    number.tokens.end = after;
    number
}

/// Whether the digits at a token belong to a number with an "e" for its power: either side of it.
pub fn is_part(text: &Text<'_>, at: usize) -> bool {
    let end = at + 1;
    marks_power(text, end) || at.checked_sub(1).is_some_and(|mark| marks_power(text, mark)) || at >= 2 && marks_power(text, at - 2)
}

/// Whether the token is the "e" of `1.2e6` or `1e6`, but no letter of a model: "3E5".
fn marks_power(text: &Text<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    if !matches!(text.word(at), "e" | "E") || text.spaced(at) || text.spaced(at + 1) || text.kind(before) != Some(Kind::Digits) {
        return false;
    }
    let decimal = before >= 2 && text.is_mark(before - 1, '.') && !text.spaced(before) && text.kind(before - 2) == Some(Kind::Digits);
    let small = text.word(at) == "e" && text.word(before).len() == 1 && text.spaced(before);
    let ends = signed(text, at + 1).is_some_and(|(_, after)| text.spaced(after) || text.kind(after) == Some(Kind::Mark));
    (decimal || small) && ends
}

/// Whether something counted or measured stands after a number.
fn counts(text: &Text<'_>, at: usize) -> bool {
    text.spaced(at) && text.kind(at) == Some(Kind::Word) && !noun::ends_phrase(text.small(at))
}

/// Digits with a sign: the number, and the token after it.
fn signed(text: &Text<'_>, at: usize) -> Option<(i32, usize)> {
    let negative = matches!(text.word(at), "-" | "−" | "–");
    let at = at + usize::from(negative || text.is_mark(at, '+'));
    if text.spaced(at) || text.kind(at) != Some(Kind::Digits) || text.word(at).len() > 2 {
        return None;
    }
    let power: i32 = text.word(at).parse().ok()?;
    Some((if negative { -power } else { power }, at + 1))
}

/// `^6` or `⁶`, and the token after it.
fn raised(text: &Text<'_>, at: usize) -> Option<(i32, usize)> {
    if text.is_mark(at, '^') {
        return signed(text, at + 1);
    }
    let negative = text.is_mark(at, '⁻');
    let start = at + usize::from(negative);
    let digit = |at: usize| RAISED.iter().position(|raised| !text.spaced(at) && *raised == text.word(at));
    let mut end = start;
    let mut power = 0_i32;
    while let Some(value) = digit(end).filter(|_| end < start + 2) {
        power = power * 10 + i32::try_from(value).ok()?;
        end += 1;
    }
    (end > start).then_some((if negative { -power } else { power }, end))
}

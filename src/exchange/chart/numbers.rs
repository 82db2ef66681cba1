//! Exact numbers as a reader likes them: "240 billion", "1,250", "3×10⁻⁹". Nothing is rounded.

use crate::domain::decimal::Decimal;

/// Words for powers of ten, the greatest first.
const WORDS: [(i32, &str); 3] = [(12, "trillion"), (9, "billion"), (6, "million")];
/// From this power of ten on, and from the other one down, there are no words.
const NO_WORDS_FROM: i64 = 15;
/// A number whose first digit stands behind this many zeros is told as a power of ten.
const SMALL: i64 = -5;
/// Digits of a number that is told as a power of ten; longer ones are clearer in full.
const POWER_DIGITS_MAX: usize = 6;
/// Places that a number may have before its word.
const WORD_PLACES_MAX: i64 = 3;

/// The number with the word that suits it.
pub(super) fn in_words(number: &Decimal) -> String {
    let order = order(number);
    if order >= NO_WORDS_FROM || order <= SMALL {
        return as_power(number).unwrap_or_else(|| grouped(number));
    }
    let word = word_for(order).filter(|(power, _)| below(number, *power).scale() <= WORD_PLACES_MAX);
    with_word(number, word)
}

/// The numbers of one axis, all with the same word.
pub(super) fn alike(numbers: &[Decimal]) -> Vec<String> {
    let order = numbers.iter().filter(|number| **number != Decimal::whole(0)).map(order).max().unwrap_or(0);
    if order >= NO_WORDS_FROM || order <= SMALL {
        return numbers.iter().map(in_words).collect();
    }
    let fits = |(power, _): &(i32, &str)| numbers.iter().all(|number| below(number, *power).scale() <= WORD_PLACES_MAX);
    let word = word_for(order).filter(fits);
    numbers.iter().map(|number| with_word(number, word)).collect()
}

/// The power of ten of the first digit; of zero, zero.
pub(super) fn order(number: &Decimal) -> i64 {
    let text = number.magnitude().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let count = |digits: usize| i64::try_from(digits).unwrap_or(i64::MAX);
    match whole {
        "0" => fraction.find(|digit| digit != '0').map_or(0, |zeros| -1 - count(zeros)),
        _ => count(whole.len()) - 1,
    }
}

fn word_for(order: i64) -> Option<(i32, &'static str)> {
    WORDS.into_iter().find(|(power, _)| order >= i64::from(*power))
}

/// How many times this power of ten the number is.
fn below(number: &Decimal, power: i32) -> Decimal {
    number * &Decimal::power_of_ten(-power)
}

fn with_word(number: &Decimal, word: Option<(i32, &str)>) -> String {
    match word {
        Some((power, word)) if *number != Decimal::whole(0) => format!("{} {word}", grouped(&below(number, power))),
        _ => grouped(number),
    }
}

/// The number in full, with commas between thousands.
fn grouped(number: &Decimal) -> String {
    let text = number.magnitude().to_string();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(whole, fraction)| (whole, Some(fraction)));
    let mut digits = String::from(sign(number));
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            digits.push(',');
        }
        digits.push(digit);
    }
    if let Some(fraction) = fraction {
        digits.extend([".", fraction]);
    }
    digits
}

/// `3×10⁻⁹`; `None` for a number with too many digits.
fn as_power(number: &Decimal) -> Option<String> {
    let order = order(number);
    let mantissa = number.magnitude();
    let mantissa = below(&mantissa, i32::try_from(order).ok()?).to_string();
    if mantissa.len() > POWER_DIGITS_MAX + 1 {
        return None;
    }
    let factor = if mantissa == "1" { String::new() } else { format!("{mantissa}×") };
    let raised: String = order.to_string().chars().map(raised).collect();
    Some(format!("{}{factor}10{raised}", sign(number)))
}

fn raised(character: char) -> char {
    match character {
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        '-' => '⁻',
        _ => '⁰',
    }
}

fn sign(number: &Decimal) -> &'static str {
    if number.is_negative() { "−" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn numbers_are_told_exactly_and_readably() {
        for (given, told) in [
            ("0", "0"),
            ("12.5", "12.5"),
            ("-1250", "−1,250"),
            ("999999", "999,999"),
            ("1000000", "1 million"),
            ("240500000000", "240.5 billion"),
            ("-1234567890", "−1,234,567,890"),
            ("2e12", "2 trillion"),
            ("1e15", "10¹⁵"),
            ("-2.5e20", "−2.5×10²⁰"),
            ("1234567890123456789", "1,234,567,890,123,456,789"),
            ("0.0001", "0.0001"),
            ("0.00003", "3×10⁻⁵"),
            ("1e-28", "10⁻²⁸"),
            ("0.0000123456789", "0.0000123456789"),
        ] {
            assert_eq!(in_words(&number(given)), told);
        }
    }

    #[test]
    fn one_axis_has_one_word() {
        assert_eq!(alike(&["0", "5e8", "1e9"].map(number)), ["0", "0.5 billion", "1 billion"]);
        assert_eq!(alike(&["8000000000", "8000000050"].map(number)), ["8,000,000,000", "8,000,000,050"]);
        assert_eq!(alike(&[]), Vec::<String>::new());
    }

    #[test]
    fn the_order_is_that_of_the_first_digit() {
        assert_eq!(["0", "0.05", "-7", "10", "1e28", "1e-28"].map(|text| order(&number(text))), [0, -2, 0, 1, 28, -28]);
    }
}

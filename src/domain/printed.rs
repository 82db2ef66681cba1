//! How precisely a number was printed: "$240 billion" is given to the billion, "0.04%" to two places.
//!
//! Precision is XBRL's `decimals`: minus the power of ten of the last printed digit.

use super::decimal::Decimal;

/// Bounds of a precision; far beyond any number that is kept.
pub const DECIMALS_MAX: i32 = 40;

/// Scale words and letters that may follow printed digits, with their power of ten.
const SCALES: &[(&str, i32)] = &[
    ("hundred", 2),
    ("thousand", 3),
    ("lakh", 5),
    ("million", 6),
    ("crore", 7),
    ("billion", 9),
    ("trillion", 12),
    ("k", 3),
    ("m", 6),
    ("mn", 6),
    ("mln", 6),
    ("bn", 9),
    ("bln", 9),
    ("tn", 12),
    ("trn", 12),
];

/// The printed precision of `best` within the words that a source printed.
///
/// `None` when the words hold no number in digits that equals `best`.
pub fn decimals_in(words: &str, best: &Decimal) -> Option<i32> {
    let wanted = best.magnitude();
    numbers_in(words)
        .find_map(|(number, scale)| readings(number).iter().find_map(|(whole, fraction)| matches(whole, fraction, scale, &wanted)))
}

/// The numbers in digits, each with the power of ten of the word after it.
fn numbers_in(words: &str) -> impl Iterator<Item = (&str, i32)> {
    let mut rest = words;
    std::iter::from_fn(move || {
        let from_digit = &rest[rest.find(|c: char| c.is_ascii_digit())?..];
        let (number, after) = from_digit.split_at(number_length(from_digit));
        rest = after;
        Some((number, scale_after(after)))
    })
}

/// The place of the last significant digit of a printed number: "240 billion" is significant to the tens of billions, "240.0 billion" to
/// the tenth that it prints. `decimals` is its printed precision, `words` what was printed, where that is known.
pub fn significant_decimals(words: Option<&str>, best: &Decimal, decimals: i32) -> i32 {
    // Zeros after a point are printed for their precision; zeros before it may only fill places.
    if decimals > 0 || words.is_some_and(|words| has_fraction(words, best)) {
        return decimals;
    }
    let needed = i32::try_from(best.scale()).unwrap_or(decimals);
    if *best == Decimal::whole(0) { decimals } else { needed.min(decimals) }
}

/// Whether `best` is printed with a point and digits behind it.
fn has_fraction(words: &str, best: &Decimal) -> bool {
    numbers_in(words).any(|(number, scale)| {
        readings(number)
            .iter()
            .any(|(whole, fraction)| !fraction.is_empty() && matches(whole, fraction, scale, &best.magnitude()).is_some())
    })
}

/// The precision of a number in plain or scientific notation, as written: `12.50` 2, `240000` 0, `1e6` -6.
pub fn decimals_of(number: &str) -> i32 {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let places = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let decimals = i32::try_from(places).unwrap_or(i32::MAX).saturating_sub(exponent.parse().unwrap_or(0));
    // Only zeros can be written with more places than any number that is kept.
    decimals.clamp(-DECIMALS_MAX, DECIMALS_MAX)
}

/// Length in bytes of the digits and the separators between them at the beginning of `text`.
fn number_length(text: &str) -> usize {
    let mut length = 0;
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let digit_follows = rest.starts_with(|next: char| next.is_ascii_digit());
        if c.is_ascii_digit() {
            length = at + 1;
        } else if matches!(c, ' ' | '\u{a0}' | '\u{202f}') {
            // A space groups thousands only: two numbers beside each other stay two.
            if !(groups_thousands(rest) && text[..at].chars().rev().take_while(char::is_ascii_digit).count() <= 3) {
                break;
            }
        } else if !(digit_follows && matches!(c, ',' | '.' | '\'')) {
            break;
        }
    }
    length
}

/// Whether exactly three digits follow.
fn groups_thousands(text: &str) -> bool {
    text.chars().take_while(char::is_ascii_digit).count() == 3
}

/// The power of ten of a scale word right after the digits, else 0.
pub(super) fn scale_after(text: &str) -> i32 {
    let word: String = text.trim_start_matches([' ', '\u{a0}', '-']).chars().take_while(|c| c.is_alphabetic()).collect();
    let word = word.to_lowercase();
    SCALES.iter().find(|(name, _)| *name == word || (name.len() > 2 && word.strip_suffix('s') == Some(name))).map_or(0, |(_, power)| *power)
}

/// The ways to read the separators: the last one as the point, or all of them as grouping.
fn readings(number: &str) -> Vec<(String, &str)> {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let mut readings = vec![(digits(number), "")];
    if let Some(at) = number.rfind(['.', ',']) {
        readings.push((digits(&number[..at]), &number[at + 1..]));
    }
    readings
}

fn matches(whole: &str, fraction: &str, scale: i32, wanted: &Decimal) -> Option<i32> {
    let text = if fraction.is_empty() { whole.to_string() } else { format!("{whole}.{fraction}") };
    let number = Decimal::parse(&text).ok()?;
    let places = i32::try_from(fraction.len()).ok()?;
    (&number * &Decimal::power_of_ten(scale) == *wanted).then_some((places - scale).clamp(-DECIMALS_MAX, DECIMALS_MAX))
}

//! A number as a whole: figure, fraction, scale; in digits, in words, or in both.

use std::ops::Range;

use super::number_words::{self as words, Part};
use super::{digits, scale, shares};
use crate::domain::decimal::Decimal;
use crate::domain::lexicon;
use crate::extraction::text::{Kind, Text};

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// In digits without separators.
    Digits,
    /// In digits with separators.
    Separated,
    /// In words.
    Words,
    /// The word "one", which may be a pronoun.
    One,
    /// "a million", "a dozen".
    Article,
    /// "dozens", "several hundred".
    Vague,
    /// "a third", "one in five".
    Share,
    /// "double", "twice".
    Multiple,
}

/// A number.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Its tokens, scale included.
    pub tokens: Range<usize>,
    /// Its value, scale included.
    pub value: Decimal,
    /// The figure before the scale.
    pub figure: Decimal,
    /// The power of ten of its scale words.
    pub scale: i32,
    /// How it is written.
    pub form: Form,
}

impl Number {
    fn new(tokens: Range<usize>, value: Decimal, form: Form) -> Self {
        Self { tokens, figure: value.clone(), value, scale: 0, form }
    }

    /// The same with the scale of a neighbour: the 5 of "5 to 7 million".
    #[must_use]
    pub fn scaled(mut self, power: i32) -> Self {
        self.value = &self.figure * &Decimal::power_of_ten(power);
        self.scale = power;
        self
    }
}

/// What stands before a number and changes how it is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Before {
    /// A sign of money.
    pub money: bool,
    /// The word "between".
    pub between: bool,
    /// A bound, or "by", after which "half" and "a third" are shares.
    pub measured: bool,
}

/// The number that begins at a token.
pub fn at(text: &Text<'_>, start: usize, before: Before) -> Option<Number> {
    match text.kind(start)? {
        Kind::Digits => in_digits(text, start, before),
        Kind::Mark => match words::vulgar(text.word(start)) {
            Some((numerator, denominator)) => {
                let value = words::ratio(numerator.into(), denominator.into())?;
                Some(scale::extend(text, Number::new(start..start + 1, value, Form::Share), before.money))
            }
            None => in_digits(text, start, before),
        },
        Kind::Word => in_words(text, start, before),
    }
}

fn in_digits(text: &Text<'_>, start: usize, before: Before) -> Option<Number> {
    let found = digits::at(text, start)?;
    let mut number = Number::new(found.tokens.clone(), found.value, Form::Digits);
    if found.is_grouped || found.decimals > 0 {
        number.form = Form::Separated;
    }
    if found.decimals == 0 {
        if shares::is_slashed(text, start) {
            return shares::slashed(text, start).map(|share| scale::extend(text, share, before.money));
        }
        if let Some(share) = shares::in_so_many(text, &number) {
            return Some(share);
        }
        number = shares::add_fraction(text, number);
    }
    Some(scale::extend(text, number, before.money))
}

fn in_words(text: &Text<'_>, start: usize, before: Before) -> Option<Number> {
    match text.small(start) {
        "a" | "an" => after_article(text, start, before),
        "half" => shares::half(text, start, before),
        "quarter" => shares::quarter_point(text, start),
        "twice" | "double" | "triple" | "quadruple" => shares::multiple(text, start),
        "several" | "few" => vague_scale(text, start, start + 1),
        "couple" => couple(text, start, start),
        word if words::is_vague(word) => vague(text, start),
        _ => cardinal(text, start, before),
    }
}

/// "twenty-three", "two and a half million", "two-thirds", "two point five".
fn cardinal(text: &Text<'_>, start: usize, before: Before) -> Option<Number> {
    let Some(found) = words::at(text, start, before.between) else { return shares::fold(text, start) };
    let is_one = found.value == 1 && found.end == start + 1;
    let value = Decimal::parse(&found.value.to_string()).ok()?;
    let form = if is_one { Form::One } else { Form::Words };
    let mut number = Number::new(start..found.end, value, form);
    if let Some(share) = shares::named(text, &number, found.value, before) {
        return Some(share);
    }
    if let Some(share) = shares::in_so_many(text, &number) {
        return Some(share);
    }
    if found.scale > 0 {
        // The scale belongs to the number, yet a range may share it.
        number.scale = found.scale;
        number.figure = &number.value * &Decimal::power_of_ten(-found.scale);
        return Some(scale::extend(text, number, before.money));
    }
    if let Some(spoken) = spoken_decimals(text, &number) {
        number = spoken;
    }
    Some(scale::extend(text, shares::add_fraction(text, number), before.money))
}

/// "two point five".
fn spoken_decimals(text: &Text<'_>, number: &Number) -> Option<Number> {
    if text.small(number.tokens.end) != "point" {
        return None;
    }
    let mut fraction = String::new();
    let mut end = number.tokens.end + 1;
    while let (Some(Part::Unit(digit @ 0..=9)), true) = (words::part(text.small(end)), fraction.len() < 8) {
        fraction.push_str(&digit.to_string());
        end += 1;
    }
    let value = Decimal::parse(&format!("{}.{fraction}", number.value)).ok()?;
    Some(Number::new(number.tokens.start..end, value, Form::Words))
}

/// "a million", "a dozen", "a couple of", "a few hundred", "a third of".
fn after_article(text: &Text<'_>, start: usize, before: Before) -> Option<Number> {
    let next = start + 1;
    let whole = |power: i32| {
        let mut number = Number::new(start..next + 1, Decimal::power_of_ten(power), Form::Article);
        (number.figure, number.scale) = (Decimal::whole(1), power);
        number
    };
    match text.small(next) {
        "couple" => couple(text, start, next),
        "few" => vague_scale(text, start, next + 1),
        "half" if text.is_mark(next + 1, '-') || words::part(text.small(next + 1)).is_some() => {
            let mut number = shares::half(text, next, before)?;
            number.tokens.start = start;
            Some(number)
        }
        "quarter" if shares::quarter_point(text, next).is_some() => {
            let mut number = shares::quarter_point(text, next)?;
            number.tokens.start = start;
            Some(number)
        }
        word => match words::part(word) {
            Some(Part::Dozen) => Some(Number::new(start..next + 1, Decimal::whole(12), Form::Article)),
            Some(Part::Hundred) => {
                // "a hundred and five", "a hundred thousand"
                let Some(more) = words::after_hundred(text, next) else { return Some(whole(2)) };
                let value = Decimal::parse(&more.value.to_string()).ok()?;
                Some(scale::extend(text, Number::new(start..more.end, value, Form::Words), before.money))
            }
            // "a million-dollar question"
            Some(Part::Scale(_)) if text.is_mark(next + 1, '-') && matches!(text.small(next + 3), "question" | "idea") => None,
            Some(Part::Scale(power)) => {
                let mut number = whole(power);
                // "a million and a half"
                if text.matches(next + 1, &["and", "a", "half"]) {
                    number.value = &number.value + &(&number.value * &Decimal::half_unit(0));
                    number.tokens.end = next + 4;
                }
                Some(number)
            }
            _ => shares::after_article(text, start, before),
        },
    }
}

/// "a couple of", "couple of hundred".
fn couple(text: &Text<'_>, start: usize, at: usize) -> Option<Number> {
    let of = usize::from(text.small(at + 1) == "of");
    let power = power_of(text.small(at + 1 + of));
    if of == 0 && power.is_none() {
        return None;
    }
    let mut number = Number::new(start..at + 1, Decimal::whole(2), Form::Article);
    if let Some((factor, power)) = power {
        number.tokens.end = at + 2 + of;
        number.value = &Decimal::whole(2 * factor) * &Decimal::power_of_ten(power);
    }
    Some(number)
}

/// What "hundred", "dozens" and the like multiply by: a factor and a power of ten.
fn power_of(word: &str) -> Option<(i64, i32)> {
    match words::part(word.strip_suffix('s').unwrap_or(word))? {
        Part::Hundred => Some((1, 2)),
        Part::Scale(power) => Some((1, power)),
        Part::Dozen => Some((12, 0)),
        _ => None,
    }
}

/// "several thousand", "a few hundred".
fn vague_scale(text: &Text<'_>, start: usize, at: usize) -> Option<Number> {
    let (_, mut power) = power_of(text.small(at))?;
    let mut end = at + 1;
    if let Some((_, more)) = power_of(text.small(end)) {
        power += more;
        end += 1;
    }
    let value = lexicon::vague_start(text.slice(start..end))?;
    let mut number = Number::new(start..end, value, Form::Vague);
    number.scale = power;
    Some(number)
}

/// "dozens", "tens of thousands".
fn vague(text: &Text<'_>, start: usize) -> Option<Number> {
    let mut end = start + 1;
    while text.small(end) == "of" && words::is_vague(text.small(end + 1)) && end < start + 6 {
        end += 2;
    }
    let alone = end == start + 1;
    let of = text.small(end) == "of";
    if alone && matches!(text.small(start), "tens" | "scores") && !of {
        return None;
    }
    let value = lexicon::vague_start(text.slice(start..end))?;
    Some(Number::new(start..end, value, Form::Vague))
}

//! Exact decimal numbers, as printed by a source: never a binary float.
//!
//! Input is limited to 28 significant digits and magnitudes from 10⁻²⁸ to 10²⁸; results of our own
//! arithmetic (the end of an interval may need a 29th digit) are not rounded, which is why a type of
//! fixed width does not do.

use std::fmt;
use std::num::NonZeroU64;
use std::ops::{Add, Mul, Neg, Sub};
use std::str::FromStr;

use bigdecimal::num_bigint::{BigInt, Sign};
use bigdecimal::{BigDecimal, RoundingMode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::invalid::Invalid;

/// Most significant digits that an input may have.
pub const DIGITS_MAX: usize = 28;
/// Largest power of ten of an input's first digit, and (negated) the smallest of its last one.
pub const EXPONENT_MAX: i64 = 28;
/// Longest text that is looked at at all; the longest valid one is far shorter.
const TEXT_CHARS_MAX: usize = 100;
/// Significant digits of a quotient: more than any input has.
const QUOTIENT_DIGITS: i64 = 30;

/// To which side a number is rounded that does not come out even.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Towards less: the lower end of an interval.
    Down,
    /// Towards more: the upper end of an interval.
    Up,
    /// To the nearer one, halves away from zero: a number that is shown.
    Nearest,
}

/// An exact decimal number. Equal numbers are equal whatever zeros they were written with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(BigDecimal);

impl Decimal {
    /// Reads plain or scientific decimal notation: `-12.50`, `1e6`.
    ///
    /// Refuses everything that is no finite decimal number, and numbers outside the limits; the
    /// exponent is checked before anything is expanded.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let refuse = |code, message: &str| Err(Invalid::new(code, "", message));
        if !is_decimal_notation(text) {
            return refuse("not-a-number", "is not a decimal number such as 1250 or 12.5");
        }
        let number = BigDecimal::from_str(text)
            .map_err(|_| Invalid::new("number-out-of-range", "", "is outside the numbers that are kept (10^-28 to 10^28)"))?;
        let number = number.normalized();
        let (digits, scale) = number.as_bigint_and_exponent();
        if digits.sign() == Sign::NoSign {
            // However many zeros it was written with.
            return Ok(Self::whole(0));
        }
        let count = digits.magnitude().to_string().len();
        if count > DIGITS_MAX {
            return refuse("too-many-digits", "has more than 28 significant digits");
        }
        let first = i64::try_from(count).unwrap_or(i64::MAX) - 1 - scale;
        if scale > EXPONENT_MAX || first > EXPONENT_MAX {
            return refuse("number-out-of-range", "is outside the numbers that are kept (10^-28 to 10^28)");
        }
        Ok(Self(number))
    }

    /// Reads our own canonical text, without the limits of input: those were checked when the number came in, and the end
    /// of an interval may need a digit more.
    pub fn parse_recorded(text: &str) -> Result<Self, Invalid> {
        let refuse = || Invalid::new("not-a-number", "", "is not a decimal number such as 1250 or 12.5");
        if !is_decimal_notation(text) || text.contains(['e', 'E']) {
            return Err(refuse());
        }
        BigDecimal::from_str(text).map(Self).map_err(|_| refuse())
    }

    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self(BigDecimal::from(number))
    }

    /// Ten to the power of `exponent`.
    pub fn power_of_ten(exponent: i32) -> Self {
        Self(BigDecimal::new(1.into(), -i64::from(exponent)))
    }

    /// Half of the power of ten of a digit that stands `decimals` places behind the point.
    pub fn half_unit(decimals: i32) -> Self {
        Self(BigDecimal::new(5.into(), i64::from(decimals) + 1))
    }

    /// The quotient, rounded to a side where it does not come out within 30 digits; `None` for a division by zero.
    pub fn divided_by(&self, divisor: &Self, rounding: Rounding) -> Option<Self> {
        let (dividend, dividend_scale) = self.0.normalized().into_bigint_and_exponent();
        let (divisor, divisor_scale) = divisor.0.normalized().into_bigint_and_exponent();
        let length = |number: &BigInt| i64::try_from(number.magnitude().to_string().len()).unwrap_or(i64::MAX);
        let places = (QUOTIENT_DIGITS + length(&divisor) - length(&dividend)).max(0);
        let shifted = dividend * BigInt::from(10).pow(u32::try_from(places).ok()?);
        let whole = match divisor.sign() {
            Sign::NoSign => return None,
            Sign::Minus => quotient(&-shifted, &-divisor, rounding),
            Sign::Plus => quotient(&shifted, &divisor, rounding),
        };
        Some(Self(BigDecimal::new(whole, dividend_scale - divisor_scale + places).normalized()))
    }

    /// The number to so many significant digits, at least one.
    #[must_use]
    pub fn to_digits(&self, digits: u64, rounding: Rounding) -> Self {
        let digits = NonZeroU64::new(digits).unwrap_or(NonZeroU64::MIN);
        let mode = match rounding {
            Rounding::Down => RoundingMode::Floor,
            Rounding::Up => RoundingMode::Ceiling,
            Rounding::Nearest => RoundingMode::HalfUp,
        };
        Self(self.0.with_precision_round(digits, mode).normalized())
    }

    /// Whether the number is below zero.
    pub fn is_negative(&self) -> bool {
        self.0.sign() == Sign::Minus
    }

    /// The number without its sign.
    #[must_use]
    pub fn magnitude(&self) -> Self {
        Self(self.0.abs())
    }

    /// Places behind the point that the number needs (negative where it ends in zeros before it).
    pub fn scale(&self) -> i64 {
        self.0.normalized().as_bigint_and_exponent().1
    }

    /// The nearest binary float, only for answers that show it beside the exact text.
    pub fn to_f64(&self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// A text whose byte order is the order of the numbers, so that a database sorts and filters exactly.
    ///
    /// Sign, power of ten of the first digit, digits; for negative numbers power and digits are
    /// complemented and closed by `~`, which sorts behind every digit.
    pub fn sort_key(&self) -> String {
        let number = self.0.normalized();
        let (digits, scale) = number.as_bigint_and_exponent();
        let digits = digits.magnitude().to_string();
        if digits == "0" {
            return "1".into();
        }
        let first = i64::try_from(digits.len()).unwrap_or(i64::MAX) - 1 - scale;
        if self.is_negative() {
            let complement: String = digits.bytes().map(|digit| char::from(b'9' - (digit - b'0'))).collect();
            format!("0{:03}{complement}~", 499 - first)
        } else {
            format!("2{:03}{digits}", 500 + first)
        }
    }

    /// Reads what [`Decimal::sort_key`] wrote; `None` for any other text.
    pub fn from_sort_key(key: &str) -> Option<Self> {
        let (sign, digits, first) = match key.as_bytes().first()? {
            b'1' if key.len() == 1 => return Some(Self::whole(0)),
            b'2' => ("", key.get(4..)?.to_string(), key.get(1..4)?.parse::<i64>().ok()? - 500),
            b'0' => {
                let complement = key.get(4..)?.strip_suffix('~')?;
                let digits = complement.bytes().map(|digit| char::from(b'9' - digit.saturating_sub(b'0').min(9))).collect();
                ("-", digits, 499 - key.get(1..4)?.parse::<i64>().ok()?)
            }
            _ => return None,
        };
        let scale = i64::try_from(digits.len()).ok()? - 1 - first;
        BigDecimal::from_str(&format!("{sign}{digits}e{}", -scale)).ok().map(|number| Self(number.normalized()))
    }
}

/// Whether the text is an optional sign, digits with at most one point between or before them, and an
/// optional exponent of at most four digits.
fn is_decimal_notation(text: &str) -> bool {
    if text.len() > TEXT_CHARS_MAX {
        return false;
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, fraction)) => !whole.is_empty() && !fraction.is_empty() && all_digits(whole) && all_digits(fraction),
        None => !mantissa.is_empty() && all_digits(mantissa),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && digits.len() <= 4 && all_digits(digits)
    });
    mantissa_fits && exponent_fits
}

/// The whole quotient; the divisor is above zero.
fn quotient(dividend: &BigInt, divisor: &BigInt, rounding: Rounding) -> BigInt {
    let (cut, rest) = (dividend / divisor, dividend % divisor);
    if rest.sign() == Sign::NoSign {
        return cut;
    }
    let is_below_zero = rest.sign() == Sign::Minus;
    let away = match rounding {
        Rounding::Down => is_below_zero,
        Rounding::Up => !is_below_zero,
        Rounding::Nearest => rest.magnitude() * 2_u8 >= *divisor.magnitude(),
    };
    match (away, is_below_zero) {
        (false, _) => cut,
        (true, true) => cut - 1,
        (true, false) => cut + 1,
    }
}

impl fmt::Display for Decimal {
    /// Canonical text: plain notation, no exponent, no needless zeros, no `-0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.normalized().to_plain_string())
    }
}

impl Add for &Decimal {
    type Output = Decimal;
    fn add(self, other: Self) -> Decimal {
        Decimal(&self.0 + &other.0)
    }
}

impl Sub for &Decimal {
    type Output = Decimal;
    fn sub(self, other: Self) -> Decimal {
        Decimal(&self.0 - &other.0)
    }
}

impl Mul for &Decimal {
    type Output = Decimal;
    fn mul(self, other: Self) -> Decimal {
        Decimal(&self.0 * &other.0)
    }
}

impl Neg for &Decimal {
    type Output = Decimal;
    fn neg(self) -> Decimal {
        Decimal(-self.0.clone())
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    /// Reads our own canonical text (no limits: they were checked when the number came in).
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse_recorded(&text).map_err(serde::de::Error::custom)
    }
}

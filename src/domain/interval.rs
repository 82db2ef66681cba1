//! The stretch of numbers that a printed number admits: two ends, each open, closed or absent.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::decimal::Decimal;

/// One end of an interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Where the interval ends.
    pub at: Decimal,
    /// Whether the end itself belongs to the interval.
    pub inclusive: bool,
}

impl End {
    /// An end that belongs to its interval.
    pub fn closed(at: Decimal) -> Self {
        Self { at, inclusive: true }
    }

    /// An end that does not belong to its interval.
    pub fn open(at: Decimal) -> Self {
        Self { at, inclusive: false }
    }
}

/// An interval that is not empty; an absent end is unbounded.
///
/// Written as in mathematics, with nothing where it is unbounded: `[239.5,240.5]`, `(100000,)`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Interval {
    low: Option<End>,
    high: Option<End>,
}

impl Interval {
    /// The interval between two ends; `None` when no number lies in it.
    pub fn new(low: Option<End>, high: Option<End>) -> Option<Self> {
        if let (Some(low), Some(high)) = (&low, &high) {
            let touching = low.at == high.at && low.inclusive && high.inclusive;
            if low.at > high.at || (low.at == high.at && !touching) {
                return None;
            }
        }
        Some(Self { low, high })
    }

    /// The interval without ends: nothing is known.
    pub fn unbounded() -> Self {
        Self::default()
    }

    /// The lower end, if there is one.
    pub fn low(&self) -> Option<&End> {
        self.low.as_ref()
    }

    /// The upper end, if there is one.
    pub fn high(&self) -> Option<&End> {
        self.high.as_ref()
    }

    /// Whether the number lies inside.
    pub fn contains(&self, number: &Decimal) -> bool {
        let above = self.low.as_ref().is_none_or(|low| *number > low.at || (low.inclusive && *number == low.at));
        let below = self.high.as_ref().is_none_or(|high| *number < high.at || (high.inclusive && *number == high.at));
        above && below
    }

    /// Every number of this interval times every factor from `least` to `greatest`, which are above zero.
    #[must_use]
    pub fn times(&self, least: &Decimal, greatest: &Decimal) -> Self {
        let scaled = |end: &End, outward: &Decimal, inward: &Decimal| End {
            at: &end.at * if end.at.is_negative() { inward } else { outward },
            inclusive: end.inclusive,
        };
        Self {
            low: self.low.as_ref().map(|end| scaled(end, least, greatest)),
            high: self.high.as_ref().map(|end| scaled(end, greatest, least)),
        }
    }

    /// The part of this interval that lies in `other`; `None` when they share no number.
    pub fn clipped_to(&self, other: &Self) -> Option<Self> {
        let low = tighter(self.low.as_ref(), other.low.as_ref(), |a, b| a > b);
        let high = tighter(self.high.as_ref(), other.high.as_ref(), |a, b| a < b);
        Self::new(low, high)
    }
}

/// The end that leaves less room; of two at one place, the open one.
fn tighter(a: Option<&End>, b: Option<&End>, inside: impl Fn(&Decimal, &Decimal) -> bool) -> Option<End> {
    match (a, b) {
        (Some(a), Some(b)) if a.at == b.at => Some(End { at: a.at.clone(), inclusive: a.inclusive && b.inclusive }),
        (Some(a), Some(b)) => Some(if inside(&a.at, &b.at) { a.clone() } else { b.clone() }),
        (one, other) => one.or(other).cloned(),
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bracket = |end: &Option<End>, closed, open| if end.as_ref().is_some_and(|end| end.inclusive) { closed } else { open };
        let number = |end: &Option<End>| end.as_ref().map(|end| end.at.to_string()).unwrap_or_default();
        write!(f, "{}{},{}{}", bracket(&self.low, '[', '('), number(&self.low), number(&self.high), bracket(&self.high, ']', ')'))
    }
}

impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        use serde::de::value::StrDeserializer;
        let text = String::deserialize(deserializer)?;
        let malformed = || D::Error::custom("not an interval such as [1,2)");
        let inner = text.strip_prefix(['[', '(']).and_then(|rest| rest.strip_suffix([']', ')'])).ok_or_else(malformed)?;
        let (low, high) = inner.split_once(',').ok_or_else(malformed)?;
        let end = |number: &str, inclusive| -> Result<Option<End>, D::Error> {
            if number.is_empty() {
                return Ok(None);
            }
            let at = Decimal::deserialize(StrDeserializer::<D::Error>::new(number))?;
            Ok(Some(End { at, inclusive }))
        };
        Self::new(end(low, text.starts_with('['))?, end(high, text.ends_with(']'))?).ok_or_else(malformed)
    }
}

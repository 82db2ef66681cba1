//! The time a number is about: EDTF text (ISO 8601-2) as given, with its first and last day.

use std::fmt;

use edtf_core::{Bound, BoundDate, Edtf};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::invalid::Invalid;

/// Longest EDTF text that is read.
const TEXT_CHARS_MAX: usize = 200;
/// Day number that stands for "no first day" in an ordered column.
pub const DAY_MIN: i64 = -10_000_000;
/// Day number that stands for "no last day" in an ordered column.
pub const DAY_MAX: i64 = 10_000_000;

/// A time as EDTF text, with the days that it touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    text: String,
    start: Option<Date>,
    end: Option<Date>,
}

impl Period {
    /// Reads EDTF of all levels, and `2024-Q1`, which is kept as EDTF's `2024-33`.
    ///
    /// Approximation marks do not widen the days; an open or unknown end has no day.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let malformed = |why: String| {
            Invalid::new("malformed-edtf", "", format!("is not an EDTF date or interval such as 2023, 2024-12~ or 2022-01/2025-06: {why}"))
        };
        if text.len() > TEXT_CHARS_MAX {
            return Err(malformed("it is too long".into()));
        }
        let text = with_quarters(text);
        let edtf = Edtf::parse(&text).map_err(|error| malformed(format!("{} at character {}", error.message, error.offset + 1)))?;
        let bounds = edtf.bounds();
        let (start, end) = (civil_day(bounds.earliest), civil_day(bounds.latest));
        let (Ok(start), Ok(end)) = (start, end) else {
            return Err(Invalid::new("period-out-of-range", "", "lies outside the years -9999 to 9999"));
        };
        if let (Some(first), Some(last)) = (start, end)
            && first > last
        {
            return Err(Invalid::new("reversed-period", "", "ends before it begins"));
        }
        Ok(Self { text, start, end })
    }

    /// The EDTF text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// First day, unless the period has no known beginning.
    pub fn start(&self) -> Option<Date> {
        self.start
    }

    /// Last day, unless the period has no known end.
    pub fn end(&self) -> Option<Date> {
        self.end
    }

    /// First and last day as day numbers; an open side is [`DAY_MIN`] or [`DAY_MAX`].
    pub fn days(&self) -> (i64, i64) {
        (self.start.map_or(DAY_MIN, day_number), self.end.map_or(DAY_MAX, day_number))
    }
}

/// Days since 1970-01-01.
pub fn day_number(day: Date) -> i64 {
    day.duration_since(Date::constant(1970, 1, 1)).as_hours().div_euclid(24)
}

/// The ISO day of a day number; `None` for the two that stand for an open side.
pub fn day_of(number: i64) -> Option<Date> {
    use jiff::ToSpan;
    if number <= DAY_MIN || number >= DAY_MAX { None } else { Date::constant(1970, 1, 1).checked_add(number.days()).ok() }
}

fn with_quarters(text: &str) -> String {
    let quarter = |part: &str| match part.split_once("-Q") {
        Some((year, quarter @ ("1" | "2" | "3" | "4"))) if year.len() == 4 => {
            format!("{year}-{}", 32 + quarter.parse::<u8>().unwrap_or_default())
        }
        _ => part.to_string(),
    };
    text.split('/').map(quarter).collect::<Vec<_>>().join("/")
}

fn civil_day(bound: Bound) -> Result<Option<Date>, ()> {
    let BoundDate { year, month, day } = match bound {
        Bound::Date(date) => date,
        Bound::NegativeInfinity | Bound::PositiveInfinity | Bound::Unknown => return Ok(None),
    };
    let year = i16::try_from(year).map_err(drop)?;
    let (month, day) = (i8::try_from(month).map_err(drop)?, i8::try_from(day).map_err(drop)?);
    Date::new(year, month, day).map(Some).map_err(drop)
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

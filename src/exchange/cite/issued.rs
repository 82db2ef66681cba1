//! What an EDTF text says about the day of a publication, as far as bibliographies can say it.

use edtf_core::{Date as EdtfDate, DateField, Edtf, IntervalEndpoint, Precision, Year, YearKind};
use jiff::civil::Date;

use crate::domain::period::Period;

/// Highest level of EDTF that BibLaTeX reads.
const BIBLATEX_LEVEL_MAX: u8 = 1;
const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const SEASONS: [&str; 4] = ["Spring", "Summer", "Autumn", "Winter"];

/// A year, month or day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) year: i64,
    pub(super) month: Option<u8>,
    /// Only together with a month.
    pub(super) day: Option<u8>,
}

/// The forms that all styles can say; what has none of them is only quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// One year, month or day.
    On(Point),
    /// Spring 1, summer 2, autumn 3, winter 4 of a year.
    Season(i64, u8),
    /// From one to another.
    Between(Point, Point),
    /// From one on, without an end.
    Since(Point),
    /// A decade, a set, a far year: only the text says it.
    Other,
}

/// When something was published or looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Issued {
    /// The whole truth.
    edtf: String,
    /// Approximate (`~`), uncertain (`?`), or both; styles know only one mark for them.
    pub(super) circa: bool,
    pub(super) when: When,
}

impl Issued {
    /// Reads a period; `None` when it says nothing (`XXXX`, `/`), which styles call "n.d.".
    pub(super) fn of_period(period: &Period) -> Option<Self> {
        let edtf = Edtf::parse(period.as_str()).ok()?;
        let when = match &edtf {
            Edtf::Date(date) => when_of(date)?,
            Edtf::DateTime(time) => when_of(&time.date)?,
            Edtf::Interval(interval) => match (&interval.start, &interval.end) {
                (IntervalEndpoint::Date(first), IntervalEndpoint::Date(last)) => {
                    point_of(first).zip(point_of(last)).map_or(When::Other, |(first, last)| When::Between(first, last))
                }
                (IntervalEndpoint::Date(first), IntervalEndpoint::Open | IntervalEndpoint::Unknown) => {
                    point_of(first).map_or(When::Other, When::Since)
                }
                (start, end) if !start.is_dated() && !end.is_dated() => return None,
                _ => When::Other,
            },
            Edtf::Set(_) => When::Other,
        };
        Some(Self { circa: edtf.is_approximate() || edtf.is_uncertain(), edtf: period.as_str().to_string(), when })
    }

    /// A day of the calendar.
    pub(super) fn of_day(day: Date) -> Self {
        let point = Point { year: i64::from(day.year()), month: Some(day.month().unsigned_abs()), day: Some(day.day().unsigned_abs()) };
        Self { edtf: day.to_string(), circa: false, when: When::On(point) }
    }

    /// The text as it was given.
    pub(super) fn as_edtf(&self) -> &str {
        &self.edtf
    }

    /// The text, unless it is beyond what BibLaTeX understands.
    pub(super) fn as_biblatex(&self) -> Option<&str> {
        let level = Edtf::parse(&self.edtf).ok()?.level();
        (level <= BIBLATEX_LEVEL_MAX && self.when != When::Other).then_some(self.as_edtf())
    }

    /// The first day, month or year that it names.
    pub(super) fn first(&self) -> Option<Point> {
        match self.when {
            When::On(point) | When::Between(point, _) | When::Since(point) => Some(point),
            When::Season(year, _) => Some(Point { year, month: None, day: None }),
            When::Other => None,
        }
    }

    /// The calendar day, where it is one.
    pub(super) fn as_day(&self) -> Option<Date> {
        let When::On(Point { year, month: Some(month), day: Some(day) }) = self.when else {
            return None;
        };
        Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }

    /// In words, for styles whose processor knows single days alone: "2022–2024", "June 2022 – May 2023".
    pub(super) fn in_words(&self) -> String {
        match self.when {
            When::On(point) => words_of(point),
            When::Season(year, season) => {
                let season = SEASONS.get(usize::from(season).saturating_sub(1)).copied().unwrap_or_default();
                format!("{season} {}", words_of_year(year))
            }
            When::Between(first, last) if first.month.is_none() && last.month.is_none() => {
                format!("{}–{}", words_of(first), words_of(last))
            }
            When::Between(first, last) => format!("{} – {}", words_of(first), words_of(last)),
            When::Since(first) => format!("{}–", words_of(first)),
            When::Other => self.edtf.clone(),
        }
    }
}

fn words_of(Point { year, month, day }: Point) -> String {
    let year = words_of_year(year);
    match (month.and_then(|month| MONTHS.get(usize::from(month).checked_sub(1)?)), day) {
        (Some(month), Some(day)) => format!("{month} {day}, {year}"),
        (Some(month), None) => format!("{month} {year}"),
        (None, _) => year,
    }
}

/// EDTF has a year 0, which is 1 BCE.
fn words_of_year(year: i64) -> String {
    if year > 0 { year.to_string() } else { format!("{} BCE", year.abs() + 1) }
}

/// `None` when not one digit of the year is known.
fn when_of(date: &EdtfDate) -> Option<When> {
    if matches!(date.year.kind, YearKind::Standard { digits, .. } if digits.iter().all(Option::is_none)) {
        return None;
    }
    let Some(year) = exact_year(&date.year) else {
        return Some(When::Other);
    };
    if date.precision() != Precision::Season {
        return Some(point_of(date).map_or(When::Other, When::On));
    }
    let month = |first: u8, last: u8| {
        let point = |month| Point { year, month: Some(month), day: None };
        When::Between(point(first), point(last))
    };
    // ISO 8601-2, 4.8: seasons anywhere, north and south, then quarters, quadrimesters and semesters.
    Some(match date.month.and_then(DateField::value) {
        Some(code @ 21..=32) => When::Season(year, (code - 21) % 4 + 1),
        Some(code @ 33..=36) => month((code - 33) * 3 + 1, (code - 33) * 3 + 3),
        Some(code @ 37..=39) => month((code - 37) * 4 + 1, (code - 37) * 4 + 4),
        Some(code @ 40..=41) => month((code - 40) * 6 + 1, (code - 40) * 6 + 6),
        _ => When::Other,
    })
}

/// As precise as its digits are known; `None` for seasons and for years without all of their digits.
fn point_of(date: &EdtfDate) -> Option<Point> {
    let year = exact_year(&date.year)?;
    if date.precision() == Precision::Season {
        return None;
    }
    let month = date.month.and_then(DateField::value);
    let day = month.and_then(|_| date.day.and_then(DateField::value));
    Some(Point { year, month, day })
}

fn exact_year(year: &Year) -> Option<i64> {
    if year.significant_digits.is_some() { None } else { year.value() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when(edtf: &str) -> Option<(When, bool)> {
        Issued::of_period(&Period::parse(edtf).unwrap()).map(|issued| (issued.when, issued.circa))
    }

    fn point(year: i64, month: Option<u8>, day: Option<u8>) -> Point {
        Point { year, month, day }
    }

    #[test]
    fn a_date_is_as_precise_as_its_text() {
        assert_eq!(when("2024"), Some((When::On(point(2024, None, None)), false)));
        assert_eq!(when("2024-12~"), Some((When::On(point(2024, Some(12), None)), true)));
        assert_eq!(when("2024-01-12?"), Some((When::On(point(2024, Some(1), Some(12))), true)));
        assert_eq!(when("2024-XX"), Some((When::On(point(2024, None, None)), false)));
        assert_eq!(when("2024-05-XX"), Some((When::On(point(2024, Some(5), None)), false)));
        assert_eq!(when("2024-01-12T10:00:00Z"), Some((When::On(point(2024, Some(1), Some(12))), false)));
    }

    #[test]
    fn seasons_quarters_and_halves_are_told_apart() {
        assert_eq!(when("2024-22"), Some((When::Season(2024, 2), false)));
        assert_eq!(when("2024-28"), Some((When::Season(2024, 4), false)));
        let months = |first, last| When::Between(point(2024, Some(first), None), point(2024, Some(last), None));
        assert_eq!(when("2024-Q2"), Some((months(4, 6), false)));
        assert_eq!(when("2024-41"), Some((months(7, 12), false)));
    }

    #[test]
    fn intervals_keep_both_ends_and_unknown_times_are_none() {
        assert_eq!(when("2022/2024"), Some((When::Between(point(2022, None, None), point(2024, None, None)), false)));
        assert_eq!(when("2022-02/.."), Some((When::Since(point(2022, Some(2), None)), false)));
        assert_eq!(when("202X"), Some((When::Other, false)));
        assert_eq!(when("[2021,2023]"), Some((When::Other, false)));
        assert_eq!(when("XXXX"), None);
    }

    #[test]
    fn what_is_no_single_day_is_put_in_words() {
        let words = |edtf| Issued::of_period(&Period::parse(edtf).unwrap()).unwrap().in_words();
        assert_eq!(words("2022/2024"), "2022–2024");
        assert_eq!(words("2024-Q1"), "January 2024 – March 2024");
        assert_eq!(words("2024-01-05/2024-02-01"), "January 5, 2024 – February 1, 2024");
        assert_eq!(words("2022-05/.."), "May 2022–");
        assert_eq!(words("2024-24"), "Winter 2024");
        assert_eq!(words("-0044"), "45 BCE");
        assert_eq!(words("202X"), "202X");
    }
}

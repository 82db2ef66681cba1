//! Where a day lies on an axis of time, and which years, months or days are written below it.

use jiff::civil::Date;

use crate::domain::period::{DAY_MAX, DAY_MIN, day_number, day_of};

use super::scale::Tick;

/// First and last day that a calendar can name: in the years −9998 and 9998.
const NAMED: (i64, i64) = (-4_370_000, 2_930_000);
/// Shorter periods than this are told in days; others, shorter than that, in months.
const SHORT: (i64, i64) = (27, 360);
/// Steps in days of a month, months of a year, years.
const DAYS: [i16; 2] = [1, 7];
const MONTHS: [i16; 3] = [1, 3, 6];
const YEARS: [i16; 12] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/// An axis of time, from the beginning of one day to the end of another.
#[derive(Debug)]
pub(super) struct Calendar {
    first: i64,
    /// The day behind the last one.
    behind: i64,
    /// What is written, in order.
    pub(super) ticks: Vec<Tick>,
    /// Where the axis is marked.
    pub(super) marks: Vec<f64>,
}

/// What is counted off along the axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Days(i16),
    Months(i16),
    Years(i16),
}

/// A first day that is a day, or none where the side is open.
pub(super) fn known_first(day: i64) -> Option<i64> {
    (day > DAY_MIN).then(|| day.clamp(NAMED.0, NAMED.1))
}

/// A last day that is a day, or none where the side is open.
pub(super) fn known_last(day: i64) -> Option<i64> {
    (day < DAY_MAX).then(|| day.clamp(NAMED.0, NAMED.1))
}

impl Calendar {
    /// The axis for these periods; `None` where no day is known. `fits` says whether there is room for what is written.
    pub(super) fn around(periods: &[(i64, i64)], fits: &dyn Fn(&[Tick]) -> bool) -> Option<Self> {
        let known = || periods.iter().flat_map(|(first, last)| [known_first(*first), known_last(*last)]).flatten();
        let (first, behind) = (known().min()?, known().max()? + 1);
        let lengths = periods.iter().filter_map(|(first, last)| Some(known_last(*last)? - known_first(*first)? + 1));
        let shortest = lengths.min().unwrap_or(behind - first);
        let days = DAYS.map(Step::Days).into_iter().filter(|_| shortest < SHORT.0);
        let months = MONTHS.map(Step::Months).into_iter().filter(|_| shortest < SHORT.1);
        let steps = days.chain(months).chain(YEARS.map(Step::Years));
        let mut calendar = Self { first, behind, ticks: Vec::new(), marks: Vec::new() };
        // Steps so fine that they cannot fit are not even counted off.
        let candidates = steps.filter(|step| (behind - first) / step.least_days() <= 100);
        let mut written = candidates.map(|step| calendar.written(step, shortest));
        let chosen = written.find(|(ticks, _)| !ticks.is_empty() && fits(ticks));
        (calendar.ticks, calendar.marks) = chosen.unwrap_or_default();
        Some(calendar)
    }

    /// Where the beginning of a day lies, and parts of a day behind it: 0 at the beginning of the axis, 1 at its end.
    pub(super) fn share(&self, day: f64) -> f64 {
        ((day - float(self.first)) / float(self.behind - self.first)).clamp(0.0, 1.0)
    }

    /// What is written, and where the axis is marked. Where each day, month or year is named, its name stands below its middle and
    /// the marks between; where only some are, at its middle, or at its beginning if shorter periods have a place of their own in it.
    fn written(&self, step: Step, shortest: i64) -> (Vec<Tick>, Vec<f64>) {
        let is_on_axis = |day: f64| float(self.first) <= day && day <= float(self.behind);
        let units = self.units(step);
        let is_begun = !step.names_each() && shortest < step.length();
        let at = |from: f64, until: f64| if is_begun { from } else { f64::midpoint(from, until) };
        let named = units.iter().map(|(from, until, words)| (at(*from, *until), words)).filter(|(at, _)| is_on_axis(*at));
        let ticks: Vec<Tick> = named.map(|(at, words)| Tick { share: self.share(at), words: words.clone() }).collect();
        let mut sides: Vec<f64> = units.iter().flat_map(|(from, until, _)| [*from, *until]).filter(|side| is_on_axis(*side)).collect();
        sides.dedup();
        let between = sides.into_iter().map(|side| self.share(side));
        let marks = if step.names_each() { between.collect() } else { ticks.iter().map(|tick| tick.share).collect() };
        (ticks, marks)
    }

    /// Days, months or years on the axis: from where to where each lasts, and its name.
    fn units(&self, step: Step) -> Vec<(f64, f64, String)> {
        let (Some(first), Some(last)) = (day_of(self.first), day_of(self.behind - 1)) else { return Vec::new() };
        let unit =
            |from: Option<Date>, until: Option<Date>, words: String| Some((float(day_number(from?)), float(day_number(until?)), words));
        let day = |year: i16, month: i16, day: i16| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
        let years = first.year()..=last.year();
        let months = || years.clone().flat_map(|year| (1..=12).map(move |month| (year, month)));
        match step {
            Step::Years(every) => years
                .filter(|year| year.rem_euclid(every) == 0)
                .filter_map(|year| unit(day(year, 1, 1), day(year + 1, 1, 1), year_words(year)))
                .collect(),
            Step::Months(every) => months()
                .filter(|(_, month)| (month - 1) % every == 0)
                .filter_map(|(year, month)| {
                    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
                    unit(day(year, month, 1), day(next_year, next, 1), format!("{} {}", month_words(month), year_words(year)))
                })
                .collect(),
            Step::Days(every) => (self.first..self.behind)
                .filter_map(day_of)
                .filter(|date| (i16::from(date.day()) - 1) % every == 0 && (every == 1 || date.day() < 28))
                .filter_map(|date| {
                    let words = format!("{} {} {}", date.day(), month_words(i16::from(date.month())), year_words(date.year()));
                    unit(Some(date), date.tomorrow().ok(), words)
                })
                .collect(),
        }
    }
}

impl Step {
    /// Days of one day, month or year, at least.
    fn length(self) -> i64 {
        match self {
            Self::Days(_) => 1,
            Self::Months(_) => SHORT.0,
            Self::Years(_) => SHORT.1,
        }
    }

    /// Whether no day, month or year is passed over.
    fn names_each(self) -> bool {
        matches!(self, Self::Days(1) | Self::Months(1) | Self::Years(1))
    }

    fn least_days(self) -> i64 {
        match self {
            Self::Days(days) => i64::from(days),
            Self::Months(months) => 28 * i64::from(months),
            Self::Years(years) => 365 * i64::from(years),
        }
    }
}

/// A day number as a place on the paper.
#[expect(clippy::cast_precision_loss, reason = "day numbers are far below 2^53")]
pub(super) fn float(day: i64) -> f64 {
    day as f64
}

/// Years before the first one are counted backwards from 1.
fn year_words(year: i16) -> String {
    if year > 0 { year.to_string() } else { format!("{} BC", 1 - i32::from(year)) }
}

fn month_words(month: i16) -> &'static str {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    usize::try_from(month - 1).ok().and_then(|at| NAMES.get(at)).copied().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::period::Period;

    fn words(periods: &[&str], most: usize) -> Vec<String> {
        let days: Vec<(i64, i64)> = periods.iter().map(|text| Period::parse(text).unwrap().days()).collect();
        let calendar = Calendar::around(&days, &|ticks| ticks.len() <= most).unwrap();
        calendar.ticks.into_iter().map(|tick| tick.words).collect()
    }

    #[test]
    fn years_months_and_days_are_written_as_the_periods_need() {
        assert_eq!(words(&["2020", "2022"], 9), ["2020", "2021", "2022"]);
        assert_eq!(words(&["1950", "2022"], 9), ["1950", "1960", "1970", "1980", "1990", "2000", "2010", "2020"]);
        assert_eq!(words(&["2022-01", "2022-12"], 5), ["Jan 2022", "Apr 2022", "Jul 2022", "Oct 2022"]);
        assert_eq!(words(&["2022-02-27", "2022-03-01"], 5), ["27 Feb 2022", "28 Feb 2022", "1 Mar 2022"]);
        assert_eq!(words(&["2022-02-24", "2022-03-30"], 5), ["1 Mar 2022", "8 Mar 2022", "15 Mar 2022", "22 Mar 2022"]);
        assert_eq!(words(&["-0043", "0001"], 99).first().unwrap(), "44 BC");
    }

    #[test]
    fn open_sides_have_no_place_of_their_own() {
        assert_eq!(words(&["2020/..", "2021"], 9), ["2020", "2021"]);
        assert!(Calendar::around(&[(DAY_MIN, DAY_MAX)], &|_| true).is_none());
        assert!(Calendar::around(&[(i64::MIN, i64::MAX)], &|_| true).is_none());
        assert!(Calendar::around(&[(DAY_MIN + 1, DAY_MAX - 1)], &|_| true).is_some());
    }

    #[test]
    fn a_year_is_written_below_its_middle_between_marks() {
        let days = Period::parse("2021").unwrap().days();
        let calendar = Calendar::around(&[days], &|_| true).unwrap();
        assert!((calendar.ticks[0].share - 0.5).abs() < 1e-9);
        assert_eq!(calendar.marks, [0.0, 1.0]);
    }
}

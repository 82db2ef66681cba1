//! Claims drawn as dots with their intervals: SVG for print, readable in black and white, by the colour-blind and by those
//! who hear it. Pure functions: a chart in, text out.
//!
//! A filled dot is a number as it was printed, an open one a number that was printed with "about" or in vague words, a bar a
//! range, an arrow what has no known end. A claim that gives no number has a row and no mark. Floats are for places on the
//! paper alone: numbers are placed and told exactly.
//!
//! Labels come from outside and may hold anything; they enter the picture through `text`, `hint` and `document` of `frame`
//! alone.
//!
//! - `numbers`: exact numbers in words;
//! - `scale`: the axis of numbers, `calendar`: the axis of time;
//! - `marks`: a claim's dot, bar and arrows along an axis, in the colour and shape of its kind;
//! - `frame`: the document around a chart: head, title, and where text gets in; `key`: what its marks mean;
//! - `rows`: claims about one observation, one in a row; `timeline`: claims of a series, over time.
//!
//! To show something new about a claim: give [`Dot`] a field, draw it in `marks`, and explain it in `key`.

mod calendar;
mod frame;
mod key;
mod marks;
mod numbers;
mod rows;
mod scale;
mod timeline;

use crate::domain::decimal::Decimal;
use crate::domain::interval::Interval;
use crate::domain::quantity::Comparator;

pub use rows::rows;
pub use timeline::timeline;

/// What a chart shows, and in what its numbers are told: one unit, one rate.
#[derive(Debug, Clone, Default)]
pub struct Chart {
    /// What is measured, and of whom.
    pub title: String,
    /// What narrows it: period, stage, scope.
    pub subtitle: String,
    /// Name of the unit.
    pub unit: String,
    /// The duration of a rate, as a word: "month".
    pub per: Option<String>,
    /// What all claims of the first group admit; for [`rows`].
    pub consensus: Option<Interval>,
    /// The claims, in the order in which they are shown.
    pub dots: Vec<Dot>,
}

/// A claim on a chart.
#[derive(Debug, Clone)]
pub struct Dot {
    /// Who says it: the source or its publisher; claims of one are drawn alike in [`timeline`].
    pub label: String,
    /// The year in which it was said, written behind the label.
    pub year: String,
    /// The number in the words that were printed; left out, it is told from the numbers below.
    pub printed: Option<String>,
    /// The printed number.
    pub best: Option<Decimal>,
    /// The numbers that it admits.
    pub interval: Interval,
    /// How the printed number relates to the quantity.
    pub comparator: Comparator,
    /// The group that agrees in which it is, counted from 0; for [`rows`].
    pub group: Option<usize>,
    /// Whether the others agree without it; for [`rows`].
    pub is_outlier: bool,
    /// First and last day of its period, as [`crate::domain::period::Period::days`] gives them; for [`timeline`].
    pub days: Option<(i64, i64)>,
    /// What is shown of it on pointing; left out, its label and its number.
    pub title: String,
}

impl Dot {
    /// A claim that says this much, of nobody yet.
    pub fn new(comparator: Comparator, best: Option<Decimal>, interval: Interval) -> Self {
        let (label, year, title) = <(String, String, String)>::default();
        Self { label, year, printed: None, best, interval, comparator, group: None, is_outlier: false, days: None, title }
    }

    /// Who says it, and when.
    fn name(&self) -> String {
        [self.label.trim(), self.year.trim()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// The number as printed, or else in our words.
    fn words(&self) -> String {
        if let Some(printed) = self.printed.as_ref().filter(|printed| !printed.trim().is_empty()) {
            return printed.clone();
        }
        let before = match self.comparator {
            Comparator::Unknown => return "not known".into(),
            Comparator::None => return "none".into(),
            Comparator::Withheld => return "withheld".into(),
            Comparator::Approx | Comparator::Vague => "about ",
            Comparator::Gt => "more than ",
            Comparator::Ge => "at least ",
            Comparator::Lt => "less than ",
            Comparator::Le => "at most ",
            Comparator::Eq | Comparator::Range => "",
        };
        match &self.best {
            Some(best) => format!("{before}{}", numbers::in_words(best)),
            None => stretch(&self.interval),
        }
    }

    /// What is read on pointing at it.
    fn hint(&self) -> String {
        if self.title.trim().is_empty() { format!("{}: {}", self.name(), self.words()) } else { self.title.clone() }
    }
}

/// An interval in words.
fn stretch(interval: &Interval) -> String {
    let told = numbers::in_words;
    match (interval.low(), interval.high()) {
        (Some(low), Some(high)) if low.at == high.at => told(&low.at),
        (Some(low), Some(high)) => format!("{} to {}", told(&low.at), told(&high.at)),
        (Some(low), None) => format!("{} {}", if low.inclusive { "at least" } else { "more than" }, told(&low.at)),
        (None, Some(high)) => format!("{} {}", if high.inclusive { "at most" } else { "less than" }, told(&high.at)),
        (None, None) => "any number".into(),
    }
}

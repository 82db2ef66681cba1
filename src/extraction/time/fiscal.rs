//! Fiscal years as they are told, and the month in which they end where the text says so: "fiscal 2023/24", "FY2023", "FY24", "the
//! 2023-24 fiscal year". Of which days they are made, `fiscal_year` knows.

use super::calendar::Unit;
use super::fiscal_year::FiscalYear;
use super::reading::{Item, Reading};
use super::telling::Telling;
use super::words::{Reader, Tag};
use crate::extraction::word_class::WordClass;

/// What a year is called that does not begin in January, or need not.
static KINDS_OF_YEARS: WordClass = WordClass::named("kinds of years");
/// The same of public budgets, whose years begin when those of their state do.
static KINDS_OF_BUDGET_YEARS: WordClass = WordClass::named("kinds of budget years");

/// One year, or two, and the token after them.
type Years = (i16, Option<i16>, usize);

impl Reader<'_, '_> {
    /// A fiscal year at a token.
    pub(super) fn fiscal(&self, index: usize) -> Option<Telling> {
        let start = self.skip_any(index, &["the", "its", "their", "our"]);
        let next = start + 1;
        let named = match self.small(start) {
            "fy" | "haushaltsjahr" => Some(next),
            "fiscal" => Some(self.skip_any(next, &["year", "years"])),
            "financial" | "tax" | "budget" | "marketing" | "crop" => Some(next + 1).filter(|_| self.is_any(next, &["year", "years"])),
            _ => None,
        };
        let (first, second, end) = match named {
            Some(digits) => self.years(digits).or_else(|| self.short_years(start, digits))?,
            None => self.years_before_name(start)?,
        };
        let year = |year: i16| Box::new(Reading::Fiscal(year, None));
        // "fiscal years 2019–2023" are several, "fiscal 2019/20" is one.
        let reading = match second {
            Some(second) if second > first + 1 || self.is(next, "years") => Reading::Range(year(first), year(second)),
            _ => Reading::Fiscal(first, second),
        };
        Some(Telling::new(reading, end, "fiscal-year"))
    }

    /// "last fiscal year", "the current financial year", at the word that tells which.
    pub(super) fn fiscal_step(&self, index: usize, step: i64) -> Option<Telling> {
        let unit = index + 2;
        let is_year = self.is_of(index + 1, &KINDS_OF_BUDGET_YEARS) && self.tag(unit) == Tag::Unit(Unit::Year);
        let is_beside = self.is_any(index, &["previous", "preceding", "prior", "following", "subsequent"]);
        is_year.then(|| Telling::new(Reading::FiscalStep { step, is_beside }, unit + 1, "fiscal-step"))
    }

    /// Whether a telling speaks of years that are those of a public budget: not "the marketing year 2023/24".
    pub(super) fn tells_budget_year(&self, telling: &Telling, start: usize) -> bool {
        telling.reading.is_fiscal() && !(start..telling.end).any(|index| self.is_any(index, &["marketing", "crop", "tax"]))
    }

    /// "FY2023", which is glued; "FY24", "FY24/25", "fiscal ’24".
    fn short_years(&self, start: usize, digits: usize) -> Option<Years> {
        let short = self.skip_any(digits, &["'", "’"]);
        if !self.is(start, "fy") && short == digits {
            return None;
        }
        let (number, length) = self.digits(short)?;
        let end = short + 1;
        let year = i16::try_from(number).ok()?;
        match length {
            4 if (1950..2100).contains(&year) => Some((year, None, end)),
            2 => {
                let second = self.digits(end + 1).filter(|(second, length)| *length == 2 && *second == number + 1);
                let is_pair = second.is_some() && self.is_any(end, &["/", "-", "–"]);
                Some(if is_pair { (2000 + year, Some(2001 + year), end + 2) } else { (2000 + year, None, end) })
            }
            _ => None,
        }
    }

    /// "2023-24" before "fiscal year".
    fn years_before_name(&self, start: usize) -> Option<Years> {
        let (first, second, end) = self.years(start)?;
        (self.is_of(end, &KINDS_OF_YEARS) && self.is(end + 1, "year")).then_some((first, second, end + 2))
    }

    /// The month in which a fiscal year ends, where a telling says so: "the fiscal year that ended in June", "in FY2024 (April 2023 to
    /// March 2024)", "the marketing year, which runs from July to June".
    pub(super) fn told_fiscal_year(&self, index: usize, telling: &Telling) -> Option<FiscalYear> {
        self.fiscal_end(index, telling).map(FiscalYear::ending)
    }

    fn fiscal_end(&self, index: usize, telling: &Telling) -> Option<i8> {
        let is_near = || (index.saturating_sub(8)..telling.end).any(|near| self.is(near, "fy") || self.is_of(near, &KINDS_OF_YEARS));
        match &telling.reading {
            Reading::Ending(1, Unit::Year, inner) if is_near() => match &**inner {
                Reading::Fixed(span) => Some(span.last.month()),
                Reading::Round(Item::Month(month, _), _) => Some(*month),
                _ => None,
            },
            Reading::Range(from, to) if is_near() => match (&**from, &**to) {
                (Reading::Round(Item::Month(first, None), _), Reading::Round(Item::Month(last, None), _)) if last % 12 + 1 == *first => {
                    Some(*last)
                }
                (Reading::Fixed(first), Reading::Fixed(last)) if last.last.month() % 12 + 1 == first.first.month() => {
                    Some(last.last.month())
                }
                _ => None,
            },
            _ => None,
        }
    }
}

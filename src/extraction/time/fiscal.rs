//! Fiscal years, and in which month they end: "fiscal 2023/24", "FY2023", "FY24", "the 2023-24 fiscal year".

use super::calendar::Unit;
use super::reading::{Item, Reading};
use super::telling::Telling;
use super::words::Reader;

/// What a year is called that does not begin in January, or need not.
const FISCAL: &[&str] = &["fiscal", "financial", "tax", "marketing", "crop", "budget"];

/// One year, or two, and the token after them.
type Years = (i16, Option<i16>, usize);

impl Reader<'_, '_> {
    /// A fiscal year at a token.
    pub(super) fn fiscal(&self, index: usize) -> Option<Telling> {
        let start = self.skip_any(index, &["the", "its", "their", "our"]);
        let named = match self.small(start) {
            "fy" => Some(start + 1),
            "fiscal" => Some(self.skip_any(start + 1, &["year", "years"])),
            "financial" | "tax" => Some(start + 2).filter(|_| self.is_any(start + 1, &["year", "years"])),
            _ => None,
        };
        let (first, second, end) = match named {
            Some(digits) => self.years(digits).or_else(|| self.short_years(start, digits))?,
            None => self.years_before_name(start)?,
        };
        Some(Telling::new(Reading::Fiscal(first, second), end, "fiscal-year"))
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
        let name = self.skip_any(end, FISCAL);
        (name > end && self.is(name, "year")).then_some((first, second, name + 1))
    }

    /// The month in which a fiscal year ends, where a telling says so: "the fiscal year that ended in June", "in FY2024 (April 2023 to
    /// March 2024)", "the marketing year, which runs from July to June".
    pub(super) fn fiscal_end(&self, index: usize, telling: &Telling) -> Option<i8> {
        let is_near = |words: &[&str]| (index.saturating_sub(8)..telling.end).any(|near| self.is_any(near, words));
        match &telling.reading {
            Reading::Ending(1, Unit::Year, inner) if is_near(FISCAL) => match &**inner {
                Reading::Fixed(span) => Some(span.last.month()),
                Reading::Round(Item::Month(month, _), _) => Some(*month),
                _ => None,
            },
            Reading::Range(from, to) if is_near(FISCAL) || is_near(&["fy"]) => match (&**from, &**to) {
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

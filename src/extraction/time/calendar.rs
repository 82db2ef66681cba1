//! Days, and the runs of days that words name: years, quarters, weeks; how they move, and how EDTF writes them.

use jiff::civil::Date;

use crate::domain::period::Period;

/// A unit of the calendar, from the finest to the coarsest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

impl Unit {
    /// In the order in which the word list numbers them.
    pub(super) const ALL: [Self; 8] =
        [Self::Hour, Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year, Self::Decade, Self::Century];
}

/// Days from a first to a last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) first: Date,
    pub(super) last: Date,
}

impl Span {
    /// From one day to another, unless they are the wrong way round.
    pub(super) fn new(first: Date, last: Date) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    pub(super) fn day(day: Date) -> Self {
        Self { first: day, last: day }
    }

    pub(super) fn year(year: i16) -> Option<Self> {
        Self::years(year, year)
    }

    pub(super) fn years(first: i16, last: i16) -> Option<Self> {
        Self::new(Date::new(first, 1, 1).ok()?, Date::new(last, 12, 31).ok()?)
    }

    /// So many months from one on.
    pub(super) fn months(year: i16, month: i8, count: i64) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        Self::new(first, moved(first, Unit::Month, count - 1)?.last_of_month())
    }

    /// The unit of the calendar in which a day lies.
    pub(super) fn around(day: Date, unit: Unit) -> Option<Self> {
        match unit {
            Unit::Hour | Unit::Day => Some(Self::day(day)),
            Unit::Week => {
                let first = moved(day, Unit::Day, -i64::from(day.weekday().to_monday_zero_offset()))?;
                Self::new(first, moved(first, Unit::Day, 6)?)
            }
            Unit::Month => Self::new(day.first_of_month(), day.last_of_month()),
            Unit::Quarter => Self::months(day.year(), (day.month() - 1) / 3 * 3 + 1, 3),
            Unit::Year => Self::year(day.year()),
            Unit::Decade => Self::years(day.year().div_euclid(10) * 10, day.year().div_euclid(10) * 10 + 9),
            Unit::Century => Self::years((day.year() - 1).div_euclid(100) * 100 + 1, (day.year() - 1).div_euclid(100) * 100 + 100),
        }
    }

    /// The same so many units later, or earlier; what ends with a month still does.
    pub(super) fn moved(self, unit: Unit, count: i64) -> Option<Self> {
        let last = moved(self.last, unit, count)?;
        let ends_month = self.last == self.last.last_of_month() && unit >= Unit::Month && self.first != self.last;
        Self::new(moved(self.first, unit, count)?, if ends_month { last.last_of_month() } else { last })
    }

    /// Whether it is made of whole years.
    pub(super) fn is_years(self) -> bool {
        self.first == self.first.first_of_year() && self.last == self.last.last_of_year()
    }

    /// Whether it is made of whole months.
    pub(super) fn is_months(self) -> bool {
        self.first == self.first.first_of_month() && self.last == self.last.last_of_month()
    }

    /// Whether it is at least a year long.
    pub(super) fn is_a_year(self) -> bool {
        self.is_months() && self.month_count() >= 12
    }

    pub(super) fn is_day(self) -> bool {
        self.first == self.last
    }

    /// Whether it is as long as a unit of more than a day.
    pub(super) fn has_length(self, unit: Unit) -> bool {
        unit > Unit::Day && self.last.tomorrow().ok().is_some_and(|next| moved(self.first, unit, 1) == Some(next))
    }

    /// How many months it touches.
    pub(super) fn month_count(self) -> i64 {
        (i64::from(self.last.year()) - i64::from(self.first.year())) * 12 + i64::from(self.last.month()) - i64::from(self.first.month()) + 1
    }

    /// What lies right before it, as finely told as it is.
    pub(super) fn before(self) -> Option<Self> {
        let day = self.first.yesterday().ok()?;
        Self::around(day, self.grain())
    }

    /// What lies after it, as finely told as it is; of a day, the day itself.
    pub(super) fn after(self) -> Option<Self> {
        match self.grain() {
            Unit::Day => Some(self),
            grain => Self::around(self.last.tomorrow().ok()?, grain),
        }
    }

    /// The unit in which its ends are told.
    fn grain(self) -> Unit {
        if self.is_years() {
            Unit::Year
        } else if self.is_months() {
            Unit::Month
        } else {
            Unit::Day
        }
    }

    fn told(self, day: Date) -> String {
        match self.grain() {
            Unit::Year => format!("{:04}", day.year()),
            Unit::Month => format!("{:04}-{:02}", day.year(), day.month()),
            _ => format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day()),
        }
    }

    /// As EDTF, no finer than it is told.
    pub(super) fn period(self) -> Option<Period> {
        let (first, last) = (self.told(self.first), self.told(self.last));
        Period::parse(&if first == last { first } else { format!("{first}/{last}") }).ok()
    }

    /// From its beginning on.
    pub(super) fn since(self) -> Option<Period> {
        Period::parse(&format!("{}/..", self.told(self.first))).ok()
    }

    /// To its end.
    pub(super) fn until(self) -> Option<Period> {
        Period::parse(&format!("../{}", self.told(self.last))).ok()
    }
}

/// A day so many units later, or earlier.
pub(super) fn moved(day: Date, unit: Unit, count: i64) -> Option<Date> {
    let step = jiff::Span::new();
    let step = match unit {
        Unit::Hour => step.try_days(count / 24),
        Unit::Day => step.try_days(count),
        Unit::Week => step.try_weeks(count),
        Unit::Month => step.try_months(count),
        Unit::Quarter => step.try_months(count.checked_mul(3)?),
        Unit::Year => step.try_years(count),
        Unit::Decade => step.try_years(count.checked_mul(10)?),
        Unit::Century => step.try_years(count.checked_mul(100)?),
    };
    day.checked_add(step.ok()?).ok()
}

//! Exchange rates: what one unit of a currency cost in another on a day, as somebody published it.

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::decimal::Decimal;
use super::period::day_number;
use super::slug::Slug;

/// One unit of `base` cost `rate` units of `quote` on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// The currency that is priced.
    pub base: Slug,
    /// The currency in which.
    pub quote: Slug,
    /// The day for which the rate was published.
    #[serde(serialize_with = "as_text")]
    pub day: Date,
    /// The price, above zero, as it was published.
    pub rate: Decimal,
    /// Who published it, in words: `ECB euro reference rates`.
    pub source: String,
}

impl Rate {
    /// What there is one rate of: the pair and the day.
    pub fn identity(&self) -> String {
        rate_identity(&self.base, &self.quote, day_number(self.day))
    }
}

/// What there is one rate of; the day as a number.
pub fn rate_identity(base: &Slug, quote: &Slug, day: i64) -> String {
    format!("{base}/{quote}/{day}")
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn as_text<S: Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}

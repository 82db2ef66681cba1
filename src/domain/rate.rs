//! Exchange rates: what one unit of a currency cost in another on a day, as somebody published it.

use jiff::civil::Date;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::decimal::Decimal;
use super::period::day_number;
use super::slug::Slug;

/// One unit of `base` cost `rate` units of `quote` on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The currency that is priced.
    pub base: Slug,
    /// The currency in which.
    pub quote: Slug,
    /// The day for which the rate was published.
    pub day: Date,
    /// The price, above zero.
    pub rate: Decimal,
    /// Places behind the point to which it was published: 4 for 1.1000, whose zeros tell how precise it is.
    pub places: i32,
    /// Who published it, in words: `ECB euro reference rates`.
    pub source: String,
}

impl Rate {
    /// The price as it was published, with its zeros.
    pub fn published(&self) -> String {
        let text = self.rate.to_string();
        let shown = text.split_once('.').map_or(0, |(_, places)| places.len());
        let missing = usize::try_from(self.places).unwrap_or(0).saturating_sub(shown);
        let point = if shown == 0 && missing > 0 { "." } else { "" };
        format!("{text}{point}{}", "0".repeat(missing))
    }

    /// What there is one rate of: the pair and the day.
    pub fn identity(&self) -> String {
        rate_identity(&self.base, &self.quote, day_number(self.day))
    }
}

/// What there is one rate of; the day as a number.
pub fn rate_identity(base: &Slug, quote: &Slug, day: i64) -> String {
    format!("{base}/{quote}/{day}")
}

impl Serialize for Rate {
    /// The form that is read again, with the zeros of the price.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Rate", 5)?;
        fields.serialize_field("base", &self.base)?;
        fields.serialize_field("quote", &self.quote)?;
        fields.serialize_field("day", &self.day.to_string())?;
        fields.serialize_field("rate", &self.published())?;
        fields.serialize_field("source", &self.source)?;
        fields.end()
    }
}

//! Reading exchange rates.

use jiff::Timestamp;

use super::change::{Item, NewRate, Recorded};
use super::statement::{Reach, Statement};
use super::{At, Store, StoreError, push_holds_at, timestamp};
use crate::domain::decimal::Decimal;
use crate::domain::period::day_of;
use crate::domain::printed::decimals_of;
use crate::domain::rate::Rate;
use crate::domain::slug::Slug;

/// A rate with its history.
#[derive(Debug, Clone, PartialEq)]
pub struct RateVersion {
    /// The rate itself.
    pub rate: Rate,
    /// Counts from 1.
    pub version: i64,
    /// Number of the change that stored it.
    pub seq: i64,
    /// When it was stored.
    pub recorded_at: Timestamp,
    /// Who stored it.
    pub recorded_by: String,
}

type RateRow = (String, String, i64, i64, i64, i64, String, String, String);

const SELECT_RATES: &str =
    "SELECT r.base, r.quote, r.day, r.version, r.seq, r.recorded_at, r.recorded_by, r.rate, r.source FROM rates r WHERE";
const SELECT_HISTORY: &str = "SELECT r.base, r.quote, r.day, r.version, r.seq, r.recorded_at, r.recorded_by, r.rate, r.source FROM rates r \
    WHERE r.seq > $1 AND r.seq <= $2 ORDER BY r.seq LIMIT $3";

/// Which rates are meant; what is absent does not narrow.
#[derive(Debug, Clone, Default)]
pub struct RateFilter {
    /// Currencies that are priced.
    pub base: Option<Vec<Slug>>,
    /// Currencies in which.
    pub quote: Option<Vec<Slug>>,
    /// Currencies on either side.
    pub either: Option<Vec<Slug>>,
    /// First and last day.
    pub days: Option<(i64, i64)>,
}

/// Pair and day of a rate, by which lists are ordered.
pub type RateKey = (String, String, i64);

impl Store {
    /// Rates in the order of pair and day, beginning after `after`; at most `limit`.
    pub async fn list_rates(
        &self,
        filter: &RateFilter,
        after: Option<&RateKey>,
        limit: usize,
        at: At,
    ) -> Result<Vec<RateVersion>, StoreError> {
        let slugs = |slugs: &[Slug]| slugs.iter().map(ToString::to_string).collect::<Vec<_>>();
        let mut query = Statement::new(Reach::Records, SELECT_RATES);
        push_holds_at(&mut query, "r.", at);
        for (column, wanted) in [(" AND r.base IN ", &filter.base), (" AND r.quote IN ", &filter.quote)] {
            if let Some(wanted) = wanted {
                query.push(column).push_list(slugs(wanted));
            }
        }
        if let Some(either) = &filter.either {
            query.push(" AND (r.base IN ").push_list(slugs(either));
            query.push(" OR r.quote IN ").push_list(slugs(either));
            query.push(")");
        }
        if let Some((from, to)) = filter.days {
            query.push(" AND r.day >= ").push_bind(from).push(" AND r.day <= ").push_bind(to);
        }
        if let Some((base, quote, day)) = after {
            query.push(" AND (r.base, r.quote, r.day) > (").push_bind(base).push(", ").push_bind(quote).push(", ").push_bind(*day);
            query.push(")");
        }
        query.push(" ORDER BY r.base, r.quote, r.day LIMIT ").push_bind(i64::try_from(limit).unwrap_or(i64::MAX));
        self.fetch_rates(query).await
    }

    /// All rates in the order in which they were stored, beginning after `after`.
    pub async fn list_rate_history(&self, after: i64, at: At, limit: i64) -> Result<Vec<RateVersion>, StoreError> {
        self.fetch_rates(Statement::new(Reach::Records, SELECT_HISTORY).bind(after).bind(at.0).bind(limit)).await
    }

    async fn fetch_rates(&self, query: Statement) -> Result<Vec<RateVersion>, StoreError> {
        let rows: Vec<RateRow> = self.read.fetch_all(query).await?;
        rows.into_iter().map(rate).collect()
    }
}

fn rate((base, quote, day, version, seq, recorded_at, recorded_by, rate, source): RateRow) -> Result<RateVersion, StoreError> {
    let id = format!("{base}/{quote}/{day}");
    let corrupt = |why: String| StoreError::corrupt("rates", &id, why);
    let slug = |text: &str| Slug::parse(text).map_err(|fault| corrupt(fault.to_string()));
    let rate = Rate {
        base: slug(&base)?,
        quote: slug(&quote)?,
        day: day_of(day).ok_or_else(|| corrupt("its day is none".into()))?,
        rate: Decimal::parse_recorded(&rate).map_err(|fault| corrupt(fault.to_string()))?,
        places: decimals_of(&rate),
        source,
    };
    Ok(RateVersion { rate, version, seq, recorded_at: timestamp(recorded_at, "rates", &id)?, recorded_by })
}

impl RateVersion {
    /// The rate as something to be written, with the time and person that it has.
    pub(super) fn into_item(self) -> Item {
        let recorded = Some(Recorded { at: self.recorded_at, by: self.recorded_by });
        Item::Rate(NewRate { rate: self.rate, version: Some(self.version), recorded })
    }
}

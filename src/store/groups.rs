//! Claims in groups: how many, the least, the greatest and the middle number.

use super::filter::ClaimFilter;
use super::statement::Statement;
use super::{At, Store, StoreError};
use crate::domain::decimal::Decimal;

/// By what claims are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKey {
    /// Slug of the metric.
    Metric,
    /// Slug of the actor.
    Actor,
    /// Slug of the counterpart.
    Counterpart,
    /// Slug of the source.
    Source,
    /// Slug of the unit (part of every group anyhow).
    Unit,
    /// Year in which the reference period begins.
    Year,
}

impl GroupKey {
    /// All keys, with the words that name them.
    pub const ALL: [(&'static str, Self); 6] = [
        ("metric", Self::Metric),
        ("actor", Self::Actor),
        ("counterpart", Self::Counterpart),
        ("source", Self::Source),
        ("unit", Self::Unit),
        ("year", Self::Year),
    ];

    fn column(self) -> &'static str {
        match self {
            Self::Metric => "(SELECT m.slug FROM metrics m WHERE m.metric_key = c.metric_key AND m.version = 1)",
            Self::Actor => "c.actor",
            Self::Counterpart => "c.counterpart",
            Self::Source => "c.source",
            Self::Unit => "c.unit",
            Self::Year => "c.start_year + 2000000",
        }
    }
}

/// Added to years while they are texts, so that all have as many digits and order like numbers: [`GroupKey::column`].
const YEAR_ADDED: i64 = 2_000_000;
/// Names of the columns that hold the keys.
const KEY_COLUMNS: [&str; GroupKey::ALL.len()] = ["k0", "k1", "k2", "k3", "k4", "k5"];

/// Claims of one group, in one unit.
#[derive(Debug, Clone)]
pub struct Group {
    /// The values of the keys asked for, in their order.
    pub keys: Vec<Option<String>>,
    /// The unit that all of them are in.
    pub unit: String,
    /// The rate that all of them are.
    pub per: Option<String>,
    /// What all of them are a share of.
    pub denominator: Option<String>,
    /// How many claims, with or without a number.
    pub count: i64,
    /// Least printed number.
    pub min: Option<Decimal>,
    /// Greatest printed number.
    pub max: Option<Decimal>,
    /// Middle of the printed numbers.
    pub median: Option<Decimal>,
    /// First day of all their periods.
    pub start_day: Option<i64>,
    /// Last day of all their periods.
    pub end_day: Option<i64>,
}

impl Store {
    /// Claims that a filter means, grouped; never two units, rates or denominators in one group. The largest groups come first.
    pub async fn list_groups(&self, keys: &[GroupKey], filter: &ClaimFilter, limit: usize, at: At) -> Result<Vec<Group>, StoreError> {
        let mut query = Statement::new(filter.reach(), "WITH f AS (SELECT ");
        for (position, key) in keys.iter().enumerate() {
            query.push("CAST(").push(key.column()).push(" AS TEXT) AS ").push(KEY_COLUMNS[position]).push(", ");
        }
        query.push("c.unit AS unit, c.per AS per, c.denominator AS denominator, c.best_key AS best, ");
        query.push("NULLIF(c.start_day, -10000000) AS start_day, NULLIF(c.end_day, 10000000) AS end_day FROM claim_versions c");
        filter.push_where(&mut query, at);
        query.push("), n AS (SELECT f.*, ROW_NUMBER() OVER (PARTITION BY ");
        push_group_columns(&mut query, keys.len());
        query.push(" ORDER BY best NULLS LAST) AS place, COUNT(best) OVER (PARTITION BY ");
        push_group_columns(&mut query, keys.len());
        query.push(") AS numbers FROM f) SELECT ");
        for (position, column) in KEY_COLUMNS.into_iter().enumerate() {
            query.push(if position < keys.len() { column } else { "NULL" }).push(", ");
        }
        query.push(
            "unit, per, denominator, COUNT(*), MIN(best), MAX(best), MAX(CASE WHEN place = (numbers + 1) / 2 THEN best END), \
             MAX(CASE WHEN place = (numbers + 2) / 2 THEN best END), MIN(start_day), MAX(end_day) FROM n GROUP BY ",
        );
        push_group_columns(&mut query, keys.len());
        query.push(" ORDER BY COUNT(*) DESC, ");
        push_group_columns_in_order(&mut query, keys.len());
        query.push(" LIMIT ").push_bind(i64::try_from(limit).unwrap_or(i64::MAX));
        let rows: Vec<GroupRow> = self.read.fetch_all(query).await?;
        rows.into_iter().map(|row| row.into_group(keys)).collect()
    }
}

fn push_group_columns(query: &mut Statement, keys: usize) {
    for column in &KEY_COLUMNS[..keys] {
        query.push(column).push(", ");
    }
    query.push("unit, per, denominator");
}

fn push_group_columns_in_order(query: &mut Statement, keys: usize) {
    // Where nulls come is said, because engines differ in it.
    for column in &KEY_COLUMNS[..keys] {
        query.push(column).push(" NULLS FIRST, ");
    }
    query.push("unit, per NULLS FIRST, denominator NULLS FIRST");
}

#[derive(sqlx::FromRow)]
struct GroupRow(
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    Option<String>,
    Option<String>,
    i64,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<i64>,
);

impl GroupRow {
    fn into_group(self, keys: &[GroupKey]) -> Result<Group, StoreError> {
        let Self(k0, k1, k2, k3, k4, k5, unit, per, denominator, count, min, max, middle_low, middle_high, start_day, end_day) = self;
        let number = |key: Option<String>| {
            key.map(|key| Decimal::from_sort_key(&key).ok_or_else(|| StoreError::corrupt("claim_versions", &unit, "best_key"))).transpose()
        };
        let (min, max, low, high) = (number(min)?, number(max)?, number(middle_low)?, number(middle_high)?);
        let half = Decimal::half_unit(0);
        let median = low.zip(high).map(|(low, high)| &(&low + &high) * &half);
        let shown = |(text, key): (Option<String>, &GroupKey)| match key {
            GroupKey::Year => text.and_then(|text| text.parse::<i64>().ok()).map(|year| (year - YEAR_ADDED).to_string()),
            _ => text,
        };
        let keys = [k0, k1, k2, k3, k4, k5].into_iter().zip(keys).map(shown).collect();
        Ok(Group { keys, unit, per, denominator, count, min, max, median, start_day, end_day })
    }
}

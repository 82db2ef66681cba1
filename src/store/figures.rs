//! Counting and summarising claims: facet counts, groups, and the database as a whole.

use std::collections::{BTreeMap, HashMap};

use super::filter::ClaimFilter;
use super::statement::{Reach, Statement};
use super::{At, Store, StoreError, push_holds_at};
use crate::domain::claim::Claim;
use crate::domain::folding::folded;
use crate::domain::id::MetricKey;
use crate::domain::record::RecordKind;
use crate::domain::slug::Slug;
use crate::domain::source::Source;

/// A field whose values can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Slug of the metric.
    Metric,
    /// Slug of the actor.
    Actor,
    /// Slug of the counterpart.
    Counterpart,
    /// Slug of the unit.
    Unit,
    /// Slug of the source.
    Source,
    /// Publisher of the source.
    Publisher,
    /// Speaker.
    Speaker,
    /// Status; a claim counts under each of its own.
    Status,
    /// Stage.
    Stage,
    /// State.
    State,
    /// Comparator.
    Comparator,
    /// Rank.
    Rank,
}

impl Field {
    /// All fields, with the names of the filters that narrow by them.
    pub const ALL: [(&'static str, Self); 12] = [
        ("metric", Self::Metric),
        ("actor", Self::Actor),
        ("counterpart", Self::Counterpart),
        ("unit", Self::Unit),
        ("source", Self::Source),
        ("publisher", Self::Publisher),
        ("speaker", Self::Speaker),
        ("status", Self::Status),
        ("stage", Self::Stage),
        ("state", Self::State),
        ("comparator", Self::Comparator),
        ("rank", Self::Rank),
    ];

    /// The field's name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }

    /// The filter without its own condition on this field, so that a list of choices is not narrowed by the choice made.
    #[must_use]
    pub fn released_from(self, filter: &ClaimFilter) -> ClaimFilter {
        let mut filter = filter.clone();
        match self {
            Self::Metric => filter.metric = None,
            Self::Actor => filter.actor = None,
            Self::Counterpart => filter.counterpart = None,
            Self::Unit => filter.unit = None,
            Self::Source => filter.source = None,
            Self::Publisher => filter.publisher = None,
            Self::Speaker => filter.speaker = None,
            Self::Status => filter.status = None,
            Self::Stage => filter.stage = None,
            Self::State => filter.state = None,
            Self::Comparator => filter.comparator = None,
            Self::Rank => filter.rank = None,
        }
        filter
    }

    /// The values that a filter narrows this field to, as the filter compares them.
    pub fn chosen_in(self, filter: &ClaimFilter) -> Vec<String> {
        fn texts<T>(values: Option<&Vec<T>>, text: impl Fn(&T) -> String) -> Vec<String> {
            values.map(|values| values.iter().map(text).collect()).unwrap_or_default()
        }
        match self {
            Self::Metric => texts(filter.metric.as_ref(), ToString::to_string),
            Self::Actor => texts(filter.actor.as_ref(), ToString::to_string),
            Self::Counterpart => texts(filter.counterpart.as_ref(), ToString::to_string),
            Self::Unit => texts(filter.unit.as_ref(), ToString::to_string),
            Self::Source => texts(filter.source.as_ref(), ToString::to_string),
            Self::Publisher => texts(filter.publisher.as_ref(), Clone::clone),
            Self::Speaker => texts(filter.speaker.as_ref(), Clone::clone),
            Self::Status => texts(filter.status.as_ref(), |word| word.as_str().to_string()),
            Self::Stage => texts(filter.stage.as_ref(), |word| word.as_str().to_string()),
            Self::State => texts(filter.state.as_ref(), |word| word.as_str().to_string()),
            Self::Comparator => texts(filter.comparator.as_ref(), |word| word.as_str().to_string()),
            Self::Rank => texts(filter.rank.as_ref(), |word| word.as_str().to_string()),
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Metric => "c.metric_key",
            Self::Actor => "c.actor",
            Self::Counterpart => "c.counterpart",
            Self::Unit => "c.unit",
            Self::Source | Self::Publisher => "c.source",
            Self::Speaker => "c.speaker",
            Self::Status => "c.statuses",
            Self::Stage => "c.stage",
            Self::State => "c.state",
            Self::Comparator => "c.comparator",
            Self::Rank => "c.rank",
        }
    }
}

/// A value of a field, and how many claims have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueCount {
    /// The value, as a filter takes it.
    pub value: String,
    /// How many claims.
    pub count: i64,
}

/// What the database holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Claims by state.
    pub claims: BTreeMap<String, i64>,
    /// Versions of claims.
    pub claim_versions: i64,
    /// Records by kind.
    pub records: BTreeMap<&'static str, i64>,
    /// Stored texts.
    pub documents: i64,
}

/// Why every shard is read.
const TOTALS: &str = "what the database holds";
const COUNT_DOCUMENTS: &str = "SELECT COUNT(*) FROM documents WHERE seq <= $1";
const COUNT_VERSIONS: &str = "SELECT COUNT(*) FROM claim_versions WHERE seq <= $1";
const COUNT_STATES: &str = "SELECT c.state, COUNT(*) FROM claim_versions c WHERE c.seq <= $1 \
    AND (c.until_seq IS NULL OR c.until_seq > $1) GROUP BY c.state";

impl Store {
    /// The values that a field takes among the claims that a filter means, most frequent first.
    pub async fn list_value_counts(&self, field: Field, filter: &ClaimFilter, limit: usize, at: At) -> Result<Vec<ValueCount>, StoreError> {
        let mut counts = match field {
            Field::Metric => self.metric_counts(filter, at).await?,
            Field::Publisher => self.publisher_counts(filter, at).await?,
            Field::Speaker => self.speaker_counts(filter, at).await?,
            Field::Status => status_counts(self.column_counts(field.column(), filter, at).await?),
            _ => self.column_counts(field.column(), filter, at).await?,
        };
        counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        counts.truncate(limit);
        Ok(counts)
    }

    async fn column_counts(&self, column: &'static str, filter: &ClaimFilter, at: At) -> Result<Vec<ValueCount>, StoreError> {
        let mut query = Statement::new(filter.reach(), "SELECT ");
        query.push(column).push(", COUNT(*) FROM claim_versions c");
        filter.push_where(&mut query, at);
        query.push(" AND ").push(column).push(" IS NOT NULL GROUP BY 1");
        let rows: Vec<(String, i64)> = self.read.fetch_all(query).await?;
        Ok(rows.into_iter().map(|(value, count)| ValueCount { value, count }).collect())
    }

    async fn metric_counts(&self, filter: &ClaimFilter, at: At) -> Result<Vec<ValueCount>, StoreError> {
        let mut query = Statement::new(
            filter.reach(),
            "SELECT m.slug, g.claims FROM (SELECT c.metric_key AS metric_key, COUNT(*) AS claims FROM claim_versions c",
        );
        filter.push_where(&mut query, at);
        query.push(" GROUP BY c.metric_key) g JOIN metrics m ON m.metric_key = g.metric_key AND m.version = 1");
        let rows: Vec<(String, i64)> = self.read.fetch_all(query).await?;
        Ok(rows.into_iter().map(|(value, count)| ValueCount { value, count }).collect())
    }

    async fn publisher_counts(&self, filter: &ClaimFilter, at: At) -> Result<Vec<ValueCount>, StoreError> {
        let of_sources = self.column_counts("c.source", filter, at).await?;
        let sources = self.list_records_by_slug::<Source>(of_sources.iter().map(|count| count.value.clone()), at).await?;
        let publishers: HashMap<&str, &str> =
            sources.iter().filter_map(|found| Some((found.record.slug.as_str(), found.record.publisher.as_deref()?))).collect();
        let mut counts: HashMap<String, ValueCount> = HashMap::new();
        for ValueCount { value, count } in &of_sources {
            let Some(publisher) = publishers.get(value.as_str()) else { continue };
            counts.entry(folded(publisher)).or_insert_with(|| ValueCount { value: (*publisher).to_string(), count: 0 }).count += count;
        }
        Ok(counts.into_values().collect())
    }

    /// Speakers are compared folded and shown as one of their claims writes them.
    async fn speaker_counts(&self, filter: &ClaimFilter, at: At) -> Result<Vec<ValueCount>, StoreError> {
        let mut query = Statement::new(filter.reach(), "SELECT MIN(c.body), COUNT(*) FROM claim_versions c");
        filter.push_where(&mut query, at);
        query.push(" AND c.speaker IS NOT NULL GROUP BY c.speaker");
        let rows: Vec<(String, i64)> = self.read.fetch_all(query).await?;
        rows.into_iter()
            .map(|(body, count)| {
                let claim: Claim = serde_json::from_str(&body).map_err(|error| StoreError::corrupt("claim_versions", "speaker", error))?;
                Ok(ValueCount { value: claim.speaker.unwrap_or_default(), count })
            })
            .collect()
    }

    /// How many accepted claims name each of these records in a field.
    pub async fn count_claims_naming(&self, field: Field, slugs: &[String], at: At) -> Result<HashMap<String, i64>, StoreError> {
        if slugs.is_empty() {
            return Ok(HashMap::new());
        }
        let reach = match field {
            Field::Metric => Reach::Metrics,
            _ => Reach::Everywhere("how many claims name a record"),
        };
        let mut query = Statement::new(reach, "SELECT ");
        if field == Field::Metric {
            query.push("m.slug, COUNT(*) FROM claim_versions c JOIN metrics m ON m.metric_key = c.metric_key AND m.version = 1 WHERE c.metric_key IN ");
            query.push_list(slugs.iter().filter_map(|slug| Slug::parse(slug).ok()).map(|slug| MetricKey::of(&slug).number()));
        } else {
            query.push(field.column()).push(", COUNT(*) FROM claim_versions c WHERE ").push(field.column()).push(" IN ");
            query.push_list(slugs.iter().cloned());
        }
        query.push(" AND c.state = 'accepted' AND");
        push_holds_at(&mut query, "c.", at);
        query.push(" GROUP BY 1");
        let rows: Vec<(String, i64)> = self.read.fetch_all(query).await?;
        Ok(rows.into_iter().collect())
    }

    /// What the database holds at a state.
    pub async fn totals(&self, at: At) -> Result<Totals, StoreError> {
        let states: Vec<(String, i64)> = self.read.fetch_all(Statement::new(Reach::Everywhere(TOTALS), COUNT_STATES).bind(at.0)).await?;
        let mut records = BTreeMap::new();
        for kind in RecordKind::ALL {
            let mut query = Statement::new(Reach::Records, "SELECT COUNT(*) FROM ");
            query.push(kind.plural()).push(" r WHERE");
            push_holds_at(&mut query, "r.", at);
            records.insert(kind.plural(), self.read.fetch_value(query).await?);
        }
        Ok(Totals {
            claims: states.into_iter().collect(),
            claim_versions: self.read.fetch_value(Statement::new(Reach::Everywhere(TOTALS), COUNT_VERSIONS).bind(at.0)).await?,
            records,
            documents: self.read.fetch_value(Statement::new(Reach::Records, COUNT_DOCUMENTS).bind(at.0)).await?,
        })
    }
}

fn status_counts(combined: Vec<ValueCount>) -> Vec<ValueCount> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for ValueCount { value, count } in combined {
        for status in value.split(',').filter(|status| !status.is_empty()) {
            *counts.entry(status.to_string()).or_default() += count;
        }
    }
    counts.into_iter().map(|(value, count)| ValueCount { value, count }).collect()
}

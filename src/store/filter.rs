//! Which claims are meant, and the SQL conditions that say so.
//!
//! Several values of one filter mean "or", several filters "and".

use super::statement::{Bind, Reach, Statement};
use super::{At, full_text, indexed, push_holds_at};
use crate::domain::claim::{Rank, Stage, Status};
use crate::domain::decimal::Decimal;
use crate::domain::history::State;
use crate::domain::id::MetricKey;
use crate::domain::quantity::Comparator;
use crate::domain::slug::Slug;

/// How an uncertain number has to meet a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ValueMatch {
    /// Its interval shares a number with the range.
    #[default]
    Possible,
    /// Its interval lies inside the range.
    Certain,
}

/// How a period has to meet a range of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PeriodMatch {
    /// They share a day.
    #[default]
    Overlaps,
    /// The period lies inside the range.
    Within,
    /// The range lies inside the period.
    Covers,
    /// They are the same days.
    Equals,
}

/// A range of numbers; an absent end is unbounded, a present one belongs to the range.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValueRange {
    /// Least number.
    pub min: Option<Decimal>,
    /// Greatest number.
    pub max: Option<Decimal>,
    /// How numbers have to meet it.
    pub matching: ValueMatch,
}

/// A range of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRange {
    /// First day.
    pub from: i64,
    /// Last day.
    pub to: i64,
    /// How periods have to meet it.
    pub matching: PeriodMatch,
}

/// Which claims are meant. `None` does not narrow; an empty list matches nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClaimFilter {
    /// Whom the number is about.
    pub actor: Option<Vec<Slug>>,
    /// The other side.
    pub counterpart: Option<Vec<Slug>>,
    /// Either side.
    pub any_actor: Option<Vec<Slug>>,
    /// What is measured.
    pub metric: Option<Vec<Slug>>,
    /// In what it is measured.
    pub unit: Option<Vec<Slug>>,
    /// In which currency; like `unit`, for currencies only.
    pub currency: Option<Vec<Slug>>,
    /// Where it stands.
    pub source: Option<Vec<Slug>>,
    /// Who printed that, folded.
    pub publisher: Option<Vec<String>>,
    /// Who asserts it, folded.
    pub speaker: Option<Vec<String>>,
    /// Standing of the number.
    pub status: Option<Vec<Status>>,
    /// How far promised money has come.
    pub stage: Option<Vec<Stage>>,
    /// Where the claim is in its life; `None` means all states.
    pub state: Option<Vec<State>>,
    /// Comparator of the number.
    pub comparator: Option<Vec<Comparator>>,
    /// A user's preference.
    pub rank: Option<Vec<Rank>>,
    /// Words that all have to be found.
    pub words: Option<Vec<String>>,
    /// Range of numbers.
    pub value: Option<ValueRange>,
    /// Range of days.
    pub period: Option<DayRange>,
    /// Its source was certainly printed before this day.
    pub published_before: Option<i64>,
    /// Its source was certainly printed after this day.
    pub published_after: Option<i64>,
    /// Stored after this moment, in microseconds since 1970.
    pub recorded_after: Option<i64>,
}

impl ClaimFilter {
    /// What a statement about these claims reaches: the metrics that are named, or all of them.
    pub(super) fn reach(&self) -> Reach {
        match &self.metric {
            Some(_) => Reach::Metrics,
            None => Reach::Everywhere("claims by filters that name no metric"),
        }
    }

    /// Appends ` WHERE …` for `claim_versions` under the alias `c`.
    pub(super) fn push_where(&self, query: &mut Statement, at: At) {
        query.push(" WHERE");
        push_holds_at(query, "c.", at);
        self.push_records(query, at);
        self.push_words_of_fields(query);
        if let Some(words) = &self.words {
            push_words(query, words, at);
        }
        if let Some(range) = &self.value {
            push_value_range(query, range);
        }
        if let Some(range) = &self.period {
            push_day_range(query, range);
        }
        if let Some(micros) = self.recorded_after {
            query.push(" AND c.recorded_at > ").push_bind(micros);
        }
    }

    /// Conditions on the records that a claim refers to.
    fn push_records(&self, query: &mut Statement, at: At) {
        let slugs = |slugs: &[Slug]| slugs.iter().map(ToString::to_string).collect::<Vec<_>>();
        if let Some(metrics) = &self.metric {
            push_in(query, "c.metric_key", metrics.iter().map(|slug| MetricKey::of(slug).number()).collect());
        }
        for (column, wanted) in [
            ("c.actor", &self.actor),
            ("c.counterpart", &self.counterpart),
            ("c.unit", &self.unit),
            ("c.unit", &self.currency),
            ("c.source", &self.source),
        ] {
            if let Some(wanted) = wanted {
                push_in(query, column, slugs(wanted));
            }
        }
        if let Some(actors) = &self.any_actor {
            query.push(" AND (c.actor IN ");
            query.push_list(slugs(actors));
            query.push(" OR c.counterpart IN ");
            query.push_list(slugs(actors));
            query.push(")");
        }
        if self.publisher.is_some() || self.published_before.is_some() || self.published_after.is_some() {
            query.push(" AND c.source IN (SELECT s.slug FROM sources s WHERE");
            push_holds_at(query, "s.", at);
            if let Some(publishers) = &self.publisher {
                push_in(query, "s.publisher", publishers.iter().cloned().map(indexed).collect());
            }
            if let Some(day) = self.published_before {
                query.push(" AND s.published_end < ").push_bind(day);
            }
            if let Some(day) = self.published_after {
                query.push(" AND s.published_start > ").push_bind(day);
            }
            query.push(")");
        }
    }

    /// Conditions on fields that hold one of a few words.
    fn push_words_of_fields(&self, query: &mut Statement) {
        let fields = [
            ("c.speaker", self.speaker.clone()),
            ("c.stage", self.stage.as_ref().map(|list| list.iter().map(|stage| stage.as_str().to_string()).collect())),
            ("c.state", self.state.as_ref().map(|list| list.iter().map(|state| state.as_str().to_string()).collect())),
            ("c.comparator", self.comparator.as_ref().map(|list| list.iter().map(|word| word.as_str().to_string()).collect())),
            ("c.rank", self.rank.as_ref().map(|list| list.iter().map(|rank| rank.as_str().to_string()).collect())),
        ];
        for (column, wanted) in fields {
            if let Some(wanted) = wanted {
                push_in(query, column, wanted);
            }
        }
        if let Some(statuses) = &self.status {
            query.push(" AND (1 = 0");
            for status in statuses {
                query.push(" OR c.statuses LIKE ").push_bind(format!("%,{},%", status.as_str()));
            }
            query.push(")");
        }
    }
}

fn push_in<T: Into<Bind>>(query: &mut Statement, column: &'static str, values: Vec<T>) {
    if values.is_empty() {
        query.push(" AND 1 = 0");
    } else {
        query.push(" AND ").push(column).push(" IN ");
        query.push_list(values);
    }
}

/// Every word has to stand in the claim's own words or in the names of its records, so that renaming a
/// record rewrites no claim.
fn push_words(query: &mut Statement, words: &[String], at: At) {
    let push_named = |query: &mut Statement, word: &str, column, select, table: &'static str| {
        query.push(" OR c.").push(column).push(" IN (SELECT r.").push(select).push(" FROM ").push(table);
        query.push(" r WHERE");
        full_text::push_record_has(query, word);
        query.push(" AND");
        push_holds_at(query, "r.", at);
        query.push(")");
    };
    if words.is_empty() {
        query.push(" AND 1 = 0");
    }
    for word in words {
        query.push(" AND (");
        full_text::push_claim_has(query, word);
        push_named(query, word, "actor", "slug", "actors");
        push_named(query, word, "counterpart", "slug", "actors");
        push_named(query, word, "metric_key", "metric_key", "metrics");
        push_named(query, word, "source", "slug", "sources");
        query.push(")");
    }
}

fn push_value_range(query: &mut Statement, range: &ValueRange) {
    query.push(" AND c.comparator NOT IN ('unknown', 'none', 'withheld')");
    if let Some(min) = &range.min {
        let key = min.sort_key();
        match range.matching {
            ValueMatch::Certain => query.push(" AND c.low_key >= ").push_bind(key),
            ValueMatch::Possible => query
                .push(" AND (c.high_key IS NULL OR c.high_key > ")
                .push_bind(key.clone())
                .push(" OR (c.high_inclusive AND c.high_key = ")
                .push_bind(key)
                .push("))"),
        };
    }
    if let Some(max) = &range.max {
        let key = max.sort_key();
        match range.matching {
            ValueMatch::Certain => query.push(" AND c.high_key <= ").push_bind(key),
            ValueMatch::Possible => query
                .push(" AND (c.low_key IS NULL OR c.low_key < ")
                .push_bind(key.clone())
                .push(" OR (c.low_inclusive AND c.low_key = ")
                .push_bind(key)
                .push("))"),
        };
    }
}

fn push_day_range(query: &mut Statement, range: &DayRange) {
    // Both columns are null for a claim without a period, which no range matches.
    let (start, end) = match range.matching {
        PeriodMatch::Overlaps => (" AND c.start_day <= ", " AND c.end_day >= "),
        PeriodMatch::Within => (" AND c.end_day <= ", " AND c.start_day >= "),
        PeriodMatch::Covers => (" AND c.end_day >= ", " AND c.start_day <= "),
        PeriodMatch::Equals => (" AND c.end_day = ", " AND c.start_day = "),
    };
    query.push(start).push_bind(range.to).push(end).push_bind(range.from);
}

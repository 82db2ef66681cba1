//! Reading claims: one, its history, and pages of a list.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::filter::ClaimFilter;
use super::statement::{Reach, Statement};
use super::{At, Store, StoreError, push_holds_at, timestamp};
use crate::domain::decimal::Decimal;
use crate::domain::history::{ClaimVersion, State};
use crate::domain::id::{ClaimId, MetricKey};
use crate::domain::period::Period;

/// What a row of a claim consists of when it is read; the body holds everything that the version says.
#[derive(sqlx::FromRow)]
struct ClaimRow {
    metric_key: i64,
    claim_id: Uuid,
    version: i64,
    seq: i64,
    state: String,
    recorded_at: i64,
    recorded_by: String,
    cause: String,
    reason: Option<String>,
    superseded_by: Option<String>,
    body: String,
}

const COLUMNS: &str =
    "c.metric_key, c.claim_id, c.version, c.seq, c.state, c.recorded_at, c.recorded_by, c.cause, c.reason, c.superseded_by, c.body";

impl TryFrom<ClaimRow> for ClaimVersion {
    type Error = StoreError;

    fn try_from(row: ClaimRow) -> Result<Self, StoreError> {
        let id = ClaimId { metric: MetricKey::from_number(row.metric_key), uuid: row.claim_id };
        let corrupt = |why: String| StoreError::corrupt("claim_versions", format!("{id} version {}", row.version), why);
        let superseded_by = row.superseded_by.as_deref().map(ClaimId::parse).transpose().map_err(|fault| corrupt(fault.to_string()))?;
        Ok(Self {
            id,
            version: row.version,
            seq: row.seq,
            state: parsed_state(&row.state).ok_or_else(|| corrupt(format!("state {}", row.state)))?,
            claim: serde_json::from_str(&row.body).map_err(|error| corrupt(error.to_string()))?,
            recorded_at: timestamp(row.recorded_at, "claim_versions", id)?,
            recorded_by: row.recorded_by,
            cause: row.cause,
            reason: row.reason,
            superseded_by,
        })
    }
}

fn parsed_state(word: &str) -> Option<State> {
    State::ALL.into_iter().find(|state| state.as_str() == word)
}

/// By what a list of claims is ordered. Claims without the value come last, and equal ones by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortKey {
    /// Claim id alone.
    Id,
    /// First day of the reference period.
    PeriodStart,
    /// Last day of the reference period.
    PeriodEnd,
    /// The printed number.
    Best,
    /// Lower end.
    Low,
    /// Upper end.
    High,
    /// When it was stored.
    RecordedAt,
    /// Slug of the actor.
    Actor,
    /// Slug of the counterpart.
    Counterpart,
    /// Slug of the source.
    Source,
    /// Slug of the unit.
    Unit,
}

impl SortKey {
    /// All keys, with the words that name them.
    pub const ALL: [(&'static str, Self); 11] = [
        ("id", Self::Id),
        ("period_start", Self::PeriodStart),
        ("period_end", Self::PeriodEnd),
        ("best", Self::Best),
        ("low", Self::Low),
        ("high", Self::High),
        ("recorded_at", Self::RecordedAt),
        ("actor", Self::Actor),
        ("counterpart", Self::Counterpart),
        ("source", Self::Source),
        ("unit", Self::Unit),
    ];

    fn column(self) -> Option<Column> {
        match self {
            Self::Id => None,
            Self::PeriodStart => Some(Column::Number("c.start_day")),
            Self::PeriodEnd => Some(Column::Number("c.end_day")),
            Self::RecordedAt => Some(Column::Number("c.recorded_at")),
            Self::Best => Some(Column::Text("c.best_key")),
            Self::Low => Some(Column::Text("c.low_key")),
            Self::High => Some(Column::Text("c.high_key")),
            Self::Actor => Some(Column::Text("c.actor")),
            Self::Counterpart => Some(Column::Text("c.counterpart")),
            Self::Source => Some(Column::Text("c.source")),
            Self::Unit => Some(Column::Text("c.unit")),
        }
    }
}

#[derive(Clone, Copy)]
enum Column {
    Number(&'static str),
    Text(&'static str),
}

/// An order of claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// A value that a list is ordered by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SortValue {
    /// Day or time.
    Number(i64),
    /// Sort key of an exact number, or a slug.
    Text(String),
}

/// The claim after which a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageStart {
    /// Its id.
    pub id: ClaimId,
    /// The value it was ordered by, if it has one.
    pub value: Option<SortValue>,
}

/// Some claims of a list, and where the next page begins.
#[derive(Debug)]
pub struct ClaimPage {
    /// The claims, in order.
    pub claims: Vec<ClaimVersion>,
    /// Set when there are more.
    pub next: Option<PageStart>,
}

impl Store {
    /// A claim as it stood at a state.
    pub async fn find_claim(&self, id: ClaimId, at: At) -> Result<Option<ClaimVersion>, StoreError> {
        Ok(self.list_claims_by_id(&[id], at).await?.pop())
    }

    /// Several claims as they stood at a state, in no particular order.
    pub async fn list_claims_by_id(&self, ids: &[ClaimId], at: At) -> Result<Vec<ClaimVersion>, StoreError> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        let mut found = Vec::with_capacity(ids.len());
        // A statement for each metric, which keeps it on one shard.
        for ids in ids.chunk_by(|a, b| a.metric == b.metric) {
            let mut query = Statement::new(Reach::Metrics, "SELECT ");
            query.push(COLUMNS).push(" FROM claim_versions c WHERE c.metric_key = ").push_bind(ids[0].metric.number());
            query.push(" AND c.claim_id IN ").push_list(ids.iter().map(|id| id.uuid)).push(" AND");
            push_holds_at(&mut query, "c.", at);
            found.extend(self.fetch_claims(query).await?);
        }
        Ok(found)
    }

    /// All versions of a claim up to a state, oldest first.
    pub async fn list_claim_versions(&self, id: ClaimId, at: At) -> Result<Vec<ClaimVersion>, StoreError> {
        let mut query = Statement::new(Reach::Metrics, "SELECT ");
        query.push(COLUMNS).push(" FROM claim_versions c WHERE c.metric_key = ").push_bind(id.metric.number());
        query.push(" AND c.claim_id = ").push_bind(id.uuid).push(" AND c.seq <= ").push_bind(at.0).push(" ORDER BY c.version");
        self.fetch_claims(query).await
    }

    /// Versions of all claims in the order in which they were stored, beginning after `after`.
    pub async fn list_claim_history(&self, after: i64, at: At, limit: i64) -> Result<Vec<ClaimVersion>, StoreError> {
        let mut query = Statement::new(Reach::Everywhere("all claims in the order in which they were stored"), "SELECT ");
        query.push(COLUMNS).push(" FROM claim_versions c WHERE c.seq > ").push_bind(after).push(" AND c.seq <= ").push_bind(at.0);
        query.push(" ORDER BY c.seq LIMIT ").push_bind(limit);
        self.fetch_claims(query).await
    }

    /// A page of the claims that a filter means.
    pub async fn list_claims(
        &self,
        filter: &ClaimFilter,
        sort: Sort,
        start: Option<&PageStart>,
        limit: usize,
        at: At,
    ) -> Result<ClaimPage, StoreError> {
        let mut query = Statement::new(filter.reach(), "SELECT ");
        query.push(COLUMNS).push(" FROM claim_versions c");
        filter.push_where(&mut query, at);
        if let Some(start) = start {
            push_after(&mut query, sort, start);
        }
        query.push(" ORDER BY ");
        if let Some(Column::Number(column) | Column::Text(column)) = sort.key.column() {
            query.push(column).push(if sort.descending { " DESC NULLS LAST, " } else { " ASC NULLS LAST, " });
        }
        let reversed = sort.key == SortKey::Id && sort.descending;
        query.push(if reversed { "c.metric_key DESC, c.claim_id DESC" } else { "c.metric_key, c.claim_id" });
        // One row more than asked for tells whether there is a next page.
        query.push(" LIMIT ").push_bind(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1));
        let mut claims = self.fetch_claims(query).await?;
        let more = claims.len() > limit;
        claims.truncate(limit);
        let next = if more { claims.last().map(|claim| page_start(claim, sort.key)) } else { None };
        Ok(ClaimPage { claims, next })
    }

    /// How many claims a filter means.
    pub async fn count_claims(&self, filter: &ClaimFilter, at: At) -> Result<i64, StoreError> {
        let mut query = Statement::new(filter.reach(), "SELECT COUNT(*) FROM claim_versions c");
        filter.push_where(&mut query, at);
        self.read.fetch_value(query).await
    }

    /// Claims that stand in some sources and measure one metric: the ones that a claim citing them may repeat.
    pub async fn list_claims_of_source(
        &self,
        source: &str,
        metric: MetricKey,
        limit: i64,
        at: At,
    ) -> Result<Vec<ClaimVersion>, StoreError> {
        let mut query = Statement::new(Reach::Metrics, "SELECT ");
        query.push(COLUMNS).push(" FROM claim_versions c WHERE c.source IN ");
        query.push_list([source]);
        query.push(" AND c.metric_key = ").push_bind(metric.number()).push(" AND c.state = 'accepted' AND");
        push_holds_at(&mut query, "c.", at);
        query.push(" ORDER BY c.seq LIMIT ").push_bind(limit);
        self.fetch_claims(query).await
    }

    async fn fetch_claims(&self, query: Statement) -> Result<Vec<ClaimVersion>, StoreError> {
        let rows: Vec<ClaimRow> = self.read.fetch_all(query).await?;
        rows.into_iter().map(ClaimVersion::try_from).collect()
    }
}

/// Appends the condition that a claim comes after the one that ended the last page.
fn push_after(query: &mut Statement, sort: Sort, start: &PageStart) {
    let push_id_after = |query: &mut Statement, sign: &'static str| {
        query.push("(c.metric_key, c.claim_id) ").push(sign).push(" (");
        query.push_bind(start.id.metric.number()).push(", ").push_bind(start.id.uuid).push(")");
    };
    let Some(column @ (Column::Number(name) | Column::Text(name))) = sort.key.column() else {
        query.push(" AND ");
        push_id_after(query, if sort.descending { "<" } else { ">" });
        return;
    };
    let Some(value) = &start.value else {
        query.push(" AND ").push(name).push(" IS NULL AND ");
        push_id_after(query, ">");
        return;
    };
    let push_value = |query: &mut Statement| {
        match (column, value) {
            (Column::Number(_), SortValue::Number(number)) => query.push_bind(*number),
            (Column::Number(_), SortValue::Text(_)) => query.push_bind(0_i64),
            (Column::Text(_), SortValue::Text(text)) => query.push_bind(text.clone()),
            (Column::Text(_), SortValue::Number(number)) => query.push_bind(number.to_string()),
        };
    };
    query.push(" AND (").push(name).push(if sort.descending { " < " } else { " > " });
    push_value(query);
    query.push(" OR (").push(name).push(" = ");
    push_value(query);
    query.push(" AND ");
    push_id_after(query, ">");
    query.push(") OR ").push(name).push(" IS NULL)");
}

fn page_start(version: &ClaimVersion, key: SortKey) -> PageStart {
    let claim = &version.claim;
    let interval = &claim.value.interval;
    let number = |number: Option<i64>| number.map(SortValue::Number);
    let text = |text: Option<String>| text.map(SortValue::Text);
    let days = claim.period.as_ref().map(Period::days);
    let value = match key {
        SortKey::Id => None,
        SortKey::PeriodStart => number(days.map(|(start, _)| start)),
        SortKey::PeriodEnd => number(days.map(|(_, end)| end)),
        SortKey::RecordedAt => number(Some(version.recorded_at.as_microsecond())),
        SortKey::Best => text(claim.value.best.as_ref().map(Decimal::sort_key)),
        SortKey::Low => text(interval.low().map(|end| end.at.sort_key())),
        SortKey::High => text(interval.high().map(|end| end.at.sort_key())),
        SortKey::Actor => text(claim.actor.as_ref().map(ToString::to_string)),
        SortKey::Counterpart => text(claim.counterpart.as_ref().map(ToString::to_string)),
        SortKey::Source => text(claim.source.as_ref().map(ToString::to_string)),
        SortKey::Unit => text(Some(claim.value.unit.to_string())),
    };
    PageStart { id: version.id, value }
}

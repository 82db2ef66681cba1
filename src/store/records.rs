//! Reading reference records: by slug, by name, in pages; and the catalog that claims are shown with.

use std::collections::HashMap;

use super::statement::{Reach, Statement};
use super::{At, INDEXED_BYTES_MAX, Store, StoreError, full_text, indexed, push_holds_at, timestamp};
use crate::domain::catalog::{Catalog, slugs_named};
use crate::domain::folding::folded;
use crate::domain::history::ClaimVersion;
use crate::domain::metric::Metric;
use crate::domain::record::{NameRole, Record, RecordKind, Versioned};
use crate::domain::slug::Slug;

/// Slugs asked for in one statement.
const LOOKUP_MAX: usize = 1000;

#[derive(sqlx::FromRow)]
struct RecordRow {
    slug: String,
    version: i64,
    seq: i64,
    recorded_at: i64,
    recorded_by: String,
    cause: String,
    reason: Option<String>,
    body: String,
}

impl RecordRow {
    fn into_record<R: Record>(self) -> Result<Versioned<R>, StoreError> {
        let table = R::KIND.plural();
        Ok(Versioned {
            record: serde_json::from_str(&self.body).map_err(|error| StoreError::corrupt(table, &self.slug, error))?,
            version: self.version,
            seq: self.seq,
            recorded_at: timestamp(self.recorded_at, table, &self.slug)?,
            recorded_by: self.recorded_by,
            cause: self.cause,
            reason: self.reason,
        })
    }
}

const COLUMNS: &str = "r.slug, r.version, r.seq, r.recorded_at, r.recorded_by, r.cause, r.reason, r.body";

const SELECT_LAST_CHANGE: &str = "SELECT MAX(seq) FROM (SELECT MAX(seq) AS seq FROM actors WHERE seq <= $1 \
    UNION ALL SELECT MAX(seq) FROM metrics WHERE seq <= $1 UNION ALL SELECT MAX(seq) FROM units WHERE seq <= $1) AS changes";

/// A record that a name may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameMatch {
    /// The record.
    pub slug: String,
    /// The name as written in the record.
    pub written: String,
    /// How it belongs to the record.
    pub role: NameRole,
}

impl Store {
    /// A record as it stood at a state.
    pub async fn find_record<R: Record>(&self, slug: &str, at: At) -> Result<Option<Versioned<R>>, StoreError> {
        Ok(self.list_records_by_slug([slug.to_string()], at).await?.pop())
    }

    /// The records with these slugs, as far as they exist, in no particular order.
    pub async fn list_records_by_slug<R: Record>(
        &self,
        slugs: impl IntoIterator<Item = String>,
        at: At,
    ) -> Result<Vec<Versioned<R>>, StoreError> {
        let slugs: Vec<String> = slugs.into_iter().collect();
        let mut found = Vec::with_capacity(slugs.len());
        for slugs in slugs.chunks(LOOKUP_MAX) {
            let mut query = Statement::new(Reach::Records, "SELECT ");
            query.push(COLUMNS).push(" FROM ").push(R::KIND.plural()).push(" r WHERE r.slug IN ");
            query.push_list(slugs.iter().cloned());
            query.push(" AND");
            push_holds_at(&mut query, "r.", at);
            found.extend(self.fetch_records(query).await?);
        }
        Ok(found)
    }

    /// A page of records in the order of their slugs, beginning after `after`; with words, those that have them all in their names.
    pub async fn list_records<R: Record>(
        &self,
        words: Option<&[String]>,
        after: Option<&str>,
        limit: i64,
        at: At,
    ) -> Result<Vec<Versioned<R>>, StoreError> {
        let mut query = Statement::new(Reach::Records, "SELECT ");
        query.push(COLUMNS).push(" FROM ").push(R::KIND.plural()).push(" r WHERE");
        push_holds_at(&mut query, "r.", at);
        for word in words.unwrap_or_default() {
            query.push(" AND");
            full_text::push_record_has(&mut query, word);
        }
        if words.is_some_and(<[String]>::is_empty) {
            query.push(" AND 1 = 0");
        }
        if let Some(after) = after {
            query.push(" AND r.slug > ").push_bind(after.to_string());
        }
        query.push(" ORDER BY r.slug LIMIT ").push_bind(limit);
        self.fetch_records(query).await
    }

    /// The metrics that are changes or parts of one of these, at most `limit`. What they belong to stands in their bodies; metrics are few.
    pub async fn list_metrics_related_to(&self, wholes: &[Slug], limit: i64, at: At) -> Result<Vec<Versioned<Metric>>, StoreError> {
        let mut query = Statement::new(Reach::Records, "SELECT ");
        query.push(COLUMNS).push(" FROM metrics r WHERE");
        push_holds_at(&mut query, "r.", at);
        query.push(" AND (1 = 0");
        for whole in wholes {
            for field in ["change_of", "part_of"] {
                query.push(" OR r.body LIKE ").push_bind(format!("%\"{field}\":\"{whole}\"%"));
            }
        }
        query.push(") ORDER BY r.slug LIMIT ").push_bind(limit);
        // One engine takes capitals and small letters alike here, and a slug may hold what stands for any letter.
        let mut found: Vec<Versioned<Metric>> = self.fetch_records(query).await?;
        found.retain(|found| [&found.record.change_of, &found.record.part_of].into_iter().flatten().any(|slug| wholes.contains(slug)));
        Ok(found)
    }

    /// The newest change, up to a state, that made a version of an actor, a metric or a unit.
    pub async fn last_change_of_records(&self, at: At) -> Result<At, StoreError> {
        let seq: Option<i64> = self.read.fetch_value(Statement::new(Reach::Records, SELECT_LAST_CHANGE).bind(at.0)).await?;
        Ok(At(seq.unwrap_or(0)))
    }

    /// All versions of all records of a kind in the order in which they were stored, beginning after `after`.
    pub async fn list_record_history<R: Record>(&self, after: i64, at: At, limit: i64) -> Result<Vec<Versioned<R>>, StoreError> {
        let mut query = Statement::new(Reach::Records, "SELECT ");
        query.push(COLUMNS).push(" FROM ").push(R::KIND.plural()).push(" r WHERE r.seq > ").push_bind(after);
        query.push(" AND r.seq <= ").push_bind(at.0).push(" ORDER BY r.seq LIMIT ").push_bind(limit);
        self.fetch_records(query).await
    }

    /// All versions of one record up to a state, oldest first.
    pub async fn list_record_versions<R: Record>(&self, slug: &str, at: At) -> Result<Vec<Versioned<R>>, StoreError> {
        let mut query = Statement::new(Reach::Records, "SELECT ");
        query.push(COLUMNS).push(" FROM ").push(R::KIND.plural()).push(" r WHERE r.slug = ").push_bind(slug.to_string());
        query.push(" AND r.seq <= ").push_bind(at.0).push(" ORDER BY r.version");
        self.fetch_records(query).await
    }

    /// The records that carry one of these names, strongest role first; all roles, also those that only suggest.
    pub async fn list_names(&self, kind: RecordKind, names: &[String], at: At) -> Result<HashMap<String, Vec<NameMatch>>, StoreError> {
        let mut found: HashMap<String, Vec<NameMatch>> = HashMap::new();
        for names in names.chunks(LOOKUP_MAX) {
            let mut query = Statement::new(Reach::Records, "SELECT n.slug, n.written, n.role FROM names n WHERE n.kind = ");
            query.push_bind(kind.as_str()).push(" AND n.folded IN ");
            query.push_list(names.iter().map(|name| indexed(folded(name))));
            query.push(" AND");
            push_holds_at(&mut query, "n.", at);
            query.push(" ORDER BY n.folded, n.role, n.slug");
            let rows: Vec<(String, String, i64)> = self.read.fetch_all(query).await?;
            for (slug, written, role) in rows {
                let role = role_of(role, &slug)?;
                found.entry(folded(&written)).or_default().push(NameMatch { slug, written, role });
            }
        }
        Ok(found)
    }

    /// Every name of a kind, for a search that forgives spelling.
    pub async fn list_all_names(&self, kind: RecordKind, limit: i64, at: At) -> Result<Vec<(String, NameMatch)>, StoreError> {
        let mut query = Statement::new(Reach::Records, "SELECT n.folded, n.slug, n.written, n.role FROM names n WHERE n.kind = ");
        query.push_bind(kind.as_str()).push(" AND");
        push_holds_at(&mut query, "n.", at);
        query.push(" ORDER BY n.folded LIMIT ").push_bind(limit);
        let rows: Vec<(String, String, String, i64)> = self.read.fetch_all(query).await?;
        let found = rows.into_iter().map(|(name, slug, written, role)| {
            // A name that an index has shortened is compared as a whole all the same.
            let name = if name.len() > INDEXED_BYTES_MAX { folded(&written) } else { name };
            Ok((name, NameMatch { role: role_of(role, &slug)?, slug, written }))
        });
        found.collect()
    }

    /// The records that the claims refer to, to show them with.
    pub async fn catalog_of(&self, claims: &[ClaimVersion], at: At) -> Result<Catalog, StoreError> {
        let slugs =
            |kind| slugs_named(claims.iter().map(|version| &version.claim), kind).into_iter().map(ToString::to_string).collect::<Vec<_>>();
        Ok(Catalog {
            actors: by_slug(self.list_records_by_slug(slugs(RecordKind::Actor), at).await?),
            metrics: by_slug(self.list_records_by_slug(slugs(RecordKind::Metric), at).await?),
            sources: by_slug(self.list_records_by_slug(slugs(RecordKind::Source), at).await?),
        })
    }

    async fn fetch_records<R: Record>(&self, query: Statement) -> Result<Vec<Versioned<R>>, StoreError> {
        let rows: Vec<RecordRow> = self.read.fetch_all(query).await?;
        rows.into_iter().map(RecordRow::into_record).collect()
    }
}

/// Records keyed by their slugs.
pub fn by_slug<R: Record>(records: Vec<Versioned<R>>) -> HashMap<Slug, Versioned<R>> {
    records.into_iter().map(|found| (found.record.slug().clone(), found)).collect()
}

fn role_of(rank: i64, slug: &str) -> Result<NameRole, StoreError> {
    NameRole::ALL.into_iter().find(|role| role.rank() == rank).ok_or_else(|| StoreError::corrupt("names", slug, "unknown role"))
}

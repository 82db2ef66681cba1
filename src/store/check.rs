//! Decides, before anything is written, whether a change may happen and what each of its items becomes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use uuid::Uuid;

use super::change::{Change, Expected, Item, NewClaimVersion, NewDocument, NewMute, NewRate, NewRecordVersion, Refusal, with_record};
use super::engine::Connection;
use super::statement::{Reach, Statement};
use super::{StoreError, to_json};
use crate::domain::finding::Mute;
use crate::domain::id::{ClaimId, MetricKey};
use crate::domain::period::day_number;
use crate::domain::rate::{Rate, rate_identity};
use crate::domain::record::RecordKind;
use crate::domain::slug::Slug;

/// Identities looked up by one statement.
const LOOKUP_MAX: usize = 1000;
/// Slugs remembered as existing; records never vanish, so remembering is safe.
const KNOWN_MAX: usize = 100_000;

/// What becomes of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    /// It is written as this version.
    Add(i64),
    /// It is there already, and this is its version.
    Keep(i64),
}

/// The verdict on a change.
pub(super) enum Checked {
    /// It may happen; a plan for each item.
    Allowed(Vec<Plan>),
    /// It may not.
    Refused(Vec<Refusal>),
}

/// Slugs that are known to exist.
#[derive(Default)]
pub(super) struct Known(HashMap<RecordKind, HashSet<String>>);

impl Known {
    fn has(&self, kind: RecordKind, slug: &str) -> bool {
        self.0.get(&kind).is_some_and(|slugs| slugs.contains(slug))
    }

    fn add(&mut self, kind: RecordKind, slug: String) {
        if self.0.values().map(HashSet::len).sum::<usize>() >= KNOWN_MAX {
            self.0.clear();
        }
        self.0.entry(kind).or_default().insert(slug);
    }
}

/// The versions that one identity has: number and content, the content as text that equal versions share.
type Versions = BTreeMap<i64, String>;

pub(super) async fn check(connection: &mut Connection, known: &mut Known, change: &Change) -> Result<Checked, StoreError> {
    let mut claims = claim_versions(connection, change).await?;
    let mut records = record_versions(connection, change).await?;
    let mut rates = rate_versions(connection, change).await?;
    let mut mutes = mute_versions(connection, change).await?;
    let mut refusals = missing_references(connection, known, change).await?;
    refusals.extend(metric_key_collisions(connection, change).await?);
    let mut plans = Vec::with_capacity(change.items.len());
    let mut documents = HashSet::new();
    for (index, item) in change.items.iter().enumerate() {
        let plan = match item {
            Item::Claim(new) if new.expected == Expected::Fresh => Ok(Plan::Add(1)),
            Item::Claim(new) => planned(claims.entry(new.id).or_default(), new.expected, claim_content(new)?),
            Item::Record(new) => {
                let versions = records.entry((new.record.kind(), new.record.slug().to_string())).or_default();
                planned(versions, new.expected, record_content(new)?)
            }
            Item::Rate(new) => following(rates.entry(new.rate.identity()).or_default(), new.version, rate_content(&new.rate)),
            Item::Mute(new) => following(mutes.entry(new.mute.finding.clone()).or_default(), new.version, mute_content(&new.mute)),
            Item::Document(new) => {
                let identity = (&new.source, &new.sha256);
                let there = !documents.insert(identity) || document_exists(connection, new).await?;
                Ok(if there { Plan::Keep(1) } else { Plan::Add(1) })
            }
        };
        match plan {
            Ok(plan) => plans.push(plan),
            Err(Unfit::Other) => refusals.push(Refusal::Taken { item: index, id: identity(item) }),
            Err(Unfit::Stale(present)) => refusals.push(Refusal::Stale { item: index, present }),
        }
    }
    if refusals.is_empty() {
        for item in &change.items {
            if let Item::Record(new) = item {
                known.add(new.record.kind(), new.record.slug().to_string());
            }
        }
        Ok(Checked::Allowed(plans))
    } else {
        Ok(Checked::Refused(refusals))
    }
}

enum Unfit {
    /// The version is there, with other content.
    Other,
    /// The present version is this one.
    Stale(i64),
}

/// Compares what an item expects with the versions there are, and notes the version it adds.
fn planned(versions: &mut Versions, expected: Expected, content: String) -> Result<Plan, Unfit> {
    let present = versions.keys().next_back().copied().unwrap_or(0);
    let wanted = match expected {
        Expected::NewOrKnown if present > 0 => return Ok(Plan::Keep(present)),
        Expected::Fresh | Expected::NewOrKnown => 1,
        Expected::Version(version) => {
            if let Some(there) = versions.get(&version) {
                return if *there == content { Ok(Plan::Keep(version)) } else { Err(Unfit::Other) };
            }
            version
        }
        Expected::After(version) => version + 1,
    };
    if wanted != present + 1 {
        return Err(Unfit::Stale(present));
    }
    versions.insert(wanted, content);
    Ok(Plan::Add(wanted))
}

/// Plans what follows the present version unless it says the same, or has its number from elsewhere.
fn following(versions: &mut Versions, version: Option<i64>, content: String) -> Result<Plan, Unfit> {
    match (version, versions.last_key_value()) {
        (Some(version), _) => planned(versions, Expected::Version(version), content),
        (None, Some((version, known))) if *known == content => Ok(Plan::Keep(*version)),
        (None, present) => {
            let present = present.map_or(0, |(version, _)| *version);
            planned(versions, Expected::After(present), content)
        }
    }
}

fn identity(item: &Item) -> String {
    match item {
        Item::Claim(new) => new.id.to_string(),
        Item::Record(new) => new.record.slug().to_string(),
        Item::Document(new) => new.sha256.clone(),
        Item::Rate(new) => new.rate.identity(),
        Item::Mute(new) => new.mute.finding.clone(),
    }
}

fn rate_content(rate: &Rate) -> String {
    format!("{} {}", rate.published(), rate.source)
}

fn mute_content(mute: &Mute) -> String {
    format!("{} {:?} {}", mute.muted, mute.why, mute.reason.as_deref().unwrap_or_default())
}

fn claim_content(new: &NewClaimVersion) -> Result<String, StoreError> {
    Ok(format!("{} {}", new.state.as_str(), to_json(&new.claim, "claim_versions", new.id)?))
}

fn record_content(new: &NewRecordVersion) -> Result<String, StoreError> {
    with_record!(&new.record, record => to_json(record, new.record.kind().plural(), new.record.slug()))
}

async fn claim_versions(connection: &mut Connection, change: &Change) -> Result<HashMap<ClaimId, Versions>, StoreError> {
    let ids: BTreeSet<ClaimId> = change
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Claim(new) if new.expected != Expected::Fresh => Some(new.id),
            _ => None,
        })
        .collect();
    let mut found: HashMap<ClaimId, Versions> = HashMap::new();
    // A statement for each metric, which keeps it on one shard; the ids come sorted by their metrics.
    for ids in ids.into_iter().collect::<Vec<_>>().chunk_by(|a, b| a.metric == b.metric) {
        for ids in ids.chunks(LOOKUP_MAX) {
            let metric = ids[0].metric;
            let mut query = Statement::new(Reach::Metrics, "SELECT claim_id, version, state, body FROM claim_versions WHERE metric_key = ");
            query.push_bind(metric.number()).push(" AND claim_id IN ").push_list(ids.iter().map(|id| id.uuid));
            let rows: Vec<(Uuid, i64, String, String)> = connection.fetch_all(query).await?;
            for (uuid, version, state, body) in rows {
                found.entry(ClaimId { metric, uuid }).or_default().insert(version, format!("{state} {body}"));
            }
        }
    }
    Ok(found)
}

async fn record_versions(connection: &mut Connection, change: &Change) -> Result<HashMap<(RecordKind, String), Versions>, StoreError> {
    let mut found: HashMap<(RecordKind, String), Versions> = HashMap::new();
    for kind in RecordKind::ALL {
        let slugs: Vec<&str> = change
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Record(new) if new.record.kind() == kind => Some(new.record.slug().as_str()),
                _ => None,
            })
            .collect();
        for slugs in slugs.chunks(LOOKUP_MAX) {
            let mut query = Statement::new(Reach::Records, "SELECT slug, version, body FROM ");
            query.push(kind.plural()).push(" WHERE slug IN ");
            query.push_list(slugs.iter().map(ToString::to_string));
            let rows: Vec<(String, i64, String)> = connection.fetch_all(query).await?;
            for (slug, version, body) in rows {
                found.entry((kind, slug)).or_default().insert(version, body);
            }
        }
    }
    Ok(found)
}

/// The versions of each rate that a change brings.
async fn rate_versions(connection: &mut Connection, change: &Change) -> Result<HashMap<String, Versions>, StoreError> {
    let mut days: BTreeMap<(&Slug, &Slug), Vec<i64>> = BTreeMap::new();
    for item in &change.items {
        if let Item::Rate(NewRate { rate, .. }) = item {
            days.entry((&rate.base, &rate.quote)).or_default().push(day_number(rate.day));
        }
    }
    let mut found: HashMap<String, Versions> = HashMap::new();
    for ((base, quote), days) in days {
        for days in days.chunks(LOOKUP_MAX) {
            let mut query = Statement::new(Reach::Records, "SELECT day, version, rate, source FROM rates WHERE base = ");
            query.push_bind(base.as_str()).push(" AND quote = ").push_bind(quote.as_str()).push(" AND day IN ");
            query.push_list(days.iter().copied());
            let rows: Vec<(i64, i64, String, String)> = connection.fetch_all(query).await?;
            for (day, version, rate, source) in rows {
                found.entry(rate_identity(base, quote, day)).or_default().insert(version, format!("{rate} {source}"));
            }
        }
    }
    Ok(found)
}

/// Finding, version, whether it is muted, what it said, reason.
type MuteRow = (String, i64, bool, Option<String>, Option<String>);

/// The versions of each mute that a change brings.
async fn mute_versions(connection: &mut Connection, change: &Change) -> Result<HashMap<String, Versions>, StoreError> {
    let findings = change.items.iter().filter_map(|item| match item {
        Item::Mute(NewMute { mute, .. }) => Some(mute.finding.clone()),
        _ => None,
    });
    let mut found: HashMap<String, Versions> = HashMap::new();
    for findings in findings.collect::<Vec<_>>().chunks(LOOKUP_MAX) {
        let mut query = Statement::new(Reach::Records, "SELECT finding, version, muted, why, reason FROM mutes WHERE finding IN ");
        query.push_list(findings.iter().cloned());
        let rows: Vec<MuteRow> = connection.fetch_all(query).await?;
        for (finding, version, muted, why, reason) in rows {
            let content = mute_content(&Mute { finding: finding.clone(), muted, why, reason });
            found.entry(finding).or_default().insert(version, content);
        }
    }
    Ok(found)
}

/// The records that an item names and that must exist, each with the pointer to the field that names it.
fn references(item: &Item) -> Vec<(RecordKind, &str, String)> {
    fn named<'s>(kind: RecordKind, slug: Option<&'s Slug>, pointer: &str) -> Option<(RecordKind, &'s str, String)> {
        slug.map(|slug| (kind, slug.as_str(), pointer.to_string()))
    }
    match item {
        Item::Claim(NewClaimVersion { claim, .. }) => {
            let cited = claim.citation.as_ref().and_then(|citation| citation.source.as_ref());
            let all = [
                named(RecordKind::Metric, Some(&claim.metric), "/metric"),
                named(RecordKind::Unit, Some(&claim.value.unit), "/value/unit"),
                named(RecordKind::Actor, claim.actor.as_ref(), "/actor"),
                named(RecordKind::Actor, claim.counterpart.as_ref(), "/counterpart"),
                named(RecordKind::Source, claim.source.as_ref(), "/source"),
                named(RecordKind::Source, cited, "/citation/source"),
            ];
            all.into_iter().flatten().collect()
        }
        Item::Record(new) => new.record.references().into_iter().map(|(kind, slug, pointer)| (kind, slug.as_str(), pointer)).collect(),
        Item::Document(new) => vec![(RecordKind::Source, new.source.as_str(), "/source".to_string())],
        Item::Rate(new) => {
            let (base, quote) = (new.rate.base.as_str(), new.rate.quote.as_str());
            vec![(RecordKind::Unit, base, "/base".to_string()), (RecordKind::Unit, quote, "/quote".to_string())]
        }
        // What a finding is about may be gone, and its mute stays.
        Item::Mute(_) => Vec::new(),
    }
}

async fn missing_references(connection: &mut Connection, known: &mut Known, change: &Change) -> Result<Vec<Refusal>, StoreError> {
    let brought: HashSet<(RecordKind, &str)> = change
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Record(new) => Some((new.record.kind(), new.record.slug().as_str())),
            _ => None,
        })
        .collect();
    let mut asked: BTreeSet<(RecordKind, &str)> = change.items.iter().flat_map(references).map(|(kind, slug, _)| (kind, slug)).collect();
    asked.retain(|(kind, slug)| !brought.contains(&(*kind, *slug)) && !known.has(*kind, slug));
    let mut found: HashSet<(RecordKind, String)> = HashSet::new();
    for kind in RecordKind::ALL {
        let slugs: Vec<&str> = asked.iter().filter(|(of, _)| *of == kind).map(|(_, slug)| *slug).collect();
        for slugs in slugs.chunks(LOOKUP_MAX) {
            let mut query = Statement::new(Reach::Records, "SELECT DISTINCT slug FROM ");
            query.push(kind.plural()).push(" WHERE slug IN ");
            query.push_list(slugs.iter().map(ToString::to_string));
            let there: Vec<(String,)> = connection.fetch_all(query).await?;
            for (slug,) in there {
                known.add(kind, slug.clone());
                found.insert((kind, slug));
            }
        }
    }
    let missing: HashSet<(RecordKind, &str)> =
        asked.into_iter().filter(|(kind, slug)| !found.contains(&(*kind, (*slug).to_string()))).collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let named = change.items.iter().enumerate().flat_map(|(item, content)| references(content).into_iter().map(move |named| (item, named)));
    Ok(named
        .filter(|(_, (kind, slug, _))| missing.contains(&(*kind, *slug)))
        .map(|(item, (kind, slug, pointer))| Refusal::Missing { item, kind, slug: slug.to_string(), pointer })
        .collect())
}

const SELECT_METRIC_OF_KEY: &str = "SELECT slug FROM metrics WHERE metric_key = $1 AND slug <> $2 LIMIT 1";

async fn metric_key_collisions(connection: &mut Connection, change: &Change) -> Result<Vec<Refusal>, StoreError> {
    let mut refusals = Vec::new();
    let mut brought: HashMap<MetricKey, &str> = HashMap::new();
    for (index, item) in change.items.iter().enumerate() {
        let Item::Record(new) = item else { continue };
        if new.record.kind() != RecordKind::Metric {
            continue;
        }
        let slug = new.record.slug();
        let key = MetricKey::of(slug);
        let in_change = *brought.entry(key).or_insert(slug.as_str());
        let statement = Statement::new(Reach::Records, SELECT_METRIC_OF_KEY).bind(key.number()).bind(slug.as_str());
        let stored: Option<(String,)> = connection.fetch_optional(statement).await?;
        if let Some(other) = stored.map(|(other,)| other).or_else(|| (in_change != slug.as_str()).then(|| in_change.to_string())) {
            refusals.push(Refusal::KeyCollision { item: index, other });
        }
    }
    Ok(refusals)
}

const COUNT_DOCUMENT: &str = "SELECT COUNT(*) FROM documents WHERE sha256 = $1 AND source = $2";

async fn document_exists(connection: &mut Connection, new: &NewDocument) -> Result<bool, StoreError> {
    let statement = Statement::new(Reach::Records, COUNT_DOCUMENT).bind(&new.sha256).bind(new.source.as_str());
    let (count,): (i64,) = connection.fetch_one(statement).await?;
    Ok(count > 0)
}

//! Which record a name means: a slug, a code, a label or an alias. A name that means several is never decided here.

use std::collections::{BTreeSet, HashMap};

use crate::domain::folding::folded;
use crate::domain::metric::Metric;
use crate::domain::record::{Record, RecordKind};
use crate::domain::slug::Slug;
use crate::domain::unit::Unit;
use crate::exchange::claim_draft::{ClaimDraft, Resolved};
use crate::store::records::{NameMatch, by_slug};
use crate::store::{At, Store, StoreError};

/// The one record that a name means, or all that it may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing is called so.
    Nothing,
    /// Exactly this record.
    One(String),
    /// Several records; in no order of preference.
    Several(Vec<String>),
}

/// What each name means, by the strongest way in which any record is called so.
pub async fn meanings(store: &Store, kind: RecordKind, names: Vec<String>, at: At) -> Result<HashMap<String, Meaning>, StoreError> {
    let found = store.list_names(kind, &names, at).await?;
    Ok(names
        .into_iter()
        .map(|name| {
            let matches = found.get(&folded(&name)).map(Vec::as_slice).unwrap_or_default();
            let meaning = meaning(&name, matches);
            (name, meaning)
        })
        .collect())
}

fn meaning(name: &str, matches: &[NameMatch]) -> Meaning {
    // A slug written exactly so is what was meant, whatever else is called alike.
    if matches.iter().any(|found| found.slug == name) {
        return Meaning::One(name.to_string());
    }
    let identifying = matches.iter().filter(|found| found.role.identifies());
    let Some(strongest) = identifying.clone().map(|found| found.role).min() else { return Meaning::Nothing };
    let slugs: BTreeSet<&str> = identifying.filter(|found| found.role == strongest).map(|found| found.slug.as_str()).collect();
    let mut slugs: Vec<String> = slugs.into_iter().map(ToString::to_string).collect();
    match slugs.len() {
        1 => Meaning::One(slugs.remove(0)),
        _ => Meaning::Several(slugs),
    }
}

/// Looks up every name that the drafts use, adding to what is already resolved.
pub async fn resolve(store: &Store, drafts: &[&ClaimDraft], resolved: &mut Resolved, at: At) -> Result<(), StoreError> {
    let distinct = |names: Vec<Option<&String>>| names.into_iter().flatten().cloned().collect::<BTreeSet<String>>();
    let metrics = distinct(drafts.iter().map(|draft| draft.metric.as_ref()).collect());
    let units = distinct(drafts.iter().map(|draft| draft.value.as_ref().and_then(|value| value.unit.as_ref())).collect());
    let actors = distinct(drafts.iter().flat_map(|draft| [draft.actor.as_ref(), draft.counterpart.as_ref()]).collect());
    let cited = |draft: &ClaimDraft| draft.citation.as_ref().and_then(|(_, source)| source.clone());
    let cited: Vec<String> = drafts.iter().filter_map(|draft| cited(draft)).collect();
    let sources = distinct(drafts.iter().map(|draft| draft.source.as_ref()).chain(cited.iter().map(Some)).collect());

    let unknown =
        |names: BTreeSet<String>, known: &dyn Fn(&String) -> bool| names.into_iter().filter(|name| !known(name)).collect::<Vec<_>>();
    let metrics = unknown(metrics, &|name| resolved.metrics.contains_key(name));
    let units = unknown(units, &|name| resolved.units.contains_key(name));
    let actors = unknown(actors, &|name| resolved.actors.contains_key(name));
    let sources = unknown(sources, &|name| resolved.sources.contains_key(name));

    let found = decided(store, RecordKind::Metric, metrics, resolved, at).await?;
    resolved.metrics.extend(records::<Metric>(store, found, at).await?);
    let found = decided(store, RecordKind::Unit, units, resolved, at).await?;
    resolved.units.extend(records::<Unit>(store, found, at).await?);
    let found = decided(store, RecordKind::Actor, actors, resolved, at).await?;
    resolved.actors.extend(found);
    let found = decided(store, RecordKind::Source, sources, resolved, at).await?;
    resolved.sources.extend(found);
    Ok(())
}

/// The names that mean one record; those that mean several are noted.
async fn decided(
    store: &Store,
    kind: RecordKind,
    names: Vec<String>,
    resolved: &mut Resolved,
    at: At,
) -> Result<Vec<(String, Slug)>, StoreError> {
    let mut decided = Vec::new();
    for (name, meaning) in meanings(store, kind, names, at).await? {
        match meaning {
            Meaning::Nothing => {}
            Meaning::One(slug) => decided.extend(Slug::parse(&slug).ok().map(|slug| (name, slug))),
            Meaning::Several(slugs) => {
                resolved.ambiguous.insert((kind.as_str(), name), slugs);
            }
        }
    }
    Ok(decided)
}

async fn records<R: Record>(store: &Store, names: Vec<(String, Slug)>, at: At) -> Result<Vec<(String, R)>, StoreError> {
    let slugs: BTreeSet<String> = names.iter().map(|(_, slug)| slug.to_string()).collect();
    let found = by_slug(store.list_records_by_slug::<R>(slugs, at).await?);
    Ok(names.into_iter().filter_map(|(name, slug)| Some((name, found.get(&slug)?.record.clone()))).collect())
}

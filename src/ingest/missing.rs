//! Records for names that nothing is recorded of, made from what the lines of an import say.

use std::collections::{HashMap, HashSet};

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::folding::folded;
use crate::domain::record::RecordKind;
use crate::domain::slug::Slug;
use crate::domain::source::{ChainEnd, Source, SourceKind};
use crate::exchange::claim_draft::{ClaimDraft, Resolved};
use crate::store::change::AnyRecord;
use crate::store::{At, Store, StoreError};

/// Makes records for actors and sources that nothing is recorded of: actors as `unmatched`, to be matched by a person.
pub async fn missing_records(store: &Store, drafts: &[&ClaimDraft], resolved: &mut Resolved, at: At) -> Result<Vec<AnyRecord>, StoreError> {
    let mut records = Vec::new();
    let known = |resolved: &Resolved, kind: &'static str, name: &str| resolved.ambiguous.contains_key(&(kind, name.to_string()));
    let mut new_actors: Vec<&String> = Vec::new();
    let mut new_sources: HashMap<&String, Option<&ClaimDraft>> = HashMap::new();
    for draft in drafts {
        for name in [&draft.actor, &draft.counterpart].into_iter().flatten() {
            if !resolved.actors.contains_key(name) && !known(resolved, "actor", name) && !new_actors.contains(&name) {
                new_actors.push(name);
            }
        }
        let own = draft.source.as_ref().map(|name| (name, Some(*draft)));
        let cited = draft.citation.as_ref().and_then(|(_, source)| source.as_ref()).map(|name| (name, None));
        for (name, told) in [own, cited].into_iter().flatten() {
            if !resolved.sources.contains_key(name) && !known(resolved, "source", name) {
                let hint = new_sources.entry(name).or_default();
                *hint = hint.or(told);
            }
        }
    }
    adopt_made_sources(store, &mut new_sources, resolved, at).await?;
    let mut taken = HashSet::new();
    for name in new_actors {
        let slug = free_slug(store, RecordKind::Actor, name, &mut taken, at).await?;
        resolved.actors.insert(name.clone(), slug.clone());
        records.push(AnyRecord::Actor(unmatched_actor(slug, name)));
    }
    let mut new_sources: Vec<_> = new_sources.into_iter().collect();
    new_sources.sort_by_key(|(name, _)| *name);
    for (name, told) in new_sources {
        let slug = free_slug(store, RecordKind::Source, name, &mut taken, at).await?;
        resolved.sources.insert(name.clone(), slug.clone());
        records.push(AnyRecord::Source(told_source(slug, name, told)));
    }
    Ok(records)
}

/// A source that an earlier import made of the same name is found again by the slug that was made of it then: its title
/// may be another one.
async fn adopt_made_sources(
    store: &Store,
    new: &mut HashMap<&String, Option<&ClaimDraft>>,
    resolved: &mut Resolved,
    at: At,
) -> Result<(), StoreError> {
    let made: HashMap<String, String> = new
        .keys()
        .filter(|name| Slug::parse(name).is_err())
        .flat_map(|name| [Slug::from_name(name), Slug::from_name_and_hash(name)].map(|slug| (slug.to_string(), (*name).clone())))
        .collect();
    for found in store.list_records_by_slug::<Source>(made.keys().cloned(), at).await? {
        let slug = found.record.slug;
        if let Some(name) = made.get(slug.as_str()) {
            new.remove(name);
            resolved.sources.insert(name.clone(), slug);
        }
    }
    Ok(())
}

fn unmatched_actor(slug: Slug, name: &str) -> Actor {
    Actor {
        slug,
        name: name.to_string(),
        kind: ActorKind::Unmatched,
        iso_alpha2: None,
        iso_alpha3: None,
        wikidata: None,
        aliases: Vec::new(),
        demonyms: Vec::new(),
        metonyms: Vec::new(),
        part_of: None,
    }
}

fn told_source(slug: Slug, name: &str, told: Option<&ClaimDraft>) -> Source {
    let hint = told.map(|draft| draft.source_hint.clone()).unwrap_or_default();
    Source {
        slug,
        title: hint.title.unwrap_or_else(|| name.to_string()),
        kind: SourceKind::Other,
        authors: Vec::new(),
        publisher: hint.publisher,
        published: hint.published,
        accessed: None,
        url: hint.url.filter(|url| url.starts_with("https://") || url.starts_with("http://")),
        citations: Vec::new(),
        chain_end: ChainEnd::Unknown,
        note: None,
    }
}

/// A slug made from a name, which no record has yet.
async fn free_slug(
    store: &Store,
    kind: RecordKind,
    name: &str,
    taken: &mut HashSet<(RecordKind, Slug)>,
    at: At,
) -> Result<Slug, StoreError> {
    let plain = Slug::parse(name).unwrap_or_else(|_| Slug::from_name(name));
    let stored = store.list_names(kind, &[plain.to_string()], at).await?;
    if !stored.contains_key(&folded(plain.as_str())) && taken.insert((kind, plain.clone())) {
        return Ok(plain);
    }
    let distinct = Slug::from_name_and_hash(name);
    taken.insert((kind, distinct.clone()));
    Ok(distinct)
}

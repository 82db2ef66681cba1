//! What claims are looked at beside, fetched once for many of them: their records, their neighbours, the texts that they quote.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::problem::ApiError;
use super::provenance::fetch_upstream;
use super::state::AppState;
use crate::analysis::findings::{Neighbours, Placed, Records, in_order, of_claim};
use crate::analysis::observation::{Observation, known_days};
use crate::analysis::provenance::sources_named;
use crate::domain::actor::Actor;
use crate::domain::claim::Claim;
use crate::domain::finding::Finding;
use crate::domain::history::{ClaimVersion, State};
use crate::domain::id::MetricKey;
use crate::domain::metric::{Metric, MetricKind};
use crate::domain::slug::Slug;
use crate::domain::source::Source;
use crate::domain::unit::Unit;
use crate::store::At;
use crate::store::claims::{Sort, SortKey};
use crate::store::filter::ClaimFilter;

/// Claims of one metric and one actor that are looked at, those about the newest times first.
const NEIGHBOURS_MAX: usize = 2_000;
/// Metrics that are parts or changes of one.
const RELATED_MAX: i64 = 50;
/// Claims beside one that are looked at for what concerns it, those nearest in time.
const BESIDE_MAX: usize = 300;
/// Sources that are kept from stretch to stretch.
const SOURCES_KEPT_MAX: usize = 20_000;
/// Claims of a cited source that are looked at for the one repeated.
const UPSTREAM_CLAIMS_MAX: i64 = 200;

/// One metric, of one actor or towards one counterpart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Around {
    Actor(Slug, Slug),
    Counterpart(Slug, Slug),
}

/// Everything that some claims are looked at beside.
#[derive(Debug, Default)]
pub struct Surroundings {
    metrics: HashMap<Slug, Metric>,
    actors: HashMap<Slug, Actor>,
    units: HashMap<Slug, Unit>,
    sources: HashMap<Slug, Source>,
    around: HashMap<Around, Vec<Placed>>,
    upstream: HashMap<(Slug, Slug), Vec<ClaimVersion>>,
    texts: HashMap<String, Option<String>>,
}

impl Surroundings {
    /// What these claims need.
    pub async fn of(state: &AppState, claims: &[ClaimVersion], at: At) -> Result<Self, ApiError> {
        let mut found = Self::default();
        found.turn_to(state, claims, at).await?;
        Ok(found)
    }

    /// Fetches what these claims need and the ones before did not; neighbours that only those needed are forgotten.
    pub async fn turn_to(&mut self, state: &AppState, claims: &[ClaimVersion], at: At) -> Result<(), ApiError> {
        let metrics = claims.iter().map(|version| version.claim.metric.clone()).collect();
        self.fetch_metrics(state, metrics, at).await?;
        let mut wanted: HashSet<Around> = claims.iter().flat_map(|version| self.wanted(&version.claim)).collect();
        self.around.retain(|around, _| wanted.remove(around));
        let mut fetched = Vec::new();
        for around in wanted {
            let neighbours = neighbours(state, &around, at).await?;
            fetched.push((around, neighbours));
        }
        if self.sources.len() > SOURCES_KEPT_MAX {
            self.sources = HashMap::new();
        }
        let kept = self.around.values().flatten().map(|placed| &placed.version);
        let all = || claims.iter().chain(fetched.iter().flat_map(|(_, all)| all));
        let named: Vec<Slug> = sources_named(all().chain(kept).map(|version| &version.claim)).into_iter().cloned().collect();
        self.fetch_units(state, claims.iter().chain(fetched.iter().flat_map(|(_, all)| all)), at).await?;
        self.fetch_sources(state, named, at).await?;
        self.fetch_actors_of_shares(state, claims, &fetched, at).await?;
        for (around, all) in fetched {
            let placed = |version: ClaimVersion| {
                let observation = Observation::of(&version.claim, self.units.get(&version.claim.value.unit));
                Placed { observation, version }
            };
            self.around.insert(around, in_order(all.into_iter().map(placed).collect()));
        }
        (self.upstream, self.texts) = (HashMap::new(), HashMap::new());
        for version in claims {
            self.fetch_cited(state, version, at).await?;
            self.fetch_text(state, version, at).await?;
        }
        Ok(())
    }

    /// What is to be said of one of these claims.
    pub fn findings_of(&self, version: &ClaimVersion) -> Vec<Finding> {
        let claim = &version.claim;
        let metric = self.metrics.get(&claim.metric);
        let beside = |slug: Option<&Slug>| {
            let around = slug.zip(claim.actor.as_ref()).map(|(metric, actor)| Around::Actor(metric.clone(), actor.clone()));
            around.and_then(|around| self.around.get(&around)).map(Vec::as_slice).unwrap_or_default()
        };
        let shares = claim.counterpart.as_ref().map(|other| Around::Counterpart(claim.metric.clone(), other.clone()));
        let cited = claim.citation.as_ref().and_then(|citation| citation.source.as_ref());
        let sha256 = claim.quote.as_ref().and_then(|quote| quote.document.as_ref());
        let neighbours = Neighbours {
            same: beside(Some(&claim.metric)),
            wholes: beside(metric.and_then(|metric| metric.part_of.as_ref())),
            levels: beside(metric.and_then(|metric| metric.change_of.as_ref())),
            shares: shares.and_then(|around| self.around.get(&around)).map(Vec::as_slice).unwrap_or_default(),
            upstream: cited
                .and_then(|cited| self.upstream.get(&(cited.clone(), claim.metric.clone())))
                .map(Vec::as_slice)
                .unwrap_or_default(),
            text: sha256.and_then(|sha256| self.texts.get(sha256)).and_then(Option::as_deref),
        };
        of_claim(version, self.records(), &neighbours)
    }

    fn records(&self) -> Records<'_> {
        Records { metrics: &self.metrics, actors: &self.actors, units: &self.units, sources: &self.sources, circles: &[] }
    }

    /// The claims of the same metric and actor, itself among them, and, of the same actor, its parts and changes: what a remark that concerns it
    /// may be about.
    pub async fn claims_beside(&self, state: &AppState, claim: &Claim, at: At) -> Result<Vec<ClaimVersion>, ApiError> {
        let mut found: Vec<ClaimVersion> = self.beside(claim).cloned().collect();
        let Some(actor) = &claim.actor else { return Ok(found) };
        let related = state.store.list_metrics_related_to(std::slice::from_ref(&claim.metric), RELATED_MAX, at).await?;
        for metric in related {
            found.extend(neighbours(state, &Around::Actor(metric.record.slug, actor.clone()), at).await?);
        }
        let last = |claim: &Claim| known_days(claim.period.as_ref()).map(|(_, last)| last);
        let own = last(claim);
        found.sort_by_key(|version| (own.zip(last(&version.claim)).map_or(i64::MAX, |(own, other)| (own - other).abs()), version.id));
        found.truncate(BESIDE_MAX);
        Ok(found)
    }

    /// The claims of the same metric and actor, itself among them.
    fn beside(&self, claim: &Claim) -> impl Iterator<Item = &ClaimVersion> {
        let around = claim.actor.as_ref().map(|actor| Around::Actor(claim.metric.clone(), actor.clone()));
        around.and_then(|around| self.around.get(&around)).into_iter().flatten().map(|placed| &placed.version)
    }

    fn wanted(&self, claim: &Claim) -> Vec<Around> {
        let metric = self.metrics.get(&claim.metric);
        let related = metric.into_iter().flat_map(|metric| [&metric.part_of, &metric.change_of]).flatten();
        let metrics = std::iter::once(&claim.metric).chain(related);
        let of_actor = metrics.filter_map(|metric| Some(Around::Actor(metric.clone(), claim.actor.clone()?)));
        let is_share = metric.is_some_and(|metric| metric.kind == MetricKind::Share) && claim.period.is_some();
        let of_counterpart =
            claim.counterpart.iter().filter(|_| is_share).map(|other| Around::Counterpart(claim.metric.clone(), other.clone()));
        of_actor.chain(of_counterpart).collect()
    }

    async fn fetch_metrics(&mut self, state: &AppState, slugs: BTreeSet<Slug>, at: At) -> Result<(), ApiError> {
        let missing = slugs.iter().filter(|slug| !self.metrics.contains_key(*slug)).map(ToString::to_string);
        let found = state.store.list_records_by_slug::<Metric>(missing.collect::<Vec<_>>(), at).await?;
        self.metrics.extend(found.into_iter().map(|found| (found.record.slug.clone(), found.record)));
        Ok(())
    }

    async fn fetch_units<'a>(&mut self, state: &AppState, claims: impl Iterator<Item = &'a ClaimVersion>, at: At) -> Result<(), ApiError> {
        let named: BTreeSet<&Slug> = claims.map(|version| &version.claim.value.unit).collect();
        let named: Vec<String> = named.into_iter().filter(|slug| !self.units.contains_key(*slug)).map(ToString::to_string).collect();
        let found = state.store.list_records_by_slug::<Unit>(named, at).await?;
        self.units.extend(found.into_iter().map(|found| (found.record.slug.clone(), found.record)));
        Ok(())
    }

    /// Those whose shares may be added up, and the ones whose whole that may be.
    async fn fetch_actors_of_shares(
        &mut self,
        state: &AppState,
        claims: &[ClaimVersion],
        fetched: &[(Around, Vec<ClaimVersion>)],
        at: At,
    ) -> Result<(), ApiError> {
        let shares = fetched.iter().filter(|(around, _)| matches!(around, Around::Counterpart(..))).flat_map(|(_, all)| all);
        let actors = shares.filter_map(|version| version.claim.actor.as_ref());
        let others = claims.iter().filter_map(|version| version.claim.counterpart.as_ref());
        let missing: BTreeSet<&Slug> = actors.chain(others).filter(|slug| !self.actors.contains_key(*slug)).collect();
        let missing: Vec<String> = missing.into_iter().map(ToString::to_string).collect();
        let found = state.store.list_records_by_slug::<Actor>(missing, at).await?;
        self.actors.extend(found.into_iter().map(|found| (found.record.slug.clone(), found.record)));
        Ok(())
    }

    /// The sources that claims name, all of them, and what these cite, as far as a walk goes.
    async fn fetch_sources(&mut self, state: &AppState, mut named: Vec<Slug>, at: At) -> Result<(), ApiError> {
        named.retain(|slug| !self.sources.contains_key(slug));
        let found = state.store.list_records_by_slug::<Source>(named.iter().map(ToString::to_string), at).await?;
        let cited = found.iter().flat_map(|found| found.record.citations.iter().map(|citation| citation.source.clone())).collect();
        self.sources.extend(found.into_iter().map(|found| (found.record.slug.clone(), found.record)));
        fetch_upstream(state, cited, &mut self.sources, at).await?;
        Ok(())
    }

    /// The claims that a claim may repeat.
    async fn fetch_cited(&mut self, state: &AppState, version: &ClaimVersion, at: At) -> Result<(), ApiError> {
        let claim = &version.claim;
        let Some(cited) = claim.citation.as_ref().and_then(|citation| citation.source.as_ref()) else { return Ok(()) };
        let key = (cited.clone(), claim.metric.clone());
        if let Entry::Vacant(entry) = self.upstream.entry(key) {
            let metric = MetricKey::of(&claim.metric);
            entry.insert(state.store.list_claims_of_source(cited.as_str(), metric, UPSTREAM_CLAIMS_MAX, at).await?);
        }
        Ok(())
    }

    /// The text that a claim's quote names.
    async fn fetch_text(&mut self, state: &AppState, version: &ClaimVersion, at: At) -> Result<(), ApiError> {
        let Some(sha256) = version.claim.quote.as_ref().and_then(|quote| quote.document.as_ref()) else { return Ok(()) };
        if !self.texts.contains_key(sha256) {
            let text = state.store.list_documents(sha256, at).await?.pop().map(|document| document.content);
            self.texts.insert(sha256.clone(), text);
        }
        Ok(())
    }
}

async fn neighbours(state: &AppState, around: &Around, at: At) -> Result<Vec<ClaimVersion>, ApiError> {
    let state_wanted = Some(vec![State::Accepted]);
    let filter = match around {
        Around::Actor(metric, actor) => ClaimFilter {
            metric: Some(vec![metric.clone()]),
            actor: Some(vec![actor.clone()]),
            state: state_wanted,
            ..ClaimFilter::default()
        },
        Around::Counterpart(metric, other) => ClaimFilter {
            metric: Some(vec![metric.clone()]),
            counterpart: Some(vec![other.clone()]),
            state: state_wanted,
            ..ClaimFilter::default()
        },
    };
    let sort = Sort { key: SortKey::PeriodStart, descending: true };
    Ok(state.store.list_claims(&filter, sort, None, NEIGHBOURS_MAX, at).await?.claims)
}

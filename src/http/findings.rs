//! Advisory remarks about claims and sources, computed from the state that is asked for.

use std::collections::{BTreeMap, HashMap};

use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Validators, json, link_next};
use super::claim_params::{basis, claim_filter};
use super::freshness::Reading;
use super::mutes::MuteView;
use super::paging::{Cursor, LIMIT_DEFAULT, next_link, request_hash, take_cursor, take_limit};
use super::params::{FindingParams, Query};
use super::problem::ApiError;
use super::provenance::fetch_upstream;
use super::state::AppState;
use super::surroundings::Surroundings;
use crate::analysis::findings::{Records, of_source};
use crate::analysis::provenance::{circles, sources_named};
use crate::domain::finding::{About, Code, Finding, Severity};
use crate::domain::history::ClaimVersion;
use crate::domain::id::ClaimId;
use crate::domain::invalid::Invalid;
use crate::domain::slug::Slug;
use crate::domain::source::Source;
use crate::exchange::fields::one_of;
use crate::store::At;
use crate::store::claims::{PageStart, Sort, SortKey};
use crate::store::filter::ClaimFilter;
use crate::store::mutes::MuteVersion;

/// Claims or sources that are looked at together.
const STRETCH: usize = 100;
/// Most claims and sources that are looked at for one page; a page may be short, or empty, and not the last.
const LOOKED_AT_MAX: usize = 10_000;
/// Most claims and sources that are looked at for a count.
const COUNTED_MAX: usize = 50_000;
/// Most claims that `claim` may name.
const CLAIMS_MAX: usize = 20;

/// A remark.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingView {
    /// Its code and what it is about; found again, it has the same one.
    #[schema(example = "date-mismatch:draudt-vejares-2019")]
    pub id: String,
    /// What it says.
    pub code: &'static str,
    /// `info` or `warning`.
    pub severity: &'static str,
    /// Why, in a sentence.
    pub why: String,
    /// Ids of the claims concerned, first the one that it is about.
    pub claims: Vec<String>,
    /// Slugs of the sources concerned; where no claim is, first the one that it is about.
    pub sources: Vec<String>,
    /// What somebody said of it, if anybody did.
    pub mute: Option<MuteView>,
    /// Where to look.
    pub url: String,
}

impl FindingView {
    fn new(finding: &Finding, mute: Option<&MuteVersion>) -> Self {
        let claims: Vec<String> = finding.claims.iter().map(ToString::to_string).collect();
        let sources: Vec<String> = finding.sources.iter().map(ToString::to_string).collect();
        let of_source = || sources.first().map(|slug| format!("/v1/sources/{slug}"));
        let url = claims.first().map(|id| format!("/v1/claims/{id}")).or_else(of_source).unwrap_or_default();
        let (code, severity) = (finding.code.as_str(), finding.severity.as_str());
        Self { id: finding.id(), code, severity, why: finding.why.clone(), claims, sources, mute: mute.map(MuteView::new), url }
    }
}

/// What a list of findings says about itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingsMeta {
    /// The state that the findings were computed from.
    pub snapshot: i64,
    /// The state up to which findings were computed: the same, for none are kept from before.
    pub computed_to: i64,
    /// Findings in this answer.
    pub returned: usize,
    /// Claims and sources that were looked at for it.
    pub looked_at: usize,
    /// With `include=count`: how many findings there are of each code on all pages; null where there is too much to look at.
    #[schema(value_type = Option<Object>)]
    pub counts: Option<BTreeMap<&'static str, usize>>,
}

/// Findings, as the documentation shows them.
#[derive(Serialize, ToSchema)]
pub struct FindingsAnswer {
    data: Vec<FindingView>,
    meta: FindingsMeta,
    links: Links,
}

/// Where a page begins: after something that was looked at, and after so many findings of the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Place {
    Claims { after: Option<ClaimId>, skip: usize },
    Sources { after: Option<String>, skip: usize },
}

/// Which findings are meant, of those that the claims and sources have.
struct Wanted {
    /// Only muted ones, or only others; all where it does not matter.
    muted: Option<bool>,
    codes: Option<Vec<Code>>,
    severities: Option<Vec<Severity>>,
    claims: Option<Vec<ClaimId>>,
}

impl Wanted {
    fn read(query: &mut Query) -> Self {
        let muted = query.parsed("muted", |text| match text {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            "all" => Ok(None),
            _ => Err(Invalid::new("invalid-parameter", "", "must be true, false or all")),
        });
        let wanted = Self {
            muted: muted.unwrap_or(Some(false)),
            codes: query.parsed_list("code", |text| one_of(text, Code::ALL, Code::as_str)),
            severities: query.parsed_list("severity", |text| one_of(text, &Severity::ALL, Severity::as_str)),
            claims: query.parsed_list("claim", ClaimId::parse),
        };
        if wanted.claims.as_ref().is_some_and(|claims| claims.len() > CLAIMS_MAX) {
            query.fault("claim", format!("names more than {CLAIMS_MAX} claims"));
        }
        wanted
    }

    fn admits(&self, finding: &Finding, is_muted: bool) -> bool {
        self.muted.is_none_or(|wanted| wanted == is_muted)
            && self.codes.as_ref().is_none_or(|codes| codes.contains(&finding.code))
            && self.severities.as_ref().is_none_or(|severities| severities.contains(&finding.severity))
            && self.claims.as_ref().is_none_or(|ids| finding.claims.is_empty() || finding.claims.iter().any(|id| ids.contains(id)))
    }
}

/// Remarks of the checks: about the claims that the filters choose, then, unless a filter is one of claims alone, about the sources.
#[utoipa::path(get, path = "/v1/findings", operation_id = "list_findings", tag = "figures", params(FindingParams),
    responses((status = 200, description = "A page; it may be short and not the last", body = FindingsAnswer)))]
pub async fn list_findings(Reading(state): Reading, asked: Asked) -> Result<Response, ApiError> {
    let mut query = Query::read(asked.query(), FindingParams::TABLES);
    let request = request_hash(asked.path(), asked.query());
    let cursor: Option<Cursor<Place>> = take_cursor(&mut query, &request);
    let basis = basis(&state, &mut query, cursor.as_ref().map(|cursor| cursor.pinned)).await?;
    let filter = claim_filter(&state, &mut query, basis.at).await?;
    let wanted = Wanted::read(&mut query);
    if wanted.claims.is_some() && (ClaimFilter { state: filter.state.clone(), ..ClaimFilter::default() } != filter || cursor.is_some()) {
        query.fault("claim", "cannot be combined with other filters of claims than state, nor with a cursor");
    }
    let asks_count = query.parsed_list("include", |text| one_of(text, &["count"], |word| word)).is_some();
    let limit = take_limit(&mut query);
    if wanted.claims.is_some() && limit.is_some() {
        query.fault("limit", "does not apply where claims are named: what concerns them stands on one page");
    }
    let limit = if wanted.claims.is_some() { usize::MAX } else { limit.unwrap_or(LIMIT_DEFAULT) };
    query.finish()?;
    let validators = Validators::of_state(&asked, "envelope", basis.at, basis.reached_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let begin = || Place::Claims { after: None, skip: 0 };
    let counts = if asks_count { counts(&state, &filter, &wanted, basis.at).await? } else { None };
    let mut walk = Walk::new(&state, &filter, &wanted, (limit, LOOKED_AT_MAX), basis.at);
    let next = match &wanted.claims {
        Some(ids) => walk.of_claims(ids).await?,
        None => walk.from(cursor.map_or_else(begin, |cursor| cursor.after)).await?,
    };
    let next = next.map(|after| next_link(asked.path(), asked.query(), &Cursor::new(basis, &request, after).encode()));
    let data: Vec<FindingView> = walk.found.iter().map(|finding| FindingView::new(finding, walk.mutes.get(&finding.id()))).collect();
    let meta = FindingsMeta { snapshot: basis.at.0, computed_to: basis.at.0, returned: data.len(), looked_at: walk.looked_at, counts };
    let links = Links { itself: asked.uri.to_string(), next: next.clone() };
    let mut response = json(&Envelope { data, meta, links }, &validators)?;
    link_next(&mut response, next.as_deref());
    Ok(response)
}

/// How many findings there are of each code on all pages; nothing where there is too much to look at.
async fn counts(
    state: &AppState,
    filter: &ClaimFilter,
    wanted: &Wanted,
    at: At,
) -> Result<Option<BTreeMap<&'static str, usize>>, ApiError> {
    let mut walk = Walk::new(state, filter, wanted, (usize::MAX, COUNTED_MAX), at);
    let rest = match &wanted.claims {
        Some(ids) => walk.of_claims(ids).await?,
        None => walk.from(Place::Claims { after: None, skip: 0 }).await?,
    };
    let mut counts = BTreeMap::new();
    for finding in &walk.found {
        *counts.entry(finding.code.as_str()).or_default() += 1;
    }
    Ok(rest.is_none().then_some(counts))
}

/// A way through claims and then sources, until a page is full or long enough.
struct Walk<'a> {
    state: &'a AppState,
    filter: &'a ClaimFilter,
    wanted: &'a Wanted,
    /// Most findings.
    limit: usize,
    /// Most things that are looked at.
    look_max: usize,
    at: At,
    around: Surroundings,
    mutes: HashMap<String, MuteVersion>,
    found: Vec<Finding>,
    looked_at: usize,
}

impl<'a> Walk<'a> {
    fn new(state: &'a AppState, filter: &'a ClaimFilter, wanted: &'a Wanted, (limit, look_max): (usize, usize), at: At) -> Self {
        let (around, mutes) = (Surroundings::default(), HashMap::new());
        Self { state, filter, wanted, limit, look_max, at, around, mutes, found: Vec::new(), looked_at: 0 }
    }

    /// Goes on from a place; where the next page begins, unless this one is the last.
    async fn from(&mut self, place: Place) -> Result<Option<Place>, ApiError> {
        let mut place = place;
        while self.looked_at < self.look_max {
            let next = match place {
                Place::Claims { after, skip } => self.claims(after, skip).await?,
                Place::Sources { after, skip } => self.sources(after, skip).await?,
            };
            let Some(next) = next else { return Ok(None) };
            place = next;
            if self.found.len() >= self.limit {
                break;
            }
        }
        Ok(Some(place))
    }

    /// Takes the findings of one thing that was looked at; how many are taken in all, when the page is full before their end.
    fn take(&mut self, findings: Vec<Finding>, skip: usize) -> Option<usize> {
        let is_muted = |finding: &Finding| self.mutes.get(&finding.id()).is_some_and(|found| holds(found, finding));
        let wanted: Vec<Finding> = findings.into_iter().filter(|finding| self.wanted.admits(finding, is_muted(finding))).collect();
        let room = self.limit.saturating_sub(self.found.len());
        let (count, begin) = (wanted.len(), skip.min(wanted.len()));
        let end = begin.saturating_add(room).min(count);
        self.found.extend(wanted.into_iter().take(end).skip(begin));
        (end < count).then_some(end)
    }

    async fn claims(&mut self, after: Option<ClaimId>, skip: usize) -> Result<Option<Place>, ApiError> {
        let start = after.map(|id| PageStart { id, value: None });
        let sort = Sort { key: SortKey::Id, descending: false };
        let page = self.state.store.list_claims(self.filter, sort, start.as_ref(), STRETCH, self.at).await?;
        self.around.turn_to(self.state, &page.claims, self.at).await?;
        let mut findings = Vec::with_capacity(page.claims.len());
        for version in &page.claims {
            findings.push(self.around.findings_of(version));
            // Others wait for the same processors.
            tokio::task::yield_now().await;
        }
        self.fetch_mutes(findings.iter().flatten()).await?;
        let (mut after, mut skip) = (after, skip);
        for (version, findings) in page.claims.iter().zip(findings) {
            if let Some(taken) = self.take(findings, skip) {
                return Ok(Some(Place::Claims { after, skip: taken }));
            }
            (after, skip) = (Some(version.id), 0);
            self.looked_at += 1;
        }
        let sources = || self.looks_at_sources().then_some(Place::Sources { after: None, skip: 0 });
        Ok(if page.next.is_some() { Some(Place::Claims { after, skip: 0 }) } else { sources() })
    }

    /// Sources are looked at unless something narrows that only claims have.
    fn looks_at_sources(&self) -> bool {
        let ClaimFilter { state, source, .. } = self.filter.clone();
        *self.filter == ClaimFilter { source, state, ..ClaimFilter::default() }
    }

    async fn sources(&mut self, after: Option<String>, skip: usize) -> Result<Option<Place>, ApiError> {
        let (store, limit) = (&self.state.store, i64::try_from(STRETCH).unwrap_or(i64::MAX));
        let mut page = match &self.filter.source {
            Some(slugs) => {
                let later = slugs.iter().map(ToString::to_string).filter(|slug| after.as_ref().is_none_or(|after| slug > after));
                store.list_records_by_slug::<Source>(later.collect::<Vec<_>>(), self.at).await?
            }
            None => store.list_records::<Source>(None, after.as_deref(), limit, self.at).await?,
        };
        page.sort_by(|a, b| a.record.slug.cmp(&b.record.slug));
        let sources: Vec<Source> = page.into_iter().map(|found| found.record).collect();
        let upstream = self.upstream(&sources).await?;
        let circles = circles(&upstream);
        let findings: Vec<Vec<Finding>> = sources.iter().map(|source| source_findings(source, &upstream, &circles)).collect();
        self.fetch_mutes(findings.iter().flatten()).await?;
        let (mut after, mut skip) = (after, skip);
        for (source, findings) in sources.iter().zip(findings) {
            if let Some(taken) = self.take(findings, skip) {
                return Ok(Some(Place::Sources { after, skip: taken }));
            }
            (after, skip) = (Some(source.slug.to_string()), 0);
            self.looked_at += 1;
        }
        let may_be_more = self.filter.source.is_none() && sources.len() >= STRETCH;
        Ok(may_be_more.then_some(Place::Sources { after, skip: 0 }))
    }

    /// What was said of findings.
    async fn fetch_mutes(&mut self, findings: impl Iterator<Item = &Finding>) -> Result<(), ApiError> {
        let ids: Vec<String> = findings.map(Finding::id).collect();
        self.mutes.extend(self.state.store.list_mutes(&ids, self.at).await?);
        Ok(())
    }

    async fn upstream(&self, sources: &[Source]) -> Result<HashMap<Slug, Source>, ApiError> {
        let mut found = HashMap::new();
        fetch_upstream(self.state, sources.iter().map(|source| source.slug.clone()).collect(), &mut found, self.at).await?;
        Ok(found)
    }

    /// Everything that concerns some claims: remarks about them, about their neighbours beside them, and about their sources.
    async fn of_claims(&mut self, ids: &[ClaimId]) -> Result<Option<Place>, ApiError> {
        let asked = self.state.store.list_claims_by_id(ids, self.at).await?;
        let asked: Vec<ClaimVersion> =
            asked.into_iter().filter(|version| self.filter.state.as_ref().is_none_or(|states| states.contains(&version.state))).collect();
        let mut around = Surroundings::of(self.state, &asked, self.at).await?;
        let mut all = asked.clone();
        for version in &asked {
            all.extend(around.claims_beside(self.state, &version.claim, self.at).await?);
        }
        all.sort_by_key(|version| version.id);
        all.dedup_by_key(|version| version.id);
        around.turn_to(self.state, &all, self.at).await?;
        let mut findings: Vec<Finding> = all.iter().flat_map(|version| around.findings_of(version)).collect();
        let named: Vec<String> = sources_named(asked.iter().map(|version| &version.claim)).into_iter().map(ToString::to_string).collect();
        let found = self.state.store.list_records_by_slug::<Source>(named, self.at).await?;
        let mut sources: Vec<Source> = found.into_iter().map(|found| found.record).collect();
        sources.sort_by(|a, b| a.slug.cmp(&b.slug));
        let upstream = self.upstream(&sources).await?;
        let circles = circles(&upstream);
        // A circle is told of its first source, which may be another one.
        let walked = circles.iter().flatten().filter_map(|slug| upstream.get(slug)).filter(|source| !sources.contains(source));
        findings.extend(sources.iter().chain(walked).flat_map(|source| source_findings(source, &upstream, &circles)));
        self.looked_at = all.len() + sources.len();
        self.fetch_mutes(findings.iter()).await?;
        self.take(findings, 0);
        Ok(None)
    }
}

/// What is to be said of each of these claims, as it is shown; muted remarks are left out.
pub async fn shown_of(state: &AppState, claims: &[ClaimVersion], at: At) -> Result<Vec<Vec<FindingView>>, ApiError> {
    let around = Surroundings::of(state, claims, at).await?;
    let found: Vec<Vec<Finding>> = claims.iter().map(|version| around.findings_of(version)).collect();
    let ids: Vec<String> = found.iter().flatten().map(Finding::id).collect();
    let mutes = state.store.list_mutes(&ids, at).await?;
    let mute = |finding: &Finding| mutes.get(&finding.id());
    let shown = |finding: &Finding| !mute(finding).is_some_and(|found| holds(found, finding));
    let view =
        |findings: Vec<Finding>| findings.iter().filter(|finding| shown(finding)).map(|one| FindingView::new(one, mute(one))).collect();
    Ok(found.into_iter().map(view).collect())
}

/// Whether a mute still holds: the finding says what it said when it was muted.
fn holds(found: &MuteVersion, finding: &Finding) -> bool {
    found.mute.muted && found.mute.why.as_ref().is_none_or(|why| *why == finding.why)
}

/// What a check finds about a claim or a source, at a state.
pub async fn found_again(state: &AppState, code: Code, about: &About, at: At) -> Result<Option<Finding>, ApiError> {
    let found = match about {
        About::Claim(id) => match state.store.find_claim(*id, at).await? {
            Some(version) => Surroundings::of(state, std::slice::from_ref(&version), at).await?.findings_of(&version),
            None => Vec::new(),
        },
        About::Source(slug) => {
            let mut upstream = HashMap::new();
            fetch_upstream(state, vec![slug.clone()], &mut upstream, at).await?;
            upstream.get(slug).map(|source| source_findings(source, &upstream, &circles(&upstream))).unwrap_or_default()
        }
    };
    Ok(found.into_iter().find(|finding| finding.code == code))
}

fn source_findings(source: &Source, upstream: &HashMap<Slug, Source>, circles: &[Vec<Slug>]) -> Vec<Finding> {
    let none = (HashMap::new(), HashMap::new(), HashMap::new());
    of_source(source, Records { metrics: &none.0, actors: &none.1, units: &none.2, sources: upstream, circles })
}

//! What the sources say about one observation, and whether they agree.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Asked, Envelope, Links, Validators, json, text};
use super::claim_params::{Basis, basis, claim_filter};
use super::comparison_view::{ComparisonView, Shown};
use super::drawn::{SVG, of_comparison};
use super::freshness::Reading;
use super::params::{CompareParams, Query};
use super::problem::ApiError;
use super::provenance::fetch_upstream;
use super::state::AppState;
use crate::analysis::agreement::GROUPS_MAX;
use crate::analysis::comparison::{Comparison, Facts, PAIRS_CLAIMS_MAX, Terms, compare};
use crate::analysis::currency::{RateRule, Rates};
use crate::analysis::implied::{Implied, implied};
use crate::analysis::observation::known_days;
use crate::analysis::provenance::{independence, sources_named};
use crate::domain::catalog::Catalog;
use crate::domain::claim::Claim;
use crate::domain::folding::folded;
use crate::domain::history::ClaimVersion;
use crate::domain::metric::Metric;
use crate::domain::mode::Mode;
use crate::domain::period::{DAY_MAX, DAY_MIN, Period};
use crate::domain::provenance::Independence;
use crate::domain::quantity::ValueDomain;
use crate::domain::record::RecordKind;
use crate::domain::slug::Slug;
use crate::domain::unit::Unit;
use crate::exchange::chart::rows;
use crate::exchange::fields::one_of;
use crate::ingest::names::{Meaning, meanings};
use crate::store::At;
use crate::store::claims::{Sort, SortKey};
use crate::store::filter::{ClaimFilter, DayRange, PeriodMatch};
use crate::store::rates::RateFilter;

/// Claims that are looked at, those about the newest times first.
const CLAIMS_MAX: usize = 2_000;
/// Levels, and changes, from which other times are implied.
const IMPLYING_MAX: usize = 200;
/// Implied values that are told.
const IMPLIED_MAX: usize = 200;
/// Metrics that are changes or parts of the compared one.
const CHANGES_MAX: i64 = 50;
/// Exchange rates that are looked at: more than all currencies of a central bank over ten years.
const RATES_MAX: usize = 150_000;

/// What a comparison says about itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompareMeta {
    /// The state that the answer was computed from.
    pub snapshot: i64,
    /// Claims that were chosen by the filters and looked at.
    pub considered: usize,
    /// Whether there are more claims, rates, groups or implied values than are looked at or told, or too many claims for every pair.
    pub truncated: bool,
}

/// A comparison, as the documentation shows it.
#[derive(Serialize, ToSchema)]
pub struct CompareAnswer {
    data: ComparisonView,
    meta: CompareMeta,
    links: Links,
}

/// Which claims are meant beyond what the database filters by.
#[derive(Debug, Default)]
struct Narrowing {
    period: Option<Period>,
    denominator: Option<String>,
    scope: BTreeMap<String, String>,
}

impl Narrowing {
    fn admits(&self, claim: &Claim) -> bool {
        self.is_of_period(claim) && self.is_of_series(claim)
    }

    /// The database looks for these days too, unless it looks for others beside.
    fn is_of_period(&self, claim: &Claim) -> bool {
        self.period.as_ref().is_none_or(|wanted| claim.period.as_ref().map(Period::days) == Some(wanted.days()))
    }

    fn is_of_series(&self, claim: &Claim) -> bool {
        let of = claim.value.denominator.as_deref().map(folded);
        self.denominator.as_ref().is_none_or(|wanted| of.as_ref() == Some(wanted))
            && self.scope.iter().all(|(key, value)| claim.scope.get(key) == Some(value))
    }
}

/// What the sources say about one observation, and whether they agree; `metric` and `actor` are required. Of several observations among
/// the claims, the one with the most is compared.
#[utoipa::path(get, path = "/v1/compare", operation_id = "compare_claims", tag = "figures", params(CompareParams),
    responses((status = 200, description = "The comparison", body = CompareAnswer)))]
pub async fn compare_claims(Reading(state): Reading, asked: Asked) -> Result<Response, ApiError> {
    let question = Question::read(&state, &asked).await?;
    let validators = Validators::of_state(&asked, "envelope", question.basis.at, question.basis.reached_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let at = question.basis.at;
    let Answered { claims, gathered, found, is_cut } = question.answer(&state).await?;
    let independence = independent(&state, &claims, &found, at).await?;
    let (implied, is_implied_cut) = implied_by(&state, &question, &gathered).await?;
    let many = claims.len() > PAIRS_CLAIMS_MAX || found.groups.len() >= GROUPS_MAX;
    let truncated = is_cut || many || gathered.is_cut || is_implied_cut;
    let meta = CompareMeta { snapshot: at.0, considered: claims.len(), truncated };
    let mode = question.terms.mode;
    let shown = Shown { claims: &claims, catalog: &gathered.catalog, mode, period: question.narrowing.period.as_ref() };
    let data = ComparisonView::new(found, independence, &implied, &shown);
    json(&Envelope { data, meta, links: Links::to_self(&asked) }, &validators)
}

/// The same, drawn: each compared claim a dot with its interval, those that agree alike, what they agree on a band.
#[utoipa::path(get, path = "/v1/compare.svg", operation_id = "draw_comparison", tag = "figures", params(CompareParams),
    responses((status = 200, description = "The drawing", body = String, content_type = "image/svg+xml")))]
pub async fn draw_comparison(Reading(state): Reading, asked: Asked) -> Result<Response, ApiError> {
    let question = Question::read(&state, &asked).await?;
    let validators = Validators::of_state(&asked, "svg", question.basis.at, question.basis.reached_at);
    if let Some(response) = validators.not_modified(&asked) {
        return Ok(response);
    }
    let Answered { claims, gathered, found, .. } = question.answer(&state).await?;
    Ok(text(rows(&of_comparison(&found, &claims, &gathered.catalog)), SVG, &validators))
}

/// What is asked.
struct Question {
    basis: Basis,
    filter: ClaimFilter,
    narrowing: Narrowing,
    terms: Terms,
}

/// The claims that were chosen, what they refer to, and how they compare.
struct Answered {
    claims: Vec<ClaimVersion>,
    gathered: Gathered,
    found: Comparison,
    /// Whether there are more claims.
    is_cut: bool,
}

impl Question {
    async fn read(state: &AppState, asked: &Asked) -> Result<Self, ApiError> {
        let mut query = Query::read(asked.query(), CompareParams::TABLES);
        let basis = basis(state, &mut query, None).await?;
        let mut filter = claim_filter(state, &mut query, basis.at).await?;
        for (name, given) in [("metric", filter.metric.is_some()), ("actor", filter.actor.is_some())] {
            if !given {
                query.fault(name, "is required: claims about one thing are compared");
            }
        }
        let narrowing = narrowing(&mut query, &mut filter);
        let terms = terms(state, &mut query, basis.at).await?;
        query.finish()?;
        Ok(Self { basis, filter, narrowing, terms })
    }

    async fn answer(&self, state: &AppState) -> Result<Answered, ApiError> {
        let at = self.basis.at;
        let (claims, is_cut) = newest(state, &self.filter, CLAIMS_MAX, at).await?;
        let claims: Vec<ClaimVersion> = claims.into_iter().filter(|version| self.narrowing.admits(&version.claim)).collect();
        let gathered = Gathered::of(state, &claims, &self.terms, at).await?;
        let found = gathered.compare(&claims, &self.terms);
        Ok(Answered { claims, gathered, found, is_cut })
    }
}

fn narrowing(query: &mut Query, filter: &mut ClaimFilter) -> Narrowing {
    let period = query.parsed("period", Period::parse);
    if let Some(period) = &period {
        let (from, to) = period.days();
        filter.period.get_or_insert(DayRange { from, to, matching: PeriodMatch::Equals });
    }
    Narrowing { period, denominator: query.one("denominator").map(|of| folded(&of)), scope: query.keyed("scope.{key}") }
}

async fn terms(state: &AppState, query: &mut Query, at: At) -> Result<Terms, ApiError> {
    let mode = query.parsed("mode", |text| one_of(text, &Mode::ALL, Mode::as_str)).unwrap_or_default();
    let rate_rule = query.parsed("rate_rule", |text| one_of(text, &RateRule::ALL, RateRule::as_str));
    let convert_to = match query.one("convert_to") {
        Some(name) => {
            let unit = named_unit(state, &name, at).await?;
            if unit.is_none() {
                query.fault(
                    "convert_to",
                    format!("'{}' is no unit or currency that is recorded", name.chars().take(100).collect::<String>()),
                );
            }
            unit
        }
        None => None,
    };
    Ok(Terms { mode, convert_to, rate_rule })
}

async fn named_unit(state: &AppState, name: &str, at: At) -> Result<Option<Unit>, ApiError> {
    let found = meanings(&state.store, RecordKind::Unit, vec![name.to_string()], at).await?.remove(name);
    let Some(Meaning::One(slug)) = found else { return Ok(None) };
    Ok(state.store.find_record::<Unit>(&slug, at).await?.map(|found| found.record))
}

/// Claims about the newest times, and whether there are more.
async fn newest(state: &AppState, filter: &ClaimFilter, limit: usize, at: At) -> Result<(Vec<ClaimVersion>, bool), ApiError> {
    let sort = Sort { key: SortKey::PeriodStart, descending: true };
    let page = state.store.list_claims(filter, sort, None, limit, at).await?;
    Ok((page.claims, page.next.is_some()))
}

/// The records and rates that claims refer to.
struct Gathered {
    catalog: Catalog,
    metrics: HashMap<Slug, Metric>,
    units: HashMap<Slug, Unit>,
    rates: Rates,
    /// Whether there are more rates than were looked at.
    is_cut: bool,
}

impl Gathered {
    async fn of(state: &AppState, claims: &[ClaimVersion], terms: &Terms, at: At) -> Result<Self, ApiError> {
        let catalog = state.store.catalog_of(claims, at).await?;
        let metrics = catalog.metrics.iter().map(|(slug, found)| (slug.clone(), found.record.clone())).collect();
        let named: BTreeSet<&Slug> = claims.iter().map(|version| &version.claim.value.unit).collect();
        let found = state.store.list_records_by_slug::<Unit>(named.into_iter().map(ToString::to_string), at).await?;
        let units: HashMap<Slug, Unit> = found.into_iter().map(|found| (found.record.slug.clone(), found.record)).collect();
        let (rates, is_cut) = rates_between(state, claims, &units, terms, at).await?;
        Ok(Self { catalog, metrics, units, rates, is_cut })
    }

    fn compare(&self, claims: &[ClaimVersion], terms: &Terms) -> Comparison {
        let sources = self.catalog.sources.iter().map(|(slug, found)| (slug.clone(), found.record.clone())).collect();
        compare(claims, Facts { metrics: &self.metrics, units: &self.units, sources: &sources, rates: &self.rates }, terms)
    }
}

/// The rates that can matter, if there is more than one currency at all, and whether there are more than are looked at.
async fn rates_between(
    state: &AppState,
    claims: &[ClaimVersion],
    units: &HashMap<Slug, Unit>,
    terms: &Terms,
    at: At,
) -> Result<(Rates, bool), ApiError> {
    let money = units.values().chain(&terms.convert_to).filter(|unit| unit.dimension == "currency");
    let currencies: BTreeSet<&Slug> = money.map(|unit| &unit.base).collect();
    let days = claims.iter().filter_map(|version| known_days(version.claim.period.as_ref()));
    let closed = days.filter(|(first, last)| *first > DAY_MIN && *last < DAY_MAX);
    let span = closed.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let Some(span) = span.filter(|_| currencies.len() > 1) else { return Ok((Rates::default(), false)) };
    let wanted: Vec<Slug> = currencies.into_iter().cloned().collect();
    let days = Some(Rates::days_wanted(span));
    let direct = RateFilter { base: Some(wanted.clone()), quote: Some(wanted.clone()), either: None, days };
    let mut found = state.store.list_rates(&direct, None, RATES_MAX, at).await?;
    let pairs: BTreeSet<(&Slug, &Slug)> = found.iter().map(|found| (&found.rate.base, &found.rate.quote)).collect();
    if !are_linked(&wanted, &pairs) {
        // A third currency may lead from one to another.
        let across = RateFilter { either: Some(wanted), days, ..RateFilter::default() };
        found = state.store.list_rates(&across, None, RATES_MAX, at).await?;
    }
    let is_cut = found.len() >= RATES_MAX;
    Ok((Rates::new(found.into_iter().map(|found| found.rate)), is_cut))
}

/// Whether pairs lead from each of some currencies to every other.
fn are_linked(currencies: &[Slug], pairs: &BTreeSet<(&Slug, &Slug)>) -> bool {
    let mut reached: BTreeSet<&Slug> = currencies.first().into_iter().collect();
    loop {
        let before = reached.len();
        for (base, quote) in pairs {
            if reached.contains(base) || reached.contains(quote) {
                reached.extend([*base, *quote]);
            }
        }
        if reached.len() == before {
            return currencies.iter().all(|currency| reached.contains(currency));
        }
    }
}

/// How many independent origins stand behind the compared claims.
async fn independent(state: &AppState, claims: &[ClaimVersion], found: &Comparison, at: At) -> Result<Option<Independence>, ApiError> {
    let compared: Vec<&ClaimVersion> = found.compared.iter().filter_map(|(place, _)| claims.get(*place)).collect();
    let begin = sources_named(compared.iter().map(|version| &version.claim)).into_iter().cloned().collect();
    let mut sources = HashMap::new();
    let truncated = fetch_upstream(state, begin, &mut sources, at).await?;
    Ok(independence(compared, &sources, truncated))
}

/// What levels and changes of the same series tell of the time that was asked for, or of all times.
async fn implied_by(state: &AppState, question: &Question, gathered: &Gathered) -> Result<(Vec<Implied>, bool), ApiError> {
    let Question { basis, filter, narrowing, terms } = question;
    let (mode, at) = (terms.mode, basis.at);
    let levels = filter.metric.clone().unwrap_or_default();
    let mut changes = state.store.list_metrics_related_to(&levels, CHANGES_MAX, at).await?;
    changes.retain(|found| found.record.change_of.as_ref().is_some_and(|level| levels.contains(level)));
    if changes.is_empty() {
        return Ok((Vec::new(), false));
    }
    let of_level = ClaimFilter { period: None, ..filter.clone() };
    let changing = changes.iter().map(|found| found.record.slug.clone()).collect();
    let of_change =
        ClaimFilter { metric: Some(changing), unit: None, currency: None, value: None, comparator: None, period: None, ..filter.clone() };
    let (levels, _) = newest(state, &of_level, IMPLYING_MAX, at).await?;
    let (moves, _) = newest(state, &of_change, IMPLYING_MAX, at).await?;
    let mut found = Vec::new();
    for change in &changes {
        let level = change.record.change_of.as_ref();
        let moves: Vec<&ClaimVersion> = moves.iter().filter(|version| version.claim.metric == change.record.slug).collect();
        let levels: Vec<&ClaimVersion> =
            levels.iter().filter(|version| Some(&version.claim.metric) == level && narrowing.is_of_series(&version.claim)).collect();
        let domain = domain_of(&levels, gathered);
        found.extend(implied(&levels, &moves, mode, &domain));
    }
    let wanted = narrowing.period.as_ref().map(Period::days);
    found.retain(|implied| wanted.is_none_or(|days| implied.period.days() == days));
    let is_cut = found.len() > IMPLIED_MAX;
    found.truncate(IMPLIED_MAX);
    Ok((found, is_cut))
}

/// The values that levels can take, where they are all in one unit that is known; else any.
fn domain_of(levels: &[&ClaimVersion], gathered: &Gathered) -> ValueDomain {
    let first = levels.first().map(|version| &version.claim);
    let known = first.and_then(|claim| Some((gathered.metrics.get(&claim.metric)?, gathered.units.get(&claim.value.unit)?)));
    let one_unit = levels.iter().all(|version| first.is_some_and(|first| first.value.unit == version.claim.value.unit));
    known.filter(|_| one_unit).map_or(ValueDomain::Unbounded, |(metric, unit)| metric.value_domain(unit))
}

//! A claim in the envelope form: everything that is known of it, every key always there.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::catalog::Catalog;
use crate::domain::decimal::Decimal;
use crate::domain::history::ClaimVersion;
use crate::domain::interval::End;
use crate::domain::period::Period;
use crate::domain::quantity::Quantity;
use crate::domain::slug::Slug;

/// A JSON number beside an exact text: whole where the number is whole, and never NaN.
#[derive(Debug, Clone, Copy, PartialEq, ToSchema)]
#[schema(value_type = f64)]
pub struct PlainNumber(f64);

/// Whole numbers up to here are exact as binary floats.
const EXACT_WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

impl From<&Decimal> for PlainNumber {
    fn from(number: &Decimal) -> Self {
        Self(number.to_f64())
    }
}

impl Serialize for PlainNumber {
    #[expect(clippy::cast_possible_truncation, reason = "only whole numbers within the exact range are cast")]
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() <= EXACT_WHOLE_MAX {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

/// A claim.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClaimView {
    /// Public id.
    #[schema(example = "clm_3q5rq4h8b2c1k0d9f7g6s5t4u3v2a1b0c9d8")]
    pub id: String,
    /// Counts from 1.
    pub version: i64,
    /// `candidate`, `accepted`, `rejected`, `retracted` or `superseded`.
    pub state: &'static str,
    /// `preferred`, `normal` or `deprecated`.
    pub rank: &'static str,
    /// What is measured.
    pub metric: MetricLabel,
    /// Whom the number is about.
    pub actor: Option<ActorLabel>,
    /// The other side of a two-sided figure.
    pub counterpart: Option<ActorLabel>,
    /// The number.
    pub value: ValueView,
    /// The time the number is about.
    pub period: Option<PeriodView>,
    /// The time against which a change is measured.
    pub base_period: Option<PeriodView>,
    /// Standing of the number.
    pub status: Vec<&'static str>,
    /// How far promised money has come.
    pub stage: Option<&'static str>,
    /// What narrows the number further.
    pub scope: BTreeMap<String, String>,
    /// Who asserts the number, if the text names one.
    pub speaker: Option<String>,
    /// The words that weaken it.
    pub cue: Option<String>,
    /// The publication in which it stands.
    pub source: Option<SourceLabel>,
    /// The exact words.
    pub quote: Option<QuoteView>,
    /// The text's own reference.
    pub citation: Option<CitationView>,
    /// Where in the source.
    pub locator: Option<String>,
    /// What its recorder found worth saying.
    pub note: Option<String>,
    /// When this version was stored (RFC 3339, UTC).
    pub recorded_at: String,
    /// Who stored it.
    pub recorded_by: String,
    /// Why this version exists.
    pub cause: String,
    /// What its recorder said about it.
    pub reason: Option<String>,
    /// The claim that replaced it.
    pub superseded_by: Option<String>,
    /// Where to go from here.
    pub links: ClaimLinks,
}

/// A metric beside its name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MetricLabel {
    /// Slug.
    pub slug: String,
    /// Name for people.
    pub label: String,
    /// Which arithmetic holds.
    pub kind: Option<&'static str>,
    /// Dimension of its units.
    pub dimension: Option<String>,
}

/// An actor beside its name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActorLabel {
    /// Slug.
    pub slug: String,
    /// Name for people.
    pub name: String,
}

/// A source beside what identifies it to people.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SourceLabel {
    /// Slug.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Who printed it.
    pub publisher: Option<String>,
    /// When it was printed (EDTF).
    pub published: Option<String>,
    /// Where it is to be found.
    pub url: Option<String>,
}

/// A number as printed beside the number as understood.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ValueView {
    /// The printed words.
    pub original: Option<String>,
    /// How the printed number relates to the quantity.
    pub comparator: &'static str,
    /// The printed number.
    pub best: Option<PlainNumber>,
    /// The same, exactly.
    pub best_exact: Option<String>,
    /// Lower end of the interval; null means unbounded.
    pub low: Option<PlainNumber>,
    /// The same, exactly.
    pub low_exact: Option<String>,
    /// Whether the lower end belongs to the interval.
    pub low_inclusive: bool,
    /// Upper end of the interval; null means unbounded.
    pub high: Option<PlainNumber>,
    /// The same, exactly.
    pub high_exact: Option<String>,
    /// Whether the upper end belongs to the interval.
    pub high_inclusive: bool,
    /// Slug of the unit.
    pub unit: String,
    /// ISO 8601 duration of a rate.
    pub per: Option<String>,
    /// What a share is a share of.
    pub denominator: Option<String>,
    /// Printed precision: minus the power of ten of the last printed digit.
    pub decimals: Option<i32>,
    /// Id of the rule that made the interval.
    pub rule: String,
}

/// A time with its first and last day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PeriodView {
    /// EDTF text.
    pub edtf: Option<String>,
    /// First day; null where open.
    pub start: Option<String>,
    /// Last day; null where open.
    pub end: Option<String>,
    /// The words that tell it.
    pub original: Option<String>,
}

/// Quoted words, as a W3C Web Annotation selector.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuoteView {
    /// The words.
    pub exact: String,
    /// Words before them.
    pub prefix: Option<String>,
    /// Words after them.
    pub suffix: Option<String>,
    /// Where they begin in the document, in Unicode code points.
    pub start: Option<u64>,
    /// Where they end.
    pub end: Option<u64>,
    /// SHA-256 of the stored document.
    pub document: Option<String>,
    /// Whether the words stood there when they were recorded; null when there is no document.
    pub verified: Option<bool>,
}

/// A reference as printed, and where it leads.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CitationView {
    /// As printed.
    pub printed: String,
    /// Slug of the source it leads to.
    pub source: Option<String>,
    /// Whether its recorder has looked into that source.
    pub consulted: bool,
}

/// Where to go from a claim.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClaimLinks {
    /// The claim.
    #[serde(rename = "self")]
    pub itself: String,
    /// Where it comes from.
    pub provenance: String,
    /// Its history.
    pub versions: String,
    /// How to cite it.
    pub cite: String,
}

impl ClaimView {
    /// Shows a claim with the labels of its records.
    pub fn new(version: &ClaimVersion, catalog: &Catalog) -> Self {
        let claim = &version.claim;
        let metric = catalog.metrics.get(&claim.metric).map(|found| &found.record);
        let id = version.id.to_string();
        Self {
            version: version.version,
            state: version.state.as_str(),
            rank: claim.rank.as_str(),
            metric: MetricLabel {
                slug: claim.metric.to_string(),
                label: metric.map_or_else(|| claim.metric.to_string(), |metric| metric.label.clone()),
                kind: metric.map(|metric| metric.kind.as_str()),
                dimension: metric.map(|metric| metric.dimension.clone()),
            },
            actor: claim.actor.as_ref().map(|slug| actor_label(slug, catalog)),
            counterpart: claim.counterpart.as_ref().map(|slug| actor_label(slug, catalog)),
            value: ValueView::new(&claim.value),
            period: PeriodView::new(claim.period.as_ref(), claim.period_original.as_deref()),
            base_period: PeriodView::new(claim.base_period.as_ref(), None),
            status: claim.status.iter().map(|status| status.as_str()).collect(),
            stage: claim.stage.map(super::super::domain::claim::Stage::as_str),
            scope: claim.scope.clone(),
            speaker: claim.speaker.clone(),
            cue: claim.cue.clone(),
            source: claim.source.as_ref().map(|slug| source_label(slug, catalog)),
            quote: claim.quote.clone().map(|quote| QuoteView {
                exact: quote.exact,
                prefix: quote.prefix,
                suffix: quote.suffix,
                start: quote.start,
                end: quote.end,
                document: quote.document,
                verified: quote.verified,
            }),
            citation: claim.citation.as_ref().map(|citation| CitationView {
                printed: citation.printed.clone(),
                source: citation.source.as_ref().map(ToString::to_string),
                consulted: citation.consulted,
            }),
            locator: claim.locator.clone(),
            note: claim.note.clone(),
            recorded_at: version.recorded_at.to_string(),
            recorded_by: version.recorded_by.clone(),
            cause: version.cause.clone(),
            reason: version.reason.clone(),
            superseded_by: version.superseded_by.map(|id| id.to_string()),
            links: ClaimLinks {
                itself: format!("/v1/claims/{id}"),
                provenance: format!("/v1/claims/{id}/provenance"),
                versions: format!("/v1/claims/{id}/versions"),
                cite: format!("/v1/claims/{id}/cite"),
            },
            id,
        }
    }
}

impl ValueView {
    /// Shows a number.
    pub fn new(value: &Quantity) -> Self {
        let exact = |end: Option<&End>| end.map(|end| end.at.to_string());
        let plain = |end: Option<&End>| end.map(|end| PlainNumber::from(&end.at));
        let (low, high) = (value.interval.low(), value.interval.high());
        Self {
            original: value.original.clone(),
            comparator: value.comparator.as_str(),
            best: value.best.as_ref().map(PlainNumber::from),
            best_exact: value.best.as_ref().map(ToString::to_string),
            low: plain(low),
            low_exact: exact(low),
            low_inclusive: low.is_some_and(|end| end.inclusive),
            high: plain(high),
            high_exact: exact(high),
            high_inclusive: high.is_some_and(|end| end.inclusive),
            unit: value.unit.to_string(),
            per: value.per.as_ref().map(|per| per.as_str().to_string()),
            denominator: value.denominator.clone(),
            decimals: value.decimals,
            rule: value.rule.clone(),
        }
    }
}

impl PeriodView {
    /// Shows a time; `None` when nothing at all is known of it.
    pub fn new(period: Option<&Period>, original: Option<&str>) -> Option<Self> {
        if period.is_none() && original.is_none() {
            return None;
        }
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        Some(Self {
            edtf: period.map(ToString::to_string),
            start: day(period.and_then(Period::start)),
            end: day(period.and_then(Period::end)),
            original: original.map(ToString::to_string),
        })
    }
}

fn actor_label(slug: &Slug, catalog: &Catalog) -> ActorLabel {
    let name = catalog.actors.get(slug).map_or_else(|| slug.to_string(), |found| found.record.name.clone());
    ActorLabel { slug: slug.to_string(), name }
}

fn source_label(slug: &Slug, catalog: &Catalog) -> SourceLabel {
    let source = catalog.sources.get(slug).map(|found| &found.record);
    SourceLabel {
        slug: slug.to_string(),
        title: source.map_or_else(|| slug.to_string(), |source| source.title.clone()),
        publisher: source.and_then(|source| source.publisher.clone()),
        published: source.and_then(|source| source.published.as_ref()).map(ToString::to_string),
        url: source.and_then(|source| source.url.clone()),
    }
}

//! What is found in a text: candidates for claims, citations, and the works at the end.

use std::ops::Range;

use jiff::civil::Date;

use crate::domain::claim::{Stage, Status};
use crate::domain::decimal::Decimal;
use crate::domain::period::Period;
use crate::domain::quantity::Comparator;
use crate::domain::slug::Slug;

/// Everything found in a text. All places are bytes of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extraction {
    /// The date that the text gives at its head, or that was known.
    pub published: Option<Date>,
    /// In the order of the text.
    pub candidates: Vec<Candidate>,
    /// Citations, in the order of the text.
    pub citations: Vec<FoundCitation>,
    /// Works listed at the end, in their order.
    pub works: Vec<Work>,
}

/// A number that may be a claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Where number, scale and unit stand.
    pub place: Range<usize>,
    /// Where the words of its bound stand, before or after it: "more than", "or more".
    pub bound: Option<Range<usize>>,
    /// Where the sentence stands.
    pub sentence: Range<usize>,
    /// The number; of a range, or of vague words, the lower end.
    pub value: Decimal,
    /// Upper end of a range; none for vague words.
    pub value2: Option<Decimal>,
    /// How the number relates to the quantity.
    pub comparator: Comparator,
    /// ISO 4217 code, slug of a unit, or the counted noun in the singular; none for a bare number.
    pub unit: Option<String>,
    /// Whether the counted noun means people, whatever word it is: "civilians", "Armenians".
    pub counts_people: bool,
    /// An ISO 8601 duration, or a noun in the singular ("a barrel").
    pub per: Option<String>,
    /// What a share is a share of: "GDP".
    pub denominator: Option<String>,
    /// The words that weaken it.
    pub hedge: Option<Range<usize>>,
    /// The words that tell the time.
    pub time: Option<Range<usize>>,
    /// The time that the number is about.
    pub period: Option<Period>,
    /// The time against which a change is measured.
    pub base_period: Option<Period>,
    /// What is counted or measured, in the text's words.
    pub concept: String,
    /// Whom it is about.
    pub actor: Option<Party>,
    /// The other side.
    pub counterpart: Option<Party>,
    /// What is measured, where a metric is known for it.
    pub metric: Option<Slug>,
    /// Who says so.
    pub speaker: Option<Party>,
    /// Standing of the number.
    pub status: Vec<Status>,
    /// How far promised money has come.
    pub stage: Option<Stage>,
    /// Which of the citations closes or opens its sentence or clause.
    pub citation: Option<usize>,
    /// How sure all of this is: the share of such candidates that are right in number, unit, bound, period, actor and metric.
    pub confidence: f64,
    /// The rules that made it: what each field follows from, `field:rule`.
    pub rules: Vec<String>,
}

/// Somebody named in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// An actor that is recorded.
    Known(Slug),
    /// A name that no record has.
    Named(String),
}

impl Party {
    /// Slug or name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(slug) => slug.as_str(),
            Self::Named(name) => name,
        }
    }
}

/// A citation in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundCitation {
    /// Where it stands, brackets included.
    pub place: Range<usize>,
    /// Indices of the works it leads to, the first named first; empty when it leads to none.
    pub works: Vec<usize>,
    /// Why it leads to none: "no bibliography entry", "no earlier citation", "several entries fit".
    pub unresolved: Option<&'static str>,
    /// Page or other place that it names: "p. 19".
    pub locator: Option<String>,
}

/// A work of the list at the end of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Where its entry stands.
    pub place: Range<usize>,
    /// Author and year as a reader would name it: "Hsu & Park 2024", "Farouk 2024b"; without a year, the author alone.
    pub key: String,
    /// Authors, each with given names first where they are told apart; an institution in its usual order.
    pub authors: Vec<String>,
    /// Title, without quotation marks.
    pub title: Option<String>,
    /// Journal, site or publisher, as printed.
    pub container: Option<String>,
    /// When it was published, as EDTF.
    pub published: Option<Period>,
    /// When it was looked at.
    pub accessed: Option<Date>,
    /// Its address.
    pub url: Option<String>,
}

//! What was found in a text, as it is shown: figures, citations, works. A line of `figurebase extract` is a figure of these.

use serde::Serialize;
use utoipa::ToSchema;

/// A figure found in a text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FigureView {
    /// Where number, scale and unit begin, in Unicode code points.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// These words.
    pub exact: String,
    /// The number as a decimal text; of a range, and of vague words, the lower end.
    pub value: String,
    /// Upper end of a range; null for vague words.
    pub value2: Option<String>,
    /// ISO 4217 code, slug of a unit, or the counted noun; null for a bare number.
    pub unit: Option<String>,
    /// Of a rate: an ISO 8601 duration, or a noun.
    pub per: Option<String>,
    /// How the number relates to the quantity.
    pub comparator: &'static str,
    /// The words that weaken it.
    pub hedge: Option<String>,
    /// The words that tell the time.
    pub time: Option<String>,
    /// The time that the number is about, as EDTF.
    pub period: Option<String>,
    /// The time against which a change is measured, as EDTF.
    pub base_period: Option<String>,
    /// What is counted or measured, in the text's words.
    pub concept: String,
    /// Whom it is about: a slug, or a name that no record has.
    pub actor: Option<String>,
    /// The other side, in the same way.
    pub counterpart: Option<String>,
    /// Slug of the metric, where one was recognised.
    pub metric: Option<String>,
    /// Who says so: a slug, or a name that no record has.
    pub speaker: Option<String>,
    /// Standing of the number.
    pub status: Vec<&'static str>,
    /// How far promised money has come.
    pub stage: Option<&'static str>,
    /// The reference that belongs to it, as printed.
    pub citation: Option<String>,
    /// The work of the list at the end that the reference leads to: author and year.
    pub cited_source: Option<String>,
    /// How sure all of this is, from 0 to 1: the share of such candidates that are wholly right.
    pub confidence: f64,
    /// The rules that it follows from, each as `field:rule`: one at least for every field that is set.
    pub rule: String,
}

/// A reference in a text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundCitationView {
    /// Where it begins, in Unicode code points.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// As printed.
    pub printed: String,
    /// The works of the list at the end that it leads to, each as author and year.
    pub works: Vec<String>,
    /// Why it leads to none; null when it leads somewhere.
    pub unresolved: Option<&'static str>,
    /// The page or other place that it names.
    pub locator: Option<String>,
}

/// A work of the list at the end of a text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkView {
    /// Where its entry begins, in Unicode code points.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Author and year.
    pub key: String,
    /// Persons or bodies that wrote it, in their natural order of words.
    pub authors: Vec<String>,
    /// Its title.
    pub title: Option<String>,
    /// Journal, site or publisher, as printed.
    pub container: Option<String>,
    /// When it was published, as EDTF.
    pub published: Option<String>,
    /// The day on which it was looked at.
    pub accessed: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// Slug of the source that it is; null where nothing is recorded of it and nothing is to be stored.
    pub source: Option<String>,
}

/// Everything found in a text.
#[derive(Debug, Clone, Default)]
pub struct FoundView {
    /// When the text was published, as it says itself or as was told.
    pub published: Option<String>,
    /// In the order of the text.
    pub figures: Vec<FigureView>,
    /// In the order of the text.
    pub citations: Vec<FoundCitationView>,
    /// In their order.
    pub works: Vec<WorkView>,
}

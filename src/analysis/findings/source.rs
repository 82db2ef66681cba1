//! What one source shows of itself and of those that it cites.

use super::Records;
use super::dates::{days_between, in_address};
use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::slug::Slug;
use crate::domain::source::Source;

/// A check of one source.
type Check = fn(&Source, Records<'_>) -> Option<Finding>;

/// Every check of one source.
pub const CHECKS: [Check; 3] = [date_mismatch, citations_after_document, circular_citation];

/// The date in its address is another than the stated one. A day's difference is that of a time zone or of an evening edition.
fn date_mismatch(source: &Source, _: Records<'_>) -> Option<Finding> {
    let (stated, url) = (source.published.as_ref()?, source.url.as_ref()?);
    let found = in_address(url)?;
    let days = days_between(stated, &found);
    let severity = match days {
        0 => return None,
        1 => Severity::Info,
        _ => Severity::Warning,
    };
    let why = format!("It is recorded as published {stated}, and its address says {found}.");
    Some(Finding { code: Code::DateMismatch, severity, claims: Vec::new(), sources: vec![source.slug.clone()], why })
}

/// It cites works that were printed later.
fn citations_after_document(source: &Source, records: Records<'_>) -> Option<Finding> {
    let later: Vec<(&Slug, String)> = source
        .citations
        .iter()
        .filter_map(|citation| Some((&citation.source, later(source, records.sources.get(&citation.source)?)?)))
        .collect();
    let why: Vec<&str> = later.iter().map(|(_, why)| why.as_str()).collect();
    let sources = std::iter::once(&source.slug).chain(later.iter().map(|(cited, _)| *cited)).cloned().collect();
    let why = why.join(" ");
    (!later.is_empty()).then_some(Finding {
        code: Code::CitationAfterDocument,
        severity: Severity::Warning,
        claims: Vec::new(),
        sources,
        why,
    })
}

/// Why a source cannot cite another: the first day of one lies after the last of the other.
pub fn later(citing: &Source, cited: &Source) -> Option<String> {
    let (own, other) = (citing.published.as_ref()?, cited.published.as_ref()?);
    let is_later = other.start()? > own.end()?;
    is_later.then(|| format!("'{}' ({own}) cites '{}', which was published later ({other}).", citing.slug, cited.slug))
}

/// It belongs to a circle; told of the circle's first source alone.
fn circular_citation(source: &Source, records: Records<'_>) -> Option<Finding> {
    let circle = records.circles.iter().find(|circle| circle.first() == Some(&source.slug))?;
    let names: Vec<String> = circle.iter().map(|slug| format!("'{slug}'")).collect();
    let why = match names.as_slice() {
        [alone] => format!("{alone} cites itself."),
        all => format!("{} cite each other in a circle.", all.join(", ")),
    };
    Some(Finding { code: Code::CircularCitation, severity: Severity::Warning, claims: Vec::new(), sources: circle.clone(), why })
}

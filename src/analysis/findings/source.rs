//! What one source shows of itself and of those that it cites.

use std::collections::{HashMap, VecDeque};

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

/// The shortest circle that leads back to it; told of the circle's first source alone.
fn circular_citation(source: &Source, records: Records<'_>) -> Option<Finding> {
    let mut from: HashMap<&Slug, &Slug> = HashMap::new();
    let mut queue = VecDeque::from([source]);
    while let Some(citing) = queue.pop_front() {
        for citation in &citing.citations {
            if citation.source == source.slug {
                let circle = circle(&from, &source.slug, &citing.slug);
                let is_first = circle.iter().min() == Some(&source.slug);
                let names: Vec<String> = circle.iter().map(|slug| format!("'{slug}'")).collect();
                let why = format!("{} cite each other in a circle.", names.join(", "));
                let finding =
                    Finding { code: Code::CircularCitation, severity: Severity::Warning, claims: Vec::new(), sources: circle, why };
                return is_first.then_some(finding);
            }
            if let Some(cited) = records.sources.get(&citation.source)
                && !from.contains_key(&citation.source)
            {
                from.insert(&citation.source, &citing.slug);
                queue.push_back(cited);
            }
        }
    }
    None
}

/// The way from the first source to the last, by which each was reached.
fn circle(from: &HashMap<&Slug, &Slug>, first: &Slug, last: &Slug) -> Vec<Slug> {
    let mut way = vec![last.clone()];
    let mut at = last;
    while at != first
        && let Some(before) = from.get(at)
    {
        way.push((*before).clone());
        at = before;
    }
    way.reverse();
    way
}

//! The answer to a text: what was found in it, and what became of it.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::answer::Links;
use crate::domain::history::ClaimVersion;
use crate::domain::id::ClaimId;
use crate::exchange::extracted_view::{FigureView, FoundCitationView, WorkView};
use crate::ingest::prose::proposal::{Proposal, Proposed, ReadText};
use crate::ingest::prose::shown::view;
use crate::reading::invisible::invisible;
use crate::reading::places::Places;
use crate::store::change::Outcome;

/// A text that was looked through.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExtractionView {
    /// The text.
    pub document: ReadDocumentView,
    /// Its figures, in their order.
    pub candidates: Vec<CandidateView>,
    /// Its references, in their order.
    pub citations: Vec<FoundCitationView>,
    /// Those of them that lead to none of the works.
    pub unresolved_citations: Vec<FoundCitationView>,
    /// The works that it lists at its end.
    pub works: Vec<WorkView>,
    /// What whoever reviews the candidates should know of the text.
    pub warnings: Vec<String>,
    /// How many claims, records and texts were stored.
    pub created: usize,
    /// How many were there already.
    pub unchanged: usize,
}

/// The text that places count in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadDocumentView {
    /// SHA-256 of the text, in hexadecimal.
    pub sha256: String,
    /// SHA-256 of the page that the text was read out of; null when the text came as it is.
    pub html_sha256: Option<String>,
    /// Slug of the source whose text it is, or would be.
    pub source: String,
    /// When it was published: as told, or as it says itself.
    pub published: Option<String>,
    /// Its length in Unicode code points.
    pub characters: usize,
    /// Whether it is stored.
    pub stored: bool,
    /// The text.
    pub content: String,
}

/// A figure, and the claim that it is a candidate for.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateView {
    /// What was found.
    #[serde(flatten)]
    pub figure: FigureView,
    /// Id of the claim; null where none can be made of it.
    pub claim: Option<String>,
    /// State of the claim; null while it is not stored.
    pub state: Option<&'static str>,
    /// Accepted claims with the same metric, actor, number and period; null where nobody looked.
    pub duplicates: Option<Vec<String>>,
    /// Why no claim can be made of it.
    pub problem: Option<String>,
}

/// What the answer says about itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExtractionMeta {
    /// The state that the answer was computed from.
    pub snapshot: i64,
    /// Whether nothing was to be stored.
    pub dry_run: bool,
}

/// The answer, as the documentation shows it.
#[derive(Serialize, ToSchema)]
pub struct OneExtraction {
    data: ExtractionView,
    meta: ExtractionMeta,
    links: Links,
}

impl ExtractionView {
    /// Shows a text; `recorded` are those of its claims that are stored.
    pub fn new(
        read: &ReadText,
        proposal: &Proposal,
        recorded: &HashMap<ClaimId, ClaimVersion>,
        stored: bool,
        outcome: Option<&Outcome>,
    ) -> Self {
        let places = Places::new(&read.text);
        let found = view(&read.text, &places, &read.found);
        let candidates = found.figures.into_iter().zip(&proposal.candidates);
        let works = found.works.into_iter().zip(&proposal.works);
        let created = outcome.map_or(0, Outcome::created);
        Self {
            document: ReadDocumentView {
                sha256: proposal.sha256.clone(),
                html_sha256: read.page_sha256.clone(),
                source: proposal.source.to_string(),
                published: read.about.published.as_ref().map(ToString::to_string).or(found.published),
                characters: places.code_points(read.text.len()),
                stored,
                content: read.text.clone(),
            },
            candidates: candidates.map(|(figure, proposed)| candidate(figure, proposed, recorded)).collect(),
            unresolved_citations: found.citations.iter().filter(|citation| citation.works.is_empty()).cloned().collect(),
            citations: found.citations,
            works: works.map(|(work, slug)| WorkView { source: Some(slug.to_string()), ..work }).collect(),
            warnings: hidden(&read.text).into_iter().chain(changed(proposal, recorded)).collect(),
            created,
            unchanged: outcome.map_or(0, |outcome| outcome.written.len() - created),
        }
    }
}

fn candidate(figure: FigureView, proposed: &Proposed, recorded: &HashMap<ClaimId, ClaimVersion>) -> CandidateView {
    let problem = proposed.faults.list().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let id = proposed.claim.as_ref().map(|(id, _)| *id);
    CandidateView {
        figure,
        claim: id.map(|id| id.to_string()),
        state: id.and_then(|id| recorded.get(&id)).map(|version| version.state.as_str()),
        duplicates: proposed.duplicates.as_ref().map(|ids| ids.iter().map(ToString::to_string).collect()),
        problem: Some(problem).filter(|problem| !problem.is_empty()),
    }
}

/// A warning about characters that a reader does not see.
fn hidden(text: &str) -> Option<String> {
    let hidden: Vec<String> = invisible(text).iter().map(|(c, count)| format!("U+{:04X} ({count})", u32::from(*c))).collect();
    let told = || format!("the text holds characters that show nothing or turn the direction of writing: {}", hidden.join(", "));
    (!hidden.is_empty()).then(told)
}

/// A warning about figures that are recorded otherwise than they were read now.
fn changed(proposal: &Proposal, recorded: &HashMap<ClaimId, ClaimVersion>) -> Option<String> {
    let claims = proposal.candidates.iter().filter_map(|proposed| proposed.claim.as_ref());
    let count = claims.filter(|(id, claim)| recorded.get(id).is_some_and(|version| version.claim != *claim)).count();
    let told = || {
        format!(
            "{count} of the claims are recorded otherwise than they are read here: the text was sent before, with another source or day of \
             publication or to other rules, or they were changed since"
        )
    };
    (count > 0).then(told)
}

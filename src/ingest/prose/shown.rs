//! What was found in a text, as it is shown: words for places, places in code points.

use std::ops::Range;

use crate::domain::claim::{Stage, Status};
use crate::domain::period::Period;
use crate::domain::slug::Slug;
use crate::exchange::extracted_view::{FigureView, FoundCitationView, FoundView, WorkView};
use crate::extraction::candidate::{Candidate, FoundCitation, Party, Work};
use crate::extraction::{About, Extraction, Knowledge, extract};
use crate::reading::places::Places;

/// What is known of a text that was published at some time: of a longer one, its last day counts.
pub fn about(published: Option<&Period>) -> About {
    About { published: published.and_then(|period| period.end().or(period.start())) }
}

/// Reads a text and shows its figures.
pub fn figures_of(text: &str, about: About, knowledge: &Knowledge) -> Vec<FigureView> {
    let found = extract(text, about, knowledge);
    let places = Places::new(text);
    let shown = Shown { text, places: &places, found: &found };
    found.candidates.iter().map(|candidate| shown.figure(candidate)).collect()
}

/// Shows everything that was found in a text.
pub fn view(text: &str, places: &Places<'_>, found: &Extraction) -> FoundView {
    let shown = Shown { text, places, found };
    FoundView {
        published: found.published.map(|day| day.to_string()),
        figures: found.candidates.iter().map(|candidate| shown.figure(candidate)).collect(),
        citations: found.citations.iter().map(|citation| shown.citation(citation)).collect(),
        works: found.works.iter().map(|work| shown.work(work)).collect(),
    }
}

/// The words at a place; none where there is no such place.
pub fn words<'t>(text: &'t str, place: &Range<usize>) -> &'t str {
    text.get(place.clone()).unwrap_or_default()
}

struct Shown<'a> {
    text: &'a str,
    places: &'a Places<'a>,
    found: &'a Extraction,
}

impl Shown<'_> {
    fn words(&self, place: &Range<usize>) -> String {
        words(self.text, place).to_string()
    }

    fn figure(&self, candidate: &Candidate) -> FigureView {
        let Range { start, end } = self.places.range(&candidate.place);
        let said = |place: &Option<Range<usize>>| place.as_ref().map(|place| self.words(place));
        let named = |party: &Option<Party>| party.as_ref().map(|party| party.as_str().to_string());
        let citation = candidate.citation.and_then(|index| self.found.citations.get(index));
        let cited = citation.and_then(|citation| citation.works.first()).and_then(|work| self.found.works.get(*work));
        FigureView {
            start,
            end,
            exact: self.words(&candidate.place),
            value: candidate.value.to_string(),
            value2: candidate.value2.as_ref().map(ToString::to_string),
            unit: candidate.unit.clone(),
            per: candidate.per.clone(),
            comparator: candidate.comparator.as_str(),
            hedge: said(&candidate.hedge),
            time: said(&candidate.time),
            period: candidate.period.as_ref().map(ToString::to_string),
            base_period: candidate.base_period.as_ref().map(ToString::to_string),
            concept: candidate.concept.clone(),
            actor: named(&candidate.actor),
            counterpart: named(&candidate.counterpart),
            metric: candidate.metric.as_ref().map(Slug::to_string),
            speaker: named(&candidate.speaker),
            status: candidate.status.iter().copied().map(Status::as_str).collect(),
            stage: candidate.stage.map(Stage::as_str),
            citation: citation.map(|citation| self.words(&citation.place)),
            cited_source: cited.map(|work| work.key.clone()),
            confidence: candidate.confidence,
            rule: candidate.rules.join(" "),
        }
    }

    fn citation(&self, citation: &FoundCitation) -> FoundCitationView {
        let Range { start, end } = self.places.range(&citation.place);
        let works = citation.works.iter().filter_map(|work| self.found.works.get(*work)).map(|work| work.key.clone());
        FoundCitationView {
            start,
            end,
            printed: self.words(&citation.place),
            works: works.collect(),
            unresolved: citation.unresolved,
            locator: citation.locator.clone(),
        }
    }

    fn work(&self, work: &Work) -> WorkView {
        let Range { start, end } = self.places.range(&work.place);
        WorkView {
            start,
            end,
            key: work.key.clone(),
            authors: work.authors.clone(),
            title: work.title.clone(),
            container: work.container.clone(),
            published: work.published.as_ref().map(ToString::to_string),
            accessed: work.accessed.map(|day| day.to_string()),
            url: work.url.clone(),
            source: None,
        }
    }
}

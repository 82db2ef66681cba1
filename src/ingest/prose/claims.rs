//! Figures to claims: every field that a claim can hold, from what was found and nothing else.

use std::collections::BTreeMap;
use std::ops::Range;

use super::shown::words;
use crate::domain::claim::{Citation, Claim, Rank};
use crate::domain::id::{ClaimId, MetricKey};
use crate::domain::interval::End;
use crate::domain::invalid::Faults;
use crate::domain::metric::Metric;
use crate::domain::quantity::{Comparator, NewQuantity, Per, Quantity};
use crate::domain::quote::Quote;
use crate::domain::slug::Slug;
use crate::domain::unit::Unit;
use crate::exchange::fields::TEXT_CHARS_MAX;
use crate::extraction::Knowledge;
use crate::extraction::candidate::{Candidate, Extraction, Party};
use crate::reading::places::Places;

/// The unit of things that no unit is recorded of; the claim's scope says what they are.
pub const COUNTED: &str = "item";
/// The unit of people, by whatever noun they are counted.
const PEOPLE: &str = "person";
/// Longest quote, in characters; a figure's words are far shorter.
const QUOTE_CHARS_MAX: usize = 5_000;
/// How much of the sentence is kept on each side of the quoted words, in characters.
const SURROUNDINGS_CHARS_MAX: usize = 200;
/// What the claims of one text are made with.
pub struct Ground<'a> {
    /// The text.
    pub text: &'a str,
    /// Its hash.
    pub sha256: &'a str,
    /// Its places.
    pub places: &'a Places<'a>,
    /// What was found in it.
    pub found: &'a Extraction,
    /// The records that it was read by.
    pub knowledge: &'a Knowledge,
    /// Records that come with the program, for what no record of the database says.
    pub spare: &'a Spare,
    /// The source whose text it is.
    pub source: &'a Slug,
    /// The sources that its works are, in their order.
    pub works: &'a [Slug],
}

/// Records that candidates may need whatever a database holds.
#[derive(Debug, Clone)]
pub struct Spare {
    /// The metric of what nobody recognised.
    pub unclassified: Metric,
    /// The unit of things without a unit of their own.
    pub counted: Unit,
    /// The unit of bare numbers.
    pub unspecified: Unit,
}

impl Ground<'_> {
    /// The claim that a figure is a candidate for, or why it can be none.
    pub fn claim(&self, candidate: &Candidate) -> Result<Claim, Faults> {
        let known = candidate.metric.as_ref().and_then(|slug| self.knowledge.metrics().iter().find(|metric| metric.slug == *slug));
        let metric = known.unwrap_or(&self.spare.unclassified);
        let unit = self.unit(candidate);
        let mut scope = BTreeMap::new();
        let noun = candidate.unit.as_deref().filter(|noun| self.knowledge.unit(noun).is_none());
        // Where people are counted under a metric, it is the metric that says which people.
        if let Some(noun) = noun.filter(|_| known.is_none() || !candidate.counts_people) {
            scope.insert("counted".to_string(), clipped(noun, TEXT_CHARS_MAX));
        }
        // A name that no record has narrows the claim until somebody says who that is.
        let mut recorded = |role: &str, party: &Option<Party>| match party {
            Some(Party::Known(slug)) => Some(slug.clone()),
            Some(Party::Named(name)) => {
                scope.insert(role.to_string(), clipped(name, TEXT_CHARS_MAX));
                None
            }
            None => None,
        };
        let (actor, counterpart) = (recorded("actor", &candidate.actor), recorded("counterpart", &candidate.counterpart));
        let said = |place: &Option<Range<usize>>| place.as_ref().map(|place| clipped(words(self.text, place), TEXT_CHARS_MAX));
        Ok(Claim {
            metric: metric.slug.clone(),
            actor,
            counterpart,
            value: self.quantity(candidate, metric, unit)?,
            period: candidate.period.clone(),
            period_original: said(&candidate.time),
            base_period: candidate.base_period.clone(),
            status: candidate.status.clone(),
            stage: candidate.stage,
            scope,
            speaker: candidate.speaker.as_ref().map(|party| self.speaker(party)),
            cue: said(&candidate.hedge),
            source: Some(self.source.clone()),
            quote: Some(self.quote(candidate)),
            citation: self.citation(candidate),
            locator: self.places.page(candidate.place.start).map(|page| format!("page {page}")),
            note: Some(note(candidate)),
            rank: Rank::default(),
        })
    }

    /// The identity that place and metric give a candidate, so that the same text read again gives the same candidates.
    /// `again` counts figures with the same place and metric.
    pub fn id(&self, candidate: &Candidate, metric: &Slug, again: usize) -> ClaimId {
        let Range { start, end } = self.places.range(&candidate.place);
        let again = if again > 0 { format!(" {again}") } else { String::new() };
        let content = format!("extracted {} {start} {end} {metric}{again}", self.sha256);
        ClaimId::from_content(MetricKey::of(metric), content.as_bytes())
    }

    /// What it is measured in: a recorded unit, or people, or things.
    fn unit(&self, candidate: &Candidate) -> &Unit {
        let Some(name) = candidate.unit.as_deref() else { return &self.spare.unspecified };
        let people = || self.knowledge.unit(PEOPLE).filter(|_| candidate.counts_people);
        self.knowledge.unit(name).or_else(people).unwrap_or(&self.spare.counted)
    }

    fn quantity(&self, candidate: &Candidate, metric: &Metric, unit: &Unit) -> Result<Quantity, Faults> {
        let mut new = NewQuantity {
            original: Some(clipped(self.printed(candidate), TEXT_CHARS_MAX)),
            comparator: Some(candidate.comparator),
            unit: Some(unit.slug.clone()),
            per: candidate.per.as_deref().and_then(|per| Per::parse(per).ok()),
            ..NewQuantity::default()
        };
        let noun = candidate.per.as_deref().filter(|_| new.per.is_none());
        new.denominator = candidate.denominator.as_deref().or(noun).map(|words| clipped(words, TEXT_CHARS_MAX));
        match &candidate.value2 {
            Some(other) if candidate.comparator != Comparator::Vague => {
                let (low, high) = if candidate.value <= *other { (&candidate.value, other) } else { (other, &candidate.value) };
                new.comparator = Some(Comparator::Range);
                (new.low, new.high) = (Some(End::closed(low.clone())), Some(End::closed(high.clone())));
            }
            _ => new.best = Some((candidate.value.clone(), candidate.value.to_string())),
        }
        Quantity::understand(new, &metric.value_domain(unit))
    }

    /// The figure as printed, with the words of its bound, from which its interval follows.
    fn printed(&self, candidate: &Candidate) -> &str {
        let place = &candidate.place;
        let bound = candidate.bound.as_ref().unwrap_or(place);
        words(self.text, &(place.start.min(bound.start)..place.end.max(bound.end)))
    }

    fn quote(&self, candidate: &Candidate) -> Quote {
        let Range { start, end } = self.places.range(&candidate.place);
        let before = words(self.text, &(candidate.sentence.start..candidate.place.start));
        let after = words(self.text, &(candidate.place.end..candidate.sentence.end));
        // From behind: a sentence can be as long as the text, and each of its figures would count it.
        let skipped = before.char_indices().rev().nth(SURROUNDINGS_CHARS_MAX - 1).map_or(0, |(at, _)| at);
        let prefix = before.get(skipped..).unwrap_or_default().to_string();
        let suffix = clipped(after, SURROUNDINGS_CHARS_MAX);
        Quote {
            exact: clipped(words(self.text, &candidate.place), QUOTE_CHARS_MAX),
            prefix: Some(prefix).filter(|words| !words.is_empty()),
            suffix: Some(suffix).filter(|words| !words.is_empty()),
            start: Some(start as u64),
            end: Some(end as u64),
            document: Some(self.sha256.to_string()),
            verified: Some(true),
        }
    }

    fn citation(&self, candidate: &Candidate) -> Option<Citation> {
        let found = candidate.citation.and_then(|index| self.found.citations.get(index))?;
        let source = found.works.first().and_then(|work| self.works.get(*work)).cloned();
        Some(Citation { printed: clipped(words(self.text, &found.place), TEXT_CHARS_MAX), source, consulted: false })
    }

    fn speaker(&self, party: &Party) -> String {
        let known = if let Party::Known(slug) = party { self.knowledge.actor(slug) } else { None };
        clipped(known.map_or(party.as_str(), |actor| &actor.name), TEXT_CHARS_MAX)
    }
}

/// What whoever reviews the candidate should know: how sure it is, what is measured in the text's words, and why.
fn note(candidate: &Candidate) -> String {
    let note = format!("confidence {:.2}; concept: {}; rules: {}", candidate.confidence, candidate.concept, candidate.rules.join(" "));
    clipped(&note, TEXT_CHARS_MAX)
}

/// The beginning of a text, as long as may be kept.
fn clipped(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}

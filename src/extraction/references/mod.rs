//! The works at the end of a text, the citations in it, and which work each leads to.
//!
//! - `line`, `label`, `shape`, `bibliography`, `foot`: where works are listed, and where one entry ends and the next begins;
//! - `name`, `author`, `date`, `address`, `entry`: what an entry says;
//! - `scan` with `narrative` and `note`, `cited` with `named` and `locator`: what stands in the text;
//! - `index`, `resolve`: from there to the works; what does not lead to exactly one stays unresolved, with the reason;
//! - `governing`: which citation belongs to a figure.

mod address;
mod author;
mod bibliography;
mod cited;
mod date;
mod entry;
mod foot;
mod governing;
mod index;
mod label;
mod line;
mod locator;
mod name;
mod named;
mod narrative;
mod note;
mod resolve;
mod scan;
mod shape;

use std::collections::HashMap;
use std::ops::Range;

use self::cited::Cited;
use self::resolve::{History, Resolver};
use self::scan::{Manner, Printed};
use super::candidate::{FoundCitation, Work};
use super::text::Text;
use super::uses::{Use, Uses};

/// Citations and works, by tokens.
#[derive(Debug, Default)]
pub struct References {
    /// Works, in their order.
    pub works: Vec<Work>,
    /// Citations in the order of the text, each with the range of its tokens.
    pub citations: Vec<(Range<usize>, FoundCitation)>,
    /// How each of the citations stands in its sentence.
    manners: Vec<Manner>,
    /// The tokens of those that stand behind the stop of their sentence.
    ending: Vec<Range<usize>>,
}

/// Finds works and citations, and marks their tokens.
pub fn find(text: &Text<'_>, uses: &mut Uses) -> References {
    let lines = line::lines(text);
    let lists = bibliography::find(text, &lines);
    for taken in lists.taken {
        uses.take(taken, Use::Bibliography);
    }
    for page in lists.pages {
        uses.take(page, Use::Reference);
    }
    let mut resolver = Resolver::new(text, &lists.entries);
    let printed = scan::find(text, uses, &mut resolver);
    let mut references = References::default();
    let mut history = History::default();
    for citation in &printed {
        let target = resolver.resolve(&citation.items, citation.tokens.start, &history);
        uses.take(citation.tokens.clone(), Use::Citation);
        if target == Err(resolve::COMMENT) {
            continue;
        }
        history.remember(&target);
        name_as_cited(&mut resolver, citation);
        references.manners.push(citation.manner);
        if citation.manner == Manner::Closing && governing::ends_sentence(text, &citation.tokens) {
            references.ending.push(citation.tokens.clone());
        }
        references.citations.push((citation.tokens.clone(), found(text, citation, target)));
    }
    references.take_works(resolver);
    references
}

fn found(text: &Text<'_>, citation: &Printed, target: resolve::Target) -> FoundCitation {
    let locator = citation.items.iter().find_map(|item| item.locator.clone());
    let unresolved = target.as_ref().err().copied();
    FoundCitation {
        place: text.bytes(citation.tokens.clone()),
        works: target.unwrap_or_default(),
        unresolved,
        locator: locator.map(|locator| name::printed(text, locator)),
    }
}

/// Gives the works of institutions the names by which they are cited first: "Council 2024".
fn name_as_cited(resolver: &mut Resolver, citation: &Printed) {
    for item in &citation.items {
        let Cited::Named(named) = &item.cited else { continue };
        let Some(entry) = resolver.named(named) else { continue };
        if !entry.named_as_cited && entry.authors.list.iter().all(|author| author.institution) && !named.printed.is_empty() {
            entry.named_as_cited = true;
            entry.work.key = entry::key(Some(name::without_article(&named.printed)), None, entry.year, entry.letter);
        }
    }
}

impl References {
    /// Puts the works in the order of the text.
    fn take_works(&mut self, resolver: Resolver) {
        let mut entries: Vec<(usize, Work)> = resolver.entries.into_iter().map(|entry| entry.work).enumerate().collect();
        entries.sort_by_key(|(_, work)| work.place.start);
        let places: HashMap<usize, usize> = entries.iter().enumerate().map(|(place, (was, _))| (*was, place)).collect();
        for (_, citation) in &mut self.citations {
            citation.works = citation.works.iter().filter_map(|was| places.get(was).copied()).collect();
        }
        self.works = entries.into_iter().map(|(_, work)| work).collect();
    }
}

//! What a table says of its numbers: whom each is about, when, and what is counted, from the row, the heading and the title.

use std::ops::Range;

use super::names::{Name, Sort};
use super::period::Chosen;
use crate::extraction::candidate::Party;
use crate::extraction::table::Value;
use crate::extraction::text::{Kind, Text};
use crate::extraction::time::{Bearing, Times};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::{NOUNS_OF_CHANGE, WordClass};

/// Words of a title by which its rows name the other side: "exports by destination".
static WORDS_OF_COUNTERPARTS: WordClass = WordClass::named("words of counterparts");
/// Most words of what a table counts.
const CONCEPT_WORDS_MAX: usize = 8;

/// What a table says of one of its numbers.
#[derive(Debug, Clone, Default)]
pub struct Sense {
    /// The tokens of what is counted.
    pub concept: Vec<usize>,
    /// Whom it is about.
    pub actor: Option<(Party, &'static str)>,
    /// The other side.
    pub counterpart: Option<(Party, &'static str)>,
    /// Its time.
    pub chosen: Chosen,
    /// Whether its column tells of a change.
    pub is_change: bool,
    /// Its whole row.
    pub row: Range<usize>,
}

/// Reads what is said of a number.
pub fn sense(text: &Text<'_>, uses: &Uses, names: &[Name], times: &Times, value: &Value) -> Sense {
    let places = || value.heads.iter().chain(&value.label).chain(&value.corners).chain(&value.captions);
    let named = |place: &Range<usize>| named(text, names, place);
    let of_row = value.label.as_ref().and_then(named).map(|party| (party, "row"));
    let of_column = value.heads.iter().find_map(named).map(|party| (party, "column"));
    let of_title = value.captions.iter().find_map(named).map(|party| (party, "title"));
    let is_by_counterpart =
        value.captions.iter().chain(&value.corners).flat_map(Clone::clone).any(|token| WORDS_OF_COUNTERPARTS.contains(text.small(token)));
    let own = of_row.or(of_column);
    let (actor, counterpart) = match (own, of_title) {
        (Some(own), Some(title)) if is_by_counterpart => (Some(title), Some(own)),
        (own, title) => (own.or(title), None),
    };
    let time = places().find_map(|place| {
        let first = times.found.partition_point(|time| time.tokens.start < place.start);
        let here = times.found.get(first..)?.iter().take_while(|time| time.tokens.start < place.end);
        let fits = |(_, time): &(usize, &crate::extraction::time::FoundTime)| time.bearing != Bearing::Base && time.period.is_some();
        (first..).zip(here).find(fits)
    });
    let chosen = time.map_or_else(Chosen::default, |(index, time)| Chosen {
        time: Some(index),
        period: time.period.clone(),
        base: None,
        rule: Some("table"),
    });
    let is_change = value.heads.iter().flat_map(Clone::clone).any(|token| {
        let word = text.small(token);
        NOUNS_OF_CHANGE.contains(word) || word == "change"
    });
    let spoken = |token: &usize| {
        let is_named = names.get(..names.partition_point(|name| name.tokens.start <= *token)).and_then(<[Name]>::last);
        text.kind(*token) == Some(Kind::Word)
            && !matches!(text.small(*token), "s" | "table" | "in")
            && !matches!(uses.of(*token), Use::Time | Use::Reference)
            && !is_named.is_some_and(|name| name.tokens.contains(token) && name.sort != Sort::Unknown)
    };
    let concept = value.label.iter().chain(&value.heads).chain(&value.captions).flat_map(|place| outside_brackets(text, place));
    Sense {
        concept: concept.filter(spoken).take(CONCEPT_WORDS_MAX).collect(),
        actor,
        counterpart,
        chosen,
        is_change,
        row: value.row.clone(),
    }
}

/// Whom a heading names outside of brackets, which hold units: "US$ million" is no one.
fn named(text: &Text<'_>, names: &[Name], place: &Range<usize>) -> Option<Party> {
    let first = names.partition_point(|name| name.tokens.start < place.start);
    let mut here = names.get(first..).unwrap_or_default().iter().take_while(|name| name.tokens.start < place.end).peekable();
    here.peek()?;
    let outside = outside_brackets(text, place);
    here.find(|name| name.sort != Sort::Unknown && outside.contains(&name.tokens.start) && !text.is_mark(name.tokens.end, '$'))
        .map(|name| name.party.clone())
}

/// The words of a heading but for its unit in brackets.
fn outside_brackets(text: &Text<'_>, place: &Range<usize>) -> Vec<usize> {
    let mut depth = 0_usize;
    place
        .clone()
        .filter(|token| {
            match text.word(*token) {
                "(" | "[" => depth += 1,
                ")" | "]" => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        })
        .collect()
}

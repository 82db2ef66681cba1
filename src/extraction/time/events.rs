//! Events whose date everybody knows, so that "since the invasion" can be told. The list is data: `words/events.csv`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::calendar::Span;
use super::lead::Lead;
use super::reading::Reading;
use super::telling::Telling;
use super::words::{Reader, Tag};
use crate::domain::period::Period;
use crate::extraction::text::Text;

/// An event with its words.
struct Event {
    words: Vec<&'static str>,
    /// From which "since" counts.
    since: Span,
    /// What "during" means.
    during: Span,
    /// A word of the text without which the words mean another event.
    needs: &'static str,
}

/// By their first word, the longest first.
static EVENTS: LazyLock<HashMap<&str, Vec<Event>>> = LazyLock::new(|| {
    let mut events: HashMap<&str, Vec<Event>> = HashMap::new();
    for event in include_str!("../words/events.csv").lines().filter_map(event) {
        if let Some(first) = event.words.first() {
            events.entry(first).or_default().push(event);
        }
    }
    for sharing in events.values_mut() {
        sharing.sort_by_key(|event| std::cmp::Reverse(event.words.len()));
    }
    events
});

fn event(line: &'static str) -> Option<Event> {
    if line.starts_with('#') {
        return None;
    }
    let mut fields = line.split(',');
    let words = fields.next()?.split(' ').collect();
    let since = span(fields.next()?)?;
    let first = span(fields.next()?)?;
    let last = fields.next().and_then(span).unwrap_or(first);
    Some(Event { words, since, during: Span::new(first.first, last.last)?, needs: fields.next().unwrap_or_default() })
}

fn span(edtf: &str) -> Option<Span> {
    let period = Period::parse(edtf).ok()?;
    Span::new(period.start()?, period.end()?)
}

/// Which of the words that events need a text has: looked for once.
#[derive(Debug, Default)]
pub(super) struct Needs(RefCell<HashMap<&'static str, bool>>);

impl Needs {
    fn are_met(&self, need: &'static str, text: &Text<'_>) -> bool {
        need.is_empty()
            || *self.0.borrow_mut().entry(need).or_insert_with(|| (0..text.tokens.len()).any(|index| text.small(index).starts_with(need)))
    }
}

impl Reader<'_, '_> {
    /// An event after what leads to it.
    pub(super) fn event(&self, index: usize, lead: Lead) -> Option<Telling> {
        // "in the pandemic" is a time; "for Brexit" and "in Covid" are not.
        let start = self.skip_any(index, &["the"]);
        // What is named by its date needs nothing that leads to it: "the 7 October attacks".
        let is_dated = self.is_digits(start) || matches!(self.tag(start), Tag::Month(_) | Tag::ShortMonth(_));
        if !is_dated && !matches!(lead, Lead::Since | Lead::After | Lead::Until | Lead::Before | Lead::At) {
            return None;
        }
        if !is_dated && lead == Lead::At && !(self.small_before(index) == "during" || start > index && self.small_before(index) == "in") {
            return None;
        }
        let apostrophe = |token: &str, word: &str| token == word || word == "'" && token == "’";
        let event = EVENTS.get(self.small(start))?.iter().find(|event| {
            event.words.iter().enumerate().all(|(offset, word)| apostrophe(self.small(start + offset), word))
                && self.needs.are_met(event.needs, self.text)
        })?;
        let end = start + event.words.len();
        // "since the pandemic’s start" is the same; "since the Brexit deal" is another event.
        if matches!(self.text.kind(end), Some(crate::extraction::text::Kind::Word)) && self.text.is_capital(end) {
            return None;
        }
        let span = match lead {
            Lead::At | Lead::Bare => event.during,
            Lead::Until | Lead::Before => Span::day(event.during.first),
            _ => event.since,
        };
        Some(Telling::new(Reading::Fixed(span), end, "event"))
    }
}

//! What is known before a text is read: the names of actors, metrics and units. Made once from records, used for many texts.

use std::collections::HashMap;

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::metric::Metric;
use crate::domain::record::NameRole;
use crate::domain::slug::Slug;
use crate::domain::unit::Unit;

use super::claim::metric::MetricNames;
use super::text::{Kind, Text};

/// What a name can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// Of which actor.
    pub slug: Slug,
    /// Name, demonym ("Turkish") or metonym ("Ankara").
    pub role: NameRole,
}

/// Names of actors, metrics and units.
#[derive(Debug, Default)]
pub struct Knowledge {
    /// By the name's tokens in small letters, with one space between.
    actors: HashMap<String, Vec<Meaning>>,
    /// Of each first word, how many tokens the longest name has that begins with it.
    actor_starts: HashMap<String, usize>,
    by_slug: HashMap<Slug, Actor>,
    /// Names of states with one letter left out inside: a common slip of the pen.
    lacking: HashMap<String, Slug>,
    metrics: MetricNames,
    units: HashMap<String, Unit>,
    /// The same of units.
    unit_starts: HashMap<String, usize>,
}

impl Knowledge {
    /// Prepares records for look-up.
    pub fn new(actors: Vec<Actor>, metrics: Vec<Metric>, units: Vec<Unit>) -> Self {
        use crate::domain::record::Record;
        let mut known = Self { metrics: MetricNames::new(metrics), ..Self::default() };
        for actor in actors {
            for name in actor.names() {
                let (key, tokens) = key(&name.text);
                note_start(&mut known.actor_starts, &key, tokens);
                known.actors.entry(key).or_default().push(Meaning { slug: actor.slug.clone(), role: name.role });
            }
            if actor.kind == ActorKind::State {
                known.lacking.extend(lacking_a_letter(&actor.name).map(|slip| (slip, actor.slug.clone())));
            }
            known.by_slug.insert(actor.slug.clone(), actor);
        }
        for unit in units {
            for name in unit.names() {
                let (key, tokens) = key(&name.text);
                note_start(&mut known.unit_starts, &key, tokens);
                known.units.entry(key).or_insert_with(|| unit.clone());
            }
        }
        known
    }

    /// The longest name of an actor that begins at a token: what it can mean, and how many tokens it has.
    pub fn actor_at(&self, text: &Text<'_>, index: usize) -> Option<(&[Meaning], usize)> {
        longest(text, index, &self.actor_starts, |key| self.actors.get(key).map(Vec::as_slice))
    }

    /// The longest name of a unit that begins at a token, and how many tokens it has.
    pub fn unit_at(&self, text: &Text<'_>, index: usize) -> Option<(&Unit, usize)> {
        longest(text, index, &self.unit_starts, |key| self.units.get(key))
    }

    /// The unit of a name.
    pub fn unit(&self, name: &str) -> Option<&Unit> {
        // One plain word is its own key.
        let is_word = name.bytes().all(|byte| byte.is_ascii_alphabetic());
        if is_word { self.units.get(&name.to_ascii_lowercase()) } else { self.units.get(&key(name).0) }
    }

    /// The actor of a slug.
    pub fn actor(&self, slug: &Slug) -> Option<&Actor> {
        self.by_slug.get(slug)
    }

    /// The state whose name this is but for one letter that is left out.
    pub fn state_lacking_a_letter(&self, name: &str) -> Option<&Slug> {
        self.lacking.get(name).filter(|_| !self.actors.contains_key(&name.to_ascii_lowercase()))
    }

    /// All metrics.
    pub fn metrics(&self) -> &[Metric] {
        self.metrics.metrics()
    }

    /// The metrics by the words of their names.
    pub fn metric_names(&self) -> &MetricNames {
        &self.metrics
    }
}

/// Looks for the longest of the names that begin at a token.
fn longest<'k, T: ?Sized>(
    text: &Text<'_>,
    index: usize,
    starts: &HashMap<String, usize>,
    known: impl Fn(&str) -> Option<&'k T>,
) -> Option<(&'k T, usize)> {
    let mut words = String::new();
    let mut found = None;
    for count in 1..=*starts.get(text.small(index))? {
        let token = text.tokens.get(index + count - 1)?;
        if count > 1 && token.breaks > 1 {
            break;
        }
        if count > 1 {
            words.push(' ');
        }
        words.push_str(text.small(index + count - 1));
        if let Some(meaning) = known(&words) {
            found = Some((meaning, count));
        }
        if count == 1 && token.kind == Kind::Mark && found.is_none() && !token_begins_names(text.word(index)) {
            return None;
        }
        if index + count >= text.tokens.len() {
            break;
        }
    }
    found
}

/// Notes how long a name is under its first word.
fn note_start(starts: &mut HashMap<String, usize>, key: &str, tokens: usize) {
    let first = key.split(' ').next().unwrap_or(key);
    let most = starts.entry(first.to_string()).or_default();
    *most = tokens.max(*most);
}

/// Marks with which a unit's symbol may begin.
fn token_begins_names(mark: &str) -> bool {
    !matches!(mark, "," | "." | ";" | ":" | "(" | ")" | "[" | "]" | "\"" | "'" | "’" | "‘" | "“" | "”" | "-" | "–" | "—" | "/")
}

/// A name of one word and at least six letters, each time without one of its inner letters.
fn lacking_a_letter(name: &str) -> impl Iterator<Item = String> {
    let inner = if name.len() >= 6 && name.bytes().all(|byte| byte.is_ascii_alphabetic()) { 1..name.len() - 1 } else { 0..0 };
    inner.map(|left_out| name.char_indices().filter(|(at, _)| *at != left_out).map(|(_, letter)| letter).collect())
}

/// A name as it is looked up, and how many tokens it has.
fn key(name: &str) -> (String, usize) {
    let text = Text::new(name);
    let words: Vec<&str> = (0..text.tokens.len()).map(|index| text.small(index)).collect();
    (words.join(" "), words.len())
}

//! What actors, metrics, units and sources have in common: a slug, a label, other names, and versions.

use std::fmt;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::slug::Slug;

/// The four kinds of reference record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordKind {
    /// Whom a number is about, or the other side of it.
    Actor,
    /// What is measured.
    Metric,
    /// In what it is measured.
    Unit,
    /// Where it was printed.
    Source,
}

impl RecordKind {
    /// All kinds, in the order in which one may refer to another.
    pub const ALL: [Self; 4] = [Self::Unit, Self::Metric, Self::Actor, Self::Source];

    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Metric => "metric",
            Self::Unit => "unit",
            Self::Source => "source",
        }
    }

    /// The plural, which is also the path segment and the table.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Actor => "actors",
            Self::Metric => "metrics",
            Self::Unit => "units",
            Self::Source => "sources",
        }
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a name belongs to a record; decides whether it identifies the record or only suggests it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameRole {
    /// The slug itself.
    Slug,
    /// An ISO or Wikidata code.
    Code,
    /// The name or label.
    Label,
    /// Another name for the same thing.
    Alias,
    /// A people's name ("Chinese"): suggests, does not identify.
    Demonym,
    /// A capital or seat that stands for a government as speaker: suggests, does not identify.
    Metonym,
}

impl NameRole {
    /// All roles, strongest first.
    pub const ALL: [Self; 6] = [Self::Slug, Self::Code, Self::Label, Self::Alias, Self::Demonym, Self::Metonym];

    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Slug => "slug",
            Self::Code => "code",
            Self::Label => "label",
            Self::Alias => "alias",
            Self::Demonym => "demonym",
            Self::Metonym => "metonym",
        }
    }

    /// Rank as stored: smaller is stronger.
    pub fn rank(self) -> i64 {
        self as i64
    }

    /// Whether the name identifies its record, so that a filter or a write may use it.
    pub fn identifies(self) -> bool {
        self <= Self::Alias
    }
}

/// A name of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name as written.
    pub text: String,
    /// How it belongs to its record.
    pub role: NameRole,
}

impl Name {
    /// A name with its role.
    pub fn new(text: impl Into<String>, role: NameRole) -> Self {
        Self { text: text.into(), role }
    }
}

/// A reference record: actor, metric, unit or source.
pub trait Record: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync {
    /// Which kind it is.
    const KIND: RecordKind;
    /// Its unchanging name.
    fn slug(&self) -> &Slug;
    /// Its name for people.
    fn label(&self) -> &str;
    /// Everything it is called, slug and label included.
    fn names(&self) -> Vec<Name>;
}

/// A record with the history of its present version.
#[derive(Debug, Clone, PartialEq)]
pub struct Versioned<R> {
    /// The record itself.
    pub record: R,
    /// Counts from 1.
    pub version: i64,
    /// Number of the change that made this version, in the order of all changes.
    pub seq: i64,
    /// When it was stored.
    pub recorded_at: Timestamp,
    /// Who stored it.
    pub recorded_by: String,
    /// Why this version exists.
    pub cause: String,
    /// What its recorder said about it.
    pub reason: Option<String>,
}

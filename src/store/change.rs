//! What can be written: a change, which happens wholly or not at all.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::actor::Actor;
use crate::domain::claim::Claim;
use crate::domain::finding::Mute;
use crate::domain::history::State;
use crate::domain::id::ClaimId;
use crate::domain::metric::Metric;
use crate::domain::rate::Rate;
use crate::domain::record::{Record, RecordKind};
use crate::domain::slug::Slug;
use crate::domain::source::Source;
use crate::domain::unit::Unit;

/// One request, one file, one package.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// What it consists of, in order.
    pub items: Vec<Item>,
    /// Who makes it.
    pub recorder: String,
    /// How a repetition of the same request is recognised.
    pub idempotency: Option<Idempotency>,
}

/// A repeatable request.
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// Whose request.
    pub key_id: String,
    /// Method and path.
    pub route: String,
    /// The client's own key for it.
    pub key: String,
    /// Hash of what was sent.
    pub fingerprint: String,
}

/// A part of a change.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "items live in one Vec; boxing the common variant would cost an allocation a claim")]
pub enum Item {
    /// A version of a claim.
    Claim(NewClaimVersion),
    /// A version of a reference record.
    Record(NewRecordVersion),
    /// The text of a source.
    Document(NewDocument),
    /// An exchange rate of a day.
    Rate(NewRate),
    /// What is said of a finding.
    Mute(NewMute),
}

/// What must hold for an item to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// The identity was never used.
    Fresh,
    /// The identity follows from content: when it is there already, nothing is to be done.
    NewOrKnown,
    /// This is the version with this number: the same one there already is left alone, another one is a conflict.
    Version(i64),
    /// The present version has this number; the new one follows it.
    After(i64),
}

/// Time and person of a version that was recorded elsewhere and keeps both.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// A version of a claim to be added.
#[derive(Debug, Clone)]
pub struct NewClaimVersion {
    /// Which claim.
    pub id: ClaimId,
    /// What must hold.
    pub expected: Expected,
    /// Where the claim stands with it.
    pub state: State,
    /// What it says.
    pub claim: Claim,
    /// Why it exists.
    pub cause: String,
    /// What its recorder says about it.
    pub reason: Option<String>,
    /// The claim that replaces it.
    pub superseded_by: Option<ClaimId>,
    /// Set when it was recorded elsewhere.
    pub recorded: Option<Recorded>,
}

/// A reference record of any kind.
#[derive(Debug, Clone, PartialEq)]
pub enum AnyRecord {
    /// An actor.
    Actor(Actor),
    /// A metric.
    Metric(Metric),
    /// A unit.
    Unit(Unit),
    /// A source.
    Source(Source),
}

/// Runs one expression for the record inside, whatever its kind.
macro_rules! with_record {
    ($any:expr, $record:ident => $body:expr) => {
        match $any {
            $crate::store::change::AnyRecord::Actor($record) => $body,
            $crate::store::change::AnyRecord::Metric($record) => $body,
            $crate::store::change::AnyRecord::Unit($record) => $body,
            $crate::store::change::AnyRecord::Source($record) => $body,
        }
    };
}
pub(crate) use with_record;

impl AnyRecord {
    /// Which kind.
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::Actor(_) => RecordKind::Actor,
            Self::Metric(_) => RecordKind::Metric,
            Self::Unit(_) => RecordKind::Unit,
            Self::Source(_) => RecordKind::Source,
        }
    }

    /// Its name.
    pub fn slug(&self) -> &Slug {
        with_record!(self, record => record.slug())
    }

    /// The records that it refers to and that must exist, each with the pointer to the field that names it.
    pub fn references(&self) -> Vec<(RecordKind, &Slug, String)> {
        let named = |kind, slug, pointer: &str| (kind, slug, pointer.to_string());
        match self {
            Self::Actor(actor) => actor.part_of.iter().map(|slug| named(RecordKind::Actor, slug, "/part_of")).collect(),
            Self::Metric(metric) => {
                let level = metric.change_of.iter().map(|slug| named(RecordKind::Metric, slug, "/change_of"));
                level.chain(metric.part_of.iter().map(|slug| named(RecordKind::Metric, slug, "/part_of"))).collect()
            }
            Self::Unit(unit) => vec![named(RecordKind::Unit, &unit.base, "/base")],
            Self::Source(source) => {
                let cited = source.citations.iter().enumerate();
                cited.map(|(place, citation)| (RecordKind::Source, &citation.source, format!("/citations/{place}/source"))).collect()
            }
        }
    }
}

/// A version of a reference record to be added.
#[derive(Debug, Clone)]
pub struct NewRecordVersion {
    /// What it says.
    pub record: AnyRecord,
    /// What must hold.
    pub expected: Expected,
    /// Why it exists.
    pub cause: String,
    /// What its recorder says about it.
    pub reason: Option<String>,
    /// Set when it was recorded elsewhere.
    pub recorded: Option<Recorded>,
}

/// The text of a source, to be stored under its hash.
#[derive(Debug, Clone)]
pub struct NewDocument {
    /// SHA-256 of the text, in hexadecimal.
    pub sha256: String,
    /// The source whose text it is.
    pub source: Slug,
    /// The text itself.
    pub content: String,
    /// Set when it was recorded elsewhere.
    pub recorded: Option<Recorded>,
}

/// What is said of a finding. The same again changes nothing.
#[derive(Debug, Clone)]
pub struct NewMute {
    /// The mute.
    pub mute: Mute,
    /// Its version, where it has one from elsewhere; otherwise it follows the present one.
    pub version: Option<i64>,
    /// Set when it was recorded elsewhere.
    pub recorded: Option<Recorded>,
}

/// An exchange rate to be stored. The same again changes nothing; another number or source for the same day is a new version.
#[derive(Debug, Clone)]
pub struct NewRate {
    /// The rate.
    pub rate: Rate,
    /// Its version, where it has one from elsewhere; otherwise it follows the present one.
    pub version: Option<i64>,
    /// Set when it was recorded elsewhere.
    pub recorded: Option<Recorded>,
}

/// What became of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Claim id, slug or hash; of a rate, its pair and day; of a mute, its finding.
    pub id: String,
    /// Its version now.
    pub version: i64,
    /// Whether the item was there already, so that nothing was written.
    pub unchanged: bool,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its items, in their order.
    pub written: Vec<Written>,
    /// The state after it.
    pub seq: i64,
    /// Whether this repeats the answer to an earlier request with the same key.
    #[serde(skip)]
    pub replayed: bool,
}

impl Outcome {
    /// How many items were new.
    pub fn created(&self) -> usize {
        self.written.iter().filter(|written| !written.unchanged).count()
    }
}

/// Why a change may not happen. Nothing of it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The item's identity is taken by something else.
    Taken {
        /// Which item of the change.
        item: usize,
        /// Claim id or slug.
        id: String,
    },
    /// The item's present version is another one than expected.
    Stale {
        /// Which item of the change.
        item: usize,
        /// The present version; 0 when there is none.
        present: i64,
    },
    /// A record that the item names does not exist.
    Missing {
        /// Which item of the change.
        item: usize,
        /// Kind of the missing record.
        kind: RecordKind,
        /// Its slug.
        slug: String,
        /// JSON pointer to the field of the item that names it.
        pointer: String,
    },
    /// Two metrics would have one key; the slug of the other one.
    KeyCollision {
        /// Which item of the change.
        item: usize,
        /// The metric that has the key.
        other: String,
    },
    /// The idempotency key was used for another request.
    KeyReused,
    /// A request with the same idempotency key is still running.
    StillRunning,
}

/// A change was refused, or could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// It may not happen.
    #[error("refused: {0:?}")]
    Refused(Vec<Refusal>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] super::StoreError),
}

//! One number, asserted by one speaker, printed in one place.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::id::{ClaimId, MetricKey};
use super::period::Period;
use super::quantity::Quantity;
use super::quote::Quote;
use super::slug::Slug;

/// What the text says about the standing of its number; several may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// "estimated".
    Estimated,
    /// "preliminary", "provisional".
    Provisional,
    /// About the future.
    Forecast,
    /// Something aimed at.
    Target,
    /// "allegedly".
    Alleged,
    /// "reportedly".
    Reported,
    /// "confirmed".
    Confirmed,
    /// An official figure.
    Official,
    /// Expressly no official figure.
    Unofficial,
    /// "disputed".
    Disputed,
    /// "denied": somebody concerned says that it is not so.
    Denied,
    /// "revised".
    Revised,
    /// "withdrawn", "corrected": whoever said it takes it back.
    Retracted,
    /// Somebody means to bring it about.
    Planned,
    /// Holds only under a condition.
    Hypothetical,
    /// "record high", "the largest".
    Superlative,
}

impl Status {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 16] = [
        Self::Estimated,
        Self::Provisional,
        Self::Forecast,
        Self::Target,
        Self::Alleged,
        Self::Reported,
        Self::Confirmed,
        Self::Official,
        Self::Unofficial,
        Self::Disputed,
        Self::Denied,
        Self::Revised,
        Self::Retracted,
        Self::Planned,
        Self::Hypothetical,
        Self::Superlative,
    ];

    /// The word used in answers and inputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Estimated => "estimated",
            Self::Provisional => "provisional",
            Self::Forecast => "forecast",
            Self::Target => "target",
            Self::Alleged => "alleged",
            Self::Reported => "reported",
            Self::Confirmed => "confirmed",
            Self::Official => "official",
            Self::Unofficial => "unofficial",
            Self::Disputed => "disputed",
            Self::Denied => "denied",
            Self::Revised => "revised",
            Self::Retracted => "retracted",
            Self::Planned => "planned",
            Self::Hypothetical => "hypothetical",
            Self::Superlative => "superlative",
        }
    }
}

/// How far promised money or goods have come; different stages are different series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Promised in public.
    Pledged,
    /// Promised bindingly.
    Committed,
    /// Earmarked in a concrete package.
    Allocated,
    /// Paid out.
    Disbursed,
    /// Arrived.
    Delivered,
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Self; 5] = [Self::Pledged, Self::Committed, Self::Allocated, Self::Disbursed, Self::Delivered];

    /// The word used in answers and inputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pledged => "pledged",
            Self::Committed => "committed",
            Self::Allocated => "allocated",
            Self::Disbursed => "disbursed",
            Self::Delivered => "delivered",
        }
    }
}

/// Whether a user prefers a claim to others of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    /// The one to show first.
    Preferred,
    /// As all others.
    #[default]
    Normal,
    /// Known to be wrong, kept for the record.
    Deprecated,
}

impl Rank {
    /// All ranks, best first.
    pub const ALL: [Self; 3] = [Self::Preferred, Self::Normal, Self::Deprecated];

    /// The word used in answers and inputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preferred => "preferred",
            Self::Normal => "normal",
            Self::Deprecated => "deprecated",
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    fn is_normal(&self) -> bool {
        *self == Self::Normal
    }
}

/// The reference that the text itself gives for its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// As printed: "(Hornung, 2024)", "(ibid)".
    pub printed: String,
    /// The source it leads to, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Slug>,
    /// Whether whoever recorded the claim has looked into that source.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub consulted: bool,
}

/// What one version of a claim says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What is measured.
    pub metric: Slug,
    /// Whom the number is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<Slug>,
    /// The other side of a two-sided figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counterpart: Option<Slug>,
    /// The number.
    pub value: Quantity,
    /// The time the number is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// The words that tell the time, also where no period could be made of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_original: Option<String>,
    /// The time against which a change is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_period: Option<Period>,
    /// Standing of the number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<Status>,
    /// How far promised money has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// What narrows the number further: population, area, definition.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scope: BTreeMap<String, String>,
    /// Who asserts the number, if the text names one other than its author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// The words that weaken it: "reportedly".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cue: Option<String>,
    /// The publication in which it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Slug>,
    /// The exact words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// The text's own reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citation: Option<Citation>,
    /// Where in the source: page, paragraph, row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locator: Option<String>,
    /// What its recorder found worth saying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// A user's preference.
    #[serde(default, skip_serializing_if = "Rank::is_normal")]
    pub rank: Rank,
}

impl Claim {
    /// The identity that seeds and imports get: it derives from every field as printed, so that the same
    /// row is found again and two places in one text stay two claims.
    ///
    /// What our own rules make of the print (the interval, unless it was stated, and the rule's name) does
    /// not take part, or a better lexicon would turn one claim into two.
    pub fn content_id(&self) -> ClaimId {
        let mut printed = self.clone();
        if printed.value.rule != "stated" {
            printed.value.interval = super::interval::Interval::unbounded();
            printed.value.rule = String::new();
        }
        if let Some(quote) = &mut printed.quote {
            quote.verified = None;
        }
        // Nothing in a claim can fail to be written; if it could, two claims must still not get one id.
        let content = serde_json::to_vec(&printed).unwrap_or_else(|error| format!("{error} {printed:?}").into_bytes());
        ClaimId::from_content(MetricKey::of(&self.metric), &content)
    }
}

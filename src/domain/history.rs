//! Versions: nothing is overwritten, every change adds one, with its cause and reason.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::claim::Claim;
use super::id::ClaimId;

/// Where a claim stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Proposed; nobody has accepted it yet.
    Candidate,
    /// Counts.
    #[default]
    Accepted,
    /// Proposed and turned down.
    Rejected,
    /// Taken back.
    Retracted,
    /// Replaced by another claim.
    Superseded,
}

impl State {
    /// All states, in the order of a claim's life.
    pub const ALL: [Self; 5] = [Self::Candidate, Self::Accepted, Self::Rejected, Self::Retracted, Self::Superseded];

    /// The word used in answers and inputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Retracted => "retracted",
            Self::Superseded => "superseded",
        }
    }
}

/// Causes that the service sets itself, one for each step in a claim's life.
pub const STEP_CAUSES: [&str; 6] = ["created", "accepted", "rejected", "retracted", "restored", "superseded"];
/// Causes that whoever revises may state.
pub const REVISION_CAUSES: [&str; 6] = ["corrected", "source-revised", "re-extracted", "merged", "reclassified", "enriched"];

/// Cause of a candidate that was found in a text by rules.
pub const EXTRACTED: &str = "extracted";

/// One version of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimVersion {
    /// Identity, the same for all versions.
    pub id: ClaimId,
    /// Counts from 1.
    pub version: i64,
    /// Number of the change that made this version, in the order of all changes.
    pub seq: i64,
    /// Where the claim stands with this version.
    pub state: State,
    /// What it says.
    pub claim: Claim,
    /// When it was stored.
    pub recorded_at: Timestamp,
    /// Who stored it.
    pub recorded_by: String,
    /// Why this version exists.
    pub cause: String,
    /// What its recorder said about it.
    pub reason: Option<String>,
    /// The claim that replaced it.
    pub superseded_by: Option<ClaimId>,
}

/// A step in a claim's life that changes its state but not what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A candidate becomes a claim that counts.
    Accept,
    /// A candidate is turned down.
    Reject,
    /// A claim is taken back.
    Retract,
    /// A claim that was taken back, turned down or replaced counts again.
    Restore,
    /// Another claim takes its place.
    Supersede,
}

impl Step {
    /// The state after the step and the cause it is recorded with; `None` when it cannot be taken.
    ///
    /// `before` is the state that the claim had before its present one: restoring leads back there.
    pub fn taken_from(self, state: State, before: Option<State>) -> Option<(State, &'static str)> {
        match (self, state) {
            (Self::Accept, State::Candidate) => Some((State::Accepted, "accepted")),
            (Self::Reject, State::Candidate) => Some((State::Rejected, "rejected")),
            (Self::Retract, State::Accepted) => Some((State::Retracted, "retracted")),
            (Self::Restore, State::Retracted | State::Superseded | State::Rejected) => Some((before.unwrap_or_default(), "restored")),
            (Self::Supersede, State::Accepted | State::Candidate) => Some((State::Superseded, "superseded")),
            _ => None,
        }
    }

    /// The word used in paths and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Retract => "retract",
            Self::Restore => "restore",
            Self::Supersede => "supersede",
        }
    }

    /// Whether a reason must be given: wherever something is taken back.
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::Reject | Self::Retract | Self::Supersede)
    }
}

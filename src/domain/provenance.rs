//! Where a claim comes from, as a graph: the claim, the source it stands in, the sources that one cites, and
//! so on, until every chain has come to a stated end.

use serde::Serialize;

use super::id::ClaimId;
use super::slug::Slug;
use super::source::ChainEnd;

/// What a node of the graph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// The claim itself.
    Claim,
    /// A stored text.
    Document,
    /// A publication.
    Source,
    /// A person or body that asserts or publishes.
    Agent,
}

impl NodeKind {
    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Document => "document",
            Self::Source => "source",
            Self::Agent => "agent",
        }
    }
}

/// How one node leads to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The claim stands in the source.
    StatedIn,
    /// The source refers to another one.
    Cites,
    /// The claim repeats words of a stored text.
    Quotes,
    /// Somebody is named as the one who says it.
    AttributedTo,
}

impl Relation {
    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StatedIn => "stated_in",
            Self::Cites => "cites",
            Self::Quotes => "quotes",
            Self::AttributedTo => "attributed_to",
        }
    }
}

/// A node of the graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// Unique in the graph: the claim's id, `source:SLUG`, `document:SHA256`, `agent:NAME`.
    pub id: String,
    /// What it is.
    pub kind: NodeKind,
    /// What to call it.
    pub label: String,
    /// Slug, for a source.
    pub slug: Option<Slug>,
    /// Who printed it, for a source.
    pub publisher: Option<String>,
    /// When it was printed (EDTF), for a source.
    pub published: Option<String>,
    /// Where it is to be found, for a source.
    pub url: Option<String>,
}

/// A link of the graph, from what says something to where it has it from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edge {
    /// Id of the node that refers.
    pub from: String,
    /// Id of the node referred to.
    pub to: String,
    /// How.
    pub relation: Relation,
    /// Whether whoever recorded it has looked into what is referred to.
    pub consulted: bool,
    /// Where in it.
    pub locator: Option<String>,
    /// The reference as printed.
    pub printed: Option<String>,
}

/// A place where a chain goes no further.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainEndAt {
    /// Id of the node.
    pub node: String,
    /// In what state.
    pub state: ChainEnd,
}

/// How many independent origins stand behind something. A range, because two unknown ones may be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct IndependentSources {
    /// At least so many.
    pub min: usize,
    /// At most so many.
    pub max: usize,
}

/// What stands behind several claims together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Independence {
    /// Independent origins.
    pub independent_sources: IndependentSources,
    /// References met.
    pub mentions: usize,
    /// Publications met.
    pub documents: usize,
    /// Publishers met.
    pub publishers: usize,
    /// Sources that cite each other in a circle, each circle as the ids of its nodes.
    pub cycles: Vec<Vec<String>>,
    /// Whether the walk stopped at its limit, so that more may lie beyond.
    pub truncated: bool,
}

/// The whole graph of one claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProvenanceGraph {
    /// Whose graph it is.
    pub claim: ClaimId,
    /// The claim first, then nearer before farther.
    pub nodes: Vec<Node>,
    /// In the order in which they were met.
    pub edges: Vec<Edge>,
    /// Where chains end.
    pub ends: Vec<ChainEndAt>,
    /// Sources that cite each other in a circle, each circle as the ids of its nodes.
    pub cycles: Vec<Vec<String>>,
    /// Independent origins.
    pub independent_sources: IndependentSources,
    /// References met.
    pub mentions: usize,
    /// Publications met.
    pub documents: usize,
    /// Publishers met.
    pub publishers: usize,
    /// Whether the walk stopped at its limit, so that more may lie beyond.
    pub truncated: bool,
}

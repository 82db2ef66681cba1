//! What all formats share: the graph with positions instead of ids, and the words that stand in its boxes.

use std::collections::HashMap;

use crate::domain::claim::Claim;
use crate::domain::period::Period;
use crate::domain::provenance::{Edge, Node, NodeKind, ProvenanceGraph, Relation};
use crate::domain::quantity::Quantity;
use crate::domain::source::ChainEnd;

use crate::exchange::lettering::{one_line, shortened};

/// A locator beside an arrow is a hint, not a text.
const LOCATOR_CHARS_MAX: usize = 24;

/// A graph ready to be drawn or described.
pub(super) struct Outline<'a> {
    /// The graph itself.
    pub graph: &'a ProvenanceGraph,
    /// The claim whose graph it is.
    pub claim: &'a Claim,
    /// The graph's nodes, in its order.
    pub nodes: Vec<Shown<'a>>,
    /// The graph's edges, in its order; one that leads to no node of the graph is left out.
    pub links: Vec<Link<'a>>,
}

/// A node with the words that stand in its box.
pub(super) struct Shown<'a> {
    /// The node itself.
    pub node: &'a Node,
    /// Whether it is the claim whose graph it is.
    pub is_subject: bool,
    /// What to call it, on one line.
    pub title: String,
    /// Kind and date on one line; on another the publisher, or the value of the claim.
    pub details: Vec<String>,
    /// In what state a chain ends here.
    pub end: Option<ChainEnd>,
}

/// An edge between two positions.
pub(super) struct Link<'a> {
    /// Position of the node that refers.
    pub from: usize,
    /// Position of the node referred to.
    pub to: usize,
    /// The edge itself.
    pub edge: &'a Edge,
}

impl<'a> Outline<'a> {
    pub(super) fn new(graph: &'a ProvenanceGraph, claim: &'a Claim) -> Self {
        let mut position: HashMap<&str, usize> = HashMap::new();
        for (at, node) in graph.nodes.iter().enumerate() {
            position.entry(&node.id).or_insert(at);
        }
        let mut nodes: Vec<Shown<'a>> = graph.nodes.iter().map(|node| Shown::new(node, graph, claim)).collect();
        for end in &graph.ends {
            if let Some(shown) = position.get(end.node.as_str()).and_then(|at| nodes.get_mut(*at)) {
                shown.end = Some(end.state);
            }
        }
        let link = |edge: &'a Edge| Some(Link { from: *position.get(edge.from.as_str())?, to: *position.get(edge.to.as_str())?, edge });
        Self { graph, claim, nodes, links: graph.edges.iter().filter_map(link).collect() }
    }

    /// A heading for the whole.
    pub(super) fn heading(&self) -> String {
        match self.nodes.iter().find(|shown| shown.is_subject) {
            Some(shown) => format!("Provenance of “{}”", shown.title),
            None => format!("Provenance of {}", self.graph.claim),
        }
    }

    /// What the graph says as a whole, in words.
    pub(super) fn summary(&self) -> Vec<String> {
        let independent = self.graph.independent_sources;
        let mut notes = match (independent.min, independent.max) {
            (0, 0) => Vec::new(),
            (min, max) if min == max => vec![format!("independent origins: {min}")],
            (min, max) => vec![format!("independent origins: {min} to {max}")],
        };
        if !self.graph.cycles.is_empty() {
            notes.push(format!("circles of citations: {}", self.graph.cycles.len()));
        }
        if self.graph.truncated {
            notes.push("more lies beyond what is shown".to_string());
        }
        notes
    }
}

impl<'a> Shown<'a> {
    fn new(node: &'a Node, graph: &ProvenanceGraph, claim: &Claim) -> Self {
        let is_subject = node.kind == NodeKind::Claim && node.id == graph.claim.to_string();
        let title = [&node.label, &node.id].map(|words| one_line(words)).into_iter().find(|words| !words.is_empty());
        let title = title.unwrap_or_else(|| "(no name)".to_string());
        let when = if is_subject { claim.period.as_ref().map(Period::as_str) } else { node.published.as_deref() };
        let who = if is_subject { Some(value_words(&claim.value)) } else { node.publisher.clone() };
        let when = when.map(|when| format!("{} · {}", node.kind.as_str(), one_line(when)));
        let who = who.map(|who| one_line(&who)).filter(|who| !who.is_empty() && !title.contains(who.as_str()));
        let details = std::iter::once(when.unwrap_or_else(|| node.kind.as_str().to_string())).chain(who).collect();
        Self { node, is_subject, title, details, end: None }
    }
}

impl Link<'_> {
    /// The relation, in words.
    pub(super) fn words(&self) -> &'static str {
        match self.edge.relation {
            Relation::StatedIn => "stated in",
            Relation::Cites => "cites",
            Relation::Quotes => "quotes",
            Relation::AttributedTo => "attributed to",
        }
    }

    /// Where in it, short enough to stand beside an arrow.
    pub(super) fn place(&self) -> Option<String> {
        let place = shortened(&one_line(self.edge.locator.as_deref()?), LOCATOR_CHARS_MAX);
        (!place.is_empty()).then_some(place)
    }

    /// Whether the arrow is dashed. To be named as speaker is nothing that one could look into.
    pub(super) fn is_dashed(&self) -> bool {
        !self.edge.consulted && self.edge.relation != Relation::AttributedTo
    }
}

/// The number as printed, or else as understood.
fn value_words(value: &Quantity) -> String {
    match (&value.original, &value.best) {
        (Some(original), _) => original.clone(),
        (None, _) if value.comparator.is_absence() => value.comparator.as_str().to_string(),
        (None, Some(best)) => format!("{best} {}", value.unit),
        (None, None) => format!("{} {}", value.interval, value.unit),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn an_edge_to_an_unknown_node_is_left_out() {
        let (mut graph, claim) = samples::chain();
        graph.edges[0].to = "source:nowhere".into();
        assert_eq!(Outline::new(&graph, &claim).links.len(), graph.edges.len() - 1);
    }

    #[test]
    fn a_box_tells_kind_date_and_publisher() {
        let (graph, claim) = samples::chain();
        let outline = Outline::new(&graph, &claim);
        assert_eq!(outline.nodes[0].details, ["claim · 2023"]);
        assert_eq!(outline.nodes[1].details, ["source · 2024-12", "Body of Europe"]);
    }

    #[test]
    fn a_node_without_a_label_is_called_by_its_id() {
        let (mut graph, claim) = samples::chain();
        graph.nodes[1].label = "\u{7}".into();
        assert_eq!(Outline::new(&graph, &claim).nodes[1].title, graph.nodes[1].id);
    }
}

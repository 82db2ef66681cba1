//! Graphs for the tests of this folder.

use crate::domain::claim::Claim;
use crate::domain::id::{ClaimId, MetricKey};
use crate::domain::provenance::{ChainEndAt, Edge, IndependentSources, Node, NodeKind, ProvenanceGraph, Relation};
use crate::domain::slug::Slug;
use crate::domain::source::ChainEnd;

/// A claim of a record high of $240 billion.
pub fn claim() -> Claim {
    let value = serde_json::json!({
        "original": "$240 billion", "comparator": "eq", "best": "240000000000", "interval": "[239500000000,240500000000)",
        "unit": "USD", "decimals": -9, "rule": "precision.printed",
    });
    let claim = serde_json::json!({
        "metric": "trade-value", "actor": "CHN", "counterpart": "RUS", "value": value, "period": "2023", "speaker": "Chinese customs",
        "quote": {"exact": "a record high of $240 billion in 2023"}, "source": "essay",
    });
    serde_json::from_value(claim).unwrap()
}

fn id() -> ClaimId {
    ClaimId::from_content(MetricKey::of(&Slug::parse("trade-value").unwrap()), b"sample")
}

fn node(kind: NodeKind, name: &str, label: &str, publisher: &str, date: &str) -> Node {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_string());
    let id = if kind == NodeKind::Claim { id().to_string() } else { format!("{}:{name}", kind.as_str()) };
    let slug = if kind == NodeKind::Source { Slug::parse(name).ok() } else { None };
    let url = some(if kind == NodeKind::Source { "https://example.org/a?b=1&c=2" } else { "" });
    Node { id, kind, label: label.into(), slug, publisher: some(publisher), published: some(date), url }
}

fn graph(nodes: Vec<Node>, edges: &[(usize, usize, Relation, bool, &str)], ends: &[(usize, ChainEnd)]) -> ProvenanceGraph {
    let edge = |&(from, to, relation, consulted, locator): &(usize, usize, Relation, bool, &str)| Edge {
        from: nodes[from].id.clone(),
        to: nodes[to].id.clone(),
        relation,
        consulted,
        locator: (!locator.is_empty()).then(|| locator.to_string()),
        printed: None,
    };
    ProvenanceGraph {
        claim: id(),
        edges: edges.iter().map(edge).collect(),
        ends: ends.iter().map(|(at, state)| ChainEndAt { node: nodes[*at].id.clone(), state: *state }).collect(),
        nodes,
        cycles: Vec::new(),
        independent_sources: IndependentSources { min: 1, max: 1 },
        mentions: 2,
        documents: 2,
        publishers: 2,
        truncated: false,
    }
}

/// A claim, the essay it stands in, and the agency that the essay cites without having been looked at.
pub fn chain() -> (ProvenanceGraph, Claim) {
    let nodes = vec![
        node(NodeKind::Claim, "", "Bilateral trade value, China and Russia: $240 billion", "", ""),
        node(NodeKind::Source, "essay", "Partners without limits? Trade across the Amur", "Body of Europe", "2024-12"),
        node(NodeKind::Source, "agency", "China-Russia 2023 trade value hits record high of $240 bln", "Reuters", "2024-01-12"),
    ];
    let edges = [(0, 1, Relation::StatedIn, true, "paragraph 5"), (1, 2, Relation::Cites, false, "")];
    (graph(nodes, &edges, &[(2, ChainEnd::Uncited)]), claim())
}

/// Twelve nodes: a diamond, a circle of two, a stored text, a speaker and all four kinds of ends.
pub fn web() -> (ProvenanceGraph, Claim) {
    use NodeKind::{Agent, Document, Source};
    use Relation::{AttributedTo, Cites, Quotes, StatedIn};
    let nodes = vec![
        node(NodeKind::Claim, "", "Bilateral trade value, China and Russia: $240 billion", "", ""),
        node(Source, "essay", "Partners without limits? Trade across the Amur", "Body of Europe", "2024-12"),
        node(Document, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "essay.txt (stored text)", "", ""),
        node(Agent, "Chinese customs", "Chinese customs", "", ""),
        node(Source, "agency", "China-Russia 2023 trade value hits record high of $240 bln", "Reuters", "2024-01-12"),
        node(Source, "daily", "Zollstatistik: Handel mit Rußland auf Rekordhoch", "Frankfurter Allgemeine Zeitung", "2024-01-13"),
        node(
            Source,
            "customs",
            "Preliminary table of imports and exports by country",
            "General Administration of Customs of China",
            "2024-01-12",
        ),
        node(
            Source,
            "blog",
            "The numbers behind the no-limits partnership, explained at some length for readers in a hurry",
            "",
            "2024-02",
        ),
        node(Source, "mirror", "Numbers behind the partnership", "Mirror of Things", "2024-02"),
        node(Source, "wire", "Officials: trade at record", "TASS", "2024-01"),
        node(Source, "yearbook", "海关统计年鉴 2023 中国海关总署编制", "中国海关出版社", "2024"),
        node(Source, "pamphlet", "https://example.org/a/very/long/address/that/has/no/space/in/it/at/all.html", "", ""),
    ];
    let edges = [
        (0, 1, StatedIn, true, "paragraph 5"),
        (0, 2, Quotes, true, ""),
        (0, 3, AttributedTo, false, ""),
        (1, 4, Cites, true, "note 12"),
        (1, 5, Cites, true, ""),
        (1, 7, Cites, false, "p. 3"),
        (4, 6, Cites, true, "table 2"),
        (5, 6, Cites, false, ""),
        (7, 8, Cites, true, ""),
        (8, 7, Cites, true, ""),
        (8, 9, Cites, false, ""),
        (1, 10, Cites, false, ""),
        (6, 10, Cites, false, ""),
        (8, 11, Cites, true, "footer"),
    ];
    let ends = [(9, ChainEnd::Anonymous), (10, ChainEnd::Origin), (11, ChainEnd::Unknown), (2, ChainEnd::Uncited)];
    let mut graph = graph(nodes, &edges, &ends);
    graph.cycles = vec![vec!["source:blog".into(), "source:mirror".into()]];
    graph.independent_sources = IndependentSources { min: 1, max: 3 };
    (graph, claim())
}

/// As many sources as wanted, every one citing some of the later ones and now and then an earlier one.
pub fn thicket(nodes_count: usize) -> (ProvenanceGraph, Claim) {
    let title = |at: usize| format!("Report number {at} on the state of something that is counted");
    let nodes = (0..nodes_count).map(|at| match at {
        0 => node(NodeKind::Claim, "", "A number that everybody repeats", "", ""),
        at => node(NodeKind::Source, &format!("s{at}"), &title(at), "Bureau of Counting", "2020"),
    });
    let mut edges = vec![(0, 1, Relation::StatedIn, true, "")];
    for at in 1..nodes_count {
        for next in [2 * at, 2 * at + 1, at + 7 + at % 5] {
            edges.extend((next < nodes_count).then_some((at, next, Relation::Cites, next % 3 != 0, "")));
        }
        edges.extend((at % 17 == 0).then_some((at, at / 4 + 1, Relation::Cites, true, "")));
    }
    (graph(nodes.collect(), &edges, &[(nodes_count - 1, ChainEnd::Origin)]), claim())
}

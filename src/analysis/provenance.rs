//! From a claim back to where it comes from.
//!
//! A claim follows its own printed reference only. One without ends where its source says that it gives no
//! references, and else follows everything that its source cites. The walk is a loop over a queue, never a
//! recursion, so that no chain is too long for it.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::domain::claim::Claim;
use crate::domain::folding::folded;
use crate::domain::history::ClaimVersion;
use crate::domain::id::ClaimId;
use crate::domain::provenance::{ChainEndAt, Edge, Independence, IndependentSources, Node, NodeKind, ProvenanceGraph, Relation};
use crate::domain::slug::Slug;
use crate::domain::source::{ChainEnd, Source};

/// The sources at which the walk upstream begins, besides the one that the claim stands in.
pub fn first_upstream<'a>(claim: &'a Claim, source: Option<&'a Source>) -> Vec<&'a Slug> {
    match (&claim.citation, source) {
        (Some(citation), _) => citation.source.iter().collect(),
        (None, Some(source)) if source.chain_end != ChainEnd::Uncited => source.citations.iter().map(|citation| &citation.source).collect(),
        _ => Vec::new(),
    }
}

/// Every source at which the walk may have to begin: those that claims stand in and those that their references lead to.
pub fn sources_named<'a>(claims: impl IntoIterator<Item = &'a Claim>) -> BTreeSet<&'a Slug> {
    claims
        .into_iter()
        .flat_map(|claim| claim.source.iter().chain(claim.citation.iter().filter_map(|citation| citation.source.as_ref())))
        .collect()
}

/// The graph of a claim. `metric` is what to call its metric; `sources` holds what can be reached; `truncated` says that
/// not everything was fetched.
pub fn trace(version: &ClaimVersion, metric: &str, sources: &HashMap<Slug, Source>, truncated: bool) -> ProvenanceGraph {
    let mut walk = Walk::new(sources);
    walk.add_claim(version, metric);
    walk.follow();
    walk.finish(version.id, truncated)
}

/// The circles in which sources cite each other, each in the order of its slugs.
pub fn circles(sources: &HashMap<Slug, Source>) -> Vec<Vec<Slug>> {
    let mut graph = DiGraph::<&Slug, ()>::new();
    let index: HashMap<&Slug, NodeIndex> = sources.keys().map(|slug| (slug, graph.add_node(slug))).collect();
    for (slug, source) in sources {
        for cited in &source.citations {
            if let (Some(from), Some(to)) = (index.get(slug), index.get(&cited.source)) {
                graph.add_edge(*from, *to, ());
            }
        }
    }
    let is_circle = |members: &Vec<NodeIndex>| members.len() > 1 || members.iter().any(|member| graph.contains_edge(*member, *member));
    let mut circles: Vec<Vec<Slug>> = kosaraju_scc(&graph)
        .into_iter()
        .filter(is_circle)
        .map(|members| {
            let mut slugs: Vec<Slug> = members.iter().map(|member| graph[*member].clone()).collect();
            slugs.sort();
            slugs
        })
        .collect();
    circles.sort();
    circles
}

/// How many independent origins stand behind several claims together, walked in one graph: what two claims share counts once.
pub fn independence<'a>(
    claims: impl IntoIterator<Item = &'a ClaimVersion>,
    sources: &HashMap<Slug, Source>,
    truncated: bool,
) -> Option<Independence> {
    let mut walk = Walk::new(sources);
    let mut first = None;
    for version in claims {
        first = first.or(Some(version.id));
        walk.add_claim(version, version.claim.metric.as_str());
    }
    walk.follow();
    let graph = walk.finish(first?, truncated);
    Some(Independence {
        independent_sources: graph.independent_sources,
        mentions: graph.mentions,
        documents: graph.documents,
        publishers: graph.publishers,
        cycles: graph.cycles,
        truncated: graph.truncated,
    })
}

struct Walk<'a> {
    sources: &'a HashMap<Slug, Source>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    ends: Vec<ChainEndAt>,
    queue: VecDeque<&'a Slug>,
    /// Sources that were put into the queue.
    met: HashSet<&'a Slug>,
    /// Sources that have a node.
    drawn: HashSet<&'a Slug>,
}

impl<'a> Walk<'a> {
    fn new(sources: &'a HashMap<Slug, Source>) -> Self {
        Self {
            sources,
            nodes: Vec::new(),
            edges: Vec::new(),
            ends: Vec::new(),
            queue: VecDeque::new(),
            met: HashSet::new(),
            drawn: HashSet::new(),
        }
    }

    /// The claim, the source it stands in, its text, its speaker, and the first step upstream.
    fn add_claim(&mut self, version: &'a ClaimVersion, metric: &str) {
        let (claim, id) = (&version.claim, version.id.to_string());
        let printed = claim.value.original.clone().or_else(|| claim.value.best.as_ref().map(ToString::to_string));
        self.add_node(&id, NodeKind::Claim, &format!("{metric}: {}", printed.unwrap_or_else(|| claim.value.comparator.as_str().into())));
        let standing_in = claim.source.as_ref().inspect(|slug| {
            self.add_source(slug);
            self.add_edge(&id, &source_id(slug), Relation::StatedIn, true, claim.locator.clone(), None);
        });
        if let Some(sha256) = claim.quote.as_ref().and_then(|quote| quote.document.as_ref()) {
            let document = format!("document:{sha256}");
            self.add_node(&document, NodeKind::Document, sha256);
            self.add_edge(&id, &document, Relation::Quotes, true, None, None);
        }
        if let Some(speaker) = &claim.speaker {
            let agent = format!("agent:{speaker}");
            self.add_node(&agent, NodeKind::Agent, speaker);
            self.add_edge(&id, &agent, Relation::AttributedTo, false, None, None);
        }
        let from = standing_in.map_or_else(|| id.clone(), source_id);
        match (&claim.citation, standing_in) {
            (Some(citation), _) => match &citation.source {
                Some(cited) => {
                    let printed = Some(citation.printed.clone());
                    self.add_edge(&from, &source_id(cited), Relation::Cites, citation.consulted, None, printed);
                    self.enqueue(cited);
                }
                None => self.add_end(&from, ChainEnd::Unknown),
            },
            (None, Some(slug)) => match self.sources.get(slug) {
                Some(source) if source.chain_end == ChainEnd::Uncited => self.add_end(&from, ChainEnd::Uncited),
                _ => self.enqueue(slug),
            },
            (None, None) => self.add_end(&from, ChainEnd::Unknown),
        }
    }

    fn follow(&mut self) {
        while let Some(slug) = self.queue.pop_front() {
            self.add_source(slug);
            let id = source_id(slug);
            let Some(source) = self.sources.get(slug) else {
                self.add_end(&id, ChainEnd::Unknown);
                continue;
            };
            if source.citations.is_empty() {
                self.add_end(&id, source.chain_end);
            }
            for citation in &source.citations {
                let to = source_id(&citation.source);
                self.add_edge(&id, &to, Relation::Cites, citation.consulted, citation.locator.clone(), citation.printed.clone());
                self.enqueue(&citation.source);
            }
        }
    }

    fn finish(mut self, claim: ClaimId, truncated: bool) -> ProvenanceGraph {
        let (cycles, closed) = cycles(&self.nodes, &self.edges);
        for circle in closed {
            // Nothing leads out of the circle, so its origin is one, and not known.
            self.add_end(&circle, ChainEnd::Unknown);
        }
        let publishers: BTreeSet<String> = self.nodes.iter().filter_map(|node| node.publisher.as_deref()).map(folded).collect();
        ProvenanceGraph {
            claim,
            independent_sources: independent(&self.ends),
            mentions: self.edges.iter().filter(|edge| edge.relation == Relation::Cites).count(),
            documents: self.nodes.iter().filter(|node| node.kind == NodeKind::Source).count(),
            publishers: publishers.len(),
            nodes: self.nodes,
            edges: self.edges,
            ends: self.ends,
            cycles,
            truncated,
        }
    }

    fn enqueue(&mut self, slug: &'a Slug) {
        if self.met.insert(slug) {
            self.queue.push_back(slug);
        }
    }

    fn add_source(&mut self, slug: &'a Slug) {
        let id = source_id(slug);
        if !self.drawn.insert(slug) {
            return;
        }
        let source = self.sources.get(slug);
        self.nodes.push(Node {
            id,
            kind: NodeKind::Source,
            label: source.map_or_else(|| slug.to_string(), |source| source.title.clone()),
            slug: Some(slug.clone()),
            publisher: source.and_then(|source| source.publisher.clone()),
            published: source.and_then(|source| source.published.as_ref()).map(ToString::to_string),
            url: source.and_then(|source| source.url.clone()),
        });
    }

    fn add_node(&mut self, id: &str, kind: NodeKind, label: &str) {
        let (id, label) = (id.to_string(), label.to_string());
        self.nodes.push(Node { id, kind, label, slug: None, publisher: None, published: None, url: None });
    }

    fn add_edge(&mut self, from: &str, to: &str, relation: Relation, consulted: bool, locator: Option<String>, printed: Option<String>) {
        self.edges.push(Edge { from: from.into(), to: to.into(), relation, consulted, locator, printed });
    }

    fn add_end(&mut self, node: &str, state: ChainEnd) {
        self.ends.push(ChainEndAt { node: node.to_string(), state });
    }
}

fn source_id(slug: &Slug) -> String {
    format!("source:{slug}")
}

/// Known origins are distinct; every other end may be one of them or of each other, or one of its own.
fn independent(ends: &[ChainEndAt]) -> IndependentSources {
    let distinct = |origin: bool| {
        let nodes = ends.iter().filter(|end| (end.state == ChainEnd::Origin) == origin).map(|end| end.node.as_str());
        nodes.collect::<BTreeSet<_>>().len()
    };
    let (origins, others) = (distinct(true), distinct(false));
    IndependentSources { min: origins.max(usize::from(others > 0)), max: origins + others }
}

/// The circles among the nodes, and one node of each circle that nothing leads out of.
fn cycles(nodes: &[Node], edges: &[Edge]) -> (Vec<Vec<String>>, Vec<String>) {
    let mut graph = DiGraph::<&str, ()>::new();
    let index: HashMap<&str, NodeIndex> = nodes.iter().map(|node| (node.id.as_str(), graph.add_node(&node.id))).collect();
    for edge in edges.iter().filter(|edge| edge.relation == Relation::Cites) {
        if let (Some(from), Some(to)) = (index.get(edge.from.as_str()), index.get(edge.to.as_str())) {
            graph.add_edge(*from, *to, ());
        }
    }
    let mut circles = Vec::new();
    let mut closed = Vec::new();
    // Kosaraju's algorithm, because the library's other one recurses once for each link of a chain.
    for members in kosaraju_scc(&graph) {
        let leads_to = |member: &NodeIndex| graph.neighbors(*member);
        let is_circle = members.len() > 1 || members.iter().any(|member| leads_to(member).any(|to| to == *member));
        if !is_circle {
            continue;
        }
        let inside: HashSet<NodeIndex> = members.iter().copied().collect();
        let leads_out = members.iter().any(|member| leads_to(member).any(|to| !inside.contains(&to)));
        let mut ids: Vec<String> = members.iter().map(|member| graph[*member].to_string()).collect();
        ids.sort();
        if !leads_out {
            closed.extend(ids.first().cloned());
        }
        circles.push(ids);
    }
    circles.sort();
    (circles, closed)
}

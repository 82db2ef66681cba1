//! A provenance graph, drawn or described for other programs. Pure functions: a graph in, text out.
//!
//! Labels, names and addresses come from outside and may hold anything. Each format therefore has one place
//! where text gets in, and nothing of what a label holds can change the shape of the output.
//!
//! - `outline`: what all formats share: the graph by position, with the words that stand in a box;
//! - `names`: identifiers made fit for PROV and for the web of data;
//! - `dot`, `mermaid`: text that another program draws;
//! - `layout`, `svg`: the picture that needs no other program;
//! - `prov_json`, `json_ld`: the graph as data.
//!
//! To add a format: a variant with its word and media type in [`GraphFormat`], a file with one function that
//! takes an `Outline`, an arm in [`render`]; the tests at the end of this file then hold it to the same rules.

mod dot;
mod json_ld;
mod layout;
mod mermaid;
mod names;
mod outline;
mod prov_json;
#[cfg(test)]
mod samples;
mod svg;

use crate::domain::claim::Claim;
use crate::domain::provenance::ProvenanceGraph;

use outline::Outline;

/// In what form a graph is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GraphFormat {
    /// Graphviz.
    Dot,
    /// A Mermaid flow chart.
    Mermaid,
    /// A picture that needs nothing but itself.
    Svg,
    /// W3C PROV-JSON.
    ProvJson,
    /// schema.org and PROV terms in JSON-LD.
    JsonLd,
}

impl GraphFormat {
    /// All formats, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::ProvJson, Self::JsonLd, Self::Dot, Self::Mermaid, Self::Svg];

    /// The word used in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dot => "dot",
            Self::Mermaid => "mermaid",
            Self::Svg => "svg",
            Self::ProvJson => "prov-json",
            Self::JsonLd => "jsonld",
        }
    }

    /// The format with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == word)
    }

    /// The content type of what [`render`] makes; PROV-JSON has none of its own in the registry.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Dot => "text/vnd.graphviz; charset=utf-8",
            Self::Mermaid => "text/vnd.mermaid; charset=utf-8",
            Self::Svg => "image/svg+xml; charset=utf-8",
            Self::ProvJson => "application/json",
            Self::JsonLd => "application/ld+json",
        }
    }
}

/// The graph of a claim in one of the formats. The same graph always gives the same bytes.
pub fn render(graph: &ProvenanceGraph, claim: &Claim, format: GraphFormat) -> String {
    let outline = Outline::new(graph, claim);
    match format {
        GraphFormat::Dot => dot::draw(&outline),
        GraphFormat::Mermaid => mermaid::draw(&outline),
        GraphFormat::Svg => svg::draw(&outline),
        GraphFormat::ProvJson => format!("{:#}\n", prov_json::describe(&outline)),
        GraphFormat::JsonLd => format!("{:#}\n", json_ld::describe(&outline)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What tries to end a label, to open another one, or to be more than text.
    const HOSTILE: [&str; 16] = [
        "\"];\n  n9[\"x\"]\n  click n0 \"javascript:alert(1)\"\n",
        "</text><script>alert(1)</script>",
        "]]>",
        "<!--",
        "&lt;&#0;&unknown;",
        "\\",
        "\\\"",
        "\\N\\G",
        "#quot;#35;",
        "%%{init: {}}%%",
        "`**1. list**`",
        "\u{0}\u{b}\u{1b}\u{7f}\u{85}\u{2028}",
        "\u{202e}\u{fffe}\u{ffff}\u{1fffe}",
        "javascript:alert(1)",
        "https://example.org/\"><a href='x'>",
        ";;\r\n}",
    ];

    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![any::<String>(), prop::sample::select(HOSTILE.to_vec()).prop_map(String::from)];
        prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
    }

    /// The graph with the text wherever text can get in.
    fn spoiled(text: &str) -> (ProvenanceGraph, Claim) {
        let (mut graph, mut claim) = samples::web();
        let agent = format!("agent:{text}");
        graph.nodes[3].id.clone_from(&agent);
        graph.edges[2].to = agent;
        for node in &mut graph.nodes {
            node.label = text.to_string();
            (node.publisher, node.published, node.url) = (Some(text.to_string()), Some(text.to_string()), Some(text.to_string()));
        }
        for edge in &mut graph.edges {
            (edge.locator, edge.printed) = (Some(text.to_string()), Some(text.to_string()));
        }
        claim.value.original = Some(text.to_string());
        claim.speaker = Some(text.to_string());
        (graph, claim)
    }

    fn lines_of(text: &str) -> usize {
        text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']).count()
    }

    /// The quotation marks of a line that no backslash takes the meaning from.
    fn bare_marks(line: &str) -> usize {
        line.replace("\\\\", "").replace("\\\"", "").matches('"').count()
    }

    #[test]
    fn every_format_has_a_word_that_is_read_back() {
        for format in GraphFormat::ALL {
            assert_eq!(GraphFormat::parse(format.as_str()), Some(format));
        }
        assert_eq!(GraphFormat::parse("json"), None);
    }

    #[test]
    fn the_same_graph_gives_the_same_bytes() {
        let ((graph, claim), (again, same)) = (samples::thicket(200), samples::thicket(200));
        for format in GraphFormat::ALL {
            assert_eq!(render(&graph, &claim, format), render(&again, &same, format));
        }
    }

    proptest! {
        #[test]
        fn the_picture_stays_well_formed_and_holds_nothing_but_drawing(text in hostile()) {
            let (graph, claim) = spoiled(&text);
            let svg = render(&graph, &claim, GraphFormat::Svg);
            let document = roxmltree::Document::parse(&svg).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let known = ["svg", "title", "desc", "style", "rect", "g", "path", "text", "tspan"];
            let elements: Vec<_> = document.descendants().filter(roxmltree::Node::is_element).collect();
            prop_assert!(elements.iter().all(|element| known.contains(&element.tag_name().name())));
            prop_assert!(elements.iter().flat_map(roxmltree::Node::attributes).all(|attribute| !attribute.name().contains("href")));
            let groups = elements.iter().filter(|element| element.has_tag_name(("http://www.w3.org/2000/svg", "g"))).count();
            prop_assert_eq!(groups, graph.nodes.len() + graph.edges.len() + 1);
        }

        #[test]
        fn the_data_formats_are_valid_json_and_keep_every_character(text in hostile()) {
            let (graph, claim) = spoiled(&text);
            for format in [GraphFormat::ProvJson, GraphFormat::JsonLd] {
                let document: serde_json::Value = serde_json::from_str(&render(&graph, &claim, format)).unwrap();
                let kept = match format {
                    GraphFormat::ProvJson => document["agent"].as_object().unwrap().values().next().unwrap()["prov:label"].clone(),
                    _ => document["@graph"][3]["name"].clone(),
                };
                prop_assert_eq!(kept.as_str(), Some(text.as_str()));
            }
        }

        #[test]
        fn the_shape_of_dot_and_mermaid_does_not_depend_on_what_labels_hold(text in hostile()) {
            let ((plain, claim), (graph, spoiled_claim)) = (samples::web(), spoiled(&text));
            for format in [GraphFormat::Dot, GraphFormat::Mermaid] {
                let (expected, drawn) = (render(&plain, &claim, format), render(&graph, &spoiled_claim, format));
                prop_assert_eq!(lines_of(&drawn), lines_of(&expected));
                for (line, original) in drawn.lines().zip(expected.lines()) {
                    prop_assert_eq!(bare_marks(line) % 2, 0, "{}", line);
                    prop_assert_eq!(line.split('"').next(), original.split('"').next());
                    prop_assert!(format == GraphFormat::Dot || bare_marks(line) == bare_marks(original), "{}", line);
                }
            }
        }
    }
}

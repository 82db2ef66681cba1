//! Graphviz. Nodes are called `n0`, `n1`, …; whatever comes from outside stands between quotation marks.

use crate::domain::provenance::NodeKind;
use crate::domain::source::ChainEnd;

use super::outline::{Link, Outline, Shown};
use crate::exchange::lettering::{one_line, shortened, wrapped};

/// Ems of a line in a box.
const LINE_EMS: f64 = 16.0;
/// Lines of a title in a box.
const TITLE_LINES_MAX: usize = 4;
/// A heading or tooltip longer than this hides more than it tells.
const HINT_CHARS_MAX: usize = 300;

/// The graph as a `digraph`.
pub(super) fn draw(outline: &Outline<'_>) -> String {
    let heading = std::iter::once(outline.heading()).chain(outline.summary()).map(|line| shortened(&line, HINT_CHARS_MAX));
    let mut lines = vec![
        "digraph provenance {".to_string(),
        format!("  graph [rankdir=LR, fontname=\"Helvetica\", fontsize=11, labelloc=b, label={}];", quoted(heading)),
        "  node [fontname=\"Helvetica\", fontsize=11, margin=\"0.15,0.08\"];".to_string(),
        "  edge [fontname=\"Helvetica\", fontsize=9];".to_string(),
    ];
    lines.extend(outline.nodes.iter().enumerate().map(|(at, shown)| node(at, shown)));
    lines.extend(outline.links.iter().map(edge));
    lines.push("}\n".to_string());
    lines.join("\n")
}

fn node(at: usize, shown: &Shown<'_>) -> String {
    let look = match shown.node.kind {
        NodeKind::Claim => "shape=box, style=\"rounded,bold\"",
        NodeKind::Document => "shape=note",
        NodeKind::Source => "shape=box",
        NodeKind::Agent => "shape=ellipse",
    };
    let mut label = wrapped(&shown.title, LINE_EMS, TITLE_LINES_MAX);
    label.extend(shown.details.iter().flat_map(|line| wrapped(line, LINE_EMS, 2)));
    label.extend(shown.end.map(|end| format!("[{}]", end.as_str())));
    // A second outline stands for the place where the number was made.
    let peripheries = if shown.end == Some(ChainEnd::Origin) { ", peripheries=2" } else { "" };
    let link = web_address(shown.node.url.as_deref()).map(|url| format!(", URL={}", quoted([url]))).unwrap_or_default();
    let tooltip = quoted([shortened(&shown.title, HINT_CHARS_MAX)]);
    format!("  n{at} [{look}{peripheries}, label={}, tooltip={tooltip}{link}];", quoted(label))
}

fn edge(link: &Link<'_>) -> String {
    let label = quoted(std::iter::once(link.words().to_string()).chain(link.place()));
    let style = if link.is_dashed() { ", style=dashed" } else { "" };
    format!("  n{} -> n{} [label={label}{style}];", link.from, link.to)
}

/// An address that a reader may follow; anything but the web (`javascript:`, `file:`) stays text.
fn web_address(url: Option<&str>) -> Option<String> {
    let url = one_line(url?);
    (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
}

/// Lines as one quoted string. Graphviz gives a meaning to backslashes and to `&name;`, so both are spelled out.
fn quoted(lines: impl IntoIterator<Item = String>) -> String {
    let escaped = |line: String| line.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;");
    format!("\"{}\"", lines.into_iter().map(escaped).collect::<Vec<_>>().join("\\n"))
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn shapes_relations_and_ends_are_shown() {
        let (graph, claim) = samples::web();
        let text = draw(&Outline::new(&graph, &claim));
        assert!(text.contains("n2 [shape=note"));
        assert!(text.contains("n3 [shape=ellipse"));
        assert!(text.contains("n10 [shape=box, peripheries=2"));
        assert!(text.contains("\\n[anonymous]\""));
        assert!(text.contains("n1 -> n7 [label=\"cites\\np. 3\", style=dashed];"));
    }

    #[test]
    fn quotation_marks_backslashes_and_entities_stay_text() {
        assert_eq!(quoted(["a\"];b".into(), "\\N &lt;".into(), "end\\".into()]), r#""a\"];b\n\\N &amp;lt;\nend\\""#);
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert_eq!(web_address(Some("javascript:alert(1)")), None);
        assert!(web_address(Some("https://example.org/")).is_some());
    }
}

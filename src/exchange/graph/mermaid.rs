//! A Mermaid flow chart. Nodes are called `n0`, `n1`, …; in labels every character that Mermaid, Markdown or
//! HTML could read as more than itself is written as its number.

use crate::domain::provenance::NodeKind;

use super::outline::{Link, Outline, Shown};
use crate::exchange::lettering::{one_line, shortened};

/// A label longer than this makes a box that nobody reads.
const LABEL_CHARS_MAX: usize = 140;

/// How the kinds look; one line each, without `;` (which Mermaid would read as an end of line).
const LOOKS: [&str; 4] = [
    "  classDef claim stroke-width:3px",
    "  classDef document stroke-dasharray:2 2",
    "  classDef source stroke-width:1px",
    "  classDef agent stroke-width:1px",
];

/// The graph as `flowchart LR`.
pub(super) fn draw(outline: &Outline<'_>) -> String {
    let mut lines = vec!["flowchart LR".to_string(), format!("  accTitle: Provenance of {}", outline.graph.claim)];
    lines.extend(outline.nodes.iter().enumerate().map(|(at, shown)| node(at, shown)));
    lines.extend(outline.links.iter().map(edge));
    lines.extend(LOOKS.map(String::from));
    lines.extend(outline.nodes.iter().enumerate().map(|(at, shown)| format!("  class n{at} {}", shown.node.kind.as_str())));
    lines.join("\n") + "\n"
}

fn node(at: usize, shown: &Shown<'_>) -> String {
    let (open, close) = match shown.node.kind {
        NodeKind::Claim => ("([", "])"),
        NodeKind::Document => ("[[", "]]"),
        NodeKind::Source => ("[", "]"),
        NodeKind::Agent => ("{{", "}}"),
    };
    let end = shown.end.map(|end| format!("({})", end.as_str()));
    let lines = std::iter::once(&shown.title).chain(&shown.details).chain(&end);
    format!("  n{at}{open}\"{}\"{close}", lines.map(|line| label(line)).collect::<Vec<_>>().join("<br>"))
}

fn edge(link: &Link<'_>) -> String {
    let words = std::iter::once(link.words().to_string()).chain(link.place());
    let arrow = if link.is_dashed() { "-.->" } else { "-->" };
    format!("  n{} {arrow}|\"{}\"| n{}", link.from, words.map(|words| label(&words)).collect::<Vec<_>>().join("<br>"), link.to)
}

/// Letters, digits, single spaces, commas and the hyphen inside a word are safe; all else is numbered.
///
/// Not even the full stop is: Mermaid reads "1. " as a Markdown list and refuses the label.
fn label(text: &str) -> String {
    let text = shortened(&one_line(text), LABEL_CHARS_MAX);
    let mut after_word = false;
    let mut characters = text.chars().peekable();
    let mut written = Vec::new();
    while let Some(character) = characters.next() {
        let in_word = character == '-' && after_word && characters.peek().is_some_and(|next| next.is_alphanumeric());
        let is_safe = character.is_alphanumeric() || matches!(character, ' ' | ',') || in_word;
        written.push(if is_safe { character.to_string() } else { format!("#{};", u32::from(character)) });
        after_word = character.is_alphanumeric();
    }
    written.concat()
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn shapes_relations_and_ends_are_shown() {
        let (graph, claim) = samples::web();
        let text = draw(&Outline::new(&graph, &claim));
        assert!(text.contains("  n2[[\"essay#46;txt"));
        assert!(text.contains("<br>source #183; 2024-01-12<br>Reuters\"]"));
        assert!(text.contains("<br>#40;origin#41;\"]"));
        assert!(text.contains("  n1 -.->|\"cites<br>p#46; 3\"| n7"));
        assert!(text.contains("  n4 -->|\"cites<br>table 2\"| n6"));
    }

    #[test]
    fn nothing_in_a_label_can_end_it() {
        assert_eq!(label("a\"]; click n0 \"x\""), "a#34;#93;#59; click n0 #34;x#34;");
        assert_eq!(label("#35; `x` <b>\n%%{init}%%"), "#35;35#59; #96;x#96; #60;b#62; #37;#37;#123;init#125;#37;#37;");
        assert_eq!(label("2024-01 -- 1. x"), "2024-01 #45;#45; 1#46; x");
    }
}

//! The picture: one SVG without script, without anything from elsewhere, readable in print, on a light and on
//! a dark screen.
//!
//! The light look stands in attributes, so it also holds where style sheets are refused or not understood;
//! the style sheet does nothing but darken it on a dark screen.

use crate::domain::provenance::{NodeKind, Relation};
use crate::domain::source::ChainEnd;

use super::layout::{BOX_WIDTH, COLUMN_GAP, Layout, Point, arrange};
use super::outline::{Link, Outline, Shown};
use crate::exchange::lettering::{escaped, one_line, shortened, width_of, wrapped};

/// Free space around the drawing.
const MARGIN: f64 = 20.0;
/// Free space inside a box, left and right.
const PADDING: f64 = 11.0;
/// Letter size and line height of titles.
const TITLE: (f64, f64) = (12.0, 15.5);
/// Letter size and line height of second lines, badges and the footer.
const DETAIL: (f64, f64) = (10.0, 13.0);
/// Letter size and line height of the words beside an arrow.
const ARROW_WORDS: (f64, f64) = (9.5, 11.5);
/// Lines of a title; what is longer is read in the tooltip.
const TITLE_LINES_MAX: usize = 4;
/// Lines of a publisher or value.
const DETAIL_LINES_MAX: usize = 2;
/// Room for the footer.
const FOOTER: f64 = 26.0;
/// A tooltip longer than this hides more than it tells.
const HINT_CHARS_MAX: usize = 400;
/// Names in the description that is read aloud.
const SPOKEN_CHARS_MAX: usize = 80;

const DARK: &str = "@media screen and (prefers-color-scheme: dark) {\
.fb-ground{fill:#14181d}.fb-word{fill:#e8ebee}.fb-dim{fill:#aeb7c2}.fb-arrow{stroke:#98a3b0}.fb-head{fill:#98a3b0}\
.fb-claim{fill:#16304f;stroke:#7db4ff}.fb-source{fill:#1f262e;stroke:#98a3b0}\
.fb-document{fill:#332c17;stroke:#d9b75c}.fb-agent{fill:#2c2440;stroke:#bda3ea}}";

/// The words of a box, broken into lines.
struct Caption {
    title: Vec<String>,
    detail: Vec<String>,
    height: f64,
}

/// The graph as an SVG document.
pub(super) fn draw(outline: &Outline<'_>) -> String {
    let captions: Vec<Caption> = outline.nodes.iter().map(caption).collect();
    let heights: Vec<f64> = captions.iter().map(|caption| caption.height).collect();
    let links: Vec<(usize, usize)> = outline.links.iter().map(|link| (link.from, link.to)).collect();
    let layout = arrange(&heights, &links);
    let footer = footer(outline, layout.size.1 + FOOTER);
    let width = layout.size.0.max(footer.1) + 2.0 * MARGIN;
    let height = layout.size.1 + FOOTER + 2.0 * MARGIN;
    let id = outline.graph.claim;
    let head = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" width=\"{width:.0}\" \
         height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n<style>{DARK}</style>\n\
         <rect class=\"fb-ground\" width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n<g transform=\"translate({MARGIN} {MARGIN})\">\n",
        escaped(&shortened(&outline.heading(), HINT_CHARS_MAX)),
        escaped(&spoken(outline)),
    );
    let arrows = outline.links.iter().zip(&layout.routes).map(|(link, route)| arrow(link, route, layout.boxes[link.from]));
    let boxes = outline.nodes.iter().zip(captions.iter().zip(&layout.boxes)).map(|(shown, (caption, place))| node(shown, caption, *place));
    let words = arrow_words(outline, &layout);
    let parts: Vec<String> = arrows.chain(boxes).chain(words).chain([footer.0]).collect();
    format!("{head}{}\n</g>\n</svg>\n", parts.join("\n"))
}

fn caption(shown: &Shown<'_>) -> Caption {
    let room = BOX_WIDTH - 2.0 * PADDING;
    let title = wrapped(&shown.title, room / TITLE.0, TITLE_LINES_MAX);
    let detail: Vec<String> = shown.details.iter().flat_map(|line| wrapped(line, room / DETAIL.0, DETAIL_LINES_MAX)).collect();
    let tall = |lines: &[String], line: f64| lines.iter().fold(0.0, |sum, _| sum + line);
    let badge = if shown.end.is_some() { 7.0 } else { 0.0 };
    let height = tall(&title, TITLE.1) + tall(&detail, DETAIL.1) + 17.0 + badge;
    Caption { title, detail, height }
}

fn node(shown: &Shown<'_>, caption: &Caption, (left, top): Point) -> String {
    let (class, fill, stroke, thick) = match shown.node.kind {
        NodeKind::Claim => ("fb-claim", "#e7f0fc", "#1f5aa6", 2.0),
        NodeKind::Source => ("fb-source", "#f8f9fb", "#5b6470", 1.2),
        NodeKind::Document => ("fb-document", "#fdf7e3", "#8a6d1d", 1.2),
        NodeKind::Agent => ("fb-agent", "#f2edfa", "#6b4a9c", 1.2),
    };
    let height = caption.height;
    let shape = match shown.node.kind {
        NodeKind::Document => format!("d=\"M0 0H{:.1}l12 12V{height:.1}H0ZM{:.1} 0v12h12\"", BOX_WIDTH - 12.0, BOX_WIDTH - 12.0),
        NodeKind::Claim => rounded(height, 10.0),
        NodeKind::Source => rounded(height, 3.0),
        NodeKind::Agent => rounded(height, (height / 2.0).min(20.0)),
    };
    let mut line = 6.0;
    let mut words = Vec::new();
    for (lines, (size, step), look) in [
        (&caption.title, TITLE, "class=\"fb-word\" fill=\"#14181d\" font-weight=\"600\""),
        (&caption.detail, DETAIL, "class=\"fb-dim\" fill=\"#4a535e\""),
    ] {
        line += 2.0;
        for text in lines {
            line += step;
            words.push(format!("<text x=\"{PADDING}\" y=\"{:.1}\" font-size=\"{size}\" {look}>{}</text>", line - 3.5, escaped(text)));
        }
    }
    let url = shown.node.url.as_deref().map(one_line).unwrap_or_default();
    let hint = std::iter::once(&shown.title).chain(&shown.details).chain([&url]).filter(|words| !words.is_empty());
    let hint = hint.map(String::as_str).collect::<Vec<_>>().join(" — ");
    format!(
        "<g transform=\"translate({left:.1} {top:.1})\"><title>{}</title>\
         <path class=\"{class}\" {shape} fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{thick}\"/>{}{}</g>",
        escaped(&shortened(&hint, HINT_CHARS_MAX)),
        words.concat(),
        shown.end.map(|end| badge(end, height)).unwrap_or_default(),
    )
}

/// The outline of a box with round corners.
fn rounded(height: f64, radius: f64) -> String {
    let (across, down) = (BOX_WIDTH - 2.0 * radius, height - 2.0 * radius);
    let corner = |x: f64, y: f64| format!("a{radius:.1} {radius:.1} 0 0 1 {x:.1} {y:.1}");
    format!(
        "d=\"M{radius:.1} 0h{across:.1}{}v{down:.1}{}h-{across:.1}{}v-{down:.1}{}Z\"",
        corner(radius, radius),
        corner(-radius, radius),
        corner(-radius, -radius),
        corner(radius, -radius)
    )
}

/// In what state a chain ends, on the lower edge of a box.
fn badge(end: ChainEnd, height: f64) -> String {
    let fill = match end {
        ChainEnd::Origin => "#1b7a48",
        ChainEnd::Anonymous => "#8f5f00",
        ChainEnd::Uncited => "#b42318",
        ChainEnd::Unknown => "#59626d",
    };
    let word = end.as_str();
    let width = width_of(word) * DETAIL.0 + 14.0;
    format!(
        "<rect x=\"{PADDING}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"16\" rx=\"8\" fill=\"{fill}\"/>\
         <text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{}\" font-weight=\"600\" text-anchor=\"middle\" fill=\"#ffffff\">{word}</text>",
        height - 8.0,
        PADDING + width / 2.0,
        height + 3.5,
        DETAIL.0
    )
}

/// A link with its head. A link from a box to itself is a small loop above the box.
fn arrow(link: &Link<'_>, route: &[Point], from: Point) -> String {
    let looped = [(from.0 + BOX_WIDTH - 44.0, from.1), (from.0 + BOX_WIDTH - 20.0, from.1)];
    let (way, head) = match route {
        [] => {
            let [(x, y), (end, _)] = looped;
            (
                format!("M{x:.1} {y:.1}C{x:.1} {0:.1} {end:.1} {0:.1} {end:.1} {1:.1}", y - 22.0, y - 6.0),
                format!("M{end:.1} {y:.1}l-4 -8h8Z"),
            )
        }
        [start, rest @ ..] => curve(*start, rest),
    };
    let dashed = if link.is_dashed() { " stroke-dasharray=\"5 4\"" } else { "" };
    format!(
        "<g><title>{}</title><path class=\"fb-arrow\" d=\"{way}\" fill=\"none\" stroke=\"#5b6470\" stroke-width=\"1.3\"{dashed}/>\
         <path class=\"fb-head\" d=\"{head}\" fill=\"#5b6470\"/></g>",
        escaped(&hint(link))
    )
}

/// Curves between the columns, straight lines inside them, and the head at the end.
fn curve((x, y): Point, rest: &[Point]) -> (String, String) {
    let mut way = vec![format!("M{x:.1} {y:.1}")];
    let mut last = (x, y);
    let mut forward = 1.0;
    for (step, point) in rest.iter().enumerate() {
        forward = if point.0 < last.0 { -1.0 } else { 1.0 };
        let is_end = step + 1 == rest.len();
        let stop = if is_end { point.0 - 7.0 * forward } else { point.0 };
        let half = (point.0 - last.0) / 2.0;
        way.push(match step % 2 {
            0 => format!("C{:.1} {:.1} {:.1} {:.1} {stop:.1} {:.1}", last.0 + half, last.1, point.0 - half, point.1, point.1),
            _ => format!("H{stop:.1}"),
        });
        last = *point;
    }
    (way.concat(), format!("M{:.1} {:.1}l{:.1} -4v8Z", last.0, last.1, -8.0 * forward))
}

fn hint(link: &Link<'_>) -> String {
    let said = [link.edge.locator.as_deref(), link.edge.printed.as_deref()].into_iter().flatten().map(one_line);
    let consulted = link.is_dashed().then(|| "not consulted".to_string());
    let words: Vec<String> = std::iter::once(link.words().to_string()).chain(said).chain(consulted).collect();
    shortened(&words.join(" — "), HINT_CHARS_MAX)
}

/// The words beside each arrow, in the gap where it has most room; where others stand already, a little
/// further along the arrow.
fn arrow_words(outline: &Outline<'_>, layout: &Layout) -> Vec<String> {
    let fan = |links: &dyn Fn(&Link<'_>) -> bool| outline.links.iter().filter(|link| links(link)).count();
    // The head of a short arrow stays in sight.
    let room = (COLUMN_GAP - 26.0) / ARROW_WORDS.0;
    let mut taken: Vec<(Point, Point)> = Vec::new();
    let mut words = Vec::new();
    for (link, route) in outline.links.iter().zip(&layout.routes) {
        let (from, to) = (fan(&|other| other.from == link.from), fan(&|other| other.to == link.to));
        let gap = if from > to { route.last_chunk::<2>() } else { route.first_chunk::<2>() };
        let Some(&[start, end]) = gap else { continue };
        let place = link.place().map(|place| wrapped(&place, room, 1)).into_iter().flatten();
        let lines: Vec<String> = std::iter::once(link.words().to_string()).chain(place).collect();
        let half_width = lines.iter().map(|line| width_of(line)).fold(0.0, f64::max) * ARROW_WORDS.0 / 2.0;
        let half_height = lines.iter().fold(0.0, |sum, _| sum + ARROW_WORDS.1 / 2.0);
        let is_free = |(x, y): &Point| {
            taken.iter().all(|(at, half)| (at.0 - x).abs() > half.0 + half_width || (at.1 - y).abs() > half.1 + half_height)
        };
        let along = [0.5, 0.42, 0.58, 0.34, 0.66].map(|share| on_curve(start, end, share));
        let (x, y) = along.into_iter().find(is_free).unwrap_or(along[0]);
        taken.push(((x, y), (half_width, half_height)));
        let first = y - half_height + ARROW_WORDS.1 - 2.5;
        let spans = lines.iter().enumerate().map(|(at, line)| {
            let step = if at == 0 { 0.0 } else { ARROW_WORDS.1 };
            format!("<tspan x=\"{x:.1}\" dy=\"{step}\">{}</tspan>", escaped(line))
        });
        words.push(format!(
            "<rect class=\"fb-ground\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"3\" fill=\"#ffffff\"/>\
             <text class=\"fb-dim\" y=\"{first:.1}\" font-size=\"{}\" text-anchor=\"middle\" fill=\"#333b45\">{}</text>",
            x - half_width,
            y - half_height,
            2.0 * half_width,
            2.0 * half_height,
            ARROW_WORDS.0,
            spans.collect::<String>()
        ));
    }
    words
}

/// A point of the curve that [`curve`] draws from one column to the next.
fn on_curve(start: Point, end: Point, share: f64) -> Point {
    let rest = 1.0 - share;
    let (near, far) = (3.0 * rest * rest * share, 3.0 * rest * share * share);
    let middle = f64::midpoint(start.0, end.0);
    let x = rest.powi(3) * start.0 + (near + far) * middle + share.powi(3) * end.0;
    let y = (rest.powi(3) + near) * start.1 + (far + share.powi(3)) * end.1;
    (x, y)
}

/// What the lines mean and what the graph says as a whole; gives the width that this needs as well.
fn footer(outline: &Outline<'_>, y: f64) -> (String, f64) {
    let notes = outline.summary().join(" · ");
    let has_dashed = outline.links.iter().any(Link::is_dashed);
    let legend = if has_dashed { "not consulted" } else { "" };
    let indent = if has_dashed { 30.0 } else { 0.0 };
    let words = [legend, &notes].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" · ");
    let sample =
        format!("<path class=\"fb-arrow\" d=\"M0 {:.1}h24\" stroke=\"#5b6470\" stroke-width=\"1.3\" stroke-dasharray=\"5 4\"/>", y - 3.5);
    let line = format!(
        "<text class=\"fb-dim\" x=\"{indent}\" y=\"{y:.1}\" font-size=\"{}\" fill=\"#4a535e\">{}</text>",
        DETAIL.0,
        escaped(&words)
    );
    (format!("{}{line}", if has_dashed { sample.as_str() } else { "" }), indent + width_of(&words) * DETAIL.0)
}

/// The graph in sentences, for those who hear it.
fn spoken(outline: &Outline<'_>) -> String {
    let name = |at: usize| outline.nodes.get(at).map(|shown| shortened(&shown.title, SPOKEN_CHARS_MAX)).unwrap_or_default();
    let links = outline.links.iter().map(|link| {
        let doubt = if link.is_dashed() { " (not consulted)" } else { "" };
        let is = if matches!(link.edge.relation, Relation::StatedIn | Relation::AttributedTo) { "is " } else { "" };
        format!("“{}” {is}{} “{}”{doubt}.", name(link.from), link.words(), name(link.to))
    });
    let ends = outline.nodes.iter().filter_map(|shown| {
        shown.end.map(|end| format!("The chain ends at “{}”: {}.", shortened(&shown.title, SPOKEN_CHARS_MAX), end.as_str()))
    });
    links.chain(ends).chain(outline.summary().into_iter().map(|note| format!("{note}."))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    fn drawn(graph: &crate::domain::provenance::ProvenanceGraph, claim: &crate::domain::claim::Claim) -> String {
        draw(&Outline::new(graph, claim))
    }

    #[test]
    fn the_picture_tells_relations_ends_and_what_was_not_consulted() {
        let (graph, claim) = samples::web();
        let svg = drawn(&graph, &claim);
        for words in [">origin</text>", ">anonymous</text>", "paragraph 5</tspan>", "stroke-dasharray", "role=\"img\"", "(not consulted)"] {
            assert!(svg.contains(words), "{words}");
        }
        assert!(svg.contains("is stated in “Partners without limits?"));
    }

    #[test]
    fn a_source_that_cites_itself_gets_a_loop() {
        let (mut graph, claim) = samples::chain();
        graph.edges[1].to = graph.edges[1].from.clone();
        let svg = drawn(&graph, &claim);
        let document = roxmltree::Document::parse(&svg).unwrap();
        assert_eq!(document.descendants().filter(|node| node.attribute("class") == Some("fb-head")).count(), 2);
    }

    #[test]
    fn a_graph_without_nodes_is_an_empty_picture() {
        let (mut graph, claim) = samples::chain();
        graph.nodes.clear();
        let svg = drawn(&graph, &claim);
        assert!(roxmltree::Document::parse(&svg).is_ok());
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
}

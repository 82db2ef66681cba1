//! Claims about one observation, one in a row: who says it, the dot on a common axis, the number as printed, and with whom
//! it agrees.

use crate::domain::interval::Interval;

use super::frame::{Anchor, LINE, MARGIN, WIDTH, axis_words, document, heading, hint, lines, lines_with_year, stand_apart, text};
use super::key::{KeyPart, key, of_marks};
use super::marks::{ARROW_MIN, Look, Track, numbers};
use super::scale::Scale;
use super::{Chart, Dot, stretch};

/// Width of the names on the left.
const NAMES: f64 = 186.0;
/// Where the plot begins and ends.
const PLOT: (f64, f64) = (MARGIN + NAMES + 10.0, 548.0);
/// Room inside the plot before and behind the scale, for arrows.
const INSET: f64 = ARROW_MIN + 1.0;
/// Free space between the plot and the printed numbers.
const GAP: f64 = 12.0;
/// Width of the words that say with whom a claim agrees.
const TAGS: f64 = 70.0;
/// With more rows than this they stand close, with one line of text each.
const ROOMY_MAX: usize = 40;
/// With more rows than this the axis stands above them too.
const LONG: usize = 25;

/// Claims about one observation, one in a row, as an SVG document.
///
/// The axis is chosen as `scale` says. Claims of one group that agrees share colour, shape and letter; outliers are
/// named, and their intervals dashed; the consensus is a light band.
pub fn rows(chart: &Chart) -> String {
    let (head, top) = heading(chart);
    let (printed, ends) = numbers(chart.dots.iter(), chart.consensus.as_ref());
    let length = PLOT.1 - PLOT.0 - 2.0 * INSET;
    let scale = Scale::around(&printed, &ends, &|ticks| stand_apart(ticks, length));
    let layout = Layout::new(chart, scale.as_ref(), top + 12.0);
    let drawn: Vec<String> = chart.dots.iter().zip(&layout.rows).map(|(dot, row)| layout.row(dot, row)).collect();
    let nothing = match (chart.dots.is_empty(), &scale) {
        (true, _) => text(MARGIN, layout.bottom - 4.0, Anchor::Start, "", "There is no claim to show."),
        _ => String::new(),
    };
    let (key, end) = key(&key_parts(chart, scale.as_ref()), layout.end() + LINE);
    let parts = [head, layout.grid(chart), layout.band(chart.consensus.as_ref()), drawn.join("\n"), nothing, key];
    document("fb-rows", chart, (end + MARGIN).ceil(), &parts)
}

/// The words of a row, broken into lines, and where it stands.
struct Row {
    name: Vec<String>,
    printed: Vec<String>,
    middle: f64,
}

struct Layout<'a> {
    scale: Option<&'a Scale>,
    rows: Vec<Row>,
    has_tags: bool,
    /// Radius of a dot.
    radius: f64,
    /// Where the plot begins and ends, from above.
    top: f64,
    bottom: f64,
}

impl<'a> Layout<'a> {
    fn new(chart: &Chart, scale: Option<&'a Scale>, top: f64) -> Self {
        let has_tags = chart.dots.iter().any(|dot| dot.is_outlier || dot.group.is_some());
        let is_roomy = chart.dots.len() <= ROOMY_MAX;
        let (lines_max, padding, radius) = if is_roomy { (2, 11.0, 5.0) } else { (1, 1.0, 4.0) };
        let top = if chart.dots.len() > LONG && scale.is_some() { top + LINE } else { top };
        let printed_room = WIDTH - MARGIN - PLOT.1 - GAP - if has_tags { TAGS } else { 0.0 };
        let mut bottom = top + 3.0;
        let mut rows = Vec::new();
        for dot in &chart.dots {
            let name = lines_with_year(&dot.label, &dot.year, NAMES, lines_max);
            let printed = lines(&dot.words(), printed_room, lines_max);
            let height = tall(name.len().max(printed.len())) + padding;
            rows.push(Row { name, printed, middle: bottom + height / 2.0 });
            bottom += height;
        }
        bottom += if chart.dots.is_empty() { 2.0 * LINE } else { 3.0 };
        Self { scale, rows, has_tags, radius, top, bottom }
    }

    /// Where the numbers and the words of the axis end.
    fn end(&self) -> f64 {
        self.bottom + if self.scale.is_some() { 2.0 * LINE + 8.0 } else { 0.0 }
    }

    fn track(&self, scale: &'a Scale, dot: Option<&Dot>, across: f64) -> Track<'a> {
        Track {
            scale,
            span: (PLOT.0 + INSET, PLOT.1 - INSET),
            edges: PLOT,
            across,
            is_upright: false,
            radius: self.radius,
            is_dashed: dot.is_some_and(|dot| dot.is_outlier),
        }
    }

    fn row(&self, dot: &Dot, row: &Row) -> String {
        let look = dot.group.map_or(Look::PLAIN, Look::nth);
        let column = |x: f64, lines: &[String], look: &str| -> String {
            let first = row.middle + 4.0 - tall(lines.len().saturating_sub(1)) / 2.0;
            lines.iter().enumerate().map(|(at, line)| text(x, first + tall(at), Anchor::Start, look, line)).collect()
        };
        let marks = self.scale.map(|scale| self.track(scale, Some(dot), row.middle).marks(dot, look)).unwrap_or_default();
        let class = if dot.is_outlier { "fb-row fb-outlier" } else { "fb-row" };
        let tag = if self.has_tags { tag(dot, look, row.middle) } else { String::new() };
        let style = if dot.comparator.is_absence() { " font-style=\"italic\"" } else { "" };
        let parts = [column(MARGIN, &row.name, ""), marks, column(PLOT.1 + GAP, &row.printed, style), tag];
        format!("<g class=\"{class}\">{}{}</g>", hint(&dot.hint()), parts.concat())
    }

    /// Light lines at the numbers of the axis, the numbers, and in what they are told.
    fn grid(&self, chart: &Chart) -> String {
        let Some(scale) = self.scale else { return String::new() };
        let track = self.track(scale, None, 0.0);
        let mut parts = Vec::new();
        for tick in &scale.ticks {
            let x = track.span.0 + tick.share * (track.span.1 - track.span.0);
            let colour = if tick.words == "0" { "#777777" } else { "#dddddd" };
            parts.push(format!("<path class=\"fb-grid\" d=\"M{x:.1} {:.1}V{:.1}\" stroke=\"{colour}\"/>", self.top, self.bottom));
            parts.push(text(x, self.bottom + LINE, Anchor::Middle, " class=\"fb-tick\"", &tick.words));
            if chart.dots.len() > LONG {
                parts.push(text(x, self.top - 5.0, Anchor::Middle, "", &tick.words));
            }
        }
        parts.push(format!("<path d=\"M{} {1:.1}H{2}\" stroke=\"#000000\"/>", PLOT.0, self.bottom, PLOT.1));
        let words = axis_words(chart, scale);
        parts.push(text(f64::midpoint(PLOT.0, PLOT.1), self.bottom + 2.0 * LINE + 1.0, Anchor::Middle, " class=\"fb-axis\"", &words));
        parts.join("\n")
    }

    /// What all claims of the first group admit.
    fn band(&self, consensus: Option<&Interval>) -> String {
        let (Some(scale), Some(consensus)) = (self.scale, consensus) else { return String::new() };
        let track = self.track(scale, None, 0.0);
        let low = consensus.low().and_then(|end| track.place(&end.at)).unwrap_or(PLOT.0);
        let high = consensus.high().and_then(|end| track.place(&end.at)).unwrap_or(PLOT.1);
        let wide = (high - low).max(2.0);
        let left = f64::midpoint(low, high) - wide / 2.0;
        let height = self.bottom - self.top;
        format!(
            "<g>{}<rect class=\"fb-band\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"{height:.1}\" {BAND}/></g>",
            hint(&band_words(consensus)),
            self.top
        )
    }
}

/// With whom it agrees, in words.
fn tag(dot: &Dot, look: Look, middle: f64) -> String {
    let right = WIDTH - MARGIN;
    let outlier =
        if dot.is_outlier { text(right - 16.0, middle + 4.0, Anchor::End, " font-weight=\"bold\"", "outlier") } else { String::new() };
    let letter = dot
        .group
        .map(|group| text(right, middle + 4.0, Anchor::End, &format!(" fill=\"{}\" font-weight=\"bold\"", look.colour), &letter(group)));
    outlier + &letter.unwrap_or_default()
}

/// How the band is drawn.
const BAND: &str = "fill=\"#0072B2\" fill-opacity=\"0.16\"";

fn band_words(consensus: &Interval) -> String {
    format!("what all claims of group A admit: {}", stretch(consensus))
}

/// Height of so many lines.
fn tall(lines: usize) -> f64 {
    (0..lines).fold(0.0, |sum, _| sum + LINE)
}

/// A, B … Z, then A2, B2 …
fn letter(group: usize) -> String {
    let letter = (b'A'..=b'Z').nth(group % 26).map(char::from).unwrap_or_default();
    match group / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{}", round + 1),
    }
}

fn key_parts(chart: &Chart, scale: Option<&Scale>) -> Vec<KeyPart> {
    let mut parts = scale.map(|scale| of_marks(chart.dots.iter(), scale)).unwrap_or_default();
    if let Some(consensus) = chart.consensus.as_ref().filter(|_| scale.is_some()) {
        let sample = |x: f64, y: f64| format!("<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"14\" height=\"12\" {BAND}/>", y - 6.0);
        parts.push(KeyPart { sample: Box::new(sample), width: 14.0, words: band_words(consensus) });
    }
    let word = |words: &str| KeyPart { sample: Box::new(|_, _| String::new()), width: 0.0, words: words.into() };
    let greatest = chart.dots.iter().filter_map(|dot| dot.group).max();
    match greatest {
        Some(0) => parts.push(word("A: these claims agree")),
        Some(1) => parts.push(word("A, B: claims with the same letter agree")),
        Some(greatest) => parts.push(word(&format!("A to {}: claims with the same letter agree", letter(greatest)))),
        None => {}
    }
    if chart.dots.iter().any(|dot| dot.is_outlier) {
        parts.push(word("outlier (dashed): without it, the others agree"));
    }
    parts
}

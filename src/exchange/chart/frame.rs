//! The document around a chart: head and title. Text gets into the picture here and nowhere else.

use crate::exchange::lettering::{escaped, one_line, shortened, width_of, wrapped};

use super::Chart;
use super::scale::{Scale, Tick};

/// Width of every chart, in pixels.
pub(super) const WIDTH: f64 = 760.0;
/// Free space around it.
pub(super) const MARGIN: f64 = 16.0;
/// Letter size of everything but the title.
pub(super) const LETTER: f64 = 12.0;
/// Height of a line of such letters.
pub(super) const LINE: f64 = 15.0;
/// Letter size and line height of the title.
const TITLE: (f64, f64) = (15.0, 19.0);
/// Lines of a title and of a subtitle; what is longer is read on pointing.
pub(super) const HEAD_LINES_MAX: usize = 2;
/// A tooltip longer than this hides more than it tells.
const HINT_CHARS_MAX: usize = 400;
/// More letters than this fit on no line.
const CUT_CHARS_MAX: usize = 200;
/// Letters of a year or day.
const YEAR_CHARS_MAX: usize = 10;
/// Claims in the description that is read aloud.
const SPOKEN_DOTS_MAX: usize = 30;
/// Letters of each of them.
const SPOKEN_CHARS_MAX: usize = 120;
/// Free space between two numbers of an axis.
const TICK_GAP: f64 = 12.0;

/// How a line of text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text at its baseline. `look` is ours: further attributes.
pub(super) fn text(x: f64, y: f64, anchor: Anchor, look: &str, words: &str) -> String {
    let anchor = match anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\"{anchor}{look}>{}</text>", escaped(&one_line(words)))
}

/// What is read on pointing at the element that this stands in.
pub(super) fn hint(words: &str) -> String {
    format!("<title>{}</title>", escaped(&shortened(&one_line(words), HINT_CHARS_MAX)))
}

/// The words on lines of this width in pixels; on one alone, they are cut wherever it ends.
pub(super) fn lines(words: &str, room: f64, lines_max: usize) -> Vec<String> {
    let words = one_line(words);
    if lines_max > 1 {
        return wrapped(&words, room / LETTER, lines_max);
    }
    let mut line = shortened(&words, CUT_CHARS_MAX);
    if width(&line) > room {
        while width(&line) + width("…") > room && line.pop().is_some() {}
        line.truncate(line.trim_end().len());
        line.push('…');
    }
    vec![line]
}

/// A name on lines of this width, with the year behind it, which is never cut.
pub(super) fn lines_with_year(name: &str, year: &str, room: f64, lines_max: usize) -> Vec<String> {
    let (name, year) = (one_line(name), shortened(&one_line(year), YEAR_CHARS_MAX));
    let whole = [name.as_str(), &year].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let whole_lines = lines(&whole, room, lines_max);
    if year.is_empty() || whole_lines.last().is_none_or(|last| !last.ends_with('…')) {
        return whole_lines;
    }
    let mut cut = lines(&name, room - width(&format!(", {year}")), lines_max);
    cut.last_mut().into_iter().for_each(|last| last.extend([", ", &year]));
    cut
}

/// About how wide the words are, in pixels.
pub(super) fn width(words: &str) -> f64 {
    width_of(words) * LETTER
}

/// Whether the numbers can be written side by side along an axis of this length.
pub(super) fn stand_apart(ticks: &[Tick], length: f64) -> bool {
    ticks.windows(2).all(|pair| match pair {
        [a, b] => f64::midpoint(width(&a.words), width(&b.words)) + TICK_GAP <= (b.share - a.share) * length,
        _ => true,
    })
}

/// In what the numbers of the axis are told, and what has to be said of it.
pub(super) fn axis_words(chart: &Chart, scale: &Scale) -> String {
    let unit = one_line(&chart.unit);
    let per = chart.per.as_deref().map(|per| format!("per {}", one_line(per)));
    let measured: Vec<String> = [Some(unit), per].into_iter().flatten().filter(|words| !words.is_empty()).collect();
    let parts = [Some(shortened(&measured.join(" "), 60)), scale.remark().map(ToString::to_string)];
    parts.into_iter().flatten().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Title and subtitle, and where what stands below them begins.
pub(super) fn heading(chart: &Chart) -> (String, f64) {
    let room = WIDTH - 2.0 * MARGIN;
    let mut y = MARGIN;
    let mut parts = Vec::new();
    for (words, (size, step), look) in [
        (&chart.title, TITLE, format!(" font-size=\"{}\" font-weight=\"bold\"", TITLE.0)),
        (&chart.subtitle, (LETTER, LINE), " fill=\"#333333\"".to_string()),
    ] {
        let words = one_line(words);
        // Bold letters are wider.
        for line in wrapped(&words, room / size / 1.06, HEAD_LINES_MAX).iter().filter(|line| !line.is_empty()) {
            y += step;
            parts.push(text(MARGIN, y - 4.0, Anchor::Start, &look, line));
        }
    }
    (format!("<g>{}{}</g>", hint(&format!("{} — {}", chart.title, chart.subtitle)), parts.concat()), y)
}

/// The whole document. `kind` keeps the names inside two charts on one page apart.
pub(super) fn document(kind: &str, chart: &Chart, height: f64, parts: &[String]) -> String {
    let name = if one_line(&chart.title).is_empty() { "Chart of claims" } else { &chart.title };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"{kind}-title {kind}-desc\" width=\"{WIDTH:.0}\" \
         height=\"{height:.0}\" viewBox=\"0 0 {WIDTH:.0} {height:.0}\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" \
         font-size=\"{LETTER:.0}\" fill=\"#000000\">\n<title id=\"{kind}-title\">{}</title>\n<desc id=\"{kind}-desc\">{}</desc>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{}\n</svg>\n",
        escaped(&shortened(&one_line(name), HINT_CHARS_MAX)),
        escaped(&spoken(chart)),
        parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("\n"),
    )
}

/// The chart in sentences, for those who hear it.
fn spoken(chart: &Chart) -> String {
    let count = match chart.dots.len() {
        0 => "No claims.".to_string(),
        1 => "One claim.".to_string(),
        many => format!("{many} claims."),
    };
    let subtitle =
        Some(shortened(&one_line(&chart.subtitle), HINT_CHARS_MAX)).filter(|words| !words.is_empty()).map(|words| format!("{words}."));
    let said = chart.dots.iter().take(SPOKEN_DOTS_MAX).map(|dot| {
        let doubt = if dot.is_outlier { " (outlier)" } else { "" };
        shortened(&one_line(&format!("{}: {}{doubt}", dot.name(), dot.words())), SPOKEN_CHARS_MAX) + "."
    });
    let more = chart.dots.len().checked_sub(SPOKEN_DOTS_MAX).filter(|more| *more > 0).map(|more| format!("And {more} more."));
    subtitle.into_iter().chain([count]).chain(said).chain(more).collect::<Vec<_>>().join(" ")
}

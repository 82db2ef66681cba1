//! Claims of one series over time: each a dot with its interval, and a bar as long as its period.

use std::collections::BTreeMap;

use crate::exchange::lettering::one_line;

use super::calendar::{Calendar, float, known_first, known_last};
use super::frame::{Anchor, LETTER, LINE, MARGIN, WIDTH, axis_words, document, heading, hint, stand_apart, text, width};
use super::key::{KeyPart, key, of_marks};
use super::marks::{ARROW_MIN, Look, Track, numbers};
use super::scale::{Scale, Tick};
use super::{Chart, Dot};

/// Height of the plot.
const PLOT: f64 = 320.0;
/// Room inside the plot around the scales, for arrows.
const INSET: f64 = ARROW_MIN + 1.0;
/// Least room for the numbers on the left.
const NUMBERS_MIN: f64 = 30.0;
/// Voices that get a look of their own; more could not be told apart.
const VOICES_MAX: usize = 12;
/// Letters of a voice's name in the key.
const NAME_CHARS_MAX: usize = 60;
/// Radius of a dot, and of one among many.
const RADIUS: (f64, f64) = (5.0, 3.5);
/// With more claims than this, dots are small.
const MANY: usize = 60;

/// Claims of one series over time, as an SVG document.
///
/// A dot stands in the middle of its period; dots that share a period are spread over it evenly. Claims of one voice share
/// colour and shape. What gives no number or no time cannot be drawn and is counted below.
pub fn timeline(chart: &Chart) -> String {
    let (head, top) = heading(chart);
    let shown: Vec<(&Dot, (i64, i64))> = chart.dots.iter().filter_map(placed).collect();
    let (printed, ends) = numbers(shown.iter().map(|(dot, _)| *dot), None);
    let down = PLOT - 2.0 * INSET;
    let scale = Scale::around(&printed, &ends, &|ticks| heights_apart(ticks, down));
    let left_out = chart.dots.len() - shown.len();
    let Some(scale) = scale else { return empty(chart, head, top, left_out) };
    let left = MARGIN + scale.ticks.iter().map(|tick| width(&tick.words)).fold(NUMBERS_MIN, f64::max) + 8.0;
    let across = WIDTH - MARGIN - left - 2.0 * INSET;
    let periods: Vec<(i64, i64)> = shown.iter().map(|(_, days)| *days).collect();
    let calendar = Calendar::around(&periods, &|ticks| stand_apart(ticks, across));
    let Some(calendar) = calendar else { return empty(chart, head, top, left_out) };
    let plot = Plot { left, top: top + LINE + 10.0, scale, calendar, radius: if shown.len() > MANY { RADIUS.1 } else { RADIUS.0 } };
    let voices = Voices::of(&shown);
    let dots: Vec<(&Dot, f64, (f64, f64), Look)> =
        plot.spread(&shown).into_iter().map(|(dot, x, bar)| (dot, x, bar, voices.look(dot))).collect();
    // Bars lie below all dots.
    let bars: String = dots.iter().map(|(dot, x, bar, look)| plot.bar(dot, *x, *bar, *look)).collect();
    let marks: Vec<String> = dots.iter().map(|(dot, x, _, look)| plot.mark(dot, *x, *look)).collect();
    let (legend, legend_end) = key(&voices.key(), plot.bottom() + 3.0 * LINE + 4.0);
    let (meanings, end) = key(&meanings(&shown, Some(&plot.scale), left_out), legend_end + LINE);
    let parts = [head, plot.grid(chart), bars, marks.join("\n"), legend, meanings];
    document("fb-time", chart, (end + MARGIN).ceil(), &parts)
}

/// A claim that gives a number and a time.
fn placed(dot: &Dot) -> Option<(&Dot, (i64, i64))> {
    let has_number = !dot.comparator.is_absence() && (dot.best.is_some() || dot.interval.low().is_some() || dot.interval.high().is_some());
    let days = dot.days.filter(|(first, last)| known_first(*first).or(known_last(*last)).is_some())?;
    has_number.then_some((dot, days))
}

/// A chart without anything to draw.
fn empty(chart: &Chart, head: String, top: f64, left_out: usize) -> String {
    let words = text(MARGIN, top + 2.0 * LINE, Anchor::Start, "", "There is no claim to show.");
    let (note, end) = key(&meanings(&[], None, left_out), top + 3.5 * LINE);
    document("fb-time", chart, (end + MARGIN).ceil(), &[head, words, note])
}

fn heights_apart(ticks: &[Tick], length: f64) -> bool {
    ticks.windows(2).all(|pair| matches!(pair, [a, b] if (b.share - a.share) * length >= 1.6 * LETTER))
}

struct Plot {
    left: f64,
    top: f64,
    scale: Scale,
    calendar: Calendar,
    radius: f64,
}

impl Plot {
    fn right() -> f64 {
        WIDTH - MARGIN
    }

    fn bottom(&self) -> f64 {
        self.top + PLOT
    }

    /// Where a day begins.
    fn x(&self, day: f64) -> f64 {
        let (from, to) = (self.left + INSET, Self::right() - INSET);
        from + self.calendar.share(day) * (to - from)
    }

    fn y(&self, share: f64) -> f64 {
        self.bottom() - INSET - share * (PLOT - 2.0 * INSET)
    }

    /// Where each claim's dot stands, and from where to where its period lasts.
    fn spread<'d>(&self, shown: &[(&'d Dot, (i64, i64))]) -> Vec<(&'d Dot, f64, (f64, f64))> {
        let mut together: BTreeMap<(i64, i64), usize> = BTreeMap::new();
        for (_, days) in shown {
            *together.entry(*days).or_default() += 1;
        }
        let mut before: BTreeMap<(i64, i64), f64> = BTreeMap::new();
        let place = |(dot, days): &(&'d Dot, (i64, i64))| {
            let (first, last) = (known_first(days.0), known_last(days.1));
            let from = first.map_or(self.left, |day| self.x(float(day)));
            let to = last.map_or(Self::right(), |day| self.x(float(day) + 1.0));
            let before = before.entry(*days).or_default();
            let count = (0..together.get(days).copied().unwrap_or(1)).fold(0.0, |sum, _| sum + 1.0);
            let share = (*before + 0.5) / count;
            *before += 1.0;
            // Of a period that is open on one side, the other is all that is known.
            let x = match (first, last) {
                (Some(_), None) => from,
                (None, Some(_)) => to,
                _ => from + share * (to - from),
            };
            (*dot, x, (from, to))
        };
        shown.iter().map(place).collect()
    }

    fn track(&self, x: f64) -> Track<'_> {
        Track {
            scale: &self.scale,
            span: (self.y(0.0), self.y(1.0)),
            edges: (self.bottom(), self.top),
            across: x,
            is_upright: true,
            radius: self.radius,
            is_dashed: false,
        }
    }

    /// The period, at the height of each mark.
    fn bar(&self, dot: &Dot, x: f64, (from, to): (f64, f64), look: Look) -> String {
        let wide = (to - from).max(1.0);
        let bar = |y: f64| {
            format!(
                "<rect class=\"fb-period\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"3\" fill=\"{}\" \
                 fill-opacity=\"0.35\"/>",
                y - 1.5,
                look.colour
            )
        };
        self.track(x).spots(dot).into_iter().map(bar).collect()
    }

    fn mark(&self, dot: &Dot, x: f64, look: Look) -> String {
        format!("<g class=\"fb-mark\">{}{}</g>", hint(&dot.hint()), self.track(x).marks(dot, look))
    }

    /// The axes, with light lines at their numbers.
    fn grid(&self, chart: &Chart) -> String {
        let (left, right, bottom) = (self.left, Self::right(), self.bottom());
        let mut parts = vec![text(MARGIN, self.top - 8.0, Anchor::Start, " class=\"fb-axis\"", &axis_words(chart, &self.scale))];
        for tick in &self.scale.ticks {
            let y = self.y(tick.share);
            let colour = if tick.words == "0" { "#777777" } else { "#dddddd" };
            parts.push(format!("<path class=\"fb-grid\" d=\"M{left:.1} {y:.1}H{right:.1}\" stroke=\"{colour}\"/>"));
            parts.push(text(left - 6.0, y + 4.0, Anchor::End, " class=\"fb-tick\"", &tick.words));
        }
        parts.push(format!("<path d=\"M{left:.1} {bottom:.1}H{right:.1}\" stroke=\"#999999\"/>"));
        let x = |share: f64| left + INSET + share * (right - left - 2.0 * INSET);
        for mark in &self.calendar.marks {
            parts.push(format!("<path d=\"M{:.1} {bottom:.1}v5\" stroke=\"#000000\"/>", x(*mark)));
        }
        for tick in &self.calendar.ticks {
            parts.push(text(x(tick.share), bottom + LINE + 4.0, Anchor::Middle, " class=\"fb-time\"", &tick.words));
        }
        parts.join("\n")
    }
}

/// Who speaks on the chart, those with the most claims first.
struct Voices {
    names: Vec<String>,
    others: usize,
}

impl Voices {
    fn of(shown: &[(&Dot, (i64, i64))]) -> Self {
        let mut counts: Vec<(String, usize)> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (dot, _) in shown {
            let place = *places.entry(name(dot)).or_insert_with_key(|name| {
                counts.push((name.clone(), 0));
                counts.len() - 1
            });
            if let Some((_, count)) = counts.get_mut(place) {
                *count += 1;
            }
        }
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let others = counts.len().saturating_sub(VOICES_MAX);
        Self { names: counts.into_iter().take(VOICES_MAX).map(|(name, _)| name).collect(), others }
    }

    fn look(&self, dot: &Dot) -> Look {
        let name = name(dot);
        self.names.iter().position(|known| *known == name).map_or(Look::PLAIN, Look::nth)
    }

    fn key(&self) -> Vec<KeyPart> {
        let part =
            |look: Look, words: String| KeyPart { sample: Box::new(move |x, y| look.dot((x + 6.0, y), 5.0, true)), width: 12.0, words };
        let named = self.names.iter().enumerate().map(|(at, name)| {
            let words = if name.is_empty() { "source not named" } else { name };
            part(Look::nth(at), crate::exchange::lettering::shortened(words, NAME_CHARS_MAX))
        });
        let others = (self.others > 0).then(|| part(Look::PLAIN, format!("{} others", self.others)));
        named.chain(others).collect()
    }
}

fn name(dot: &Dot) -> String {
    one_line(&dot.label)
}

/// What the marks mean, and what is not drawn.
fn meanings(shown: &[(&Dot, (i64, i64))], scale: Option<&Scale>, left_out: usize) -> Vec<KeyPart> {
    let mut parts = Vec::new();
    if let Some(scale) = scale {
        parts.extend(of_marks(shown.iter().map(|(dot, _)| *dot), scale));
        let sample = |x: f64, y: f64| {
            format!("<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"30\" height=\"3\" fill=\"#555555\" fill-opacity=\"0.35\"/>", y - 1.5)
        };
        parts.push(KeyPart { sample: Box::new(sample), width: 30.0, words: "its period".into() });
    }
    let note = match left_out {
        0 => return parts,
        1 => "1 claim gives no number or no time and is not drawn.".to_string(),
        many => format!("{many} claims give no number or no time and are not drawn."),
    };
    parts.push(KeyPart { sample: Box::new(|_, _| String::new()), width: 0.0, words: note });
    parts
}

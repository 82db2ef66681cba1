//! The key of a chart: samples and what they mean, for what the chart shows and nothing else.

use crate::domain::decimal::Decimal;
use crate::domain::interval::{End, Interval};
use crate::domain::quantity::Comparator;

use super::Dot;
use super::frame::{Anchor, HEAD_LINES_MAX, LINE, MARGIN, WIDTH, hint, lines, text, width};
use super::marks::{Look, Track, goes_on};
use super::scale::Scale;

/// Width of a sample of marks.
const SAMPLE: f64 = 30.0;
/// Free space between two parts of a key.
const KEY_GAP: f64 = 20.0;

/// A part of a key: a sample of so many pixels, drawn around a given point at its left end, and its words.
pub(super) struct KeyPart {
    /// Draws the sample.
    pub(super) sample: Box<dyn Fn(f64, f64) -> String>,
    /// Width of the sample.
    pub(super) width: f64,
    /// What it means.
    pub(super) words: String,
}

/// The parts of a key on as many lines as they need, from this height on; gives where it ends.
pub(super) fn key(parts: &[KeyPart], top: f64) -> (String, f64) {
    let room = WIDTH - 2.0 * MARGIN;
    let (mut x, mut y) = (0.0, top);
    let mut drawn = Vec::new();
    for part in parts {
        let sample = if part.width > 0.0 { part.width + 6.0 } else { 0.0 };
        let lines = lines(&part.words, room - sample, HEAD_LINES_MAX);
        let wide = sample + lines.iter().map(|line| width(line)).fold(0.0, f64::max);
        if x > 0.0 && x + wide > room {
            (x, y) = (0.0, y + LINE + 3.0);
        }
        let left = MARGIN + x;
        let mut words = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            y += if at == 0 { 0.0 } else { LINE };
            words.push(text(left + sample, y + 4.0, Anchor::Start, "", line));
        }
        drawn.push(format!("<g class=\"fb-key\">{}{}{}</g>", hint(&part.words), (part.sample)(left, y), words.concat()));
        x += wide + KEY_GAP;
    }
    (drawn.join("\n"), if parts.is_empty() { top - LINE } else { y + LINE / 2.0 })
}

/// The kinds of marks that the claims need, each with a sample and what it means.
pub(super) fn of_marks<'d>(dots: impl Iterator<Item = &'d Dot> + Clone, scale: &Scale) -> Vec<KeyPart> {
    let shown: Vec<Comparator> = dots.clone().map(|dot| dot.comparator).collect();
    let has = |comparators: &[Comparator]| shown.iter().any(|comparator| comparators.contains(comparator));
    let kinds = [
        (has(&[Comparator::Eq]), Comparator::Eq, "number as printed, and the numbers that it admits"),
        (has(&[Comparator::Approx, Comparator::Vague]), Comparator::Approx, "“about”, or vague words"),
        (has(&[Comparator::Ge, Comparator::Le]), Comparator::Ge, "at least, at most"),
        (has(&[Comparator::Gt, Comparator::Lt]), Comparator::Gt, "more than, less than"),
        (has(&[Comparator::Range]), Comparator::Range, "range"),
    ];
    let mut parts: Vec<KeyPart> =
        kinds.into_iter().filter(|(is_shown, ..)| *is_shown).map(|(_, comparator, words)| part(comparator, words)).collect();
    if dots.into_iter().any(|dot| goes_on(dot, scale)) {
        let sample =
            |x: f64, y: f64| format!("<path d=\"M{x:.1} {y:.1}h11M{:.1} {y:.1}l-7 -4v8Z\" fill=\"#555555\" stroke=\"#555555\"/>", x + 18.0);
        parts.push(KeyPart { sample: Box::new(sample), width: 18.0, words: "goes on".into() });
    }
    parts
}

fn part(comparator: Comparator, words: &str) -> KeyPart {
    let sample = move |x: f64, y: f64| sample(comparator, x, y);
    KeyPart { sample: Box::new(sample), width: SAMPLE, words: words.into() }
}

/// A claim of this kind on an axis of its own.
fn sample(comparator: Comparator, x: f64, y: f64) -> String {
    let numbers = [0, 5, 10].map(Decimal::whole);
    let Some(scale) = Scale::around(&numbers, &[], &|_| true) else { return String::new() };
    let [low, best, high] = numbers;
    let (low, best, high) = match comparator {
        Comparator::Ge | Comparator::Gt => (Some(low.clone()), Some(low), None),
        Comparator::Range => (Some(low), None, Some(high)),
        _ => (Some(low), Some(best), Some(high)),
    };
    let interval = Interval::new(low.map(End::closed), high.map(End::closed)).unwrap_or_default();
    let dot = Dot::new(comparator, best, interval);
    let track = Track {
        scale: &scale,
        span: (x + 5.0, x + SAMPLE - 5.0),
        edges: (x, x + SAMPLE),
        across: y,
        is_upright: false,
        radius: 4.5,
        is_dashed: false,
    };
    track.marks(&dot, Look::PLAIN)
}

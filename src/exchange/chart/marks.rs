//! A claim's marks along an axis: its dot, its interval, its arrows, in the colour and shape of its kind.

use crate::domain::decimal::Decimal;
use crate::domain::interval::{End, Interval};
use crate::domain::quantity::Comparator;

use super::Dot;
use super::scale::Scale;

/// The palette of Okabe and Ito, which the colour-blind tell apart, without its yellow, which white paper swallows.
const COLOURS: [&str; 7] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];
/// As many shapes as have no divisor in common with the colours: 35 pairs come before the first one comes again.
const SHAPES: [Shape; 5] = [Shape::Circle, Shape::Square, Shape::Diamond, Shape::Up, Shape::Down];
/// An arrow is at least so long, so that it is seen where its claim lies at the edge.
pub(super) const ARROW_MIN: f64 = 17.0;
/// Length of an arrow's head.
const HEAD: f64 = 7.0;
/// Size of the marks at the ends of a range.
const END_SIZE: f64 = 0.66;

/// The outline of a dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Circle,
    Square,
    Diamond,
    Up,
    Down,
}

/// How the claims of one kind are drawn: never by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) colour: &'static str,
    shape: Shape,
}

impl Look {
    /// Of no kind.
    pub(super) const PLAIN: Self = Self { colour: "#555555", shape: Shape::Circle };

    /// Of one kind of many, counted from 0.
    pub(super) fn nth(kind: usize) -> Self {
        Self { colour: COLOURS[kind % COLOURS.len()], shape: SHAPES[kind % SHAPES.len()] }
    }

    /// A dot at a point.
    pub(super) fn dot(self, (x, y): (f64, f64), radius: f64, is_filled: bool) -> String {
        let outline = match self.shape {
            Shape::Circle => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\""),
            Shape::Square => closed(&square(0.9 * radius), x, y),
            Shape::Diamond => closed(&[(0.0, -1.3 * radius), (1.3 * radius, 0.0), (0.0, 1.3 * radius), (-1.3 * radius, 0.0)], x, y),
            Shape::Up => closed(&[(0.0, -1.25 * radius), (1.2 * radius, 0.85 * radius), (-1.2 * radius, 0.85 * radius)], x, y),
            Shape::Down => closed(&[(0.0, 1.25 * radius), (1.2 * radius, -0.85 * radius), (-1.2 * radius, -0.85 * radius)], x, y),
        };
        let (class, fill) = if is_filled { ("fb-dot", self.colour) } else { ("fb-dot fb-open", "#ffffff") };
        format!("{outline} class=\"{class}\" fill=\"{fill}\" stroke=\"{}\" stroke-width=\"1.6\"/>", self.colour)
    }
}

fn square(half: f64) -> [(f64, f64); 4] {
    [(-half, -half), (half, -half), (half, half), (-half, half)]
}

/// The beginning of a closed outline around a point.
fn closed(corners: &[(f64, f64)], x: f64, y: f64) -> String {
    let way = corners.iter().map(|(right, down)| format!("{:.1} {:.1}", x + right, y + down)).collect::<Vec<_>>().join("L");
    format!("<path d=\"M{way}Z\"")
}

/// A line on the paper along which a claim's numbers lie: a row, or a moment of time.
pub(super) struct Track<'a> {
    pub(super) scale: &'a Scale,
    /// Where the scale begins and ends.
    pub(super) span: (f64, f64),
    /// Where the plot ends, before and behind them.
    pub(super) edges: (f64, f64),
    /// Where the track runs: the height of a row, the place of a moment.
    pub(super) across: f64,
    /// Whether numbers grow upwards, not to the right.
    pub(super) is_upright: bool,
    /// Radius of a dot.
    pub(super) radius: f64,
    /// Whether the interval is drawn in dashes.
    pub(super) is_dashed: bool,
}

/// An end of an interval on the paper.
struct Tip {
    at: f64,
    is_arrow: bool,
}

impl Track<'_> {
    /// Where the number lies along the track.
    pub(super) fn place(&self, number: &Decimal) -> Option<f64> {
        self.scale.share(number).map(|share| self.span.0 + share * (self.span.1 - self.span.0))
    }

    fn point(&self, along: f64) -> (f64, f64) {
        if self.is_upright { (self.across, along) } else { (along, self.across) }
    }

    /// Where the marks stand that say a number was printed: at the number, or at the ends of a range.
    pub(super) fn spots(&self, dot: &Dot) -> Vec<f64> {
        let ends = || [dot.interval.low(), dot.interval.high()].into_iter().flatten().map(|end| &end.at);
        let numbers: Vec<&Decimal> = match &dot.best {
            _ if dot.comparator.is_absence() => Vec::new(),
            Some(best) => vec![best],
            None if dot.comparator == Comparator::Range => ends().collect(),
            None => bound(dot).map_or_else(|| ends().collect(), |end| vec![&end.at]),
        };
        let mut spots: Vec<f64> = numbers.into_iter().filter_map(|number| self.place(number)).collect();
        spots.dedup_by(|a, b| (*a - *b).abs() < 0.05);
        spots
    }

    /// All marks of a claim; nothing for one without a number.
    pub(super) fn marks(&self, dot: &Dot, look: Look) -> String {
        if dot.comparator.is_absence() {
            return String::new();
        }
        let spots = self.spots(dot);
        let is_single = dot.best.is_some() || bound(dot).is_some();
        let radius = if is_single { self.radius } else { END_SIZE * self.radius };
        let dots = spots.iter().map(|spot| look.dot(self.point(*spot), radius, is_filled(dot)));
        self.interval(dot, look) + &dots.collect::<String>()
    }

    fn interval(&self, dot: &Dot, look: Look) -> String {
        let (low, high) = self.tips(dot);
        let spots = self.spots(dot);
        let head = |tip: &Tip, from: &Tip| self.head(tip.at, (tip.at - from.at).signum(), look.colour);
        let is_bar = dot.comparator == Comparator::Range;
        let (class, thick) = if is_bar { ("fb-range", 6.0) } else { ("fb-interval", 1.6) };
        let dashes = if self.is_dashed { " stroke-dasharray=\"4 2.5\"" } else { "" };
        let opacity = match is_bar {
            true => " stroke-opacity=\"0.45\"",
            // Long lines to the edge of a plot full of dots stand back.
            false if self.is_upright && bound(dot).is_some() => " stroke-opacity=\"0.6\"",
            false => "",
        };
        // A thick line would stick out of its arrow's head.
        let shorter = |tip: &Tip, from: &Tip| if tip.is_arrow { tip.at - (tip.at - from.at).signum() * HEAD } else { tip.at };
        let (from, to) = (self.point(shorter(&low, &high)), self.point(shorter(&high, &low)));
        let stroke = format!("fill=\"none\" stroke=\"{}\" stroke-width=\"{thick}\"{opacity}{dashes}", look.colour);
        let is_point = (low.at - high.at).abs() < 0.3;
        let way = format!("M{:.1} {:.1}L{:.1} {:.1}", from.0, from.1, to.0, to.1);
        let line = if is_point { String::new() } else { format!("<path class=\"{class}\" d=\"{way}\" {stroke}/>") };
        let ends = [(&low, &high), (&high, &low)].map(|(tip, from)| match tip.is_arrow {
            true => head(tip, from),
            false if is_bar || is_point || bound(dot).is_some() => String::new(),
            // Inside the dot it would be seen as a corner of it.
            false if spots.iter().any(|spot| (spot - tip.at).abs() < 1.15 * self.radius) => String::new(),
            false => self.cap(tip.at, look.colour),
        });
        line + &ends.concat()
    }

    /// Where the interval ends on the paper: at its ends, or with an arrow. What is said to be at least or at most a number
    /// ends in an arrow even where no greater or lesser number is possible: nobody named that end.
    fn tips(&self, dot: &Dot) -> (Tip, Tip) {
        let tip = |end: Option<&End>, edge: f64, is_free: bool| match end.and_then(|end| self.place(&end.at)) {
            Some(at) => Tip { at, is_arrow: is_free },
            None => Tip { at: edge, is_arrow: true },
        };
        let free_low = matches!(dot.comparator, Comparator::Lt | Comparator::Le);
        let free_high = matches!(dot.comparator, Comparator::Gt | Comparator::Ge);
        let mut low = tip(dot.interval.low(), self.edges.0, free_low);
        let mut high = tip(dot.interval.high(), self.edges.1, free_high);
        let forward = (self.edges.1 - self.edges.0).signum();
        let is_short = (high.at - low.at).abs() < ARROW_MIN;
        if free_high && is_short {
            high.at = low.at + forward * ARROW_MIN;
        } else if free_low && is_short {
            low.at = high.at - forward * ARROW_MIN;
        }
        (low, high)
    }

    /// The head of an arrow that points forward or backward.
    fn head(&self, tip: f64, direction: f64, colour: &str) -> String {
        let back = tip - direction * HEAD;
        let half = 4.0;
        let (side, other) = (self.across - half, self.across + half);
        let corners = if self.is_upright {
            [(self.across, tip), (side, back), (other, back)]
        } else {
            [(tip, self.across), (back, side), (back, other)]
        };
        format!("{} class=\"fb-arrow\" fill=\"{colour}\"/>", closed(&corners, 0.0, 0.0))
    }

    /// The stroke across the end of a line.
    fn cap(&self, at: f64, colour: &str) -> String {
        let half = 0.75 * self.radius;
        let (x, y) = self.point(at);
        let way = if self.is_upright {
            format!("M{:.1} {y:.1}h{:.1}", x - half, 2.0 * half)
        } else {
            format!("M{x:.1} {:.1}v{:.1}", y - half, 2.0 * half)
        };
        format!("<path class=\"fb-cap\" d=\"{way}\" stroke=\"{colour}\" stroke-width=\"1.6\"/>")
    }
}

/// The end that a claim of "at least", "more than", "at most", "less than" names.
fn bound(dot: &Dot) -> Option<&End> {
    match dot.comparator {
        Comparator::Gt | Comparator::Ge => dot.interval.low(),
        Comparator::Lt | Comparator::Le => dot.interval.high(),
        _ => None,
    }
}

/// Whether the printed number itself is claimed, and plainly.
fn is_filled(dot: &Dot) -> bool {
    matches!(dot.comparator, Comparator::Eq | Comparator::Range | Comparator::Ge | Comparator::Le)
}

/// Whether the claim's interval goes on beyond the plot, though it does not say "at least" or "at most".
pub(super) fn goes_on(dot: &Dot, scale: &Scale) -> bool {
    let is_off = |end: Option<&End>| end.is_none_or(|end| scale.share(&end.at).is_none());
    !dot.comparator.is_absence() && bound(dot).is_none() && (is_off(dot.interval.low()) || is_off(dot.interval.high()))
}

/// The numbers that have to be seen on an axis: those that claims print, and those at the ends of their intervals.
pub(super) fn numbers<'d>(dots: impl Iterator<Item = &'d Dot>, consensus: Option<&Interval>) -> (Vec<Decimal>, Vec<Decimal>) {
    let ends = |interval: &Interval| {
        [interval.low().cloned(), interval.high().cloned()].into_iter().flatten().map(|end| end.at).collect::<Vec<_>>()
    };
    let (mut printed, mut admitted) = (Vec::new(), consensus.map(ends).unwrap_or_default());
    for dot in dots.filter(|dot| !dot.comparator.is_absence()) {
        match (&dot.best, bound(dot)) {
            (Some(best), _) => printed.push(best.clone()),
            (None, Some(end)) => printed.push(end.at.clone()),
            (None, None) if dot.comparator == Comparator::Range => printed.extend(ends(&dot.interval)),
            // Vague words begin at a number and have no clear end.
            (None, None) => printed.extend(ends(&dot.interval).into_iter().next()),
        }
        admitted.extend(ends(&dot.interval));
    }
    (printed, admitted)
}

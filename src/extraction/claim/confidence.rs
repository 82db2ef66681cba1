//! How sure a candidate is: a base, times a factor for each thing that often goes wrong, then read off a table that was made from texts
//! whose figures are known.

/// What the certainty hangs on.
#[expect(clippy::struct_excessive_bools, reason = "each sign stands for itself, and all go into one product")]
#[derive(Debug, Clone, Copy, Default)]
pub struct Signs {
    /// A unit is known.
    pub unit: bool,
    /// The unit or scale was taken from a neighbour.
    pub elided: bool,
    /// "dozens", "hundreds of".
    pub vague: bool,
    /// It is a length of time or an age.
    pub duration: bool,
    /// It stands in a heading.
    pub heading: bool,
    /// The rule that found the actor.
    pub actor: Option<&'static str>,
    /// The rule that found the period.
    pub period: Option<&'static str>,
    /// A metric is known.
    pub metric: bool,
    /// A bare number word, "two".
    pub word: bool,
}

/// Raw score to share of right ones, the lowest first: the certainty is that of the last step that the score reaches.
const TABLE: [(f64, f64); 6] = [(0.0, 0.25), (0.25, 0.4), (0.4, 0.55), (0.55, 0.65), (0.7, 0.75), (0.85, 0.85)];

/// The certainty of a candidate.
pub fn of(signs: Signs) -> f64 {
    let score = raw(signs);
    TABLE.iter().rev().find(|(from, _)| score >= *from).map_or(0.25, |(_, sure)| *sure)
}

fn raw(signs: Signs) -> f64 {
    let mut score = 1.0;
    for (applies, factor) in [
        (!signs.unit, 0.5),
        (signs.elided, 0.85),
        (signs.vague, 0.9),
        (signs.duration, 0.4),
        (signs.heading, 0.6),
        (!signs.metric, 0.85),
        (signs.word, 0.9),
    ] {
        if applies {
            score *= factor;
        }
    }
    score
        * match signs.actor {
            None => 0.5,
            Some("context" | "clause") => 0.75,
            Some("place" | "relative" | "perpetrator") => 0.9,
            Some(_) => 1.0,
        }
}

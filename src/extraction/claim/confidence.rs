//! How sure a candidate is: the share of such candidates that are right in number, unit, bound, period, actor and metric at once.
//!
//! It is the product of three shares, one for each field that goes wrong: unit, period, actor. Each hangs on how near to the number the
//! rule found it, in two or three steps and no more, because finer ones would only learn the texts that they are measured on. The
//! shares are rounded from a few texts, and were tried on others whose errors nobody had looked at. `benches/score` prints how they hold.

/// What the certainty hangs on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signs {
    /// A unit is known.
    pub unit: bool,
    /// The unit or scale was taken from a neighbour.
    pub elided: bool,
    /// It is a length of time or an age, or stands in a heading: seldom a claim of its own.
    pub aside: bool,
    /// The rule that found the actor.
    pub actor: Option<&'static str>,
    /// The rule that found the period.
    pub period: Option<&'static str>,
}

/// Share of what is no claim of its own.
const ASIDE: f64 = 0.5;

/// The certainty of a candidate, in hundredths.
pub fn of(signs: Signs) -> f64 {
    let aside = if signs.aside { ASIDE } else { 1.0 };
    (unit(signs) * period(signs.period) * actor(signs.actor) * aside * 100.0).round() / 100.0
}

fn unit(signs: Signs) -> f64 {
    match (signs.unit, signs.elided) {
        (false, _) => 0.6,
        (true, true) => 0.85,
        (true, false) => 0.97,
    }
}

/// No period is seldom wrong, one that stands elsewhere in the sentence often.
fn period(rule: Option<&str>) -> f64 {
    match rule {
        None => 0.98,
        Some("inherited" | "leading" | "trailing" | "clause") => 0.75,
        Some(_) => 0.92,
    }
}

/// Who takes part in the clause is surer than whom the text is about.
fn actor(rule: Option<&str>) -> f64 {
    match rule {
        None => 0.5,
        Some("context" | "clause" | "relative" | "perpetrator" | "speaking-state" | "inherited") => 0.72,
        Some(_) => 0.88,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_doubt_lowers_it() {
        let sure = Signs { unit: true, actor: Some("subject"), ..Signs::default() };
        let doubts = [
            Signs { unit: false, ..sure },
            Signs { elided: true, ..sure },
            Signs { aside: true, ..sure },
            Signs { actor: Some("context"), ..sure },
            Signs { actor: None, ..sure },
            Signs { period: Some("behind"), ..sure },
            Signs { period: Some("inherited"), ..sure },
        ];
        for doubt in doubts {
            assert!(of(doubt) < of(sure), "{doubt:?}");
        }
        assert!((0.8..0.9).contains(&of(sure)));
    }
}

//! Which of the times in a text a figure is about: the one in its clause, else the one that opens or closes its sentence, else that of the
//! figure before it.

use std::ops::Range;

use super::clauses::{Group, Opener, Piece};
use crate::domain::period::Period;
use crate::extraction::text::Text;
use crate::extraction::time::{Bearing, FoundTime};
use crate::extraction::word_class::WordClass;

/// Verbs whose time is not that of what is said.
static VERBS_OF_SAYING_AND_PUBLISHING: WordClass = WordClass::named("verbs of saying and publishing");

/// The time of a figure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chosen {
    /// Index of the time among all of the text.
    pub time: Option<usize>,
    /// What it means.
    pub period: Option<Period>,
    /// The time against which a change is measured.
    pub base: Option<Period>,
    /// The rule that chose it.
    pub rule: Option<&'static str>,
}

/// An end of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// "from 500".
    From,
    /// "to 300".
    To,
}

/// Where a figure stands among the others of its sentence.
#[expect(clippy::struct_excessive_bools, reason = "what is seen of a figure is told one by one; the rules combine them freely")]
#[derive(Debug, Clone)]
pub struct Place {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// End of the figure before; the sentence's beginning for the first.
    pub previous: usize,
    /// Beginning of the next; the sentence's end for the last.
    pub next: usize,
    /// Whether it tells of a change.
    pub is_change: bool,
    /// Whether it tells what something came to, so that what others are compared with is not its base.
    pub is_level: bool,
    /// Whether no other figure stands in its sentence.
    pub is_only: bool,
    /// Whether it is where a change began, or where it ended: "from 500 to 300".
    pub turn: Option<Turn>,
    /// Whether it is what another figure is compared with: "from 25.0 in April", "against four in 2018".
    pub is_compared: bool,
    /// Behind which mark a comparison before it is its own, and not that of the figure before.
    pub opening: usize,
    /// Where something is added to it that has a figure of its own: "500 tonnes, and two years later 600".
    pub joint: usize,
    /// Where the clause's times cease to be its own: at a word of contrast.
    pub trail: usize,
    /// Times that label the figure behind them: "(15 January: 21,500)".
    pub labels: Vec<usize>,
    /// Whether its clause tells of the present, so that a time of the past elsewhere is not its own.
    pub is_present: bool,
}

impl Place {
    /// Whether a time labels another figure.
    fn is_labelled(&self, time: &FoundTime) -> bool {
        self.labels.contains(&time.tokens.start)
    }
}

/// Chooses among the times of the sentence; `times` are those with their indices.
pub fn choose(piece: &Piece, place: &Place, times: &[(usize, &FoundTime)], before: Option<&Chosen>) -> Chosen {
    let clause = piece.clause_of(place.tokens.start);
    let is_own = |time: &FoundTime| piece.clause_of(time.tokens.start) == clause;
    let plain = |time: &FoundTime| time.bearing != Bearing::Base || place.is_compared;
    // "In the 2010s they sold 400 tonnes, in the 2020s 500".
    let is_led = times.iter().any(|(_, time)| is_own(time) && time.tokens.end <= place.tokens.start && time.bearing == Bearing::At);
    let leads_next = |time: &FoundTime| is_led && time.tokens.end == place.next && place.next < piece.tokens.end;
    let behind = || {
        at(
            times.iter().find(|(_, time)| {
                plain(time)
                    && !place.is_labelled(time)
                    && !leads_next(time)
                    && time.tokens.start >= place.tokens.end
                    && time.tokens.start < place.next
                    && (is_own(time) || close(piece, place.tokens.end, time.tokens.start))
            }),
            "behind",
        )
    };
    let before_it = || {
        at(
            times.iter().rev().find(|(_, time)| {
                plain(time)
                    && !place.is_compared
                    && time.tokens.end <= place.tokens.start
                    && time.tokens.start >= place.previous
                    && is_own(time)
            }),
            "before",
        )
    };
    let clause_leads = || {
        at(
            times.iter().find(|(_, time)| plain(time) && is_own(time) && time.tokens.end <= place.tokens.start && !place.is_compared),
            "clause",
        )
    };
    let leads = || {
        at(
            times.iter().find(|(_, time)| plain(time) && leads_sentence(piece, time, place) && !place.is_present && !place.is_compared),
            "leading",
        )
    };
    let trails = || {
        let is_trailing = |time: &FoundTime| time.tokens.start >= place.next && is_own(time) && time.tokens.end <= place.trail;
        at(times.iter().find(|(_, time)| plain(time) && !place.is_labelled(time) && is_trailing(time)), "trailing")
    };
    let found = if place.is_compared {
        behind()
    } else {
        before_near(piece, place, times).or_else(behind).or_else(before_it).or_else(clause_leads).or_else(leads).or_else(trails)
    };
    let inherits = |before: &&Chosen| before.period.is_some() && !place.is_present && !place.is_compared;
    let chosen = match found {
        Some((index, time, rule)) => {
            let joined = time.joined.clone().filter(|_| place.is_only);
            Chosen { time: Some(index), period: joined.or_else(|| time.period.clone()), base: None, rule: Some(rule) }
        }
        None => {
            before.filter(inherits).map_or_else(Chosen::default, |before| Chosen { rule: Some("inherited"), base: None, ..before.clone() })
        }
    };
    with_base(chosen, place, times, found.map(|(_, time, _)| time), before)
}

/// The time of a figure with what it is measured against, where it tells of a change.
fn with_base(
    mut chosen: Chosen,
    place: &Place,
    times: &[(usize, &FoundTime)],
    found: Option<&FoundTime>,
    before: Option<&Chosen>,
) -> Chosen {
    let base = times.iter().find(|(_, time)| {
        !place.is_compared
            && !place.is_level
            && (time.bearing == Bearing::Base || place.is_change && time.bearing == Bearing::Since)
            && time.tokens.start >= place.opening
            && time.tokens.start < place.next.max(place.tokens.end + 1)
    });
    chosen.base = base.and_then(|(_, time)| time.period.as_ref()).and_then(base_of);
    match found.and_then(|time| time.ends.clone()) {
        // "Between 2010 and 2020, they fell from 500 to 300".
        Some((from, to)) if place.turn.is_some() => {
            chosen.period = Some(if place.turn == Some(Turn::From) { from } else { to });
            chosen.base = None;
        }
        // "rose 5% from 2020 to 2023".
        Some((from, to)) if place.is_change && chosen.base.is_none() => (chosen.period, chosen.base) = (Some(to), Some(from)),
        _ => {}
    }
    if place.is_change && chosen.base.is_some() && found.is_some_and(|time| time.bearing == Bearing::Since) {
        chosen = Chosen { base: chosen.base, ..before.cloned().unwrap_or_default() };
    }
    chosen
}

/// Whether a time tells only when something was said or published, or explains somebody between two commas: "the fund, set up in 2019,".
pub fn is_aside(text: &Text<'_>, piece: &Piece, time: &FoundTime) -> bool {
    let (start, end) = (time.tokens.start, time.tokens.end);
    let explains = |group: &Group| {
        let reach = group.tokens.end..group.tokens.end + 2;
        let opens = group.tokens.start.checked_sub(1).is_some_and(|before| text.is_mark(before, ','));
        reach.contains(&start) && opens && group.tokens.len() == 1 && text.is_mark(end, ',')
    };
    // "the best year since 2019" tells what it is the best of.
    let is_superlative = |token: usize| {
        let word = text.small(token);
        word.len() > 4 && word.ends_with("est") || matches!(word, "best" | "most" | "least" | "worst")
    };
    let ranks = time.bearing == Bearing::Since && (start.saturating_sub(3)..start).any(is_superlative);
    ranks
        || VERBS_OF_SAYING_AND_PUBLISHING.contains(text.small(start.wrapping_sub(1)))
        || piece.clauses.iter().filter_map(|clause| clause.group.as_ref()).any(explains)
}

/// The time of the figure that is number `at` of `count` where the sentence says "respectively": "500 and 600 tonnes in 2022 and 2023".
pub fn respective(text: &Text<'_>, times: &[(usize, &FoundTime)], (at, count): (usize, usize)) -> Option<Chosen> {
    let told: Vec<_> = times.iter().filter(|(_, time)| time.bearing == Bearing::At).collect();
    let is_tie = |token: usize| matches!(text.small(token), "," | "and");
    let is_tied = |(before, next): (&&(usize, &FoundTime), &&(usize, &FoundTime))| (before.1.tokens.end..next.1.tokens.start).all(is_tie);
    let are_tied = told.iter().zip(told.iter().skip(1)).all(is_tied);
    let (index, time) = told.get(at).filter(|_| are_tied && count > 1 && told.len() == count)?;
    Some(Chosen { time: Some(*index), period: time.period.clone(), base: None, rule: Some("respectively") })
}

/// A time right before the figure, with nothing but a few words between: "in June Cairo paid $269.50".
fn before_near<'t>(piece: &Piece, place: &Place, times: &[(usize, &'t FoundTime)]) -> Option<(usize, &'t FoundTime, &'static str)> {
    let (index, time) = times
        .iter()
        .rev()
        .find(|(_, time)| time.bearing != Bearing::Base && time.tokens.end <= place.tokens.start && time.tokens.start >= place.previous)?;
    let follows = times.iter().any(|(_, time)| {
        time.bearing != Bearing::Base
            && time.tokens.start >= place.tokens.end
            && time.tokens.start <= place.tokens.end + 3
            && time.tokens.start < place.next.min(place.joint)
    });
    (!follows && place.tokens.start <= time.tokens.end + 5 && piece.clause_of(time.tokens.start) == piece.clause_of(place.tokens.start))
        .then_some((*index, *time, "before"))
}

fn close(piece: &Piece, end: usize, start: usize) -> bool {
    let (own, clause) = (piece.clause_of(end.saturating_sub(1)), piece.clause_of(start));
    let is_apart = clause > own && piece.clauses.get(clause).is_some_and(|clause| clause.opener == Opener::Fresh);
    start <= end + 6 && clause <= own + 1 && !is_apart
}

/// Whether a time stands at the head of the sentence, and no semicolon or the like between it and the figure.
fn leads_sentence(piece: &Piece, time: &FoundTime, place: &Place) -> bool {
    let is_cut = |at: usize| piece.clauses.get(at).is_some_and(|clause| clause.opener == Opener::Fresh);
    let (from, to) = (piece.clause_of(time.tokens.start), piece.clause_of(place.tokens.start));
    time.tokens.start <= piece.tokens.start + 6 && !(from + 1..=to).any(is_cut)
}

/// The first moment of an open span is what a change is measured against.
fn base_of(period: &Period) -> Option<Period> {
    let text = period.as_str();
    Period::parse(text.strip_suffix("/..").unwrap_or(text)).ok()
}

/// A time as found, with the rule.
fn at<'t>(found: Option<&(usize, &'t FoundTime)>, rule: &'static str) -> Option<(usize, &'t FoundTime, &'static str)> {
    found.map(|(index, time)| (*index, *time, rule))
}

//! Whether intervals agree: pairs, the groups that share a number, the consensus, and the fewest outliers, by one sweep.
//!
//! Intervals on a line that overlap in pairs all share a number (Helly's theorem), so the largest group that agrees is the largest number of
//! intervals over any one point, and everything outside it is the smallest set that has to go.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::domain::decimal::Decimal;
use crate::domain::interval::Interval;
use crate::domain::quantity::Comparator;

/// How two numbers about the same thing stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The same comparator and the same interval.
    Equal,
    /// Their intervals share a number.
    Consistent,
    /// They share none.
    Inconsistent,
    /// They are not about the same thing.
    NotComparable,
}

/// What can be said of several numbers about the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// There is no number.
    None,
    /// There is one.
    Single,
    /// All say the same.
    Equal,
    /// All intervals share a number.
    Consistent,
    /// They do not.
    Inconsistent,
}

impl Verdict {
    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Single => "single",
            Self::Equal => "equal",
            Self::Consistent => "consistent",
            Self::Inconsistent => "inconsistent",
        }
    }
}

/// A number as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// How the printed number relates to the quantity.
    pub comparator: Comparator,
    /// The numbers that it admits.
    pub interval: Interval,
}

/// Numbers that agree: no further one could be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The numbers that all of them admit.
    pub interval: Interval,
    /// Their places among the figures, in order.
    pub members: Vec<usize>,
}

/// How some figures agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// In one word.
    pub verdict: Verdict,
    /// The groups that agree, the largest first; of equal ones, the one with the earliest figure.
    pub groups: Vec<Group>,
    /// The fewest figures without which the others agree: all but the first group.
    pub outliers: Vec<usize>,
}

/// Groups that are told of many figures, the largest; of as many figures or fewer, all.
pub const GROUPS_MAX: usize = 100;

/// How two figures stand to each other.
pub fn relation(a: &Figure, b: &Figure) -> Relation {
    if a == b {
        Relation::Equal
    } else if a.interval.clipped_to(&b.interval).is_some() {
        Relation::Consistent
    } else {
        Relation::Inconsistent
    }
}

/// How all of them agree. Equally large groups: the one with the figure that comes first counts as the largest.
pub fn agreement(figures: &[Figure]) -> Agreement {
    let mut groups = groups(figures);
    groups.sort_by(|a, b| b.members.len().cmp(&a.members.len()).then_with(|| a.members.cmp(&b.members)));
    groups.truncate(GROUPS_MAX);
    let inside: BTreeSet<usize> = groups.first().map(|group| group.members.iter().copied().collect()).unwrap_or_default();
    let outliers: Vec<usize> = (0..figures.len()).filter(|place| !inside.contains(place)).collect();
    let verdict = match figures {
        [] => Verdict::None,
        [_] => Verdict::Single,
        [first, rest @ ..] if rest.iter().all(|other| other == first) => Verdict::Equal,
        _ if outliers.is_empty() => Verdict::Consistent,
        _ => Verdict::Inconsistent,
    };
    Agreement { verdict, groups, outliers }
}

/// A place on the line: at a number, or right before or behind it, where open ends are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// Before all numbers.
    Beginning,
    At(Decimal, Side),
    /// Behind all numbers.
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Before,
    On,
    Behind,
}

fn first_place(interval: &Interval) -> Place {
    interval.low().map_or(Place::Beginning, |end| Place::At(end.at.clone(), if end.inclusive { Side::On } else { Side::Behind }))
}

fn last_place(interval: &Interval) -> Place {
    interval.high().map_or(Place::End, |end| Place::At(end.at.clone(), if end.inclusive { Side::On } else { Side::Before }))
}

/// The groups that cannot grow: wherever an interval ends right after another has begun, those that are open agree. Of many figures, only
/// the largest groups.
fn groups(figures: &[Figure]) -> Vec<Group> {
    // At one place, what begins comes before what ends: there they still meet.
    let begins = figures.iter().enumerate().map(|(member, figure)| (first_place(&figure.interval), false, member));
    let ends = figures.iter().enumerate().map(|(member, figure)| (last_place(&figure.interval), true, member));
    let mut events: Vec<(Place, bool, usize)> = begins.chain(ends).collect();
    events.sort();
    let least = least_size(&events, figures.len());
    let mut open = BTreeSet::new();
    let mut has_grown = false;
    // Of equally large groups at the limit, only so many are needed.
    let mut ties = 0;
    let mut groups = Vec::new();
    for (_, is_end, member) in events {
        if !is_end {
            open.insert(member);
            has_grown = true;
            continue;
        }
        if has_grown && (open.len() > least || open.len() == least && ties < GROUPS_MAX) {
            ties += usize::from(open.len() == least);
            groups.push(group(figures, &open));
        }
        has_grown = false;
        open.remove(&member);
    }
    groups
}

/// The size from which a group is among the largest that are told.
fn least_size(events: &[(Place, bool, usize)], figures: usize) -> usize {
    if figures <= GROUPS_MAX {
        return 0;
    }
    let (mut open, mut has_grown, mut sizes) = (0_usize, false, Vec::new());
    for (_, is_end, _) in events {
        if *is_end {
            if has_grown {
                sizes.push(open);
            }
            open -= 1;
        } else {
            open += 1;
        }
        has_grown = !is_end;
    }
    sizes.sort_unstable();
    sizes.iter().rev().nth(GROUPS_MAX - 1).copied().unwrap_or(0)
}

fn group(figures: &[Figure], members: &BTreeSet<usize>) -> Group {
    let mut shared = Interval::unbounded();
    for figure in members.iter().filter_map(|member| figures.get(*member)) {
        shared = shared.clipped_to(&figure.interval).unwrap_or(shared);
    }
    Group { interval: shared, members: members.iter().copied().collect() }
}

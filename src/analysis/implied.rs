//! Values that follow from a level and a change: "240 billion in 2023, up 64 % since 2021" tells what 2021 was.
//!
//! They are derived, marked as derived, and never mixed with what sources say.

use crate::domain::claim::Claim;
use crate::domain::decimal::{Decimal, Rounding};
use crate::domain::history::ClaimVersion;
use crate::domain::id::ClaimId;
use crate::domain::interval::{End, Interval};
use crate::domain::mode::Mode;
use crate::domain::period::Period;
use crate::domain::quantity::ValueDomain;
use crate::domain::slug::Slug;

use super::observation::known_days;

/// A value that follows from two claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Implied {
    /// The time that it is about.
    pub period: Period,
    /// Unit of the level.
    pub unit: Slug,
    /// What the two printed numbers give.
    pub best: Option<Decimal>,
    /// What their intervals give, rounded outward.
    pub interval: Interval,
    /// How it is computed.
    pub formula: String,
    /// The level and the change.
    pub parents: [ClaimId; 2],
}

/// The direction in which a change is followed.
#[derive(Clone, Copy)]
enum Towards {
    /// From a level after the change to the one before it.
    Base,
    /// From a level before the change to the one after it.
    End,
}

/// Everything that levels and changes of one series imply. `domain`: the values that the levels can take.
pub fn implied(levels: &[&ClaimVersion], changes: &[&ClaimVersion], mode: Mode, domain: &ValueDomain) -> Vec<Implied> {
    let mut found = Vec::new();
    for change in changes {
        let (Some(end), Some(base)) = (&change.claim.period, &change.claim.base_period) else { continue };
        for level in levels.iter().filter(|level| is_same_series(&level.claim, &change.claim)) {
            let at = known_days(level.claim.period.as_ref());
            let steps = [(end, base, Towards::Base), (base, end, Towards::End)];
            for (from, to, towards) in steps.into_iter().filter(|(from, ..)| at.is_some() && known_days(Some(from)) == at) {
                found.extend(follow(level, change, (from, to), towards, mode, domain));
            }
        }
    }
    found
}

fn is_same_series(level: &Claim, change: &Claim) -> bool {
    level.actor == change.actor
        && level.counterpart == change.counterpart
        && level.stage == change.stage
        && level.scope == change.scope
        && level.value.per.is_none()
        && change.value.per.is_none()
}

fn follow(
    level: &ClaimVersion,
    change: &ClaimVersion,
    (from, to): (&Period, &Period),
    towards: Towards,
    mode: Mode,
    domain: &ValueDomain,
) -> Option<Implied> {
    let (whole, step) = (&level.claim.value, &change.claim.value);
    let is_percent = step.unit.as_str() == "percent";
    if whole.comparator.is_absence() || step.comparator.is_absence() || !is_percent && step.unit != whole.unit {
        return None;
    }
    let (start, moved) = (whole.interval_in(mode, domain), step.interval_in(mode, &ValueDomain::Unbounded));
    let (interval, best) = if is_percent {
        let factor = (one_and(moved.low()), one_and(moved.high()));
        let at_best = step.best.as_ref().map(one_and_percent);
        let best = whole.best.as_ref().zip(at_best).and_then(|(best, factor)| scaled(best, &factor, towards, Rounding::Nearest));
        (scaled_interval(&start, factor, towards)?, best)
    } else {
        let sign = |number: &Decimal| if matches!(towards, Towards::Base) { -number } else { number.clone() };
        let best = whole.best.as_ref().zip(step.best.as_ref()).map(|(best, step)| best + &sign(step));
        (shifted_interval(&start, &moved, towards)?, best)
    };
    let interval = interval.clipped_to(&domain.interval()).unwrap_or(interval);
    let formula = match (is_percent, towards) {
        (true, Towards::Base) => format!("level of {from} / (1 + change / 100)"),
        (true, Towards::End) => format!("level of {from} * (1 + change / 100)"),
        (false, Towards::Base) => format!("level of {from} - change"),
        (false, Towards::End) => format!("level of {from} + change"),
    };
    Some(Implied { period: to.clone(), unit: whole.unit.clone(), best, interval, formula, parents: [level.id, change.id] })
}

fn one_and_percent(percent: &Decimal) -> Decimal {
    &Decimal::whole(1) + &(percent * &Decimal::power_of_ten(-2))
}

fn one_and(end: Option<&End>) -> Option<End> {
    end.map(|end| End { at: one_and_percent(&end.at), inclusive: end.inclusive })
}

fn scaled(number: &Decimal, factor: &Decimal, towards: Towards, rounding: Rounding) -> Option<Decimal> {
    match towards {
        Towards::End => Some(number * factor),
        Towards::Base => number.divided_by(factor, rounding),
    }
}

/// A level times, or divided by, a factor that lies between two ends; `None` unless level and factor are above zero, where the corners of
/// both are the ends of the result.
fn scaled_interval(level: &Interval, (least, greatest): (Option<End>, Option<End>), towards: Towards) -> Option<Interval> {
    let none = Decimal::whole(0);
    let least = least.filter(|end| end.at > none)?;
    if level.low().is_some_and(|low| low.at.is_negative()) {
        return None;
    }
    let (for_low, for_high) = match towards {
        Towards::End => (Some(least), greatest),
        Towards::Base => (greatest, Some(least)),
    };
    let corner = |end: Option<&End>, factor: Option<End>, rounding| {
        let (end, factor) = (end?, factor?);
        Some(End { at: scaled(&end.at, &factor.at, towards, rounding)?, inclusive: end.inclusive && factor.inclusive })
    };
    // Whatever an unbounded factor divides can be as small as nothing.
    let low = if for_low.is_none() { Some(End::open(none)) } else { corner(level.low(), for_low, Rounding::Down) };
    Interval::new(low, corner(level.high(), for_high, Rounding::Up))
}

fn shifted_interval(level: &Interval, step: &Interval, towards: Towards) -> Option<Interval> {
    let end = |a: Option<&End>, b: Option<&End>| {
        let (a, b) = (a?, b?);
        let at = if matches!(towards, Towards::Base) { &a.at - &b.at } else { &a.at + &b.at };
        Some(End { at, inclusive: a.inclusive && b.inclusive })
    };
    match towards {
        Towards::Base => Interval::new(end(level.low(), step.high()), end(level.high(), step.low())),
        Towards::End => Interval::new(end(level.low(), step.low()), end(level.high(), step.high())),
    }
}

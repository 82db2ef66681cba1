//! Where a number lies on an axis, and which round numbers are written beside it.
//!
//! The rule, kept simple so that it can be said in a sentence: an axis is linear and begins at zero. If no number is below
//! zero, all printed ones are above it, and the greatest is more than twenty times the least, it is logarithmic and says so.
//! If all numbers lie within a twentieth of the greatest, it does not begin at zero and says so. What claims print is always on
//! the axis; intervals that reach far beyond it ("hundreds") are cut, so that what was printed can be told apart.

use crate::domain::decimal::Decimal;

use super::numbers::{alike, in_words, order};

/// From this ratio of greatest to least on, small numbers could not be told apart on a linear axis.
const LOG_RATIO: i64 = 20;
/// Numbers that differ by less than this part of the greatest could not be told apart on an axis from zero.
const ZOOM_PART: i64 = 20;
/// Most steps of a linear axis.
const STEPS_MAX: i64 = 6;
/// Ends of intervals beyond so many times the greatest printed number are cut off …
const FAR: i64 = 2;
/// … and, on a logarithmic axis, those below this part of the least one.
const FAR_PART: i64 = 10;
/// What floats may be off by.
const SLACK: f64 = 1e-9;
/// Decades of a logarithmic axis on which 2 and 5 are written too.
const FINE_DECADES: i64 = 3;

/// A round number on an axis.
#[derive(Debug)]
pub(super) struct Tick {
    /// Where: 0 at the low end, 1 at the high one.
    pub(super) share: f64,
    /// The number.
    pub(super) words: String,
}

#[derive(Debug)]
enum Kind {
    Linear {
        low: Decimal,
        high: Decimal,
    },
    /// Powers of ten at the ends.
    Log {
        low: f64,
        high: f64,
    },
}

/// An axis of numbers.
#[derive(Debug)]
pub(super) struct Scale {
    kind: Kind,
    /// What is written beside it, from low to high.
    pub(super) ticks: Vec<Tick>,
}

impl Scale {
    /// The axis for these numbers; `None` without numbers. `printed` are those that claims name, `ends` those that they only
    /// admit; `fits` says whether there is room to write the ticks.
    pub(super) fn around(printed: &[Decimal], ends: &[Decimal], fits: &dyn Fn(&[Tick]) -> bool) -> Option<Self> {
        let reach = printed.iter().map(Decimal::magnitude).max().map(|greatest| &greatest * &Decimal::whole(FAR));
        let near = |end: &&Decimal| reach.as_ref().is_none_or(|reach| end.magnitude() <= *reach);
        let all = || printed.iter().chain(ends.iter().filter(near));
        let (least, greatest) = (all().min()?, all().max()?);
        let zero = Decimal::whole(0);
        let least_printed = printed.iter().min().or_else(|| ends.iter().find(|end| **end > zero)).unwrap_or(&zero);
        let is_wide = *least_printed > zero && *least >= zero && *greatest > least_printed * &Decimal::whole(LOG_RATIO);
        if is_wide {
            let least = all().filter(|number| *number * &Decimal::whole(FAR_PART) >= *least_printed).min()?;
            return Some(Self::log(least, greatest, fits));
        }
        let differ = printed.iter().any(|number| number != least_printed);
        let is_narrow = differ && *least > zero && &(greatest - least) * &Decimal::whole(ZOOM_PART) < *greatest;
        let low = if is_narrow { least } else { least.min(&zero) };
        Some(Self::linear(low, greatest.max(&zero), fits))
    }

    fn linear(low: &Decimal, high: &Decimal, fits: &dyn Fn(&[Tick]) -> bool) -> Self {
        let high = if low == high { &Decimal::whole(1) } else { high };
        let with_steps = |most: i64| {
            let step = step_for(&(high - low), most);
            let low = multiple_below(low, &step);
            let high = -&multiple_below(&-high, &step);
            let numbers: Vec<Decimal> =
                std::iter::successors(Some(low.clone()), |at| Some(at + &step)).take_while(|at| *at <= high).collect();
            let kind = Kind::Linear { low, high };
            let words = alike(&numbers);
            let ticks = numbers.iter().zip(words).filter_map(|(at, words)| Some(Tick { share: kind.share(at)?, words })).collect();
            Self { kind, ticks }
        };
        (2..=STEPS_MAX).rev().map(with_steps).find(|scale| fits(&scale.ticks)).unwrap_or_else(|| with_steps(1))
    }

    fn log(least: &Decimal, greatest: &Decimal, fits: &dyn Fn(&[Tick]) -> bool) -> Self {
        let (first, last) = (order(least), order(greatest) + 1);
        let fine: Vec<Decimal> = (first..=last).flat_map(|power| [1, 2, 5].map(|digit| times_ten_to(digit, power))).collect();
        let low = fine.iter().rfind(|at| *at <= least).unwrap_or(least);
        let high = fine.iter().find(|at| *at >= greatest).unwrap_or(greatest);
        let kind = Kind::Log { low: low.to_f64().log10(), high: high.to_f64().log10() };
        let ticks_at = |numbers: &mut dyn Iterator<Item = &Decimal>| -> Vec<Tick> {
            let inside = numbers.filter(|at| (low..=high).contains(at));
            inside.filter_map(|at| Some(Tick { share: kind.share(at)?, words: in_words(at) })).collect()
        };
        let decades = |every: i64| {
            let powers: Vec<Decimal> =
                (first..=last).filter(|power| power.rem_euclid(every) == 0).map(|power| times_ten_to(1, power)).collect();
            ticks_at(&mut powers.iter())
        };
        let finest = (last - first <= FINE_DECADES).then(|| ticks_at(&mut fine.iter()));
        let coarser = (1..=last - first).map(decades);
        let ticks = finest.into_iter().chain(coarser).find(|ticks| fits(ticks)).unwrap_or_default();
        Self { kind, ticks }
    }

    /// Where the number lies: 0 at the low end, 1 at the high one; `None` for one that is not on the axis.
    pub(super) fn share(&self, number: &Decimal) -> Option<f64> {
        self.kind.share(number)
    }

    /// What has to be said beside the axis.
    pub(super) fn remark(&self) -> Option<&'static str> {
        match &self.kind {
            Kind::Log { .. } => Some("log scale"),
            Kind::Linear { low, .. } if *low > Decimal::whole(0) => Some("axis does not begin at zero"),
            Kind::Linear { .. } => None,
        }
    }
}

impl Kind {
    fn share(&self, number: &Decimal) -> Option<f64> {
        let share = match self {
            // Subtracted exactly: large numbers that differ little are equal as floats.
            Self::Linear { low, high } => (number - low).to_f64() / (high - low).to_f64(),
            Self::Log { .. } if *number <= Decimal::whole(0) => return None,
            Self::Log { low, high } => (number.to_f64().log10() - low) / (high - low),
        };
        (-SLACK..=1.0 + SLACK).contains(&share).then(|| share.clamp(0.0, 1.0))
    }
}

/// The least of 1, 2, 5 times a power of ten with which the stretch takes no more than so many steps.
fn step_for(stretch: &Decimal, most: i64) -> Decimal {
    let order = order(stretch);
    let candidates = (order - 1..=order + 1).flat_map(|power| [1, 2, 5].map(|digit| times_ten_to(digit, power)));
    candidates.into_iter().find(|step| *stretch <= step * &Decimal::whole(most)).unwrap_or_else(|| stretch.clone())
}

fn times_ten_to(digit: i64, power: i64) -> Decimal {
    &Decimal::whole(digit) * &Decimal::power_of_ten(i32::try_from(power).unwrap_or_default())
}

/// The greatest multiple of the step that is not above the number.
fn multiple_below(number: &Decimal, step: &Decimal) -> Decimal {
    let unit = Decimal::power_of_ten(i32::try_from(order(step)).unwrap_or_default());
    let mut at = floored(number, &unit);
    // A step is 1, 2 or 5 units.
    for _ in 0..5 {
        if is_multiple(&at, step) {
            break;
        }
        at = &at - &unit;
    }
    at
}

/// The number down to a multiple of a power of ten.
fn floored(number: &Decimal, unit: &Decimal) -> Decimal {
    use crate::domain::decimal::Rounding;
    let digits = order(number) - order(unit) + 1;
    match u64::try_from(digits) {
        Ok(digits @ 1..) => number.to_digits(digits, Rounding::Down),
        _ if number.is_negative() => -unit,
        _ => Decimal::whole(0),
    }
}

fn is_multiple(number: &Decimal, step: &Decimal) -> bool {
    use crate::domain::decimal::Rounding;
    *number == Decimal::whole(0) || number.divided_by(step, Rounding::Nearest).is_some_and(|times| times.scale() <= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(printed: &[&str]) -> Scale {
        let numbers: Vec<Decimal> = printed.iter().map(|text| Decimal::parse(text).unwrap()).collect();
        Scale::around(&numbers, &[], &|_| true).unwrap()
    }

    fn words(scale: &Scale) -> Vec<&str> {
        scale.ticks.iter().map(|tick| tick.words.as_str()).collect()
    }

    #[test]
    fn positive_numbers_are_seen_from_zero() {
        let scale = axis(&["100", "240"]);
        assert_eq!(words(&scale), ["0", "50", "100", "150", "200", "250"]);
        assert_eq!(scale.remark(), None);
        assert_eq!(scale.share(&Decimal::whole(125)), Some(0.5));
    }

    #[test]
    fn numbers_far_apart_get_a_log_scale_that_says_so() {
        let scale = axis(&["10", "100000"]);
        assert_eq!(words(&scale), ["10", "100", "1,000", "10,000", "100,000"]);
        assert_eq!(scale.remark(), Some("log scale"));
        assert_eq!(scale.share(&Decimal::whole(1000)), Some(0.5));
        assert_eq!(scale.share(&Decimal::whole(0)), None);
        assert_eq!(words(&axis(&["3", "70"])), ["2", "5", "10", "20", "50", "100"]);
    }

    #[test]
    fn numbers_close_together_are_seen_from_near_and_it_is_said() {
        let scale = axis(&["8000000000", "8100000000"]);
        assert_eq!(scale.remark(), Some("axis does not begin at zero"));
        assert_eq!(words(&scale).first(), Some(&"8 billion"));
        assert_eq!(axis(&["7", "7"]).remark(), None);
    }

    #[test]
    fn numbers_below_zero_and_zero_are_linear() {
        assert_eq!(words(&axis(&["-5", "-1000"])), ["−1,000", "−800", "−600", "−400", "−200", "0"]);
        assert_eq!(words(&axis(&["0", "1000000"])).last(), Some(&"1 million"));
        assert_eq!(words(&axis(&["-3", "4"])), ["−4", "−2", "0", "2", "4"]);
        assert_eq!(axis(&["0"]).share(&Decimal::whole(0)), Some(0.0));
    }

    #[test]
    fn exact_numbers_of_any_size_are_told_apart() {
        let scale = axis(&["9999999999999999999999999998", "9999999999999999999999999999"]);
        let share = |text| scale.share(&Decimal::parse(text).unwrap()).unwrap();
        assert!(share("9999999999999999999999999999") - share("9999999999999999999999999998") > 0.4);
        assert_eq!(words(&axis(&["2e-28", "1e-27"])), ["0", "2×10⁻²⁸", "4×10⁻²⁸", "6×10⁻²⁸", "8×10⁻²⁸", "10⁻²⁷"]);
        assert!(axis(&["1e-28", "1e28"]).ticks.len() > 2);
    }

    #[test]
    fn without_room_there_are_fewer_ticks() {
        let numbers = [Decimal::whole(10), Decimal::whole(100)];
        let scale = Scale::around(&numbers, &[], &|ticks| ticks.len() <= 3).unwrap();
        assert_eq!(words(&scale), ["0", "50", "100"]);
        assert!(Scale::around(&[], &[], &|_| true).is_none());
    }
}

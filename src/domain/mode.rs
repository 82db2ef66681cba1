//! How strictly printed numbers are taken: as precise as they are printed, or no more precise than their digits say.

use super::decimal::Decimal;
use super::interval::{End, Interval};
use super::printed::significant_decimals;
use super::quantity::{Quantity, ValueDomain};

/// The rule of intervals that come from rounding; bounds and ranges are never widened.
const ROUNDED: &str = "precision.printed";

/// How strictly printed numbers are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Half a unit of the last printed digit: "240 billion" is 239.5 to 240.5.
    #[default]
    Strict,
    /// Half a unit of the last significant digit: "240 billion" is 235 to 245.
    Lenient,
}

impl Mode {
    /// Both, in the order of the documentation.
    pub const ALL: [Self; 2] = [Self::Strict, Self::Lenient];

    /// The word used in answers and inputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Lenient => "lenient",
        }
    }
}

impl Quantity {
    /// The numbers that it admits when it is taken so strictly. `domain`: the values that its metric can take in its unit.
    pub fn interval_in(&self, mode: Mode, domain: &ValueDomain) -> Interval {
        let (Mode::Lenient, Some(best), Some(decimals), ROUNDED) = (mode, &self.best, self.decimals, self.rule.as_str()) else {
            return self.interval.clone();
        };
        let half = Decimal::half_unit(significant_decimals(self.original.as_deref(), best, decimals));
        let wide = Interval::new(Some(End::closed(best - &half)), Some(End::closed(best + &half)));
        let wide = wide.unwrap_or_else(|| self.interval.clone());
        let within = domain.interval();
        let clipped = if within.contains(best) { wide.clipped_to(&within) } else { None };
        clipped.unwrap_or(wide)
    }
}

//! What is measured. The kind of a metric decides the arithmetic that its numbers allow.

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::quantity::ValueDomain;
use super::record::{Name, NameRole, Record, RecordKind};
use super::slug::Slug;
use super::unit::Unit;

/// Dimensions whose numbers can be below zero by nature.
const SIGNED_DIMENSIONS: [&str; 5] = ["ratio", "ratio-difference", "index", "temperature", "any"];

/// The arithmetic of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MetricKind {
    /// Compared at dates.
    Stock,
    /// Periods add up.
    Flow,
    /// Never falls.
    Cumulative,
    /// So much per something.
    Rate,
    /// A part of a whole.
    Share,
    /// A difference against a base period.
    Change,
    /// Relative to a base that is set by convention.
    Index,
}

impl MetricKind {
    /// All kinds, in the order of the documentation.
    pub const ALL: [Self; 7] = [Self::Stock, Self::Flow, Self::Cumulative, Self::Rate, Self::Share, Self::Change, Self::Index];

    /// The word used in answers and inputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Flow => "flow",
            Self::Cumulative => "cumulative",
            Self::Rate => "rate",
            Self::Share => "share",
            Self::Change => "change",
            Self::Index => "index",
        }
    }
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metric {
    /// Unchanging name; claim ids derive from it.
    pub slug: Slug,
    /// Name for people.
    pub label: String,
    /// What is counted, for whom, and what is not.
    pub definition: String,
    /// Which arithmetic holds.
    pub kind: MetricKind,
    /// Dimension of its units.
    pub dimension: String,
    /// The level metric of which this one is the change.
    pub change_of: Option<Slug>,
    /// The metric of the whole of which this one is a part.
    pub part_of: Option<Slug>,
    /// Other words for it.
    pub aliases: Vec<String>,
    /// Whether its numbers can be below zero although its unit's cannot: a balance.
    #[serde(default)]
    pub signed: bool,
}

impl Metric {
    /// The values that this metric can take in `unit`.
    pub fn value_domain(&self, unit: &Unit) -> ValueDomain {
        match self.kind {
            MetricKind::Change | MetricKind::Rate | MetricKind::Index => ValueDomain::Unbounded,
            MetricKind::Share => ValueDomain::UpTo(whole_in(unit)),
            MetricKind::Stock | MetricKind::Flow | MetricKind::Cumulative => {
                if self.signed || SIGNED_DIMENSIONS.contains(&unit.dimension.as_str()) {
                    ValueDomain::Unbounded
                } else {
                    ValueDomain::NotNegative
                }
            }
        }
    }
}

/// The number that stands for the whole in a share's unit: 100 in percent, 1000 per mille, 1 as a ratio.
fn whole_in(unit: &Unit) -> Decimal {
    let places = i32::try_from(unit.factor.scale()).unwrap_or(0);
    let whole = Decimal::power_of_ten(places);
    if unit.dimension == "ratio" && &whole * &unit.factor == Decimal::whole(1) { whole } else { Decimal::whole(100) }
}

impl Record for Metric {
    const KIND: RecordKind = RecordKind::Metric;

    fn slug(&self) -> &Slug {
        &self.slug
    }

    fn label(&self) -> &str {
        &self.label
    }

    fn names(&self) -> Vec<Name> {
        let own = [Name::new(self.slug.as_str(), NameRole::Slug), Name::new(&self.label, NameRole::Label)];
        own.into_iter().chain(self.aliases.iter().map(|alias| Name::new(alias, NameRole::Alias))).collect()
    }
}

//! In what a number is measured: currencies, physical units, counted nouns, shares.

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::record::{Name, NameRole, Record, RecordKind};
use super::slug::Slug;

/// A unit, with the exact factor to the base unit of its dimension.
///
/// Units compare when they have one base unit: persons and vehicles are both counts and never compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// ISO 4217 code, `percent`, or the unit's or counted noun's name.
    pub slug: Slug,
    /// Name for people, in the singular.
    pub label: String,
    /// What kind of thing it measures: `currency`, `mass`, `count`, `ratio` …
    pub dimension: String,
    /// The unit that it converts to; its own slug for a base unit.
    pub base: Slug,
    /// One of this unit is so many of the base unit.
    pub factor: Decimal,
    /// Plurals, symbols, abbreviations.
    pub aliases: Vec<String>,
}

impl Record for Unit {
    const KIND: RecordKind = RecordKind::Unit;

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

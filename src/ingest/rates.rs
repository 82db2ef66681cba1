//! Exchange rates as changes: every currency has to be recorded as one.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::invalid::{Faults, Invalid};
use crate::domain::slug::Slug;
use crate::domain::unit::Unit;
use crate::exchange::rate_input::NumberedRates;
use crate::ingest::file::LineFaults;
use crate::store::change::{Item, NewRate};
use crate::store::{At, Store, StoreError};

/// What the dimension of money is called.
const CURRENCY: &str = "currency";

/// Those of the currencies that no unit is recorded for, each with what is wrong.
pub async fn unknown_currencies(store: &Store, rates: &NumberedRates, at: At) -> Result<BTreeMap<Slug, Invalid>, StoreError> {
    let named: BTreeSet<&Slug> = rates.iter().flat_map(|(_, rate)| [&rate.base, &rate.quote]).collect();
    let found = store.list_records_by_slug::<Unit>(named.iter().map(ToString::to_string), at).await?;
    let known: BTreeMap<&Slug, &Unit> = found.iter().map(|found| (&found.record.slug, &found.record)).collect();
    let fault = |slug: &&Slug| match known.get(slug) {
        None => Some(Invalid::new("unknown-record", "", format!("there is no unit '{slug}'"))),
        Some(unit) if unit.dimension != CURRENCY => Some(Invalid::new("not-a-currency", "", format!("'{slug}' is no currency"))),
        Some(_) => None,
    };
    Ok(named.iter().filter_map(|slug| Some(((*slug).clone(), fault(slug)?))).collect())
}

/// The faults of rates that name one of these currencies.
pub fn blamed(rates: &NumberedRates, unknown: &BTreeMap<Slug, Invalid>) -> Vec<LineFaults> {
    let mut bad = Vec::new();
    for (number, rate) in rates {
        let mut faults = Faults::default();
        for (field, slug) in [("base", &rate.base), ("quote", &rate.quote)] {
            if let Some(fault) = unknown.get(slug) {
                faults.push(fault.clone().under(&format!("/{field}")));
            }
        }
        if !faults.is_empty() {
            bad.push(LineFaults { line: *number, faults });
        }
    }
    bad
}

/// The rates as parts of a change.
pub fn items(rates: NumberedRates) -> impl Iterator<Item = Item> {
    rates.into_iter().map(|(_, rate)| Item::Rate(NewRate { rate, version: None, recorded: None }))
}

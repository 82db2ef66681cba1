//! Accepted claims that say the same as a candidate: same metric, actor, number and period. Whoever reviews it decides.

use crate::domain::claim::Claim;
use crate::domain::history::State;
use crate::domain::id::ClaimId;
use crate::domain::interval::End;
use crate::domain::period::Period;
use crate::store::claims::{Sort, SortKey};
use crate::store::filter::{ClaimFilter, DayRange, PeriodMatch, ValueMatch, ValueRange};
use crate::store::{At, Store, StoreError};

/// Candidates of one text that are looked up; the rest are not, and have no list.
const LOOKED_UP_MAX: usize = 200;
/// Claims looked at for one candidate.
const LOOKED_AT_MAX: usize = 100;

/// For each claim, the accepted ones that say the same; none where nobody looked.
pub async fn duplicates(store: &Store, claims: &[Option<(ClaimId, &Claim)>], at: At) -> Result<Vec<Option<Vec<ClaimId>>>, StoreError> {
    let mut found = Vec::with_capacity(claims.len());
    let mut looked_up = 0;
    for claim in claims {
        let filter = claim.and_then(|(_, claim)| filter(claim)).filter(|_| looked_up < LOOKED_UP_MAX);
        let Some(((id, claim), filter)) = claim.zip(filter) else {
            found.push(None);
            continue;
        };
        looked_up += 1;
        let page = store.list_claims(&filter, Sort { key: SortKey::Id, descending: false }, None, LOOKED_AT_MAX, at).await?;
        let same = page.claims.into_iter().filter(|other| other.id != id && says_the_same(&other.claim, claim));
        found.push(Some(same.map(|other| other.id).collect()));
    }
    Ok(found)
}

/// Which claims can say the same; none where it says too little: a number of nobody, at no time, is like many.
fn filter(claim: &Claim) -> Option<ClaimFilter> {
    let actor = claim.actor.clone()?;
    let end = |end: Option<&End>| end.map(|end| end.at.clone());
    let (min, max) = (end(claim.value.interval.low()), end(claim.value.interval.high()));
    let (from, to) = claim.period.as_ref().map(Period::days).unzip();
    Some(ClaimFilter {
        metric: Some(vec![claim.metric.clone()]),
        actor: Some(vec![actor]),
        unit: Some(vec![claim.value.unit.clone()]),
        state: Some(vec![State::Accepted]),
        value: Some(ValueRange { min, max, matching: ValueMatch::Possible }),
        period: from.zip(to).map(|(from, to)| DayRange { from, to, matching: PeriodMatch::Equals }),
        ..ClaimFilter::default()
    })
}

fn says_the_same(known: &Claim, claim: &Claim) -> bool {
    let days = |claim: &Claim| claim.period.as_ref().map(Period::days);
    let number = |claim: &Claim| (claim.value.best.clone(), claim.value.comparator);
    let is_range = claim.value.best.is_none();
    number(known) == number(claim) && (!is_range || known.value.interval == claim.value.interval) && days(known) == days(claim)
}

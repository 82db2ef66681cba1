//! Accepted claims that say the same as another claim: same metric, sides and period, and the same number. Whoever reviews it decides.

use crate::domain::claim::Claim;
use crate::domain::history::{ClaimVersion, State};
use crate::domain::id::ClaimId;
use crate::domain::interval::End;
use crate::domain::period::Period;
use crate::domain::slug::Slug;
use crate::store::claims::{Sort, SortKey};
use crate::store::filter::{ClaimFilter, DayRange, PeriodMatch, ValueMatch, ValueRange};
use crate::store::{At, Store, StoreError};

/// Questions that are asked of the store for one text; claims beyond have no list.
const LOOKED_UP_MAX: usize = 200;
/// Claims looked at for one question.
const LOOKED_AT_MAX: usize = 100;

/// For each claim, the accepted ones that say the same; none where nobody looked.
pub async fn duplicates(store: &Store, claims: &[Option<(ClaimId, &Claim)>], at: At) -> Result<Vec<Option<Vec<ClaimId>>>, StoreError> {
    let mut found = Vec::with_capacity(claims.len());
    // A text tells the same figure often, so each question is asked once.
    let mut answers: Vec<(ClaimFilter, Vec<ClaimVersion>)> = Vec::new();
    for claim in claims {
        let Some(((id, claim), filter)) = claim.and_then(|claim| Some((claim, filter(claim.1)?))) else {
            found.push(None);
            continue;
        };
        let mut known = answers.iter().position(|(asked, _)| *asked == filter);
        if known.is_none() && answers.len() < LOOKED_UP_MAX {
            let page = store.list_claims(&filter, Sort { key: SortKey::Id, descending: false }, None, LOOKED_AT_MAX, at).await?;
            answers.push((filter, page.claims));
            known = Some(answers.len() - 1);
        }
        let same = known.and_then(|known| answers.get(known)).map(|(_, claims)| {
            let same = claims.iter().filter(|other| other.id != id && says_the_same(&other.claim, claim));
            same.map(|other| other.id).collect()
        });
        found.push(same);
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
        any_actor: Some(vec![actor]),
        unit: Some(vec![claim.value.unit.clone()]),
        state: Some(vec![State::Accepted]),
        value: Some(ValueRange { min, max, matching: ValueMatch::Possible }),
        period: from.zip(to).map(|(from, to)| DayRange { from, to, matching: PeriodMatch::Equals }),
        ..ClaimFilter::default()
    })
}

fn says_the_same(known: &Claim, claim: &Claim) -> bool {
    let days = |claim: &Claim| claim.period.as_ref().map(Period::days);
    // "More than 240" may be the bolder telling of "240"; a reviewer should see both.
    let best = known.value.best.is_some() && known.value.best == claim.value.best;
    (best || known.value.interval == claim.value.interval) && days(known) == days(claim) && has_the_same_sides(known, claim)
}

/// Whether two claims are between the same sides, whichever of them is told from: trade of China with Russia, of Russia with China. A side
/// that one of them leaves out may be any.
fn has_the_same_sides(known: &Claim, claim: &Claim) -> bool {
    let meet = |a: Option<&Slug>, b: Option<&Slug>| a.zip(b).is_none_or(|(a, b)| a == b);
    let straight = known.actor == claim.actor && meet(known.counterpart.as_ref(), claim.counterpart.as_ref());
    let swapped = known.actor == claim.counterpart && known.counterpart == claim.actor;
    straight || swapped
}

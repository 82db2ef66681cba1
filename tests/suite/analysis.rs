//! The arithmetic of comparing, held against a reference that knows nothing of it: it tries every subset and every point.

use std::collections::HashMap;

use figurebase::analysis::agreement::{Agreement, Figure, Relation, Verdict, agreement, relation};
use figurebase::analysis::provenance::independence;
use figurebase::domain::claim::Claim;
use figurebase::domain::decimal::{Decimal, Rounding};
use figurebase::domain::history::{ClaimVersion, State};
use figurebase::domain::interval::{End, Interval};
use figurebase::domain::quantity::Comparator;
use figurebase::domain::slug::Slug;
use figurebase::domain::source::{ChainEnd, Source, SourceCitation, SourceKind};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

/// An interval between small whole numbers, as the reference knows it: ends, and whether they belong.
type Plain = (Option<(i64, bool)>, Option<(i64, bool)>, bool);

fn plain() -> impl Strategy<Value = Plain> {
    let end = || prop_oneof![1 => Just(None), 4 => (0_i64..8, any::<bool>()).prop_map(Some)];
    (end(), end(), any::<bool>()).prop_filter("holds a number", |(low, high, _)| match (low, high) {
        (Some((low, low_in)), Some((high, high_in))) => low < high || low == high && *low_in && *high_in,
        _ => true,
    })
}

fn figure(&(low, high, is_bound): &Plain) -> Figure {
    let end = |(at, inclusive)| End { at: Decimal::whole(at), inclusive };
    let interval = Interval::new(low.map(end), high.map(end)).unwrap();
    Figure { comparator: if is_bound { Comparator::Ge } else { Comparator::Eq }, interval }
}

/// Points that stand for all: every whole number, and one between each two. Counted in halves.
fn points() -> impl Iterator<Item = i64> {
    -2..=18
}

fn holds(&(low, high, _): &Plain, half: i64) -> bool {
    low.is_none_or(|(at, within)| half > 2 * at || within && half == 2 * at)
        && high.is_none_or(|(at, within)| half < 2 * at || within && half == 2 * at)
}

fn agree(all: &[Plain]) -> bool {
    points().any(|point| all.iter().all(|one| holds(one, point)))
}

fn subset(all: &[Plain], chosen: u32) -> Vec<Plain> {
    all.iter().enumerate().filter(|(place, _)| chosen >> place & 1 == 1).map(|(_, one)| *one).collect()
}

/// Every set that agrees and that no other member could join, by trying all sets.
fn greatest_sets(all: &[Plain]) -> Vec<u32> {
    let sets: Vec<u32> = (1..1_u32 << all.len()).filter(|chosen| agree(&subset(all, *chosen))).collect();
    sets.iter().copied().filter(|chosen| !sets.iter().any(|other| other != chosen && other & chosen == *chosen)).collect()
}

fn as_set(members: &[usize]) -> u32 {
    members.iter().map(|member| 1 << member).sum()
}

fn check(all: &[Plain], found: &Agreement) {
    let mut groups: Vec<u32> = found.groups.iter().map(|group| as_set(&group.members)).collect();
    let mut expected = greatest_sets(all);
    let largest = expected.iter().map(|set| set.count_ones()).max().unwrap_or(0);
    assert_eq!(groups.first().map_or(0, |first| first.count_ones()), largest, "the first group is a largest one");
    assert_eq!(found.outliers.len(), all.len() - largest as usize, "no fewer could go");
    for group in &found.groups {
        let members = subset(all, as_set(&group.members));
        for point in points() {
            let inside = group.interval.contains(&(&Decimal::whole(point) * &Decimal::half_unit(0)));
            assert_eq!(inside, members.iter().all(|one| holds(one, point)), "{point} halves in {}", group.interval);
        }
    }
    groups.sort_unstable();
    expected.sort_unstable();
    assert_eq!(groups, expected);
    let verdict = match all {
        [] => Verdict::None,
        [_] => Verdict::Single,
        [first, ..] if all.iter().all(|one| one == first) => Verdict::Equal,
        _ if agree(all) => Verdict::Consistent,
        _ => Verdict::Inconsistent,
    };
    assert_eq!(found.verdict, verdict);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn verdicts_groups_and_outliers_are_those_of_trying_everything(all in proptest::collection::vec(plain(), 0..7)) {
        let figures: Vec<Figure> = all.iter().map(figure).collect();
        check(&all, &agreement(&figures));
        for (a, first) in all.iter().zip(&figures) {
            for (b, second) in all.iter().zip(&figures) {
                let expected = match (a == b, agree(&[*a, *b])) {
                    (true, _) => Relation::Equal,
                    (false, true) => Relation::Consistent,
                    (false, false) => Relation::Inconsistent,
                };
                prop_assert_eq!(relation(first, second), expected);
            }
        }
    }

    #[test]
    fn a_quotient_is_never_on_the_wrong_side_and_as_near_as_thirty_digits_allow(
        dividend in -1_000_000_000_i64..1_000_000_000, places in -12_i32..12, divisor in -100_000_i64..100_000,
    ) {
        prop_assume!(divisor != 0);
        let (dividend, divisor) = (&Decimal::whole(dividend) * &Decimal::power_of_ten(places), Decimal::whole(divisor));
        let quotient = |rounding| dividend.divided_by(&divisor, rounding).unwrap();
        let (down, up, nearest) = (quotient(Rounding::Down), quotient(Rounding::Up), quotient(Rounding::Nearest));
        let zero = Decimal::whole(0);
        // What is left over has the sign of the divisor, or is nothing.
        let rest = |quotient: &Decimal| &(&dividend - &(quotient * &divisor)) * &divisor;
        prop_assert!(rest(&down) >= zero && rest(&up) <= zero);
        prop_assert!(nearest == down || nearest == up);
        prop_assert!(rest(&nearest).magnitude() <= rest(&down).magnitude() && rest(&nearest).magnitude() <= rest(&up).magnitude());
        let error = (&up - &down).magnitude();
        prop_assert!(error <= &down.magnitude().max(up.magnitude()) * &Decimal::power_of_ten(-29));
    }
}

fn source(number: usize, cites: impl Iterator<Item = usize>, chain_end: ChainEnd) -> (Slug, Source) {
    let slug = |number: usize| Slug::parse(&format!("s{number}")).unwrap();
    let citations = cites.map(|cited| SourceCitation { source: slug(cited), printed: None, consulted: false, locator: None });
    let source = Source {
        slug: slug(number),
        title: number.to_string(),
        kind: SourceKind::Article,
        authors: Vec::new(),
        publisher: None,
        published: None,
        accessed: None,
        url: None,
        citations: citations.collect(),
        chain_end,
        note: None,
    };
    (slug(number), source)
}

fn claim_in(number: usize) -> ClaimVersion {
    let value = json!({"comparator": "eq", "best": "5", "interval": "[4.5,5.5]", "unit": "person", "rule": "precision.printed"});
    let claim: Claim = serde_json::from_value(json!({"metric": "people-killed", "value": value, "source": format!("s{number}")})).unwrap();
    ClaimVersion {
        id: claim.content_id(),
        version: 1,
        seq: 1,
        state: State::Accepted,
        claim,
        recorded_at: Timestamp::UNIX_EPOCH,
        recorded_by: "test".into(),
        cause: "created".into(),
        reason: None,
        superseded_by: None,
    }
}

/// Twenty thousand sources of which each cites five others, in circles without end but for three reports: nothing recurses, nothing is walked
/// twice, and what a slow search reaches is what counts.
#[test]
fn origins_of_a_hundred_thousand_citations_with_circles_are_those_that_can_be_reached() {
    const COUNT: usize = 20_000;
    let cites = |number: usize| (1..=5).map(move |step| (number * 7 + step * step * 131) % COUNT);
    let sources: HashMap<Slug, Source> =
        (0..COUNT)
            .map(|number| {
                if number % 7_000 == 3 { source(number, 0..0, ChainEnd::Origin) } else { source(number, cites(number), ChainEnd::Unknown) }
            })
            .collect();
    let mut reached: Vec<usize> = vec![1, 2];
    let mut seen = vec![false; COUNT];
    let mut origins = 0;
    while let Some(number) = reached.pop() {
        if std::mem::replace(&mut seen[number], true) {
            continue;
        }
        origins += usize::from(number % 7_000 == 3);
        if number % 7_000 != 3 {
            reached.extend(cites(number));
        }
    }
    assert!(seen.iter().filter(|seen| **seen).count() > COUNT / 2 && origins > 0);
    let claims = [claim_in(1), claim_in(2)];
    let found = independence(&claims, &sources, false).unwrap();
    assert_eq!((found.independent_sources.min, found.independent_sources.max), (origins, origins));
    assert!(!found.cycles.is_empty() && found.mentions > 50_000);
}

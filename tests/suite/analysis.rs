//! The arithmetic of comparing, held against a reference that knows nothing of it: it tries every subset and every point.

use std::collections::HashMap;

use figurebase::analysis::agreement::{Agreement, Figure, Relation, Verdict, agreement, relation};
use figurebase::analysis::findings::{Neighbours, Placed, Records, in_order, of_claim};
use figurebase::analysis::observation::Observation;
use figurebase::analysis::provenance::independence;
use figurebase::domain::claim::Claim;
use figurebase::domain::decimal::{Decimal, Rounding};
use figurebase::domain::finding::Code;
use figurebase::domain::history::{ClaimVersion, State};
use figurebase::domain::id::ClaimId;
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
    accepted(serde_json::from_value(json!({"metric": "people-killed", "value": value, "source": format!("s{number}")})).unwrap())
}

fn accepted(claim: Claim) -> ClaimVersion {
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

/// A running total: the month and the months before it that its period covers, its number, its source.
type Total = (i16, i16, i64, usize);

/// Months from the first to the last of a period, as an EDTF interval.
fn months(from: i16, to: i16) -> String {
    let month = |month: i16| format!("{}-{:02}", 2000 + month.div_euclid(12), month.rem_euclid(12) + 1);
    format!("{}/{}", month(from), month(to))
}

fn total(&(last, before, number, source): &Total) -> ClaimVersion {
    let interval = format!("[{number},{number}]");
    let value = json!({"comparator": "eq", "best": number.to_string(), "interval": interval, "unit": "person", "rule": "bounds.given"});
    let period = months(last - before, last);
    let claim = json!({"metric": "losses", "actor": "RUS", "value": value, "period": period, "source": format!("s{source}")});
    accepted(serde_json::from_value(claim).unwrap())
}

/// The total before one, as a look at all of them finds it: of its own source before others, then the one that ends last.
fn before<'a>(all: &'a [(Total, ClaimVersion)], own: &Total, id: ClaimId) -> Option<&'a (Total, ClaimVersion)> {
    // A period of more than a year says from when it counts.
    let start = |total: &Total| (total.1 >= 12).then_some(total.0 - total.1);
    let earlier = all.iter().filter(|(total, version)| version.id != id && total.0 < own.0 && start(total) == start(own));
    earlier.max_by_key(|(total, version)| (total.3 == own.3, total.0, version.id))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn totals_that_fall_and_numbers_of_another_order_are_those_that_a_look_at_all_of_them_finds(
        totals in proptest::collection::vec((0_i16..60, prop_oneof![3 => Just(0_i16), 1 => 0_i16..30], prop_oneof![4 => 100_i64..140, 1 => 0_i64..9_000], 0_usize..3), 1..90),
    ) {
        let mut all: Vec<(Total, ClaimVersion)> = totals.iter().map(|one| (*one, total(one))).collect();
        all.sort_by_key(|(_, version)| version.id);
        all.dedup_by_key(|(_, version)| version.id);
        let metric = json!({"slug": "losses", "label": "Losses", "definition": "Losses.", "kind": "cumulative", "dimension": "count", "change_of": null,
            "part_of": null, "aliases": [], "signed": false});
        let metrics = HashMap::from([(Slug::parse("losses").unwrap(), serde_json::from_value(metric).unwrap())]);
        let (actors, units, sources) = (HashMap::new(), HashMap::new(), HashMap::new());
        let records = Records { metrics: &metrics, actors: &actors, units: &units, sources: &sources, circles: &[] };
        let placed = |(_, version): &(Total, ClaimVersion)| Placed { observation: Observation::of(&version.claim, None), version: version.clone() };
        let same = in_order(all.iter().map(placed).collect());
        let neighbours = Neighbours { same: &same, ..Neighbours::default() };
        let last_day = |version: &ClaimVersion| version.claim.period.as_ref().unwrap().days().1;
        for (own, version) in &all {
            let found = of_claim(version, records, &neighbours);
            let named = |code: Code| found.iter().find(|finding| finding.code == code).map(|finding| finding.claims[1]);
            let fallen = before(&all, own, version.id).filter(|(total, _)| total.2 > own.2).map(|(_, version)| version.id);
            prop_assert_eq!(named(Code::CumulativeFalls), fallen);
            let mut peers: Vec<&(Total, ClaimVersion)> =
                all.iter().filter(|(total, other)| other.id != version.id && total.2 > 0 && own.2 > 0).collect();
            peers.sort_by_key(|(_, other)| ((last_day(other) - last_day(version)).abs(), other.id));
            peers.truncate(20);
            peers.sort_by_key(|(total, other)| (total.2, other.id));
            let outlier = (peers.len() >= 3 && peers[peers.len() - 1].0.2 <= peers[0].0.2 * 10).then(|| peers[peers.len() / 2]);
            let outlier = outlier.filter(|(middle, _)| own.2 > middle.2 * 30 || middle.2 > own.2 * 30).map(|(_, middle)| middle.id);
            prop_assert_eq!(named(Code::MagnitudeOutlier), outlier);
        }
    }
}

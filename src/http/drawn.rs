//! Claims on their way to a chart: which dot each becomes, and what the chart is called.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::analysis::comparison::Comparison;
use crate::domain::catalog::Catalog;
use crate::domain::claim::{Claim, Stage};
use crate::domain::history::ClaimVersion;
use crate::domain::period::Period;
use crate::domain::quantity::Per;
use crate::domain::slug::Slug;
use crate::exchange::chart::{Chart, Dot};
use crate::exchange::cite::duration_words;

/// Media type of a drawing.
pub const SVG: &str = "image/svg+xml";

/// A dot that says whose number it is; the number itself is that of the claim.
fn dot(claim: &Claim, catalog: &Catalog) -> Dot {
    let value = &claim.value;
    let source = claim.source.as_ref().and_then(|slug| catalog.sources.get(slug)).map(|found| &found.record);
    let named = source.map(|source| source.publisher.clone().unwrap_or_else(|| source.title.clone()));
    let label = named.or_else(|| claim.source.as_ref().map(ToString::to_string)).unwrap_or_else(|| "no source".into());
    let year = source.and_then(|source| source.published.as_ref()).and_then(Period::end).map(|day| day.year().to_string());
    Dot {
        label,
        year: year.unwrap_or_default(),
        printed: value.original.clone(),
        days: claim.period.as_ref().map(Period::days),
        ..Dot::new(value.comparator, value.best.clone(), value.interval.clone())
    }
}

/// What is measured, of whom.
fn title(claim: &Claim, catalog: &Catalog) -> String {
    let metric = catalog.metrics.get(&claim.metric).map_or_else(|| claim.metric.to_string(), |found| found.record.label.clone());
    let name = |slug: &Slug| catalog.actors.get(slug).map_or_else(|| slug.to_string(), |found| found.record.name.clone());
    let sides: Vec<String> = [&claim.actor, &claim.counterpart].into_iter().flatten().map(name).collect();
    if sides.is_empty() { metric } else { format!("{metric}: {}", sides.join(" and ")) }
}

/// What narrows a claim: period, stage, scope, denominator.
fn narrowed(claim: &Claim) -> Vec<String> {
    let period = claim.period.as_ref().map(ToString::to_string);
    let stage = claim.stage.map(|stage| Stage::as_str(stage).to_string());
    let of = claim.value.denominator.as_ref().map(|of| format!("of {of}"));
    let scope = claim.scope.iter().map(|(key, value)| format!("{key}: {value}"));
    period.into_iter().chain(stage).chain(of).chain(scope).collect()
}

fn per(per: Option<&Per>) -> Option<String> {
    per.map(|per| duration_words(per.as_str()).to_string())
}

/// A comparison: the compared claims in the common unit, and what most of them agree on.
pub fn of_comparison(found: &Comparison, claims: &[ClaimVersion], catalog: &Catalog) -> Chart {
    let first = found.compared.first().and_then(|(place, _)| claims.get(*place)).map(|version| &version.claim);
    let mut group_of: HashMap<usize, usize> = HashMap::new();
    for (number, group) in found.groups.iter().enumerate() {
        for member in &group.members {
            group_of.entry(*member).or_insert(number);
        }
    }
    let outliers: HashSet<usize> = found.outliers.iter().copied().collect();
    let dots = found.compared.iter().filter_map(|(place, told)| {
        let group = group_of.get(place).copied();
        let claim = &claims.get(*place)?.claim;
        let (best, interval) = (told.best.clone(), told.interval.clone());
        Some(Dot { best, interval, group, is_outlier: outliers.contains(place), ..dot(claim, catalog) })
    });
    let mut subtitle = first.map(narrowed).unwrap_or_default();
    subtitle.push(found.verdict.as_str().to_string());
    Chart {
        title: first.map_or_else(|| "Nothing to compare".into(), |claim| title(claim, catalog)),
        subtitle: subtitle.join(", "),
        unit: found.told_in.as_ref().map(|(unit, _)| unit.label.clone()).unwrap_or_default(),
        per: found.told_in.as_ref().and_then(|(_, duration)| per(duration.as_ref())),
        consensus: found.groups.first().filter(|group| group.members.len() > 1).map(|group| group.interval.clone()),
        dots: dots.collect(),
    }
}

/// A series: the claims in the unit that most of them have. `is_cut`: there are more than these.
pub fn of_series(claims: &[ClaimVersion], catalog: &Catalog, is_cut: bool) -> Chart {
    let mut units: BTreeMap<(&Slug, Option<&str>), usize> = BTreeMap::new();
    for version in claims {
        let value = &version.claim.value;
        *units.entry((&value.unit, value.per.as_ref().map(Per::as_str))).or_default() += 1;
    }
    let usual = units.iter().max_by_key(|(_, count)| **count).map(|(unit, _)| *unit);
    let shown: Vec<&Claim> = claims
        .iter()
        .map(|version| &version.claim)
        .filter(|claim| usual == Some((&claim.value.unit, claim.value.per.as_ref().map(Per::as_str))))
        .collect();
    let one_pair =
        shown.iter().all(|claim| shown.first().is_some_and(|first| first.actor == claim.actor && first.counterpart == claim.counterpart));
    let first = shown.first().copied();
    let about = first.map(|claim| {
        if one_pair { title(claim, catalog) } else { title(&Claim { actor: None, counterpart: None, ..claim.clone() }, catalog) }
    });
    let left_out = claims.len() - shown.len();
    let mut subtitle = Vec::new();
    if left_out > 0 {
        subtitle.push(format!("{left_out} claims in other units are left out"));
    }
    if is_cut {
        subtitle.push(format!("the first {} claims", claims.len()));
    }
    Chart {
        title: about.unwrap_or_else(|| "Nothing to show".into()),
        subtitle: subtitle.join("; "),
        unit: first.map(|claim| claim.value.unit.to_string()).unwrap_or_default(),
        per: first.and_then(|claim| per(claim.value.per.as_ref())),
        consensus: None,
        dots: shown.into_iter().map(|claim| dot(claim, catalog)).collect(),
    }
}

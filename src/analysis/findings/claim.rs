//! What one claim shows of itself, its metric and its sources.

use super::Records;
use super::dates::{days_between, year_in_reference};
use crate::domain::claim::{Claim, Status};
use crate::domain::decimal::Decimal;
use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::history::ClaimVersion;
use crate::domain::metric::MetricKind;
use crate::domain::period::{DAY_MAX, DAY_MIN, Period};
use crate::domain::quantity::Comparator;
use crate::domain::slug::Slug;

/// A check of one claim.
type Check = fn(&ClaimVersion, Records<'_>) -> Option<Finding>;

/// Every check of one claim.
pub const CHECKS: [Check; 10] = [
    missing_period,
    missing_source,
    period_after_publication,
    citation_unresolved,
    citation_after_document,
    reference_of_another_year,
    hedge_without_speaker,
    superlative_without_series,
    share_out_of_range,
    missing_denominator,
];

/// What is measured a year at a time, so that a share of it over several years says too little.
const YEARLY: [&str; 9] = ["gdp", "gnp", "gni", "gross", "budget", "revenue", "revenues", "spending", "expenditure"];
/// Days of a period that is longer than a year, whichever year it is.
const DAYS_OF_YEAR_MAX: i64 = 366;
/// Standings of numbers that may well be about a time to come.
const OF_THE_FUTURE: [Status; 4] = [Status::Forecast, Status::Target, Status::Planned, Status::Hypothetical];
/// Standings of numbers that are somebody's word.
const SOMEBODYS_WORD: [Status; 2] = [Status::Reported, Status::Alleged];

fn finding(code: Code, severity: Severity, version: &ClaimVersion, sources: &[&Slug], why: String) -> Finding {
    Finding { code, severity, claims: vec![version.id], sources: sources.iter().map(|slug| (*slug).clone()).collect(), why }
}

/// The days that a claim is about, where it has any.
fn period(claim: &Claim) -> Option<&Period> {
    claim.period.as_ref().filter(|period| period.days() != (DAY_MIN, DAY_MAX))
}

fn missing_period(version: &ClaimVersion, _: Records<'_>) -> Option<Finding> {
    let claim = &version.claim;
    if period(claim).is_some() {
        return None;
    }
    let why = match &claim.period_original {
        Some(words) => format!("Nothing says which time \"{words}\" is."),
        None => "Nothing says which time the number is about.".into(),
    };
    Some(finding(Code::MissingPeriod, Severity::Info, version, &[], why))
}

fn missing_source(version: &ClaimVersion, _: Records<'_>) -> Option<Finding> {
    let why = || "Nothing says where the number was printed.".to_string();
    version.claim.source.is_none().then(|| finding(Code::MissingSource, Severity::Warning, version, &[], why()))
}

/// The last day that a claim is about lies after the last on which the source can have been printed.
fn period_after_publication(version: &ClaimVersion, records: Records<'_>) -> Option<Finding> {
    let claim = &version.claim;
    if claim.status.iter().any(|status| OF_THE_FUTURE.contains(status)) {
        return None;
    }
    let (about, end) = period(claim).and_then(|period| Some((period, period.end()?)))?;
    let cited = claim.citation.as_ref().and_then(|citation| citation.source.as_ref());
    claim.source.iter().chain(cited).find_map(|slug| {
        let published = records.sources.get(slug)?.published.as_ref()?;
        if end <= published.end()? {
            return None;
        }
        let why = format!("It is about {about}, which ends after '{slug}' was published ({published}), and is no forecast.");
        Some(finding(Code::PeriodAfterPublication, Severity::Warning, version, &[slug], why))
    })
}

fn citation_unresolved(version: &ClaimVersion, _: Records<'_>) -> Option<Finding> {
    let citation = version.claim.citation.as_ref().filter(|citation| citation.source.is_none())?;
    let why = format!("\"{}\" leads to no recorded source.", citation.printed);
    Some(finding(Code::CitationUnresolved, Severity::Warning, version, &[], why))
}

/// Only where the source itself is not recorded as citing it: there, the remark is one about the source.
fn citation_after_document(version: &ClaimVersion, records: Records<'_>) -> Option<Finding> {
    let claim = &version.claim;
    let cited = claim.citation.as_ref()?.source.as_ref()?;
    let slug = claim.source.as_ref()?;
    let source = records.sources.get(slug)?;
    if source.citations.iter().any(|citation| citation.source == *cited) {
        return None;
    }
    let why = super::source::later(source, records.sources.get(cited)?)?;
    Some(finding(Code::CitationAfterDocument, Severity::Warning, version, &[slug, cited], why))
}

fn reference_of_another_year(version: &ClaimVersion, records: Records<'_>) -> Option<Finding> {
    let citation = version.claim.citation.as_ref()?;
    let cited = citation.source.as_ref()?;
    let published = records.sources.get(cited)?.published.as_ref()?;
    let year = year_in_reference(&citation.printed)?;
    if days_between(&year, published) == 0 {
        return None;
    }
    let why = format!("\"{}\" names {year}; '{cited}' is recorded as published {published}.", citation.printed);
    Some(finding(Code::DateMismatch, Severity::Warning, version, &[cited], why))
}

/// "Reportedly" is somebody's word. A reference says whose.
fn hedge_without_speaker(version: &ClaimVersion, _: Records<'_>) -> Option<Finding> {
    let claim = &version.claim;
    let is_somebodys = claim.status.iter().any(|status| SOMEBODYS_WORD.contains(status));
    if !is_somebodys || claim.speaker.is_some() || claim.citation.is_some() {
        return None;
    }
    let hedge =
        claim.cue.as_deref().or(claim.status.iter().find(|status| SOMEBODYS_WORD.contains(status)).map(|status| status.as_str()))?;
    let why = format!("\"{hedge}\", and nobody is named whose word it is.");
    Some(finding(Code::HedgeWithoutSpeaker, Severity::Warning, version, &[], why))
}

fn superlative_without_series(version: &ClaimVersion, _: Records<'_>) -> Option<Finding> {
    let claim = &version.claim;
    let says_which = claim.scope.contains_key("series");
    let why = || "It is called a record, and not of what series; scope.series would say.".to_string();
    (claim.status.contains(&Status::Superlative) && !says_which)
        .then(|| finding(Code::SuperlativeWithoutSeries, Severity::Info, version, &[], why()))
}

/// Nothing that it admits can be a share; a plain number is taken as it is printed. What is set against a year's product, as debts are, is no
/// part of it and may be more.
fn share_out_of_range(version: &ClaimVersion, records: Records<'_>) -> Option<Finding> {
    let value = &version.claim.value;
    let metric = records.metrics.get(&version.claim.metric)?;
    let unit = records.units.get(&value.unit)?;
    if metric.kind != MetricKind::Share || value.comparator.is_absence() {
        return None;
    }
    let none = Decimal::whole(0);
    let is_plain = matches!(value.comparator, Comparator::Eq | Comparator::Approx);
    let domain = metric.value_domain(unit).interval();
    let best = value.best.as_ref().filter(|_| is_plain);
    let is_below = best.is_some_and(|best| *best < none) || value.interval.high().is_some_and(|high| high.at < none);
    let is_outside = best.is_some_and(|best| !domain.contains(best)) || value.interval.clipped_to(&domain).is_none();
    let of_yearly = value.denominator.as_deref().is_some_and(is_yearly) || is_yearly(metric.slug.as_str());
    let shown = value.original.clone().or(value.best.as_ref().map(ToString::to_string)).unwrap_or_else(|| value.interval.to_string());
    (if of_yearly { is_below } else { is_outside }).then(|| {
        finding(
            Code::ShareOutOfRange,
            Severity::Warning,
            version,
            &[],
            format!("A share cannot be {shown}: it lies outside 0 to the whole."),
        )
    })
}

/// Whether something is measured a year at a time.
fn is_yearly(of: &str) -> bool {
    of.split(|letter: char| !letter.is_alphanumeric()).any(|word| YEARLY.contains(&word.to_lowercase().as_str()))
}

fn missing_denominator(version: &ClaimVersion, records: Records<'_>) -> Option<Finding> {
    let claim = &version.claim;
    if records.metrics.get(&claim.metric)?.kind != MetricKind::Share {
        return None;
    }
    let why = match &claim.value.denominator {
        None => "It is a share, and nothing says of what.".to_string(),
        Some(of) => {
            let period = period(claim)?;
            let (start, end) = period.days();
            if !is_yearly(of) || end - start < DAYS_OF_YEAR_MAX {
                return None;
            }
            format!("It is a share of {of}, which is measured by the year, over {period}: of one year's, or of all of them?")
        }
    };
    Some(finding(Code::MissingDenominator, Severity::Warning, version, &[], why))
}

//! The two things that a citation names, free of any style: a publication, and a version of a claim.

use jiff::tz::TimeZone;

use super::CitedClaim;
use super::author::Author;
use super::issued::Issued;
use crate::domain::claim::Claim;
use crate::domain::history::State;
use crate::domain::quantity::{Comparator, Quantity};
use crate::domain::source::{Source, SourceKind};

/// What this database is called where it is cited.
const DATABASE: &str = "Figurebase";

/// What sort of work it is: a publication's kind, or an entry of this database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WorkKind {
    Publication(SourceKind),
    DatabaseEntry,
}

/// Something that can be cited. No text in it holds a line end or another control character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Work {
    /// ASCII without spaces; no two works have the same.
    pub(super) key: String,
    pub(super) kind: WorkKind,
    /// As printed; never empty.
    pub(super) title: String,
    pub(super) authors: Vec<Author>,
    /// Publisher, newspaper, site or database: which of them follows from the kind.
    pub(super) house: Option<String>,
    pub(super) issued: Option<Issued>,
    pub(super) accessed: Option<Issued>,
    pub(super) url: Option<String>,
}

impl Work {
    /// The publication; where it has no title, its slug stands for one.
    pub(super) fn of_source(source: &Source) -> Self {
        let house = source.publisher.as_deref().and_then(filled);
        let authors = source.authors.iter().filter_map(|name| filled(name)).map(|name| Author::read(&name, house.as_deref()));
        Self {
            // A slug has no colon, the key of a claim has: they can never be the same.
            key: source.slug.to_string(),
            kind: WorkKind::Publication(source.kind),
            title: filled(&source.title).unwrap_or_else(|| source.slug.to_string()),
            authors: authors.collect(),
            issued: source.published.as_ref().and_then(Issued::of_period),
            accessed: source.accessed.as_ref().and_then(Issued::of_period),
            url: source.url.as_deref().and_then(filled),
            house,
        }
    }

    /// This database's version of a claim. It has no author: a claim is the source's, not its recorder's.
    pub(super) fn of_claim(cited: &CitedClaim<'_>) -> Self {
        Self {
            key: format!("figurebase:{}:v{}", cited.claim.id, cited.claim.version),
            kind: WorkKind::DatabaseEntry,
            title: claim_title(cited),
            authors: Vec::new(),
            house: Some(DATABASE.to_string()),
            issued: Some(Issued::of_day(cited.claim.recorded_at.to_zoned(TimeZone::UTC).date())),
            accessed: Some(Issued::of_day(cited.accessed)),
            url: filled(cited.permalink),
        }
    }

    /// Whether the house is a place in which the work stands (a newspaper, a site), not who published it.
    pub(super) fn stands_in_house(&self) -> bool {
        match self.kind {
            WorkKind::DatabaseEntry => true,
            WorkKind::Publication(kind) => matches!(kind, SourceKind::Article | SourceKind::Essay | SourceKind::Webpage),
        }
    }
}

/// The text on one line: line ends, tabs and other control characters become single spaces, and marks that turn
/// the direction of what follows go; `None` when nothing is left.
pub(super) fn filled(text: &str) -> Option<String> {
    let turns = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let spaced = text.replace(char::is_control, " ").replace(turns, "");
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

/// "Military casualties, Russia: past 200,000 (version 1)"; a claim that does not count says so.
fn claim_title(cited: &CitedClaim<'_>) -> String {
    let claim = &cited.claim.claim;
    let metric = filled(cited.metric_label).unwrap_or_else(|| claim.metric.to_string());
    let whom = match (cited.actor_name.and_then(filled), cited.counterpart_name.and_then(filled)) {
        (Some(actor), Some(counterpart)) => format!(", {actor}–{counterpart}"),
        (Some(one), None) | (None, Some(one)) => format!(", {one}"),
        (None, None) => String::new(),
    };
    let version = cited.claim.version;
    let standing = match cited.claim.state {
        State::Accepted => format!("version {version}"),
        state => format!("version {version}, {}", state.as_str()),
    };
    format!("{metric}{whom}: {} ({standing})", printed(claim))
}

/// The number as printed, or as near to that as what is recorded allows.
fn printed(claim: &Claim) -> String {
    let value = &claim.value;
    if let Some(original) = value.original.as_deref().and_then(filled) {
        return original;
    }
    let number = match value.comparator {
        Comparator::Unknown => return "not known".to_string(),
        Comparator::None => return "none".to_string(),
        Comparator::Withheld => return "withheld".to_string(),
        Comparator::Range | Comparator::Vague => None,
        _ => value.best.as_ref().map(|best| format!("{}{best}", comparing_words(value.comparator))),
    };
    let per = value.per.as_ref().map(|per| format!(" per {}", duration_words(per.as_str()))).unwrap_or_default();
    format!("{} {}{per}", number.unwrap_or_else(|| ends(value)), value.unit)
}

fn comparing_words(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::Approx => "about ",
        Comparator::Gt => "more than ",
        Comparator::Ge => "at least ",
        Comparator::Lt => "less than ",
        Comparator::Le => "up to ",
        _ => "",
    }
}

fn ends(value: &Quantity) -> String {
    match (value.interval.low(), value.interval.high()) {
        (Some(low), Some(high)) => format!("{} to {}", low.at, high.at),
        _ => value.interval.to_string(),
    }
}

/// A duration as a word, where it has one.
pub fn duration_words(per: &str) -> &str {
    match per {
        "P1Y" => "year",
        "P1M" => "month",
        "P1W" => "week",
        "P1D" => "day",
        "PT1H" => "hour",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn the_database_entry_is_titled_by_metric_actor_number_and_version() {
        let version = samples::casualties();
        let mut cited = samples::cited(&version, None);
        assert_eq!(Work::of_claim(&cited).title, "Military casualties, Russia: past 200,000 (version 1)");
        cited.counterpart_name = Some("Ukraine");
        assert_eq!(Work::of_claim(&cited).title, "Military casualties, Russia–Ukraine: past 200,000 (version 1)");
        (cited.actor_name, cited.counterpart_name) = (None, None);
        assert_eq!(Work::of_claim(&cited).title, "Military casualties: past 200,000 (version 1)");
    }

    #[test]
    fn a_number_without_printed_words_is_told_in_our_own() {
        let mut version = samples::casualties();
        version.claim.value.original = None;
        assert!(Work::of_claim(&samples::cited(&version, None)).title.ends_with(": more than 200000 person (version 1)"));
        version.claim.value.comparator = Comparator::Withheld;
        assert!(Work::of_claim(&samples::cited(&version, None)).title.ends_with(": withheld (version 1)"));
    }

    #[test]
    fn a_claim_that_does_not_count_says_so() {
        let mut version = samples::casualties();
        version.state = State::Retracted;
        assert!(Work::of_claim(&samples::cited(&version, None)).title.ends_with("(version 1, retracted)"));
    }

    #[test]
    fn a_source_without_a_title_is_called_by_its_slug() {
        let mut source = samples::reuters();
        source.title = " \n ".to_string();
        assert_eq!(Work::of_source(&source).title, "reuters-2024-trade");
    }
}

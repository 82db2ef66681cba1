//! From query parameters to the claims that are meant, and to the state of the database that is meant.

use jiff::Timestamp;

use super::paging::Pinned;
use super::params::Query;
use super::problem::ApiError;
use super::state::AppState;
use crate::domain::claim::{Rank, Stage, Status};
use crate::domain::decimal::Decimal;
use crate::domain::folding::folded;
use crate::domain::history::State;
use crate::domain::invalid::Invalid;
use crate::domain::period::{DAY_MAX, DAY_MIN, Period, day_number};
use crate::domain::quantity::Comparator;
use crate::domain::record::RecordKind;
use crate::domain::slug::Slug;
use crate::domain::unit::Unit;
use crate::exchange::fields::one_of;
use crate::ingest::names::{Meaning, meanings};
use crate::store::At;
use crate::store::filter::{ClaimFilter, DayRange, PeriodMatch, ValueMatch, ValueRange};
use crate::store::full_text::search_words;

/// Words of a search that are looked at; more only narrow what is narrow already.
const WORDS_MAX: usize = 16;
/// An all-digit time of at least so many digits is milliseconds since 1970, not a year.
const EPOCH_DIGITS_MIN: usize = 9;

/// The state of the database that an answer is computed from.
#[derive(Debug, Clone, Copy)]
pub struct Basis {
    /// The state.
    pub at: At,
    /// When it was reached.
    pub reached_at: Timestamp,
}

/// Takes `snapshot` and `as_of`; without them, the newest state is meant. `pinned` is the one that a cursor was made at.
pub async fn basis(state: &AppState, query: &mut Query, pinned: Option<Pinned>) -> Result<Basis, ApiError> {
    let head = state.store.head().await?;
    let snapshot = query.parsed("snapshot", |text| match text.parse::<i64>() {
        Ok(seq) if (0..=head.at.0).contains(&seq) => Ok(At(seq)),
        Ok(_) => Err(Invalid::new("invalid-parameter", "", format!("is not a state of this database; the newest is {}", head.at.0))),
        Err(_) => Err(Invalid::new("invalid-parameter", "", "must be a whole number")),
    });
    let as_of = query.parsed("as_of", |text| moment(text, true));
    if snapshot.is_some() && as_of.is_some() {
        query.fault("as_of", "cannot be combined with snapshot");
    }
    if let (Some(pinned), Some(given)) = (pinned, snapshot)
        && pinned.at != given
    {
        query.fault("snapshot", "is not the state that the cursor was made at");
    }
    let as_of = match as_of {
        Some(time) => Some(state.store.state_at_time(time).await?),
        None => None,
    };
    // A number inside a change of many means the state after all of it: no other was ever there.
    let snapshot = match snapshot {
        Some(at) => Some(state.store.state_after(at).await?),
        None => None,
    };
    let at = pinned.map(|pinned| pinned.at).or(snapshot).or(as_of).unwrap_or(head.at);
    let reached_at = state.store.time_of_state(at).await?;
    if pinned.is_some_and(|pinned| at > head.at || reached_at.as_microsecond() != pinned.reached_at) {
        query.fault("cursor", "is of a state that this database does not have; begin with the first page again");
    }
    Ok(Basis { at, reached_at })
}

/// Takes all filters of claims. Names mean what they meant at the state asked for; one that means nothing matches nothing.
pub async fn claim_filter(state: &AppState, query: &mut Query, at: At) -> Result<ClaimFilter, ApiError> {
    let mut filter = ClaimFilter {
        actor: slugs(state, query, "actor", RecordKind::Actor, at).await?,
        counterpart: slugs(state, query, "counterpart", RecordKind::Actor, at).await?,
        metric: slugs(state, query, "metric", RecordKind::Metric, at).await?,
        any_actor: slugs(state, query, "any_actor", RecordKind::Actor, at).await?,
        unit: slugs(state, query, "unit", RecordKind::Unit, at).await?,
        currency: currencies(state, query, at).await?,
        ..ClaimFilter::default()
    };
    let fold = |names: Option<Vec<String>>| names.map(|names| names.iter().map(|name| folded(name)).collect());
    filter.source = query.list("source").map(|slugs| slugs.iter().filter_map(|slug| Slug::parse(slug).ok()).collect());
    filter.publisher = fold(query.list("publisher"));
    filter.speaker = fold(query.list("speaker"));
    filter.status = query.parsed_list("status", |text| one_of(text, &Status::ALL, Status::as_str));
    filter.stage = query.parsed_list("stage", |text| one_of(text, &Stage::ALL, Stage::as_str));
    filter.comparator = query.parsed_list("comparator", |text| one_of(text, &Comparator::ALL, Comparator::as_str));
    filter.rank = query.parsed_list("rank", |text| one_of(text, &Rank::ALL, Rank::as_str));
    filter.state = states(query);
    filter.words = query.one("q").map(|text| search_words(&text, WORDS_MAX));
    filter.value = value_range(query);
    filter.period = day_range(query);
    filter.published_before = query.parsed("published_before", |text| Ok(days(text)?.0));
    filter.published_after = query.parsed("published_after", |text| Ok(days(text)?.1));
    filter.recorded_after = query.parsed("recorded_after", |text| Ok(moment(text, true)?.as_microsecond()));
    Ok(filter)
}

/// Units that are money; another unit is not a currency and matches nothing.
async fn currencies(state: &AppState, query: &mut Query, at: At) -> Result<Option<Vec<Slug>>, ApiError> {
    let Some(named) = slugs(state, query, "currency", RecordKind::Unit, at).await? else { return Ok(None) };
    let units = state.store.list_records_by_slug::<Unit>(named.iter().map(ToString::to_string), at).await?;
    Ok(Some(units.into_iter().filter(|found| found.record.dimension == "currency").map(|found| found.record.slug).collect()))
}

async fn slugs(state: &AppState, query: &mut Query, name: &str, kind: RecordKind, at: At) -> Result<Option<Vec<Slug>>, ApiError> {
    let Some(names) = query.list(name) else { return Ok(None) };
    let mut slugs = Vec::new();
    for meaning in meanings(&state.store, kind, names, at).await?.into_values() {
        let found = match meaning {
            Meaning::Nothing => Vec::new(),
            Meaning::One(slug) => vec![slug],
            // In a filter, a name that means several things means any of them.
            Meaning::Several(slugs) => slugs,
        };
        slugs.extend(found.iter().filter_map(|slug| Slug::parse(slug).ok()));
    }
    slugs.sort();
    slugs.dedup();
    Ok(Some(slugs))
}

/// Accepted claims unless other states are asked for; `all` for every one.
pub fn states(query: &mut Query) -> Option<Vec<State>> {
    let words = query.list("state").unwrap_or_else(|| vec![State::Accepted.as_str().to_string()]);
    if words.iter().any(|word| word == "all") {
        return None;
    }
    let mut states = Vec::new();
    for word in words {
        match one_of(&word, &State::ALL, State::as_str) {
            Ok(state) => states.push(state),
            Err(fault) => query.fault("state", format!("{} or all", fault.message)),
        }
    }
    Some(states)
}

fn value_range(query: &mut Query) -> Option<ValueRange> {
    let min = query.parsed("value_min", Decimal::parse);
    let max = query.parsed("value_max", Decimal::parse);
    let matching = query.parsed("value_match", |text| match text {
        "possible" => Ok(ValueMatch::Possible),
        "certain" => Ok(ValueMatch::Certain),
        _ => Err(Invalid::new("invalid-parameter", "", "must be possible or certain")),
    });
    if let (Some(min), Some(max)) = (&min, &max)
        && min > max
    {
        query.fault("value_min", "is greater than value_max");
    }
    (min.is_some() || max.is_some()).then(|| ValueRange { min, max, matching: matching.unwrap_or_default() })
}

/// Takes `from` and `to`: first and last day, where either is given.
pub fn from_to(query: &mut Query) -> Option<(i64, i64)> {
    let from = query.parsed("from", |text| Ok(days(text)?.0));
    let to = query.parsed("to", |text| Ok(days(text)?.1));
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        query.fault("from", "lies after to");
    }
    (from.is_some() || to.is_some()).then(|| (from.unwrap_or(DAY_MIN), to.unwrap_or(DAY_MAX)))
}

fn day_range(query: &mut Query) -> Option<DayRange> {
    let matching = query.parsed("period_match", |text| match text {
        "overlaps" => Ok(PeriodMatch::Overlaps),
        "within" => Ok(PeriodMatch::Within),
        "covers" => Ok(PeriodMatch::Covers),
        "equals" => Ok(PeriodMatch::Equals),
        _ => Err(Invalid::new("invalid-parameter", "", "must be overlaps, within, covers or equals")),
    });
    from_to(query).map(|(from, to)| DayRange { from, to, matching: matching.unwrap_or_default() })
}

/// First and last day that a time names: EDTF, RFC 3339, or milliseconds since 1970.
fn days(text: &str) -> Result<(i64, i64), Invalid> {
    if let Some(time) = epoch_milliseconds(text).or_else(|| text.parse::<Timestamp>().ok()) {
        let day = day_number(time.to_zoned(jiff::tz::TimeZone::UTC).date());
        return Ok((day, day));
    }
    Ok(Period::parse(text)?.days())
}

/// A moment: RFC 3339, milliseconds since 1970, or a day or other EDTF period, of which the last (or first) instant counts.
fn moment(text: &str, last: bool) -> Result<Timestamp, Invalid> {
    if let Some(time) = epoch_milliseconds(text).or_else(|| text.parse::<Timestamp>().ok()) {
        return Ok(time);
    }
    let refuse = || Invalid::new("invalid-parameter", "", "must be a time such as 2026-01-31T12:00:00Z, a day, or milliseconds since 1970");
    let period = Period::parse(text).map_err(|_| refuse())?;
    let day = if last { period.end().and_then(|day| day.tomorrow().ok()) } else { period.start() }.ok_or_else(refuse)?;
    let midnight = day.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| refuse())?.timestamp();
    let micros = midnight.as_microsecond() - i64::from(last);
    Timestamp::from_microsecond(micros).map_err(|_| refuse())
}

fn epoch_milliseconds(text: &str) -> Option<Timestamp> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_epoch = digits.len() >= EPOCH_DIGITS_MIN && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_epoch { text.parse().ok().and_then(|millis| Timestamp::from_millisecond(millis).ok()) } else { None }
}

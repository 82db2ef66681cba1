//! Unit and scale of a number in a table, from what stands above and beside it: "(US$ million)", "Thousand tonnes", "Refugees".
//!
//! A heading is read by the same rules as running text: with a figure put where a heading leaves it out.

use std::collections::HashMap;
use std::ops::Range;

use super::draft::{Draft, Missing};
use super::elision::NOUNS_OF_HEADCOUNTS;
use super::unit::{Sort, sort_of};
use super::{Mention, Reader, number_words};
use crate::domain::decimal::Decimal;
use crate::domain::quantity::Comparator;
use crate::extraction::claim::nouns;
use crate::extraction::table::Value;
use crate::extraction::text::Text;
use crate::extraction::time::is_counted;
use crate::extraction::uses::Uses;

/// The figure that is put into a heading.
const FIGURE: &str = "7";
/// Longest heading, in bytes, that is looked through for a unit.
const HEADING_BYTES_MAX: usize = 200;
/// How many headings of a text are looked through.
const HEADINGS_MAX: usize = 2000;
/// After how many words a figure can stand: "US $ 7 million".
const WORDS_BEFORE_MAX: usize = 2;

/// What a heading says of the numbers below it.
#[derive(Debug, Clone)]
struct Heading {
    unit: Option<(String, Sort)>,
    per: Option<String>,
    scale: i32,
}

/// Gives numbers in tables the unit and the scale of their headings.
pub(super) fn settle(reader: &Reader<'_, '_>, drafts: &mut [Draft<'_>]) {
    let mut known: HashMap<usize, Option<Heading>> = HashMap::new();
    for draft in drafts {
        let Some(value) = reader.text.tables.value_at(draft.mention.tokens.start) else { continue };
        let mut read = |place: &Range<usize>| {
            if known.len() >= HEADINGS_MAX {
                return known.get(&place.start).cloned().flatten();
            }
            known.entry(place.start).or_insert_with(|| heading(reader, reader.text.slice(place.clone()))).clone()
        };
        take(draft, value, &mut read);
        if draft.mention.unit.is_none() {
            draft.missing = Missing::Nothing;
        }
    }
}

/// The nearest heading with a unit gives it; a scale alone holds for the unit that is found elsewhere.
fn take(draft: &mut Draft<'_>, value: &Value, read: &mut impl FnMut(&Range<usize>) -> Option<Heading>) {
    let mut scale = 0;
    // "Yard" above the labels says what they are; a unit there has a scale, or is money or a share.
    let is_measure =
        |heading: &Heading| heading.scale > 0 || heading.unit.as_ref().is_some_and(|(_, sort)| matches!(sort, Sort::Money | Sort::Share));
    let near: Vec<Heading> = value.heads.iter().chain(&value.label).filter_map(&mut *read).collect();
    let corners: Vec<Heading> = value.corners.iter().filter_map(&mut *read).filter(is_measure).collect();
    let titles: Vec<Heading> = value.captions.iter().filter_map(&mut *read).collect();
    for heading in near.into_iter().chain(corners).chain(titles) {
        match (&heading.unit, &draft.mention.unit) {
            // What has a unit of its own is not counted in "Schools".
            (Some((_, Sort::Count)), Some(_)) => {}
            (Some((unit, sort)), None) => {
                let (unit, sort) = (unit.clone(), *sort);
                draft.take_unit(unit, sort, None, "unit:table");
                draft.mention.is_elided = false;
                draft.mention.per = draft.mention.per.take().or(heading.per);
                scale = if heading.scale > 0 { heading.scale } else { scale };
                break;
            }
            (Some((unit, _)), Some(own)) => {
                scale = if unit == own { heading.scale } else { scale };
                break;
            }
            (None, _) if scale == 0 => scale = heading.scale,
            (None, _) => {}
        }
    }
    if scale > 0 && draft.scale == 0 && draft.sort != Sort::Share {
        let factor = Decimal::power_of_ten(scale);
        draft.mention.value = &draft.mention.value * &factor;
        draft.mention.value2 = draft.mention.value2.as_ref().map(|value| value * &factor);
        draft.scale = scale;
        draft.mention.rules.push("value:table");
    }
}

/// What a heading says; nothing when it speaks of no unit and no scale.
fn heading(reader: &Reader<'_, '_>, words: &str) -> Option<Heading> {
    let words = words.get(..HEADING_BYTES_MAX).unwrap_or(words);
    let (outside, brackets) = parts(words);
    let told = brackets.iter().find_map(|inside| measure(reader, inside, true));
    let behind = |mark: &str| outside.rsplit_once(mark).and_then(|(_, rest)| measure(reader, rest, false));
    // "Population (millions)": the scale of one, the noun of the other.
    if let Some(scale) = told.as_ref().filter(|told| told.unit.is_none()).map(|told| told.scale) {
        let noun = measure(reader, &outside, false).or_else(|| counted(reader, &outside));
        return noun.map(|noun| Heading { scale, ..noun }).or(told);
    }
    told.or_else(|| behind(", "))
        .or_else(|| behind(" in "))
        .or_else(|| measure(reader, &outside, false))
        .or_else(|| counted(reader, &outside))
}

/// A heading without its brackets, and what stands in them, the last first.
fn parts(words: &str) -> (String, Vec<&str>) {
    let (mut outside, mut brackets, mut rest) = (String::new(), Vec::new(), words);
    while let Some((before, after)) = rest.split_once(['(', '[']) {
        outside.push_str(before);
        let (inside, behind) = after.split_once([')', ']']).unwrap_or((after, ""));
        brackets.insert(0, inside);
        rest = behind;
    }
    outside.push_str(rest);
    (outside.trim().trim_end_matches(':').to_string(), brackets)
}

/// The words of a heading in the singular, as they would stand behind a figure: "millions of euros" is "million euros".
fn plain(words: &str) -> Vec<String> {
    let mut plain: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        let bare = word.trim_matches(|c: char| matches!(c, '\'' | '’' | '‘' | ',' | ';'));
        let small = bare.to_lowercase();
        let singular = small.strip_suffix('s').unwrap_or(&small);
        let is_scale = |word: &str| number_words::scale(word).is_some();
        if plain.is_empty() && matches!(small.as_str(), "in" | "value" | "values" | "number" | "unit" | "units" | "unit:") {
            continue;
        }
        if small == "of" && plain.last().is_none_or(|last| is_scale(last)) {
            continue;
        }
        plain.push(match singular {
            "000" => "thousand".to_string(),
            word if is_scale(word) => word.to_string(),
            _ => bare.to_string(),
        });
    }
    plain
}

/// The unit and the scale that words are; in brackets, more may follow a comma.
fn measure(reader: &Reader<'_, '_>, words: &str, is_bracket: bool) -> Option<Heading> {
    let words = if is_bracket { words.split([',', ';']).next()? } else { words };
    let plain = plain(words);
    let most = WORDS_BEFORE_MAX.min(plain.len());
    (0..=most).filter(|at| *at < plain.len() || *at > 0).find_map(|at| {
        let (before, after) = plain.split_at(at);
        let glue = if before.last().is_some_and(|last| last.ends_with(['$', '€', '£', '¥'])) { "" } else { " " };
        let line = format!("{}{glue}{FIGURE} {}", before.join(" "), after.join(" "));
        let (text, mention) = figure(reader, line.trim())?;
        let reach = [mention.noun.as_ref(), mention.denominator.as_ref()].into_iter().flatten().map(|tokens| tokens.end);
        let end = reach.fold(mention.tokens.end, usize::max);
        let heading = heading_of(reader, &mention)?;
        let is_share = heading.unit.as_ref().is_some_and(|(_, sort)| *sort == Sort::Share);
        let is_count = heading.unit.as_ref().is_some_and(|(_, sort)| *sort == Sort::Count);
        let is_whole = mention.tokens.start == 0 && (end >= text.tokens.len() || is_share);
        let tells = heading.unit.is_some() && (!is_count || heading.scale > 0 || is_bracket) || heading.scale > 0;
        (is_whole && tells).then_some(heading)
    })
}

/// A heading that names what is counted: "Refugees", "Persons killed".
fn counted(reader: &Reader<'_, '_>, words: &str) -> Option<Heading> {
    let plain = plain(words);
    if plain.iter().any(|word| NOUNS_OF_HEADCOUNTS.contains(word.to_lowercase().as_str())) {
        return Some(Heading { unit: Some(("person".to_string(), Sort::Count)), per: None, scale: 0 });
    }
    let (_, mention) = figure(reader, &format!("{FIGURE} {}", plain.join(" ").to_lowercase()))?;
    let heading = heading_of(reader, &mention)?;
    let (unit, sort) = heading.unit.as_ref()?;
    let is_known = |word: &String| is_counted(&word.to_lowercase());
    let is_told = *sort == Sort::Count && (nouns::is_people(unit) || unit == "person" || plain.iter().any(is_known));
    is_told.then_some(heading)
}

/// The one figure of a short line.
fn figure<'l>(reader: &Reader<'_, '_>, line: &'l str) -> Option<(Text<'l>, Mention)> {
    let text = Text::new(line);
    let mentions = super::find(&text, &mut Uses::new(&text), reader.known);
    let only = mentions.into_iter().next()?;
    Some((text, only))
}

fn heading_of(reader: &Reader<'_, '_>, mention: &Mention) -> Option<Heading> {
    if mention.comparator != Comparator::Eq || mention.value2.is_some() {
        return None;
    }
    let value = mention.value.to_string();
    let zeros = value.strip_prefix(FIGURE).filter(|zeros| zeros.bytes().all(|digit| digit == b'0'))?;
    let unit = mention.unit.clone().map(|unit| {
        let sort = match reader.known.unit(&unit).map(|unit| unit.dimension.as_str()) {
            Some("currency") => Sort::Money,
            Some("count") | None => Sort::Count,
            Some(_) => sort_of(&unit),
        };
        (unit, sort)
    });
    Some(Heading { unit, per: mention.per.clone(), scale: i32::try_from(zeros.len()).ok()? })
}

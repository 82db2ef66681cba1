//! One entry of a list of works: who, what, where, when.

use std::ops::Range;

use jiff::civil::Date;

use super::address::address_at;
use super::author::{self, Authors};
use super::date::{self, Printed};
use super::name::{is_initial, is_name, printed};
use crate::extraction::candidate::Work;
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::WordClass;

/// Short forms in entries, after which a stop ends nothing.
static ABBREVIATIONS_OF_BIBLIOGRAPHIES: WordClass = WordClass::named("abbreviations of bibliographies");

/// Longest entry that is read, in tokens; what follows belongs to it but is not looked at.
pub const TOKENS_MAX: usize = 400;
/// Longest list of authors, in tokens.
const AUTHORS_MAX: usize = 80;

/// A work with what is needed to find it again.
#[derive(Debug, Clone)]
pub struct Entry {
    /// As it will be shown; its key may still change to how the text cites it.
    pub work: Work,
    /// Who wrote it.
    pub authors: Authors,
    /// The year it is listed under.
    pub year: Option<i16>,
    /// The letter after the year.
    pub letter: Option<char>,
    /// Whether its key is how the text cites it.
    pub named_as_cited: bool,
}

/// What stands at the end of an entry and is neither author nor title.
struct Tail {
    url: Option<Range<usize>>,
    accessed: Option<Date>,
    /// Where it begins.
    start: usize,
}

/// Where authors and title stand.
struct Layout {
    authors: Range<usize>,
    title: Range<usize>,
    /// The date that stands between authors and title.
    early: Option<Printed>,
}

/// Reads an entry; `before` are the authors that a dash stands for.
pub fn read(text: &Text<'_>, tokens: Range<usize>, before: Option<&Authors>) -> Entry {
    let read = tokens.start..tokens.end.min(tokens.start + TOKENS_MAX);
    let tail = tail(text, &read);
    let body = read.start..tail.start;
    let dashes = body.clone().take_while(|index| matches!(text.word(*index), "—" | "–" | "-" | "_" | "―")).count();
    let (again, body) = if dashes > 0 { (before, skip_marks(text, body.start + dashes, body.end)..body.end) } else { (None, body) };
    let layout = layout(text, &body, again.is_some());
    let mut authors = author::read(text, layout.authors.clone(), given_first(text, &layout.authors));
    if let (Some(again), true) = (again, authors.list.is_empty()) {
        authors = again.clone();
    }
    let late = published(text, layout.title.end..tail.start);
    let published = match (&layout.early, late) {
        (Some(early), Some(late)) if late.year == early.year && late.precision() > early.precision() => late.period(),
        (Some(early), _) => early.period(),
        (None, late) => late.and_then(|date| date.period()),
    };
    let dated = layout.early.clone().or_else(|| self::published(text, layout.title.end..tail.start));
    let title = Some(title_of(text, &layout.title)).filter(|title| !title.is_empty());
    let year = dated.as_ref().and_then(|date| date.year);
    let letter = dated.and_then(|date| date.letter);
    let url = tail.url.map(|url| text.slice(url));
    let work = Work {
        place: text.bytes(tokens),
        key: key(authors.short().as_deref(), title.as_deref().or(url), year, letter),
        authors: authors.list.iter().map(|author| author.name.clone()).collect(),
        title,
        container: container(text, layout.title.end..tail.start),
        published,
        accessed: tail.accessed,
        url: url.map(str::to_owned),
    };
    Entry { work, authors, year, letter, named_as_cited: false }
}

/// Whether names stand as in a note, given names first: a comma ends them, and no stop.
fn given_first(text: &Text<'_>, authors: &Range<usize>) -> bool {
    text.is_mark(authors.end, ',') || authors.end > authors.start && text.is_mark(authors.end - 1, ',')
}

/// Author and year; the title where nobody is named.
pub fn key(authors: Option<&str>, title: Option<&str>, year: Option<i16>, letter: Option<char>) -> String {
    match (authors, year) {
        (Some(authors), Some(year)) => format!("{authors} {year}{}", letter.map(String::from).unwrap_or_default()),
        (Some(authors), None) => authors.to_owned(),
        (None, _) => title.unwrap_or_default().to_owned(),
    }
}

fn tail(text: &Text<'_>, tokens: &Range<usize>) -> Tail {
    let mut tail = Tail { url: None, accessed: None, start: tokens.end };
    for index in tokens.clone() {
        if tail.url.is_none()
            && let Some(url) = address_at(text, index)
        {
            tail.start = tail.start.min(index);
            tail.url = Some(url);
        }
        if tail.accessed.is_none() && says_accessed(text, index) {
            let found = (index + 1..index + 4).find_map(|at| date::date_at(text, at));
            if let Some(found) = found.filter(|found| found.tokens.end <= tokens.end) {
                tail.accessed = found.day();
                tail.start = tail.start.min(index);
            }
        }
        if text.small(index) == "available" && matches!(text.small(index + 1), "at" | "from" | "online") {
            tail.start = tail.start.min(index);
        }
    }
    tail
}

/// Whether the day on which a work was looked at follows: "Accessed", or "Web." in older lists.
fn says_accessed(text: &Text<'_>, index: usize) -> bool {
    let web = text.word(index) == "Web" && text.is_mark(index + 1, '.') && text.kind(index + 2) == Some(Kind::Digits);
    web || matches!(text.small(index), "accessed" | "retrieved" | "viewed" | "consulted")
}

/// Where authors and title stand; `again` if a dash stood for the authors.
fn layout(text: &Text<'_>, body: &Range<usize>, again: bool) -> Layout {
    let quote = (body.start..body.end).find_map(|index| quoted(text, index, body.end));
    let before_quote = quote.as_ref().map_or(body.end, |quote| quote.start);
    let early = date::date_at(text, body.start).filter(|_| again);
    if let Some(early) = early.or_else(|| early_date(text, body.start..before_quote.min(body.start + AUTHORS_MAX), body.end)) {
        let start = skip_marks(text, early.tokens.end, body.end);
        let title = quoted(text, start, body.end).unwrap_or_else(|| start..title_end(text, start, body.end));
        return Layout { authors: body.start..early.tokens.start, title, early: Some(early) };
    }
    if let Some(quote) = quote.filter(|quote| quote.start == body.start || is_name(text, body.start..quote.start)) {
        return Layout { authors: body.start..quote.start, title: quote, early: None };
    }
    let stop = sentence_end(text, body.start, body.end);
    let rest = skip_marks(text, stop, body.end);
    if rest < body.end && stop <= body.start + AUTHORS_MAX && is_name(text, body.start..stop) && !is_imprint(text, rest, body.end) {
        return Layout { authors: body.start..stop, title: rest..title_end(text, rest, body.end), early: None };
    }
    by_commas(text, body, stop)
}

/// "N. Baraka, Who Flies What, …", "Drone Harm Monitor, Half-Year Report, July 2024."; or a title alone.
fn by_commas(text: &Text<'_>, body: &Range<usize>, stop: usize) -> Layout {
    let comma_after = |from: usize| (from..stop).find(|index| text.is_mark(*index, ',') || text.is_mark(*index, '('));
    let mut end = comma_after(body.start);
    // "Smith, J., Title": initials after the comma belong to the name.
    while let Some(comma) = end.filter(|comma| is_initial(text, comma + 1) && text.is_mark(comma + 2, '.')) {
        end = comma_after(comma + 1);
    }
    match end {
        Some(comma) if is_name(text, body.start..comma) && date::date_at(text, comma + 1).is_none() => {
            let start = skip_marks(text, comma, body.end);
            let end = comma_after(start).unwrap_or(stop);
            Layout { authors: body.start..comma, title: start..end, early: None }
        }
        Some(comma) if stop + 1 >= body.end => Layout { authors: body.start..body.start, title: body.start..comma, early: None },
        _ => Layout { authors: body.start..body.start, title: body.start..stop, early: None },
    }
}

/// "London: Emona Books" after a first sentence makes that one a title.
fn is_imprint(text: &Text<'_>, start: usize, end: usize) -> bool {
    after_place(text, start, end).is_some_and(|publisher| sentence_end(text, publisher, end) + 1 >= end)
}

/// Where the publisher after a place begins: "London: ", "New York, NY: ".
fn after_place(text: &Text<'_>, start: usize, end: usize) -> Option<usize> {
    let colon = (start + 1..end.min(start + 7)).find(|index| text.is_mark(*index, ':'))?;
    let placed = (start..colon).all(|index| {
        text.is_capital(index) || matches!(text.word(index), "," | "-") || text.is_mark(index, '.') && is_initial(text, index - 1)
    });
    (placed && text.is_capital(colon + 1)).then_some(colon + 1)
}

/// The year that parts authors from title: "(2024)", ". 2024a.", ", 2020."
fn early_date(text: &Text<'_>, within: Range<usize>, end: usize) -> Option<Printed> {
    let (at, date) = within.clone().find_map(|index| Some((index, date::date_at(text, index)?)))?;
    let before = at.checked_sub(1).filter(|before| *before >= within.start)?;
    let bracketed = matches!(text.word(before), "(" | "[");
    let authors = within.start..before;
    // A bare year after a comma parts authors from title only where no other comma could.
    let lone = authors.clone().all(|index| !text.is_mark(index, ',')) || authors.clone().any(|index| is_initial(text, index));
    let parted = bracketed || text.is_mark(before, '.') || lone;
    let ends = matches!(text.word(date.tokens.end), ")" | "]" | "." | "," | ":");
    let follows = (date.tokens.end..end).filter(|index| text.kind(*index) == Some(Kind::Word)).take(2).count() == 2;
    let first_stop = sentence_end(text, within.start, at);
    let whole = first_stop >= before || bracketed && first_stop + 1 >= before;
    let locates = matches!(text.small(date.tokens.end + 1), "p" | "pp" | "page" | "pages" | "vol" | "no");
    (parted && ends && follows && whole && !locates && is_name(text, authors)).then_some(date)
}

/// Quoted words that begin at a token, the marks included.
pub fn quoted(text: &Text<'_>, index: usize, end: usize) -> Option<Range<usize>> {
    let close = match text.word(index) {
        "“" | "‟" => "”",
        "\"" if text.spaced(index) => "\"",
        "«" => "»",
        "„" => "“",
        "‘" if text.spaced(index) => "’",
        "'" if text.spaced(index) && !text.spaced(index + 1) => "'",
        _ => return None,
    };
    let closes = |at: &usize| {
        let word = text.word(*at);
        let single = matches!(close, "’" | "'");
        (word == close || close == "“" && word == "”")
            && (!single || text.spaced(at + 1) || matches!(text.word(at + 1), "," | "." | ";" | ")"))
    };
    (index + 1..end).find(closes).map(|at| index..at + 1)
}

fn title_of(text: &Text<'_>, tokens: &Range<usize>) -> String {
    let marks: &[char] = &['“', '”', '"', '«', '»', '„', '‟', '‘', '’', '\'', ' ', ',', '.', '*', '_'];
    let title = printed(text, tokens.clone());
    title.trim_start_matches(marks).trim_end_matches(marks).to_owned()
}

fn title_end(text: &Text<'_>, start: usize, end: usize) -> usize {
    let stop = sentence_end(text, start, end);
    // "Title, London: Publisher."
    let imprint = (start + 1..stop).find(|index| text.is_mark(*index, ',') && after_place(text, index + 1, stop).is_some());
    if let Some(comma) = imprint {
        return comma;
    }
    if stop < end {
        return stop;
    }
    // "Title, Publisher, City": one sentence.
    let bracket = |index: &usize| text.is_mark(*index, ',') || text.is_mark(*index, '(');
    (start + 1..end).find(bracket).unwrap_or(end)
}

/// Where the first sentence of an entry ends: the token of its stop, or the end.
fn sentence_end(text: &Text<'_>, start: usize, end: usize) -> usize {
    let mut inverted = false;
    for index in start..end {
        match text.word(index) {
            "," => inverted = true,
            "?" | "!" if text.spaced(index + 1) => return index + 1,
            "." if text.spaced(index + 1) && !shortens(text, start, index, inverted) => return index,
            _ => {}
        }
    }
    end
}

/// Whether a stop belongs to an initial or a short form.
fn shortens(text: &Text<'_>, start: usize, stop: usize, inverted: bool) -> bool {
    let Some(before) = stop.checked_sub(1).filter(|before| *before >= start) else { return true };
    if is_initial(text, before) {
        let next = stop + 1;
        let name_ends = inverted && text.is_capital(next) && !is_initial(text, next) && !text.is_mark(next + 1, ',');
        return !name_ends;
    }
    ABBREVIATIONS_OF_BIBLIOGRAPHIES.contains(text.small(before)) && !(text.small(before) == "al" && text.is_capital(stop + 1))
        || date::month(text.small(before)).is_some() && text.word(before).len() < 5
}

/// When a work was published, from what stands after its title: the most exact date; of bare years one in brackets, or the last.
fn published(text: &Text<'_>, tokens: Range<usize>) -> Option<Printed> {
    let mut best: Option<(u8, Printed)> = None;
    let mut index = tokens.start;
    while index < tokens.end {
        let Some(date) = date::date_at(text, index).filter(|date| date.year.is_some()) else {
            index += 1;
            continue;
        };
        let bracketed = index > 0 && text.is_mark(index - 1, '(');
        let worth = 2 * date.precision() + u8::from(bracketed);
        index = date.tokens.end;
        if best.as_ref().is_none_or(|(most, _)| worth >= *most) {
            best = Some((worth, date));
        }
    }
    best.map(|(_, date)| date)
}

/// Journal, site or publisher: the first words after the title.
fn container(text: &Text<'_>, tokens: Range<usize>) -> Option<String> {
    let mut start = skip_marks(text, tokens.start, tokens.end);
    // "2nd ed. "
    if text.kind(start) == Some(Kind::Digits) && text.small(start + 2) == "ed" {
        start = skip_marks(text, start + 3, tokens.end);
    }
    if text.word(start) == "In" || text.word(start) == "in" {
        start += 1;
    }
    let ends = |index: &usize| {
        matches!(text.word(*index), "," | "(" | "[" | ";" | "|")
            || text.kind(*index) == Some(Kind::Digits) && text.spaced(*index)
            || text.is_mark(*index, '.') && text.spaced(index + 1) && !is_short_word(text, index.wrapping_sub(1))
            || matches!(text.small(*index), "vol" | "no") && text.is_mark(index + 1, '.')
            || date::date_at(text, *index).is_some()
    };
    // "Ljubljana: Emona Books": the place says little.
    start = after_place(text, start, tokens.end).unwrap_or(start);
    let end = (start..tokens.end).find(ends).unwrap_or(tokens.end);
    Some(printed(text, start..end)).filter(|name| name.chars().any(char::is_alphabetic))
}

/// Words that journals shorten, and initials.
fn is_short_word(text: &Text<'_>, index: usize) -> bool {
    static ABBREVIATIONS_OF_JOURNALS: WordClass = WordClass::named("abbreviations of journals");
    is_initial(text, index) || ABBREVIATIONS_OF_JOURNALS.contains(text.small(index))
}

/// The next token that is no mark between parts of an entry.
fn skip_marks(text: &Text<'_>, mut index: usize, end: usize) -> usize {
    while index < end && matches!(text.word(index), "." | "," | ")" | "]" | ":" | ";" | "”" | "’" | "-" | "–" | "—" | "?" | "!") {
        index += 1;
    }
    index
}

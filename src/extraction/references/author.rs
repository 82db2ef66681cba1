//! The authors at the head of an entry: their names put right, whatever order they are printed in.

use std::ops::Range;

use super::name::{folded, is_initial, is_institutional, joins, printed};
use crate::extraction::text::{Kind, Text};

/// Somebody who wrote a work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Given names first; an institution in its usual order.
    pub name: String,
    /// What it is listed under, as printed: the surname, the institution, the first word of "Authority, Suez Canal".
    pub lead: String,
    /// Whether it is an institution.
    pub institution: bool,
}

/// The authors of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authors {
    /// In their order.
    pub list: Vec<Author>,
    /// Whether "et al." ends the list.
    pub others: bool,
    /// The short name printed in brackets after the name: "UNHCR".
    pub acronym: Option<String>,
}

impl Authors {
    /// How a reader would name them: "Hsu & Park", "Smith et al.".
    pub fn short(&self) -> Option<String> {
        match self.list.as_slice() {
            [] => None,
            [one] if !self.others => Some(one.lead.clone()),
            [one, two] if !self.others => Some(format!("{} & {}", one.lead, two.lead)),
            [one, ..] => Some(format!("{} et al.", one.lead)),
        }
    }
}

/// A stretch between commas or "and".
struct Part {
    tokens: Range<usize>,
    /// Whether "and", "&" or a semicolon stands before it.
    joined: bool,
}

/// Reads the authors that some tokens print; in notes given names come first, in lists a name in one piece is an institution's.
pub fn read(text: &Text<'_>, tokens: Range<usize>, given_first: bool) -> Authors {
    let acronym = bracketed(text, &tokens);
    let (tokens, others) = cut(text, tokens);
    if tokens.is_empty() {
        return Authors::default();
    }
    let parts = parts(text, tokens.clone());
    let list = match parts.as_slice() {
        [] => Vec::new(),
        [one] if !given_first && !one.tokens.clone().any(|index| is_initial(text, index)) && !is_glued(text, &one.tokens) => {
            vec![institution(text, tokens)]
        }
        [first, ..] if is_long_institution(text, first, &parts) => vec![institution(text, tokens)],
        _ => people(text, &parts),
    };
    Authors { list, others, acronym }
}

/// A short name in brackets.
fn bracketed(text: &Text<'_>, tokens: &Range<usize>) -> Option<String> {
    let open = tokens.clone().find(|index| matches!(text.word(*index), "(" | "["))?;
    let short = text.word(open + 1);
    let capitals = short.chars().filter(|c| c.is_uppercase()).count();
    (capitals > 1 && matches!(text.word(open + 2), ")" | "]")).then(|| short.to_owned())
}

/// Cuts what is no name: marks at both ends, "eds.", "et al.".
fn cut(text: &Text<'_>, tokens: Range<usize>) -> (Range<usize>, bool) {
    let Range { start, mut end } = tokens;
    let mut others = false;
    for index in start..end {
        let al = matches!(text.small(index), "et" | "and") && matches!(text.small(index + 1), "al" | "others" | "colleagues");
        others |= al;
        if al || text.is_mark(index, '(') || text.is_mark(index, '[') {
            end = index;
            break;
        }
    }
    while end > start && is_cut_off(text, end - 1) {
        end -= 1;
    }
    (start..end, others)
}

fn is_cut_off(text: &Text<'_>, last: usize) -> bool {
    match text.word(last) {
        "," | ":" | ";" | "-" | "–" | "—" | "“" | "\"" | "/" => true,
        // The stop of an initial stays.
        "." => last.checked_sub(1).is_none_or(|before| !is_initial(text, before) && !matches!(text.small(before), "jr" | "sr")),
        word => matches!(word, "ed" | "eds" | "Ed" | "Eds" | "editor" | "editors" | "and" | "&" | "trans" | "in" | "by"),
    }
}

fn parts(text: &Text<'_>, tokens: Range<usize>) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut start, mut joined) = (tokens.start, false);
    for index in tokens.clone().chain([tokens.end]) {
        let is_end = index == tokens.end;
        let is_joint = !is_end && matches!(text.small(index), "and" | "&" | ";" | "und" | "y");
        if !is_end && !is_joint && !text.is_mark(index, ',') {
            continue;
        }
        if index > start {
            parts.push(Part { tokens: start..index, joined });
            joined = false;
        }
        joined |= is_joint;
        start = index + 1;
    }
    parts
}

/// Whether all of it names one institution: several words before the first comma, one of them institutional, or no comma at all.
fn is_long_institution(text: &Text<'_>, first: &Part, parts: &[Part]) -> bool {
    let institutional = |part: &Part| part.tokens.clone().any(|index| is_institutional(text.small(index)));
    let has_initials = parts.iter().any(|part| is_initials(text, &part.tokens));
    if has_initials {
        return false;
    }
    if parts.iter().all(|part| part.joined || part.tokens.start == first.tokens.start) {
        return parts.iter().any(institutional) || is_of_name(text, &first.tokens);
    }
    let unit = parts.get(1).is_some_and(|part| institutional(part) && part.tokens.len() > 1);
    first.tokens.len() > 1
        && (institutional(first) && unit
            || institutional(first) && first.tokens.clone().any(|index| joins(text.small(index)))
            || is_of_name(text, &first.tokens))
}

/// "Council of …": a first word, then "of".
fn is_of_name(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    tokens.clone().skip(1).any(|index| matches!(text.small(index), "of" | "for" | "against"))
}

fn institution(text: &Text<'_>, tokens: Range<usize>) -> Author {
    let name = printed(text, tokens);
    Author { lead: name.clone(), name, institution: true }
}

/// "J.", "J. W.", "J.-P.", "JW": nothing but initials.
fn is_initials(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let mut words = tokens.clone().filter(|index| text.kind(*index) == Some(Kind::Word)).peekable();
    words.peek().is_some() && words.all(|index| is_initial(text, index) || matches!(text.small(index), "jr" | "sr"))
}

/// A surname with initials glued on without a comma: "Smith JK".
fn is_glued(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let Some(last) = tokens.end.checked_sub(1).filter(|last| *last > tokens.start) else { return false };
    let word = text.word(last);
    word.len() <= 3
        && word.chars().all(|c| c.is_ascii_uppercase())
        && tokens.clone().take(1).all(|index| text.word(index).len() > 2)
        && tokens.clone().any(|index| text.word(index).chars().any(char::is_lowercase))
}

fn people(text: &Text<'_>, parts: &[Part]) -> Vec<Author> {
    let mut people = Vec::new();
    let mut index = 0;
    while let Some(part) = parts.get(index) {
        let next = parts.get(index + 1).filter(|next| !next.joined);
        let natural =
            is_initial(text, part.tokens.start) && (text.is_mark(part.tokens.start + 1, '.') || text.spaced(part.tokens.start + 1));
        let inverted = !natural
            && !is_glued(text, &part.tokens)
            && next.is_some_and(|next| index == 0 || part.tokens.len() == 1 || is_initials(text, &next.tokens));
        match next {
            Some(next) if inverted => {
                people.push(turned(text, &part.tokens, &next.tokens));
                index += 1;
            }
            _ => people.push(natural_order(text, &part.tokens)),
        }
        index += 1;
        if let Some(suffix) = parts.get(index).filter(|suffix| matches!(text.small(suffix.tokens.start), "jr" | "sr" | "ii" | "iii")) {
            if let Some(last) = people.last_mut() {
                last.name = format!("{} {}", last.name, printed(text, suffix.tokens.clone()));
            }
            index += 1;
        }
    }
    people
}

/// "Hornung, Jeffrey W." and "Institute, Toda Peace".
fn turned(text: &Text<'_>, first: &Range<usize>, second: &Range<usize>) -> Author {
    let lead = printed(text, first.clone());
    let institution = first.len() == 1 && is_institutional(text.small(first.start)) && !second.clone().any(|index| is_initial(text, index));
    Author { name: format!("{} {lead}", printed(text, second.clone())), lead, institution }
}

/// "N. Baraka", "Emir Hadžić", "Drone Harm Monitor", "Reuters", "Smith JK".
fn natural_order(text: &Text<'_>, tokens: &Range<usize>) -> Author {
    let name = printed(text, tokens.clone());
    let last = tokens.end.saturating_sub(1);
    if is_glued(text, tokens) {
        let lead = printed(text, tokens.start..last);
        return Author { name: format!("{} {lead}", text.word(last)), lead, institution: false };
    }
    let words = name.split(' ').count();
    let initials = tokens.clone().any(|index| is_initial(text, index) && text.is_mark(index + 1, '.'));
    let institutional =
        tokens.clone().any(|index| is_institutional(text.small(index))) || is_of_name(text, tokens) || text.small(tokens.start) == "the";
    let acronym = tokens.clone().any(|index| text.word(index).len() > 1 && text.word(index).chars().all(char::is_uppercase));
    if words < 2 || !initials && (institutional || acronym || words > 3) {
        return Author { lead: name.clone(), name, institution: true };
    }
    Author { lead: surname(text, tokens), name, institution: false }
}

/// The last word of a name, with the small words before it: "van der Berg".
fn surname(text: &Text<'_>, tokens: &Range<usize>) -> String {
    let mut start = tokens.end.saturating_sub(1);
    while start > tokens.start + 1 {
        let before = start - 1;
        let particle = joins(text.small(before)) && !text.is_capital(before);
        if !text.spaced(start) && !text.is_mark(before, '.') || particle { start = before } else { break }
    }
    printed(text, start..tokens.end)
}

/// The names of an author by which it can be cited, as they are compared.
pub fn cited_as(author: &Author) -> [String; 2] {
    [folded(&author.lead), folded(&author.name)]
}

//! Numbers in digits with every style of separators: `1,234.5`, `1.234.567,8`, `1 234,5`, `12,34,567`, `1'234`, `.5`.

use std::ops::Range;

use crate::domain::decimal::Decimal;
use crate::extraction::text::{Kind, Text};

/// A number in digits.
#[derive(Debug, Clone, PartialEq)]
pub struct Digits {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Its value.
    pub value: Decimal,
    /// Whether its thousands are set apart.
    pub is_grouped: bool,
    /// Digits behind the point.
    pub decimals: usize,
}

/// Most groups of digits that are looked at; a longer row is no number.
const GROUPS_MAX: usize = 12;

impl Digits {
    /// Whether it is written like a year: four digits without separators.
    pub fn looks_like_year(&self, text: &Text<'_>) -> bool {
        self.tokens.len() == 1 && is_year(text.word(self.tokens.start))
    }
}

/// Whether digits can be a year of our era's last centuries.
pub fn is_year(digits: &str) -> bool {
    digits.len() == 4 && ("1400".."2200").contains(&digits)
}

/// The groups of digits of a number that begins at a token, with the separators between them.
struct Groups<'t> {
    digits: Vec<&'t str>,
    separators: Vec<char>,
    end: usize,
}

/// The number in digits that begins at a token.
pub fn at(text: &Text<'_>, start: usize) -> Option<Digits> {
    if text.is_mark(start, '.') {
        let fraction = text.word(start + 1);
        let follows = text.kind(start + 1) == Some(Kind::Digits) && !text.spaced(start + 1);
        let alone = start == 0 || text.spaced(start) || !matches!(text.kind(start - 1), Some(Kind::Digits | Kind::Word));
        if !follows || !alone || continues(text, start + 2) {
            return None;
        }
        let value = Decimal::parse(&format!("0.{fraction}")).ok()?;
        return Some(Digits { tokens: start..start + 2, value, is_grouped: false, decimals: fraction.len() });
    }
    let glued = groups(text, start, |separator| !text.spaced(separator) && !text.spaced(separator + 1))?;
    if glued.digits.len() > 1 {
        return read(&glued, start);
    }
    spaced(text, start).or_else(|| read(&glued, start))
}

/// Whether another point and digit follow without space.
fn continues(text: &Text<'_>, at: usize) -> bool {
    text.is_mark(at, '.') && !text.spaced(at) && text.kind(at + 1) == Some(Kind::Digits) && !text.spaced(at + 1)
}

fn groups<'t>(text: &Text<'t>, start: usize, joined: impl Fn(usize) -> bool) -> Option<Groups<'t>> {
    if text.kind(start) != Some(Kind::Digits) {
        return None;
    }
    let mut found = Groups { digits: vec![text.word(start)], separators: Vec::new(), end: start + 1 };
    while found.digits.len() <= GROUPS_MAX {
        let separator = match text.word(found.end) {
            "." => '.',
            "," => ',',
            "'" | "’" => '\'',
            _ => break,
        };
        if text.kind(found.end + 1) != Some(Kind::Digits) || !joined(found.end) {
            break;
        }
        found.separators.push(separator);
        found.digits.push(text.word(found.end + 1));
        found.end += 2;
    }
    Some(found)
}

fn read(groups: &Groups<'_>, start: usize) -> Option<Digits> {
    let (digits, separators) = (&groups.digits, &groups.separators);
    let make = |whole: &[&str], fraction: &str| {
        let whole = whole.concat();
        // A number does not begin with 0, unless that is all that stands before the point.
        if whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        let value = if fraction.is_empty() { Decimal::parse(&whole) } else { Decimal::parse(&format!("{whole}.{fraction}")) };
        let is_grouped = digits.len() > 1 + usize::from(!fraction.is_empty());
        Some(Digits { tokens: start..groups.end, value: value.ok()?, is_grouped, decimals: fraction.len() })
    };
    let (last, before) = digits.split_last()?;
    let Some((mark, marks)) = separators.split_last() else { return make(digits, "") };
    let uniform = marks.iter().all(|other| other == mark);
    match (marks.is_empty(), uniform) {
        (true, _) => match mark {
            '.' => make(before, last),
            ',' if last.len() != 3 || *before == ["0"] => make(before, last),
            _ => is_group_row(digits).then(|| make(digits, "")).flatten(),
        },
        (false, true) => (is_group_row(digits) || *mark == ',' && is_indian_row(digits)).then(|| make(digits, "")).flatten(),
        (false, false) => {
            let grouping = marks.first()?;
            let fits = *mark != '\'' && marks.iter().all(|other| other == grouping) && (is_group_row(before) || is_indian_row(before));
            fits.then(|| make(before, last)).flatten()
        }
    }
}

/// Whether all groups but the first have three digits.
fn is_group_row(groups: &[&str]) -> bool {
    groups.split_first().is_some_and(|(first, rest)| first.len() <= 3 && rest.iter().all(|group| group.len() == 3))
}

/// Whether the last group has three digits and those before it two: lakhs and crores.
fn is_indian_row(groups: &[&str]) -> bool {
    let Some((last, before)) = groups.split_last() else { return false };
    let Some((first, middle)) = before.split_first() else { return false };
    last.len() == 3 && first.len() <= 2 && !middle.is_empty() && middle.iter().all(|group| group.len() == 2)
}

/// A number whose thousands are set apart by single spaces: `32 000 000`, `1 234,5`.
fn spaced(text: &Text<'_>, start: usize) -> Option<Digits> {
    let first = text.word(start);
    if first.len() > 3 || first.starts_with('0') {
        return None;
    }
    let mut end = start + 1;
    let mut whole = first.to_string();
    while end - start <= GROUPS_MAX && is_spaced_group(text, end) {
        whole.push_str(text.word(end));
        end += 1;
    }
    if end == start + 1 {
        return None;
    }
    let (mut fraction, point) = ("", end);
    if matches!(text.word(point), "." | ",") && !text.spaced(point) && text.kind(point + 1) == Some(Kind::Digits) && !text.spaced(point + 1)
    {
        fraction = text.word(point + 1);
        end += 2;
    }
    let value = if fraction.is_empty() { Decimal::parse(&whole) } else { Decimal::parse(&format!("{whole}.{fraction}")) };
    Some(Digits { tokens: start..end, value: value.ok()?, is_grouped: true, decimals: fraction.len() })
}

/// Whether a token is three digits after exactly one space of the line.
fn is_spaced_group(text: &Text<'_>, at: usize) -> bool {
    let (Some(token), Some(before)) = (text.tokens.get(at), at.checked_sub(1).and_then(|before| text.tokens.get(before))) else {
        return false;
    };
    let gap = text.raw.get(before.end..token.start).unwrap_or_default();
    let follows = text.kind(at + 1) == Some(Kind::Word) && !text.spaced(at + 1) && text.word(at + 1).len() > 2;
    token.kind == Kind::Digits && token.end - token.start == 3 && gap.chars().count() == 1 && token.breaks == 0 && gap != "\t" && !follows
}

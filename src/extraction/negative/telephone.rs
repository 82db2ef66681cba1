//! Telephone numbers: of all countries by their shape, and of any shape after a word that says so.

use super::announcement::{announced, labelled};
use super::{Found, is_followed_by_count};
use crate::extraction::quantity::{digits, is_measured_by, is_unit, noun};
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::WordClass;

/// Digits before the letters of a vanity number: "1-800-FLOWERS", "0800 REVERSE".
static PREFIXES_OF_VANITY_NUMBERS: WordClass = WordClass::named("prefixes of vanity numbers");

/// Most groups of a telephone number.
const GROUPS_MAX: usize = 8;
/// Most tokens that are looked back over for another telephone number.
pub(super) const LOOK_BACK_MAX: usize = 60;
/// Digits with which a number is whole.
const WHOLE_DIGITS_MIN: usize = 8;

/// The groups of digits of a telephone number.
#[derive(Debug, Default)]
pub(super) struct Groups {
    pub(super) lengths: Vec<usize>,
    pub(super) start: usize,
    pub(super) end: usize,
    plus: bool,
    pub(super) bracket: bool,
    spaced: bool,
    hyphens: usize,
    marks: usize,
}

impl Groups {
    pub(super) fn digits(&self) -> usize {
        self.lengths.iter().sum()
    }

    /// Whether there are enough digits for a number of somebody's own.
    pub(super) fn is_whole(&self) -> bool {
        self.digits() >= WHOLE_DIGITS_MIN
    }

    /// Whether these are several groups, and no amount with its thousands set apart.
    pub(super) fn is_row(&self) -> bool {
        self.lengths.len() > 1 && self.digits() > 5 && !self.is_like_thousands()
    }

    /// Whether the groups could be those of one number with its thousands set apart by space.
    fn is_like_thousands(&self) -> bool {
        self.lengths.split_first().is_some_and(|(first, rest)| *first <= 3 && rest.iter().all(|length| *length == 3))
    }
}

pub(super) fn groups(text: &Text<'_>, at: usize) -> Groups {
    let mut found = Groups { lengths: vec![text.word(at).len()], start: at, end: at + 1, ..Groups::default() };
    if at > 0 && text.is_mark(at - 1, '(') && !text.spaced(at) {
        found.bracket = text.is_mark(at + 1, ')') && !digits::is_year(text.word(at));
        found.start = at - usize::from(found.bracket);
    }
    if found.start > 0 && text.is_mark(found.start - 1, '+') && !text.spaced(found.start) {
        found.plus = true;
        found.start -= 1;
    }
    while found.lengths.len() < GROUPS_MAX {
        let mut next = found.end;
        let mut marks = 0;
        // "011 2421708 / 077 3419926": a stroke apart parts two numbers, unless only the code of a town stands before it.
        if found.digits() >= WHOLE_DIGITS_MIN && text.is_mark(next, '/') && text.spaced(next) {
            break;
        }
        while marks < 3
            && matches!(text.word(next), "-" | "." | "/" | "(" | ")" | "–" | "‑")
            && (!text.spaced(next)
                || text.is_mark(next, '(')
                || matches!(text.word(next), "-" | "/")
                // "030 – 555 01 84"
                || text.is_mark(next, '–') && text.word(at).starts_with('0'))
        {
            found.bracket |= text.is_mark(next, ')');
            found.hyphens += usize::from(matches!(text.word(next), "-" | "‑" | "."));
            // "020 7946 0456 (24 hours)"
            if text.is_mark(next, '(') && text.kind(next + 1) == Some(Kind::Digits) && !text.is_mark(next + 2, ')') {
                return found;
            }
            next += 1;
            marks += 1;
        }
        let near = !super::is_cell(text, next);
        if text.kind(next) != Some(Kind::Digits) || !near || marks == 0 && !text.spaced(next) {
            break;
        }
        found.marks += marks;
        found.spaced |= text.spaced(next);
        found.lengths.push(text.word(next).len());
        found.end = next + 1;
    }
    found
}

/// Telephone numbers in all national forms, and rows of digits that are as long as one.
pub fn number(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let found = groups(text, at);
    let label = announced(text, uses, at, &found);
    if let Some(end) = vanity(text, at) {
        return Some((found.start..end, Use::Contact));
    }
    if found.lengths.len() == 1 && found.digits() < 7 && !label {
        return None;
    }
    if found.start > 0 && matches!(text.word(found.start - 1), "$" | "€" | "£" | "¥" | "₹") {
        return None;
    }
    let measured =
        is_unit(text, found.end) || text.is_mark(found.end, '%') || noun::counted(text, uses, found.end, found.end + 6).is_some();
    let zero = text.word(at).starts_with('0');
    let certain = found.plus || zero || label && found.digits() >= 5 && !found.is_like_thousands();
    if measured && !certain {
        return None;
    }
    (is_shaped(text, uses, at, &found, label, measured)).then_some((found.start..found.end, Use::Contact))
}

/// Whether digits have the shape of a telephone number, given what announces them.
fn is_shaped(text: &Text<'_>, uses: &Uses, at: usize, found: &Groups, label: bool, measured: bool) -> bool {
    let (digits, count) = (found.digits(), found.lengths.len());
    let zero = text.word(at).starts_with('0');
    let grouped = digits::at(text, at).is_some_and(|number| number.is_grouped && number.tokens.end >= found.end);
    let shape = found.lengths.as_slice();
    match shape {
        // "8848000" is a round figure rather than somebody's number.
        [only] => {
            label && *only >= 2 && !measured
                || *only >= 7 && !measured && !is_round(text.word(at))
                || zero && *only >= 9
                || found.plus && *only >= 8
        }
        _ if label && digits >= 4 && (!grouped || found.marks == 0) => true,
        _ if found.plus && digits >= 8 || found.bracket && (7..=15).contains(&digits) => true,
        _ if zero && text.word(at).len() > 1 && (8..=14).contains(&digits) && found.lengths.iter().all(|length| *length <= 8) => true,
        [3, 3 | 2, 4] | [1, 3, 3, 4] | [4, 4, 4, 4] | [4, 3, 3 | 4] => true,
        [2, 2, 2] | [3, 3] | [4, 2, 4] if !measured && is_of_companies(text, at) => true,
        _ if !measured && is_row_apart(text, uses, at, found) => true,
        [2 | 3, 4, 4] => found.hyphens > 0 || stands_after_place(text, at),
        [5, 5] | [2 | 3, 4] if stands_after_place(text, at) => true,
        [3 | 4, 4] => {
            found.hyphens == 1 && !found.spaced && !is_measured_by(text, uses, found.end) && !is_years(text, at)
                || stands_after_place(text, at)
        }
        [_, _, _, ..] => {
            found.hyphens + 1 >= count && !found.spaced && (7..=17).contains(&digits) && !grouped && !is_date(text, at, shape)
                || (7..=14).contains(&digits) && !found.is_like_thousands() && stands_after_place(text, at)
        }
        _ => false,
    }
}

/// Groups with single spaces that no amount is written in: "33 92 41 07", "4496 1207"; and, after another number of a telephone, groups that
/// an amount could have: "(030) 123456; Tunis 71 847 412".
fn is_row_apart(text: &Text<'_>, uses: &Uses, at: usize, found: &Groups) -> bool {
    let gaps =
        (at + 1..found.end).all(|at| !text.spaced(at) || text.tokens.get(at).is_some_and(|token| token.breaks == 0 && is_near(text, at)));
    let years = (at..found.end).filter(|at| digits::is_year(text.word(*at))).count();
    let (lengths, count) = (found.lengths.as_slice(), found.digits());
    if !gaps || found.marks > 0 || years > 0 {
        return false;
    }
    if found.is_like_thousands() {
        let block = text.blocks.get(text.block_of(at)).map_or(0, |block| block.tokens.start);
        let after = (block.max(at.saturating_sub(LOOK_BACK_MAX))..at).any(|at| uses.of(at) == Use::Contact);
        let least = if matches!(text.small(at.wrapping_sub(1)), "on" | "at" | "ring" | "call" | "is") { 6 } else { 7 };
        return after && (least..=10).contains(&count) && !is_round(text.word(found.end - 1)) && !text.is_mark(found.end, '%');
    }
    match lengths {
        [3..=5, 4 | 5] | [2..=5, 6..=8] | [6, 4] => true,
        // "0 20 79 46 09 58"
        [1, rest @ ..] if text.word(at) == "0" => (8..=14).contains(&count) && rest.len() > 1 || rest == [5, 5],
        // "18001 0800 555 0100"
        [_, 3 | 4, _, ..] if text.word(at + 1).starts_with('0') => (9..=17).contains(&count),
        [_, _, _, ..] => (8..=14).contains(&count) && lengths.iter().all(|length| (2..=4).contains(length)),
        _ => false,
    }
}

/// "13 20 11", "132 500", "1300 22 4636": the numbers of companies in Australia, after a name, a mark, or what one calls on.
fn is_of_companies(text: &Text<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    let led = text.is_capital(before) || text.is_mark(before, ':') || matches!(text.small(before), "on" | "or" | "call" | "ring" | "phone");
    match text.word(at) {
        "13" | "1300" | "1800" | "1900" => led && is_near(text, at + 1) && is_near(text, at + 2),
        // "SES on 132 500"
        first => first.starts_with("13") && matches!(text.small(before), "on" | "call" | "ring" | "phone") && is_near(text, at + 1),
    }
}

/// Whether one space, of whatever kind, stands before a token.
fn is_near(text: &Text<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.tokens.get(before));
    let gap = before.zip(text.tokens.get(at)).and_then(|(before, token)| text.raw.get(before.end..token.start));
    gap.is_some_and(|gap| gap.chars().count() == 1)
}

/// Whether digits end in zeros, and are few before them: "8848000", but not "13800138000".
fn is_round(digits: &str) -> bool {
    digits.ends_with("000") && !digits.starts_with('0') && digits.trim_end_matches('0').len() < 7
}

/// "Hong Kong: 2123 4567": a name and a colon before the digits, or nothing at all.
fn stands_after_place(text: &Text<'_>, at: usize) -> bool {
    at == 0 || at > 1 && text.is_mark(at - 1, ':') && text.kind(at - 2) == Some(Kind::Word) || is_whole(text, at)
}

/// "Riga 6712 3456": a place and the digits are the whole text.
fn is_whole(text: &Text<'_>, at: usize) -> bool {
    // The place is looked at first: a text of digits alone would be gone through again for each of them.
    let place = at < 4 && (0..at).all(|at| text.is_capital(at)) && !text.is_mark(at + 1, ',');
    place && (at..text.tokens.len()).all(|at| text.kind(at) != Some(Kind::Word))
}

/// "2019-2021".
fn is_years(text: &Text<'_>, at: usize) -> bool {
    digits::is_year(text.word(at)) && digits::is_year(text.word(at + 2))
}

fn is_date(text: &Text<'_>, at: usize, shape: &[usize]) -> bool {
    matches!(shape, [4, 1 | 2, 1 | 2] | [1 | 2, 1 | 2, 4]) && (digits::is_year(text.word(at)) || digits::is_year(text.word(at + 4)))
}

/// The end of "1-800-FLOWERS", "1-800-GO-FEDEX", "0800 REVERSE".
fn vanity(text: &Text<'_>, at: usize) -> Option<usize> {
    let glued = |at: usize| text.is_mark(at, '-') && !text.spaced(at) && !text.spaced(at + 1);
    let mut prefix = at;
    if text.word(at) == "1" && (glued(at + 1) || text.spaced(at + 1) && text.kind(at + 1) == Some(Kind::Digits)) {
        prefix = at + 1 + usize::from(glued(at + 1));
    }
    if !PREFIXES_OF_VANITY_NUMBERS.contains(text.word(prefix)) {
        return None;
    }
    let mut end = prefix + 1;
    let (mut letters, mut next) = (0, end + usize::from(glued(end)));
    let apart = next == end;
    if apart && text.word(prefix).len() < 4 && prefix == at {
        return None;
    }
    while matches!(text.kind(next), Some(Kind::Digits)) && glued(next - 1)
        || !text.word(next).is_empty() && text.word(next).bytes().all(|byte| byte.is_ascii_uppercase())
    {
        letters += if text.kind(next) == Some(Kind::Word) { text.word(next).len() } else { 0 };
        end = next + 1;
        if !glued(end) {
            break;
        }
        next = end + 1;
    }
    let spelled = text.is_mark(end, '(') && text.kind(end + 1) == Some(Kind::Digits) && text.is_mark(end + 2, ')');
    (letters > 2).then_some(if spelled { end + 3 } else { end })
}

/// "1800 160 401" after "call", though 1800 alone would be a year, or a name's number.
pub fn like_year(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let found = groups(text, at);
    let row = found.lengths.len() > 2 && found.start == at && found.digits() > 7 && !is_date(text, at, &found.lengths);
    let prefixed = PREFIXES_OF_VANITY_NUMBERS.contains(text.word(at));
    let shaped = matches!(found.lengths.as_slice(), [4, 3, 3]) || prefixed && matches!(found.lengths.as_slice(), [4, 2, 4]);
    let told =
        if uses.of(at) == Use::Time { prefixed && shaped || labelled(text, &found) } else { shaped || announced(text, uses, at, &found) };
    (row && told && !is_followed_by_count(text, uses, found.end)).then_some((at..found.end, Use::Contact))
}

//! Numbers that measure something: value, unit, bound, rate.
//!
//! A number is found where its first word stands, and grows from there:
//!
//! - `digits`, `number_words`, `shares`, `scale`: the kinds of figures, and what multiplies them; `number` puts them together;
//! - `money`, `unit`: currencies and units right at the number; `measure` is a number with these, in one place;
//! - `scientific`: powers of ten, "1.5 × 10^6";
//! - `range`: two numbers that are one quantity, or one that became the other;
//! - `complete`: the counted `noun`, the `bound`, the `rate`, what a share is a share of; the result is a `draft`; `single` looks twice at "one" and
//!   at bare figures;
//! - `cell`: the unit and scale that a table gives its numbers;
//! - `elision`: what numbers without a unit share with their neighbours;
//! - `lists`: word lists, which stand in `extraction/words`.

mod bound;
mod cell;
mod complete;
pub(super) mod digits;
mod draft;
mod elision;
pub(super) mod lists;
mod measure;
mod money;
pub(super) mod noun;
mod number;
pub(super) mod number_words;
mod range;
mod rate;
mod scale;
pub(super) mod scientific;
pub(super) mod shares;
mod single;
mod unit;

use std::ops::Range;

use super::knowledge::Knowledge;
use super::text::Text;
use super::uses::{Use, Uses};
use crate::domain::decimal::Decimal;
use crate::domain::quantity::Comparator;
use crate::extraction::word_class::UNITS_OF_MEASURE;

/// A quantity in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Number, scale and unit: what is quoted.
    pub tokens: Range<usize>,
    /// The number with its scale, without unit.
    pub number: Range<usize>,
    /// The words of the bound, before or after the number.
    pub bound: Option<Range<usize>>,
    /// The value; of a range, or of vague words, the lower end.
    pub value: Decimal,
    /// Upper end.
    pub value2: Option<Decimal>,
    /// How the number relates to the quantity.
    pub comparator: Comparator,
    /// ISO 4217 code, slug of a unit, or the counted noun in the singular.
    pub unit: Option<String>,
    /// The tokens of unit or counted noun, with its adjectives; elsewhere in the sentence when it was elided here.
    pub noun: Option<Range<usize>>,
    /// An ISO 8601 duration, or a noun in the singular.
    pub per: Option<String>,
    /// What a share is a share of.
    pub denominator: Option<Range<usize>>,
    /// Whether it is a length of time or an age.
    pub is_duration: bool,
    /// Whether the unit was taken from a neighbour.
    pub is_elided: bool,
    /// Rules that made it, `field:rule`.
    pub rules: Vec<&'static str>,
}

/// What is read, what is known of it, and what has been taken.
#[derive(Debug, Clone, Copy)]
struct Reader<'r, 't> {
    text: &'r Text<'t>,
    uses: &'r Uses,
    known: &'r Knowledge,
}

/// Whether a token right after a number makes it a measure or a count: a unit, a scale, or a counted noun.
pub(super) fn is_measured_by(text: &Text<'_>, uses: &Uses, at: usize) -> bool {
    is_unit(text, at) || noun::counted(text, uses, at, at + 8).is_some() || noun::victims(text, at, at + 4).is_some()
}

/// Whether a unit, a currency or a scale begins at a token.
pub(super) fn is_unit(text: &Text<'_>, at: usize) -> bool {
    let word = text.small(at);
    let symbol = lists::longest(text, at, 3, false, |written| lists::SYMBOLS.get(written));
    let runs_on = |end: usize| text.kind(end) == Some(super::text::Kind::Word) && !text.spaced(end);
    symbol.is_some_and(|(symbol, end)| (!symbol.glued || !text.spaced(at)) && !runs_on(end))
        || number_words::scale(word).is_some()
        || rate::duration(word).is_some_and(|_| word.len() > 2)
        || UNITS_OF_MEASURE.contains(word)
        || ["hundred", "bn", "mn", "mln", "bln", "tn", "trn", "dozen", "k", "b"].contains(&word)
        || lists::CURRENCY_SIGNS.contains_key(word) && text.kind(at) == Some(super::text::Kind::Mark)
        || lists::CURRENCY_NAMES.contains_key(noun::singular(word).as_deref().unwrap_or(word))
            && !matches!(word, "won" | "mark" | "real" | "sol")
}

/// Finds quantities, and marks their tokens.
pub fn find(text: &Text<'_>, uses: &mut Uses, known: &Knowledge) -> Vec<Mention> {
    let mut drafts = Vec::new();
    let reader = Reader { text, uses, known };
    let mut at = 0;
    while at < text.tokens.len() {
        let open = matches!(uses.of(at), Use::Free | Use::Time);
        let found = if open && number_words::may_begin(text, at) { complete::at(&reader, at) } else { Vec::new() };
        at = found.last().map_or(at + 1, |last| last.mention.tokens.end.max(at + 1));
        drafts.extend(found);
    }
    drafts.retain(|draft| draft.form != number::Form::Vague || !text.tables.is_heading(draft.mention.tokens.start));
    cell::settle(&reader, &mut drafts);
    elision::resolve(text, &mut drafts);
    let mentions: Vec<Mention> = drafts.into_iter().map(draft::Draft::finish).collect();
    for at in mentions.iter().flat_map(|mention| mention.tokens.clone()) {
        // "two weeks" in "two weeks ago" stays part of a time.
        if uses.is_free(at) {
            uses.take(at..at + 1, Use::Quantity);
        }
    }
    mentions
}

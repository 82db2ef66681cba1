//! "A and B have pledged 22 and 15 million euros respectively": names and figures in two rows of the same length pair up in their order.

use std::ops::Range;

use crate::extraction::claim::lexicon::Word;
use crate::extraction::claim::scene::{Guest, Scene};

/// The rows of a sentence that ends on "respectively".
#[derive(Debug, Default)]
pub struct Rows {
    /// The figures, as indices into those of the sentence, in order.
    figures: Range<usize>,
    /// Index of the first name among the guests; the others follow it.
    names: usize,
}

impl Rows {
    /// Finds both rows; `figures` are the tokens of all figures of the sentence with their bounds and units.
    pub fn find(scene: &Scene<'_, '_>, figures: &[Range<usize>]) -> Self {
        let word = scene.piece.tokens.clone().rev().find(|token| scene.text.small(*token) == "respectively");
        word.and_then(|word| Self::before(scene, figures, word).or_else(|| Self::behind(scene, figures, word))).unwrap_or_default()
    }

    /// The row of figures that ends nearest before the word: "4, 5 and 6 tonnes respectively".
    fn before(scene: &Scene<'_, '_>, figures: &[Range<usize>], word: usize) -> Option<Self> {
        let last = figures.iter().rposition(|figure| figure.end <= word)?;
        let mut first = last;
        while first > 0 && is_joint(scene, figures.get(first - 1)?.end, figures.get(first)?.start) {
            first -= 1;
        }
        Self::with_names(scene, figures, first..last + 1)
    }

    /// The row that begins behind it: "respectively 4, 5 and 6 tonnes".
    fn behind(scene: &Scene<'_, '_>, figures: &[Range<usize>], word: usize) -> Option<Self> {
        let first = figures.iter().position(|figure| figure.start > word)?;
        let mut last = first;
        while last + 1 < figures.len() && is_joint(scene, figures.get(last)?.end, figures.get(last + 1)?.start) {
            last += 1;
        }
        Self::with_names(scene, figures, first..last + 1)
    }

    /// The last row of as many names before these figures, else the first one behind them.
    fn with_names(scene: &Scene<'_, '_>, figures: &[Range<usize>], row: Range<usize>) -> Option<Self> {
        let count = row.len();
        let (start, end) = (figures.get(row.start)?.start, figures.get(row.end - 1)?.end);
        let is_row = |from: &usize| {
            let names = scene.guests.get(*from..*from + count).unwrap_or_default();
            count > 1
                && names.len() == count
                && names.iter().all(|name| !name.is_pronoun)
                && names.windows(2).all(|two| matches!(two, [one, next] if is_joint(scene, end_of(scene, one), next.tokens.start)))
        };
        let last_token = |from: &usize| scene.guests.get(from + count - 1).map_or(0, |name| name.tokens.end);
        let all = 0..scene.guests.len();
        let names = all
            .clone()
            .rev()
            .filter(is_row)
            .find(|from| last_token(from) <= start)
            .or_else(|| all.filter(is_row).find(|from| scene.guests.get(*from).is_some_and(|name| name.tokens.start >= end)))?;
        Some(Self { figures: row, names })
    }

    /// The sentence as one figure sees it: of the names in the row its own alone takes part, in the place and role of the first.
    pub fn seen_by<'s, 't>(&self, scene: &Scene<'s, 't>, figure: usize) -> Option<Scene<'s, 't>> {
        let nth = self.figures.contains(&figure).then(|| figure - self.figures.start)?;
        let row = self.names..self.names + self.figures.len();
        let names = scene.guests.get(row.clone())?;
        let (leads, own) = (names.first()?, names.get(nth)?);
        let mut seen = scene.clone();
        seen.guests.splice(
            row,
            [Guest {
                sort: own.sort,
                party: own.party.clone(),
                shape: own.shape,
                // "Poland and Latvia's deficits", "French and German exports": what the last one stands before, all of them do.
                possessive: names.iter().any(|name| name.possessive),
                attributive: names.iter().any(|name| name.attributive),
                ..leads.clone()
            }],
        );
        Some(seen)
    }
}

/// Where a name ends, its possessive mark included.
fn end_of(scene: &Scene<'_, '_>, name: &Guest) -> usize {
    let end = name.tokens.end;
    if name.possessive { end + 1 + usize::from(scene.text.small(end + 1) == "s") } else { end }
}

/// Whether nothing but a comma, "and", an article or a bound stands between two members of a row.
fn is_joint(scene: &Scene<'_, '_>, end: usize, start: usize) -> bool {
    let joins = |token: usize| scene.piece.word(token) == Word::And || scene.text.is_mark(token, ',');
    end < start
        && start <= end + 5
        && (end..start).any(joins)
        && (end..start).all(|token| {
            joins(token)
                || matches!(scene.piece.word(token), Word::Determiner | Word::Preposition | Word::Adverb | Word::To)
                || matches!(scene.text.small(token), "some" | "nearly" | "almost" | "roughly" | "approximately")
        })
}

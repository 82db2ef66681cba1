//! Rows of names and of figures that pair up: "A and B have pledged 22 and 15 million euros respectively", "to A (22) and B (15)".

use std::ops::Range;

use crate::extraction::claim::lexicon::Word;
use crate::extraction::claim::scene::{Guest, Scene};

/// A figure of a sentence, as far as rows are concerned.
#[derive(Debug)]
pub struct Member<'m> {
    /// Its tokens with its bound and with the unit or noun right behind it.
    pub tokens: Range<usize>,
    /// Its unit.
    pub unit: Option<&'m str>,
}

/// The rows of a sentence: which name belongs to which figure.
#[derive(Debug, Default)]
pub struct Rows {
    /// Indices of figure and name, in order.
    pairs: Vec<(usize, usize)>,
}

impl Rows {
    /// Finds them.
    pub fn find(scene: &Scene<'_, '_>, figures: &[Member<'_>]) -> Self {
        let bracketed = Self::in_brackets(scene, figures);
        if !bracketed.pairs.is_empty() {
            return bracketed;
        }
        let word = scene.piece.tokens.clone().rev().find(|token| scene.text.small(*token) == "respectively");
        let told = |word: usize| Self::before(scene, figures, word).or_else(|| Self::behind(scene, figures, word));
        word.map_or_else(|| Self::untold(scene, figures), told).unwrap_or_default()
    }

    /// "Most come from Somalia (430,000) and South Sudan (180,000)": each name has its figure in brackets right behind it.
    fn in_brackets(scene: &Scene<'_, '_>, figures: &[Member<'_>]) -> Self {
        let own = |start: usize| {
            let bracket = start.checked_sub(1).filter(|token| scene.text.is_mark(*token, '('))?;
            scene.guests.iter().position(|guest| guest.tokens.end == bracket && !guest.is_outside && !guest.is_pronoun)
        };
        let pairs = figures.iter().enumerate().filter_map(|(figure, member)| Some((figure, own(member.tokens.start)?)));
        Self { pairs: pairs.collect() }
    }

    /// The row of figures that ends nearest before the word: "4, 5 and 6 tonnes respectively".
    fn before(scene: &Scene<'_, '_>, figures: &[Member<'_>], word: usize) -> Option<Self> {
        let last = figures.iter().rposition(|figure| figure.tokens.end <= word)?;
        Self::with_names(scene, figures, row_until(scene, figures, last))
    }

    /// The row that begins behind it: "respectively 4, 5 and 6 tonnes".
    fn behind(scene: &Scene<'_, '_>, figures: &[Member<'_>], word: usize) -> Option<Self> {
        let first = figures.iter().position(|figure| figure.tokens.start > word)?;
        let goes_on = |at: &usize| is_joint(scene, end(figures, at - 1), start(figures, *at));
        let end = (first + 1..figures.len()).take_while(goes_on).last().unwrap_or(first) + 1;
        Self::with_names(scene, figures, first..end)
    }

    /// "Kuwait and Qatar pledged $40 million and $60 million": rows of the same length, whose figures measure the same.
    fn untold(scene: &Scene<'_, '_>, figures: &[Member<'_>]) -> Option<Self> {
        let row = row_until(scene, figures, figures.len().checked_sub(1)?);
        let members = figures.get(row.clone())?;
        let is_same = members.windows(2).all(|two| matches!(two, [one, next] if one.unit.is_some() && one.unit == next.unit));
        let rows = is_same.then(|| Self::with_names(scene, figures, row.clone())).flatten()?;
        // Nobody else stands in the row of names, and the verb is between both rows.
        let (first, last) = (rows.pairs.first()?.1, rows.pairs.last()?.1);
        let longer = first > 0 && is_row(scene, first - 1..first + 1) || is_row(scene, last..last + 2);
        let names_end = scene.guests.get(last)?.tokens.end;
        let clause = scene.piece.clauses.get(scene.piece.clause_of(start(figures, row.start)))?;
        let is_between = clause.group.as_ref().is_some_and(|group| group.tokens.start >= names_end);
        (!longer && is_between && clause.tokens.contains(&names_end)).then_some(rows)
    }

    /// The last row of as many names before these figures, else the first one behind them.
    fn with_names(scene: &Scene<'_, '_>, figures: &[Member<'_>], row: Range<usize>) -> Option<Self> {
        let count = row.len();
        if count < 2 {
            return None;
        }
        let (from, until) = (start(figures, row.start), end(figures, row.end - 1));
        let all = 0..scene.guests.len();
        let is_before = |at: &usize| scene.guests.get(at + count - 1).is_some_and(|name| name.tokens.end <= from);
        let is_behind = |at: &usize| scene.guests.get(*at).is_some_and(|name| name.tokens.start >= until);
        let fits = |at: &usize| is_row(scene, *at..at + count);
        let names = all.clone().rev().filter(is_before).find(fits).or_else(|| all.filter(is_behind).find(fits))?;
        Some(Self { pairs: row.zip(names..).collect() })
    }

    /// The sentence as one figure sees it: of the names in the row its own alone takes part, in the place and role of the first.
    pub fn seen_by<'s, 't>(&self, scene: &Scene<'s, 't>, figure: usize) -> Option<Scene<'s, 't>> {
        let own = self.pairs.iter().find(|(of, _)| *of == figure).and_then(|(_, name)| scene.guests.get(*name))?;
        let leads = scene.guests.get(self.pairs.first()?.1)?;
        let others: Vec<&Guest> = self.pairs.iter().filter_map(|(_, name)| scene.guests.get(*name)).collect();
        let taken = Guest {
            sort: own.sort,
            party: own.party.clone(),
            shape: own.shape,
            // "Poland and Latvia's deficits", "French and German exports": what the last one stands before, all of them do.
            possessive: others.iter().any(|name| name.possessive),
            attributive: others.iter().any(|name| name.attributive),
            ..leads.clone()
        };
        let mut seen = scene.clone();
        seen.guests.retain(|guest| !others.contains(&guest));
        let at = seen.guests.partition_point(|guest| guest.tokens.start < taken.tokens.start);
        seen.guests.insert(at, taken);
        Some(seen)
    }
}

fn start(figures: &[Member<'_>], at: usize) -> usize {
    figures.get(at).map_or(0, |figure| figure.tokens.start)
}

fn end(figures: &[Member<'_>], at: usize) -> usize {
    figures.get(at).map_or(0, |figure| figure.tokens.end)
}

/// The row of figures that ends with one.
fn row_until(scene: &Scene<'_, '_>, figures: &[Member<'_>], last: usize) -> Range<usize> {
    let goes_on = |at: &usize| is_joint(scene, end(figures, at - 1), start(figures, *at));
    (1..=last).rev().take_while(goes_on).last().map_or(last, |second| second - 1)..last + 1
}

/// Whether names stand in one row.
fn is_row(scene: &Scene<'_, '_>, names: Range<usize>) -> bool {
    let is_pair = |two: &[Guest]| matches!(two, [one, next] if is_joint(scene, end_of(scene, one), next.tokens.start));
    scene.guests.get(names).is_some_and(|names| names.iter().all(|name| !name.is_pronoun) && names.windows(2).all(is_pair))
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

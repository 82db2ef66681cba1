//! What sort of number a quantity is: money, people, a price, a change.

use std::ops::Range;

use super::lexicon::{Class, Word};
use super::names::Shape;
use super::nouns;
use super::proposal::One;
use crate::extraction::candidate::Party;
use crate::extraction::word_class::{COMPARATIVES, NOUNS_OF_CHANGE};

impl One<'_, '_> {
    /// Number, unit and noun, as one stretch where they stand together.
    pub(super) fn whole(&self) -> Range<usize> {
        let tokens = &self.mention.tokens;
        let end = self
            .mention
            .noun
            .as_ref()
            .filter(|noun| noun.start >= tokens.start && noun.start <= tokens.end + 1)
            .map_or(tokens.end, |noun| noun.end.max(tokens.end));
        tokens.start..end
    }

    pub(super) fn own_noun(&self) -> Option<&Range<usize>> {
        self.mention.noun.as_ref().filter(|noun| self.piece().tokens.contains(&noun.start))
    }

    /// Where it begins, bound included.
    pub(super) fn start(&self) -> usize {
        let own = self.mention.tokens.start;
        self.mention.bound.as_ref().map_or(own, |bound| bound.start.min(own))
    }

    /// Whether things or people are counted.
    pub(super) fn is_count(&self) -> bool {
        self.dimension() == Some("count")
    }

    /// Whether it is so much money for so much of a thing.
    pub(super) fn is_price(&self) -> bool {
        self.dimension() == Some("currency") && self.mention.per.as_deref().is_some_and(|per| !per.starts_with('P'))
    }

    pub(super) fn dimension(&self) -> Option<&str> {
        self.dimension_of(self.mention.unit.as_deref())
    }

    pub(super) fn dimension_of(&self, unit: Option<&str>) -> Option<&str> {
        let unit = unit?;
        // "francs" of which nobody knows whose are money all the same.
        let unknown = || if nouns::is_money(unit) { "currency" } else { "count" };
        Some(self.reading.knowledge.unit(unit).map_or_else(unknown, |unit| unit.dimension.as_str()))
    }

    pub(super) fn can_have_stage(&self) -> bool {
        matches!(self.dimension(), Some("currency" | "count" | "mass" | "volume"))
            && !self.is_price()
            && (!self.is_people() || self.mention.unit.as_deref() == Some("fighter"))
    }

    pub(super) fn is_people(&self) -> bool {
        let noun = self.own_noun().map(|noun| self.reading.text.small(noun.end.saturating_sub(1)));
        self.mention
            .unit
            .as_deref()
            .is_some_and(|unit| unit == "person" || nouns::is_people(unit) || unit.starts_with(char::is_uppercase) && self.is_people_name())
            || noun.is_some_and(nouns::is_people)
    }

    /// "100,000 Armenians": the noun is a people's name.
    pub(super) fn is_people_name(&self) -> bool {
        let range = self.mention.tokens.start..self.whole().end;
        self.is_count() && self.sentence.scene.within(range).any(|(_, guest)| matches!(guest.shape, Shape::People | Shape::Adjective))
    }

    /// Whether it is a share, or a difference of shares.
    pub(super) fn is_ratio(&self) -> bool {
        matches!(self.dimension(), Some("ratio" | "ratio-difference"))
    }

    /// Whether it says by what share something rose or fell.
    pub(super) fn is_change(&self) -> bool {
        self.is_ratio() && (self.follows_change() || self.is_difference())
    }

    /// Whether it is what something came to: "rose to 400".
    pub(super) fn is_reached(&self) -> bool {
        let text = self.reading.text;
        let start = self.mention.tokens.start;
        // "are to fall 5%" reaches nothing.
        let leads =
            |token: usize| matches!(text.small(token), "to" | "at" | "from") && !matches!(self.piece().word(token + 1), Word::Verb(..));
        (start.saturating_sub(3)..start).any(leads)
    }

    /// Whether a verb of change stands right before it: "rose 5%", "cut 300 posts".
    fn follows_change(&self) -> bool {
        self.has_change() && !self.is_reached()
    }

    /// Whether a verb of change stands before it with no more than a word between: "rose 5%", "rose to 5%".
    pub(super) fn has_change(&self) -> bool {
        let start = self.mention.tokens.start;
        let clause = self.piece().clauses.get(self.piece().clause_of(start));
        let group = clause.and_then(|clause| clause.group.as_ref());
        let is_near = |tokens: &Range<usize>| tokens.end + 3 >= start && tokens.end <= start;
        group.is_some_and(|group| group.class == Class::Change && is_near(&group.tokens))
    }

    /// Whether it says how much more or less there is, whatever its unit: "grew by 400", "400 more", "a rise of 400", "down 400".
    pub(super) fn is_difference(&self) -> bool {
        let text = self.reading.text;
        if let Some(cell) = self.sentence.cell {
            return cell.is_change;
        }
        let start = self.start();
        let end = self.whole().end.max(self.mention.tokens.end);
        let behind = (end..end + 2).any(|token| {
            NOUNS_OF_CHANGE.contains(text.small(token))
                || COMPARATIVES.contains(text.small(token))
                || matches!(text.small(token), "up" | "down" | "below" | "above")
        });
        let own = self.mention.tokens.start;
        let turned = |token: usize| {
            matches!(text.small(token), "up" | "down") && !matches!(text.small(token.wrapping_sub(1)), "made" | "make" | "makes")
        };
        let down = (own.saturating_sub(3)..own).any(|token| NOUNS_OF_CHANGE.contains(text.small(token)) || turned(token))
            && self.mention.bound.as_ref().is_none_or(|bound| text.small(bound.start) != "up");
        behind || down && !self.is_reached() || text.small(start.wrapping_sub(1)) == "by" && self.follows_change()
    }

    /// Its unit: money whose country is not told is that of the actor's country, "2,400 pounds" in Sudan.
    pub(super) fn unit(&self, actor: Option<&Party>, home: Option<&Party>) -> Option<String> {
        let unit = self.mention.unit.as_deref()?;
        let word = self.reading.text.small(self.mention.tokens.end.saturating_sub(1));
        let is_open =
            nouns::is_money(word.strip_suffix('s').unwrap_or(word)) && word != "dollars" && (nouns::is_money(unit) || unit == "GBP");
        let known = |party: &Party| match party {
            Party::Known(slug) => self.reading.knowledge.actor(slug),
            Party::Named(_) => None,
        };
        let states = [actor, home].into_iter().flatten().filter(|_| is_open).filter_map(known);
        let own = states.flat_map(|state| &state.demonyms).find_map(|people| self.reading.knowledge.unit(&format!("{people} {word}")));
        Some(own.map_or_else(|| unit.to_string(), |unit| unit.slug.as_str().to_string()))
    }
}

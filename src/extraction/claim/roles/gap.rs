//! Whose verb is left out, or stands behind the figure.

use super::{Found, Search};
use crate::extraction::claim::lexicon::Word;
use crate::extraction::text::Kind;

impl Search<'_, '_, '_> {
    /// "France promised 15 million euros and the United States $11.5 million", "China with $267 million": the verb is left out.
    pub(super) fn gapped(&self) -> Option<Found> {
        let (scene, start) = (self.scene, self.figure.start);
        if self.figure.previous <= scene.piece.tokens.start {
            return None;
        }
        let guest = scene.guests.iter().rev().find(|guest| guest.tokens.end <= start && guest.tokens.start >= self.figure.previous)?;
        let with = usize::from(scene.text.small(guest.tokens.end) == "with");
        let ends_there = guest.tokens.end + with == start
            || guest.attributive && with == 0 && guest.tokens.end < start && scene.text.small(start - 1) == "with";
        let mut before = guest.tokens.start.checked_sub(1)?;
        before -= usize::from(scene.piece.word(before) == Word::Determiner);
        let joins = scene.piece.word(before) == Word::And || scene.text.is_mark(before, ',');
        let verb_before = self.clause.group.as_ref().is_some_and(|group| group.tokens.end <= guest.tokens.start);
        let is_free = !guest.possessive && !guest.is_outside && !guest.is_pronoun;
        (ends_there && joins && verb_before && is_free).then(|| (guest.party.clone(), "gapped"))
    }

    /// "the 43 that China had agreed to deliver", "a loan that the G7 promised": whoever does it stands behind the figure.
    pub(super) fn agent_behind(&self) -> Option<Found> {
        let scene = self.scene;
        let mut token = self.figure.tokens.end;
        for _ in 0..8 {
            match scene.piece.word(token) {
                Word::Relative if matches!(scene.text.small(token), "that" | "which") => break,
                Word::Plain if scene.text.kind(token) == Some(Kind::Word) => {}
                Word::Preposition | Word::Determiner | Word::Adverb => {}
                _ if scene.text.is_mark(token, '-') => {}
                _ => return None,
            }
            token += 1;
        }
        if scene.piece.word(token) != Word::Relative || token >= self.figure.next {
            return None;
        }
        let clause = scene.piece.clauses.get(scene.piece.clause_of(token + 1))?;
        let verb = clause.group.as_ref()?.tokens.start;
        let guest =
            scene.guests.iter().find(|guest| guest.tokens.start > token && guest.tokens.end <= verb && guest.tokens.start <= token + 3)?;
        (!guest.is_outside).then(|| (self.party_of(guest), "relative-agent"))
    }
}

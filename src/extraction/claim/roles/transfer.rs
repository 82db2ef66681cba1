//! What goes from one side to the other: gifts, sales, loans, trade, and lists of customers.

use super::{Found, Roles, Search};
use crate::extraction::candidate::Party;
use crate::extraction::claim::lexicon::Class;
use crate::extraction::claim::names::{Shape, Sort};
use crate::extraction::claim::scene::{Guest, Scene};
use crate::extraction::text::Kind;
use crate::extraction::word_class::{GIVERS, RECEIVERS};

impl Search<'_, '_, '_> {
    /// One gives, one gets. Of a verb the subject is the actor; of a noun, whose it is.
    pub(super) fn transfer(&self, gives: bool) -> Roles {
        let (toward, away): (&[&str], &[&str]) = if gives { (&["to", "for", "with"], &["from"]) } else { (&["from"], &["to", "for"]) };
        let by_verb = matches!(self.clause.class(), Some(Class::Give | Class::Get));
        let by = self.behind(&["by"]).map(|guest| (guest.party.clone(), "by"));
        let subject = self.subject().filter(|(guest, _)| !self.clause.is_passive() || guest.possessive || guest.attributive);
        let subject =
            subject.filter(|(guest, _)| !toward.contains(&self.scene.preposition(guest))).map(|(guest, rule)| (guest.party.clone(), rule));
        let owner = if by_verb { None } else { self.owner() };
        let from = || self.behind(away).map(|guest| (self.party_of(guest), "from"));
        let actor =
            by.or(owner).or(subject).or_else(|| if gives { from() } else { None }).or_else(|| if by_verb { None } else { self.place() });
        let object = if by_verb && !self.clause.is_passive() { self.object() } else { None };
        let other = self
            .behind(toward)
            .filter(|guest| !guest.possessive || self.scene.preposition(guest) != "for")
            .map(|guest| (guest.party.clone(), if gives { "to" } else { "from" }));
        // "Intel was promised €9.9 billion by Berlin".
        let promised = || {
            let group =
                self.clause.group.as_ref().filter(|group| group.passive && by_verb && gives && group.tokens.end <= self.figure.start)?;
            let guest = self.subject().map(|(guest, _)| guest).filter(|guest| guest.tokens.end <= group.tokens.start)?;
            Some((guest.party.clone(), "promised"))
        };
        let counterpart = object
            .or_else(promised)
            .filter(|_| gives)
            .or(other)
            .or_else(|| self.owned_object().filter(|_| gives && by_verb))
            .or_else(|| self.role_of().filter(|_| gives))
            .or_else(|| self.maker().filter(|_| !gives));
        Roles { counterpart: counterpart.filter(|(party, _)| actor.as_ref().is_none_or(|(other, _)| other != party)), actor }
    }

    /// "one of Ukraine's largest donors": whoever owns the role is the other side.
    fn role_of(&self) -> Option<Found> {
        let is_role = |token: usize| GIVERS.contains(self.scene.text.small(token));
        let owns = |guest: &&Guest| guest.possessive && !guest.is_outside && (guest.tokens.end + 1..guest.tokens.end + 6).any(is_role);
        self.scene.guests.iter().find(owns).map(|guest| (guest.party.clone(), "role-of"))
    }

    /// Whose make the goods are that somebody gets: "12 Turkish drones".
    fn maker(&self) -> Option<Found> {
        let made = if self.figure.is_people { None } else { self.people() };
        made.filter(|(party, _)| matches!(party, Party::Known(_))).map(|(party, _)| (party, "make"))
    }

    /// The recipient right behind the verb: "supplies Russia with", "is paying it".
    pub(super) fn object(&self) -> Option<Found> {
        let group = self.clause.group.as_ref()?;
        let guest =
            self.scene.guests.iter().find(|guest| guest.tokens.start >= group.tokens.end && guest.tokens.start <= group.tokens.end + 2)?;
        let is_free = guest.preposition.is_none_or(|preposition| preposition < group.tokens.start)
            && !guest.possessive
            && (!guest.attributive || guest.shape == Shape::Noun && guest.sort != Sort::Unknown)
            && !guest.is_outside;
        (is_free && guest.tokens.end <= self.figure.tokens.start).then(|| (guest.party.clone(), "object"))
    }

    /// The recipient's owner right behind the verb: "supplied Myanmar's junta with".
    fn owned_object(&self) -> Option<Found> {
        let group = self.clause.group.as_ref()?;
        let guest =
            self.scene.guests.iter().find(|guest| guest.tokens.start >= group.tokens.end && guest.tokens.start <= group.tokens.end + 2)?;
        let with = (guest.tokens.end..self.figure.start).any(|token| self.scene.text.small(token) == "with");
        ((guest.possessive || guest.attributive) && !guest.is_pronoun && !guest.is_outside && with).then(|| (guest.party.clone(), "object"))
    }

    /// "trade between China and Russia", "China's trade with Russia".
    pub(super) fn trade(&self) -> Roles {
        let mut between = self.scene.guests.iter().filter(|guest| !guest.is_outside && self.scene.preposition(guest) == "between");
        if let (Some(first), Some(second)) = (between.next(), between.next()) {
            return Roles { actor: Some((first.party.clone(), "between")), counterpart: Some((second.party.clone(), "between")) };
        }
        let mut roles = self.plain();
        if let Some(partner) = self.behind(&["with"]) {
            if roles.actor.as_ref().is_some_and(|(party, _)| *party == partner.party) {
                roles.actor = None;
            }
            roles.counterpart = Some((partner.party.clone(), "with"));
        }
        roles
    }

    /// Customers and suppliers in a list: "Poland was the biggest customer with $1 billion", "followed by A and B with 2 and 1
    /// respectively": they are the other side of whomever the text is about; those who give are the actor.
    pub(super) fn listed(&self) -> Option<Roles> {
        let scene = self.scene;
        let words = |token: usize| scene.text.small(token);
        let tokens = scene.piece.tokens.clone();
        let is_role = |token: &usize| RECEIVERS.contains(words(*token)) || GIVERS.contains(words(*token));
        let role = tokens.clone().filter(|token| *token < self.figure.tokens.start).find(is_role)?;
        let is_leading = (role.saturating_sub(4)..role).any(|token| {
            matches!(words(token), "biggest" | "largest" | "top" | "main" | "leading" | "first" | "second" | "third" | "best")
        });
        if !is_leading || words(self.figure.tokens.start.wrapping_sub(1)) == "its" {
            return None;
        }
        // The figures and the names pair up in their order, counted from the last "with".
        let with = (tokens.start..self.figure.tokens.start).rev().find(|token| matches!(words(*token), "with" | "at" | "by" | "on"))?;
        let nth = if self.figure.is_paired { 0 } else { figures_between(scene, with, self.figure.tokens.start) };
        let from = (tokens.start..with).rev().find(|token| matches!(words(*token), "by" | "with")).unwrap_or(tokens.start);
        let guest = scene.within(from..with).map(|(_, guest)| guest).filter(|guest| !guest.possessive).nth(nth)?;
        let listed = Some((guest.party.clone(), "listed"));
        let owner = self.role_of().or_else(|| self.discourse.fallback().map(|known| (known.party.clone(), "context")));
        let other = owner.filter(|(party, _)| *party != guest.party);
        Some(if GIVERS.contains(words(role)) {
            Roles { actor: listed, counterpart: other }
        } else {
            Roles { actor: other, counterpart: listed }
        })
    }
}

/// How many figures stand between two tokens: runs of digits with a space before.
fn figures_between(scene: &Scene<'_, '_>, from: usize, to: usize) -> usize {
    (from..to)
        .filter(|token| {
            scene.text.kind(*token) == Some(Kind::Digits)
                && (scene.text.spaced(*token)
                    || scene.text.kind(token.wrapping_sub(1)) == Some(Kind::Mark) && scene.text.spaced(token.wrapping_sub(1)))
        })
        .count()
}

//! What one side has, bears or measures.

use super::{Found, Roles, Search};
use crate::extraction::claim::lexicon::Class;
use crate::extraction::claim::names::{Shape, Sort};
use crate::extraction::claim::scene::Guest;

impl Search<'_, '_, '_> {
    /// One has it: whose it is, else who does it, else where it is.
    pub(super) fn plain(&self) -> Roles {
        let people = if self.figure.is_people { self.people() } else { None };
        let cost = if self.clause.class() == Some(Class::Cost) { self.cost_bearer() } else { self.cost_to() };
        let subject = self.subject();
        let weak = subject.is_none_or(|(guest, _)| matches!(self.scene.preposition(guest), "in" | "at" | "inside" | "within" | "across"));
        let place_here = self.place_right_behind();
        let subject = subject.map(|(guest, rule)| (self.party_of(guest), rule));
        // "Bogotá reckons it at 5,800": whom the count is about.
        let counted = if matches!(self.clause.class(), Some(Class::Say | Class::Count)) { self.object() } else { None };
        let agent = if self.clause.is_passive() { self.agent() } else { None };
        let actor = self
            .owner()
            .or(agent)
            .or(cost)
            .or(counted)
            .or(people)
            .or_else(|| if weak { place_here.clone() } else { None })
            .or(subject)
            .or(place_here)
            .or_else(|| self.place())
            .or_else(|| self.near());
        let counterpart = self.second_side();
        Roles { actor, counterpart }
    }

    /// Who bears a cost: "would cost the Egyptian treasury $120 million".
    fn cost_bearer(&self) -> Option<Found> {
        let group = self.clause.group.as_ref()?;
        let guest = self.scene.guests.iter().find(|guest| {
            guest.tokens.start >= group.tokens.end
                && guest.tokens.end <= self.figure.tokens.start
                && guest.preposition.is_none_or(|at| at < group.tokens.start)
        })?;
        Some((guest.party.clone(), "object"))
    }

    /// By whom something is done: "$2 billion was spent by Angola"; what is said by the way counts for less than whose it is.
    fn agent(&self) -> Option<Found> {
        let owned = self.subject().is_some_and(|(guest, _)| guest.possessive || guest.attributive);
        self.behind(&["by"]).filter(|guest| !owned && guest.clause == self.index).map(|guest| (guest.party.clone(), "by"))
    }

    /// "the cost of the war to Peru": who bears it.
    fn cost_to(&self) -> Option<Found> {
        let is_cost = |token: usize| matches!(self.scene.text.small(token), "cost" | "costs" | "loss" | "losses" | "damage" | "bill");
        let bears = |guest: &&Guest| {
            let to = guest.preposition.filter(|to| self.scene.text.small(*to) == "to")?;
            let near = to.saturating_sub(7).max(self.clause.tokens.start)..to;
            (guest.clause == self.index && !guest.is_outside && near.clone().any(is_cost)).then_some(())
        };
        self.scene.guests.iter().find(|guest| bears(guest).is_some()).map(|guest| (guest.party.clone(), "bearer"))
    }

    fn place_right_behind(&self) -> Option<Found> {
        let end = self.figure.noun.as_ref().map_or(self.figure.tokens.end, |noun| noun.end.max(self.figure.tokens.end));
        let guest = self.scene.guests.iter().find(|guest| {
            guest.tokens.start >= self.figure.tokens.end
                && guest.tokens.start <= end + 4
                && guest.tokens.start < self.figure.next
                && matches!(self.scene.preposition(guest), "in" | "at" | "across" | "inside")
        })?;
        (!guest.is_outside).then(|| (self.party_of(guest), "place"))
    }

    /// Anybody else in the clause before the figure.
    fn near(&self) -> Option<Found> {
        let named = self.scene.within(self.clause.tokens.clone()).map(|(_, guest)| guest).find(|guest| {
            guest.sort != Sort::Unknown && !matches!(self.scene.preposition(guest), "by" | "from" | "to" | "with" | "against")
        })?;
        Some((named.party.clone(), "clause"))
    }

    /// The other side of what one has: whose assets, on whose soil, against whom.
    fn second_side(&self) -> Option<Found> {
        let has = |words: &[&str]| self.figure.concept.split(' ').any(|word| words.contains(&word));
        if has(&["assets", "reserves"]) {
            let owner =
                self.scene.guests.iter().find(|guest| guest.tokens.start >= self.figure.tokens.end && guest.shape == Shape::Adjective);
            return owner.map(|guest| (guest.party.clone(), "whose"));
        }
        let toward: &[&str] = if has(&["troops", "soldiers", "personnel"]) {
            &["in", "inside", "to", "near", "at", "on"]
        } else if has(&["surplus", "deficit", "war", "border"]) {
            &["with"]
        } else {
            &["against", "over", "toward", "towards"]
        };
        self.behind(toward).map(|guest| (self.party_of(guest), "preposition"))
    }
}

//! People killed or driven out, things destroyed: where, whose, by whom.

use super::{Found, Frame, Roles, Search};
use crate::extraction::claim::lexicon::Class;
use crate::extraction::claim::names::Shape;

impl Search<'_, '_, '_> {
    /// People killed, things destroyed: where, else whose, else by whom.
    pub(super) fn harm(&self, frame: Frame) -> Roles {
        let is_active = self.clause.class() == Some(Class::Harm) && !self.clause.is_passive();
        let doer = if is_active {
            self.subject().map(|(guest, _)| (guest.party.clone(), "perpetrator"))
        } else {
            self.behind(&["by"]).map(|guest| (guest.party.clone(), "by"))
        };
        let origin = if frame == Frame::Flight { self.origin() } else { None };
        let owner = self.owner().or_else(|| {
            self.subject()
                .filter(|(guest, _)| !is_active && guest.possessive && self.clause.class() != Some(Class::Suffer))
                .map(|(guest, _)| (guest.party.clone(), "possessive"))
        });
        let soldiers = ["soldiers", "troops", "peacekeepers", "servicemen", "fighters", "personnel", "casualties", "losses", "reservists"];
        let are_forces = self.figure.concept.split(' ').any(|word| soldiers.contains(&word));
        let people = self.people();
        let host = if frame == Frame::Flight && self.is_part_in_place() { self.place() } else { None };
        let hosted = host.is_some();
        let place = self.place();
        let actor = host
            .or(origin)
            .or_else(|| if are_forces { owner.clone().or_else(|| people.clone()) } else { None })
            .or_else(|| place.clone())
            .or_else(|| owner.clone())
            .or_else(|| people.clone());
        let passive_subject = || {
            if is_active {
                None
            } else {
                self.subject().filter(|(guest, _)| guest.shape != Shape::Seat).map(|(guest, rule)| (guest.party.clone(), rule))
            }
        };
        let actor = actor.or_else(passive_subject).or_else(|| doer.clone().filter(|_| is_active));
        let host = if frame == Frame::Flight && !hosted { self.behind(&["to", "into", "toward", "towards"]) } else { None };
        let counterpart = if let Some(host) = host {
            Some((self.party_of(host), "to"))
        } else if hosted {
            self.discourse.state().map(|state| (state.party.clone(), "context"))
        } else {
            doer.filter(|_| actor.as_ref().is_some_and(|(_, rule)| *rule != "perpetrator"))
        };
        Roles { actor, counterpart }
    }

    /// "345,000 of them in Germany", "1.1 million abroad": a part, told by where it is.
    fn is_part_in_place(&self) -> bool {
        let end = self.figure.tokens.end;
        self.scene.text.small(end) == "of" && self.scene.text.small(end + 1) == "them" && self.scene.text.small(end + 2) == "in"
    }

    /// Whence people fled: "fled Croatia", "out of Kosovo", "from Sudan".
    pub(super) fn origin(&self) -> Option<Found> {
        if let Some(guest) = self.behind(&["of", "from"]).filter(|guest| {
            guest.shape != Shape::Adjective
                && (self.scene.preposition(guest) == "from"
                    || self.scene.text.small(guest.preposition.unwrap_or(0).wrapping_sub(1)) == "out")
        }) {
            return Some((self.party_of(guest), "from"));
        }
        let group = self.clause.group.as_ref().filter(|group| {
            matches!(self.scene.text.small(group.main), "fled" | "flee" | "fleeing" | "left" | "leaving" | "leave" | "escaped")
        })?;
        let object = self.scene.guests.iter().find(|guest| {
            guest.tokens.start >= group.tokens.end && guest.tokens.start <= group.tokens.end + 3 && guest.preposition.is_none()
        })?;
        Some((object.party.clone(), "fled"))
    }
}

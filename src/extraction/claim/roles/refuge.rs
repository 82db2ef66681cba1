//! People from elsewhere: who takes them in is the actor, whence they come the other side, as labels and metrics want it.

use super::{Found, Roles, Search};
use crate::extraction::candidate::Party;
use crate::extraction::claim::lexicon::Class;
use crate::extraction::claim::names::Shape;
use crate::extraction::claim::scene::Guest;
use crate::extraction::word_class::WordClass;

/// Verbs whose subject takes people in: "shelters", "took in".
static VERBS_OF_TAKING_IN: WordClass = WordClass::named("verbs of taking in");

/// Verbs whose subject has come from elsewhere: "settled", "live".
static VERBS_OF_COMING: WordClass = WordClass::named("verbs of coming");

impl Search<'_, '_, '_> {
    /// Whether the verb takes in people who are told from where they come: "shelters 800,000 Syrians".
    pub(super) fn takes_in(&self) -> bool {
        let Some(group) = &self.clause.group else { return false };
        let text = self.scene.text;
        let main = text.small(group.main);
        let takes = VERBS_OF_TAKING_IN.contains(main)
            || matches!(main, "take" | "takes" | "took" | "taken" | "taking" | "let") && text.small(group.tokens.end) == "in";
        let comes = VERBS_OF_COMING.contains(main)
            && self.origin_of_people().is_some_and(|(from, _)| {
                self.known_place().is_some_and(|(host, _)| host != from)
                    || self.behind(&["into", "to"]).is_some_and(|host| host.party != from)
            });
        comes || takes && (self.origin_of_people().is_some() || self.behind(&["from"]).is_some())
    }

    /// Host and origin. Where no host is told, the text's own state is one, unless it is where they come from.
    pub(super) fn refuge(&self) -> Roles {
        let origin = self.whence();
        let is_other = |(party, _): &Found| origin.as_ref().is_none_or(|(from, _)| from != party);
        let host = self
            .known_place()
            .filter(is_other)
            .or_else(|| self.host().filter(is_other))
            .or_else(|| self.behind(&["to", "into", "toward", "towards"]).map(|guest| (self.party_of(guest), "to")))
            .or_else(|| self.place())
            .filter(is_other);
        let context = || self.discourse.state().map(|state| (state.party.clone(), "context")).filter(is_other);
        match (host.or_else(context), origin) {
            (None, Some(origin)) => Roles { actor: Some(origin), counterpart: None },
            (actor, counterpart) => Roles { actor, counterpart },
        }
    }

    /// Whoever takes them in: the subject, unless it is they who came; of a passive, the one behind "by".
    fn host(&self) -> Option<Found> {
        if self.clause.is_passive() {
            return self.behind(&["by"]).map(|guest| (guest.party.clone(), "by"));
        }
        let verb = self.clause.group.as_ref().map_or("", |group| self.scene.text.small(group.main));
        let comes = matches!(self.clause.class(), Some(Class::Suffer | Class::Change)) || VERBS_OF_COMING.contains(verb);
        let (guest, rule) = self.subject().filter(|(guest, _)| !comes && !self.is_people_word(guest))?;
        Some((self.party_of(guest), rule))
    }

    /// Whether a name tells of the people, and not of a state: "Afghan refugees", "Eritreans".
    fn is_people_word(&self, guest: &Guest) -> bool {
        matches!(guest.shape, Shape::People) || matches!(guest.shape, Shape::Adjective) && self.is_beside_people(guest)
    }

    fn is_beside_people(&self, guest: &Guest) -> bool {
        let text = self.scene.text;
        (guest.tokens.end..guest.tokens.end + 3).any(|token| super::FRAMES.get(text.small(token)) == Some(&super::Frame::Refuge))
    }

    /// Whence they come: "from Sudan", "fled Sudan", "Sudanese", "Sudan’s refugees".
    fn whence(&self) -> Option<Found> {
        let own = || {
            let guest = self.scene.guests.iter().find(|guest| (guest.possessive || guest.attributive) && self.is_beside_people(guest))?;
            Some((guest.party.clone(), "people"))
        };
        self.origin().or_else(|| self.origin_of_people()).or_else(own).or_else(|| {
            let earlier = self.scene.guests.iter().find(|guest| self.scene.preposition(guest) == "from" && !guest.is_outside)?;
            Some((self.party_of(earlier), "from"))
        })
    }

    /// The people right behind the number: "40,000 Afghans", "Syrian refugees".
    fn origin_of_people(&self) -> Option<(Party, &'static str)> {
        self.people()
    }
}

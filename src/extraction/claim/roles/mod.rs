//! Whom a figure is about, and who is on the other side.
//!
//! - `harm`, `refuge`, `transfer`, `holding`: the sides of each kind of figure;
//! - `gap`: whose verb is left out or stands behind the figure;
//! - `paired`: rows of names and figures that pair up "respectively".
//!
//! What the verb or the noun does decides which of those in the sentence is which: who gives and who gets, where somebody was
//! harmed and by whom, who has, who trades with whom. What the sentence does not say, the text before it says.

mod gap;
mod harm;
mod holding;
pub mod paired;
mod refuge;
mod transfer;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::clauses::{Clause, Opener};
use super::discourse::{Discourse, is_place_noun};
use super::lexicon::{Class, Word};
use super::names::{Shape, Sort};
use super::scene::{Guest, Scene};
use crate::extraction::candidate::Party;
use crate::extraction::word_class::WordClass;

/// Prepositions that tell where.
static PREPOSITIONS_OF_PLACE: WordClass = WordClass::named("prepositions of place");
/// What a state has as a whole.
static NOUNS_OF_NATIONAL_ACCOUNTS: WordClass = WordClass::named("nouns of national accounts");

/// What happens between the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// One has it.
    Plain,
    /// The actor gives it.
    Give,
    /// The actor gets it.
    Get,
    /// Both trade.
    Trade,
    /// People or things are harmed.
    Harm,
    /// People fled or were driven out.
    Flight,
    /// People from elsewhere are taken in.
    Refuge,
}

/// Nouns and participles that tell what happens.
static FRAMES: LazyLock<HashMap<&'static str, Frame>> = LazyLock::new(|| {
    let lines = include_str!("../../words/frames.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(' ')).filter_map(|(word, frame)| Some((word, frame_of(frame)?))).collect()
});

/// Whether a noun names what goes from one side to the other: "imports", "aid".
pub fn is_of_transfer(noun: &str) -> bool {
    matches!(FRAMES.get(noun), Some(Frame::Get | Frame::Give | Frame::Trade))
}

fn frame_of(word: &str) -> Option<Frame> {
    Some(match word {
        "flight" => Frame::Flight,
        "refuge" => Frame::Refuge,
        "harm" => Frame::Harm,
        "get" => Frame::Get,
        "give" => Frame::Give,
        "trade" => Frame::Trade,
        _ => return None,
    })
}

/// Somebody found for a role, and by which rule.
pub type Found = (Party, &'static str);

/// Both sides of a figure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Roles {
    /// Whom it is about.
    pub actor: Option<Found>,
    /// The other side.
    pub counterpart: Option<Found>,
}

/// The figure whose sides are looked for.
#[derive(Debug, Clone)]
pub struct Figure<'f> {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Where it begins with its bound: "more than".
    pub start: usize,
    /// Unit or counted noun, if it stands with the figure.
    pub noun: Option<Range<usize>>,
    /// Where the next figure of the sentence begins; its end if there is none.
    pub next: usize,
    /// Where the figure before it ends.
    pub previous: usize,
    /// The words that say what is counted.
    pub concept: &'f str,
    /// Whether its side is paired with it by "respectively".
    pub is_paired: bool,
    /// Whether people are counted.
    pub is_people: bool,
    /// Whether it is money or a share.
    pub is_abstract: bool,
}

/// Looks for both sides.
pub fn find(scene: &Scene<'_, '_>, figure: &Figure<'_>, discourse: &Discourse) -> Roles {
    let index = scene.piece.clause_of(figure.tokens.start);
    let Some(clause) = scene.piece.clauses.get(index) else { return Roles::default() };
    let search = Search { scene, figure, discourse, index, clause };
    let frame = search.frame();
    let mut roles = match frame {
        Frame::Harm | Frame::Flight => search.harm(frame),
        Frame::Refuge => search.refuge(),
        Frame::Give => search.transfer(true),
        Frame::Get => search.transfer(false),
        Frame::Trade => search.trade(),
        Frame::Plain => search.plain(),
    };
    if let Some(listed) = search.listed() {
        roles = listed;
    } else if let Some(agent) = search.gapped() {
        roles.counterpart = roles.counterpart.filter(|(party, _)| *party != agent.0);
        roles.actor = Some(agent);
    }
    if let Some(agent) = search.agent_behind() {
        if frame != Frame::Get && roles.actor.as_ref().is_some_and(|(party, _)| *party != agent.0) && matches!(frame, Frame::Give) {
            roles.counterpart.clone_from(&roles.actor);
        }
        roles.actor = Some(agent);
    }
    if roles.actor.is_none() {
        roles.actor = search.context(frame);
    }
    if let (Some((actor, _)), Some((counterpart, _))) = (&roles.actor, &roles.counterpart)
        && actor == counterpart
    {
        roles.counterpart = None;
    }
    roles
}

struct Search<'a, 's, 't> {
    scene: &'a Scene<'s, 't>,
    figure: &'a Figure<'a>,
    discourse: &'a Discourse,
    index: usize,
    clause: &'a Clause,
}

impl Search<'_, '_, '_> {
    /// What happens, told by verb and nouns.
    fn frame(&self) -> Frame {
        let class = self.clause.class();
        let verb = self.clause.group.as_ref().map_or("", |group| self.scene.text.small(group.main));
        let told = |frame: Frame| self.figure.concept.split(' ').any(|word| FRAMES.get(word) == Some(&frame));
        if self.figure.is_people && !told(Frame::Harm) && (told(Frame::Refuge) || self.takes_in()) {
            return Frame::Refuge;
        }
        if class == Some(Class::Suffer) && self.figure.is_people {
            let dies = ["die", "perish", "drown"].iter().any(|stem| verb.starts_with(stem));
            return if dies { Frame::Harm } else { Frame::Flight };
        }
        if told(Frame::Flight) {
            return Frame::Flight;
        }
        let land = ["territory", "land", "area", "kilometres", "kilometers", "miles", "hectares", "villages", "settlements", "towns"];
        let takes =
            ["captur", "seiz", "took", "taken", "gain", "occup", "liberat", "annex", "recaptur"].iter().any(|stem| verb.starts_with(stem));
        if takes && self.has(&land) {
            return Frame::Get;
        }
        if class == Some(Class::Harm) || told(Frame::Harm) && !self.figure.is_abstract {
            return Frame::Harm;
        }
        match class {
            Some(Class::Give) => Frame::Give,
            Some(Class::Get) => Frame::Get,
            _ if told(Frame::Get) => Frame::Get,
            _ if told(Frame::Give) => Frame::Give,
            _ if told(Frame::Trade) && !self.has(&["surplus", "deficit", "balance"]) => Frame::Trade,
            _ => Frame::Plain,
        }
    }

    /// Whether one of these words stands in the concept.
    fn has(&self, words: &[&str]) -> bool {
        self.figure.concept.split(' ').any(|word| words.contains(&word))
    }

    fn guest(&self, at: usize) -> Option<&Guest> {
        self.scene.guests.get(at)
    }

    /// Whoever does what the clause says.
    fn subject(&self) -> Option<(&Guest, &'static str)> {
        let (at, rule) = self.scene.subject(self.index)?;
        // A figure that stands before the verb is the subject itself.
        self.guest(at)
            .filter(|guest| guest.tokens.start >= self.figure.tokens.end || guest.tokens.end <= self.figure.tokens.start)
            // Whoever only tells the figure is not whom it is about.
            .filter(|guest| !(guest.speaks && matches!(self.clause.class(), Some(Class::Say | Class::Count))))
            .map(|guest| (guest, rule))
    }

    /// The nearest behind one of these prepositions, in the clause, the one behind the figure first.
    fn behind(&self, prepositions: &[&str]) -> Option<&Guest> {
        self.led_by(|preposition| prepositions.contains(&preposition))
    }

    /// The same, for any prepositions.
    fn led_by(&self, is_meant: impl Fn(&str) -> bool) -> Option<&Guest> {
        let fits = |guest: &&Guest| !guest.is_outside && guest.preposition.is_some() && is_meant(self.scene.preposition(guest));
        let after = self.scene.guests.iter().find(|guest| {
            guest.tokens.start >= self.figure.tokens.end
                && guest.tokens.start < self.figure.next
                && guest.clause <= self.index + 1
                && (guest.clause == self.index || self.scene.piece.clauses.get(guest.clause).is_none_or(|next| next.opener != Opener::Fresh))
                // "40 percent, those to Japan 25 percent": right before the next figure it is the next one's.
                && !(guest.tokens.end == self.figure.next && self.figure.next < self.scene.piece.tokens.end)
                && fits(guest)
        });
        let before = || {
            self.scene
                .guests
                .iter()
                .rev()
                .find(|guest| guest.tokens.end <= self.figure.tokens.start && guest.clause == self.index && fits(guest))
        };
        let leading =
            || self.scene.guests.iter().find(|guest| guest.clause == 0 && guest.tokens.start < self.figure.tokens.start && fits(guest));
        // "3,200 were resettled, 1,100 of them in Canada": that is where a part is.
        let of_part = |guest: &Guest| {
            let between = self.figure.next..guest.tokens.start;
            between
                .clone()
                .any(|token| self.scene.text.small(token) == "of" && matches!(self.scene.text.small(token + 1), "them" | "these" | "whom"))
        };
        let trailing = || {
            let is_trailing = |guest: &&Guest| guest.tokens.start >= self.figure.next && guest.clause == self.index && !of_part(guest);
            self.scene.guests.iter().find(|guest| is_trailing(guest) && fits(guest))
        };
        after.or_else(before).or_else(leading).or_else(trailing)
    }

    fn party_of(&self, guest: &Guest) -> Party {
        // A place that nobody has recorded lies in the state that the text is about.
        if guest.sort == Sort::Unknown
            && matches!(self.scene.preposition(guest), "in" | "at" | "near" | "inside" | "around" | "outside" | "from" | "across")
            && let Some(state) = self.discourse.state()
        {
            return state.party.clone();
        }
        // "the port of Anaklia"
        let is_place = guest
            .preposition
            .is_some_and(|of| is_place_noun(self.scene.text.small(of.wrapping_sub(1))) && self.scene.text.small(of) == "of");
        if guest.sort == Sort::Unknown
            && is_place
            && let Some(state) = self.discourse.state()
        {
            return state.party.clone();
        }
        guest.party.clone()
    }

    /// Whoever owns the noun right before the figure ("Ankara's own target of …") or right behind it ("4,000 of its soldiers").
    fn owner(&self) -> Option<Found> {
        let tokens = &self.figure.tokens;
        let owns = |guest: &&Guest| guest.possessive && !guest.is_outside;
        let clause = self.clause;
        let near = self.scene.guests.iter().rev().find(|guest| {
            owns(guest)
                && guest.tokens.end <= tokens.start
                && guest.tokens.start >= self.figure.previous
                && guest.tokens.end + 8 >= tokens.start
                && clause.tokens.contains(&guest.tokens.start)
                && !guest.before_verb
                && !(guest.tokens.end..tokens.start).any(|token| self.scene.text.is_mark(token, ','))
        });
        if let Some(guest) = near {
            return Some((guest.party.clone(), "owner"));
        }
        // "30 percent and China’s 25", "4,600, Venezuela’s 125,000": the next one's.
        if self.scene.piece.word(tokens.end) == Word::And || self.scene.text.is_mark(tokens.end, ',') {
            return None;
        }
        let of = tokens.end + usize::from(self.scene.text.small(tokens.end) == "of");
        let behind =
            self.scene.guests.iter().find(|guest| owns(guest) && guest.tokens.start >= tokens.start && guest.tokens.start <= of + 1);
        behind.map(|guest| (guest.party.clone(), "owner-behind"))
    }

    /// Whose people they are: "North Korean troops", "65 million Egyptians", "nine of them South African".
    fn people(&self) -> Option<Found> {
        let end = self.figure.noun.as_ref().map_or(self.figure.tokens.end, |noun| noun.end).max(self.figure.tokens.end);
        let range = self.figure.tokens.start..end + 4;
        let guest = self.scene.guests.iter().find(|guest| {
            guest.tokens.start >= range.start
                && guest.tokens.start < range.end
                && guest.tokens.start < self.figure.next
                && !guest.is_outside
                && (matches!(guest.shape, Shape::Adjective | Shape::People) || guest.attributive)
                // A thing behind them bears a name: "100 people crossed the Lachin road".
                && (guest.sort != Sort::Unknown || guest.tokens.start < end)
                && (guest.preposition.is_none() || self.scene.preposition(guest) == "of")
        })?;
        Some((guest.party.clone(), "people"))
    }

    /// Where it is: "27.7% in Egypt"; a place that nobody has recorded says less than one that is.
    fn place(&self) -> Option<Found> {
        self.known_place().or_else(|| self.any_place())
    }

    fn known_place(&self) -> Option<Found> {
        let known = self.scene.guests.iter().any(|guest| guest.sort == Sort::Unknown && guest.preposition.is_some());
        if !known {
            return self.any_place();
        }
        let scene =
            Scene { guests: self.scene.guests.iter().filter(|guest| guest.sort != Sort::Unknown).cloned().collect(), ..*self.scene };
        Search { scene: &scene, ..*self }.any_place()
    }

    fn any_place(&self) -> Option<Found> {
        self.led_by(|preposition| PREPOSITIONS_OF_PLACE.contains(preposition))
            .filter(|guest| !guest.possessive || guest.sort != Sort::Unknown)
            .map(|guest| (self.party_of(guest), "place"))
    }

    /// The state that says what the sentence tells, if it is the only one named there.
    fn speaking_state(&self) -> Option<Found> {
        let is_state =
            |guest: &&Guest| matches!(guest.sort, Sort::State | Sort::Place | Sort::Body) && matches!(guest.party, Party::Known(_));
        let mut states = self.scene.guests.iter().filter(|guest| guest.tokens.start >= self.scene.dateline).filter(is_state);
        let (first, rest) = (states.next()?, states.next());
        (first.speaks && first.shape != Shape::Adjective && first.preposition.is_none() && rest.is_none())
            .then(|| (first.party.clone(), "speaking-state"))
    }

    /// Whoever the sentences before were about; of harm, the state where it happens.
    fn context(&self, frame: Frame) -> Option<Found> {
        let is_national = self.figure.concept.split(' ').any(|word| NOUNS_OF_NATIONAL_ACCOUNTS.contains(word));
        let is_harm = matches!(frame, Frame::Harm | Frame::Flight | Frame::Refuge);
        let state = if is_national || is_harm { self.discourse.state() } else { None };
        let of_text = || state.or_else(|| self.discourse.fallback()).map(|known| (known.party.clone(), "context"));
        // "Kabul says that 1,900 trucks wait": a state speaks of itself, unless it only puts another figure to what was told before; of
        // harm, the text's state is named first.
        let verb_end = self.clause.group.as_ref().map_or(self.figure.start, |group| group.tokens.end);
        let is_quoted = self.scene.text.small(verb_end) == "that";
        let is_told = matches!(self.clause.class(), Some(Class::Say | Class::Count)) && !is_quoted;
        if is_harm || is_told { of_text().or_else(|| self.speaking_state()) } else { self.speaking_state().or_else(of_text) }
    }
}

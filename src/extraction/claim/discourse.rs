//! Whom the text is about at the moment, and whom a pronoun therefore means.

use std::ops::Range;

use super::lexicon::Word;
use super::names::{Shape, Sort};
use super::scene::{Guest, Scene};
use crate::extraction::candidate::Party;
use crate::extraction::word_class::WordClass;

/// States by what a text may call them.
static ISLANDS: WordClass = WordClass::named("states that are islands");
static KINGDOMS: WordClass = WordClass::named("states that are kingdoms");
static EMIRATES: WordClass = WordClass::named("states that are emirates");
/// Whoever was named last, most of all.
const RECENT_MAX: usize = 8;

/// Somebody whom the text spoke of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub party: Party,
    /// What sort.
    pub sort: Sort,
}

/// What the text has spoken of so far.
#[derive(Debug, Default)]
pub struct Discourse {
    /// Whom the sentences before were about, the latest last.
    topics: Vec<Known>,
    /// Whom the last sentence was about, if it named anybody.
    latest: Option<Known>,
    /// Whom the title names.
    pub title: Option<Known>,
    /// All of late, the latest last.
    recent: Vec<Known>,
    /// Whose "junta" or "army" was spoken of, the latest last.
    owned: Vec<(String, Known)>,
}

impl Discourse {
    /// Whom the sentence before was about.
    fn topic(&self) -> Option<&Known> {
        self.topics.last()
    }

    /// Whom a figure is about when its sentence names nobody: a state that was just spoken of, else whom the title names.
    pub fn fallback(&self) -> Option<&Known> {
        let topic = self.topic();
        self.title
            .as_ref()
            .filter(|title| is_land(title))
            .or_else(|| topic.filter(|topic| is_land(topic)))
            .or(self.title.as_ref())
            .or(topic)
    }

    /// The state that a place without one lies in: the one that the text is about.
    pub fn state(&self) -> Option<&Known> {
        let is_state =
            |known: &&Known| matches!(known.sort, Sort::State | Sort::Place | Sort::Body) && matches!(known.party, Party::Known(_));
        self.title
            .as_ref()
            .filter(is_state)
            .or_else(|| self.topics.iter().rev().find(is_state))
            .or_else(|| self.recent.iter().rev().find(is_state))
    }

    /// Whom the pronoun at a token means: its tokens, who, what sort, and whether it owns what follows.
    pub fn pronoun(&self, scene: &Scene<'_, '_>, token: usize) -> Option<(Range<usize>, Party, Sort, bool)> {
        let small = scene.text.small(token);
        // "Turkey, whose exports …"
        if small == "whose" {
            let guest = scene.guests.last().filter(|guest| guest.tokens.end + 2 >= token && !guest.is_outside)?;
            return Some((token..token + 1, guest.party.clone(), guest.sort, true));
        }
        let (tokens, wanted, possessive): (Range<usize>, &[Sort], bool) = match small {
            "its" | "their" => (token..token + 1, &[], true),
            "it" | "they" | "them" => (token..token + 1, &[], false),
            "we" => (token..token + 1, &[Sort::State, Sort::Place], false),
            "our" => (token..token + 1, &[Sort::State, Sort::Place], true),
            "the" | "this" => definite(scene, token)?,
            _ => return None,
        };
        let owner = if matches!(small, "the" | "this") { self.owner(scene.text.small(token + 1)).cloned() } else { None };
        if let Some(known) = owner {
            return Some((tokens, known.party, known.sort, possessive));
        }
        let ours = if matches!(small, "we" | "our") { self.state().cloned() } else { None };
        let known = ours.or_else(|| self.meant(scene, token, wanted, possessive || wanted.is_empty()))?;
        Some((tokens, known.party, known.sort, possessive))
    }

    /// Whoever is meant: somebody named before in this sentence, else whom the text is about.
    fn meant(&self, scene: &Scene<'_, '_>, token: usize, wanted: &[Sort], may_be_subject: bool) -> Option<Known> {
        let noun = if matches!(scene.text.small(token), "the" | "this") { scene.text.small(token + 1) } else { "" };
        let fits = |sort: Sort, party: &Party| (wanted.is_empty() || wanted.contains(&sort)) && is_such(noun, party);
        let clause = scene.piece.clause_of(token);
        let group = scene.piece.clauses.get(clause).and_then(|clause| clause.group.clone());
        let after_verb = group.is_some_and(|group| token >= group.tokens.end);
        let object_pronoun = after_verb && matches!(scene.text.small(token), "it" | "them");
        // Of the subjects before it, the nearest; parallel clauses keep theirs: "Beijing keeps …; its navy counts …".
        let before_it = |at: usize| scene.guests.get(at).filter(|guest| guest.tokens.end <= token);
        // "Amman buys from Israel, for which it pays …": a pronoun that is the subject of its clause is not told by that clause.
        let is_subject = !after_verb && matches!(scene.text.small(token), "it" | "they" | "we");
        let first = if is_subject && clause > 0 { clause } else { clause + 1 };
        let subjects = || (0..first).rev().filter_map(|clause| scene.subject(clause)).filter_map(|(at, _)| before_it(at));
        let any = may_be_subject && !object_pronoun;
        let fit =
            subjects().find(|subject| fits(subject.sort, &subject.party) && (subject.sort != Sort::Unknown || subject.tokens.len() < 3));
        if any && let Some(subject) = fit {
            return Some(Known { party: subject.party.clone(), sort: subject.sort });
        }
        // "Baghdad says that repairs cost it …": only the subject of the same clause is somebody else.
        let subject = scene.subject(clause).and_then(|(at, _)| before_it(at));
        let is_other = |party: &Party| subject.is_none_or(|subject| subject.party != *party);
        // "Hong Kong, its largest market": whoever is explained so is not the owner.
        let explains = |end: usize| scene.text.is_mark(end, ',') && end + 1 == token;
        let explained = scene.guests.last().filter(|guest| explains(guest.tokens.end)).map(|guest| guest.preposition);
        let mut before = scene.guests.iter().rev().filter(|guest| {
            explained.is_none_or(|preposition| preposition != guest.preposition)
                && fits(guest.sort, &guest.party)
                && !guest.is_outside
                && guest.sort != Sort::Unknown
        });
        if let Some(guest) = before.find(|guest| any || is_other(&guest.party)) {
            return Some(Known { party: guest.party.clone(), sort: guest.sort });
        }
        let is_free = |known: &&Known| fits(known.sort, &known.party) && (any || is_other(&known.party));
        // "The country": that of the sentence before, else that of the title.
        let is_definite = matches!(scene.text.small(token), "the" | "this");
        // "The government", though, is that of the state that the title names.
        let titled = || self.title.as_ref().filter(is_free);
        let home = titled().filter(|title| is_body(noun) && is_land(title));
        let near = home.or_else(|| self.latest.as_ref().or(self.title.as_ref()).filter(|known| is_definite && is_free(known)));
        let told = near.or_else(|| if is_definite { titled() } else { None });
        let told = told.or_else(|| self.topics.iter().rev().find(is_free)).or_else(titled);
        told.or_else(|| self.recent.iter().rev().find(is_free)).cloned()
    }

    /// Goes on to the next sentence.
    pub fn advance(&mut self, scene: &Scene<'_, '_>, is_heading: bool, is_dated: bool) {
        self.remember_owners(scene);
        for guest in scene.guests.iter().filter(|guest| guest.sort != Sort::Unknown) {
            let known = Known { party: guest.party.clone(), sort: guest.sort };
            remember(&mut self.recent, known);
        }
        let subject = (0..scene.piece.clauses.len())
            .filter_map(|clause| scene.subject(clause))
            .filter_map(|(at, _)| scene.guests.get(at))
            .find(|guest| is_topic(guest.sort, &guest.party));
        let is_agent = |guest: &&Guest| scene.preposition(guest) == "by" && !guest.is_outside && is_topic(guest.sort, &guest.party);
        let acts = |guest: &Guest| !matches!(scene.preposition(guest), "by" | "from" | "to" | "with" | "against");
        let first = || {
            scene.guests.iter().find(|guest| {
                is_topic(guest.sort, &guest.party)
                    && acts(guest)
                    && (!guest.is_outside || self.topics.is_empty() && is_land_sort(guest.sort))
            })
        };
        let found = subject.or_else(first).or_else(|| scene.guests.iter().find(is_agent));
        let topic = found.map(|guest| Known { party: guest.party.clone(), sort: guest.sort });
        // A line of place and date says where a text was written.
        if is_heading && is_dated && !self.topics.is_empty() {
            return;
        }
        if is_heading && self.title.is_none() {
            self.title.clone_from(&topic);
        }
        let speaker = || {
            let speaks = |guest: &&Guest| guest.speaks && guest.tokens.start >= scene.dateline && is_land_sort(guest.sort);
            scene.guests.iter().find(speaks).map(|guest| Known { party: guest.party.clone(), sort: guest.sort })
        };
        // "Chinese firms build a road" does not make China "the country".
        self.latest = topic
            .clone()
            .filter(|_| found.is_some_and(|guest| guest.shape != Shape::Adjective && (guest.is_pronoun || !guest.possessive)))
            .or_else(speaker);
        let unknown = if is_heading { None } else { self.unknown_subject(scene) };
        if let Some(topic) = topic.or(unknown) {
            remember(&mut self.topics, topic);
        }
    }
}

impl Discourse {
    /// Where nobody else has been spoken of, a name that nobody has recorded is what the text is about.
    fn unknown_subject(&self, scene: &Scene<'_, '_>) -> Option<Known> {
        let guest = scene.subject(0).and_then(|(at, _)| scene.guests.get(at))?;
        let is_thing = guest.sort == Sort::Unknown && guest.preposition.is_none() && !guest.attributive;
        (self.topics.is_empty() && is_thing).then(|| Known { party: guest.party.clone(), sort: Sort::Organization })
    }

    /// Keeps whose army, junta or government was named: "Myanmar's junta", later "the junta".
    fn remember_owners(&mut self, scene: &Scene<'_, '_>) {
        for guest in
            scene.guests.iter().filter(|guest| !guest.is_pronoun && is_land(&Known { party: guest.party.clone(), sort: guest.sort }))
        {
            let noun = guest.tokens.end + if guest.possessive { 1 + usize::from(scene.text.small(guest.tokens.end + 1) == "s") } else { 0 };
            let noun = scene.text.small(noun);
            if (guest.possessive || guest.attributive) && is_body(noun) {
                let noun = alike(noun);
                self.owned.retain(|(other, _)| other != noun);
                self.owned.push((noun.to_string(), Known { party: guest.party.clone(), sort: guest.sort }));
            }
        }
    }

    /// Whose it is, of "the junta" and the like.
    fn owner(&self, noun: &str) -> Option<&Known> {
        let noun = alike(noun);
        self.owned.iter().find(|(other, _)| other == noun).map(|(_, known)| known)
    }
}

/// Whether somebody is a state, or means one.
fn is_land(known: &Known) -> bool {
    is_land_sort(known.sort) && matches!(known.party, Party::Known(_))
}

fn is_land_sort(sort: Sort) -> bool {
    matches!(sort, Sort::State | Sort::Place | Sort::Body)
}

/// One word for those that mean the same body: "Myanmar's junta" is "the regime" a sentence later.
fn alike(noun: &str) -> &str {
    match noun {
        "junta" | "regime" | "authorities" | "generals" => "government",
        "military" | "forces" => "army",
        other => other,
    }
}

/// Nouns for parts of a state.
pub fn is_place_noun(noun: &str) -> bool {
    matches!(noun, "city" | "town" | "village" | "province" | "region" | "district" | "capital" | "port" | "enclave" | "peninsula")
}

/// Nouns for what rules a state and fights for it.
fn is_body(noun: &str) -> bool {
    matches!(
        noun,
        "junta"
            | "government"
            | "army"
            | "military"
            | "regime"
            | "authorities"
            | "treasury"
            | "navy"
            | "parliament"
            | "forces"
            | "generals"
    )
}

/// Whether a state is what a noun calls it: "the island", "the kingdom".
fn is_such(noun: &str, party: &Party) -> bool {
    match noun {
        "island" => ISLANDS.contains(party.as_str()),
        "kingdom" => KINGDOMS.contains(party.as_str()),
        "sultanate" | "emirate" => EMIRATES.contains(party.as_str()),
        _ => true,
    }
}

/// Puts somebody at the end of a short list.
fn remember(list: &mut Vec<Known>, known: Known) {
    list.retain(|other| *other != known);
    if list.len() >= RECENT_MAX {
        list.remove(0);
    }
    list.push(known);
}

/// Whether the text can be about somebody: persons and unknown things are not kept.
fn is_topic(sort: Sort, party: &Party) -> bool {
    sort != Sort::Unknown && (matches!(party, Party::Known(_)) || sort == Sort::Organization)
}

/// "the island", "the bloc": a noun that stands for somebody named before.
fn definite<'r>(scene: &Scene<'_, '_>, token: usize) -> Option<(Range<usize>, &'r [Sort], bool)> {
    let wanted: &[Sort] = match scene.text.small(token + 1) {
        "country" | "nation" | "island" | "kingdom" | "republic" | "state" | "mainland" | "sultanate" | "emirate" => &[Sort::State],
        noun if is_place_noun(noun) => &[Sort::Place],
        "bloc" | "alliance" | "organisation" | "organization" | "company" | "firm" => &[Sort::Organization],
        "agency" => &[Sort::Organization, Sort::Body],
        "group" | "militia" | "movement" | "rebels" | "insurgents" | "militants" | "jihadists" => &[Sort::Group, Sort::Organization],
        noun if is_body(noun) => &[Sort::State, Sort::Place, Sort::Body],
        _ => return None,
    };
    let end = token + 2;
    let possessive = matches!(scene.text.word(end), "’" | "'") && !scene.text.spaced(end);
    // "the state of emergency", "the country club" name something else.
    let named = scene.text.small(end) == "of"
        || scene.piece.word(end) == Word::Plain && scene.text.kind(end) == Some(crate::extraction::text::Kind::Word);
    if named && !possessive { None } else { Some((token..end, wanted, possessive)) }
}

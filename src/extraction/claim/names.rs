//! Who is named where: recorded actors by any of their names, well-known places, and names that nobody has recorded.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use super::lexicon::{Class, Form, Word};
use super::nouns::{is_institution, is_money};
use crate::domain::actor::ActorKind;
use crate::domain::record::NameRole;
use crate::domain::slug::Slug;
use crate::extraction::candidate::Party;
use crate::extraction::knowledge::Knowledge;
use crate::extraction::text::{BlockKind, Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::{CURRENCY_CODES, INSTITUTION_NOUNS, PARTICLES_OF_NAMES, WordClass};

/// Nouns with which a name begins that goes on after "of": "Bank of".
static NOUNS_OF_BODIES_AND_WATERS: WordClass = WordClass::named("nouns of bodies and waters");

/// What numbers are called in short: "GDP", "CPI". They measure, and are nobody.
static MEASURES: WordClass = WordClass::named("acronyms of measures");
/// What firms and states do, whose subject is hardly ever a thing.
static VERBS_OF_FIRMS: WordClass = WordClass::named("verbs of firms");

/// What sort of name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A state or territory.
    State,
    /// A place that lies in a state.
    Place,
    /// A recorded organisation, bloc, company.
    Organization,
    /// A recorded body of a state.
    Body,
    /// A recorded armed group.
    Group,
    /// A name of which nothing is known.
    Unknown,
}

/// How the name is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The name itself.
    Noun,
    /// A people's name before a noun: "Turkish companies".
    Adjective,
    /// A people: "Egyptians".
    People,
    /// A capital that stands for a government, or for itself.
    Seat,
}

/// A name in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Its tokens, without article and possessive mark.
    pub tokens: Range<usize>,
    /// What sort it is.
    pub sort: Sort,
    /// How it is used.
    pub shape: Shape,
    /// Whom it means as actor: the state of a body or place, where there is one.
    pub party: Party,
    /// Whether "’s" follows.
    pub possessive: bool,
}

static PLACES: LazyLock<HashMap<String, Slug>> = LazyLock::new(|| {
    let lines = include_str!("../words/places.csv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.rsplit_once(',').and_then(|(name, code)| Some((joined(name), Slug::parse(code).ok()?)))).collect()
});
/// Longest name of a place, in tokens.
const PLACE_TOKENS_MAX: usize = 4;
/// Longest name that nobody has recorded, in tokens.
const UNKNOWN_TOKENS_MAX: usize = 8;

/// Words that begin sentences and titles with a capital and are no names.
static NO_NAMES: WordClass = WordClass::lines_of(include_str!("../words/no_names.txt"));

/// A name as places are looked up: tokens in small letters with one space between.
fn joined(name: &str) -> String {
    let text = Text::new(name);
    (0..text.tokens.len()).map(|token| text.small(token)).collect::<Vec<_>>().join(" ")
}

/// Finds all names of a text, in order.
pub fn find(text: &Text<'_>, uses: &Uses, knowledge: &Knowledge) -> Vec<Name> {
    let inside = names_inside_sentences(text, uses);
    let mut names = Vec::new();
    let mut token = 0;
    while token < text.tokens.len() {
        let found = if is_open(text, uses, token)
            && (text.is_capital(token)
                || text.kind(token) == Some(Kind::Word) && !text.word(token).is_ascii()
                || begins_small_name(text, token))
        {
            name_at(text, uses, knowledge, token, &inside)
        } else {
            None
        };
        match found {
            Some(name) => {
                token = name.tokens.end.max(token + 1);
                names.push(name);
            }
            None => token += 1,
        }
    }
    names
}

/// Whether a token can begin a name; "US$" and "Turkish liras" name money.
fn is_open(text: &Text<'_>, uses: &Uses, token: usize) -> bool {
    match uses.of(token) {
        Use::Free | Use::Name => true,
        Use::Quantity => {
            let mut next = text.small(token + 1);
            next = next.strip_suffix('s').unwrap_or(next);
            !is_money(next) && !is_money(text.small(token + 2).trim_end_matches('s')) && !matches!(next, "$" | "£" | "¥" | "€")
        }
        _ => false,
    }
}

/// "al-Shabaab" begins with a small letter.
fn begins_small_name(text: &Text<'_>, token: usize) -> bool {
    text.word(token) == "al" && text.is_capital(token + 2)
}

/// Single words that stand with a capital inside a sentence somewhere: at the beginning of one they are names as well.
fn names_inside_sentences<'t>(text: &Text<'t>, uses: &Uses) -> HashSet<&'t str> {
    let mut inside = HashSet::new();
    for sentence in &text.sentences {
        let is_heading = text.blocks.get(text.block_of(sentence.start)).is_some_and(|block| block.kind == BlockKind::Heading);
        if is_heading {
            continue;
        }
        for token in sentence.start + 1..sentence.end {
            if text.is_capital(token) && uses.of(token) != Use::Time && !opens_after_mark(text, token) {
                inside.insert(text.word(token));
            }
        }
    }
    inside
}

fn opens_after_mark(text: &Text<'_>, token: usize) -> bool {
    matches!(text.word(token.wrapping_sub(1)), "“" | "\"" | "‘" | ":" | "." | ")" | "•" | "-" | "–" | "—")
}

fn name_at(text: &Text<'_>, uses: &Uses, knowledge: &Knowledge, token: usize, inside: &HashSet<&str>) -> Option<Name> {
    let known = recorded(text, knowledge, token);
    let place = if text.is_capital(token) { place(text, token) } else { None };
    let unknown = if text.is_capital(token) { unknown(text, uses, knowledge, token, inside) } else { None };
    // A longer name holds the shorter one ("Bank of Ghana"), unless it begins with a people's name or a state's possessor.
    let best = match (known, place) {
        (Some(known), Some(place)) if place.tokens.len() > known.tokens.len() => Some(place),
        (Some(known), _) => Some(known),
        (None, place) => place,
    };
    let best = best.or_else(|| unknown.as_ref().and_then(|unknown| misspelt(text, knowledge, unknown)));
    let is_longer = |best: &Name, unknown: &Name| unknown.tokens.len() > best.tokens.len() && is_institution(text, &unknown.tokens);
    // "Kenya Airways" is no Kenya; "US President" is nobody else.
    let is_compound = |best: &Name, unknown: &Name| {
        let is_state = best.sort == Sort::State && best.shape == Shape::Noun && !best.possessive;
        let next = best.tokens.end;
        is_state
            && unknown.tokens.end > next
            && text.is_capital(next)
            && !NO_NAMES.contains(text.small(next))
            && knowledge.actor_at(text, next).is_none()
    };
    match (best, unknown) {
        (Some(best), Some(unknown)) if is_compound(&best, &unknown) || is_longer(&best, &unknown) => Some(unknown),
        (Some(best), _) => Some(best),
        (None, unknown) => unknown,
    }
}

/// A recorded actor's name.
fn recorded(text: &Text<'_>, knowledge: &Knowledge, token: usize) -> Option<Name> {
    let (meanings, count) = knowledge.actor_at(text, token)?;
    let tokens = token..token + count;
    let meaning = meanings.iter().filter(|meaning| is_printed_as_name(text, &tokens, meaning.role)).min_by_key(|meaning| meaning.role)?;
    // "Korean" and "Congolese" may mean two: none of them is picked.
    if !meaning.role.identifies() && meanings.iter().any(|other| other.slug != meaning.slug) {
        return None;
    }
    let actor = knowledge.actor(&meaning.slug)?;
    let state = actor.part_of.clone().filter(|_| matches!(actor.kind, ActorKind::GovernmentBody));
    let sort = match actor.kind {
        ActorKind::State | ActorKind::Territory => Sort::State,
        ActorKind::Region => Sort::Place,
        ActorKind::GovernmentBody => Sort::Body,
        ActorKind::ArmedGroup => Sort::Group,
        _ => Sort::Organization,
    };
    let last = text.small(tokens.end - 1);
    let shape = match meaning.role {
        NameRole::Demonym if last.ends_with('s') && !matches!(last, "swiss") => Shape::People,
        NameRole::Demonym => Shape::Adjective,
        NameRole::Metonym => Shape::Seat,
        _ => Shape::Noun,
    };
    let party = Party::Known(state.unwrap_or_else(|| meaning.slug.clone()));
    Some(Name { possessive: is_possessive(text, tokens.end), tokens, sort, shape, party })
}

/// Whether the letters' case fits a name: codes only in capitals, words with a capital.
fn is_printed_as_name(text: &Text<'_>, tokens: &Range<usize>, role: NameRole) -> bool {
    let printed = text.slice(tokens.clone());
    let letters = printed.chars().filter(|c| c.is_alphabetic()).count();
    let is_short = tokens.len() == 1 && letters <= 3;
    let is_upper = printed.chars().all(|c| !c.is_alphabetic() || c.is_uppercase());
    match role {
        NameRole::Code | NameRole::Slug => is_upper && letters == 3 && tokens.len() == 1,
        _ if is_short => is_upper,
        NameRole::Alias if letters <= 5 && is_acronym(text.word(tokens.start)) => is_upper,
        _ => printed.starts_with(|c: char| c.is_uppercase() || !c.is_ascii()) || printed.starts_with("al"),
    }
}

/// A state's name that lacks one letter inside: "Russa".
fn misspelt(text: &Text<'_>, knowledge: &Knowledge, unknown: &Name) -> Option<Name> {
    let state = (unknown.tokens.len() == 1).then(|| knowledge.state_lacking_a_letter(text.word(unknown.tokens.start))).flatten()?;
    Some(Name { sort: Sort::State, party: Party::Known(state.clone()), ..unknown.clone() })
}

/// A well-known place's name.
fn place(text: &Text<'_>, token: usize) -> Option<Name> {
    let mut words = String::new();
    let mut found = None;
    for count in 1..=PLACE_TOKENS_MAX {
        if count > 1 {
            words.push(' ');
        }
        words.push_str(text.small(token + count - 1));
        if let Some(state) = PLACES.get(&words) {
            found = Some((state, count));
        }
        if count == 1 && !text.is_capital(token) {
            return None;
        }
    }
    let (state, count) = found?;
    let tokens = token..token + count;
    let possessive = is_possessive(text, tokens.end);
    Some(Name { tokens, sort: Sort::Place, shape: Shape::Noun, party: Party::Known(state.clone()), possessive })
}

/// A run of capitalised words that nobody has recorded.
fn unknown(text: &Text<'_>, uses: &Uses, knowledge: &Knowledge, start: usize, inside: &HashSet<&str>) -> Option<Name> {
    let opens =
        text.sentences.get(text.sentence_of(start)).is_some_and(|sentence| sentence.start == start) || opens_after_mark(text, start);
    if NO_NAMES.contains(text.small(start)) || MEASURES.contains(text.small(start)) || is_currency(text, uses, start) {
        return None;
    }
    // In a title every word has a capital: "Who Holds Islamabad’s Paper".
    let in_title = text.blocks.get(text.block_of(start)).is_some_and(|block| block.kind == BlockKind::Heading);
    let mut end = start + 1;
    while end < start + UNKNOWN_TOKENS_MAX && end < text.tokens.len() && is_open(text, uses, end) {
        let joins = text.small(end);
        if in_title && begins_recorded(text, knowledge, end) && !is_institution(text, &(start..end)) {
            break;
        }
        if text.is_capital(end)
            && text.spaced(end)
            && super::lexicon::look_up(joins) == Word::Plain
            && text.tokens.get(end).is_some_and(|token| token.breaks == 0)
        {
            end += 1;
        } else if (PARTICLES_OF_NAMES.contains(joins) || matches!(joins, "of" | "for" | "the" | "&"))
            && (text.is_capital(end + 1) || matches!(text.small(end + 1), "the" | "la") && text.is_capital(end + 2))
            && (!matches!(joins, "for" | "the" | "of")
                || is_institution(text, &(start..end))
                || end == start + 1 && is_title(text.small(start)))
        {
            end += if text.is_capital(end + 1) { 2 } else { 3 };
        } else if text.is_mark(end, '-') && !text.spaced(end) && !text.spaced(end + 1) && text.is_capital(end + 1) {
            end += 2;
        } else {
            break;
        }
    }
    if opens
        && end == start + 1
        && !inside.contains(text.word(start))
        && !is_possessive(text, end)
        && !is_acronym(text.word(start))
        && !acts(text, start)
    {
        return None;
    }
    let tokens = start..end;
    if text.slice(tokens.clone()).chars().count() < 2 {
        return None;
    }
    let sort = if is_institution(text, &tokens) { Sort::Organization } else { Sort::Unknown };
    Some(Name {
        possessive: is_possessive(text, end),
        party: Party::Named(text.slice(tokens.clone()).to_string()),
        tokens,
        sort,
        shape: Shape::Noun,
    })
}

/// "Karvolia exported 20 tonnes": one word at the beginning of a sentence that gives, gets or employs is somebody; plurals and what
/// institutions are called are nobody in particular.
fn acts(text: &Text<'_>, start: usize) -> bool {
    let word = text.small(start);
    let acts =
        matches!(super::lexicon::look_up(text.small(start + 1)), Word::Verb(Class::Give | Class::Get, Form::Past | Form::Present, false))
            || VERBS_OF_FIRMS.contains(text.small(start + 1));
    // "Equipment delivered to …" is a participle.
    let has_object = !matches!(super::lexicon::look_up(text.small(start + 2)), Word::Preposition | Word::To);
    let is_noun = word.ends_with('s') || super::lexicon::look_up(word) != Word::Plain || INSTITUTION_NOUNS.contains(word);
    acts && has_object && !is_noun
}

/// Whether a recorded actor or a well-known place is named at a token.
fn begins_recorded(text: &Text<'_>, knowledge: &Knowledge, token: usize) -> bool {
    text.is_capital(token) && (knowledge.actor_at(text, token).is_some() || place(text, token).is_some())
}

/// Whether a token is the money of a quantity: "NOK 40 million" names no NOK.
fn is_currency(text: &Text<'_>, uses: &Uses, token: usize) -> bool {
    uses.of(token) == Use::Quantity && CURRENCY_CODES.contains(text.word(token))
}

fn is_acronym(word: &str) -> bool {
    word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase())
}

fn is_title(word: &str) -> bool {
    NOUNS_OF_BODIES_AND_WATERS.contains(word)
}

/// Whether "’s", or the bare mark after an s, follows.
fn is_possessive(text: &Text<'_>, end: usize) -> bool {
    let mark = matches!(text.word(end), "’" | "'") && !text.spaced(end);
    mark && (text.small(end + 1) == "s" && !text.spaced(end + 1) || text.small(end.wrapping_sub(1)).ends_with('s') && text.spaced(end + 1))
}

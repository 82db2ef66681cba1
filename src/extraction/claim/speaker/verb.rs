//! Who says so by a verb: "X said that …", "…, X said", "…, said X", "X counted …", "X's figure is …".

use std::ops::Range;

use super::words::{can_count, is_figure, noun_phrase, party, subject_words};
use super::{Earlier, Said, segment};
use crate::extraction::candidate::Party;
use crate::extraction::claim::clauses::{Clause, Group, Opener};
use crate::extraction::claim::lexicon::{Class, Word};
use crate::extraction::claim::names::{Shape, Sort};
use crate::extraction::claim::scene::Scene;
use crate::extraction::text::Kind;
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::WordClass;

/// What a business reports of itself.
static NOUNS_OF_BUSINESS_RESULTS: WordClass = WordClass::named("nouns of business results");

/// Whoever the words before a verb name.
struct Subject {
    words: Range<usize>,
    who: Party,
    /// Whether they stand farther off: "UNHCR, which has 120 staff there, registered …".
    is_far: bool,
}

/// Whoever says something in a clause.
pub(super) fn find(scene: &Scene<'_, '_>, uses: &Uses, index: usize, before: Option<&Earlier>) -> Option<Said> {
    let clause = scene.piece.clauses.get(index)?;
    let group = clause.group.as_ref()?;
    let says = match clause.class()? {
        Class::Say => true,
        Class::Count => false,
        Class::Hold => return by_figure(scene, uses, clause),
        Class::Other if adds(scene, uses, group) => true,
        _ => return None,
    };
    if !tells(scene, group) {
        return None;
    }
    let whole = segment(scene, group.main);
    if says && let Some(said) = inverted(scene, uses, group, &whole) {
        return Some(said);
    }
    let subject = subject(scene, uses, index, clause, before)?;
    if acts(scene, uses, group, &subject.words, says) {
        return None;
    }
    let scope = scope(scene, uses, (index, clause, group), &subject.words, says, whole);
    let rule = match (subject.is_far, says) {
        (true, _) => "said-far",
        (false, true) => "said",
        (false, false) => "counted",
    };
    Some(Said { who: subject.who, words: subject.words, scope, counts: !says, rule })
}

/// "He added that …", "…, she added": to add is to say where no thing is added.
fn adds(scene: &Scene<'_, '_>, uses: &Uses, group: &Group) -> bool {
    matches!(scene.text.small(group.main), "added" | "adds")
        && (scene.text.small(group.tokens.end) == "that" || is_last(scene, uses, group.tokens.end, scene.piece.tokens.end))
}

/// Whether verbs tell something at all: not in the passive, not denied, no participle that only weakens.
fn tells(scene: &Scene<'_, '_>, group: &Group) -> bool {
    let verb = scene.text.small(group.main);
    let no_place = matches!(verb, "put" | "puts") && !puts_at(scene, group.main);
    // "profits, expected at 3 billion": a participle that weakens, no verb.
    let is_bare = group.tokens.len() == 1 && scene.text.is_mark(group.tokens.start.wrapping_sub(1), ',');
    let weakens = is_bare && matches!(verb, "expected" | "projected" | "believed" | "estimated" | "thought" | "forecast");
    group.finite && !group.passive && !verb.starts_with("den") && !no_place && !weakens
}

fn puts_at(scene: &Scene<'_, '_>, verb: usize) -> bool {
    (verb..scene.piece.tokens.end.min(verb + 20)).any(|token| scene.text.small(token) == "at")
}

/// "…, said Ana Ruiz, head of the Tea Authority".
fn inverted(scene: &Scene<'_, '_>, uses: &Uses, group: &Group, whole: &Range<usize>) -> Option<Said> {
    let follows = scene.text.word(group.tokens.start.wrapping_sub(1));
    if !matches!(follows, "," | "”" | "\"" | "’" | "—" | "–") || group.tokens.start <= whole.start {
        return None;
    }
    let words = noun_phrase(scene, uses, group.tokens.end)?;
    // What follows the name says who that is.
    let end = (words.end..whole.end).find(|token| matches!(scene.text.word(*token), "“" | "\"" | ".")).unwrap_or(whole.end);
    Some(Said { who: party(scene, &words)?, words: words.start..end, scope: whole.clone(), counts: false, rule: "inverted" })
}

fn subject(scene: &Scene<'_, '_>, uses: &Uses, index: usize, clause: &Clause, before: Option<&Earlier>) -> Option<Subject> {
    let group = clause.group.as_ref()?;
    let far = || {
        scene
            .subject(index)
            .and_then(|(at, _)| scene.guests.get(at))
            .filter(|guest| !guest.is_pronoun && guest.tokens.end <= group.tokens.start)
    };
    let named =
        || scene.guests.iter().find(|guest| guest.tokens.end + 1 == group.tokens.start && scene.text.is_mark(guest.tokens.end, ','));
    let near = subject_words(scene, uses, clause);
    let is_far = near.is_none();
    let words = near.or_else(|| far().or_else(named).map(|guest| guest.tokens.clone()))?;
    let is_pronoun = words.len() == 1 && scene.piece.word(words.start) == Word::Pronoun;
    let who = match scene.text.small(words.start) {
        "he" | "she" if is_pronoun => before.filter(|before| before.is_near()).map(|before| before.who.clone())?,
        // "It had put the number at 6 million": the ministry that spoke in the sentence before, unless a state is meant.
        "it" | "they" if is_pronoun && before.is_some_and(|before| before.age < 2 && matches!(before.who, Party::Named(_))) => {
            before.map(|before| before.who.clone())?
        }
        _ => party(scene, &words)?,
    };
    Some(Subject { words, who, is_far })
}

/// Whether the subject does something here rather than tell it: reports its own results, announces money, admits patients.
fn acts(scene: &Scene<'_, '_>, uses: &Uses, group: &Group, words: &Range<usize>, says: bool) -> bool {
    let verb = scene.text.small(group.main);
    let own = scene.guests.iter().find(|guest| guest.tokens == *words && !guest.is_pronoun);
    let is_state = own.is_some_and(|guest| guest.sort == Sort::State && guest.shape == Shape::Noun);
    let is_seat = own.is_some_and(|guest| guest.shape == Shape::Seat);
    let head = scene.text.small(words.end.saturating_sub(1));
    let has_figure = has_figure(scene, uses, group.tokens.end);
    let does = match verb {
        "report" | "reports" | "reported" => own_results(scene, group.main) || is_state && !scene.text.matches(group.main + 1, &["that"]),
        "found" => is_state && !scene.text.matches(group.main + 1, &["that"]),
        "announce" | "announces" | "announced" => has_figure && scene.guests.iter().any(|guest| guest.tokens.end == words.end),
        // "the hospital has admitted 40 wounded"
        "admit" | "admits" | "admitted" => {
            has_figure
                && matches!(head, "hospital" | "hospitals" | "clinic" | "clinics" | "camp" | "camps" | "ward" | "university" | "centre")
        }
        // "its navy counts 370 hulls": it has them.
        "count" | "counts" => has_figure && matches!(head, "navy" | "army" | "fleet" | "force" | "forces" | "militia" | "guard"),
        // "Kathmandu recorded 239 mm of rain": it fell there.
        "record" | "records" | "recorded" | "register" | "registers" | "registered" => is_seat,
        _ => false,
    };
    does || !says && (is_state || !can_count(scene, words))
}

/// Whether a figure is what a verb is about: "announced a new $5 billion package".
fn has_figure(scene: &Scene<'_, '_>, uses: &Uses, end: usize) -> bool {
    (end..end + 4)
        .take_while(|token| !matches!(scene.piece.word(*token), Word::Relative | Word::Subordinator | Word::Pronoun | Word::Preposition))
        .any(|token| uses.of(token) == Use::Quantity)
}

/// What is said stands before the verb ("…, X said on Monday"), unless nothing with a verb does; then after it.
fn scope(
    scene: &Scene<'_, '_>,
    uses: &Uses,
    (index, clause, group): (usize, &Clause, &Group),
    words: &Range<usize>,
    says: bool,
    whole: Range<usize>,
) -> Range<usize> {
    let is_last = is_last(scene, uses, group.tokens.end, whole.end);
    let closes = (says || is_last)
        && scene.text.small(group.tokens.end) != "that"
        && (clause.opener != Opener::Fresh && index > 0 || scene.text.word(words.start.wrapping_sub(1)) == "”")
        && is_set_off(scene, words);
    let opens_with_as = clause.tokens.clone().take(2).any(|token| scene.text.small(token) == "as");
    if !closes && !opens_with_as {
        return group.tokens.end..whole.end;
    }
    // "…, customs records show, and exports have grown": what "and" goes on with is said by nobody in particular.
    let end = group.tokens.end;
    let ends_here = scene.text.is_mark(end, ',') && scene.piece.word(end + 1) == Word::And && index + 1 < scene.piece.clauses.len();
    whole.start..if ends_here { end } else { whole.end }
}

/// Whether a comma or a closing quotation mark stands before a subject.
fn is_set_off(scene: &Scene<'_, '_>, words: &Range<usize>) -> bool {
    let is_mark = |back: usize| matches!(scene.text.word(words.start.wrapping_sub(back)), "," | "”" | "\"" | "—" | "–");
    is_mark(1) || scene.piece.word(words.start.wrapping_sub(1)) == Word::Determiner && is_mark(2)
}

/// Whether nothing but a time stands behind a verb: then it closes what is said.
fn is_last(scene: &Scene<'_, '_>, uses: &Uses, from: usize, end: usize) -> bool {
    (from..end).all(|token| uses.of(token) == Use::Time || scene.text.kind(token) == Some(Kind::Mark))
}

/// What an organisation reports of itself: its own results.
fn own_results(scene: &Scene<'_, '_>, verb: usize) -> bool {
    (verb + 1..verb + 6).any(|token| {
        let word = scene.text.small(token);
        NOUNS_OF_BUSINESS_RESULTS.contains(word)
    })
}

/// "The government's figure is 2,000".
fn by_figure(scene: &Scene<'_, '_>, uses: &Uses, clause: &Clause) -> Option<Said> {
    let group = clause.group.as_ref()?;
    let head = group.tokens.start.checked_sub(1)?;
    if !is_figure(scene.text.small(head)) {
        return None;
    }
    let words = subject_words(scene, uses, clause)?;
    let owner = words.start..words.clone().find(|token| matches!(scene.text.word(*token), "’" | "'"))?;
    let whole = segment(scene, group.main);
    Some(Said { who: party(scene, &owner)?, words: owner, scope: group.tokens.end..whole.end, counts: false, rule: "figure" })
}

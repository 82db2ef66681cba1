//! Who says so: "X said", "says X", "according to X", "X counted", "X's figures show", "on X's own count".

use std::ops::Range;

use super::clauses::{Clause, Opener};
use super::lexicon::{Class, Word};
use super::names::{Shape, Sort};
use super::nouns::{is_institution, speaks};
use super::scene::Scene;
use crate::extraction::candidate::Party;
use crate::extraction::text::Kind;
use crate::extraction::uses::{Use, Uses};

/// Words of a speaker at most.
const WORDS_MAX: usize = 10;

/// Somebody who says something.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Who.
    pub who: Party,
    /// The words that name them.
    pub words: Range<usize>,
    /// What they say: tokens of the sentence.
    pub scope: Range<usize>,
    /// Whether they give a number that they made themselves.
    pub counts: bool,
    /// The rule that found them.
    pub rule: &'static str,
}

/// Everybody who says something in a sentence, in the order of their words.
pub fn find(scene: &Scene<'_, '_>, uses: &Uses, before: Option<&Party>) -> Vec<Said> {
    let mut found = Vec::new();
    for (index, clause) in scene.piece.clauses.iter().enumerate() {
        if let Some(said) = by_verb(scene, uses, index, clause, before) {
            found.push(said);
        }
    }
    for token in scene.piece.tokens.clone() {
        if let Some(said) = by_phrase(scene, uses, token) {
            found.push(said);
        }
    }
    found.sort_by_key(|said| said.words.start);
    found
}

/// Who says what stands at a token: the one whose scope is the narrowest.
pub fn of(said: &[Said], token: usize) -> Option<&Said> {
    said.iter().filter(|said| said.scope.contains(&token) && !said.words.contains(&token)).min_by_key(|said| said.scope.len())
}

/// The stretch between semicolons in which a token stands.
fn segment(scene: &Scene<'_, '_>, token: usize) -> Range<usize> {
    let is_cut = |at: &usize| scene.text.is_mark(*at, ';');
    let start = (scene.piece.tokens.start..token).rev().find(is_cut).map_or(scene.piece.tokens.start, |cut| cut + 1);
    start..(token..scene.piece.tokens.end).find(is_cut).unwrap_or(scene.piece.tokens.end)
}

/// "X said that …", "…, X said", "…, said X", "X counted …".
fn by_verb(scene: &Scene<'_, '_>, uses: &Uses, index: usize, clause: &Clause, before: Option<&Party>) -> Option<Said> {
    let group = clause.group.as_ref()?;
    let verb = scene.text.small(group.main);
    let says = match clause.class()? {
        Class::Say => true,
        Class::Count => false,
        Class::Hold => return by_figure(scene, uses, clause),
        _ => return None,
    };
    if group.passive || !group.finite || verb.starts_with("den") || matches!(verb, "put" | "puts") && !puts_at(scene, group.main) {
        return None;
    }
    let whole = segment(scene, group.main);
    // "profits, expected at 3 billion": a participle that weakens, no verb.
    let is_bare = group.tokens.len() == 1 && scene.text.is_mark(group.tokens.start.wrapping_sub(1), ',');
    if is_bare && matches!(verb, "expected" | "projected" | "believed" | "estimated" | "thought" | "forecast") {
        return None;
    }
    let follows = scene.text.word(group.tokens.start.wrapping_sub(1));
    let inverted = says && matches!(follows, "," | "”" | "\"" | "’" | "—" | "–") && group.tokens.start > whole.start;
    if inverted && let Some(words) = noun_phrase(scene, uses, group.tokens.end) {
        // What follows the name says who that is: "said Ana Ruiz, head of the Tea Authority".
        let explained =
            words.start..(words.end..whole.end).find(|token| matches!(scene.text.word(*token), "“" | "\"" | ".")).unwrap_or(whole.end);
        return Some(Said { who: party(scene, &words)?, words: explained, scope: whole, counts: false, rule: "inverted" });
    }
    // "UNHCR, which has 120 staff there, registered …": the subject stands farther off.
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
    let who = match scene.piece.word(words.start) {
        Word::Pronoun if words.len() == 1 && matches!(scene.text.small(words.start), "he" | "she") => before.cloned()?,
        _ => party(scene, &words)?,
    };
    let is_state = scene
        .guests
        .iter()
        .any(|guest| guest.tokens == words && guest.sort == Sort::State && guest.shape == Shape::Noun && !guest.is_pronoun);
    if own_results(scene, group.main) && verb.starts_with("report")
        || !says && (is_state || !can_count(scene, &words))
        || is_state && matches!(verb, "report" | "reported" | "reports" | "found") && !scene.text.matches(group.main + 1, &["that"])
    {
        return None;
    }
    // What is said stands before it ("…, X said on Monday"), unless nothing with a verb does; then after it.
    let is_last = is_last(scene, uses, group.tokens.end, whole.end);
    let closes = (says || is_last)
        && scene.text.small(group.tokens.end) != "that"
        && (clause.opener != Opener::Fresh && index > 0 || scene.text.word(words.start.wrapping_sub(1)) == "”")
        && is_set_off(scene, &words);
    let scope = if closes || scene.text.small(clause.tokens.start) == "as" { whole } else { group.tokens.end..whole.end };
    Some(Said {
        who,
        words,
        scope,
        counts: !says,
        rule: if is_far {
            "said-far"
        } else if says {
            "said"
        } else {
            "counted"
        },
    })
}

fn puts_at(scene: &Scene<'_, '_>, verb: usize) -> bool {
    (verb..scene.piece.tokens.end.min(verb + 20)).any(|token| scene.text.small(token) == "at")
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
        matches!(
            word,
            "revenue"
                | "revenues"
                | "profit"
                | "profits"
                | "sales"
                | "loss"
                | "losses"
                | "earnings"
                | "income"
                | "turnover"
                | "results"
                | "orders"
                | "surplus"
                | "deficit"
        )
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

fn is_figure(word: &str) -> bool {
    matches!(
        word,
        "figure"
            | "figures"
            | "count"
            | "estimate"
            | "estimates"
            | "tally"
            | "data"
            | "records"
            | "statistics"
            | "numbers"
            | "reckoning"
            | "account"
            | "projection"
            | "projections"
            | "calculations"
            | "accounts"
            | "forecast"
            | "toll"
    )
}

/// "according to X", "on X's own count", "by X's estimate".
fn by_phrase(scene: &Scene<'_, '_>, uses: &Uses, token: usize) -> Option<Said> {
    let text = scene.text;
    if text.small(token) == "according" && text.small(token + 1) == "to" {
        let words = noun_phrase(scene, uses, token + 2)?;
        return Some(Said {
            who: party(scene, &words)?,
            words: token..words.end,
            scope: segment(scene, token),
            counts: false,
            rule: "according-to",
        });
    }
    if !matches!(text.small(token), "on" | "by") || !scene.piece.tokens.contains(&token) {
        return None;
    }
    let end = (token + 2..scene.piece.tokens.end.min(token + WORDS_MAX + 2)).find(|at| matches!(text.word(*at), "’" | "'"))?;
    let after = end + 1 + usize::from(text.small(end + 1) == "s");
    let after = after + usize::from(matches!(text.small(after), "own" | "latest" | "official"));
    if !is_figure(text.small(after)) {
        return None;
    }
    let words = noun_phrase(scene, uses, token + 1)?;
    let words = words.start..words.end.min(end);
    let whole = segment(scene, token);
    Some(Said { who: party(scene, &words)?, words: token..after, scope: token..whole.end, counts: true, rule: "own-count" })
}

/// The words of a subject: from the clause's beginning, or from the comma before the verb, without articles and times.
fn subject_words(scene: &Scene<'_, '_>, uses: &Uses, clause: &Clause) -> Option<Range<usize>> {
    let before = clause.before_verb();
    let mut end = before.end;
    while end > before.start
        && (uses.of(end - 1) == Use::Time
            || matches!(scene.piece.word(end - 1), Word::Adverb | Word::Relative)
            || scene.text.is_mark(end - 1, ','))
    {
        end -= 1;
    }
    let mut start = end;
    while start > before.start && end - start < WORDS_MAX + 4 {
        let token = start - 1;
        let stops = uses.of(token) == Use::Time
            || matches!(scene.text.word(token), "," | "”" | "“" | "\"" | ";" | ":" | "—" | "–" | ")" | "(")
            || matches!(scene.piece.word(token), Word::And | Word::Subordinator) && !scene.text.is_capital(token.wrapping_sub(1))
            || scene.text.is_mark(token, '-') && scene.text.spaced(token) && scene.text.spaced(token + 1)
            || scene.text.small(token) == "as"
            || uses.of(token) == Use::Quantity;
        if stops {
            break;
        }
        start = token;
    }
    trimmed(scene, start..end)
}

/// The noun phrase that begins at a token.
fn noun_phrase(scene: &Scene<'_, '_>, uses: &Uses, start: usize) -> Option<Range<usize>> {
    let mut end = start;
    while end < scene.piece.tokens.end && end < start + WORDS_MAX + 4 {
        let stops = matches!(uses.of(end), Use::Time | Use::Citation | Use::Quantity)
            || matches!(
                scene.piece.word(end),
                Word::Verb(..) | Word::Be | Word::Auxiliary | Word::Modal | Word::Relative | Word::Subordinator | Word::To | Word::Pronoun
            )
            || scene.piece.word(end) == Word::Preposition
                && !matches!(scene.text.small(end), "of" | "for" | "at")
                && !is_source(scene, start, end)
            || scene.piece.word(end) == Word::And && !scene.text.is_capital(end + 1)
            || matches!(scene.text.word(end), "," | ";" | ":" | "“" | "”" | "\"" | "(" | ")" | "[" | "—" | "–" | "!" | "?")
            || scene.text.is_mark(end, '.') && scene.text.spaced(end + 1);
        if stops {
            break;
        }
        end += 1;
    }
    trimmed(scene, start..end)
}

/// "a report by the World Bank", "data from Reuters".
fn is_source(scene: &Scene<'_, '_>, start: usize, preposition: usize) -> bool {
    let is_text = |token: usize| {
        let word = scene.text.small(token);
        is_figure(word)
            || matches!(
                word,
                "report"
                    | "study"
                    | "survey"
                    | "statement"
                    | "analysis"
                    | "poll"
                    | "reports"
                    | "research"
                    | "paper"
                    | "note"
                    | "document"
                    | "index"
            )
    };
    matches!(scene.text.small(preposition), "by" | "from") && preposition > start && is_text(preposition - 1)
}

fn trimmed(scene: &Scene<'_, '_>, words: Range<usize>) -> Option<Range<usize>> {
    let mut start = words.start;
    let is_empty = |token: usize| {
        scene.text.kind(token) == Some(Kind::Mark)
            || matches!(scene.piece.word(token), Word::Determiner | Word::And | Word::Adverb | Word::Subordinator | Word::Preposition)
    };
    while start < words.end && is_empty(start) {
        start += 1;
    }
    let end = words.end.min(start + WORDS_MAX);
    ((start..end).any(|token| scene.text.kind(token) == Some(Kind::Word))).then_some(start..end)
}

/// Whom the words mean: a state by its code, everybody else as printed.
fn party(scene: &Scene<'_, '_>, words: &Range<usize>) -> Option<Party> {
    let guest = scene.guests.iter().find(|guest| guest.tokens.start == words.start && guest.tokens.end >= words.end);
    if let Some(guest) = guest
        && (guest.is_pronoun || guest.sort == Sort::State)
    {
        return Some(guest.party.clone());
    }
    if matches!(scene.piece.word(words.start), Word::Pronoun | Word::Relative) {
        return None;
    }
    let end = if words.len() > 1 && is_figure(scene.text.small(words.end - 1)) && scene.text.is_capital(words.start) {
        words.end - 1
    } else {
        words.end
    };
    let printed = scene.text.slice(words.start..end).trim_end_matches(['’', '\'']).split_whitespace().collect::<Vec<_>>().join(" ");
    let printed = printed.strip_suffix("’s").or_else(|| printed.strip_suffix("'s")).unwrap_or(&printed).to_string();
    (!printed.is_empty()).then_some(Party::Named(printed))
}

/// Whether a subject can count for others: an organisation, or people whose business it is.
fn can_count(scene: &Scene<'_, '_>, words: &Range<usize>) -> bool {
    let is_named = scene.guests.iter().any(|guest| {
        guest.tokens.start >= words.start
            && guest.tokens.end <= words.end
            && !guest.possessive
            && matches!(guest.sort, Sort::Organization | Sort::Body | Sort::Unknown)
    });
    let last = words.end.saturating_sub(1);
    is_named
        || is_institution(scene.text, &(last..words.end))
        || speaks(scene.text.small(last))
        || matches!(scene.guests.iter().find(|guest| guest.tokens == *words), Some(guest) if guest.shape == Shape::Seat)
}

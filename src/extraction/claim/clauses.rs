//! A sentence cut into clauses: each with its group of verbs, what stands before it, and how it hangs on the one before. No tree, one
//! pass: groups of verbs first, then the best boundary between each two of them. What stands in brackets belongs to the clause around it.

use std::ops::Range;

use super::lexicon::{Class, Form, Word, look_up};
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::{Use, Uses};

/// Longest piece of a sentence that is read as one, in tokens: what is longer is no sentence that a person wrote.
const PIECE_TOKENS_MAX: usize = 160;

/// How a clause begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opener {
    /// At the beginning of the sentence, or after a semicolon or the like.
    Fresh,
    /// "and", "but", a comma: on the same level as the one before.
    Joined,
    /// "which", "who", "that": about the noun before it.
    Relative,
    /// "while", "because".
    Subordinate,
}

/// The verbs of a clause: "has not been delivered".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// First to last word.
    pub tokens: Range<usize>,
    /// The verb that carries the meaning.
    pub main: usize,
    /// Its class.
    pub class: Class,
    /// Whether the subject is acted upon.
    pub passive: bool,
    /// Whether it tells of the past.
    pub past: bool,
    /// Whether it can have a subject of its own; gerunds and participles have none.
    pub finite: bool,
}

/// A clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// All its tokens.
    pub tokens: Range<usize>,
    /// Its verbs.
    pub group: Option<Group>,
    /// How it begins.
    pub opener: Opener,
}

impl Clause {
    /// What stands before the verb: all of it where there is no verb.
    pub fn before_verb(&self) -> Range<usize> {
        let end = self.group.as_ref().map_or(self.tokens.end, |group| group.tokens.start);
        self.tokens.start..end.max(self.tokens.start)
    }

    /// Class of its verb; of one without a verb, none.
    pub fn class(&self) -> Option<Class> {
        self.group.as_ref().map(|group| group.class)
    }

    /// Whether its verb is passive.
    pub fn is_passive(&self) -> bool {
        self.group.as_ref().is_some_and(|group| group.passive)
    }
}

/// A sentence, or a piece of a very long one, as it is read.
#[derive(Debug)]
pub struct Piece {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Its clauses, in order and without gaps.
    pub clauses: Vec<Clause>,
    words: Vec<Word>,
    /// How deep in brackets each token stands.
    depth: Vec<u8>,
}

impl Piece {
    /// Cuts a sentence into pieces that are short enough.
    pub fn ranges(sentence: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let end = sentence.end;
        sentence.clone().step_by(PIECE_TOKENS_MAX).map(move |start| start..end.min(start + PIECE_TOKENS_MAX))
    }

    /// Reads a piece.
    pub fn read(text: &Text<'_>, uses: &Uses, tokens: Range<usize>) -> Self {
        let depth = depths(text, &tokens);
        let words = words(text, uses, &tokens);
        let mut piece = Self { tokens, clauses: Vec::new(), words, depth };
        let groups = piece.groups(text);
        piece.clauses = piece.cut(text, groups);
        piece
    }

    /// The kind of a word of this piece.
    pub fn word(&self, token: usize) -> Word {
        token.checked_sub(self.tokens.start).and_then(|at| self.words.get(at)).copied().unwrap_or(Word::Plain)
    }

    /// Whether a token stands in brackets.
    pub fn is_bracketed(&self, token: usize) -> bool {
        token.checked_sub(self.tokens.start).and_then(|at| self.depth.get(at)).is_some_and(|depth| *depth > 0)
    }

    /// Index of the clause in which a token stands.
    pub fn clause_of(&self, token: usize) -> usize {
        self.clauses.partition_point(|clause| clause.tokens.end <= token).min(self.clauses.len().saturating_sub(1))
    }

    /// Groups of verbs, in order.
    fn groups(&self, text: &Text<'_>) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut token = self.tokens.start;
        while token < self.tokens.end {
            if self.is_bracketed(token) || !begins_group(self.word(token)) {
                token += 1;
                continue;
            }
            let group = self.group_at(text, token);
            token = group.tokens.end;
            if (!group.finite || is_reduced(text, &group)) && !self.stands_alone(text, &group) {
                continue;
            }
            groups.push(group);
        }
        groups
    }

    /// The group of verbs that begins at a token.
    fn group_at(&self, text: &Text<'_>, start: usize) -> Group {
        let (mut main, mut end, mut class) = (start, start + 1, self.word(start).class());
        let (mut passive, mut past, mut finite) = (false, false, true);
        let mut was_be = false;
        let mut token = start;
        while token < self.tokens.end && token < start + 10 {
            match self.word(token) {
                Word::Be => was_be = true,
                Word::Auxiliary | Word::Modal => was_be = false,
                Word::Adverb if token > start => {
                    token += 1;
                    continue;
                }
                // "planned to spend": the second verb carries the meaning.
                Word::To if token > start && self.is_infinitive(text, token + 1) => {
                    token += 1;
                    continue;
                }
                Word::Verb(of, form, _) => {
                    passive = was_be && matches!(form, Form::Past | Form::Participle);
                    finite = finite && (token > start || !matches!(form, Form::Gerund | Form::Participle));
                    (main, class, was_be) = (token, Some(of), false);
                }
                _ => break,
            }
            past |= self.is_past(text, token, start);
            end = token + 1;
            token += 1;
        }
        Group { tokens: start..end, main, class: class.unwrap_or(Class::Hold), passive, past, finite }
    }

    /// Whether a word behind "to" is a verb's base form; "cost" and "cut" are their own past.
    fn is_infinitive(&self, text: &Text<'_>, token: usize) -> bool {
        match self.word(token) {
            Word::Verb(_, Form::Present, _) | Word::Be | Word::Auxiliary => true,
            Word::Verb(_, Form::Past, _) => !text.small(token).ends_with("ed"),
            _ => false,
        }
    }

    fn is_past(&self, text: &Text<'_>, token: usize, start: usize) -> bool {
        token == start
            && match self.word(token) {
                Word::Verb(_, form, _) => matches!(form, Form::Past | Form::Participle),
                Word::Be | Word::Auxiliary => matches!(text.small(token), "was" | "were" | "had" | "did"),
                _ => false,
            }
    }

    /// Whether a gerund or participle makes a clause of its own: after a comma, a conjunction, or a dash.
    fn stands_alone(&self, text: &Text<'_>, group: &Group) -> bool {
        let before = group.tokens.start.wrapping_sub(1);
        group.tokens.start > self.tokens.start
            && (self.word(before) == Word::And
                || matches!(text.word(before), "," | "—" | "–" | ";")
                || text.is_mark(before, '-') && text.spaced(before + 1))
            || group.tokens.start == self.tokens.start
    }

    /// Lays the boundaries between the groups.
    fn cut(&self, text: &Text<'_>, groups: Vec<Group>) -> Vec<Clause> {
        let mut clauses: Vec<Clause> = Vec::new();
        let (mut start, mut opener) = (self.tokens.start, Opener::Fresh);
        let mut groups = groups.into_iter().peekable();
        while let Some(group) = groups.next() {
            let until = groups.peek().map_or(self.tokens.end, |next| next.tokens.start);
            let from = group.tokens.end;
            let relative = self.relative_before(text, start, group.tokens.start);
            let hard = (from..until).find(|token| self.is_hard(text, *token));
            let (end, next) = match (hard, groups.peek()) {
                (Some(hard), _) => (hard + 1, Opener::Fresh),
                (None, Some(_)) => {
                    self.boundary(text, from..until, group.class == Class::Say, opener == Opener::Relative || relative.is_some())
                }
                (None, None) => (self.tokens.end, Opener::Fresh),
            };
            if let Some(relative) = relative {
                clauses.push(Clause { tokens: start..relative, group: None, opener });
                (start, opener) = (relative, Opener::Relative);
            }
            clauses.push(Clause { tokens: start..end, group: Some(group), opener });
            (start, opener) = (end, next);
        }
        if start < self.tokens.end {
            clauses.push(Clause { tokens: start..self.tokens.end, group: None, opener });
        }
        clauses
    }

    /// Where a relative clause begins between a subject and the next verb: "Latvia, which borders Russia, …", "the carrier, in which …".
    fn relative_before(&self, text: &Text<'_>, start: usize, verb: usize) -> Option<usize> {
        let relative = (start + 1..verb).find(|token| self.word(*token) == Word::Relative && !self.is_bracketed(*token))?;
        let comma = (1..=2).filter_map(|back| relative.checked_sub(back)).find(|token| *token > start && text.is_mark(*token, ','))?;
        // A comma behind it ends it: then the verb is the subject's own.
        let ended = (relative..verb).any(|token| text.is_mark(token, ','));
        (!ended).then_some(comma + 1)
    }

    /// The best place between two groups of verbs, and how the second clause then begins.
    fn boundary(&self, text: &Text<'_>, between: Range<usize>, says: bool, aside: bool) -> (usize, Opener) {
        // "said it had": what is said begins right behind the verb.
        let mut best = (if says { between.start } else { between.end }, if says { Opener::Subordinate } else { Opener::Joined }, 0);
        for token in between.clone().filter(|token| !self.is_bracketed(*token)) {
            let found = match self.word(token) {
                // "says that repairs …" hangs on the verb, and on nobody before it.
                Word::Relative if says && !aside && token == between.start && text.small(token) == "that" => {
                    (token, Opener::Subordinate, 4)
                }
                Word::Relative => (token, Opener::Relative, 4),
                Word::Subordinator => (token, Opener::Subordinate, 4),
                Word::Preposition if matches!(text.small(token), "as" | "after" | "before" | "since") => (token, Opener::Subordinate, 2),
                Word::And => (token, Opener::Joined, 2),
                // Not the comma inside "110,000".
                _ if text.is_mark(token, ',') && (text.spaced(token + 1) || text.kind(token + 1) != Some(Kind::Digits)) => {
                    (token, Opener::Joined, 3)
                }
                _ => continue,
            };
            if found.2 >= best.2 {
                best = found;
            }
        }
        // "…, and cost": the comma belongs to what is before.
        let opener = if best.1 == Opener::Joined && text.is_mark(best.0, ',') { self.opener_after(best.0 + 1) } else { best.1 };
        (best.0, opener)
    }

    fn opener_after(&self, token: usize) -> Opener {
        match self.word(token) {
            Word::Relative => Opener::Relative,
            Word::Subordinator => Opener::Subordinate,
            _ => Opener::Joined,
        }
    }

    fn is_hard(&self, text: &Text<'_>, token: usize) -> bool {
        if self.is_bracketed(token) {
            return false;
        }
        match text.word(token) {
            ";" => true,
            ":" | "—" | "–" => text.spaced(token) || text.spaced(token + 1),
            _ => false,
        }
    }
}

/// "creditors led by China": a participle that looks like a past.
fn is_reduced(text: &Text<'_>, group: &Group) -> bool {
    let is_bare = group.tokens.len() == 1 && group.past && !matches!(group.class, Class::Change | Class::Suffer);
    is_bare && text.small(group.tokens.end) == "by" && text.kind(group.tokens.end + 1) == Some(Kind::Word)
}

/// Whether a word can begin a group of verbs.
fn begins_group(word: Word) -> bool {
    matches!(word, Word::Verb(..) | Word::Be | Word::Auxiliary | Word::Modal)
}

fn depths(text: &Text<'_>, tokens: &Range<usize>) -> Vec<u8> {
    let mut depth: u8 = 0;
    tokens
        .clone()
        .map(|token| match text.word(token) {
            "(" | "[" => {
                depth = depth.saturating_add(1);
                depth
            }
            ")" | "]" => {
                let here = depth;
                depth = depth.saturating_sub(1);
                here
            }
            _ => depth,
        })
        .collect()
}

/// The kind of each word, told by what stands around it where a form can be noun or verb.
fn words(text: &Text<'_>, uses: &Uses, tokens: &Range<usize>) -> Vec<Word> {
    let mut words: Vec<Word> = tokens
        .clone()
        .map(|token| match uses.of(token) {
            Use::Free | Use::Name if text.kind(token) == Some(Kind::Word) => look_up(text.small(token)),
            Use::Quantity if matches!(text.small(token), "and" | "or" | "to" | "between" | "from") => Word::Plain,
            Use::Quantity if text.kind(token) == Some(Kind::Word) => match look_up(text.small(token)) {
                Word::Verb(..) => Word::Plain,
                other => other,
            },
            _ => Word::Plain,
        })
        .collect();
    for at in 0..words.len() {
        let Some(Word::Verb(_, form, is_noun)) = words.get(at).copied() else { continue };
        let token = tokens.start + at;
        let is_verb = !is_name_part(text, token, at) && is_verb(text, uses, &words, token, at, (form, is_noun));
        if let Some(word) = words.get_mut(at).filter(|_| !is_verb) {
            *word = Word::Plain;
        }
    }
    words
}

/// "Fires", capitalised inside a sentence, is part of a name.
fn is_name_part(text: &Text<'_>, token: usize, at: usize) -> bool {
    at > 0 && text.is_capital(token) && !matches!(text.word(token - 1), "“" | "\"" | "‘" | ":" | ".")
}

/// Whether what could be a verb is one here.
fn is_verb(text: &Text<'_>, uses: &Uses, words: &[Word], token: usize, at: usize, (form, is_noun): (Form, bool)) -> bool {
    let before = at.checked_sub(1).and_then(|before| words.get(before)).copied();
    let next = words.get(at + 1).copied().unwrap_or(Word::Plain);
    let is_transfer = matches!(words.get(at).and_then(|word| word.class()), Some(Class::Give | Class::Get));
    let after_mark = at > 0 && text.kind(token - 1) == Some(Kind::Mark);
    let hyphenated =
        text.is_mark(token + 1, '-') && !text.spaced(token + 1) || at > 0 && text.is_mark(token - 1, '-') && !text.spaced(token);
    // "spending has risen": what a finite verb follows is its subject.
    if hyphenated || form == Form::Gerund && matches!(next, Word::Be | Word::Auxiliary | Word::Modal) {
        return false;
    }
    let follows_possessor = at > 0
        && (matches!(text.small(token - 1), "s") && at > 1 && matches!(text.word(token - 2), "’" | "'")
            || matches!(text.word(token - 1), "’" | "'"));
    match before {
        _ if follows_possessor => false,
        Some(Word::Determiner | Word::Possessive) => false,
        Some(Word::To | Word::Modal | Word::Auxiliary | Word::Be | Word::Pronoun | Word::Relative) => true,
        Some(Word::Preposition) => form == Form::Gerund,
        Some(Word::Adverb) => !is_noun || matches!(form, Form::Past),
        _ if form != Form::Present => {
            // "the subsidised loaf", "imported goods": a participle before its noun.
            !(matches!(before, None | Some(Word::And)) && form != Form::Gerund && next == Word::Plain && before.is_none())
        }
        // A number counts what follows it: "14 strikes".
        _ if at > 0 && uses.of(token - 1) == Use::Quantity && is_noun => false,
        None => false,
        // "its navy counts 370 hulls": what follows is an object.
        _ if is_noun
            && text.small(token).ends_with('s')
            && (uses.of(token + 1) == Use::Quantity || matches!(next, Word::Determiner | Word::Possessive)) =>
        {
            !after_mark
        }
        // "Gas imports from Peru rose": what goes from one side to the other.
        _ if is_noun && is_transfer && matches!(text.small(token + 1), "from" | "to") => false,
        _ if is_noun => is_subject_end(text, token, at) && !follows_with_verb(words, at) && !after_mark,
        _ => true,
    }
}

/// Whether the word before can end a subject: a name, or a plural.
fn is_subject_end(text: &Text<'_>, token: usize, at: usize) -> bool {
    at > 0 && (text.is_capital(token - 1) || text.small(token - 1).ends_with('s') && !text.small(token).ends_with('s'))
}

/// Whether a finite verb stands soon after, which then is the verb, and this a noun: "EU exports to Kyrgyzstan have grown".
fn follows_with_verb(words: &[Word], at: usize) -> bool {
    words
        .iter()
        .skip(at + 1)
        .take(8)
        .take_while(|word| !matches!(word, Word::Relative | Word::Subordinator | Word::And))
        .any(|word| matches!(word, Word::Be | Word::Auxiliary | Word::Modal | Word::Verb(_, Form::Past, _)))
}

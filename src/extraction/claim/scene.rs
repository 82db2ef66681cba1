//! Who takes part in a sentence, and in which role: subject, owner, behind which preposition. Pronouns stand for whom they mean.

use std::ops::Range;

use super::clauses::{Opener, Piece};
use super::discourse::Discourse;
use super::lexicon::Word;
use super::names::{Name, Shape, Sort};
use super::roles::is_of_transfer;
use super::speaker::Said;
use crate::extraction::candidate::Party;
use crate::extraction::text::Text;
use crate::extraction::word_class::WordClass;

/// Adjectives that stand before names of countries, but for those that their endings tell.
static ADJECTIVES_OF_COUNTRIES: WordClass = WordClass::named("adjectives of countries");

/// Somebody in a sentence.
#[expect(clippy::struct_excessive_bools, reason = "what is seen of a name is told one by one; the rules combine them freely")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// The words that name them.
    pub tokens: Range<usize>,
    /// What sort of name.
    pub sort: Sort,
    /// How the name is used.
    pub shape: Shape,
    /// Whom it means.
    pub party: Party,
    /// Whether it owns what follows: "Turkey's", "its".
    pub possessive: bool,
    /// Whether it stands before a noun as an adjective does: "EU exports".
    pub attributive: bool,
    /// Whether it is a pronoun or "the island".
    pub is_pronoun: bool,
    /// The preposition before it, as its token.
    pub preposition: Option<usize>,
    /// Index of its clause.
    pub clause: usize,
    /// Whether it stands before the verb of its clause.
    pub before_verb: bool,
    /// Whether it only speaks, or stands in a dateline: then it does nothing here.
    pub is_outside: bool,
    /// Whether it also says something, of which it is not the subject: "Israel, which lost 1,139 people, says …".
    pub speaks: bool,
}

/// A sentence with those in it.
#[derive(Debug, Clone)]
pub struct Scene<'s, 't> {
    /// The text.
    pub text: &'s Text<'t>,
    /// The sentence.
    pub piece: &'s Piece,
    /// All of them, in order.
    pub guests: Vec<Guest>,
    /// Where its dateline ends; its beginning if it has none.
    pub dateline: usize,
}

impl<'s, 't> Scene<'s, 't> {
    /// Sets a scene: names found in the sentence, and pronouns as far as it can be told whom they mean.
    pub fn set(text: &'s Text<'t>, piece: &'s Piece, names: &[Name], discourse: &Discourse) -> Self {
        let mut scene = Self { text, piece, guests: Vec::new(), dateline: piece.tokens.start };
        scene.dateline = scene.dateline_end();
        let mut names = names.iter().peekable();
        let mut token = piece.tokens.start;
        while token < piece.tokens.end {
            if let Some(name) = names.next_if(|name| name.tokens.start <= token) {
                if name.tokens.start == token && !scene.is_thing(name) {
                    let mut guest = scene.guest(name.tokens.clone(), name.sort, name.shape, name.party.clone(), name.possessive);
                    guest.is_outside = name.tokens.start < scene.dateline || scene.is_contrasted(&guest);
                    scene.guests.push(guest);
                    token = name.tokens.end;
                    continue;
                }
            } else if let Some((tokens, party, sort, possessive)) = discourse.pronoun(&scene, token) {
                let mut guest = scene.guest(tokens.clone(), sort, Shape::Noun, party, possessive);
                guest.is_pronoun = true;
                scene.guests.push(guest);
                token = tokens.end;
                continue;
            }
            token += 1;
        }
        scene
    }

    /// "faster than in Zimbabwe", "nowhere but in Cuba": whoever something is compared with takes no part in it.
    fn is_contrasted(&self, guest: &Guest) -> bool {
        let before = guest.preposition.and_then(|preposition| preposition.checked_sub(1));
        before.is_some_and(|before| self.piece.tokens.contains(&before) && matches!(self.text.small(before), "than" | "but" | "except"))
    }

    /// An unknown name that only tells the model of a thing: "66 F-16 fighters", "TB2 drones".
    fn is_thing(&self, name: &Name) -> bool {
        name.sort == Sort::Unknown
            && name.tokens.len() == 1
            && self.text.kind(name.tokens.end) == Some(crate::extraction::text::Kind::Digits)
            && !self.text.spaced(name.tokens.end)
    }

    fn guest(&self, tokens: Range<usize>, sort: Sort, shape: Shape, party: Party, possessive: bool) -> Guest {
        let clause = self.piece.clause_of(tokens.start);
        let before_verb =
            self.piece.clauses.get(clause).and_then(|clause| clause.group.as_ref()).is_none_or(|group| tokens.start < group.tokens.start);
        let attributive = !possessive && self.is_attributive(&tokens, shape);
        let preposition = self.preposition_of(&tokens);
        Guest {
            tokens,
            sort,
            shape,
            party,
            possessive,
            attributive,
            is_pronoun: false,
            preposition,
            clause,
            before_verb,
            is_outside: false,
            speaks: false,
        }
    }

    fn is_attributive(&self, tokens: &Range<usize>, shape: Shape) -> bool {
        let next = tokens.end;
        let seated = self.text.is_mark(next, '-')
            && matches!(self.text.small(next + 1), "based" | "led" | "owned" | "run" | "registered" | "flagged");
        shape == Shape::Adjective
            || seated
            || next < self.piece.tokens.end
                && self.text.spaced(next)
                && self.piece.word(next) == Word::Plain
                && self.text.kind(next) == Some(crate::extraction::text::Kind::Word)
                && !self.text.is_capital(next)
    }

    /// The preposition that governs a noun: before it, with nothing but an article or an adjective of place between; and of names in a
    /// row, that of the first.
    fn preposition_of(&self, tokens: &Range<usize>) -> Option<usize> {
        let start = tokens.start;
        // "to A, B and C": a comma goes on with a list only where another one follows.
        let goes_on = self.text.is_mark(tokens.end, ',') || self.piece.word(tokens.end) == Word::And;
        let mut token = start;
        for _ in 0..5 {
            token = token.checked_sub(1).filter(|token| *token >= self.piece.tokens.start)?;
            match self.piece.word(token) {
                // "as its losses climb": what opens a clause governs all of it, no single name.
                Word::Preposition if self.opens_clause(token) => return None,
                Word::Preposition | Word::To => return Some(token),
                // "Against this Taiwan planned …": here it stands for something said.
                Word::Determiner if matches!(self.text.small(token), "this" | "these" | "those") && token + 1 == start => return None,
                Word::Determiner | Word::Adverb => {}
                Word::And => {
                    return self
                        .guests
                        .last()
                        .filter(|last| last.tokens.end + 3 >= token && last.clause == self.piece.clause_of(start))
                        .and_then(|last| last.preposition);
                }
                Word::Plain if is_adjective(self.text.small(token)) => {}
                Word::Plain if self.text.is_mark(token, ',') => {
                    return self.guests.last().filter(|last| last.tokens.end == token && goes_on).and_then(|last| last.preposition);
                }
                _ => return None,
            }
        }
        None
    }

    fn opens_clause(&self, token: usize) -> bool {
        let clause = self.piece.clauses.get(self.piece.clause_of(token));
        let opens = clause.is_some_and(|clause| clause.tokens.start == token && clause.group.is_some());
        opens && matches!(self.text.small(token), "as" | "after" | "before" | "since" | "until")
    }

    /// Where a dateline ends: "ANKARA, Jan 6 (Press) -".
    fn dateline_end(&self) -> usize {
        let start = self.piece.tokens.start;
        let word = self.text.word(start);
        if word.len() < 3 || !word.chars().all(char::is_uppercase) {
            return start;
        }
        let until = self.piece.tokens.end.min(start + 25);
        (start..until)
            .find(|token| matches!(self.text.word(*token), "-" | "—" | "–") && self.text.spaced(*token) && self.text.spaced(token + 1))
            .map_or(start, |dash| dash + 1)
    }

    /// The word of a guest's preposition.
    pub fn preposition(&self, guest: &Guest) -> &str {
        guest.preposition.map_or("", |token| self.text.small(token))
    }

    /// Whoever is the subject of a clause, with the rule that says so.
    pub fn subject(&self, clause: usize) -> Option<(usize, &'static str)> {
        self.subject_within(clause, 3)
    }

    fn subject_within(&self, index: usize, steps: u8) -> Option<(usize, &'static str)> {
        let clause = self.piece.clauses.get(index)?;
        let range = clause.before_verb();
        let mine = |guest: &Guest| {
            guest.tokens.start >= range.start
                && guest.tokens.end <= range.end.max(range.start + 1)
                && !guest.is_outside
                && !self.piece.is_bracketed(guest.tokens.start)
        };
        let best = self
            .guests
            .iter()
            .enumerate()
            .filter(|(at, guest)| mine(guest) && !self.is_explained(*at))
            .filter_map(|(at, guest)| self.fitness_as_subject(guest).map(|fitness| (fitness, at)))
            .max_by_key(|(fitness, at)| (*fitness, std::cmp::Reverse(*at)));
        if let Some((_, at)) = best {
            let rule = if self.guests.get(at).is_some_and(|guest| guest.possessive) { "possessive" } else { "subject" };
            return Some((at, rule));
        }
        let plain_head = range.clone().any(|token| self.is_head(token));
        if steps == 0 || index == 0 || plain_head && clause.opener != Opener::Relative {
            return None;
        }
        match clause.opener {
            Opener::Fresh => None,
            Opener::Relative => {
                let near = self.guest_before(range.start).filter(|at| self.is_antecedent(*at));
                near.map(|at| (at, "relative")).or_else(|| self.subject_within(index - 1, steps - 1))
            }
            // "The carrier, in which Air France holds a part, owes …": the relative clause is passed over.
            Opener::Joined | Opener::Subordinate => {
                let is_relative = |index: usize| self.piece.clauses.get(index).is_some_and(|clause| clause.opener == Opener::Relative);
                let over = index >= 2 && is_relative(index - 1) && self.text.is_mark(range.start, ',');
                self.subject_within(index - 1 - usize::from(over), steps - 1)
            }
        }
    }

    /// "its neighbour Latvia", "Estonia's ally Finland": whoever owns the role is not the one who is named behind it.
    fn is_explained(&self, at: usize) -> bool {
        // "The EU, Georgia’s biggest donor, gave …"
        let apposed =
            at.checked_sub(1).and_then(|before| self.guests.get(before)).zip(self.guests.get(at)).is_some_and(|(before, guest)| {
                let closes = (guest.tokens.end..guest.tokens.end + 10)
                    .any(|token| self.text.is_mark(token, ',') && self.piece.tokens.contains(&token));
                let opens = self.text.is_mark(before.tokens.end, ',') && before.tokens.end + 1 == guest.tokens.start;
                guest.possessive && opens && closes && before.preposition.is_none() && !before.possessive && !before.is_outside
            });
        if apposed {
            return true;
        }
        let (Some(guest), Some(next)) = (self.guests.get(at), self.guests.get(at + 1)) else { return false };
        let end = guest.tokens.end + if guest.is_pronoun { 0 } else { 2 };
        guest.possessive
            && !next.possessive
            && !next.attributive
            && next.shape == Shape::Noun
            && next.sort != Sort::Unknown
            && next.preposition.is_none()
            && (end + 1..=end + 3).contains(&next.tokens.start)
            && (end..next.tokens.start).all(|token| self.is_head(token))
    }

    /// How well somebody stands as the subject; not at all behind most prepositions.
    fn fitness_as_subject(&self, guest: &Guest) -> Option<u8> {
        // "The Sillac dam cost …": a thing that bears a name.
        if guest.sort == Sort::Unknown && guest.attributive {
            return None;
        }
        match self.preposition(guest) {
            "" if guest.possessive => Some(6),
            "" | "between" => Some(5),
            "of" if guest.possessive => Some(4),
            "of" => Some(3),
            "for" if guest.preposition == Some(self.piece.tokens.start) => Some(2),
            "for" if guest.attributive => Some(1),
            "in" | "at" | "inside" | "within" | "across" => Some(1),
            _ => None,
        }
    }

    /// Whether a token is a noun that can be a subject itself: then the subject is no gap.
    fn is_head(&self, token: usize) -> bool {
        matches!(self.piece.word(token), Word::Plain)
            && self.text.kind(token) == Some(crate::extraction::text::Kind::Word)
            && !self.text.is_mark(token, ',')
    }

    /// The last one before a token, near it.
    fn guest_before(&self, token: usize) -> Option<usize> {
        self.guests.iter().rposition(|guest| guest.tokens.end <= token && guest.tokens.end + 3 >= token && !guest.is_outside)
    }

    /// Whether "which" can mean somebody: not in "imports from Russia, which reached …", nor in "the Torkham crossing, which cost …".
    fn is_antecedent(&self, at: usize) -> bool {
        let Some(guest) = self.guests.get(at) else { return false };
        let goes = |preposition: usize| {
            matches!(self.text.small(preposition), "from" | "to" | "with" | "by" | "for")
                && (1..=4).filter_map(|back| preposition.checked_sub(back)).any(|noun| is_of_transfer(self.text.small(noun)))
        };
        let is_thing = guest.sort == Sort::Unknown && guest.attributive;
        guest.preposition.is_none_or(|preposition| !goes(preposition)) && !is_thing
    }

    /// Takes those out who only speak.
    pub fn silence(&mut self, said: &[Said]) {
        // Whoever stands far off from the verb also does something between: "Israel, which lost 1,139 people, says …".
        let (far, said): (Vec<_>, Vec<_>) = said.iter().partition(|said| said.rule == "said-far");
        for guest in &mut self.guests {
            // "told Reuters that …": whoever only listens does nothing either.
            let verb = self.text.small(guest.tokens.start.wrapping_sub(1));
            guest.is_outside |= matches!(verb, "told" | "tells" | "telling" | "informed");
            let is_in = |said: &&Said| said.words.start <= guest.tokens.start && guest.tokens.end <= said.words.end;
            let (speaks_far, speaks) = (far.iter().any(is_in), said.iter().any(is_in));
            guest.is_outside |= speaks;
            guest.speaks = speaks || speaks_far;
        }
    }

    /// Those whose words lie in a range.
    pub fn within(&self, range: Range<usize>) -> impl Iterator<Item = (usize, &Guest)> {
        self.guests
            .iter()
            .enumerate()
            .filter(move |(_, guest)| guest.tokens.start >= range.start && guest.tokens.end <= range.end && !guest.is_outside)
    }
}

/// Adjectives that stand between a preposition and a name.
fn is_adjective(word: &str) -> bool {
    word.ends_with("ern") || word.ends_with("ing") || word.ends_with("ed") || ADJECTIVES_OF_COUNTRIES.contains(word) || word == "-"
}

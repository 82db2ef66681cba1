//! One candidate, put together from what the rules of all fields say.

use std::ops::Range;

use super::cell::Sense;
use super::clauses::{Group, Piece};
use super::concept;
use super::confidence::{self, Signs};
use super::discourse::Discourse;
use super::hedge::{self, Hedge};
use super::ledger::Ledger;
use super::lexicon::{Form, Word, stem};
use super::metric::Wanted;
use super::period::{self, Chosen, Turn};
use super::roles::paired::{Member, Rows};
use super::roles::{self, Figure, Roles};
use super::scene::Scene;
use super::speaker::{self, Said};
use super::stage;
use super::status::{self, Grounds};
use crate::extraction::candidate::Candidate;
use crate::extraction::knowledge::Knowledge;
use crate::extraction::quantity::Mention;
use crate::extraction::references::References;
use crate::extraction::text::Text;
use crate::extraction::time::{Bearing, FoundTime, Times};
use crate::extraction::uses::Uses;

/// What all candidates of a text need.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'r, 't> {
    /// The text.
    pub text: &'r Text<'t>,
    /// What its tokens have been taken for.
    pub uses: &'r Uses,
    /// Names.
    pub knowledge: &'r Knowledge,
    /// Times.
    pub times: &'r Times,
    /// Citations.
    pub references: &'r References,
}

/// A sentence with what was found in it.
#[derive(Debug, Clone, Copy)]
pub struct Sentence<'s, 't> {
    /// All its tokens, also beyond the piece that is read.
    pub range: &'s Range<usize>,
    /// Who takes part.
    pub scene: &'s Scene<'s, 't>,
    /// Who says something.
    pub said: &'s [Said],
    /// Its times, with their indices.
    pub times: &'s [(usize, &'s FoundTime)],
    /// Whether it is a heading.
    pub is_heading: bool,
    /// What its table says of the number, where it is a cell of one.
    pub cell: Option<&'s Sense>,
}

/// The figure before, as far as the next one may take something from it.
#[derive(Debug, Default)]
pub struct Before {
    block: usize,
    pub(super) sentence: usize,
    concept: String,
    unit: Option<String>,
    chosen: Chosen,
    pub(super) turn: Option<Turn>,
    roles: Roles,
    past: bool,
}

impl Before {
    /// Forgets everything at the beginning of another block.
    pub fn enter(&mut self, block: usize) {
        if self.block != block {
            *self = Self { block, ..Self::default() };
        }
    }
}

/// Proposes a candidate for each quantity of a sentence.
pub fn propose(
    reading: &Reading<'_, '_>,
    sentence: &Sentence<'_, '_>,
    mentions: &[Mention],
    discourse: &Discourse,
    before: &mut Before,
    into: &mut Vec<Candidate>,
) {
    let piece = sentence.scene.piece;
    let hedges = hedge::find(reading.text, piece);
    let members: Vec<Member<'_>> =
        mentions.iter().map(|mention| Member { tokens: stretch(mention), unit: mention.unit.as_deref() }).collect();
    let rows = Rows::find(sentence.scene, &members);
    // "600 tonnes two years later": a number that tells a time parts nothing.
    let tells_time = |mention: &Mention| {
        let near = sentence.times.partition_point(|(_, time)| time.tokens.end <= mention.tokens.start);
        let is_told = |(_, time): &(usize, &FoundTime)| {
            time.tokens.contains(&mention.tokens.start) || mention.is_duration && mention.tokens.end == time.tokens.start
        };
        sentence.times.get(near).is_some_and(is_told)
    };
    let apart: Vec<bool> = mentions.iter().map(|mention| !tells_time(mention)).collect();
    let count = apart.iter().filter(|apart| **apart).count();
    let starts = |mention: &Mention| mention.bound.as_ref().map_or(mention.tokens.start, |bound| bound.start.min(mention.tokens.start));
    // From behind, so that each knows where the next one begins.
    let mut nexts = vec![piece.tokens.end; mentions.len()];
    let mut next = piece.tokens.end;
    for (at, mention) in mentions.iter().enumerate().rev() {
        if let Some(slot) = nexts.get_mut(at) {
            *slot = next.max(mention.tokens.end);
        }
        next = if apart.get(at) == Some(&true) { starts(mention) } else { next };
    }
    let is_respective = count > 1 && piece.tokens.clone().any(|token| reading.text.small(token) == "respectively");
    let (mut previous, mut number) = (piece.tokens.start, 0);
    for (at, ((mention, next), is_apart)) in mentions.iter().zip(nexts).zip(apart).enumerate() {
        let order = Order { number, count, is_respective };
        let one = One { reading, sentence, mention, bounds: (previous, next), hedges: &hedges, rows: &rows, at, order };
        into.push(one.candidate(discourse, before));
        if is_apart {
            previous = mention.tokens.end;
            number += 1;
        }
    }
}

/// Which of the figures of its sentence one is, those apart that tell a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    pub(super) number: usize,
    count: usize,
    /// Whether the sentence says "respectively".
    is_respective: bool,
}

/// A figure with its bound and with the unit or noun right behind it.
fn stretch(mention: &Mention) -> Range<usize> {
    let start = mention.bound.as_ref().map_or(mention.tokens.start, |bound| bound.start.min(mention.tokens.start));
    let near = mention.noun.as_ref().filter(|noun| noun.start >= mention.tokens.start && noun.start <= mention.tokens.end + 1);
    start..near.map_or(mention.tokens.end, |noun| noun.end.max(mention.tokens.end))
}

/// A quantity while its candidate is made.
pub(super) struct One<'o, 't> {
    pub(super) reading: &'o Reading<'o, 't>,
    pub(super) sentence: &'o Sentence<'o, 't>,
    pub(super) mention: &'o Mention,
    pub(super) bounds: (usize, usize),
    pub(super) hedges: &'o [Hedge],
    pub(super) rows: &'o Rows,
    pub(super) at: usize,
    pub(super) order: Order,
}

impl One<'_, '_> {
    pub(super) fn piece(&self) -> &Piece {
        self.sentence.scene.piece
    }

    fn candidate(&self, discourse: &Discourse, before: &mut Before) -> Candidate {
        let (text, mention) = (self.reading.text, self.mention);
        let mut ledger = Ledger::of(mention);
        let (concept, near) = self.sentence.cell.map_or_else(|| self.concept(before), |cell| self.concept_of_cell(cell));
        let chosen = self.time(before);
        let roles = self.roles(&concept, discourse, before);
        let ground = hedge::Ground {
            figure: self.whole(),
            previous: (self.at > 0).then_some(self.bounds.0),
            next: self.bounds.1,
            contrast: self.contrast(),
        };
        let hedge = ledger.take("hedge", hedge::of(text, self.hedges, self.piece(), &ground));
        let said = speaker::of(self.sentence.said, self.sentence.scene, mention.tokens.start);
        let bounds = self.bounds;
        let grounds = Grounds { text, piece: self.piece(), figure: &mention.tokens, hedge, said, bounds, is_change: self.is_change() };
        let nearly = self.metric(&near).map(|metric| (metric.slug.clone(), "words"));
        let metric = nearly.or_else(|| self.metric(&concept).map(|metric| (metric.slug.clone(), "clause")));
        let signs = self.signs(&roles, &chosen);
        let mut candidate = Candidate {
            place: text.bytes(mention.tokens.clone()),
            bound: mention.bound.clone().map(|tokens| text.bytes(tokens)),
            sentence: text.bytes(self.sentence.cell.map_or_else(|| self.sentence.range.clone(), |cell| cell.row.clone())),
            value: mention.value.clone(),
            value2: mention.value2.clone(),
            comparator: mention.comparator,
            unit: self.unit(roles.actor.as_ref().map(|(party, _)| party), discourse.state().map(|home| &home.party)),
            counts_people: self.is_count() && self.is_people(),
            per: mention.per.clone(),
            denominator: mention.denominator.clone().map(|tokens| text.slice(tokens).to_string()),
            hedge: hedge.map(|hedge| text.bytes(hedge.tokens.clone())),
            time: ledger.take("time", self.time_words(&chosen).zip(chosen.rule)),
            actor: ledger.take("actor", roles.actor.clone()),
            counterpart: ledger.take("counterpart", roles.counterpart.clone()),
            period: ledger.take("period", chosen.period.clone().zip(chosen.rule)),
            base_period: ledger.take("base_period", chosen.base.clone().map(|base| (base, chosen.rule.unwrap_or("change")))),
            metric: ledger.take("metric", metric),
            speaker: ledger.take("speaker", said.map(|said| (said.who.clone(), said.rule))),
            status: ledger.take_all("status", status::of(grounds)),
            stage: ledger.take("stage", stage::of(grounds).filter(|_| self.can_have_stage())),
            citation: ledger.take("citation", self.reading.references.governing(text, mention.tokens.start)),
            confidence: confidence::of(signs),
            concept,
            rules: Vec::new(),
        };
        candidate.rules = ledger.into_rules();
        self.remember(before, &candidate, chosen, roles);
        candidate
    }

    /// The words that tell the time.
    fn time_words(&self, chosen: &Chosen) -> Option<Range<usize>> {
        let time = self.reading.times.found.get(chosen.time?)?;
        Some(self.reading.text.bytes(time.tokens.clone()))
    }

    /// What the certainty hangs on.
    fn signs(&self, roles: &Roles, chosen: &Chosen) -> Signs {
        Signs {
            unit: self.mention.unit.is_some(),
            elided: self.mention.is_elided,
            aside: self.mention.is_duration || self.sentence.is_heading,
            actor: roles.actor.as_ref().map(|(_, rule)| *rule),
            period: chosen.rule,
        }
    }

    /// The words of what is counted, in the order of the text, and those nearest to the figure alone.
    fn concept(&self, before: &Before) -> (String, String) {
        let text = self.reading.text;
        let speakers: Vec<Range<usize>> = self.sentence.said.iter().map(|said| said.words.clone()).collect();
        let ground = concept::Ground {
            scene: self.sentence.scene,
            uses: self.reading.uses,
            figure: &self.mention.tokens,
            noun: self.own_noun(),
            bounds: self.bounds,
            speakers: &speakers,
        };
        let (mut tokens, near) = concept::tokens(ground);
        let mut near: Vec<&str> = tokens.iter().take(near).map(|token| text.word(*token)).collect();
        tokens.sort_unstable();
        let mut words: Vec<&str> = tokens.into_iter().map(|token| text.word(token)).collect();
        let unit = self.mention.unit.as_deref().filter(|_| self.is_count()).unwrap_or_default();
        let price = if self.is_price() { "price" } else { "" };
        for word in unit.split([' ', '-']).chain([price]).filter(|word| !word.is_empty() && *word != "person") {
            near.push(word);
            if !words.iter().any(|other| stem(&other.to_lowercase()) == stem(word)) {
                words.push(word);
            }
        }
        // What is elided here stood with the figure before.
        let lacks = if before.sentence == self.sentence.range.start {
            words.len() < 3 || self.mention.is_elided
        } else {
            words.is_empty() || self.is_price() && words.len() < 4
        };
        for word in before.concept.split(' ').filter(|word| lacks && !word.is_empty()) {
            if words.len() < 8 && !words.contains(&word) {
                words.push(word);
            }
        }
        (words.join(" "), near.join(" "))
    }

    /// The words of its table, and of its own noun.
    fn concept_of_cell(&self, cell: &Sense) -> (String, String) {
        let text = self.reading.text;
        let mut words: Vec<&str> = cell.concept.iter().map(|token| text.word(*token)).collect();
        words.dedup();
        let unit = self.mention.unit.as_deref().filter(|_| self.is_count()).unwrap_or_default();
        if !unit.is_empty() && unit != "person" && !words.iter().any(|word| stem(&word.to_lowercase()) == stem(unit)) {
            words.push(unit);
        }
        (words.join(" "), words.join(" "))
    }

    fn time(&self, before: &Before) -> Chosen {
        let (text, piece) = (self.reading.text, self.piece());
        if let Some(cell) = self.sentence.cell {
            return cell.chosen.clone();
        }
        let clause = piece.clauses.get(piece.clause_of(self.mention.tokens.start));
        let group = clause.and_then(|clause| clause.group.as_ref());
        let times = self.sentence.times;
        let Order { number, count, is_respective } = self.order;
        if is_respective && let Some(chosen) = period::respective(text, times, (number, count)) {
            return chosen;
        }
        let place = period::Place {
            tokens: self.whole(),
            previous: self.bounds.0,
            next: self.bounds.1,
            is_change: (self.is_change() || self.is_difference()) && self.mention.per.is_none(),
            is_only: count == 1,
            is_level: !self.is_difference() && (!self.is_ratio() || self.is_reached()),
            is_compared: self.is_compared(),
            turn: self.turn(before),
            opening: self.opening(),
            joint: self.joint(),
            trail: self.trail(),
            labels: times
                .iter()
                .map(|(_, time)| time.tokens.clone())
                .filter(|time| text.is_mark(time.end, ':'))
                .map(|time| time.start)
                .collect(),
            is_present: group.is_some_and(|group| is_present(text, piece, group)),
        };
        let same_sentence = before.sentence == self.sentence.range.start && self.at > 0;
        let is_money = |unit: Option<&str>| matches!(self.dimension_of(unit), Some("currency" | "ratio"));
        let alike = before.unit == self.mention.unit || is_money(before.unit.as_deref()) && is_money(self.mention.unit.as_deref());
        let has_time = times.iter().any(|(_, time)| time.bearing != Bearing::Base);
        let follows = !has_time && alike && before.past && group.is_some_and(|group| group.past);
        period::choose(piece, &place, times, (same_sentence || follows).then_some(&before.chosen))
    }

    fn roles(&self, concept: &str, discourse: &Discourse, before: &Before) -> Roles {
        if let Some(cell) = self.sentence.cell {
            return Roles { actor: cell.actor.clone(), counterpart: cell.counterpart.clone() };
        }
        let small = concept.to_lowercase();
        let paired = self.rows.seen_by(self.sentence.scene, self.at);
        let figure = Figure {
            is_paired: paired.is_some(),
            tokens: self.mention.tokens.clone(),
            start: self.start(),
            noun: self.mention.noun.clone().filter(|noun| self.piece().tokens.contains(&noun.start)),
            next: self.bounds.1,
            previous: self.bounds.0,
            concept: &small,
            is_people: self.is_people(),
            is_abstract: matches!(self.dimension(), Some("currency" | "ratio" | "ratio-difference")),
        };
        if let Some(scene) = paired {
            return roles::find(&scene, &figure, discourse);
        }
        let mut roles = roles::find(self.sentence.scene, &figure, discourse);
        let weak = roles.actor.as_ref().is_none_or(|(_, rule)| *rule == "context");
        let goes_on = self.at > 0 && before.sentence == self.sentence.range.start || self.is_of_before();
        if weak && goes_on && before.roles.actor.is_some() {
            let inherited = |found: &Option<roles::Found>| found.as_ref().map(|(party, _)| (party.clone(), "inherited"));
            roles.actor = inherited(&before.roles.actor);
            if roles.counterpart.is_none() {
                roles.counterpart = inherited(&before.roles.counterpart);
            }
        }
        roles
    }

    /// "Of this, 4 million are grants": a part of what the sentence before told.
    fn is_of_before(&self) -> bool {
        let (text, start) = (self.reading.text, self.sentence.range.start);
        let means = |token: usize| {
            matches!(text.small(token), "this" | "these" | "that" | "those" | "them" | "which")
                || text.small(token) == "the" && matches!(text.small(token + 1), "total" | "sum" | "amount" | "money" | "funds")
        };
        text.small(start) == "of" && means(start + 1)
            || matches!(text.small(start), "half" | "most" | "some") && text.small(start + 1) == "of" && means(start + 2)
    }

    fn metric(&self, concept: &str) -> Option<&crate::domain::metric::Metric> {
        let small = concept.to_lowercase();
        let text = self.reading.text;
        let mut stems: Vec<&str> = small.split([' ', '-', '’', '\'']).filter(|word| !word.is_empty()).map(stem).collect();
        let denominator = self.mention.denominator.clone().map(|tokens| text.slice(tokens).to_lowercase());
        stems.extend(denominator.iter().flat_map(|words| words.split(' ')).map(stem));
        let is_change = self.is_change();
        self.reading.knowledge.metric_names().find(&stems, Wanted { dimension: self.dimension(), is_change, is_price: self.is_price() })
    }

    fn remember(&self, before: &mut Before, candidate: &Candidate, chosen: Chosen, roles: Roles) {
        let is_past = |group: &Group| group.finite && group.past;
        before.sentence = self.sentence.range.start;
        before.concept.clone_from(&candidate.concept);
        before.unit.clone_from(&candidate.unit);
        before.turn = self.turn(before);
        if !self.is_compared() {
            before.chosen = chosen;
        }
        before.roles = roles;
        before.past = self.piece().clauses.iter().filter_map(|clause| clause.group.as_ref()).any(is_past);
    }
}

/// Whether verbs speak of the present: "holds", "is", "has" without a participle.
fn is_present(text: &Text<'_>, piece: &Piece, group: &Group) -> bool {
    let first = group.tokens.start;
    match piece.word(first) {
        Word::Verb(_, Form::Present, _) | Word::Modal => true,
        Word::Be => matches!(text.small(first), "is" | "are"),
        Word::Auxiliary => matches!(text.small(first), "has" | "have") && group.tokens.len() == 1,
        _ => false,
    }
}

//! From a quantity to a candidate: who, what, when, according to whom, and how sure that is.
//!
//! A shallow reading, sentence by sentence and with no look beyond it but for whom the text is about:
//!
//! - `lexicon`: what kind of word a word is; verbs with their classes come from a list;
//! - `clauses`: a sentence cut at its verbs;
//! - `names`: actors, places, unrecorded names in the text;
//! - `scene`: who takes part in a sentence, as subject, owner, behind a preposition;
//! - `discourse`: whom the text is about at the moment, and whom a pronoun means;
//! - `stage` tells how far promised money has come, `verdict` what a later sentence says of a figure;
//! - `speaker`, `hedge`, `status`, `period`: who says so, what weakens it, how it stands, when it was;
//! - `compared`: how a figure stands to the others of its sentence;
//! - `cell`: what a table says of its numbers;
//! - `concept`, `metric`: what is counted in the text's words, and which recorded metric that is;
//! - `roles`: actor and counterpart;
//! - `ledger`: which rule each field follows from;
//! - `confidence`: how sure all this is;
//! - `nouns`, `measure`: what a noun tells, and what sort of number it makes;
//! - `proposal`: puts one candidate together.
//!
//! Every field of a candidate carries the rule that it follows from: it is taken through the ledger. To add a rule: the smallest of these
//! files that can see what it needs.

pub mod cell;
pub mod clauses;
pub mod compared;
pub mod concept;
pub mod confidence;
pub mod discourse;
pub mod hedge;
pub mod ledger;
pub mod lexicon;
pub mod measure;
pub mod metric;
pub mod names;
pub mod nouns;
pub mod period;
pub mod proposal;
pub mod roles;
pub mod scene;
pub mod speaker;
pub mod stage;
pub mod status;
pub mod verdict;

use super::candidate::Extraction;
use super::knowledge::Knowledge;
use super::quantity::Mention;
use super::references::References;
use super::text::{BlockKind, Text};
use super::time::{FoundTime, Times};
use super::uses::{Use, Uses};

use clauses::Piece;
use discourse::Discourse;
use proposal::{Before, Reading, Sentence};
use scene::Scene;
use speaker::Earlier;

/// Proposes a candidate for every quantity.
pub fn propose(
    text: &Text<'_>,
    uses: &Uses,
    knowledge: &Knowledge,
    mut mentions: Vec<Mention>,
    times: Times,
    references: References,
) -> Extraction {
    mentions.sort_by_key(|mention| mention.tokens.start);
    let names = names::find(text, uses, knowledge);
    let all_names = names.as_slice();
    let reading = Reading { text, uses, knowledge, times: &times, references: &references };
    let mut candidates = Vec::with_capacity(mentions.len());
    let mut discourse = Discourse::default();
    let (mut name, mut mention, mut time) = (0, 0, 0);
    let mut before = Before::default();
    let mut earlier: Option<Earlier> = None;
    for sentence in &text.sentences {
        let block = text.block_of(sentence.start);
        let kind = text.blocks.get(block).map(|block| block.kind);
        let (is_heading, is_cell) = (kind == Some(BlockKind::Heading), kind == Some(BlockKind::Cell));
        // A line of a work may run into the text behind it.
        let Some(start) = sentence.clone().find(|token| uses.of(*token) != Use::Bibliography) else { continue };
        let sentence = &(start..sentence.end);
        before.enter(block);
        for tokens in Piece::ranges(sentence) {
            let tokens_start = tokens.start;
            let names = taken(&names, &mut name, |name| name.tokens.start < tokens.end);
            let here = taken(&mentions, &mut mention, |mention| mention.tokens.start < tokens.end);
            let first_time = time;
            let before_here = candidates.len();
            let times = taken(&times.found, &mut time, |time| time.tokens.start < tokens.end);
            let piece = Piece::read(text, uses, tokens);
            let mut scene = Scene::set(text, &piece, names, &discourse);
            let said = speaker::find(&scene, uses, earlier.as_ref());
            scene.silence(&said);
            if !here.is_empty() {
                let is_told = |time: &FoundTime| time.tokens.start >= scene.dateline && !period::is_aside(text, &piece, time);
                let times: Vec<_> = (first_time..).zip(times).filter(|(_, time)| is_told(time)).collect();
                let value = text.tables.value_at(tokens_start);
                let cell = value.map(|value| cell::sense(text, uses, all_names, reading.times, value));
                let sentence = Sentence { range: sentence, scene: &scene, said: &said, times: &times, is_heading, cell: cell.as_ref() };
                proposal::propose(&reading, &sentence, here, &discourse, &mut before, &mut candidates);
            }
            verdict::pass(&scene, before_here, &mut candidates);
            let is_dated = !times.is_empty() || scene.piece.tokens.clone().any(|token| uses.of(token) == Use::Time);
            // The names in a table are no topics of the text behind it.
            if !is_cell {
                discourse.advance(&scene, is_heading, is_dated);
            }
            if let Some(last) = said.last() {
                earlier = Some(Earlier { who: last.who.clone(), age: 1, quoted: speaker::has_quotation(&scene) });
            } else if let Some(earlier) = &mut earlier {
                earlier.age += 1;
            }
        }
    }
    Extraction {
        published: times.published,
        candidates,
        citations: references.citations.into_iter().map(|(_, citation)| citation).collect(),
        works: references.works,
    }
}

/// The next of a sorted list that lie in the present sentence; those before it are passed over.
fn taken<'l, T>(list: &'l [T], next: &mut usize, is_here: impl Fn(&T) -> bool) -> &'l [T] {
    let start = *next;
    *next += list.get(start..).unwrap_or_default().iter().take_while(|item| is_here(item)).count();
    list.get(start..*next).unwrap_or_default()
}

//! Which citation belongs to a figure: the one that closes its sentence or clause, or the one that opens it.

use std::ops::Range;

use super::References;
use super::scan::Manner;
use crate::extraction::text::{Kind, Text};

/// Furthest citation after a figure that is looked at.
const AHEAD_MAX: usize = 12;
/// No clause is longer.
const CLAUSE_TOKENS_MAX: usize = 200;

impl References {
    /// The citation that closes the sentence or clause of a token, or opens it, and which of both.
    pub fn governing(&self, text: &Text<'_>, token: usize) -> Option<(usize, &'static str)> {
        let sentence = self.sentence(text, token);
        let first_after = self.citations.partition_point(|(tokens, _)| tokens.start <= token);
        let ahead = (first_after..self.citations.len().min(first_after + AHEAD_MAX))
            .find(|at| self.governs_from_behind(text, *at, token, &sentence));
        ahead.map(|at| (at, "closing")).or_else(|| self.opening(text, first_after, token, &sentence).map(|at| (at, "opening")))
    }

    /// The sentence of a token, with the citation that follows its stop, and without what such a citation ends.
    fn sentence(&self, text: &Text<'_>, token: usize) -> Range<usize> {
        let Range { start, end } = text.sentences.get(text.sentence_of(token)).cloned().unwrap_or(token..token);
        let next = self.ending.partition_point(|ending| ending.end <= token);
        let before = next.checked_sub(1).and_then(|before| self.ending.get(before)).map_or(start, |ending| ending.end);
        // "… 5,000. (Hornung 2024)": the citation may begin where the sentence ends.
        let after = self.ending.get(next).filter(|ending| ending.start > token && ending.start <= end);
        start.max(before)..after.map_or(end, |ending| ending.end)
    }

    fn governs_from_behind(&self, text: &Text<'_>, at: usize, token: usize, sentence: &Range<usize>) -> bool {
        let Some((tokens, _)) = self.citations.get(at).filter(|(tokens, _)| tokens.start < sentence.end) else { return false };
        // A name that is part of the sentence speaks for what follows it, unless it ends the clause: "…, according to Hornung (2024)."
        let closes = !text.spaced(tokens.end) || tokens.end == sentence.end;
        self.manners.get(at) != Some(&Manner::Narrative) || closes && !parts_clause(text, token..tokens.start)
    }

    /// The last citation before a token in its sentence, if no clause ends between them.
    fn opening(&self, text: &Text<'_>, first_after: usize, token: usize, sentence: &Range<usize>) -> Option<usize> {
        let at = first_after.checked_sub(1)?;
        let (tokens, _) = self.citations.get(at).filter(|(tokens, _)| tokens.start >= sentence.start && tokens.end <= token)?;
        let narrative = self.manners.get(at) == Some(&Manner::Narrative);
        (narrative || !parts_clause(text, tokens.end..token)).then_some(at)
    }
}

/// Whether a citation stands behind the stop of the sentence that it belongs to.
pub fn ends_sentence(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let Some(before) = tokens.start.checked_sub(1) else { return false };
    if text.tokens.get(tokens.start).is_none_or(|token| token.breaks > 1) {
        return false;
    }
    let stops = |index: usize| matches!(text.word(index), "." | "?" | "!");
    let stopped = stops(before) || matches!(text.word(before), "”" | "\"" | "’") && stops(before.wrapping_sub(1));
    let begins = text.tokens.get(tokens.end).is_none_or(|next| next.breaks > 0)
        || text.is_capital(tokens.end) && text.spaced(tokens.end)
        || matches!(text.word(tokens.end), "." | "“" | "\"" | "(" | "[" | "‘" | "$" | "€" | "£")
        || text.kind(tokens.end) == Some(Kind::Digits) && text.spaced(tokens.end);
    stopped && begins
}

/// Whether words part clauses: a semicolon, "while".
fn parts_clause(text: &Text<'_>, mut tokens: Range<usize>) -> bool {
    tokens.len() > CLAUSE_TOKENS_MAX
        || tokens.any(|index| text.is_mark(index, ';') || matches!(text.small(index), "while" | "whereas" | "but" | "although" | "though"))
}

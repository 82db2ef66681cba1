//! How a figure stands to the others of its sentence: what is compared with it, what is added to it, what it changed from.

use super::period::Turn;
use super::proposal::{Before, One};

impl One<'_, '_> {
    /// Where a contrast begins before the figure ("against", "compared with"): what weakens the figure before does not reach beyond.
    pub(super) fn contrast(&self) -> usize {
        let text = self.reading.text;
        (self.bounds.0..self.mention.tokens.start)
            .rev()
            .find(|token| matches!(text.small(*token), "against" | "versus" | "compared" | "but" | "while"))
            .unwrap_or(0)
    }

    /// Whether it is what the figure before it is compared with: "against US$1.53 billion".
    pub(super) fn is_compared(&self) -> bool {
        let text = self.reading.text;
        let start = self.start();
        let compares = matches!(text.small(start.wrapping_sub(1)), "from" | "against" | "than" | "versus")
            || matches!(text.small(start.wrapping_sub(1)), "with" | "to") && text.small(start.wrapping_sub(2)) == "compared";
        compares && self.bounds.0 > self.piece().tokens.start
    }

    /// The first word of contrast behind the figure.
    pub(super) fn trail(&self) -> usize {
        let text = self.reading.text;
        let end = self.piece().tokens.end;
        let contrasts = |token: &usize| matches!(text.small(*token), "against" | "versus" | "compared" | "from" | "but" | "than" | "while");
        (self.mention.tokens.end..end.min(self.mention.tokens.end + 40)).find(contrasts).unwrap_or(end)
    }

    /// Whether a change begins or ends with it: "from 500 to 300".
    pub(super) fn turn(&self, before: &Before) -> Option<Turn> {
        let text = self.reading.text;
        let next = self.bounds.1;
        let is_next_led = text.small(next.wrapping_sub(1)) == "to" && next <= self.whole().end + 5;
        match text.small(self.start().wrapping_sub(1)) {
            "from" if is_next_led => Some(Turn::From),
            "to" if before.turn == Some(Turn::From) && before.sentence == self.sentence.range.start => Some(Turn::To),
            "to" if self.has_change() => Some(Turn::To),
            _ => None,
        }
    }

    /// The last mark or "and" between the figure before and this one; the sentence's beginning for the first.
    pub(super) fn opening(&self) -> usize {
        let text = self.reading.text;
        let is_mark = |token: &usize| matches!(text.small(*token), "," | ";" | "and" | "but");
        let mark = (self.bounds.0..self.start()).rev().find(is_mark).filter(|_| self.order.number > 0);
        mark.unwrap_or(self.bounds.0)
    }

    /// The "and" or "but" between the figure and the next.
    pub(super) fn joint(&self) -> usize {
        let text = self.reading.text;
        let (end, next) = (self.mention.tokens.end, self.bounds.1);
        let is_last = next >= self.piece().tokens.end;
        (end..next).find(|token| !is_last && matches!(text.small(*token), "and" | "but" | ";")).unwrap_or(usize::MAX)
    }
}

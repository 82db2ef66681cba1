//! What every token of a text has been taken for.

use std::ops::Range;

use super::text::Text;

/// What a token has been taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Use {
    /// For nothing yet.
    #[default]
    Free,
    /// A date, a year, a time of day, or a span of them.
    Time,
    /// A citation in the text.
    Citation,
    /// The list of works at the end.
    Bibliography,
    /// Part of a name, or of a model's or a law's number.
    Name,
    /// Telephone, address, e-mail, web address.
    Contact,
    /// A number of a page, section, article, version, figure, table, an item of a list.
    Reference,
    /// A score, odds, a ratio that measures nothing.
    Score,
    /// A rank: "third", "21st".
    Ordinal,
    /// A number that measures something.
    Quantity,
}

/// What all tokens of a text have been taken for.
#[derive(Debug)]
pub struct Uses(Vec<Use>);

impl Uses {
    /// Nothing yet.
    pub fn new(text: &Text<'_>) -> Self {
        Self(vec![Use::Free; text.tokens.len()])
    }

    /// What a token has been taken for; beyond the end, for nothing.
    pub fn of(&self, token: usize) -> Use {
        self.0.get(token).copied().unwrap_or_default()
    }

    /// Whether a token can still be taken.
    pub fn is_free(&self, token: usize) -> bool {
        self.of(token) == Use::Free
    }

    /// Takes tokens, also those that were taken before.
    pub fn take(&mut self, tokens: Range<usize>, of: Use) {
        if let Some(taken) = self.0.get_mut(tokens) {
            taken.fill(of);
        }
    }
}

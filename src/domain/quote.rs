//! The exact words, as a W3C Web Annotation selector, and where they stand in a stored text.

use serde::{Deserialize, Serialize};

use super::invalid::Invalid;

/// Words quoted from a source, with as much of their surroundings as was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The quoted words.
    pub exact: String,
    /// Words right before them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// Words right after them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// Where they begin in the document, in Unicode code points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<u64>,
    /// Where they end (the code point after the last).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<u64>,
    /// SHA-256 of the stored document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Whether the words stood in the document when they were recorded; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
}

impl Quote {
    /// Finds the quote in the text of its document and fills in where it stands.
    ///
    /// Refuses a quote that is not there, whose stated place holds other words, or that stands in several
    /// places of which neither surroundings nor offsets name one.
    pub fn anchored(mut self, text: &str, sha256: &str) -> Result<Self, Invalid> {
        let place = self.place_in(text)?;
        let start = text[..place].chars().count() as u64;
        let length = self.exact.chars().count() as u64;
        if let Some(stated) = self.start
            && stated != start
        {
            return Err(Invalid::new("quote-not-in-document", "/start", "other words stand at this place of the document"));
        }
        if self.end.is_some_and(|end| end != start + length) {
            return Err(Invalid::new("quote-not-in-document", "/end", "the quote does not end there"));
        }
        (self.start, self.end) = (Some(start), Some(start + length));
        self.document = Some(sha256.to_string());
        self.verified = Some(true);
        Ok(self)
    }

    /// The byte at which the quote begins.
    fn place_in(&self, text: &str) -> Result<usize, Invalid> {
        let missing = || Invalid::new("quote-not-in-document", "/exact", "these words are not in the stored document");
        if self.exact.is_empty() {
            return Err(missing());
        }
        let fits = |at: &usize| {
            let before = self.prefix.as_deref().is_none_or(|prefix| text[..*at].ends_with(prefix));
            let after = self.suffix.as_deref().is_none_or(|suffix| text[at + self.exact.len()..].starts_with(suffix));
            before && after
        };
        let stated = self.start.and_then(|start| text.char_indices().map(|(at, _)| at).nth(usize::try_from(start).ok()?));
        if let Some(at) = stated
            && text[at..].starts_with(&self.exact)
        {
            return Ok(at);
        }
        let mut places = text.match_indices(&self.exact).map(|(at, _)| at).filter(fits);
        let first = places.next().ok_or_else(missing)?;
        if places.next().is_some() {
            let message = "these words stand in several places of the document; give start, or more of prefix and suffix";
            return Err(Invalid::new("quote-ambiguous", "/exact", message));
        }
        Ok(first)
    }
}

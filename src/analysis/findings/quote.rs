//! Whether the quoted words still stand where they were found.

use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::history::ClaimVersion;

/// Holds a claim's quote against the text of its document; `None` for the text means that it is not stored. Nothing is ever re-anchored.
pub fn quote(version: &ClaimVersion, text: Option<&str>) -> Option<Finding> {
    let quote = version.claim.quote.as_ref()?;
    let sha256 = quote.document.as_ref()?;
    let finding = |code, severity, why: String| {
        Some(Finding { code, severity, claims: vec![version.id], sources: version.claim.source.iter().cloned().collect(), why })
    };
    let Some(text) = text else {
        return finding(Code::QuoteMissing, Severity::Warning, format!("The text {sha256}, in which its words stood, is not stored."));
    };
    let stands_there = quote.start.is_none_or(|start| {
        let at = usize::try_from(start).ok().and_then(|start| text.char_indices().nth(start)).map(|(at, _)| at);
        at.and_then(|at| text.get(at..)).is_some_and(|rest| rest.starts_with(&quote.exact))
    });
    match (text.contains(&quote.exact), stands_there) {
        (true, true) => None,
        (true, false) => finding(Code::QuoteMoved, Severity::Info, "Its words stand in the document, but at another place.".into()),
        (false, _) => finding(Code::QuoteMissing, Severity::Warning, "Its words are not in the document.".into()),
    }
}

//! Citing a claim: the publication in which it stands, and this database's version of it.
//!
//! One `Work` stands for each of the two; every style is made from it, so that no style knows more than another:
//! - `author`: who is a person, who an institution; `issued`: what EDTF says about a day; `work`: the two works;
//! - `prose`: APA, MLA and Chicago as lines of plain text, put right by `tidy`;
//! - `bibtex`, `ris`, `csl_json`: files for reference managers.
//!
//! Titles stay as printed in every style: the language of a title is not known, and English rules of upper and
//! lower case would spoil all others.
//!
//! To add a style: add it to [`CitationStyle`] and make a file with one function from works to text. A further CSL
//! style that hayagriva bundles needs one line in `prose`.

mod author;
mod bibtex;
mod csl_json;
mod issued;
mod prose;
mod ris;
#[cfg(test)]
mod samples;
mod tidy;
mod work;

pub use work::duration_words;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::history::ClaimVersion;
use crate::domain::source::Source;
use work::Work;

/// How a citation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CitationStyle {
    /// American Psychological Association, 7th edition, as text.
    Apa,
    /// Modern Language Association, 9th edition, as text.
    Mla,
    /// Chicago Manual of Style, 18th edition, author and date, as text.
    Chicago,
    /// BibTeX, also good for BibLaTeX.
    Bibtex,
    /// Tagged lines of Research Information Systems, read by all reference managers.
    Ris,
    /// The JSON of the Citation Style Language.
    CslJson,
}

impl CitationStyle {
    /// All styles, in the order of the documentation.
    pub const ALL: [Self; 6] = [Self::Apa, Self::Mla, Self::Chicago, Self::Bibtex, Self::Ris, Self::CslJson];

    /// The word used in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Apa => "apa",
            Self::Mla => "mla",
            Self::Chicago => "chicago",
            Self::Bibtex => "bibtex",
            Self::Ris => "ris",
            Self::CslJson => "csl-json",
        }
    }

    /// The `Content-Type` of an answer in this style. Only `text/plain` names its charset: the others have no
    /// such parameter, and all are UTF-8.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Apa | Self::Mla | Self::Chicago => "text/plain; charset=utf-8",
            Self::Bibtex => "application/x-bibtex",
            Self::Ris => "application/x-research-info-systems",
            Self::CslJson => "application/vnd.citationstyles.csl+json",
        }
    }
}

/// A version of a claim with all that a citation of it names.
#[derive(Debug, Clone, Copy)]
pub struct CitedClaim<'a> {
    /// The version that is cited.
    pub claim: &'a ClaimVersion,
    /// What its metric is called.
    pub metric_label: &'a str,
    /// What its actor is called.
    pub actor_name: Option<&'a str>,
    /// What its counterpart is called.
    pub counterpart_name: Option<&'a str>,
    /// The publication in which it stands; without one, only the database is cited.
    pub source: Option<&'a Source>,
    /// Address of the claim, absolute or relative, with the version in it.
    pub permalink: &'a str,
    /// The day on which somebody looks at it.
    pub accessed: Date,
}

/// Why a citation could not be written.
#[derive(Debug, thiserror::Error)]
pub enum CiteError {
    /// The bundled CSL style cannot make entries of a bibliography.
    #[error("the bundled style {0} makes no bibliography")]
    NoBibliography(&'static str),
    /// The CSL processor refuses an entry or leaves nothing of it.
    #[error("the style {style} makes nothing of {key}")]
    Unreadable {
        /// The style.
        style: &'static str,
        /// Key of the entry.
        key: String,
    },
    /// An entry cannot be written as JSON.
    #[error("a citation cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// Cites a claim: its source first, where it has one, then this database's version of it.
///
/// Texts (APA, MLA, Chicago) have one line each; files hold one entry each. Everything ends with a line end.
///
/// Authors are names in their natural order, so persons and institutions are told apart by rule: a name stays whole
/// when it is the publisher's, a single word, or holds a word such as Institute, Service, Agency, Press, "of" or
/// "for" or a mark that persons' names lack. All others are persons, whose last word is the family name.
///
/// # Examples
///
/// ```
/// use figurebase::exchange::cite::CitationStyle;
///
/// let style = CitationStyle::ALL.into_iter().find(|style| style.as_str() == "csl-json");
/// assert_eq!(style, Some(CitationStyle::CslJson));
/// ```
pub fn cite(cited: &CitedClaim<'_>, style: CitationStyle) -> Result<String, CiteError> {
    let source = cited.source.map(Work::of_source);
    let works: Vec<Work> = source.into_iter().chain([Work::of_claim(cited)]).collect();
    match style {
        CitationStyle::Apa => prose::write(&works, prose::Prose::Apa),
        CitationStyle::Mla => prose::write(&works, prose::Prose::Mla),
        CitationStyle::Chicago => prose::write(&works, prose::Prose::Chicago),
        CitationStyle::Bibtex => Ok(bibtex::write(&works)),
        CitationStyle::Ris => Ok(ris::write(&works)),
        CitationStyle::CslJson => csl_json::write(&works),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_has_its_own_name_and_reads_it_back() {
        for style in CitationStyle::ALL {
            let name = serde_json::json!(style.as_str());
            assert_eq!(serde_json::from_value::<CitationStyle>(name).unwrap(), style);
            assert!(style.media_type().is_ascii());
        }
    }

    #[test]
    fn a_claim_without_a_source_is_cited_from_the_database_alone() {
        let version = samples::casualties();
        for style in CitationStyle::ALL {
            let text = cite(&samples::cited(&version, None), style).unwrap();
            assert_eq!(text.matches("Military casualties, Russia: past 200,000 (version 1)").count(), 1, "{text}");
            assert!(text.contains("Figurebase") && text.contains("2026") && text.ends_with('\n'), "{text}");
        }
    }

    #[test]
    fn a_source_that_has_only_a_title_is_cited_in_every_style() {
        let version = samples::casualties();
        let source = Source { authors: Vec::new(), publisher: None, ..samples::toda() };
        for style in CitationStyle::ALL {
            let text = cite(&samples::cited(&version, Some(&source)), style).unwrap();
            assert!(text.contains("Ukraine as a Proxy War") && text.contains("Military casualties, Russia"), "{text}");
        }
    }

    #[test]
    fn a_relative_address_is_kept_as_it_is() {
        let version = samples::casualties();
        let cited = CitedClaim { permalink: "/v1/claims/clm_sample?version=1", ..samples::cited(&version, None) };
        for style in CitationStyle::ALL {
            assert!(cite(&cited, style).unwrap().contains("/v1/claims/clm_sample?version=1"), "{style:?}");
        }
    }
}

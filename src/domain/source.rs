//! A publication, and the publications that it cites in turn.

use serde::{Deserialize, Serialize};

use super::period::Period;
use super::record::{Name, NameRole, Record, RecordKind};
use super::slug::Slug;

/// What sort of publication it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// A newspaper, agency or magazine piece.
    Article,
    /// An essay or opinion piece.
    Essay,
    /// A study, strategy paper or official report.
    Report,
    /// A table or database.
    Dataset,
    /// A book or a chapter of one.
    Book,
    /// A picture or its caption.
    Picture,
    /// A spoken or written statement, or a press release.
    Statement,
    /// A page that is none of the above.
    Webpage,
    /// Anything else.
    Other,
}

impl SourceKind {
    /// All kinds, in the order of the documentation.
    pub const ALL: [Self; 9] =
        [Self::Article, Self::Essay, Self::Report, Self::Dataset, Self::Book, Self::Picture, Self::Statement, Self::Webpage, Self::Other];

    /// The word used in answers and inputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Essay => "essay",
            Self::Report => "report",
            Self::Dataset => "dataset",
            Self::Book => "book",
            Self::Picture => "picture",
            Self::Statement => "statement",
            Self::Webpage => "webpage",
            Self::Other => "other",
        }
    }
}

/// In what state a chain of citations ends at a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChainEnd {
    /// The source made the number itself.
    Origin,
    /// It names an origin only as "officials", "sources".
    Anonymous,
    /// It gives no reference.
    Uncited,
    /// Nobody has looked.
    #[default]
    Unknown,
}

impl ChainEnd {
    /// All states, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Origin, Self::Anonymous, Self::Uncited, Self::Unknown];

    /// The word used in answers and inputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::Anonymous => "anonymous",
            Self::Uncited => "uncited",
            Self::Unknown => "unknown",
        }
    }
}

/// A reference from one source to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceCitation {
    /// The source that is cited.
    pub source: Slug,
    /// The reference as printed.
    pub printed: Option<String>,
    /// Whether whoever recorded this has looked into the cited source.
    pub consulted: bool,
    /// Where in the cited source.
    pub locator: Option<String>,
}

/// A publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Unchanging name.
    pub slug: Slug,
    /// Title as printed.
    pub title: String,
    /// What sort of publication.
    pub kind: SourceKind,
    /// Persons or bodies that wrote it, in their natural order of words.
    pub authors: Vec<String>,
    /// Who printed it.
    pub publisher: Option<String>,
    /// When it was printed, as it says itself.
    pub published: Option<Period>,
    /// When somebody looked at it.
    pub accessed: Option<Period>,
    /// Where it is to be found.
    pub url: Option<String>,
    /// Whom it cites.
    pub citations: Vec<SourceCitation>,
    /// In what state a chain ends here, where it goes no further.
    pub chain_end: ChainEnd,
    /// What its recorder found worth saying.
    pub note: Option<String>,
}

impl Record for Source {
    const KIND: RecordKind = RecordKind::Source;

    fn slug(&self) -> &Slug {
        &self.slug
    }

    fn label(&self) -> &str {
        &self.title
    }

    fn names(&self) -> Vec<Name> {
        vec![Name::new(self.slug.as_str(), NameRole::Slug), Name::new(&self.title, NameRole::Label)]
    }
}

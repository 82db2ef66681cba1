//! Advisory remarks: what a check noticed about claims and sources. Never an error, and never in the way of a write.

use serde::Serialize;

use super::id::ClaimId;
use super::invalid::Invalid;
use super::slug::Slug;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth looking at: something can hardly be as it is recorded, or cannot be judged as it is.
    Warning,
}

impl Severity {
    /// All of them, the lighter first.
    pub const ALL: [Self; 2] = [Self::Info, Self::Warning];

    /// The word used in answers and inputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
        }
    }
}

/// Declares the codes, each with its word and what it says.
macro_rules! codes {
    ($($code:ident $word:literal $says:literal;)*) => {
        /// What a finding says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $says] $code,)*
        }

        impl Code {
            /// All of them, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            /// The word used in answers and inputs.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$code => $word,)*
                }
            }

            /// What it says, for people.
            pub fn says(self) -> &'static str {
                match self {
                    $(Self::$code => $says,)*
                }
            }
        }
    };
}

codes! {
    PeriodAfterPublication "period-after-publication" "About a time that ends after its source was published, and no forecast.";
    CitationAfterDocument "citation-after-document" "Cites a work dated after the citing document.";
    CitationUnresolved "citation-unresolved" "A reference that leads to no recorded source.";
    DateMismatch "date-mismatch" "The stated date of publication and the one elsewhere differ.";
    ChangeMismatch "change-mismatch" "A change that does not fit the levels before and after it.";
    PartExceedsWhole "part-exceeds-whole" "A part that is more than its whole.";
    CumulativeFalls "cumulative-falls" "A running total that goes down.";
    ShareOutOfRange "share-out-of-range" "A share outside 0 to 100, or shares of one thing that are more than the whole.";
    MagnitudeOutlier "magnitude-outlier" "A number of another order than those about the nearest times.";
    MissingDenominator "missing-denominator" "A share of something unnamed, or of a yearly thing over a period of several years.";
    MissingPeriod "missing-period" "No time that the number is about.";
    MissingSource "missing-source" "No source in which it stands.";
    HedgeWithoutSpeaker "hedge-without-speaker" "Hedged as somebody's word, and nobody is named.";
    SuperlativeWithoutSeries "superlative-without-series" "A record, and it is not said of what series.";
    SingleRoot "single-root" "Several sources, one origin.";
    CircularCitation "circular-citation" "Sources that cite each other in a circle.";
    Drift "drift" "It differs from the claim that it cites.";
    QuoteMissing "quote-missing" "The quoted words are not in the document.";
    QuoteMoved "quote-moved" "The quoted words stand in the document, but at another place.";
    Duplicate "duplicate" "The same source says the same of the same once more.";
}

/// What somebody has said of a finding: that it is not to be shown, or that it is to be shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mute {
    /// Id of the finding.
    pub finding: String,
    /// Whether it is left out of lists.
    pub muted: bool,
    /// What it said when it was muted: once it says something else, it is shown again.
    pub why: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A claim.
    Claim(ClaimId),
    /// A source.
    Source(Slug),
}

/// A remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it says.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// The claims concerned, first the one that it is about.
    pub claims: Vec<ClaimId>,
    /// The sources concerned; where no claim is, first the one that it is about.
    pub sources: Vec<Slug>,
    /// One sentence why.
    pub why: String,
}

impl Finding {
    /// Reads an id: the code, and the claim or source that it is about.
    pub fn parse_id(text: &str) -> Result<(Code, About), Invalid> {
        let refuse = || Invalid::new("malformed-id", "", "is not the id of a finding, such as date-mismatch:reuters-2024");
        let (code, about) = text.split_once(':').ok_or_else(refuse)?;
        let code = Code::ALL.iter().copied().find(|known| known.as_str() == code).ok_or_else(refuse)?;
        let claim = ClaimId::parse(about).ok().filter(|id| id.to_string() == about).map(About::Claim);
        let about = match claim {
            Some(claim) => claim,
            None => About::Source(Slug::parse(about).map_err(|_| refuse())?),
        };
        Ok((code, about))
    }

    /// Its public id: its code and the claim or source that it is about, so that it is the same one when it is found again.
    pub fn id(&self) -> String {
        let claim = self.claims.first().map(ToString::to_string);
        let about = claim.or_else(|| self.sources.first().map(ToString::to_string)).unwrap_or_default();
        format!("{}:{about}", self.code.as_str())
    }
}

//! Claims and sources for the tests of all styles, from the essay that this database began with.

use jiff::civil::date;

use super::CitedClaim;
use crate::domain::claim::Claim;
use crate::domain::decimal::Decimal;
use crate::domain::history::{ClaimVersion, State};
use crate::domain::id::{ClaimId, MetricKey};
use crate::domain::period::Period;
use crate::domain::quantity::{Comparator, NewQuantity, Quantity, ValueDomain};
use crate::domain::slug::Slug;
use crate::domain::source::{ChainEnd, Source, SourceKind};

/// Titles that would break out of a careless format.
pub(super) const HOSTILE: [&str; 17] = [
    "Braces {open} and }reversed{ and unbalanced {{{",
    "Back\\slash \\end{document} \\",
    "Two\nlines\r\nand\tmore\u{2028}still",
    "\"Quoted\" 'single' ``TeX'' «both»",
    "Emoji 🚀 and 👩‍👩‍👧 joined",
    "50% of $5 & #1 under_score ~tilde ^caret",
    "@article{evil,}",
    "ER  - \nTY  - BOOK",
    "</script><b>bold</b> &amp;",
    "--- dashes -- and - more",
    "Ends with a question?",
    "…",
    "%",
    "\u{202e}right to left",
    "{\"title\": \"json\"}",
    "“Typographic” ‘quotes’, punctuation.”",
    "Putin says the war is “over”",
];

fn source(slug: &str, title: &str, kind: SourceKind, author: &str, publisher: &str) -> Source {
    Source {
        slug: Slug::parse(slug).unwrap(),
        title: title.into(),
        kind,
        authors: vec![author.into()],
        publisher: Some(publisher.into()),
        published: None,
        accessed: None,
        url: None,
        citations: Vec::new(),
        chain_end: ChainEnd::Unknown,
        note: None,
    }
}

pub(super) fn reuters() -> Source {
    let title = "China-Russia 2023 trade value hits record high of $240 bln - Chinese customs";
    Source {
        published: Some(Period::parse("2024-01-12").unwrap()),
        url: Some(
            "https://www.reuters.com/markets/china-russia-2023-trade-value-hits-record-high-240-bln-chinese-customs-2024-01-12/".into(),
        ),
        ..source("reuters-2024-trade", title, SourceKind::Article, "Reuters", "Reuters")
    }
}

pub(super) fn hornung() -> Source {
    Source {
        published: Some(Period::parse("2024-11-21").unwrap()),
        url: Some("https://www.rand.org/pubs/commentary/2024/11/ukraine-is-now-a-proxy-war-for-asian-powers.html".into()),
        ..source("hornung-2024", "Ukraine Is Now a Proxy War for Asian Powers", SourceKind::Essay, "Jeffrey W. Hornung", "RAND")
    }
}

pub(super) fn toda() -> Source {
    let title = "Ukraine as a Proxy War: Issues, Parties, Possible Outcomes, and Lessons";
    source("toda-proxy-war", title, SourceKind::Report, "Toda Peace Institute", "Toda Peace Institute")
}

pub(super) fn casualties() -> ClaimVersion {
    let metric = Slug::parse("military-casualties").unwrap();
    let new = NewQuantity {
        original: Some("past 200,000".into()),
        comparator: Some(Comparator::Gt),
        best: Some((Decimal::whole(200_000), "200000".into())),
        unit: Some(Slug::parse("person").unwrap()),
        ..NewQuantity::default()
    };
    let value = Quantity::understand(new, &ValueDomain::NotNegative).unwrap();
    let claim = Claim {
        value,
        actor: Some(Slug::parse("RUS").unwrap()),
        counterpart: None,
        period: None,
        period_original: None,
        base_period: None,
        status: Vec::new(),
        stage: None,
        scope: std::collections::BTreeMap::new(),
        speaker: None,
        cue: None,
        source: None,
        quote: None,
        citation: None,
        locator: None,
        note: None,
        rank: crate::domain::claim::Rank::Normal,
        metric: metric.clone(),
    };
    ClaimVersion {
        id: ClaimId::from_content(MetricKey::of(&metric), b"sample"),
        version: 1,
        seq: 1,
        state: State::Accepted,
        claim,
        recorded_at: "2026-11-22T10:00:00Z".parse().unwrap(),
        recorded_by: "seed".into(),
        cause: "created".into(),
        reason: None,
        superseded_by: None,
    }
}

pub(super) fn cited<'a>(claim: &'a ClaimVersion, source: Option<&'a Source>) -> CitedClaim<'a> {
    CitedClaim {
        claim,
        metric_label: "Military casualties",
        actor_name: Some("Russia"),
        counterpart_name: None,
        source,
        permalink: "https://figures.example/v1/claims/clm_sample?version=1",
        accessed: date(2026, 12, 1),
    }
}

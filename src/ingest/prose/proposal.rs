//! All of a text as one change: its source, itself, the works that it cites, and its figures as candidates.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::claims::{COUNTED, Ground, Spare};
use super::knowledge::{UNCLASSIFIED, UNSPECIFIED};
use super::known::duplicates;
use super::sources::{Placed, SourceDraft, Wanted, placed, source_of_work};
use crate::domain::claim::Claim;
use crate::domain::history::{EXTRACTED, State};
use crate::domain::id::ClaimId;
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::period::Period;
use crate::domain::record::RecordKind;
use crate::domain::slug::Slug;
use crate::domain::source::SourceCitation;
use crate::exchange::fields::{LIST_MAX, TEXT_CHARS_MAX};
use crate::extraction::{Extraction, Knowledge};
use crate::ingest::claims::text_hash;
use crate::ingest::names::{Meaning, meanings};
use crate::ingest::prose::shown::words;
use crate::ingest::seed::{SeedError, records};
use crate::reading::places::Places;
use crate::store::change::{AnyRecord, Change, Expected, Item, NewClaimVersion, NewDocument, NewRecordVersion};
use crate::store::{At, Store, StoreError};

/// A text that was read, and what its sender says of it.
#[derive(Debug)]
pub struct ReadText {
    /// The text.
    pub text: String,
    /// What was found in it.
    pub found: Extraction,
    /// The source that was named for it.
    pub source: Option<String>,
    /// What is said of that source.
    pub about: SourceDraft,
    /// Hash of the page that the text was read out of.
    pub page_sha256: Option<String>,
}

/// A text as one change, not written yet.
#[derive(Debug)]
pub struct Proposal {
    /// What is to be written.
    pub change: Change,
    /// Hash of the text.
    pub sha256: String,
    /// The source whose text it is.
    pub source: Slug,
    /// Sources that the listed works are, in their order.
    pub works: Vec<Slug>,
    /// What became of each figure, in their order.
    pub candidates: Vec<Proposed>,
}

/// A figure as a candidate.
#[derive(Debug)]
pub struct Proposed {
    /// Its claim; none where none can be made of it.
    pub claim: Option<(ClaimId, Claim)>,
    /// Why none can be made of it.
    pub faults: Faults,
    /// Accepted claims that say the same; none where nobody looked.
    pub duplicates: Option<Vec<ClaimId>>,
}

/// Makes one change of a text, or says what is wrong with what was said of its source.
pub async fn propose(
    store: &Store,
    read: &ReadText,
    places: &Places<'_>,
    knowledge: &Knowledge,
    at: At,
) -> Result<Result<Proposal, Faults>, ProposalError> {
    let sha256 = text_hash(&read.text);
    let spare = spare()?;
    let own = match own_source(store, read, &sha256, at).await? {
        Ok(own) => own,
        Err(faults) => return Ok(Err(faults)),
    };
    let listed = read.found.works.iter().map(|work| Wanted {
        source: source_of_work(work),
        distinct: words(&read.text, &work.place).to_string(),
        by_title: true,
    });
    let mut placed = placed(store, std::iter::once(own).chain(listed).collect(), at).await?.into_iter();
    let Some(mut own) = placed.next() else { return Ok(Err(Faults::default())) };
    let works: Vec<Placed> = placed.collect();
    let slugs: Vec<Slug> = works.iter().map(|work| work.source.slug.clone()).collect();
    own.source.citations = cited(&read.text, &read.found, &slugs, &own.source.slug);
    let ground =
        Ground { text: &read.text, sha256: &sha256, places, found: &read.found, knowledge, spare, source: &own.source.slug, works: &slugs };
    let claims = claims(&ground);
    let looked: Vec<Option<(ClaimId, &Claim)>> = claims.iter().map(|claim| claim.as_ref().ok().map(|(id, claim)| (*id, claim))).collect();
    let duplicates = duplicates(store, &looked, at).await?;
    let sources = works.into_iter().chain([own.clone()]).filter(|placed| placed.is_new).map(|placed| AnyRecord::Source(placed.source));
    let records = spare.needed(&looked).chain(sources).map(|record| Item::Record(new_record(record)));
    let document = NewDocument { sha256: sha256.clone(), source: own.source.slug.clone(), content: read.text.clone(), recorded: None };
    let mut items: Vec<Item> = records.chain([Item::Document(document)]).collect();
    let mut candidates = Vec::with_capacity(claims.len());
    for (claim, duplicates) in claims.into_iter().zip(duplicates) {
        candidates.push(match claim {
            Ok((id, claim)) => {
                items.push(Item::Claim(new_claim(id, claim.clone())));
                Proposed { claim: Some((id, claim)), faults: Faults::default(), duplicates }
            }
            Err(faults) => Proposed { claim: None, faults, duplicates },
        });
    }
    let change = Change { items, recorder: String::new(), idempotency: None };
    Ok(Ok(Proposal { change, sha256, source: own.source.slug, works: slugs, candidates }))
}

/// Why no change could be made of a text, whatever the text is.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The seeds are faulty, which only a build with changed seeds can bring about.
    #[error(transparent)]
    Seed(#[from] SeedError),
}

/// The source of the text: the one that was named, if there is one, or what is to be made of what is said about it.
async fn own_source(store: &Store, read: &ReadText, sha256: &str, at: At) -> Result<Result<Wanted, Faults>, StoreError> {
    let published = read.found.published.and_then(|day| Period::parse(&day.to_string()).ok());
    let fault = |code, message: String| Ok(Err(Faults::from(Invalid::new(code, "/source", message))));
    let mut name = None;
    if let Some(asked) = &read.source {
        match meanings(store, RecordKind::Source, vec![asked.clone()], at).await?.remove(asked) {
            Some(Meaning::One(slug)) => name = Slug::parse(&slug).ok(),
            Some(Meaning::Several(slugs)) => {
                return fault("ambiguous-name", format!("'{asked}' may mean {}; give the slug", slugs.join(" or ")));
            }
            _ if read.about.title.is_none() => {
                return fault("unknown-source", format!("there is no source '{asked}'; with a title, it is made"));
            }
            _ => match Slug::parse(asked) {
                Ok(slug) => name = Some(slug),
                Err(malformed) => return fault(malformed.code, malformed.message),
            },
        }
    }
    // A text without a title is known by its hash alone, whatever its first line is.
    let by_title = name.is_none() && read.about.title.is_some();
    let mut source = read.about.source(name, &read.text, sha256, published);
    source.note = read.page_sha256.as_ref().map(|page| format!("its text was read out of a page with the SHA-256 {page}"));
    Ok(Ok(Wanted { source, distinct: sha256.to_string(), by_title }))
}

/// The works that a text cites, each once, with the first reference to it.
fn cited(text: &str, found: &Extraction, works: &[Slug], own: &Slug) -> Vec<SourceCitation> {
    let mut cited: Vec<SourceCitation> = Vec::new();
    for citation in &found.citations {
        for slug in citation.works.iter().filter_map(|work| works.get(*work)) {
            if slug != own && cited.len() < LIST_MAX && !cited.iter().any(|known| known.source == *slug) {
                let printed = words(text, &citation.place).chars().take(TEXT_CHARS_MAX).collect();
                cited.push(SourceCitation {
                    source: slug.clone(),
                    printed: Some(printed),
                    consulted: false,
                    locator: citation.locator.clone(),
                });
            }
        }
    }
    cited
}

/// A claim with its identity for every figure, or why there can be none.
fn claims(ground: &Ground<'_>) -> Vec<Result<(ClaimId, Claim), Faults>> {
    let mut seen: HashMap<ClaimId, usize> = HashMap::new();
    let claim = |candidate| {
        let claim: Claim = ground.claim(candidate)?;
        let again = seen.entry(ground.id(candidate, &claim.metric, 0)).and_modify(|count| *count += 1).or_insert(0);
        Ok((ground.id(candidate, &claim.metric, *again), claim))
    };
    ground.found.candidates.iter().map(claim).collect()
}

impl Spare {
    /// Those that some claim refers to. Where the database has them already, nothing is written.
    fn needed(&self, claims: &[Option<(ClaimId, &Claim)>]) -> impl Iterator<Item = AnyRecord> + use<> {
        let claims = || claims.iter().flatten().map(|(_, claim)| *claim);
        let metric = claims().any(|claim| claim.metric == self.unclassified.slug).then(|| AnyRecord::Metric(self.unclassified.clone()));
        let units = [&self.counted, &self.unspecified].map(|unit| {
            let is_used = claims().any(|claim| claim.value.unit == unit.slug);
            is_used.then(|| AnyRecord::Unit(unit.clone()))
        });
        metric.into_iter().chain(units.into_iter().flatten())
    }
}

/// The records that come with the program for what no record of a database says, read once.
fn spare() -> Result<&'static Spare, SeedError> {
    static SPARE: OnceLock<Spare> = OnceLock::new();
    if let Some(spare) = SPARE.get() {
        return Ok(spare);
    }
    let (mut unclassified, mut counted, mut unspecified) = (None, None, None);
    for record in records()? {
        match record {
            AnyRecord::Metric(metric) if metric.slug.as_str() == UNCLASSIFIED => unclassified = Some(metric),
            AnyRecord::Unit(unit) if unit.slug.as_str() == COUNTED => counted = Some(unit),
            AnyRecord::Unit(unit) if unit.slug.as_str() == UNSPECIFIED => unspecified = Some(unit),
            _ => {}
        }
    }
    let missing = || SeedError::Faulty { file: "units.jsonl", line: 0, reason: "a record that every text needs is missing".into() };
    let spare = Spare {
        unclassified: unclassified.ok_or_else(missing)?,
        counted: counted.ok_or_else(missing)?,
        unspecified: unspecified.ok_or_else(missing)?,
    };
    Ok(SPARE.get_or_init(|| spare))
}

fn new_record(record: AnyRecord) -> NewRecordVersion {
    NewRecordVersion { record, expected: Expected::NewOrKnown, cause: EXTRACTED.into(), reason: None, recorded: None }
}

fn new_claim(id: ClaimId, claim: Claim) -> NewClaimVersion {
    NewClaimVersion {
        id,
        expected: Expected::NewOrKnown,
        state: State::Candidate,
        claim,
        cause: EXTRACTED.into(),
        reason: None,
        superseded_by: None,
        recorded: None,
    }
}

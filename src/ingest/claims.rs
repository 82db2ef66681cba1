//! Drafts to claims: names become records, quotes are held against the stored texts of their sources.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::names;
use crate::domain::claim::Claim;
use crate::domain::history::{REVISION_CAUSES, STEP_CAUSES, State};
use crate::domain::id::{ClaimId, MetricKey};
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::quote::Quote;
use crate::domain::slug::Slug;
use crate::exchange::claim_draft::{ClaimDraft, Resolved};
use crate::store::change::{Expected, NewClaimVersion, Recorded};
use crate::store::{At, Store, StoreError};

/// Texts that quotes are held against: hash and content, by hash and by source.
#[derive(Debug, Default)]
pub struct Texts {
    by_hash: HashMap<String, Option<String>>,
    by_source: HashMap<String, Option<String>>,
}

impl Texts {
    /// Adds a text that is about to be stored.
    pub fn add(&mut self, source: &str, sha256: &str, content: &str) {
        self.by_hash.insert(sha256.to_string(), Some(content.to_string()));
        self.by_source.insert(source.to_string(), Some(sha256.to_string()));
    }

    /// Holds a quote against the text that it names, or else against its source's text, if there is one.
    pub async fn anchor(
        &mut self,
        store: &Store,
        quote: Option<Quote>,
        source: Option<&Slug>,
        at: At,
    ) -> Result<Result<Option<Quote>, Faults>, StoreError> {
        let Some(quote) = quote else { return Ok(Ok(None)) };
        let hash = match (&quote.document, source) {
            (Some(hash), _) => Some(hash.to_ascii_lowercase()),
            (None, Some(source)) => self.newest_of(store, source.as_str(), at).await?,
            (None, None) => None,
        };
        let Some(hash) = hash else { return Ok(Ok(Some(quote))) };
        let anchored = match self.content(store, &hash, at).await? {
            Some(content) => quote.anchored(content, &hash),
            None => Err(Invalid::new("unknown-document", "/document", "there is no stored document with this hash")),
        };
        Ok(anchored.map(Some).map_err(|fault| Faults::from(fault).under("/quote")))
    }

    async fn newest_of(&mut self, store: &Store, source: &str, at: At) -> Result<Option<String>, StoreError> {
        if !self.by_source.contains_key(source) {
            let document = store.find_document_of_source(source, at).await?;
            let hash = document.map(|document| {
                self.by_hash.insert(document.sha256.clone(), Some(document.content));
                document.sha256
            });
            self.by_source.insert(source.to_string(), hash);
        }
        Ok(self.by_source.get(source).cloned().flatten())
    }

    async fn content(&mut self, store: &Store, hash: &str, at: At) -> Result<Option<&str>, StoreError> {
        if !self.by_hash.contains_key(hash) {
            let document = store.list_documents(hash, at).await?.pop();
            self.by_hash.insert(hash.to_string(), document.map(|document| document.content));
        }
        Ok(self.by_hash.get(hash).and_then(Option::as_deref))
    }
}

/// The hash under which a text is stored.
pub fn text_hash(content: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(content.as_bytes()))
}

/// Makes one claim of a draft, or says everything that is wrong with it; `faults` are those found while reading.
pub async fn understand(store: &Store, mut draft: ClaimDraft, mut faults: Faults, at: At) -> Result<Result<Claim, Faults>, StoreError> {
    let mut resolved = Resolved::default();
    names::resolve(store, &[&draft], &mut resolved, at).await?;
    let source = draft.source.as_ref().and_then(|name| resolved.sources.get(name));
    match Texts::default().anchor(store, draft.quote.take(), source, at).await? {
        Ok(quote) => draft.quote = quote,
        Err(found) => faults.extend(found),
    }
    let claim = draft.understood(&resolved).map_err(|found| faults.extend(found)).ok();
    Ok(faults.into_result(claim))
}

/// How much of what a line says about its own recording is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belief {
    /// Nothing: it is a new claim.
    Nothing,
    /// Identity, version, state, cause and reason; time and recorder are our own.
    Versions,
    /// Everything.
    Everything,
}

/// What a line is to become: its identity, and what must hold for it.
#[derive(Debug)]
pub struct Placement {
    id: Option<ClaimId>,
    version: Option<i64>,
    is_row: bool,
    belief: Belief,
    state: State,
    cause: Option<String>,
    reason: Option<String>,
    superseded_by: Option<ClaimId>,
    recorded: Option<Recorded>,
}

impl Placement {
    /// Takes from a draft what does not belong to the claim itself.
    pub fn of(draft: &ClaimDraft, default_state: State, belief: Belief) -> Self {
        let history = &draft.history;
        let recorded = history.recorded_at.zip(history.recorded_by.clone()).map(|(at, by)| Recorded { at, by });
        let cause = history.cause.clone().filter(|cause| match belief {
            Belief::Nothing => false,
            Belief::Versions => STEP_CAUSES.contains(&cause.as_str()) || REVISION_CAUSES.contains(&cause.as_str()),
            Belief::Everything => true,
        });
        Self {
            id: draft.id,
            version: draft.version,
            is_row: draft.is_row,
            belief,
            state: draft.state.unwrap_or(default_state),
            cause,
            reason: history.reason.clone(),
            superseded_by: history.superseded_by.filter(|_| belief != Belief::Nothing),
            recorded: recorded.filter(|_| belief == Belief::Everything),
        }
    }

    /// The claim that takes this one's place, as the line says.
    pub fn superseded_by(&self) -> Option<ClaimId> {
        self.superseded_by
    }

    /// The version that the claim becomes. Its identity derives from what was sent, so this comes before anchoring:
    /// the same line sent again, when a text has been stored in between, is still the same claim.
    pub fn place(self, claim: Claim) -> Result<NewClaimVersion, Faults> {
        self.check_life()?;
        let id = match self.id {
            Some(id) if id.metric != MetricKey::of(&claim.metric) => {
                return Err(Invalid::new("wrong-metric", "/id", "is the id of a claim of another metric").into());
            }
            Some(id) => id,
            None => claim.content_id(),
        };
        let expected = match (self.id, self.is_row) {
            (Some(_), false) => Expected::Version(self.version.unwrap_or(1)),
            _ => Expected::NewOrKnown,
        };
        Ok(NewClaimVersion {
            id,
            expected,
            state: self.state,
            claim,
            cause: self.cause.unwrap_or_else(|| STEP_CAUSES[0].into()),
            reason: self.reason,
            superseded_by: self.superseded_by,
            recorded: self.recorded,
        })
    }

    /// A line may not do what the steps of a claim's life would refuse.
    fn check_life(&self) -> Result<(), Faults> {
        let fault = |code, pointer: &str, message: &str| Err(Faults::from(Invalid::new(code, pointer, message)));
        if self.belief == Belief::Everything {
            return Ok(());
        }
        let is_first = self.version.unwrap_or(1) <= 1;
        let counts = matches!(self.state, State::Accepted | State::Candidate);
        if self.belief == Belief::Nothing && !is_first {
            return fault("not-allowed", "/version", "only new claims can be sent here");
        }
        let gives_back = matches!(self.cause.as_deref(), Some("accepted" | "restored")) && counts;
        let changes = !is_first || !counts;
        if changes && !gives_back && self.reason.is_none() {
            return fault("missing-field", "/reason", "is required where a claim is changed or taken back");
        }
        if (self.state == State::Superseded) != self.superseded_by.is_some() {
            return fault("contradictory-value", "/superseded_by", "goes with the state superseded, and only with it");
        }
        Ok(())
    }
}

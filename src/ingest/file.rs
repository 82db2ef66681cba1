//! A whole file of lines or rows: all of it is written as one change, or nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::claims::{Belief, Placement, Texts, text_hash};
use super::missing::missing_records;
use super::names;
use crate::domain::claim::Claim;
use crate::domain::history::State;
use crate::domain::id::ClaimId;
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::period::Period;
use crate::exchange::claim_draft::{ClaimDraft, ROW_POINTERS, Resolved};
use crate::exchange::claim_input::Form;
use crate::exchange::line::{Line, ReadLine, Recording, read_csv_row, read_line};
use crate::store::change::{
    AnyRecord, Change, Expected, Item, NewClaimVersion, NewDocument, NewMute, NewRate, NewRecordVersion, Outcome, Recorded, Refusal,
};
use crate::store::{At, Store, StoreError};

/// Claims asked for in one statement.
const LOOKUP_MAX: usize = 1000;
/// Faulty lines that are told of; the rest are only counted.
pub const FAULTS_TOLD_MAX: usize = 100;

/// How a file is to be taken.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// In which form its lines come.
    pub form: Form,
    /// Whether actors and sources that are not recorded yet are made from what the lines say of them.
    pub create_missing: bool,
    /// Whether lines may bring records and texts, not only claims.
    pub allow_records: bool,
    /// The state of claims that name none.
    pub default_state: State,
    /// Whether every claim gets that state, whatever its line says.
    pub only_default_state: bool,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFaults {
    /// Counts from 1.
    pub line: usize,
    /// Everything that is wrong with it.
    pub faults: Faults,
}

/// A file read into memory: each line, with its number.
#[derive(Debug, Default)]
pub struct ReadFile {
    lines: Vec<(usize, ReadLine)>,
    bad: Vec<LineFaults>,
}

impl ReadFile {
    /// Reads lines of NDJSON; empty ones are passed over.
    pub fn ndjson(text: &str, policy: Policy) -> Self {
        let mut file = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim_start_matches('\u{feff}');
            if !line.trim().is_empty() {
                file.add(number, read_line(line, policy.form));
            }
        }
        file
    }

    /// Reads a CSV table with the flat columns.
    pub fn csv(text: &str) -> Self {
        let mut file = Self::default();
        let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
        let heading = match reader.headers() {
            Ok(heading) => heading.clone(),
            Err(error) => {
                file.add(1, Err(Invalid::new("malformed-csv", "", error.to_string()).into()));
                return file;
            }
        };
        for row in reader.records() {
            match row {
                Ok(row) => {
                    let number = row.position().map_or(0, |place| usize::try_from(place.line()).unwrap_or(0));
                    file.add(number, read_csv_row(&heading, &row));
                }
                Err(error) => {
                    let number = error.position().map_or(0, |place| usize::try_from(place.line()).unwrap_or(0));
                    file.add(number, Err(Invalid::new("malformed-csv", "", error.to_string()).into()));
                }
            }
        }
        file
    }

    fn add(&mut self, number: usize, line: Result<ReadLine, Faults>) {
        match line {
            Ok(line) => self.lines.push((number, line)),
            Err(faults) => self.bad.push(LineFaults { line: number, faults }),
        }
    }
}

/// A change made of a file, and the line that each of its items stands in.
#[derive(Debug)]
pub struct Prepared {
    /// The change.
    pub change: Change,
    /// Line numbers of its items.
    pub lines: Vec<usize>,
    /// Positions of the items that the lines ask for, without the records made for them.
    asked: Vec<usize>,
}

/// How many of a file's own items were new and how many were there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// New.
    pub created: usize,
    /// There already.
    pub unchanged: usize,
}

impl Prepared {
    /// Counts what became of the lines.
    pub fn tally(lines_asked: &[usize], outcome: &Outcome) -> Tally {
        let mut tally = Tally::default();
        for written in lines_asked.iter().filter_map(|position| outcome.written.get(*position)) {
            if written.unchanged { tally.unchanged += 1 } else { tally.created += 1 }
        }
        tally
    }

    /// Positions of the items that the lines ask for.
    pub fn asked(&self) -> &[usize] {
        &self.asked
    }

    /// A refusal of the change as faults of lines.
    pub fn blamed(lines: &[usize], refusals: &[Refusal]) -> Vec<LineFaults> {
        let mut blamed: BTreeMap<usize, Faults> = BTreeMap::new();
        for refusal in refusals {
            let (item, fault) = match refusal {
                Refusal::Taken { item, id } => {
                    (*item, Invalid::new("conflict", "", format!("{id} is recorded already, with other content")))
                }
                Refusal::Stale { item, present } => {
                    (*item, Invalid::new("conflict", "/version", format!("does not follow the recorded version {present}")))
                }
                Refusal::Missing { item, kind, slug, pointer } => {
                    (*item, Invalid::new("unknown-record", pointer.clone(), format!("there is no {kind} '{slug}'")))
                }
                Refusal::KeyCollision { item, other } => {
                    (*item, Invalid::new("conflict", "", format!("its slug gives the same key as '{other}'; choose another")))
                }
                Refusal::KeyReused | Refusal::StillRunning => continue,
            };
            blamed.entry(lines.get(item).copied().unwrap_or(0)).or_default().push(fault);
        }
        blamed.into_iter().map(|(line, faults)| LineFaults { line, faults }).collect()
    }
}

/// Looks up all names of a file and makes one change of it, or gives all its bad lines.
pub async fn prepare(
    store: &Store,
    file: ReadFile,
    policy: Policy,
    recorder: &str,
    at: At,
) -> Result<Result<Prepared, Vec<LineFaults>>, StoreError> {
    let mut bad = file.bad.clone();
    let mut resolved = Resolved::default();
    let mut texts = Texts::default();
    for (_, read) in &file.lines {
        note_brought(&read.line, &mut resolved, &mut texts);
    }
    let drafts: Vec<&ClaimDraft> =
        file.lines.iter().filter_map(|(_, read)| if let Line::Claim(draft) = &read.line { Some(draft) } else { None }).collect();
    names::resolve(store, &drafts, &mut resolved, at).await?;
    let made = if policy.create_missing { missing_records(store, &drafts, &mut resolved, at).await? } else { Vec::new() };
    let row_ids = drafts.iter().filter(|draft| draft.is_row).filter_map(|draft| draft.id).collect();
    let present = present_claims(store, row_ids, at).await?;
    let lost = missing_successors(store, &file, at).await?;
    let made_count = made.len();
    let mut items: Vec<Item> = made.into_iter().map(|record| Item::Record(new_record(record, &Recording::default(), false))).collect();
    let mut lines = vec![0; made_count];
    let mut making = Making { store, resolved, texts, present, policy, at };
    for (number, read) in file.lines {
        match making.item(read).await? {
            Ok(Item::Claim(new)) if new.superseded_by.is_some_and(|id| lost.contains(&id)) => {
                let fault = Invalid::new("unknown-claim", "/superseded_by", "there is no claim with this id");
                bad.push(LineFaults { line: number, faults: fault.into() });
            }
            Ok(item) => {
                items.push(item);
                lines.push(number);
            }
            Err(faults) => bad.push(LineFaults { line: number, faults }),
        }
    }
    if bad.is_empty() {
        let asked = (made_count..items.len()).collect();
        Ok(Ok(Prepared { change: Change { items, recorder: recorder.to_string(), idempotency: None }, lines, asked }))
    } else {
        bad.sort_by_key(|bad| bad.line);
        Ok(Err(bad))
    }
}

/// Records and texts that the file brings itself count as there for its own claims.
fn note_brought(line: &Line, resolved: &mut Resolved, texts: &mut Texts) {
    match line {
        Line::Actor(actor) => drop(resolved.actors.insert(actor.slug.to_string(), actor.slug.clone())),
        Line::Metric(metric) => drop(resolved.metrics.insert(metric.slug.to_string(), metric.clone())),
        Line::Unit(unit) => drop(resolved.units.insert(unit.slug.to_string(), unit.clone())),
        Line::Source(source) => drop(resolved.sources.insert(source.slug.to_string(), source.slug.clone())),
        Line::Document { source, content } => texts.add(source.as_str(), &text_hash(content), content),
        Line::Claim(_) | Line::Rate(_) | Line::Mute(_) => {}
    }
}

/// What the items of a file are made with.
struct Making<'a> {
    store: &'a Store,
    resolved: Resolved,
    texts: Texts,
    /// Claims that rows name by their ids, as they stand.
    present: HashMap<ClaimId, Claim>,
    policy: Policy,
    at: At,
}

impl Making<'_> {
    async fn item(&mut self, read: ReadLine) -> Result<Result<Item, Faults>, StoreError> {
        let keep = self.policy.form == Form::History;
        if !self.policy.allow_records && !matches!(read.line, Line::Claim(_)) {
            return Ok(Err(Invalid::new("unknown-word", "/type", "only claims can be sent here").into()));
        }
        let record = |record| Ok(Item::Record(new_record(record, &read.recording, keep)));
        Ok(match read.line {
            Line::Actor(actor) => record(AnyRecord::Actor(actor)),
            Line::Metric(metric) => record(AnyRecord::Metric(metric)),
            Line::Unit(unit) => record(AnyRecord::Unit(unit)),
            Line::Source(source) => record(AnyRecord::Source(source)),
            Line::Document { source, content } => {
                let recorded = recorded(&read.recording).filter(|_| keep);
                Ok(Item::Document(NewDocument { sha256: text_hash(&content), source, content, recorded }))
            }
            Line::Rate(rate) => {
                let recorded = recorded(&read.recording).filter(|_| keep);
                Ok(Item::Rate(NewRate { rate, version: read.recording.version.filter(|_| keep), recorded }))
            }
            Line::Mute(mute) => {
                let recorded = recorded(&read.recording).filter(|_| keep);
                Ok(Item::Mute(NewMute { mute, version: read.recording.version.filter(|_| keep), recorded }))
            }
            Line::Claim(draft) => self.claim(draft, read.faults).await?.map(Item::Claim),
        })
    }

    async fn claim(&mut self, mut draft: ClaimDraft, mut faults: Faults) -> Result<Result<NewClaimVersion, Faults>, StoreError> {
        let belief = match (self.policy.form, self.policy.only_default_state) {
            (Form::History, _) => Belief::Everything,
            (_, true) => Belief::Nothing,
            _ => Belief::Versions,
        };
        if self.policy.only_default_state {
            draft.state = None;
        }
        let placement = Placement::of(&draft, self.policy.default_state, belief);
        let is_row = draft.is_row;
        let source = draft.source.as_ref().and_then(|name| self.resolved.sources.get(name)).cloned();
        // A version recorded elsewhere says itself whether its quote was found.
        let anchored = if belief == Belief::Everything && !is_row {
            Ok(draft.quote.clone())
        } else {
            self.texts.anchor(self.store, draft.quote.clone(), source.as_ref(), self.at).await?
        };
        let anchored = anchored.map_err(|found| faults.extend(if is_row { found.renamed(&ROW_POINTERS) } else { found })).ok();
        let claim = draft.understood(&self.resolved).map_err(|found| faults.extend(found)).ok();
        let placed = claim.and_then(|claim| placement.place(claim).map_err(|found| faults.extend(found)).ok());
        if let Some(placed) = &placed
            && is_row
            && self.present.get(&placed.id).is_some_and(|present| contradicts(&placed.claim, present))
        {
            faults.push(Invalid::new("conflict", "/id", "this claim is recorded with other content; revise it instead"));
        }
        let whole = placed.zip(anchored).map(|(mut placed, quote)| {
            placed.claim.quote = quote;
            placed
        });
        Ok(faults.into_result(whole))
    }
}

/// Whether a row says something else than the claim whose id it bears. Its empty cells say nothing.
fn contradicts(row: &Claim, present: &Claim) -> bool {
    fn differs<T: PartialEq>(row: Option<&T>, present: Option<&T>) -> bool {
        row.is_some_and(|row| present != Some(row))
    }
    let days = |period: &Option<Period>| period.as_ref().map(Period::days);
    let exact = |claim: &Claim| claim.quote.as_ref().map(|quote| quote.exact.clone());
    differs(row.actor.as_ref(), present.actor.as_ref())
        || differs(row.counterpart.as_ref(), present.counterpart.as_ref())
        || differs(row.source.as_ref(), present.source.as_ref())
        || differs(row.value.best.as_ref(), present.value.best.as_ref())
        || row.value.comparator != present.value.comparator
        || row.value.unit != present.value.unit
        || differs(row.value.per.as_ref(), present.value.per.as_ref())
        || differs(days(&row.period).as_ref(), days(&present.period).as_ref())
        || differs(days(&row.base_period).as_ref(), days(&present.base_period).as_ref())
        || differs(row.stage.as_ref(), present.stage.as_ref())
        || differs(row.speaker.as_ref(), present.speaker.as_ref())
        || differs(row.cue.as_ref(), present.cue.as_ref())
        || differs(row.locator.as_ref(), present.locator.as_ref())
        || differs(exact(row).as_ref(), exact(present).as_ref())
        || (!row.status.is_empty() && row.status != present.status)
}

/// Claims that must be there because a line says that they take its place.
async fn missing_successors(store: &Store, file: &ReadFile, at: At) -> Result<Vec<ClaimId>, StoreError> {
    let claims = || file.lines.iter().filter_map(|(_, read)| if let Line::Claim(draft) = &read.line { Some(draft) } else { None });
    let brought: HashSet<ClaimId> = claims().filter_map(|draft| draft.id).collect();
    let wanted: HashSet<ClaimId> = claims().filter_map(|draft| draft.history.superseded_by).filter(|id| !brought.contains(id)).collect();
    let there = present_claims(store, wanted.iter().copied().collect(), at).await?;
    Ok(wanted.into_iter().filter(|id| !there.contains_key(id)).collect())
}

async fn present_claims(store: &Store, ids: Vec<ClaimId>, at: At) -> Result<HashMap<ClaimId, Claim>, StoreError> {
    let mut found = HashMap::new();
    for ids in ids.chunks(LOOKUP_MAX) {
        found.extend(store.list_claims_by_id(ids, at).await?.into_iter().map(|version| (version.id, version.claim)));
    }
    Ok(found)
}

fn recorded(recording: &Recording) -> Option<Recorded> {
    recording.recorded_at.zip(recording.recorded_by.clone()).map(|(at, by)| Recorded { at, by })
}

fn new_record(record: AnyRecord, recording: &Recording, keep: bool) -> NewRecordVersion {
    NewRecordVersion {
        record,
        expected: recording.version.map_or(Expected::NewOrKnown, Expected::Version),
        cause: recording.cause.clone().filter(|_| keep).unwrap_or_else(|| "created".into()),
        reason: recording.reason.clone(),
        recorded: recorded(recording).filter(|_| keep),
    }
}

//! The files in `seeds/`, compiled in: what a new database starts with. Loading them again changes nothing.

use super::claims::{Belief, Placement};
use super::names;
use crate::domain::history::State;
use crate::domain::invalid::Faults;
use crate::exchange::claim_draft::{ClaimDraft, Resolved};
use crate::exchange::claim_input::Form;
use crate::exchange::fields::{Fields, parse_json};
use crate::exchange::record_input::RecordInput;
use crate::store::change::{AnyRecord, Change, ChangeError, Expected, Item, NewRecordVersion, Outcome};
use crate::store::{Store, StoreError};

const UNITS: &str = include_str!("../../seeds/units.jsonl");
const METRICS: &str = include_str!("../../seeds/metrics.jsonl");
const ACTORS: &str = include_str!("../../seeds/actors.jsonl");
const SOURCES: &str = include_str!("../../seeds/sources.jsonl");
const CLAIMS: &str = include_str!("../../seeds/claims.jsonl");

/// Who is named as the recorder of seeds.
pub const RECORDER: &str = "seed";

/// Why the seeds could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// A seed file is faulty, which only a build with changed seeds can bring about.
    #[error("seeds/{file} line {line}: {reason}")]
    Faulty {
        /// The file.
        file: &'static str,
        /// Its line.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The change was refused or could not be stored.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// All records of the seeds: units, metrics, actors, sources.
pub fn records() -> Result<Vec<AnyRecord>, SeedError> {
    let mut records = Vec::new();
    read_records("units.jsonl", UNITS, AnyRecord::Unit, &mut records)?;
    read_records("metrics.jsonl", METRICS, AnyRecord::Metric, &mut records)?;
    read_records("actors.jsonl", ACTORS, AnyRecord::Actor, &mut records)?;
    read_records("sources.jsonl", SOURCES, AnyRecord::Source, &mut records)?;
    Ok(records)
}

/// Loads the seeds; what is there already is left alone.
pub async fn seed(store: &Store) -> Result<Outcome, SeedError> {
    let records = records()?;
    let mut resolved = Resolved::default();
    for record in &records {
        match record {
            AnyRecord::Unit(unit) => drop(resolved.units.insert(unit.slug.to_string(), unit.clone())),
            AnyRecord::Metric(metric) => drop(resolved.metrics.insert(metric.slug.to_string(), metric.clone())),
            AnyRecord::Actor(actor) => drop(resolved.actors.insert(actor.slug.to_string(), actor.slug.clone())),
            AnyRecord::Source(source) => drop(resolved.sources.insert(source.slug.to_string(), source.slug.clone())),
        }
    }
    let mut items: Vec<Item> = records.into_iter().map(|record| Item::Record(seeded(record))).collect();
    items.extend(read_claims(store, &mut resolved).await?);
    Ok(store.write(Change { items, recorder: RECORDER.into(), idempotency: None }).await?)
}

fn seeded(record: AnyRecord) -> NewRecordVersion {
    NewRecordVersion { record, expected: Expected::NewOrKnown, cause: "created".into(), reason: None, recorded: None }
}

fn faulty(file: &'static str, line: usize, faults: &Faults) -> SeedError {
    let reason = faults.list().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    SeedError::Faulty { file, line, reason }
}

fn objects(file: &'static str, text: &'static str) -> impl Iterator<Item = Result<(usize, Fields<'static>), SeedError>> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).map(move |(number, line)| {
        let fields = parse_json(line).and_then(Fields::read).map_err(|fault| faulty(file, number, &fault.into()))?;
        Ok((number, fields))
    })
}

fn read_records<R: RecordInput>(
    file: &'static str,
    text: &'static str,
    wrap: impl Fn(R) -> AnyRecord,
    records: &mut Vec<AnyRecord>,
) -> Result<(), SeedError> {
    for object in objects(file, text) {
        let (number, fields) = object?;
        records.push(wrap(R::read(fields).map_err(|faults| faulty(file, number, &faults))?));
    }
    Ok(())
}

async fn read_claims(store: &Store, resolved: &mut Resolved) -> Result<Vec<Item>, SeedError> {
    const FILE: &str = "claims.jsonl";
    let at = store.head().await?.at;
    let mut drafts = Vec::new();
    for object in objects(FILE, CLAIMS) {
        let (number, fields) = object?;
        let (draft, faults) = ClaimDraft::read(fields, Form::New);
        if !faults.is_empty() {
            return Err(faulty(FILE, number, &faults));
        }
        drafts.push((number, draft));
    }
    names::resolve(store, &drafts.iter().map(|(_, draft)| draft).collect::<Vec<_>>(), resolved, at).await?;
    let mut items = Vec::new();
    for (number, draft) in drafts {
        let placement = Placement::of(&draft, State::Accepted, Belief::Nothing);
        let claim = draft.understood(resolved).map_err(|faults| faulty(FILE, number, &faults))?;
        let placed = placement.place(claim).map_err(|faults| faulty(FILE, number, &faults))?;
        items.push(Item::Claim(placed));
    }
    Ok(items)
}

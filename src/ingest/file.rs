//! A whole file of lines or rows: all of it is written as one change, or nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::claims::{Placement, Texts, text_hash};
use super::names;
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::folding::folded;
use crate::domain::history::State;
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::record::RecordKind;
use crate::domain::slug::Slug;
use crate::domain::source::{ChainEnd, Source, SourceKind};
use crate::exchange::claim_draft::{ClaimDraft, Resolved};
use crate::exchange::claim_input::Form;
use crate::exchange::line::{Line, ReadLine, Recording, read_csv_row, read_line};
use crate::store::change::{AnyRecord, Change, Expected, Item, NewDocument, NewRecordVersion, Outcome, Recorded, Refusal};
use crate::store::{At, Store, StoreError};

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
                Refusal::Missing { item, kind, slug } => {
                    (*item, Invalid::new("unknown-record", "", format!("there is no {kind} '{slug}'")))
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
    let mut bad = file.bad;
    let mut resolved = Resolved::default();
    let mut texts = Texts::default();
    for (_, read) in &file.lines {
        note_brought(&read.line, &mut resolved, &mut texts);
    }
    let drafts: Vec<&ClaimDraft> =
        file.lines.iter().filter_map(|(_, read)| if let Line::Claim(draft) = &read.line { Some(draft) } else { None }).collect();
    names::resolve(store, &drafts, &mut resolved, at).await?;
    let made = if policy.create_missing { missing_records(store, &drafts, &mut resolved, at).await? } else { Vec::new() };
    let made_count = made.len();
    let mut items: Vec<Item> = made.into_iter().map(|record| Item::Record(new_record(record, &Recording::default(), false))).collect();
    let mut lines = vec![0; made_count];
    for (number, read) in file.lines {
        match item(store, read, &resolved, &mut texts, policy, at).await? {
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
        Line::Claim(_) => {}
    }
}

async fn item(
    store: &Store,
    read: ReadLine,
    resolved: &Resolved,
    texts: &mut Texts,
    policy: Policy,
    at: At,
) -> Result<Result<Item, Faults>, StoreError> {
    let keep = policy.form == Form::History;
    if !policy.allow_records && !matches!(read.line, Line::Claim(_)) {
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
        Line::Claim(mut draft) => {
            if policy.only_default_state {
                draft.state = None;
            }
            let placement = Placement::of(&draft, policy.default_state, keep);
            match draft.understood(resolved) {
                Err(faults) => Err(faults),
                Ok(claim) => match placement.place(claim) {
                    // A version recorded elsewhere says itself whether its quote was found.
                    Ok(placed) if keep => Ok(Item::Claim(placed)),
                    Ok(mut placed) => texts.anchor(store, &mut placed.claim, at).await?.map(|()| Item::Claim(placed)),
                    Err(faults) => Err(faults),
                },
            }
        }
    })
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

/// Makes records for actors and sources that nothing is recorded of: actors as `unmatched`, to be matched by a person.
async fn missing_records(store: &Store, drafts: &[&ClaimDraft], resolved: &mut Resolved, at: At) -> Result<Vec<AnyRecord>, StoreError> {
    let mut records = Vec::new();
    let known = |resolved: &Resolved, kind: &'static str, name: &str| resolved.ambiguous.contains_key(&(kind, name.to_string()));
    let mut new_actors: Vec<&String> = Vec::new();
    let mut new_sources: HashMap<&String, Option<&ClaimDraft>> = HashMap::new();
    for draft in drafts {
        for name in [&draft.actor, &draft.counterpart].into_iter().flatten() {
            if !resolved.actors.contains_key(name) && !known(resolved, "actor", name) && !new_actors.contains(&name) {
                new_actors.push(name);
            }
        }
        let own = draft.source.as_ref().map(|name| (name, Some(*draft)));
        let cited = draft.citation.as_ref().and_then(|(_, source)| source.as_ref()).map(|name| (name, None));
        for (name, told) in [own, cited].into_iter().flatten() {
            if !resolved.sources.contains_key(name) && !known(resolved, "source", name) {
                let hint = new_sources.entry(name).or_default();
                *hint = hint.or(told);
            }
        }
    }
    let mut taken = HashSet::new();
    for name in new_actors {
        let slug = free_slug(store, RecordKind::Actor, name, &mut taken, at).await?;
        resolved.actors.insert(name.clone(), slug.clone());
        records.push(AnyRecord::Actor(unmatched_actor(slug, name)));
    }
    let mut new_sources: Vec<_> = new_sources.into_iter().collect();
    new_sources.sort_by_key(|(name, _)| *name);
    for (name, told) in new_sources {
        let slug = free_slug(store, RecordKind::Source, name, &mut taken, at).await?;
        resolved.sources.insert(name.clone(), slug.clone());
        records.push(AnyRecord::Source(told_source(slug, name, told)));
    }
    Ok(records)
}

fn unmatched_actor(slug: Slug, name: &str) -> Actor {
    Actor {
        slug,
        name: name.to_string(),
        kind: ActorKind::Unmatched,
        iso_alpha2: None,
        iso_alpha3: None,
        wikidata: None,
        aliases: Vec::new(),
        demonyms: Vec::new(),
        metonyms: Vec::new(),
        part_of: None,
    }
}

fn told_source(slug: Slug, name: &str, told: Option<&ClaimDraft>) -> Source {
    let hint = told.map(|draft| draft.source_hint.clone()).unwrap_or_default();
    Source {
        slug,
        title: hint.title.unwrap_or_else(|| name.to_string()),
        kind: SourceKind::Other,
        authors: Vec::new(),
        publisher: hint.publisher,
        published: hint.published,
        accessed: None,
        url: hint.url.filter(|url| url.starts_with("https://") || url.starts_with("http://")),
        citations: Vec::new(),
        chain_end: ChainEnd::Unknown,
        note: None,
    }
}

/// A slug made from a name, which no record has yet.
async fn free_slug(
    store: &Store,
    kind: RecordKind,
    name: &str,
    taken: &mut HashSet<(RecordKind, Slug)>,
    at: At,
) -> Result<Slug, StoreError> {
    let plain = Slug::parse(name).unwrap_or_else(|_| Slug::from_name(name));
    let stored = store.list_names(kind, &[plain.to_string()], at).await?;
    if !stored.contains_key(&folded(plain.as_str())) && taken.insert((kind, plain.clone())) {
        return Ok(plain);
    }
    let distinct = Slug::from_name_and_hash(name);
    taken.insert((kind, distinct.clone()));
    Ok(distinct)
}

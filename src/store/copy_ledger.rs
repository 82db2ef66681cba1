//! What a copy brings over beside the changes: keys, and the answers to requests that may be repeated.

use super::change::Outcome;
use super::engine::Connection;
use super::statement::{Reach, Statement};
use super::writer::IDEMPOTENCY_MICROS;
use super::{At, Store, StoreError};

/// Rows copied at a time.
const CHUNK_ROWS: usize = 500;

const SELECT_KEYS: &str = "SELECT id, name, scope, secret_sha256, created_at, revoked_at FROM keys ORDER BY id";
const INSERT_KEYS: &str = "INSERT INTO keys (id, name, scope, secret_sha256, created_at, revoked_at) ";
const OR_REVOKE: &str = " ON CONFLICT (id) DO UPDATE SET revoked_at = COALESCE(keys.revoked_at, excluded.revoked_at)";
const SELECT_OUTCOMES: &str = "SELECT key_id, route, idempotency_key, fingerprint, outcome, recorded_at FROM idempotency \
    WHERE (key_id, route, idempotency_key) > ($1, $2, $3) ORDER BY key_id, route, idempotency_key LIMIT 500";
const INSERT_OUTCOMES: &str = "INSERT INTO idempotency (key_id, route, idempotency_key, fingerprint, outcome, recorded_at) ";
const OR_KEEP: &str = " ON CONFLICT (key_id, route, idempotency_key) DO NOTHING";

pub(super) type KeyRow = (String, String, String, String, i64, Option<i64>);
type OutcomeKey = (String, String, String);
type OutcomeRow = (String, String, String, String, String, i64);

impl Store {
    pub(super) async fn keys(&self) -> Result<Vec<KeyRow>, StoreError> {
        self.prompt.fetch_all(Statement::new(Reach::Ledger, SELECT_KEYS)).await
    }

    /// Copies the keys, and gives them.
    pub(super) async fn copy_keys(&self, target: &mut Connection) -> Result<Vec<KeyRow>, StoreError> {
        let all = self.keys().await?;
        for keys in all.chunks(CHUNK_ROWS) {
            let mut statement = Statement::new(Reach::Ledger, INSERT_KEYS);
            statement.push_values(keys, |row, (id, name, scope, secret_sha256, created_at, revoked_at)| {
                row.push_bind(id).push_bind(name).push_bind(scope).push_bind(secret_sha256).push_bind(*created_at).push_bind(*revoked_at);
            });
            statement.push(OR_REVOKE);
            target.execute(statement).await?;
        }
        Ok(all)
    }

    /// Copies the answers to requests that may be repeated, and gives the first that the target has otherwise.
    pub(super) async fn copy_outcomes(&self, target: &mut Connection, head: At) -> Result<Option<String>, StoreError> {
        let mut after = OutcomeKey::default();
        loop {
            let mut ours: Vec<OutcomeRow> = self.prompt.fetch_all(select_outcomes(&after)).await?;
            let last = ours.last().map(outcome_key);
            // What was answered since the copy began belongs to changes that the target does not have.
            ours.retain(|(.., outcome, _)| serde_json::from_str::<Outcome>(outcome).is_ok_and(|outcome| At(outcome.seq) <= head));
            if !ours.is_empty() {
                let mut statement = Statement::new(Reach::Ledger, INSERT_OUTCOMES);
                statement.push_values(&ours, |row, (key_id, route, key, fingerprint, outcome, recorded_at)| {
                    row.push_bind(key_id).push_bind(route).push_bind(key).push_bind(fingerprint).push_bind(outcome).push_bind(*recorded_at);
                });
                statement.push(OR_KEEP);
                target.execute(statement).await?;
            }
            let differs = self.different_outcome(target, ours, after, last.as_ref()).await?;
            match last {
                Some(last) if differs.is_none() => after = last,
                _ => return Ok(differs),
            }
        }
    }

    /// The first answered request after `after`, up to `last`, that the target does not have like this database. What is so old
    /// that it is forgotten is not looked at: each database forgets at moments of its own.
    async fn different_outcome(
        &self,
        target: &mut Connection,
        mut ours: Vec<OutcomeRow>,
        mut after: OutcomeKey,
        last: Option<&OutcomeKey>,
    ) -> Result<Option<String>, StoreError> {
        let mut theirs: Vec<OutcomeRow> = Vec::new();
        loop {
            let page: Vec<OutcomeRow> = target.fetch_all(select_outcomes(&after)).await?;
            let Some(end) = page.last().map(outcome_key) else { break };
            theirs.extend(page.into_iter().filter(|row| last.is_none_or(|last| outcome_key(row) <= *last)));
            if last.is_some_and(|last| end >= *last) {
                break;
            }
            after = end;
        }
        let oldest = self.clock.now().as_microsecond() - IDEMPOTENCY_MICROS;
        ours.retain(|(.., recorded_at)| *recorded_at >= oldest);
        theirs.retain(|(.., recorded_at)| *recorded_at >= oldest);
        let place = (0..ours.len().max(theirs.len())).find(|place| ours.get(*place) != theirs.get(*place));
        let differing = place.and_then(|place| ours.get(place).or(theirs.get(place)));
        Ok(differing.map(|(key_id, route, ..)| format!("idempotency, key_id {key_id}, route {route}: another answer is remembered")))
    }
}

fn select_outcomes((key_id, route, key): &OutcomeKey) -> Statement {
    Statement::new(Reach::Ledger, SELECT_OUTCOMES).bind(key_id).bind(route).bind(key)
}

fn outcome_key((key_id, route, key, ..): &OutcomeRow) -> OutcomeKey {
    (key_id.clone(), route.clone(), key.clone())
}

/// The first key that a target does not have as it was copied. One may have been taken back there.
pub(super) fn different_key(copied: &[KeyRow], theirs: &[KeyRow]) -> Option<String> {
    let same = |ours: &KeyRow, theirs: &KeyRow| {
        let mut ours = ours.clone();
        ours.5 = theirs.5.or(ours.5);
        ours == *theirs
    };
    let place = (0..copied.len().max(theirs.len()))
        .find(|place| !copied.get(*place).zip(theirs.get(*place)).is_some_and(|(ours, theirs)| same(ours, theirs)))?;
    let (id, ..) = theirs.get(place).or(copied.get(place))?;
    Some(format!("keys, id {id}: it is another key, or only one of the databases has it"))
}

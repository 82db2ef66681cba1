//! Keys of those who may write. Only the hash of a key's secret is stored. They are read from the primary: a key that was
//! taken back must not live on in a replica.

use jiff::Timestamp;

use super::statement::{Reach, Statement};
use super::{Store, StoreError, timestamp};

/// A stored key.
#[derive(Debug, Clone)]
pub struct KeyRow {
    /// Its public part.
    pub id: String,
    /// Whom it was made for; becomes the recorder of what is written with it.
    pub name: String,
    /// What it may do, as a word.
    pub scope: String,
    /// SHA-256 of its secret, in hexadecimal.
    pub secret_sha256: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

type StoredKey = (String, String, String, String, i64, Option<i64>);

const SELECT_KEY: &str = "SELECT id, name, scope, secret_sha256, created_at, revoked_at FROM keys WHERE id = $1";
const SELECT_KEYS: &str = "SELECT id, name, scope, secret_sha256, created_at, revoked_at FROM keys ORDER BY created_at, id";
const COUNT_KEYS: &str = "SELECT COUNT(*) FROM keys WHERE revoked_at IS NULL";
const INSERT_KEY: &str = "INSERT INTO keys (id, name, scope, secret_sha256, created_at) VALUES ($1, $2, $3, $4, $5)";
const REVOKE_KEY: &str = "UPDATE keys SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL";

impl Store {
    /// The key with this public part, also when it was revoked.
    pub async fn find_key(&self, id: &str) -> Result<Option<KeyRow>, StoreError> {
        let row: Option<StoredKey> = self.prompt.fetch_optional(Statement::new(Reach::Ledger, SELECT_KEY).bind(id)).await?;
        row.map(key).transpose()
    }

    /// All keys ever made, oldest first.
    pub async fn list_keys(&self) -> Result<Vec<KeyRow>, StoreError> {
        let rows: Vec<StoredKey> = self.prompt.fetch_all(Statement::new(Reach::Ledger, SELECT_KEYS)).await?;
        rows.into_iter().map(key).collect()
    }

    /// Whether any key is in force.
    pub async fn has_keys(&self) -> Result<bool, StoreError> {
        let count: i64 = self.prompt.fetch_value(Statement::new(Reach::Ledger, COUNT_KEYS)).await?;
        Ok(count > 0)
    }

    /// Stores a new key.
    pub async fn add_key(&self, id: &str, name: &str, scope: &str, secret_sha256: &str) -> Result<(), StoreError> {
        let now = self.clock.now().as_microsecond();
        let statement = Statement::new(Reach::Ledger, INSERT_KEY).bind(id).bind(name).bind(scope).bind(secret_sha256).bind(now);
        self.execute_alone(statement).await?;
        Ok(())
    }

    /// Takes a key back; false when there is no such key in force.
    pub async fn revoke_key(&self, id: &str) -> Result<bool, StoreError> {
        let now = self.clock.now().as_microsecond();
        Ok(self.execute_alone(Statement::new(Reach::Ledger, REVOKE_KEY).bind(now).bind(id)).await? > 0)
    }
}

fn key((id, name, scope, secret_sha256, created_at, revoked_at): StoredKey) -> Result<KeyRow, StoreError> {
    let created_at = timestamp(created_at, "keys", &id)?;
    let revoked_at = revoked_at.map(|micros| timestamp(micros, "keys", &id)).transpose()?;
    Ok(KeyRow { id, name, scope, secret_sha256, created_at, revoked_at })
}

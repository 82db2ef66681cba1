//! Identity of claims: the metric and a UUID, so that a look-up never has to search all metrics.

use std::fmt;

use data_encoding::BASE32HEX_NOPAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::invalid::Invalid;
use super::slug::Slug;

/// Name space of ids that are derived from content (UUID version 5).
const CONTENT_NAMESPACE: Uuid = Uuid::from_u128(0x5a3f_0c0e_9d5b_5f0c_8f55_66b1_0f1c_7ab2);
/// What every public claim id begins with.
const PREFIX: &str = "clm_";

/// The number that stands for a metric in keys: the first 48 bits of the SHA-256 of its slug.
///
/// A slug never changes, so the number is the same in every database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetricKey(i64);

impl MetricKey {
    /// The key of the metric with this slug.
    pub fn of(slug: &Slug) -> Self {
        let digest = Sha256::digest(slug.as_str().as_bytes());
        Self(digest.iter().take(6).fold(0, |key, byte| (key << 8) | i64::from(*byte)))
    }

    /// The key as stored.
    pub fn number(self) -> i64 {
        self.0
    }

    /// A key read back from the store.
    pub fn from_number(number: i64) -> Self {
        Self(number)
    }
}

/// A claim's identity: `clm_` and 36 characters in public, the metric's key and a UUID inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimId {
    /// The claim's metric.
    pub metric: MetricKey,
    /// Unique within the metric.
    pub uuid: Uuid,
}

impl ClaimId {
    /// The identity that content gives itself, so that recording it again finds it again.
    pub fn from_content(metric: MetricKey, content: &[u8]) -> Self {
        Self { metric, uuid: Uuid::new_v5(&CONTENT_NAMESPACE, content) }
    }

    /// Reads a public id.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let malformed = || Invalid::new("malformed-id", "", "is not a claim id (clm_ and 36 letters and digits)");
        let code = text.strip_prefix(PREFIX).ok_or_else(malformed)?;
        let bytes = BASE32HEX_NOPAD.decode(code.to_ascii_uppercase().as_bytes()).map_err(|_| malformed())?;
        let (key, uuid) = bytes.split_at_checked(6).ok_or_else(malformed)?;
        let uuid = Uuid::from_slice(uuid).map_err(|_| malformed())?;
        Ok(Self { metric: MetricKey(key.iter().fold(0, |key, byte| (key << 8) | i64::from(*byte))), uuid })
    }
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; 22];
        bytes[..6].copy_from_slice(&self.metric.0.to_be_bytes()[2..]);
        bytes[6..].copy_from_slice(self.uuid.as_bytes());
        write!(f, "{PREFIX}{}", BASE32HEX_NOPAD.encode(&bytes).to_ascii_lowercase())
    }
}

impl Serialize for ClaimId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClaimId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

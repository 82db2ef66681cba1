//! Keys of those who may write: what they look like, and what they may do.

use sha2::{Digest, Sha256};

use super::invalid::Invalid;

/// What every key begins with, so that a leaked one is recognised.
const PREFIX: &str = "fgb_";
/// Random bytes of the public part; it only has to be distinct.
const ID_BYTES: usize = 8;
/// Random bytes of the secret; far more than can be guessed, so that a plain hash of it may be stored.
const SECRET_BYTES: usize = 32;

/// What a key may do; each scope includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Propose candidates.
    Propose,
    /// Write claims, records, rates.
    Write,
    /// Manage keys and merge actors.
    Admin,
}

impl Scope {
    /// All scopes, narrowest first.
    pub const ALL: [Self; 3] = [Self::Propose, Self::Write, Self::Admin];

    /// The word used on the command line and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Propose => "propose",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|scope| scope.as_str() == text);
        found.ok_or_else(|| Invalid::new("unknown-word", "", "must be propose, write or admin"))
    }
}

/// A key as its owner holds it: a public part to find it by, and a secret.
#[derive(Clone)]
pub struct Key {
    id: String,
    secret: String,
}

impl Key {
    /// Bytes of randomness that [`Key::from_random`] needs.
    pub const RANDOM_BYTES: usize = ID_BYTES + SECRET_BYTES;

    /// Makes a key of random bytes.
    pub fn from_random(bytes: &[u8; Self::RANDOM_BYTES]) -> Self {
        let encode = |bytes: &[u8]| data_encoding::BASE32HEX_NOPAD.encode(bytes).to_ascii_lowercase();
        Self { id: encode(&bytes[..ID_BYTES]), secret: encode(&bytes[ID_BYTES..]) }
    }

    /// Reads a key from its text; `None` when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
        let fits = |part: &str| !part.is_empty() && part.len() <= 64 && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (fits(id) && fits(secret)).then(|| Self { id: id.to_string(), secret: secret.to_string() })
    }

    /// The public part.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The whole key, to be shown once.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}_{}", self.id, self.secret)
    }

    /// What is stored in place of the secret: its SHA-256 in hexadecimal.
    pub fn secret_hash(&self) -> String {
        data_encoding::HEXLOWER.encode(&Sha256::digest(self.secret.as_bytes()))
    }
}

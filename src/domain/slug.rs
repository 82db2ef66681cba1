//! The name by which a reference record is addressed. It never changes.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::folding::folded;
use super::invalid::Invalid;

/// Longest slug; it stands in addresses, file names and every exported row.
pub const SLUG_CHARS_MAX: usize = 120;

/// A record's name: ASCII letters, digits, `-`, `_` and `.`, beginning with a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slug(String);

impl Slug {
    /// Checks the form of a slug (not whether a record of that name exists).
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let well_formed = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
        if !well_formed || text.len() > SLUG_CHARS_MAX {
            let message = "is not a slug: use 1 to 120 ASCII letters, digits, '-', '_' or '.', beginning with a letter or digit";
            return Err(Invalid::new("malformed-slug", "", message));
        }
        Ok(Self(text.to_string()))
    }

    /// A slug that resembles a name; for a name without Latin letters, one made of its hash.
    pub fn from_name(name: &str) -> Self {
        let readable = readable(name);
        if readable.is_empty() { Self(format!("name-{}", hash(name))) } else { Self(readable) }
    }

    /// A slug that resembles a name and that no other name shares.
    pub fn from_name_and_hash(name: &str) -> Self {
        let readable = readable(name);
        let stem = if readable.is_empty() { "name" } else { &readable };
        Self(format!("{stem}-{}", hash(name)))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The Latin letters and digits of a name in lower case, parted by hyphens, short enough to add a hash to.
fn readable(name: &str) -> String {
    let folded = folded(name);
    let words: Vec<&str> = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut joined = words.join("-");
    joined.truncate(SLUG_CHARS_MAX - 20);
    joined.trim_end_matches('-').to_string()
}

/// Enough of a hash to tell names apart.
fn hash(name: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(name.as_bytes())[..6])
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

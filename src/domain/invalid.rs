//! What is wrong with an input: a code, the field as a JSON pointer, and a plain sentence.

use std::fmt;

/// One fault of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// Stable kebab-case code, such as `unknown-unit`.
    pub code: &'static str,
    /// JSON pointer (RFC 6901) to the faulty field; empty for the whole input.
    pub pointer: String,
    /// A plain sentence for the person who sent it.
    pub message: String,
}

impl Invalid {
    /// A fault of the field that `pointer` names.
    pub fn new(code: &'static str, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, pointer: pointer.into(), message: message.into() }
    }

    /// The same fault, with its pointer moved below `prefix` (a field that holds this one).
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.pointer.insert_str(0, prefix);
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() { f.write_str(&self.message) } else { write!(f, "{}: {}", self.pointer, self.message) }
    }
}

impl std::error::Error for Invalid {}

/// All faults of one input, collected so that a caller learns of every one at once.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Faults(Vec<Invalid>);

impl Faults {
    /// Notes one more fault.
    pub fn push(&mut self, fault: Invalid) {
        self.0.push(fault);
    }

    /// Keeps the value, or notes its fault under `pointer` and gives nothing.
    pub fn keep<T>(&mut self, pointer: &str, result: Result<T, Invalid>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(fault) => {
                self.push(fault.under(pointer));
                None
            }
        }
    }

    /// Takes over the faults of a part of the input.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Moves all pointers below `prefix`.
    #[must_use]
    pub fn under(self, prefix: &str) -> Self {
        Self(self.0.into_iter().map(|fault| fault.under(prefix)).collect())
    }

    /// Calls fields by other names: pairs of a pointer and the one that stands for it.
    #[must_use]
    pub fn renamed(self, names: &[(&str, &str)]) -> Self {
        let renamed = |fault: Invalid| {
            let new = names.iter().find(|(old, _)| *old == fault.pointer).map(|(_, new)| (*new).to_string());
            Invalid { pointer: new.unwrap_or(fault.pointer), ..fault }
        };
        Self(self.0.into_iter().map(renamed).collect())
    }

    /// The faults, in the order in which they were found.
    pub fn list(&self) -> &[Invalid] {
        &self.0
    }

    /// Whether nothing was wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value when nothing was wrong, else the faults.
    pub fn into_result<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self),
        }
    }
}

impl From<Invalid> for Faults {
    fn from(fault: Invalid) -> Self {
        Self(vec![fault])
    }
}

//! Reading the stored texts of sources.

use jiff::Timestamp;

use super::statement::{Reach, Statement};
use super::{At, Store, StoreError, timestamp};

/// The text of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// SHA-256 of the text, in hexadecimal.
    pub sha256: String,
    /// Slug of the source whose text it is.
    pub source: String,
    /// The text.
    pub content: String,
    /// Number of the change that stored it.
    pub seq: i64,
    /// When it was stored.
    pub recorded_at: Timestamp,
    /// Who stored it.
    pub recorded_by: String,
}

type DocumentRow = (String, String, String, i64, i64, String);

const SELECT_DOCUMENTS: &str = "SELECT d.sha256, d.source, t.content, d.seq, d.recorded_at, d.recorded_by FROM documents d \
    JOIN texts t ON t.sha256 = d.sha256 WHERE d.sha256 = $1 AND d.seq <= $2 ORDER BY d.seq";
const SELECT_NEWEST_OF_SOURCE: &str = "SELECT d.sha256, d.source, t.content, d.seq, d.recorded_at, d.recorded_by FROM documents d \
    JOIN texts t ON t.sha256 = d.sha256 WHERE d.source = $1 AND d.seq <= $2 ORDER BY d.seq DESC LIMIT 1";
const SELECT_HISTORY: &str = "SELECT d.sha256, d.source, t.content, d.seq, d.recorded_at, d.recorded_by FROM documents d \
    JOIN texts t ON t.sha256 = d.sha256 WHERE d.seq > $1 AND d.seq <= $2 ORDER BY d.seq LIMIT $3";

impl Store {
    /// The text with this hash, once for each source that it is the text of, in the order in which they were stored.
    pub async fn list_documents(&self, sha256: &str, at: At) -> Result<Vec<Document>, StoreError> {
        let rows: Vec<DocumentRow> = self.read.fetch_all(Statement::new(Reach::Records, SELECT_DOCUMENTS).bind(sha256).bind(at.0)).await?;
        rows.into_iter().map(document).collect()
    }

    /// The text of a source that was stored last.
    pub async fn find_document_of_source(&self, source: &str, at: At) -> Result<Option<Document>, StoreError> {
        let row: Option<DocumentRow> =
            self.read.fetch_optional(Statement::new(Reach::Records, SELECT_NEWEST_OF_SOURCE).bind(source).bind(at.0)).await?;
        row.map(document).transpose()
    }

    /// All texts in the order in which they were stored, beginning after `after`.
    pub async fn list_document_history(&self, after: i64, at: At, limit: i64) -> Result<Vec<Document>, StoreError> {
        let rows: Vec<DocumentRow> =
            self.read.fetch_all(Statement::new(Reach::Records, SELECT_HISTORY).bind(after).bind(at.0).bind(limit)).await?;
        rows.into_iter().map(document).collect()
    }
}

fn document((sha256, source, content, seq, recorded_at, recorded_by): DocumentRow) -> Result<Document, StoreError> {
    let recorded_at = timestamp(recorded_at, "documents", &sha256)?;
    Ok(Document { sha256, source, content, seq, recorded_at, recorded_by })
}

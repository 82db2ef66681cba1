//! What is sent to be looked through: a text or a page, and what is said of its source.

use serde::Serialize;
use utoipa::ToSchema;

use super::body::Media;
use super::params::Query;
use super::problem::ApiError;
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::period::Period;
use crate::domain::source::SourceKind;
use crate::exchange::fields::{Fields, parse_json};
use crate::exchange::record_input::web_address;
use crate::ingest::claims::text_hash;
use crate::ingest::prose::sources::SourceDraft;
use crate::reading::{encoding, html};

/// The fields of the JSON form.
const FIELDS: [&str; 10] = ["text", "html", "source", "title", "kind", "authors", "publisher", "published", "accessed", "url"];

/// A text with its source, as JSON.
#[derive(Serialize, ToSchema)]
pub struct ExtractionBody {
    /// The text; either this or `html`.
    text: Option<String>,
    /// The page; either this or `text`.
    html: Option<String>,
    /// Slug of the source; one that does not exist is made if there is a `title`.
    source: Option<String>,
    /// Its title.
    title: Option<String>,
    /// What sort of publication it is.
    kind: Option<String>,
    /// Persons or bodies that wrote it.
    authors: Option<Vec<String>>,
    /// Who printed it.
    publisher: Option<String>,
    /// When it was printed, as EDTF; relative times in the text are reckoned from it.
    published: Option<String>,
    /// When somebody looked at it, as EDTF.
    accessed: Option<String>,
    /// Where it is to be found.
    url: Option<String>,
}

/// What was sent, read.
#[derive(Debug, Default)]
pub struct Posted {
    content: String,
    is_html: bool,
    /// The source that was named.
    pub source: Option<String>,
    /// What is said of it.
    pub about: SourceDraft,
}

impl Posted {
    /// The text to be looked through; of a page, also the hash of the page.
    pub fn text(&mut self) -> Result<(String, Option<String>), ApiError> {
        let refused = |fault: Invalid| ApiError::body(&Invalid { message: format!("the text {}", fault.message), ..fault }.into());
        let content = std::mem::take(&mut self.content);
        encoding::check(&content).map_err(refused)?;
        let (text, hash) = if self.is_html { (html::text_of(&content), Some(text_hash(&content))) } else { (content, None) };
        encoding::check_not_empty(&text).map_err(refused)?;
        Ok((text, hash))
    }
}

/// Reads a body, with what the query said of the source.
pub fn posted(body: String, media: Media, said: Posted) -> Result<Posted, ApiError> {
    if media != Media::Json {
        return Ok(Posted { content: body, is_html: media == Media::Html, ..said });
    }
    let fields = parse_json(&body).and_then(Fields::read).map_err(|fault| ApiError::body(&fault.into()))?;
    read(fields, said).map_err(|faults| ApiError::body(&faults))
}

/// What the query says of the source.
pub fn told(mut query: Query) -> Result<Posted, ApiError> {
    let posted = Posted {
        source: query.one("source"),
        about: SourceDraft {
            title: query.one("title"),
            publisher: query.one("publisher"),
            published: query.parsed("published", Period::parse),
            url: query.parsed("url", web_address),
            ..SourceDraft::default()
        },
        ..Posted::default()
    };
    query.finish()?;
    Ok(posted)
}

/// Reads the JSON form; what it leaves out, the query may have said.
fn read(mut fields: Fields<'_>, said: Posted) -> Result<Posted, Faults> {
    let text = fields.text_up_to("text", usize::MAX);
    let page = fields.text_up_to("html", usize::MAX);
    if text.is_some() && page.is_some() {
        fields.fault("html", Invalid::new("contradictory-value", "", "goes in place of text, not beside it"));
    }
    let is_html = page.is_some();
    let content = fields.required("text", text.or(page));
    let source = fields.reference("source").or(said.source);
    let about = SourceDraft {
        title: fields.text("title").or(said.about.title),
        kind: fields.word("kind", &SourceKind::ALL, SourceKind::as_str),
        authors: fields.texts("authors"),
        publisher: fields.text("publisher").or(said.about.publisher),
        published: fields.parsed("published", Period::parse).or(said.about.published),
        accessed: fields.parsed("accessed", Period::parse),
        url: fields.parsed("url", web_address).or(said.about.url),
    };
    let posted = content.map(|content| Posted { content, is_html, source, about });
    fields.finish(&FIELDS).into_result(posted)
}

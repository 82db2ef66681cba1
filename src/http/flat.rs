//! Flat tables, streamed: rows are fetched, written and sent page by page, all at one state of the database.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use futures_util::Stream;
use serde::Serialize;
use serde_json::{Map, Value};

use super::answer::{Asked, Validators, with_validators};
use super::format::Format;
use super::problem::ApiError;
use super::state::AppState;
use crate::domain::catalog::Catalog;
use crate::domain::history::ClaimVersion;
use crate::exchange::flat_row::{csv_heading, csv_line};
use crate::store::claims::{ClaimPage, PageStart, Sort};
use crate::store::filter::ClaimFilter;
use crate::store::{At, StoreError};

/// Rows fetched at a time; large enough to be fast, small enough that memory does not grow with the table.
const CHUNK_ROWS: usize = 500;

/// Which claims make the table, and in which order.
pub struct Table {
    /// Which claims.
    pub filter: ClaimFilter,
    /// In which order.
    pub sort: Sort,
    /// Where to begin.
    pub start: Option<PageStart>,
    /// At most so many rows.
    pub limit: Option<usize>,
    /// At which state.
    pub at: At,
    /// These columns.
    pub columns: Vec<String>,
    /// What a row of it is.
    pub row: fn(&ClaimVersion, &Catalog) -> serde_json::Result<Value>,
}

/// Writes rows in one of the flat forms.
struct RowWriter {
    format: Format,
    columns: Vec<String>,
    rows: usize,
}

impl RowWriter {
    fn new(format: Format, columns: Vec<String>) -> Self {
        Self { format, columns, rows: 0 }
    }

    fn begin(&self) -> std::io::Result<String> {
        match self.format {
            Format::Csv => csv_heading(&self.columns),
            Format::Json | Format::Envelope => Ok("[".into()),
            Format::Ndjson => Ok(String::new()),
        }
    }

    fn write(&mut self, text: &mut String, row: &impl Serialize) -> std::io::Result<()> {
        self.write_value(text, serde_json::to_value(row)?)
    }

    fn write_value(&mut self, text: &mut String, row: Value) -> std::io::Result<()> {
        let Value::Object(all) = row else { return Err(std::io::Error::other("a row is an object")) };
        let row: Map<String, Value> =
            self.columns.iter().map(|column| (column.clone(), all.get(column).cloned().unwrap_or(Value::Null))).collect();
        match self.format {
            Format::Csv => text.push_str(&csv_line(&row)?),
            Format::Json | Format::Envelope => {
                text.push_str(if self.rows == 0 { "\n" } else { ",\n" });
                text.push_str(&serde_json::to_string(&row)?);
            }
            Format::Ndjson => {
                text.push_str(&serde_json::to_string(&row)?);
                text.push('\n');
            }
        }
        self.rows += 1;
        Ok(())
    }

    fn end(&self) -> &'static str {
        if matches!(self.format, Format::Json | Format::Envelope) { "\n]\n" } else { "" }
    }
}

/// A table of claims as an answer. What fails at its beginning is still a problem; only later pages can break off.
pub async fn claims(state: AppState, table: Table, format: Format, asked: &Asked, validators: &Validators) -> Result<Response, ApiError> {
    let name = file_name(asked, table.at, format);
    let first = page(&state, &table, table.start.as_ref(), table.limit.unwrap_or(usize::MAX)).await?;
    let body = Body::from_stream(claim_rows(state, table, format, first));
    Ok(named(with_validators(body, format.media_type(), validators), &name))
}

/// Claims of a page with the records that they name.
async fn page(state: &AppState, table: &Table, start: Option<&PageStart>, left: usize) -> Result<(ClaimPage, Catalog), StoreError> {
    let page = state.store.list_claims(&table.filter, table.sort, start, left.min(CHUNK_ROWS), table.at).await?;
    let catalog = state.store.catalog_of(&page.claims, table.at).await?;
    Ok((page, catalog))
}

fn claim_rows(
    state: AppState,
    table: Table,
    format: Format,
    first: (ClaimPage, Catalog),
) -> impl Stream<Item = Result<String, std::io::Error>> {
    async_stream::try_stream! {
        let mut writer = RowWriter::new(format, table.columns.clone());
        let mut text = writer.begin()?;
        let mut left = table.limit.unwrap_or(usize::MAX);
        let mut fetched = first;
        loop {
            let (rows, catalog) = &fetched;
            left -= rows.claims.len();
            for version in &rows.claims {
                writer.write_value(&mut text, (table.row)(version, catalog)?)?;
            }
            yield std::mem::take(&mut text);
            let Some(start) = rows.next.clone().filter(|_| left > 0) else { break };
            fetched = page(&state, &table, Some(&start), left).await.map_err(broken_off)?;
        }
        text.push_str(writer.end());
        yield text;
    }
}

/// A stream that fails in its middle can only break off; the log says why.
fn broken_off(error: StoreError) -> std::io::Error {
    tracing::error!(%error, "a table broke off");
    std::io::Error::other("the table broke off")
}

/// A table of rows that are all in memory.
pub fn rows<R: Serialize>(
    rows: &[R],
    columns: &[&str],
    format: Format,
    at: At,
    asked: &Asked,
    validators: &Validators,
) -> Result<Response, ApiError> {
    let mut writer = RowWriter::new(format, columns.iter().map(ToString::to_string).collect());
    let mut text = writer.begin().map_err(ApiError::internal)?;
    for row in rows {
        writer.write(&mut text, row).map_err(ApiError::internal)?;
    }
    text.push_str(writer.end());
    let name = file_name(asked, at, format);
    Ok(named(with_validators(text.into(), format.media_type(), validators), &name))
}

/// A file name that says what is in the file and as of which state.
fn file_name(asked: &Asked, at: At, format: Format) -> String {
    let stem = asked.path().trim_start_matches("/v1/").replace('/', "-");
    format!("figurebase-{stem}-{}.{}", at.0, format.suffix().unwrap_or("json"))
}

fn named(mut response: Response, name: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(&format!("inline; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response.headers_mut().insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    response
}

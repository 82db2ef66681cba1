//! `figurebase export`: everything that is recorded, as lines that can be imported again, or the claims as a table.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::DatabaseSettings;
use crate::domain::actor::Actor;
use crate::domain::history::State;
use crate::domain::metric::Metric;
use crate::domain::record::{Record, Versioned};
use crate::domain::source::Source;
use crate::domain::unit::Unit;
use crate::exchange::claim_view::ClaimView;
use crate::exchange::flat_row::{COLUMNS, FlatRow, csv_heading, csv_line};
use crate::exchange::line::{claim_line, document_line, mute_line, rate_line, record_line};
use crate::store::claims::{Sort, SortKey};
use crate::store::filter::ClaimFilter;
use crate::store::{At, Store};

/// Rows fetched at a time.
const CHUNK_ROWS: i64 = 500;

/// Write everything, or the claims as a table.
#[derive(Debug, Args)]
pub struct Export {
    /// The file to write; otherwise standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// `ndjson`: every version of every record and claim, for `import`; `csv`: the accepted claims as flat rows
    #[arg(long, value_enum, default_value = "ndjson")]
    format: FileForm,
}

/// Forms of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FileForm {
    /// Every version of everything, one JSON object a line
    Ndjson,
    /// Accepted claims as a table
    Csv,
}

impl Export {
    /// Runs the command.
    pub async fn run(self, database: &DatabaseSettings) -> anyhow::Result<()> {
        let store = database.open(false).await?;
        let at = store.head().await?.at;
        let out: Box<dyn Write> = match &self.output {
            Some(path) => Box::new(std::fs::File::create(path).with_context(|| format!("cannot write {}", path.display()))?),
            None => Box::new(std::io::stdout().lock()),
        };
        let mut out = std::io::BufWriter::new(out);
        let written = match self.format {
            FileForm::Ndjson => write_lines(&store, at, &mut out).await,
            FileForm::Csv => write_table(&store, at, &mut out).await,
        };
        written.and_then(|()| out.flush().map_err(Into::into)).context("the export broke off")?;
        store.close().await;
        Ok(())
    }
}

/// A line with the number of the change that stored what it holds.
type NumberedLine = (i64, String);

/// Writes everything in the order in which it was stored, a stretch of changes at a time.
async fn write_lines(store: &Store, at: At, out: &mut impl Write) -> anyhow::Result<()> {
    let progress = ProgressBar::new(u64::try_from(at.0).unwrap_or(0));
    progress
        .set_style(ProgressStyle::with_template("{wide_bar} {pos}/{len} {per_sec} {eta}").unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut after = 0;
    while after < at.0 {
        let upto = At((after + CHUNK_ROWS).min(at.0));
        let mut lines = Vec::new();
        records::<Unit>(store, after, upto, &mut lines).await?;
        records::<Metric>(store, after, upto, &mut lines).await?;
        records::<Actor>(store, after, upto, &mut lines).await?;
        records::<Source>(store, after, upto, &mut lines).await?;
        for document in store.list_document_history(after, upto, CHUNK_ROWS).await? {
            let line = document_line(&document.source, &document.content, document.recorded_at, &document.recorded_by)?;
            lines.push((document.seq, line));
        }
        for found in store.list_rate_history(after, upto, CHUNK_ROWS).await? {
            lines.push((found.seq, rate_line(&found.rate, found.version, found.recorded_at, &found.recorded_by)?));
        }
        for found in store.list_mute_history(after, upto, CHUNK_ROWS).await? {
            lines.push((found.seq, mute_line(&found.mute, found.version, found.recorded_at, &found.recorded_by)?));
        }
        let claims = store.list_claim_history(after, upto, CHUNK_ROWS).await?;
        // Labels of the newest state, so that two exports of one state are equal whatever was renamed in between.
        let catalog = store.catalog_of(&claims, at).await?;
        for version in &claims {
            lines.push((version.seq, claim_line(&ClaimView::new(version, &catalog))?));
        }
        lines.sort_by_key(|(seq, _)| *seq);
        for (_, line) in lines {
            writeln!(out, "{line}")?;
        }
        after = upto.0;
        progress.set_position(u64::try_from(after).unwrap_or(0));
    }
    progress.finish_and_clear();
    Ok(())
}

async fn records<R: Record>(store: &Store, after: i64, upto: At, lines: &mut Vec<NumberedLine>) -> anyhow::Result<()> {
    let found: Vec<Versioned<R>> = store.list_record_history(after, upto, CHUNK_ROWS).await?;
    for version in found {
        lines.push((version.seq, record_line(&version)?));
    }
    Ok(())
}

async fn write_table(store: &Store, at: At, out: &mut impl Write) -> anyhow::Result<()> {
    let filter = ClaimFilter { state: Some(vec![State::Accepted]), ..ClaimFilter::default() };
    let sort = Sort { key: SortKey::PeriodStart, descending: true };
    out.write_all(csv_heading(&COLUMNS.map(ToString::to_string))?.as_bytes())?;
    let mut start = None;
    loop {
        let page = store.list_claims(&filter, sort, start.as_ref(), usize::try_from(CHUNK_ROWS).unwrap_or(500), at).await?;
        let catalog = store.catalog_of(&page.claims, at).await?;
        for version in &page.claims {
            if let serde_json::Value::Object(row) = serde_json::to_value(FlatRow::new(version, &catalog))? {
                out.write_all(csv_line(&row)?.as_bytes())?;
            }
        }
        match page.next {
            Some(next) => start = Some(next),
            None => return Ok(()),
        }
    }
}

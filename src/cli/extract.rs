//! `figurebase extract`: the figures of a text, one JSON object per line.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::DatabaseSettings;
use crate::domain::invalid::Invalid;
use crate::domain::period::Period;
use crate::exchange::extracted_view::FigureView;
use crate::extraction::{About, Knowledge};
use crate::ingest::prose::knowledge::{of_seeds, of_store};
use crate::ingest::prose::shown::{about, figures_of};
use crate::reading::{encoding, html};

/// Read a text and write the figures in it.
#[derive(Debug, Args)]
pub struct Extract {
    /// The text, in UTF-8 or in UTF-16 with a byte order mark; `-` or nothing for standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The text is a page of HTML; places count in the text that a reader sees
    #[arg(long)]
    html: bool,
    /// Every line of the input is `{"id": …, "text": …}`; the id is put on every line written
    #[arg(long)]
    batch: bool,
    /// When the text was published, as EDTF: relative times are reckoned from it
    #[arg(long, value_name = "DATE", value_parser = Period::parse)]
    published: Option<Period>,
    /// Also keep the text that places count in: of a page, what its reader sees
    #[arg(long, value_name = "FILE", conflicts_with = "batch")]
    save_text: Option<PathBuf>,
    /// Largest text, in bytes
    #[arg(long, env = "FIGUREBASE_TEXT_BYTES_MAX", default_value_t = 8_000_000, value_name = "BYTES")]
    text_bytes_max: usize,
}

/// A text of a batch.
#[derive(Debug, Deserialize)]
struct Item {
    id: serde_json::Value,
    text: String,
    published: Option<String>,
}

/// A line of the output.
#[derive(Debug, Serialize)]
struct Line<'l> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'l serde_json::Value>,
    #[serde(flatten)]
    figure: FigureView,
}

impl Extract {
    /// Runs the command.
    pub async fn run(self, database: &DatabaseSettings) -> anyhow::Result<()> {
        let input: Box<dyn Read> = match &self.file {
            Some(path) if path.as_os_str() != "-" => Box::new(File::open(path).with_context(|| format!("cannot read {}", path.display()))?),
            _ => Box::new(std::io::stdin()),
        };
        let knowledge = knowledge(database).await?;
        let about = about(self.published.as_ref());
        let mut out = BufWriter::new(std::io::stdout());
        if self.batch {
            self.read_lines(BufReader::new(input), about, &knowledge, &mut out)?;
        } else {
            let text = self.text(limited(input, self.text_bytes_max)?)?;
            if let Some(path) = &self.save_text {
                std::fs::write(path, &text).with_context(|| format!("cannot write {}", path.display()))?;
            }
            write(&mut out, None, &text, about, &knowledge)?;
        }
        Ok(out.flush()?)
    }

    /// Every line is a text of its own; a bad one ends the work, and what was written before it stands.
    fn read_lines(&self, mut input: impl BufRead, usual: About, knowledge: &Knowledge, out: &mut impl Write) -> anyhow::Result<()> {
        for number in 1.. {
            let line = || format!("line {number}");
            // One byte more than a line may have tells one that is too long.
            let mut bytes = Vec::new();
            let limit = u64::try_from(self.text_bytes_max).unwrap_or(u64::MAX).saturating_add(1);
            input.by_ref().take(limit).read_until(b'\n', &mut bytes).with_context(line)?;
            if bytes.is_empty() {
                break;
            }
            anyhow::ensure!(bytes.len() <= self.text_bytes_max, "line {number} has more than {} bytes", self.text_bytes_max);
            let bytes = if number == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes) } else { &bytes };
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            let item: Item = serde_json::from_slice(bytes).with_context(line)?;
            let published = item.published.as_deref().map(Period::parse).transpose().with_context(line)?;
            let about = if published.is_some() { about(published.as_ref()) } else { usual };
            encoding::check(&item.text).map_err(refused).with_context(line)?;
            let text = if self.html { html::text_of(&item.text) } else { item.text };
            write(out, Some(&item.id), &text, about, knowledge)?;
        }
        Ok(())
    }

    fn text(&self, bytes: Vec<u8>) -> anyhow::Result<String> {
        let text = encoding::decoded(bytes).map_err(refused)?;
        let text = if self.html { html::text_of(&text) } else { text };
        encoding::check_not_empty(&text).map_err(refused)?;
        Ok(text)
    }
}

/// Reads as much as a text may have.
fn limited(input: impl Read, bytes_max: usize) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    input.take(limit).read_to_end(&mut bytes).context("the text cannot be read")?;
    anyhow::ensure!(bytes.len() <= bytes_max, "the text has more than {bytes_max} bytes; --text-bytes-max allows more");
    Ok(bytes)
}

fn refused(fault: Invalid) -> anyhow::Error {
    anyhow::anyhow!("the text {fault}")
}

/// The names that a text is read by; a database that is not there is not made for them.
async fn knowledge(database: &DatabaseSettings) -> anyhow::Result<Knowledge> {
    if !database.exists() {
        return Ok(of_seeds()?);
    }
    let store = database.open(false).await?;
    let knowledge = async { of_store(&store, store.head().await?.at).await }.await;
    store.close().await;
    Ok(knowledge?)
}

fn write(out: &mut impl Write, id: Option<&serde_json::Value>, text: &str, about: About, knowledge: &Knowledge) -> anyhow::Result<()> {
    for figure in figures_of(text, about, knowledge) {
        serde_json::to_writer(&mut *out, &Line { id, figure })?;
        writeln!(out)?;
    }
    Ok(())
}

//! `figurebase rates import`: exchange rates from a table.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use super::DatabaseSettings;
use super::import::{read, told};
use crate::domain::slug::Slug;
use crate::exchange::rate_input::{RateTable, read_csv};
use crate::ingest::file::LineFaults;
use crate::ingest::rates::{items, unknown_currencies};
use crate::store::change::{Change, Item};

/// Who is named as the recorder.
const RECORDER: &str = "import";
/// Rates that are written as one change.
const STRETCH_RATES: usize = 10_000;

/// Exchange rates.
#[derive(Debug, Args)]
pub struct Rates {
    #[command(subcommand)]
    command: RatesCommand,
}

#[derive(Debug, Subcommand)]
enum RatesCommand {
    /// Read a table of rates (CSV): one rate a row (base, quote, day, rate, source), or one day a row with a column for each currency
    Import(ImportRates),
}

#[derive(Debug, Args)]
struct ImportRates {
    /// The file; `-` reads standard input
    path: PathBuf,
    /// The currency that a table with a column for each currency prices
    #[arg(long, value_name = "CODE", value_parser = Slug::parse)]
    base: Option<Slug>,
    /// Who published the rates, where the table does not say it
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
}

impl Rates {
    /// Runs the command.
    pub async fn run(self, database: &DatabaseSettings) -> anyhow::Result<()> {
        match self.command {
            RatesCommand::Import(import) => import.run(database).await,
        }
    }
}

impl ImportRates {
    async fn run(self, database: &DatabaseSettings) -> anyhow::Result<()> {
        let text = read(&self.path)?;
        let table = RateTable { base: self.base, source: self.source };
        let mut rates = read_csv(&text, &table).map_err(|bad| {
            let bad: Vec<LineFaults> = bad.into_iter().map(|(line, faults)| LineFaults { line, faults }).collect();
            anyhow::anyhow!("nothing was imported; {}", told(&bad))
        })?;
        let store = database.open(true).await?;
        let unknown = unknown_currencies(&store, &rates, store.head().await?.at).await?;
        let before = rates.len();
        // Tables of central banks go back to currencies that are long gone.
        rates.retain(|(_, rate)| !unknown.contains_key(&rate.base) && !unknown.contains_key(&rate.quote));
        if rates.is_empty() {
            let why: Vec<String> = unknown.values().map(ToString::to_string).collect();
            bail!("nothing was imported; {}", if why.is_empty() { "the table holds no rate".into() } else { why.join("; ") });
        }
        let left_out = before - rates.len();
        let progress = ProgressBar::new(rates.len() as u64);
        let template = ProgressStyle::with_template("{wide_bar} {pos}/{len} {per_sec} {eta}");
        progress.set_style(template.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let (mut created, mut all) = (0, 0);
        let items: Vec<Item> = items(rates).collect();
        for items in items.chunks(STRETCH_RATES) {
            let change = Change { items: items.to_vec(), recorder: RECORDER.into(), idempotency: None };
            let outcome = store.write(change).await.with_context(|| format!("{all} rates were taken, and then no more; import again"))?;
            created += outcome.created();
            all += outcome.written.len();
            progress.set_position(all as u64);
        }
        progress.finish_and_clear();
        store.close().await;
        eprintln!("{created} rates added, {} there already", all - created);
        if left_out > 0 {
            let names: Vec<&str> = unknown.keys().map(Slug::as_str).collect();
            eprintln!("{left_out} rates left out, for nothing is recorded of {}", names.join(", "));
        }
        Ok(())
    }
}

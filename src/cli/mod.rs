//! The command line: the only place that prints, asks and exits.
//!
//! One file for each command; `settings` declares what all of them share, `asking` what those share that write answers of the API. Only data goes to standard output;
//! messages go to standard error.

mod asking;
mod compare;
mod copy;
mod distribute;
mod export;
mod extract;
mod findings;
mod healthcheck;
mod import;
mod keys;
mod migrate;
mod rates;
mod seed;
mod serve;
mod settings;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::store::StoreError;
use crate::store::change::ChangeError;

pub use settings::DatabaseSettings;

/// A database of numbers that somebody claimed, each with its exact words, its source and that source's own sources.
#[derive(Debug, Parser)]
#[command(name = "figurebase", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    database: DatabaseSettings,
    /// What is logged, to standard error: `error`, `warn`, `info`, `debug`, or a filter such as `figurebase=debug`
    #[arg(long, env = "FIGUREBASE_LOG", default_value = "info", global = true, value_name = "FILTER")]
    log: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the database over HTTP; a new one is made and seeded first
    Serve(serve::Serve),
    /// Load the data that comes with the program; what is there already is left alone
    Seed,
    /// Read a file of claims (NDJSON or CSV): all of it, or nothing
    Import(import::Import),
    /// Write everything, or the claims as a table, to standard output or a file
    Export(export::Export),
    /// Read a text and write the figures in it, one JSON object per line
    ///
    /// Actors, metrics and units are known by the names that the database has for them, or, where there is no database, by those that
    /// come with the program. Nothing is stored, and no database is made.
    Extract(extract::Extract),
    /// Compare what sources say about one observation: `metric=` and `actor=` are needed
    Compare(compare::Compare),
    /// Write what the checks remark about claims and sources
    Findings(findings::Findings),
    /// Exchange rates, by which values are shown in another currency
    Rates(rates::Rates),
    /// Make, list and revoke the keys of those who may write
    Keys(keys::Keys),
    /// Bring the database's schema up to date
    Migrate,
    /// Copy a whole database into another one, on the same engine or the other, and compare both
    Copy(copy::Copy),
    /// Spread the database over the nodes of a Citus cluster
    Distribute,
    /// Ask a running service whether it can work
    Healthcheck(healthcheck::Healthcheck),
}

/// Runs the program: 0 done, 1 refused or failed with one clear line, 2 wrong usage.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    if let Err(error) = settings::start_log(&cli.log) {
        eprintln!("figurebase: {error:#}");
        return ExitCode::from(2);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("figurebase: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli.dispatch()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has seen enough: `figurebase extract … | head`.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("figurebase: {}", told(&error));
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kinds = error.chain().filter_map(|cause| {
        let of_json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        of_json.or_else(|| cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind))
    });
    kinds.into_iter().any(|kind| kind == std::io::ErrorKind::BrokenPipe)
}

/// An error with its causes, as one line; what the database's driver says of it is for the log.
fn told(error: &anyhow::Error) -> String {
    let mut parts = Vec::new();
    for cause in error.chain() {
        let of_store = match cause.downcast_ref::<ChangeError>() {
            Some(ChangeError::Store(error)) => Some(error),
            _ => cause.downcast_ref::<StoreError>(),
        };
        if let Some(error) = of_store {
            parts.push(error.in_plain_words());
            break;
        }
        parts.push(cause.to_string());
    }
    parts.join(": ")
}

impl Cli {
    async fn dispatch(self) -> anyhow::Result<()> {
        match self.command {
            Command::Serve(serve) => serve.run(&self.database).await,
            Command::Seed => seed::run(&self.database).await,
            Command::Import(import) => import.run(&self.database).await,
            Command::Export(export) => export.run(&self.database).await,
            Command::Extract(extract) => extract.run(&self.database).await,
            Command::Compare(compare) => compare.run(&self.database).await,
            Command::Findings(findings) => findings.run(&self.database).await,
            Command::Rates(rates) => rates.run(&self.database).await,
            Command::Keys(keys) => keys.run(&self.database).await,
            Command::Migrate => migrate::run(&self.database).await,
            Command::Copy(copy) => copy.run().await,
            Command::Distribute => distribute::run(&self.database).await,
            Command::Healthcheck(healthcheck) => healthcheck.run().await,
        }
    }
}

/// The declaration of the command line, for tests and documentation.
pub fn declaration() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

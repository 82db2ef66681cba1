//! `figurebase import`: a file of claims, all of it or nothing.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::DatabaseSettings;
use crate::domain::history::State;
use crate::exchange::claim_input::Form;
use crate::ingest::file::{FAULTS_TOLD_MAX, LineFaults, Policy, Prepared, ReadFile, prepare};
use crate::store::StoreError;
use crate::store::change::ChangeError;

/// Who is named as the recorder of imported lines that do not say it themselves.
const RECORDER: &str = "import";

/// Read a file of claims: all of it, or nothing. A second import of the same file changes nothing.
#[derive(Debug, Args)]
pub struct Import {
    /// The file; `-` reads standard input
    path: PathBuf,
    /// Form of the file; otherwise its ending says it
    #[arg(long, value_enum)]
    format: Option<FileForm>,
    /// Whom to name as the recorder of lines that do not say it themselves
    #[arg(long, default_value = RECORDER, value_name = "NAME")]
    recorder: String,
    /// Check everything, write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Forms of files.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum FileForm {
    /// One JSON object a line: an export, envelopes, or flat rows
    Ndjson,
    /// A table with the flat columns
    Csv,
}

impl Import {
    /// Runs the command.
    pub async fn run(self, database: &DatabaseSettings) -> anyhow::Result<()> {
        let form = self.form()?;
        let text = read(&self.path)?;
        let policy = Policy {
            form: Form::History,
            create_missing: true,
            allow_records: true,
            default_state: State::Accepted,
            only_default_state: false,
        };
        let file = match form {
            FileForm::Ndjson => ReadFile::ndjson(&text, policy),
            FileForm::Csv => ReadFile::csv(&text),
        };
        let store = database.open(true).await?;
        let at = store.head().await?.at;
        let prepared = match prepare(&store, file, policy, &self.recorder, at).await? {
            Ok(prepared) => prepared,
            Err(bad) => bail!("nothing was imported; {}", told(&bad)),
        };
        let (lines, asked) = (prepared.lines.clone(), prepared.asked().to_vec());
        let outcome =
            if self.dry_run { store.check(&prepared.change).await.map(|()| None) } else { store.write(prepared.change).await.map(Some) };
        store.close().await;
        let outcome = match outcome {
            Ok(Some(outcome)) => outcome,
            Ok(None) => {
                let lines = if asked.len() == 1 { "1 line".to_string() } else { format!("{} lines", asked.len()) };
                eprintln!("{lines} can be imported; nothing was written");
                return Ok(());
            }
            Err(ChangeError::Refused(refusals)) => bail!("nothing was imported; {}", told(&Prepared::blamed(&lines, &refusals))),
            Err(ChangeError::Store(StoreError::OutcomeUnknown(error))) => {
                tracing::debug!(%error, "the driver's words");
                bail!(
                    "the connection to the database was lost while it committed, and it is not known whether the file was imported; \
                     import it again: what is there already stays as it is"
                );
            }
            Err(error) => return Err(error).context("nothing was imported"),
        };
        let tally = Prepared::tally(&asked, &outcome);
        let made = outcome.created() - tally.created;
        eprintln!("{} lines added, {} there already; {made} actors and sources made for them", tally.created, tally.unchanged);
        Ok(())
    }

    fn form(&self) -> anyhow::Result<FileForm> {
        if let Some(form) = self.format {
            return Ok(form);
        }
        match self.path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("ndjson" | "jsonl") => Ok(FileForm::Ndjson),
            Some("csv") => Ok(FileForm::Csv),
            _ => bail!("say --format ndjson or --format csv, for the file's name does not end in .ndjson, .jsonl or .csv"),
        }
    }
}

/// Reads a file, or standard input, as UTF-8.
pub fn read(path: &Path) -> anyhow::Result<String> {
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).context("standard input")?;
        bytes
    } else {
        std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?
    };
    String::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]).into_owned();
        let line = before.matches('\n').count() + 1;
        anyhow::anyhow!("nothing was imported; line {line} is not UTF-8")
    })
}

/// The faulty lines: one fault a line, as many as anybody reads.
pub fn told(bad: &[LineFaults]) -> String {
    let all: Vec<String> = bad.iter().flat_map(|bad| bad.faults.list().iter().map(|fault| format!("line {}: {fault}", bad.line))).collect();
    let shown = all.iter().take(FAULTS_TOLD_MAX).map(|fault| format!("\n  {fault}")).collect::<String>();
    let rest = all.len().saturating_sub(FAULTS_TOLD_MAX);
    let more = if rest > 0 { format!("\n  and {rest} more") } else { String::new() };
    format!("{} of its lines cannot be taken:{shown}{more}", bad.len())
}

//! `figurebase findings`: what the checks remark, for people or as JSON lines.

use std::collections::BTreeMap;
use std::io::Write;

use clap::Args;
use serde_json::Value;

use super::DatabaseSettings;
use super::asking::{Asking, Desk};

/// Write the findings.
#[derive(Debug, Args)]
pub struct Findings {
    #[command(flatten)]
    asking: Asking,
}

impl Findings {
    /// Runs the command.
    pub async fn run(self, database: &DatabaseSettings) -> anyhow::Result<()> {
        let desk = Desk::open(database).await?;
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut next = Some(self.asking.address("/v1/findings"));
        while let Some(address) = next {
            let page = desk.ask(&address).await?;
            for finding in page["data"].as_array().into_iter().flatten() {
                *counts.entry(word(finding, "code").to_string()).or_default() += 1;
                if self.asking.json {
                    writeln!(out, "{finding}")?;
                } else {
                    writeln!(out, "{:<8}{}: {}", word(finding, "severity"), word(finding, "id"), word(finding, "why"))?;
                }
            }
            next = page["links"]["next"].as_str().map(ToString::to_string);
        }
        out.flush()?;
        desk.close().await;
        let parts: Vec<String> = counts.iter().map(|(code, count)| format!("{count} {code}")).collect();
        let total: usize = counts.values().sum();
        eprintln!("{total} findings{}{}", if parts.is_empty() { "" } else { ": " }, parts.join(", "));
        Ok(())
    }
}

fn word<'v>(finding: &'v Value, field: &str) -> &'v str {
    finding[field].as_str().unwrap_or_default()
}

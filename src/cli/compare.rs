//! `figurebase compare`: what sources say about one observation, for people or as JSON.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::Args;
use serde_json::Value;

use super::DatabaseSettings;
use super::asking::{Asking, Desk};

/// Compare claims.
#[derive(Debug, Args)]
pub struct Compare {
    #[command(flatten)]
    asking: Asking,
}

impl Compare {
    /// Runs the command.
    pub async fn run(self, database: &DatabaseSettings) -> anyhow::Result<()> {
        let desk = Desk::open(database).await?;
        let answer = desk.ask(&self.asking.address("/v1/compare")).await?;
        desk.close().await;
        let mut out = std::io::stdout().lock();
        if self.asking.json {
            serde_json::to_writer_pretty(&mut out, &answer)?;
            writeln!(out)?;
        } else {
            write!(out, "{}", told(&answer["data"]))?;
        }
        Ok(())
    }
}

/// The comparison in lines: what it is about, each claim, and what follows.
fn told(data: &Value) -> String {
    let mut text = String::new();
    let observation = &data["observation"];
    let parts = [
        &observation["metric"]["label"],
        &observation["actor"]["name"],
        &observation["counterpart"]["name"],
        &observation["period"]["edtf"],
    ];
    let about: Vec<&str> = parts.iter().filter_map(|part| part.as_str()).collect();
    let _ = writeln!(text, "{}: {}", if about.is_empty() { "Nothing to compare".into() } else { about.join(", ") }, word(&data["verdict"]));
    for claim in all(&data["claims"]) {
        let value = &claim["value"];
        let printed = value["original"].as_str().or(value["best_exact"].as_str()).unwrap_or_default();
        let mark = if claim["outlier"] == true { "outlier " } else { "" };
        let source = claim["source"]["slug"].as_str().unwrap_or("no source");
        let _ = writeln!(text, "  {printed} = {} {mark}({source}; {})", interval(&claim["compared"]), word(&claim["id"]));
    }
    if data["consensus"].is_object() {
        let _ = writeln!(text, "Agreed on by most: {}", interval(&data["consensus"]));
    }
    let independent = &data["independence"]["independent_sources"];
    if independent.is_object() {
        let _ = writeln!(text, "Independent sources: {} to {}", independent["min"], independent["max"]);
    }
    for implied in all(&data["implied"]) {
        let shown = &implied["shown"];
        let (period, formula) = (word(&implied["period"]["edtf"]), word(&implied["formula"]));
        let _ = writeln!(
            text,
            "Implied for {period}: {} to {} {} ({formula})",
            word(&shown["low"]),
            word(&shown["high"]),
            word(&implied["interval"]["unit"])
        );
    }
    for left in all(&data["not_compared"]) {
        let printed = left["value"]["original"].as_str().or(left["value"]["best_exact"].as_str()).unwrap_or_default();
        let why = left["why"].as_str().map(|why| format!(": {why}")).unwrap_or_default();
        let _ = writeln!(text, "Not compared: {printed} ({}; {}{why})", word(&left["claim"]), word(&left["reason"]));
    }
    text
}

fn all(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// An interval as in mathematics, with its unit and duration.
fn interval(value: &Value) -> String {
    let bracket = |inclusive: &Value, closed, open| if *inclusive == true { closed } else { open };
    let (low, high) = (word(&value["low_exact"]), word(&value["high_exact"]));
    let per = value["per"].as_str().map(|per| format!(" by {per}")).unwrap_or_default();
    format!(
        "{}{low}, {high}{} {}{per}",
        bracket(&value["low_inclusive"], '[', '('),
        bracket(&value["high_inclusive"], ']', ')'),
        word(&value["unit"])
    )
}

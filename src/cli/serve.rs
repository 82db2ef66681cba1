//! `figurebase serve`: opens the database, seeds a new one, and serves until told to stop.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;

use super::DatabaseSettings;
use crate::http::state::{AppState, Limits};
use crate::http::{router, server};
use crate::ingest::seed::seed;
use crate::store::At;

/// Serve the database over HTTP.
#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port to listen on
    #[arg(long, env = "FIGUREBASE_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR:PORT")]
    listen: SocketAddr,
    /// Address of a replica of the database to read from where it is far enough; PostgreSQL only
    #[arg(long, env = "FIGUREBASE_READ_DATABASE", value_name = "URL")]
    read_database: Option<String>,
    /// Leave a new database empty
    #[arg(long, env = "FIGUREBASE_NO_SEED", value_parser = clap::builder::BoolishValueParser::new())]
    no_seed: bool,
    /// Address under which the service is known outside; used in references to claims
    #[arg(long, env = "FIGUREBASE_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// Longest time for the head of an answer, in seconds
    #[arg(long, env = "FIGUREBASE_REQUEST_SECONDS", default_value_t = 30, value_name = "SECONDS")]
    request_seconds: u64,
    /// Largest JSON body, in bytes
    #[arg(long, env = "FIGUREBASE_BODY_BYTES_MAX", default_value_t = 1_000_000, value_name = "BYTES")]
    body_bytes_max: usize,
    /// Largest body of lines, in bytes
    #[arg(long, env = "FIGUREBASE_LINES_BYTES_MAX", default_value_t = 64_000_000, value_name = "BYTES")]
    lines_bytes_max: usize,
    /// Largest text of a source, in bytes
    #[arg(long, env = "FIGUREBASE_DOCUMENT_BYTES_MAX", default_value_t = 8_000_000, value_name = "BYTES")]
    document_bytes_max: usize,
    /// Largest text that is looked through for somebody without a key, in bytes
    #[arg(long, env = "FIGUREBASE_OPEN_TEXT_BYTES_MAX", default_value_t = 1_000_000, value_name = "BYTES")]
    open_text_bytes_max: usize,
    /// Texts that are looked through at one time
    #[arg(long, env = "FIGUREBASE_EXTRACTIONS_MAX", default_value_t = 2, value_name = "NUMBER")]
    extractions_max: usize,
}

impl Serve {
    /// Runs the command.
    pub async fn run(self, database: &DatabaseSettings) -> anyhow::Result<()> {
        // Before anything is announced, so that no signal ends the program in the system's own way.
        let told_to_stop = told_to_stop().context("signals")?;
        let store = database.open_with_replica(true, self.read_database.clone()).await?;
        if !self.no_seed && store.head().await?.at == At(0) {
            let outcome = seed(&store).await.context("seeding")?;
            tracing::info!(items = outcome.created(), "seeded a new database");
        }
        let listener = TcpListener::bind(self.listen).await.with_context(|| format!("cannot listen on {}", self.listen))?;
        let address = listener.local_addr().context("the listening address")?;
        tracing::info!(%address, database = database.shown(), "serving; API at /v1, its description at /docs");
        let limits = Limits {
            request_time: Duration::from_secs(self.request_seconds.max(1)),
            body_bytes: self.body_bytes_max,
            lines_bytes: self.lines_bytes_max,
            document_bytes: self.document_bytes_max,
            open_text_bytes: self.open_text_bytes_max,
            extractions: self.extractions_max,
        };
        let state = AppState::new(store.clone(), limits, self.public_url.as_deref());
        let mut disk_failed = false;
        let stop = async {
            tokio::select! {
                () = told_to_stop => {}
                () = store.failed() => disk_failed = true,
            }
        };
        server::serve(listener, router(state), stop).await;
        store.close().await;
        anyhow::ensure!(!disk_failed, "the disk failed while writing; check it before starting again");
        tracing::info!("stopped");
        Ok(())
    }
}

/// Takes over the signals by which the system or the user asks the program to end, at once; resolves when one comes.
#[cfg(unix)]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Resolves when the user asks the program to end.
#[cfg(not(unix))]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

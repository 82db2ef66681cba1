//! `figurebase healthcheck`: asks a running service whether it can work; for containers, which have no other client.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long the service may take to answer.
const WAIT: Duration = Duration::from_secs(5);
/// As much of the answer as is looked at.
const ANSWER_BYTES_MAX: u64 = 1024;

/// Ask a running service whether it can work.
#[derive(Debug, Args)]
pub struct Healthcheck {
    /// Address and port that the service listens on
    #[arg(long, env = "FIGUREBASE_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR:PORT")]
    listen: SocketAddr,
}

impl Healthcheck {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<()> {
        let mut address = self.listen;
        if address.ip().is_unspecified() {
            // A service that listens everywhere is asked on this machine.
            address.set_ip(if address.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() });
        }
        let answer = tokio::time::timeout(WAIT, ask(address)).await.context("no answer in time")?;
        let answer = answer.with_context(|| format!("no answer from {address}"))?;
        anyhow::ensure!(answer.starts_with("HTTP/1.1 200"), "{address} answers: {}", answer.lines().next().unwrap_or("nothing"));
        eprintln!("ok");
        Ok(())
    }
}

async fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

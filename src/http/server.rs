//! Connections: accepted up to a number, each with a deadline for its request's head, and closed in peace at the end.
//!
//! The framework's own loop sets no deadline for a request's head, so that clients who send theirs by drips hold
//! connections for ever, and a stop waits for them.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt;

use super::Service;

/// Connections served at once; others wait in the system's queue.
const CONNECTIONS_MAX: usize = 1024;
/// Longest time for the head of a request to arrive.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Header lines of a request.
const HEADERS_MAX: usize = 64;
/// Largest head of a request.
const HEAD_BYTES: usize = 16 * 1024;
/// How long a stop waits for requests under way.
const DRAIN_TIME: Duration = Duration::from_secs(10);
/// Pause after the system refused a connection, for want of file handles for example.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` resolves, then lets requests under way finish.
pub async fn serve(listener: TcpListener, service: Service, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = &mut stop => break,
        };
        let Ok(place) = place else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "set_nodelay");
        }
        let service = service.clone();
        let handler = hyper::service::service_fn(move |request: hyper::Request<Incoming>| service.clone().oneshot(request.map(Body::new)));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_headers(HEADERS_MAX)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), handler);
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(%error, "a connection broke off");
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_TIME, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were cut off at the end");
    }
}

//! The life of a listener: TLS if told so, metrics on a listener of their own, an end in order.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use axum_server::{Address, Server};
use hyper_util::rt::TokioTimer;

use super::router;
use crate::app::App;
use crate::config::{HEADERS_TIMEOUT, SHUTDOWN_GRACE, TlsFiles};
use crate::store::DeviceStore as _;

/// What phones said of themselves waits no longer than this for the disk.
const HEARD_PAUSE: Duration = Duration::from_secs(60);

/// Why a server could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A listener failed.
    #[error("{address}: {detail}")]
    Listen {
        /// Where.
        address: String,
        /// What the system says.
        detail: String,
    },
    /// Certificate or key cannot be used.
    #[error("TLS: {0}")]
    Tls(String),
}

/// Serves `app` on `listener` until `shutdown` comes about; then requests under way are finished,
/// within a bound.
///
/// # Errors
/// When a listener or the TLS files cannot be used.
pub async fn run(
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
    app: App,
) -> Result<(), ServeError> {
    let failed = |error: std::io::Error| ServeError::Listen {
        address: listener
            .local_addr()
            .map(|address| address.to_string())
            .unwrap_or_default(),
        detail: error.to_string(),
    };
    listener.set_nonblocking(true).map_err(failed)?;
    let handle = Handle::new();
    let metrics = serve_metrics(&app)?;
    let stop = tokio::spawn({
        let (handle, live) = (handle.clone(), Arc::clone(&app.live));
        async move {
            shutdown.await;
            live.stop();
            handle.graceful_shutdown(Some(SHUTDOWN_GRACE));
        }
    });
    let noting = tokio::spawn(write_heard(app.clone()));
    let service = router::build(app.clone()).into_make_service();
    let address = listener
        .local_addr()
        .map(|address| address.to_string())
        .unwrap_or_default();
    let ended = match &app.config.http.tls {
        None => match axum_server::from_tcp(listener) {
            Ok(server) => patient(server).handle(handle).serve(service).await,
            Err(error) => Err(error),
        },
        Some(files) => {
            let config = tls(files).await?;
            match axum_server::from_tcp_rustls(listener, config) {
                Ok(server) => patient(server).handle(handle).serve(service).await,
                Err(error) => Err(error),
            }
        }
    };
    stop.abort();
    noting.abort();
    note(&app).await;
    metrics.graceful_shutdown(Some(Duration::ZERO));
    ended.map_err(|error| ServeError::Listen {
        address,
        detail: error.to_string(),
    })
}

/// Brings to the disk what phones said of themselves while nothing else was written.
async fn write_heard(app: App) {
    loop {
        tokio::time::sleep(HEARD_PAUSE).await;
        note(&app).await;
    }
}

async fn note(app: &App) {
    if let Err(problem) = app.blocking(|app| app.store.write_heard()).await {
        tracing::warn!(
            code = problem.code.name(),
            "what devices said of themselves waits for the disk"
        );
    }
}

/// A server whose patience with a silent connection ends.
fn patient<A: Address, Acceptor>(mut server: Server<A, Acceptor>) -> Server<A, Acceptor> {
    let mut http1 = server.http_builder().http1();
    http1
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_TIMEOUT);
    server
}

async fn tls(files: &TlsFiles) -> Result<RustlsConfig, ServeError> {
    // The process has one provider of ciphers; a second server in it finds the first one's.
    let _ = rustls::crypto::ring::default_provider().install_default();
    RustlsConfig::from_pem_file(&files.cert, &files.key)
        .await
        .map_err(|error| ServeError::Tls(error.to_string()))
}

/// Serves the counters, if the server was told where.
fn serve_metrics(app: &App) -> Result<Handle<std::net::SocketAddr>, ServeError> {
    let handle = Handle::new();
    let Some(address) = app.config.metrics else {
        return Ok(handle);
    };
    let failed = |error: std::io::Error| ServeError::Listen {
        address: address.to_string(),
        detail: error.to_string(),
    };
    let listener = TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let server = axum_server::from_tcp(listener)
        .map_err(failed)?
        .handle(handle.clone());
    let metrics = app.metrics.clone();
    let router = Router::new().route("/metrics", get(move || std::future::ready(metrics.render())));
    tokio::spawn(server.serve(router.into_make_service()));
    Ok(handle)
}

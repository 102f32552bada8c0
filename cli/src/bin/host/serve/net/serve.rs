//! Accepts connections and speaks HTTP on them, until the service ends.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::patient::Patient;
use crate::serve::app::App;
use crate::serve::guard::Peer;

/// How long a request's header may take, and a connection be idle.
const HEADER: Duration = Duration::from_secs(30);
/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long open connections have when the service ends, once its mails are done.
const ENDING: Duration = Duration::from_secs(5);

/// Serves until `stopping` becomes true; then takes no more connections and lets the open ones finish what they are at.
/// Returns when the last has, or `patience` is over.
pub async fn serve(
    app: Arc<App>,
    router: Router,
    listeners: Vec<TcpListener>,
    most: usize,
    stopping: watch::Receiver<bool>,
    patience: Duration,
) {
    let room = Arc::new(Semaphore::new(most));
    let graceful = Arc::new(GracefulShutdown::new());
    let accepting = listeners.into_iter().map(|listener| {
        accept(app.clone(), router.clone(), listener, room.clone(), graceful.clone(), stopping.clone())
    });
    futures_util::future::join_all(accepting).await;
    let Some(graceful) = Arc::into_inner(graceful) else { return };
    let _ = tokio::time::timeout(patience + ENDING, graceful.shutdown()).await;
}

async fn accept(
    app: Arc<App>,
    router: Router,
    listener: TcpListener,
    room: Arc<Semaphore>,
    graceful: Arc<GracefulShutdown>,
    mut stopping: watch::Receiver<bool>,
) {
    loop {
        let permit = tokio::select! {
            permit = room.clone().acquire_owned() => permit,
            _ = stopping.wait_for(|stop| *stop) => return,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.wait_for(|stop| *stop) => return,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, mostly: the next try would fail at once too.
                tracing::warn!(%error, "a connection can't be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let watcher = graceful.watcher();
        let (app, router) = (app.clone(), router.clone());
        tokio::spawn(async move {
            let _permit = permit;
            let _ = stream.set_nodelay(true);
            match app.certificates.current() {
                None => speak(router, stream, peer, watcher).await,
                Some(config) => {
                    let handshake = TlsAcceptor::from(config).accept(stream);
                    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, handshake).await {
                        speak(router, stream, peer, watcher).await;
                    }
                }
            }
        });
    }
}

async fn speak<S>(router: Router, stream: S, peer: SocketAddr, watcher: hyper_util::server::graceful::Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER)
        .max_headers(64)
        .max_buf_size(64 << 10)
        .serve_connection(TokioIo::new(Patient::new(stream)), service);
    // How a connection ends is the other side's business.
    let _ = watcher.watch(connection).await;
}

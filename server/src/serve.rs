//! `socle serve`: opens the relay, says where it is, answers until it is told to stop.
//!
//! Its own accept loop, because a server for a city must not be held up by connections that never
//! say anything: headers have a time limit, and there is a limit on connections.

use crate::config::Config;
use crate::relay::Relay;
use crate::router::router;
use crate::site::Site;
use crate::state::AppState;
use crate::{publish, welcome};
use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal;
use tokio::sync::Semaphore;

const CONNECTIONS_MAX: usize = 4_096;
/// A connection says what it wants within this time, also between two requests.
const HEADERS_TIME: Duration = Duration::from_secs(30);
/// What requests get to finish once the relay was told to stop.
const FAREWELL_TIME: Duration = Duration::from_secs(5);

#[derive(Debug, Error)]
pub enum ServeError {
    #[error("cannot listen on {address}: {error}. Is another relay running? Choose another address with --listen")]
    Listen { address: SocketAddr, error: std::io::Error },
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    #[error(transparent)]
    Welcome(#[from] welcome::WelcomeError),
    #[error("the built site cannot be kept in the data folder: {0}")]
    Site(std::io::Error),
    #[error("the system refuses a thread or a signal: {0}")]
    System(#[from] std::io::Error),
}

/// Runs until a signal says stop.
pub fn serve(data: &Path, listen: SocketAddr, public_url: Option<String>) -> Result<(), ServeError> {
    let mut site = Site::load();
    let relay = Relay::open(data)?;
    site.keep(data).map_err(ServeError::Site)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // Bound first: a second relay on the same data stops here, before it writes anything.
    let listener = runtime.block_on(TcpListener::bind(listen)).map_err(|error| ServeError::Listen { address: listen, error })?;
    let config = Config::new(listener.local_addr()?, public_url);
    welcome::prepare(&relay)?;
    let publisher = publish::start(relay.clone(), config.publish_every)?;
    welcome::greet(&relay, &config)?;

    let app = router(AppState::new(relay.clone(), site, config));
    let served = runtime.block_on(accept(listener, app));
    runtime.shutdown_timeout(Duration::from_secs(1));
    relay.news().stop();
    publisher.join().expect("the publisher does not panic");
    relay.close();
    Ok(served?)
}

async fn accept(listener: TcpListener, app: Router) -> Result<(), std::io::Error> {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop_signal()?);
    loop {
        // The place is taken first: at the limit, new connections wait in the system's queue.
        let place = places.clone().acquire_owned().await.expect("the semaphore is never closed");
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    eprintln!("a connection could not be taken: {}", error.kind());
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let app = app.clone();
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            connection(stream, app, watcher).await;
            drop(place);
        });
    }
    drop(listener);
    // Live streams would never end by themselves: their phones open them again.
    tokio::time::timeout(FAREWELL_TIME, graceful.shutdown()).await.ok();
    Ok(())
}

async fn connection(stream: TcpStream, app: Router, watcher: hyper_util::server::graceful::Watcher) {
    // Small answers leave at once; without it a batch's acknowledgement can wait for 40 ms.
    stream.set_nodelay(true).ok();
    let mut server = auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS_TIME);
    server.http2().timer(TokioTimer::new()).keep_alive_interval(HEADERS_TIME).max_concurrent_streams(100);
    let serving = server.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app)).into_owned();
    // A phone that lost its network in the middle is nothing to report.
    watcher.watch(serving).await.ok();
}

#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()>, std::io::Error> {
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()>, std::io::Error> {
    Ok(async {
        signal::ctrl_c().await.ok();
    })
}

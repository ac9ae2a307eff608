//! `socle serve`: opens the relay, says where it is, answers until it is told to stop.

mod door;

use crate::backup::Hourly;
use crate::config::Config;
use crate::origin::Proxy;
use crate::relay::Relay;
use crate::router::router;
use crate::site::Site;
use crate::state::AppState;
use crate::{publish, report, welcome};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::signal;

pub use door::Door;

/// Threads that wait for the disk or render, at most: each may hold an answer in memory.
const BLOCKING_THREADS_MAX: usize = 64;

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

/// Files and connections open at once: what the door lets in, and room for the database.
const FILES: u64 = 4_096;

/// What `socle serve` was told.
#[derive(Debug, Clone)]
pub struct Orders {
    pub listen: SocketAddr,
    pub public_url: Option<String>,
    pub proxy: Proxy,
    /// Where a backup is put every hour.
    pub backups: Option<PathBuf>,
}

/// Runs until a signal says stop.
pub fn serve(data: &Path, orders: Orders) -> Result<(), ServeError> {
    report::quiet_panics();
    // Systems allow a thousand unless they are asked for more.
    rlimit::increase_nofile_limit(FILES)?;
    let Orders { listen, public_url, proxy, backups } = orders;
    let mut site = Site::load();
    let relay = Relay::open(data)?;
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.enable_all().max_blocking_threads(BLOCKING_THREADS_MAX).build()?;
    // Bound first: a second relay on the same data stops here, before it writes anything.
    let listener = runtime.block_on(TcpListener::bind(listen)).map_err(|error| ServeError::Listen { address: listen, error })?;
    let config = Config::new(listener.local_addr()?, public_url);
    welcome::prepare(&relay, !site.was_last(data).map_err(ServeError::Site)?)?;
    site.keep(data).map_err(ServeError::Site)?;
    let publisher = publish::start(relay.clone(), config.publish_every)?;
    welcome::greet(&relay, &config)?;
    let backups = backups.map(|folder| Hourly::start(relay.clone(), folder)).transpose()?;

    let state = AppState::new(relay.clone(), site, config)?;
    // Live streams would never end by themselves: their phones open them again.
    let (app, closing) = (router(state.clone()), move || state.live.close());
    let door = Door { proxy, ..Door::default() };
    let stop = runtime.block_on(async { stop_signal() })?;
    runtime.block_on(door.keep(listener, app, stop, closing));
    runtime.shutdown_timeout(Duration::from_secs(1));
    relay.news().stop();
    publisher.join().expect("the publisher does not panic");
    backups.into_iter().for_each(Hourly::stop);
    relay.close();
    Ok(())
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

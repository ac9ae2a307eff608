//! What every handler has at hand.

use crate::config::Config;
use crate::headers;
use crate::origin::Prefix;
use crate::places::{Place, Places};
use crate::rates::Rates;
use crate::relay::Relay;
use crate::site::Site;
use app::assets::Assets;
use axum::extract::FromRef;
use axum::http::HeaderValue;
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};

/// Live streams open at once; one more is told to come back later. Half of all connections, so that
/// pages are answered whoever listens.
const LIVE_STREAMS_MAX: usize = 1_024;

/// Of these, for one part of the network.
const LIVE_STREAMS_PER_PREFIX: usize = 64;

/// Pages rendered at once: they need a core each, and others wait their turn.
const RENDERINGS_MAX: usize = 16;

/// Whole workspaces packed at once: each is in memory several times over meanwhile.
const PACKINGS_MAX: usize = 4;

/// Looks at histories, proposals and what waits at once: each loads documents with all their changes.
const LOOKINGS_MAX: usize = 4;

/// Stewards' tables read at once: each is compared with the whole guide.
const IMPORTINGS_MAX: usize = 1;

#[derive(Clone)]
pub struct AppState {
    pub relay: Arc<Relay>,
    pub site: Arc<Site>,
    pub assets: Assets,
    pub content_security_policy: HeaderValue,
    pub config: Arc<Config>,
    pub live: Live,
    pub rates: Arc<Rates>,
    pub rendering_places: Arc<Semaphore>,
    pub packing_places: Arc<Semaphore>,
    pub looking_places: Arc<Semaphore>,
    pub importing_places: Arc<Semaphore>,
}

/// Who listens live, until the relay stops.
#[derive(Clone)]
pub struct Live {
    places: Places,
    closed: watch::Sender<bool>,
}

impl Live {
    fn new() -> Live {
        Live { places: Places::new(LIVE_STREAMS_MAX, LIVE_STREAMS_PER_PREFIX), closed: watch::Sender::new(false) }
    }

    pub fn take(&self, prefix: Option<Prefix>) -> Option<Place> {
        self.places.take(prefix)
    }

    /// How many listen now.
    pub fn listening(&self) -> usize {
        self.places.taken()
    }

    /// Ends all streams.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    pub fn closed(&self) -> impl Future<Output = ()> + use<> {
        let mut closed = self.closed.subscribe();
        async move {
            // With nobody left to close it, it is closed.
            closed.wait_for(|closed| *closed).await.ok();
        }
    }
}

impl AppState {
    /// Fails only when the system has no randomness.
    pub fn new(relay: Arc<Relay>, site: Site, config: Config) -> std::io::Result<AppState> {
        let style = site.text("app.css");
        let assets = Assets::new(site.manifest().files.clone()).with_style(&style);
        let content_security_policy = headers::content_security_policy(&style);
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(std::io::Error::other)?;
        Ok(AppState {
            relay,
            site: Arc::new(site),
            assets,
            content_security_policy,
            config: Arc::new(config),
            live: Live::new(),
            rates: Arc::new(Rates::new(key)),
            rendering_places: Arc::new(Semaphore::new(RENDERINGS_MAX)),
            packing_places: Arc::new(Semaphore::new(PACKINGS_MAX)),
            looking_places: Arc::new(Semaphore::new(LOOKINGS_MAX)),
            importing_places: Arc::new(Semaphore::new(IMPORTINGS_MAX)),
        })
    }
}

impl FromRef<AppState> for Arc<Site> {
    fn from_ref(state: &AppState) -> Arc<Site> {
        state.site.clone()
    }
}

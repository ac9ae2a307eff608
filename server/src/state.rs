//! What every handler has at hand.

use crate::config::Config;
use crate::headers;
use crate::relay::Relay;
use crate::site::Site;
use app::assets::Assets;
use axum::extract::FromRef;
use axum::http::HeaderValue;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Live streams open at once; one more is told to come back later.
const LIVE_STREAMS_MAX: usize = 2_000;

/// Pages rendered at once: they need a core each, and others wait their turn.
const RENDERINGS_MAX: usize = 16;

#[derive(Clone)]
pub struct AppState {
    pub relay: Arc<Relay>,
    pub site: Arc<Site>,
    pub assets: Assets,
    pub content_security_policy: HeaderValue,
    pub config: Arc<Config>,
    pub live_places: Arc<Semaphore>,
    pub rendering_places: Arc<Semaphore>,
}

impl AppState {
    pub fn new(relay: Arc<Relay>, site: Site, config: Config) -> AppState {
        let style = site.text("app.css");
        let assets = Assets::new(site.manifest().files.clone()).with_style(&style);
        let content_security_policy = headers::content_security_policy(&style);
        AppState {
            relay,
            site: Arc::new(site),
            assets,
            content_security_policy,
            config: Arc::new(config),
            live_places: Arc::new(Semaphore::new(LIVE_STREAMS_MAX)),
            rendering_places: Arc::new(Semaphore::new(RENDERINGS_MAX)),
        }
    }
}

impl FromRef<AppState> for Arc<Site> {
    fn from_ref(state: &AppState) -> Arc<Site> {
        state.site.clone()
    }
}

//! The app in a browser: takes over the page that the relay sent, keeps the phone's copy of the
//! guide fresh, follows links, and does what only a browser can do. The only code of the UI that
//! names the browser.
//!
//! Takeover, not hydration: the relay's HTML is a preview, the phone's copy is the truth. The app
//! mounts beside the server's nodes and removes them in the same frame, keeping scroll, focus and
//! typed text. Where the app has nothing to show, the server's page stays.

mod copies;
mod hands;
pub mod link;
mod navigation;
mod relay;
mod script;
mod takeover;
mod visit;

use wasm_bindgen::prelude::*;

/// Starts the app on the page it was loaded by. Called once, by `boot.js`.
#[wasm_bindgen]
pub async fn start() {
    std::panic::set_hook(Box::new(|panic| leptos::logging::error!("{panic}")));
    takeover::take_over().await;
}

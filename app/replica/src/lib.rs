//! The member's copy of a guide in a Web Worker: a WASM of its own, loaded for members only.
//!
//! What a replica does is in `shared::replica`, the same code that the tests run. Here it gets the
//! browser's storage, keys, network and clock, and a line to the page (`shared::link`, JSON both
//! ways). It never touches the screen and does not link `app`.

// Built for browsers, `{:?}` writes nothing.
#![cfg_attr(not(test), warn(clippy::use_debug))]

mod browser;
mod keys;
mod line;
mod live;
mod locks;
mod relay;
mod room;
mod selftest;

use wasm_bindgen::prelude::wasm_bindgen;

/// Runs when the WASM is loaded: from now on the page is listened to.
#[wasm_bindgen(start)]
pub fn listen() {
    line::listen();
}

/// Runs the shelf contract on IndexedDB, for the end-to-end tests: `ok`, or what does not hold.
/// In a guide of its own, which is emptied before.
#[wasm_bindgen]
pub async fn selftest() -> String {
    match selftest::shelf().await {
        Ok(()) => "ok".to_owned(),
        Err(fault) => fault,
    }
}

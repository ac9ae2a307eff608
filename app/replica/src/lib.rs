//! The member's copy of a guide in a Web Worker: a WASM of its own, loaded for members only.
//!
//! What a replica does is in `shared::replica`, the same code that the tests run. Here it gets the
//! browser's storage, keys, network and clock, and a line to the page (`shared::link`, JSON both
//! ways). It never touches the screen and does not link `app`.

mod browser;
mod keys;
mod line;
mod live;
mod locks;
mod relay;
mod room;

use wasm_bindgen::prelude::wasm_bindgen;

/// Runs when the WASM is loaded: from now on the page is listened to.
#[wasm_bindgen(start)]
pub fn listen() {
    line::listen();
}

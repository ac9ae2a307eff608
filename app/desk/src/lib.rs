//! The members' program: joining, lists, forms. Its links to readers' pages load a document.

use app::browser::{Program, link};
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the app on the page it was loaded by. Called once, by `boot.js`.
#[wasm_bindgen]
pub async fn start(sprite: String) {
    app::browser::start(Program { content: app::desk::content, fetch: None, desks: Some(link::desks) }, sprite).await;
}

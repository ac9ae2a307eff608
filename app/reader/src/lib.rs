//! The reader's program: readers' pages and nothing of the members' forms. Naming only what it
//! needs is what keeps it small: the linker drops the rest.

use app::browser::Program;
use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the app on the page it was loaded by. Called once, by `boot.js`.
#[wasm_bindgen]
pub async fn start() {
    app::browser::start(Program { content: app::pages::of_readers, desks: None }).await;
}

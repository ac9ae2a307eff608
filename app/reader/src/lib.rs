//! The reader's program: readers' pages and nothing of the members' forms. Naming only what it
//! needs is what keeps it small: the linker drops the rest, and what [`seldom`] alone needs is cut off
//! into a file that a phone loads when it is first asked for.

use app::browser::Program;
use app::guide::Site;
use app::pages;
use futures::FutureExt;
use leptos::prelude::AnyView;
use std::pin::Pin;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// Starts the app on the page it was loaded by. Called once, by `boot.js`.
#[wasm_bindgen]
pub async fn start() {
    app::browser::start(Program { content, fetch: Some(fetch), desks: None }).await;
}

fn content(site: &Site) -> AnyView {
    // What was fetched answers at once.
    let fetched = || seldom(site).now_or_never().and_then(Result::ok);
    pages::often(site).or_else(fetched).unwrap_or_else(|| pages::not_fetched(site))
}

fn fetch() -> Pin<Box<dyn Future<Output = bool>>> {
    Box::pin(async { fetch_seldom().await.is_ok() })
}

// The cut is a call across two WASM modules, which the macro declares.
#[allow(unsafe_code)]
#[wasm_split(seldom, fallible, preload(fetch_seldom))]
fn seldom(site: &Site) -> Result<AnyView, SplitLoaderError> {
    Ok(pages::seldom(site))
}

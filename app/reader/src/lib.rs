//! The reader's program: readers' pages and nothing of the members' forms. Naming only what it
//! needs is what keeps it small: the linker drops the rest, and what [`seldom`] and [`map`] alone need
//! is cut off into files that a phone loads when they are first asked for.

use app::browser::Program;
use app::guide::Site;
use app::pages;
use app::routes::Route;
use futures::FutureExt;
use leptos::prelude::{AnyView, GetUntracked};
use std::pin::Pin;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// Starts the app on the page it was loaded by. Called once, by `boot.js`.
#[wasm_bindgen]
pub async fn start(sprite: String) {
    app::browser::start(Program { content, fetch: Some(fetch), desks: None }, sprite).await;
}

fn content(site: &Site) -> AnyView {
    // What was fetched answers at once.
    let on_map = || map(site).now_or_never()?.ok()?;
    let seldom = || seldom(site).now_or_never()?.ok();
    let is_map = matches!(site.route.get_untracked(), Route::Map { .. });
    let page = pages::often(site).or_else(|| if is_map { on_map() } else { seldom() });
    page.unwrap_or_else(|| pages::not_fetched(site))
}

fn fetch(route: &Route) -> Pin<Box<dyn Future<Output = bool>>> {
    let is_map = matches!(route, Route::Map { .. });
    Box::pin(async move { if is_map { fetch_map().await.is_ok() } else { fetch_seldom().await.is_ok() } })
}

// The cuts are calls across two WASM modules, which the macro declares.
#[allow(unsafe_code)]
#[wasm_split(seldom, fallible, preload(fetch_seldom))]
fn seldom(site: &Site) -> Result<AnyView, SplitLoaderError> {
    Ok(pages::seldom(site))
}

#[allow(unsafe_code)]
#[wasm_split(map, fallible, preload(fetch_map))]
fn map(site: &Site) -> Result<Option<AnyView>, SplitLoaderError> {
    Ok(pages::on_map(site))
}

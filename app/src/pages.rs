//! The reader's pages, composed of `components`. Each reads the [`Site`] and nothing else, is
//! complete without JavaScript (links and GET forms), and is mounted unchanged in the browser.

use crate::guide::{Site, use_site};
use crate::routes::Route;
use leptos::prelude::*;
use shared::edition::{Edition, Entry};
use shared::wire::GuideCard;

/// The whole page below `<div id="app">`: frame and content.
#[component]
pub fn App() -> impl IntoView {
    let site = use_site();
    view! { <main id="main">{move || content(&site)}</main> }
}

/// The content of the route. Rebuilt when the route, the words or the copy change.
fn content(site: &Site) -> AnyView {
    let route = site.route.get();
    let _ = site.locale.get();
    match route {
        Route::Desk { view, .. } => crate::desk::page(view),
        _ => view! { <h1>{title(site)}</h1> }.into_any(),
    }
}

/// Whether the route names something that is here.
pub fn is_found(route: &Route, edition: Option<&Edition>, guides: &[GuideCard]) -> bool {
    let published = |edition: &Edition| route.language().is_none_or(|tag| edition.guide.languages.iter().any(|one| one == tag));
    let entry = |record| edition.and_then(|edition| edition.entries.get(record));
    match route {
        Route::Guides => true,
        Route::NotFound { .. } => false,
        Route::Languages { guide } | Route::Join { guide } => guides.iter().any(|card| card.id == *guide),
        Route::Place { record, .. } => matches!(entry(record), Some(Entry::Place(_))),
        Route::Page { record, .. } => matches!(entry(record), Some(Entry::Page(_))),
        _ => edition.is_some_and(published),
    }
}

/// The document's title.
pub fn title(site: &Site) -> String {
    site.edition.get().map(|edition| edition.guide.name.clone()).unwrap_or_else(|| "Socle".to_owned())
}

/// The document's description, one sentence.
pub fn description(site: &Site) -> String {
    title(site)
}

//! A pictogram. Always beside words that say the same, so it is hidden from readers of the screen.

use crate::guide::use_site;
use leptos::prelude::*;

pub fn icon(name: &str) -> AnyView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{drawing(name)}</svg> }.into_any()
}

/// Its lines, in a square of 24. Pages of the relay show them from a file that all share; the app holds
/// them: what a browser shows from a file is a tree of its own for each time it is shown.
pub fn drawing(name: &str) -> AnyView {
    let assets = use_site().assets.get_value();
    if cfg!(feature = "browser") {
        view! { <path d=assets.drawing(name).to_owned()></path> }.into_any()
    } else {
        view! { <use_ href=assets.icon(name)></use_> }.into_any()
    }
}

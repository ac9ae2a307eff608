//! A pictogram of the sprite. Always beside words that say the same, so it is hidden from readers
//! of the screen.

use crate::guide::use_site;
use leptos::prelude::*;

pub fn icon(name: &str) -> AnyView {
    let href = use_site().icon(name);
    view! {
        <svg class="icon" aria-hidden="true" focusable="false">
            <use_ href=href></use_>
        </svg>
    }
    .into_any()
}

//! A button that copies a text, only where the app runs and the browser lets it, and says what came of it.

use super::icon;
use crate::guide::use_site;
use crate::locale::use_locale;
use leptos::prelude::*;

/// `what` is what the button says it copies.
pub fn copy_button(what: String, text: String) -> impl IntoView {
    let (site, locale, done) = (use_site(), use_locale(), RwSignal::new(None::<bool>));
    let said = move || done.get().map(|done| locale.text(if done { "copy.done" } else { "copy.failed" }));
    move || {
        let copy = site.hands.get().copy.filter(|_| !text.is_empty())?;
        let (text, what, said, told) = (text.clone(), what.clone(), said.clone(), said.clone());
        Some(
            view! {
                <button type="button" class="button" on:click=move |_| copy.run((text.clone(), done))>
                    {icon("copy")} <span>{move || said().unwrap_or_else(|| what.clone())}</span>
                </button>
                <span class="unseen" role="status">{told}</span>
            }
            .into_any(),
        )
    }
}

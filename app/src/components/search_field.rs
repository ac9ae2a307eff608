//! The search form: a GET form, so that it works before and without the app.

use super::icon;
use crate::guide::use_site;
use crate::locale::use_locale;
use crate::routes::Route;
use leptos::prelude::*;
use shared::ids::GuideId;

/// `typed` follows what is typed where the app runs: the letter is painted first, then what it finds.
pub fn search_field(guide: &GuideId, language: &str, query: &str, typed: Option<RwSignal<String>>) -> AnyView {
    let locale = use_locale();
    let after_paint = use_site().hands.get_untracked().after_paint;
    let follow = move |event| {
        if let Some((typed, after_paint)) = typed.zip(after_paint) {
            after_paint(Box::new(move || {
                let text = event_target_value(&event);
                // What was typed faster than it is painted is looked for once.
                if typed.try_get_untracked().is_some_and(|known| known != text) {
                    typed.set(text);
                }
            }));
        }
    };
    let action = Route::search(guide, language, "").href();
    view! {
        <form class="search" role="search" action=action method="get">
            <label class="unseen" for="q">
                {locale.text("search.label")}
            </label>
            <input
                type="search"
                id="q"
                name="q"
                value=query.to_owned()
                placeholder=locale.text("search.hint")
                autocomplete="off"
                enterkeyhint="search"
                dir="auto"
                on:input=follow
            />
            <button type="submit">{icon("search")} <span class="unseen">{locale.text("search.button")}</span></button>
        </form>
    }
    .into_any()
}

//! The search form: a GET form, so that it works before and without the app.

use super::icon;
use crate::locale::use_locale;
use crate::routes::Route;
use leptos::prelude::*;
use shared::ids::GuideId;

/// `typed` follows what is typed where the app runs.
pub fn search_field(guide: &GuideId, language: &str, query: &str, typed: Option<RwSignal<String>>) -> AnyView {
    let locale = use_locale();
    let follow = move |text: String| typed.into_iter().for_each(|typed| typed.set(text.clone()));
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
                on:input=move |event| follow(event_target_value(&event))
            />
            <button type="submit">{icon("search")} <span class="unseen">{locale.text("search.button")}</span></button>
        </form>
    }
    .into_any()
}

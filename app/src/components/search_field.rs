//! The search form: a GET form, so that it works before and without the app.

use super::icon;
use crate::locale::use_locale;
use crate::routes::Route;
use leptos::prelude::*;
use shared::ids::GuideId;

pub fn search_field(guide: &GuideId, language: &str, query: &str) -> AnyView {
    let locale = use_locale();
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
            />
            <button type="submit">{icon("search")} <span class="unseen">{locale.text("search.button")}</span></button>
        </form>
    }
    .into_any()
}

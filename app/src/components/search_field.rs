//! The search form: a GET form, so that it works before and without the app.

use super::{each, icon};
use crate::guide::use_site;
use crate::locale::use_locale;
use crate::routes::{Filters, Route};
use leptos::prelude::*;
use shared::ids::GuideId;

/// What is being typed, where the app runs: the letter is painted first, then what it finds in what is
/// seen, then the rest.
#[derive(Clone, Copy)]
pub struct Typed {
    pub seen: RwSignal<String>,
    pub rest: RwSignal<String>,
}

/// What is searched for holds on to `filters`; `typed` follows what is typed.
pub fn search_field(guide: &GuideId, language: &str, query: &str, filters: &Filters, typed: Option<Typed>) -> AnyView {
    let locale = use_locale();
    let after_paint = use_site().hands.get_untracked().after_paint;
    let follow = move |event| {
        if let Some((typed, after_paint)) = typed.zip(after_paint) {
            after_paint(Box::new(move || {
                let text = event_target_value(&event);
                // What was typed faster than it is painted is looked for once.
                if typed.seen.try_get_untracked().is_some_and(|known| known != text) {
                    typed.seen.set(text.clone());
                    after_paint(Box::new(move || {
                        if typed.seen.try_get_untracked().as_ref() == Some(&text) {
                            typed.rest.set(text);
                        }
                    }));
                }
            }));
        }
    };
    let action = Route::search(guide, language, "").href();
    let held = filters.fields().into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    let held = each(held);
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
            {held}
        </form>
    }
    .into_any()
}

//! Previous and next of a long list.

use super::icon;
use crate::locale::use_locale;
use crate::routes::Route;
use leptos::prelude::*;

/// `page` counts from 1; nothing where one page holds all.
pub fn pager(route: &Route, page: usize, pages: usize) -> Option<AnyView> {
    let locale = use_locale();
    let step = |to: Option<usize>, rel: &'static str, key: &str, name: &str| {
        to.map(|to| view! { <a class="button" rel=rel href=route.at_page(to).href()>{icon(name)} {locale.text(key)}</a> })
    };
    let previous = step((page > 1).then(|| page - 1), "prev", "list.previous", "back");
    let next = step((page < pages).then_some(page + 1), "next", "list.next", "forward");
    let here = locale.with("list.page", &[("page", &page.to_string()), ("pages", &pages.to_string())]);
    (pages > 1).then(|| {
        view! {
            <nav class="pager" aria-label=locale.text("list.pages")>
                {previous} <span>{here}</span> {next}
            </nav>
        }
        .into_any()
    })
}

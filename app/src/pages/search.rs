//! Search results: categories, then places, then pages, with found words marked.

use super::Inside;
use crate::components::search_field;
use crate::routes::{Filters, Route};
use leptos::prelude::*;

pub fn page(inside: &Inside, _route: &Route, query: &str, _filters: &Filters, _page: usize) -> AnyView {
    let locale = &inside.locale;
    view! {
        <h1>{locale.text("search.title")}</h1>
        {search_field(&inside.guide, &inside.language, query)}
    }
    .into_any()
}

//! A place or a page in a list.

use super::{badges, icon, opening};
use crate::locale::{Locale, use_locale};
use leptos::prelude::*;
use shared::edition::{PageEntry, PlaceEntry};

/// A place. `name` is the name as it is shown, with found words marked where it was searched.
pub fn place_card(href: String, name: AnyView, place: &PlaceEntry) -> AnyView {
    let line = offer(&use_locale(), place);
    let line = (!line.is_empty()).then(|| view! { <p class="offer">{line}</p> });
    let city = place.address.city.clone().map(|city| view! { <p class="where">{icon("pin")} <bdi>{city}</bdi></p> });
    view! {
        <li class="card">
            <h3>
                <a href=href>{name}</a>
            </h3>
            {line}
            {opening(place)}
            <div class="card-foot">{city} {badges(&place.access)}</div>
        </li>
    }
    .into_any()
}

/// What is offered, in one line: the kinds of its services, each once.
fn offer(locale: &Locale, place: &PlaceEntry) -> String {
    let mut names: Vec<String> = Vec::new();
    for code in place.services.iter().filter_map(|service| service.category.as_ref()) {
        let name = locale.under("category.", code);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    locale.list(&names)
}

pub fn page_link(href: String, title: AnyView, page: &PageEntry) -> AnyView {
    let name = page.category.as_ref().map(|code| format!("category.{code}")).unwrap_or_else(|| "book".to_owned());
    view! {
        <li>
            <a class="line" href=href>
                {icon(&name)} <span>{title}</span> {icon("chevron")}
            </a>
        </li>
    }
    .into_any()
}

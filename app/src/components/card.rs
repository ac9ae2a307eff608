//! A place or a page in a list.

use super::{badges, icon, opening};
use crate::guide::{Near, use_site};
use crate::locale::{Locale, use_locale};
use leptos::prelude::*;
use shared::distance::Way;
use shared::edition::{PageEntry, PlaceEntry};

/// A place. `name` is the name as it is shown, with found words marked where it was searched.
pub fn place_card(href: String, name: AnyView, place: &PlaceEntry) -> AnyView {
    let way =
        way_to(place).map(|way| view! { <p class="way">{icon("walk")} <span>{way_in_words(&use_locale(), way)}</span></p> });
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
            {way}
            <div class="card-foot">{city} {badges(&place.access)}</div>
        </li>
    }
    .into_any()
}

/// The way there from where the person is, where both are known.
pub fn way_to(place: &PlaceEntry) -> Option<Way> {
    let Near::Here(here) = use_site().near.get() else { return None };
    place.position.map(|there| Way::between(here, there))
}

/// "450 m to the north, 6 minutes on foot"; far places without the walk.
pub fn way_in_words(locale: &Locale, way: Way) -> String {
    const WALK_METRES_MAX: u32 = 5_000;
    let away = locale.with(
        "near.away",
        &[("distance", &distance(locale, way.metres)), ("direction", &locale.text(&format!("near.{}", way.direction.code())))],
    );
    let minutes = usize::try_from(way.minutes_on_foot()).unwrap_or_default();
    let walk = (way.metres <= WALK_METRES_MAX).then(|| locale.count("near.walk", minutes, &[]));
    locale.list(&[Some(away), walk].into_iter().flatten().collect::<Vec<_>>())
}

/// No more exact than a phone knows where it is.
fn distance(locale: &Locale, metres: u32) -> String {
    if metres < 950 {
        return locale.with("near.metres", &[("n", &(metres.div_ceil(50) * 50).to_string())]);
    }
    let tenths = (metres + 50) / 100;
    let number = match tenths < 100 {
        true => format!("{}{}{}", tenths / 10, locale.text("size.point"), tenths % 10),
        false => (tenths / 10).to_string(),
    };
    locale.with("near.kilometres", &[("n", &number)])
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

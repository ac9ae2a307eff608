//! Where a place is, as far as that is public.

use crate::components::{copy_button, each, passage};
use crate::pages::Inside;
use crate::routes::{Route, encode};
use leptos::prelude::*;
use shared::edition::PlaceEntry;
use shared::sketch::{View, ZOOM_CLOSE};

pub fn section(inside: &Inside, place: &PlaceEntry) -> AnyView {
    let locale = &inside.locale;
    let lines = lines(place);
    let withheld = match place.address_withheld.as_deref() {
        Some("area_only") => Some(locale.text("place.address_area")),
        Some(_) => Some(locale.text("place.address_request")),
        None if lines.is_empty() => Some(locale.text("place.address_unknown")),
        None => None,
    };
    let withheld = withheld.map(|text| view! { <p class="remark">{text}</p> });
    let transportation = place.transportation.as_ref();
    let transportation = transportation.map(|words| view! { <h3>{locale.text("place.transportation")}</h3> {passage(words)} });
    let copy = copy_button(locale.text("place.copy_address"), lines.join(", "));
    let lines = lines.into_iter().map(|line| view! { <span class="address-line"><bdi>{line}</bdi></span> });
    view! {
        <section>
            <h2>{locale.text("place.address")}</h2>
            <p class="address">{each(lines)}</p>
            {withheld}
            {map_link(inside, place)}
            {copy}
            {transportation}
        </section>
    }
    .into_any()
}

/// To the map around the place.
fn map_link(inside: &Inside, place: &PlaceEntry) -> Option<AnyView> {
    let view = View { centre: place.position?, zoom: ZOOM_CLOSE };
    let to = Route::map(&inside.guide, &inside.language, None, Some(view));
    Some(inside.map_link("on-map", &to))
}

fn lines(place: &PlaceEntry) -> Vec<String> {
    let address = &place.address;
    let town = [&address.postal_code, &address.city].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let lines = [address.address_1.clone(), address.address_2.clone(), Some(town), address.region.clone()];
    lines.into_iter().flatten().filter(|line| !line.trim().is_empty()).collect()
}

/// A `geo:` address (RFC 5870) that opens the phone's own map; none where the address is withheld.
pub fn geo(place: &PlaceEntry) -> Option<String> {
    if place.address_withheld.is_some() {
        return None;
    }
    if let Some([latitude, longitude]) = place.position {
        return Some(format!("geo:{latitude},{longitude}?q={latitude},{longitude}"));
    }
    place.address.address_1.as_ref()?;
    Some(format!("geo:0,0?q={}", encode(&lines(place).join(", "))))
}

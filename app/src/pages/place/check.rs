//! How sure the page is: when and how the place was checked last.

use crate::components::icon;
use crate::pages::Inside;
use leptos::prelude::*;
use shared::edition::PlaceEntry;
use shared::limits::OUTDATED_DAYS;

pub fn foot(inside: &Inside, place: &PlaceEntry) -> AnyView {
    let locale = &inside.locale;
    let Some(checked) = place.assured_date else {
        return view! { <footer class="check old">{icon("unknown")} <p>{locale.text("place.unchecked")}</p></footer> }.into_any();
    };
    let day = locale.day_seen_from(checked, inside.now.day);
    let key = match place.assured_method.as_deref() {
        Some("visit") => "place.checked_visit",
        Some("phone") => "place.checked_phone",
        Some("web") => "place.checked_web",
        Some("structure") => "place.checked_structure",
        _ => "place.checked",
    };
    let old = inside.now.day.since(checked) > OUTDATED_DAYS;
    let warning = old.then(|| view! { <strong>{locale.text("place.outdated")}</strong> });
    let class = if old { "check old" } else { "check" };
    view! { <footer class=class>{icon("checked")} <p>{locale.with(key, &[("day", &day)])} {warning}</p></footer> }.into_any()
}

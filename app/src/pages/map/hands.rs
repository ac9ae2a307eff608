//! What the map does in a browser only: fingers and keys move it, the address follows. On the relay
//! nothing of it is there, and the map moves by its links.

use super::Map;
use crate::locale::Locale;
use crate::routes::Route;
use leptos::html::{Div, Section};
use leptos::prelude::NodeRef;
use shared::sketch::View;

/// Whether the map takes the focus, for the keys.
pub const FOCUS: Option<&str> = if cfg!(feature = "browser") { Some("0") } else { None };

pub fn label(locale: &Locale) -> String {
    let label = locale.text("map.label");
    if cfg!(feature = "browser") { format!("{label} {}", locale.text("map.keys")) } else { label }
}

/// The view in the address bar, which gestures have moved on since the page was asked for.
#[cfg(feature = "browser")]
pub fn address() -> Option<View> {
    match crate::browser::navigation::here() {
        Route::Map { view, .. } => view,
        _ => None,
    }
}

#[cfg(feature = "browser")]
pub fn remember(route: &Route) {
    crate::browser::navigation::replace(route);
}

#[cfg(feature = "browser")]
pub fn attend(frame: NodeRef<Div>, map: Map) {
    use crate::browser::gestures;
    use leptos::prelude::{Effect, Get};
    Effect::new(move || {
        let Some(frame) = frame.get() else { return };
        let map = map.clone();
        gestures::attend(&frame, super::SIZE, move |gesture| {
            map.show(gestured(&map, gesture));
        });
    });
}

/// Has the street map offered below, where this build has what draws it.
#[cfg(feature = "browser")]
pub fn offer_streets(section: NodeRef<Section>, map: Map) {
    use crate::browser::streets;
    use crate::guide::use_site;
    use leptos::prelude::{Callable, Effect, Get, GetUntracked, GetValue};
    let site = use_site();
    let assets = site.assets.get_value();
    if !assets.has(streets::SCRIPT) {
        return;
    }
    Effect::new(move || {
        let Some(section) = section.get() else { return };
        let (inside, map) = (&map.inside, map.clone());
        let words = streets::WORDS.map(|(name, key)| (name.to_owned(), inside.locale.text(key)));
        let page = streets::Page {
            script: assets.path(streets::SCRIPT),
            guide: inside.guide.to_string(),
            language: inside.language.clone(),
            words: words.into_iter().collect(),
            look: Box::new(move || looked(&map, site.near.get_untracked())),
            go: Box::new(move |address| site.go.run(Route::parse(&address, ""))),
        };
        streets::attend(section.into(), page);
    });
}

/// The places on the map, and the person, as JSON.
#[cfg(feature = "browser")]
fn looked(map: &Map, near: crate::guide::Near) -> String {
    use crate::guide::Near;
    use shared::distance::Position;
    let degrees = |[latitude, longitude]: Position| format!("{latitude},{longitude}");
    let place = |(id, position): &(shared::ids::RecordId, Position)| {
        let (name, _) = map.place(id)?;
        let address = Route::place(&map.inside.guide, &map.inside.language, *id).href();
        Some(format!("[{},{},{}]", degrees(*position), shared::json::to_string(&name), shared::json::to_string(&address)))
    };
    let places: Vec<String> = map.places.iter().filter_map(place).collect();
    let here = match near {
        Near::Here(here) => format!("[{}]", degrees(here)),
        _ => "null".to_owned(),
    };
    format!(r#"{{"places":[{}],"here":{here}}}"#, places.join(","))
}

/// The view after a gesture: what was under the fingers is under them still.
#[cfg(feature = "browser")]
fn gestured(map: &Map, gesture: crate::browser::gestures::Gesture) -> View {
    use leptos::prelude::GetUntracked;
    use shared::sketch::{ZOOM_MAX, steps};
    let (view, (from, to)) = (map.view.get_untracked(), (gesture.from, gesture.to));
    let zoom = (i32::from(view.zoom) + steps(gesture.factor)).clamp(0, i32::from(ZOOM_MAX));
    let zoomed = map.chart.zoomed(view, u8::try_from(zoom).unwrap_or_default(), from);
    map.chart.moved(zoomed, [from[0] - to[0], from[1] - to[1]])
}

#[cfg(not(feature = "browser"))]
pub fn address() -> Option<View> {
    None
}

#[cfg(not(feature = "browser"))]
pub fn remember(_: &Route) {}

#[cfg(not(feature = "browser"))]
pub fn attend(_: NodeRef<Div>, _: Map) {}

#[cfg(not(feature = "browser"))]
pub fn offer_streets(_: NodeRef<Section>, _: Map) {}

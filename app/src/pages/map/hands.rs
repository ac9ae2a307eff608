//! What the map does in a browser only: fingers and keys move it, the address follows. On the relay
//! nothing of it is there, and the map moves by its links.

use super::Map;
use crate::locale::Locale;
use crate::routes::Route;
use leptos::html::Div;
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

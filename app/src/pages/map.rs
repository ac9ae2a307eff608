//! The sketch map: outline, marks and scale drawn from the edition alone, links to move and zoom it,
//! and the places in view as a list, which is the map for who does not see or does not run scripts.
//!
//! The drawing is hidden from screen readers, the list says the same in words. The map never centres
//! on the person: whatever stands in its middle must stand in the addresses of all its links, and
//! addresses stay in the history of a phone that others may hold. So the person is drawn where the
//! view happens to show them, and told how far away they are otherwise.

use super::Inside;
use super::list::{narrowed, of_category, offers};
use crate::components::{way_in_words, way_to};
use crate::guide::{Near, use_site};
use crate::routes::{Filters, Route};
use leptos::html::{Div, Section};
use leptos::prelude::*;
use shared::categories::top;
use shared::distance::{Position, Way};
use shared::edition::Entry;
use shared::ids::RecordId;
use shared::order::sort_by_key;
use shared::sketch::{Chart, Size, Sketch, View, ZOOM_MAX, ZOOM_STEP};
use std::sync::Arc;

mod controls;
mod drawing;
mod hands;

/// Of the drawing; the stylesheet stretches it to the page.
const SIZE: Size = Size { width: 360, height: 340 };
/// Places named below the map.
const LISTED: usize = 20;

/// One map as the page holds it. Cheap to clone.
#[derive(Clone)]
struct Map {
    inside: Inside,
    /// With its category and filters.
    route: Route,
    chart: Arc<Chart>,
    /// The places to be shown that have a position.
    places: Arc<Vec<(RecordId, Position)>>,
    /// What the page shows now; the address follows.
    view: RwSignal<View>,
}

pub fn page(inside: &Inside, route: &Route, code: Option<&str>, filters: &Filters, view: Option<View>) -> AnyView {
    let locale = &inside.locale;
    let all = code.map_or_else(|| inside.edition.places().collect(), |code| of_category(inside, code));
    let fitting = narrowed(inside, all, filters);
    let places: Vec<_> = fitting.iter().filter_map(|(_, (id, place))| Some((**id, place.position?))).collect();
    let unplaced = fitting.len() - places.len();
    // Of the whole guide, so that every category is drawn on the same ground.
    let ground: Vec<Position> = inside.edition.places().filter_map(|(_, place)| place.position).collect();
    let map = Chart::new(inside.edition.guide.boundary.as_deref(), &ground).map(|chart| {
        let shown = hands::address().or(view).unwrap_or_else(|| chart.whole(SIZE));
        let (inside, route) = (inside.clone(), route.clone());
        Map { inside, route, chart: Arc::new(chart), places: Arc::new(places), view: RwSignal::new(shown) }.page()
    });
    let nothing = map.is_none().then(|| view! { <p class="empty">{locale.text("list.none")}</p> });
    let unplaced = (unplaced > 0).then(|| view! { <p class="quiet">{locale.count("map.unplaced", unplaced, &[])}</p> });
    let title = match code {
        Some(code) => format!("{} · {}", locale.text("map.title"), locale.under("category.", code)),
        None => locale.text("map.title"),
    };
    view! {
        <h1>{title}</h1>
        {map}
        {nothing}
        {unplaced}
    }
    .into_any()
}

impl Map {
    fn page(self) -> AnyView {
        let (site, locale) = (use_site(), self.inside.locale.clone());
        let frame = NodeRef::<Div>::new();
        hands::attend(frame, self.clone());
        let streets = NodeRef::<Section>::new();
        hands::offer_streets(streets, self.clone());
        let here = move || match site.near.get() {
            Near::Here(here) => Some(here),
            _ => None,
        };
        let map = self.clone();
        let sketch = Memo::new(move |_| Arc::new(map.sketch(map.view.get(), here())));
        let (drawn, steered, below) = (self.clone(), self.clone(), self.clone());
        view! {
            <div class="sketch" role="group" aria-label=hands::label(&locale) tabindex=hands::FOCUS node_ref=frame>
                {move || {
                    drawn.view.track();
                    drawing::view(&drawn, &sketch.get())
                }}
            </div>
            {move || controls::steering(&steered, steered.view.get())}
            {move || controls::person(&self, self.view.get(), here(), &sketch.get())}
            {move || {
                below.view.track();
                below.below(&sketch.get())
            }}
            // Filled by a script, where there are streets to show.
            <section class="streets" hidden node_ref=streets></section>
        }
        .into_any()
    }

    fn positions(&self) -> Vec<Position> {
        self.places.iter().map(|(_, position)| *position).collect()
    }

    fn sketch(&self, view: View, here: Option<Position>) -> Sketch {
        self.chart.sketch(view, SIZE, &self.positions(), here)
    }

    /// This map with another view.
    fn at(&self, shown: Option<View>) -> Route {
        let mut route = self.route.clone();
        if let Route::Map { view, .. } = &mut route {
            *view = shown;
        }
        route
    }

    /// The view to be kept in links: none while the whole is shown.
    fn part(&self) -> Option<View> {
        let view = self.view.get_untracked();
        (view != self.chart.whole(SIZE)).then_some(view)
    }

    /// Shows another view in place: the address follows without a new entry in the history.
    fn show(&self, view: View) {
        self.view.set(view);
        hands::remember(&self.at(self.part()));
    }

    /// The name and the pictogram of a place. Under a category its own, else that of its first service.
    fn place(&self, id: &RecordId) -> Option<(String, String)> {
        let Some(Entry::Place(place)) = self.inside.edition.entries.get(id) else { return None };
        let own = || place.services.iter().find_map(|service| service.category.clone());
        let code = match &self.route {
            Route::Map { code: Some(code), .. } => Some(code.clone()),
            _ => own(),
        };
        Some((place.name.clone(), code.unwrap_or_default()))
    }

    /// How many there are, the nearest by name, and what is not shown.
    fn below(&self, sketch: &Sketch) -> AnyView {
        let locale = &self.inside.locale;
        let mut within: Vec<&(RecordId, Position)> =
            sketch.marks.iter().flat_map(|mark| &mark.places).map(|place| &self.places[*place]).collect();
        let centre = self.view.get_untracked().centre;
        sort_by_key(&mut within, |(id, position)| (Way::between(centre, *position).metres, *id));
        let count = locale.count("list.count", within.len(), &[]);
        let first = (within.len() > LISTED).then(|| {
            let text = locale.with("map.first", &[("n", &LISTED.to_string())]);
            view! { <p class="quiet">{text}</p> }
        });
        let heading = if within.is_empty() { locale.text("map.none") } else { count };
        let beyond = (sketch.beyond > 0).then(|| {
            let text = locale.count("map.beyond", sketch.beyond, &[]);
            view! { <p>{text}</p> }
        });
        let items: Vec<AnyView> = within.iter().take(LISTED).filter_map(|(id, _)| self.item(id)).collect();
        view! {
            {controls::legend(self)}
            <div role="status"><h2 class="count" id="places" tabindex="-1">{heading}</h2></div>
            {first}
            <ul class="links">{items}</ul>
            {beyond}
            {controls::foot(self)}
        }
        .into_any()
    }

    fn item(&self, id: &RecordId) -> Option<AnyView> {
        let (name, code) = self.place(id)?;
        let Some(Entry::Place(place)) = self.inside.edition.entries.get(id) else { return None };
        let href = Route::place(&self.inside.guide, &self.inside.language, *id).href();
        let way = way_to(place).map(|way| view! { <span class="quiet">{way_in_words(&self.inside.locale, way)}</span> });
        let icon = drawing::dot(&code);
        Some(
            view! { <li><a class="line" href=href>{icon} <span><bdi>{name}</bdi> {way}</span> {crate::components::icon("chevron")}</a></li> }
                .into_any(),
        )
    }

    /// In or out by one step, about the middle.
    fn nearer(&self, view: View, in_or_out: i32) -> Option<View> {
        let zoom = i32::from(view.zoom) + in_or_out * i32::from(ZOOM_STEP);
        let zoom = u8::try_from(zoom.clamp(0, i32::from(ZOOM_MAX))).unwrap_or_default();
        (zoom != view.zoom).then(|| self.chart.zoomed(view, zoom, [0.0, 0.0]))
    }
}

/// The top category of a code, which is also the class that colours it.
fn colour(code: &str) -> String {
    top(code).to_owned()
}

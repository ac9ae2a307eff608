//! What moves the map, and what is said around it. All of it links that lead to the same map with
//! another view; in the running app they change it in place.

use super::{Map, SIZE};
use crate::components::{icon, way_in_words};
use crate::guide::{Near, use_site};
use crate::routes::Route;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use shared::categories::{CATEGORIES, top};
use shared::distance::{Position, Way};
use shared::sketch::{Sketch, View};

/// Shows `to` in place of following the link, unless another tab was meant.
pub fn steer(map: &Map, to: Option<View>) -> impl Fn(MouseEvent) + 'static {
    let map = map.clone();
    move |event: MouseEvent| {
        let plain = !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
        if let Some(to) = to.filter(|_| plain) {
            event.prevent_default();
            map.show(to);
        }
    }
}

/// Four ways to move, in and out. West stays left of east, also where one reads from the right.
pub fn steering(map: &Map, view: View) -> AnyView {
    let locale = &map.inside.locale;
    let [x, y] = [SIZE.width, SIZE.height].map(|length| f64::from(length) / 2.0);
    let ways = [
        ("back", "near.w", [-x, 0.0]),
        ("up", "near.n", [0.0, -y]),
        ("down", "near.s", [0.0, y]),
        ("forward", "near.e", [x, 0.0]),
    ];
    let ways = ways.into_iter().map(|(name, key, by)| {
        let label = locale.with("map.move", &[("direction", &locale.text(key))]);
        button(map, name, label, Some(map.chart.moved(view, by)))
    });
    let ways: Vec<AnyView> = ways.collect();
    let zoom = [("remove", "map.zoom_out", -1), ("add", "map.zoom_in", 1)];
    let zoom: Vec<AnyView> =
        zoom.into_iter().map(|(name, key, step)| button(map, name, locale.text(key), map.nearer(view, step))).collect();
    view! {
        <div class="steering" role="group" aria-label=locale.text("map.title")>
            <div dir="ltr">{ways}</div>
            <div dir="ltr">{zoom}</div>
        </div>
    }
    .into_any()
}

/// A control that has nothing to do stays in its place, so that a thumb meets no other one.
fn button(map: &Map, name: &str, label: String, to: Option<View>) -> AnyView {
    let href = to.map(|to| map.at(Some(to)).href());
    let disabled = href.is_none().then_some("true");
    let steer = steer(map, to);
    view! {
        <a class="button" href=href aria-disabled=disabled role=disabled.map(|_| "link") rel="nofollow" on:click=steer>
            {icon(name)} <span class="unseen">{label}</span>
        </a>
    }
    .into_any()
}

/// The button that shows where the person is, and what came of it; only in the running app.
pub fn person(map: &Map, view: View, here: Option<Position>, sketch: &Sketch) -> Option<AnyView> {
    let site = use_site();
    let locate = site.hands.get().locate?;
    let locale = &map.inside.locale;
    let near = site.near.get();
    let key = if matches!(near, Near::Here(_) | Near::Looking) { "map.hide_me" } else { "near.button" };
    let away = |here: Position| locale.with("map.away", &[("way", &way_in_words(locale, Way::between(view.centre, here)))]);
    let said = match (near, here) {
        (Near::Looking, _) => locale.text("near.looking"),
        (Near::Failed, _) => locale.text("near.failed"),
        (_, Some(_)) if sketch.here.is_some() => format!("{} {}", locale.text("map.here"), locale.text("map.stays")),
        (_, Some(here)) => away(here),
        _ => String::new(),
    };
    let view = view! {
        <div class="nearby">
            <button type="button" class="chip" on:click=move |_| locate.run(())>{icon("near")} <span>{locale.text(key)}</span></button>
            <p role="status">{said}</p>
        </div>
    };
    Some(view.into_any())
}

/// The categories on the map, each with its colour: what a mark means, and a way to see it alone.
pub fn legend(map: &Map) -> AnyView {
    let inside = &map.inside;
    let Route::Map { code: current, filters, .. } = &map.route else { return ().into_any() };
    let chosen = current.as_deref().map(top);
    let placed = |code: &str| inside.edition.listed().any(|(_, place)| super::offers(place, code) && place.position.is_some());
    // The view stays: who looks at a street goes on looking at it.
    let shown = map.part();
    let to = |code: Option<&str>| Route::map(&inside.guide, &inside.language, code, shown).filtered(filters).href();
    let chip = |code: &'static str| {
        let current = (chosen == Some(code)).then_some("page");
        let text = inside.locale.under("category.", code);
        view! { <li><a class="chip" href=to(Some(code)) aria-current=current rel="nofollow">{super::drawing::dot(code)} <span>{text}</span></a></li> }
            .into_any()
    };
    let chips: Vec<AnyView> = CATEGORIES.iter().map(|category| category.code).filter(|code| placed(code)).map(chip).collect();
    let all = chosen.is_none().then_some("page");
    let label = inside.locale.text("search.categories");
    view! {
        <nav class="chips" aria-label=label>
            <ul>
                <li><a class="chip" href=to(None) aria-current=all rel="nofollow">{inside.locale.text("list.all")}</a></li>
                {chips}
            </ul>
        </nav>
    }
    .into_any()
}

/// Back to the whole, what this drawing is, and whose facts it shows.
pub fn foot(map: &Map) -> AnyView {
    let locale = &map.inside.locale;
    let steer = steer(map, Some(map.chart.whole(SIZE)));
    let whole = map.part().map(|_| {
        view! { <p><a class="button" href=map.at(None).href() on:click=steer>{icon("map")} <span>{locale.text("map.whole")}</span></a></p> }
    });
    let about = Route::about(&map.inside.guide, &map.inside.language).href();
    let names = map.inside.edition.guide.attribution.iter().filter_map(|source| source.name.clone());
    let names = locale.list(&names.collect::<Vec<_>>());
    let sources =
        (!names.is_empty()).then(|| view! { <a href=about>{locale.text("about.sources")}</a> {": "} <bdi>{names}</bdi> });
    view! { {whole} <p class="quiet">{locale.text("map.note")} " " {sources}</p> }.into_any()
}

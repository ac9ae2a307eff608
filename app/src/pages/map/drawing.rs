//! The drawing itself, as SVG. Attributes and classes only: the policy forbids styles in elements.

use super::{Map, SIZE, colour};
use crate::components::drawing;
use crate::routes::Route;
use leptos::prelude::*;
use shared::distance::Position;
use shared::sketch::{Mark, Point, Scale, Size, Sketch, ZOOM_MAX};
use std::fmt::Write;

pub fn view(map: &Map, sketch: &Sketch) -> AnyView {
    let Size { width, height } = SIZE;
    let marks: Vec<AnyView> = sketch.marks.iter().filter_map(|one| mark(map, one)).collect();
    view! {
        <svg viewBox=format!("0 0 {width} {height}") aria-hidden="true" focusable="false">
            <g class="ground">
                <path class="territory" fill-rule="evenodd" d=outline(&sketch.rings)></path>
                {marks}
                {sketch.here.map(person)}
            </g>
            {north(map)}
            {scale(map, sketch.scale)}
        </svg>
    }
    .into_any()
}

fn outline(rings: &[Vec<Point>]) -> String {
    let mut path = String::new();
    for ring in rings {
        for (at, [x, y]) in ring.iter().enumerate() {
            // Writing to a String cannot fail.
            let _ = write!(path, "{}{x} {y}", if at == 0 { 'M' } else { 'L' });
        }
        path.push('Z');
    }
    path
}

fn mark(map: &Map, mark: &Mark) -> Option<AnyView> {
    match mark.places.as_slice() {
        [place] => place_mark(map, mark.at, *place),
        places => Some(group_mark(map, mark.at, places)),
    }
}

fn place_mark(map: &Map, at: Point, place: usize) -> Option<AnyView> {
    let (id, _) = map.places.get(place)?;
    let (name, code) = map.place(id)?;
    let href = Route::place(&map.inside.guide, &map.inside.language, *id).href();
    let pictogram = drawing(&format!("category.{code}"));
    let [x, y] = at.map(|length| length.to_string());
    // 20 wide, around the middle.
    let [left, top] = at.map(|length| length - 10);
    let place = format!("translate({left} {top}) scale(.833)");
    let view = view! {
        <g>
            <a href=href tabindex="-1">
                <title>{name}</title>
                <circle class="target" cx=x.clone() cy=y.clone() r="24"></circle>
                <g class=format!("spot {}", colour(&code))>
                    <circle cx=x cy=y r="15"></circle>
                    <g transform=place>{pictogram}</g>
                </g>
            </a>
        </g>
    };
    Some(view.into_any())
}

/// Leads closer to its places; where it cannot come apart, to the list, which begins with them.
fn group_mark(map: &Map, at: Point, places: &[usize]) -> AnyView {
    let view = map.view.get_untracked();
    let positions: Vec<Position> = places.iter().filter_map(|place| map.places.get(*place)).map(|place| place.1).collect();
    let closer = (view.zoom < ZOOM_MAX).then(|| map.chart.closer(view, &positions, SIZE));
    let href = closer.map_or_else(|| "#places".to_owned(), |closer| map.at(Some(closer)).href());
    let steer = super::controls::steer(map, closer);
    let count = places.len();
    let radius = if count < 10 {
        "16"
    } else if count < 100 {
        "19"
    } else {
        "22"
    };
    let [x, y] = at.map(|length| length.to_string());
    view! {
        <g>
            <a href=href tabindex="-1" rel="nofollow" on:click=steer>
                <circle class="target" cx=x.clone() cy=y.clone() r="24"></circle>
                <circle class="group" cx=x.clone() cy=y.clone() r=radius></circle>
                <text class="number" x=x y=y>{count}</text>
            </a>
        </g>
    }
    .into_any()
}

fn person([x, y]: Point) -> AnyView {
    let [x, y] = [x, y].map(|length| length.to_string());
    view! {
        <g class="here">
            <circle cx=x.clone() cy=y.clone() r="14"></circle>
            <circle class="dot" cx=x cy=y r="7"></circle>
        </g>
    }
    .into_any()
}

/// Not in the view itself: Leptos makes elements without any value from HTML, which our content
/// security policy forbids.
const NEEDLE: &str = "M336 12l9 24-9-5-9 5z";

/// Up is north in every language: a map is not mirrored.
fn north(map: &Map) -> AnyView {
    view! {
        <g class="north">
            <path d=NEEDLE></path>
            <text x="336" y="52">{map.inside.locale.text("map.north")}</text>
        </g>
    }
    .into_any()
}

fn scale(map: &Map, scale: Scale) -> AnyView {
    let bottom = SIZE.height - 12;
    // Exact, where distances to places are rounded.
    let (key, number) =
        if scale.metres < 1_000 { ("near.metres", scale.metres) } else { ("near.kilometres", scale.metres / 1_000) };
    let length = map.inside.locale.with(key, &[("n", &number.to_string())]);
    let bar = format!("M12 {}v6h{}v-6", bottom - 6, scale.width);
    view! {
        <g class="scale">
            <path d=bar.clone() class="halo"></path>
            <path d=bar></path>
            <text x="14" y=(bottom - 12).to_string()>{length}</text>
        </g>
    }
    .into_any()
}

/// The pictogram of a place beside its name, in the colours of its mark.
pub fn dot(code: &str) -> AnyView {
    view! { <span class=format!("dot {}", colour(code))>{crate::components::icon(&format!("category.{code}"))}</span> }.into_any()
}

//! The sketch map over random positions, over the whole globe, and over real places
//! (`../shared/data`, when it is there).

use proptest::prelude::*;
use serde_json::Value;
use shared::decimal::Decimal;
use shared::distance::{Position, Way};
use shared::sketch::{Chart, Mark, Size, Sketch, View, ZOOM_CLOSE, ZOOM_MAX};
use std::collections::BTreeSet;

const SIZE: Size = Size { width: 360, height: 340 };
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/");

fn position(latitude: f64, longitude: f64) -> Position {
    [latitude, longitude].map(Decimal::nearest)
}

/// A town of places around `middle`, some on the same spot.
fn town(middle: [f64; 2], count: usize) -> Vec<Position> {
    let at = |number: usize, prime: usize| ((number / 3 * prime) % 101) as f64 / 1_000.0 - 0.05;
    (0..count).map(|number| position(middle[0] + at(number, 37), middle[1] + at(number, 53))).collect()
}

fn sketch(places: &[Position], view: impl Fn(&Chart) -> View) -> Sketch {
    let chart = Chart::new(None, places).expect("there are places");
    chart.sketch(view(&chart), SIZE, places, None)
}

/// Every place once, none outside, nothing lost.
fn check(sketch: &Sketch, places: usize) {
    let mut seen = BTreeSet::new();
    for mark in &sketch.marks {
        assert!(SIZE.holds(mark.at), "{mark:?} is outside");
        assert!(!mark.places.is_empty());
        mark.places.iter().for_each(|place| assert!(seen.insert(*place), "{place} stands twice"));
    }
    assert_eq!(seen.len() + sketch.beyond, places);
    let width = sketch.scale.width;
    assert!((20..=100).contains(&width), "{:?}", sketch.scale);
}

fn degrees(of: i64) -> impl Strategy<Value = Decimal> {
    let edges = prop_oneof![Just(-of), Just(of), Just(0), Just(of - 1)];
    prop_oneof![4 => -of..=of, 1 => edges.prop_map(move |edge| edge)].prop_map(Decimal)
}

fn anywhere() -> impl Strategy<Value = Position> {
    [degrees(90_000_000), degrees(180_000_000)].prop_map(|[latitude, longitude]| [latitude, longitude])
}

proptest! {
    #[test]
    fn every_place_of_the_globe_has_one_mark(
        places in prop::collection::vec(anywhere(), 1..60), centre in anywhere(), zoom in 0..=255_u8, here in anywhere(),
    ) {
        let chart = Chart::new(None, &places).expect("there are places");
        for view in [chart.whole(SIZE), View { centre, zoom }] {
            let sketch = chart.sketch(view, SIZE, &places, Some(here));
            check(&sketch, places.len());
            prop_assert!(sketch.here.is_none_or(|point| SIZE.holds(point)));
            for next in [chart.moved(view, [180.0, -170.0]), chart.zoomed(view, zoom / 2, [90.0, 10.0])] {
                prop_assert!(next.centre[0].0.abs() <= 90_000_000 && next.centre[1].0.abs() <= 180_000_000, "{next:?}");
            }
        }
    }

    #[test]
    fn marks_stay_together_while_the_view_moves(right in -150..150_i32, down in -150..150_i32, zoom in 18..=ZOOM_MAX) {
        let places = town([45.18, 5.72], 300);
        let chart = Chart::new(None, &places).expect("there are places");
        let before = View { zoom, ..chart.whole(SIZE) };
        let after = chart.moved(before, [f64::from(right), f64::from(down)]);
        let [old, new] = [before, after].map(|view| chart.sketch(view, SIZE, &places, None));
        for mark in &old.marks {
            let expected = [mark.at[0] - right, mark.at[1] - down];
            let well_within = expected[0] > 2 && expected[1] > 2 && expected[0] < 358 && expected[1] < 338;
            let same = new.marks.iter().find(|other| other.places == mark.places);
            prop_assert!(!well_within || same.is_some_and(|other| near(other.at, expected)), "{mark:?} {same:?}");
        }
    }

    #[test]
    fn the_middle_goes_and_comes_back(right in -400..400_i32, down in -400..400_i32, zoom in 16..=ZOOM_MAX) {
        let places = town([-17.8, 179.99], 40);
        let chart = Chart::new(None, &places).expect("there are places");
        let view = View { zoom, ..chart.whole(SIZE) };
        let [x, y] = [f64::from(right), f64::from(down)];
        let back = chart.moved(chart.moved(view, [x, y]), [-x, -y]);
        prop_assert!(Way::between(view.centre, back.centre).metres <= 3, "{view:?} {back:?}");
    }
}

fn near(one: [i32; 2], other: [i32; 2]) -> bool {
    // Positions of views are kept to a metre, at the last zoom most of a pixel.
    (0..2).all(|axis| (one[axis] - other[axis]).abs() <= 2)
}

#[test]
fn the_first_look_shows_all_places_without_those_that_lie_far_off() {
    let mut places = town([45.18, 5.72], 100);
    assert_eq!(sketch(&places, |chart| chart.whole(SIZE)).beyond, 0);
    places.push(position(0.0, 0.0));
    places.push(position(5.72, 45.18));
    let shown = sketch(&places, |chart| chart.whole(SIZE));
    assert_eq!(shown.beyond, 2);
    assert!(shown.marks.len() > 10, "{}", shown.marks.len());
}

#[test]
fn an_outline_is_what_the_first_look_shows() {
    let outline = "45.1,5.6 45.1,5.8 45.3,5.8 45.3,5.6;45.15,5.65 45.15,5.7 45.2,5.7";
    let chart = Chart::new(Some(outline), &[position(48.85, 2.35)]).expect("an outline");
    let view = chart.whole(SIZE);
    assert_eq!(view.centre, position(45.2, 5.7));
    let drawn = chart.sketch(view, SIZE, &[position(48.85, 2.35)], Some(position(45.2, 5.7)));
    assert_eq!((drawn.rings.len(), drawn.marks.len(), drawn.beyond, drawn.here), (2, 0, 1, Some([180, 170])));
    let [left, right] = [drawn.rings[0][0], drawn.rings[0][2]];
    assert!(left[0] < 180 && left[1] > 170 && right[0] > 180 && right[1] < 170, "north is up, east is right: {drawn:?}");
    // At 45° a degree of longitude is seven tenths of one of latitude.
    let (width, height) = (f64::from(right[0] - left[0]), f64::from(left[1] - right[1]));
    assert!((width / height - 0.7046).abs() < 0.01, "{width} {height}");
    assert!(Chart::new(Some("nowhere"), &[]).is_none());
    assert!(Chart::new(Some("nowhere"), &[position(1.0, 1.0)]).is_some());
}

#[test]
fn the_scale_bar_is_a_round_length_of_the_right_width() {
    let chart = Chart::new(None, &[position(52.5, 13.4)]).expect("a place");
    for zoom in 0..=ZOOM_MAX {
        let view = View { centre: position(52.5, 13.4), zoom };
        let scale = chart.sketch(view, SIZE, &[], None).scale;
        let first: u32 = scale.metres.to_string()[..1].parse().expect("a digit");
        assert!([1, 2, 5].contains(&first) && scale.metres.to_string()[1..].chars().all(|zero| zero == '0'), "{scale:?}");
        let moved = chart.moved(view, [f64::from(scale.width), 0.0]);
        let metres = f64::from(Way::between(view.centre, moved.centre).metres);
        // Beyond some hundred kilometres the earth is no plane, and a pixel is many metres.
        assert!(zoom < 12 || (metres / f64::from(scale.metres) - 1.0).abs() < 0.03, "{zoom}: {scale:?} is {metres} m");
    }
}

#[test]
fn a_place_alone_stands_in_the_middle_of_its_streets() {
    let alone = [position(64.15, -21.94)];
    let view = Chart::new(None, &alone).expect("a place").whole(SIZE);
    assert_eq!(view, View { centre: alone[0], zoom: ZOOM_CLOSE });
    assert_eq!(sketch(&alone, |_| view).marks, [Mark { at: [180, 170], places: vec![0] }]);
}

#[test]
fn a_group_comes_apart_when_one_looks_closer() {
    let places = town([45.18, 5.72], 90);
    let chart = Chart::new(None, &places).expect("there are places");
    let view = chart.whole(SIZE);
    let shown = chart.sketch(view, SIZE, &places, None);
    let group = shown.marks.iter().max_by_key(|mark| mark.places.len()).expect("a mark");
    let of_group: Vec<Position> = group.places.iter().map(|place| places[*place]).collect();
    let closer = chart.closer(view, &of_group, SIZE);
    assert!(closer.zoom > view.zoom);
    let apart = chart.sketch(closer, SIZE, &of_group, None);
    assert!(apart.beyond == 0 && apart.marks.len() > 1, "{apart:?}");
    // What stands on one spot stays together, at the last zoom and not beyond it.
    let spot = [places[0]; 3];
    let last = chart.closer(View { zoom: ZOOM_MAX, ..view }, &spot, SIZE);
    assert_eq!((last.zoom, chart.sketch(last, SIZE, &spot, None).marks.len()), (ZOOM_MAX, 1));
}

#[test]
fn what_is_under_the_fingers_stays_there() {
    let places = town([45.18, 5.72], 9);
    let chart = Chart::new(None, &places).expect("there are places");
    let view = View { zoom: 22, ..chart.whole(SIZE) };
    let under = |view: View| chart.moved(view, [100.0, -80.0]).centre;
    let zoomed = chart.zoomed(view, 25, [100.0, -80.0]);
    assert!(Way::between(under(view), under(zoomed)).metres <= 2);
}

#[test]
fn fingers_zoom_by_the_nearest_step() {
    let steps = [0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 2.0, 4.1].map(shared::sketch::steps);
    assert_eq!(steps, [-2, -1, -1, 0, 0, 0, 1, 1, 2, 4]);
    assert!(shared::sketch::steps(f64::INFINITY) < 20 && shared::sketch::steps(0.0) > -20);
}

fn json(file: &str) -> Option<Value> {
    let text = std::fs::read_to_string(format!("{DATA}{file}")).ok()?;
    serde_json::from_str(&text).ok()
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// Positions of objects, by the names that they have for latitude and longitude.
fn positions(rows: &Value, names: [&str; 2]) -> Vec<Position> {
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
    let one = |row: &Value| Some(position(number(&row[names[0]])?, number(&row[names[1]])?));
    rows.iter().filter_map(one).collect()
}

#[test]
fn real_places_make_a_map_that_can_be_read() {
    let Some(berlin) = json("places/de_berlin_osm_doctors.json") else { return };
    let [paris, lyon] =
        ["fr_entourage_paris", "fr_hinaura_2021"].map(|name| json(&format!("places/{name}.json")).expect("beside"));
    let paris = if paris.is_array() { paris } else { paris["pois"].clone() };
    let towns = [
        ("Berlin", positions(&berlin["elements"], ["lat", "lon"])),
        ("Paris", positions(&paris, ["latitude", "longitude"])),
        ("Lyon and around", positions(&lyon, ["latitude", "longitude"])),
    ];
    for (town, places) in towns {
        assert!(places.len() > 300, "{town}: {}", places.len());
        let chart = Chart::new(None, &places).expect("there are places");
        let whole = chart.whole(SIZE);
        for view in [whole, View { zoom: whole.zoom + 4, ..whole }, View { zoom: ZOOM_MAX, ..whole }] {
            check(&chart.sketch(view, SIZE, &places, None), places.len());
        }
        let shown = chart.sketch(whole, SIZE, &places, None);
        let count = shown.marks.len();
        assert!((8..=50).contains(&count) && shown.beyond * 10 <= places.len(), "{town}: {count} marks, {} beyond", shown.beyond);
        let overlap = |a: &Mark, b: &Mark| (0..2).map(|axis| (a.at[axis] - b.at[axis]).pow(2)).sum::<i32>() < 42 * 42;
        let pairs = shown.marks.iter().enumerate().flat_map(|(at, a)| shown.marks[..at].iter().map(move |b| (a, b)));
        assert_eq!(pairs.filter(|(a, b)| overlap(a, b)).count(), 0, "{town}");
    }
}

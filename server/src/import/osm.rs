//! OpenStreetMap elements, from Overpass JSON (`out center` for ways and relations) or GeoJSON.
//!
//! Tags are read as the OSM wiki documents them; what is not tagged stays unknown. Facts come under
//! the ODbL, so the guide's settings name the source.

use super::values::rounded;
use super::{At, Attribution, ImportError, Source, Why};
use serde_json::{Map, Value};
use shared::ids::GuideId;
use std::path::Path;

mod categories;
mod tags;

/// The scheme of identifiers: `node/123`, as OSM writes them.
pub const SCHEME: &str = "osm";

/// What the caller knows about the file.
#[derive(Debug, Clone)]
pub struct Options {
    /// The category of every place, beside what its tags tell.
    pub category: Option<String>,
    /// The language of texts whose tag names none: the guide's source language.
    pub language: String,
}

/// One node, way or relation with a position.
struct Element {
    id: String,
    position: Option<(f64, f64)>,
    tags: Map<String, Value>,
}

/// Reads a file's text into a source.
pub fn read(text: &str, file: &Path, guide: &GuideId, options: &Options) -> Result<Source, ImportError> {
    let json = super::rows::json(text, file)?;
    let elements = elements(&json).ok_or_else(|| ImportError::NotASource {
        file: file.display().to_string(),
        message: "this is neither Overpass JSON (an object with \"elements\") nor a GeoJSON FeatureCollection (with \
                  \"features\"). Export with [out:json] and `out center;`, or save as GeoJSON."
            .to_owned(),
    })?;
    let mut source = Source { scheme: SCHEME.to_owned(), attribution: Some(attribution()), ..Source::default() };
    for element in elements {
        take(&mut source, guide, element, options);
    }
    Ok(source)
}

fn attribution() -> Attribution {
    Attribution {
        name: "© OpenStreetMap contributors".to_owned(),
        url: Some("https://www.openstreetmap.org/copyright".to_owned()),
        licence: Some("ODbL 1.0".to_owned()),
    }
}

fn take(source: &mut Source, guide: &GuideId, element: Element, options: &Options) {
    if element.tags.is_empty() {
        // Nodes that only draw a way's outline.
        return;
    }
    let tags = tags::Tags(&element.tags);
    if let Some(reason) = tags.not_for_everyone() {
        return source.skip(At::Named(element.id), Why::Unwanted(reason));
    }
    let (mut tree, categories) = tags.tree(options);
    if categories == 0 {
        source.left_out.push(super::LeftOut {
            at: At::Named(element.id.clone()),
            field: "services".to_owned(),
            reason: "its tags tell no category; give one with --category".to_owned(),
        });
    }
    if let Some((latitude, longitude)) = element.position {
        tree.put(&"latitude".into(), rounded(latitude));
        tree.put(&"longitude".into(), rounded(longitude));
    }
    source.take(guide, At::Named(element.id.clone()), &element.id, tree.into_value());
}

fn elements(json: &Value) -> Option<Vec<Element>> {
    let overpass = json.get("elements").and_then(Value::as_array);
    let geojson = json.get("features").and_then(Value::as_array);
    match (overpass, geojson) {
        (Some(list), _) => Some(list.iter().filter_map(overpass_element).collect()),
        (None, Some(list)) => Some(list.iter().enumerate().map(|(at, feature)| feature_element(at, feature)).collect()),
        _ => None,
    }
}

fn overpass_element(element: &Value) -> Option<Element> {
    let id = format!("{}/{}", element.get("type")?.as_str()?, element.get("id")?);
    let at = element.get("center").unwrap_or(element);
    let degrees = |key| at.get(key).and_then(Value::as_f64);
    Some(Element { id, position: degrees("lat").zip(degrees("lon")), tags: object(element.get("tags")) })
}

/// GeoJSON as overpass-turbo (`properties.@id`) and osmtogeojson (`id`, `properties.tags`) write it.
fn feature_element(at: usize, feature: &Value) -> Element {
    let properties = object(feature.get("properties"));
    let id = [properties.get("@id"), feature.get("id"), properties.get("id")].into_iter().flatten().find_map(plain);
    let tags = match properties.get("tags") {
        Some(Value::Object(tags)) => tags.clone(),
        _ => properties,
    };
    let id = id.unwrap_or_else(|| format!("feature/{}", at + 1));
    Element { id, position: feature.get("geometry").and_then(middle), tags }
}

fn plain(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|number| number.to_string()))
}

/// A point, or the middle of whatever is drawn.
fn middle(geometry: &Value) -> Option<(f64, f64)> {
    let mut points = Vec::new();
    collect_points(geometry.get("coordinates")?, &mut points);
    let bounds = |of: fn(&(f64, f64)) -> f64| {
        let low = points.iter().map(of).fold(f64::INFINITY, f64::min);
        let high = points.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        (low + high) / 2.0
    };
    (!points.is_empty()).then(|| (bounds(|point| point.1), bounds(|point| point.0)))
}

fn collect_points(value: &Value, points: &mut Vec<(f64, f64)>) {
    let Some(list) = value.as_array() else { return };
    match (list.first().and_then(Value::as_f64), list.get(1).and_then(Value::as_f64)) {
        (Some(longitude), Some(latitude)) => points.push((longitude, latitude)),
        _ => list.iter().for_each(|inner| collect_points(inner, points)),
    }
}

fn object(value: Option<&Value>) -> Map<String, Value> {
    value.and_then(Value::as_object).cloned().unwrap_or_default()
}

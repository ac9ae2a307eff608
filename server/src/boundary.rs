//! The outline of a territory from a GeoJSON file (RFC 7946), drawn as simply as its place in the
//! guide's settings asks for.
//!
//! Every phone gets it with the guide, so that it has a bound. Lines are simplified after Douglas and
//! Peucker, ever more until the text fits; rings that become nothing fall away, islands before the
//! mainland because they are smaller.

use serde_json::Value;
use shared::boundary::{self as outline, CORNERS_MIN, Ring};
use shared::decimal::Decimal;
use shared::limits::BOUNDARY_CHARS_MAX;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a file gives no outline.
#[derive(Debug, Error)]
pub enum BoundaryError {
    #[error("{path} cannot be read: {error}", path = path.display())]
    Read { path: PathBuf, error: std::io::Error },
    #[error("{path}, line {}, column {}: this is not JSON: {error}", error.line(), error.column(), path = path.display())]
    NotJson { path: PathBuf, error: serde_json::Error },
    #[error("{path} has no polygon: an outline is a GeoJSON Polygon or MultiPolygon, alone or in features", path = path.display())]
    NoPolygon { path: PathBuf },
    #[error(
        "{path}: {pair} is not a longitude and a latitude in degrees; save the file in WGS 84 (EPSG:4326)",
        path = path.display()
    )]
    NotDegrees { path: PathBuf, pair: String },
    #[error("{path}: its polygons enclose nothing that could be drawn", path = path.display())]
    Nothing { path: PathBuf },
}

/// The outline in `path`, as the settings keep it.
pub fn read(path: &Path) -> Result<String, BoundaryError> {
    let text = std::fs::read_to_string(path).map_err(|error| BoundaryError::Read { path: path.to_owned(), error })?;
    parse(&text, path)
}

/// The same of a file's text; `path` is what errors call it.
pub fn parse(text: &str, path: &Path) -> Result<String, BoundaryError> {
    let path = || path.to_owned();
    let text = text.trim_start_matches('\u{feff}');
    let json: Value = serde_json::from_str(text).map_err(|error| BoundaryError::NotJson { path: path(), error })?;
    let mut found = Vec::new();
    collect(&json, &mut found);
    if found.is_empty() {
        return Err(BoundaryError::NoPolygon { path: path() });
    }
    let rings: Result<Vec<Line>, String> = found.into_iter().map(line).collect();
    let rings = rings.map_err(|pair| BoundaryError::NotDegrees { path: path(), pair })?;
    fitted(&rings).ok_or_else(|| BoundaryError::Nothing { path: path() })
}

/// How many corners an outline has.
pub fn corners(text: &str) -> usize {
    outline::read(text).unwrap_or_default().iter().map(Vec::len).sum()
}

/// Longitude and latitude, as GeoJSON orders them.
type Line = Vec<[f64; 2]>;

/// The rings of all polygons in a GeoJSON object, however deep.
fn collect<'j>(json: &'j Value, rings: &mut Vec<&'j Value>) {
    let list = |value: &'j Value| value.as_array().map(Vec::as_slice).unwrap_or_default();
    match json["type"].as_str() {
        Some("FeatureCollection") => list(&json["features"]).iter().for_each(|feature| collect(feature, rings)),
        Some("GeometryCollection") => list(&json["geometries"]).iter().for_each(|geometry| collect(geometry, rings)),
        Some("Feature") => collect(&json["geometry"], rings),
        Some("Polygon") => rings.extend(list(&json["coordinates"])),
        Some("MultiPolygon") => rings.extend(list(&json["coordinates"]).iter().flat_map(list)),
        _ => {}
    }
}

/// The corners of a ring, or the first pair that is no position.
fn line(ring: &Value) -> Result<Line, String> {
    let corner = |pair: &Value| {
        let [longitude, latitude] = [0, 1].map(|axis| pair[axis].as_f64());
        let corner = longitude.zip(latitude).filter(|(longitude, latitude)| longitude.abs() <= 180.0 && latitude.abs() <= 90.0);
        corner.map(|(longitude, latitude)| [longitude, latitude]).ok_or_else(|| pair.to_string().chars().take(40).collect())
    };
    ring.as_array().map(Vec::as_slice).unwrap_or_default().iter().map(corner).collect()
}

/// Where a straight line leaves out no more than this many degrees, it is straight: 5 m at first.
const FINE: f64 = 0.000_05;
/// An outline that this does not make short enough is larger than any territory.
const COARSE: f64 = 10.0;

fn fitted(rings: &[Line]) -> Option<String> {
    let mut tolerance = FINE;
    while tolerance < COARSE {
        let simple: Vec<Ring> = rings.iter().filter_map(|ring| simplified(ring, tolerance)).collect();
        let text = outline::write(&simple);
        if simple.is_empty() {
            return None;
        }
        if text.chars().count() <= BOUNDARY_CHARS_MAX {
            return Some(text);
        }
        tolerance *= 1.25;
    }
    None
}

/// The ring without the corners that a line straight past them hardly misses, not closed; `None`
/// where too few are left.
fn simplified(ring: &Line, tolerance: f64) -> Option<Ring> {
    let open = if ring.first() == ring.last() { &ring[..ring.len().saturating_sub(1)] } else { ring };
    let first = *open.first()?;
    // A closed line has no ends: the corner farthest from the first is the other one.
    let farthest = (0..open.len()).max_by(|a, b| gap(open[*a], first).total_cmp(&gap(open[*b], first)))?;
    let mut closed = open.to_vec();
    closed.push(first);
    let mut kept = vec![false; closed.len()];
    kept[0] = true;
    kept[farthest] = true;
    keep(&closed, 0, farthest, tolerance, &mut kept);
    keep(&closed, farthest, closed.len() - 1, tolerance, &mut kept);
    let corners = open.iter().zip(&kept).filter(|(_, kept)| **kept);
    let mut simple: Ring = corners
        .map(|([longitude, latitude], _)| [*latitude, *longitude].map(|degrees| outline::rounded(Decimal::nearest(degrees))))
        .collect();
    simple.dedup();
    (simple.len() >= CORNERS_MIN).then_some(simple)
}

/// Marks the corners between two that lie farther from the line between them than `tolerance`, the
/// farthest first. A list of its own in place of recursion: coasts have a hundred thousand corners.
fn keep(line: &[[f64; 2]], from: usize, to: usize, tolerance: f64, kept: &mut [bool]) {
    let mut parts = vec![(from, to)];
    while let Some((from, to)) = parts.pop() {
        let off = |at: &usize| distance(line[*at], line[from], line[to]);
        let Some(farthest) = (from + 1..to).max_by(|a, b| off(a).total_cmp(&off(b))) else { continue };
        if off(&farthest) > tolerance {
            kept[farthest] = true;
            parts.extend([(from, farthest), (farthest, to)]);
        }
    }
}

/// From a corner to the line between two others, in degrees of latitude.
fn distance(corner: [f64; 2], from: [f64; 2], to: [f64; 2]) -> f64 {
    let shrink = from[1].to_radians().cos();
    let plane = |[longitude, latitude]: [f64; 2]| [(longitude - from[0]) * shrink, latitude - from[1]];
    let ([x, y], [a, b]) = (plane(corner), plane(to));
    let length = a * a + b * b;
    let along = if length > 0.0 { ((x * a + y * b) / length).clamp(0.0, 1.0) } else { 0.0 };
    (x - along * a).hypot(y - along * b)
}

fn gap(one: [f64; 2], other: [f64; 2]) -> f64 {
    distance(one, other, other)
}

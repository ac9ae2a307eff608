//! The sketch map: which lines and marks stand where for one view of a guide's territory. Drawing
//! them is the page's work; nothing here knows of SVG or of words.
//!
//! The plane is a local one: degrees of longitude are shortened by the cosine at the guide's own
//! middle, the rest is left as it is. Over a territory that is as true as Mercator, it needs neither
//! logarithm nor tangent in a phone's program, and one scale bar holds everywhere on the map. The
//! middle belongs to the guide, not to the view, so that nothing shifts against anything else when
//! the view moves; the date line is crossed the short way.
//!
//! Marks are grouped by the cells of a grid that is fixed to the plane, and groups that would touch
//! are joined in the order of the grid, wherever the view is: the same marks stand at the same places
//! until one zooms.

use crate::boundary;
use crate::decimal::Decimal;
use crate::distance::{DEGREE_METRES, Position, cosine};
use crate::order::{order, sort_by_key};
use std::f64::consts::SQRT_2;

/// Two steps double the scale; at the last one a pixel is 1.7 m.
pub const ZOOM_MAX: u8 = 32;
/// Alone, a place is shown with a few streets around it.
pub const ZOOM_CLOSE: u8 = 28;
/// So many steps does one tap zoom.
pub const ZOOM_STEP: u8 = 2;

/// A cell of the grid, in pixels: as wide as a target for a thumb.
const CELL: f64 = 56.0;
/// Marks nearer to each other than this are joined.
const NEAR: f64 = 44.0;
/// What is fitted into a view keeps this far from its edge.
const MARGIN: f64 = 24.0;
/// The scale bar is no longer.
const SCALE_WIDTH_MAX: f64 = 100.0;
/// Corners farther outside are drawn here: the line leaves the view all the same.
const FAR: f64 = 30_000.0;

/// What a map shows: the position in its middle, and how large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    pub centre: Position,
    /// From 0 (a degree of latitude is one pixel) to [`ZOOM_MAX`].
    pub zoom: u8,
}

/// Of the drawing, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub width: i32,
    pub height: i32,
}

/// Pixels from the left and from the top of a drawing.
pub type Point = [i32; 2];

/// East and north of the guide's middle, in degrees of latitude.
type Plane = [f64; 2];

/// A guide's territory on the plane.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    middle: Position,
    /// A degree of longitude at the middle, in degrees of latitude.
    east: f64,
    rings: Vec<Vec<Plane>>,
    /// The south-western and the north-eastern corner of what a first look should show.
    whole: [Plane; 2],
}

/// What to draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Sketch {
    /// The outline, closed lines; they may leave the view.
    pub rings: Vec<Vec<Point>>,
    /// Those within the view.
    pub marks: Vec<Mark>,
    /// How many places have marks outside the view.
    pub beyond: usize,
    /// The person, where that is known and within the view.
    pub here: Option<Point>,
    pub scale: Scale,
}

/// One place, or several that stand too close to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub at: Point,
    /// By their numbers in the list that was given, at least one.
    pub places: Vec<usize>,
}

/// A length of 1, 2 or 5 and zeros, and how long it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    pub metres: u32,
    pub width: i32,
}

impl Size {
    pub fn holds(self, [x, y]: Point) -> bool {
        (0..=self.width).contains(&x) && (0..=self.height).contains(&y)
    }
}

impl Chart {
    /// From the guide's outline and the positions of all its places; `None` where there is neither.
    /// An outline that cannot be read is none.
    pub fn new(outline: Option<&str>, places: &[Position]) -> Option<Chart> {
        let rings = outline.and_then(boundary::read).unwrap_or_default();
        let corners: Vec<Position> = rings.iter().flatten().copied().collect();
        let shown = if corners.is_empty() { places } else { &corners };
        let first = Chart { middle: *shown.first()?, east: 1.0, rings: Vec::new(), whole: [[0.0; 2]; 2] };
        let middle = first.position(middle(first.bounds(shown, corners.is_empty())));
        // At the poles a degree of longitude is nothing; a hundredth keeps the way back open.
        let mut chart = Chart { middle, east: cosine(middle[0].to_f64()).max(0.01), ..first };
        chart.whole = chart.bounds(shown, corners.is_empty());
        chart.rings = rings.iter().map(|ring| ring.iter().map(|corner| chart.plane(*corner)).collect()).collect();
        Some(chart)
    }

    fn plane(&self, [latitude, longitude]: Position) -> Plane {
        let east = around(longitude.0 - self.middle[1].0);
        [Decimal(east).to_f64() * self.east, Decimal(latitude.0 - self.middle[0].0).to_f64()]
    }

    /// To a metre: more would only make addresses long.
    fn position(&self, [east, north]: Plane) -> Position {
        let metre = |degrees: f64| (degrees * 1e5).round() as i64 * 10;
        let latitude = (self.middle[0].0 + metre(north)).clamp(-90_000_000, 90_000_000);
        [Decimal(latitude), Decimal(around(self.middle[1].0 + metre(east / self.east)))]
    }

    /// The corners around positions; where `most` is enough, without the few that lie far away from
    /// all others, as a slip of the pen does.
    fn bounds(&self, positions: &[Position], most: bool) -> [Plane; 2] {
        let planes: Vec<Plane> = positions.iter().map(|position| self.plane(*position)).collect();
        let [east, north] = [0, 1].map(|axis| span(planes.iter().map(|plane| plane[axis]), most));
        [[east[0], north[0]], [east[1], north[1]]]
    }

    /// The whole territory.
    pub fn whole(&self, size: Size) -> View {
        self.fit(self.whole, size, ZOOM_CLOSE)
    }

    /// Nearer to the places of a mark: as near as shows them all, and at least one step.
    pub fn closer(&self, view: View, places: &[Position], size: Size) -> View {
        let fitting = self.fit(self.bounds(places, false), size, ZOOM_MAX);
        View { zoom: fitting.zoom.max(view.zoom + ZOOM_STEP).min(ZOOM_MAX), ..fitting }
    }

    fn fit(&self, corners: [Plane; 2], size: Size, zoom_max: u8) -> View {
        let fits = |zoom: &u8| {
            let room = [size.width, size.height].map(|length| f64::from(length) - 2.0 * MARGIN);
            (0..2).all(|axis| (corners[1][axis] - corners[0][axis]) * pixels(*zoom) <= room[axis])
        };
        let zoom = (0..=zoom_max).rev().find(fits).unwrap_or_default();
        View { centre: self.position(middle(corners)), zoom }
    }

    /// The view after its middle has moved by pixels to the right and down.
    pub fn moved(&self, view: View, [right, down]: [f64; 2]) -> View {
        let [east, north] = self.plane(view.centre);
        let degree = pixels(view.zoom);
        View { centre: self.position([east + right / degree, north - down / degree]), ..view }
    }

    /// The view at another zoom, with what stands so far from its middle staying where it is.
    pub fn zoomed(&self, view: View, zoom: u8, [right, down]: [f64; 2]) -> View {
        let zoom = zoom.min(ZOOM_MAX);
        let stays = 1.0 - pixels(view.zoom) / pixels(zoom);
        View { zoom, ..self.moved(view, [right * stays, down * stays]) }
    }

    /// What stands in `view`, with the person at `here`.
    pub fn sketch(&self, view: View, size: Size, places: &[Position], here: Option<Position>) -> Sketch {
        let paper = Paper { centre: self.plane(view.centre), degree: pixels(view.zoom), size };
        let planes: Vec<Plane> = places.iter().map(|place| self.plane(*place)).collect();
        let groups = groups(&planes, paper.degree).into_iter();
        let all = groups.map(|group| Mark { at: paper.point(mean(&group, &planes)), places: group });
        let marks: Vec<Mark> = all.filter(|mark| size.holds(mark.at)).collect();
        let within: usize = marks.iter().map(|mark| mark.places.len()).sum();
        Sketch {
            rings: self.rings.iter().map(|ring| paper.ring(ring)).collect(),
            marks,
            beyond: places.len() - within,
            here: here.map(|here| paper.point(self.plane(here))).filter(|point| size.holds(*point)),
            scale: scale(paper.degree),
        }
    }
}

/// Where the plane lies on the drawing.
struct Paper {
    centre: Plane,
    /// Pixels.
    degree: f64,
    size: Size,
}

impl Paper {
    fn point(&self, [east, north]: Plane) -> Point {
        let on = |degrees: f64, length: i32| (degrees * self.degree + f64::from(length) / 2.0).clamp(-FAR, FAR).round() as i32;
        [on(east - self.centre[0], self.size.width), on(self.centre[1] - north, self.size.height)]
    }

    /// Corners that fall together are one.
    fn ring(&self, ring: &[Plane]) -> Vec<Point> {
        let mut points: Vec<Point> = ring.iter().map(|corner| self.point(*corner)).collect();
        points.dedup();
        points
    }
}

/// A degree of latitude in pixels.
fn pixels(zoom: u8) -> f64 {
    let zoom = zoom.min(ZOOM_MAX);
    let whole = f64::from(1_u32 << (zoom / 2));
    if zoom.is_multiple_of(2) { whole } else { whole * SQRT_2 }
}

/// The steps of zoom that come nearest to a factor.
pub fn steps(factor: f64) -> i32 {
    // Half a step.
    const HALF: f64 = 1.189_207;
    let (mut rest, mut steps) = (factor.clamp(0.01, 100.0), 0);
    while rest > HALF {
        rest /= SQRT_2;
        steps += 1;
    }
    while rest < 1.0 / HALF {
        rest *= SQRT_2;
        steps -= 1;
    }
    steps
}

/// Millionths of degrees of longitude, the short way around.
fn around(east: i64) -> i64 {
    const HALF: i64 = 180_000_000;
    if (-HALF..=HALF).contains(&east) { east } else { (east + HALF).rem_euclid(2 * HALF) - HALF }
}

fn middle([low, high]: [Plane; 2]) -> Plane {
    [0, 1].map(|axis| (low[axis] + high[axis]) / 2.0)
}

/// The least and the greatest; with `most`, of nine in ten, where the others are far off.
fn span(values: impl Iterator<Item = f64>, most: bool) -> [f64; 2] {
    // Sorted as whole numbers: fractions have no order of their own.
    let mut values: Vec<i64> = values.map(|degrees| Decimal::nearest(degrees).0).collect();
    sort_by_key(&mut values, |value| *value);
    let Some(last) = values.len().checked_sub(1) else { return [0.0; 2] };
    let few = values.len() / 20;
    let (all, inner) = ([values[0], values[last]], [values[few], values[last - few]]);
    let far_off = most && all[1] - all[0] > 4 * (inner[1] - inner[0]);
    if far_off { inner } else { all }.map(|value| Decimal(value).to_f64())
}

/// A cell of the grid, by row and column, and what stands in it.
struct Cell {
    key: [i64; 2],
    places: Vec<usize>,
}

/// Joining moves the middles of groups, perhaps close to others: so often is looked again.
const ROUNDS: usize = 8;

/// Numbers of places that share a mark, each in exactly one group.
fn groups(planes: &[Plane], degree: f64) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = (0..planes.len()).map(|place| vec![place]).collect();
    for _ in 0..ROUNDS {
        let before = groups.len();
        groups = joined(groups, planes, degree);
        if groups.len() == before {
            break;
        }
    }
    groups
}

/// What stands in one cell is joined, then what stands too close to an earlier cell.
fn joined(groups: Vec<Vec<usize>>, planes: &[Plane], degree: f64) -> Vec<Vec<usize>> {
    let mut cells = cells(groups, planes, degree);
    // What each cell has gone into, if anything.
    let mut within: Vec<usize> = (0..cells.len()).collect();
    for at in 0..cells.len() {
        let own = mean(&cells[at].places, planes);
        let near = earlier(&cells, at).map(|cell| within[cell]).find(|cell| {
            let [east, north] = mean(&cells[*cell].places, planes);
            let (x, y) = ((east - own[0]) * degree, (north - own[1]) * degree);
            x * x + y * y < NEAR * NEAR
        });
        if let Some(near) = near {
            let places = std::mem::take(&mut cells[at].places);
            cells[near].places.extend(places);
            within[at] = near;
        }
    }
    cells.into_iter().map(|cell| cell.places).filter(|places| !places.is_empty()).collect()
}

/// In the order of rows, then of columns.
fn cells(mut groups: Vec<Vec<usize>>, planes: &[Plane], degree: f64) -> Vec<Cell> {
    let cell = |degrees: f64| (degrees * degree / CELL).floor() as i64;
    let key = |group: &Vec<usize>| {
        let [east, north] = mean(group, planes);
        [cell(north), cell(east)]
    };
    let keys: Vec<[i64; 2]> = groups.iter().map(key).collect();
    let mut cells: Vec<Cell> = Vec::new();
    for at in order(keys.len(), &mut |a, b| keys[a].cmp(&keys[b])) {
        let places = std::mem::take(&mut groups[at]);
        match cells.last_mut().filter(|cell| cell.key == keys[at]) {
            Some(cell) => cell.places.extend(places),
            None => cells.push(Cell { key: keys[at], places }),
        }
    }
    cells
}

/// The neighbours of a cell that come before it.
fn earlier(cells: &[Cell], at: usize) -> impl Iterator<Item = usize> + '_ {
    let [row, column] = cells[at].key;
    let keys = [[row - 1, column - 1], [row - 1, column], [row - 1, column + 1], [row, column - 1]];
    keys.into_iter().filter_map(move |key| cells[..at].binary_search_by(|cell| cell.key.cmp(&key)).ok())
}

/// The middle of places, none of them weighing more than another.
fn mean(places: &[usize], planes: &[Plane]) -> Plane {
    let sum = |axis: usize| places.iter().map(|place| planes[*place][axis]).sum::<f64>();
    [0, 1].map(|axis| sum(axis) / places.len().max(1) as f64)
}

/// The longest round length that fits.
fn scale(degree: f64) -> Scale {
    let pixels = |metres: u32| f64::from(metres) * degree / DEGREE_METRES;
    let mut metres = 1;
    for tens in [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000] {
        for round in [1, 2, 5].map(|step| step * tens) {
            if pixels(round) <= SCALE_WIDTH_MAX {
                metres = round;
            }
        }
    }
    Scale { metres, width: pixels(metres).round() as i32 }
}

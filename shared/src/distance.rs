//! How far away a place is and in which direction, as the crow flies.
//!
//! Within a territory the earth is flat enough: degrees of longitude shrink with the cosine of the
//! latitude, the rest is Pythagoras. Below 50 km and 70° the error is less than half a percent.

use crate::decimal::Decimal;

/// Latitude and longitude, WGS 84 degrees.
pub type Position = [Decimal; 2];

/// The eight directions of the compass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    North,
    NorthEast,
    East,
    SouthEast,
    South,
    SouthWest,
    West,
    NorthWest,
}

/// The way from one position to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    pub metres: u32,
    pub direction: Direction,
}

/// A degree of latitude, on average (IUGG mean radius).
pub(crate) const DEGREE_METRES: f64 = 111_195.0;
/// Streets are no crow's way (a third longer), and people walk 4.5 km/h.
const WALKED_METRES_A_MINUTE: u32 = 56;

impl Way {
    pub fn between(from: Position, to: Position) -> Way {
        let [north, east] = [0, 1].map(|at| to[at].to_f64() - from[at].to_f64());
        // The short way around, where the date line lies between.
        let east = if east > 180.0 {
            east - 360.0
        } else if east < -180.0 {
            east + 360.0
        } else {
            east
        };
        let middle = (from[0].to_f64() + to[0].to_f64()) / 2.0;
        let (north, east) = (north * DEGREE_METRES, east * DEGREE_METRES * cosine(middle));
        Way { metres: (north * north + east * east).sqrt().round() as u32, direction: Direction::of(north, east) }
    }

    pub fn minutes_on_foot(self) -> u32 {
        self.metres.div_ceil(WALKED_METRES_A_MINUTE).max(1)
    }
}

impl Direction {
    fn of(north: f64, east: f64) -> Direction {
        // tan 22.5°: beyond it a direction is no longer one of the four main ones.
        const SLANT: f64 = 0.414_213_56;
        let vertical = if east.abs() > north.abs() / SLANT || north.abs() < f64::EPSILON { 0 } else { north.signum() as i8 };
        let horizontal = if north.abs() > east.abs() / SLANT || east.abs() < f64::EPSILON { 0 } else { east.signum() as i8 };
        match (vertical, horizontal) {
            (1, 1) => Direction::NorthEast,
            (0, 1) => Direction::East,
            (-1, 1) => Direction::SouthEast,
            (-1, 0) => Direction::South,
            (-1, -1) => Direction::SouthWest,
            (0, -1) => Direction::West,
            (1, -1) => Direction::NorthWest,
            _ => Direction::North,
        }
    }

    /// `n`, `ne`, …
    pub fn code(self) -> &'static str {
        match self {
            Direction::North => "n",
            Direction::NorthEast => "ne",
            Direction::East => "e",
            Direction::SouthEast => "se",
            Direction::South => "s",
            Direction::SouthWest => "sw",
            Direction::West => "w",
            Direction::NorthWest => "nw",
        }
    }
}

/// The cosine of an angle in degrees, up to 90, to five digits (Taylor's series): the standard
/// library's own brings kilobytes into the browser.
pub(crate) fn cosine(degrees: f64) -> f64 {
    let x = degrees.to_radians() * degrees.to_radians();
    1.0 - x / 2.0 * (1.0 - x / 12.0 * (1.0 - x / 30.0 * (1.0 - x / 56.0 * (1.0 - x / 90.0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(latitude: f64, longitude: f64) -> Position {
        [latitude, longitude].map(Decimal::nearest)
    }

    /// Great-circle metres (haversine), with the standard library's functions.
    fn haversine(from: Position, to: Position) -> f64 {
        let [a, b, c, d] = [from[0], from[1], to[0], to[1]].map(|degrees| degrees.to_f64().to_radians());
        let half = |angle: f64| (angle / 2.0).sin().powi(2);
        2.0 * 6_371_008.8 * (half(c - a) + a.cos() * c.cos() * half(d - b)).sqrt().asin()
    }

    #[test]
    fn distances_agree_with_the_great_circle() {
        for latitude in [-69.0, -33.9, 0.0, 5.3, 36.8, 45.19, 52.5, 69.6] {
            for (north, east) in [(0.001, 0.002), (-0.05, 0.01), (0.2, -0.3), (0.0, 0.4), (-0.3, 0.0), (0.0002, 0.0)] {
                let (from, to) = (position(latitude, 13.4), position(latitude + north, 13.4 + east));
                let (ours, exact) = (f64::from(Way::between(from, to).metres), haversine(from, to));
                assert!((ours - exact).abs() <= exact * 0.005 + 1.0, "{latitude} {north} {east}: {ours} m, {exact} m");
            }
        }
    }

    #[test]
    fn directions_are_where_people_point() {
        let here = position(45.0, 5.0);
        let check = |north: f64, east: f64, expected: &str| {
            let way = Way::between(here, position(45.0 + north, 5.0 + east));
            assert_eq!(way.direction.code(), expected, "{north} {east}");
        };
        check(0.01, 0.0, "n");
        check(0.01, 0.014, "ne");
        check(0.0, 0.01, "e");
        check(-0.01, 0.014, "se");
        check(-0.01, 0.001, "s");
        check(-0.01, -0.014, "sw");
        check(0.001, -0.02, "w");
        check(0.01, -0.014, "nw");
        check(0.0, 0.0, "n");
    }

    #[test]
    fn the_short_way_crosses_the_date_line() {
        let way = Way::between(position(-17.0, 179.99), position(-17.0, -179.99));
        assert_eq!((way.metres, way.direction), (2_127, Direction::East));
    }

    #[test]
    fn walking_takes_at_least_a_minute() {
        let minutes = |metres| Way { metres, direction: Direction::North }.minutes_on_foot();
        assert_eq!((minutes(0), minutes(56), minutes(57), minutes(1_000)), (1, 1, 2, 18));
    }
}

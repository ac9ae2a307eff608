//! The outline of a territory as one line of text: `45.16,5.7 45.17,5.71 45.16,5.72;43.9,3.6 …`.
//!
//! Latitude and longitude in WGS 84 degrees with four decimals (11 m), corners by spaces, rings by
//! `;`. A ring closes by itself. A ring inside another is a hole. Documents hold maps, texts and
//! scalars only, and an outline is replaced whole, so it is a scalar.

use crate::decimal::Decimal;
use crate::distance::Position;

/// The corners of one closed line.
pub type Ring = Vec<Position>;

/// Fewer corners enclose nothing.
pub const CORNERS_MIN: usize = 3;

/// The rings of an outline; `None` where the text is not one.
pub fn read(text: &str) -> Option<Vec<Ring>> {
    text.split(';').map(ring).collect()
}

fn ring(text: &str) -> Option<Ring> {
    let corners: Option<Ring> = text.split(' ').map(position).collect();
    corners.filter(|corners| corners.len() >= CORNERS_MIN)
}

/// A position as it stands in an outline and in addresses: `45.188,5.724`; `None` off the globe.
pub fn position(text: &str) -> Option<Position> {
    let (latitude, longitude) = text.split_once(',')?;
    let within = |text: &str, degrees: i64| {
        let number = Decimal::parse(text)?;
        (number.0.abs() <= degrees * 1_000_000).then_some(number)
    };
    Some([within(latitude, 90)?, within(longitude, 180)?])
}

/// The text of an outline.
pub fn write(rings: &[Ring]) -> String {
    let corner = |[latitude, longitude]: &Position| format!("{},{}", rounded(*latitude), rounded(*longitude));
    let ring = |ring: &Ring| ring.iter().map(corner).collect::<Vec<_>>().join(" ");
    rings.iter().map(ring).collect::<Vec<_>>().join(";")
}

/// To four decimals.
pub fn rounded(degrees: Decimal) -> Decimal {
    let (half, step) = (50 * degrees.0.signum(), 100);
    Decimal((degrees.0 + half) / step * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_comes_back_as_it_went() {
        let text = "45.1605,5.6996 45.1651,5.7008 45.168,-5.7;-0.5,179.9999 0,-180 90,180";
        assert_eq!(read(text).map(|rings| write(&rings)).as_deref(), Some(text));
        let fine = read("45.16045,5.69965 -45.16045,-5.69964 1,1").expect("an outline");
        assert_eq!(write(&fine), "45.1605,5.6997 -45.1605,-5.6996 1,1");
    }

    #[test]
    fn what_is_no_outline_is_none() {
        for text in ["", ";", "1,1", "1,1 2,2", "1,1 2,2 91,0", "1,1 2,2 0,181", "1,1 2,2 3", "1,1  2,2 3,3", "a,b c,d e,f"] {
            assert_eq!(read(text), None, "{text:?}");
        }
        assert_eq!(read("1,1 2,2 3,1;"), None, "a ring too few");
    }
}

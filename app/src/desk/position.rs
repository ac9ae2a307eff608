//! A position from what people paste: two numbers, degrees with minutes, a `geo:` link, the link of
//! a map. Nothing is asked of any map service: the numbers stand in the text or there is no position.

/// WGS 84 degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    pub latitude: f64,
    pub longitude: f64,
}

impl Position {
    /// `None` outside the globe. Rounded to six decimals, a tenth of a metre.
    pub fn new(latitude: f64, longitude: f64) -> Option<Position> {
        let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
        let on_globe = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        on_globe.then(|| Position { latitude: round(latitude), longitude: round(longitude) })
    }

    pub fn parse(text: &str) -> Option<Position> {
        let text = text.trim();
        if text.starts_with("http://") || text.starts_with("https://") {
            return from_link(text);
        }
        match text.get(..4) {
            Some(scheme) if scheme.eq_ignore_ascii_case("geo:") => pair(text[4..].split(['?', ';']).next()?),
            _ => from_degrees(text),
        }
    }
}

/// Where maps put the position in their links.
fn from_link(link: &str) -> Option<Position> {
    let value = |name: &str| parameter(link, name);
    if let (Some(latitude), Some(longitude)) = (value("mlat"), value("mlon")) {
        return pair(&format!("{latitude},{longitude}"));
    }
    // A marker is meant more than the middle of what is shown.
    let marker = link.split_once("!3d").and_then(|(_, rest)| {
        let (latitude, rest) = rest.split_once("!4d")?;
        pair(&format!("{latitude},{}", rest.split(['!', '?', '&', '/']).next()?))
    });
    let named = || ["q", "query", "ll", "destination", "daddr", "center"].iter().find_map(|name| pair(&value(name)?));
    let at = || link.split_once("/@").and_then(|(_, rest)| pair(&rest.split(',').take(2).collect::<Vec<_>>().join(",")));
    let fragment = || {
        let (_, rest) = link.split_once("#map=")?;
        let mut parts = rest.split(['/', '&']).skip(1);
        pair(&format!("{},{}", parts.next()?, parts.next()?))
    };
    marker.or_else(named).or_else(at).or_else(fragment)
}

/// A query parameter's value, `%2C` read as the comma it is.
fn parameter(link: &str, name: &str) -> Option<String> {
    let (_, query) = link.split_once('?')?;
    let query = query.split('#').next()?;
    let found = query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))?;
    Some(found.replace("%2C", ",").replace("%2c", ",").replace("loc:", ""))
}

/// Two plain numbers with a comma between.
fn pair(text: &str) -> Option<Position> {
    let (latitude, rest) = text.split_once(',')?;
    let longitude = rest.split(',').next()?;
    Position::new(latitude.trim().parse().ok()?, longitude.trim().parse().ok()?)
}

/// Two numbers however people write them: `48.85 2.35`, `48,85; 2,35`, `48°51'24"N 2°21'3"E`.
fn from_degrees(text: &str) -> Option<Position> {
    if text.contains(|c: char| c.is_alphabetic() && !"NSEWO".contains(c.to_ascii_uppercase())) {
        return None;
    }
    // "48,85; 2,35": with another separator between the two, a comma is a decimal one.
    let decimal_comma = text.contains(';') || (text.contains(' ') && !text.contains(", ") && !text.contains('.'));
    let text = if decimal_comma { text.replace(',', ".") } else { text.replace(',', " ") };
    let upper = text.to_ascii_uppercase();
    let halves = split_halves(&upper)?;
    let (first, second) = (degrees(halves.0)?, degrees(halves.1)?);
    match (first.1, second.1) {
        (Axis::Longitude, Axis::Latitude) => Position::new(second.0, first.0),
        (Axis::Longitude, _) | (_, Axis::Latitude) if first.1 == second.1 => None,
        (Axis::Longitude, Axis::Unsaid) | (Axis::Unsaid, Axis::Latitude) => None,
        _ => Position::new(first.0, second.0),
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Axis {
    Latitude,
    Longitude,
    Unsaid,
}

/// The two coordinates of a text: after a letter or a semicolon, else in the middle of the numbers.
fn split_halves(text: &str) -> Option<(&str, &str)> {
    if let Some(parts) = text.split_once(';') {
        return Some(parts);
    }
    let trimmed = text.trim();
    let letter = trimmed.find(|c: char| "NSEWO".contains(c));
    if let Some(at) = letter.filter(|at| *at > 0) {
        return Some(trimmed.split_at(at + 1));
    }
    if letter == Some(0) {
        let second = trimmed[1..].find(|c: char| "NSEWO".contains(c))?;
        return Some(trimmed.split_at(second + 1));
    }
    let starts: Vec<usize> = trimmed.split_whitespace().map(|word| word.as_ptr() as usize - trimmed.as_ptr() as usize).collect();
    (starts.len() >= 2 && starts.len().is_multiple_of(2)).then(|| trimmed.split_at(starts[starts.len() / 2]))
}

/// Degrees, minutes and seconds to degrees, and which axis a letter names.
fn degrees(text: &str) -> Option<(f64, Axis)> {
    let (axis, sign) = match text.chars().find(|c| "NSEWO".contains(*c)) {
        Some('N') => (Axis::Latitude, 1.0),
        Some('S') => (Axis::Latitude, -1.0),
        Some('E') => (Axis::Longitude, 1.0),
        // "Ouest", "Oeste": west in French and Spanish.
        Some(_) => (Axis::Longitude, -1.0),
        None => (Axis::Unsaid, 1.0),
    };
    let plain: String = text.chars().map(|c| if "NSEWO°º'′’\"″”".contains(c) { ' ' } else { c }).collect();
    let numbers = plain.split_whitespace().map(|word| word.parse::<f64>().ok()).collect::<Option<Vec<_>>>()?;
    let (whole, minutes, seconds) = match numbers.as_slice() {
        [whole] => (*whole, 0.0, 0.0),
        [whole, minutes] => (*whole, *minutes, 0.0),
        [whole, minutes, seconds] => (*whole, *minutes, *seconds),
        _ => return None,
    };
    if !(0.0..60.0).contains(&minutes) || !(0.0..60.0).contains(&seconds) {
        return None;
    }
    let below_zero = if plain.trim_start().starts_with('-') { -1.0 } else { 1.0 };
    Some((sign * below_zero * (whole.abs() + minutes / 60.0 + seconds / 3600.0), axis))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, latitude: f64, longitude: f64) {
        let found = Position::parse(text).unwrap_or_else(|| panic!("{text:?} is a position"));
        assert!((found.latitude - latitude).abs() < 1e-4 && (found.longitude - longitude).abs() < 1e-4, "{text:?}: {found:?}");
    }

    #[test]
    fn numbers_as_people_write_them() {
        check("48.8566, 2.3522", 48.8566, 2.3522);
        check("48.8566,2.3522", 48.8566, 2.3522);
        check(" 48.8566 2.3522 ", 48.8566, 2.3522);
        check("-33.45, -70.66", -33.45, -70.66);
        check("48,8566; 2,3522", 48.8566, 2.3522);
        check("48,8566 2,3522", 48.8566, 2.3522);
        check("48.8566 N, 2.3522 E", 48.8566, 2.3522);
        check("N 48.8566 E 2.3522", 48.8566, 2.3522);
        check("2.3522 E, 48.8566 N", 48.8566, 2.3522);
        check("48°51'24\"N 2°21'08\"E", 48.85667, 2.35222);
        check("33°27'S 70°40'W", -33.45, -70.66667);
        check("48°51'24\"N 2°21'08\"O", 48.85667, -2.35222);
    }

    #[test]
    fn links_of_maps() {
        check("geo:48.8566,2.3522", 48.8566, 2.3522);
        check("GEO:48.8566,2.3522;u=35?z=19", 48.8566, 2.3522);
        check("https://www.openstreetmap.org/#map=17/48.8566/2.3522", 48.8566, 2.3522);
        check("https://www.openstreetmap.org/?mlat=48.1&mlon=2.1#map=17/48.8566/2.3522", 48.1, 2.1);
        check("https://maps.example/maps?q=48.8566,2.3522", 48.8566, 2.3522);
        check("https://maps.example/maps/search/?api=1&query=48.8566%2C2.3522", 48.8566, 2.3522);
        check("https://maps.example/maps/@48.8566,2.3522,17z", 48.8566, 2.3522);
        check("https://maps.example/maps/place/X/@48.1,2.1,17z/data=!3m1!4b1!3d48.8566!4d2.3522!16s", 48.8566, 2.3522);
    }

    #[test]
    fn anything_else_is_no_position() {
        for text in [
            "",
            "Paris",
            "48.8566",
            "91, 2",
            "48, 181",
            "48 N 2 N",
            "12 rue de la Paix 75002",
            "https://maps.example/",
            "geo:",
            "1 2 3",
            "48°75'N 2°E",
        ] {
            assert_eq!(Position::parse(text), None, "{text:?}");
        }
    }
}

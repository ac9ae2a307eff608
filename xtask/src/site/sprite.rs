//! `icons.svg`: one `<path>` for each line of `app/icons.txt`, on a line of its own. Pages of the relay
//! show it with `<use href>`, because our policy forbids HTML made from strings; the app reads the lines.
//! How they are drawn is said once, by `.icon` in the stylesheet.

use crate::failure::{Failure, Result};
use icondata::Icon;

/// Name → icon, from `app/icons.txt` by the build script.
static ICONS: &[(&str, Icon)] = include!(concat!(env!("OUT_DIR"), "/icons.rs"));

pub fn svg() -> Result<String> {
    let paths = ICONS.iter().map(|(name, icon)| {
        let lines =
            lines(icon).ok_or_else(|| Failure::new(format!("icon {name}: not made of lines alone, of 2 in a square of 24")))?;
        Ok(format!("<path id=\"i-{name}\" d=\"{lines}\"/>\n"))
    });
    Ok(format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><defs>\n{}</defs></svg>\n", paths.collect::<Result<String>>()?))
}

/// All its paths as one: each begins at a point of its own, and lines do not care who draws them.
/// `None` where it is drawn in another way than the others.
fn lines(icon: &Icon) -> Option<String> {
    let alike = icon.view_box == Some("0 0 24 24") && icon.fill == Some("none") && icon.stroke_width == Some("2");
    let round = icon.stroke_linecap == Some("round") && icon.stroke_linejoin == Some("round");
    let path = |element: &str| {
        let path = element.strip_prefix("<path d=\"")?.strip_suffix("/>")?.trim_end().strip_suffix('"')?;
        path.starts_with('M').then(|| path.to_owned())
    };
    let elements = icon.data.split_inclusive("/>").map(str::trim).filter(|element| !element.is_empty());
    elements.map(path).collect::<Option<String>>().filter(|_| alike && round)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pictogram_is_one_path_on_a_line() {
        let svg = svg().expect("every icon of the list is drawn alike");
        let drawn = svg
            .lines()
            .filter(|line| line.starts_with("<path id=\"i-") && line.ends_with("\"/>") && line.matches('<').count() == 1);
        assert_eq!(drawn.count(), ICONS.len());
    }

    #[test]
    fn one_drawn_otherwise_is_refused() {
        static FILLED: icondata::Icon = icondata::TbHeartFilled;
        assert_eq!(lines(&FILLED), None);
    }
}

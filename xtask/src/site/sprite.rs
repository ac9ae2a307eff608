//! `icons.svg`: one `<symbol>` for each line of `app/icons.txt`. Pages show an icon with
//! `<use href>`, because our policy forbids HTML made from strings.

use icondata::Icon;
use std::fmt::Write;

/// Name → icon, from `app/icons.txt` by the build script.
static ICONS: &[(&str, Icon)] = include!(concat!(env!("OUT_DIR"), "/icons.rs"));

pub fn svg() -> String {
    let mut svg = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\">");
    for (name, icon) in ICONS {
        symbol(&mut svg, name, icon);
    }
    svg + "</svg>\n"
}

fn symbol(svg: &mut String, name: &str, icon: Icon) {
    let attributes = [
        ("viewBox", icon.view_box),
        ("fill", icon.fill),
        ("stroke", icon.stroke),
        ("stroke-width", icon.stroke_width),
        ("stroke-linecap", icon.stroke_linecap),
        ("stroke-linejoin", icon.stroke_linejoin),
    ];
    // The sprite stands in pages too, beside ids of their own.
    write!(svg, "<symbol id=\"i-{name}\"").expect("a String can be written");
    for (attribute, value) in attributes.iter().filter_map(|(name, value)| value.map(|value| (name, value))) {
        write!(svg, " {attribute}=\"{value}\"").expect("a String can be written");
    }
    write!(svg, ">{}</symbol>", shapes(icon.data)).expect("a String can be written");
}

/// The drawing without line breaks and without the space before `/>`.
fn shapes(data: &str) -> String {
    data.lines().map(str::trim).collect::<String>().replace(" />", "/>")
}

//! The outline of a territory: from a file over the command line to the readers' map.

use crate::house::House;
use serde_json::json;
use server::boundary::{corners, parse};
use shared::limits::BOUNDARY_CHARS_MAX;
use std::path::{Path, PathBuf};
use std::process::Command;

const BINARY: &str = env!("CARGO_BIN_EXE_socle");
const TRIANGLE: &str = r#"{"type": "Polygon", "coordinates": [[[5.7, 45.1], [5.8, 45.1], [5.8, 45.2], [5.7, 45.1]]]}"#;

/// A real outline; none where the data is not beside the project.
fn real(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/boundaries").join(name);
    path.exists().then_some(path)
}

fn read(text: &str) -> String {
    parse(text, Path::new("x.geojson")).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(text: &str) -> String {
    let error = parse(text, Path::new("x.geojson")).expect_err("it is no outline").to_string();
    assert!(!error.contains('\n'), "one line: {error}");
    error
}

#[test]
fn polygons_are_found_wherever_they_stand() {
    let plain = "45.1,5.7 45.1,5.8 45.2,5.8";
    assert_eq!(read(TRIANGLE), plain);
    let feature = format!(r#"{{"type": "Feature", "geometry": {TRIANGLE}}}"#);
    assert_eq!(read(&feature), plain);
    assert_eq!(
        read(&format!("\u{feff}{{\"type\": \"FeatureCollection\", \"features\": [{feature}, {feature}]}}")),
        format!("{plain};{plain}")
    );
    let many = TRIANGLE.replace("Polygon", "MultiPolygon").replace("[[[", "[[[[").replace("]]]", "]]]]");
    assert_eq!(read(&many), plain);
}

#[test]
fn a_long_outline_is_drawn_more_simply_until_it_fits() {
    let corner = |at: u32| {
        let angle = f64::from(at) / 20_000.0 * std::f64::consts::TAU;
        [5.7 + 0.1 * angle.cos() + 0.001 * (angle * 60.0).sin(), 45.2 + 0.07 * angle.sin()]
    };
    let ring: Vec<_> = (0..=20_000).map(|at| corner(at % 20_000)).collect();
    let islet = [[6.0, 45.0], [6.00002, 45.0], [6.0, 45.00002], [6.0, 45.0]];
    let text = read(&json!({"type": "MultiPolygon", "coordinates": [[ring], [islet]]}).to_string());
    assert!(text.len() <= BOUNDARY_CHARS_MAX && corners(&text) > 80, "{} characters", text.len());
    assert!(!text.contains(';'), "what is smaller than a dot falls away");
}

#[test]
fn what_is_no_outline_is_refused_in_one_line() {
    assert!(refused("{").contains("x.geojson, line 1, column 1: this is not JSON"));
    assert!(refused("[]").contains("has no polygon"));
    assert!(refused(r#"{"type": "Point", "coordinates": [5.7, 45.1]}"#).contains("has no polygon"));
    assert!(refused(&TRIANGLE.replace("5.8", "913000")).contains("[913000,45.1] is not a longitude and a latitude"));
    assert!(refused(&TRIANGLE.replace("5.8", "null")).contains("[null,45.1] is not"));
    assert!(
        refused(r#"{"type": "Polygon", "coordinates": [[[5.7, 45.1], [5.7, 45.1], [5.7, 45.1]]]}"#).contains("enclose nothing")
    );
    assert!(refused(r#"{"type": "Polygon", "coordinates": [[]]}"#).contains("enclose nothing"));
}

#[test]
fn real_outlines_fit_and_keep_their_shape() {
    for name in ["grenoble", "le_vigan", "liege", "montreuil", "palermo"] {
        let Some(path) = real(&format!("{name}.geojson")) else { return };
        let text = server::boundary::read(&path).unwrap_or_else(|error| panic!("{error}"));
        assert!(text.len() <= BOUNDARY_CHARS_MAX && corners(&text) >= 25, "{name}: {} corners, {}", corners(&text), text.len());
    }
}

fn socle(data: &Path, arguments: &[&str]) -> (i32, String, String) {
    let out = Command::new(BINARY).arg("--data").arg(data).args(arguments).output().expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (out.status.code().unwrap_or(-1), text(out.stdout), text(out.stderr))
}

#[test]
fn the_command_line_gives_a_guide_its_outline_and_takes_it_away() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("outline.geojson");
    std::fs::write(&file, TRIANGLE).expect("writable");
    let file = real("liege.geojson").unwrap_or(file).display().to_string();
    let house = House::new();
    house.relay.close();
    let data = house.folder.path().to_owned();
    let bad = socle(&data, &["guide", "boundary", "lyon", "/nowhere.geojson"]);
    assert_eq!((bad.0, bad.2.lines().count()), (2, 1), "{}", bad.2);
    let nobody = socle(&data, &["guide", "boundary", "nobody", &file]);
    assert!(nobody.0 == 2 && nobody.2.starts_with("socle: there is no guide nobody"), "{}", nobody.2);
    let (code, said, error) = socle(&data, &["guide", "boundary", "lyon", &file, "--source", "NGI", "--licence", "open"]);
    assert!(code == 0 && said.contains("corners"), "{said}{error}");

    let house = house.restarted();
    let map = house.get("/lyon/fr/map").text();
    assert!(map.contains("class=\"territory\"") && map.contains("NGI"), "{map}");
    assert!(house.get("/lyon/fr/about").text().contains("NGI"), "named among the sources");
    house.relay.close();

    let created =
        ["guide", "create", "--slug", "other", "--name", "O", "--language", "fr", "--time-zone", "UTC", "--boundary", &file];
    assert_eq!(socle(&data, &created).0, 0);
    assert_eq!(socle(&data, &["guide", "boundary", "lyon", "--remove"]).0, 0);
    let house = house.restarted();
    assert!(house.get("/other/fr/map").text().contains("class=\"territory\""));
    assert!(!house.get("/lyon/fr/map").text().contains("class=\"territory\""));
    assert!(!house.get("/lyon/fr/about").text().contains("NGI"), "its source goes with it");
}

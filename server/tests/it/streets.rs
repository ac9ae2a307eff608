//! A guide's vector tiles: installed, found, sent in pieces, replaced, refused.

use crate::house::House;
use axum::http::StatusCode;
use server::streets::{self, StreetsError};
use std::fs;
use std::path::PathBuf;

/// A file that begins as PMTiles of version 3 do; `kind` 1 is vector tiles.
fn file(house: &House, name: &str, kind: u8, body: &[u8]) -> PathBuf {
    let mut bytes = vec![0; 127];
    bytes[..8].copy_from_slice(b"PMTiles\x03");
    bytes[99] = kind;
    bytes.extend(body);
    let path = house.folder.path().join(name);
    fs::write(&path, bytes).expect("the folder can be written");
    path
}

#[test]
fn a_newer_file_takes_the_place_of_the_older() {
    let house = House::new();
    let data = house.relay.folder().to_owned();
    assert_eq!(streets::find(&data, &house.guide).expect("the folder is read"), None);
    let first = streets::install(&data, &house.guide, &file(&house, "one", 1, b"one")).expect("vector tiles");
    let second = streets::install(&data, &house.guide, &file(&house, "two", 1, b"second")).expect("vector tiles");
    assert_ne!(first.name, second.name);
    assert_eq!(streets::find(&data, &house.guide).expect("the folder is read"), Some(second));
    assert_eq!(house.get(&format!("/streets/{}", first.name)).status, StatusCode::NOT_FOUND);
    assert!(streets::remove(&data, &house.guide).expect("the folder is written"));
    assert!(!streets::remove(&data, &house.guide).expect("the folder is written"), "nothing was left");
}

#[test]
fn pieces_are_sent_as_asked() {
    let house = House::new();
    let found =
        streets::install(house.relay.folder(), &house.guide, &file(&house, "one", 1, b"0123456789")).expect("vector tiles");
    let path = format!("/streets/{}", found.name);
    let whole = house.get(&path);
    assert_eq!((whole.status, whole.bytes.len() as u64), (StatusCode::OK, found.bytes));
    assert!(whole.header("cache-control").contains("immutable"));
    let piece = house.get_with(&path, &[("range", "bytes=129-131")]);
    assert_eq!((piece.status, piece.bytes.as_slice()), (StatusCode::PARTIAL_CONTENT, b"234".as_slice()));
    let beyond = house.get_with(&path, &[("range", "bytes=9000-")]);
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
}

#[test]
fn nothing_else_is_sent_from_that_address() {
    let house = House::new();
    for path in ["/streets/lyon.pmtiles", "/streets/..%2Fsocle.sqlite", "/streets/lyon.0123456789abcdeg.pmtiles", "/streets/"] {
        assert_eq!(house.get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn what_is_no_file_of_vector_tiles_is_said() {
    let house = House::new();
    let (data, guide) = (house.relay.folder().to_owned(), house.guide.clone());
    let refused = |path: &PathBuf| streets::install(&data, &guide, path).expect_err("it is refused");
    assert!(matches!(refused(&house.folder.path().join("none")), StreetsError::Read { .. }));
    assert!(matches!(refused(&file(&house, "pictures", 2, b"")), StreetsError::NotVector { .. }));
    let text = house.folder.path().join("text");
    fs::write(&text, "PMTiles").expect("the folder can be written");
    assert!(matches!(refused(&text), StreetsError::NotPmtiles { .. }));
    assert_eq!(streets::find(&data, &guide).expect("the folder is read"), None);
}

//! Search over real places (`../shared/data`, when it is there): what people would type finds the
//! place they mean among the first three.

use crate::search::edition;
use serde_json::Value;
use shared::edition::{Entry, PlaceEntry, Words};
use shared::ids::RecordId;
use shared::record::Address;
use shared::search::Index;
use std::collections::BTreeMap;
use std::sync::Arc;

const PLACES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/places/");

fn load(file: &str) -> Option<Value> {
    let path = format!("{PLACES}{file}");
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: {path} is not here");
        return None;
    };
    Some(serde_json::from_slice(&bytes).expect("the file is JSON"))
}

struct Guide {
    index: Index,
    names: BTreeMap<RecordId, String>,
}

impl Guide {
    fn of(places: impl Iterator<Item = PlaceEntry>) -> Guide {
        let numbered = places.enumerate().map(|(at, place)| (RecordId((at as u128).to_be_bytes()), place));
        let places: BTreeMap<RecordId, PlaceEntry> = numbered.collect();
        let names = places.iter().map(|(record, place)| (*record, place.name.clone())).collect();
        let entries = places.into_iter().map(|(record, place)| (record, Entry::Place(Arc::new(place.into())))).collect();
        Guide { index: Index::build(&edition(entries), &|_| Vec::new()), names }
    }

    #[track_caller]
    fn check(&self, query: &str, expected: &str) {
        let first: Vec<&String> = self.index.search(query).iter().take(3).map(|hit| &self.names[&hit.record]).collect();
        println!("{query:?} finds {first:?}");
        assert!(first.iter().any(|name| name.contains(expected)), "{query:?} finds {first:?} and not {expected:?}");
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned).filter(|text| !text.is_empty())
}

fn words(text: Option<String>) -> Option<Words> {
    text.map(|text| Words { text, ..Words::default() })
}

fn osm(element: &Value) -> Option<PlaceEntry> {
    let tags = element.get("tags")?;
    let address = Address {
        address_1: text(tags, "addr:street"),
        city: text(tags, "addr:city"),
        region: text(tags, "addr:suburb"),
        postal_code: text(tags, "addr:postcode"),
        ..Address::default()
    };
    let description = words(text(tags, "healthcare:speciality"));
    Some(PlaceEntry { name: text(tags, "name")?, address, description, ..PlaceEntry::default() })
}

fn entourage(row: &Value) -> Option<PlaceEntry> {
    let address = Address { address_1: text(row, "adress"), ..Address::default() };
    Some(PlaceEntry { name: text(row, "name")?, address, description: words(text(row, "description")), ..PlaceEntry::default() })
}

#[test]
fn doctors_of_berlin_are_found() {
    let Some(data) = load("de_berlin_osm_doctors.json") else { return };
    let guide = Guide::of(data["elements"].as_array().expect("a list").iter().filter_map(osm));
    for (query, expected) in [
        ("zuehlsdorff", "Zühlsdorff"),
        ("zuhlsdorff", "Zühlsdorff"),
        ("Droge hautarzt", "Hautarzt Praxis Helena Dröge"),
        ("schroder orthopadie", "Orthopädie Dr. Ralf Schröder"),
        ("hausarztpraxis honow", "Hausarztpraxis Hönow"),
        ("muller eye", "Müller Eyecare"),
        ("erste hilfe kinder", "Erste Hilfe für Kinder"),
        ("erste hilve kinder", "Erste Hilfe für Kinder"),
    ] {
        guide.check(query, expected);
    }
}

#[test]
fn solidarity_places_of_paris_are_found() {
    let Some(data) = load("fr_entourage_paris.json") else { return };
    let guide = Guide::of(data.as_array().expect("a list").iter().filter_map(entourage));
    for (query, expected) in [
        ("maison medicale de garde", "MAISON MÉDICALE DE GARDE"),
        ("maison medic", "MAISON MÉDICALE"),
        ("casvp boulevard diderot", "CASVP"),
        ("centre d action sociale", "action sociale"),
        ("solidarite exclusion", "solidarité et de la lutte contre l'exclusion"),
    ] {
        guide.check(query, expected);
    }
}

//! Real sources, read whole: doctors and community centres of Berlin, digital help in
//! Auvergne-Rhône-Alpes, solidarity places in Paris and Lyon. Skipped where the data is absent.

use crate::import::Shelf;
use serde_json::Value;
use server::import::{Mapping, Source, osm};
use shared::ids::RecordId;
use std::path::{Path, PathBuf};

/// Where the sources lie; `None`, with a line that says so, when they are not here.
pub fn places() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/places");
    if !path.is_dir() {
        println!("skipped: {} is not here", path.display());
        return None;
    }
    Some(path)
}

pub fn text(file: &str) -> Option<String> {
    let path = places()?.join(file);
    Some(std::fs::read_to_string(&path).expect("the data directory holds the files its README names"))
}

pub fn table(shelf: &Shelf, mapping: &str, file: &str) -> Option<Source> {
    let text = text(file)?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("mappings").join(mapping);
    let toml = std::fs::read_to_string(&path).expect("the example mapping is there");
    let mapping = Mapping::parse(&toml, mapping).expect("the example mapping is well formed");
    Some(mapping.read(&text, Path::new(file), "mapping", &shelf.guide).expect("the table reads"))
}

pub fn berlin(shelf: &Shelf, file: &str) -> Option<Source> {
    let options = osm::Options { category: None, language: "de".to_owned() };
    Some(osm::read(&text(file)?, Path::new(file), &shelf.guide, &options).expect("the file is Overpass JSON"))
}

/// Imports twice: everything is new, then everything is unchanged.
fn settle(source: Source, rows: usize) -> (Shelf, usize) {
    let mut shelf = Shelf::new();
    let (taken, skipped) = (source.candidates.len(), source.skipped.len());
    assert_eq!(taken + skipped, rows);
    let first = shelf.plan(source.clone());
    println!("{first}");
    assert_eq!(first.new.len(), taken);
    shelf.carry_out(&first);
    let second = shelf.plan(source);
    assert_eq!((second.new.len(), second.changed.len(), second.unchanged.len()), (0, 0, taken));
    assert!(second.kept_by_hand.is_empty());
    for (kind, tree) in shelf.existing.values() {
        assert_eq!(shared::record::read(*kind, tree).1, []);
    }
    (shelf, taken)
}

fn tree<'a>(shelf: &'a Shelf, scheme: &str, external: &str) -> &'a Value {
    let id: RecordId = shelf.guide.imported(scheme, external);
    &shelf.existing[&id].1
}

fn with(shelf: &Shelf, path: &str) -> usize {
    let path = shared::schema::Path::from(path);
    shelf.existing.values().filter(|(_, tree)| path.find(tree).is_some_and(|value| !value.is_null())).count()
}

#[test]
fn berlin_doctors() {
    let Some(source) = berlin(&Shelf::new(), "de_berlin_osm_doctors.json") else { return };
    let (shelf, taken) = settle(source, 1636);
    assert!(taken >= 1578, "every doctor with a name that is not private: {taken}");
    assert!(with(&shelf, "opening_hours") >= 1100);
    assert!(with(&shelf, "access.wheelchair") >= 540);
    assert!(with(&shelf, "services.healthdoctor") >= 1500);
}

#[test]
fn berlin_community_centres() {
    let Some(source) = berlin(&Shelf::new(), "de_berlin_osm_community-centers.json") else { return };
    let (shelf, taken) = settle(source, 427);
    assert_eq!(taken, 421, "five have no name, one is tagged as disused");
    let counselling = tree(&shelf, "osm", "node/268917395");
    assert_eq!(counselling["phones"]["p1"]["number"], "+49 233 690 70");
    assert_eq!(counselling["services"]["protectionlgbtq"]["category"], "protection.lgbtq");
}

#[test]
fn hinaura() {
    let Some(source) = table(&Shelf::new(), "hinaura.toml", "fr_hinaura_2021.json") else { return };
    assert!(source.left_out.len() < 5, "{:?}", source.left_out);
    let (shelf, taken) = settle(source, 687);
    assert_eq!(taken, 687);
    assert_eq!(with(&shelf, "opening_hours"), 617);
    assert_eq!(with(&shelf, "access.cost"), 635, "all that say more than a membership");
    let abondance = tree(&shelf, "hinaura", "0");
    assert_eq!(abondance["opening_hours"], "Tu-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00");
    assert_eq!(abondance["access"]["cost"], "free");
    assert_eq!(abondance["assured_date"], "2021-05-05");
}

#[test]
fn entourage_paris() {
    let Some(source) = table(&Shelf::new(), "entourage_paris.toml", "fr_entourage_paris.json") else { return };
    let (shelf, taken) = settle(source, 426);
    assert_eq!(taken, 426);
    assert_eq!(with(&shelf, "services.food") + with(&shelf, "services.foodwater"), 66 + 16 + 3);
}

#[test]
fn entourage_lyon() {
    let Some(source) = table(&Shelf::new(), "entourage_lyon.toml", "fr_entourage_lyon.csv") else { return };
    let (shelf, taken) = settle(source, 789);
    assert_eq!(taken, 786, "three rows say themselves that they no longer exist");
    assert_eq!(with(&shelf, "services.foodwater"), 285);
    let rosset = tree(&shelf, "entourage-lyon", "943");
    assert_eq!(rosset["address"]["postal_code"], "69007");
    assert_eq!(rosset["address"]["address_1"], "13, rue B. Delessert");
}

//! Real sources, read whole, imported through the gate, published, read and found: doctors and community centres of Berlin, digital help in
//! Auvergne-Rhône-Alpes, solidarity places in Paris and Lyon. Skipped where the data is absent.

use crate::import::Shelf;
use serde_json::{Value, json};
use server::export::GuideFile;
use server::import::{Mapping, Plan, Source, guide, osm, plan, run};
use server::publish;
use server::relay::{NewGuide, Relay};
use shared::batch::BatchChange;
use shared::edit::{self, Edit};
use shared::edition::Edition;
use shared::gate::Role;
use shared::ids::{GuideId, RecordId};
use shared::search::Index;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

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

/// A relay of its own on a morning in November 2026.
pub fn relay() -> (TempDir, Arc<Relay>) {
    let folder = tempfile::tempdir().expect("there is room for a test's data");
    let now: jiff::Timestamp = "2026-11-23T09:00:00Z".parse().expect("a moment");
    let relay = Relay::open_at(folder.path(), Arc::new(move || now)).expect("a new relay opens");
    (folder, relay)
}

fn with_guide(relay: &Arc<Relay>, language: &str) -> GuideId {
    let guide = Shelf::new().guide;
    let new = NewGuide {
        id: guide.clone(),
        name: "Test".to_owned(),
        language: language.to_owned(),
        time_zone: "Europe/Paris".to_owned(),
        country: Some("FR".to_owned()),
    };
    relay.create_guide(&new).expect("the guide is new");
    guide
}

/// Plans and carries out, as the command does.
fn import(relay: &Arc<Relay>, guide: &GuideId, source: Source) -> (Plan, run::Outcome) {
    let bases = run::bases(relay, guide, &source.scheme).expect("the store reads");
    let existing = run::existing(relay, guide).expect("the store reads");
    let plan = plan(source, &existing, guide.settings(), &bases);
    let outcome = run::run(relay, guide, &plan, &mut |_| {}).expect("the import runs");
    assert!(outcome.refused.is_empty(), "{:?}", outcome.refused);
    (plan, outcome)
}

fn edition(relay: &Arc<Relay>, guide: &GuideId, language: &str) -> Edition {
    publish::publish(relay, guide).expect("the guide can be published");
    let kept = relay.edition(guide, language).expect("the store reads").expect("there is an edition");
    Edition::clone(&kept.edition)
}

/// A member's edit by hand, through the gate as well.
fn by_hand(relay: &Arc<Relay>, guide: &GuideId, record: RecordId, edits: &[Edit]) {
    let device = relay.local_device(guide, "amina", Role::Editor).expect("the device joins");
    let mut held = relay.record(guide, record).expect("the store reads").expect("the record is there");
    let bytes = edit::apply(&mut held.document, edits, device.actor()).expect("the edit fits").expect("it changes something");
    let sealed = device.seal(vec![BatchChange { record, bytes }]).expect("the key works");
    relay.submit(sealed).expect("the gate takes it");
}

/// Imports into a relay, publishes, imports again; gives the edition.
pub fn through_the_gate(source: Source, language: &str) -> (TempDir, Arc<Relay>, Edition) {
    let (folder, relay) = relay();
    let guide = with_guide(&relay, language);
    let began = std::time::Instant::now();
    let (first, outcome) = import(&relay, &guide, source.clone());
    println!("{} records through the gate in {:?}", outcome.done, began.elapsed());
    assert_eq!(first.new.len(), source.candidates.len());
    let (second, outcome) = import(&relay, &guide, source);
    assert!(second.is_empty() && second.kept_by_hand.is_empty(), "{second}");
    assert_eq!((second.unchanged.len(), outcome.done), (first.new.len(), 0));
    let edition = edition(&relay, &guide, language);
    assert_eq!(edition.places().count(), first.new.len());
    (folder, relay, edition)
}

/// What is typed finds the place that is meant among the first three.
#[track_caller]
fn finds(edition: &Edition, query: &str, name: &str) {
    let hits = Index::build(edition, &|_| Vec::new()).search(query);
    let place = |record: &RecordId| edition.places().find(|(id, _)| *id == record).map(|(_, place)| place.name.clone());
    let names: Vec<String> = hits.iter().take(3).filter_map(|hit| place(&hit.record)).collect();
    assert!(names.iter().any(|found| found.contains(name)), "{query:?} finds {names:?}, not {name:?}");
}

#[test]
fn berlin_is_published_with_its_licence() {
    let Some(source) = berlin(&Shelf::new(), "de_berlin_osm_community-centers.json") else { return };
    let (_folder, _relay, edition) = through_the_gate(source, "de");
    assert_eq!(edition.guide.attribution[0].name.as_deref(), Some("© OpenStreetMap contributors"));
    finds(&edition, "schwulenberatung", "Schwulenberatung Berlin");
}

#[test]
fn berlin_doctors_through_the_gate() {
    let Some(source) = berlin(&Shelf::new(), "de_berlin_osm_doctors.json") else { return };
    let (_folder, _relay, edition) = through_the_gate(source, "de");
    assert!(edition.places().filter(|(_, place)| place.hours.is_some()).count() >= 1100);
    finds(&edition, "polimedica", "Polimedica");
}

#[test]
fn hinaura_through_the_gate_survives_an_edit_by_hand_and_follows_its_source() {
    let Some(source) = table(&Shelf::new(), "hinaura.toml", "fr_hinaura_2021.json") else { return };
    let (_folder, relay, edition) = through_the_gate(source.clone(), "fr");
    finds(&edition, "emmaus connect grenoble", "Emmaüs Connect Grenoble");
    let guide = edition.guide.id.clone();
    let record = guide.imported("hinaura", "0");
    by_hand(&relay, &guide, record, &[Edit::put("opening_hours", "Mo-Fr 10:00-12:00")]);

    // The source corrects the postal code of this row, and the hours that a person corrected too.
    let mut altered = source;
    for candidate in &mut altered.candidates {
        if candidate.record == record {
            candidate.tree["address"]["postal_code"] = json!("74361");
            candidate.tree["opening_hours"] = json!("Mo off");
        }
    }
    let (plan, outcome) = import(&relay, &guide, altered);
    let paths: Vec<&str> = plan.changed.iter().flat_map(|changed| &changed.edits).map(|edit| edit.path().as_str()).collect();
    assert_eq!((paths, outcome.done), (vec!["address.postal_code"], 1));
    assert_eq!(plan.kept_by_hand.len(), 1);
    let tree = relay.record(&guide, record).expect("the store reads").expect("the record is there").document.tree();
    assert_eq!(tree["opening_hours"], "Mo-Fr 10:00-12:00");
    assert_eq!(tree["address"]["postal_code"], "74361");
}

#[test]
fn entourage_through_the_gate() {
    for (mapping, file) in [("entourage_paris.toml", "fr_entourage_paris.json"), ("entourage_lyon.toml", "fr_entourage_lyon.csv")]
    {
        let Some(source) = table(&Shelf::new(), mapping, file) else { return };
        through_the_gate(source, "fr");
    }
}

#[test]
fn a_guide_exported_and_imported_into_an_empty_relay_is_equal() {
    let Some(source) = table(&Shelf::new(), "entourage_paris.toml", "fr_entourage_paris.json") else { return };
    let (_folder, relay, edition) = through_the_gate(source, "fr");
    let id = edition.guide.id;
    let text = |relay: &Relay| GuideFile::of(id.clone(), &run::existing(relay, &id).expect("the store reads")).to_text();
    let exported = text(&relay);

    let (_other_folder, other) = self::relay();
    let (file, source) = guide::read(&exported).expect("our own file reads");
    server::import::command::begin(&other, &file).expect("the guide is new there");
    import(&other, &file.guide, source);
    assert_eq!(text(&other), exported);
}

/// A crash between two batches: what is in stays, importing again brings the rest.
#[test]
fn an_import_that_was_cut_off_is_finished_by_importing_again() {
    let (_folder, relay) = relay();
    let guide = with_guide(&relay, "de");
    let elements: Vec<Value> = (0..600)
        .map(|id| json!({"type": "node", "id": id, "lat": 52.5, "lon": 13.4, "tags": {"amenity": "library", "name": format!("B {id}")}}))
        .collect();
    let options = osm::Options { category: None, language: "de".to_owned() };
    let read = |elements: &[Value]| {
        osm::read(&json!({"elements": elements}).to_string(), Path::new("b.json"), &guide, &options).expect("it is Overpass JSON")
    };
    import(&relay, &guide, read(&elements[..250]));
    let (rest, outcome) = import(&relay, &guide, read(&elements));
    assert_eq!((rest.unchanged.len(), rest.new.len(), outcome.done), (250, 350, 350));
}

#[test]
fn ten_thousand_rows_without_trouble() {
    let (_folder, relay) = relay();
    let guide = with_guide(&relay, "fr");
    let mut csv = "id,nom,adresse,horaires,description\n".to_owned();
    for row in 0..10_000 {
        csv.push_str(&format!(
            "{row},Lieu {row},\"{row} rue des Lilas, 38000 Grenoble\",Mo-Fr 09:00-12:00,\"Un lieu d'accueil.\nEntrée par la cour.\"\n"
        ));
    }
    let mapping = r#"
scheme = "large"
id = ["id"]
language = "fr"
field = [
    { column = "nom", path = "name" },
    { column = "adresse", read = "address" },
    { column = "horaires", path = "opening_hours" },
    { column = "description", path = "description" },
]
"#;
    let mapping = Mapping::parse(mapping, "large.toml").expect("the mapping is well formed");
    let began = std::time::Instant::now();
    let read = || mapping.read(&csv, Path::new("large.csv"), "large.toml", &guide).expect("the table reads");
    let (plan, outcome) = import(&relay, &guide, read());
    println!("10,000 rows read, planned and written in {:?}", began.elapsed());
    assert_eq!((plan.new.len(), outcome.done), (10_000, 10_000));
    let again = std::time::Instant::now();
    let (second, _) = import(&relay, &guide, read());
    println!("and compared again in {:?}", again.elapsed());
    assert_eq!(second.unchanged.len(), 10_000);
}

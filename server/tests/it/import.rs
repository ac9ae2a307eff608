//! Planning an import: small sources, the guide as it stands, what a person did meanwhile.

use serde_json::{Value, json};
use server::export::GuideFile;
use server::import::{Existing, ImportError, Mapping, Plan, Source, guide, osm, plan};
use shared::edit::{apply, create, difference};
use shared::ids::{ActorId, GuideId, RecordId};
use shared::schema::Kind;
use std::collections::BTreeMap;
use std::path::Path;

/// A guide in memory and what its sources said last, as a relay keeps both.
pub struct Shelf {
    pub guide: GuideId,
    pub existing: Existing,
    pub bases: BTreeMap<RecordId, Value>,
}

impl Shelf {
    pub fn new() -> Shelf {
        let guide: GuideId = "test-guide".parse().expect("the slug is well formed");
        Shelf { guide, existing: Existing::new(), bases: BTreeMap::new() }
    }

    pub fn plan(&self, source: Source) -> Plan {
        plan(source, &self.existing, self.guide.settings(), &self.bases)
    }

    /// Carries a plan out on documents, as the relay would, and reads their trees again.
    pub fn carry_out(&mut self, plan: &Plan) {
        let actor = ActorId([7; 16]);
        for new in &plan.new {
            let (document, _) = create(new.candidate.kind, &new.edits, actor).expect("planned edits fit the schema");
            self.existing.insert(new.candidate.record, (new.candidate.kind, document.tree()));
        }
        for changed in &plan.changed {
            let (kind, tree) = &self.existing[&changed.candidate.record];
            let edits = difference(*kind, &json!({}), tree);
            let (mut document, _) = create(*kind, &edits, actor).expect("a record's own tree fits the schema");
            apply(&mut document, &changed.edits, actor).expect("planned edits fit the schema");
            self.existing.insert(changed.candidate.record, (*kind, document.tree()));
        }
        let candidates = plan.new.iter().map(|new| &new.candidate);
        let candidates = candidates.chain(plan.changed.iter().map(|changed| &changed.candidate)).chain(&plan.unchanged);
        self.bases.extend(candidates.map(|candidate| (candidate.record, candidate.tree.clone())));
    }

    pub fn osm(&self, json: &Value) -> Source {
        let options = osm::Options { category: None, language: "de".to_owned() };
        osm::read(&json.to_string(), Path::new("osm.json"), &self.guide, &options).expect("the source is well formed")
    }
}

fn doctor(tags: Value) -> Value {
    json!({ "elements": [{ "type": "node", "id": 1, "lat": 52.5, "lon": 13.4, "tags": tags }] })
}

#[test]
fn osm_tags_become_fields_and_what_is_not_tagged_stays_unknown() {
    let source = Shelf::new().osm(&doctor(json!({
        "amenity": "doctors", "name": "Praxis", "name:en": "Practice", "operator": "Dr. A",
        "addr:street": "Hauptstraße", "addr:housenumber": "3", "addr:postcode": "10827", "addr:city": "Berlin", "level": "2",
        "phone": "+49 30 1; +49 30 22", "contact:website": "praxis.example", "email": "a@praxis.example",
        "opening_hours": "Mo-Fr 09:00-12:00; PH off", "wheelchair": "limited", "check_date": "2024-09-06",
        "healthcare:speciality": "general;child_psychiatry", "description:fr": "Au fond de la cour", "language:fr": "yes",
    })));
    let tree = &source.candidates[0].tree;
    assert_eq!(tree["name"], "Praxis");
    assert_eq!(tree["alternate_name"], "Practice");
    assert_eq!(tree["organization"]["name"], "Dr. A");
    assert_eq!(tree["address"]["address_1"], "Hauptstraße 3");
    assert_eq!(tree["address"]["postal_code"], "10827");
    assert_eq!(tree["phones"]["p2"]["number"], "+49 30 22");
    assert_eq!(tree["url"], "https://praxis.example");
    assert_eq!(tree["opening_hours"], "Mo-Fr 09:00-12:00; PH off");
    assert_eq!(tree["assured_date"], "2024-09-06");
    assert_eq!(tree["assured_method"], "web");
    assert_eq!(tree["access"], json!({"wheelchair": "limited", "languages": {"fr": "native"}}));
    assert_eq!(tree["services"]["healthmental"]["category"], "health.mental");
    assert_eq!(tree["services"]["healthdoctor"]["name"]["en"]["text"], "general, child psychiatry");
    assert_eq!(tree["description"]["fr"]["text"], "Au fond de la cour");
    assert_eq!(tree["external_identifiers"], json!({"osm": "node/1"}));
    assert!(source.left_out.is_empty(), "{:?}", source.left_out);
}

#[test]
fn geojson_is_read_with_the_middle_of_an_outline() {
    let source = Shelf::new().osm(&json!({ "type": "FeatureCollection", "features": [{
        "type": "Feature", "id": "way/5", "properties": {"amenity": "library", "name": "B"},
        "geometry": {"type": "Polygon", "coordinates": [[[13.0, 52.0], [13.2, 52.0], [13.2, 52.4], [13.0, 52.0]]]}
    }]}));
    assert_eq!(source.candidates[0].tree["latitude"], 52.2);
    assert_eq!(source.candidates[0].tree["longitude"], 13.1);
    assert_eq!(source.candidates[0].tree["external_identifiers"]["osm"], "way/5");
}

#[test]
fn a_second_import_changes_only_what_changed_and_keeps_what_people_wrote() {
    let mut shelf = Shelf::new();
    let tags = json!({"amenity": "doctors", "name": "Praxis", "phone": "1234", "opening_hours": "Mo 09:00-12:00"});
    let first = shelf.plan(shelf.osm(&doctor(tags.clone())));
    assert_eq!((first.new.len(), first.settings.is_empty()), (1, false));
    shelf.carry_out(&first);

    let again = shelf.plan(shelf.osm(&doctor(tags)));
    assert_eq!((again.new.len(), again.changed.len(), again.unchanged.len()), (0, 0, 1));

    // A person corrects the hours; the source changes them too, and the phone.
    let record = first.new[0].candidate.record;
    if let Some((_, tree)) = shelf.existing.get_mut(&record) {
        tree["opening_hours"] = json!("Mo 10:00-12:00");
    }
    let changed = doctor(json!({"amenity": "doctors", "name": "Praxis", "phone": "9999", "opening_hours": "Mo off"}));
    let third = shelf.plan(shelf.osm(&changed));
    let paths: Vec<String> = third.changed[0].edits.iter().map(|edit| edit.path().to_string()).collect();
    assert_eq!(paths, ["phones.p1.number"]);
    let (_, kept) = &third.kept_by_hand[0];
    assert_eq!((kept.path.as_str(), &kept.source, &kept.present), ("opening_hours", &json!("Mo off"), &json!("Mo 10:00-12:00")));
    assert!(third.to_string().contains("opening_hours stays \"Mo 10:00-12:00\""), "{third}");

    // The same again: the person's hours still stand, and nothing else happens.
    shelf.carry_out(&third);
    let fourth = shelf.plan(shelf.osm(&changed));
    assert_eq!((fourth.changed.len(), fourth.kept_by_hand.len()), (0, 1));
}

#[test]
fn what_the_source_no_longer_has_stays_and_is_reported() {
    let mut shelf = Shelf::new();
    let first = shelf.plan(shelf.osm(&doctor(json!({"amenity": "doctors", "name": "Praxis"}))));
    shelf.carry_out(&first);
    let gone = shelf.plan(shelf.osm(&json!({"elements": []})));
    assert_eq!(gone.missing.len(), 1);
    assert_eq!(gone.changed.len() + gone.new.len(), 0);
}

#[test]
fn rows_without_a_name_or_with_a_known_identifier_are_skipped_with_the_reason() {
    let source = Shelf::new().osm(&json!({"elements": [
        {"type": "node", "id": 1, "tags": {"amenity": "doctors"}},
        {"type": "node", "id": 2, "tags": {"amenity": "doctors", "name": "A"}},
        {"type": "node", "id": 2, "tags": {"amenity": "doctors", "name": "A"}},
        {"type": "node", "id": 3, "tags": {"amenity": "doctors", "name": "B", "access": "private"}},
        {"type": "node", "id": 4},
    ]}));
    let reasons: Vec<String> = source.skipped.iter().map(|skipped| skipped.why.to_string()).collect();
    assert_eq!(source.candidates.len(), 1);
    assert_eq!(reasons, ["it has no name", "another row has the same identifier \"node/2\"", "it is tagged as private"]);
}

const MAPPING: &str = r#"
scheme = "test"
id = ["id"]
language = "fr"
[[field]]
column = "name"
path = "name"
[[field]]
column = "kind"
path = "services"
[field.values]
eat = "food.meal"
"#;

fn mapping_error(text: &str) -> String {
    match Mapping::parse(text, "map.toml") {
        Ok(_) => panic!("this mapping should have been refused:\n{text}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_wrong_mapping_says_where_and_what_to_do() {
    let typo = mapping_error(&MAPPING.replace("scheme =", "schema ="));
    assert!(typo.starts_with("map.toml, line 2, column 1: unknown field `schema`"), "{typo}");
    let field = mapping_error(&MAPPING.replace("path = \"name\"", "path = \"nom\""));
    assert!(field.contains("column \"name\"") && field.contains("\"nom\" is not a field of a place"), "{field}");
    let code = mapping_error(&MAPPING.replace("food.meal", "food.cake"));
    assert!(code.contains("\"food.cake\" does not fit services") && code.contains("food.meal"), "{code}");
    let syntax = mapping_error("scheme = \"a\nid = []");
    assert!(syntax.starts_with("map.toml, line 1"), "{syntax}");
}

#[test]
fn a_mapping_for_another_table_names_the_columns_that_there_are() {
    let mapping = Mapping::parse(MAPPING, "map.toml").expect("the mapping is well formed");
    let shelf = Shelf::new();
    let error = mapping.read("id,title\n1,A\n", Path::new("t.csv"), "map.toml", &shelf.guide).expect_err("name is lacking");
    assert!(matches!(error, ImportError::Mapping { .. }));
    assert!(error.to_string().contains("no column \"name\". Its columns are: id, title."), "{error}");
}

#[test]
fn values_that_the_mapping_does_not_know_are_reported_not_guessed() {
    let mapping = Mapping::parse(MAPPING, "map.toml").expect("the mapping is well formed");
    let shelf = Shelf::new();
    let table = "\u{feff}id;name;kind\r\n1;Chez A;eat\r\n2;Chez B;sleep\r\n";
    let source = mapping.read(table, Path::new("t.csv"), "map.toml", &shelf.guide).expect("the table is well formed");
    assert_eq!(source.candidates[0].tree["services"]["foodmeal"]["category"], "food.meal");
    assert!(source.candidates[1].tree.get("services").is_none());
    assert_eq!(source.left_out[0].reason, "the mapping has no value for \"sleep\"");
    assert_eq!(source.left_out[0].at.to_string(), "row 2 (line 3)");
}

#[test]
fn a_guide_file_of_an_empty_guide_gives_an_equal_guide() {
    let mut shelf = Shelf::new();
    shelf.carry_out(&shelf.plan(shelf.osm(&doctor(json!({"amenity": "doctors", "name": "Praxis", "phone": "1"})))));
    let settings = json!({"name": "Test", "slug": "test-guide", "languages": {"de": true, "fr": false}});
    shelf.existing.insert(shelf.guide.settings(), (Kind::Guide, settings));
    let text = GuideFile::of(shelf.guide.clone(), &shelf.existing).to_text();

    let (file, source) = guide::read(&text).expect("our own file reads");
    let mut other = Shelf::new();
    let plan = other.plan(source);
    assert!(plan.left_out.is_empty(), "{:?}", plan.left_out);
    other.carry_out(&plan);
    assert_eq!(GuideFile::of(file.guide, &other.existing).to_text(), text);
}

#[test]
fn a_file_that_is_no_guide_is_refused_in_words() {
    let refused = |text: &str| guide::read(text).expect_err("it is no guide's file").to_string();
    assert!(refused("[1, 2").contains("line 1, column 5"));
    assert!(refused("{\"format\": \"geojson\"}").contains("was not made by `socle export`"));
    let newer = r#"{"format": "socle-guide", "version": 9, "guide": "ab", "records": []}"#;
    assert!(refused(newer).contains("update Socle"));
    assert!(refused(&newer.replace('9', "1")).contains("no settings"));
}

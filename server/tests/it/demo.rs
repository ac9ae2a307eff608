//! The demo guide: it holds what a first look should show, reads without problems and enters
//! through the gate.

use crate::real_data::relay;
use serde_json::{Value, json};
use server::export::GuideFile;
use server::import::run;
use server::{demo, publish};
use shared::categories;
use shared::edit::is_outdated;
use shared::schema::Kind;
use std::collections::BTreeSet;

/// Steps of the identity check that nobody was sure enough to write in that language: who reads it
/// gets the next one of the guide's chain, and is told so.
const LEFT_OUT: [(&str, &str); 4] = [("s5", "ps"), ("s5", "ti"), ("s5", "wo"), ("s7", "wo")];

fn file() -> GuideFile {
    GuideFile::parse(demo::GUIDE).expect("the demo guide is a guide's file")
}

fn trees(kind: Kind) -> Vec<Value> {
    file().records.into_iter().filter(|record| record.kind == kind).map(|record| record.tree).collect()
}

fn settings() -> Value {
    trees(Kind::Guide).pop().expect("a guide has settings")
}

#[test]
fn every_record_reads_without_problems() {
    for record in file().records {
        let (_, problems) = shared::record::read(record.kind, &record.tree);
        assert_eq!(problems, [], "{} {}", record.kind, record.id);
    }
}

#[test]
fn every_category_is_offered_somewhere() {
    let offered: BTreeSet<String> = trees(Kind::Place)
        .iter()
        .filter_map(|place| place["services"].as_object().cloned())
        .flat_map(|services| services.into_iter().filter_map(|(_, service)| Some(service["category"].as_str()?.to_owned())))
        .collect();
    let lacking: Vec<String> = categories::codes().filter(|code| !offered.contains(code)).collect();
    assert_eq!(lacking, [""; 0]);
}

#[test]
fn it_shows_what_a_guide_can_say() {
    let places = trees(Kind::Place);
    assert!((30..=45).contains(&places.len()), "{}", places.len());
    assert_eq!((trees(Kind::Page).len(), trees(Kind::Notice).len()), (4, 2));
    let some = |what: &str, fits: &dyn Fn(&Value) -> bool| assert!(places.iter().any(fits), "no place {what}");
    let checked = |place: &Value, days: &dyn Fn(&str) -> bool| place["assured_date"].as_str().is_some_and(days);
    some("visited lately", &|place| place["assured_method"] == "visit" && checked(place, &|day| day > "2026-11-01"));
    some("outdated", &|place| checked(place, &|day| day < "2026-05-01"));
    some("never checked", &|place| place["assured_date"].is_null());
    some("temporarily closed", &|place| place["status"] == "temporarily_closed");
    some("for members only", &|place| place["visibility"] == "members");
    some("with a withheld address", &|place| place["address_visibility"] == "on_request");
    some("that is full", &|place| place["saturation"] == "full");
    some("with announced days", &|place| !place["exceptions"].is_null());
    let texts_only = |phone: &Value| phone["type"] == "text" && phone["channels"] == json!({"sms": true});
    some("with a line that takes texts only", &|place| {
        place["phones"].as_object().is_some_and(|phones| phones.values().any(texts_only))
    });
    for hours in ["PH off", "20:00-01:00", "Nov-Mar", "sur rendez-vous", "demander à l'accueil", "12:00,13:30"] {
        some(hours, &|place| place["opening_hours"].as_str().is_some_and(|written| written.contains(hours)));
    }
    for language in ["fr", "en", "ar", "es"] {
        let spoken = places.iter().filter(|place| !place["description"][language].is_null()).count();
        assert!(spoken >= 8, "{language}: {spoken}");
    }
}

#[test]
fn no_real_institution_claims_a_check() {
    for record in file().records {
        let example = record.tree["name"].as_str().is_some_and(|name| name.contains("(exemple"));
        let claims = ["assured_date", "assured_method"].iter().any(|field| !record.tree[field].is_null());
        assert!(example || !claims, "{} {}", record.kind, record.id);
    }
}

#[test]
fn who_makes_it_is_not_an_emergency_line() {
    let contact = &settings()["contact"];
    assert!(contact["phone"].is_null());
    assert!(contact["email"].as_str().is_some_and(|email| email.ends_with("@example.org")));
}

#[test]
fn the_identity_check_is_in_every_language_of_the_guide() {
    let settings = settings();
    let languages = settings["languages"].as_object().expect("a guide has languages");
    let card = trees(Kind::Page).into_iter().find(|page| page["category"] == "identity_check").expect("there is the card");
    let steps = card["steps"].as_object().expect("a page has steps");
    let texts = steps.iter().map(|(step, holds)| (step.as_str(), &holds["text"]));
    let mut lacking = Vec::new();
    for (what, texts) in [("title", &card["title"]), ("audience", &card["audience"])].into_iter().chain(texts) {
        for language in languages.keys().map(String::as_str) {
            let said = &texts[language];
            if said["text"].as_str().is_none_or(|text| text.trim().is_empty()) {
                lacking.push((what, language));
                continue;
            }
            assert!(!is_outdated(texts, "fr", language), "{what} {language}");
            // Whoever reads a machine's words is told.
            assert_eq!(said["origin"] == "machine", !["fr", "en"].contains(&language), "{what} {language}");
        }
    }
    assert_eq!(lacking, LEFT_OUT);
}

#[test]
fn rights_pages_are_examples_in_numbered_steps_with_pictograms_of_the_app() {
    let icons = include_str!("../../../app/icons.txt");
    for page in trees(Kind::Page) {
        assert_eq!(page["example"], true);
        for language in ["fr", "en", "ar"] {
            assert!(page["title"][language]["text"].is_string());
        }
        let steps = page["steps"].as_object().expect("a page has steps");
        assert!(steps.len() >= 5);
        for step in steps.values() {
            let name = step["pictogram"].as_str().expect("a step has a pictogram");
            assert!(icons.lines().any(|line| line.starts_with(&format!("{name} ="))), "no pictogram {name}");
        }
    }
}

#[test]
fn it_enters_through_the_gate_is_published_and_exports_as_the_same_file() {
    let (_folder, relay) = relay();
    let file = demo::create(&relay).expect("the demo guide enters");
    let existing = run::existing(&relay, &file.guide).expect("the relay reads its own records");
    assert_eq!(GuideFile::of(file.guide.clone(), &existing).to_text(), demo::GUIDE);

    publish::publish(&relay, &file.guide).expect("the demo guide can be published");
    for language in ["fr", "en", "ar", "es"] {
        let kept = relay.edition(&file.guide, language).expect("the store reads").expect("there is an edition");
        assert!(kept.edition.places().count() >= 40);
        assert_eq!((kept.edition.pages().count(), kept.edition.notices().count()), (4, 2));
        let text = shared::json::to_string(&*kept.edition);
        assert!(!text.contains("Exemple de note interne") && !text.contains("rue de l'Exemple"));
    }

    // What is not in a language is read in the next one of the guide's chain.
    for (language, step, page) in [("ti", "am", "en"), ("ps", "fa", "en"), ("wo", "fr", "fr")] {
        let kept = relay.edition(&file.guide, language).expect("the store reads").expect("there is an edition");
        let of_check = |page: &shared::edition::PageEntry| page.category.as_deref() == Some("identity_check");
        let (_, card) = kept.edition.pages().find(|(_, page)| of_check(page)).expect("there is the card");
        let body = card.body.as_ref().expect("the card has a body");
        let read = [&card.title, &card.steps[4].text, body].map(|words| words.language.as_deref());
        assert_eq!(read, [None, Some(step), Some(page)], "{language}");
    }

    // A second start finds nothing to do.
    demo::create(&relay).expect("the demo guide is there");
    let again = run::existing(&relay, &file.guide).expect("the relay reads its own records");
    assert_eq!(again, existing);
}

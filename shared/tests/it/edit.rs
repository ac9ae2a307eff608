//! Edits and documents: what one change touches, how two people's changes meet, and the way from
//! one tree to another.

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use shared::document::{Document, FieldConflict};
use shared::edit::{self, Edit, EditError, difference, fingerprint, is_outdated, translate};
use shared::ids::{ActorId, RecordId};
use shared::link::{RecordView, Stage};
use shared::schema::{Kind, Path};
use shared::testing::random_edits;

const ALICE: ActorId = ActorId([1; 16]);
const BOB: ActorId = ActorId([2; 16]);

fn place(edits: &[Edit]) -> Document {
    edit::create(Kind::Place, edits, ALICE).expect("the edits fit a place").0
}

/// Both edit what they have at the same time; each then receives the other's change.
fn apart(document: &Document, of_alice: &[Edit], of_bob: &[Edit]) -> Document {
    let (mut alice, mut bob) = (document.clone(), document.clone());
    let from_alice = edit::apply(&mut alice, of_alice, ALICE).expect("alice's edits fit").expect("they change something");
    let from_bob = edit::apply(&mut bob, of_bob, BOB).expect("bob's edits fit").expect("they change something");
    alice.receive([from_bob.as_slice()]).expect("alice has what bob's change builds on");
    bob.receive([from_alice.as_slice()]).expect("bob has what alice's change builds on");
    assert_eq!((alice.tree(), alice.heads()), (bob.tree(), bob.heads()));
    alice
}

fn text<'a>(tree: &'a Value, path: &str) -> Option<&'a str> {
    Path::new(path).find(tree).and_then(Value::as_str)
}

#[test]
fn two_people_write_in_one_prose() {
    let before = place(&[Edit::write("description.fr.text", "Ouvert le lundi. Sonner deux fois.")]);
    let merged = apart(
        &before,
        &[Edit::write("description.fr.text", "Ouvert le lundi et le mardi. Sonner deux fois.")],
        &[Edit::write("description.fr.text", "Ouvert le lundi. Sonner trois fois. 👍")],
    );
    let expected = "Ouvert le lundi et le mardi. Sonner trois fois. 👍";
    assert_eq!(text(&merged.tree(), "description.fr.text"), Some(expected));
    assert_eq!(merged.conflicts(), Vec::<FieldConflict>::new());
}

#[test]
fn other_fields_do_not_disturb_each_other() {
    let merged = apart(&place(&[]), &[Edit::put("name", "Clinic")], &[Edit::put("address.city", "Lyon")]);
    assert_eq!((text(&merged.tree(), "name"), text(&merged.tree(), "address.city")), (Some("Clinic"), Some("Lyon")));
    assert!(merged.conflicts().is_empty());
}

#[test]
fn additions_to_a_collection_unite() {
    let merged = apart(&place(&[]), &[Edit::put("access.gender.women", true)], &[Edit::put("access.gender.men", true)]);
    assert_eq!(merged.tree()["access"]["gender"], json!({"women": true, "men": true}));
}

#[test]
fn a_scalar_with_two_values_shows_both_until_one_is_chosen() {
    let mut merged = apart(
        &place(&[Edit::put("opening_hours", "Mo 10:00-12:00")]),
        &[Edit::put("opening_hours", "Mo 09:00-12:00")],
        &[Edit::put("opening_hours", "Mo 10:00-13:00")],
    );
    let conflict = merged.conflicts().remove(0);
    assert_eq!(conflict.path.as_str(), "opening_hours");
    assert_eq!(conflict.candidates.len(), 2);
    // What is shown comes first.
    assert_eq!(conflict.candidates[0].value, merged.tree()["opening_hours"]);
    let actors: Vec<&str> = conflict.candidates.iter().map(|candidate| candidate.actor.as_str()).collect();
    assert!(actors.contains(&ALICE.to_string().as_str()) && actors.contains(&BOB.to_string().as_str()));

    // Choosing the very value that is shown settles it, too.
    let chosen = conflict.candidates[0].value.clone();
    let change = edit::apply(&mut merged, &[Edit::Put { path: conflict.path, value: chosen.clone() }], ALICE);
    assert!(change.expect("the value fits").is_some());
    assert_eq!((merged.conflicts(), &merged.tree()["opening_hours"]), (Vec::new(), &chosen));
}

#[test]
fn two_translations_begun_at_once_are_both_shown_and_settled() {
    let begin = |words: &str| [Edit::write("description.ar.text", words)];
    let mut merged = apart(&place(&[]), &begin("مفتوح"), &begin("مغلق"));
    let conflict = merged.conflicts().remove(0);
    let mut values: Vec<&str> = conflict.candidates.iter().filter_map(|candidate| candidate.value.as_str()).collect();
    values.sort();
    assert_eq!((conflict.path.as_str(), values), ("description.ar.text", vec!["مغلق", "مفتوح"]));
    edit::apply(&mut merged, &begin("مفتوح"), BOB).expect("the words fit");
    assert_eq!((merged.conflicts(), text(&merged.tree(), "description.ar.text")), (Vec::new(), Some("مفتوح")));
}

#[test]
fn what_changes_nothing_is_no_change() {
    let mut document = place(&[Edit::put("name", "Clinic"), Edit::write("internal_note", "key at the desk")]);
    let heads = document.heads();
    let same = [Edit::put("name", "Clinic"), Edit::write("internal_note", "key at the desk"), Edit::clear("email")];
    assert_eq!(edit::apply(&mut document, &same, ALICE), Ok(None));
    assert_eq!(document.heads(), heads);
}

#[test]
fn a_small_edit_is_a_small_change() {
    let long = "Une longue description. ".repeat(50);
    let mut document = place(&[Edit::write("description.fr.text", long.as_str())]);
    let longer = format!("{long}Fin.");
    let change = edit::apply(&mut document, &[Edit::write("description.fr.text", longer)], ALICE).expect("it fits");
    assert!(change.expect("it differs").len() < 200, "only what was added travels");
}

#[test]
fn what_does_not_fit_is_refused_whole() {
    let mut document = place(&[]);
    let before = document.tree();
    let refused = [
        vec![Edit::put("name", "Clinic"), Edit::put("no_such_field", "x")],
        vec![Edit::put("name", "Clinic"), Edit::put("status", "asleep")],
        vec![Edit::put("name", "two\nlines")],
        vec![Edit::put("latitude", 91.0)],
        vec![Edit::put("assured_date", "2026-02-30")],
        vec![Edit::write("name", "a scalar is no prose")],
        vec![Edit::put("internal_note", "prose is no scalar")],
        vec![Edit::remove("address")],
        vec![Edit::put("description.not a language.text", "x")],
        vec![Edit::write("internal_note", "x".repeat(8_001))],
    ];
    for edits in refused {
        let answer = edit::apply(&mut document, &edits, ALICE);
        assert!(matches!(answer, Err(EditError::NoSuchField { .. } | EditError::BadValue { .. })), "{edits:?}: {answer:?}");
        assert_eq!(document.tree(), before);
    }
}

#[test]
fn a_removed_entry_takes_its_fields_along() {
    let mut document = place(&[Edit::put("services.a.category", "food"), Edit::put("services.b.category", "health")]);
    edit::apply(&mut document, &[Edit::remove("services.a")], ALICE).expect("services are a collection");
    let tree = document.tree();
    assert_eq!((text(&tree, "services.a.category"), text(&tree, "services.b.category")), (None, Some("health")));
}

#[test]
fn a_document_reads_the_same_after_its_bytes() {
    let document = place(&[Edit::put("name", "Café"), Edit::put("latitude", 48.5), Edit::put("access.minimum_age", 18)]);
    let loaded = Document::load(&document.save()).expect("its own bytes load");
    assert_eq!((loaded.tree(), loaded.heads()), (document.tree(), document.heads()));
    let mut rebuilt = Document::empty();
    let changes = document.changes();
    rebuilt.receive(changes.iter().rev().map(Vec::as_slice)).expect("in any order");
    assert_eq!(rebuilt.tree(), document.tree());
}

#[test]
fn a_change_without_its_ground_is_not_ready() {
    let (document, changes) = edit::create(Kind::Place, &[Edit::put("name", "Clinic")], ALICE).expect("it fits");
    let changes: Vec<&[u8]> = changes.iter().map(Vec::as_slice).collect();
    assert!(Document::empty().is_ready_for(changes.iter().copied()));
    assert!(!Document::empty().is_ready_for([changes[1]]));
    assert!(document.is_ready_for([changes[1]]));
}

#[test]
fn the_difference_leads_from_one_tree_to_another() {
    for seed in 0..200 {
        let mut rng = SmallRng::seed_from_u64(seed);
        let (mut old, new) = (random_place(&mut rng), random_place(&mut rng));
        let edits = difference(Kind::Place, &old.tree(), &new.tree());
        edit::apply(&mut old, &edits, BOB).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let left = difference(Kind::Place, &old.tree(), &new.tree());
        assert!(left.is_empty(), "seed {seed}: {left:?} is left of {edits:?}");
    }
}

#[test]
fn the_difference_from_nothing_makes_the_record() {
    let tree = json!({"name": "Clinic", "address": {"city": "Lyon"}, "description": {"fr": {"text": "Sonner."}}, "unknown": 1});
    let edits = difference(Kind::Place, &json!({}), &tree);
    let made = place(&edits).tree();
    assert_eq!((text(&made, "name"), text(&made, "address.city")), (Some("Clinic"), Some("Lyon")));
    assert_eq!((text(&made, "description.fr.text"), made.get("unknown")), (Some("Sonner."), None));
}

#[test]
fn a_translation_falls_behind_its_source() {
    let mut document = place(&[]);
    let mut write = |language: &str, words: &str| {
        let edits = translate(&document.tree(), &Path::new("description"), true, "fr", language, words);
        edit::apply(&mut document, &edits, ALICE).expect("the words fit");
        document.tree()["description"].clone()
    };
    write("fr", "Ouvert le lundi.");
    let texts = write("en", "Open on Monday.");
    assert_eq!(texts["en"]["source_hash"], fingerprint("Ouvert le lundi."));
    assert!(!is_outdated(&texts, "fr", "en"));
    let texts = write("fr", "Ouvert le mardi.");
    assert!(is_outdated(&texts, "fr", "en") && !is_outdated(&texts, "fr", "fr"));
    let texts = write("en", "Open on Tuesday.");
    assert!(!is_outdated(&texts, "fr", "en"));
    assert_eq!(write("en", "  ").get("en"), None, "no words are no translation");
}

fn random_place(rng: &mut SmallRng) -> Document {
    let mut document = place(&[]);
    for _ in 0..rng.random_range(0..12) {
        let edits = random_edits(rng, &view_of(&document));
        edit::apply(&mut document, &edits, ALICE).expect("random edits fit");
    }
    document
}

fn view_of(document: &Document) -> RecordView {
    RecordView {
        record: RecordId([0; 16]),
        kind: Kind::Place,
        tree: document.tree(),
        stage: Stage::Shared,
        conflicts: Vec::new(),
        problems: Vec::new(),
        waiting_fields: Vec::new(),
        read_only: false,
    }
}

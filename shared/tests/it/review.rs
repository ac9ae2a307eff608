//! Earlier states come back whole; one device's part is undone and nobody else's.

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use serde_json::{Map, Value, json};
use shared::document::Document;
use shared::edit::{self, Edit};
use shared::ids::{ActorId, RecordId};
use shared::json;
use shared::link::{RecordView, Stage};
use shared::review::{NotDecided, Undoing, Why, proposing_again, taking_back, title};
use shared::schema::{Kind, Path};
use shared::testing::random_edits;
use std::collections::BTreeMap;

const ROUNDS: u64 = 300;

fn actor(number: u8) -> ActorId {
    ActorId([number; 16])
}

fn view(document: &Document) -> RecordView {
    RecordView {
        record: RecordId([1; 16]),
        kind: Kind::Place,
        tree: document.tree(),
        stage: Stage::Shared,
        conflicts: Vec::new(),
        problems: Vec::new(),
        waiting_fields: Vec::new(),
        read_only: false,
    }
}

/// What a tree says, path by path, without the schema's help: neither empty maps nor empty texts say
/// anything.
fn says(tree: &Value) -> BTreeMap<String, Value> {
    fn walk(at: &str, value: &Value, found: &mut BTreeMap<String, Value>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| walk(&format!("{at}/{key}"), value, found)),
            Value::String(text) if text.is_empty() => {}
            value => drop(found.insert(at.to_owned(), value.clone())),
        }
    }
    let mut found = BTreeMap::new();
    walk("", tree, &mut found);
    found
}

/// Two devices that write at once now and then; the states that the record went through.
fn history(rng: &mut SmallRng) -> (Document, Vec<Value>) {
    let (mut document, _) = edit::create(Kind::Place, &[Edit::put("name", "Lieu")], actor(1)).expect("edits that fit");
    let mut states = vec![document.tree()];
    for _ in 0..rng.random_range(2..8) {
        let mut other = document.clone();
        let edits = random_edits(rng, &view(&document));
        edit::apply(&mut document, &edits, actor(1)).expect("edits that fit");
        if rng.random_bool(0.4) {
            let edits = random_edits(rng, &view(&other));
            let change = edit::apply(&mut other, &edits, actor(2)).expect("edits that fit");
            document.receive(change.iter().map(Vec::as_slice)).expect("it builds on what is here");
        }
        states.push(document.tree());
    }
    (document, states)
}

/// As the members' pages do it: until nothing is left to do.
fn made_to_read(document: &mut Document, wanted: &Value) {
    for _ in 0..3 {
        let edits = edit::difference(Kind::Place, &document.tree(), wanted);
        if edits.is_empty() {
            return;
        }
        edit::apply(document, &edits, actor(3)).expect("what was once written may be written again");
    }
}

#[test]
fn what_leads_people_elsewhere_is_risky() {
    let old = json!({
        "name": "Accueil", "address": {"city": "Lyon"}, "address_visibility": "full", "latitude": 45.7, "longitude": 4.8,
        "phones": {"a": {"number": "1"}}, "steps": {"a": {"position": 1}}, "internal_note": ""
    });
    let risk = |kind, field: &str, value: Value| {
        let mut new = old.clone();
        new[field] = value;
        Why::of(kind, &old, &new)
    };
    assert_eq!(risk(Kind::Place, "address", json!({"city": "Paris"})), [Why::Address]);
    assert_eq!(risk(Kind::Place, "address_visibility", json!("on_request")), [Why::Address]);
    assert_eq!(risk(Kind::Place, "latitude", json!(45.8)), [Why::Address]);
    assert_eq!(risk(Kind::Place, "longitude", Value::Null), [Why::Address]);
    assert_eq!(risk(Kind::Place, "phones", json!({"a": {"number": "2"}})), [Why::Phone]);
    assert_eq!(risk(Kind::Page, "steps", json!({"a": {"position": 2}})), [Why::Steps]);
    assert_eq!(Why::of(Kind::Place, &old, &json!({})), [Why::Address, Why::Phone], "taking it away is no better");
    for (kind, field) in [(Kind::Place, "name"), (Kind::Place, "steps"), (Kind::Page, "phones"), (Kind::Notice, "address")] {
        assert_eq!(risk(kind, field, json!("other")), [], "{field} of a {kind}");
    }
    assert_eq!(Why::of(Kind::Place, &json!({"phones": null}), &json!({})), [], "absent and null say the same");
}

#[test]
fn only_a_contributors_own_reason_is_no_risk() {
    let risky: Vec<Why> = Why::ALL.into_iter().filter(|why| why.is_risky()).collect();
    assert_eq!(risky, [Why::Address, Why::Phone, Why::Steps, Why::Many]);
}

/// The relay keeps reasons by their codes and answers with them; the app finds sentences by them.
#[test]
fn reasons_are_told_by_the_codes_that_json_has() {
    for why in Why::ALL {
        assert_eq!(Why::from_code(why.code()), Some(why));
        assert_eq!(json::to_string(&why), format!("\"{}\"", why.code()));
    }
    assert_eq!(Why::from_code("because"), None);
    for reason in NotDecided::ALL {
        assert_eq!(json::to_string(&reason), format!("\"{}\"", reason.code()));
    }
}

#[test]
fn what_was_never_published_is_put_aside_and_taken_up_again() {
    let proposed = |status: &str| json!({"name": "Lieu", "status": status});
    assert_eq!(taking_back(Kind::Place, &Value::Null, &proposed("active")), [Edit::put("status", "inactive")]);
    let again = |proposed: &Value| proposing_again(Kind::Place, &Value::Null, proposed);
    assert_eq!(again(&json!({"name": "Lieu"})), [Edit::put("status", "active")]);
    assert_eq!(again(&proposed("temporarily_closed")), [Edit::put("status", "temporarily_closed")]);
}

#[test]
fn records_are_called_by_their_first_line() {
    let place = json!({"name": "Accueil"});
    assert_eq!(title(Kind::Place, &place, "fr"), "Accueil");
    assert_eq!(title(Kind::Guide, &place, "fr"), "Accueil");
    let texts = json!({"ar": {"text": "حقوق"}, "en": {"text": ""}, "fr": {"text": "Droits\net devoirs"}});
    assert_eq!(title(Kind::Page, &json!({ "title": texts }), "fr"), "Droits");
    assert_eq!(title(Kind::Notice, &json!({ "text": texts }), "fr"), "Droits");
    assert_eq!(title(Kind::Page, &json!({ "title": texts }), "en"), "حقوق", "what is empty is not written");
    assert_eq!(title(Kind::Page, &json!({"title": {"fr": {"text": "é".repeat(200)}}}), "fr"), "é".repeat(80));
    assert_eq!(title(Kind::Page, &json!({}), "fr"), "");
}

#[test]
fn every_earlier_state_comes_back_whole() {
    for seed in 0..ROUNDS {
        let mut rng = SmallRng::seed_from_u64(seed);
        let (document, states) = history(&mut rng);
        for (number, wanted) in states.iter().enumerate() {
            let mut document = document.clone();
            made_to_read(&mut document, wanted);
            assert_eq!(says(&document.tree()), says(wanted), "seed {seed}, state {number}");
        }
    }
}

#[test]
fn what_is_taken_back_can_be_proposed_again() {
    for seed in 0..ROUNDS {
        let mut rng = SmallRng::seed_from_u64(seed);
        let (document, states) = history(&mut rng);
        let (published, proposed) = (&states[0], document.tree());
        let mut tree = proposed.clone();
        taking_back(Kind::Place, published, &proposed).iter().for_each(|one| edit::perform(&mut tree, one));
        assert_eq!(says(&tree), says(published), "seed {seed}");
        proposing_again(Kind::Place, published, &proposed).iter().for_each(|one| edit::perform(&mut tree, one));
        assert_eq!(says(&tree), says(&proposed), "seed {seed}");
    }
}

/// Against a plain model: the value that each field had before the device's latest run of writing in it.
#[test]
fn one_devices_part_is_undone_and_nobody_elses() {
    for seed in 0..ROUNDS {
        let mut rng = SmallRng::seed_from_u64(seed);
        let (mut document, _) = edit::create(Kind::Place, &[Edit::put("name", "Lieu")], actor(1)).expect("edits that fit");
        let mut undoing = Undoing::new(Kind::Place, document.tree());
        let mut written: BTreeMap<String, (bool, Option<Value>)> = BTreeMap::new();
        for _ in 0..rng.random_range(2..10) {
            let by_device = rng.random_bool(0.5);
            let before = says(&document.tree());
            let edits = random_edits(&mut rng, &view(&document));
            edit::apply(&mut document, &edits, actor(1 + u8::from(by_device))).expect("edits that fit");
            let after = says(&document.tree());
            for path in before.keys().chain(after.keys()).filter(|path| before.get(*path) != after.get(*path)) {
                let known = written.get(path).filter(|(own, _)| *own && by_device).cloned();
                written.insert(path.clone(), known.unwrap_or((by_device, before.get(path).cloned())));
            }
            undoing.step(document.tree(), by_device);
        }
        let mut expected = says(&document.tree());
        for (path, (_, value)) in written.into_iter().filter(|(_, (own, _))| *own) {
            match value {
                Some(value) => drop(expected.insert(path, value)),
                None => drop(expected.remove(&path)),
            }
        }
        let (edits, left) = undoing.finish();
        assert!(edits.iter().all(|edit| !left.contains(edit.path())), "seed {seed}");
        let mut undone = document.tree();
        edits.iter().for_each(|one| edit::perform(&mut undone, one));
        assert_eq!(says(&undone), expected, "seed {seed}");
        let mut document = document;
        edit::apply(&mut document, &edits, actor(3)).expect("edits that fit");
        assert_eq!(says(&document.tree()), expected, "seed {seed}, in the document");
    }
}

#[test]
fn what_a_device_began_alone_is_put_aside() {
    let tree = |fields: &[(&str, &str)]| -> Value {
        fields.iter().map(|(field, value)| ((*field).to_owned(), Value::from(*value))).collect::<Map<_, _>>().into()
    };
    let mut alone = Undoing::new(Kind::Place, Value::Null);
    alone.step(tree(&[("name", "Piège")]), true);
    assert_eq!(alone.finish(), (vec![Edit::put("status", "inactive")], Vec::new()));

    let mut adopted = Undoing::new(Kind::Place, Value::Null);
    adopted.step(tree(&[("name", "Lieu")]), true);
    adopted.step(tree(&[("name", "Vrai lieu")]), false);
    assert_eq!(adopted.finish(), (Vec::new(), vec![Path::from("name")]));

    let mut aside = Undoing::new(Kind::Place, Value::Null);
    aside.step(tree(&[("name", "Piège"), ("status", "inactive")]), true);
    assert_eq!(aside.finish(), (Vec::new(), Vec::new()), "it is put aside already");

    let mut settings = Undoing::new(Kind::Guide, Value::Null);
    settings.step(tree(&[("name", "Lyon")]), true);
    assert_eq!(settings.finish(), (Vec::new(), Vec::new()), "a guide without settings is none");
}

/// Entries that the device made go whole, also inside others and with texts in which nobody wrote yet;
/// those that it found stay, even when nothing is left in them.
#[test]
fn entries_that_a_device_made_go_whole() {
    let before = json!({"name": "Lieu", "services": {"found": {"name": {}}, "a1": {"category": "food", "description": {}}}});
    let after = json!({"name": "Lieu", "services": {
        "found": {"name": {}},
        "a1": {"category": "food", "description": {"fr": {"text": "Piège"}}},
        "a2": {"category": "food", "description": {"fr": {"text": "Piège"}, "ar": {"text": ""}}}
    }});
    let mut undoing = Undoing::new(Kind::Place, before.clone());
    undoing.step(after.clone(), true);
    let (edits, left) = undoing.finish();
    let mut undone = after;
    edits.iter().for_each(|one| edit::perform(&mut undone, one));
    assert_eq!((undone, left), (before, Vec::new()));
}

/// A text that nobody wrote in yet is nobody's: whoever writes in it overwrites no one.
#[test]
fn an_empty_text_is_not_the_devices() {
    let service =
        |text: &str| json!({"name": "Lieu", "services": {"a": {"category": "food", "description": {"fr": {"text": text}}}}});
    let mut undoing = Undoing::new(Kind::Place, json!({"name": "Lieu"}));
    undoing.step(service(""), true);
    undoing.step(service("Repas"), false);
    assert_eq!(undoing.finish(), (vec![Edit::clear("services.a.category")], Vec::new()));
}

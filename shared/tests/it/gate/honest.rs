//! Whatever people do with `edit`, the gate lets it in.

use super::random;
use super::workshop::{Desk, Person, one_place, record};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use shared::document::Document;
use shared::edit::Edit;
use shared::gate::Refusal;
use shared::limits::{BODY_CHARS_MAX, PROSE_CHARS_MAX};
use shared::schema::{Field, Kind, Path, Shape};

/// Every field that the schema has, collections with one entry.
fn every_field(rng: &mut SmallRng, fields: &'static [Field], at: &Path, edits: &mut Vec<Edit>) {
    for field in fields {
        every(rng, &field.shape, at.join(field.name), edits);
    }
}

fn every(rng: &mut SmallRng, shape: &'static Shape, path: Path, edits: &mut Vec<Edit>) {
    match shape {
        Shape::Map(fields) => every_field(rng, fields, &path, edits),
        Shape::Each(key, of) => {
            let known = ["fr", "call", "women", "alone", "refugees", "identity", "health.doctor", "k1"];
            let entry = known.into_iter().find(|entry| key.allows(entry)).expect("a key for each kind");
            every(rng, of, path.join(entry), edits);
        }
        Shape::Prose(_) => edits.push(Edit::write(path, random::text(rng, 20))),
        scalar => edits.push(Edit::Put { path, value: random::value(rng, scalar) }),
    }
}

#[test]
fn every_field_of_every_kind_passes() {
    let mut rng = SmallRng::seed_from_u64(1);
    for kind in Kind::ALL {
        let steward = Person::steward(1);
        let mut desk = Desk::default();
        let at = if kind == Kind::Guide { super::workshop::guide().settings() } else { record(1) };
        let mut edits = Vec::new();
        every_field(&mut rng, kind.fields(), &Path::new(""), &mut edits);
        let (mut document, changes) = steward.create(kind, &edits);
        desk.push(&steward, at, &changes).unwrap_or_else(|refusal| panic!("{kind}: {refusal:?}"));
        assert_eq!(desk.documents[&at].tree(), document.tree());
        for edit in &edits {
            let away = match edit {
                Edit::Write { path, .. } => Edit::write(path.clone(), "something else"),
                other => Edit::clear(other.path().clone()),
            };
            let change = steward.edit(&mut document, &[away]);
            desk.push(&steward, at, &[change]).unwrap_or_else(|refusal| panic!("{edit:?}: {refusal:?}"));
        }
        assert_eq!(desk.documents[&at].tree(), document.tree());
    }
}

/// Three people write offline, each pushes all they did, in a random order, and pulls what others did.
#[test]
fn whatever_people_write_at_once_passes() {
    let seed = std::env::var("SOCLE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20261123);
    println!("seed {seed} (SOCLE_SEED)");
    let mut rng = SmallRng::seed_from_u64(seed);
    for round in 0..24 {
        let kind = [Kind::Place, Kind::Page, Kind::Notice][round % 3];
        let mut people: Vec<Person> = (1..=3).map(Person::new).collect();
        let (first, changes) = people[0].create(kind, &[]);
        let mut desk = Desk::default();
        desk.push(&people[0], record(1), &changes).expect("a beginning");
        let mut copies = [first.clone(), first.clone(), first];
        for _ in 0..12 {
            let who = rng.random_range(0..people.len());
            let changes = some_work(&mut rng, kind, &people[who], &mut copies[who]);
            let pushed = desk.push(&people[who], record(1), &changes);
            assert_eq!(pushed, Ok(changes.len()), "seed {seed}, round {round}");
            if rng.random_ratio(1, 2) {
                pull(&desk, &mut copies[who]);
            }
            if rng.random_ratio(1, 4) {
                people[who].nonce.0[0] = rng.random();
            }
        }
        copies.iter_mut().for_each(|copy| pull(&desk, copy));
        assert!(copies.iter().all(|copy| copy.tree() == desk.documents[&record(1)].tree()), "seed {seed}, round {round}");
    }
}

fn some_work(rng: &mut SmallRng, kind: Kind, person: &Person, copy: &mut Document) -> Vec<Vec<u8>> {
    let mut changes = Vec::new();
    for _ in 0..rng.random_range(1..6) {
        let edits: Vec<Edit> = (0..rng.random_range(1..5)).map(|_| random::edit(rng, kind, &copy.tree())).collect();
        let change = shared::edit::apply(copy, &edits, person.actor()).expect("edits of the schema");
        changes.extend(change);
    }
    changes
}

fn pull(desk: &Desk, copy: &mut Document) {
    let changes = desk.documents[&record(1)].changes();
    copy.receive(changes.iter().map(Vec::as_slice)).expect("everything that was let in");
}

#[test]
fn an_edit_inside_an_entry_that_was_removed_meanwhile_passes() {
    let (mut desk, alice, mut hers) = one_place();
    let (bob, mut his) = (Person::new(2), desk.documents[&record(1)].clone());
    let removal = alice.edit(&mut hers, &[Edit::remove("services.a1")]);
    desk.push(&alice, record(1), &[removal]).expect("a removal");
    let late = bob.edit(
        &mut his,
        &[Edit::put("services.a1.category", "food"), Edit::write("services.a1.description.fr.text", "Repas froids")],
    );
    assert_eq!(desk.push(&bob, record(1), &[late]), Ok(1));
}

#[test]
fn a_settled_conflict_passes() {
    let (mut desk, alice, mut hers) = one_place();
    let (bob, mut his) = (Person::new(2), desk.documents[&record(1)].clone());
    for (person, copy, word) in [(&alice, &mut hers, "one"), (&bob, &mut his, "two")] {
        let edits = [
            Edit::put("name", word),
            Edit::write("description.en.text", word),
            Edit::put("services.b2.name.fr.text", word),
            Edit::write("services.b2.description.fr.text", word),
        ];
        let change = person.edit(copy, &edits);
        assert_eq!(desk.push(person, record(1), &[change]), Ok(1));
    }
    pull(&desk, &mut hers);
    assert!(!hers.conflicts().is_empty());
    let settled = alice.edit(
        &mut hers,
        &[Edit::put("name", "two"), Edit::write("description.en.text", "both"), Edit::put("services.b2.name.fr.text", "two")],
    );
    assert_eq!(desk.push(&alice, record(1), &[settled]), Ok(1));
    assert_eq!(desk.documents[&record(1)].tree()["name"], "two");
}

/// The longest text there may be, replaced by another, in one change.
#[test]
fn the_longest_texts_pass() {
    let editor = Person::new(1);
    for (kind, path, max) in [(Kind::Page, "body.fr.text", BODY_CHARS_MAX), (Kind::Place, "description.ar.text", PROSE_CHARS_MAX)]
    {
        let mut desk = Desk::default();
        let mut rng = SmallRng::seed_from_u64(7);
        let long = |rng: &mut SmallRng| -> String { (0..max).map(|_| if rng.random() { 'ع' } else { 'x' }).collect() };
        let (mut document, changes) = editor.create(kind, &[Edit::write(path, long(&mut rng))]);
        assert_eq!(desk.push(&editor, record(1), &changes), Ok(2), "{path}");
        let change = editor.edit(&mut document, &[Edit::write(path, "日本".repeat(max / 2))]);
        let start = std::time::Instant::now();
        assert_eq!(desk.push(&editor, record(1), std::slice::from_ref(&change)), Ok(1), "{path}");
        println!("{path}: {} bytes, {:?}", change.len(), start.elapsed());
    }
}

/// Where a run of operations becomes one byte longer to write down, and next to it.
#[test]
fn texts_of_every_length_pass() {
    let alice = Person::new(1);
    for length in [1, 2, 63, 64, 65, 127, 128, 129] {
        let (same, mixed) = ("x".repeat(length), "xé".chars().cycle().take(length).collect::<String>());
        for text in [same, mixed] {
            let mut desk = Desk::default();
            let (mut document, changes) = alice.create(Kind::Place, &[Edit::write("internal_note", text.as_str())]);
            assert_eq!(desk.push(&alice, record(1), &changes), Ok(2), "{length}");
            let shorter = alice.edit(&mut document, &[Edit::write("internal_note", "")]);
            assert_eq!(desk.push(&alice, record(1), &[shorter]), Ok(1), "{length}");
        }
    }
}

#[test]
fn what_is_known_is_passed_over() {
    let (mut desk, alice, mut hers) = one_place();
    let change = alice.edit(&mut hers, &[Edit::put("email", "accueil@example.org")]);
    assert_eq!(desk.push(&alice, record(1), std::slice::from_ref(&change)), Ok(1));
    assert_eq!(desk.push(&alice, record(1), std::slice::from_ref(&change)), Ok(0));
    let next = alice.edit(&mut hers, &[Edit::clear("email")]);
    assert_eq!(desk.push(&alice, record(1), &[change, next.clone(), next]), Ok(1));
}

#[test]
fn changes_that_come_too_early_are_asked_for_again() {
    let (mut desk, alice, mut hers) = one_place();
    let one = alice.edit(&mut hers, &[Edit::put("email", "a@example.org")]);
    let two = alice.edit(&mut hers, &[Edit::put("email", "b@example.org")]);
    assert_eq!(desk.push(&alice, record(1), std::slice::from_ref(&two)), Err(Refusal::MissingDeps));
    assert_eq!(desk.push(&alice, record(1), &[one]), Ok(1));
    assert_eq!(desk.push(&alice, record(1), &[two]), Ok(1));
}

/// Numbers that are copied from an address book come with marks around them.
#[test]
fn what_turns_letters_round_is_left_out_before_it_is_sent() {
    let (mut desk, alice, mut hers) = one_place();
    let change = alice.edit(&mut hers, &[Edit::put("phones.b2.number", "\u{202a}04 72\u{202c}")]);
    assert_eq!(desk.push(&alice, record(1), &[change]), Ok(1));
    assert_eq!(desk.documents[&record(1)].tree()["phones"]["b2"]["number"], "04 72");
}

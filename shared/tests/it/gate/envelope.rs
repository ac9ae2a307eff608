//! Step 1: who may write what.

use super::workshop::{Desk, Person, guide, one_place, record};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use shared::batch::BatchChange;
use shared::edit::Edit;
use shared::gate::{Refusal, Role};
use shared::limits::{BATCH_CHANGES_MAX, CHANGE_BYTES_MAX, DOCUMENT_BYTES_MAX, HOURS_CHARS_MAX};
use shared::schema::Kind;
use std::collections::BTreeSet;

#[test]
fn a_revoked_device_is_refused() {
    let (mut desk, mut alice, mut hers) = one_place();
    let change = alice.edit(&mut hers, &[Edit::clear("name")]);
    alice.active = false;
    assert_eq!(desk.push(&alice, record(1), &[change]), Err(Refusal::Revoked));
}

#[test]
fn another_signature_is_refused() {
    let (desk, alice, mut hers) = one_place();
    let change = BatchChange { record: record(1), bytes: alice.edit(&mut hers, &[Edit::clear("name")]) };
    let mut sealed = alice.seal(vec![change]);
    sealed.batch.batch.0[0] ^= 1;
    assert_eq!(desk.admit(&sealed, &alice.member()).err(), Some(Refusal::BadSignature));
}

#[test]
fn another_guide_or_device_is_refused() {
    let (desk, alice, mut hers) = one_place();
    let change = BatchChange { record: record(1), bytes: alice.edit(&mut hers, &[Edit::clear("name")]) };
    let mut elsewhere = alice.batch(vec![change.clone()]);
    elsewhere.guide = "paris".parse().expect("a slug");
    let sealed = shared::batch::sign(&elsewhere, &alice.key);
    assert_eq!(desk.admit(&sealed, &alice.member()).err(), Some(Refusal::UnknownDevice));
    let sealed = alice.seal(vec![change]);
    assert_eq!(desk.admit(&sealed, &Person::new(2).member()).err(), Some(Refusal::UnknownDevice));
}

#[test]
fn settings_are_for_stewards() {
    let mut desk = Desk::default();
    let mut alice = Person::steward(1);
    let (mut document, changes) = alice.create(Kind::Guide, &[Edit::put("name", "Lyon")]);
    assert_eq!(desk.push(&alice, guide().settings(), &changes), Ok(2));
    let change = alice.edit(&mut document, &[Edit::put("name", "Villeurbanne")]);
    alice.role = Role::Editor;
    assert_eq!(desk.push(&alice, guide().settings(), std::slice::from_ref(&change)), Err(Refusal::NotAllowed));
    alice.role = Role::Contributor;
    assert_eq!(desk.push(&alice, guide().settings(), &[change]), Err(Refusal::NotAllowed));
}

#[test]
fn contributors_write_places_pages_and_notices() {
    let mut desk = Desk::default();
    let alice = Person { role: Role::Contributor, ..Person::new(1) };
    for (number, kind) in [Kind::Place, Kind::Page, Kind::Notice].into_iter().enumerate() {
        let (_, changes) = alice.create(kind, &[]);
        assert_eq!(desk.push(&alice, record(number as u8), &changes), Ok(1));
    }
}

#[test]
fn settings_and_records_keep_to_their_ids() {
    let mut desk = Desk::default();
    let alice = Person::steward(1);
    for (kind, at) in [(Kind::Guide, record(1)), (Kind::Place, guide().settings())] {
        let (_, changes) = alice.create(kind, &[]);
        let refusal = desk.push(&alice, at, &changes).expect_err("the wrong id");
        assert!(matches!(&refusal, Refusal::Malformed { detail, .. } if detail.contains("belongs under this id")), "{refusal:?}");
    }
}

#[test]
fn a_purged_record_stays_purged() {
    let (mut desk, alice, mut hers) = one_place();
    desk.purged.push(record(1));
    let change = alice.edit(&mut hers, &[Edit::clear("name")]);
    assert_eq!(desk.push(&alice, record(1), &[change]), Err(Refusal::Purged));
}

#[test]
fn too_much_at_once_is_refused() {
    let (mut desk, alice, _) = one_place();
    assert_eq!(desk.push(&alice, record(1), &[vec![0; CHANGE_BYTES_MAX + 1]]), Err(Refusal::TooLarge));
    assert_eq!(desk.push(&alice, record(1), &vec![Vec::new(); BATCH_CHANGES_MAX + 1]), Err(Refusal::TooLarge));
}

/// What just fits is refused for what it is, not for its size.
#[test]
fn what_just_fits_is_not_too_large() {
    let (mut desk, alice, _) = one_place();
    let looked_at = |refusal: Result<usize, Refusal>| matches!(refusal, Err(Refusal::Malformed { index: 0, .. }));
    assert!(looked_at(desk.push(&alice, record(1), &[vec![0; CHANGE_BYTES_MAX]])));
    assert!(looked_at(desk.push(&alice, record(1), &vec![Vec::new(); BATCH_CHANGES_MAX])));
}

/// A record that has grown to its bound, by whatever way, takes no more.
#[test]
fn a_record_that_has_grown_too_large_takes_no_more() {
    let (mut desk, alice, mut hers) = one_place();
    let mut rng = SmallRng::seed_from_u64(1);
    // Letters drawn from many: what repeats is stored small.
    let mut hours = || -> String { (0..HOURS_CHARS_MAX).map(|_| rng.random_range('\u{4e00}'..'\u{9fff}')).collect() };
    while hers.save().len() <= DOCUMENT_BYTES_MAX {
        let edits: Vec<Edit> = (0..50).map(|at| Edit::put(format!("services.k{at}.opening_hours"), hours())).collect();
        alice.edit(&mut hers, &edits);
    }
    desk.documents.insert(record(1), hers.clone());
    let change = alice.edit(&mut hers, &[Edit::put("name", "Accueil de nuit")]);
    assert_eq!(desk.push(&alice, record(1), &[change]), Err(Refusal::TooLarge));
}

#[test]
fn roles_are_told_by_their_codes() {
    for (role, code) in [(Role::Contributor, "contributor"), (Role::Editor, "editor"), (Role::Steward, "steward")] {
        assert_eq!(role.code(), code);
        assert_eq!(Role::from_code(code), Some(role));
    }
    assert_eq!(Role::from_code("owner"), None);
}

/// What a device does about a refusal hangs on this: all others turn the batch into a draft.
#[test]
fn only_missing_dependencies_pass_by_themselves() {
    let passing: Vec<Refusal> = Refusal::every().filter(Refusal::is_passing).collect();
    assert_eq!(passing, [Refusal::MissingDeps]);
    let codes: BTreeSet<&str> = Refusal::every().map(|refusal| refusal.code()).collect();
    assert_eq!((codes.len(), Refusal::every().count()), (11, 11), "each has a code of its own");
}

/// One bad change, and nothing of the batch gets in; the refusal says which one it was.
#[test]
fn a_batch_is_refused_whole() {
    let (mut desk, alice, mut hers) = one_place();
    let good = alice.edit(&mut hers, &[Edit::clear("name")]);
    let mut bad = alice.edit(&mut hers, &[Edit::put("name", "x")]);
    bad[4] ^= 1;
    let before = desk.documents[&record(1)].heads();
    let refusal = desk.push(&alice, record(1), &[good, bad]).expect_err("a wrong checksum");
    assert_eq!(refusal, Refusal::Malformed { index: 1, detail: "the checksum is wrong".to_owned() });
    assert_eq!(desk.documents[&record(1)].heads(), before);
}

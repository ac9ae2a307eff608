//! Step 1: who may write what.

use super::workshop::{Desk, Person, guide, one_place, record};
use shared::batch::BatchChange;
use shared::edit::Edit;
use shared::gate::{Refusal, Role};
use shared::limits::{BATCH_CHANGES_MAX, CHANGE_BYTES_MAX};
use shared::schema::Kind;

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

//! What happens to a batch: each answer there is.

use crate::house::{House, Phone, draw};
use axum::body::Body;
use axum::http::Request;
use server::relay::RelayError;
use shared::batch::{Batch, BatchChange, sign};
use shared::edit::Edit;
use shared::gate::Role;
use shared::ids::{BatchId, RecordId};
use shared::limits::{BATCH_BYTES_MAX, IMPORT_BATCH_BYTES_MAX};
use shared::schema::Kind;
use shared::wire::{Accepted, FeedPage, Workspace};

#[test]
fn an_accepted_batch_is_in_the_feed_and_in_the_workspace() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let before = feed(&house, &ana, 0).feed_seq;
    let (sheet, sealed) = ana.place("La Passerelle");
    let answer = house.send(&sealed);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    let accepted: Accepted = shared::json::from_slice(&answer.bytes).expect("what was promised");
    assert_eq!(accepted.feed_seq, before + 2, "one change makes the record, one fills it");
    let told = house.relay.news().listen().borrow().get(&house.guide).map(|beat| beat.feed_seq);
    assert_eq!(told, Some(accepted.feed_seq), "whoever listens knows when the sender does");

    let page = feed(&house, &ana, before);
    assert_eq!((page.changes.len(), page.feed_seq, page.more), (2, accepted.feed_seq, false));
    assert!(page.changes.iter().all(|change| change.record[..] == sheet.record.0[..]));
    assert_eq!(page.authors.len(), 1);
    assert_eq!((page.authors[0].pseudonym.as_str(), page.authors[0].day.as_str()), ("Ana", "2026-11-23"));

    let answer = house.get_with("/api/guides/lyon/workspace", &[("authorization", &format!("Bearer {}", ana.token))]);
    let workspace: Workspace = minicbor::decode(&answer.bytes).expect("CBOR");
    assert_eq!(workspace.feed_seq, accepted.feed_seq);
    let packed = workspace.documents.iter().find(|packed| packed.record[..] == sheet.record.0[..]).expect("the new place");
    let document = shared::document::Document::load(&packed.document).expect("a document");
    assert_eq!(document.tree(), sheet.document.tree());
}

#[test]
fn the_same_batch_again_gets_the_same_answer_and_adds_nothing() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (_, sealed) = ana.place("La Passerelle");
    let first = house.send(&sealed);
    let after = feed(&house, &ana, 0).changes.len();
    let house = house.restarted();
    let second = house.send(&sealed);
    assert_eq!((first.status, &first.bytes), (second.status, &second.bytes));
    assert_eq!(feed(&house, &ana, 0).changes.len(), after);
}

#[test]
fn the_same_id_with_other_content_is_refused() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (_, first) = ana.place("La Passerelle");
    let (_, mut other) = ana.place("Le Refuge");
    assert_eq!(house.send(&first).status, 200);
    other.batch.batch = first.batch.batch;
    let other = sign(&other.batch, &ana.device.key);
    assert_eq!(house.send(&other).refusal(), (422, "batch_reused".to_owned()));
}

#[test]
fn parts_out_of_order_wait_for_each_other_and_converge() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let (mut sheet, first) = ana.place("La Passerelle");
    let second = ana.edit(&mut sheet, &[Edit::put("address.city", "Lyon")]);
    let third = ana.edit(&mut sheet, &[Edit::put("email", "contact@example.org")]);
    assert_eq!(house.send(&third).refusal(), (409, "missing_deps".to_owned()));
    assert_eq!(house.send(&second).refusal(), (409, "missing_deps".to_owned()));
    for sealed in [&first, &second, &third] {
        assert_eq!(house.send(sealed).status, 200);
    }
    let held = house.relay.record(&house.guide, sheet.record).expect("readable").expect("accepted");
    assert_eq!(held.document.heads(), sheet.document.heads());
}

#[test]
fn two_phones_that_edit_one_record_are_merged() {
    let house = House::new();
    let (ana, ben) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Editor, "Ben"));
    let (mut of_ana, first) = ana.place("La Passerelle");
    assert_eq!(house.send(&first).status, 200);
    let held = house.relay.record(&house.guide, of_ana.record).expect("readable").expect("accepted");
    let mut of_ben = crate::house::Sheet { record: of_ana.record, document: held.document };
    let from_ben = ben.edit(&mut of_ben, &[Edit::put("email", "ben@example.org")]);
    let from_ana = ana.edit(&mut of_ana, &[Edit::put("address.city", "Lyon")]);
    assert_eq!((house.send(&from_ben).status.as_u16(), house.send(&from_ana).status.as_u16()), (200, 200));
    let tree = house.relay.record(&house.guide, of_ana.record).expect("readable").expect("accepted").document.tree();
    assert_eq!((&tree["email"], &tree["address"]["city"]), (&"ben@example.org".into(), &"Lyon".into()));
}

#[test]
fn strangers_the_revoked_and_the_forged_are_refused() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let stranger = Phone::new(&house.guide, "nobody");
    assert_eq!(house.send(&stranger.place("X").1).refusal(), (403, "unknown_device".to_owned()));

    let mut forged = ana.place("X").1;
    forged.signature = stranger.place("X").1.signature;
    assert_eq!(house.send(&forged).refusal(), (403, "bad_signature".to_owned()));

    let (id, guide) = (ana.device.id, house.guide.clone());
    let revoke = house.relay.store().write(move |rows| rows.set_device_active(&guide, id, false));
    assert!(revoke.wait().expect("written"));
    assert_eq!(house.send(&ana.place("X").1).refusal(), (403, "revoked".to_owned()));
    let token = format!("Bearer {}", ana.token);
    let denied = house.get_with("/api/guides/lyon/feed", &[("authorization", &token)]);
    assert_eq!(denied.refusal(), (401, "bad_token".to_owned()));
}

#[test]
fn only_stewards_change_the_settings() {
    let house = House::new();
    let (ana, tess) = (house.phone(Role::Editor, "Ana"), house.phone(Role::Steward, "Tess"));
    let settings = || {
        let held = house.relay.record(&house.guide, house.guide.settings()).expect("readable").expect("there");
        crate::house::Sheet { record: held.record, document: held.document }
    };
    let name = [Edit::put("name", "Lyon pour tous")];
    assert_eq!(house.send(&ana.edit(&mut settings(), &name)).refusal(), (403, "not_allowed".to_owned()));
    assert_eq!(house.send(&tess.edit(&mut settings(), &name)).status, 200);
}

#[test]
fn what_is_not_a_batch_or_too_large_is_refused() {
    let house = House::new();
    let path = format!("/api/guides/lyon/batches/{}", BatchId(draw()));
    let post = |path: &str, bytes: Vec<u8>| house.ask(Request::post(path).body(Body::from(bytes)).expect("a request"));
    assert_eq!(post(&path, b"not a batch".to_vec()).refusal(), (422, "malformed".to_owned()));
    assert_eq!(post(&path, vec![0; BATCH_BYTES_MAX + 1]).refusal(), (413, "too_large".to_owned()));
    assert_eq!(post("/api/guides/lyon/batches/42", Vec::new()).status, 404);
    assert_eq!(post("/api/guides/nowhere/batches/42", Vec::new()).status, 404);

    let ana = house.phone(Role::Editor, "Ana");
    let batch = ana.place("X").1;
    let elsewhere = house.ask(Request::post(&path).body(Body::from(batch.encode())).expect("a request"));
    assert_eq!(elsewhere.refusal(), (422, "malformed".to_owned()), "the address names another batch");

    let change = BatchChange { record: RecordId(draw()), bytes: b"\x85\x6f\x4a\x83 not a change".to_vec() };
    let batch = Batch { changes: vec![change], ..batch.batch };
    assert_eq!(house.send(&sign(&batch, &ana.device.key)).refusal(), (422, "malformed".to_owned()));
}

#[test]
fn one_bad_change_refuses_the_whole_batch() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let before = feed(&house, &ana, 0).feed_seq;
    let (_, good) = ana.place("Good");
    let mut batch = good.batch;
    batch.changes.push(BatchChange { record: RecordId(draw()), bytes: vec![0; 40] });
    assert_eq!(house.send(&sign(&batch, &ana.device.key)).status, 422);
    assert_eq!(feed(&house, &ana, 0).feed_seq, before);
}

#[test]
fn the_feed_comes_in_pages() {
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let start = feed(&house, &ana, 0).feed_seq;
    let mut changes = Vec::new();
    for number in 0..300 {
        changes.extend(ana.create(Kind::Place, &[Edit::put("name", format!("Place {number}"))]).1.batch.changes);
    }
    let sealed = ana.device.seal(changes).expect("random bytes");
    assert_eq!(house.send(&sealed).status, 200);
    let first = feed(&house, &ana, start);
    assert_eq!((first.changes.len(), first.more), (500, true));
    let second = feed(&house, &ana, first.feed_seq);
    assert_eq!((second.changes.len(), second.more, second.feed_seq), (100, false, start + 600));
}

pub fn feed(house: &House, phone: &Phone, since: u64) -> FeedPage {
    let token = format!("Bearer {}", phone.token);
    let answer = house.get_with(&format!("/api/guides/lyon/feed?since={since}"), &[("authorization", &token)]);
    assert_eq!(answer.status, 200);
    minicbor::decode(&answer.bytes).expect("CBOR")
}

/// An import on the host cuts what it has into batches: one that is too large is a fault of ours, and is refused
/// before anything is read in it.
#[test]
fn an_imports_batch_has_a_size_too() {
    const CHANGE_BYTES: usize = 32 * 1024;
    let house = House::new();
    let ana = house.phone(Role::Editor, "Ana");
    let of = |bytes: usize| {
        let mut changes = vec![vec![0; CHANGE_BYTES]; IMPORT_BATCH_BYTES_MAX / CHANGE_BYTES - 2];
        changes.push(vec![0; bytes]);
        ana.seal(RecordId(draw()), changes)
    };
    let last = CHANGE_BYTES + IMPORT_BATCH_BYTES_MAX - of(CHANGE_BYTES).encode().len();
    assert_eq!(of(last).encode().len(), IMPORT_BATCH_BYTES_MAX);
    let refused = |bytes: usize| match house.relay.submit(of(bytes)) {
        Err(RelayError::Refused(refusal)) => refusal.code(),
        _ => "taken, or something else",
    };
    assert_eq!(refused(last), "malformed", "it is looked at");
    assert_eq!(refused(last + 1), "too_large");
    assert_eq!(refused(last + 4_096), "too_large");
}

//! The sealed batch: one encoding, one signature's text, and nothing else gets through.

use crate::gate::workshop::{Person, guide};
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, VerifyingKey};
use shared::batch::{self, Batch, BatchChange, Sealed};
use shared::gate::Refusal;
use shared::ids::{RecordId, hex, unhex};
use shared::limits::{BATCH_BYTES_MAX, BATCH_CHANGES_MAX, CHANGE_BYTES_MAX};

fn sample() -> Sealed {
    let change = |number: u8| BatchChange { record: RecordId([number; 16]), bytes: vec![number; 30] };
    Person::new(1).seal(vec![change(1), change(2)])
}

#[test]
fn a_batch_comes_back() {
    let sealed = sample();
    assert_eq!(Sealed::decode(&sealed.encode(), BATCH_BYTES_MAX), Ok(sealed.clone()));
    assert!(sealed.verify(&Person::new(1).member().public_key));
    assert!(!sealed.verify(&Person::new(2).member().public_key));
}

#[test]
fn every_bit_is_signed() {
    let sealed = sample();
    let key = Person::new(1).member().public_key;
    let bytes = sealed.encode();
    for bit in 0..bytes.len() * 8 {
        let mut other = bytes.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        let passes = Sealed::decode(&other, BATCH_BYTES_MAX).is_ok_and(|other| other.verify(&key));
        assert!(!passes, "bit {bit}");
    }
}

#[test]
fn only_one_encoding_is_read() {
    let bytes = sample().encode();
    for length in 0..bytes.len() {
        assert!(Sealed::decode(&bytes[..length], BATCH_BYTES_MAX).is_err(), "{length}");
    }
    let refused = |bytes: &[u8]| matches!(Sealed::decode(bytes, BATCH_BYTES_MAX), Err(Refusal::Malformed { index: 0, .. }));
    assert!(refused(&[bytes.clone(), vec![0]].concat()), "a byte too many");
    // `v` as 0x18 0x01 is the same number, longer.
    assert_eq!(&bytes[..4], [0xa7, 0x61, b'v', 1]);
    assert!(refused(&[&[0xa7, 0x61, b'v', 0x18, 1], &bytes[4..]].concat()), "a longer number");
    let newer = Sealed::decode(&[&[0xa7, 0x61, b'v', 2], &bytes[4..]].concat(), BATCH_BYTES_MAX);
    assert_eq!(newer, Err(Refusal::Malformed { index: 0, detail: "batch: version 2 is not known".to_owned() }));
    assert!(refused(&[&[0xa7, 0x61, b'w', 1], &bytes[4..]].concat()), "an unknown key");
    assert!(refused(&[&[0xbf, 0x61, b'v', 1], &bytes[4..], &[0xff]].concat()), "a map without a length");
    assert!(refused(&[&[0xa8, 0x61, b'v', 1, 0x61, b'v', 1], &bytes[4..]].concat()), "a key twice");
}

#[test]
fn what_just_fits_is_read() {
    let bytes = sample().encode();
    assert!(Sealed::decode(&bytes, bytes.len()).is_ok());
    let many = vec![BatchChange { record: RecordId([1; 16]), bytes: Vec::new() }; BATCH_CHANGES_MAX];
    let long = vec![BatchChange { record: RecordId([1; 16]), bytes: vec![0; CHANGE_BYTES_MAX] }];
    for changes in [many, long, Vec::new()] {
        let sealed = Person::new(1).seal(changes);
        assert_eq!(Sealed::decode(&sealed.encode(), BATCH_BYTES_MAX), Ok(sealed));
    }
}

#[test]
fn sizes_are_bounded() {
    let bytes = sample().encode();
    let long = BatchChange { record: RecordId([1; 16]), bytes: vec![0; CHANGE_BYTES_MAX + 1] };
    assert_eq!(Sealed::decode(&Person::new(1).seal(vec![long]).encode(), BATCH_BYTES_MAX), Err(Refusal::TooLarge));
    assert_eq!(Sealed::decode(&bytes, bytes.len() - 1), Err(Refusal::TooLarge));
    let many = Person::new(1).seal(vec![BatchChange { record: RecordId([1; 16]), bytes: Vec::new() }; 2_001]);
    assert_eq!(Sealed::decode(&many.encode(), BATCH_BYTES_MAX), Err(Refusal::TooLarge));
    // An array that claims 2^32 changes and has none.
    let empty = Person::new(1).seal(Vec::new()).encode();
    let (head, last) = empty.split_at(empty.len() - 1);
    assert_eq!(last, [0x80]);
    assert_eq!(Sealed::decode(&[head, &[0x9b, 0, 0, 0, 1, 0, 0, 0, 0]].concat(), BATCH_BYTES_MAX), Err(Refusal::TooLarge));
}

/// WebCrypto gives either of the two signatures that a key makes; both are good.
#[test]
fn both_forms_of_s_are_good() {
    let person = Person::new(1);
    let batch = person.batch(Vec::new());
    let signature: Signature = person.key.sign(&batch.signing_bytes());
    let (r, s) = signature.split_scalars();
    let other = Signature::from_scalars(r, -s).expect("the other root");
    for signature in [signature, other] {
        let sealed = batch.clone().seal(signature.to_bytes().into());
        assert!(sealed.verify(&person.member().public_key));
    }
    assert_eq!(batch.digest(), person.batch(Vec::new()).digest());
}

/// PROTOCOL.md's vector, so that clients in other languages can be held against it.
#[test]
fn the_vector_in_the_protocol() {
    let vector: serde_json::Value = serde_json::from_str(include_str!("../vectors/batch.json")).expect("JSON");
    let field = |name: &str| unhex(vector[name].as_str().unwrap_or_default()).expect("hexadecimal");
    let key = p256::ecdsa::SigningKey::from_slice(&field("private_key")).expect("a key");
    let public = batch::public_key(&key);
    assert_eq!(hex(&public), vector["public_key"]);
    let sealed = Sealed::decode(&field("sealed"), BATCH_BYTES_MAX).expect("a batch");
    assert_eq!(sealed.batch.guide, guide());
    assert_eq!(shared::ids::DeviceId::of_key(&public), sealed.batch.device);
    assert_eq!(shared::ids::ActorId::of_session(&public, &sealed.batch.nonce).to_string(), vector["actor"]);
    assert_eq!(sealed.batch.device.to_string(), vector["device"]);
    assert_eq!(sealed.batch.signing_bytes(), field("signing_bytes"));
    assert_eq!(hex(&sealed.batch.digest()), vector["digest"]);
    assert_eq!(batch::sign(&sealed.batch, &key).encode(), field("sealed"), "RFC 6979 signatures are repeatable");
    let signature = Signature::from_slice(&field("signature")).expect("a signature");
    let verifying = VerifyingKey::from_sec1_bytes(&public).expect("a key");
    verifying.verify(&field("signing_bytes"), &signature).expect("WebCrypto would say the same");
    let mut desk = crate::gate::workshop::Desk::default();
    let member = shared::gate::Member { public_key: public, role: shared::gate::Role::Editor, active: true };
    let admitted = desk.admit(&sealed, &member).expect("the gate lets it in");
    desk.documents.extend(admitted.into_iter().map(|admitted| (admitted.record, admitted.document)));
    let tree = desk.documents.values().next().expect("one record").tree();
    assert_eq!(tree["name"], vector["name"]);
}

/// Prints the vector anew: `cargo test -p shared -- --ignored --nocapture print_the_vector`.
#[test]
#[ignore = "writes what the test above reads"]
fn print_the_vector() {
    let person = Person::new(1);
    let edits = [shared::edit::Edit::put("name", "Maison des femmes"), shared::edit::Edit::put("status", "active")];
    let (_, changes) = person.create(shared::schema::Kind::Place, &edits);
    let changes = changes.into_iter().map(|bytes| BatchChange { record: RecordId([0xaa; 16]), bytes }).collect();
    let batch: Batch = person.batch(changes);
    let sealed = batch::sign(&batch, &person.key);
    let vector = serde_json::json!({
        "private_key": hex(&person.key.to_bytes()),
        "public_key": hex(&person.member().public_key),
        "device": batch.device.to_string(),
        "actor": person.actor().to_string(),
        "nonce": batch.nonce.to_string(),
        "batch": batch.batch.to_string(),
        "record": RecordId([0xaa; 16]).to_string(),
        "changes": batch.changes.iter().map(|change| hex(&change.bytes)).collect::<Vec<_>>(),
        "signing_bytes": hex(&batch.signing_bytes()),
        "digest": hex(&batch.digest()),
        "signature": hex(&sealed.signature),
        "sealed": hex(&sealed.encode()),
        "name": "Maison des femmes",
    });
    println!("{}", serde_json::to_string_pretty(&vector).expect("JSON"));
}

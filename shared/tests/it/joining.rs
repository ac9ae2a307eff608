//! The proof that goes with an invite.

use crate::gate::workshop::Person;
use p256::ecdsa::Signature;
use shared::ids::{hex, unhex};
use shared::joining::{proven_key, redeem, signing_bytes};
use shared::wire::Redeem;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn a_proof_is_for_one_invite_and_one_key() {
    let (ana, ben) = (Person::new(1), Person::new(2));
    let own = redeem(TOKEN, "Ana", &ana.key);
    assert_eq!(proven_key(&own), Some(ana.member().public_key));
    let bens = redeem(TOKEN, "Ben", &ben.key);
    let damaged = [
        Redeem { token: "1123456789abcdef0123456789abcdef".to_owned(), ..own.clone() },
        Redeem { public_key: bens.public_key, ..own.clone() },
        Redeem { proof: bens.proof, ..own.clone() },
        Redeem { proof: String::new(), ..own.clone() },
        Redeem { proof: own.proof.replace(&own.proof[..2], "zz"), ..own.clone() },
        Redeem { public_key: "04".repeat(65), ..own.clone() },
    ];
    for redeem in damaged {
        assert_eq!(proven_key(&redeem), None, "{redeem:?}");
    }
}

/// WebCrypto gives either of the two signatures that a key makes.
#[test]
fn both_forms_of_s_are_good() {
    let person = Person::new(1);
    let own = redeem(TOKEN, "Ana", &person.key);
    let bytes = unhex(&own.proof).expect("hexadecimal");
    let (r, s) = Signature::from_slice(&bytes).expect("a signature").split_scalars();
    let other = Signature::from_scalars(r, -s).expect("the other root");
    assert_eq!(proven_key(&Redeem { proof: hex(&other.to_bytes()), ..own }), Some(person.member().public_key));
}

/// PROTOCOL.md's vector. A signature as in RFC 6979 can be repeated.
#[test]
fn the_vector_in_the_protocol() {
    let vector: serde_json::Value = serde_json::from_str(include_str!("../vectors/join.json")).expect("JSON");
    let field = |name: &str| vector[name].as_str().unwrap_or_default();
    let key = unhex(field("private_key")).and_then(|key| p256::ecdsa::SigningKey::from_slice(&key).ok()).expect("a key");
    let redeem = redeem(field("token"), "Ana", &key);
    assert_eq!((redeem.public_key.as_str(), redeem.proof.as_str()), (field("public_key"), field("proof")));
    let public_key = proven_key(&redeem).expect("its own proof");
    assert_eq!(hex(&signing_bytes(&redeem.token, &public_key)), field("signing_bytes"));
}

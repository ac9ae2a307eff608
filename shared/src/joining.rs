//! Joining: whoever redeems an invite shows that the key is theirs. Without that, an invite in the
//! wrong hands could be spent on somebody else's key, which is no secret, and take their token and
//! their name from them.

use crate::batch::{is_signed, public_key};
use crate::ids::{hex, unhex};
use crate::wire::Redeem;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};

/// Keeps a signature over an invite from being one over anything else.
const DOMAIN: &[u8] = b"socle-join-v1\0";

/// What the device signs, as it signs batches.
pub fn signing_bytes(token: &str, public_key: &[u8]) -> Vec<u8> {
    [DOMAIN, token.as_bytes(), public_key].concat()
}

/// The key of a request, where it is a key and the request is signed with it.
pub fn proven_key(redeem: &Redeem) -> Option<[u8; 65]> {
    let public_key: [u8; 65] = unhex(&redeem.public_key)?.try_into().ok()?;
    let proof: [u8; 64] = unhex(&redeem.proof)?.try_into().ok()?;
    is_signed(&signing_bytes(&redeem.token, &public_key), &proof, &public_key).then_some(public_key)
}

/// The request of a device whose key is held here: for tests and tools. Browsers sign with WebCrypto.
pub fn redeem(token: &str, pseudonym: &str, key: &SigningKey) -> Redeem {
    let public_key = public_key(key);
    let proof: Signature = key.sign(&signing_bytes(token, &public_key));
    Redeem {
        token: token.to_owned(),
        public_key: hex(&public_key),
        pseudonym: pseudonym.to_owned(),
        proof: hex(&proof.to_bytes()),
    }
}

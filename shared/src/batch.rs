//! The sealed batch: changes of one device, signed; the unit of upload, accepted or refused whole.
//!
//! A device seals what it wrote, anybody may carry it, the gate opens it. Here is only the envelope:
//! bytes in, bytes out. What the changes inside mean is for [`crate::gate`]. PROTOCOL.md describes
//! the format byte by byte, with vectors that a test holds against this code.

use crate::gate::Refusal;
use crate::ids::{BatchId, DeviceId, GuideId, Nonce, RecordId};
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

mod cbor;

/// The version of this format.
pub const BATCH_VERSION: u8 = 1;

/// Keeps a signature over a batch from being one over anything else.
const DOMAIN: &[u8] = b"socle-batch-v1\0";

/// A batch before it is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub guide: GuideId,
    pub device: DeviceId,
    pub batch: BatchId,
    /// Names the session, and with the device's key the actor of every change.
    pub nonce: Nonce,
    pub changes: Vec<BatchChange>,
}

/// One Automerge change of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchChange {
    pub record: RecordId,
    /// A raw change chunk.
    pub bytes: Vec<u8>,
}

/// A batch with its device's signature: it proves itself, whoever delivers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub batch: Batch,
    /// ECDSA P-256, r ‖ s, 64 bytes, as WebCrypto gives it.
    pub signature: [u8; 64],
}

impl Batch {
    /// Exactly the bytes that `crypto.subtle.sign({name: "ECDSA", hash: "SHA-256"}, key, bytes)`
    /// gets: the domain, then the CBOR map without `sig`.
    pub fn signing_bytes(&self) -> Vec<u8> {
        let mut bytes = DOMAIN.to_vec();
        bytes.extend(cbor::encode(self, None));
        bytes
    }

    /// What makes two deliveries the same batch: SHA-256 of the signing bytes. Not of the sealed
    /// bytes, because an ECDSA signature can be drawn, and even rewritten by others, in several ways.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.signing_bytes()).into()
    }

    /// The batch with its signature, however the signature was made.
    pub fn seal(self, signature: [u8; 64]) -> Sealed {
        Sealed { batch: self, signature }
    }
}

impl Sealed {
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(&self.batch, Some(&self.signature))
    }

    /// The batch in `bytes`, at most `max_bytes` of them: the relay decides whether it takes an
    /// import ([`crate::limits::IMPORT_BATCH_BYTES_MAX`]) or only [`crate::limits::BATCH_BYTES_MAX`].
    /// There is one encoding of a batch, and only that one is read.
    pub fn decode(bytes: &[u8], max_bytes: usize) -> Result<Sealed, Refusal> {
        if bytes.len() > max_bytes {
            return Err(Refusal::TooLarge);
        }
        let sealed = cbor::decode(bytes)?;
        // Shortest lengths, nothing left over: whatever else might differ shows here.
        if sealed.encode() != bytes {
            return Err(cbor::malformed("not in the one encoding a batch has"));
        }
        Ok(sealed)
    }

    /// Whether the key behind `public_key` (SEC1, uncompressed) signed this batch.
    pub fn verify(&self, public_key: &[u8; 65]) -> bool {
        is_signed(&self.batch.signing_bytes(), &self.signature, public_key)
    }
}

/// Whether the key behind `public_key` signed these bytes. Both forms of `s` are good: WebCrypto does
/// not choose the lower one.
pub(crate) fn is_signed(bytes: &[u8], signature: &[u8; 64], public_key: &[u8; 65]) -> bool {
    let key = VerifyingKey::from_sec1_bytes(public_key);
    let signature = Signature::from_slice(signature);
    match (key, signature) {
        (Ok(key), Ok(signature)) => key.verify(bytes, &signature).is_ok(),
        _ => false,
    }
}

/// Seals a batch with a key held here: for the relay's own imports, and for tests. Browsers sign
/// with WebCrypto, whose keys cannot be taken out.
pub fn sign(batch: &Batch, key: &SigningKey) -> Sealed {
    let signature: Signature = key.sign(&batch.signing_bytes());
    batch.clone().seal(signature.to_bytes().into())
}

/// The public half of a key, as devices give it when they join.
pub fn public_key(key: &SigningKey) -> [u8; 65] {
    let point = key.verifying_key().to_encoded_point(false);
    let mut bytes = [0; 65];
    bytes.copy_from_slice(point.as_bytes());
    bytes
}

//! The sealed batch: changes of one device, signed; the unit of upload, accepted or refused whole.

use crate::ids::{BatchId, DeviceId, GuideId, Nonce, RecordId};

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

//! The one CBOR encoding of a batch: RFC 8949's core deterministic encoding (definite and shortest
//! lengths, map keys in the order of their encoded bytes), so that a signature covers one text only.

use super::{BATCH_VERSION, Batch, BatchChange, Sealed};
use crate::gate::Refusal;
use crate::ids::{BatchId, DeviceId, GuideId, Nonce, RecordId};
use crate::limits::{BATCH_CHANGES_MAX, CHANGE_BYTES_MAX};
use minicbor::encode::Write;
use minicbor::{Decoder, Encoder};
use std::convert::Infallible;

pub(super) fn malformed(detail: impl Into<String>) -> Refusal {
    Refusal::Malformed { index: 0, detail: format!("batch: {}", detail.into()) }
}

/// The map, with `sig` when there is a signature and without it for signing.
pub(super) fn encode(batch: &Batch, signature: Option<&[u8; 64]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    match write(&mut Encoder::new(&mut bytes), batch, signature) {
        Ok(()) => bytes,
        Err(error) => match error.into_write() {
            Some(never) => match never {},
            None => unreachable!("strings, numbers and bytes always encode"),
        },
    }
}

type Written = Result<(), minicbor::encode::Error<Infallible>>;

fn write<W: Write<Error = Infallible>>(to: &mut Encoder<W>, batch: &Batch, signature: Option<&[u8; 64]>) -> Written {
    to.map(6 + u64::from(signature.is_some()))?.str("v")?.u8(BATCH_VERSION)?;
    if let Some(signature) = signature {
        to.str("sig")?.bytes(signature)?;
    }
    to.str("batch")?.bytes(&batch.batch.0)?;
    to.str("guide")?.str(batch.guide.as_str())?;
    to.str("nonce")?.bytes(&batch.nonce.0)?;
    to.str("device")?.bytes(&batch.device.0)?;
    to.str("changes")?.array(batch.changes.len() as u64)?;
    for change in &batch.changes {
        to.map(2)?.str("bytes")?.bytes(&change.bytes)?.str("record")?.bytes(&change.record.0)?;
    }
    Ok(())
}

/// Reads keys in their only order; lengths are bounded before anything is kept.
pub(super) fn decode(bytes: &[u8]) -> Result<Sealed, Refusal> {
    let mut from = Decoder::new(bytes);
    if from.map().map_err(bad)? != Some(7) {
        return Err(malformed("not a map of seven keys"));
    }
    key(&mut from, "v")?;
    match from.u64().map_err(bad)? {
        version if version == u64::from(BATCH_VERSION) => {}
        version => return Err(malformed(format!("version {version} is not known"))),
    }
    let signature = fixed(&mut from, "sig")?;
    let batch = BatchId(fixed(&mut from, "batch")?);
    key(&mut from, "guide")?;
    let guide: GuideId = from.str().map_err(bad)?.parse().map_err(|error| malformed(format!("{error}")))?;
    let nonce = Nonce(fixed(&mut from, "nonce")?);
    let device = DeviceId(fixed(&mut from, "device")?);
    let changes = changes(&mut from)?;
    Ok(Batch { guide, device, batch, nonce, changes }.seal(signature))
}

fn changes(from: &mut Decoder<'_>) -> Result<Vec<BatchChange>, Refusal> {
    key(from, "changes")?;
    let count = from.array().map_err(bad)?.ok_or_else(|| malformed("a length left open"))?;
    if count > BATCH_CHANGES_MAX as u64 {
        return Err(Refusal::TooLarge);
    }
    (0..count).map(|_| change(from)).collect()
}

fn change(from: &mut Decoder<'_>) -> Result<BatchChange, Refusal> {
    if from.map().map_err(bad)? != Some(2) {
        return Err(malformed("a change is a map of two keys"));
    }
    key(from, "bytes")?;
    let bytes = from.bytes().map_err(bad)?;
    if bytes.len() > CHANGE_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    Ok(BatchChange { bytes: bytes.to_vec(), record: RecordId(fixed(from, "record")?) })
}

fn key(from: &mut Decoder<'_>, expected: &str) -> Result<(), Refusal> {
    let found = from.str().map_err(bad)?;
    if found == expected { Ok(()) } else { Err(malformed(format!("`{expected}` should stand where a key is `{found}`"))) }
}

fn fixed<const N: usize>(from: &mut Decoder<'_>, name: &str) -> Result<[u8; N], Refusal> {
    key(from, name)?;
    let bytes = from.bytes().map_err(bad)?;
    bytes.try_into().map_err(|_| malformed(format!("{name} has {} bytes, not {N}", bytes.len())))
}

fn bad(error: minicbor::decode::Error) -> Refusal {
    malformed(error.to_string())
}

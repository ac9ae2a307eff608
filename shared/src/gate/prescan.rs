//! Step 2: the raw bytes of a change, read by our own hand before Automerge sees them.
//!
//! Automerge trusts what a change claims: a run length of 69 bytes can claim a hundred million
//! operations, a deflated column can inflate without end. Here every claim is counted first. The
//! format is Automerge's binary format, <https://automerge.org/automerge-binary-format-spec/>.

use super::columns::{self, Claims};
use super::fault::{Fault, malformed, rule};
use super::reader::Reader;
use crate::limits::{CHANGE_BYTES_MAX, CHANGE_DEPS_MAX};
use sha2::{Digest, Sha256};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE_CHUNK: u8 = 1;
/// Automerge keeps operation counters and sequence numbers in 32 bits.
pub(super) const COUNTER_MAX: u64 = u32::MAX as u64;

/// A change whose bytes are safe to parse, and its header.
#[derive(Debug, Clone)]
pub(super) struct Scanned {
    pub(super) hash: [u8; 32],
    pub(super) deps: Vec<[u8; 32]>,
    pub(super) actor: [u8; 16],
    /// Other actors whose operations this change names.
    pub(super) others: Vec<[u8; 16]>,
    pub(super) seq: u64,
    pub(super) start_op: u64,
    pub(super) max_op: u64,
}

pub(super) fn scan(bytes: &[u8]) -> Result<Scanned, Fault> {
    if bytes.len() > CHANGE_BYTES_MAX {
        return Err(Fault::TooLarge);
    }
    let mut reader = Reader::new(bytes);
    let hash = chunk(&mut reader)?;
    let deps = deps(&mut reader)?;
    let actor = actor(&mut reader)?;
    let seq = reader.unsigned()?;
    let start_op = reader.unsigned()?;
    rule((1..=COUNTER_MAX).contains(&seq), "seq is out of range")?;
    rule((1..=COUNTER_MAX).contains(&start_op), "start_op is out of range")?;
    rule(reader.signed()? == 0, "carries a commit time")?;
    rule(reader.unsigned()? == 0, "carries a message")?;
    let others = other_actors(&mut reader, &actor)?;
    let Claims { ops } = columns::scan(&mut reader, 1 + others.len() as u64)?;
    rule(reader.is_empty(), "bytes after the columns")?;
    rule(start_op + ops <= COUNTER_MAX, "operation counters run out")?;
    Ok(Scanned { hash, deps, actor, others, seq, start_op, max_op: start_op + ops - 1 })
}

/// The chunk's frame. The hash covers type, length and contents; its first four bytes are the checksum.
fn chunk(reader: &mut Reader<'_>) -> Result<[u8; 32], Fault> {
    rule(reader.array()? == MAGIC, "not an Automerge chunk")?;
    let checksum: [u8; 4] = reader.array()?;
    let hashed = *reader;
    match reader.byte()? {
        CHANGE_CHUNK => {}
        0 => return malformed("a document chunk"),
        2 => return malformed("a compressed chunk"),
        other => return malformed(format!("a chunk of type {other}")),
    }
    let length = reader.unsigned()?;
    rule(length <= reader.len() as u64, "ends too soon")?;
    rule(length == reader.len() as u64, "bytes after the chunk")?;
    let mut hashed = hashed;
    let hash: [u8; 32] = Sha256::digest(hashed.take(hashed.len() as u64)?).into();
    rule(hash[..4] == checksum, "the checksum is wrong")?;
    Ok(hash)
}

fn deps(reader: &mut Reader<'_>) -> Result<Vec<[u8; 32]>, Fault> {
    let count = reader.unsigned()?;
    if count > CHANGE_DEPS_MAX as u64 {
        return Err(Fault::TooLarge);
    }
    let mut deps: Vec<[u8; 32]> = Vec::new();
    for _ in 0..count {
        let dep = reader.array()?;
        rule(!deps.contains(&dep), "names a dependency twice")?;
        deps.push(dep);
    }
    Ok(deps)
}

fn actor(reader: &mut Reader<'_>) -> Result<[u8; 16], Fault> {
    rule(reader.unsigned()? == 16, "an actor that is not 16 bytes")?;
    reader.array()
}

/// Listed in ascending order, so that a change has one encoding.
fn other_actors(reader: &mut Reader<'_>, own: &[u8; 16]) -> Result<Vec<[u8; 16]>, Fault> {
    let count = reader.unsigned()?;
    rule(count <= reader.len() as u64 / 17, "ends too soon")?;
    let mut others: Vec<[u8; 16]> = Vec::new();
    for _ in 0..count {
        let other = actor(reader)?;
        rule(other != *own, "names its own actor as another")?;
        rule(others.last().is_none_or(|last| *last < other), "actors out of order")?;
        others.push(other);
    }
    Ok(others)
}

//! Work carried by hand: sealed batches in one file, which any phone with a network can deliver.
//!
//! A CBOR sequence (RFC 8742) of sealed batches as they are: two files put one behind the other are a
//! file, and nothing in it needs to be believed, for every batch proves itself.
//!
//! Where a file has to be text, it is the same in hexadecimal digits, a line for each batch.

use crate::batch::Sealed;
use crate::ids::{hex, unhex};
use crate::limits::BATCH_BYTES_MAX;
use minicbor::Decoder;

/// What a colleague's phone reads at once.
pub const FILE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The file that holds `batches`, in their order.
pub fn file(batches: &[Vec<u8>]) -> Vec<u8> {
    batches.concat()
}

/// The same as text, for share sheets, which hand on texts and little else.
pub fn text(batches: &[Vec<u8>]) -> String {
    batches.iter().map(|batch| hex(batch) + "\n").collect()
}

/// The bytes that a text stands for, however its lines were broken on the way.
fn untexted(file: &[u8]) -> Option<Vec<u8>> {
    let digits = std::str::from_utf8(file).ok()?.trim_start_matches('\u{feff}');
    unhex(&digits.split_whitespace().collect::<String>())
}

/// The batches of a file, or of a text, with their bytes, in order; `None` where it is not such a file.
pub fn batches(file: &[u8]) -> Option<Vec<(Sealed, Vec<u8>)>> {
    let bytes = untexted(file);
    let mut rest = bytes.as_deref().unwrap_or(file);
    let mut found = Vec::new();
    while !rest.is_empty() {
        let mut reader = Decoder::new(rest);
        reader.skip().ok()?;
        let (one, after) = rest.split_at(reader.position());
        found.push((Sealed::decode(one, BATCH_BYTES_MAX).ok()?, one.to_vec()));
        rest = after;
    }
    (!found.is_empty()).then_some(found)
}

//! What stands in a shelf's rows, and their keys. All JSON but documents, which are their own bytes.

use super::internal;
use crate::edit::Edit;
use crate::ids::{BatchId, Day, RecordId, hex, unhex};
use crate::json::{self, Json, Reader};
use crate::link::{Membership, Trouble};
use crate::schema::Kind;

/// The key of the one row of `Table::Own`.
pub(super) const OWN: &str = "own";

/// The replica's own state.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Own {
    pub membership: Option<Membership>,
    pub read_token: Option<String>,
    /// The relay's, as of the workspace that was copied.
    pub epoch: Option<String>,
    /// Everything up to this number of the feed is here.
    pub feed_seq: u64,
    /// Whether the workspace was copied to its end.
    pub complete: bool,
    /// Which copying of the workspace is under way: the latest one counts.
    pub copying: Option<BatchId>,
    /// The number of the next batch.
    pub next: u64,
    /// How often work was undone (refused, relay restored); actors are new after it.
    pub turn: u64,
    /// The version of `summary` that wrote the summaries.
    pub listed: u32,
    /// The day on which old acknowledged batches were last let go.
    pub pruned: Option<Day>,
    /// In which titles are taken where there is a choice.
    pub source_language: Option<String>,
}

/// A sealed batch with the intent behind it. One batch is about one record.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BatchRow {
    pub batch: BatchId,
    pub record: RecordId,
    pub kind: Kind,
    pub since: Day,
    pub edits: Vec<Edit>,
    pub changes: Vec<Bytes>,
    pub sealed: Bytes,
    /// It was acknowledged before, by a relay that has lost it since.
    pub again: bool,
    /// Since when the relay lacks what this builds on.
    pub stuck: Option<Day>,
    pub acknowledged: Option<Day>,
}

impl BatchRow {
    pub fn changes(&self) -> impl Iterator<Item = &[u8]> {
        self.changes.iter().map(|change| change.0.as_slice())
    }
}

/// Bytes in JSON: hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bytes(pub Vec<u8>);

impl Json for Bytes {
    fn blank() -> Bytes {
        Bytes(Vec::new())
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        match unhex(&json.string()) {
            Some(bytes) => self.0 = bytes,
            None => json.fail(),
        }
    }

    fn write(&self, json: &mut String) {
        json::write_text(&hex(&self.0), json);
    }
}

/// Who writes as an actor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AuthorRow {
    pub pseudonym: String,
    pub day: Option<Day>,
    /// A session of this very device.
    pub mine: bool,
}

/// A batch in outbox, acknowledged or drafts. Its key is its number alone: keys stay readable where
/// rows are sealed, and would say which records this device has changed. The row knows its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BatchKey {
    pub number: u64,
    pub record: RecordId,
}

impl BatchKey {
    pub fn text(&self) -> String {
        format!("{:012x}", self.number)
    }

    /// `None` for a key of another form: see `Replica::rename`.
    pub fn of(text: &str, row: &[u8]) -> Result<Option<BatchKey>, Trouble> {
        let Ok(number) = u64::from_str_radix(text, 16) else { return Ok(None) };
        Ok(Some(BatchKey { number, record: read::<OfRecord>(row)?.record }))
    }
}

/// What is read of a batch or a draft to know what it is about.
#[derive(Debug)]
struct OfRecord {
    record: RecordId,
}

/// A row as kept.
pub(super) fn written(row: &impl Json) -> Vec<u8> {
    json::to_string(row).into_bytes()
}

/// A kept row as a value. A row that cannot be read is a fault, never skipped: it may hold work.
pub(super) fn read<T: Json>(bytes: &[u8]) -> Result<T, Trouble> {
    json::from_slice(bytes).map_err(|error| internal(format!("a stored row cannot be read: {error}")))
}

json::object!(Own { membership, read_token, epoch, feed_seq, complete, copying, next, turn, listed, pruned, source_language });
json::object!(BatchRow { batch, record, kind, since, edits, changes, sealed, again, stuck, acknowledged });
json::object!(OfRecord { record });
json::object!(AuthorRow { pseudonym, day, mine });

//! The writer's documents in memory: what is on the disk, and what the present group adds to it.
//!
//! A batch builds on documents that the batch before it in the same group changed; those become
//! live only when the group is on the disk, and are forgotten when it is not.

use crate::store::{DocumentRow, StoreError, Writing};
use shared::document::{Document, DocumentError};
use shared::gate::Standing;
use shared::ids::{GuideId, RecordId};
use shared::schema::Kind;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// Documents kept in memory; beyond that all are dropped and come again from the disk.
const DOCUMENTS_KEPT: usize = 512;

type Key = (GuideId, RecordId);

/// A document and the number of its last change in the feed.
type Numbered = (u64, Document);

/// A record as the relay holds it.
#[derive(Debug, Clone)]
pub struct Held {
    pub record: RecordId,
    pub kind: Kind,
    pub document: Document,
}

impl TryFrom<DocumentRow> for Held {
    type Error = DocumentError;

    fn try_from(row: DocumentRow) -> Result<Held, DocumentError> {
        Ok(Held { record: row.record, kind: row.kind, document: Document::load(&row.bytes)? })
    }
}

#[derive(Default)]
struct Shelf {
    generation: u64,
    live: HashMap<Key, Numbered>,
    staged: HashMap<Key, Numbered>,
}

#[derive(Clone, Default)]
pub(super) struct Documents(Arc<Mutex<Shelf>>);

impl Documents {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// What stands under a record's id, for the gate.
    pub(super) fn standing(&self, rows: &Writing<'_>, guide: &GuideId, record: RecordId) -> Result<Standing, StoreError> {
        if rows.is_purged(guide, record)? {
            return Ok(Standing::Purged);
        }
        let mut shelf = self.shelf();
        if shelf.generation != rows.generation() {
            shelf.live.clear();
            shelf.generation = rows.generation();
        }
        let key = (guide.clone(), record);
        if let Some((_, document)) = shelf.staged.get(&key).or_else(|| shelf.live.get(&key)) {
            return Ok(Standing::Present(document.clone()));
        }
        let Some(row) = rows.document(guide, record)? else { return Ok(Standing::Absent) };
        let document = Document::load(&row.bytes).map_err(|_| StoreError::Damaged("a document"))?;
        shelf.keep(key, (row.feed_seq, document.clone()));
        Ok(Standing::Present(document))
    }

    /// Sets a document aside until the group is settled.
    pub(super) fn stage(&self, guide: &GuideId, record: RecordId, feed_seq: u64, document: Document) {
        self.shelf().staged.insert((guide.clone(), record), (feed_seq, document));
    }

    /// Lets go of a record that is no longer on the disk.
    pub(super) fn forget(&self, guide: &GuideId, record: RecordId) {
        self.shelf().live.remove(&(guide.clone(), record));
    }

    /// What is in memory of the disk's contents; it may be late.
    pub(super) fn glance(&self, guide: &GuideId, record: RecordId) -> Option<Numbered> {
        self.shelf().live.get(&(guide.clone(), record)).cloned()
    }

    /// Which writings of other processes the documents in memory know of.
    pub(super) fn generation(&self) -> u64 {
        self.shelf().generation
    }

    /// The first of a group's jobs to be answered settles for all.
    pub(super) fn settle(&self, on_disk: bool) {
        let mut shelf = self.shelf();
        for (key, document) in std::mem::take(&mut shelf.staged) {
            if on_disk {
                shelf.keep(key, document);
            }
        }
    }
}

impl Shelf {
    fn keep(&mut self, key: Key, document: Numbered) {
        if self.live.len() >= DOCUMENTS_KEPT {
            self.live.clear();
        }
        self.live.insert(key, document);
    }
}

//! Purge: a record leaves the relay for good, and everyone who holds a copy learns of it.

use super::{Beat, Relay, RelayError};
use crate::store::{StoreError, Writing};
use shared::ids::{GuideId, RecordId};
use std::sync::Arc;

impl Relay {
    /// Purges a record in the writer's job; false when there is none. Once more is no fault: the id
    /// stays on the list. [`Relay::forget_purged`] comes after it, when it is on the disk.
    pub(super) fn purge_rows(rows: &Writing<'_>, guide: &GuideId, record: RecordId) -> Result<bool, StoreError> {
        if rows.is_purged(guide, record)? {
            return Ok(true);
        }
        let Some(feed_seq) = rows.feed_seq(guide)?.filter(|_| record != guide.settings()) else { return Ok(false) };
        if rows.document_seq(guide, record)?.is_none() {
            return Ok(false);
        }
        rows.purge(guide, record, feed_seq + 1)?;
        Ok(true)
    }

    /// Takes a purged record out of the log beside the database and out of memory, and tells whoever
    /// listens. False while a reader keeps the log: it is to be asked again.
    pub(super) fn forget_purged(&self, guide: &GuideId, record: RecordId) -> Result<bool, StoreError> {
        self.documents.forget(guide, record);
        self.editions.forget(guide);
        let folded = self.store.fold()?;
        let (feed_seq, revision) = self.store.read(|rows| Ok((rows.feed_seq(guide)?, rows.revision(guide)?)))?;
        self.news.accepted(guide, feed_seq.unwrap_or_default());
        let beat = Beat { feed_seq: feed_seq.unwrap_or_default(), revision: revision.unwrap_or_default() };
        self.news.tell(guide, beat);
        Ok(folded)
    }

    /// Purges a record from the command line. False when there is no such record.
    pub fn purge(self: &Arc<Relay>, guide: &GuideId, record: RecordId) -> Result<bool, RelayError> {
        if !self.has_guide(guide)? {
            return Err(RelayError::NoGuide);
        }
        let of = guide.clone();
        let found = self.store.write(move |rows| Relay::purge_rows(rows, &of, record)).wait()?;
        if found && !self.forget_purged(guide, record)? {
            return Err(StoreError::Commit("readers keep the database's log: purge once more".to_owned()).into());
        }
        Ok(found)
    }
}

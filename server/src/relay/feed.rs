//! What members fetch: pages of the feed, and the whole workspace for a device that starts.

use super::{Relay, RelayError};
use minicbor::bytes::ByteVec;
use shared::gate::Role;
use shared::ids::GuideId;
use shared::limits::FEED_PAGE_CHANGES;
use shared::wire::{FeedChange, FeedPage, PackedDocument, Workspace};

/// Bytes of changes on one page of the feed, so that a page over a bad line arrives.
const FEED_PAGE_BYTES: usize = 512 * 1024;

impl Relay {
    /// The changes after number `since`, as many as fit on a page.
    pub fn feed(&self, guide: &GuideId, since: u64, role: Role) -> Result<FeedPage, RelayError> {
        self.store
            .read(|rows| {
                let Some(last) = rows.feed_seq(guide)? else { return Ok(None) };
                let mut bytes = 0;
                let stored = rows.feed_since(guide, since, FEED_PAGE_CHANGES)?;
                let fitting = stored.into_iter().take_while(|change| {
                    let first = bytes == 0;
                    bytes += change.bytes.len();
                    first || bytes <= FEED_PAGE_BYTES
                });
                let changes: Vec<FeedChange> =
                    fitting.map(|change| FeedChange::new(change.feed_seq, change.record, change.bytes)).collect();
                // A device that is ahead of a restored relay learns it from the epoch.
                let feed_seq = changes.last().map_or(last, |change| change.feed_seq);
                let authors = rows.authors_since(guide, since, feed_seq)?;
                Ok(Some(FeedPage {
                    epoch: self.epoch().to_owned(),
                    feed_seq,
                    more: feed_seq < last,
                    changes,
                    authors,
                    role: role.code().to_owned(),
                }))
            })?
            .ok_or(RelayError::NoGuide)
    }

    /// Every document of the guide, and the ids of what was purged.
    pub fn workspace(&self, guide: &GuideId) -> Result<Workspace, RelayError> {
        self.store
            .read(|rows| {
                let Some(feed_seq) = rows.feed_seq(guide)? else { return Ok(None) };
                let mut documents = Vec::new();
                rows.documents_since(guide, 0, |row| {
                    let record = ByteVec::from(row.record.0.to_vec());
                    documents.push(PackedDocument { record, document: ByteVec::from(row.bytes) });
                    Ok(())
                })?;
                for record in rows.purged(guide)? {
                    let record = ByteVec::from(record.0.to_vec());
                    documents.push(PackedDocument { record, document: ByteVec::from(Vec::new()) });
                }
                let authors = rows.authors_since(guide, 0, feed_seq)?;
                Ok(Some(Workspace { epoch: self.epoch().to_owned(), feed_seq, documents, authors }))
            })?
            .ok_or(RelayError::NoGuide)
    }
}

//! What changed in an edition since a revision, and bringing a phone's copy up to date with it.

use crate::edition::{EDITION_VERSION, Edition, Entry, GuideHeader};
use crate::ids::{Moment, RecordId};
use crate::json;
use crate::order::Ordered;

/// The answer to "what is new since revision R of epoch E": the entries that changed and the ids
/// that are gone. When the epoch differs, or R is unknown, the relay answers the whole edition.
#[derive(Debug, Clone, PartialEq)]
pub struct Delta {
    pub version: u32,
    pub epoch: String,
    pub since: u64,
    pub revision: u64,
    pub published: Moment,
    /// Present when the guide's own settings changed.
    pub guide: Option<GuideHeader>,
    pub changed: Ordered<RecordId, Entry>,
    pub removed: Vec<RecordId>,
}

/// What the relay answers to a refresh, as JSON `{"whole": {…}}` or `{"delta": {…}}`.
#[derive(Debug, Clone, PartialEq)]
pub enum Refresh {
    Whole(Box<Edition>),
    Delta(Box<Delta>),
}

/// Where an edition stands, without its entries.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    pub epoch: String,
    pub revision: u64,
    pub published: Moment,
    pub guide: GuideHeader,
    /// The revision at which the guide's own settings last changed.
    pub guide_revision: u64,
}

impl Delta {
    /// The changes after revision `since`, from the rows that changed after it: a record with its
    /// entry, or without one when it is no longer public. `None` when `since` is not a revision that
    /// a phone can have got from here, and the whole edition is the answer.
    pub fn since(since: u64, head: Head, rows: impl IntoIterator<Item = (RecordId, Option<Entry>)>) -> Option<Delta> {
        if since == 0 || since > head.revision {
            return None;
        }
        let (mut changed, mut removed) = (Ordered::default(), Vec::new());
        for (record, entry) in rows {
            match entry {
                Some(entry) => changed.insert(record, entry),
                None => removed.push(record),
            }
        }
        Some(Delta {
            version: EDITION_VERSION,
            epoch: head.epoch,
            since,
            revision: head.revision,
            published: head.published,
            guide: (head.guide_revision > since).then_some(head.guide),
            changed,
            removed,
        })
    }
}

impl Edition {
    pub fn is_followed_by(&self, delta: &Delta) -> bool {
        delta.version == self.version && delta.epoch == self.epoch && delta.since == self.revision
    }

    /// This edition with `delta` applied; `None` when the delta does not follow on it.
    pub fn updated(mut self, delta: Delta) -> Option<Edition> {
        if !self.is_followed_by(&delta) {
            return None;
        }
        for id in &delta.removed {
            self.entries.remove(id);
        }
        self.entries.take_in(delta.changed);
        if let Some(guide) = delta.guide {
            self.guide = guide;
        }
        self.revision = delta.revision;
        self.published = delta.published;
        Some(self)
    }
}

json::object!(Delta { version, epoch, since, revision, published, guide, changed, removed });
json::choice!(Refresh { Whole(it): "whole", Delta(it): "delta" });

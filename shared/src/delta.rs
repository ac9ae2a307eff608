//! What changed in an edition since a revision, and bringing a phone's copy up to date with it.

use crate::edition::{Edition, Entry, GuideHeader};
use crate::ids::{Moment, RecordId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The answer to "what is new since revision R of epoch E": the entries that changed and the ids
/// that are gone. When the epoch differs, or R is unknown, the relay answers the whole edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delta {
    pub version: u32,
    pub epoch: String,
    pub since: u64,
    pub revision: u64,
    pub published: Moment,
    /// Present when the guide's own settings changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<GuideHeader>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub changed: BTreeMap<RecordId, Entry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<RecordId>,
}

/// What the relay answers to a refresh, as JSON `{"whole": {…}}` or `{"delta": {…}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refresh {
    Whole(Box<Edition>),
    Delta(Box<Delta>),
}

/// When parts of an edition last changed: the revision of every row, rows that are no longer public
/// included, and of the guide's own settings. The relay keeps it beside the edition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revisions {
    pub guide: u64,
    pub rows: BTreeMap<RecordId, u64>,
}

/// What a phone that holds revision `since` of `epoch` lacks of `edition`: the changes, or the whole
/// when they cannot be told (another relay's copy, a revision not reached yet) or are no smaller.
pub fn refresh(edition: &Edition, revisions: &Revisions, epoch: &str, since: u64) -> Refresh {
    let comparable = epoch == edition.epoch && since > 0 && since <= edition.revision;
    let delta = comparable.then(|| self::since(edition, revisions, since));
    match delta {
        Some(delta) if delta.changed.len() < edition.entries.len().max(1) => Refresh::Delta(Box::new(delta)),
        _ => Refresh::Whole(Box::new(edition.clone())),
    }
}

/// The changes of `edition` after the revision `since`. A row that changed and has no entry is gone.
pub fn since(edition: &Edition, revisions: &Revisions, since: u64) -> Delta {
    let newer = revisions.rows.iter().filter(|(_, revision)| **revision > since);
    let (mut changed, mut removed) = (BTreeMap::new(), Vec::new());
    for (record, _) in newer {
        match edition.entries.get(record) {
            Some(entry) => drop(changed.insert(*record, entry.clone())),
            None => removed.push(*record),
        }
    }
    Delta {
        version: edition.version,
        epoch: edition.epoch.clone(),
        since,
        revision: edition.revision,
        published: edition.published,
        guide: (revisions.guide > since).then(|| edition.guide.clone()),
        changed,
        removed,
    }
}

impl Edition {
    /// This edition with `delta` applied; `None` when the delta does not follow on it.
    pub fn updated(mut self, delta: Delta) -> Option<Edition> {
        if delta.version != self.version || delta.epoch != self.epoch || delta.since != self.revision {
            return None;
        }
        for id in &delta.removed {
            self.entries.remove(id);
        }
        self.entries.extend(delta.changed);
        if let Some(guide) = delta.guide {
            self.guide = guide;
        }
        self.revision = delta.revision;
        self.published = delta.published;
        Some(self)
    }
}

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

/// What the relay answers to a refresh.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Refresh {
    Whole(Box<Edition>),
    Delta(Box<Delta>),
}

impl Edition {
    /// This edition with `delta` applied; `None` when the delta does not follow on it.
    pub fn updated(mut self, delta: Delta) -> Option<Edition> {
        if delta.epoch != self.epoch || delta.since != self.revision {
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

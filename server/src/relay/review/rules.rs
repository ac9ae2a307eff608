//! What waits: decided in the writer's turn, as a batch enters.
//!
//! How many records a device changed within the hour is remembered here and nowhere else: times do
//! not come onto the disk, and a relay that starts again begins to count again.

use crate::relay::Relay;
use crate::relay::documents::Documents;
use crate::store::{StoreError, Writing};
use shared::gate::{Admitted, Role, Standing};
use shared::ids::{DeviceId, GuideId, RecordId};
use shared::limits::RECORDS_AN_HOUR_MAX;
use shared::review::{Rules, Why};
use shared::schema::Kind;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Records that a device changed lately, each with the second.
type Lately = Vec<(RecordId, i64)>;

#[derive(Default)]
pub(in crate::relay) struct Watch {
    /// Of each guide, as of the change of its settings with this number.
    rules: Mutex<HashMap<GuideId, (Option<u64>, Rules)>>,
    lately: Mutex<HashMap<(GuideId, DeviceId), Lately>>,
}

impl Watch {
    pub(in crate::relay) fn rules(
        &self,
        rows: &Writing<'_>,
        documents: &Documents,
        guide: &GuideId,
    ) -> Result<Rules, StoreError> {
        let as_of = rows.document_seq(guide, guide.settings())?;
        let mut known = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, rules)) = known.get(guide).filter(|(then, _)| *then == as_of) {
            return Ok(*rules);
        }
        let rules = match documents.standing(rows, guide, guide.settings())? {
            Standing::Present(document) => Rules::of(&document.tree()),
            Standing::Absent | Standing::Purged => Rules::default(),
        };
        known.insert(guide.clone(), (as_of, rules));
        Ok(rules)
    }

    /// What was read of a transaction that is not on the disk counts for nothing.
    pub(in crate::relay) fn forget_rules(&self) {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Counts a record that a device changes now; whether it is one too many within the hour.
    fn is_one_too_many(&self, guide: &GuideId, device: DeviceId, record: RecordId, second: i64) -> bool {
        let mut all = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = all.entry((guide.clone(), device)).or_default();
        lately.retain(|(_, then)| second - then < 3_600);
        if lately.iter().any(|(known, _)| *known == record) {
            return false;
        }
        let full = lately.len() >= RECORDS_AN_HOUR_MAX;
        if !full {
            lately.push((record, second));
        }
        full
    }
}

/// Who writes, and when.
pub(in crate::relay) struct Author {
    pub device: DeviceId,
    pub role: Role,
    /// Of the relay's own clock.
    pub second: i64,
}

/// Why this record's new changes wait; nothing when they are published at once.
pub(in crate::relay) fn why(
    relay: &Relay,
    documents: &Documents,
    rows: &Writing<'_>,
    guide: &GuideId,
    author: &Author,
    admitted: &Admitted,
) -> Result<Vec<Why>, StoreError> {
    let record = admitted.record;
    let rules = relay.watch.rules(rows, documents, guide)?;
    let mut seen = None;
    let mut is_one_too_many = false;
    if rules.second_person && admitted.kind != Kind::Guide {
        if let Standing::Present(before) = documents.standing(rows, guide, record)?
            && rows.was_published(guide, record)?
        {
            seen = Some((before.tree(), admitted.document.tree()));
        }
        is_one_too_many = relay.watch.is_one_too_many(guide, author.device, record, author.second);
    }
    let seen = seen.as_ref().map(|(before, now)| (before, now));
    Ok(rules.why(author.role, admitted.kind, seen, is_one_too_many))
}

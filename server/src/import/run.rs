//! Carrying a plan out: edits → changes → sealed batches of the relay's own device → the gate.
//!
//! Many records go in one batch. A batch is accepted or refused whole, so a refused one is halved
//! until the record that the gate does not take stands alone; the rest goes in. What the source said
//! is remembered after its records are on the disk: an import that is cut off is finished by
//! importing again.

use super::plan::{Existing, Plan};
use super::{Candidate, changes};
use crate::relay::{LocalDevice, LocalError, Relay, RelayError};
use crate::store::StoreError;
use serde_json::Value;
use shared::batch::BatchChange;
use shared::edit::{Edit, EditError};
use shared::gate::{Refusal, Role};
use shared::ids::{GuideId, RecordId};
use shared::schema::Kind;
use std::collections::BTreeMap;
use std::sync::Arc;
use thiserror::Error;

/// What members see as the author of imported changes.
const DEVICE: &str = "import";
/// A batch is sealed when it holds this much; far below the gate's bounds, so that the bar moves.
const BATCH_BYTES: usize = 1024 * 1024;
const BATCH_RECORDS: usize = 250;

/// What became of a plan.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Records made or changed, the guide's settings not counted.
    pub done: usize,
    /// Records that the gate did not take; they are as they were.
    pub refused: Vec<(String, Refusal)>,
}

#[derive(Debug, Error)]
pub enum RunError {
    #[error("there is no guide {0} on this relay: make it first with `socle guide create --slug {0} …`")]
    NoGuide(GuideId),
    #[error("a planned edit does not fit its record: {0}")]
    Edit(#[from] EditError),
    #[error(transparent)]
    Local(#[from] LocalError),
    #[error(transparent)]
    Relay(#[from] RelayError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the relay's key cannot be used: {0}")]
    Key(std::io::Error),
}

/// One record's changes, ready to be sealed.
struct Prepared<'p> {
    label: &'p str,
    record: RecordId,
    changes: Vec<Vec<u8>>,
    candidate: Option<&'p Candidate>,
}

impl Prepared<'_> {
    fn bytes(&self) -> usize {
        self.changes.iter().map(Vec::len).sum()
    }
}

/// The guide as it stands, as planning needs it.
pub fn existing(relay: &Relay, guide: &GuideId) -> Result<Existing, RunError> {
    let mut existing = Existing::new();
    relay.each_record(guide, |held| {
        existing.insert(held.record, (held.kind, held.document.tree()));
    })?;
    Ok(existing)
}

/// The language that a guide is written in.
pub fn source_language(relay: &Relay, guide: &GuideId) -> Result<String, RunError> {
    let settings = relay.record(guide, guide.settings())?.ok_or_else(|| RunError::NoGuide(guide.clone()))?;
    Ok(shared::edition::header(guide, &settings.document.tree()).source_language)
}

/// What the source said last time.
pub fn bases(relay: &Relay, guide: &GuideId, scheme: &str) -> Result<BTreeMap<RecordId, Value>, RunError> {
    Ok(relay.store().read(|rows| rows.sources(guide, scheme))?)
}

/// Carries `plan` out; `moved` hears how many records are done, of the new and changed ones.
pub fn run(relay: &Arc<Relay>, guide: &GuideId, plan: &Plan, moved: &mut dyn FnMut(usize)) -> Result<Outcome, RunError> {
    let device = relay.local_device(guide, DEVICE, Role::Steward)?;
    let mut running = Running { relay, guide, plan, device, group: Vec::new(), outcome: Outcome::default(), moved };
    running.settings()?;
    for new in &plan.new {
        let changes = changes::of_new(new.candidate.kind, &new.edits, running.device.actor())?;
        running.add(new.candidate.record, changes, Some(&new.candidate), &new.candidate.label)?;
    }
    for changed in &plan.changed {
        running.change(changed.candidate.record, &changed.edits, Some(&changed.candidate), &changed.candidate.label)?;
    }
    running.send()?;
    running.remember(plan.unchanged.iter().collect())?;
    Ok(running.outcome)
}

struct Running<'r, 'p> {
    relay: &'r Arc<Relay>,
    guide: &'r GuideId,
    plan: &'p Plan,
    device: LocalDevice,
    group: Vec<Prepared<'p>>,
    outcome: Outcome,
    moved: &'r mut dyn FnMut(usize),
}

impl<'p> Running<'_, 'p> {
    fn settings(&mut self) -> Result<(), RunError> {
        if self.plan.settings.is_empty() {
            return Ok(());
        }
        self.change(self.guide.settings(), &self.plan.settings, None, "the guide's settings")?;
        self.send()
    }

    fn change(
        &mut self,
        record: RecordId,
        edits: &[Edit],
        candidate: Option<&'p Candidate>,
        label: &'p str,
    ) -> Result<(), RunError> {
        let Some(mut held) = self.relay.record(self.guide, record)? else {
            let kind = candidate.map_or(Kind::Guide, |candidate| candidate.kind);
            let changes = changes::of_new(kind, edits, self.device.actor())?;
            return self.add(record, changes, candidate, label);
        };
        let changes = changes::of_changed(&mut held.document, edits, self.device.actor())?;
        self.add(record, changes, candidate, label)
    }

    fn add(
        &mut self,
        record: RecordId,
        changes: Vec<Vec<u8>>,
        candidate: Option<&'p Candidate>,
        label: &'p str,
    ) -> Result<(), RunError> {
        self.group.push(Prepared { label, record, changes, candidate });
        let bytes: usize = self.group.iter().map(Prepared::bytes).sum();
        if bytes >= BATCH_BYTES || self.group.len() >= BATCH_RECORDS { self.send() } else { Ok(()) }
    }

    fn send(&mut self) -> Result<(), RunError> {
        let group = std::mem::take(&mut self.group);
        let accepted = self.submit(&group)?;
        self.remember(accepted)
    }

    /// Submits a group, halving it where the gate refuses; gives the candidates that are in.
    fn submit(&mut self, group: &[Prepared<'p>]) -> Result<Vec<&'p Candidate>, RunError> {
        let Some(first) = group.first() else { return Ok(Vec::new()) };
        let one = |prepared: &Prepared<'p>| {
            let record = prepared.record;
            prepared.changes.iter().map(move |bytes| BatchChange { record, bytes: bytes.clone() }).collect::<Vec<_>>()
        };
        let sealed = self.device.seal(group.iter().flat_map(one).collect()).map_err(RunError::Key)?;
        match self.relay.submit(sealed) {
            Ok(_) => {
                let candidates: Vec<&Candidate> = group.iter().filter_map(|prepared| prepared.candidate).collect();
                self.outcome.done += candidates.len();
                (self.moved)(candidates.len());
                Ok(candidates)
            }
            Err(RelayError::Refused(refusal)) if group.len() == 1 && is_about_the_record(&refusal) => {
                self.outcome.refused.push((first.label.to_owned(), refusal));
                (self.moved)(1);
                Ok(Vec::new())
            }
            Err(RelayError::Refused(refusal)) if is_about_the_record(&refusal) => {
                let (left, right) = group.split_at(group.len() / 2);
                let mut accepted = self.submit(left)?;
                accepted.extend(self.submit(right)?);
                Ok(accepted)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps what the source says, as the base of the next import.
    fn remember(&self, candidates: Vec<&Candidate>) -> Result<(), RunError> {
        if self.plan.scheme.is_empty() || candidates.is_empty() {
            return Ok(());
        }
        let (guide, scheme) = (self.guide.clone(), self.plan.scheme.clone());
        let trees: Vec<(RecordId, Value)> =
            candidates.into_iter().map(|candidate| (candidate.record, candidate.tree.clone())).collect();
        let put = self
            .relay
            .store()
            .write(move |rows| trees.iter().try_for_each(|(record, tree)| rows.put_source(&guide, &scheme, *record, tree)));
        Ok(put.wait()?)
    }
}

/// Whether one record's changes are at fault, and others may still go in.
fn is_about_the_record(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::Malformed { .. } | Refusal::TooLarge | Refusal::MissingDeps | Refusal::Purged | Refusal::NewerSchema
    )
}

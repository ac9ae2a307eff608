//! How a record came to be as it is, any state of it, and what would undo one device's part: worked
//! out from the log, which nobody rewrites.

use crate::relay::{Relay, RelayError};
use crate::store::{Decision, Device, Reading, Written};
use serde_json::Value;
use shared::document::Document;
use shared::edit;
use shared::ids::{Day, DeviceId, GuideId, RecordId};
use shared::limits::HISTORY_STEPS_MAX;
use shared::review::{self, History, State, Step, Undo, Undoing, Writer};
use shared::schema::{Kind, Path};

impl Relay {
    /// A record's steps, latest first.
    pub fn history(&self, guide: &GuideId, reader: &Device, record: RecordId) -> Result<Option<History>, RelayError> {
        self.store.read(|rows| {
            let Some(kind) = rows.document(guide, record)?.map(|row| row.kind) else { return Ok(Ok(None)) };
            let (written, published) = (rows.written(guide, record)?, Published::of(rows, guide, record)?);
            Ok(told(kind, &written, reader.id, &published).map(Some))
        })?
    }

    /// A record as it was after the change with this number.
    pub fn state_at(&self, guide: &GuideId, record: RecordId, feed_seq: u64) -> Result<Option<State>, RelayError> {
        self.store.read(|rows| {
            let Some(kind) = rows.document(guide, record)?.map(|row| row.kind) else { return Ok(Ok(None)) };
            let written = rows.written(guide, record)?;
            let Some(at) = written.iter().position(|change| change.feed_seq == feed_seq) else { return Ok(Ok(None)) };
            Ok(tree_of(&written[..=at]).map(|tree| Some(State { kind, tree })))
        })?
    }

    /// Who wrote in the guide since a day.
    pub fn writers(&self, guide: &GuideId, since: Day) -> Result<Vec<Writer>, RelayError> {
        let writers = self.store.read(|rows| rows.writers(guide, since))?;
        Ok(writers.into_iter().map(|(device, who, records)| Writer { device, who, records }).collect())
    }

    /// What would undo what `device` changed since a day, record by record.
    pub fn undo_plan(&self, guide: &GuideId, device: DeviceId, since: Day) -> Result<Vec<Undo>, RelayError> {
        self.store.read(|rows| {
            let language = rows.edition(guide)?.map(|edition| edition.header.source_language).unwrap_or_default();
            let mut plan = Vec::new();
            for record in rows.records_of(guide, device, since)? {
                let Some(kind) = rows.document(guide, record)?.map(|row| row.kind) else { continue };
                match undo(kind, record, &rows.written(guide, record)?, device, since, &language) {
                    Ok(undo) => plan.extend(undo),
                    Err(error) => return Ok(Err(error)),
                }
            }
            Ok(Ok(plan))
        })?
    }
}

/// Which states of a record readers saw.
struct Published {
    held: Option<u64>,
    verdicts: Vec<Decision>,
}

impl Published {
    fn of(rows: &Reading<'_>, guide: &GuideId, record: RecordId) -> Result<Published, crate::store::StoreError> {
        Ok(Published { held: rows.held(guide, record)?, verdicts: rows.verdicts(guide, record)? })
    }

    /// Of changes that waited, only the last one's state was let through.
    fn has(&self, feed_seq: u64) -> bool {
        let waited = self.verdicts.iter().any(|verdict| (verdict.span.0..verdict.span.1).contains(&feed_seq));
        !waited && self.held.is_none_or(|held| feed_seq < held)
    }
}

/// One step for each change: a state that somebody else wrote over within the hour comes back as well.
fn told(kind: Kind, written: &[Written], reader: DeviceId, published: &Published) -> Result<History, RelayError> {
    let mut document = Document::empty();
    // The first change makes the empty record, the second of the same batch says what it is.
    let together = |one: &Written, next: &Written| {
        one.feed_seq == written[0].feed_seq && next.feed_seq == one.feed_seq + 1 && one.device == next.device
    };
    let all: Vec<&[Written]> = written.chunk_by(together).collect();
    let (cut, all) = all.split_at(all.len().saturating_sub(HISTORY_STEPS_MAX));
    document.receive(cut.iter().copied().flatten().map(|change| change.bytes.as_slice()))?;
    let mut before = if cut.is_empty() { Value::Null } else { document.tree() };
    let mut steps = Vec::with_capacity(all.len());
    for changes in all {
        let (Some(last), Some(first)) = (changes.last(), changes.first()) else { continue };
        document.receive(changes.iter().map(|change| change.bytes.as_slice()))?;
        let tree = document.tree();
        let mut fields: Vec<Path> = Vec::new();
        for edit in edit::difference(kind, &before, &tree) {
            if !fields.contains(edit.path()) {
                fields.push(edit.path().clone());
            }
        }
        before = tree;
        steps.push(Step {
            feed_seq: last.feed_seq,
            who: first.who.clone(),
            mine: first.device == reader,
            fields,
            published: published.has(last.feed_seq),
        });
    }
    steps.reverse();
    Ok(History { kind, steps, older: !cut.is_empty() })
}

fn tree_of(written: &[Written]) -> Result<Value, RelayError> {
    let mut document = Document::empty();
    document.receive(written.iter().map(|change| change.bytes.as_slice()))?;
    Ok(document.tree())
}

/// `None` where nothing of what the device did is left, and nothing to tell.
fn undo(
    kind: Kind,
    record: RecordId,
    written: &[Written],
    device: DeviceId,
    since: Day,
    language: &str,
) -> Result<Option<Undo>, RelayError> {
    let is_its = |change: &Written| change.device == device && change.who.day >= since;
    let Some(first) = written.iter().position(is_its) else { return Ok(None) };
    let mut document = Document::empty();
    document.receive(written[..first].iter().map(|change| change.bytes.as_slice()))?;
    let mut undoing = Undoing::new(kind, if first == 0 { Value::Null } else { document.tree() });
    for changes in written[first..].chunk_by(|one, next| is_its(one) == is_its(next)) {
        document.receive(changes.iter().map(|change| change.bytes.as_slice()))?;
        undoing.step(document.tree(), changes.first().is_some_and(is_its));
    }
    let tree = document.tree();
    let (edits, left) = undoing.finish();
    let title = review::title(kind, &tree, language);
    Ok((!edits.is_empty() || !left.is_empty()).then_some(Undo { record, kind, title, tree, edits, left }))
}

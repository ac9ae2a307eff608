//! What waits for a second pair of eyes: the queue, a proposal beside what is published, a verdict.
//!
//! A verdict is about exactly what was seen, and is taken in the writer's turn. Sending back lets
//! nothing through: the editor's own device has taken the proposal back before, as a change like any
//! other, and the relay looks that it did.

use super::{Relay, RelayError};
use crate::publish::published_tree;
use crate::store::{Decision, Device, DocumentRow, Reading, StoreError, Writing};
use serde_json::Value;
use shared::document::{Document, DocumentError};
use shared::ids::{DeviceId, GuideId, RecordId};
use shared::limits::{QUEUE_RECORDS_MAX, RETURNED_DAYS};
use shared::review::{self, NotDecided, Proposal, Queue, Returned, Rules, Verdict, Waiting, Waits, Who, Why, made_by, reviews};
use std::sync::Arc;
use thiserror::Error;

mod history;
mod rules;

pub(super) use rules::{Author, Watch, why};

/// Why something asked about review was not done.
#[derive(Debug, Error)]
pub enum ReviewError {
    #[error("not decided: {}", .0.code())]
    NotDecided(NotDecided),
    #[error(transparent)]
    Relay(#[from] RelayError),
}

impl From<StoreError> for ReviewError {
    fn from(error: StoreError) -> ReviewError {
        ReviewError::Relay(error.into())
    }
}

impl From<DocumentError> for ReviewError {
    fn from(error: DocumentError) -> ReviewError {
        ReviewError::Relay(error.into())
    }
}

impl Relay {
    /// What waits, as far as it concerns `reader`, and what was sent back to them.
    pub fn queue(&self, guide: &GuideId, reader: &Device) -> Result<Queue, RelayError> {
        self.store.read(|rows| {
            let look = Look::new(rows, guide, reader.clone());
            Ok(look.and_then(|look| Ok(Queue { waiting: look.waiting()?, returned: look.returned(self)? })))
        })?
    }

    /// A record of which something waits.
    pub fn proposal(&self, guide: &GuideId, reader: &Device, record: RecordId) -> Result<Option<Proposal>, RelayError> {
        self.store.read(|rows| {
            let look = Look::new(rows, guide, reader.clone());
            Ok(look.and_then(|look| look.proposal(record)))
        })?
    }

    /// Takes a verdict: lets through what was seen, or sends back what was taken back.
    pub fn decide(
        self: &Arc<Relay>,
        guide: &GuideId,
        reader: &Device,
        record: RecordId,
        verdict: Verdict,
    ) -> Result<(), ReviewError> {
        let (of, device, day) = (guide.clone(), reader.id, self.today());
        let taken = self.store.write(move |rows| {
            let span = judge(rows, &of, device, record, &verdict)?;
            let reason = verdict.reason.trim().to_owned();
            rows.add_verdict(&of, &Decision { record, span, approved: verdict.approve, device, reason, day })?;
            rows.release(&of, record)?;
            Ok::<_, ReviewError>(rows.feed_seq(&of)?.unwrap_or_default())
        });
        // The publisher has something to do, though the feed has not grown.
        self.news.accepted(guide, taken.wait()?);
        Ok(())
    }
}

/// Whether a verdict counts; the first and the last of the changes that it is about.
fn judge(
    rows: &Writing<'_>,
    guide: &GuideId,
    device: DeviceId,
    record: RecordId,
    verdict: &Verdict,
) -> Result<(u64, u64), ReviewError> {
    let not = |reason| Err(ReviewError::NotDecided(reason));
    // Looked up in this transaction: a revocation counts from the next commit on.
    let Some(reader) = rows.device(guide, device)?.filter(|device| device.active && reviews(device.role)) else {
        return not(NotDecided::NotAllowed);
    };
    let (Some(first), Some(row)) = (rows.held(guide, record)?, rows.document(guide, record)?) else {
        return not(NotDecided::NotWaiting);
    };
    let (because, edition) = (rows.held_because(guide, record)?, rows.edition(guide)?);
    let (document, published) = (Document::load(&row.bytes)?, published_tree(rows, guide, &row)?);
    let waiting = Waiting {
        rules: Look::new(rows, guide, reader.clone())?.rules,
        kind: row.kind,
        because: &because,
        document: &document,
        published: published.as_ref(),
        edition: edition.as_ref().map(|edition| (&edition.header, edition.today)),
    };
    match waiting.judge(device, reader.role, verdict) {
        Ok(()) => Ok((first, row.feed_seq)),
        Err(reason) => not(reason),
    }
}

/// One reader's look at what waits in a guide.
struct Look<'a> {
    rows: &'a Reading<'a>,
    guide: &'a GuideId,
    reader: Device,
    rules: Rules,
    language: String,
}

impl<'a> Look<'a> {
    fn new(rows: &'a Reading<'a>, guide: &'a GuideId, reader: Device) -> Result<Look<'a>, RelayError> {
        let settings = match rows.document(guide, guide.settings())? {
            Some(row) => Document::load(&row.bytes)?.tree(),
            None => Value::Null,
        };
        let language = settings["source_language"].as_str().unwrap_or("en").to_owned();
        Ok(Look { rows, guide, reader, rules: Rules::of(&settings), language })
    }

    fn waiting(&self) -> Result<Vec<Waits>, RelayError> {
        let only = (!reviews(self.reader.role)).then_some(self.reader.id);
        let mut waiting = Vec::new();
        for (record, first) in self.rows.held_for(self.guide, only, QUEUE_RECORDS_MAX)? {
            let Some(row) = self.rows.document(self.guide, record)? else { continue };
            waiting.push(self.waits(&row, first, &Document::load(&row.bytes)?.tree())?);
        }
        Ok(waiting)
    }

    fn waits(&self, row: &DocumentRow, first: u64, tree: &Value) -> Result<Waits, RelayError> {
        let (writers, has_earlier) = self.rows.writers_since(self.guide, row.record, first)?;
        let mine = writers.iter().any(|(device, _)| *device == self.reader.id);
        let mut authors: Vec<Who> = Vec::new();
        for (_, who) in writers {
            authors.retain(|known| known.pseudonym != who.pseudonym);
            authors.push(who);
        }
        let because = self.rows.held_because(self.guide, row.record)?;
        let mut why: Vec<Why> = because.iter().map(|(_, why)| *why).collect();
        why.sort();
        why.dedup();
        Ok(Waits {
            record: row.record,
            kind: row.kind,
            title: review::title(row.kind, tree, &self.language),
            is_new: !has_earlier,
            why,
            authors,
            mine,
            may_approve: self.rules.may_approve(self.reader.id, self.reader.role, &because),
        })
    }

    fn proposal(&self, record: RecordId) -> Result<Option<Proposal>, RelayError> {
        let (Some(first), Some(row)) = (self.rows.held(self.guide, record)?, self.rows.document(self.guide, record)?) else {
            return Ok(None);
        };
        let document = Document::load(&row.bytes)?;
        let proposed = document.tree();
        let waits = self.waits(&row, first, &proposed)?;
        if !waits.mine && !reviews(self.reader.role) {
            return Ok(None);
        }
        let published = published_tree(self.rows, self.guide, &row)?.unwrap_or(Value::Null);
        Ok(Some(Proposal { waits, published, proposed, heads: document.heads() }))
    }

    fn returned(&self, relay: &Relay) -> Result<Vec<Returned>, RelayError> {
        let since = relay.today().plus(-RETURNED_DAYS);
        let mut returned = Vec::new();
        for decision in self.rows.sent_back_to(self.guide, self.reader.id, since, QUEUE_RECORDS_MAX)? {
            returned.extend(self.returned_one(decision)?);
        }
        Ok(returned)
    }

    fn returned_one(&self, decision: Decision) -> Result<Option<Returned>, RelayError> {
        let Decision { record, span: (first, last), device, reason, day, .. } = decision;
        let written = self.rows.written(self.guide, record)?;
        let own = |change: &&crate::store::Written| change.device == self.reader.id && (first..=last).contains(&change.feed_seq);
        let Some(proposed_at) = written.iter().filter(own).map(|change| change.feed_seq).max() else { return Ok(None) };
        let tree = |until: u64| -> Result<Value, RelayError> {
            let changes = written.iter().filter(|change| change.feed_seq <= until);
            Ok(made_by(changes.map(|change| change.bytes.as_slice()))?.unwrap_or(Value::Null))
        };
        let Some(kind) = self.rows.document(self.guide, record)?.map(|row| row.kind) else { return Ok(None) };
        let (published, proposed) = (tree(first - 1)?, tree(proposed_at)?);
        let pseudonym = self.rows.device(self.guide, device)?.map(|device| device.pseudonym).unwrap_or_default();
        Ok(Some(Returned {
            record,
            kind,
            title: review::title(kind, &proposed, &self.language),
            reason,
            by: Who { pseudonym, day },
            edits: review::proposing_again(kind, &published, &proposed),
        }))
    }
}

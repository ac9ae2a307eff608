//! A record as it is shown: what the relay has, and what waits on top.

use super::rows::{BatchKey, BatchRow};
use super::sheet::Sheet;
use super::{Shelf, Table, internal};
use crate::document::Document;
use crate::edit;
use crate::ids::{ActorId, RecordId};
use crate::link::Trouble;

/// Changes made as this actor are looked at and thrown away.
const NOBODY: ActorId = ActorId([0; 16]);

pub(super) struct Shown {
    /// The confirmed document and every waiting change that fits on it: what edits build on.
    pub base: Option<Document>,
    /// All batches of the record that wait, in order.
    pub waiting: Vec<(BatchKey, BatchRow)>,
    /// Of those, the ones that build on changes that are not here (the relay was restored and has
    /// not got them back). They are kept, and seen as if their edits were made now.
    pub apart: Vec<usize>,
}

impl Shown {
    pub async fn of<S: Shelf>(sheet: &Sheet<'_, S>, record: RecordId) -> Result<Shown, Trouble> {
        let mut waiting = Vec::new();
        for key in sheet.batches(Table::Outbox).await?.into_iter().filter(|key| key.record == record) {
            if let Some(row) = sheet.batch(Table::Outbox, key).await? {
                waiting.push((key, row));
            }
        }
        Shown::with(sheet.confirmed(record).await?, waiting)
    }

    pub fn with(confirmed: Option<Document>, waiting: Vec<(BatchKey, BatchRow)>) -> Result<Shown, Trouble> {
        let mut base = confirmed;
        let mut apart = Vec::new();
        for (index, (_, row)) in waiting.iter().enumerate() {
            if !build_on(&mut base, row)? {
                apart.push(index);
            }
        }
        Ok(Shown { base, waiting, apart })
    }

    /// The document to look at. Not to build on.
    pub fn document(&self) -> Option<Document> {
        let mut document = self.base.clone();
        for index in &self.apart {
            let row = &self.waiting[*index].1;
            // Edits that no longer fit stay visible in the outbox.
            match document.as_mut() {
                Some(document) => drop(edit::apply(document, &row.edits, NOBODY)),
                None => document = edit::create(row.kind, &row.edits, NOBODY).ok().map(|(document, _)| document),
            }
        }
        document
    }
}

/// Adds a batch's changes to a document that has what they build on; whether it had.
pub(super) fn build_on(base: &mut Option<Document>, row: &BatchRow) -> Result<bool, Trouble> {
    let mut document = base.take().unwrap_or_else(Document::empty);
    let ready = document.is_ready_for(row.changes());
    if ready {
        document.receive(row.changes()).map_err(internal)?;
    }
    *base = (!document.heads().is_empty()).then_some(document);
    Ok(ready)
}

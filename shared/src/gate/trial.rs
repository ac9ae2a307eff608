//! Steps 3 to 5 for one record: header, operations, and a trial run on a copy of its document.
//!
//! Whatever Automerge does with the changes happens here, on the copy, and a panic is caught: the
//! relay's live document is swapped only after its transaction holds.

use super::fault::{Fault, malformed, rule};
use super::header::History;
use super::prescan::Scanned;
use super::{Admitted, AdmittedChange, Refusal, Role, operations};
use crate::document::Document;
use crate::ids::{ActorId, GuideId, RecordId};
use crate::limits::DOCUMENT_BYTES_MAX;
use crate::record;
use crate::schema::Kind;
use automerge::{Change, ChangeHash};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Who writes, and where.
pub(super) struct Writer<'a> {
    pub(super) guide: &'a GuideId,
    pub(super) role: Role,
    pub(super) actor: ActorId,
}

/// A change of the batch whose bytes are safe to parse.
pub(super) struct Incoming<'a> {
    /// Its place in the batch.
    pub(super) index: usize,
    pub(super) bytes: &'a [u8],
    pub(super) scanned: Scanned,
}

/// A record's document and what the batch adds to it.
pub(super) struct Trial<'a> {
    writer: &'a Writer<'a>,
    record: RecordId,
    is_new: bool,
    document: Document,
    history: History,
}

impl<'a> Trial<'a> {
    pub(super) fn new(writer: &'a Writer<'a>, record: RecordId, document: Document) -> Trial<'a> {
        let history = History::of(&document, writer.actor);
        Trial { writer, record, is_new: document.doc.is_empty(), document, history }
    }

    /// `None` when all of it was known already.
    pub(super) fn run(mut self, incoming: Vec<Incoming<'_>>) -> Result<Option<Admitted>, Refusal> {
        let last = incoming.last().map_or(0, |change| change.index);
        let mut kind = None;
        let mut changes = Vec::new();
        for change in incoming {
            if self.document.doc.get_change_meta_by_hash(&ChangeHash(change.scanned.hash)).is_some() {
                continue;
            }
            let of = sheltered(|| self.take(&change)).map_err(|fault| fault.at(change.index))?;
            self.allow(of).map_err(|fault| fault.at(change.index))?;
            kind = Some(of);
            changes.push(admitted(&change));
        }
        let Some(kind) = kind else { return Ok(None) };
        let (document, saved) = sheltered(|| settle(&self.document, kind)).map_err(|fault| fault.at(last))?;
        Ok(Some(Admitted { record: self.record, kind, is_new: self.is_new, document, saved, changes }))
    }

    /// Steps 3 and 4, then the change goes into the copy.
    fn take(&mut self, change: &Incoming<'_>) -> Result<Kind, Fault> {
        self.history.check(&self.document, &change.scanned)?;
        let parsed = Change::from_bytes(change.bytes.to_vec()).or_else(|error| malformed(error.to_string()))?;
        let same = parsed.hash().0 == change.scanned.hash && parsed.max_op() == change.scanned.max_op;
        rule(same, "Automerge reads something else in these bytes")?;
        let kind = operations::check(&self.document, &parsed)?;
        self.document.doc.apply_changes([parsed]).or_else(|error| malformed(error.to_string()))?;
        let here = self.document.doc.get_change_meta_by_hash(&ChangeHash(change.scanned.hash)).is_some();
        rule(here, "does not apply")?;
        self.history.push(&change.scanned);
        Ok(kind)
    }

    /// Settings stand under one id only, nothing else does, and only stewards write them.
    fn allow(&self, kind: Kind) -> Result<(), Fault> {
        let is_settings = self.record == self.writer.guide.settings();
        rule((kind == Kind::Guide) == is_settings, "a record of another kind belongs under this id")?;
        if is_settings && self.writer.role != Role::Steward { Err(Fault::NotAllowed) } else { Ok(()) }
    }
}

/// Step 5: saved and loaded again, the document is the same and can be read.
fn settle(document: &Document, kind: Kind) -> Result<(Document, Vec<u8>), Fault> {
    let saved = document.save();
    if saved.len() > DOCUMENT_BYTES_MAX {
        return Err(Fault::TooLarge);
    }
    let loaded = Document::load(&saved).or_else(|error| malformed(error.to_string()))?;
    let tree = loaded.tree();
    rule(loaded.heads() == document.heads(), "the document loads with other heads")?;
    rule(tree == document.tree(), "the document loads with other contents")?;
    rule(loaded.kind() == Some(kind), "the document loads as another kind")?;
    let (_, _problems) = record::read(kind, &tree);
    Ok((loaded, saved))
}

/// Automerge panics on some changes that are well formed; here that is one more way to be malformed.
fn sheltered<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| malformed("Automerge cannot take it"))
}

fn admitted(change: &Incoming<'_>) -> AdmittedChange {
    AdmittedChange {
        hash: change.scanned.hash,
        actor: ActorId(change.scanned.actor),
        seq: change.scanned.seq,
        bytes: change.bytes.to_vec(),
    }
}

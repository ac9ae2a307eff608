//! The gate before the writer's turn: signature and trial cost a hundred times what a row costs, so
//! they run on every core while the writer writes. What was decided counts only if, in the writer's
//! transaction, member and documents are still those that were seen; else it is decided again there.

use super::Relay;
use crate::store::{Reading, StoreError, Writing};
use shared::batch::Sealed;
use shared::document::Document;
use shared::gate::{self, Admitted, Member, Refusal, Standing};
use shared::ids::RecordId;

/// What the gate said, and of what.
pub(super) struct Ahead {
    member: Member,
    /// Each record's document, as the number of its last change; `None` where there was none.
    ground: Vec<(RecordId, Option<u64>)>,
    generation: u64,
    decided: Decided,
}

impl Ahead {
    /// `None` where only the writer can tell: for a repeated batch, an unknown device, or when reading
    /// fails.
    pub(super) fn decide(relay: &Relay, sealed: &Sealed) -> Option<Ahead> {
        relay.store.read(|rows| Ahead::look(relay, rows, sealed)).ok().flatten()
    }

    fn look(relay: &Relay, rows: &Reading<'_>, sealed: &Sealed) -> Result<Option<Ahead>, StoreError> {
        let (guide, device) = (&sealed.batch.guide, sealed.batch.device);
        let Some(row) = rows.device(guide, device)? else { return Ok(None) };
        if rows.receipt(guide, sealed.batch.batch)?.is_some() {
            return Ok(None);
        }
        let member = row.member();
        let generation = relay.documents.generation();
        let mut ground = Vec::new();
        let decided = decide(sealed, &member, |record| {
            let seen = relay.seen(rows, sealed, record)?;
            ground.push((record, seen.as_ref().map(|(feed_seq, _)| *feed_seq)));
            Ok(seen.map_or(Standing::Absent, |(_, document)| Standing::Present(document)))
        })?;
        Ok(Some(Ahead { member, ground, generation, decided }))
    }

    /// Whether the device that the batch names has signed it.
    pub(super) fn is_signed(&self) -> bool {
        !matches!(self.decided, Err(Refusal::BadSignature))
    }

    /// What was decided, if it was decided of what stands here now.
    pub(super) fn still(self, rows: &Writing<'_>, sealed: &Sealed, member: &Member) -> Result<Option<Decided>, StoreError> {
        if self.member != *member || self.generation != rows.generation() {
            return Ok(None);
        }
        for (record, feed_seq) in self.ground {
            let guide = &sealed.batch.guide;
            if rows.is_purged(guide, record)? || rows.document_seq(guide, record)? != feed_seq {
                return Ok(None);
            }
        }
        Ok(Some(self.decided))
    }
}

pub(super) type Decided = Result<Vec<Admitted>, Refusal>;

/// Asks the gate about a batch, with `standing` for what stands under a record's id. When that fails,
/// the gate was told something wrong, whatever it said.
pub(super) fn decide(
    sealed: &Sealed,
    member: &Member,
    mut standing: impl FnMut(RecordId) -> Result<Standing, StoreError>,
) -> Result<Decided, StoreError> {
    let mut trouble = None;
    let mut shelf = |record| {
        standing(record).unwrap_or_else(|error| {
            trouble = Some(error);
            Standing::Absent
        })
    };
    let decided = gate::admit(sealed, member, &sealed.batch.guide, &mut shelf);
    trouble.map_or(Ok(decided), Err)
}

impl Relay {
    /// A record's document and the number of its last change, from memory or from the disk.
    fn seen(&self, rows: &Reading<'_>, sealed: &Sealed, record: RecordId) -> Result<Option<(u64, Document)>, StoreError> {
        let guide = &sealed.batch.guide;
        if let Some(kept) = self.documents.glance(guide, record) {
            return Ok(Some(kept));
        }
        let Some(row) = rows.document(guide, record)? else { return Ok(None) };
        let document = Document::load(&row.bytes).map_err(|_| StoreError::Damaged("a document"))?;
        Ok(Some((row.feed_seq, document)))
    }
}

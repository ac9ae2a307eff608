//! Saving edits: one change, sealed, kept in one commit. Nothing counts as saved before that.

use super::rows::{AuthorRow, BatchKey, BatchRow, Bytes, Own};
use super::sheet::Sheet;
use super::shown::Shown;
use super::{Keys, Relay, Replica, Shelf, Surroundings, Table, drawn, internal};
use crate::batch::{Batch, BatchChange};
use crate::document::Document;
use crate::edit::{self, Edit};
use crate::ids::{ActorId, BatchId, Day, Nonce, RecordId};
use crate::link::{Draft, Trouble};
use crate::schema::Kind;
use crate::wire::Denied;

/// Who writes: the session's nonce and its actor.
#[derive(Clone, Copy)]
pub(super) struct Writer {
    nonce: Nonce,
    pub actor: ActorId,
}

impl<S: Shelf, K: Keys, R: Relay, W: Surroundings> Replica<S, K, R, W> {
    /// Does `edits` to a record.
    pub async fn save(&self, record: RecordId, edits: &[Edit]) -> Result<RecordId, Trouble> {
        self.transact(async |sheet| {
            let shown = Shown::of(sheet, record).await?;
            let base = shown.base.as_ref().ok_or(Trouble::NotFound)?;
            let since = self.world.today();
            self.write(
                sheet,
                Work { record, kind: kind_of(base)?, edits, since, base: Some(base), renew: !shown.apart.is_empty() },
            )
            .await
        })
        .await?;
        self.tell_changed(vec![record]).await?;
        Ok(record)
    }

    pub async fn create(&self, kind: Kind, edits: &[Edit]) -> Result<RecordId, Trouble> {
        self.make(kind, None, edits).await
    }

    /// Makes a new record, under the id that its source gives it or one of its own. The guide's settings
    /// have theirs.
    pub async fn make(&self, kind: Kind, record: Option<RecordId>, edits: &[Edit]) -> Result<RecordId, Trouble> {
        let drawn = || if kind == Kind::Guide { self.guide.settings() } else { RecordId(drawn(&self.world)) };
        let record = record.unwrap_or_else(drawn);
        self.transact(async |sheet| {
            if Shown::of(sheet, record).await?.base.is_some() {
                return Err(Trouble::BadEdit { detail: "this record exists already".to_owned() });
            }
            self.write(sheet, Work { record, kind, edits, since: self.world.today(), base: None, renew: false }).await
        })
        .await?;
        self.tell_changed(vec![record]).await?;
        Ok(record)
    }

    /// Does a draft's edits again on the record as it is now; a record that was refused as a whole
    /// is made again. The draft goes in the same commit.
    pub async fn retry(&self, draft: BatchId) -> Result<RecordId, Trouble> {
        let record = self
            .transact(async |sheet| {
                let (key, draft) = find_draft(sheet, draft).await?;
                let shown = Shown::of(sheet, draft.record).await?;
                sheet.delete(Table::Drafts, key.text());
                let work = Work {
                    record: draft.record,
                    kind: draft.kind,
                    edits: &draft.edits,
                    since: draft.since,
                    base: shown.base.as_ref(),
                    renew: !shown.apart.is_empty(),
                };
                self.write(sheet, work).await?;
                Ok(draft.record)
            })
            .await?;
        self.tell_changed(vec![record]).await?;
        Ok(record)
    }

    pub async fn discard(&self, draft: BatchId) -> Result<(), Trouble> {
        let record = self
            .transact(async |sheet| {
                let (key, draft) = find_draft(sheet, draft).await?;
                sheet.delete(Table::Drafts, key.text());
                Ok(draft.record)
            })
            .await?;
        self.tell_changed(vec![record]).await
    }

    /// Puts the work into the outbox as one sealed batch, unless it changes nothing.
    async fn write(&self, sheet: &mut Sheet<'_, S>, work: Work<'_>) -> Result<(), Trouble> {
        if work.renew {
            sheet.own.turn += 1;
        }
        let writer = self.writer(sheet).await?;
        let Some((document, changes)) = work.done(writer.actor)? else { return Ok(()) };
        let key = sheet.next_key(work.record);
        let row = self.batch_row(&sheet.own, writer, &work, changes).await?;
        sheet.put_row(Table::Outbox, key.text(), &row);
        self.note_author(sheet, writer).await?;
        self.list_record(sheet, work.record, Some(&document));
        Ok(())
    }

    pub(super) async fn writer(&self, sheet: &Sheet<'_, S>) -> Result<Writer, Trouble> {
        let membership = sheet.own.membership.as_ref().ok_or(Trouble::NotJoined)?;
        if membership.revoked {
            return Err(Trouble::Denied { denied: Denied::BadToken });
        }
        let key = self.keys.public_key().await?.ok_or(Trouble::NotJoined)?;
        let nonce = self.nonce(sheet.own.turn);
        Ok(Writer { nonce, actor: ActorId::of_session(&key, &nonce) })
    }

    pub(super) async fn batch_row(
        &self,
        own: &Own,
        writer: Writer,
        work: &Work<'_>,
        changes: Vec<Vec<u8>>,
    ) -> Result<BatchRow, Trouble> {
        let membership = own.membership.as_ref().ok_or(Trouble::NotJoined)?;
        let id = BatchId(drawn(&self.world));
        let in_batch = changes.iter().map(|bytes| BatchChange { record: work.record, bytes: bytes.clone() }).collect();
        let batch =
            Batch { guide: self.guide.clone(), device: membership.device, batch: id, nonce: writer.nonce, changes: in_batch };
        Ok(BatchRow {
            batch: id,
            record: work.record,
            kind: work.kind,
            since: work.since,
            edits: work.edits.to_vec(),
            changes: changes.into_iter().map(Bytes).collect(),
            sealed: Bytes(self.seal(batch).await?),
            again: false,
            stuck: None,
            acknowledged: None,
        })
    }

    /// Remembers that this actor is us, for conflicts.
    async fn note_author(&self, sheet: &mut Sheet<'_, S>, writer: Writer) -> Result<(), Trouble> {
        let actor = writer.actor.to_string();
        if sheet.author(&actor).await?.is_some_and(|author| author.mine) {
            return Ok(());
        }
        let pseudonym = sheet.own.membership.as_ref().map(|membership| membership.pseudonym.clone()).unwrap_or_default();
        let author = AuthorRow { pseudonym, day: Some(self.world.today()), mine: true };
        sheet.put_row(Table::Authors, actor, &author);
        Ok(())
    }
}

/// Edits to be made to a record as it stands.
pub(super) struct Work<'a> {
    pub record: RecordId,
    pub kind: Kind,
    pub edits: &'a [Edit],
    pub since: Day,
    /// `None`: the record does not exist and is made.
    pub base: Option<&'a Document>,
    /// Changes of this session may stand apart: a new actor must write.
    pub renew: bool,
}

/// The document with the edits, and their changes, oldest first.
pub(super) type Done = (Document, Vec<Vec<u8>>);

impl Work<'_> {
    /// The document with the edits, and their changes; `None` when nothing differs.
    pub fn done(&self, actor: ActorId) -> Result<Option<Done>, Trouble> {
        let Some(base) = self.base else {
            return Ok(Some(edit::create(self.kind, self.edits, actor)?));
        };
        let mut document = base.clone();
        let change = edit::apply(&mut document, self.edits, actor)?;
        Ok(change.map(|change| (document, vec![change])))
    }
}

pub(super) fn kind_of(document: &Document) -> Result<Kind, Trouble> {
    document.kind().ok_or_else(|| internal("a record of a kind that this version does not know"))
}

async fn find_draft<S: Shelf>(sheet: &Sheet<'_, S>, batch: BatchId) -> Result<(BatchKey, Draft), Trouble> {
    for key in sheet.batches(Table::Drafts).await? {
        if let Some(draft) = sheet.draft(key).await?.filter(|draft| draft.batch == batch) {
            return Ok((key, draft));
        }
    }
    Err(Trouble::NotFound)
}

//! Fetching what others wrote: the whole workspace once, then the feed after what is here.

use super::rows::{AuthorRow, BatchRow, Own};
use super::sheet::Sheet;
use super::shown::Shown;
use super::{Keys, Relay, Replica, Shelf, Surroundings, Table, drawn, internal};
use crate::document::Document;
use crate::gate::Role;
use crate::ids::{ActorId, BatchId, RecordId};
use crate::link::Trouble;
use crate::order;
use crate::wire::{Author, FeedChange, FeedPage, PackedDocument, Workspace};

/// Documents of a workspace that are taken in at once: a commit each, so that the page sees progress.
const COPY_DOCUMENTS: usize = 200;
/// How often one fetch copies the workspace before it gives up until later.
const COPIES_MAX: usize = 3;

/// What a fetch brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Fetched {
    /// The workspace was copied: what waits may find other ground now.
    pub copied: bool,
    pub changes: usize,
}

impl<S: Shelf, K: Keys, R: Relay, W: Surroundings> Replica<S, K, R, W> {
    pub(super) async fn fetch(&self) -> Result<Fetched, Trouble> {
        let mut fetched = Fetched::default();
        let mut copies = 0;
        loop {
            let own = self.own().await?;
            let token = own.read_token.clone().ok_or(Trouble::NotJoined)?;
            if !own.complete {
                if copies == COPIES_MAX {
                    return Err(Trouble::NotReached);
                }
                copies += 1;
                self.copy_workspace(&own, &token).await?;
                fetched.copied = true;
                continue;
            }
            let page = self.relay.feed(&self.guide, &token, own.feed_seq).await?;
            if own.epoch.as_ref() != Some(&page.epoch) || page.feed_seq < own.feed_seq {
                self.start_over(&own, &page.epoch).await?;
                continue;
            }
            fetched.changes += page.changes.len();
            self.receive(own.feed_seq, &page).await?;
            if !page.more {
                return Ok(fetched);
            }
        }
    }

    pub(super) async fn own(&self) -> Result<Own, Trouble> {
        self.look(async |sheet| Ok(sheet.own.clone())).await
    }

    /// Takes in one page of the feed, unless another tab did.
    async fn receive(&self, since: u64, page: &FeedPage) -> Result<(), Trouble> {
        let mut changes: Vec<(RecordId, &FeedChange)> = Vec::new();
        for change in &page.changes {
            changes.push((RecordId(sixteen(&change.record)?), change));
        }
        order::sort_by_key(&mut changes, |(record, _)| *record);
        let by_record = || changes.chunk_by(|one, next| one.0 == next.0);
        self.transact(async |sheet| {
            if sheet.own.feed_seq != since || !sheet.own.complete {
                return Ok(());
            }
            for of_one in by_record() {
                let record = of_one[0].0;
                if of_one.iter().any(|(_, change)| change.change.is_empty()) {
                    sheet.clears_editions = true;
                    self.forget(sheet, record).await?;
                    continue;
                }
                let mut document = sheet.confirmed(record).await?.unwrap_or_else(Document::empty);
                let changes = || of_one.iter().map(|(_, change)| change.change.as_slice());
                if !document.is_ready_for(changes()) {
                    // Our copy lacks what the relay had given before: copy everything again.
                    sheet.own.complete = false;
                    return Ok(());
                }
                document.receive(changes()).map_err(internal)?;
                sheet.put_confirmed(record, &document);
                self.list_shown(sheet, record).await?;
            }
            self.note_authors(sheet, &page.authors).await?;
            if let (Some(member), Some(role)) = (&mut sheet.own.membership, Role::from_code(&page.role)) {
                member.role = role;
            }
            sheet.own.feed_seq = page.feed_seq;
            Ok(())
        })
        .await?;
        let records: Vec<RecordId> = by_record().map(|of_one| of_one[0].0).collect();
        if records.is_empty() { Ok(()) } else { self.tell_changed(records).await }
    }

    /// A purged record leaves nothing here: what waits of it, was sent or was refused goes as well.
    pub(super) async fn forget(&self, sheet: &mut Sheet<'_, S>, record: RecordId) -> Result<(), Trouble> {
        for table in [Table::Outbox, Table::Acknowledged, Table::Drafts] {
            for key in sheet.batches(table).await?.into_iter().filter(|key| key.record == record) {
                sheet.delete(table, key.text());
            }
        }
        sheet.delete(Table::Records, record.to_string());
        self.list_record(sheet, record, None);
        Ok(())
    }

    /// Our copy no longer follows from the relay's feed: it was restored from a backup and has a new
    /// `epoch`. What we had acknowledged waits again: the relay may have lost it.
    async fn start_over(&self, seen: &Own, epoch: &str) -> Result<(), Trouble> {
        self.transact(async |sheet| {
            let now = &sheet.own;
            if (&now.epoch, now.feed_seq, now.complete) != (&seen.epoch, seen.feed_seq, seen.complete) {
                return Ok(());
            }
            sheet.own.complete = false;
            sheet.own.turn += 1;
            sheet.own.epoch = Some(epoch.to_owned());
            self.send_again(sheet, |_| true).await
        })
        .await
    }

    /// Lets acknowledged batches wait once more.
    pub(super) async fn send_again(&self, sheet: &mut Sheet<'_, S>, which: fn(&BatchRow) -> bool) -> Result<(), Trouble> {
        for key in sheet.batches(Table::Acknowledged).await? {
            if let Some(mut row) = sheet.batch(Table::Acknowledged, key).await?.filter(which) {
                row.again = true;
                sheet.delete(Table::Acknowledged, key.text());
                sheet.put_row(Table::Outbox, key.text(), &row);
            }
        }
        Ok(())
    }

    async fn copy_workspace(&self, own: &Own, token: &str) -> Result<(), Trouble> {
        let workspace = self.relay.workspace(&self.guide, token).await?;
        if own.epoch.as_ref().is_some_and(|epoch| *epoch != workspace.epoch) {
            return self.start_over(own, &workspace.epoch).await;
        }
        let this = BatchId(drawn(&self.world));
        self.transact(async |sheet| {
            sheet.own.copying = Some(this);
            Ok(())
        })
        .await?;
        let mut documents: Vec<(RecordId, &PackedDocument)> = Vec::new();
        for packed in &workspace.documents {
            documents.push((RecordId(sixteen(&packed.record)?), packed));
        }
        // The settings first: titles are taken in the guide's language.
        order::sort_by_key(&mut documents, |(record, _)| (*record != self.guide.settings(), *record));
        for some in documents.chunks(COPY_DOCUMENTS) {
            if !self.copy_documents(this, some).await? {
                return Ok(());
            }
            self.tell_state().await?;
        }
        self.finish_copy(this, &workspace, order::unique(documents.iter().map(|(record, _)| *record))).await?;
        self.tell_changed(Vec::new()).await
    }

    /// False when another tab copies a later workspace: that one counts.
    async fn copy_documents(&self, this: BatchId, documents: &[(RecordId, &PackedDocument)]) -> Result<bool, Trouble> {
        self.transact(async |sheet| {
            if sheet.own.complete || sheet.own.copying != Some(this) {
                return Ok(false);
            }
            for (record, packed) in documents {
                if packed.document.is_empty() {
                    // Whoever joins hears of every purge that ever was: news is what was here until now.
                    sheet.clears_editions |= sheet.get(Table::Records, &record.to_string()).await?.is_some();
                    self.forget(sheet, *record).await?;
                    continue;
                }
                sheet.put(Table::Records, record.to_string(), packed.document.to_vec());
                self.list_shown(sheet, *record).await?;
            }
            Ok(true)
        })
        .await
    }

    async fn finish_copy(&self, this: BatchId, workspace: &Workspace, there: Vec<RecordId>) -> Result<(), Trouble> {
        self.transact(async |sheet| {
            if sheet.own.complete || sheet.own.copying != Some(this) {
                return Ok(());
            }
            for key in sheet.keys(Table::Records).await? {
                match key.parse::<RecordId>() {
                    Ok(record) if there.binary_search(&record).is_err() => {
                        sheet.delete(Table::Records, key);
                        self.list_shown(sheet, record).await?;
                    }
                    _ => {}
                }
            }
            self.note_authors(sheet, &workspace.authors).await?;
            sheet.own.epoch = Some(workspace.epoch.clone());
            sheet.own.feed_seq = workspace.feed_seq;
            sheet.own.complete = true;
            sheet.own.copying = None;
            Ok(())
        })
        .await
    }

    async fn note_authors(&self, sheet: &mut Sheet<'_, S>, authors: &[Author]) -> Result<(), Trouble> {
        for author in authors {
            let actor = ActorId(sixteen(&author.actor)?).to_string();
            let mine = sheet.author(&actor).await?.is_some_and(|known| known.mine);
            let row = AuthorRow { pseudonym: author.pseudonym.clone(), day: author.day.parse().ok(), mine };
            sheet.put_row(Table::Authors, actor, &row);
        }
        Ok(())
    }

    /// Lists a record as it is shown now.
    pub(super) async fn list_shown(&self, sheet: &mut Sheet<'_, S>, record: RecordId) -> Result<(), Trouble> {
        let shown = Shown::of(sheet, record).await?;
        self.list_record(sheet, record, shown.document().as_ref());
        Ok(())
    }
}

fn sixteen(bytes: &[u8]) -> Result<[u8; 16], Trouble> {
    bytes.try_into().map_err(|_| internal("the relay sent an id that is none"))
}

//! Sending the outbox in order, and what each answer of the relay means for what waits.

use super::rows::{BatchKey, BatchRow};
use super::save::Work;
use super::sheet::Sheet;
use super::shown::build_on;
use super::{Keys, Relay, Replica, Shelf, Surroundings, Table};
use crate::document::links;
use crate::gate::Refusal;
use crate::ids::{BatchId, RecordId};
use crate::link::{Draft, Trouble};

/// After this many days a batch whose ground the relay has lost is made again on what it has. Until
/// then we wait for the device that can send that ground again.
const STUCK_DAYS: i32 = 7;

/// How far sending came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    All,
    /// Something must wait for changes of others.
    Held,
    /// The relay is not the one that our copy came from.
    OtherEpoch,
}

type Hashes = Vec<[u8; 32]>;

impl<S: Shelf, K: Keys, R: Relay, W: Surroundings> Replica<S, K, R, W> {
    pub(super) async fn send(&self) -> Result<Sent, Trouble> {
        let mut held: Vec<RecordId> = Vec::new();
        let keys: Vec<BatchKey> = self.look(async |sheet| sheet.batches(Table::Outbox).await).await?;
        for key in keys {
            if held.contains(&key.record) {
                continue;
            }
            let (row, epoch) =
                self.look(async |sheet| Ok((sheet.batch(Table::Outbox, key).await?, sheet.own.epoch.clone()))).await?;
            // Another tab was quicker.
            let Some(row) = row else { continue };
            match self.relay.post(&self.guide, row.batch, &row.sealed.0).await? {
                Ok(accepted) if Some(&accepted.epoch) != epoch.as_ref() => return Ok(Sent::OtherEpoch),
                Ok(_) if self.acknowledge(key, row.batch).await? => {}
                Ok(_) => held.push(key.record),
                Err(Refusal::MissingDeps) => {
                    self.hold(key, row.batch).await?;
                    held.push(key.record);
                }
                Err(refusal @ (Refusal::Revoked | Refusal::UnknownDevice)) => {
                    self.revoke(refusal).await?;
                    return Ok(Sent::All);
                }
                Err(refusal) => self.refuse(key, row.batch, refusal).await?,
            }
        }
        Ok(if held.is_empty() { Sent::All } else { Sent::Held })
    }

    /// The relay has it: its changes are confirmed. False when they build on what has not come to us
    /// yet (the relay was restored, others sent again): the feed will bring it.
    async fn acknowledge(&self, key: BatchKey, batch: BatchId) -> Result<bool, Trouble> {
        let done = self
            .transact(async |sheet| {
                let Some(mut row) = same(sheet, key, batch).await? else { return Ok(true) };
                let mut confirmed = sheet.confirmed(key.record).await?;
                if !build_on(&mut confirmed, &row)? {
                    return Ok(false);
                }
                if let Some(confirmed) = &confirmed {
                    sheet.put_confirmed(key.record, confirmed);
                }
                sheet.delete(Table::Outbox, key.text());
                row.again = false;
                row.stuck = None;
                row.acknowledged = Some(self.world.today());
                sheet.put_row(Table::Acknowledged, key.text(), &row);
                Ok(true)
            })
            .await?;
        self.tell_changed(vec![key.record]).await?;
        Ok(done)
    }

    /// The relay lacks what this batch builds on. It waits; after a while it is made again.
    async fn hold(&self, key: BatchKey, batch: BatchId) -> Result<(), Trouble> {
        self.transact(async |sheet| {
            let Some(mut row) = same(sheet, key, batch).await? else { return Ok(()) };
            let today = self.world.today();
            let since = *row.stuck.get_or_insert(today);
            if today.since(since) >= STUCK_DAYS {
                sheet.own.turn += 1;
                return self.remake(sheet, key.record, hashes(&row), Refusal::MissingDeps).await;
            }
            sheet.put_row(Table::Outbox, key.text(), &row);
            Ok(())
        })
        .await
    }

    /// Refused for good: the work becomes a draft, and what was built on it is made anew without it.
    async fn refuse(&self, key: BatchKey, batch: BatchId, refusal: Refusal) -> Result<(), Trouble> {
        self.transact(async |sheet| {
            let Some(row) = same(sheet, key, batch).await? else { return Ok(()) };
            sheet.own.turn += 1;
            // What the collective purged stays nowhere, not even as a draft.
            if refusal == Refusal::Purged {
                return self.forget(sheet, key.record).await;
            }
            self.make_draft(sheet, key, &row, refusal.clone()).await?;
            self.remake(sheet, key.record, hashes(&row), refusal.clone()).await
        })
        .await?;
        self.tell_changed(vec![key.record]).await
    }

    /// Makes every waiting batch of the record anew that holds or builds on `lost` changes: its edits
    /// are done on what is left. What cannot be done there becomes a draft.
    async fn remake(
        &self,
        sheet: &mut Sheet<'_, S>,
        record: RecordId,
        mut lost: Hashes,
        refusal: Refusal,
    ) -> Result<(), Trouble> {
        let writer = self.writer(sheet).await?;
        let mut base = sheet.confirmed(record).await?;
        for key in sheet.batches(Table::Outbox).await?.into_iter().filter(|key| key.record == record) {
            let Some(row) = sheet.batch(Table::Outbox, key).await? else { continue };
            if !touches(&row, &lost) {
                build_on(&mut base, &row)?;
                continue;
            }
            lost.extend(hashes(&row));
            let work = Work { record, kind: row.kind, edits: &row.edits, since: row.since, base: base.as_ref(), renew: false };
            // Without a record to do them on, edits wait as a draft: making it anew is for the person.
            match work.base.map(|_| work.done(writer.actor)) {
                None | Some(Err(_)) => self.make_draft(sheet, key, &row, refusal.clone()).await?,
                Some(Ok(None)) => sheet.delete(Table::Outbox, key.text()),
                Some(Ok(Some((document, changes)))) => {
                    let anew = self.batch_row(&sheet.own, writer, &work, changes).await?;
                    sheet.put_row(Table::Outbox, key.text(), &anew);
                    base = Some(document);
                }
            }
        }
        self.list_record(sheet, record, base.as_ref());
        Ok(())
    }

    async fn make_draft(&self, sheet: &mut Sheet<'_, S>, key: BatchKey, row: &BatchRow, refusal: Refusal) -> Result<(), Trouble> {
        let draft = Draft {
            batch: row.batch,
            record: row.record,
            kind: row.kind,
            title: self.title(sheet, row.record).await?,
            since: row.since,
            refusal,
            edits: row.edits.clone(),
        };
        sheet.delete(Table::Outbox, key.text());
        sheet.put_row(Table::Drafts, key.text(), &draft);
        Ok(())
    }

    /// The relay takes nothing more from this device: everything unsent becomes drafts, to be copied.
    pub(super) async fn revoke(&self, refusal: Refusal) -> Result<(), Trouble> {
        self.transact(async |sheet| {
            if let Some(membership) = &mut sheet.own.membership {
                membership.revoked = true;
            }
            // A copy of what is undone here may still arrive, should the device be invited again.
            sheet.own.turn += 1;
            for key in sheet.batches(Table::Outbox).await? {
                let Some(row) = sheet.batch(Table::Outbox, key).await? else { continue };
                if row.again {
                    sheet.delete(Table::Outbox, key.text());
                    sheet.put_row(Table::Acknowledged, key.text(), &row);
                } else {
                    self.make_draft(sheet, key, &row, refusal.clone()).await?;
                }
                let confirmed = sheet.confirmed(key.record).await?;
                self.list_record(sheet, key.record, confirmed.as_ref());
            }
            Ok(())
        })
        .await?;
        self.tell_changed(Vec::new()).await
    }
}

/// The batch at `key`, if it is still the one that was sent.
async fn same<S: Shelf>(sheet: &Sheet<'_, S>, key: BatchKey, batch: BatchId) -> Result<Option<BatchRow>, Trouble> {
    Ok(sheet.batch(Table::Outbox, key).await?.filter(|row| row.batch == batch))
}

fn hashes(row: &BatchRow) -> Hashes {
    row.changes().filter_map(links).map(|(hash, _)| hash).collect()
}

fn touches(row: &BatchRow, lost: &Hashes) -> bool {
    row.changes().filter_map(links).any(|(hash, deps)| lost.contains(&hash) || deps.iter().any(|dep| lost.contains(dep)))
}

//! A sealed batch enters: receipt, gate, log, documents, all in one job of the writer.

use super::ahead::{self, Ahead};
use super::documents::Documents;
use super::{Relay, RelayError};
use crate::store::{DocumentRow, NewChange, StoreError, Work, Writing};
use shared::batch::Sealed;
use shared::gate::{Admitted, Member, Refusal, Role, Standing};
use shared::ids::Day;
use shared::limits::{GUIDE_RECORDS_MAX, IMPORT_BATCH_BYTES_MAX};
use shared::wire::Accepted;
use std::sync::Arc;

impl Relay {
    /// A batch that came over the network. Answered once it is on the disk.
    pub async fn receive(self: &Arc<Relay>, sealed: Sealed) -> Result<Accepted, RelayError> {
        let relay = self.clone();
        let gate = self.gates.acquire().await.map_err(|_| StoreError::Stopped)?;
        let receipt = tokio::task::spawn_blocking(move || relay.receipt_of(sealed)).await;
        drop(gate);
        self.store.work(receipt.map_err(|_| StoreError::Panicked)?).done().await
    }

    /// A batch of this process, such as an import's. For threads that may wait.
    pub fn submit(self: &Arc<Relay>, sealed: Sealed) -> Result<Accepted, RelayError> {
        if sealed.encode().len() > IMPORT_BATCH_BYTES_MAX {
            return Err(RelayError::Refused(Refusal::TooLarge));
        }
        self.store.work(self.receipt_of(sealed)).wait()
    }

    fn receipt_of(self: &Arc<Relay>, sealed: Sealed) -> Receive {
        Receive {
            relay: self.clone(),
            documents: self.documents.clone(),
            digest: sealed.batch.digest(),
            ahead: Ahead::decide(self, &sealed),
            sealed,
            today: self.today(),
            staged: None,
        }
    }
}

/// The writer's job for one batch.
struct Receive {
    relay: Arc<Relay>,
    documents: Documents,
    sealed: Sealed,
    digest: [u8; 32],
    ahead: Option<Ahead>,
    today: Day,
    /// The number of the last change, once everything is written and waits for the commit.
    staged: Option<u64>,
}

impl Work for Receive {
    type Done = Accepted;
    type Error = RelayError;

    fn run(&mut self, rows: &Writing<'_>) -> Result<Accepted, RelayError> {
        let batch = &self.sealed.batch;
        let guide = &batch.guide;
        let last = rows.feed_seq(guide)?.ok_or(RelayError::NoGuide)?;
        if let Some((digest, feed_seq)) = rows.receipt(guide, batch.batch)? {
            let same = digest == self.digest;
            return if same { Ok(self.accepted(feed_seq)) } else { Err(RelayError::Refused(Refusal::BatchReused)) };
        }
        let member = rows.device(guide, batch.device)?.ok_or(RelayError::Refused(Refusal::UnknownDevice))?.member();
        let ahead = self.ahead.take().map(|ahead| ahead.still(rows, &self.sealed, &member)).transpose()?;
        let decided = match ahead.flatten() {
            Some(decided) => decided,
            None => ahead::decide(&self.sealed, &member, |record| self.documents.standing(rows, guide, record))?,
        };
        let admitted = decided.map_err(RelayError::Refused)?;
        self.make_room(rows, &admitted)?;
        let logged = self.log(rows, last, &admitted)?;
        let feed_seq = logged.last().copied().unwrap_or(last);
        self.hold_for_review(rows, &member, last, &admitted)?;
        rows.set_feed_seq(guide, feed_seq)?;
        rows.add_receipt(guide, batch.batch, &self.digest, feed_seq)?;
        rows.device_seen(guide, batch.device, self.today)?;
        // Nothing can fail any more in this job: later ones of the group build on its documents.
        for (record, feed_seq) in admitted.into_iter().zip(logged) {
            self.documents.stage(guide, record.record, feed_seq, record.document);
        }
        self.staged = Some(feed_seq);
        Ok(self.accepted(feed_seq))
    }

    fn settled(&mut self, on_disk: bool) {
        let Some(feed_seq) = self.staged else { return };
        self.documents.settle(on_disk);
        if on_disk {
            self.relay.news.accepted(&self.sealed.batch.guide, feed_seq);
        }
    }
}

impl Receive {
    fn accepted(&self, feed_seq: u64) -> Accepted {
        Accepted { feed_seq, epoch: self.relay.epoch().to_owned() }
    }

    /// A guide holds so many records and no more.
    fn make_room(&self, rows: &Writing<'_>, admitted: &[Admitted]) -> Result<(), RelayError> {
        let new = admitted.iter().filter(|record| record.is_new).count();
        let full = new > 0 && rows.document_count(&self.sealed.batch.guide)? + new > GUIDE_RECORDS_MAX;
        if full { Err(RelayError::Refused(Refusal::Full)) } else { Ok(()) }
    }

    /// Writes changes and documents; gives the number of each record's last change.
    fn log(&self, rows: &Writing<'_>, last: u64, admitted: &[Admitted]) -> Result<Vec<u64>, StoreError> {
        let (guide, device) = (&self.sealed.batch.guide, self.sealed.batch.device);
        let mut feed_seq = last;
        let mut logged = Vec::with_capacity(admitted.len());
        for record in admitted {
            for change in &record.changes {
                feed_seq += 1;
                let entry = NewChange {
                    feed_seq,
                    record: record.record,
                    hash: change.hash,
                    actor: change.actor,
                    seq: change.seq,
                    device,
                    day: self.today,
                    bytes: &change.bytes,
                };
                rows.add_change(guide, &entry)?;
            }
            let bytes = record.saved.clone();
            rows.put_document(guide, &DocumentRow { record: record.record, kind: record.kind, feed_seq, bytes })?;
            logged.push(feed_seq);
        }
        Ok(logged)
    }

    /// Under the policy `review` a contributor's changes are shared with the members at once and with
    /// readers when an editor next saves the same record.
    fn hold_for_review(&self, rows: &Writing<'_>, member: &Member, last: u64, admitted: &[Admitted]) -> Result<(), RelayError> {
        let guide = &self.sealed.batch.guide;
        let waits = member.role == Role::Contributor && self.reviews(rows)?;
        let mut first = last + 1;
        for record in admitted {
            match waits {
                true => rows.hold(guide, record.record, first)?,
                false => rows.release(guide, record.record)?,
            }
            first += record.changes.len() as u64;
        }
        Ok(())
    }

    fn reviews(&self, rows: &Writing<'_>) -> Result<bool, StoreError> {
        let guide = &self.sealed.batch.guide;
        Ok(match self.documents.standing(rows, guide, guide.settings())? {
            Standing::Present(document) => document.tree().get("policy").is_some_and(|policy| policy == "review"),
            Standing::Absent | Standing::Purged => false,
        })
    }
}

//! A sealed batch enters: receipt, gate, log, documents, all in one job of the writer.

use super::ahead::{self, Ahead};
use super::documents::Documents;
use super::review::{Author, why};
use super::{Relay, RelayError};
use crate::store::{DocumentRow, NewChange, StoreError, Work, Writing};
use shared::batch::Sealed;
use shared::gate::{self, Admitted, Member, Refusal, Role};
use shared::ids::Day;
use shared::limits::{DEVICE_RECORDS_WAITING_MAX, GUIDE_BYTES_MAX, GUIDE_RECORDS_MAX, IMPORT_BATCH_BYTES_MAX};
use shared::wire::Accepted;
use std::sync::Arc;

impl Relay {
    /// A batch that came over the network. Answered once it is on the disk.
    pub async fn receive(self: &Arc<Relay>, sealed: Sealed) -> Result<Accepted, RelayError> {
        let relay = self.clone();
        let gate = self.gates.acquire().await.map_err(|_| StoreError::Stopped)?;
        let now = self.now().as_millisecond();
        // Before the gate: its work is what a device that sends too much would use up.
        if let Some(seconds) = self.quotas.wait(&sealed, now) {
            return Err(RelayError::SlowDown(seconds));
        }
        let receipt = tokio::task::spawn_blocking(move || {
            let receipt = relay.receipt_of(sealed, false);
            if receipt.ahead.as_ref().is_some_and(Ahead::is_signed) {
                relay.quotas.count(&receipt.sealed, now);
            }
            receipt
        })
        .await;
        drop(gate);
        self.store.work(receipt.map_err(|_| StoreError::Panicked)?).done().await
    }

    /// A batch of this process, such as an import's; who may start it answers for it, and nothing of it
    /// waits. For threads that may wait.
    pub fn submit(self: &Arc<Relay>, sealed: Sealed) -> Result<Accepted, RelayError> {
        if sealed.encode().len() > IMPORT_BATCH_BYTES_MAX {
            return Err(RelayError::Refused(Refusal::TooLarge));
        }
        self.store.work(self.receipt_of(sealed, true)).wait()
    }

    fn receipt_of(self: &Arc<Relay>, sealed: Sealed, is_own: bool) -> Receive {
        Receive {
            relay: self.clone(),
            documents: self.documents.clone(),
            digest: sealed.batch.digest(),
            ahead: Ahead::decide(self, &sealed),
            sealed,
            is_own,
            second: self.now().as_second(),
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
    /// Whether it comes from this process.
    is_own: bool,
    second: i64,
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
            let mut is_purged = false;
            for change in &batch.changes {
                is_purged |= rows.is_purged(guide, change.record)?;
            }
            gate::again(batch, &digest, is_purged).map_err(RelayError::Refused)?;
            return Ok(self.accepted(feed_seq));
        }
        let member = rows.device(guide, batch.device)?.ok_or(RelayError::Refused(Refusal::UnknownDevice))?.member();
        let ahead = self.ahead.take().map(|ahead| ahead.still(rows, &self.sealed, &member)).transpose()?;
        let decided = match ahead.flatten() {
            Some(decided) => decided,
            None => ahead::decide(&self.sealed, &member, |record| self.documents.standing(rows, guide, record))?,
        };
        let admitted = decided.map_err(RelayError::Refused)?;
        self.make_room(rows, &admitted)?;
        // Before the new documents are written: what waits is told by what stood there.
        self.hold(rows, &member, last, &admitted)?;
        let logged = self.log(rows, last, &admitted)?;
        let feed_seq = logged.last().copied().unwrap_or(last);
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
        if !on_disk {
            self.relay.watch.forget_rules();
        }
        if on_disk {
            self.relay.news.accepted(&self.sealed.batch.guide, feed_seq);
        }
    }
}

impl Receive {
    fn accepted(&self, feed_seq: u64) -> Accepted {
        Accepted { feed_seq, epoch: self.relay.epoch().to_owned() }
    }

    /// A guide holds so many records and so many bytes of changes, and no more.
    fn make_room(&self, rows: &Writing<'_>, admitted: &[Admitted]) -> Result<(), RelayError> {
        let guide = &self.sealed.batch.guide;
        let new = admitted.iter().filter(|record| record.is_new).count();
        let bytes: usize = admitted.iter().flat_map(|record| &record.changes).map(|change| change.bytes.len()).sum();
        let full = (new > 0 && rows.document_count(guide)? + new > GUIDE_RECORDS_MAX)
            || (bytes > 0 && rows.change_bytes(guide)? + bytes as u64 > GUIDE_BYTES_MAX);
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

    /// What waits is shared with the members at once and with readers when somebody lets it through:
    /// never by a change of the same record alone, which joins what waits.
    fn hold(&self, rows: &Writing<'_>, member: &Member, last: u64, admitted: &[Admitted]) -> Result<(), RelayError> {
        if self.is_own {
            return Ok(());
        }
        let (guide, device) = (&self.sealed.batch.guide, self.sealed.batch.device);
        let author = Author { device, role: member.role, second: self.second };
        let mut first = last + 1;
        for record in admitted {
            let why = why(&self.relay, &self.documents, rows, guide, &author, record)?;
            if !why.is_empty() {
                rows.hold(guide, record.record, first)?;
            }
            why.into_iter().try_for_each(|why| rows.add_why(guide, record.record, device, why))?;
            first += record.changes.len() as u64;
        }
        // Whoever reads it over has to get through it.
        let is_bounded = member.role == Role::Contributor;
        let too_many = is_bounded && rows.records_waiting(guide, device)? > DEVICE_RECORDS_WAITING_MAX;
        if too_many { Err(RelayError::Refused(Refusal::Full)) } else { Ok(()) }
    }
}

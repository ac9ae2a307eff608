//! A sealed batch enters: receipt, gate, log, documents, all in one job of the writer.

use super::documents::Documents;
use super::{Relay, RelayError};
use crate::store::{DocumentRow, NewChange, StoreError, Work, Writing};
use shared::batch::Sealed;
use shared::gate::{self, Admitted, Member, Refusal, Role, Standing};
use shared::ids::{Day, DeviceId, GuideId};
use shared::limits::{GUIDE_RECORDS_MAX, IMPORT_BATCH_BYTES_MAX};
use shared::wire::Accepted;
use std::sync::Arc;

impl Relay {
    /// A batch that came over the network. Answered once it is on the disk.
    pub async fn receive(self: &Arc<Relay>, sealed: Sealed) -> Result<Accepted, RelayError> {
        self.store.work(self.receipt_of(sealed)).done().await
    }

    /// A batch of this process, such as an import's. For threads that may wait.
    pub fn submit(self: &Arc<Relay>, sealed: Sealed) -> Result<Accepted, RelayError> {
        if sealed.encode().len() > IMPORT_BATCH_BYTES_MAX {
            return Err(RelayError::Refused(Refusal::TooLarge));
        }
        self.store.work(self.receipt_of(sealed)).wait()
    }

    fn receipt_of(self: &Arc<Relay>, sealed: Sealed) -> Receive {
        let digest = sealed.batch.digest();
        Receive { relay: self.clone(), documents: self.documents.clone(), sealed, digest, today: self.today(), staged: None }
    }
}

/// The writer's job for one batch.
struct Receive {
    relay: Arc<Relay>,
    documents: Documents,
    sealed: Sealed,
    digest: [u8; 32],
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
        let member = member(rows, guide, batch.device)?;
        let admitted = self.admit(rows, &member)?;
        let feed_seq = self.log(rows, last, &admitted)?;
        self.hold_for_review(rows, &member, last, &admitted)?;
        rows.set_feed_seq(guide, feed_seq)?;
        rows.add_receipt(guide, batch.batch, &self.digest, feed_seq)?;
        rows.device_seen(guide, batch.device, self.today)?;
        // Nothing can fail any more in this job: later ones of the group build on its documents.
        for record in admitted {
            self.documents.stage(guide, record.record, record.document);
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

    fn admit(&self, rows: &Writing<'_>, member: &Member) -> Result<Vec<Admitted>, RelayError> {
        let guide = &self.sealed.batch.guide;
        let mut trouble = None;
        let mut shelf = |record| {
            self.documents.standing(rows, guide, record).unwrap_or_else(|error| {
                trouble = Some(error);
                Standing::Absent
            })
        };
        let admitted = gate::admit(&self.sealed, member, guide, &mut shelf);
        // Whatever the gate said, it was told something wrong.
        if let Some(error) = trouble {
            return Err(error.into());
        }
        let admitted = admitted.map_err(RelayError::Refused)?;
        let new = admitted.iter().filter(|record| record.is_new).count();
        if new > 0 && rows.document_count(guide)? + new > GUIDE_RECORDS_MAX {
            return Err(RelayError::Refused(Refusal::Full));
        }
        Ok(admitted)
    }

    /// Writes changes and documents; gives the number of the last change.
    fn log(&self, rows: &Writing<'_>, last: u64, admitted: &[Admitted]) -> Result<u64, StoreError> {
        let (guide, device) = (&self.sealed.batch.guide, self.sealed.batch.device);
        let mut feed_seq = last;
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
            let bytes = record.document.save();
            rows.put_document(guide, &DocumentRow { record: record.record, kind: record.kind, feed_seq, bytes })?;
        }
        Ok(feed_seq)
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

fn member(rows: &Writing<'_>, guide: &GuideId, device: DeviceId) -> Result<Member, RelayError> {
    let device = rows.device(guide, device)?.ok_or(RelayError::Refused(Refusal::UnknownDevice))?;
    Ok(Member { public_key: device.public_key, role: device.role, active: device.active })
}

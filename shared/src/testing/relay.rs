//! A relay in memory: the real gate, the real rules of review, a log.

use crate::batch::Sealed;
use crate::document::Document;
use crate::edition::GuideHeader;
use crate::gate::{self, Admitted, Refusal, Role, Standing};
use crate::ids::{ActorId, BatchId, Day, DeviceId, GuideId, RecordId};
use crate::joining;
use crate::limits::BATCH_BYTES_MAX;
use crate::replica::Unreached;
use crate::review::{Rules, Why};
use crate::wire::{Accepted, Author, Denied, FeedChange, FeedPage, PackedDocument, Redeem, Redeemed, Workspace};
use minicbor::bytes::ByteVec;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

mod review;

pub use review::{Decided, Proposed};

/// Changes in one page of this relay's feed: few, so that pages matter.
const PAGE_CHANGES: usize = 7;

/// A change that was accepted, and what was so at that moment. Without bytes: a purge.
#[derive(Debug, Clone)]
pub struct Logged {
    pub feed_seq: u64,
    pub record: RecordId,
    pub bytes: Vec<u8>,
    pub device: DeviceId,
    pub role: Role,
    pub rules: Rules,
    /// Whether readers had seen the record by then.
    pub was_published: bool,
}

/// What a backup holds is a clone of this.
#[derive(Debug, Clone)]
pub struct MemoryRelay {
    pub guide: GuideId,
    pub epoch: String,
    pub documents: BTreeMap<RecordId, Document>,
    pub log: Vec<Logged>,
    pub purged: BTreeSet<RecordId>,
    /// What was decided, in order.
    pub verdicts: Vec<Decided>,
    /// What readers saw of each record when it was last published.
    pub edition: BTreeMap<RecordId, Value>,
    /// The guide as it was last published.
    header: Option<GuideHeader>,
    /// The records of which something waits: from which number on, and why.
    held: BTreeMap<RecordId, (u64, BTreeSet<(DeviceId, Why)>)>,
    /// The records that readers ever saw.
    was_published: BTreeSet<RecordId>,
    receipts: BTreeMap<BatchId, ([u8; 32], u64)>,
    members: BTreeMap<DeviceId, (gate::Member, String)>,
    authors: BTreeMap<ActorId, String>,
    /// Of 256 batches about so many are refused, always the same ones.
    pub refuses: u8,
    today: Day,
}

impl MemoryRelay {
    pub fn new(guide: GuideId, today: Day) -> MemoryRelay {
        MemoryRelay {
            guide,
            epoch: "epoch 1".to_owned(),
            documents: BTreeMap::new(),
            log: Vec::new(),
            purged: BTreeSet::new(),
            verdicts: Vec::new(),
            edition: BTreeMap::new(),
            header: None,
            held: BTreeMap::new(),
            was_published: BTreeSet::new(),
            receipts: BTreeMap::new(),
            members: BTreeMap::new(),
            authors: BTreeMap::new(),
            refuses: 0,
            today,
        }
    }

    /// Goes back to `backup`, as another epoch. Who is a member is not forgotten.
    pub fn restore(&mut self, backup: MemoryRelay, epoch: String) {
        let (members, refuses) = (std::mem::take(&mut self.members), self.refuses);
        *self = MemoryRelay { members, refuses, epoch, ..backup };
    }

    pub fn member(&self, device: DeviceId) -> Option<&gate::Member> {
        self.members.get(&device).map(|(member, _)| member)
    }

    pub fn revoke(&mut self, device: DeviceId) {
        if let Some((member, _)) = self.members.get_mut(&device) {
            member.active = false;
        }
    }

    pub fn change_role(&mut self, device: DeviceId, role: Role) {
        if let Some((member, _)) = self.members.get_mut(&device) {
            member.role = role;
        }
    }

    pub fn feed_seq(&self) -> u64 {
        self.log.last().map_or(0, |change| change.feed_seq)
    }

    pub(super) fn redeem(&mut self, redeem: &Redeem) -> Result<Redeemed, Denied> {
        let public_key = joining::proven_key(redeem).ok_or(Denied::BadRequest)?;
        let role = Role::from_code(&redeem.token).ok_or(Denied::UnknownInvite)?;
        let device = DeviceId::of_key(&public_key);
        let member = gate::Member { public_key, role, active: true };
        self.members.insert(device, (member, redeem.pseudonym.clone()));
        Ok(Redeemed {
            guide: self.guide.clone(),
            device,
            role,
            pseudonym: redeem.pseudonym.clone(),
            read_token: device.to_string(),
        })
    }

    pub(super) fn post(&mut self, bytes: &[u8]) -> Result<Accepted, Refusal> {
        let sealed = Sealed::decode(bytes, BATCH_BYTES_MAX)?;
        let (id, device) = (sealed.batch.batch, sealed.batch.device);
        if let Some((digest, feed_seq)) = self.receipts.get(&id) {
            let is_purged = sealed.batch.changes.iter().any(|change| self.purged.contains(&change.record));
            gate::again(&sealed.batch, digest, is_purged)?;
            return Ok(self.accepted(*feed_seq));
        }
        if id.0[0] < self.refuses {
            return Err(Refusal::TooLarge);
        }
        let (member, pseudonym) = self.members.get(&device).cloned().ok_or(Refusal::UnknownDevice)?;
        let standing = |record: RecordId| match self.documents.get(&record) {
            _ if self.purged.contains(&record) => Standing::Purged,
            Some(document) => Standing::Present(document.clone()),
            None => Standing::Absent,
        };
        for record in gate::admit(&sealed, &member, &self.guide, &mut { standing })? {
            self.hold(device, member.role, &record);
            self.enter(device, member.role, &pseudonym, record);
        }
        self.receipts.insert(id, (sealed.batch.digest(), self.feed_seq()));
        Ok(self.accepted(self.feed_seq()))
    }

    fn accepted(&self, feed_seq: u64) -> Accepted {
        Accepted { feed_seq, epoch: self.epoch.clone() }
    }

    fn enter(&mut self, device: DeviceId, role: Role, pseudonym: &str, admitted: Admitted) {
        let (record, rules, was_published) = (admitted.record, self.rules(), self.was_published.contains(&admitted.record));
        for change in admitted.changes {
            self.authors.insert(change.actor, pseudonym.to_owned());
            let feed_seq = self.feed_seq() + 1;
            self.log.push(Logged { feed_seq, record, bytes: change.bytes, device, role, rules, was_published });
        }
        self.documents.insert(record, admitted.document);
    }

    pub(super) fn may_read(&self, token: &str) -> Result<Role, Unreached> {
        let member = token.parse::<DeviceId>().ok().and_then(|device| self.member(device));
        match member {
            Some(member) if member.active => Ok(member.role),
            _ => Err(Unreached::Denied(Denied::BadToken)),
        }
    }

    pub(super) fn feed(&self, since: u64, role: Role) -> FeedPage {
        let later: Vec<&Logged> = self.log.iter().filter(|change| change.feed_seq > since).collect();
        let changes: Vec<FeedChange> = later
            .iter()
            .take(PAGE_CHANGES)
            .map(|change| FeedChange::new(change.feed_seq, change.record, change.bytes.clone()))
            .collect();
        let feed_seq = changes.last().map_or(since.min(self.feed_seq()), |change| change.feed_seq);
        FeedPage {
            epoch: self.epoch.clone(),
            feed_seq,
            more: later.len() > changes.len(),
            changes,
            authors: self.authors(),
            role: role.code().to_owned(),
        }
    }

    pub(super) fn workspace(&self) -> Workspace {
        let pack = |(record, document): (&RecordId, &Document)| PackedDocument {
            record: ByteVec::from(record.0.to_vec()),
            document: ByteVec::from(document.save()),
        };
        let purged =
            |record: &RecordId| PackedDocument { record: ByteVec::from(record.0.to_vec()), document: ByteVec::from(Vec::new()) };
        Workspace {
            epoch: self.epoch.clone(),
            feed_seq: self.feed_seq(),
            documents: self.documents.iter().map(pack).chain(self.purged.iter().map(purged)).collect(),
            authors: self.authors(),
        }
    }

    fn authors(&self) -> Vec<Author> {
        self.authors.iter().map(|(actor, pseudonym)| Author::new(*actor, pseudonym.clone(), self.today)).collect()
    }
}

//! A relay in memory: the real gate, a log, and a line that loses, repeats and delays.

use super::Pause;
use crate::batch::Sealed;
use crate::document::Document;
use crate::gate::{self, Refusal, Role, Standing};
use crate::ids::{ActorId, BatchId, Day, DeviceId, GuideId, RecordId, unhex};
use crate::limits::BATCH_BYTES_MAX;
use crate::replica::{Relay, Unreached};
use crate::wire::{Accepted, Author, Denied, FeedChange, FeedPage, PackedDocument, Redeem, Redeemed, Workspace};
use minicbor::bytes::ByteVec;
use rand::Rng;
use rand::rngs::SmallRng;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Changes in one page of this relay's feed: few, so that pages matter.
const PAGE_CHANGES: usize = 7;

/// What a backup holds is a clone of this.
#[derive(Debug, Clone)]
pub struct MemoryRelay {
    pub guide: GuideId,
    pub epoch: String,
    pub documents: BTreeMap<RecordId, Document>,
    log: Vec<FeedChange>,
    receipts: BTreeMap<BatchId, ([u8; 32], u64)>,
    members: BTreeMap<DeviceId, (gate::Member, String)>,
    authors: BTreeMap<ActorId, String>,
    purged: BTreeSet<RecordId>,
    /// Answered with 410 to whoever asks for the feed from before.
    purged_at: u64,
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
            receipts: BTreeMap::new(),
            members: BTreeMap::new(),
            authors: BTreeMap::new(),
            purged: BTreeSet::new(),
            purged_at: 0,
            refuses: 0,
            today,
        }
    }

    /// Goes back to `backup`, as another epoch. Who is a member is not forgotten.
    pub fn restore(&mut self, backup: MemoryRelay, epoch: String) {
        let (members, refuses) = (std::mem::take(&mut self.members), self.refuses);
        *self = MemoryRelay { members, refuses, epoch, ..backup };
    }

    pub fn revoke(&mut self, device: DeviceId) {
        if let Some((member, _)) = self.members.get_mut(&device) {
            member.active = false;
        }
    }

    /// Removes a record for good, its changes from the log as well.
    pub fn purge(&mut self, record: RecordId) {
        self.documents.remove(&record);
        self.log.retain(|change| change.record[..] != record.0[..]);
        self.purged.insert(record);
        self.purged_at = self.feed_seq() + 1;
        self.log.push(FeedChange::new(self.purged_at, record, Vec::new()));
    }

    pub fn feed_seq(&self) -> u64 {
        self.log.last().map_or(0, |change| change.feed_seq)
    }

    fn redeem(&mut self, redeem: &Redeem) -> Result<Redeemed, Denied> {
        let public_key: [u8; 65] = unhex(&redeem.public_key).and_then(|key| key.try_into().ok()).ok_or(Denied::BadRequest)?;
        let role = Role::from_code(&redeem.token).ok_or(Denied::UnknownInvite)?;
        let device = DeviceId::of_key(&public_key);
        let member = gate::Member { public_key, role, active: true };
        self.members.insert(device, (member, redeem.pseudonym.clone()));
        Ok(Redeemed { guide: self.guide.clone(), device, role, read_token: device.to_string() })
    }

    fn post(&mut self, bytes: &[u8]) -> Result<Accepted, Refusal> {
        let sealed = Sealed::decode(bytes, BATCH_BYTES_MAX)?;
        let id = sealed.batch.batch;
        let accepted = |feed_seq| Accepted { feed_seq, epoch: self.epoch.clone() };
        if let Some((digest, feed_seq)) = self.receipts.get(&id) {
            return if *digest == sealed.batch.digest() { Ok(accepted(*feed_seq)) } else { Err(Refusal::BatchReused) };
        }
        if id.0[0] < self.refuses {
            return Err(Refusal::TooLarge);
        }
        let (member, pseudonym) = self.members.get(&sealed.batch.device).ok_or(Refusal::UnknownDevice)?;
        let standing = |record: RecordId| match self.documents.get(&record) {
            _ if self.purged.contains(&record) => Standing::Purged,
            Some(document) => Standing::Present(document.clone()),
            None => Standing::Absent,
        };
        let admitted = gate::admit(&sealed, member, &self.guide, &mut { standing })?;
        let pseudonym = pseudonym.clone();
        for record in admitted {
            for change in record.changes {
                let feed_seq = self.feed_seq() + 1;
                self.authors.insert(change.actor, pseudonym.clone());
                self.log.push(FeedChange::new(feed_seq, record.record, change.bytes));
            }
            self.documents.insert(record.record, record.document);
        }
        self.receipts.insert(id, (sealed.batch.digest(), self.feed_seq()));
        Ok(Accepted { feed_seq: self.feed_seq(), epoch: self.epoch.clone() })
    }

    fn may_read(&self, token: &str) -> Result<(), Unreached> {
        let device = token.parse::<DeviceId>().ok().and_then(|device| self.members.get(&device));
        match device {
            Some((member, _)) if member.active => Ok(()),
            _ => Err(Unreached::Denied(Denied::BadToken)),
        }
    }

    fn feed(&self, since: u64) -> Option<FeedPage> {
        if since < self.purged_at {
            return None;
        }
        let later: Vec<&FeedChange> = self.log.iter().filter(|change| change.feed_seq > since).collect();
        let changes: Vec<FeedChange> = later.iter().take(PAGE_CHANGES).map(|change| (*change).clone()).collect();
        let feed_seq = changes.last().map_or(since.min(self.feed_seq()), |change| change.feed_seq);
        Some(FeedPage {
            epoch: self.epoch.clone(),
            feed_seq,
            more: later.len() > changes.len(),
            changes,
            authors: self.authors(),
        })
    }

    fn workspace(&self) -> Workspace {
        let pack = |(record, document): (&RecordId, &Document)| PackedDocument {
            record: ByteVec::from(record.0.to_vec()),
            document: ByteVec::from(document.save()),
        };
        Workspace {
            epoch: self.epoch.clone(),
            feed_seq: self.feed_seq(),
            documents: self.documents.iter().map(pack).collect(),
            authors: self.authors(),
        }
    }

    fn authors(&self) -> Vec<Author> {
        self.authors.iter().map(|(actor, pseudonym)| Author::new(*actor, pseudonym.clone(), self.today)).collect()
    }
}

/// What happens on the way, each with its probability.
#[derive(Debug, Clone, Copy, Default)]
pub struct Weather {
    pub offline: bool,
    pub loses_request: f64,
    pub loses_reply: f64,
    pub repeats: f64,
    /// A copy of the request arrives some time later as well.
    pub delays: f64,
}

impl Weather {
    pub fn bad() -> Weather {
        Weather { offline: false, loses_request: 0.15, loses_reply: 0.15, repeats: 0.15, delays: 0.1 }
    }
}

/// A device's line to the relay.
#[derive(Clone)]
pub struct Line {
    pub(super) relay: Rc<RefCell<MemoryRelay>>,
    pub(super) weather: Rc<RefCell<Weather>>,
    pub(super) rng: Rc<RefCell<SmallRng>>,
    pub(super) late: Rc<RefCell<Vec<Vec<u8>>>>,
}

impl Line {
    fn chance(&self, probability: f64) -> bool {
        self.rng.borrow_mut().random_bool(probability)
    }

    /// One request and its reply.
    async fn over<T>(&self, request: impl Fn(&mut MemoryRelay) -> T) -> Result<T, Unreached> {
        Pause::default().await;
        let weather = *self.weather.borrow();
        if weather.offline || self.chance(weather.loses_request) {
            return Err(Unreached::NotReached);
        }
        self.deliver_late();
        let mut reply = request(&mut self.relay.borrow_mut());
        if self.chance(weather.repeats) {
            reply = request(&mut self.relay.borrow_mut());
        }
        Pause::default().await;
        if self.chance(weather.loses_reply) { Err(Unreached::NotReached) } else { Ok(reply) }
    }

    /// Some of what was under way arrives, in any order.
    fn deliver_late(&self) {
        while !self.late.borrow().is_empty() && self.chance(0.3) {
            let count = self.late.borrow().len();
            let at = self.rng.borrow_mut().random_range(0..count);
            let bytes = self.late.borrow_mut().swap_remove(at);
            // Nobody waits for this reply.
            drop(self.relay.borrow_mut().post(&bytes));
        }
    }
}

impl Relay for Line {
    async fn redeem(&self, redeem: &Redeem) -> Result<Redeemed, Unreached> {
        self.over(|relay| relay.redeem(redeem)).await?.map_err(Unreached::Denied)
    }

    async fn post(&self, _: &GuideId, _: BatchId, sealed: &[u8]) -> Result<Result<Accepted, Refusal>, Unreached> {
        if self.chance(self.weather.borrow().delays) {
            self.late.borrow_mut().push(sealed.to_vec());
        }
        self.over(|relay| relay.post(sealed)).await
    }

    async fn feed(&self, _: &GuideId, token: &str, since: u64) -> Result<Option<FeedPage>, Unreached> {
        self.over(|relay| relay.may_read(token).map(|()| relay.feed(since))).await?
    }

    async fn workspace(&self, _: &GuideId, token: &str) -> Result<Workspace, Unreached> {
        self.over(|relay| relay.may_read(token).map(|()| relay.workspace())).await?
    }
}

//! A member's device outside the browser: joins with an invite, makes edits as the app does, seals
//! and posts them. Everything random comes from the caller's seed.

use super::line::{Answer, Line};
use p256::ecdsa::SigningKey;
use rand::Rng;
use rand::rngs::SmallRng;
use shared::batch::{self, Batch, BatchChange};
use shared::document::Document;
use shared::edit::{self, Edit};
use shared::ids::{ActorId, BatchId, DeviceId, GuideId, Nonce, RecordId};
use shared::joining;
use shared::schema::Kind;
use shared::wire::{Accepted, FeedPage, Redeemed};
use std::io::{Error, Result};

pub struct Device {
    pub guide: GuideId,
    key: SigningKey,
    nonce: Nonce,
    read_token: String,
}

/// A sealed batch, ready for the post.
#[derive(Clone)]
pub struct Parcel {
    pub batch: BatchId,
    pub changes: Vec<Vec<u8>>,
    pub bytes: Vec<u8>,
}

impl Device {
    /// Redeems the invite behind `link`.
    pub fn join(line: &mut Line, guide: &GuideId, link: &str, rng: &mut SmallRng) -> Result<Device> {
        let token = link.trim().rsplit_once('#').ok_or_else(|| Error::other("an invite without a secret"))?.1;
        let key = key(rng);
        let redeem = joining::redeem(token, &format!("device-{}", rng.random::<u64>()), &key);
        let answer = line.post("/api/invites", shared::json::to_string(&redeem).as_bytes())?;
        let Redeemed { read_token, .. } = shared::json::from_slice(&good(answer, "the invite")?).map_err(Error::other)?;
        Ok(Device { guide: guide.clone(), key, nonce: Nonce(rng.random()), read_token })
    }

    pub fn actor(&self) -> ActorId {
        ActorId::of_session(&batch::public_key(&self.key), &self.nonce)
    }

    /// The header that shows who asks.
    pub fn authorization(&self) -> String {
        format!("Authorization: Bearer {}\r\n", self.read_token)
    }

    /// Makes a new place: its document, and the batch that brings it to the relay.
    pub fn new_place(&self, record: RecordId, edits: &[Edit], rng: &mut SmallRng) -> (Document, Parcel) {
        let (document, changes) = self.place(record, edits);
        (document, self.seal(changes, rng))
    }

    /// Makes a new place, to be sealed with others.
    pub fn place(&self, record: RecordId, edits: &[Edit]) -> (Document, Vec<BatchChange>) {
        let (document, changes) = edit::create(Kind::Place, edits, self.actor()).expect("generated places are valid");
        (document, changes.into_iter().map(|bytes| BatchChange { record, bytes }).collect())
    }

    /// Does `edits` to a place and seals the change.
    pub fn edit(&self, record: RecordId, document: &mut Document, edits: &[Edit], rng: &mut SmallRng) -> Parcel {
        let change = edit::apply(document, edits, self.actor()).expect("generated edits are valid");
        let bytes = change.expect("generated edits change something");
        self.seal(vec![BatchChange { record, bytes }], rng)
    }

    pub fn seal(&self, changes: Vec<BatchChange>, rng: &mut SmallRng) -> Parcel {
        let id = BatchId(rng.random());
        let device = DeviceId::of_key(&batch::public_key(&self.key));
        let bytes = changes.iter().map(|change| change.bytes.clone()).collect();
        let batch = Batch { guide: self.guide.clone(), device, batch: id, nonce: self.nonce, changes };
        Parcel { batch: id, changes: bytes, bytes: batch::sign(&batch, &self.key).encode() }
    }

    pub fn post(&self, line: &mut Line, parcel: &Parcel) -> Result<Answer> {
        line.post(&format!("/api/guides/{}/batches/{}", self.guide, parcel.batch), &parcel.bytes)
    }

    /// Posts what the relay must accept.
    pub fn share(&self, line: &mut Line, parcel: &Parcel) -> Result<Accepted> {
        shared::json::from_slice(&good(self.post(line, parcel)?, "a batch")?).map_err(Error::other)
    }

    /// One page of what came after `since`.
    pub fn feed(&self, line: &mut Line, since: u64) -> Result<FeedPage> {
        let answer = line.get(&format!("/api/guides/{}/feed?since={since}", self.guide), &self.authorization())?;
        minicbor::decode(&good(answer, "the feed")?).map_err(Error::other)
    }
}

/// The body of an answer that must be good.
pub fn good(answer: Answer, to: &str) -> Result<Vec<u8>> {
    match answer.status {
        200 => Ok(answer.body),
        status => Err(Error::other(format!("{to} was answered {status}: {}", String::from_utf8_lossy(&answer.body)))),
    }
}

fn key(rng: &mut SmallRng) -> SigningKey {
    loop {
        // All but one in 2^32 random strings are keys of this curve.
        if let Ok(key) = SigningKey::from_slice(&rng.random::<[u8; 32]>()) {
            return key;
        }
    }
}

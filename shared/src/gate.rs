//! The gate: decides whether a batch may enter, before Automerge sees a byte of it.
//!
//! On the data's way it stands between the network and the relay's transaction. It is given what the
//! relay knows (the member, the documents) and gives back new documents to swap in once the
//! transaction holds; it neither stores nor logs. Five steps, each cheap before the next: envelope
//! and permission, raw bytes, header, typed operations, a trial run.

use crate::batch::{Batch, Sealed};
use crate::document::Document;
use crate::gate::trial::{Incoming, Trial, Writer};
use crate::ids::{ActorId, DeviceId, GuideId, RecordId};
use crate::json::{self, Json, Reader};
use crate::limits::{BATCH_CHANGES_MAX, CHANGE_BYTES_MAX};
use crate::schema::Kind;
use std::collections::HashMap;

mod columns;
mod fault;
mod header;
mod operations;
mod prescan;
mod reader;
mod trial;
mod view;

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Edits wait for review.
    Contributor,
    /// Edits publish.
    Editor,
    /// Also members, settings, purge.
    Steward,
}

json::names!(Role { Contributor: "contributor", Editor: "editor", Steward: "steward" });

impl Role {
    pub fn code(self) -> &'static str {
        match self {
            Role::Contributor => "contributor",
            Role::Editor => "editor",
            Role::Steward => "steward",
        }
    }

    pub fn from_code(code: &str) -> Option<Role> {
        [Role::Contributor, Role::Editor, Role::Steward].into_iter().find(|role| role.code() == code)
    }
}

/// Why a batch was refused: a closed list, so that every reason has a sentence in every language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Not a batch, or the change at `index` is not an acceptable one. `detail` is for developers.
    Malformed {
        index: usize,
        detail: String,
    },
    /// The signature does not fit the device's key.
    BadSignature,
    /// No such device in this guide.
    UnknownDevice,
    Revoked,
    /// The role does not allow this kind of record.
    NotAllowed,
    TooLarge,
    /// Changes that these ones build on have not arrived: send them first, then this batch again.
    MissingDeps,
    /// The same batch id came with other bytes.
    BatchReused,
    /// The record was removed for good.
    Purged,
    /// Written by a newer version of Socle than this relay's.
    NewerSchema,
    /// The guide holds as much as it may.
    Full,
}

impl Refusal {
    const WITHOUT_DETAIL: [Refusal; 10] = [
        Refusal::BadSignature,
        Refusal::UnknownDevice,
        Refusal::Revoked,
        Refusal::NotAllowed,
        Refusal::TooLarge,
        Refusal::MissingDeps,
        Refusal::BatchReused,
        Refusal::Purged,
        Refusal::NewerSchema,
        Refusal::Full,
    ];

    /// Every reason there is, once.
    pub fn every() -> impl Iterator<Item = Refusal> {
        Refusal::WITHOUT_DETAIL.into_iter().chain([Refusal::blank()])
    }

    /// Whether sending the very same batch later can succeed.
    pub fn is_passing(&self) -> bool {
        matches!(self, Refusal::MissingDeps)
    }

    /// The `reason` as it stands in JSON and in the locales: `refusal.revoked`, …
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Malformed { .. } => "malformed",
            Refusal::BadSignature => "bad_signature",
            Refusal::UnknownDevice => "unknown_device",
            Refusal::Revoked => "revoked",
            Refusal::NotAllowed => "not_allowed",
            Refusal::TooLarge => "too_large",
            Refusal::MissingDeps => "missing_deps",
            Refusal::BatchReused => "batch_reused",
            Refusal::Purged => "purged",
            Refusal::NewerSchema => "newer_schema",
            Refusal::Full => "full",
        }
    }
}

/// `{"reason": "revoked"}`, with `index` and `detail` beside `malformed`.
impl Json for Refusal {
    const NEEDED: bool = true;

    fn blank() -> Refusal {
        Refusal::Malformed { index: 0, detail: String::new() }
    }

    fn read(&mut self, json: &mut Reader<'_>) {
        let (mut reason, mut at, mut said) = (String::new(), 0, String::new());
        json.object(&mut |json, name| match name {
            "reason" => reason.read(json),
            "index" => at.read(json),
            "detail" => said.read(json),
            _ => json.skip(),
        });
        let malformed = Refusal::Malformed { index: at, detail: said };
        match Refusal::WITHOUT_DETAIL.into_iter().chain([malformed]).find(|refusal| refusal.code() == reason) {
            Some(refusal) => *self = refusal,
            None => json.fail(),
        }
    }

    fn write(&self, json: &mut String) {
        json.push_str("{\"reason\":");
        json::write_text(self.code(), json);
        if let Refusal::Malformed { index, detail } = self {
            json::write_field("index", index, json);
            json::write_field("detail", detail, json);
        }
        json.push('}');
    }
}

/// The device that a batch names, as the relay knows it inside its transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// SEC1, uncompressed.
    pub public_key: [u8; 65],
    pub role: Role,
    /// False once the device or its member was revoked.
    pub active: bool,
}

/// What the relay has under a record's id.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "one lives at a time and is moved once; a box would burden every caller")]
pub enum Standing {
    /// Nothing yet: the batch begins it.
    Absent,
    Present(Document),
    /// Removed for good; its id stays on a list.
    Purged,
}

/// One record of an accepted batch.
#[derive(Debug, Clone)]
pub struct Admitted {
    pub record: RecordId,
    pub kind: Kind,
    /// Whether the batch begins this record.
    pub is_new: bool,
    /// The document with the new changes: to be swapped in after the commit, not before.
    pub document: Document,
    /// The same as [`Document::save`] gives it, for whoever keeps snapshots.
    pub saved: Vec<u8>,
    /// In the order in which they are to be logged. Never empty.
    pub changes: Vec<AdmittedChange>,
}

/// One change to log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmittedChange {
    pub hash: [u8; 32],
    pub actor: ActorId,
    /// The actor's how-manieth change of this record, from 1.
    pub seq: u64,
    pub bytes: Vec<u8>,
}

/// Decides about a batch that came for `guide`. `shelf` hands out what stands under a record's id and
/// is asked once for each. Records whose changes are all known already are left out of the answer, so
/// that sending again is harmless and an empty answer means "nothing new".
///
/// The caller looks `member` up by `sealed.batch.device` (`UnknownDevice` when there is none), compares
/// [`crate::batch::Batch::digest`] when the batch id is known (`BatchReused`), and counts new records (`Full`).
pub fn admit(
    sealed: &Sealed,
    member: &Member,
    guide: &GuideId,
    shelf: &mut dyn FnMut(RecordId) -> Standing,
) -> Result<Vec<Admitted>, Refusal> {
    envelope(sealed, member, guide)?;
    contents(&sealed.batch, member, guide, shelf)
}

/// What [`admit`] says of a batch whose envelope holds: steps 2 to 5, without the signature. Only for tests
/// that press millions of batches through; nothing that takes batches from anybody calls it.
pub fn contents(
    batch: &Batch,
    member: &Member,
    guide: &GuideId,
    shelf: &mut dyn FnMut(RecordId) -> Standing,
) -> Result<Vec<Admitted>, Refusal> {
    let writer = Writer { guide, role: member.role, actor: ActorId::of_session(&member.public_key, &batch.nonce) };
    let mut admitted = Vec::new();
    for (record, incoming) in by_record(batch)? {
        let trial = match shelf(record) {
            Standing::Absent => Trial::new(&writer, record, Document::empty()),
            Standing::Present(document) => Trial::new(&writer, record, document),
            Standing::Purged => return Err(Refusal::Purged),
        };
        admitted.extend(trial.run(incoming)?);
    }
    Ok(admitted)
}

/// What a batch is answered whose id is known with this digest: what it was answered first, unless other
/// bytes come under the id, or what it changes was purged since (devices send again after a restore).
pub fn again(batch: &Batch, digest: &[u8], is_purged: bool) -> Result<(), Refusal> {
    match (is_purged, batch.digest()[..] == *digest) {
        (true, _) => Err(Refusal::Purged),
        (false, false) => Err(Refusal::BatchReused),
        (false, true) => Ok(()),
    }
}

/// The hash of an accepted change, worked out of its bytes; `None` where they are not what the gate let in.
pub fn hash(change: &[u8]) -> Option<[u8; 32]> {
    prescan::scan(change).ok().map(|scanned| scanned.hash)
}

/// Step 1: limits, whose batch it is, and whether they may write at all.
fn envelope(sealed: &Sealed, member: &Member, guide: &GuideId) -> Result<(), Refusal> {
    let batch = &sealed.batch;
    if batch.changes.len() > BATCH_CHANGES_MAX || batch.changes.iter().any(|change| change.bytes.len() > CHANGE_BYTES_MAX) {
        return Err(Refusal::TooLarge);
    }
    if batch.guide != *guide || DeviceId::of_key(&member.public_key) != batch.device {
        return Err(Refusal::UnknownDevice);
    }
    if !sealed.verify(&member.public_key) {
        return Err(Refusal::BadSignature);
    }
    if member.active { Ok(()) } else { Err(Refusal::Revoked) }
}

/// Step 2 for every change, before step 3 for any; then by record, in the order of first mention.
fn by_record(batch: &Batch) -> Result<Vec<(RecordId, Vec<Incoming<'_>>)>, Refusal> {
    let mut records: Vec<(RecordId, Vec<Incoming<'_>>)> = Vec::new();
    let mut places: HashMap<RecordId, usize> = HashMap::new();
    for (index, change) in batch.changes.iter().enumerate() {
        let scanned = prescan::scan(&change.bytes).map_err(|fault| fault.at(index))?;
        let place = *places.entry(change.record).or_insert_with(|| {
            records.push((change.record, Vec::new()));
            records.len() - 1
        });
        records[place].1.push(Incoming { index, bytes: &change.bytes, scanned });
    }
    Ok(records)
}

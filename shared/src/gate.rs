//! The gate: decides whether a batch may enter, before Automerge sees a byte of it.
//!
//! On the data's way it stands between the network and the relay's transaction. It is given what the
//! relay knows (the member, the documents) and gives back new documents to swap in once the
//! transaction holds; it neither stores nor logs. Five steps, each cheap before the next: envelope
//! and permission, raw bytes, header, typed operations, a trial run.

use crate::batch::Sealed;
use crate::document::Document;
use crate::ids::{ActorId, DeviceId, GuideId, RecordId};
use crate::limits::{BATCH_CHANGES_MAX, CHANGE_BYTES_MAX, DOCUMENT_BYTES_MAX};
use crate::schema::Kind;
use automerge::{Change, ChangeHash};
use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Edits wait for review.
    Contributor,
    /// Edits publish.
    Editor,
    /// Also members, settings, purge.
    Steward,
}

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
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
    let mut admitted: Vec<Admitted> = Vec::new();
    let mut order: Vec<RecordId> = Vec::new();
    for change in &sealed.batch.changes {
        if !order.contains(&change.record) {
            order.push(change.record);
        }
    }
    for record in order {
        let (mut document, is_new) = match shelf(record) {
            Standing::Absent => (Document::empty(), true),
            Standing::Present(document) => (document, false),
            Standing::Purged => return Err(Refusal::Purged),
        };
        let mut changes = Vec::new();
        let mine = sealed.batch.changes.iter().enumerate().filter(|(_, change)| change.record == record);
        for (index, change) in mine {
            let malformed = |detail: String| Refusal::Malformed { index, detail };
            let parsed = catch_unwind(|| Change::from_bytes(change.bytes.clone()));
            let parsed = parsed.map_err(|_| malformed("panics".to_owned()))?.map_err(|error| malformed(error.to_string()))?;
            if document.doc.get_change_meta_by_hash(&parsed.hash()).is_some() {
                continue;
            }
            if parsed.deps().iter().any(|dep: &ChangeHash| document.doc.get_change_meta_by_hash(dep).is_none()) {
                return Err(Refusal::MissingDeps);
            }
            let actor = ActorId::of_session(&member.public_key, &sealed.batch.nonce);
            if parsed.actor_id().to_bytes() != actor.0 {
                return Err(malformed("another device's actor".to_owned()));
            }
            let applied = catch_unwind(AssertUnwindSafe(|| document.receive([change.bytes.as_slice()])));
            applied.map_err(|_| malformed("panics".to_owned()))?.map_err(|error| malformed(error.to_string()))?;
            changes.push(AdmittedChange { hash: parsed.hash().0, actor, seq: parsed.seq(), bytes: change.bytes.clone() });
        }
        if changes.is_empty() {
            continue;
        }
        if document.save().len() > DOCUMENT_BYTES_MAX {
            return Err(Refusal::TooLarge);
        }
        let kind = document.kind().ok_or(Refusal::Malformed { index: 0, detail: "no kind".to_owned() })?;
        if kind == Kind::Guide && member.role != Role::Steward {
            return Err(Refusal::NotAllowed);
        }
        admitted.push(Admitted { record, kind, is_new, document, changes });
    }
    Ok(admitted)
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

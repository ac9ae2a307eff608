//! What relay and devices say to each other over HTTP, beside the sealed batch itself.
//!
//! Small answers are JSON; pages of changes and packed workspaces are CBOR (byte strings stay bytes).

use crate::gate::Role;
use crate::ids::{ActorId, Day, DeviceId, GuideId, RecordId};
use crate::json;
use minicbor::bytes::ByteVec;

/// `POST /api/guides/{g}/batches/{batch}` → 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The number of the batch's last change in the feed.
    pub feed_seq: u64,
    pub epoch: String,
}

/// `POST /api/invites`: redeem an invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redeem {
    /// The secret from the invite link's fragment.
    pub token: String,
    /// SEC1 uncompressed P-256 point, 65 bytes in hexadecimal.
    pub public_key: String,
    pub pseudonym: String,
    /// The key's signature over [`crate::joining::signing_bytes`], r ‖ s, 64 bytes in hexadecimal.
    pub proof: String,
}

/// The answer to a redeemed invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redeemed {
    pub guide: GuideId,
    pub device: DeviceId,
    pub role: Role,
    /// As the others see it: a device that asks again keeps the one it has.
    pub pseudonym: String,
    /// Bearer token for feed, workspace and live. The relay keeps its hash only.
    pub read_token: String,
}

/// Why an invite or a token does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// No such invite: mistyped, or never made.
    UnknownInvite,
    /// Used already, perhaps by this device.
    UsedInvite,
    ExpiredInvite,
    /// Another device of the guide bears the pseudonym.
    TakenName,
    BadRequest,
    /// The read token is not (or no longer) good.
    BadToken,
}

/// What is sent with it, as JSON: `{"reason": "used_invite"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Denial {
    pub reason: Denied,
}

/// `GET /api/guides/{g}/feed?since=N` → CBOR. Arrays with these fields in order (minicbor derive
/// `array`); documented in PROTOCOL.md.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct FeedPage {
    #[n(0)]
    pub epoch: String,
    /// Ask `since` this next.
    #[n(1)]
    pub feed_seq: u64,
    /// Whether more changes are waiting.
    #[n(2)]
    pub more: bool,
    #[n(3)]
    pub changes: Vec<FeedChange>,
    /// Who wrote: the actors that occur in `changes`.
    #[n(4)]
    pub authors: Vec<Author>,
    /// What the device may do by now.
    #[n(5)]
    pub role: String,
}

#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct FeedChange {
    #[n(0)]
    pub feed_seq: u64,
    /// 16 bytes.
    #[n(1)]
    pub record: ByteVec,
    /// Empty: the record was purged.
    #[n(2)]
    pub change: ByteVec,
}

/// The pseudonym behind an actor, and the day it was last seen writing.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct Author {
    /// 16 bytes.
    #[n(0)]
    pub actor: ByteVec,
    #[n(1)]
    pub pseudonym: String,
    /// ISO day, `2026-11-23`.
    #[n(2)]
    pub day: String,
}

impl Author {
    pub fn new(actor: ActorId, pseudonym: String, day: Day) -> Author {
        Author { actor: ByteVec::from(actor.0.to_vec()), pseudonym, day: day.to_string() }
    }
}

/// `GET /api/guides/{g}/workspace` → CBOR: everything, for a device that starts.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct Workspace {
    #[n(0)]
    pub epoch: String,
    #[n(1)]
    pub feed_seq: u64,
    #[n(2)]
    pub documents: Vec<PackedDocument>,
    #[n(3)]
    pub authors: Vec<Author>,
}

#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct PackedDocument {
    /// 16 bytes.
    #[n(0)]
    pub record: ByteVec,
    /// As `Document::save` gives it; empty: the record was purged.
    #[n(1)]
    pub document: ByteVec,
}

impl FeedChange {
    pub fn new(feed_seq: u64, record: RecordId, change: Vec<u8>) -> FeedChange {
        FeedChange { feed_seq, record: ByteVec::from(record.0.to_vec()), change: ByteVec::from(change) }
    }
}

/// `GET /api/guides/{g}/members`, for stewards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members {
    pub devices: Vec<MemberCard>,
    /// Those that nobody has used, without their secrets.
    pub invites: Vec<InviteCard>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberCard {
    pub device: DeviceId,
    pub pseudonym: String,
    pub role: Role,
    pub joined: Day,
    pub last_seen: Day,
    pub active: bool,
    /// The device that asks.
    pub this: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteCard {
    /// By which it is withdrawn: the hash of its secret, 64 hexadecimal digits.
    pub id: String,
    pub role: Role,
    /// How many more it is good for.
    pub hours: u32,
}

/// `POST /api/guides/{g}/invites`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvite {
    pub role: Role,
    pub hours: u32,
}

/// The answer: the only place where the secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    pub token: String,
    pub role: Role,
    pub hours: u32,
}

/// `PUT /api/guides/{g}/devices/{d}/role`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRole {
    pub role: Role,
}

/// `GET /api/guides` → JSON list: what this relay holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideCard {
    pub id: GuideId,
    pub name: String,
    pub languages: Vec<String>,
    pub revision: u64,
}

json::object!(Accepted { feed_seq, epoch });
json::object!(Redeem { token, public_key, pseudonym, proof });
json::object!(Redeemed { guide, device, role, pseudonym, read_token });
json::names!(Denied {
    UnknownInvite: "unknown_invite",
    UsedInvite: "used_invite",
    ExpiredInvite: "expired_invite",
    TakenName: "taken_name",
    BadRequest: "bad_request",
    BadToken: "bad_token",
});
json::object!(Denial { reason });
json::object!(Members { devices, invites });
json::object!(MemberCard { device, pseudonym, role, joined, last_seen, active, this });
json::object!(InviteCard { id, role, hours });
json::object!(NewInvite { role, hours });
json::object!(Invited { token, role, hours });
json::object!(NewRole { role });
json::object!(GuideCard { id, name, languages, revision });

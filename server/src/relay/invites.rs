//! Invites: a secret in a link's fragment turns a browser into a device, once. The relay keeps the
//! secret's hash; what it looks up is that hash, so timing tells nothing about the secret.

use super::local::random;
use super::{Relay, RelayError};
use crate::store::{Device, Invite, StoreError, Writing};
use sha2::{Digest, Sha256};
use shared::gate::Role;
use shared::ids::{Day, DeviceId, GuideId, hex};
use shared::joining;
use shared::limits::PSEUDONYM_CHARS_MAX;
use shared::schema::Shape;
use shared::search::fold;
use shared::validate;
use shared::wire::{Denied, Redeem, Redeemed};
use std::sync::Arc;
use thiserror::Error;

const SECRET_BYTES: usize = 16;

#[derive(Debug, Error)]
pub enum InviteError {
    #[error("denied: {0:?}")]
    Denied(Denied),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("no randomness: {0}")]
    Random(std::io::Error),
}

/// What is kept of a token.
pub fn hash_token(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

impl Relay {
    /// Makes an invite and gives its secret, which is nowhere else.
    pub fn invite(self: &Arc<Relay>, guide: &GuideId, role: Role, hours: u32) -> Result<String, RelayError> {
        if !self.has_guide(guide)? {
            return Err(RelayError::NoGuide);
        }
        let token = hex(&random::<SECRET_BYTES>().map_err(StoreError::from)?);
        let expires_hour = self.hour() + i64::from(hours);
        let (hash, invite) = (hash_token(&token), Invite { guide: guide.clone(), role, expires_hour, used_by: None });
        self.store.write(move |rows| rows.add_invite(&hash, &invite)).wait()?;
        Ok(token)
    }

    /// Turns a browser into a device, where it shows that the key is its own. The same browser may ask again when the answer got lost.
    pub async fn redeem(self: &Arc<Relay>, redeem: Redeem) -> Result<Redeemed, InviteError> {
        let (public_key, pseudonym) = checked(&redeem).ok_or(InviteError::Denied(Denied::BadRequest))?;
        let read_token = hex(&random::<32>().map_err(InviteError::Random)?);
        let joining = Joining {
            invite: hash_token(&redeem.token),
            read_token,
            device: DeviceId::of_key(&public_key),
            public_key,
            pseudonym,
            hour: self.hour(),
            today: self.today(),
        };
        self.store.write(move |rows| joining.join(rows)).done().await
    }

    /// The device that may read members' answers of `guide` with this token.
    pub fn reader(&self, guide: &GuideId, token: &str) -> Result<Option<Device>, StoreError> {
        let hash = hash_token(token);
        self.store.read(|rows| rows.device_by_token(guide, &hash))
    }

    /// A device fetched something: the day moves, once a day, and nobody waits for it.
    pub fn note_seen(&self, guide: &GuideId, device: &Device) -> Result<(), StoreError> {
        let (today, id) = (self.today(), device.id);
        if self.store.read(|rows| rows.last_seen(guide, id))? != Some(today) {
            let guide = guide.clone();
            drop(self.store.write(move |rows| rows.device_seen(&guide, id, today)));
        }
        Ok(())
    }

    pub(super) fn hour(&self) -> i64 {
        self.now().as_second().div_euclid(3_600)
    }
}

fn checked(redeem: &Redeem) -> Option<([u8; 65], String)> {
    let public_key = joining::proven_key(redeem)?;
    let pseudonym = redeem.pseudonym.trim();
    let fits = validate::scalar(&Shape::Line(PSEUDONYM_CHARS_MAX), &pseudonym.into()).is_ok() && !as_seen(pseudonym).is_empty();
    fits.then(|| (public_key, pseudonym.to_owned()))
}

/// A name without what does not tell it from another at a glance: case, accents, space, marks that
/// nobody sees.
fn as_seen(name: &str) -> String {
    fold(name).split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Joining {
    invite: [u8; 32],
    read_token: String,
    device: DeviceId,
    public_key: [u8; 65],
    pseudonym: String,
    hour: i64,
    today: Day,
}

impl Joining {
    fn join(self, rows: &Writing<'_>) -> Result<Redeemed, InviteError> {
        let invite = rows.invite(&self.invite)?.ok_or(InviteError::Denied(Denied::UnknownInvite))?;
        let again = invite.used_by == Some(self.device);
        if invite.used_by.is_some() && !again {
            return Err(InviteError::Denied(Denied::UsedInvite));
        }
        if invite.expires_hour <= self.hour {
            return Err(InviteError::Denied(Denied::ExpiredInvite));
        }
        let known = rows.device(&invite.guide, self.device)?;
        // A device that was revoked does not come back through a link it has used.
        if again && known.as_ref().is_some_and(|device| !device.active) {
            return Err(InviteError::Denied(Denied::UsedInvite));
        }
        let device = match known.filter(|device| device.active) {
            // Asked once more: what became of the device since is none of this link's business.
            Some(known) if again => known,
            _ if self.is_taken(rows, &invite.guide)? => return Err(InviteError::Denied(Denied::TakenName)),
            // A link of a lower role takes nothing from a member.
            known => Device {
                id: self.device,
                public_key: self.public_key,
                role: known.map_or(invite.role, |device| device.role.max(invite.role)),
                pseudonym: self.pseudonym,
                active: true,
            },
        };
        rows.put_device(&invite.guide, &device, Some(&hash_token(&self.read_token)), self.today)?;
        rows.use_invite(&self.invite, self.device)?;
        Ok(Redeemed {
            guide: invite.guide,
            device: self.device,
            role: device.role,
            pseudonym: device.pseudonym,
            read_token: self.read_token,
        })
    }

    /// Whether somebody bears the name: what others read in a history must not pass for theirs.
    fn is_taken(&self, rows: &Writing<'_>, guide: &GuideId) -> Result<bool, StoreError> {
        let name = as_seen(&self.pseudonym);
        Ok(rows.other_pseudonyms(guide, self.device)?.iter().any(|other| as_seen(other) == name))
    }
}

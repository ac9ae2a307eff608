//! What stewards do: invites, devices, roles, purge. Who asks is looked at inside the writer's
//! transaction, so that a steward who was revoked a moment before does nothing more, and two who
//! demote each other leave one.

use super::invites::hash_token;
use super::local::random;
use super::{Relay, RelayError};
use crate::store::{Device, Invite, StoreError, Writing};
use shared::gate::Role;
use shared::ids::{DeviceId, GuideId, RecordId, hex, unhex};
use shared::limits::INVITE_HOURS_MAX;
use shared::wire::{InviteCard, Invited, MemberCard, Members, NewInvite};
use std::sync::Arc;
use thiserror::Error;

/// Why a steward's wish was not done.
#[derive(Debug, Error)]
pub enum StewardError {
    #[error("the token is not good")]
    BadToken,
    #[error("only stewards may do this")]
    NotAllowed,
    #[error("a guide keeps one steward")]
    LastSteward,
    #[error("there is no such thing")]
    NotFound,
    #[error("the request makes no sense")]
    BadRequest,
    #[error("done, but not yet out of the database's log")]
    NotFolded,
    #[error(transparent)]
    Relay(#[from] RelayError),
}

impl From<StoreError> for StewardError {
    fn from(error: StoreError) -> StewardError {
        StewardError::Relay(error.into())
    }
}

impl Relay {
    /// Whether `token` is a steward's.
    pub fn is_steward(self: &Arc<Relay>, guide: &GuideId, token: &str) -> Result<(), StewardError> {
        self.as_steward(guide, token, |_, _, _| Ok(()))
    }

    /// Runs `work` for the steward who holds `token`.
    fn as_steward<T: Send + 'static>(
        self: &Arc<Relay>,
        guide: &GuideId,
        token: &str,
        work: impl FnOnce(&Writing<'_>, &GuideId, Device) -> Result<T, StewardError> + Send + 'static,
    ) -> Result<T, StewardError> {
        let (guide, hash, today) = (guide.clone(), hash_token(token), self.today());
        let job = move |rows: &Writing<'_>| {
            let steward = rows.device_by_token(&guide, &hash)?.ok_or(StewardError::BadToken)?;
            if steward.role != Role::Steward {
                return Err(StewardError::NotAllowed);
            }
            rows.device_seen(&guide, steward.id, today)?;
            work(rows, &guide, steward)
        };
        self.store.write(job).wait()
    }

    /// Devices and open invites, as the members' page shows them.
    pub fn members(self: &Arc<Relay>, guide: &GuideId, token: &str) -> Result<Members, StewardError> {
        let hour = self.hour();
        self.as_steward(guide, token, move |rows, guide, steward| {
            let device = |seen: crate::store::SeenDevice| MemberCard {
                device: seen.device.id,
                this: seen.device.id == steward.id,
                pseudonym: seen.device.pseudonym,
                role: seen.device.role,
                active: seen.device.active,
                joined: seen.joined,
                last_seen: seen.last_seen,
            };
            let invite = |open: crate::store::OpenInvite| InviteCard {
                id: hex(&open.token_hash),
                role: open.role,
                hours: u32::try_from(open.expires_hour - hour).unwrap_or_default(),
            };
            Ok(Members {
                devices: rows.joined_devices(guide)?.into_iter().map(device).collect(),
                invites: rows.open_invites(guide, hour)?.into_iter().map(invite).collect(),
            })
        })
    }

    /// Makes an invite for a steward; its secret is in the answer and nowhere else.
    pub fn steward_invites(self: &Arc<Relay>, guide: &GuideId, token: &str, new: &NewInvite) -> Result<Invited, StewardError> {
        if !(1..=INVITE_HOURS_MAX).contains(&new.hours) {
            return Err(StewardError::BadRequest);
        }
        let secret = hex(&random::<16>().map_err(StoreError::from)?);
        let (hash, role, expires_hour) = (hash_token(&secret), new.role, self.hour() + i64::from(new.hours));
        self.as_steward(guide, token, move |rows, guide, _| {
            rows.add_invite(&hash, &Invite { guide: guide.clone(), role, expires_hour, used_by: None })?;
            Ok(())
        })?;
        Ok(Invited { token: secret, role: new.role, hours: new.hours })
    }

    pub fn withdraw_invite(self: &Arc<Relay>, guide: &GuideId, token: &str, id: &str) -> Result<(), StewardError> {
        let hash: [u8; 32] = unhex(id).and_then(|hash| hash.try_into().ok()).ok_or(StewardError::NotFound)?;
        self.as_steward(guide, token, move |rows, guide, _| match rows.withdraw_invite(guide, &hash)? {
            true => Ok(()),
            false => Err(StewardError::NotFound),
        })
    }

    /// Gives a device another role. Its live streams end, so that it asks again and learns of it.
    pub fn change_role(self: &Arc<Relay>, guide: &GuideId, token: &str, id: DeviceId, role: Role) -> Result<(), StewardError> {
        self.as_steward(guide, token, move |rows, guide, _| {
            let device = rows.device(guide, id)?.filter(|device| device.active).ok_or(StewardError::NotFound)?;
            keep_a_steward(rows, guide, &device, role == Role::Steward)?;
            Ok(rows.set_device_role(guide, id, role)?)
        })?;
        self.news.member_changed();
        Ok(())
    }

    /// Takes a device's membership. Its next batch is refused, also one that waits for the writer; its
    /// live streams end.
    pub fn revoke(self: &Arc<Relay>, guide: &GuideId, token: &str, id: DeviceId) -> Result<(), StewardError> {
        self.as_steward(guide, token, move |rows, guide, _| {
            let device = rows.device(guide, id)?.ok_or(StewardError::NotFound)?;
            keep_a_steward(rows, guide, &device, false)?;
            rows.set_device_active(guide, id, false)?;
            Ok(())
        })?;
        self.news.member_changed();
        Ok(())
    }

    /// Purges a record; answered when it is out of the database and of the log beside it.
    pub fn steward_purges(self: &Arc<Relay>, guide: &GuideId, token: &str, record: RecordId) -> Result<(), StewardError> {
        let found = self.as_steward(guide, token, move |rows, guide, _| Ok(Relay::purge_rows(rows, guide, record)?))?;
        match found && self.forget_purged(guide, record)? {
            true => Ok(()),
            false if found => Err(StewardError::NotFolded),
            false => Err(StewardError::NotFound),
        }
    }
}

/// Nobody could let anyone in again if the last steward went.
fn keep_a_steward(rows: &Writing<'_>, guide: &GuideId, device: &Device, stays: bool) -> Result<(), StewardError> {
    let is_last = device.active && device.role == Role::Steward && !stays && rows.steward_count(guide)? <= 1;
    if is_last { Err(StewardError::LastSteward) } else { Ok(()) }
}

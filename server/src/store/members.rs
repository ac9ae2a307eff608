//! Devices that joined, and invites to join. Of tokens only hashes are here.

use super::rows::{id16, parsed};
use super::{Reading, StoreError, Writing};
use rusqlite::{OptionalExtension, Row, params};
use shared::gate::{Member, Role};
use shared::ids::{Day, DeviceId, GuideId};

/// A device of a guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub id: DeviceId,
    pub public_key: [u8; 65],
    pub role: Role,
    pub pseudonym: String,
    pub active: bool,
}

/// An invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    pub guide: GuideId,
    pub role: Role,
    /// Hours since 1970-01-01T00 UTC.
    pub expires_hour: i64,
    pub used_by: Option<DeviceId>,
}

/// A device as the members' page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenDevice {
    pub device: Device,
    pub joined: Day,
    pub last_seen: Day,
}

/// An invite that nobody has used yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvite {
    pub token_hash: [u8; 32],
    pub role: Role,
    /// Hours since 1970-01-01T00 UTC.
    pub expires_hour: i64,
}

impl Device {
    /// What the gate has to know.
    pub fn member(&self) -> Member {
        Member { public_key: self.public_key, role: self.role, active: self.active }
    }
}

const DEVICE: &str = "SELECT id, public_key, role, pseudonym, active FROM device";

impl Reading<'_> {
    pub fn device(&self, guide: &GuideId, id: DeviceId) -> Result<Option<Device>, StoreError> {
        let mut query = self.connection.prepare_cached(&format!("{DEVICE} WHERE guide = ?1 AND id = ?2"))?;
        let mut rows = query.query(params![guide.as_str(), id.0])?;
        rows.next()?.map(device).transpose()
    }

    /// The active device that holds the read token with this hash.
    pub fn device_by_token(&self, guide: &GuideId, hash: &[u8; 32]) -> Result<Option<Device>, StoreError> {
        let mut query =
            self.connection.prepare_cached(&format!("{DEVICE} WHERE guide = ?1 AND read_token_hash = ?2 AND active = 1"))?;
        let mut rows = query.query(params![guide.as_str(), hash])?;
        rows.next()?.map(device).transpose()
    }

    /// The day on which the device was last here.
    pub fn last_seen(&self, guide: &GuideId, id: DeviceId) -> Result<Option<Day>, StoreError> {
        let mut query = self.connection.prepare_cached("SELECT last_seen FROM device WHERE guide = ?1 AND id = ?2")?;
        let day = query.query_row(params![guide.as_str(), id.0], |row| row.get::<_, String>(0)).optional()?;
        day.map(|day| parsed(&day, "a device's day")).transpose()
    }

    /// Whether somebody joined as a steward: a device with a token, not the relay's own.
    pub fn has_steward(&self, guide: &GuideId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM device WHERE guide = ?1 AND role = 'steward' AND active = 1 AND read_token_hash IS NOT NULL";
        Ok(self.connection.prepare_cached(sql)?.exists([guide.as_str()])?)
    }

    /// How many active stewards joined, the relay's own device not counted.
    pub fn steward_count(&self, guide: &GuideId) -> Result<usize, StoreError> {
        let sql = "SELECT COUNT(*) FROM device \
                   WHERE guide = ?1 AND role = 'steward' AND active = 1 AND read_token_hash IS NOT NULL";
        let count: i64 = self.connection.prepare_cached(sql)?.query_row([guide.as_str()], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Every device that joined, the relay's own left out; by name.
    pub fn joined_devices(&self, guide: &GuideId) -> Result<Vec<SeenDevice>, StoreError> {
        let sql = "SELECT id, public_key, role, pseudonym, active, joined, last_seen FROM device \
                   WHERE guide = ?1 AND read_token_hash IS NOT NULL ORDER BY active DESC, pseudonym, id";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query([guide.as_str()])?;
        let mut devices = Vec::new();
        while let Some(row) = rows.next()? {
            let day = |column| parsed::<Day>(&row.get::<_, String>(column)?, "a device's day");
            devices.push(SeenDevice { device: device(row)?, joined: day(5)?, last_seen: day(6)? });
        }
        Ok(devices)
    }

    /// The names of all active devices but one, the relay's own among them.
    pub fn other_pseudonyms(&self, guide: &GuideId, but: DeviceId) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT pseudonym FROM device WHERE guide = ?1 AND id <> ?2 AND active = 1";
        let mut query = self.connection.prepare_cached(sql)?;
        let names = query.query_map(params![guide.as_str(), but.0], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// Invites that are good after `hour`.
    pub fn open_invites(&self, guide: &GuideId, hour: i64) -> Result<Vec<OpenInvite>, StoreError> {
        let sql = "SELECT token_hash, role, expires_hour FROM invite \
                   WHERE guide = ?1 AND used_by IS NULL AND expires_hour > ?2 ORDER BY expires_hour, token_hash";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query(params![guide.as_str(), hour])?;
        let mut invites = Vec::new();
        while let Some(row) = rows.next()? {
            let role = Role::from_code(&row.get::<_, String>(1)?).ok_or(StoreError::Damaged("an invite's role"))?;
            invites.push(OpenInvite { token_hash: row.get(0)?, role, expires_hour: row.get(2)? });
        }
        Ok(invites)
    }

    pub fn invite(&self, token_hash: &[u8; 32]) -> Result<Option<Invite>, StoreError> {
        let sql = "SELECT guide, role, expires_hour, used_by FROM invite WHERE token_hash = ?1";
        let mut query = self.connection.prepare_cached(sql)?;
        let found = query.query_row(params![token_hash], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get::<_, Option<[u8; 16]>>(3)?))
        });
        let Some((guide, role, expires_hour, used_by)) = found.optional()? else { return Ok(None) };
        let role = Role::from_code(&role).ok_or(StoreError::Damaged("an invite's role"))?;
        Ok(Some(Invite { guide: parsed(&guide, "an invite's guide")?, role, expires_hour, used_by: used_by.map(DeviceId) }))
    }
}

impl Writing<'_> {
    /// Adds a device, or gives the one that is there its new name, role and token.
    pub fn put_device(
        &self,
        guide: &GuideId,
        device: &Device,
        token_hash: Option<&[u8; 32]>,
        today: Day,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO device (guide, id, public_key, role, pseudonym, active, joined, last_seen, read_token_hash) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8) ON CONFLICT (guide, id) DO UPDATE SET \
                   role = ?4, pseudonym = ?5, active = ?6, last_seen = ?7, read_token_hash = COALESCE(?8, read_token_hash)";
        self.connection.prepare_cached(sql)?.execute(params![
            guide.as_str(),
            device.id.0,
            device.public_key,
            device.role.code(),
            device.pseudonym,
            device.active,
            today.to_string(),
            token_hash,
        ])?;
        Ok(())
    }

    pub fn device_seen(&self, guide: &GuideId, id: DeviceId, today: Day) -> Result<(), StoreError> {
        let sql = "UPDATE device SET last_seen = ?3 WHERE guide = ?1 AND id = ?2 AND last_seen <> ?3";
        self.connection.prepare_cached(sql)?.execute(params![guide.as_str(), id.0, today.to_string()])?;
        Ok(())
    }

    pub fn set_device_active(&self, guide: &GuideId, id: DeviceId, active: bool) -> Result<bool, StoreError> {
        let sql = "UPDATE device SET active = ?3 WHERE guide = ?1 AND id = ?2";
        Ok(self.connection.execute(sql, params![guide.as_str(), id.0, active])? == 1)
    }

    pub fn set_device_role(&self, guide: &GuideId, id: DeviceId, role: Role) -> Result<(), StoreError> {
        let sql = "UPDATE device SET role = ?3 WHERE guide = ?1 AND id = ?2";
        self.connection.execute(sql, params![guide.as_str(), id.0, role.code()])?;
        Ok(())
    }

    /// Takes an unused invite back; whether there was one.
    pub fn withdraw_invite(&self, guide: &GuideId, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        let sql = "DELETE FROM invite WHERE guide = ?1 AND token_hash = ?2 AND used_by IS NULL";
        Ok(self.connection.execute(sql, params![guide.as_str(), token_hash])? == 1)
    }

    pub fn add_invite(&self, token_hash: &[u8; 32], invite: &Invite) -> Result<(), StoreError> {
        let sql = "INSERT INTO invite (token_hash, guide, role, expires_hour) VALUES (?1, ?2, ?3, ?4)";
        let values = params![token_hash, invite.guide.as_str(), invite.role.code(), invite.expires_hour];
        self.connection.execute(sql, values)?;
        Ok(())
    }

    pub fn use_invite(&self, token_hash: &[u8; 32], device: DeviceId) -> Result<(), StoreError> {
        self.connection.execute("UPDATE invite SET used_by = ?2 WHERE token_hash = ?1", params![token_hash, device.0])?;
        Ok(())
    }
}

fn device(row: &Row<'_>) -> Result<Device, StoreError> {
    let role = Role::from_code(&row.get::<_, String>(2)?).ok_or(StoreError::Damaged("a device's role"))?;
    let public_key = row.get::<_, Vec<u8>>(1)?.try_into().map_err(|_| StoreError::Damaged("a device's key"))?;
    Ok(Device { id: DeviceId(id16(row, 0)?), public_key, role, pseudonym: row.get(3)?, active: row.get(4)? })
}

//! What a copy that is put back does not know and must not undo: whom stewards removed or gave a lower
//! role, and what was purged, as the database says whose place it takes. And invites: whoever found an
//! old one would be let in.

use super::rows::id16;
use super::{Reading, StoreError, Writing, migrations, tune};
use rusqlite::{Connection, OpenFlags};
use shared::gate::Role;
use shared::ids::{DeviceId, GuideId, RecordId};
use std::path::Path;

/// What a database says that is not to be forgotten.
pub(super) struct Decisions {
    purged: Vec<(GuideId, RecordId)>,
    devices: Vec<(GuideId, DeviceId, Role, bool)>,
}

/// How much of it the copy did not know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenOver {
    pub purged: usize,
    pub revoked: usize,
    pub demoted: usize,
}

impl Decisions {
    pub(super) fn of(path: &Path) -> Result<Decisions, StoreError> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let guide = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
        let mut decisions = Decisions { purged: Vec::new(), devices: Vec::new() };
        let mut purged = connection.prepare("SELECT guide, record FROM purged ORDER BY guide, record")?;
        for row in purged.query_map([], |row| Ok((guide(row)?, id16(row, 1)?)))? {
            let (guide, record) = row?;
            decisions.purged.push((guide.parse().map_err(|_| StoreError::Damaged("a guide's name"))?, RecordId(record)));
        }
        let mut devices = connection.prepare("SELECT guide, id, role, active FROM device ORDER BY guide, id")?;
        for row in devices.query_map([], |row| Ok((guide(row)?, id16(row, 1)?, row.get::<_, String>(2)?, row.get(3)?)))? {
            let (guide, device, role, active) = row?;
            let guide = guide.parse().map_err(|_| StoreError::Damaged("a guide's name"))?;
            let role = Role::from_code(&role).ok_or(StoreError::Damaged("a device's role"))?;
            decisions.devices.push((guide, DeviceId(device), role, active));
        }
        Ok(decisions)
    }
}

/// Makes a finished copy the database that follows: its open invites go, and what was decided holds.
pub(super) fn bring_forward(path: &Path, decisions: Option<&Decisions>) -> Result<TakenOver, StoreError> {
    let mut connection = Connection::open(path)?;
    tune(&connection)?;
    // Nothing of what is purged may lie in a file beside it. Should this fail, the copy is made again.
    connection.pragma_update(None, "journal_mode", "MEMORY")?;
    migrations::run(&mut connection)?;
    let transaction = connection.transaction()?;
    transaction.execute("DELETE FROM invite WHERE used_by IS NULL", [])?;
    let rows = Writing { rows: Reading { connection: &transaction }, generation: 0 };
    let taken_over = decisions.map_or(Ok(TakenOver::default()), |decisions| take_over(&rows, decisions))?;
    transaction.commit()?;
    connection.pragma_update(None, "journal_mode", "DELETE")?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(taken_over)
}

fn take_over(rows: &Writing<'_>, decisions: &Decisions) -> Result<TakenOver, StoreError> {
    let mut taken_over = TakenOver::default();
    for (guide, record) in &decisions.purged {
        let Some(feed_seq) = rows.feed_seq(guide)? else { continue };
        if !rows.is_purged(guide, *record)? {
            // Also one that the copy never had: phones send again what they made since.
            rows.purge(guide, *record, feed_seq + 1)?;
            taken_over.purged += 1;
        }
    }
    for (guide, id, role, active) in &decisions.devices {
        let Some(device) = rows.device(guide, *id)? else { continue };
        if device.active && !active {
            rows.set_device_active(guide, *id, false)?;
            taken_over.revoked += 1;
        }
        if *role < device.role {
            rows.set_device_role(guide, *id, *role)?;
            taken_over.demoted += 1;
        }
    }
    Ok(taken_over)
}

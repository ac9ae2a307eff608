//! Guides of this relay, and their counters.

use super::rows::{parsed, signed, unsigned};
use super::{Reading, StoreError, Writing};
use rusqlite::{OptionalExtension, params};
use shared::ids::{Day, GuideId};

impl Reading<'_> {
    /// What SQLite finds wrong with the file; nothing when it is sound.
    pub fn damage(&self) -> Result<Vec<String>, StoreError> {
        let mut query = self.connection.prepare("PRAGMA integrity_check(10)")?;
        let found: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }

    pub fn guides(&self) -> Result<Vec<GuideId>, StoreError> {
        let mut query = self.connection.prepare_cached("SELECT id FROM guide ORDER BY id")?;
        let ids = query.query_map([], |row| row.get::<_, String>(0))?;
        ids.map(|id| parsed(&id?, "a guide's id")).collect()
    }

    /// The number of the guide's latest accepted change; `None` when there is no such guide.
    pub fn feed_seq(&self, guide: &GuideId) -> Result<Option<u64>, StoreError> {
        let mut query = self.connection.prepare_cached("SELECT feed_seq FROM guide WHERE id = ?1")?;
        let found = query.query_row([guide.as_str()], |row| row.get(0)).optional()?;
        Ok(found.map(unsigned))
    }

    /// The length of all changes of a guide.
    pub fn change_bytes(&self, guide: &GuideId) -> Result<u64, StoreError> {
        let mut query = self.connection.prepare_cached("SELECT change_bytes FROM guide WHERE id = ?1")?;
        Ok(unsigned(query.query_row([guide.as_str()], |row| row.get(0))?))
    }
}

impl Reading<'_> {
    /// How many commits this database has seen.
    pub fn commits(&self) -> Result<u64, StoreError> {
        let value: String =
            self.connection.query_row("SELECT value FROM setting WHERE name = 'commits'", [], |row| row.get(0))?;
        parsed(&value, "the count of commits")
    }
}

impl Writing<'_> {
    /// SQLite's `synchronous` on the writer's connection; 2 is FULL.
    pub fn synchronous(&self) -> Result<i64, StoreError> {
        Ok(self.connection.pragma_query_value(None, "synchronous", |row| row.get(0))?)
    }

    /// Whether the guide is new.
    pub fn add_guide(&self, guide: &GuideId, created: Day) -> Result<bool, StoreError> {
        let add = "INSERT INTO guide (id, created) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        Ok(self.connection.execute(add, params![guide.as_str(), created.to_string()])? == 1)
    }

    pub fn set_feed_seq(&self, guide: &GuideId, feed_seq: u64) -> Result<(), StoreError> {
        let mut set = self.connection.prepare_cached("UPDATE guide SET feed_seq = ?2 WHERE id = ?1")?;
        set.execute(params![guide.as_str(), signed(feed_seq)])?;
        Ok(())
    }
}

//! What waits and why, what was decided, and who wrote which change.

use super::rows::{id16, parsed, signed, unsigned};
use super::{Reading, StoreError, Writing};
use rusqlite::{Row, params};
use shared::ids::{Day, DeviceId, GuideId, RecordId};
use shared::review::{Who, Why};

/// A change of the log with its author.
pub struct Written {
    pub feed_seq: u64,
    pub device: DeviceId,
    pub who: Who,
    pub bytes: Vec<u8>,
}

/// What became of changes that waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub record: RecordId,
    /// The first and the last of the changes.
    pub span: (u64, u64),
    pub approved: bool,
    pub device: DeviceId,
    pub reason: String,
    pub day: Day,
}

impl Reading<'_> {
    /// The records of which something waits, and from which number on.
    pub fn all_held(&self, guide: &GuideId) -> Result<Vec<(RecordId, u64)>, StoreError> {
        let sql = "SELECT record, feed_seq FROM held WHERE guide = ?1 ORDER BY feed_seq";
        let mut query = self.connection.prepare_cached(sql)?;
        let rows = query.query_map([guide.as_str()], |row| Ok((RecordId(id16(row, 0)?), unsigned(row.get(1)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The same, the oldest first and no more than `max`; of `device` those in which it wrote something
    /// that waits.
    pub fn held_for(&self, guide: &GuideId, device: Option<DeviceId>, max: usize) -> Result<Vec<(RecordId, u64)>, StoreError> {
        let sql = "SELECT record, feed_seq FROM held WHERE guide = ?1 AND (?2 IS NULL OR EXISTS (SELECT 1 FROM change \
                   WHERE change.guide = ?1 AND change.record = held.record AND change.feed_seq >= held.feed_seq \
                   AND change.device = ?2)) ORDER BY feed_seq LIMIT ?3";
        let mut query = self.connection.prepare_cached(sql)?;
        let max = i64::try_from(max).unwrap_or(i64::MAX);
        let rows = query.query_map(params![guide.as_str(), device.map(|device| device.0), max], |row| {
            Ok((RecordId(id16(row, 0)?), unsigned(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many records wait because of what `device` wrote.
    pub fn records_waiting(&self, guide: &GuideId, device: DeviceId) -> Result<usize, StoreError> {
        let sql = "SELECT COUNT(DISTINCT record) FROM held_because WHERE guide = ?1 AND device = ?2";
        let count: i64 = self.connection.prepare_cached(sql)?.query_row(params![guide.as_str(), device.0], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Who wrote a record's changes from number `first` on, in order; and whether there are earlier ones.
    pub fn writers_since(
        &self,
        guide: &GuideId,
        record: RecordId,
        first: u64,
    ) -> Result<(Vec<(DeviceId, Who)>, bool), StoreError> {
        let sql = "SELECT change.device, COALESCE(device.pseudonym, ''), change.day FROM change \
                   LEFT JOIN device ON device.guide = change.guide AND device.id = change.device \
                   WHERE change.guide = ?1 AND change.record = ?2 AND change.feed_seq >= ?3 ORDER BY change.feed_seq";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query(params![guide.as_str(), record.0, signed(first)])?;
        let mut writers = Vec::new();
        while let Some(row) = rows.next()? {
            let who = Who { pseudonym: row.get(1)?, day: parsed(&row.get::<_, String>(2)?, "a change's day")? };
            writers.push((DeviceId(id16(row, 0)?), who));
        }
        let sql = "SELECT 1 FROM change WHERE guide = ?1 AND record = ?2 AND feed_seq < ?3";
        let has_earlier = self.connection.prepare_cached(sql)?.exists(params![guide.as_str(), record.0, signed(first)])?;
        Ok((writers, has_earlier))
    }

    pub fn held_because(&self, guide: &GuideId, record: RecordId) -> Result<Vec<(DeviceId, Why)>, StoreError> {
        let sql = "SELECT device, why FROM held_because WHERE guide = ?1 AND record = ?2 ORDER BY why, device";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query(params![guide.as_str(), record.0])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let why = Why::from_code(&row.get::<_, String>(1)?).ok_or(StoreError::Damaged("why a record waits"))?;
            found.push((DeviceId(id16(row, 0)?), why));
        }
        Ok(found)
    }

    /// A record's changes with their authors, in order.
    pub fn written(&self, guide: &GuideId, record: RecordId) -> Result<Vec<Written>, StoreError> {
        let sql = "SELECT change.feed_seq, change.device, COALESCE(device.pseudonym, ''), change.day, change.bytes FROM change \
                   LEFT JOIN device ON device.guide = change.guide AND device.id = change.device \
                   WHERE change.guide = ?1 AND change.record = ?2 ORDER BY change.feed_seq";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query(params![guide.as_str(), record.0])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let who = Who { pseudonym: row.get(2)?, day: parsed(&row.get::<_, String>(3)?, "a change's day")? };
            found.push(Written { feed_seq: unsigned(row.get(0)?), device: DeviceId(id16(row, 1)?), who, bytes: row.get(4)? });
        }
        Ok(found)
    }

    /// Whether readers ever saw the record.
    pub fn was_published(&self, guide: &GuideId, record: RecordId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM edition_row WHERE guide = ?1 AND record = ?2";
        Ok(self.connection.prepare_cached(sql)?.exists(params![guide.as_str(), record.0])?)
    }

    /// What was decided about a record, in order.
    pub fn verdicts(&self, guide: &GuideId, record: RecordId) -> Result<Vec<Decision>, StoreError> {
        let sql = "SELECT record, first_seq, last_seq, approved, device, reason, day FROM verdict \
                   WHERE guide = ?1 AND record = ?2 ORDER BY first_seq";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query(params![guide.as_str(), record.0])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(decision(row)?);
        }
        Ok(found)
    }

    /// What was sent back since `since` of what `device` wrote, unless it wrote in the record again; the
    /// latest first and no more than `max`.
    pub fn sent_back_to(&self, guide: &GuideId, device: DeviceId, since: Day, max: usize) -> Result<Vec<Decision>, StoreError> {
        let sql = "SELECT record, first_seq, last_seq, approved, device, reason, day FROM verdict \
                   WHERE guide = ?1 AND approved = 0 AND day >= ?3 AND device <> ?2 \
                   AND (SELECT MAX(feed_seq) FROM change WHERE change.guide = ?1 AND change.record = verdict.record \
                        AND change.device = ?2) BETWEEN first_seq AND last_seq ORDER BY day DESC, record LIMIT ?4";
        let mut query = self.connection.prepare_cached(sql)?;
        let max = i64::try_from(max).unwrap_or(i64::MAX);
        let mut rows = query.query(params![guide.as_str(), device.0, since.to_string(), max])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(decision(row)?);
        }
        Ok(found)
    }

    /// Every device that wrote since `since`: its name, the day it last did, how many records.
    pub fn writers(&self, guide: &GuideId, since: Day) -> Result<Vec<(DeviceId, Who, usize)>, StoreError> {
        let sql = "SELECT change.device, COALESCE(device.pseudonym, ''), MAX(change.day), COUNT(DISTINCT change.record) FROM change \
                   LEFT JOIN device ON device.guide = change.guide AND device.id = change.device \
                   WHERE change.guide = ?1 AND change.day >= ?2 GROUP BY change.device ORDER BY 3 DESC, 2";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query(params![guide.as_str(), since.to_string()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let who = Who { pseudonym: row.get(1)?, day: parsed(&row.get::<_, String>(2)?, "a change's day")? };
            let records = usize::try_from(row.get::<_, i64>(3)?).unwrap_or_default();
            found.push((DeviceId(id16(row, 0)?), who, records));
        }
        Ok(found)
    }

    /// The records that `device` wrote in since `since`.
    pub fn records_of(&self, guide: &GuideId, device: DeviceId, since: Day) -> Result<Vec<RecordId>, StoreError> {
        let sql = "SELECT DISTINCT record FROM change WHERE guide = ?1 AND device = ?2 AND day >= ?3 ORDER BY record";
        let mut query = self.connection.prepare_cached(sql)?;
        let rows = query.query_map(params![guide.as_str(), device.0, since.to_string()], |row| Ok(RecordId(id16(row, 0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writing<'_> {
    pub fn add_why(&self, guide: &GuideId, record: RecordId, device: DeviceId, why: Why) -> Result<(), StoreError> {
        let sql = "INSERT INTO held_because (guide, record, device, why) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        self.connection.prepare_cached(sql)?.execute(params![guide.as_str(), record.0, device.0, why.code()])?;
        Ok(())
    }

    /// Lets a record's changes through: nothing of it waits any more, and it is published again.
    pub fn release(&self, guide: &GuideId, record: RecordId) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM held WHERE guide = ?1 AND record = ?2",
            "DELETE FROM held_because WHERE guide = ?1 AND record = ?2",
            // Publication follows the feed: it goes back to before the record's last change.
            "UPDATE edition SET feed_seq = MIN(feed_seq, (SELECT document.feed_seq FROM document WHERE document.guide = ?1 \
             AND record = ?2) - 1) WHERE guide = ?1 AND EXISTS (SELECT 1 FROM document WHERE document.guide = ?1 AND record = ?2)",
        ] {
            self.connection.prepare_cached(sql)?.execute(params![guide.as_str(), record.0])?;
        }
        Ok(())
    }

    pub fn add_verdict(&self, guide: &GuideId, decision: &Decision) -> Result<(), StoreError> {
        let sql = "INSERT INTO verdict (guide, record, first_seq, last_seq, approved, device, reason, day) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        self.connection.prepare_cached(sql)?.execute(params![
            guide.as_str(),
            decision.record.0,
            signed(decision.span.0),
            signed(decision.span.1),
            decision.approved,
            decision.device.0,
            decision.reason,
            decision.day.to_string(),
        ])?;
        Ok(())
    }
}

fn decision(row: &Row<'_>) -> Result<Decision, StoreError> {
    Ok(Decision {
        record: RecordId(id16(row, 0)?),
        span: (unsigned(row.get(1)?), unsigned(row.get(2)?)),
        approved: row.get(3)?,
        device: DeviceId(id16(row, 4)?),
        reason: row.get(5)?,
        day: parsed(&row.get::<_, String>(6)?, "a verdict's day")?,
    })
}

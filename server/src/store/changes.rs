//! The log of accepted changes, the receipts of batches, and the documents built from the log.

use super::rows::{id16, parsed, signed, unsigned};
use super::{Reading, StoreError, Writing};
use rusqlite::{OptionalExtension, Row, params};
use shared::ids::{ActorId, BatchId, Day, DeviceId, GuideId, RecordId};
use shared::schema::Kind;
use shared::wire::Author;

/// A change about to enter the log.
pub struct NewChange<'a> {
    pub feed_seq: u64,
    pub record: RecordId,
    pub hash: [u8; 32],
    pub actor: ActorId,
    pub seq: u64,
    pub device: DeviceId,
    pub day: Day,
    pub bytes: &'a [u8],
}

/// A change of the log.
pub struct StoredChange {
    pub feed_seq: u64,
    pub record: RecordId,
    pub actor: ActorId,
    /// As it was when the change was accepted.
    pub hash: Vec<u8>,
    pub bytes: Vec<u8>,
}

/// A record's document as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRow {
    pub record: RecordId,
    pub kind: Kind,
    pub feed_seq: u64,
    pub bytes: Vec<u8>,
}

impl Reading<'_> {
    /// What was answered to a batch: its digest and `feed_seq`.
    pub fn receipt(&self, guide: &GuideId, batch: BatchId) -> Result<Option<(Vec<u8>, u64)>, StoreError> {
        let mut query = self.connection.prepare_cached("SELECT digest, feed_seq FROM receipt WHERE guide = ?1 AND batch = ?2")?;
        let found = query.query_row(params![guide.as_str(), batch.0], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)));
        Ok(found.optional()?.map(|(digest, feed_seq)| (digest, unsigned(feed_seq))))
    }

    pub fn is_purged(&self, guide: &GuideId, record: RecordId) -> Result<bool, StoreError> {
        let mut query = self.connection.prepare_cached("SELECT 1 FROM purged WHERE guide = ?1 AND record = ?2")?;
        Ok(query.exists(params![guide.as_str(), record.0])?)
    }

    /// At most `most` changes after number `since`, in order.
    pub fn changes_since(&self, guide: &GuideId, since: u64, most: usize) -> Result<Vec<StoredChange>, StoreError> {
        let sql = "SELECT feed_seq, record, actor, hash, bytes FROM change WHERE guide = ?1 AND feed_seq > ?2 ORDER BY feed_seq LIMIT ?3";
        let mut query = self.connection.prepare_cached(sql)?;
        let rows = query.query_map(params![guide.as_str(), signed(since), signed(most as u64)], stored)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// At most `most` changes and purges after number `since`, in order. A purge has no bytes.
    pub fn feed_since(&self, guide: &GuideId, since: u64, most: usize) -> Result<Vec<StoredChange>, StoreError> {
        let sql = "SELECT feed_seq, record, actor, hash, bytes FROM change WHERE guide = ?1 AND feed_seq > ?2 \
                   UNION ALL SELECT feed_seq, record, zeroblob(16), x'', x'' FROM purged WHERE guide = ?1 AND feed_seq > ?2 \
                   ORDER BY feed_seq LIMIT ?3";
        let mut query = self.connection.prepare_cached(sql)?;
        let rows = query.query_map(params![guide.as_str(), signed(since), signed(most as u64)], stored)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A record's changes before number `before`, in order.
    pub fn changes_of(&self, guide: &GuideId, record: RecordId, before: u64) -> Result<Vec<StoredChange>, StoreError> {
        let sql = "SELECT feed_seq, record, actor, hash, bytes FROM change \
                   WHERE guide = ?1 AND record = ?2 AND feed_seq < ?3 ORDER BY feed_seq";
        let mut query = self.connection.prepare_cached(sql)?;
        let rows = query.query_map(params![guide.as_str(), record.0, signed(before)], stored)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The pseudonym behind each actor that wrote since `since`, and the day it last wrote.
    pub fn authors_since(&self, guide: &GuideId, since: u64, until: u64) -> Result<Vec<Author>, StoreError> {
        let sql = "SELECT change.actor, device.pseudonym, MAX(change.day) FROM change \
                   LEFT JOIN device ON device.guide = change.guide AND device.id = change.device \
                   WHERE change.guide = ?1 AND change.feed_seq > ?2 AND change.feed_seq <= ?3 \
                   GROUP BY change.actor, device.pseudonym ORDER BY change.actor";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query(params![guide.as_str(), signed(since), signed(until)])?;
        let mut authors = Vec::new();
        while let Some(row) = rows.next()? {
            let pseudonym = row.get::<_, Option<String>>(1)?.unwrap_or_default();
            authors.push(Author::new(ActorId(id16(row, 0)?), pseudonym, parsed(&row.get::<_, String>(2)?, "a change's day")?));
        }
        Ok(authors)
    }

    pub fn document(&self, guide: &GuideId, record: RecordId) -> Result<Option<DocumentRow>, StoreError> {
        let sql = "SELECT record, kind, feed_seq, bytes FROM document WHERE guide = ?1 AND record = ?2";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query(params![guide.as_str(), record.0])?;
        rows.next()?.map(document).transpose()
    }

    /// The number of a document's last change; `None` when there is no such document.
    pub fn document_seq(&self, guide: &GuideId, record: RecordId) -> Result<Option<u64>, StoreError> {
        let mut query = self.connection.prepare_cached("SELECT feed_seq FROM document WHERE guide = ?1 AND record = ?2")?;
        let mut rows = query.query(params![guide.as_str(), record.0])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?.map(unsigned))
    }

    /// Every document whose latest change is after number `since`, passed to `each` one by one.
    pub fn documents_since(
        &self,
        guide: &GuideId,
        since: u64,
        mut each: impl FnMut(DocumentRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT record, kind, feed_seq, bytes FROM document WHERE guide = ?1 AND feed_seq > ?2 ORDER BY record";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query(params![guide.as_str(), signed(since)])?;
        while let Some(row) = rows.next()? {
            each(document(row)?)?;
        }
        Ok(())
    }

    pub fn document_count(&self, guide: &GuideId) -> Result<usize, StoreError> {
        let mut query = self.connection.prepare_cached("SELECT COUNT(*) FROM document WHERE guide = ?1")?;
        let count: i64 = query.query_row([guide.as_str()], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// The number from which on a record's changes wait for an editor.
    pub fn held(&self, guide: &GuideId, record: RecordId) -> Result<Option<u64>, StoreError> {
        let mut query = self.connection.prepare_cached("SELECT feed_seq FROM held WHERE guide = ?1 AND record = ?2")?;
        Ok(query.query_row(params![guide.as_str(), record.0], |row| row.get(0)).optional()?.map(unsigned))
    }
}

impl Writing<'_> {
    pub fn add_change(&self, guide: &GuideId, change: &NewChange<'_>) -> Result<(), StoreError> {
        let sql = "INSERT INTO change (guide, feed_seq, record, hash, actor, seq, device, day, bytes) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        self.connection.prepare_cached(sql)?.execute(params![
            guide.as_str(),
            signed(change.feed_seq),
            change.record.0,
            change.hash,
            change.actor.0,
            signed(change.seq),
            change.device.0,
            change.day.to_string(),
            change.bytes,
        ])?;
        Ok(())
    }

    pub fn add_receipt(&self, guide: &GuideId, batch: BatchId, digest: &[u8], feed_seq: u64) -> Result<(), StoreError> {
        let sql = "INSERT INTO receipt (guide, batch, digest, feed_seq) VALUES (?1, ?2, ?3, ?4)";
        self.connection.prepare_cached(sql)?.execute(params![guide.as_str(), batch.0, digest, signed(feed_seq)])?;
        Ok(())
    }

    pub fn put_document(&self, guide: &GuideId, row: &DocumentRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO document (guide, record, kind, feed_seq, bytes) VALUES (?1, ?2, ?3, ?4, ?5) \
                   ON CONFLICT (guide, record) DO UPDATE SET kind = ?3, feed_seq = ?4, bytes = ?5";
        let values = params![guide.as_str(), row.record.0, row.kind.code(), signed(row.feed_seq), row.bytes];
        self.connection.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// From `feed_seq` on the record's changes wait, unless they do already.
    pub fn hold(&self, guide: &GuideId, record: RecordId, feed_seq: u64) -> Result<(), StoreError> {
        let sql = "INSERT INTO held (guide, record, feed_seq) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        self.connection.prepare_cached(sql)?.execute(params![guide.as_str(), record.0, signed(feed_seq)])?;
        Ok(())
    }
}

fn stored(row: &Row<'_>) -> Result<StoredChange, rusqlite::Error> {
    Ok(StoredChange {
        feed_seq: unsigned(row.get(0)?),
        record: RecordId(id16(row, 1)?),
        actor: ActorId(id16(row, 2)?),
        hash: row.get(3)?,
        bytes: row.get(4)?,
    })
}

fn document(row: &Row<'_>) -> Result<DocumentRow, StoreError> {
    let kind = Kind::from_code(&row.get::<_, String>(1)?).ok_or(StoreError::Damaged("a document's kind"))?;
    Ok(DocumentRow { record: RecordId(id16(row, 0)?), kind, feed_seq: unsigned(row.get(2)?), bytes: row.get(3)? })
}

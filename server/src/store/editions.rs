//! What is published: a header per guide, a row per record and language.

use super::rows::{id16, parsed, signed, unsigned};
use super::{Reading, StoreError, Writing};
use rusqlite::{OptionalExtension, params};
use shared::edition::{Entry, GuideHeader};
use shared::ids::{Day, GuideId, Moment, RecordId};
use shared::json;

/// Where a guide's publication stands.
#[derive(Debug, Clone, PartialEq)]
pub struct EditionState {
    pub revision: u64,
    /// Everything up to this number of the feed is published.
    pub feed_seq: u64,
    /// The guide-local day for which everything was last projected.
    pub today: Day,
    pub published: Moment,
    pub header: GuideHeader,
    /// The revision at which the header last changed.
    pub header_revision: u64,
}

/// One record in one language; without an entry it is no longer public.
#[derive(Debug, Clone, PartialEq)]
pub struct EditionRow {
    pub record: RecordId,
    pub entry: Option<Entry>,
}

impl Reading<'_> {
    pub fn revision(&self, guide: &GuideId) -> Result<Option<u64>, StoreError> {
        let mut query = self.connection.prepare_cached("SELECT revision FROM edition WHERE guide = ?1")?;
        Ok(query.query_row([guide.as_str()], |row| row.get(0)).optional()?.map(unsigned))
    }

    pub fn edition(&self, guide: &GuideId) -> Result<Option<EditionState>, StoreError> {
        let sql = "SELECT revision, feed_seq, today, published, header, header_revision FROM edition WHERE guide = ?1";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query([guide.as_str()])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let header: String = row.get(4)?;
        Ok(Some(EditionState {
            revision: unsigned(row.get(0)?),
            feed_seq: unsigned(row.get(1)?),
            today: parsed(&row.get::<_, String>(2)?, "an edition's day")?,
            published: parsed(&row.get::<_, String>(3)?, "an edition's moment")?,
            header: json::from_str(&header).map_err(|_| StoreError::Damaged("an edition's header"))?,
            header_revision: unsigned(row.get(5)?),
        }))
    }

    /// The rows of one language that changed after revision `since`, tombstones included.
    pub fn edition_rows(&self, guide: &GuideId, language: &str, since: u64) -> Result<Vec<EditionRow>, StoreError> {
        let sql = "SELECT record, json FROM edition_row WHERE guide = ?1 AND language = ?2 AND revision > ?3 ORDER BY record";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query(params![guide.as_str(), language, signed(since)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let json = row.get_ref(1)?.as_str_or_null().map_err(|_| StoreError::Damaged("an edition's row"))?;
            let entry = json.map(json::from_str).transpose().map_err(|_| StoreError::Damaged("an edition's row"))?;
            found.push(EditionRow { record: RecordId(id16(row, 0)?), entry });
        }
        Ok(found)
    }

    /// One row's JSON as it stands; `None` when there is no row, or when it is no longer public.
    pub fn edition_json(&self, guide: &GuideId, language: &str, record: RecordId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT json FROM edition_row WHERE guide = ?1 AND language = ?2 AND record = ?3";
        let mut query = self.connection.prepare_cached(sql)?;
        let found = query.query_row(params![guide.as_str(), language, record.0], |row| row.get::<_, Option<String>>(0));
        Ok(found.optional()?.flatten())
    }

    /// Every row as it stands, for comparing.
    pub fn edition_rows_raw(&self, guide: &GuideId) -> Result<Vec<(String, RecordId, Option<String>)>, StoreError> {
        let sql = "SELECT language, record, json FROM edition_row WHERE guide = ?1 ORDER BY language, record";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query([guide.as_str()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push((row.get(0)?, RecordId(id16(row, 1)?), row.get(2)?));
        }
        Ok(found)
    }
}

impl Writing<'_> {
    /// Puts a row unless it reads the same already; says whether it changed. A record that never was
    /// public leaves no trace.
    pub fn put_edition_row(
        &self,
        guide: &GuideId,
        language: &str,
        record: RecordId,
        json: Option<&str>,
        revision: u64,
    ) -> Result<bool, StoreError> {
        let sql = match json {
            Some(_) => {
                "INSERT INTO edition_row (guide, language, record, json, revision) VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT (guide, language, record) DO UPDATE SET json = ?4, revision = ?5 WHERE json IS NOT ?4"
            }
            None => {
                "UPDATE edition_row SET json = ?4, revision = ?5 \
                 WHERE guide = ?1 AND language = ?2 AND record = ?3 AND json IS NOT NULL"
            }
        };
        let mut put = self.connection.prepare_cached(sql)?;
        Ok(put.execute(params![guide.as_str(), language, record.0, json, signed(revision)])? == 1)
    }

    pub fn put_edition(&self, guide: &GuideId, state: &EditionState) -> Result<(), StoreError> {
        let sql = "INSERT INTO edition (guide, revision, feed_seq, today, published, header, header_revision) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (guide) DO UPDATE SET \
                   revision = ?2, feed_seq = ?3, today = ?4, published = ?5, header = ?6, header_revision = ?7";
        let header = json::to_string(&state.header);
        self.connection.prepare_cached(sql)?.execute(params![
            guide.as_str(),
            signed(state.revision),
            signed(state.feed_seq),
            state.today.to_string(),
            state.published.to_string(),
            header,
            signed(state.header_revision),
        ])?;
        Ok(())
    }

    /// Takes out the languages that the guide no longer has. Their rows stay, empty: a language that comes
    /// back tells phones what is gone meanwhile.
    pub fn keep_languages(&self, guide: &GuideId, languages: &[String], revision: u64) -> Result<(), StoreError> {
        let listed = serde_json::to_string(languages).expect("names are plain data");
        let sql = "UPDATE edition_row SET json = NULL, revision = ?3 \
                   WHERE guide = ?1 AND language NOT IN (SELECT value FROM json_each(?2)) AND json IS NOT NULL";
        self.connection.execute(sql, params![guide.as_str(), listed, signed(revision)])?;
        Ok(())
    }
}

//! What each source said of a record when it was last imported.

use super::{Reading, StoreError, Writing};
use rusqlite::params;
use serde_json::Value;
use shared::ids::{GuideId, RecordId};
use std::collections::BTreeMap;

impl Reading<'_> {
    /// The trees of a source's last import, by record.
    pub fn sources(&self, guide: &GuideId, scheme: &str) -> Result<BTreeMap<RecordId, Value>, StoreError> {
        let mut query =
            self.connection.prepare_cached("SELECT record, json FROM import_source WHERE guide = ?1 AND scheme = ?2")?;
        let rows =
            query.query_map(params![guide.as_str(), scheme], |row| Ok((super::rows::id16(row, 0)?, row.get::<_, String>(1)?)))?;
        let mut sources = BTreeMap::new();
        for row in rows {
            let (record, json) = row?;
            let tree = serde_json::from_str(&json).map_err(|_| StoreError::Damaged("an import's source"))?;
            sources.insert(RecordId(record), tree);
        }
        Ok(sources)
    }
}

impl Writing<'_> {
    pub fn put_source(&self, guide: &GuideId, scheme: &str, record: RecordId, tree: &Value) -> Result<(), StoreError> {
        let sql = "INSERT INTO import_source (guide, scheme, record, json) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT DO UPDATE SET json = excluded.json";
        let mut put = self.connection.prepare_cached(sql)?;
        put.execute(params![guide.as_str(), scheme, record.0, tree.to_string()])?;
        Ok(())
    }
}

//! Purging a record: out of every table, so that only its id is left, and the number under which
//! devices learn of it. With `secure_delete` SQLite overwrites what it deletes; the log beside the
//! file is emptied by [`super::Store::fold`].

use super::rows::{id16, signed, unsigned};
use super::{Reading, StoreError, Writing};
use rusqlite::params;
use shared::ids::{GuideId, RecordId};

/// Every table that holds something of a record under the columns `guide` and `record`.
const TABLES: [&str; 7] = ["change", "document", "edition_row", "import_source", "held", "held_because", "verdict"];

impl Reading<'_> {
    /// Every purged record of a guide.
    pub fn purged(&self, guide: &GuideId) -> Result<Vec<RecordId>, StoreError> {
        let mut query = self.connection.prepare_cached("SELECT record FROM purged WHERE guide = ?1 ORDER BY record")?;
        let rows = query.query_map([guide.as_str()], |row| id16(row, 0))?;
        Ok(rows.map(|row| row.map(RecordId)).collect::<Result<_, _>>()?)
    }

    /// The revision before which copies of the guide's edition are replaced whole.
    pub fn whole_revision(&self, guide: &GuideId) -> Result<u64, StoreError> {
        let mut query = self.connection.prepare_cached("SELECT whole_revision FROM guide WHERE id = ?1")?;
        Ok(unsigned(query.query_row([guide.as_str()], |row| row.get(0))?))
    }
}

impl Writing<'_> {
    /// Takes a record out of every table. Its edition is then a new revision, without it.
    pub fn purge(&self, guide: &GuideId, record: RecordId, feed_seq: u64) -> Result<(), StoreError> {
        for table in TABLES {
            let sql = format!("DELETE FROM {table} WHERE guide = ?1 AND record = ?2");
            self.connection.execute(&sql, params![guide.as_str(), record.0])?;
        }
        let sql = "INSERT INTO purged (guide, record, feed_seq) VALUES (?1, ?2, ?3)";
        self.connection.execute(sql, params![guide.as_str(), record.0, signed(feed_seq)])?;
        self.connection.execute("UPDATE edition SET revision = revision + 1 WHERE guide = ?1", [guide.as_str()])?;
        let sql = "UPDATE guide SET feed_seq = ?2, \
                   whole_revision = COALESCE((SELECT revision FROM edition WHERE guide = ?1), 0) WHERE id = ?1";
        self.connection.execute(sql, params![guide.as_str(), signed(feed_seq)])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::TABLES;
    use crate::store::migrations;
    use rusqlite::Connection;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_that_holds_something_of_a_record_is_purged() {
        let mut connection = Connection::open_in_memory().expect("memory");
        migrations::run(&mut connection).expect("an empty database takes every step");
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' \
                   AND EXISTS (SELECT 1 FROM pragma_table_info(sqlite_master.name) AS field WHERE field.name = 'record')";
        let mut query = connection.prepare(sql).expect("SQL");
        let names = query.query_map([], |row| row.get::<_, String>(0)).expect("SQL");
        let mut tables: BTreeSet<String> = names.map(|name| name.expect("a name")).collect();
        // The list of what was purged: ids alone.
        assert!(tables.remove("purged"));
        assert_eq!(tables, TABLES.map(str::to_owned).into());
    }
}

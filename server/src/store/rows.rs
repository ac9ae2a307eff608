//! What a job sees of the database: [`Reading`] for all, [`Writing`] for the writer's jobs. The
//! methods stand with their tables, in the modules beside this one.

use super::StoreError;
use rusqlite::Connection;
use rusqlite::types::FromSql;
use std::ops::Deref;
use std::str::FromStr;

/// One consistent state of the database.
pub struct Reading<'c> {
    pub(super) connection: &'c Connection,
}

/// The writer's transaction.
pub struct Writing<'c> {
    pub(super) rows: Reading<'c>,
    pub(super) generation: u64,
}

impl<'c> Deref for Writing<'c> {
    type Target = Reading<'c>;

    fn deref(&self) -> &Reading<'c> {
        &self.rows
    }
}

impl Writing<'_> {
    /// Rises when another process has written: what is kept in memory is then no longer the truth.
    pub fn generation(&self) -> u64 {
        self.generation
    }
}

/// Sixteen bytes of a BLOB column.
pub(super) fn id16(row: &rusqlite::Row<'_>, column: usize) -> Result<[u8; 16], rusqlite::Error> {
    <[u8; 16]>::column_result(row.get_ref(column)?)
        .map_err(|_| rusqlite::Error::InvalidColumnType(column, "an id".to_owned(), rusqlite::types::Type::Blob))
}

/// A text column that holds the text form of a `T`.
pub(super) fn parsed<T: FromStr>(text: &str, what: &'static str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Damaged(what))
}

/// SQLite's integers are signed; ours count.
pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

//! Connections that only read. As many as are asked for at once are opened; a few are kept.

use super::{Reading, StoreError, rows::unsigned, tune};
use rusqlite::{Connection, OpenFlags};
use std::path::PathBuf;
use std::sync::Mutex;

const KEPT: usize = 8;

pub(super) struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    /// Always the same connection: `data_version` compares with what this one saw before.
    watch: Mutex<Option<Connection>>,
}

impl Pool {
    pub(super) fn new(path: PathBuf) -> Pool {
        Pool { path, idle: Mutex::default(), watch: Mutex::default() }
    }

    pub(super) fn read<T>(&self, query: impl FnOnce(&Reading<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let connection = self.take()?;
        let transaction = connection.unchecked_transaction()?;
        let result = query(&Reading { connection: &transaction });
        transaction.finish()?;
        self.give(connection);
        result
    }

    pub(super) fn version(&self) -> Result<u64, StoreError> {
        let mut watch = self.watch.lock().expect("no reader panics while it holds this");
        let connection = match watch.take() {
            Some(connection) => connection,
            None => self.open()?,
        };
        let version: i64 = connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
        *watch = Some(connection);
        Ok(unsigned(version))
    }

    fn take(&self) -> Result<Connection, StoreError> {
        let idle = self.idle.lock().expect("no reader panics while it holds this").pop();
        idle.map_or_else(|| self.open(), Ok)
    }

    fn give(&self, connection: Connection) {
        let mut idle = self.idle.lock().expect("no reader panics while it holds this");
        if idle.len() < KEPT {
            idle.push(connection);
        }
    }

    fn open(&self) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        tune(&connection)?;
        Ok(connection)
    }
}

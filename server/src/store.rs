//! The relay's memory: SQLite. Nothing outside this module names rusqlite.
//!
//! One writer thread groups the jobs that wait into one transaction, each in a savepoint of its own,
//! and answers after the commit has reached the disk (`synchronous=FULL`). Readers have connections
//! of their own and see whole commits only. What the rows mean is for `relay` and `publish`.

mod changes;
mod copies;
mod decisions;
mod editions;
mod epoch;
mod guides;
mod members;
mod migrations;
mod pool;
mod purge;
mod review;
mod rows;
mod sources;
mod writer;

use crate::report::report;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;

pub use changes::{DocumentRow, NewChange, StoredChange};
pub use copies::{Restored, check, left_aside, restore};
pub use decisions::TakenOver;
pub use editions::{EditionRow, EditionState};
pub use members::{Device, Invite, OpenInvite, SeenDevice};
pub use review::{Decision, Written};
pub use rows::{Reading, Writing};
pub use writer::{Pending, Work};

/// The database's file in the data folder.
pub const FILE: &str = "socle.sqlite";

/// How often folding the log is tried; each try waits for readers as long as any connection waits.
const FOLDS_MAX: usize = 3;

/// The store did not do it. Nothing of the job is in the database.
#[derive(Debug, Error)]
pub enum StoreError {
    #[error("the database: {}", kind(.0))]
    Database(#[from] rusqlite::Error),
    #[error("the data folder: {0}")]
    Folder(#[from] std::io::Error),
    #[error("the database was made by a newer version of Socle ({found}, this one knows {known}): use that version")]
    Newer { found: usize, known: usize },
    #[error("a relay is running on this data folder: stop it first")]
    InUse,
    #[error("the database holds something unexpected in {0}")]
    Damaged(&'static str),
    #[error("nothing was written: {0}")]
    Commit(String),
    #[error("the writer has stopped")]
    Stopped,
    #[error("a job of the writer panicked")]
    Panicked,
}

/// What kind of error: SQLite's own messages can quote what is in the database.
fn kind(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(error, _) => format!("{:?} ({})", error.code, error.extended_code),
        rusqlite::Error::QueryReturnedNoRows => "a row is missing".to_owned(),
        _ => "a question or an answer of the wrong shape".to_owned(),
    }
}

/// An open database: one writer, several readers.
pub struct Store {
    path: PathBuf,
    epoch: String,
    writer: writer::Writer,
    pool: pool::Pool,
}

impl Store {
    /// Opens the database in `folder`, made when missing, brought to the present version.
    pub fn open(folder: &Path) -> Result<Store, StoreError> {
        make_folder(folder)?;
        let path = folder.join(FILE);
        let mut connection = Connection::open(&path)?;
        tune(&connection)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        migrations::run(&mut connection)?;
        let epoch = epoch::current(&mut connection, &path)?;
        // A relay that was killed after a purge left it in the log. Busy: whoever has it open folds it.
        connection.busy_timeout(Duration::ZERO)?;
        if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
            report(format!("the database's log stays beside it: {}", StoreError::from(error)));
        }
        tune(&connection)?;
        let watermark = epoch::Watermark::beside(&path);
        let writer = writer::Writer::start(connection, &watermark)?;
        Ok(Store { pool: pool::Pool::new(path.clone()), path, epoch, writer })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Names this database until it is restored from a copy.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Runs `query` on one consistent state of the database.
    pub fn read<T>(&self, query: impl FnOnce(&Reading<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.pool.read(query)
    }

    /// A number that changes whenever anyone, in this process or another, has committed.
    pub fn version(&self) -> Result<u64, StoreError> {
        self.pool.version()
    }

    /// Queues `work` for the writer. It is answered once it is on the disk, or not there at all.
    pub fn work<W: Work>(&self, work: W) -> Pending<W> {
        self.writer.queue(work)
    }

    /// How much work stands in the writer's queue.
    pub fn waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// [`Store::work`] for a closure.
    pub fn write<T, E, F>(&self, work: F) -> Pending<Option<F>>
    where
        F: FnOnce(&Writing<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.queue(Some(work))
    }

    /// Folds the log into the database file and empties it, so that what was deleted is in neither.
    /// False when readers kept it open all the while: nothing is wrong, but it is to be done again.
    pub fn fold(&self) -> Result<bool, StoreError> {
        let connection = Connection::open(&self.path)?;
        tune(&connection)?;
        for _ in 0..FOLDS_MAX {
            if connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0))? == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Finishes what is queued and folds the log into the database file.
    pub fn close(&self) {
        self.writer.stop();
    }
}

/// Sets what every connection needs. `FULL`: an acknowledged batch survives power loss.
fn tune(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "busy_timeout", 5_000)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Only the owner may look into the data folder.
fn make_folder(folder: &Path) -> Result<(), std::io::Error> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

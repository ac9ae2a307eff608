//! Copies of the database: made while it is in use, looked through before they count, and put back.

use super::{FILE, Store, StoreError, make_folder, migrations};
use crate::owner;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

impl Store {
    /// Writes a copy to `to`, as of one moment. It is there whole, checked and on the disk, or not at all.
    pub fn copy_to(&self, to: &Path) -> Result<(), StoreError> {
        let unfinished = to.with_extension("unfinished");
        let done = copy(&self.path, &unfinished).and_then(|()| place(&unfinished, to));
        if done.is_err() {
            // What was begun is of no use to anybody; that it cannot be removed changes nothing.
            fs::remove_file(&unfinished).ok();
        }
        done
    }
}

/// Puts a copy back as the database of `folder`, where no relay may be running. What was there is kept
/// beside it; gives where, if there was anything.
pub fn restore(copy_of: &Path, folder: &Path) -> Result<Option<PathBuf>, StoreError> {
    make_folder(folder)?;
    let path = folder.join(FILE);
    let unfinished = path.with_extension("unfinished");
    copy(copy_of, &unfinished)?;
    let old = path.exists().then(|| aside(&path)).transpose()?;
    place(&unfinished, &path)?;
    Ok(old)
}

/// Whether a file is a whole database that this version can use.
pub fn check(path: &Path) -> Result<(), StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    migrations::check(&connection)?;
    let sound: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    let strays: i64 = connection.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
    if sound == "ok" && strays == 0 { Ok(()) } else { Err(StoreError::Damaged("the copy")) }
}

/// Copies a database that may be in use into a single file, checks it and waits for the disk.
fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    if to.exists() {
        fs::remove_file(to)?;
    }
    // Before anything is in it. SQLite takes an empty file for a new database.
    owner::writing().create_new(true).open(to)?;
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut target = Connection::open(to)?;
    // All in one step, which is one moment: readers and the writer go on meanwhile (WAL).
    match Backup::new(&source, &mut target)?.step(-1)? {
        StepResult::Done => {}
        _ => return Err(StoreError::Commit("the database is busy; try again".to_owned())),
    }
    // One file, without a log beside it; and a copy never takes itself for the original.
    target.pragma_update(None, "journal_mode", "DELETE")?;
    target.execute("DELETE FROM setting WHERE name = 'file'", [])?;
    target.close().map_err(|(_, error)| error)?;
    check(to)?;
    File::open(to)?.sync_all()?;
    Ok(())
}

/// Moves a finished file to its place, and waits until the folder knows.
fn place(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Keeps what was the database under the first name that is free.
fn aside(path: &Path) -> Result<PathBuf, StoreError> {
    // Folds its log into it, which nobody can do while somebody else has it open. What is too damaged
    // for that is kept as it lies.
    match Connection::open(path).and_then(|connection| fold(&connection)) {
        Ok(false) => return Err(StoreError::InUse),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => return Err(StoreError::InUse),
        Ok(true) | Err(_) => {}
    }
    let free = (1..).map(|number| path.with_extension(format!("before-{number}"))).find(|path| !path.exists());
    let free = free.expect("numbers do not end");
    for rest in ["", "-wal", "-shm"] {
        let [from, to] = [path, &free].map(|path| PathBuf::from(format!("{}{rest}", path.display())));
        match fs::rename(from, to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !rest.is_empty() => {}
            done => done?,
        }
    }
    Ok(free)
}

/// Ends the log of a database; `false` where another connection is open.
fn fold(connection: &Connection) -> Result<bool, rusqlite::Error> {
    connection.busy_timeout(Duration::ZERO)?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get(0))?;
    Ok(mode == "delete")
}

//! Copies of the database: made while it is in use, looked through before they count, and put back.

use super::{FILE, Store, StoreError, make_folder, migrations};
use crate::owner;
use crate::store::decisions::{Decisions, TakenOver, bring_forward};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How the ending of a database begins that another was put in the place of; a number follows.
const BEFORE: &str = "before-";

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

/// What became of a copy that was put back.
#[derive(Debug, Default)]
pub struct Restored {
    /// Where that lies which was there before.
    pub aside: Option<PathBuf>,
    /// What was taken over from it; nothing where it could not be read.
    pub taken_over: Option<TakenOver>,
}

/// Puts a copy back as the database of `folder`, where no relay may be running. What was there is kept
/// beside it. No invite of the copy is good any more, and what the database that was there had purged,
/// revoked and taken away stays so.
pub fn restore(copy_of: &Path, folder: &Path) -> Result<Restored, StoreError> {
    make_folder(folder)?;
    let path = folder.join(FILE);
    let unfinished = path.with_extension("unfinished");
    let restored = copy(copy_of, &unfinished).and_then(|()| {
        let is_there = path.exists();
        if is_there {
            settle(&path)?;
        }
        let decisions = Decisions::of(&path).ok().filter(|_| is_there);
        let taken_over = bring_forward(&unfinished, decisions.as_ref())?;
        finish(&unfinished)?;
        let aside = is_there.then(|| aside(&path)).transpose()?;
        place(&unfinished, &path)?;
        Ok(Restored { aside, taken_over: decisions.map(|_| taken_over) })
    });
    if restored.is_err() {
        fs::remove_file(&unfinished).ok();
    }
    restored
}

/// What lies in a data folder of databases that a restored one took the place of.
pub fn left_aside(folder: &Path) -> Result<Vec<PathBuf>, io::Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_stem() == Path::new(FILE).file_stem() && numbered(&path) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn numbered(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.to_string_lossy().starts_with(BEFORE))
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
    finish(to)
}

/// A copy counts when it is whole and on the disk.
fn finish(path: &Path) -> Result<(), StoreError> {
    check(path)?;
    File::open(path)?.sync_all()?;
    Ok(())
}

/// Moves a finished file to its place, and waits until the folder knows.
fn place(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Folds a database's log into it, which nobody can do while somebody else has it open. What is too
/// damaged for that is left as it lies.
fn settle(path: &Path) -> Result<(), StoreError> {
    match Connection::open(path).and_then(|connection| fold(&connection)) {
        Ok(false) => Err(StoreError::InUse),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Err(StoreError::InUse),
        Ok(true) | Err(_) => Ok(()),
    }
}

/// Keeps what was the database under the first name that is free.
fn aside(path: &Path) -> Result<PathBuf, StoreError> {
    let free = (1..).map(|number| path.with_extension(format!("{BEFORE}{number}"))).find(|path| !path.exists());
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

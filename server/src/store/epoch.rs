//! The epoch: a name that a database loses when it is restored from a copy, so that devices send
//! again what the copy does not have and readers fetch the whole edition.
//!
//! Two signs of a restored copy. The database file has another inode than the one it remembers: it
//! was copied into place. Or a small file beside it has seen more commits than the database has: the
//! file was overwritten. A false alarm costs some bytes; a missed one would cost edits.

use super::StoreError;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use shared::ids::hex;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The epoch of the database at `path`; a new one when it was restored.
pub(super) fn current(connection: &mut Connection, path: &Path) -> Result<String, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let setting = |name: &str| {
        let query = "SELECT value FROM setting WHERE name = ?1";
        transaction.query_row(query, [name], |row| row.get::<_, String>(0)).optional()
    };
    let file = identity(path)?;
    let commits = setting("commits")?.and_then(|value| value.parse::<u64>().ok()).unwrap_or_default();
    let seen = Watermark::beside(path).read();
    let same_file = setting("file")?.is_some_and(|known| known == file);
    let epoch = match setting("epoch")? {
        Some(epoch) if same_file && seen <= commits => epoch,
        _ => new_epoch()?,
    };
    let keep = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
    transaction.execute(keep, ["file", &file])?;
    transaction.execute(keep, ["epoch", &epoch])?;
    transaction.execute(keep, ["commits", &commits.max(seen).to_string()])?;
    transaction.commit()?;
    Ok(epoch)
}

fn new_epoch() -> Result<String, StoreError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(std::io::Error::from)?;
    Ok(hex(&bytes))
}

#[cfg(unix)]
fn identity(path: &Path) -> Result<String, StoreError> {
    use std::os::unix::fs::MetadataExt;
    Ok(format!("inode {}", std::fs::metadata(path)?.ino()))
}

#[cfg(not(unix))]
fn identity(_path: &Path) -> Result<String, StoreError> {
    Ok("not known on this system".to_owned())
}

/// The file beside the database that remembers how many commits there were. Written without haste:
/// it only has to outlive the database being replaced.
pub(super) struct Watermark(PathBuf);

impl Watermark {
    pub(super) fn beside(database: &Path) -> Watermark {
        Watermark(database.with_extension("commits"))
    }

    fn read(&self) -> u64 {
        std::fs::read_to_string(&self.0).ok().and_then(|text| text.trim().parse().ok()).unwrap_or_default()
    }

    pub(super) fn open(&self) -> Result<File, std::io::Error> {
        OpenOptions::new().create(true).write(true).truncate(false).open(&self.0)
    }
}

/// Notes `commits` in the open file, always as many digits, so that no older number shows behind.
pub(super) fn note(file: &mut File, commits: u64) -> Result<(), std::io::Error> {
    file.seek(SeekFrom::Start(0))?;
    file.write_all(format!("{commits:020}\n").as_bytes())
}

//! A guide's file of vector tiles (PMTiles, version 3), from which phones draw the streets. It lies in
//! the data folder under a name that says whose and which it is, and is sent as it is: whole, or the
//! pieces that a phone asks for. It is public; the guide's documents and editions know nothing of it.

use sha2::{Digest, Sha256};
use shared::ids::{GuideId, hex};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// In the data folder.
const FOLDER: &str = "streets";
const EXTENSION: &str = ".pmtiles";
/// Of the content's SHA-256, enough to tell two files of a guide apart.
const HASH_BYTES: usize = 8;
/// The fixed head of such a file: <https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md>.
const HEAD_BYTES: usize = 127;
const MAGIC: &[u8; 8] = b"PMTiles\x03";
/// Where the head says what its tiles are, and what it says of vector tiles.
const TILE_TYPE_AT: usize = 99;
const VECTOR: u8 = 1;

#[derive(Debug, Error)]
pub enum StreetsError {
    #[error("{path} cannot be read: {error}", path = path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("{path} is not a PMTiles file of version 3; `pmtiles convert` makes one", path = path.display())]
    NotPmtiles { path: PathBuf },
    #[error("{path} holds pictures: the streets are drawn from vector tiles (MVT)", path = path.display())]
    NotVector { path: PathBuf },
    #[error("the data folder: {0}")]
    Folder(#[from] io::Error),
}

/// A file that phones may fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Streets {
    pub name: String,
    pub bytes: u64,
}

/// The tiles of `guide`, if it has any.
pub fn find(data: &Path, guide: &GuideId) -> io::Result<Option<Streets>> {
    let Some(name) = names(data, guide)?.pop() else { return Ok(None) };
    let bytes = fs::metadata(folder(data).join(&name))?.len();
    Ok(Some(Streets { name, bytes }))
}

/// Where a file of this name lies; none for names that no such file has.
pub fn path(data: &Path, name: &str) -> Option<PathBuf> {
    let (guide, _) = name.strip_suffix(EXTENSION)?.rsplit_once('.')?;
    let guide: GuideId = guide.parse().ok()?;
    is_of(name, &guide).then(|| folder(data).join(name))
}

/// Copies `file` into the data folder as the tiles of `guide`, in place of those it had.
pub fn install(data: &Path, guide: &GuideId, file: &Path) -> Result<Streets, StreetsError> {
    let read = |error| StreetsError::Read { path: file.to_owned(), error };
    let mut from = File::open(file).map_err(read)?;
    let mut head = [0; HEAD_BYTES];
    let is_long_enough = from.read_exact(&mut head).is_ok();
    if !is_long_enough || !head.starts_with(MAGIC) {
        return Err(StreetsError::NotPmtiles { path: file.to_owned() });
    }
    if head[TILE_TYPE_AT] != VECTOR {
        return Err(StreetsError::NotVector { path: file.to_owned() });
    }
    fs::create_dir_all(folder(data))?;
    // Under a name that is nobody's until all of it is on the disk.
    let unfinished = folder(data).join(format!("{guide}.unfinished"));
    let (mut to, mut digest, mut bytes) = (File::create(&unfinished)?, Sha256::new(), 0);
    let (mut chunk, mut filled) = (vec![0; 1 << 20], HEAD_BYTES);
    chunk[..HEAD_BYTES].copy_from_slice(&head);
    while filled > 0 {
        digest.update(&chunk[..filled]);
        to.write_all(&chunk[..filled])?;
        bytes += filled as u64;
        filled = from.read(&mut chunk).map_err(read)?;
    }
    to.sync_all()?;
    let name = format!("{guide}.{}{EXTENSION}", hex(&digest.finalize()[..HASH_BYTES]));
    fs::rename(&unfinished, folder(data).join(&name))?;
    remove_but(data, guide, &name)?;
    Ok(Streets { name, bytes })
}

/// Takes the tiles of `guide` away; whether there were any.
pub fn remove(data: &Path, guide: &GuideId) -> io::Result<bool> {
    remove_but(data, guide, "")
}

fn remove_but(data: &Path, guide: &GuideId, kept: &str) -> io::Result<bool> {
    let mut old = names(data, guide)?;
    old.retain(|name| name != kept);
    for name in &old {
        fs::remove_file(folder(data).join(name))?;
    }
    Ok(!old.is_empty())
}

/// The files of `guide`: one, or two while one is put in the other's place.
fn names(data: &Path, guide: &GuideId) -> io::Result<Vec<String>> {
    let listed = match fs::read_dir(folder(data)) {
        Ok(listed) => listed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let names = listed.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let names: io::Result<Vec<String>> = names.collect();
    Ok(names?.into_iter().filter(|name| is_of(name, guide)).collect())
}

fn folder(data: &Path) -> PathBuf {
    data.join(FOLDER)
}

/// `GUIDE.HASH.pmtiles`; a guide's name has no dot.
fn is_of(name: &str, guide: &GuideId) -> bool {
    let hash = name.strip_suffix(EXTENSION).and_then(|name| name.strip_prefix(guide.as_str())?.strip_prefix('.'));
    hash.is_some_and(|hash| hash.len() == 2 * HASH_BYTES && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

//! Writes the site to disk. A file is replaced in one step and only when its content changed, so
//! that a relay may read while this writes, and cargo sees no change where there is none.

use crate::failure::{Result, While};
use crate::workspace;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

const BROTLI_QUALITY: u32 = 11;
const BROTLI_WINDOW: u32 = 22;
const BROTLI_BUFFER_BYTES: usize = 64 * 1024;

/// Images and fonts are compressed already.
fn is_compressible(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("js" | "wasm" | "css" | "svg" | "json" | "webmanifest" | "txt"))
}

pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    let beside = path.with_added_extension("new");
    fs::write(&beside, bytes).while_(|| workspace::shown(&beside))?;
    fs::rename(&beside, path).while_(|| workspace::shown(path))
}

/// Writes `.br` and `.gz` beside each file that gains by it, on all cores.
pub fn compress(files: &[PathBuf]) -> Result<()> {
    let mut waiting: Vec<_> = files.iter().filter(|path| is_compressible(path)).filter_map(with_size).collect();
    waiting.sort_by_key(|(size, _)| *size);
    let waiting = Mutex::new(waiting);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(|| compress_waiting(&waiting))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("compressing does not panic"))
    })
}

fn with_size(path: &PathBuf) -> Option<(u64, PathBuf)> {
    Some((fs::metadata(path).ok()?.len(), path.clone()))
}

/// Takes the largest file that waits until none does.
fn compress_waiting(waiting: &Mutex<Vec<(u64, PathBuf)>>) -> Result<()> {
    while let Some((_, path)) = waiting.lock().expect("no worker panics").pop() {
        compress_file(&path)?;
    }
    Ok(())
}

/// A hashed name with a compressed file beside it has been here before. `sw.js` keeps its name
/// and is small: always done again.
fn compress_file(path: &Path) -> Result<()> {
    let (br, gz) = (path.with_added_extension("br"), path.with_added_extension("gz"));
    let is_hashed = path.parent().is_some_and(|folder| folder.ends_with("assets"));
    if is_hashed && br.exists() && gz.exists() {
        return Ok(());
    }
    let bytes = fs::read(path).while_(|| workspace::shown(path))?;
    write(&br, &brotli(&bytes)?)?;
    write(&gz, &gzip(&bytes)?)
}

pub fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, BROTLI_BUFFER_BYTES, BROTLI_QUALITY, BROTLI_WINDOW);
    writer.write_all(bytes).while_(|| "brotli".into())?;
    drop(writer);
    Ok(out)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    writer.write_all(bytes).while_(|| "gzip".into())?;
    writer.finish().while_(|| "gzip".into())
}

/// Removes what an earlier build left: everything in the folder that is not one of these or the
/// compressed form of one.
pub fn remove_others(folder: &Path, keep: &[PathBuf]) -> Result<()> {
    let keep: BTreeSet<&Path> = keep.iter().map(PathBuf::as_path).collect();
    for entry in fs::read_dir(folder).while_(|| workspace::shown(folder))?.flatten() {
        let path = entry.path();
        let plain = match path.extension().and_then(|extension| extension.to_str()) {
            Some("br" | "gz") => path.with_extension(""),
            _ => path.clone(),
        };
        if path.is_file() && !keep.contains(plain.as_path()) {
            fs::remove_file(&path).while_(|| workspace::shown(&path))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn both_compressed_forms_give_the_content_back() {
        let bytes = b"a guide, read offline. ".repeat(100);
        let (mut from_br, mut from_gz) = (Vec::new(), Vec::new());
        let br = brotli(&bytes).expect("memory can be written");
        let gz = gzip(&bytes).expect("memory can be written");
        brotli::Decompressor::new(&br[..], 4096).read_to_end(&mut from_br).expect("what brotli wrote");
        flate2::read::GzDecoder::new(&gz[..]).read_to_end(&mut from_gz).expect("what gzip wrote");
        assert!(from_br == bytes && from_gz == bytes);
        assert!(br.len() < bytes.len() / 10);
    }
}

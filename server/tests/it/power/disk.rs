//! A disk that has what was waited for, and perhaps more: of what was written since, each sector may be
//! there or not.

use super::trace::Event;
use rand::Rng;
use rand::rngs::SmallRng;
use std::collections::BTreeMap;
use std::fs;
use std::io::Result;
use std::path::Path;

/// What a disk writes at once or not at all.
const SECTOR: usize = 512;

#[derive(Debug, Clone, Default)]
struct File {
    /// What is certainly there.
    bytes: Vec<u8>,
    /// What was written or cut since the last wait, in order.
    since: Vec<Event>,
}

#[derive(Debug, Clone, Default)]
pub struct Disk(BTreeMap<String, File>);

impl Disk {
    /// The files of a folder, as things are when the power has been on for long.
    pub fn of(folder: &Path) -> Result<Disk> {
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                let file = File { bytes: fs::read(entry.path())?, since: Vec::new() };
                files.insert(entry.file_name().to_string_lossy().into_owned(), file);
            }
        }
        Ok(Disk(files))
    }

    pub fn note(&mut self, event: &Event) {
        match event {
            Event::Written { file, .. } | Event::Cut { file, .. } => {
                self.0.entry(file.clone()).or_default().since.push(event.clone());
            }
            Event::Synced(file) => {
                if let Some(file) = self.0.get_mut(file) {
                    for event in std::mem::take(&mut file.since) {
                        apply(&mut file.bytes, &event, &mut |_| true);
                    }
                }
            }
            Event::Removed(file) => drop(self.0.remove(file)),
            Event::Acknowledged(_) => {}
        }
    }

    /// The power is cut: puts what is left into `folder`.
    pub fn cut(&self, rng: &mut SmallRng, folder: &Path) -> Result<()> {
        for entry in fs::read_dir(folder)? {
            fs::remove_file(entry?.path())?;
        }
        for (name, file) in self.0.iter().filter(|(name, _)| !name.ends_with("-shm")) {
            fs::write(folder.join(name), file.left(rng))?;
        }
        Ok(())
    }
}

impl File {
    /// One of what may be left: nothing of what was not waited for, all of it, all up to some write, or
    /// any sectors of it.
    fn left(&self, rng: &mut SmallRng) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        let how = rng.random_range(0..4);
        let until = match how {
            0 => 0,
            1 => self.since.len(),
            _ => rng.random_range(0..=self.since.len()),
        };
        for event in &self.since[..until] {
            apply(&mut bytes, event, &mut |_| how < 3 || rng.random());
        }
        bytes
    }
}

/// Does to `bytes` what was done to the file, for the sectors that `arrived`.
fn apply(bytes: &mut Vec<u8>, event: &Event, arrived: &mut impl FnMut(usize) -> bool) {
    match event {
        Event::Written { at, bytes: written, .. } => {
            let at = usize::try_from(*at).expect("files are small");
            let mut from = 0;
            while from < written.len() {
                let sector = (at + from) / SECTOR;
                let until = ((sector + 1) * SECTOR - at).min(written.len());
                if arrived(sector) {
                    let end = at + until;
                    if bytes.len() < end {
                        bytes.resize(end, 0);
                    }
                    bytes[at + from..end].copy_from_slice(&written[from..until]);
                }
                from = until;
            }
        }
        Event::Cut { length, .. } if arrived(0) => bytes.resize(usize::try_from(*length).expect("files are small"), 0),
        _ => {}
    }
}

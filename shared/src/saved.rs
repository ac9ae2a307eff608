//! The places that a person saved, in folders. They stay on the phone: no relay ever sees them. What
//! is saved is a place's id; its content is in the copy of the guide, where it is kept right.
//!
//! Written as lines of id, folder and name with tabs between them, in the order in which places were
//! saved: a page that only saves needs no parser.

use crate::ids::RecordId;

/// Characters of a folder's name.
pub const FOLDER_CHARS_MAX: usize = 40;

/// What stands for what is saved until it was read: until then nothing can be said of it, and changing
/// it might undo what it says.
pub const NOT_READ: &str = "?";

/// What is saved, where it cannot be read from anywhere.
pub fn read(saved: &str) -> String {
    if saved == NOT_READ { String::new() } else { saved.to_owned() }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedPlace {
    pub record: RecordId,
    /// "For Monday"; empty for a place in no folder.
    pub folder: String,
    /// As it was called: for a place that is no longer in the guide; [`NO_NAME`] for one that may be purged.
    pub name: String,
}

/// The line that saves a place, or puts a saved one into another folder.
pub fn put(record: RecordId, folder: &str, name: &str) -> String {
    let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    let folder: String = plain(folder).trim().chars().take(FOLDER_CHARS_MAX).collect();
    format!("{record}\t{folder}\t{}", plain(name))
}

/// The line that takes a place from what is saved.
pub fn remove(record: RecordId) -> String {
    record.to_string()
}

/// What brings a place back, once it is removed from what is `saved`, to where it is there: its line, and the
/// id of the place behind it.
pub fn restore(saved: &str, record: RecordId) -> String {
    let id = record.to_string();
    let mut lines = saved.lines().skip_while(|line| !line.starts_with(&id));
    let line = lines.next().unwrap_or_default();
    let behind = lines.next().and_then(|line| line.split('\t').next()).unwrap_or_default();
    format!("{line}\n{behind}")
}

/// What stands for the name of a place that the guide no longer has, and may have purged.
pub const NO_NAME: &str = "—";

/// What is saved, without the names of places that are not there any more.
pub fn unnamed(saved: &str, is_there: impl Fn(RecordId) -> bool) -> String {
    let gone = places(saved).into_iter().filter(|place| !is_there(place.record));
    gone.fold(saved.to_owned(), |saved, place| changed(&saved, &put(place.record, &place.folder, NO_NAME)))
}

pub fn holds(saved: &str, record: RecordId) -> bool {
    let id = record.to_string();
    saved.lines().any(|line| line.starts_with(&id))
}

/// What is saved after [`put`], [`remove`] or [`restore`].
pub fn changed(saved: &str, change: &str) -> String {
    let (change, behind) = change.split_once('\n').unwrap_or((change, ""));
    let id = change.split('\t').next().unwrap_or_default();
    // Every line begins with nothing.
    if id.is_empty() {
        return saved.to_owned();
    }
    let mut put = (id.len() < change.len()).then_some(change);
    let mut lines: Vec<&str> = Vec::new();
    for line in saved.lines() {
        let (own, next) = (line.starts_with(id), !behind.is_empty() && line.starts_with(behind));
        lines.extend(put.take_if(|_| own || next));
        if !own {
            lines.push(line);
        }
    }
    lines.extend(put);
    lines.join("\n")
}

/// In the order in which they were saved; lines that cannot be read are passed over.
pub fn places(saved: &str) -> Vec<SavedPlace> {
    let place = |line: &str| {
        let mut parts = line.splitn(3, '\t');
        let mut part = || parts.next().unwrap_or_default().to_owned();
        Some(SavedPlace { record: part().parse().ok()?, folder: part(), name: part() })
    };
    saved.lines().filter_map(place).collect()
}

/// The folders that hold something, in the order of their names; places in none come first.
pub fn folders(places: &[SavedPlace]) -> Vec<&str> {
    let mut names: Vec<&str> = places.iter().map(|place| place.folder.as_str()).collect();
    crate::order::sort_by_key(&mut names, |name| *name);
    names.dedup();
    names
}

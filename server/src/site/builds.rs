//! The files of the last builds, kept in the data folder: `builds/BUILD/FILE`. A new relay is
//! started over an old one; phones that loaded the old app an hour ago ask for its files.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::io::Result;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// This build and the two before.
const BUILDS_KEPT: usize = 3;

/// Written at each start: its age says which builds are the last.
const STARTED: &str = "started";

/// The files of older builds by name.
#[derive(Debug, Default)]
pub struct Builds {
    files: HashMap<String, PathBuf>,
}

impl Builds {
    pub fn read(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        fs::read(self.files.get(name)?).ok().map(Cow::Owned)
    }
}

/// The build that started last.
pub fn last(folder: &Path) -> Result<Option<String>> {
    if !folder.is_dir() {
        return Ok(None);
    }
    let newest = started(folder)?.into_iter().max_by_key(|(time, _)| *time);
    Ok(newest.and_then(|(_, path)| Some(path.file_name()?.to_str()?.to_owned())))
}

/// Writes this build's files unless they are there, removes the builds that are too old, and
/// lists what the remaining ones hold.
pub fn keep(folder: &Path, build: &str, files: impl Iterator<Item = (Cow<'static, [u8]>, String)>) -> Result<Builds> {
    fs::create_dir_all(folder)?;
    if !build.is_empty() && build != "none" {
        write(folder, build, files)?;
    }
    let mut builds = started(folder)?;
    builds.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    for (_, old) in builds.drain(BUILDS_KEPT.min(builds.len())..) {
        fs::remove_dir_all(old)?;
    }
    list(builds.into_iter().map(|(_, path)| path))
}

/// A build's folder appears whole or not at all.
fn write(folder: &Path, build: &str, files: impl Iterator<Item = (Cow<'static, [u8]>, String)>) -> Result<()> {
    let place = folder.join(build);
    if !place.is_dir() {
        let beside = folder.join(format!("{build}.new"));
        if beside.exists() {
            fs::remove_dir_all(&beside)?;
        }
        fs::create_dir(&beside)?;
        for (bytes, name) in files {
            fs::write(beside.join(name), bytes)?;
        }
        fs::rename(&beside, &place)?;
    }
    fs::write(place.join(STARTED), "")
}

/// The builds with the time of their last start. What another start left half written is not one.
fn started(folder: &Path) -> Result<Vec<(SystemTime, PathBuf)>> {
    let mut builds = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if let Ok(mark) = fs::metadata(path.join(STARTED)) {
            builds.push((mark.modified()?, path));
        }
    }
    Ok(builds)
}

fn list(builds: impl Iterator<Item = PathBuf>) -> Result<Builds> {
    let mut files = HashMap::new();
    for build in builds {
        for entry in fs::read_dir(build)? {
            let entry = entry?;
            if let Ok(name) = entry.file_name().into_string()
                && name != STARTED
            {
                files.entry(name).or_insert_with(|| entry.path());
            }
        }
    }
    Ok(Builds { files })
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use std::time::Duration;

    /// Makes every build an hour older.
    pub fn age(folder: &Path) -> Result<()> {
        for (time, path) in started(folder)? {
            fs::File::options().write(true).open(path.join(STARTED))?.set_modified(time - Duration::from_secs(3600))?;
        }
        Ok(())
    }

    #[test]
    fn what_a_killed_start_left_is_replaced() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join("b1.new"))?;
        fs::write(folder.path().join("b1.new/half"), "")?;
        let files = [(Cow::Borrowed(&b"a"[..]), "a.css".to_owned())];
        let builds = keep(folder.path(), "b1", files.into_iter())?;
        assert_eq!(builds.read("a.css").as_deref(), Some(&b"a"[..]));
        assert_eq!(builds.read("half"), None);
        assert!(!folder.path().join("b1.new").exists());
        Ok(())
    }
}

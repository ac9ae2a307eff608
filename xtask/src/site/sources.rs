//! What the site is made of besides the two programs: stylesheet, icons, texts, and `public/`.

use super::references::Files;
use super::{Mode, script, sprite, style};
use crate::failure::{Failure, Result, While};
use crate::workspace;
use std::path::{Path, PathBuf};

/// A development build's pages ask whether there is a newer one.
const RELOAD: &str = include_str!("reload.js");

/// The one part of the stylesheet that readers never need: a file of its own.
const MEMBERS_STYLE: &str = "desk.css";

/// The folders whose files are read.
const FOLDERS: [&str; 3] = ["app/style", "app/locales", "public"];

pub fn gather(mode: Mode) -> Result<Files> {
    let [styles, locales, public] = FOLDERS.map(|folder| workspace::root().join(folder));
    let mut files = Files::from([
        ("app.css".to_owned(), stylesheet(&styles, |name| name != MEMBERS_STYLE)?.into_bytes()),
        (MEMBERS_STYLE.to_owned(), stylesheet(&styles, |name| name == MEMBERS_STYLE)?.into_bytes()),
        ("icons.svg".to_owned(), sprite::svg()?.into_bytes()),
    ]);
    for name in names(&locales, ".json")? {
        // Other words for categories travel with the rest.
        let also = locales.join("also").join(&name);
        let parts = [Some(locales.join(&name)), also.is_file().then_some(also)];
        files.insert(format!("locale-{name}"), locale(parts.into_iter().flatten())?);
    }
    // What members' pages say besides.
    let members = locales.join("desk");
    for name in names(&members, ".json")? {
        files.insert(format!("locale-desk-{name}"), locale([members.join(name)])?);
    }
    for name in names(&public, "")? {
        files.insert(name.clone(), public_file(&public.join(&name), &name, mode)?);
    }
    Ok(files)
}

fn stylesheet(folder: &Path, of: impl Fn(&str) -> bool) -> Result<String> {
    let mut parts = names(folder, ".css")?;
    parts.retain(|name| of(name));
    style::order(&mut parts);
    let parts: Vec<String> = parts.iter().map(|name| text(&folder.join(name))).collect::<Result<_>>()?;
    Ok(style::minify(&parts.join("\n")))
}

/// The words of several files as one object, without idle white space.
fn locale(paths: impl IntoIterator<Item = PathBuf>) -> Result<Vec<u8>> {
    let mut words = serde_json::Map::new();
    for path in paths {
        let part: serde_json::Map<_, _> = serde_json::from_str(&text(&path)?).while_(|| workspace::shown(&path))?;
        words.extend(part);
    }
    serde_json::to_vec(&words).while_(|| "the words of a language".into())
}

fn public_file(path: &Path, name: &str, mode: Mode) -> Result<Vec<u8>> {
    match name.rsplit_once('.') {
        Some((_, "js")) => {
            let script = if mode == Mode::Dev && name == "boot.js" { text(path)? + RELOAD } else { text(path)? };
            Ok(script::minify(&script).into_bytes())
        }
        Some(_) => std::fs::read(path).while_(|| workspace::shown(path)),
        None => Err(Failure::new(format!("{} has no extension: the relay would not know its type", workspace::shown(path)))),
    }
}

fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).while_(|| workspace::shown(path))
}

/// The visible files of a folder with this ending, sorted. A folder that isn't there holds none.
fn names(folder: &Path, end: &str) -> Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).while_(|| workspace::shown(folder))?;
    let files = entries.flatten().filter(|entry| entry.path().is_file());
    let mut names: Vec<String> = files.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| name.ends_with(end) && !name.starts_with('.'));
    names.sort();
    Ok(names)
}

//! What draws the street map: Leaflet and protomaps-leaflet, bundled from npm into one script and one
//! stylesheet. The only foreign scripts of the site, loaded by who asks for streets and nobody else.
//! Where there is no npm the site is built without them, and offers no streets.

use super::references::Files;
use crate::failure::{Result, While};
use crate::program::{self, run};
use crate::workspace;
use std::fs;
use std::path::Path;

const FOLDER: &str = "app/streets";
const PACKAGES: [&str; 2] = ["package.json", "package-lock.json"];
const SOURCES: [&str; 3] = ["build.js", "streets.css", "tiles.js"];
const BUILT: [&str; 2] = ["tiles.js", "tiles.css"];
/// Offers what is bundled here.
pub const OFFER: &str = "streets.js";

/// The bundle; nothing where it cannot be made.
pub fn bundle() -> Result<Files> {
    if program::on_path("npm").is_none() {
        eprintln!("no npm here: this site is built without the street map");
        return Ok(Files::new());
    }
    let (from, to) = (workspace::root().join(FOLDER), workspace::target().join("streets"));
    fs::create_dir_all(&to).while_(|| workspace::shown(&to))?;
    let changed = |name: &str| -> Result<bool> {
        let wanted = fs::read(from.join(name)).while_(|| name.to_owned())?;
        let present = fs::read(to.join(name)).ok();
        Ok(present.as_ref() != Some(&wanted))
    };
    let mut stale = false;
    for name in PACKAGES.iter().chain(&SOURCES) {
        stale |= changed(name)?;
    }
    if stale || BUILT.iter().any(|name| !to.join("built").join(name).is_file()) {
        build(&from, &to)?;
    }
    let read = |name: &&str| {
        let path = to.join("built").join(name);
        Ok(((*name).to_owned(), fs::read(&path).while_(|| workspace::shown(&path))?))
    };
    BUILT.iter().map(read).collect()
}

fn build(from: &Path, to: &Path) -> Result<()> {
    let npm = |words: &[&str]| {
        let mut npm = program::in_workspace("npm");
        npm.args(words).current_dir(to);
        run(&mut npm)
    };
    let copy = |name: &&str| fs::copy(from.join(name), to.join(name)).map(drop).while_(|| (*name).to_owned());
    PACKAGES.iter().try_for_each(copy)?;
    // Packages bring code for the phone, and none that runs here but the bundler.
    npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])?;
    // Copied last, and taken away by a failure: what was broken off is built again.
    SOURCES.iter().try_for_each(copy)?;
    npm(&["run", "--silent", "build"]).inspect_err(|_| drop(fs::remove_file(to.join(SOURCES[0]))))
}

//! Builds the site: everything a browser loads besides the pages themselves. Sources and the two
//! WASM programs go in; `target/site` comes out, with hashed names, precompressed, and `site.json`
//! that tells the relay what is called how. Knows nothing of the relay.

mod names;
pub mod output;
mod programs;
mod references;
mod script;
mod sources;
mod split;
mod sprite;
mod streets;
mod style;

use crate::failure::{Failure, Result, While};
use crate::workspace;
use references::{Asset, Files};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

pub use programs::{CONTRACT, PROGRAMS, TARGET, ensure_target};

/// What a reader needs to start with no network, beside the address `/shell`.
const CORE: [&str; 7] = ["aloud.js", "app.js", "app.wasm", "boot.js", "icons.svg", "split.js", "wipe.js"];
/// What only members load.
const MEMBER: [&str; 9] =
    ["desk.css", "desk.js", "desk.wasm", "hours.js", "hours.wasm", "replica.js", "replica.wasm", "vault.js", "worker.js"];
/// On no list: the relay writes the readers' stylesheet into every page, which saves a journey.
const WITHIN_PAGES: &str = "app.css";
/// On no list either: for the browser's offer to install, which fetches them itself.
const OFFERED: &str = "screenshot-";
/// The service worker keeps its name: its address is what browsers compare.
const SERVICE_WORKER: &str = "sw.js";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Small: what people get.
    Release,
    /// Quick to build, not compressed, reloads by itself.
    Dev,
}

impl Mode {
    pub fn folder(self) -> PathBuf {
        // Not under CARGO_TARGET_DIR: the relay embeds the folder by its place in the checkout.
        workspace::root().join(match self {
            Mode::Release => "target/site",
            Mode::Dev => "target/site-dev",
        })
    }

    pub fn wasm_profile(self) -> &'static str {
        match self {
            Mode::Release => "wasm",
            Mode::Dev => "wasm-dev",
        }
    }
}

/// What `site.json` says.
pub struct Manifest {
    pub build: String,
    pub files: BTreeMap<String, String>,
    pub core: Vec<String>,
    pub member: Vec<String>,
    pub rest: Vec<String>,
}

/// Whether the build wrote anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Written,
    Unchanged,
}

pub fn build(mode: Mode) -> Result<Outcome> {
    let folder = mode.folder();
    fs::create_dir_all(folder.join("assets")).while_(|| workspace::shown(&folder))?;
    let _lock = lock(&folder)?;

    ensure_target()?;
    eprintln!("[1/4] the programs for the browser (WASM): readers' pages, members' pages, their replica, hours");
    let compiled = programs::compile(mode, &PROGRAMS.map(|(_, package)| package))?;
    let compiled = compiled.iter().map(|path| fs::read(path).while_(|| workspace::shown(path)));
    let compiled = compiled.collect::<Result<Vec<_>>>()?;
    let mut files = sources::gather(mode)?;
    let streets = streets::bundle()?;
    if streets.is_empty() {
        files.remove(streets::OFFER);
    }
    files.extend(streets);

    let inputs = inputs(&files, &compiled);
    let stamp = folder.with_added_extension("inputs");
    if fs::read_to_string(&stamp).is_ok_and(|old| old == inputs) && folder.join("site.json").is_file() {
        eprintln!("site: unchanged ({})", workspace::shown(&folder));
        return Ok(Outcome::Unchanged);
    }
    assemble(mode, files, compiled)?;
    output::write(&stamp, inputs.as_bytes())?;
    eprintln!("site: written to {}", workspace::shown(&folder));
    Ok(Outcome::Written)
}

/// Builds the program that checks IndexedDB and gives the folder with its `contract.js` and
/// `contract.wasm`.
pub fn contract() -> Result<PathBuf> {
    let folder = workspace::target().join(CONTRACT);
    fs::create_dir_all(&folder).while_(|| workspace::shown(&folder))?;
    for wasm in programs::compile(Mode::Release, &[CONTRACT])? {
        let wasm = fs::read(&wasm).while_(|| workspace::shown(&wasm))?;
        for (name, content) in programs::bind(CONTRACT, wasm)? {
            output::write(&folder.join(name), &content)?;
        }
    }
    Ok(folder)
}

/// One builder at a time; the lock ends with the process.
fn lock(folder: &Path) -> Result<File> {
    let path = folder.with_added_extension("lock");
    let file = File::create(&path).while_(|| workspace::shown(&path))?;
    if file.try_lock().is_err() {
        eprintln!("waiting for another build of {}", workspace::shown(folder));
        file.lock().while_(|| workspace::shown(&path))?;
    }
    Ok(file)
}

/// A fingerprint of everything the site is made from, this tool included.
fn inputs(files: &Files, programs: &[Vec<u8>]) -> String {
    let programs: Vec<String> = programs.iter().map(|wasm| references::hash(wasm)).collect();
    format!("{} {} {}\n", env!("XTASK_FINGERPRINT"), references::hash_all(files), programs.join(" "))
}

fn assemble(mode: Mode, mut files: Files, compiled: Vec<Vec<u8>>) -> Result<()> {
    eprintln!("[2/4] their JavaScript (wasm-bindgen)");
    for ((name, _), wasm) in PROGRAMS.into_iter().zip(compiled) {
        let (wasm, cut) = split::cut(name, wasm)?;
        let brought = programs::bind(name, wasm)?.into_iter().chain(cut);
        for (name, content) in brought {
            files.insert(name.clone(), if name.ends_with(".js") { minified(&name, content)? } else { content });
        }
    }

    eprintln!("[3/4] names and references");
    let build = references::hash_all(&files);
    let worker = files.remove(SERVICE_WORKER);
    let assets = references::resolve(&files, &build)?;
    let manifest = manifest(build, &assets)?;
    let mut written = write_assets(&mode.folder(), &assets)?;
    written.extend(write_service_worker(&mode.folder(), worker, &manifest)?);
    output::remove_others(&mode.folder().join("assets"), &written)?;

    if mode == Mode::Release {
        eprintln!("[4/4] compressing (brotli, gzip)");
        output::compress(&written)?;
    }
    // Last: whoever sees a new site.json finds every file it names.
    output::write(&mode.folder().join("site.json"), &manifest.json())
}

fn minified(name: &str, script: Vec<u8>) -> Result<Vec<u8>> {
    let script = String::from_utf8(script).while_(|| name.to_owned())?;
    Ok(script::minify(&script).into_bytes())
}

fn write_assets(folder: &Path, assets: &BTreeMap<String, Asset>) -> Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for asset in assets.values() {
        let path = folder.join(asset.path.trim_start_matches('/'));
        output::write(&path, &asset.bytes)?;
        written.push(path);
    }
    Ok(written)
}

fn write_service_worker(folder: &Path, template: Option<Vec<u8>>, manifest: &Manifest) -> Result<Option<PathBuf>> {
    let Some(template) = template else { return Ok(None) };
    let template = String::from_utf8(template).while_(|| SERVICE_WORKER.into())?;
    let path = folder.join(SERVICE_WORKER);
    output::write(&path, manifest.fill(&template)?.as_bytes())?;
    Ok(Some(path))
}

fn manifest(build: String, assets: &BTreeMap<String, Asset>) -> Result<Manifest> {
    let files: BTreeMap<String, String> = assets.iter().map(|(name, asset)| (name.clone(), asset.path.clone())).collect();
    let paths = |names: &[&str]| -> Result<Vec<String>> {
        let missing = |name: &str| Failure::new(format!("the site lacks {name}"));
        names.iter().map(|name| files.get(*name).cloned().ok_or_else(|| missing(name))).collect()
    };
    let mut core = vec!["/shell".to_owned()];
    core.extend(paths(&CORE)?);
    let member = paths(&MEMBER)?;
    let aside = |name: &str| name == WITHIN_PAGES || name.starts_with(OFFERED);
    let others = files.iter().filter(|(name, path)| !core.contains(path) && !member.contains(path) && !aside(name));
    let rest = others.map(|(_, path)| path.clone()).collect();
    Ok(Manifest { build, files, core, member, rest })
}

impl Manifest {
    fn json(&self) -> Vec<u8> {
        let Self { build, files, core, member, rest } = self;
        let manifest = json!({ "build": build, "files": files, "core": core, "member": member, "rest": rest });
        format!("{manifest:#}\n").into_bytes()
    }

    /// The service worker's lists: `{{core}}`, `{{member}}`, `{{rest}}` as JSON arrays, `{{build}}`
    /// and file names as bare text.
    fn fill(&self, template: &str) -> Result<String> {
        references::fill(template, |name| match name {
            "build" => Ok(self.build.clone()),
            "core" => Ok(json!(self.core).to_string()),
            "member" => Ok(json!(self.member).to_string()),
            "rest" => Ok(json!(self.rest).to_string()),
            _ => {
                let path = self.files.get(name).cloned();
                path.ok_or_else(|| {
                    Failure::new(format!("{SERVICE_WORKER} refers to {{{{{name}}}}}, but there is no such file in the site"))
                })
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets(names: &[&str]) -> BTreeMap<String, Asset> {
        let asset = |name: &str| Asset { path: references::hashed_path(name, b""), bytes: Vec::new() };
        names.iter().map(|name| ((*name).to_owned(), asset(name))).collect()
    }

    #[test]
    fn every_file_is_on_exactly_one_list_and_a_screenshot_on_none() {
        let names: Vec<&str> = CORE.into_iter().chain(MEMBER).chain(["locale-fr.json", "icon.png"]).collect();
        let with_screenshot: Vec<&str> = names.iter().copied().chain(["screenshot-home.png"]).collect();
        let manifest = manifest("b1".into(), &assets(&with_screenshot)).expect("nothing is missing");
        let listed: Vec<&String> = manifest.core.iter().chain(&manifest.member).chain(&manifest.rest).collect();
        assert_eq!(listed.len(), names.len() + 1, "/shell and each file once: {listed:?}");
        assert!(names.iter().all(|name| listed.contains(&&manifest.files[*name])));
        assert!(!listed.contains(&&manifest.files["screenshot-home.png"]), "it is in the site all the same");
        assert_eq!(manifest.core[0], "/shell");
        assert_eq!(manifest.rest.len(), 2);
    }

    #[test]
    fn a_missing_core_file_is_said() {
        let failure = manifest("b1".into(), &assets(&["aloud.js", "app.js"])).err().expect("most files are missing");
        assert_eq!(failure.to_string(), "the site lacks app.wasm");
    }

    #[test]
    fn the_service_worker_gets_its_lists_as_quoted_paths() {
        let names: Vec<&str> = CORE.into_iter().chain(MEMBER).collect();
        let manifest = manifest("b1".into(), &assets(&names)).expect("nothing is missing");
        let filled = manifest.fill("const CORE = {{core}}; const B = \"{{build}}\";").expect("both names exist");
        assert!(filled.starts_with("const CORE = [\"/shell\",\"/assets/aloud-"), "{filled}");
        assert!(filled.ends_with("const B = \"b1\";"), "{filled}");
    }
}

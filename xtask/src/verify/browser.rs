//! End-to-end tests: npm packages, a browser from wherever there is one, Playwright.

use crate::failure::{Failure, Result, While};
use crate::program::{in_workspace, on_path, run};
use crate::{site, workspace};
use std::path::PathBuf;
use std::process::Command;

/// Names a browser; looked at first, and what the tests start.
pub const BROWSER_VARIABLE: &str = "CHROMIUM_BIN";
/// Where the tests find the program that checks IndexedDB.
const CONTRACT_VARIABLE: &str = "SOCLE_CONTRACT";
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

pub fn test() -> Result<()> {
    for needed in ["node", "npm", "npx"] {
        if on_path(needed).is_none() {
            return Err(Failure::new(format!(
                "{needed} is missing: install Node.js 20 or newer (Debian: apt-get install nodejs npm)"
            )));
        }
    }
    if !folder().join("package.json").is_file() {
        return Err(Failure::new("e2e/package.json is missing"));
    }
    install_packages()?;
    let mut tests = npx();
    tests.args(["playwright", "test"]).env(CONTRACT_VARIABLE, site::contract()?);
    match browser()? {
        Some(browser) => run(tests.env(BROWSER_VARIABLE, browser)),
        None => run(&mut tests),
    }
}

fn folder() -> PathBuf {
    workspace::root().join("e2e")
}

fn npx() -> Command {
    let mut command = in_workspace("npx");
    command.current_dir(folder());
    command
}

/// `npm ci`, unless exactly these packages were installed before. Without the packages' own scripts:
/// none of them is needed, and some fetch from elsewhere or compile.
pub fn install_packages() -> Result<()> {
    let wanted = std::fs::read(folder().join("package-lock.json")).while_(|| "e2e/package-lock.json".into())?;
    let stamp = folder().join("node_modules/.installed-from");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut npm = in_workspace("npm");
    npm.current_dir(folder())
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    run(&mut npm)?;
    std::fs::write(&stamp, wanted).while_(|| workspace::shown(&stamp))
}

/// The browser to test in: named, on PATH, or (`None`) installed by Playwright for itself.
pub fn browser() -> Result<Option<PathBuf>> {
    if let Some(named) = std::env::var_os(BROWSER_VARIABLE).map(PathBuf::from) {
        let missing = || Failure::new(format!("{BROWSER_VARIABLE} names {}, which is not a file", named.display()));
        return if named.is_file() { Ok(Some(named)) } else { Err(missing()) };
    }
    if let Some(found) = BROWSERS.iter().find_map(|name| on_path(name)) {
        return Ok(Some(found));
    }
    eprintln!("no Chromium on PATH: Playwright fetches one");
    run(npx().args(["playwright", "install", "chromium"])).map_err(|failure| {
        Failure::new(format!(
            "no browser: {failure}\nInstall Chromium (Debian: apt-get install chromium) or name one in {BROWSER_VARIABLE}"
        ))
    })?;
    Ok(None)
}

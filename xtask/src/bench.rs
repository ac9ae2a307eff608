//! `cargo xtask bench`: what people wait for and what a relay takes, as a table for the README, and what
//! they download.
//!
//! It measures nothing itself: `server/examples/load` is the devices, `e2e/bench` the browser. Both
//! print one line of JSON per measurement; here they are started, and set beside what we aim at.

mod machine;
mod report;

use crate::budget;
use crate::failure::{Failure, Result, While};
use crate::program::{cargo, in_workspace, output, run};
use crate::verify::browser;
use crate::workspace;
use report::{Measurements, ROWS};
use std::fs;
use std::path::{Path, PathBuf};

/// The same places and edits in every run, so that runs compare.
const SEED: u64 = 1;
/// The parts that devices measure; `g` to `k` are the browser's.
const OF_DEVICES: &str = "abcdef";
const OF_BROWSER: &str = "ghijk";

struct Options {
    parts: String,
    seed: u64,
}

pub fn bench(arguments: &[&str]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let binary = binary()?;
    run(cargo().args(["build", "--release", "--package", "server", "--example", "load"]))?;
    let folder = workspace::target().join("bench-data");
    clear(&folder)?;
    fs::create_dir_all(&folder).while_(|| workspace::shown(&folder))?;

    let mut measurements = Measurements::default();
    measurements.read(&devices(&options, &binary, &folder)?)?;
    if options.parts.contains(|part| OF_BROWSER.contains(part)) {
        measurements.read(&in_browser(&options, &binary, &folder)?)?;
    }
    clear(&folder)?;
    println!("{}\n", machine::line(options.seed, measurements.text("browser")));
    println!("{}", report::table(&ROWS, &measurements));
    budget::check()
}

impl Options {
    fn parse(arguments: &[&str]) -> Result<Self> {
        let mut options = Self { parts: format!("{OF_DEVICES}{OF_BROWSER}"), seed: SEED };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| Failure::new(format!("{word} needs a value")))?;
            match *word {
                "--only" => options.parts = parts(value)?,
                "--seed" => options.seed = value.parse().while_(|| format!("--seed {value}"))?,
                _ => return Err(Failure::new(format!("`{word}` is not known: --only a,b,… or --seed N"))),
            }
        }
        Ok(options)
    }
}

/// `a,b` as `ab`.
fn parts(value: &str) -> Result<String> {
    let parts: String = value.split(',').map(str::trim).collect();
    match parts.chars().find(|part| !OF_DEVICES.contains(*part) && !OF_BROWSER.contains(*part)) {
        Some(part) => Err(Failure::new(format!("there is no part {part}: a to k"))),
        None => Ok(parts),
    }
}

/// The release relay, or the one that `SOCLE_BIN` names.
fn binary() -> Result<PathBuf> {
    let named = std::env::var_os("SOCLE_BIN").map(PathBuf::from);
    let binary = named.unwrap_or_else(|| workspace::target().join("release/socle"));
    match binary.is_file() {
        true => fs::canonicalize(&binary).while_(|| workspace::shown(&binary)),
        false => {
            Err(Failure::new(format!("{} is missing: run `cargo verify --only site,relay` first", workspace::shown(&binary))))
        }
    }
}

fn devices(options: &Options, binary: &Path, folder: &Path) -> Result<String> {
    let load = workspace::target().join("release/examples/load");
    let mut command = in_workspace(&load.to_string_lossy());
    output(command.arg(binary).arg(folder).args([&options.seed.to_string(), &options.parts]))
}

fn in_browser(options: &Options, binary: &Path, folder: &Path) -> Result<String> {
    browser::install_packages()?;
    eprintln!("a cheap phone …");
    let mut node = in_workspace("node");
    node.arg("e2e/bench/browser.mjs").env("SOCLE_BIN", binary).env("BENCH_FOLDER", folder);
    node.env("BENCH_PARTS", &options.parts);
    if let Some(browser) = browser::browser()? {
        node.env(browser::BROWSER_VARIABLE, browser);
    }
    output(&mut node)
}

fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).while_(|| workspace::shown(folder))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_chosen_by_letter() {
        assert_eq!(Options::parse(&[]).expect("all parts").parts, "abcdefghijk");
        let options = Options::parse(&["--only", "a,d", "--seed", "7"]).expect("two parts");
        assert_eq!((options.parts.as_str(), options.seed), ("ad", 7));
        assert!(Options::parse(&["--only", "a,x"]).is_err());
        assert!(Options::parse(&["--seed"]).is_err());
    }
}

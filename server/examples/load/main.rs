//! Devices that press on a relay and measure it: `load BINARY FOLDER SEED PARTS`, where PARTS are
//! letters of `cargo xtask bench`. Prints one line of JSON per measurement; what the numbers should
//! be is xtask's business. Leaves guides of 1,000 and 10,000 places in FOLDER for the browser's part.

mod device;
mod line;
mod places;
mod relay;
mod sharing;
mod throughput;
mod town;
mod watcher;

use serde_json::json;
use std::io::{Error, Result};
use std::path::Path;
use town::Town;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [binary, folder, seed, parts] = words.as_slice() else {
        return Err(Error::other("load BINARY FOLDER SEED PARTS"));
    };
    let seed = seed.parse().map_err(Error::other)?;
    run(Path::new(binary), Path::new(folder), seed, &|part| parts.contains(part))
}

fn run(binary: &Path, folder: &Path, seed: u64, wanted: &dyn Fn(char) -> bool) -> Result<()> {
    eprintln!("a guide of 1,000 places …");
    let mut town = Town::found(binary, &folder.join("places-1000"), 1_000, seed)?;
    // What only reads comes first: the browser's part finds these places again.
    if wanted('e') {
        throughput::pages(&town)?;
    }
    if wanted('a') {
        sharing::one_by_one(&mut town)?;
    }
    if wanted('b') {
        sharing::bytes(&mut town)?;
    }
    if wanted('c') {
        sharing::after_a_day_offline(&mut town)?;
    }
    if wanted('d') {
        throughput::batches(&mut town, folder)?;
    }
    drop(town);
    if wanted('f') || wanted('g') || wanted('i') {
        eprintln!("a guide of 10,000 places …");
        let town = Town::found(binary, &folder.join("places-10000"), 10_000, seed)?;
        if wanted('f') {
            throughput::memory(town)?;
        }
    }
    Ok(())
}

/// One measurement: what was measured, and every value of it.
fn measured(what: &str, values: &[f64]) {
    println!("{}", json!({ "what": what, "values": values }));
}

//! The workspace's own tool: builds the site and the relay, serves, verifies, guards sizes.
//! Started through the aliases of `.cargo/config.toml`: `cargo serve`, `cargo verify`, `cargo xtask …`.

mod bench;
mod budget;
mod failure;
mod flood;
mod program;
mod release;
mod serve;
mod site;
mod tools;
mod torture;
mod verify;
mod workspace;

use failure::{Failure, Result};
use site::Mode;
use std::process::ExitCode;

const HELP: &str = "\
cargo serve [OPTIONS]               build everything and run the relay; OPTIONS are those of `socle serve`
cargo serve --watch [OPTIONS]       the same in a development build, again after every edit
cargo verify                        everything that must hold: lints, tests, sizes, browsers
cargo verify --only STEP,STEP       some steps of it; --skip STEP,STEP leaves some out
cargo xtask build [--dev]           the site alone: target/site, or target/site-dev (quick, large)
cargo xtask budget                  the sizes of what people download, against their bounds
cargo xtask release                 target/release/socle, with the list of what it is made of inside and beside
cargo xtask flood                   a minute of hostile batches against the relay, with what it measured
cargo xtask torture PART            kill (1,000 rounds), power (20,000 power cuts), full (a full disk, as root),
                                    damage (10,000 damaged files), log (10,000 damaged logs of writes),
                                    gate (10^7 inputs), merge (100,000 stories)
cargo xtask torture mutants         hundreds of mistakes made on purpose where they would hurt; do tests notice?
                                    --list, --shard 0/8 and the other options of cargo-mutants
cargo xtask bench                   what people wait for and what a relay takes; --only a,b,… and --seed N
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> Result<()> {
    match words {
        ["build"] => site::build(Mode::Release).map(drop),
        ["build", "--dev"] => {
            site::build(Mode::Dev)?;
            eprintln!("a debug relay serves it with SOCLE_SITE=target/site-dev");
            Ok(())
        }
        ["serve", arguments @ ..] => serve::run(arguments),
        ["verify", arguments @ ..] => verify::verify(arguments),
        ["bench", arguments @ ..] => bench::bench(arguments),
        ["budget"] => budget::check(),
        ["torture", "mutants", options @ ..] => torture::mutants(options),
        ["torture", part] => torture::torture(part),
        ["release"] => release::release(),
        ["flood"] => flood::flood(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(Failure::new(format!("`cargo xtask {}` is not known.\n{HELP}", words.join(" ")))),
    }
}

//! The workspace's own tool: builds the site and the relay, serves, verifies, guards sizes.
//! Started through the aliases of `.cargo/config.toml`: `cargo serve`, `cargo verify`, `cargo xtask …`.

mod failure;
mod program;
mod site;
mod workspace;

use failure::{Failure, Result};
use site::Mode;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask build [--dev]      the site: both WASM programs, styles, icons, texts → target/site
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["build"] => site::build(Mode::Release).map(drop),
        ["build", "--dev"] => site::build(Mode::Dev).map(drop),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(Failure::new(format!("`cargo xtask {}` is not known.\n{HELP}", words.join(" ")))),
    }
}

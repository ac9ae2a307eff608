//! `cargo serve`: builds everything and runs the relay; with `--watch`, again after every edit.

mod watch;

use crate::failure::{Failure, Result};
use crate::site::{self, Mode};
use crate::{program, workspace};
use std::process::Command;

pub fn run(arguments: &[&str]) -> Result<()> {
    let is_watch = |argument: &&str| *argument == "--watch";
    let relay: Vec<&str> = arguments.iter().copied().filter(|argument| !is_watch(argument) && *argument != "--").collect();
    if arguments.iter().any(is_watch) { watch::run(&relay) } else { serve(&relay) }
}

fn serve(arguments: &[&str]) -> Result<()> {
    site::build(Mode::Release)?;
    relay(Mode::Release)?;
    replace(Command::new(workspace::target().join("release/socle")).arg("serve").args(arguments))
}

/// Compiles the relay. A release one has the site inside: it is compiled after it.
pub fn relay(mode: Mode) -> Result<()> {
    eprintln!("the relay");
    let mut cargo = program::cargo();
    cargo.args(["build", "--package", "server", "--bin", "socle"]);
    if mode == Mode::Release {
        cargo.arg("--release");
    }
    program::run(&mut cargo)
}

/// Becomes the relay: signals and the exit code are its own.
#[cfg(unix)]
fn replace(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(Failure::new(format!("the relay could not be started: {}", command.exec())))
}

#[cfg(not(unix))]
fn replace(command: &mut Command) -> Result<()> {
    use crate::failure::While;
    let status = command.status().while_(|| "the relay could not be started".into())?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("the relay ended: {status}"))) }
}

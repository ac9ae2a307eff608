//! Running other programs: cargo, rustup, npm.

use crate::failure::{Failure, Result, While};
use crate::workspace;
use std::process::{Command, Stdio};

/// The cargo that runs xtask, started in the workspace.
pub fn cargo() -> Command {
    in_workspace(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
}

pub fn in_workspace(name: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(workspace::root());
    // `cargo run` sets these for xtask alone; passed on they make cargo rebuild what it has.
    for (key, _) in std::env::vars_os() {
        let name = key.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "OUT_DIR" {
            command.env_remove(&key);
        }
    }
    command
}

/// Runs to the end with the terminal's own input and output.
pub fn run(command: &mut Command) -> Result<()> {
    let line = shown(command);
    let status = command.status().while_(|| format!("{line} could not be started"))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{line}` failed ({status})"))) }
}

/// Runs to the end and gives what it printed; its errors go to the terminal.
pub fn output(command: &mut Command) -> Result<String> {
    let line = shown(command);
    let output = command.stderr(Stdio::inherit()).output().while_(|| format!("{line} could not be started"))?;
    if !output.status.success() {
        return Err(Failure::new(format!("`{line}` failed ({})", output.status)));
    }
    String::from_utf8(output.stdout).while_(|| format!("`{line}` printed something that is not text"))
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    let program = words[0].rsplit('/').next().unwrap_or_default();
    std::iter::once(program).chain(words[1..].iter().map(|word| word.as_ref())).collect::<Vec<_>>().join(" ")
}

/// Where PATH finds a program.
pub fn on_path(name: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Where cargo keeps what it fetches.
pub fn cargo_home() -> std::path::PathBuf {
    let home = || std::env::home_dir().unwrap_or_default().join(".cargo");
    std::env::var_os("CARGO_HOME").map_or_else(home, std::path::PathBuf::from)
}

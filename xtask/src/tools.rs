//! Programs of others that this workspace uses: from PATH, or installed for this checkout alone.

use crate::failure::Result;
use crate::program::{self, cargo, run};
use crate::workspace;
use std::process::Command;

/// Pinned like everything else that decides.
pub struct Tool {
    pub name: &'static str,
    pub version: &'static str,
}

pub const DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };
pub const AUDITABLE: Tool = Tool { name: "cargo-auditable", version: "0.7.7" };
pub const CYCLONEDX: Tool = Tool { name: "cargo-cyclonedx", version: "0.5.9" };
pub const MUTANTS: Tool = Tool { name: "cargo-mutants", version: "27.0.0" };

impl Tool {
    /// Ready to be given arguments, in the workspace.
    pub fn command(&self) -> Result<Command> {
        let tools = workspace::target().join("tools");
        let installed = tools.join("bin").join(self.name);
        let program = match program::on_path(self.name) {
            Some(found) => found,
            None => {
                if !installed.is_file() {
                    // Unoptimised: it runs for a second, and compiles in half the time.
                    let mut install = cargo();
                    install.args(["install", self.name, "--version", self.version, "--locked", "--debug", "--root"]).arg(&tools);
                    run(install.env("CARGO_TARGET_DIR", tools.join("target")))?;
                }
                installed
            }
        };
        Ok(program::in_workspace(&program.to_string_lossy()))
    }
}

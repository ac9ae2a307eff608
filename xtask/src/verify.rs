//! `cargo verify`: everything that must hold before a change is shared, in the order that finds
//! mistakes soonest. Stops at the first failure and says what to do.

pub mod browser;

use crate::failure::{Failure, Result};
use crate::program::{cargo, run};
use crate::site::{self, Mode, TARGET};
use crate::tools::DENY;
use crate::{budget, serve};
use std::fmt::Write;
use std::time::Instant;

/// A part of the verification.
struct Step {
    name: &'static str,
    title: &'static str,
    run: fn() -> Result<()>,
    /// What to do when it fails.
    advice: &'static str,
}

const STEPS: [Step; 10] = [
    Step { name: "format", title: "formatting", run: format, advice: "run `cargo fmt --all`" },
    Step { name: "clippy", title: "clippy for the relay's machine", run: clippy, advice: "mend what it names above" },
    Step { name: "clippy-wasm", title: "clippy for the browser", run: clippy_wasm, advice: "mend what it names above" },
    Step { name: "doc", title: "documentation", run: doc, advice: "mend the links it names above" },
    Step { name: "site", title: "the site", run: build_site, advice: "`cargo xtask build` shows it alone" },
    Step {
        name: "test",
        title: "tests",
        run: test,
        advice: "`cargo test -p CRATE NAME` repeats one; a printed seed repeats a random one",
    },
    Step { name: "relay", title: "the relay", run: build_relay, advice: "`cargo build --release -p server` shows it alone" },
    Step { name: "budget", title: "sizes", run: budget::check, advice: "what grew? `cargo xtask budget` shows the table" },
    Step {
        name: "deny",
        title: "licences and sources of dependencies",
        run: deny,
        advice: "see deny.toml for what is allowed and why",
    },
    Step {
        name: "e2e",
        title: "real browsers against the real relay",
        run: browser::test,
        advice: "`cargo verify --only e2e`; traces lie in e2e/test-results",
    },
];

pub fn verify(arguments: &[&str]) -> Result<()> {
    let chosen = choose(arguments)?;
    let begun = Instant::now();
    for (at, step) in chosen.iter().enumerate() {
        eprintln!("\n=== {}/{} {} ({})", at + 1, chosen.len(), step.title, step.name);
        let begun = Instant::now();
        (step.run)().map_err(|failure| Failure::new(format!("{}: {failure}\n{}", step.name, step.advice)))?;
        eprintln!("=== {}: fine, {}", step.name, took(begun));
    }
    eprintln!("\nverified in {}: {}", took(begun), names(&chosen));
    Ok(())
}

/// All steps, `--only A,B`, or all but `--skip A,B`.
fn choose(arguments: &[&str]) -> Result<Vec<&'static Step>> {
    let listed = |list: &str| -> Result<Vec<String>> {
        let unknown = |name: &&str| STEPS.iter().all(|step| step.name != *name);
        match list.split(',').find(unknown) {
            Some(name) => {
                Err(Failure::new(format!("`{name}` is no step. The steps: {}", names(&STEPS.iter().collect::<Vec<_>>()))))
            }
            None => Ok(list.split(',').map(str::to_owned).collect()),
        }
    };
    let (list, only) = match arguments {
        [] => return Ok(STEPS.iter().collect()),
        ["--only", list] => (listed(list)?, true),
        ["--skip", list] => (listed(list)?, false),
        _ => return Err(Failure::new("usage: cargo verify [--only STEP,STEP | --skip STEP,STEP]")),
    };
    Ok(STEPS.iter().filter(|step| list.iter().any(|name| name == step.name) == only).collect())
}

fn names(steps: &[&Step]) -> String {
    steps.iter().map(|step| step.name).collect::<Vec<_>>().join(", ")
}

fn took(begun: Instant) -> String {
    let seconds = begun.elapsed().as_secs();
    let mut text = String::new();
    if seconds >= 60 {
        write!(text, "{} min ", seconds / 60).expect("a String can be written");
    }
    format!("{text}{} s", seconds % 60)
}

fn format() -> Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    run(cargo().args(["clippy", "--all-targets", "--", "-D", "warnings"]))
}

fn clippy_wasm() -> Result<()> {
    site::ensure_target()?;
    let mut clippy = cargo();
    clippy.args(["clippy", "--target", TARGET, "--lib", "--package", "app", "--package", "storage"]);
    for package in site::PROGRAMS.map(|(_, package)| package).into_iter().chain([site::CONTRACT]) {
        clippy.args(["--package", package]);
    }
    clippy.args(["--", "-D", "warnings"]);
    run(clippy.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS"))
}

fn build_site() -> Result<()> {
    site::build(Mode::Release).map(drop)
}

/// The crates with heavy tests (mutations, simulated networks, real data) run optimised: their
/// dependencies are compiled that way for the relay anyway. What the browser's programs consist of besides
/// is tested in browsers: to compile it for this machine takes minutes, and there is nothing to run.
fn test() -> Result<()> {
    run(cargo().args(["test", "--release", "--package", "shared", "--package", "app", "--package", "server"]))?;
    run(cargo().args(["test", "--package", "xtask"]))
}

fn build_relay() -> Result<()> {
    serve::relay(Mode::Release)
}

fn doc() -> Result<()> {
    run(cargo().args(["doc", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings"))
}

/// Not `advisories`: their database comes from elsewhere than the registry.
fn deny() -> Result<()> {
    run(DENY.command()?.args(["check", "bans", "licenses", "sources"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], expected: &str) {
        assert_eq!(names(&choose(arguments).expect("the steps exist")), expected);
    }

    #[test]
    fn steps_are_chosen_in_their_order() {
        check(&["--only", "test,format"], "format, test");
        check(&["--skip", "e2e,deny,doc,budget,relay,test"], "format, clippy, clippy-wasm, site");
        assert_eq!(choose(&[]).expect("no names").len(), STEPS.len());
    }

    #[test]
    fn an_unknown_step_is_said_with_the_known_ones() {
        let failure = choose(&["--only", "tests"]).err().expect("`tests` is no step");
        assert!(failure.to_string().starts_with("`tests` is no step. The steps: format, clippy,"), "{failure}");
    }
}

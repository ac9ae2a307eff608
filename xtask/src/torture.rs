//! `cargo xtask torture PART`: tests that run for minutes, with what they found. `cargo verify` has each
//! of them small, where that says anything. RELIABILITY.md has the figures.

use crate::failure::{Failure, Result};
use crate::program::{cargo, run};
use crate::tools::MUTANTS;
use crate::workspace;
use std::path::Path;

/// Files here are in memory: where disks are played, a real one would only be waited for.
const MEMORY: &str = "/dev/shm";

/// A test made large.
struct Part {
    name: &'static str,
    package: &'static str,
    test: &'static str,
    sizes: &'static [(&'static str, &'static str)],
    plays_disk: bool,
}

const PARTS: [Part; 6] = [
    Part {
        name: "kill",
        package: "server",
        test: "killed::what_was_acknowledged_survives_kill_9",
        sizes: &[("SOCLE_KILLS", "1000")],
        plays_disk: false,
    },
    Part {
        name: "power",
        package: "server",
        test: "power::what_was_acknowledged_survives_a_power_cut",
        sizes: &[],
        plays_disk: true,
    },
    Part { name: "full", package: "server", test: "full::a_full_disk_is_said_and_got_over", sizes: &[], plays_disk: false },
    Part {
        name: "damage",
        package: "server",
        test: "corrupted::a_damaged_database_is_refused_said_or_repaired",
        sizes: &[("SOCLE_DAMAGED", "10000")],
        plays_disk: true,
    },
    Part {
        name: "gate",
        package: "shared",
        test: "gate::mutants::no_mutant_does_harm",
        sizes: &[("SOCLE_MUTANTS", "10000000")],
        plays_disk: false,
    },
    Part {
        name: "merge",
        package: "shared",
        test: "stories::all_end_equal_and_nothing_is_lost",
        sizes: &[("SOCLE_CASES", "100000")],
        plays_disk: false,
    },
];

pub fn torture(name: &str) -> Result<()> {
    let part = PARTS.iter().find(|part| part.name == name);
    let names = || PARTS.map(|part| part.name).join(", ");
    let part = part.ok_or_else(|| Failure::new(format!("`{name}` is no part. The parts: {}", names())))?;
    let mut test = cargo();
    test.args(["test", "--release", "--package", part.package, "--test", "it", "--", part.test]);
    test.args(["--exact", "--nocapture", "--include-ignored"]);
    if part.plays_disk && Path::new(MEMORY).is_dir() {
        test.env("TMPDIR", MEMORY);
    }
    for (variable, size) in part.sizes.iter().filter(|(variable, _)| std::env::var_os(variable).is_none()) {
        test.env(variable, size);
    }
    run(&mut test)
}

/// Where a mistake exposes somebody or spoils a guide: cargo-mutants makes every small mistake there
/// that it knows, one at a time, and a test has to notice.
const MUTATED: [&str; 8] = [
    "shared/src/batch.rs",
    "shared/src/batch/*.rs",
    "shared/src/edition.rs",
    "shared/src/edition/*.rs",
    "shared/src/gate.rs",
    "shared/src/gate/*.rs",
    "shared/src/review.rs",
    "shared/src/review/*.rs",
];

/// The tests that have to. Not the random damage to batches: it judges by time, and what it finds
/// it keeps for the next run.
const NOTICING: [&str; 7] = ["batch::", "edition::", "gate::", "review::", "json::a_refusal", "--skip", "gate::mutants::"];

/// `options` are cargo-mutants' own: `--list`, `--shard 0/8`, `--iterate`.
pub fn mutants(options: &[&str]) -> Result<()> {
    let mut mutants = MUTANTS.command()?;
    mutants.args(["mutants", "--package", "shared", "--profile", "mutants", "--cargo-arg", "--test=it"]);
    mutants.args(["--timeout", "120", "--build-timeout", "600", "--no-shuffle", "--output"]).arg(workspace::target());
    for file in MUTATED {
        mutants.args(["--file", file]);
    }
    run(mutants.args(options).args(["--", "--"]).args(NOTICING))
}

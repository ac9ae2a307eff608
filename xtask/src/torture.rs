//! `cargo xtask torture PART`: tests that run for minutes, with what they found. `cargo verify` has each
//! of them small, where that says anything. RELIABILITY.md has the figures.

use crate::failure::{Failure, Result, While};
use crate::program::{cargo, run};
use crate::tools::MUTANTS;
use crate::workspace;
use std::fs;
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

const PARTS: [Part; 7] = [
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
        name: "log",
        package: "server",
        test: "corrupted::writes_that_are_lost_with_a_damaged_log_of_writes_are_asked_for_again",
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
struct Mutated {
    package: &'static str,
    files: &'static [&'static str],
    /// The tests that have to.
    noticing: &'static [&'static str],
}

const MUTATED: [Mutated; 2] = [
    Mutated {
        package: "shared",
        files: &[
            "shared/src/batch.rs",
            "shared/src/batch/*.rs",
            "shared/src/edition.rs",
            "shared/src/edition/*.rs",
            "shared/src/gate.rs",
            "shared/src/gate/*.rs",
            "shared/src/review.rs",
            "shared/src/review/*.rs",
        ],
        // Not the random damage to batches: it judges by time, and what it finds it keeps for the next run.
        noticing: &["batch::", "edition::", "gate::", "review::", "json::a_refusal", "--skip", "gate::mutants::"],
    },
    Mutated {
        package: "server",
        files: &[
            "server/src/relay/batches.rs",
            "server/src/relay/invites.rs",
            "server/src/relay/purge.rs",
            "server/src/relay/review.rs",
            "server/src/relay/stewards.rs",
        ],
        noticing: &["ahead::", "batches::", "imports::", "joining::", "limits::", "purge::", "review::", "stewards::"],
    },
];

/// `options` are cargo-mutants' own: `--list`, `--shard 0/8`, `--iterate`. It fails where a mistake was
/// not noticed: all is tried all the same.
pub fn mutants(options: &[&str]) -> Result<()> {
    MUTATED.iter().map(|mutated| mutate(mutated, options)).collect::<Vec<_>>().into_iter().collect()
}

fn mutate(mutated: &Mutated, options: &[&str]) -> Result<()> {
    // cargo-mutants makes one folder itself, not those above it.
    let noticed = workspace::target().join("noticed").join(mutated.package);
    fs::create_dir_all(&noticed).while_(|| workspace::shown(&noticed))?;
    let mut mutants = MUTANTS.command()?;
    mutants.args(["mutants", "--package", mutated.package, "--profile", "mutants", "--cargo-arg", "--test=it"]);
    mutants.args(["--timeout", "120", "--build-timeout", "600", "--no-shuffle", "--output"]).arg(&noticed);
    for file in mutated.files {
        mutants.args(["--file", file]);
    }
    run(mutants.args(options).args(["--", "--"]).args(mutated.noticing))
}

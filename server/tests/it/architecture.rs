//! Invariants that are absences, as ARCHITECTURE.md states them.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The files under `src` that say any of `words`, apart from those whose path starts with `home`.
fn offenders(words: &[&str], homes: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    assert!(found.len() > 20, "the sources are where they are looked for");
    let named = found.into_iter().map(|path| {
        let name = path.strip_prefix(&root).expect("found below").display().to_string();
        (name, fs::read_to_string(&path).expect("readable"))
    });
    named
        .filter(|(name, _)| !homes.iter().any(|home| name.starts_with(home)))
        .filter(|(_, text)| words.iter().any(|word| text.contains(word)))
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn nothing_outside_store_names_the_database() {
    assert_eq!(offenders(&["rusqlite", "sqlite3"], &["store"]), Vec::<String>::new());
    assert_eq!(offenders(&["SELECT ", "INSERT INTO", "DELETE FROM"], &["store"]), Vec::<String>::new());
}

#[test]
fn the_relay_itself_knows_no_http() {
    let mut offending = offenders(
        &["axum", "hyper"],
        &["api", "pages", "serve", "site", "router", "headers", "error", "encoding", "state", "cli", "origin"],
    );
    offending.sort();
    assert_eq!(offending, Vec::<String>::new());
}

/// The gate without its signatures is for tests that press millions of batches through it.
#[test]
fn nothing_that_takes_batches_leaves_the_signature_out() {
    assert_eq!(offenders(&["gate::contents"], &[]), Vec::<String>::new());
}

#[test]
fn routes_are_in_one_file() {
    assert_eq!(offenders(&[".route(\"", ".nest(\""], &["router.rs"]), Vec::<String>::new());
}

#[test]
fn migrations_are_numbered_without_a_gap() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut names: Vec<String> =
        fs::read_dir(folder).expect("readable").flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    for (number, name) in names.iter().enumerate() {
        assert!(name.starts_with(&format!("{:04}_", number + 1)), "{name}: steps are numbered without a gap");
    }
}

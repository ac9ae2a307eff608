//! Turns `app/icons.txt` into a Rust table, so that only the icons named there are linked, and
//! gives xtask a fingerprint of its own sources: a changed build tool rebuilds the site.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

const ICONS: &str = "../app/icons.txt";

fn main() {
    println!("cargo::rerun-if-changed={ICONS}");
    println!("cargo::rerun-if-changed=src");
    let list = std::fs::read_to_string(ICONS).expect("app/icons.txt is part of the checkout");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    std::fs::write(out.join("icons.rs"), table(&list)).expect("OUT_DIR can be written");

    let mut hasher = DefaultHasher::new();
    fingerprint(Path::new("src"), &mut hasher);
    println!("cargo::rustc-env=XTASK_FINGERPRINT={:016x}", hasher.finish());
}

/// `home = Home` becomes `("home", icondata::TbHomeOutline),`.
fn table(list: &str) -> String {
    let mut rust = String::from("&[\n");
    let lines = list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        let (name, icon) = line.split_once('=').unwrap_or_else(|| panic!("app/icons.txt: no `=` in {line:?}"));
        writeln!(rust, "    ({:?}, icondata::Tb{}Outline),", name.trim(), icon.trim()).expect("a String can be written");
    }
    rust + "]\n"
}

fn fingerprint(folder: &Path, hasher: &mut DefaultHasher) {
    let entries = std::fs::read_dir(folder).expect("src can be read");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            fingerprint(&path, hasher);
        } else {
            path.hash(hasher);
            std::fs::read(&path).expect("src can be read").hash(hasher);
        }
    }
}

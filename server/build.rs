//! Makes plain `cargo check` possible before the site is built, and compiles the release relay
//! again when the site it embeds has changed.

use std::path::Path;

const SITE: &str = "../target/site";
const NOT_BUILT: &str = "{ \"build\": \"none\", \"files\": {}, \"core\": [], \"member\": [], \"rest\": [] }\n";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let manifest = Path::new(SITE).join("site.json");
    if !manifest.exists() {
        std::fs::create_dir_all(SITE).expect("target/ can be written");
        std::fs::write(&manifest, NOT_BUILT).expect("target/site can be written");
    }
    // A debug relay reads the site from disk when it starts.
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo::rerun-if-changed={}", manifest.display());
        if std::fs::read_to_string(&manifest).is_ok_and(|text| text == NOT_BUILT) {
            println!("cargo::warning=this relay has no site inside: run `cargo xtask build` first");
        }
    }
}

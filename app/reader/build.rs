//! Asks the linker for what is needed to cut the program in two (`xtask/src/site/split.rs`).

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-cdylib=--emit-relocs");
}

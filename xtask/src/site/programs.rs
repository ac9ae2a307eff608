//! The programs that run in the browser: compiled to WASM by cargo, given their JavaScript by
//! wasm-bindgen. They are built in one go, so that a second core is not idle while the first links.

use super::Mode;
use super::references::Files;
use super::{names, split};
use crate::failure::{Failure, Result, While};
use crate::{program, workspace};
use std::path::PathBuf;
use wasm_bindgen_cli_support::Bindgen;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// The name of each program's files, and the package that becomes it: what every reader loads, the
/// members' pages, their replica, and the explanation of opening hours.
pub const PROGRAMS: [(&str, &str); 4] = [("app", "reader"), ("desk", "desk"), ("replica", "replica"), ("hours", "hours")];

/// Adds the WASM target to the toolchain when it is missing. Where rustup is not in charge of the
/// toolchain (a distribution's Rust), cargo says itself what it lacks.
pub fn ensure_target() -> Result<()> {
    let libraries = program::output(program::in_workspace("rustc").args(["--print", "target-libdir", "--target", TARGET]))?;
    if PathBuf::from(libraries.trim()).is_dir() || program::on_path("rustup").is_none() {
        return Ok(());
    }
    eprintln!("      adding {TARGET} to the toolchain");
    program::run(program::in_workspace("rustup").args(["target", "add", TARGET]))
}

/// No places in panic messages and nothing for `{:?}`: readers would pay for both. Unstable flags, so
/// the compiler, whose version is pinned, has to be told that we mean it (`RUSTC_BOOTSTRAP`). What
/// the programs say must not rest on `{:?}`.
const LEAN: [&str; 2] = ["-Zlocation-detail=none", "-Zfmt-debug=none"];

/// Holds IndexedDB to the contract of shelves; for the end-to-end tests, not for the site.
pub const CONTRACT: &str = "contract";

/// Compiles `packages` and says where the results are, in their order.
pub fn compile(mode: Mode, packages: &[&str]) -> Result<Vec<PathBuf>> {
    let profile = mode.wasm_profile();
    let mut cargo = program::cargo();
    cargo.args(["build", "--profile", profile, "--target", TARGET, "--lib"]);
    for package in packages {
        cargo.args(["--package", package]);
    }
    // Joined with the flags of .cargo/config.toml. With the types of views erased there is one copy of
    // Leptos' code for all views instead of one for each: smaller, and quicker to compile.
    // Where the sources lay on the machine that built is nobody's business.
    let sources = program::cargo_home().join("registry/src");
    let remap = format!("--remap-path-prefix={}=", sources.display());
    let mut flags = vec!["--cfg", "erase_components", &remap];
    if mode == Mode::Release {
        flags.extend(LEAN);
        cargo.env("RUSTC_BOOTSTRAP", "1");
    }
    cargo.args(["--config", &format!("target.{TARGET}.rustflags={flags:?}")]);
    // Flags from the environment would replace those of .cargo/config.toml.
    cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    program::run(&mut cargo)?;
    let results = workspace::target().join(TARGET).join(profile);
    Ok(packages.iter().map(|package| results.join(format!("{package}.wasm"))).collect())
}

/// `app.js` and `app.wasm` from what cargo compiled; the script refers to `{{app.wasm}}`.
pub fn bind(name: &str, wasm: Vec<u8>) -> Result<Files> {
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes(name, wasm).remove_name_section(true).remove_producers_section(true).typescript(false);
    bindgen.omit_default_module_path(false);
    // What is cut off a program joins it by its table of functions.
    bindgen.keep_lld_exports(name == split::CUT);
    bindgen.web(true).while_(|| "wasm-bindgen".into())?;
    let mut output = bindgen.generate_output().while_(|| format!("wasm-bindgen on {name}.wasm"))?;
    // Every crate is listed, nearly all with nothing.
    let inline = output.snippets().iter().filter(|(_, scripts)| !scripts.is_empty()).map(|(owner, _)| owner);
    let brought: Vec<&String> = inline.chain(output.local_modules().keys()).collect();
    if !brought.is_empty() {
        return Err(Failure::new(format!(
            "{name} brings its own JavaScript files ({brought:?}): the site has no place for them yet (xtask/src/site/programs.rs)"
        )));
    }
    let script = without_streams(&split::joined(&with_reference(name, output.js())?));
    let module = output.wasm_mut();
    drop_unheard(module)?;
    let script = names::shorten(name, module, &script)?;
    let wasm = module.emit_wasm();
    Ok(Files::from([(format!("{name}.js"), script.into_bytes()), (format!("{name}.wasm"), wasm)]))
}

/// Functions whose bodies are made empty, by a part of their names, which frees what they call:
/// `wasm-streams`, which Leptos links for server functions (we have none, but the table of functions
/// keeps it alive), and the sentences of the standard library before it panics over a text cut in the
/// middle of a character, or over an assertion: the program stops there all the same.
const EMPTIED: [&str; 3] = ["wasm_streams", "::str::slice_error_fail_rt", "::panicking::assert_failed_inner"];

/// Takes out what costs readers and does nothing for them, see [`EMPTIED`]. What `wasm-streams` exports
/// for JavaScript alone would keep 13 kB that nothing calls.
fn drop_unheard(module: &mut walrus::Module) -> Result<()> {
    let streams = |name: &str| name.starts_with("intounderlying") || name.starts_with("__wbg_intounderlying");
    let unused: Vec<_> = module.exports.iter().filter(|export| streams(&export.name)).map(|export| export.id()).collect();
    for export in unused {
        module.exports.delete(export);
    }
    let emptied = |function: &&mut walrus::Function| {
        function.name.as_ref().is_some_and(|name| EMPTIED.iter().any(|part| name.contains(part)))
    };
    for function in module.funcs.iter_mut().filter(emptied) {
        let walrus::FunctionKind::Local(local) = &mut function.kind else { continue };
        let kind = module.types.get(local.ty());
        let (takes, gives) = (kind.params().to_vec(), kind.results().to_vec());
        let mut empty = walrus::FunctionBuilder::new(&mut module.types, &takes, &gives);
        empty.func_body().unreachable();
        *local = empty.local_func(local.args.clone());
    }
    walrus::passes::gc::run(module);
    Ok(())
}

/// The script without the classes that stand for those exports, each of them from its first line to the
/// one that gives it `Symbol.dispose`, and without what tidies up after them.
fn without_streams(script: &str) -> String {
    let (mut kept, mut until) = (String::with_capacity(script.len()), None);
    for line in script.lines() {
        match until {
            Some(end) if line.starts_with(end) => until = None,
            Some(_) => {}
            None if line.starts_with("export class IntoUnderlying") => until = Some("if (Symbol.dispose)"),
            None if line.starts_with("const IntoUnderlying") => until = Some(": new FinalizationRegistry"),
            None => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    kept
}

/// wasm-bindgen expects the WASM beside its script under a fixed name; ours is hashed.
fn with_reference(name: &str, script: &str) -> Result<String> {
    let expected = format!("new URL('{name}_bg.wasm', import.meta.url)");
    if script.matches(&expected).count() != 1 {
        return Err(Failure::new(format!(
            "wasm-bindgen's script for {name} no longer says `{expected}`: see xtask/src/site/programs.rs"
        )));
    }
    Ok(script.replace(&expected, &format!("\"{{{{{name}.wasm}}}}\"")))
}

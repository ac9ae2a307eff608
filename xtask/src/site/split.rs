//! Cuts what is loaded on demand off a program: functions marked `#[wasm_split(name)]`, with all that
//! they alone need, become `name.wasm`. `split.js` fetches it and joins it to the running program.

use super::references::Files;
use crate::failure::{Failure, Result, While};
use crate::workspace;
use std::fs;
use wasm_split_cli_support::{Options, transform};

/// The one program that is cut.
pub const CUT: &str = "app";
/// What its script imports, and how the script calls it.
const LINK: &str = "./__wasm_split.js";
pub const SCRIPT: &str = "split.js";

/// The program without what was cut off, and the files that bring it.
pub fn cut(name: &str, wasm: Vec<u8>) -> Result<(Vec<u8>, Files)> {
    if name != CUT {
        return Ok((wasm, Files::new()));
    }
    let folder = workspace::target().join("split");
    if folder.exists() {
        fs::remove_dir_all(&folder).while_(|| workspace::shown(&folder))?;
    }
    let main = folder.join("main.wasm");
    let mut options = Options::new(&wasm);
    options.output_dir = &folder;
    options.main_out_path = &main;
    options.link_name = LINK;
    let cut = transform(options).map_err(|error| Failure::new(format!("{name}.wasm cannot be cut: {error:#}")))?;

    let read = |path: &std::path::Path| fs::read(path).while_(|| workspace::shown(path));
    let mut script = String::from_utf8(read(&folder.join(LINK))?).while_(|| SCRIPT.into())?;
    let mut files = Files::new();
    for path in &cut.split_modules {
        let made = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let name = format!("{}.wasm", made.trim_start_matches("split_"));
        script = replaced(&script, &format!("new URL(\"./{made}.wasm\", import.meta.url)"), &format!("\"{{{{{name}}}}}\""))?;
        files.insert(name, read(path)?);
    }
    // The program's script imports this one: it cannot import that again under a name made from its
    // content. `boot.js` says where the running program is.
    script = replaced(&script, "import { initSync } from \"./main.js\";\n", "")?;
    script = replaced(&script, "initSync(undefined, undefined)", "globalThis.socle.exports")?;
    // Old browsers have no streaming.
    let streaming = "WebAssembly.instantiateStreaming(src, imports)";
    script = replaced(&script, streaming, "WebAssembly.instantiate(await (await src).arrayBuffer(), imports)")?;
    files.insert(SCRIPT.to_owned(), script.into_bytes());
    Ok((read(&main)?, files))
}

/// Where a program is cut, its script imports [`SCRIPT`].
pub fn joined(script: &str) -> String {
    script.replace(&format!("from \"{LINK}\""), &format!("from \"{{{{{SCRIPT}}}}}\""))
}

fn replaced(script: &str, from: &str, to: &str) -> Result<String> {
    match script.contains(from) {
        true => Ok(script.replace(from, to)),
        false => Err(Failure::new(format!("{LINK} no longer says `{from}`: see xtask/src/site/split.rs"))),
    }
}

//! What a program calls what it takes from its script, and the closures that it gives to it. wasm-bindgen's
//! names carry a hash each, which no compression makes smaller, in the program and in the script again:
//! 5 KB for readers. The two files always come together, so that any names do; here they are numbers.

use crate::failure::{Failure, Result};
use std::collections::{HashMap, HashSet};

/// What wasm-bindgen's names of closures begin with.
const CLOSURE: &str = "wasm_bindgen_";

/// Renames imports and closures of `module` that `script` knows; gives the script with the same names.
pub fn shorten(program: &str, module: &mut walrus::Module, script: &str) -> Result<String> {
    let from = format!("./{program}_bg.js");
    let mut short: HashMap<String, String> = HashMap::new();
    let mut rename = |name: &mut String| {
        let next = format!("${:x}", short.len());
        *name = short.entry(std::mem::take(name)).or_insert(next).clone();
    };
    module.imports.iter_mut().filter(|import| import.module == from).for_each(|import| rename(&mut import.name));
    module.exports.iter_mut().filter(|export| export.name.starts_with(CLOSURE)).for_each(|export| rename(&mut export.name));
    let (script, found) = renamed(script, &short);
    match short.keys().find(|name| !found.contains(*name)) {
        None => Ok(script),
        Some(name) => Err(Failure::new(format!(
            "wasm-bindgen's script for {program} does not say `{name}` as its program does: see xtask/src/site/names.rs"
        ))),
    }
}

/// The script with other names, and which of them it had.
fn renamed(script: &str, names: &HashMap<String, String>) -> (String, HashSet<String>) {
    let (mut written, mut found) = (String::with_capacity(script.len()), HashSet::new());
    let mut rest = script;
    while !rest.is_empty() {
        let is_word = rest.starts_with(in_word);
        let end = rest.find(|c| in_word(c) != is_word).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        let name = names.get(piece);
        found.extend(name.map(|_| piece.to_owned()));
        written.push_str(name.map_or(piece, String::as_str));
        rest = after;
    }
    (written, found)
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_renamed() {
        let names = HashMap::from([("__wbg_get_1f".to_owned(), "$0".to_owned()), ("__wbg_set_2e".to_owned(), "$1".to_owned())]);
        let script = "imports = { __wbg_get_1f: (a) => a.é, __wbg_get_1f_more, x };";
        let (script, found) = renamed(script, &names);
        assert_eq!(script, "imports = { $0: (a) => a.é, __wbg_get_1f_more, x };");
        assert_eq!(found, HashSet::from(["__wbg_get_1f".to_owned()]));
    }
}

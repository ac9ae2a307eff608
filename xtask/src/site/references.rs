//! Hashed names, and the references between files: a script writes `"{{app.wasm}}"`, the site says
//! `"/assets/app-3f….wasm"`. A file is named by what it holds, so what it refers to is named first.

use crate::failure::{Failure, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Hex digits of a content's SHA-256 in a file name: enough to tell one build's file from the next one's.
/// The service worker lists them all.
const HASH_DIGITS: usize = 8;

/// Files by the name others use for them: `app.js` → its content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A file of the site: its address and its final content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    pub path: String,
    pub bytes: Vec<u8>,
}

pub fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()[..HASH_DIGITS].to_owned()
}

/// One hash for all files, whatever their order: the build's name.
pub fn hash_all(files: &Files) -> String {
    let lines: String = files.iter().map(|(name, bytes)| format!("{name} {}\n", hash(bytes))).collect();
    hash(lines.as_bytes())
}

/// `app.css` → `/assets/app-HASH.css`
pub fn hashed_path(name: &str, bytes: &[u8]) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
    format!("/assets/{stem}-{}.{extension}", hash(bytes))
}

/// Whether references are looked for in a file.
pub fn is_script_or_style(name: &str) -> bool {
    [".js", ".css", ".webmanifest"].iter().any(|end| name.ends_with(end))
}

/// Replaces each `{{name}}` by what `value` gives for it.
pub fn fill(text: &str, mut value: impl FnMut(&str) -> Result<String>) -> Result<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = next_reference(rest) {
        filled.push_str(before);
        filled.push_str(&value(name)?);
        rest = after;
    }
    Ok(filled + rest)
}

/// The text before the next `{{name}}`, the name, and the text after it. Braces around anything
/// that is not a file's name are code.
fn next_reference(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(start) = text[from..].find("{{").map(|at| from + at) {
        let inside = &text[start + 2..];
        let length = inside.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_')).unwrap_or(inside.len());
        if length > 0 && inside[length..].starts_with("}}") {
            return Some((&text[..start], &inside[..length], &inside[length + 2..]));
        }
        from = start + 1;
    }
    None
}

/// Fills all references and names every file by its content.
pub fn resolve(files: &Files, build: &str) -> Result<BTreeMap<String, Asset>> {
    let mut resolver = Resolver { files, build, done: BTreeMap::new(), open: Vec::new() };
    for name in files.keys() {
        resolver.path(name)?;
    }
    Ok(resolver.done)
}

struct Resolver<'a> {
    files: &'a Files,
    build: &'a str,
    done: BTreeMap<String, Asset>,
    /// The files being filled, each referring to the next: a name found here again is a circle.
    open: Vec<String>,
}

impl Resolver<'_> {
    fn path(&mut self, name: &str) -> Result<String> {
        if let Some(asset) = self.done.get(name) {
            return Ok(asset.path.clone());
        }
        if self.open.iter().any(|open| open == name) {
            return Err(Failure::new(format!("files refer to each other in a circle: {} → {name}", self.open.join(" → "))));
        }
        self.open.push(name.to_owned());
        let bytes = self.filled(name)?;
        self.open.pop();
        let path = hashed_path(name, &bytes);
        self.done.insert(name.to_owned(), Asset { path: path.clone(), bytes });
        Ok(path)
    }

    fn filled(&mut self, name: &str) -> Result<Vec<u8>> {
        let Some(bytes) = self.files.get(name) else {
            let from = self.open.iter().rev().nth(1).map_or("", String::as_str);
            return Err(Failure::new(format!("{from} refers to {{{{{name}}}}}, but there is no such file in the site")));
        };
        match std::str::from_utf8(bytes) {
            Ok(text) if is_script_or_style(name) => {
                let build = self.build;
                let text = fill(text, |name| if name == "build" { Ok(build.to_owned()) } else { self.path(name) })?;
                Ok(text.into_bytes())
            }
            _ => Ok(bytes.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    fn text(asset: &Asset) -> &str {
        std::str::from_utf8(&asset.bytes).expect("the tests' files are text")
    }

    #[test]
    fn a_name_carries_the_hash_of_the_content() {
        // printf 'a' | sha256sum
        assert_eq!(hashed_path("app.css", b"a"), "/assets/app-ca978112.css");
        assert_eq!(hashed_path("icon-192.png", b"a"), "/assets/icon-192-ca978112.png");
    }

    #[test]
    fn references_become_addresses_whatever_the_order() {
        let files =
            files(&[("a.js", "import '{{z.js}}'"), ("z.js", "fetch('{{app.wasm}}', '{{build}}')"), ("app.wasm", "{{kept}}")]);
        let site = resolve(&files, "b1").expect("every name exists");
        let wasm = hashed_path("app.wasm", b"{{kept}}");
        assert_eq!(text(&site["app.wasm"]), "{{kept}}");
        assert_eq!(text(&site["z.js"]), format!("fetch('{wasm}', 'b1')"));
        assert_eq!(text(&site["a.js"]), format!("import '{}'", site["z.js"].path));
    }

    #[test]
    fn a_changed_file_renames_what_refers_to_it() {
        let before = resolve(&files(&[("a.js", "'{{b.css}}'"), ("b.css", "x")]), "b").expect("every name exists");
        let after = resolve(&files(&[("a.js", "'{{b.css}}'"), ("b.css", "y")]), "b").expect("every name exists");
        assert_ne!(before["a.js"].path, after["a.js"].path);
    }

    #[test]
    fn unknown_names_and_circles_are_refused() {
        let unknown = resolve(&files(&[("a.js", "'{{b.js}}'")]), "b").expect_err("b.js does not exist");
        assert!(unknown.to_string().contains("a.js refers to {{b.js}}"), "{unknown}");
        let circle = resolve(&files(&[("a.js", "'{{b.js}}'"), ("b.js", "'{{a.js}}'")]), "b").expect_err("a and b are a circle");
        assert!(circle.to_string().contains("a.js → b.js → a.js"), "{circle}");
    }

    #[test]
    fn braces_that_are_code_stay() {
        let code = "f({{a: 1}}); g({{}}); `${{b}.c}`";
        assert_eq!(fill(code, |name| Err(Failure::new(name))).expect("nothing to fill"), code);
    }

    #[test]
    fn the_build_is_named_by_all_files() {
        let one = hash_all(&files(&[("a", "1"), ("b", "2")]));
        assert_ne!(one, hash_all(&files(&[("a", "2"), ("b", "1")])));
        assert_eq!(one, hash_all(&files(&[("b", "2"), ("a", "1")])));
    }
}

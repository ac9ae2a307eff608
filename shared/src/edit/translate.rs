//! Texts in several languages: writing one, and knowing when a translation has fallen behind.

use super::Edit;
use crate::ids::hex;
use crate::schema::Path;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Sixteen hexadecimal digits that stand for a source text.
pub fn fingerprint(text: &str) -> String {
    hex(&Sha256::digest(text.trim().as_bytes())[..8])
}

/// The edits that give the translated text at `path` the words `text` in `language`, remembering
/// which source text it was made from. `prose` is whether the text is Automerge text.
pub fn translate(tree: &Value, path: &Path, prose: bool, source_language: &str, language: &str, text: &str) -> Vec<Edit> {
    let entry = path.join(language);
    let words = entry.join("text");
    if text.trim().is_empty() {
        return if entry.find(tree).is_some() { vec![Edit::remove(entry)] } else { Vec::new() };
    }
    let mut edits = vec![if prose { Edit::write(words, text) } else { Edit::put(words, text) }];
    edits.push(Edit::put(entry.join("origin"), "human"));
    if language != source_language
        && let Some(source) = path.join(source_language).join("text").find(tree).and_then(Value::as_str)
    {
        edits.push(Edit::put(entry.join("source_hash"), fingerprint(source)));
    }
    edits
}

/// Whether the translation in `language` was made from a source text that has changed since.
/// `texts` is the tree of one translated text: `{language: {text, origin, source_hash}}`.
pub fn is_outdated(texts: &Value, source_language: &str, language: &str) -> bool {
    let made_from = texts.get(language).and_then(|entry| entry.get("source_hash")).and_then(Value::as_str);
    let source = texts.get(source_language).and_then(|entry| entry.get("text")).and_then(Value::as_str);
    match (made_from, source) {
        (Some(made_from), Some(source)) => language != source_language && made_from != fingerprint(source),
        _ => false,
    }
}

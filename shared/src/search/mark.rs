//! Which parts of a shown text matched what was typed.

use super::words::{Word, words};

/// `text` in pieces, `true` for words that begin like a word of `query`; joined they are the text.
pub fn mark<'t>(text: &'t str, query: &str) -> Vec<(bool, &'t str)> {
    let typed = words(query);
    let mut pieces = Vec::new();
    let mut done = 0;
    for word in words(text).into_iter().filter(|word| matches(word, &typed)) {
        let start = word.at.start.max(done);
        if start > done {
            pieces.push((false, &text[done..start]));
        }
        if word.at.end > start {
            pieces.push((true, &text[start..word.at.end]));
            done = word.at.end;
        }
    }
    if done < text.len() {
        pieces.push((false, &text[done..]));
    }
    pieces
}

/// A single letter of an alphabet marks only itself, not every word that begins with it.
fn matches(word: &Word, typed: &[Word]) -> bool {
    typed.iter().any(|typed| {
        let short = typed.folded.len() == 1;
        if short { word.folded == typed.folded } else { word.folded.starts_with(&typed.folded) }
    })
}

/// Whether every word of `query` begins a word of `text`: for narrowing a list that is in sight.
pub fn holds(text: &str, query: &str) -> bool {
    let present = words(text);
    words(query).iter().all(|typed| present.iter().any(|word| word.folded.starts_with(&typed.folded)))
}

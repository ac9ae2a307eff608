//! Words of a text as they are searched, each with its place in the text.

use super::fold::fold_char;
use std::ops::Range;

/// No word is longer than this, in folded bytes; the rest of it is not searched.
const WORD_BYTES_MAX: usize = 64;
/// An Arabic word this long loses its article: people search with and without it.
const ARTICLE_CHARS_MIN: usize = 5;
const ARTICLE: &str = "ال";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub folded: String,
    /// Bytes of the text that it was folded from.
    pub at: Range<usize>,
}

/// The words of `text` in order, see [`each`].
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    each(text, &mut |folded, at| found.push(Word { folded: folded.to_owned(), at }));
    found
}

/// Says each word of `text` in order. Scripts that do not part words come as pairs of letters, each
/// beginning at every letter.
pub(super) fn each(text: &str, say: &mut dyn FnMut(&str, Range<usize>)) {
    let mut word = Word { folded: String::new(), at: 0..0 };
    let mut letter = String::new();
    let mut waiting: Option<Waiting> = None;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        letter.clear();
        fold_char(c, &mut letter);
        if is_unparted(c) {
            close(&mut word, say);
            pair_up(&mut waiting, &letter, at..end, say);
            continue;
        }
        alone(&mut waiting, at, say);
        if letter.chars().any(char::is_alphanumeric) {
            if word.folded.is_empty() {
                word.at = at..end;
            }
            word.at.end = end;
            word.folded.push_str(&letter);
        } else if letter.is_empty() && !word.folded.is_empty() {
            word.at.end = end; // A mark belongs to the letter before it.
        } else {
            close(&mut word, say);
        }
    }
    close(&mut word, say);
    alone(&mut waiting, text.len(), say);
}

fn close(word: &mut Word, say: &mut dyn FnMut(&str, Range<usize>)) {
    if word.folded.is_empty() {
        return;
    }
    let bare = word.folded.strip_prefix(ARTICLE).filter(|_| word.folded.chars().count() >= ARTICLE_CHARS_MIN);
    let folded = bare.unwrap_or(&word.folded);
    let end = (0..=WORD_BYTES_MAX.min(folded.len())).rev().find(|end| folded.is_char_boundary(*end));
    say(&folded[..end.unwrap_or_default()], word.at.clone());
    word.folded.clear();
}

/// A letter of a script without spaces that waits for the next one.
struct Waiting {
    letter: String,
    start: usize,
    /// Whether it is the second letter of a pair already.
    paired: bool,
}

/// Joins a letter to the one before it; it waits for the next in turn.
fn pair_up(waiting: &mut Option<Waiting>, letter: &str, at: Range<usize>, say: &mut dyn FnMut(&str, Range<usize>)) {
    let before = waiting.take();
    let paired = before.is_some();
    if let Some(before) = before {
        say(&(before.letter + letter), before.start..at.end);
    }
    *waiting = Some(Waiting { letter: letter.to_owned(), start: at.start, paired });
}

/// A letter that stands alone between others is a word by itself.
fn alone(waiting: &mut Option<Waiting>, end: usize, say: &mut dyn FnMut(&str, Range<usize>)) {
    if let Some(waiting) = waiting.take().filter(|waiting| !waiting.paired && !waiting.letter.is_empty()) {
        say(&waiting.letter, waiting.start..end);
    }
}

/// Chinese, Japanese, Thai, Lao, Khmer, Burmese and Tibetan do not put space between words.
fn is_unparted(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{e4f}' | '\u{e80}'..='\u{ecf}' | '\u{1000}'..='\u{103f}' | '\u{1780}'..='\u{17d3}'
        | '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

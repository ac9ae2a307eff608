//! What differs between two texts, word by word, so that the eye finds it.

/// A run of text that both have, or only this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub differs: bool,
}

/// A run of text on the way from one text to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Same(String),
    Gone(String),
    New(String),
}

/// Beyond this many words on a side only the middle between what is alike at both ends is marked.
const WORDS_MAX: usize = 600;

/// `text` in runs, marked where `other` reads differently.
pub fn marked(text: &str, other: &str) -> Vec<Run> {
    let (words, others) = (split(text), split(other));
    let (alike, _) = alike(&words, &others);
    let mut runs: Vec<Run> = Vec::new();
    for (word, alike) in words.into_iter().zip(alike) {
        match runs.last_mut() {
            Some(run) if run.differs != alike => run.text.push_str(word),
            _ => runs.push(Run { text: word.to_owned(), differs: !alike }),
        }
    }
    runs
}

/// The way from `old` to `new`: what stays, what goes, what comes.
pub fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let (words, others) = (split(old), split(new));
    let (stays, stayed) = alike(&words, &others);
    let (mut i, mut j) = (0, 0);
    let mut steps: Vec<Piece> = Vec::new();
    while i < words.len() || j < others.len() {
        let next = if i < words.len() && !stays[i] {
            i += 1;
            Piece::Gone(words[i - 1].to_owned())
        } else if j < others.len() && !stayed[j] {
            j += 1;
            Piece::New(others[j - 1].to_owned())
        } else {
            (i, j) = (i + 1, j + 1);
            Piece::Same(others[j - 1].to_owned())
        };
        steps.push(next);
    }
    joined(steps)
}

/// Steps of one kind in a row as one run. White space alone between what changes changes with it: "La
/// Halte" that becomes "Le Pont" is one thing gone and one come.
fn joined(steps: Vec<Piece>) -> Vec<Piece> {
    let (mut same, mut gone, mut new) = (String::new(), String::new(), String::new());
    let mut pieces = Vec::new();
    let mut close = |same: &mut String, gone: &mut String, new: &mut String| {
        let mut add = |text: &mut String, piece: fn(String) -> Piece| {
            if !text.is_empty() {
                pieces.push(piece(std::mem::take(text)));
            }
        };
        // Where words only came, white space that goes is nothing to read.
        if gone.trim().is_empty() && !new.is_empty() {
            gone.clear();
        }
        add(gone, Piece::Gone);
        add(new, Piece::New);
        add(same, Piece::Same);
    };
    for step in steps {
        match step {
            Piece::Same(word) => same.push_str(&word),
            Piece::Gone(word) | Piece::New(word) if word.is_empty() => {}
            change => {
                let between = !gone.is_empty() || !new.is_empty();
                if between && same.trim().is_empty() {
                    gone.push_str(&same);
                    new.push_str(&same);
                    same.clear();
                } else if !same.is_empty() {
                    close(&mut same, &mut gone, &mut new);
                }
                match change {
                    Piece::Gone(word) => gone.push_str(&word),
                    Piece::New(word) | Piece::Same(word) => new.push_str(&word),
                }
            }
        }
    }
    close(&mut same, &mut gone, &mut new);
    pieces
}

/// Which words of either side the other has too, in the same order.
fn alike(words: &[&str], others: &[&str]) -> (Vec<bool>, Vec<bool>) {
    if words.len().max(others.len()) > WORDS_MAX { (ends(words, others), ends(others, words)) } else { longest(words, others) }
}

/// Words and the white space between them, each a piece of its own.
fn split(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<bool> = None;
    for (at, c) in text.char_indices() {
        let space = c.is_whitespace();
        if before.is_some_and(|before| before != space) {
            pieces.push(&text[start..at]);
            start = at;
        }
        before = Some(space);
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

/// Which words stand in a longest common subsequence of both.
fn longest(words: &[&str], others: &[&str]) -> (Vec<bool>, Vec<bool>) {
    let width = others.len() + 1;
    let mut table = vec![0_u16; (words.len() + 1) * width];
    for i in (0..words.len()).rev() {
        for j in (0..others.len()).rev() {
            table[i * width + j] = if words[i] == others[j] {
                table[(i + 1) * width + j + 1] + 1
            } else {
                table[(i + 1) * width + j].max(table[i * width + j + 1])
            };
        }
    }
    let (mut alike, mut also) = (vec![false; words.len()], vec![false; others.len()]);
    let (mut i, mut j) = (0, 0);
    while i < words.len() && j < others.len() {
        if words[i] == others[j] {
            (alike[i], also[j]) = (true, true);
            (i, j) = (i + 1, j + 1);
        } else if table[(i + 1) * width + j] >= table[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    (alike, also)
}

/// Which words are alike at the beginning and at the end.
fn ends(words: &[&str], others: &[&str]) -> Vec<bool> {
    let start = words.iter().zip(others).take_while(|(one, other)| one == other).count();
    let rest = words.len().min(others.len()) - start;
    let end = words.iter().rev().zip(others.iter().rev()).take(rest).take_while(|(one, other)| one == other).count();
    (0..words.len()).map(|at| at < start || at >= words.len() - end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, other: &str) -> String {
        let mark = |run: Run| if run.differs { format!("[{}]", run.text) } else { run.text };
        marked(text, other).into_iter().map(mark).collect()
    }

    #[test]
    fn what_differs_is_marked() {
        assert_eq!(shown("open on Monday at nine", "open on Friday at nine"), "open on [Monday] at nine");
        assert_eq!(shown("open on Monday", "open"), "open[ on Monday]");
        assert_eq!(shown("the same", "the same"), "the same");
        assert_eq!(shown("", "words"), "");
        assert_eq!(shown("مفتوح يوم الإثنين", "مفتوح يوم الجمعة"), "مفتوح يوم [الإثنين]");
    }

    #[test]
    fn the_way_from_one_text_to_another() {
        let shown = |old: &str, new: &str| -> String {
            let piece = |piece: Piece| match piece {
                Piece::Same(text) => text,
                Piece::Gone(text) => format!("[-{text}]"),
                Piece::New(text) => format!("[+{text}]"),
            };
            pieces(old, new).into_iter().map(piece).collect()
        };
        assert_eq!(shown("open on Monday at nine", "open on Friday at nine"), "open on [-Monday][+Friday] at nine");
        assert_eq!(shown("open", "open on Monday"), "open[+ on Monday]");
        assert_eq!(shown("La Halte de nuit", "Le Pont de nuit"), "[-La Halte][+Le Pont] de nuit");
        assert_eq!(shown("a c", "a b c"), "a [+b ]c");
        assert_eq!(shown("a b c", ""), "[-a b c]");
        assert_eq!(shown("same", "same"), "same");
        let long = |word: &str| format!("{}{word} {}", "a ".repeat(700), "b ".repeat(700));
        assert_eq!(pieces(&long("one"), &long("two"))[1..3], [Piece::Gone("one".into()), Piece::New("two".into())]);
    }

    #[test]
    fn long_texts_are_marked_in_the_middle() {
        let long = |word: &str| format!("{}{word} {}", "a ".repeat(700), "b ".repeat(700));
        let runs = marked(&long("one"), &long("two"));
        assert_eq!(runs.iter().filter(|run| run.differs).map(|run| run.text.as_str()).collect::<Vec<_>>(), ["one"]);
    }
}

//! What differs between two texts, word by word, so that the eye finds it.

/// A run of text that both have, or only this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub differs: bool,
}

/// Beyond this many words on a side only the middle between what is alike at both ends is marked.
const WORDS_MAX: usize = 600;

/// `text` in runs, marked where `other` reads differently.
pub fn marked(text: &str, other: &str) -> Vec<Run> {
    let (words, others) = (split(text), split(other));
    let alike = if words.len().max(others.len()) > WORDS_MAX { ends(&words, &others) } else { longest(&words, &others) };
    let mut runs: Vec<Run> = Vec::new();
    for (word, alike) in words.into_iter().zip(alike) {
        match runs.last_mut() {
            Some(run) if run.differs != alike => run.text.push_str(word),
            _ => runs.push(Run { text: word.to_owned(), differs: !alike }),
        }
    }
    runs
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
fn longest(words: &[&str], others: &[&str]) -> Vec<bool> {
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
    let mut alike = vec![false; words.len()];
    let (mut i, mut j) = (0, 0);
    while i < words.len() && j < others.len() {
        if words[i] == others[j] {
            alike[i] = true;
            (i, j) = (i + 1, j + 1);
        } else if table[(i + 1) * width + j] >= table[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    alike
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
    fn long_texts_are_marked_in_the_middle() {
        let long = |word: &str| format!("{}{word} {}", "a ".repeat(700), "b ".repeat(700));
        let runs = marked(&long("one"), &long("two"));
        assert_eq!(runs.iter().filter(|run| run.differs).map(|run| run.text.as_str()).collect::<Vec<_>>(), ["one"]);
    }
}

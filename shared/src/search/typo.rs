//! How far apart two words are: letters left out, added, changed or swapped (Damerau-Levenshtein,
//! optimal string alignment).

/// What a word's length lets pass: one slip from four letters, two from eight.
pub(super) fn slips_allowed(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// A word to compare others with.
pub(super) struct Typed {
    letters: Vec<char>,
    rows: [Vec<usize>; 3],
    other: Vec<char>,
}

impl Typed {
    pub fn new(word: &str) -> Typed {
        Typed { letters: word.chars().collect(), rows: Default::default(), other: Vec::new() }
    }

    pub fn slips_allowed(&self) -> usize {
        slips_allowed(self.letters.len())
    }

    /// The slips between the typed word and `other`, or its beginning when `unfinished`; `None` when
    /// there are more than its length allows.
    pub fn slips(&mut self, other: &str, unfinished: bool) -> Option<usize> {
        let most = self.slips_allowed();
        self.other.clear();
        // Of a longer word only as much as could match its beginning.
        let reach = if unfinished { self.letters.len() + most } else { usize::MAX };
        self.other.extend(other.chars().take(reach));
        if most == 0 || self.letters.len().abs_diff(self.other.len()) > most {
            return None;
        }
        let slips = self.distance(most, unfinished)?;
        (slips <= most).then_some(slips)
    }

    /// Row by row over the typed letters; stops when a row has passed `most`.
    fn distance(&mut self, most: usize, unfinished: bool) -> Option<usize> {
        let width = self.other.len() + 1;
        let [before, last, row] = &mut self.rows;
        for line in [&mut *before, &mut *last, &mut *row] {
            line.clear();
            line.resize(width, 0);
        }
        last.iter_mut().enumerate().for_each(|(at, cost)| *cost = at);
        for (i, typed) in self.letters.iter().enumerate() {
            row[0] = i + 1;
            for (j, letter) in self.other.iter().enumerate() {
                let changed = last[j] + usize::from(typed != letter);
                let mut cost = changed.min(last[j + 1] + 1).min(row[j] + 1);
                if i > 0 && j > 0 && *typed == self.other[j - 1] && self.letters[i - 1] == *letter {
                    cost = cost.min(before[j - 1] + 1);
                }
                row[j + 1] = cost;
            }
            if row.iter().all(|cost| *cost > most) {
                return None;
            }
            std::mem::swap(before, last);
            std::mem::swap(last, row);
        }
        if unfinished { last.iter().copied().min() } else { last.last().copied() }
    }
}

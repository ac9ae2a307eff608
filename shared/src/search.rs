//! Search: fold, index, rank. The same code for the relay's pages, the reader's phone and the
//! members' lists.
//!
//! An [`Index`] is built once from an edition and answers every key pressed: a sorted vocabulary with
//! postings, searched by beginning, and by likeness where nothing begins so. A record should match
//! every word that was typed; where none does, those that match most words are shown.

use crate::categories::top;
use crate::edition::Edition;
use crate::ids::RecordId;
use crate::order::order;

mod build;
mod fold;
mod mark;
mod typo;
mod words;

pub use fold::fold;
pub use mark::{holds, mark};

/// Words of a query beyond these are not looked at.
const QUERY_WORDS_MAX: usize = 12;
/// A query is cut here before anything else is done with it, in bytes.
const QUERY_BYTES_MAX: usize = 400;
/// Words this short (`de`, `la`, `in`) help to rank, but need not match when a longer one does.
const FILLER_BYTES_MAX: usize = 2;

/// How well a word of the vocabulary fits a typed one, in hundredths.
const EXACT: u32 = 100;
const PREFIX: u32 = 70;
const SLIP: u32 = 40;
const TWO_SLIPS: u32 = 25;
/// What a name gains that is all in what was typed.
const WHOLE_NAME: u32 = 3_000;

/// Everything findable of one edition.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// By name.
    docs: Vec<Doc>,
    /// Folded words, sorted.
    vocabulary: Vec<String>,
    /// The same words as they are written.
    shown: Vec<String>,
    postings: Vec<Vec<Posting>>,
    /// The category codes that some place offers something of, each once.
    offered: Vec<String>,
}

#[derive(Debug, Clone)]
struct Doc {
    record: RecordId,
    is_place: bool,
    name_words: u16,
}

/// A word stands in a document, where it says this much.
#[derive(Debug, Clone, Copy)]
struct Posting {
    doc: u32,
    weight: u8,
}

/// A record that was found; higher scores first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub record: RecordId,
    /// Or else a page.
    pub is_place: bool,
    pub score: u32,
}

/// What one typed word gives a document.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    score: u32,
    /// How many of the words that must match did.
    matched: usize,
    name_words: u16,
}

impl Index {
    /// `category_words` gives the names of a category code in the edition's language.
    pub fn build(edition: &Edition, category_words: &dyn Fn(&str) -> Vec<String>) -> Index {
        build::build(edition, category_words)
    }

    /// What `query` finds, best first; the same order every time. Nothing for a query without words.
    pub fn search(&self, query: &str) -> Vec<Hit> {
        self.first(query, usize::MAX).0
    }

    /// The same with no more than the best `most` places, and how many places there are.
    pub fn first(&self, query: &str, most: usize) -> (Vec<Hit>, usize) {
        let typed = typed(query);
        let needed = typed.iter().filter(|word| word.needed).count();
        let mut tallies = vec![Tally::default(); self.docs.len()];
        for (at, word) in typed.iter().enumerate() {
            let last = at + 1 == typed.len();
            let best = self.matches(&word.folded, last);
            for (tally, (score, in_name)) in tallies.iter_mut().zip(best).filter(|(_, (score, _))| *score > 0) {
                tally.score += score;
                tally.matched += usize::from(word.needed);
                tally.name_words += u16::from(in_name);
            }
        }
        let matched = tallies.iter().map(|tally| tally.matched).max().unwrap_or_default();
        // Every word, or else most of them.
        if matched == 0 || matched * 2 < needed {
            return (Vec::new(), 0);
        }
        self.ranked(tallies.iter().enumerate().filter(|(_, tally)| tally.matched == matched), most)
    }

    /// Whether some place offers something of `code`, a category or one kind of it.
    pub fn offers(&self, code: &str) -> bool {
        self.offered.iter().any(|own| own == code || top(own) == code)
    }

    fn ranked<'a>(&self, found: impl Iterator<Item = (usize, &'a Tally)>, most: usize) -> (Vec<Hit>, usize) {
        // A name that is all in what was typed is what was meant.
        let whole_name = |doc: &Doc, tally: &Tally| {
            u32::from(tally.name_words.min(doc.name_words)) * WHOLE_NAME / u32::from(doc.name_words.max(1))
        };
        // Best first, then by name: as numbers, for ten thousand are sorted at a key pressed.
        let (mut places, mut ranks) = (Vec::new(), Vec::new());
        for (at, tally) in found {
            let doc = &self.docs[at];
            let score = tally.score + whole_name(doc, tally);
            let among = if doc.is_place { &mut places } else { &mut ranks };
            among.push(u64::from(!score) << 32 | at as u64);
        }
        let all = places.len();
        ranks.extend(least(places, most));
        let hit = |at: usize| {
            let doc = &self.docs[ranks[at] as u32 as usize];
            Hit { record: doc.record, is_place: doc.is_place, score: !((ranks[at] >> 32) as u32) }
        };
        let hits = order(ranks.len(), &mut |a, b| ranks[a].cmp(&ranks[b])).into_iter().map(hit).collect();
        (hits, all)
    }

    /// For each document the best score of a typed word, and whether that is in its name.
    fn matches(&self, typed: &str, last: bool) -> Vec<(u32, bool)> {
        let mut best = vec![(0, false); self.docs.len()];
        for (word, fit) in self.candidates(typed, last) {
            for posting in &self.postings[word] {
                let found = (fit * u32::from(posting.weight), posting.weight == build::NAME);
                let known = &mut best[posting.doc as usize];
                *known = (*known).max(found);
            }
        }
        best
    }

    /// Words of the vocabulary for a typed one: those that begin with it, else those like it.
    fn candidates(&self, typed: &str, last: bool) -> Vec<(usize, u32)> {
        let start = self.vocabulary.partition_point(|word| word.as_str() < typed);
        let beginning = self.vocabulary[start..].iter().take_while(|word| word.starts_with(typed));
        let fit = |word: &String| if word.len() == typed.len() { EXACT } else { PREFIX };
        let mut found: Vec<(usize, u32)> = beginning.enumerate().map(|(at, word)| (start + at, fit(word))).collect();
        if found.is_empty() {
            let fit = |slips| if slips <= 1 { SLIP } else { TWO_SLIPS };
            found = self.alike(typed, last).map(|(word, slips)| (word, fit(slips))).collect();
        }
        found
    }

    fn alike(&self, typed: &str, unfinished: bool) -> impl Iterator<Item = (usize, usize)> {
        let mut typed = typo::Typed::new(typed);
        let known = if typed.slips_allowed() > 0 { self.vocabulary.as_slice() } else { &[] };
        known.iter().enumerate().filter_map(move |(at, word)| typed.slips(word, unfinished).map(|slips| (at, slips)))
    }

    /// The query with words that occur in the guide for those that do not: "did you mean".
    /// `None` when every word occurs, or nothing is like them.
    pub fn suggest(&self, query: &str) -> Option<String> {
        let mut changed = false;
        let mut suggested = Vec::new();
        for word in typed(query) {
            match self.nearest(&word.folded) {
                Nearest::Same => suggested.push(word.written),
                Nearest::Other(shown) => {
                    changed = true;
                    suggested.push(shown.to_owned());
                }
                Nearest::None => {}
            }
        }
        (changed && !suggested.is_empty()).then(|| suggested.join(" "))
    }

    fn nearest(&self, typed: &str) -> Nearest<'_> {
        let start = self.vocabulary.partition_point(|word| word.as_str() < typed);
        if self.vocabulary.get(start).is_some_and(|word| word.starts_with(typed)) {
            return Nearest::Same;
        }
        let often = |word: usize| self.postings[word].len();
        let nearest = self.alike(typed, false).min_by_key(|(word, slips)| (*slips, usize::MAX - often(*word), *word));
        nearest.map_or(Nearest::None, |(word, _)| Nearest::Other(&self.shown[word]))
    }
}

/// The `most` smallest numbers, in any order.
fn least(numbers: Vec<u64>, most: usize) -> Vec<u64> {
    if numbers.len() <= most {
        return numbers;
    }
    let mut least: Vec<u64> = Vec::new();
    for number in numbers {
        let at = least.partition_point(|known| *known < number);
        if at < most {
            least.truncate(most - 1);
            least.insert(at, number);
        }
    }
    least
}

enum Nearest<'a> {
    /// The typed word occurs, or begins one that does.
    Same,
    Other(&'a str),
    None,
}

struct TypedWord {
    folded: String,
    written: String,
    /// Whether a record has to match it.
    needed: bool,
}

/// The words of a query. Short ones are needed only when there are no others.
fn typed(query: &str) -> Vec<TypedWord> {
    let end = (0..=QUERY_BYTES_MAX.min(query.len())).rev().find(|end| query.is_char_boundary(*end)).unwrap_or_default();
    let query = &query[..end];
    let mut found = words::words(query);
    found.truncate(QUERY_WORDS_MAX);
    let filler = |folded: &str| folded.len() <= FILLER_BYTES_MAX && folded.bytes().all(|byte| byte.is_ascii_alphabetic());
    let only_fillers = found.iter().all(|word| filler(&word.folded));
    let needed = |folded: &str| only_fillers || !filler(folded);
    found
        .into_iter()
        .map(|word| TypedWord { needed: needed(&word.folded), written: query[word.at].to_owned(), folded: word.folded })
        .collect()
}

//! From an edition to an index: which words a reader may find a record by, and how much each says.

use super::fold::{fold, small};
use super::words;
use super::{Doc, Index, Posting};
use crate::edition::{Edition, Entry, PageEntry, PlaceEntry, ServiceEntry, Words};
use crate::ids::RecordId;
use crate::order::{self, Ordered};
use std::collections::BTreeMap;

/// How much a match says, by where the word stands.
pub(super) const NAME: u8 = 100;
const CATEGORY: u8 = 60;
/// A page is about its category; a place offers it among other things. Who types "police" is not lost
/// among all places that help in an emergency.
const ABOUT: u8 = 64;
const ORGANIZATION: u8 = 45;
const WHERE: u8 = 35;
const TEXT: u8 = 15;
/// What a category's word says more for standing there again, mostly in a further service: who does
/// something most is found first.
const AGAIN: u8 = 4;
const CATEGORY_MAX: u8 = 76;

/// The index of everything in `edition` that has a page of its own. `category_words` gives the names
/// of a category code in the edition's language, for people search by them.
pub(super) fn build<'e>(edition: &'e Edition, category_words: &dyn Fn(&str) -> Vec<String>) -> Index {
    let mut builder = Builder {
        category_words,
        categories: Ordered::default(),
        offered: Vec::new(),
        docs: Vec::new(),
        vocabulary: BTreeMap::new(),
        found: Vec::new(),
    };
    let named = |(record, entry): (&RecordId, &'e Entry)| match entry {
        Entry::Place(place) => Some((fold(&place.name), *record, entry)),
        Entry::Page(page) => Some((fold(&page.title.text), *record, entry)),
        Entry::Notice(_) => None,
    };
    let entries: Vec<(String, RecordId, &Entry)> = edition.entries.iter().filter_map(named).collect();
    let by_name = |a: usize, b: usize| (&entries[a].0, entries[a].1).cmp(&(&entries[b].0, entries[b].1));
    for at in order::order(entries.len(), &mut { by_name }) {
        let (_, record, entry) = &entries[at];
        match entry {
            Entry::Place(place) => builder.place(*record, place),
            Entry::Page(page) => builder.page(*record, page),
            Entry::Notice(_) => {}
        }
    }
    builder.finish()
}

/// A word as it was first written, and where it stands.
#[derive(Default)]
struct Found {
    shown: String,
    postings: Vec<Posting>,
}

struct Builder<'a> {
    category_words: &'a dyn Fn(&str) -> Vec<String>,
    /// The words of a code's names: asked for once, and most places share them.
    categories: Ordered<String, Vec<usize>>,
    offered: Vec<String>,
    /// In the order of their names: a document's number is its rank where nothing else ranks it.
    docs: Vec<Doc>,
    /// Folded words, each with its number in `found`.
    vocabulary: BTreeMap<String, usize>,
    found: Vec<Found>,
}

impl Builder<'_> {
    fn place(&mut self, record: RecordId, place: &PlaceEntry) {
        self.begin(record, &place.name, true);
        self.add(NAME, place.alternate_name.as_deref().unwrap_or_default());
        self.add(ORGANIZATION, place.organization.as_deref().unwrap_or_default());
        self.texts(TEXT, [&place.description, &place.transportation]);
        let address = &place.address;
        for line in [&address.city, &address.region, &address.postal_code, &address.address_1, &address.address_2] {
            self.add(WHERE, line.as_deref().unwrap_or_default());
        }
        place.services.iter().for_each(|service| self.service(service));
    }

    fn service(&mut self, service: &ServiceEntry) {
        if let Some(code) = &service.category {
            if !self.offered.contains(code) {
                self.offered.push(code.clone());
            }
            self.category(CATEGORY, code);
        }
        self.texts(CATEGORY, [&service.name]);
        self.texts(TEXT, [&service.description, &service.eligibility_description, &service.alert]);
    }

    fn page(&mut self, record: RecordId, page: &PageEntry) {
        self.begin(record, &page.title.text, false);
        if let Some(code) = &page.category {
            self.category(ABOUT, code);
        }
        self.texts(TEXT, [&page.audience, &page.body]);
        page.steps.iter().for_each(|step| self.add(TEXT, &step.text.text));
    }

    fn begin(&mut self, record: RecordId, name: &str, is_place: bool) {
        let mut name_words: u16 = 0;
        words::each(name, &mut |_, _| name_words = name_words.saturating_add(1));
        self.docs.push(Doc { record, is_place, name_words });
        self.add(NAME, name);
    }

    fn category(&mut self, weight: u8, code: &str) {
        let words = match self.categories.get(code) {
            Some(words) => words.clone(),
            None => {
                let words = self.numbers(&(self.category_words)(code).join(" "));
                self.categories.insert(code.to_owned(), words.clone());
                words
            }
        };
        self.post(weight, &words);
    }

    fn texts<const N: usize>(&mut self, weight: u8, texts: [&Option<Words>; N]) {
        texts.into_iter().flatten().for_each(|words| self.add(weight, &words.text));
    }

    fn add(&mut self, weight: u8, text: &str) {
        let words = self.numbers(text);
        self.post(weight, &words);
    }

    /// The numbers of a text's words; new words are given one.
    fn numbers(&mut self, text: &str) -> Vec<usize> {
        let mut numbers = Vec::new();
        words::each(text, &mut |folded, at| {
            let number = self.vocabulary.get(folded).copied().unwrap_or_else(|| {
                let shown = text[at].chars().map(small).collect();
                self.found.push(Found { shown, postings: Vec::new() });
                self.vocabulary.insert(folded.to_owned(), self.found.len() - 1);
                self.found.len() - 1
            });
            numbers.push(number);
        });
        numbers
    }

    /// Each word once per record, with the most that it says there.
    fn post(&mut self, weight: u8, words: &[usize]) {
        let doc = self.docs.len() as u32 - 1;
        for word in words {
            let postings = &mut self.found[*word].postings;
            match postings.last_mut().filter(|posting| posting.doc == doc) {
                Some(posting) if weight == CATEGORY && (CATEGORY..CATEGORY_MAX).contains(&posting.weight) => {
                    posting.weight += AGAIN;
                }
                Some(posting) => posting.weight = posting.weight.max(weight),
                None => postings.push(Posting { doc, weight }),
            }
        }
    }

    fn finish(mut self) -> Index {
        let mut index = Index { docs: self.docs, offered: self.offered, ..Index::default() };
        for (word, number) in self.vocabulary {
            let found = std::mem::take(&mut self.found[number]);
            index.vocabulary.push(word);
            index.shown.push(found.shown);
            index.postings.push(found.postings);
        }
        index
    }
}

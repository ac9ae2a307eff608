//! From an edition to an index: which words a reader may find a record by, and how much each says.

use super::fold::small;
use super::words::words;
use super::{Doc, Index, Posting};
use crate::edition::{Edition, Entry, PageEntry, PlaceEntry, ServiceEntry, Words};
use crate::ids::RecordId;
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
pub(super) fn build(edition: &Edition, category_words: &dyn Fn(&str) -> Vec<String>) -> Index {
    let mut builder = Builder { category_words, categories: BTreeMap::new(), docs: Vec::new(), found: BTreeMap::new() };
    for (record, entry) in edition.entries.iter() {
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
    /// Names of codes, asked for once.
    categories: BTreeMap<String, String>,
    docs: Vec<Doc>,
    found: BTreeMap<String, Found>,
}

impl Builder<'_> {
    fn place(&mut self, record: RecordId, place: &PlaceEntry) {
        self.begin(record, &place.name);
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
            self.category(CATEGORY, code);
        }
        self.texts(CATEGORY, [&service.name]);
        self.texts(TEXT, [&service.description, &service.eligibility_description, &service.alert]);
    }

    fn page(&mut self, record: RecordId, page: &PageEntry) {
        self.begin(record, &page.title.text);
        if let Some(code) = &page.category {
            self.category(ABOUT, code);
        }
        self.texts(TEXT, [&page.audience, &page.body]);
        page.steps.iter().for_each(|step| self.add(TEXT, &step.text.text));
    }

    fn begin(&mut self, record: RecordId, name: &str) {
        let name_words = words(name).len().try_into().unwrap_or(u16::MAX);
        self.docs.push(Doc { record, name: super::fold(name), name_words });
        self.add(NAME, name);
    }

    fn category(&mut self, weight: u8, code: &str) {
        let names = self.categories.entry(code.to_owned()).or_insert_with(|| (self.category_words)(code).join(" ")).clone();
        self.add(weight, &names);
    }

    fn texts<const N: usize>(&mut self, weight: u8, texts: [&Option<Words>; N]) {
        texts.into_iter().flatten().for_each(|words| self.add(weight, &words.text));
    }

    /// Each word once per record, with the most that it says there.
    fn add(&mut self, weight: u8, text: &str) {
        let doc = self.docs.len() as u32 - 1;
        for word in words(text) {
            let found = self.found.entry(word.folded).or_default();
            if found.shown.is_empty() {
                found.shown = text[word.at].chars().map(small).collect();
            }
            match found.postings.last_mut().filter(|posting| posting.doc == doc) {
                Some(posting) if weight == CATEGORY && (CATEGORY..CATEGORY_MAX).contains(&posting.weight) => {
                    posting.weight += AGAIN;
                }
                Some(posting) => posting.weight = posting.weight.max(weight),
                None => found.postings.push(Posting { doc, weight }),
            }
        }
    }

    fn finish(self) -> Index {
        let mut index = Index { docs: self.docs, ..Index::default() };
        for (word, found) in self.found {
            index.vocabulary.push(word);
            index.shown.push(found.shown);
            index.postings.push(found.postings);
        }
        index
    }
}

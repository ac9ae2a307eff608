//! What a query finds, in the order in which it is shown.

use super::Indexed;
use crate::components::Typed;
use crate::guide::{Near, use_site};
use crate::pages::Inside;
use crate::pages::list::{self, From, is_near, narrowed, sorted};
use crate::routes::{Filters, Route};
use leptos::prelude::{Get, GetUntracked, Track};
use shared::categories::codes;
use shared::ids::RecordId;
use shared::search::{self, Index};
use std::sync::{Arc, Mutex, PoisonError};

/// While a query is being typed so many places are looked at: what is best comes first.
const TYPED_PLACES: usize = 100;

/// A search: what the page was opened with, and what is being typed.
#[derive(Clone)]
pub struct Asked {
    pub inside: Inside,
    pub filters: Filters,
    opened: (String, usize),
    typed: Typed,
    /// Every part of the page asks, one of them has it looked up.
    last: Arc<Mutex<Option<Arc<Found>>>>,
}

/// What was found.
pub struct Found {
    pub query: String,
    /// Which page of the places, from 1; `None` while the query is being typed.
    pub page: Option<usize>,
    /// Where distances are counted from, in a word.
    pub near: String,
    pub categories: Vec<String>,
    /// How many places there are before they are narrowed down, with those that were not looked at.
    pub all: usize,
    /// Those that were.
    pub every: Vec<RecordId>,
    /// What the filters leave of them.
    pub places: Vec<RecordId>,
    pub pages: Vec<RecordId>,
    /// A page is what fits best.
    pub page_first: bool,
    /// Filters and distance choose among all places; where there are none, the first ones will do while a
    /// query is being typed.
    pub first_only: bool,
}

impl Asked {
    pub fn new(inside: &Inside, filters: &Filters, opened: (String, usize), typed: Typed) -> Asked {
        Asked { inside: inside.clone(), filters: filters.clone(), opened, typed, last: Arc::default() }
    }

    /// What is found now; whoever asks follows what is typed.
    pub fn found(&self) -> Arc<Found> {
        let (typed, near) = (self.typed.seen.get(), near());
        // What is being typed is another list, of which the first few are shown.
        let page = (typed == self.opened.0).then_some(self.opened.1);
        let query = typed.trim();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some(last) if last.query == query && last.page == page && last.near == near => last.clone(),
            _ => last.insert(Arc::new(self.look_up(query, page, near))).clone(),
        }
    }

    /// Whether what is found has been painted; whoever asks follows that, and what is near.
    pub fn is_painted(&self) -> bool {
        use_site().near.track();
        self.typed.rest.get() == self.typed.seen.get_untracked()
    }

    fn look_up(&self, query: &str, page: Option<usize>, near: String) -> Found {
        let inside = &self.inside;
        let first_only = page.is_none() && self.filters.is_empty() && !is_near();
        // Without a question no index is needed: it is made once the page is painted.
        let index = (!query.is_empty()).then(|| Indexed::of(&inside.edition, &inside.locale));
        let most = if first_only { TYPED_PLACES } else { usize::MAX };
        let (hits, all) = index.as_ref().map(|index| index.first(query, most)).unwrap_or_default();
        let of = |is_place| hits.iter().filter(move |hit| hit.is_place == is_place).map(|hit| hit.record);
        let every: Vec<RecordId> = of(true).collect();
        // Each half in the order in which it was found.
        let places = sorted(inside, narrowed(inside, inside.places(&every), &self.filters), false);
        Found {
            query: query.to_owned(),
            page,
            near,
            categories: index.map(|index| found_categories(inside, &index, query)).unwrap_or_default(),
            all,
            places: places.into_iter().map(|(id, _)| *id).collect(),
            every,
            pages: of(false).collect(),
            page_first: hits.first().is_some_and(|hit| !hit.is_place),
            first_only,
        }
    }

    /// The list of what is found, as an address.
    pub fn route(&self) -> Route {
        let found = self.found();
        let route = Route::search(&self.inside.guide, &self.inside.language, &found.query);
        route.filtered(&self.filters).at_page(found.page.unwrap_or(1))
    }

    pub fn leading(&self) -> From {
        let asked = self.clone();
        Arc::new(move || asked.route())
    }
}

impl Found {
    pub fn is_nothing(&self) -> bool {
        self.categories.is_empty() && self.pages.is_empty() && self.all == 0
    }

    /// A word for what was asked: the same for the same question.
    pub fn word(&self) -> String {
        format!("{}{}{}", self.near, self.page.unwrap_or_default(), self.query)
    }

    /// "23 places".
    pub fn count(&self, inside: &Inside) -> String {
        inside.locale.count("list.count", if self.first_only { self.all } else { self.places.len() }, &[])
    }

    /// "23 places", or that there is nothing.
    pub fn said(&self, inside: &Inside) -> String {
        if self.is_nothing() { inside.locale.with("search.nothing", &[("query", &self.query)]) } else { self.count(inside) }
    }
}

/// The places that `query` finds, best first.
pub fn places<'a>(inside: &'a Inside, query: &str) -> Vec<list::Found<'a>> {
    let hits = Indexed::of(&inside.edition, &inside.locale).search(query.trim());
    inside.places(&hits.into_iter().map(|hit| hit.record).collect::<Vec<_>>())
}

fn near() -> String {
    match use_site().near.get() {
        Near::NotAsked => String::new(),
        Near::Looking => "…".to_owned(),
        Near::Failed => "?".to_owned(),
        Near::Here([north, east]) => format!("{north},{east} "),
    }
}

/// Categories that have places and whose name holds what was typed.
fn found_categories(inside: &Inside, index: &Index, query: &str) -> Vec<String> {
    let holds = |code: &String| search::holds(&inside.locale.searched(code), query);
    codes().filter(|code| index.offers(code)).filter(holds).collect()
}

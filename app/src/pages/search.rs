//! Search: categories first, then places, then pages, with found words marked. Without the app a GET
//! form; with it, results follow what is typed.

use super::list::{cards, filter_chips, first_cards, is_near, leave_out, narrowed, nearby, sorted};
use super::{Inside, home, notices};
use crate::components::{icon, page_link, search_field, tel};
use crate::guide::use_site;
use crate::routes::{Filters, Route};
use leptos::prelude::*;
use shared::categories::codes;
use shared::edition::{Entry, PageEntry, PlaceEntry};
use shared::ids::RecordId;
use shared::search::{self, Index};

mod indexed;

pub use indexed::{Indexed, index};

pub fn page(inside: &Inside, query: &str, filters: &Filters, page: usize) -> AnyView {
    let typed = RwSignal::new(query.to_owned());
    let field = search_field(&inside.guide, &inside.language, query, Some(typed));
    let (title, filters, asked) = (inside.locale.text("search.title"), filters.clone(), query.to_owned());
    // What changes under a screen reader's hands is said beside it.
    let said = RwSignal::new(String::new());
    prepare(inside);
    let inside = inside.clone();
    let results = move || {
        let query = typed.get();
        // What is being typed is another list, of which the first few are shown.
        let page = (query == asked).then_some(page);
        let (found, view) = results(&inside, query.trim(), &filters, page);
        said.set(if page.is_none() { found } else { String::new() });
        view
    };
    view! {
        <h1>{title}</h1>
        {field}
        <p class="unseen" role="status">{said}</p>
        {results}
    }
    .into_any()
}

/// The index is made while the person still thinks of a word, not under the first letter.
fn prepare(inside: &Inside) {
    if let Some(after_paint) = use_site().hands.get_untracked().after_paint {
        let (inside, owner) = (inside.clone(), Owner::current());
        after_paint(Box::new(move || {
            if let Some(owner) = owner {
                owner.with(|| drop(Indexed::of(&inside.edition, &inside.locale)));
            }
        }));
    }
}

/// Everything that a query found, in the order in which it is shown.
struct Found<'a> {
    categories: Vec<String>,
    places: Vec<(&'a RecordId, &'a PlaceEntry)>,
    /// How many places there are, with those that were not looked at.
    all: usize,
    pages: Vec<(&'a RecordId, &'a PageEntry)>,
    /// A page is what fits best.
    page_first: bool,
}

/// While a query is being typed so many places are looked at: what is best comes first.
const TYPED_PLACES: usize = 100;

/// What was found, in words and as it is shown. `page` is `None` while the query is being typed.
fn results(inside: &Inside, query: &str, filters: &Filters, page: Option<usize>) -> (String, AnyView) {
    if query.is_empty() {
        return (String::new(), view! { <ul class="categories">{home::categories(inside)}</ul> }.into_any());
    }
    // Filters and distance choose among all places.
    let first_only = page.is_none() && filters.is_empty() && !is_near();
    let found = find(inside, query, if first_only { TYPED_PLACES } else { usize::MAX });
    let route = Route::search(&inside.guide, &inside.language, query).filtered(filters).at_page(page.unwrap_or(1));
    let near = nearby(inside, &route, &found.places, None);
    let chips = filter_chips(inside, &route, filters, &found.places);
    // Each half in the order in which it was found.
    let places = sorted(inside, narrowed(inside, found.places.clone(), filters), false);
    if found.categories.is_empty() && found.pages.is_empty() && found.all == 0 {
        let said = inside.locale.with("search.nothing", &[("query", query)]);
        let view = view! { {suggestion(inside, query)} <p class="empty">{said.clone()}</p> {instead(inside)} };
        return (said, view.into_any());
    }
    let said = inside.locale.count("list.count", if first_only { found.all } else { places.len() }, &[]);
    let places = (found.all > 0).then(|| {
        let heading = inside.locale.text("search.places");
        let cards = match page {
            Some(page) => cards(inside, &route, &places, page, query),
            None => first_cards(inside, &route, &places, if first_only { found.all } else { places.len() }, query),
        };
        let left_out = places.is_empty().then(|| leave_out(inside, &route, &found.places, filters));
        let notices = notices::of_list(inside, filters, &places);
        view! { <section><h2 class="unseen">{heading}</h2> {chips} {notices} {near} {cards} {left_out}</section> }
    });
    let pages = pages(inside, &found.pages, query);
    let (above, below) = if found.page_first { (pages, None) } else { (None, pages) };
    let view = view! {
        {suggestion(inside, query)}
        {categories(inside, &found.categories)}
        {above}
        {places}
        {below}
    };
    (said, view.into_any())
}

/// The places that `query` finds, best first.
pub(super) fn places<'a>(inside: &'a Inside, query: &str) -> Vec<super::list::Found<'a>> {
    find(inside, query.trim(), usize::MAX).places
}

fn find<'a>(inside: &'a Inside, query: &str, most: usize) -> Found<'a> {
    let index = Indexed::of(&inside.edition, &inside.locale);
    let (categories, hits) = (found_categories(inside, &index, query), index.search(query));
    let page_first = hits.first().is_some_and(|hit| !hit.is_place);
    let mut found = Found { categories, places: Vec::new(), all: 0, pages: Vec::new(), page_first };
    for hit in hits {
        found.all += usize::from(hit.is_place);
        if hit.is_place && found.all > most {
            continue;
        }
        match inside.edition.entries.get_key_value(&hit.record) {
            Some((id, Entry::Place(place))) => found.places.push((id, place)),
            Some((id, Entry::Page(page))) => found.pages.push((id, page)),
            _ => {}
        }
    }
    found
}

/// Categories that have places and whose name holds what was typed.
fn found_categories(inside: &Inside, index: &Index, query: &str) -> Vec<String> {
    let holds = |code: &String| search::holds(&inside.locale.searched(code), query);
    codes().filter(|code| index.offers(code)).filter(holds).collect()
}

fn categories(inside: &Inside, codes: &[String]) -> Option<AnyView> {
    let links = codes.iter().map(|code| {
        let href = Route::category(&inside.guide, &inside.language, code).href();
        let name = inside.locale.under("category.", code);
        view! { <li><a class="line" href=href>{icon(&format!("category.{code}"))} <span>{name}</span> {icon("chevron")}</a></li> }
    });
    let links = links.collect_view();
    (!codes.is_empty()).then(|| {
        view! { <section><h2>{inside.locale.text("search.categories")}</h2> <ul class="links">{links}</ul></section> }.into_any()
    })
}

fn pages(inside: &Inside, pages: &[(&RecordId, &PageEntry)], query: &str) -> Option<AnyView> {
    let links = pages.iter().map(|(id, page)| {
        let href = Route::page(&inside.guide, &inside.language, **id).href();
        page_link(href, marked(&page.title.text, query), page)
    });
    let links = links.collect_view();
    (!pages.is_empty()).then(|| {
        view! { <section><h2>{inside.locale.text("search.pages")}</h2> <ul class="links">{links}</ul></section> }.into_any()
    })
}

/// A text with the words that were looked for marked.
pub(super) fn marked(text: &str, query: &str) -> AnyView {
    let piece = |(found, piece): (bool, &str)| match found {
        true => view! { <mark>{piece.to_owned()}</mark> }.into_any(),
        false => piece.to_owned().into_any(),
    };
    let pieces = search::mark(text, query).into_iter().map(piece).collect_view();
    view! { <bdi>{pieces}</bdi> }.into_any()
}

fn suggestion(inside: &Inside, query: &str) -> Option<AnyView> {
    let better = Indexed::of(&inside.edition, &inside.locale).suggest(query)?;
    let href = Route::search(&inside.guide, &inside.language, &better).href();
    let ask = inside.locale.text("search.did_you_mean");
    Some(view! { <p class="did-you-mean">{ask} {" "} <a href=href><bdi>{better}</bdi></a></p> }.into_any())
}

/// Nothing found: what to try, and whom to ask.
fn instead(inside: &Inside) -> AnyView {
    let locale = &inside.locale;
    let ask = inside.edition.guide.contact.phone.clone().map(|phone| {
        view! { <li>{locale.text("search.try_call")} <a class="line" href=tel(&phone)>{icon("call")} <bdi dir="ltr">{phone.clone()}</bdi></a></li> }
    });
    view! {
        <section>
            <h2>{locale.text("search.try")}</h2>
            <ul class="said">
                <li>{locale.text("search.try_word")}</li>
                <li>{locale.text("search.try_category")}</li>
                {ask}
            </ul>
        </section>
        <ul class="categories">{home::categories(inside)}</ul>
    }
    .into_any()
}

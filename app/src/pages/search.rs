//! Search: categories first, then places, then pages, with found words marked. Without the app a GET
//! form; with it, results follow what is typed.

use super::list::{cards, filter_chips, first_cards, is_near, leave_out, narrowed, nearby, sorted};
use super::{Inside, home, notices};
use crate::components::{icon, page_link, search_field, tel};
use crate::routes::{Filters, Route};
use leptos::prelude::*;
use shared::categories::codes;
use shared::edition::{Entry, PageEntry, PlaceEntry};
use shared::ids::RecordId;
use shared::search;

mod indexed;

pub use indexed::{Indexed, index};

pub fn page(inside: &Inside, query: &str, filters: &Filters, page: usize) -> AnyView {
    let typed = RwSignal::new(query.to_owned());
    let field = search_field(&inside.guide, &inside.language, query, Some(typed));
    let (title, filters, asked) = (inside.locale.text("search.title"), filters.clone(), query.to_owned());
    let inside = inside.clone();
    let results = move || {
        let query = typed.get();
        // What is being typed is another list, of which the first few are shown.
        let page = (query == asked).then_some(page);
        results(&inside, query.trim(), &filters, page)
    };
    view! {
        <h1>{title}</h1>
        {field}
        {results}
    }
    .into_any()
}

/// Everything that a query found, in the order in which it is shown.
struct Found<'a> {
    categories: Vec<String>,
    places: Vec<(&'a RecordId, &'a PlaceEntry)>,
    /// How many places there are, with those that were not looked at.
    all: usize,
    pages: Vec<(&'a RecordId, &'a PageEntry)>,
}

/// While a query is being typed so many places are looked at: what is best comes first.
const TYPED_PLACES: usize = 100;

/// `page` is `None` while the query is being typed.
fn results(inside: &Inside, query: &str, filters: &Filters, page: Option<usize>) -> AnyView {
    if query.is_empty() {
        return view! { <ul class="categories">{home::categories(inside)}</ul> }.into_any();
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
        return view! { {suggestion(inside, query)} {nothing(inside, query)} }.into_any();
    }
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
    view! {
        {suggestion(inside, query)}
        {categories(inside, &found.categories)}
        {places}
        {pages(inside, &found.pages, query)}
    }
    .into_any()
}

/// The places that `query` finds, best first.
pub(super) fn places<'a>(inside: &'a Inside, query: &str) -> Vec<super::list::Found<'a>> {
    find(inside, query.trim(), usize::MAX).places
}

fn find<'a>(inside: &'a Inside, query: &str, most: usize) -> Found<'a> {
    let index = Indexed::of(&inside.edition, &inside.locale);
    let mut found = Found { categories: found_categories(inside, query), places: Vec::new(), all: 0, pages: Vec::new() };
    for hit in index.search(query) {
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
fn found_categories(inside: &Inside, query: &str) -> Vec<String> {
    let holds = |code: &String| search::holds(&inside.locale.searched(code), query);
    let used = |code: &String| inside.edition.places().any(|(_, place)| super::list::offers(place, code));
    codes().filter(holds).filter(used).collect()
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
fn nothing(inside: &Inside, query: &str) -> AnyView {
    let locale = &inside.locale;
    let ask = inside.edition.guide.contact.phone.clone().map(|phone| {
        view! { <li>{locale.text("search.try_call")} <a class="line" href=tel(&phone)>{icon("call")} <bdi dir="ltr">{phone.clone()}</bdi></a></li> }
    });
    view! {
        <p class="empty" role="status">{locale.with("search.nothing", &[("query", query)])}</p>
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

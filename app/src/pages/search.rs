//! Search: categories first, then places, then pages, with found words marked. Without the app a GET
//! form; with it, results follow what is typed, and only what a letter changed is drawn again.

use super::list::{cards, cards_of, filter_chips, leads, leave_out, nearby, offered, tells_areas};
use super::{Inside, home, notices};
use crate::components::{Typed, each, icon, page_link, part, search_field, tel};
use crate::guide::use_site;
use crate::routes::{Filters, Route};
use leptos::prelude::*;
use shared::edition::PageEntry;
use shared::ids::RecordId;
use shared::search;

mod found;
mod indexed;

pub(super) use found::places;
use found::{Asked, Found};
pub use indexed::{Indexed, index};

pub fn page(inside: &Inside, query: &str, filters: &Filters, page: usize) -> AnyView {
    let typed = Typed { seen: RwSignal::new(query.to_owned()), rest: RwSignal::new(query.to_owned()) };
    let field = search_field(&inside.guide, &inside.language, query, filters, Some(typed));
    prepare(inside);
    let asked = Asked::new(inside, filters, (query.to_owned(), page), typed);
    view! {
        // What the marked tab below says as well; the room is for what is found.
        <h1 class="unseen">{inside.locale.text("search.title")}</h1>
        {field}
        // What changes under a screen reader's hands is said beside it.
        <p class="unseen" role="status">{follow(&asked, said)}</p>
        {follow(&asked, above)}
        {follow(&asked, all_places)}
        {follow(&asked, below)}
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

/// What `draw` makes of what is found, for as long as it is shown.
fn follow(asked: &Asked, draw: fn(&Asked, &Found) -> Vec<AnyView>) -> AnyView {
    let asked = asked.clone();
    (move || draw(&asked, &asked.found())).into_any()
}

/// What came of what is being typed, for who does not see it.
fn said(asked: &Asked, found: &Found) -> Vec<AnyView> {
    let asks = found.page.is_none() && !found.query.is_empty();
    asks.then(|| found.said(&asked.inside).into_any()).into_iter().collect()
}

/// What stands above the places.
fn above(Asked { inside, .. }: &Asked, found: &Found) -> Vec<AnyView> {
    if found.query.is_empty() {
        let inside = inside.clone();
        return vec![part("", move || view! { <ul class="categories">{home::categories(&inside)}</ul> }.into_any())];
    }
    let mut parts = Vec::from_iter(suggestion(inside, &found.query));
    if found.is_nothing() {
        let (inside, said) = (inside.clone(), found.said(inside));
        parts.push(part(said.clone(), move || view! { <p class="empty">{said}</p> {instead(&inside)} }.into_any()));
    }
    parts.extend(categories(inside, &found.categories));
    parts.extend(found.page_first.then(|| pages(inside, found)).flatten());
    parts
}

/// What stands below them.
fn below(Asked { inside, .. }: &Asked, found: &Found) -> Vec<AnyView> {
    (!found.page_first).then(|| pages(inside, found)).flatten().into_iter().collect()
}

/// Places, where any were found: what narrows them, and the cards.
fn all_places(asked: &Asked, found: &Found) -> Vec<AnyView> {
    let asked = asked.clone();
    let section = move || {
        let heading = asked.inside.locale.text("search.places");
        let (narrowing, list, rest) = (follow(&asked, narrowing), follow(&asked, list), rest(&asked));
        view! { <section><h2 class="unseen">{heading}</h2> {narrowing} {list} {rest}</section> }.into_any()
    };
    (found.all > 0).then(|| part("", section)).into_iter().collect()
}

/// What narrows the places stands above them.
fn narrowing(asked: &Asked, found: &Found) -> Vec<AnyView> {
    if found.first_only { Vec::new() } else { narrows(asked, found) }
}

/// While a query is being typed it stands below the first of them, and is drawn after them: above a phone's
/// keyboard is room for one or two.
fn rest(asked: &Asked) -> AnyView {
    let asked = asked.clone();
    let draw = move || {
        let painted = asked.is_painted();
        let found = untrack(|| asked.found());
        if painted && found.first_only { narrows(&asked, &found) } else { Vec::new() }
    };
    draw.into_any()
}

/// Filters, notices about where they were narrowed to, the order.
fn narrows(asked: &Asked, found: &Found) -> Vec<AnyView> {
    let Asked { inside, filters, .. } = asked;
    let (every, from) = (inside.places(&found.every), asked.leading());
    // Which chips there are, apart from where they lead.
    let mut word = format!("{}{}{}", found.near, every.len().min(2), tells_areas(&every));
    offered(&every, filters, inside.now).into_iter().for_each(|filter| word.push_str(filter.code()));
    if !filters.is_empty() {
        word.push_str(&found.word());
    }
    let (asked, every, places) = (asked.clone(), found.every.clone(), found.places.clone());
    let draw = move || {
        let Asked { inside, filters, .. } = &asked;
        let every = inside.places(&every);
        view! {
            {filter_chips(inside, &from, filters, &every)}
            {notices::of_list(inside, filters, &inside.places(&places))}
            {nearby(inside, &from, &every, None)}
        }
        .into_any()
    };
    vec![part(word, draw)]
}

/// One page of cards, or the first while a query is being typed.
fn list(asked: &Asked, found: &Found) -> Vec<AnyView> {
    let asked = asked.clone();
    if found.page.is_none() && !found.places.is_empty() {
        return vec![part("", move || {
            view! {
                {follow(&asked, count)}
                <ul class="cards">{follow(&asked, first_cards)}</ul>
                {follow(&asked, way_to_all)}
            }
            .into_any()
        })];
    }
    let (route, page, query) = (asked.route(), found.page.unwrap_or(1), found.query.clone());
    let (every, places) = (found.every.clone(), found.places.clone());
    let draw = move || {
        let Asked { inside, filters, .. } = &asked;
        let places = inside.places(&places);
        let left_out = places.is_empty().then(|| leave_out(inside, &route, &inside.places(&every), filters));
        view! { {cards(inside, &route, &places, page, &query)} {left_out} }.into_any()
    };
    vec![part(found.word(), draw)]
}

fn count(asked: &Asked, found: &Found) -> Vec<AnyView> {
    let count = found.count(&asked.inside);
    vec![part(count.clone(), move || view! { <h2 class="count">{count}</h2> }.into_any())]
}

/// So many cards are drawn at a letter: what a screen has room for above a keyboard.
const TYPED_CARDS: usize = 3;

fn first_cards(asked: &Asked, found: &Found) -> Vec<AnyView> {
    let first = &found.places[..found.places.len().min(TYPED_CARDS)];
    let one = |(id, place): &super::list::Found<'_>| {
        let (asked, id, query) = (asked.clone(), **id, found.query.clone());
        part(format!("{id}{}{}", found.near, marks(&place.name, &query)), move || {
            cards_of(&asked.inside, &asked.route(), &[id], &query).into_any()
        })
    };
    asked.inside.places(first).iter().map(one).collect()
}

fn way_to_all(asked: &Asked, found: &Found) -> Vec<AnyView> {
    let href = leads(&asked.leading(), Box::new(|route| route), "");
    let text = format!("{} · {}", asked.inside.locale.text("list.all"), found.count(&asked.inside));
    let draw = |text| view! { <p><a class="line" href=href>{text} {icon("chevron")}</a></p> }.into_any();
    (found.places.len() > TYPED_CARDS).then(|| part(text.clone(), move || draw(text))).into_iter().collect()
}

fn categories(inside: &Inside, codes: &[String]) -> Option<AnyView> {
    let (inside, word, codes) = (inside.clone(), codes.join(" "), codes.to_vec());
    let draw = move || {
        let links = codes.iter().map(|code| {
            let href = Route::category(&inside.guide, &inside.language, code).href();
            let name = inside.locale.under("category.", code);
            view! { <li><a class="line" href=href>{icon(&format!("category.{code}"))} <span>{name}</span> {icon("chevron")}</a></li> }
        });
        let links = each(links);
        view! { <section><h2>{inside.locale.text("search.categories")}</h2> <ul class="links">{links}</ul></section> }.into_any()
    };
    (!word.is_empty()).then(|| part(word, draw))
}

fn pages(inside: &Inside, found: &Found) -> Option<AnyView> {
    let pages = inside.pages_of(&found.pages);
    let (inside, ids, query) = (inside.clone(), found.pages.clone(), found.query.clone());
    let draw = move || {
        let links = inside.pages_of(&ids).into_iter().map(|(id, page)| {
            let href = Route::page(&inside.guide, &inside.language, *id).href();
            page_link(href, marked(&page.title.text, &query), page)
        });
        let links = each(links);
        view! { <section><h2>{inside.locale.text("search.pages")}</h2> <ul class="links">{links}</ul></section> }.into_any()
    };
    let word = |(id, page): &(&RecordId, &PageEntry)| format!("{id}{}", marks(&page.title.text, &found.query));
    let word: String = pages.iter().map(word).collect();
    (!word.is_empty()).then(|| part(word, draw))
}

/// Which words of a text are marked: while a word is being typed mostly the same.
fn marks(text: &str, query: &str) -> String {
    search::mark(text, query).iter().map(|(marked, _)| if *marked { '+' } else { '-' }).collect()
}

/// A text with the words that were looked for marked.
pub(super) fn marked(text: &str, query: &str) -> AnyView {
    let piece = |(found, piece): (bool, &str)| match found {
        true => view! { <mark>{piece.to_owned()}</mark> }.into_any(),
        false => piece.to_owned().into_any(),
    };
    let pieces = each(search::mark(text, query).into_iter().map(piece));
    view! { <bdi>{pieces}</bdi> }.into_any()
}

fn suggestion(inside: &Inside, query: &str) -> Option<AnyView> {
    let better = Indexed::of(&inside.edition, &inside.locale).suggest(query)?;
    let href = Route::search(&inside.guide, &inside.language, &better).href();
    let ask = inside.locale.text("search.did_you_mean");
    let draw = move |href| view! { <p class="did-you-mean">{ask} {" "} <a href=href><bdi>{better}</bdi></a></p> }.into_any();
    Some(part(href.clone(), move || draw(href)))
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

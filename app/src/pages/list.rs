//! The places of a category: kinds and filters as chips, cards, pages of at most
//! [`LIST_PAGE_ENTRIES`].

use super::{Inside, notices};
use crate::components::{certainty, icon, pager, place_card, way_to};
use crate::guide::{Near, use_site};
use crate::routes::{Ask, Filter, Filters, Part, Route};
use leptos::prelude::*;
use shared::categories::{CATEGORIES, top};
use shared::edition::{ListedPlace, PlaceEntry};
use shared::ids::RecordId;
use shared::limits::LIST_PAGE_ENTRIES;
use shared::order::sort_by_key;
use shared::search;
use std::sync::Arc;

mod filtering;

use filtering::{Fit, fit, name, not_known};
pub(super) use filtering::{offered, spoken};

pub(super) type Found<'a> = (&'a RecordId, &'a PlaceEntry);

pub fn page(inside: &Inside, route: &Route, code: &str, filters: &Filters, page: usize) -> AnyView {
    let locale = &inside.locale;
    let all = of_category(inside, code);
    let places = sorted(inside, narrowed(inside, all.clone(), filters), true);
    let pages = inside.pages((top(code) == code).then_some(code));
    let pages = if top(code) == code && page == 1 { pages } else { Vec::new() };
    let links = (!pages.is_empty()).then(|| inside.page_links(&pages));
    let from: From = {
        let route = route.clone();
        Arc::new(move || route.clone())
    };
    view! {
        <h1 class="with-icon">{icon(&format!("category.{code}"))} <span>{locale.under("category.", code)}</span></h1>
        {links}
        {kinds(inside, code)}
        {filter_chips(inside, &from, filters, &all)}
        {notices::of_list(inside, filters, &places)}
        {nearby(inside, &from, &all, map_chip(inside, code, filters, &places))}
        {cards(inside, route, &places, page, "")}
        {places.is_empty().then(|| leave_out(inside, route, &all, filters))}
    }
    .into_any()
}

/// The list that links lead from: another one at every letter while a query is being typed.
pub(super) type From = Arc<dyn Fn() -> Route + Send + Sync>;

/// Where a link leads from such a list, and to what on that page.
pub(super) fn leads(
    from: &From,
    to: Box<dyn Fn(Route) -> Route + Send + Sync>,
    part: &'static str,
) -> impl Fn() -> String + use<> {
    let from = from.clone();
    move || to(from()).href() + part
}

/// The places that offer something of `code`.
pub(super) fn of_category<'a>(inside: &'a Inside, code: &str) -> Vec<Found<'a>> {
    inside.edition.listed().filter(|(_, place)| offers(place, code)).map(|(id, place)| (id, place.read())).collect()
}

/// To the same places on the map, where any of them has a position.
fn map_chip(inside: &Inside, code: &str, filters: &Filters, places: &[Found<'_>]) -> Option<AnyView> {
    let to = Route::map(&inside.guide, &inside.language, Some(code), None).filtered(filters);
    places.iter().any(|(_, place)| place.position.is_some()).then(|| inside.map_link("chip", &to))
}

/// Where filters left nothing: those without which there would be places, most places first; where none
/// helps by itself, all of them.
pub(super) fn leave_out(inside: &Inside, route: &Route, all: &[Found<'_>], filters: &Filters) -> Option<AnyView> {
    let count = |filters: &Filters| all.iter().filter(|(_, place)| fit(place, filters, inside.now) != Fit::No).count();
    let mut without: Vec<(usize, &Ask)> = filters.iter().map(|ask| (count(&filters.without(ask)), ask)).collect();
    without.retain(|(count, _)| *count > 0);
    sort_by_key(&mut without, |(count, _)| std::cmp::Reverse(*count));
    let locale = &inside.locale;
    let link = |to: Route, text: String| {
        view! { <li><a class="line" href=to.href() rel="nofollow">{text} {icon("chevron")}</a></li> }.into_any()
    };
    let one = |(count, ask): (usize, &Ask)| {
        link(route.without(ask), locale.count("list.drop_one", count, &[("filter", &name(locale, ask))]))
    };
    let mut links: Vec<AnyView> = without.into_iter().map(one).collect();
    if links.is_empty() && !filters.is_empty() && !all.is_empty() {
        let text = format!("{} · {}", locale.text("list.all"), locale.count("list.count", all.len(), &[]));
        links.push(link(route.filtered(&Filters::default()).at_page(1), text));
    }
    (!links.is_empty()).then(|| view! { <p>{locale.text("list.drop")}</p> <ul class="links">{links}</ul> }.into_any())
}

/// Whether a place offers something of `code`, a category or one kind of it.
pub(super) fn offers(place: &ListedPlace, code: &str) -> bool {
    place.offers().any(|own| own == code || top(own) == code)
}

/// Places that may fit all filters, with whether they certainly do.
pub(super) fn narrowed<'a>(inside: &Inside, places: Vec<Found<'a>>, filters: &Filters) -> Vec<(Fit, Found<'a>)> {
    let with_fit = places.into_iter().map(|found| (fit(found.1, filters, inside.now), found));
    with_fit.filter(|(fit, _)| *fit != Fit::No).collect()
}

/// The button that sorts by distance, where the phone can say where it is, and what came of it; by
/// district, for who has no position to give; and the map.
pub(super) fn nearby(inside: &Inside, from: &From, all: &[Found<'_>], map: Option<AnyView>) -> Option<AnyView> {
    let locale = &inside.locale;
    let site = use_site();
    let near = site.near.get();
    let (key, said) = match near {
        Near::NotAsked => ("near.button", None),
        Near::Looking => ("near.stop", Some("near.looking")),
        Near::Failed => ("near.button", Some("near.failed")),
        Near::Here(_) => ("near.stop", Some("near.note")),
    };
    let said = said.map(|key| locale.text(key)).unwrap_or_default();
    let button = site.hands.get().locate.map(|locate| {
        view! { <button type="button" class="chip" on:click=move |_| locate.run(())>{icon("near")} <span>{locale.text(key)}</span></button> }
    });
    let by_area = tells_areas(all).then(|| {
        let href = leads(from, Box::new(Route::narrowing), "#area");
        view! { <a class="chip" href=href rel="nofollow">{icon("pin")} <span>{locale.text("filters.by_area")}</span></a> }
    });
    (button.is_some() || by_area.is_some() || map.is_some())
        .then(|| view! { <div class="nearby"><div>{button} {by_area} {map}</div> <p role="status">{said}</p></div> }.into_any())
}

/// Whether some of these places are known to lie elsewhere than others.
pub(super) fn tells_areas(all: &[Found<'_>]) -> bool {
    Part::ALL.into_iter().any(|part| {
        let mut named = all.iter().filter_map(|(_, place)| part.of(&place.address));
        let first = named.next();
        named.any(|name| Some(name) != first)
    })
}

/// Certain answers first, then the nearest where the person asked for that; then what is open and by
/// name, or as they are.
pub(super) fn sorted<'a>(inside: &Inside, mut places: Vec<(Fit, Found<'a>)>, by_name: bool) -> Vec<Found<'a>> {
    let far = far();
    sort_by_key(&mut places, |(fit, (id, place))| {
        let name = by_name.then(|| (certainty(place, inside.now), search::fold(&place.name), **id));
        (*fit, far(place), name)
    });
    places.into_iter().map(|(_, found)| found).collect()
}

/// Metres to a place; what is not known comes last, and nothing counts where nobody asked.
fn far() -> impl Fn(&PlaceEntry) -> u32 {
    let asked = is_near();
    move |place| if asked { way_to(place).map_or(u32::MAX, |way| way.metres) } else { 0 }
}

/// Whether the person asked for what is near, and the phone knows where it is.
pub(super) fn is_near() -> bool {
    matches!(use_site().near.get(), Near::Here(_))
}

/// Cards that fill a screen and a bit, as many as a cheap phone draws in a tenth of a second.
const SCREEN_ENTRIES: usize = 5;

fn card(inside: &Inside, route: &Route, (id, place): &Found<'_>, query: &str) -> AnyView {
    let href = Route::place(&inside.guide, &inside.language, **id).href();
    let filters = route.filters();
    let not_known = filters.and_then(|filters| not_known(&inside.locale, place, filters, inside.now));
    place_card(href, super::search::marked(&place.name, query), place, not_known)
}

/// One page of cards with the count above and the pager below; words of `query` marked.
pub(super) fn cards(inside: &Inside, route: &Route, places: &[Found<'_>], page: usize, query: &str) -> AnyView {
    let locale = &inside.locale;
    let pages = places.len().div_ceil(LIST_PAGE_ENTRIES).max(1);
    let page = page.min(pages);
    if places.is_empty() {
        return empty(inside, route);
    }
    let mut shown: Vec<RecordId> =
        places.iter().skip((page - 1) * LIST_PAGE_ENTRIES).take(LIST_PAGE_ENTRIES).map(|(id, _)| **id).collect();
    let below = shown.split_off(shown.len().min(SCREEN_ENTRIES));
    // Whoever comes back to where they were needs the true heights of all.
    let class = if use_site().whole.get_untracked() { "cards" } else { "cards long" };
    view! {
        <h2 class="count">{locale.count("list.count", places.len(), &[])}</h2>
        <ul class=class>{cards_of(inside, route, &shown, query)} {afterwards(inside, route, below, query)}</ul>
        {pager(route, page, pages)}
    }
    .into_any()
}

pub(super) fn cards_of(inside: &Inside, route: &Route, ids: &[RecordId], query: &str) -> Vec<AnyView> {
    inside.places(ids).iter().map(|found| card(inside, route, found, query)).collect()
}

/// What lies below the screen: drawn with the rest, or once the rest is painted, so that a tap on a
/// slow phone is answered sooner.
fn afterwards(inside: &Inside, route: &Route, ids: Vec<RecordId>, query: &str) -> AnyView {
    let site = use_site();
    let painted = RwSignal::new(site.whole.get_untracked() || ids.is_empty());
    if let Some(after_paint) = site.hands.get_untracked().after_paint.filter(|_| !painted.get_untracked()) {
        // One frame is left to whatever a finger did meanwhile. A page left by then has no such signal any more.
        after_paint(Box::new(move || after_paint(Box::new(move || _ = painted.try_set(true)))));
    }
    let (inside, route, query) = (inside.clone(), route.clone(), query.to_owned());
    (move || painted.get().then(|| cards_of(&inside, &route, &ids, &query).into_any())).into_any()
}

fn empty(inside: &Inside, route: &Route) -> AnyView {
    let filtered = route.filters().is_some_and(|filters| !filters.is_empty());
    let key = if filtered { "list.none_filtered" } else { "list.none" };
    view! { <p class="empty">{inside.locale.text(key)}</p> }.into_any()
}

/// The kinds of a category that have places, as chips; the first is all of them.
fn kinds(inside: &Inside, code: &str) -> Option<AnyView> {
    let category = CATEGORIES.iter().find(|category| category.code == top(code))?;
    let codes = category.kinds.iter().map(|kind| format!("{}.{kind}", category.code));
    let provided = inside.edition.offered();
    let used: Vec<String> = codes.filter(|code| provided.contains(&code.as_str())).collect();
    let all = chip(inside, category.code, inside.locale.text("list.all"), code);
    let chips: Vec<AnyView> = used.iter().map(|kind| chip(inside, kind, inside.locale.under("category.", kind), code)).collect();
    (!chips.is_empty())
        .then(|| view! { <nav class="chips" aria-label=inside.locale.text("list.kinds")><ul>{all} {chips}</ul></nav> }.into_any())
}

fn chip(inside: &Inside, code: &str, text: String, here: &str) -> AnyView {
    let href = Route::category(&inside.guide, &inside.language, code).href();
    let current = (code == here).then_some("page");
    let icon = (code != top(code)).then(|| icon(&format!("category.{code}")));
    view! { <li><a class="chip" href=href aria-current=current>{icon} <span>{text}</span></a></li> }.into_any()
}

/// Filters as links that switch one on or off; those of the form first, which only go off.
pub(super) fn filter_chips(inside: &Inside, from: &From, filters: &Filters, all: &[Found<'_>]) -> Option<AnyView> {
    let locale = &inside.locale;
    let chip = |to: Box<dyn Fn(Route) -> Route + Send + Sync>, on: bool, text: String| {
        let (href, mark) = (leads(from, to, ""), on.then(|| icon("check")));
        view! { <li><a class="chip filter" href=href aria-current=on.then_some("true") rel="nofollow">{mark} <span>{text}</span></a></li> }.into_any()
    };
    let of_form = filters.iter().filter(|ask| !matches!(ask, Ask::Only(_)));
    let off = |ask: &Ask| {
        let text = name(locale, ask);
        let ask = ask.clone();
        chip(Box::new(move |route| route.without(&ask)), true, text)
    };
    let mut chips: Vec<AnyView> = of_form.map(off).collect();
    let switch = |filter: Filter| {
        chip(Box::new(move |route| route.switched(filter)), filters.contains(filter), name(locale, &Ask::Only(filter)))
    };
    chips.extend(offered(all, filters, inside.now).into_iter().map(switch));
    (all.len() > 1 || !filters.is_empty()).then(|| {
        let more = leads(from, Box::new(Route::narrowing), "");
        view! {
            <nav class="chips" aria-label=locale.text("list.filters")>
                <ul>
                    <li><a class="chip" href=more rel="nofollow">{icon("filter")} <span>{locale.text("filters.more")}</span></a></li>
                    {chips}
                </ul>
            </nav>
        }
        .into_any()
    })
}

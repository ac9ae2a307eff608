//! The reader's pages, composed of `components`. Each reads the [`Site`] and nothing else, is
//! complete without JavaScript (links and GET forms), and is mounted unchanged in the browser.

use crate::components::{BottomBar, Footer, StateLine, TopBar, each};
use crate::guide::{Copy, Site, use_site};
use crate::locale::Locale;
use crate::routes::Route;
use leptos::prelude::*;
use shared::categories::top;
use shared::edition::{Edition, Entry, PageEntry};
use shared::ids::{GuideId, Moment, RecordId};
use shared::order::sort_by_key;
use shared::wire::GuideCard;
use std::sync::Arc;

mod about;
mod filters;
mod guides;
mod help;
mod home;
mod languages;
mod list;
mod map;
mod notices;
mod page;
mod phone;
mod place;
mod saved;
mod search;
pub(crate) mod share;
mod titles;

pub use search::{Indexed, index};
pub use titles::{description, title};

/// What stands between top and bottom bar. A program names the pages it has, and links no others.
pub type Content = fn(&Site) -> AnyView;

/// The whole page below `<div id="app">`: frame and, once it is to be `drawn`, content.
#[component]
pub fn App(content: Content, #[prop(into)] drawn: Signal<bool>) -> impl IntoView {
    let site = use_site();
    if use_context::<Indexed>().is_none() {
        provide_context(Indexed::new(None));
    }
    view! {
        <TopBar />
        <StateLine />
        <main id="main" tabindex="-1">
            {move || drawn.get().then(|| content(&site))}
        </main>
        <Footer />
        <BottomBar />
    }
}

/// A page of a guide that is here: what all of them are rendered from.
#[derive(Clone)]
pub(crate) struct Inside {
    pub guide: GuideId,
    pub language: String,
    pub edition: Arc<Edition>,
    pub locale: Locale,
    /// When the page was built; lines that follow the clock read the site's own.
    pub now: Moment,
}

/// The readers' page of the route, on the relay. Rebuilt when the route, the words or the copy change.
pub fn of_readers(site: &Site) -> AnyView {
    often(site).or_else(|| on_map(site)).unwrap_or_else(|| seldom(site))
}

/// The pages that readers open most; the rest is [`seldom`], and that a page is not there: what a phone
/// loads when it is first asked for.
pub fn often(site: &Site) -> Option<AnyView> {
    let route = site.route.get();
    let locale = site.locale.get();
    if route.is_seldom() {
        return None;
    }
    match inside(site, &route, locale) {
        Some(inside) => inside.page(&route),
        None => is_missing(site, &route).then(|| help::missing(site)),
    }
}

/// The map, where the route is one; the largest page, which a phone loads by itself.
pub fn on_map(site: &Site) -> Option<AnyView> {
    let route = site.route.get();
    let Route::Map { code, filters, view, .. } = &route else { return None };
    Some(map::page(&inside(site, &route, site.locale.get())?, &route, code.as_deref(), filters, *view))
}

/// Where the pages of [`seldom`] could not be fetched.
pub fn not_fetched(site: &Site) -> AnyView {
    help::not_fetched(site)
}

/// Members' pages are a sentence here: they are another program's, see [`crate::desk::content`].
pub fn seldom(site: &Site) -> AnyView {
    let route = site.route.get();
    let locale = site.locale.get();
    match &route {
        Route::Guides => guides::page(site),
        Route::Languages { guide } if knows(site, guide) => languages::page(site, guide),
        Route::Join { .. } | Route::Desk { .. } => crate::desk::needs_app(),
        _ => match inside(site, &route, locale) {
            Some(inside) => inside.seldom_page(&route).unwrap_or_else(|| help::not_found(site, &route)),
            None if is_missing(site, &route) => help::missing(site),
            None => help::not_found(site, &route),
        },
    }
}

/// Whether the route's guide may be there and is not on the phone.
fn is_missing(site: &Site, route: &Route) -> bool {
    route.guide().is_some() && site.copy.get() == Copy::Missing
}

fn knows(site: &Site, guide: &GuideId) -> bool {
    site.guides.with(|guides| guides.iter().any(|card| card.id == *guide))
}

/// The route's guide in the route's language, when it is here.
fn inside(site: &Site, route: &Route, locale: Locale) -> Option<Inside> {
    let (guide, language) = (route.guide()?.clone(), route.language()?.to_owned());
    let edition = site.edition.get()?;
    let fits = edition.guide.id == guide && edition.language == language;
    fits.then(|| Inside { guide, language, edition, locale, now: site.now.get_untracked() })
}

impl Inside {
    /// The page of `route`; none when it names no record that is here.
    fn page(&self, route: &Route) -> Option<AnyView> {
        Some(match route {
            Route::Home { .. } => home::page(self),
            Route::Category { code, filters, page, .. } => list::page(self, route, code, filters, *page),
            Route::Search { query, filters, page, .. } => search::page(self, query, filters, *page),
            Route::Place { record, .. } => match self.edition.entries.get(record)? {
                Entry::Place(place) => place::page(self, *record, place),
                _ => return None,
            },
            Route::Page { record, .. } => match self.edition.entries.get(record)? {
                Entry::Page(entry) => page::page(self, entry),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// The same among the pages that are opened seldom.
    fn seldom_page(&self, route: &Route) -> Option<AnyView> {
        Some(match route {
            Route::Share { record, .. } => match self.edition.entries.get(record)? {
                Entry::Place(place) => share::page(self, *record, place),
                _ => return None,
            },
            Route::Filters(list) => filters::page(self, list),
            Route::Saved { .. } => saved::page(self),
            Route::About { .. } => about::page(self),
            Route::Phone { .. } => phone::page(self),
            _ => return None,
        })
    }

    /// To the map, which is a page of its own: a small link in lists and places.
    pub fn map_link(&self, class: &'static str, to: &Route) -> AnyView {
        let text = self.locale.text("map.link");
        view! { <a class=class href=to.href() rel="nofollow">{crate::components::icon("map")} <span>{text}</span></a> }.into_any()
    }

    /// Pages of the guide in the order in which they are shown, of one top category or of all.
    pub fn pages(&self, category: Option<&str>) -> Vec<(&RecordId, &PageEntry)> {
        let fits = |code: &Option<String>| category.is_none_or(|wanted| code.as_deref().map(top) == Some(wanted));
        let mut pages: Vec<_> = self.edition.pages().filter(|(_, page)| fits(&page.category)).collect();
        sort_by_key(&mut pages, |(_, page)| (page.position, page.title.text.as_str()));
        pages
    }

    /// The places of these ids.
    pub fn places<'a>(&'a self, ids: &[RecordId]) -> Vec<list::Found<'a>> {
        let place = |id: &RecordId| match self.edition.entries.get_key_value(id)? {
            (id, Entry::Place(place)) => Some((id, place.read())),
            _ => None,
        };
        ids.iter().filter_map(place).collect()
    }

    /// The pages of these ids.
    pub fn pages_of<'a>(&'a self, ids: &[RecordId]) -> Vec<(&'a RecordId, &'a PageEntry)> {
        let page = |id: &RecordId| match self.edition.entries.get_key_value(id)? {
            (id, Entry::Page(page)) => Some((id, &**page)),
            _ => None,
        };
        ids.iter().filter_map(page).collect()
    }

    pub fn page_links(&self, pages: &[(&RecordId, &PageEntry)]) -> AnyView {
        let links = pages.iter().map(|(id, page)| {
            let href = Route::page(&self.guide, &self.language, **id).href();
            crate::components::page_link(href, crate::components::said(&page.title), page)
        });
        view! { <ul class="links">{each(links)}</ul> }.into_any()
    }
}

/// Whether the route names something that is here.
pub fn is_found(route: &Route, edition: Option<&Edition>, guides: &[GuideCard]) -> bool {
    let published = |edition: &Edition| route.language() == Some(&edition.language);
    let entry = |record| edition.filter(|edition| published(edition)).and_then(|edition| edition.entries.get(record));
    match route {
        Route::Guides => true,
        Route::NotFound { .. } => false,
        Route::Languages { guide } | Route::Join { guide } => guides.iter().any(|card| card.id == *guide),
        Route::Place { record, .. } | Route::Share { record, .. } => matches!(entry(record), Some(Entry::Place(_))),
        Route::Page { record, .. } => matches!(entry(record), Some(Entry::Page(_))),
        _ => edition.is_some_and(published),
    }
}

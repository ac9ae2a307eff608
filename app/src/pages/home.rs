//! Home: what presses, the search field, the categories, the pages, the copy.

use super::{Inside, notices};
use crate::components::{icon, search_field};
use crate::guide::{Keeping, use_site};
use crate::routes::{Filters, Route};
use leptos::prelude::*;
use shared::categories::{CATEGORIES, top};
use shared::edition::PageEntry;
use shared::ids::RecordId;

/// In the first screen of every guide, whatever else it holds.
const FIRST: [&str; 2] = ["identity_check", "emergency"];

pub fn page(inside: &Inside) -> AnyView {
    let locale = &inside.locale;
    let pages = inside.pages(None);
    let name = inside.edition.guide.name.clone();
    let good_to_know = (!pages.is_empty()).then(|| {
        view! { <section><h2>{locale.text("home.pages")}</h2> {inside.page_links(&pages)}</section> }
    });
    view! {
        <h1 class="unseen"><bdi>{name}</bdi></h1>
        {notices::list(inside, notices::is_pressing)}
        {search_field(&inside.guide, &inside.language, "", &Filters::default(), None)}
        <h2 class="unseen">{locale.text("home.categories")}</h2>
        <ul class="categories">{categories(inside)}</ul>
        {notices::list(inside, |notice| !notices::is_pressing(notice))}
        {good_to_know}
        {foot(inside)}
    }
    .into_any()
}

/// The categories that lead somewhere, the first two always at the front.
pub(super) fn categories(inside: &Inside) -> Vec<AnyView> {
    let hidden = |code: &str| inside.edition.guide.hidden_categories.iter().any(|one| one == code);
    let (provided, pages) = (inside.edition.offered(), inside.pages(None));
    let has_places = |code: &str| provided.iter().any(|own| top(own) == code);
    let first = FIRST.into_iter();
    let rest = CATEGORIES.iter().map(|category| category.code).filter(|code| !FIRST.contains(code));
    let shown = first.chain(rest).filter(|code| !hidden(code));
    shown.filter_map(|code| category(inside, code, has_places(code), &pages)).collect()
}

fn category(inside: &Inside, code: &str, has_places: bool, pages: &[(&RecordId, &PageEntry)]) -> Option<AnyView> {
    let mut pages = pages.iter().filter(|(_, page)| page.category.as_deref().map(top) == Some(code));
    let href = target(inside, code, has_places, pages.next().map(|(id, _)| **id), pages.next().is_some())?.href();
    let link = view! {
        <li>
            <a href=href class=format!("category {code}")>
                {icon(&format!("category.{code}"))}
                <span>{inside.locale.under("category.", code)}</span>
            </a>
        </li>
    };
    Some(link.into_any())
}

/// Where a category leads: straight to its page where it is nothing but one page, or where there is
/// no time for a list.
fn target(inside: &Inside, code: &str, has_places: bool, page: Option<RecordId>, has_more: bool) -> Option<Route> {
    match page {
        Some(page) if code == FIRST[0] || !(has_places || has_more) => Some(Route::page(&inside.guide, &inside.language, page)),
        None if !has_places => None,
        _ => Some(Route::category(&inside.guide, &inside.language, code)),
    }
}

/// How old this is, and keeping it.
fn foot(inside: &Inside) -> AnyView {
    let locale = inside.locale.clone();
    let published = inside.edition.published;
    let day = locale.day_seen_from(published.day, inside.now.day);
    let text = locale.with("home.published", &[("day", &day), ("time", &locale.time(published.minute))]);
    let href = Route::about(&inside.guide, &inside.language).href();
    let keeping = use_site().keeping;
    let label = move || match keeping.get() {
        Keeping::Kept { .. } => locale.text("home.kept"),
        Keeping::No { bytes: Some(bytes) } => format!("{} ({})", locale.text("home.keep"), locale.bytes(bytes)),
        _ => locale.text("home.keep"),
    };
    view! {
        <section class="copy">
            <a class="line" href=href data-keep="">
                {icon("on-phone")} <span>{label}</span> {icon("chevron")}
            </a>
            <p class="quiet">{text}</p>
        </section>
    }
    .into_any()
}

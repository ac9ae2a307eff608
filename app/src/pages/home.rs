//! Home: what is urgent, the search field, the categories, the pages, the copy.

use super::Inside;
use crate::components::{icon, passage, search_field};
use crate::guide::{Keeping, use_site};
use crate::routes::Route;
use leptos::prelude::*;
use shared::categories::{CATEGORIES, top};
use shared::edition::{NoticeEntry, PageEntry};
use shared::ids::RecordId;
use shared::order::sort_by_key;

/// In the first screen of every guide, whatever else it holds.
const FIRST: [&str; 2] = ["identity_check", "emergency"];

pub fn page(inside: &Inside) -> AnyView {
    let locale = &inside.locale;
    let (urgent, others) = notices(inside);
    let pages = inside.pages(None);
    let name = inside.edition.guide.name.clone();
    let good_to_know = (!pages.is_empty()).then(|| {
        view! { <section><h2>{locale.text("home.pages")}</h2> {inside.page_links(&pages)}</section> }
    });
    view! {
        <h1 class="unseen"><bdi>{name}</bdi></h1>
        {section(locale.text("home.notices"), urgent)}
        {search_field(&inside.guide, &inside.language, "", None)}
        <h2 class="unseen">{locale.text("home.categories")}</h2>
        <ul class="categories">{categories(inside)}</ul>
        {section(locale.text("home.notices"), others)}
        {good_to_know}
        {foot(inside)}
    }
    .into_any()
}

/// Notices that hold now: urgent ones, and the rest with warnings first.
fn notices(inside: &Inside) -> (Vec<AnyView>, Vec<AnyView>) {
    let mut holding: Vec<&NoticeEntry> =
        inside.edition.notices().map(|(_, notice)| notice).filter(|notice| notice.holds(inside.now)).collect();
    sort_by_key(&mut holding, |notice| (notice.level != "urgent", notice.level != "warning"));
    let (urgent, others): (Vec<_>, Vec<_>) = holding.into_iter().partition(|notice| notice.level == "urgent");
    let shown = |notices: Vec<&NoticeEntry>| notices.into_iter().map(|one| notice(inside, one)).collect();
    (shown(urgent), shown(others))
}

fn section(title: String, items: Vec<AnyView>) -> Option<AnyView> {
    (!items.is_empty()).then(|| view! { <div class="notices" role="group" aria-label=title>{items}</div> }.into_any())
}

fn notice(inside: &Inside, notice: &NoticeEntry) -> AnyView {
    let locale = &inside.locale;
    let level = if matches!(notice.level.as_str(), "warning" | "urgent") { notice.level.clone() } else { "info".to_owned() };
    let area = notice.area.clone().map(|area| view! { <p class="where">{icon("pin")} <bdi>{area}</bdi></p> });
    let until = notice.until.map(|until| {
        let day = locale.day_seen_from(until.day, inside.now.day);
        let text = locale.with("notice.until", &[("day", &day), ("time", &locale.time(until.minute))]);
        view! { <p class="quiet">{text}</p> }
    });
    view! {
        <article class=format!("notice {level}")>
            <p class="level">{icon(&level)} <span>{locale.under("notice.", &level)}</span></p>
            {passage(&notice.text)}
            {area}
            {until}
        </article>
    }
    .into_any()
}

/// The categories that lead somewhere, the first two always at the front.
pub(super) fn categories(inside: &Inside) -> Vec<AnyView> {
    let hidden = |code: &str| inside.edition.guide.hidden_categories.iter().any(|one| one == code);
    let first = FIRST.into_iter();
    let rest = CATEGORIES.iter().map(|category| category.code).filter(|code| !FIRST.contains(code));
    first.chain(rest).filter(|code| !hidden(code)).filter_map(|code| category(inside, code)).collect()
}

fn category(inside: &Inside, code: &str) -> Option<AnyView> {
    let of = |place: &shared::edition::PlaceEntry| {
        place.services.iter().any(|service| service.category.as_deref().map(top) == Some(code))
    };
    let has_places = inside.edition.places().any(|(_, place)| of(place));
    let href = target(inside, code, has_places, &inside.pages(Some(code)))?.href();
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
fn target(inside: &Inside, code: &str, has_places: bool, pages: &[(&RecordId, &PageEntry)]) -> Option<Route> {
    match pages {
        [(id, _), ..] if code == FIRST[0] => Some(Route::page(&inside.guide, &inside.language, **id)),
        [(id, _)] if !has_places => Some(Route::page(&inside.guide, &inside.language, **id)),
        [] if !has_places => None,
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

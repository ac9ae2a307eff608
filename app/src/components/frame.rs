//! What stands around every page: guide and language above, the four targets and the way out below, and
//! one line in between that says how things stand when it matters.

use super::{each, icon};
use crate::guide::{Copy, Site, use_site};
use crate::languages;
use crate::locale::{Locale, use_locale};
use crate::routes::{DeskView, Route};
use leptos::prelude::*;
use shared::ids::GuideId;

/// A page that says nothing about the person, for whoever has to leave at once.
pub const NEUTRAL: &str = "https://www.wikipedia.org/";

#[component]
pub fn TopBar() -> impl IntoView {
    let site = use_site();
    move || {
        let locale = site.locale.get();
        let route = site.route.get();
        view! {
            <a class="skip" href="#main">
                {locale.text("frame.skip")}
            </a>
            <header class="top">{guide_link(&site, &route)} {language_link(&site, &locale, &route)}</header>
        }
    }
}

/// Whether the guide is there in the page's language, or may be with a network: nothing around a page
/// leads to what is not there.
fn is_open(site: &Site, route: &Route) -> bool {
    site.edition.with(Option::is_some) || site.copy.get() == Copy::Missing || route.is_for_members()
}

/// The guide's name, where the relay or the phone told of it.
fn card(site: &Site, guide: &GuideId) -> Option<String> {
    site.guides.with(|guides| guides.iter().find(|card| card.id == *guide).map(|card| card.name.clone()))
}

fn guide_link(site: &Site, route: &Route) -> AnyView {
    let name = site.edition.get().map(|edition| edition.guide.name.clone());
    let card = route.guide().and_then(|guide| card(site, guide));
    let open = is_open(site, route);
    let href = match (route.guide(), route.language()) {
        (Some(guide), Some(language)) if open => Route::home(guide, language).href(),
        (Some(guide), _) if open || card.is_some() => Route::Languages { guide: guide.clone() }.href(),
        _ => Route::Guides.href(),
    };
    let name = name.or(card).unwrap_or_else(|| "Socle".to_owned());
    view! { <a class="guide" href=href><bdi>{name}</bdi></a> }.into_any()
}

/// To the choice of languages, named in the language that is shown.
fn language_link(site: &Site, locale: &Locale, route: &Route) -> Option<AnyView> {
    let (guide, tag) = route.guide().zip(route.language())?;
    (is_open(site, route) || card(site, guide).is_some()).then_some(())?;
    let (href, tag) = (Route::Languages { guide: guide.clone() }.href(), tag.to_owned());
    let name = languages::name(&tag).to_owned();
    let link = view! {
        <a class="language" href=href>
            {icon("language")} <span class="unseen">{locale.text("frame.language")}</span>
            <span lang=tag>{name}</span>
        </a>
    };
    Some(link.into_any())
}

/// "No network. Copy of 12 November.", what waits to be sent, a newer version. Each is drawn by itself:
/// a button must not be replaced under a finger because something else was said.
#[component]
pub fn StateLine() -> impl IntoView {
    let site = use_site();
    let lines = (move || copied(&site), move || unkept(&site), move || unsent(&site), move || update(&site));
    view! { <div class="state" role="status">{lines}</div> }
}

fn copied(site: &Site) -> Option<AnyView> {
    let (picture, key, day) = match site.copy.get() {
        Copy::Saved { day } => ("offline", "frame.offline", day),
        Copy::Withdrawn { day } => ("warning", "frame.withdrawn", day),
        Copy::Live | Copy::Missing => return None,
    };
    let locale = site.locale.get();
    let text = locale.with(key, &[("day", &locale.day(day))]);
    Some(view! { <p>{icon(picture)} <span>{text}</span></p> }.into_any())
}

fn unkept(site: &Site) -> Option<AnyView> {
    let text = site.unkept.get().then(|| site.locale.get().text("saved.unkept"))?;
    Some(view! { <p>{icon("warning")} <span>{text}</span></p> }.into_any())
}

fn unsent(site: &Site) -> Option<AnyView> {
    let locale = site.locale.get();
    let unsent = site.member.get().map(|state| state.unsent).filter(|unsent| *unsent > 0)?;
    let text = locale.with("frame.unsent", &[("n", &unsent.to_string())]);
    let route = site.route.get();
    // Members' pages say it themselves, in a line that is always there.
    let (guide, language) = route.guide().zip(route.language()).filter(|_| !route.is_for_members())?;
    let href = Route::desk(guide, language, DeskView::Outbox).href();
    Some(view! { <p>{icon("waiting")} <a href=href>{text}</a></p> }.into_any())
}

fn update(site: &Site) -> Option<AnyView> {
    let update = site.hands.get().update.filter(|_| site.update_waits.get())?;
    let locale = site.locale.get();
    let (text, now) = (locale.text("frame.update"), locale.text("frame.update_now"));
    let line = view! {
        <p>
            <span>{text}</span>
            <button type="button" on:click=move |_| update.run(())>
                {now}
            </button>
        </p>
    };
    Some(line.into_any())
}

/// Under the thumb. The way out is on every page, apart from what is tapped often.
#[component]
pub fn BottomBar() -> impl IntoView {
    let site = use_site();
    move || {
        let route = site.route.get();
        let locale = site.locale.get();
        let label = locale.text("nav.label");
        let exit = locale.text("frame.exit");
        view! {
            <nav class="bottom" aria-label=label>
                {tabs(&site, &route, &locale)}
                <a class="exit" href=NEUTRAL rel="noreferrer">{icon("exit")} <span>{exit}</span></a>
            </nav>
        }
    }
}

fn tabs(site: &Site, route: &Route, locale: &Locale) -> Option<AnyView> {
    let (guide, language) = route.guide().zip(route.language()).filter(|_| is_open(site, route))?;
    let about = Route::about(guide, language);
    let desk = Route::desk(guide, language, DeskView::List);
    let member = site.member.get().is_some_and(|state| state.membership.is_some());
    let tabs = [
        ("home", "nav.home", Some(Route::home(guide, language))),
        ("search", "nav.search", Some(Route::search(guide, language, ""))),
        ("saved", "nav.saved", Some(Route::saved(guide, language))),
        ("on-phone", "nav.about", Some(about)),
        ("edit", "nav.edit", member.then_some(desk)),
    ];
    let tabs = tabs.into_iter().filter_map(|(name, key, to)| Some(tab(route, name, locale.text(key), to?)));
    Some(view! { <ul>{each(tabs)}</ul> }.into_any())
}

fn tab(here: &Route, name: &str, text: String, to: Route) -> AnyView {
    let same = std::mem::discriminant(here) == std::mem::discriminant(&to);
    let current = same.then_some("page");
    view! {
        <li>
            <a href=to.href() aria-current=current>
                {icon(name)} <span>{text}</span>
            </a>
        </li>
    }
    .into_any()
}

const FOOTER_LANGUAGES_MAX: usize = 6;

/// The same page in the guide's other languages, or home where there is no such page.
#[component]
pub fn Footer() -> impl IntoView {
    let site = use_site();
    move || {
        let (route, edition) = (site.route.get(), site.edition.get()?);
        let here = route.language()?.to_owned();
        let others = edition.guide.languages.iter().filter(|tag| **tag != here && !route.is_for_members());
        // What is not here is in no other language either.
        let found = site.guides.with(|guides| crate::pages::is_found(&route, Some(&*edition), guides));
        let to = |tag: &str| if found { route.in_language(tag) } else { Route::home(&edition.guide.id, tag) };
        let others: Vec<AnyView> = others.map(|tag| other(&to(tag), tag)).collect();
        // Many are a page of their own, which the top bar links.
        (1..=FOOTER_LANGUAGES_MAX).contains(&others.len()).then(|| {
            view! { <footer><nav aria-label=use_locale().text("frame.language")><ul class="tongues">{others}</ul></nav></footer> }
        })
    }
}

fn other(to: &Route, tag: &str) -> AnyView {
    let href = to.href();
    let (tag, dir, name) = (tag.to_owned(), languages::dir(tag), languages::name(tag).to_owned());
    view! { <li><a href=href hreflang=tag.clone() lang=tag dir=dir>{name}</a></li> }.into_any()
}

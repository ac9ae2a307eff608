//! What stands in the browser's title and in search engines' results.

use super::is_found;
use crate::guide::Site;
use crate::locale::Locale;
use crate::routes::Route;
use leptos::prelude::*;
use shared::edition::{Edition, Entry};

/// The document's title: the page, then the guide.
pub fn title(site: &Site) -> String {
    let (route, locale, edition) = (site.route.get(), site.locale.get(), site.edition.get());
    let found = site.guides.with(|guides| is_found(&route, edition.as_deref(), guides)) || route.is_for_members();
    let card = |guide: &shared::ids::GuideId| {
        site.guides.with(|guides| guides.iter().find(|card| card.id == *guide).map(|card| card.name.clone()))
    };
    let guide = edition.as_ref().map(|edition| edition.guide.name.clone()).or_else(|| route.guide().and_then(card));
    let own = if found { own_title(&route, &locale, edition.as_deref()) } else { Some(locale.text("error.not_found")) };
    let parts: Vec<String> = own.into_iter().chain(guide).collect();
    if parts.is_empty() { "Socle".to_owned() } else { parts.join(" · ") }
}

/// The page's part of the title; home is the guide itself.
fn own_title(route: &Route, locale: &Locale, edition: Option<&Edition>) -> Option<String> {
    let entry = |record| edition.and_then(|edition| edition.entries.get(record));
    Some(match route {
        Route::Guides => locale.text("guides.title"),
        Route::Languages { .. } => locale.text("languages.title"),
        Route::Home { .. } => return None,
        Route::Category { code, .. } => locale.under("category.", code),
        Route::Search { query, .. } if query.trim().is_empty() => locale.text("search.title"),
        Route::Search { query, .. } => locale.with("search.results_for", &[("query", query.trim())]),
        Route::Filters(_) => locale.text("filters.more"),
        Route::Map { .. } => locale.text("map.title"),
        Route::Place { record, .. } | Route::Page { record, .. } => match entry(record)? {
            Entry::Place(place) => place.name.clone(),
            Entry::Page(page) => page.title.text.clone(),
            Entry::Notice(_) => return None,
        },
        Route::Share { record, .. } => match entry(record)? {
            Entry::Place(place) => format!("{}: {}", locale.text("share.title"), place.name),
            _ => return None,
        },
        Route::Saved { .. } => locale.text("saved.title"),
        Route::About { .. } => locale.text("about.title"),
        Route::Phone { .. } => locale.text("phone.title"),
        Route::Join { .. } | Route::Desk { .. } => locale.text("members.title"),
        Route::NotFound { .. } => locale.text("error.not_found"),
    })
}

/// At most this much of a text goes into a description; engines cut there anyway.
const DESCRIPTION_CHARS_MAX: usize = 160;

/// The document's description, a sentence or two.
pub fn description(site: &Site) -> String {
    let (route, locale) = (site.route.get(), site.locale.get());
    let Some(edition) = site.edition.get() else { return locale.text("guides.lead") };
    let record = match &route {
        Route::Place { record, .. } | Route::Page { record, .. } => edition.entries.get(record),
        _ => None,
    };
    let own = record.and_then(|entry| match entry {
        Entry::Place(place) => place.description.as_ref().map(|words| words.text.clone()),
        Entry::Page(page) => page.steps.first().map(|step| step.text.text.clone()),
        Entry::Notice(_) => None,
    });
    let territory = edition.guide.territory.clone().unwrap_or_else(|| edition.guide.name.clone());
    let text = own.unwrap_or_else(|| locale.with("description.guide", &[("territory", &territory)]));
    shortened(&text)
}

fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= DESCRIPTION_CHARS_MAX {
        return line;
    }
    let cut: String = line.chars().take(DESCRIPTION_CHARS_MAX).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", &cut[..end])
}

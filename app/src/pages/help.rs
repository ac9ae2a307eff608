//! Pages for when there is nothing to show: they say what happened and what to do now.

use crate::components::{icon, search_field};
use crate::guide::Site;
use crate::routes::{Filters, Route};
use leptos::prelude::*;

/// The address names nothing that is here.
pub fn not_found(site: &Site, route: &Route) -> AnyView {
    let locale = site.locale.get();
    let known = site.edition.get().filter(|edition| Some(&edition.guide.id) == route.guide());
    let search = known.as_ref().map(|edition| search_field(&edition.guide.id, &edition.language, "", &Filters::default(), None));
    let home = known.as_ref().map(|edition| {
        let href = Route::home(&edition.guide.id, &edition.language).href();
        view! { <li><a class="line" href=href>{icon("home")} <span>{locale.text("error.home")}</span></a></li> }
    });
    let guide = route.guide().filter(|guide| site.guides.with(|guides| guides.iter().any(|card| card.id == **guide)));
    let languages = guide.map(|guide| {
        let href = Route::Languages { guide: guide.clone() }.href();
        view! { <li><a class="line" href=href>{icon("language")} <span>{locale.text("languages.title")}</span></a></li> }
    });
    view! {
        <h1>{locale.text("error.not_found")}</h1>
        <p class="lead">{locale.text("error.not_found_help")}</p>
        {search}
        <ul class="links">
            {home} {languages}
            <li>
                <a class="line" href="/">{icon("book")} <span>{locale.text("error.guides")}</span></a>
            </li>
        </ul>
    }
    .into_any()
}

/// No network, and these pages were never fetched.
pub fn not_fetched(site: &Site) -> AnyView {
    let locale = site.locale.get();
    view! {
        <h1>{locale.text("error.part")}</h1>
        <p class="lead">{locale.text("error.part_help")}</p>
    }
    .into_any()
}

/// No network, and no copy of this guide here.
pub fn missing(site: &Site) -> AnyView {
    let locale = site.locale.get();
    view! {
        <h1>{locale.text("error.missing")}</h1>
        <p class="lead">{locale.text("error.missing_help")}</p>
        <ul class="links">
            <li>
                <a class="line" href="/">{icon("book")} <span>{locale.text("error.guides")}</span></a>
            </li>
        </ul>
    }
    .into_any()
}

//! A page of the guide: a rights card with large numbered steps, or a procedure.

use super::Inside;
use super::place::{host, is_web};
use crate::components::{icon, passage, said};
use crate::languages;
use crate::locale::Locale;
use crate::routes::Route;
use leptos::prelude::*;
use shared::categories::top;
use shared::edition::{PageEntry, SourceEntry, StepEntry};

pub fn page(inside: &Inside, page: &PageEntry) -> AnyView {
    let locale = &inside.locale;
    let example = page.example.then(|| {
        view! { <p class="example">{icon("warning")} <span>{locale.text("page.example")}</span></p> }
    });
    let audience = page.audience.as_ref().map(|words| view! { <p class="lead">{said(words)}</p> });
    let steps = page.steps.iter().map(step).collect_view();
    let steps = (!page.steps.is_empty()).then(|| view! { <ol class="steps">{steps}</ol> });
    view! {
        <article class="page">
            <h1>{said(&page.title)}</h1>
            {example}
            {audience}
            {steps}
            {officer(inside, page)}
            {page.body.as_ref().map(passage)}
            {places(inside, page)}
            {sources(locale, &page.sources)}
            {checked(inside, page)}
        </article>
    }
    .into_any()
}

fn step(step: &StepEntry) -> AnyView {
    let pictogram = step.pictogram.as_deref().map(icon);
    view! { <li>{pictogram} <div>{passage(&step.text)}</div></li> }.into_any()
}

/// The same steps in the language of the place, to be shown to an officer.
fn officer(inside: &Inside, page: &PageEntry) -> Option<AnyView> {
    let tag = inside.edition.guide.source_language.clone();
    let steps: Vec<AnyView> =
        page.steps.iter().filter_map(|step| step.source.clone()).map(|text| view! { <li>{text}</li> }.into_any()).collect();
    if steps.is_empty() {
        return None;
    }
    let dir = languages::dir(&tag);
    let name = languages::name(&tag).to_owned();
    let view = view! {
        <details class="officer">
            <summary>
                {icon("eye")} <span>{inside.locale.with("page.officer", &[("language", &name)])}</span>
                <span class="quiet">{inside.locale.text("page.officer_help")}</span>
            </summary>
            <ol lang=tag dir=dir>{steps}</ol>
        </details>
    };
    Some(view.into_any())
}

/// To the places that help with this, where the page has a category.
fn places(inside: &Inside, page: &PageEntry) -> Option<AnyView> {
    let code = page.category.as_deref().map(top)?;
    let of = |place: &shared::edition::PlaceEntry| {
        place.services.iter().any(|service| service.category.as_deref().map(top) == Some(code))
    };
    inside.edition.places().any(|(_, place)| of(place)).then_some(())?;
    let href = Route::category(&inside.guide, &inside.language, code).href();
    let (text, name) = (inside.locale.text("page.places"), inside.locale.under("category.", code));
    Some(view! { <p><a class="line" href=href>{icon(&format!("category.{code}"))} <span><span class="quiet">{text}</span> <br/> {name}</span> {icon("chevron")}</a></p> }.into_any())
}

fn sources(locale: &Locale, sources: &[SourceEntry]) -> Option<AnyView> {
    let items = sources.iter().map(source).collect_view();
    (!sources.is_empty())
        .then(|| view! { <section><h2>{locale.text("page.sources")}</h2> <ul class="sources">{items}</ul></section> }.into_any())
}

fn source(source: &SourceEntry) -> AnyView {
    let name = if source.name.is_empty() { source.url.as_deref().map(host).unwrap_or_default() } else { source.name.clone() };
    match source.url.clone().filter(|url| is_web(url)) {
        Some(url) => view! { <li><a href=url rel="noreferrer"><bdi>{name}</bdi></a></li> }.into_any(),
        None => view! { <li><bdi>{name}</bdi></li> }.into_any(),
    }
}

fn checked(inside: &Inside, page: &PageEntry) -> Option<AnyView> {
    let day = inside.locale.day_seen_from(page.assured_date?, inside.now.day);
    let text = inside.locale.with("place.checked", &[("day", &day)]);
    Some(view! { <footer class="check">{icon("checked")} <p>{text}</p></footer> }.into_any())
}

//! A page of the guide: a rights card with large numbered steps, or a procedure.

use super::Inside;
use super::list::offers;
use super::place::{host, is_web};
use crate::components::{each, icon, paragraphs, passage, read_aloud, remark, remarked, said};
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
    let tag = &inside.edition.guide.source_language;
    // What is to be said of every step is said once: between a step and the words to show, it is in the way.
    let remarks: Vec<Option<String>> = page.steps.iter().map(|step| remark(&step.text)).collect();
    let of_all = remarks.first().cloned().flatten().filter(|_| remarks.iter().all(|one| *one == remarks[0]));
    let once = of_all.is_some();
    let steps = each(page.steps.iter().map(|one| step(one, tag, once)));
    let steps = (!page.steps.is_empty()).then(|| view! { <ol class="steps">{steps}</ol> });
    view! {
        <article class="page">
            <h1>{said(&page.title)}</h1>
            {example}
            {audience}
            {read_aloud(locale)}
            {officer(inside, page)}
            {of_all.map(remarked)}
            {steps}
            {page.body.as_ref().map(passage)}
            {places(inside, page)}
            {sources(locale, &page.sources)}
            {checked(inside, page)}
        </article>
    }
    .into_any()
}

/// A step; where it was translated, with the words of the place's own language below.
fn step(step: &StepEntry, source_language: &str, remarked: bool) -> AnyView {
    let pictogram = step.pictogram.as_deref().map(icon);
    let (tag, dir) = (source_language.to_owned(), languages::dir(source_language));
    let source = step.source.clone().map(|text| view! { <p class="source" lang=tag dir=dir>{text}</p> });
    let text = if remarked { paragraphs(&step.text) } else { passage(&step.text) };
    view! { <li>{pictogram} <div>{text} {source}</div></li> }.into_any()
}

/// Says why there are two languages.
fn officer(inside: &Inside, page: &PageEntry) -> Option<AnyView> {
    let name = languages::name(&inside.edition.guide.source_language);
    let both = page.steps.iter().any(|step| step.source.is_some());
    both.then(|| {
        view! { <p class="quiet both">{icon("eye")} <span>{inside.locale.with("page.both", &[("language", name)])}</span></p> }
            .into_any()
    })
}

/// To the places that help with this, where the page has a category.
fn places(inside: &Inside, page: &PageEntry) -> Option<AnyView> {
    let code = page.category.as_deref().map(top)?;
    inside.edition.listed().any(|(_, place)| offers(place, code)).then_some(())?;
    let href = Route::category(&inside.guide, &inside.language, code).href();
    let (text, name) = (inside.locale.text("page.places"), inside.locale.under("category.", code));
    Some(view! { <p><a class="line" href=href>{icon(&format!("category.{code}"))} <span><span class="quiet">{text}</span> <br/> {name}</span> {icon("chevron")}</a></p> }.into_any())
}

fn sources(locale: &Locale, sources: &[SourceEntry]) -> Option<AnyView> {
    let items = each(sources.iter().map(source));
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

//! A place: can I go, when, how to reach it, what it offers, what to bring, and how sure this is.

use super::{Inside, notices};
use crate::components::{
    calls, each, ease, facts, icon, opening, opening_of, passage, phones, read_aloud, reads, said, sms, tel, way_in_words,
    way_to, week,
};
use crate::guide::use_site;
use crate::languages;
use crate::locale::Locale;
use crate::routes::Route;
use leptos::prelude::*;
use shared::edition::{PlaceEntry, ServiceEntry};
use shared::ids::RecordId;
use shared::order::sort_by_key;
use shared::saved;

mod address;
mod check;

pub fn page(inside: &Inside, record: RecordId, place: &PlaceEntry) -> AnyView {
    let locale = &inside.locale;
    view! {
        <article class="place">
            {header(inside, place)}
            <section>
                <h2>{locale.text("place.can_i_go")}</h2>
                {facts(&place.access)}
            </section>
            {actions(inside, record, place)}
            {notices::of_place(inside, place)}
            {place.description.as_ref().map(passage)}
            {ease(&place.access)}
            {categories(inside, place)}
            {services(inside, place)}
            <section>
                <h2>{locale.text("hours.title")}</h2>
                {week(place)}
            </section>
            {documents(locale, place)}
            {spoken(locale, place)}
            {address::section(inside, place)}
            {contact(locale, place)}
            {check::foot(inside, place)}
        </article>
    }
    .into_any()
}

/// Name, whether it is open, how full it is, how far.
fn header(inside: &Inside, place: &PlaceEntry) -> AnyView {
    let locale = &inside.locale;
    let organization = place.organization.as_ref().filter(|name| **name != place.name);
    let organization =
        organization.map(|name| view! { <p class="quiet">{locale.with("place.organization", &[("name", name)])}</p> });
    let alternate = place.alternate_name.clone().map(|name| view! { <p class="quiet"><bdi>{name}</bdi></p> });
    let way = way_to(place).map(|way| view! { <p class="way">{icon("walk")} <span>{way_in_words(locale, way)}</span></p> });
    view! {
        <header>
            <h1><bdi>{place.name.clone()}</bdi></h1>
            {alternate}
            {organization}
            <div class="now">{opening(place)} {saturation(locale, place)}</div>
            {way}
        </header>
    }
    .into_any()
}

fn categories(inside: &Inside, place: &PlaceEntry) -> AnyView {
    let mut codes: Vec<&str> = place.services.iter().filter_map(|service| service.category.as_deref()).collect();
    sort_by_key(&mut codes, |code| *code);
    codes.dedup();
    let links = codes.into_iter().map(|code| {
        let href = Route::category(&inside.guide, &inside.language, code).href();
        view! { <li><a class="chip" href=href>{icon(&format!("category.{code}"))} <span>{inside.locale.under("category.", code)}</span></a></li> }
    });
    view! { <ul class="chips of-place">{each(links)}</ul> }.into_any()
}

/// How full it is, while that is fresh: the page may stay open for longer.
fn saturation(locale: &Locale, place: &PlaceEntry) -> Option<AnyView> {
    let (now, until, level) = (use_site().now, place.saturation_until, place.saturation.clone()?);
    let text = locale.under("saturation.", &level);
    let said = move || {
        let (level, text) = (&level, text.clone());
        let holds = until.is_none_or(|until| now.get() < until);
        holds.then(|| view! { <p class=format!("saturation {level}")>{icon("people")} <span>{text}</span></p> }.into_any())
    };
    Some(said.into_any())
}

/// Call, write and route first.
fn actions(inside: &Inside, record: RecordId, place: &PlaceEntry) -> AnyView {
    let locale = inside.locale.clone();
    let call = place.phones.iter().find(|phone| calls(phone)).map(|phone| {
        let label = locale.with("place.call_number", &[("number", &phone.number)]);
        view! { <a class="button primary" href=tel(&phone.number) aria-label=label>{icon("call")} <span>{locale.text("place.call")}</span></a> }
    });
    let write = place.phones.iter().find(|phone| reads(phone)).map(|phone| {
        view! { <a class="button primary" href=sms(&phone.number)>{icon("message")} <span>{locale.text("channel.sms")}</span></a> }
    });
    let way = address::geo(place).map(|href| {
        view! { <a class="button primary" href=href>{icon("route")} <span>{locale.text("place.route")}</span></a> }
    });
    let share = Route::share(&inside.guide, &inside.language, record).href();
    view! {
        <div class="actions">
            {call} {write} {way}
            {save(&locale, record, place)}
            <a class="button" href=share>{icon("share")} <span>{locale.text("place.share")}</span></a>
            {read_aloud(&locale)}
        </div>
    }
    .into_any()
}

/// Saves the place on this phone, or takes it from what is saved. Until that can be done its room is
/// kept, so that nothing moves when it can.
fn save(locale: &Locale, record: RecordId, place: &PlaceEntry) -> impl IntoView + use<> {
    let (site, locale, name) = (use_site(), locale.clone(), place.name.clone());
    // What brings it back into its folder, where a second tap took it away.
    let back = StoredValue::new(None);
    move || {
        let save = site.hands.get().save.filter(|_| site.saved.with(|saved| saved != saved::NOT_READ));
        let saved = save.map(|_| site.saved.with(|saved| saved::holds(saved, record)));
        let name = name.clone();
        let tap = move |_| {
            if let (Some(save), Some(saved)) = (save, saved) {
                if saved {
                    back.set_value(Some(site.saved.with_untracked(|saved| saved::restore(saved, record))));
                }
                let put = || back.get_value().unwrap_or_else(|| saved::put(record, "", &name));
                save.run(if saved { saved::remove(record) } else { put() });
            }
        };
        let (icon_name, key) = if saved == Some(true) { ("check", "place.saved") } else { ("save", "place.save") };
        let text = locale.text(key);
        view! {
            <button type="button" class="button" aria-pressed=saved.map(|saved| saved.to_string()) on:click=tap>
                {icon(icon_name)} <span>{text}</span>
            </button>
        }
        .into_any()
    }
}

fn services(inside: &Inside, place: &PlaceEntry) -> Option<AnyView> {
    let locale = &inside.locale;
    let told = |service: &&ServiceEntry| {
        service.name.is_some()
            || service.description.is_some()
            || service.alert.is_some()
            || service.application_process.is_some()
    };
    let services: Vec<AnyView> =
        place.services.iter().filter(told).map(|one| service(locale, one, place.temporarily_closed)).collect();
    (!services.is_empty()).then(|| view! { <section><h2>{locale.text("place.services")}</h2> {services}</section> }.into_any())
}

fn service(locale: &Locale, service: &ServiceEntry, shut: bool) -> AnyView {
    let category = service.category.clone().unwrap_or_default();
    let name = match &service.name {
        Some(name) => said(name),
        None => locale.under("category.", &category).into_any(),
    };
    let alert =
        service.alert.as_ref().map(|words| view! { <div class="alert">{icon("warning")} <div>{passage(words)}</div></div> });
    let hours = service.hours.as_ref().map(|hours| view! { <h4>{locale.text("service.hours")}</h4> {opening_of(hours, shut)} });
    let part = |key: &str, words: &Option<shared::edition::Words>| {
        words.as_ref().map(|words| view! { <h4>{locale.text(key)}</h4> {passage(words)} })
    };
    view! {
        <section class="service">
            <h3>{icon(&format!("category.{category}"))} <span>{name}</span></h3>
            {alert}
            {service.description.as_ref().map(passage)}
            {hours}
            {part("service.who", &service.eligibility_description)}
            {part("service.apply", &service.application_process)}
            {part("service.fees", &service.fees_description)}
        </section>
    }
    .into_any()
}

fn documents(locale: &Locale, place: &PlaceEntry) -> Option<AnyView> {
    let item = |(code, need): (&String, &String)| {
        let need = if need == "required" { locale.text("place.required") } else { locale.text("place.helpful") };
        view! { <li>{icon("paper")} <span>{locale.under("document.", code)}</span> <span class="quiet">{need}</span></li> }
    };
    let items = each(place.access.documents.iter().map(item));
    (!place.access.documents.is_empty())
        .then(|| view! { <section><h2>{locale.text("place.documents")}</h2> <ul class="plain">{items}</ul></section> }.into_any())
}

fn spoken(locale: &Locale, place: &PlaceEntry) -> Option<AnyView> {
    let item = |(tag, how): (&String, &String)| {
        let (lang, dir, name) = (tag.clone(), languages::dir(tag), languages::name(tag).to_owned());
        let how = (how != "native").then(|| view! { <span class="quiet">{locale.under("spoken.", how)}</span> });
        view! { <li><span lang=lang dir=dir>{name}</span> {how}</li> }
    };
    let items = each(place.access.languages.iter().map(item));
    (!place.access.languages.is_empty()).then(|| {
        view! { <section><h2>{locale.text("place.languages")}</h2> <ul class="spoken">{items}</ul></section> }.into_any()
    })
}

fn contact(locale: &Locale, place: &PlaceEntry) -> Option<AnyView> {
    let numbers = place.phones.iter().any(|phone| !phone.number.is_empty()).then(|| phones(&place.phones));
    let email = place.email.clone().map(|email| {
        view! { <li><a class="line" href=format!("mailto:{email}")>{icon("mail")} <bdi dir="ltr">{email.clone()}</bdi></a></li> }
    });
    let web = place.url.clone().filter(|url| is_web(url)).map(|url| {
        view! { <li><a class="line" href=url.clone() rel="noreferrer">{icon("web")} <span>{locale.text("place.website")}</span> <bdi dir="ltr" class="quiet">{host(&url)}</bdi></a></li> }
    });
    (numbers.is_some() || email.is_some() || web.is_some()).then(|| {
        view! { <section><h2>{locale.text("place.contact")}</h2> {numbers} <ul class="links">{email} {web}</ul></section> }
            .into_any()
    })
}

/// Only these become links: another scheme could run a script.
pub(super) fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// The host of an address of the web.
pub(super) fn host(url: &str) -> String {
    let host = url.split(['/', '?', '#']).nth(2).unwrap_or(url);
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}
